"""Corrections made by a person: their file, and putting them into a document.

The file, `corrections.json`, version `ocr-pipeline-corrections/1`:

    schema        "ocr-pipeline-corrections/1"
    source        {sha256}  of the scan the readings came from
    done          true when the person said that the whole document was looked at
    corrections[] {table, row, col, text, raw?} for a cell, {page, block, text, raw?} for a block of text

A correction whose text equals the reading confirms it. `raw` is the reading the person saw; when it is given and is
not the document's, the file was made for another reading of the scan and is refused.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from ocr_pipeline.document import Block, Cell, Document, Flag, Page, ReviewItem, Table
from ocr_pipeline.errors import ExitCode, PipelineError
from ocr_pipeline.review.formula import recheck_after
from ocr_pipeline.wording import at_cell

CORRECTIONS_SCHEMA = "ocr-pipeline-corrections/1"
MAX_TEXT = 20_000
"""Characters in one correction; a printed page holds fewer than 2,000."""

Recheck = Callable[[Document], Document]
"""Does the arithmetic of a corrected document again: checks, their flags and the review list."""


class CorrectionsError(PipelineError):
    """The corrections do not fit: damaged file, another document's, or a cell that is not there."""

    exit_code = ExitCode.INPUT_FILE
    remedy = "Open the document's own review.html and save the corrections again."


@dataclass(frozen=True, slots=True)
class CellCorrection:
    """The right text of the cell whose first row and column (0-based) are given."""

    table: str
    row: int
    col: int
    text: str
    raw: str | None = None


@dataclass(frozen=True, slots=True)
class BlockCorrection:
    """The right text of a block: page is the page's index, block its place in the page's list (0-based)."""

    page: int
    block: int
    text: str
    raw: str | None = None


@dataclass(frozen=True, slots=True)
class Corrections:
    """A corrections file. sha256: of the scan; done: the person has finished with this document."""

    sha256: str
    cells: tuple[CellCorrection, ...] = ()
    blocks: tuple[BlockCorrection, ...] = ()
    done: bool = False


