"""What a person should look at, worst first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ocr_pipeline.document import (
    Block,
    Cell,
    CellRole,
    Check,
    Document,
    Flag,
    Page,
    PageStatus,
    ReviewItem,
    Seal,
    Table,
)  # fmt: skip
from ocr_pipeline.reports.unfound import unfound_tables

_SEVERITY = {
    Flag.UNREAD_INK: 0.95,
    Flag.RULE_BROKEN: 0.85,
    Flag.UNPARSED_NUMBER: 0.8,
    Flag.LOW_SCORE: 0.6,
    Flag.UNDER_SEAL: 0.45,
    Flag.REPAIRED: 0.4,
    Flag.CORRECTED: 0.3,
    Flag.INVENTED_EDGE: 0.2,
}
"""In the order in which they cost an analyst a wrong number: what was not read at all, what contradicts itself, what
is no number, what was read with doubt, what was mended."""

_REASON = {
    Flag.UNREAD_INK: "there is ink here that was not read",
    Flag.RULE_BROKEN: "a sum or the shape of the form does not fit",
    Flag.UNPARSED_NUMBER: "no number, in a column of numbers",
    Flag.LOW_SCORE: "read with doubt",
    Flag.UNDER_SEAL: "under a seal",
    Flag.REPAIRED: "read again because of a sum",
    Flag.CORRECTED: "put right by what may stand there",
    Flag.INVENTED_EDGE: "a border of this cell is not printed",
}
_CHECK_SEVERITY = 0.9
_SEAL_SEVERITY = 0.1
_PAGE_SEVERITY = 1.0
_UNFOUND_SEVERITY = 0.97
_UNFOUND = "rows of numbers stand here, but no table was found: they were read as running text"
_LABEL_WEIGHT = 0.5
"""A misread label is seen by whoever reads it; a misread number is believed."""
_TEXT_WEIGHT = 0.3


def build_review(document: Document, missing_tables: Iterable[str] = ()) -> tuple[ReviewItem, ...]:
    """Failed pages, tables read as text, broken checks, flagged cells, blocks and seals with a doubt; worst first, then
    by place.

    missing_tables: titles of tables that the form has and the document has not."""
    items = [
        *(
            ReviewItem("check", _CHECK_SEVERITY, f"table {title}: expected there, found not", 0)
            for title in missing_tables
        ),
        *_pages(document.pages),
        *(item for table in document.tables for item in _table_items(table)),
        *(item for page in document.pages for item in _blocks(page)),
    ]
    return tuple(sorted(items, key=_order))


def _order(item: ReviewItem) -> tuple[float, int, str, int, int, float]:
    top = item.box.y0 if item.box else 0.0
    return (-item.severity, item.page, item.table or "", item.row or 0, item.col or 0, top)


def _pages(pages: Iterable[Page]) -> Iterator[ReviewItem]:
    for page in pages:
        if page.status is PageStatus.FAILED:
            reason = page.message or "the page could not be read"
            yield ReviewItem("page", _PAGE_SEVERITY, reason, page.index)
        for box in unfound_tables(page):
            yield ReviewItem("page", _UNFOUND_SEVERITY, _UNFOUND, page.index, box)


def _table_items(table: Table) -> Iterator[ReviewItem]:
    for check in table.checks:
        if not check.ok:
            yield _of_check(table, check)
    for cell in table.cells:
        if cell.flags and not cell.by_person:
            yield _of_cell(table, cell)


def _of_check(table: Table, check: Check) -> ReviewItem:
    """A broken rule, placed at its first cell."""
    first = table.cell_at(*check.cells[0]) if check.cells else None
    reason = f"{check.rule}: expected {check.expected}, found {check.found}"
    page = first.page if first else (table.parts[0].page if table.parts else 0)
    row, col = check.cells[0] if check.cells else (None, None)
    return ReviewItem("check", _CHECK_SEVERITY, reason, page, first.box if first else None, table.id, row, col)


def _of_cell(table: Table, cell: Cell) -> ReviewItem:
    worst = max(cell.flags, key=lambda flag: _SEVERITY[flag])
    # Of two cells with the same flag the one read with less certainty comes first.
    severity = _SEVERITY[worst] + 0.04 * (1.0 - min(1.0, max(0.0, cell.score)))
    severity *= 1.0 if cell.role is CellRole.DATA else _LABEL_WEIGHT
    reason = "; ".join(_REASON[flag] for flag in sorted(cell.flags, key=lambda flag: -_SEVERITY[flag]))
    reason = f"{reason} ({cell.note})" if cell.note else reason
    return ReviewItem(
        "cell", severity, reason, cell.page, cell.box, table.id, cell.row, cell.col, cell.text, cell.flags
    )


def _blocks(page: Page) -> Iterator[ReviewItem]:
    for block in page.blocks:
        if block.flags and not block.by_person:
            yield _of_block(page, block)
    for seal in page.seals:
        if not seal.text or Flag.LOW_SCORE in seal.flags:
            yield _of_seal(page, seal)


def _of_block(page: Page, block: Block) -> ReviewItem:
    worst = max(block.flags, key=lambda flag: _SEVERITY[flag])
    reason = "; ".join(_REASON[flag] for flag in sorted(block.flags, key=lambda flag: -_SEVERITY[flag]))
    severity = _SEVERITY[worst] * _TEXT_WEIGHT
    return ReviewItem("block", severity, reason, page.index, block.box, text=block.text, flags=block.flags)


def _of_seal(page: Page, seal: Seal) -> ReviewItem:
    """What a stamp says is in no sum, and who presses it is in the signature beside it."""
    reason = "the text of this seal was read with doubt" if seal.text else "the text of this seal was not read"
    return ReviewItem("seal", _SEAL_SEVERITY, reason, page.index, seal.box, text=seal.text, flags=seal.flags)