def parse_corrections(text: str | bytes, name: str = "corrections.json") -> Corrections:
    """Corrections from the text of their file; name is used in messages. CorrectionsError when it is damaged."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise CorrectionsError(f"{name} is not a corrections file: it is not JSON.") from error
    if not isinstance(data, dict) or data.get("schema") != CORRECTIONS_SCHEMA:
        raise CorrectionsError(f"{name} is not a corrections file of version {CORRECTIONS_SCHEMA}.")
    source, entries, done = data.get("source"), data.get("corrections"), data.get("done", False)
    sha256 = source.get("sha256") if isinstance(source, dict) else None
    if not isinstance(sha256, str) or not isinstance(entries, list) or not isinstance(done, bool):
        raise CorrectionsError(f"{name} is damaged: source.sha256, done or the list of corrections is missing.")
    items = [_entry(entry, f"{name}, correction {number}") for number, entry in enumerate(entries, start=1)]
    cells = tuple(item for item in items if isinstance(item, CellCorrection))
    blocks = tuple(item for item in items if isinstance(item, BlockCorrection))
    return Corrections(sha256, cells, blocks, done)


def read_corrections(path: Path) -> Corrections:
    """Corrections from a file. CorrectionsError when it cannot be read or is not well formed."""
    try:
        text = path.read_bytes()
    except OSError as error:
        raise CorrectionsError(
            f"{path} cannot be read: {error.strerror}.", "Give the file that the page saved."
        ) from error
    return parse_corrections(text, str(path))


def corrections_json(corrections: Corrections) -> str:
    """The text of a corrections file."""
    entries = [*map(asdict, corrections.cells), *map(asdict, corrections.blocks)]
    for entry in entries:
        if entry["raw"] is None:
            del entry["raw"]
    data = {
        "schema": CORRECTIONS_SCHEMA,
        "source": {"sha256": corrections.sha256},
        "done": corrections.done,
        "corrections": entries,
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def apply_corrections(document: Document, corrections: Corrections, recheck: Recheck | None = None) -> Document:
    """The document with the corrected texts in place, a person's and marked `corrected`, and its arithmetic done again.

    recheck does the arithmetic; without it the checks whose formula shows in their record are done again and the
    others stay as they were. CorrectionsError when the corrections are another document's or name unknown places.
    """
    if corrections.sha256 != document.source.sha256:
        raise CorrectionsError(
            f"These corrections belong to another scan (SHA-256 {corrections.sha256[:12]}..., "
            f"the document's is {document.source.sha256[:12]}...)."
        )
    tables = _correct_tables(document.tables, corrections.cells)
    pages = _correct_pages(document.pages, corrections.blocks)
    corrected = replace(document, tables=tables, pages=pages)
    corrected = recheck(corrected) if recheck else _recheck_by_formula(document, corrected)
    return replace(corrected, review=tuple(item for item in corrected.review if not _settled(corrected, item)))


def _entry(entry: object, where: str) -> CellCorrection | BlockCorrection:
    if not isinstance(entry, dict):
        raise CorrectionsError(f"{where}: not an object.")
    text, raw = entry.get("text"), entry.get("raw")
    if not isinstance(text, str) or not isinstance(raw, str | None):
        raise CorrectionsError(f"{where}: text and raw must be strings.")
    if len(text) > MAX_TEXT:
        raise CorrectionsError(f"{where}: the text is longer than {MAX_TEXT} characters.")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise CorrectionsError(f"{where}: the text holds half a character.") from error
    if "table" in entry:
        if not isinstance(entry["table"], str):
            raise CorrectionsError(f"{where}: table must be a table's id.")
        return CellCorrection(entry["table"], _index(entry, "row", where), _index(entry, "col", where), text, raw)
    return BlockCorrection(_index(entry, "page", where), _index(entry, "block", where), text, raw)


def _index(entry: dict[str, object], key: str, where: str) -> int:
    value = entry.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise CorrectionsError(f"{where}: {key} must be a number from 0.")
    return value


def _correct_tables(tables: tuple[Table, ...], corrections: tuple[CellCorrection, ...]) -> tuple[Table, ...]:
    wanted = {(item.table, item.row, item.col): item for item in corrections}
    known = {(table.id, cell.row, cell.col) for table in tables for cell in table.cells}
    for table_id, row, col in wanted.keys() - known:
        where = f"{at_cell(row, col)} (counted from 1) of table {table_id!r}"
        raise CorrectionsError(f"There is no cell at {where} in this document.")
    return tuple(
        replace(
            table, cells=tuple(_correct_cell(cell, wanted.get((table.id, cell.row, cell.col))) for cell in table.cells)
        )
        for table in tables
    )


def _correct_cell(cell: Cell, correction: CellCorrection | None) -> Cell:
    if correction is None:
        return cell
    _require_same_reading(cell.raw, correction.raw, f"the cell at {at_cell(cell.row, cell.col)} (counted from 1)")
    changed = correction.text != cell.text
    value, unit = (None, None) if changed else (cell.value, cell.unit)
    said = replace(cell, text=correction.text, flags=(Flag.CORRECTED,), value=value, unit=unit)
    return replace(said, note=None, by_person=True)  # the note was on the reading


def _correct_pages(pages: tuple[Page, ...], corrections: tuple[BlockCorrection, ...]) -> tuple[Page, ...]:
    wanted = {(item.page, item.block): item for item in corrections}
    known = {(page.index, number) for page in pages for number in range(len(page.blocks))}
    for page_index, number in wanted.keys() - known:
        where = f"block {number + 1} on page {page_index + 1} (counted from 1)"
        raise CorrectionsError(f"There is no {where} of this document.")
    return tuple(
        replace(page, blocks=tuple(_correct_block(b, wanted.get((page.index, n))) for n, b in enumerate(page.blocks)))
        for page in pages
    )


def _correct_block(block: Block, correction: BlockCorrection | None) -> Block:
    if correction is None:
        return block
    _require_same_reading(block.raw, correction.raw, f"the block {block.text[:12]!r}")
    lines = block.lines
    if len(lines) == 1:  # of several lines nobody knows which one the correction touches: they keep their reading
        lines = (replace(lines[0], text=correction.text, flags=(Flag.CORRECTED,)),)
    return replace(block, text=correction.text, flags=(Flag.CORRECTED,), lines=lines, by_person=True)


def _require_same_reading(raw: str, seen: str | None, where: str) -> None:
    if seen is not None and seen != raw:
        raise CorrectionsError(
            f"These corrections were made on another reading of this scan: {where} read {seen!r} then."
        )


def _recheck_by_formula(before: Document, after: Document) -> Document:
    tables = (recheck_after(old, new) for old, new in zip(before.tables, after.tables, strict=True))
    return replace(after, tables=tuple(_reflag(old, new) for old, new in zip(before.tables, tables, strict=True)))


def _reflag(before: Table, after: Table) -> Table:
    """Takes rule_broken from cells whose checks all hold now, gives it to those of checks that broke just now.

    A person's cell gets no new flag: they have vouched for it, so the printed sum itself is wrong."""
    named = {place for check in after.checks for place in check.cells}
    broken = {place for check in after.checks if not check.ok for place in check.cells}
    broke_now = {
        place
        for old, new in zip(before.checks, after.checks, strict=True)
        if old.ok and not new.ok
        for place in new.cells
    }

    def reflag(cell: Cell) -> Cell:
        places = {
            (row, col)
            for row in range(cell.row, cell.row + cell.row_span)
            for col in range(cell.col, cell.col + cell.col_span)
        }
        if places & named and not places & broken:
            return replace(cell, flags=tuple(flag for flag in cell.flags if flag is not Flag.RULE_BROKEN))
        if places & broke_now:
            return cell.flagged(Flag.RULE_BROKEN)
        return cell

    return replace(after, cells=tuple(reflag(cell) for cell in after.cells))


def _settled(document: Document, item: ReviewItem) -> bool:
    """Whether a point of the review list needs no look any more: a person spoke of its place, or its checks hold."""
    if item.kind == "block":
        blocks = [b for page in document.pages if page.index == item.page for b in page.blocks if b.box == item.box]
        return bool(blocks) and all(block.by_person for block in blocks)
    table = next((table for table in document.tables if table.id == item.table), None)
    if table is None or item.kind not in ("cell", "check"):
        return False
    cell = table.cell_at(item.row, item.col) if item.row is not None and item.col is not None else None
    if item.kind == "cell":
        return cell is not None and (cell.by_person or (bool(item.flags) and not cell.flags))
    named = [check for check in table.checks if check.rule in (item.text, item.reason)]
    if cell is not None:
        named = [check for check in named or table.checks if (item.row, item.col) in check.cells]
    return bool(named) and all(check.ok for check in named)
