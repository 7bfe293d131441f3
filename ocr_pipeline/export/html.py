"""Tables as HTML with real spans, and the document as one self-contained page. Every text is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from ocr_pipeline.document import (
    Block,
    Cell,
    CellRole,
    Document,
    Figure,
    Page,
    PageStatus,
    ReviewItem,
    Role,
    Seal,
    Table,
)
from ocr_pipeline.export.flow import Shown, reading_flow, with_figures
from ocr_pipeline.export.grid import Slot, head_rows, slots_by_row
from ocr_pipeline.export.json import well_formed
from ocr_pipeline.export.reasons import cell_reason, filing_lines
from ocr_pipeline.export.style import PAGE_CSS
from ocr_pipeline.wording import at_cell

_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f]")
_TAGS = {Role.TITLE: "h1", Role.HEADING: "h2", Role.TABLE_TITLE: "h3"}


def table_html(table: Table) -> str:
    """The table as an HTML table: rowspan and colspan as printed, head rows in thead, header cells as th.

    Each cell carries data-page and, where there is a doubt, data-flags and class "flagged"; a hole is an empty cell
    of class "hole". There are no blank lines in it, so that it can stand inside Markdown. Raises ValueError when
    cells overlap.
    """
    rows = slots_by_row(table)
    depth = head_rows(table)
    pages = " ".join(str(part.page) for part in table.parts)
    parts = [f'<table data-table="{_attribute(table.id)}" data-pages="{pages}">']
    if table.title:
        parts.append(f"<caption>{html_text(table.title)}</caption>")
    parts += _row_group("thead", rows[:depth])
    parts += _row_group("tbody", rows[depth:])
    parts.append("</table>")
    return "\n".join(parts) + "\n"


def document_html(document: Document) -> str:
    """The document as one HTML page that needs nothing else: no script, no outside file, doubts marked."""
    title = document.filing.title or "Document"
    body = [*_filing(document)]
    for page, items in reading_flow(document):
        body.append(_page_open(page))
        body += [_item(item) for item in with_figures(page, items)]
        body += [_seal(seal) for seal in page.seals] if page else []
        body.append("</section>")
    body += [*_broken_checks(document), *_review(document)]
    return _HEAD.format(title=html_text(title), css=PAGE_CSS) + "\n".join(body) + "\n</main>\n</body>\n</html>\n"


def html_text(text: str) -> str:
    """The text escaped for HTML, line ends as <br>, control characters left out."""
    clean = _CONTROL.sub("", well_formed(text))
    return "<br>".join(escape(line) for line in clean.splitlines())


def _attribute(text: str) -> str:
    return escape(" ".join(_CONTROL.sub("", well_formed(text)).split()))


_HEAD = """<!DOCTYPE html>
<html lang="zh-Hans">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
{css}</style>
</head>
<body>
<main>
"""


def _row_group(tag: str, rows: list[list[Slot]]) -> Iterable[str]:
    if not rows:
        return
    yield f"<{tag}>"
    for row in rows:
        yield "<tr>" + "".join(_slot(slot) for slot in row) + "</tr>"
    yield f"</{tag}>"


def _slot(slot: Slot) -> str:
    if slot.cell is None:
        return '<td class="hole"></td>'
    cell = slot.cell
    spans = f' rowspan="{cell.row_span}"' * (cell.row_span > 1) + f' colspan="{cell.col_span}"' * (cell.col_span > 1)
    tag, scope = _tag(cell)
    return f'<{tag}{scope}{spans} data-page="{cell.page}"{_doubt(cell)}>{html_text(cell.text)}</{tag}>'


def _tag(cell: Cell) -> tuple[str, str]:
    scopes = {
        CellRole.COLUMN_HEADER: ' scope="colgroup"' if cell.col_span > 1 else ' scope="col"',
        CellRole.ROW_HEADER: ' scope="rowgroup"' if cell.row_span > 1 else ' scope="row"',
        CellRole.STUB_HEAD: "",
        CellRole.SECTION: ' class="section"' if not cell.flags else "",
    }
    return ("th", scopes[cell.role]) if cell.role in scopes else ("td", "")


def _doubt(cell: Cell) -> str:
    if not cell.flags:
        return ""
    reason = cell_reason(cell).replace("\n", "; ")
    return f' data-flags="{_flags(cell.flags)}" class="flagged" title="{_attribute(reason)}"'


def _flags(flags: Iterable[str]) -> str:
    return _attribute(" ".join(str(flag) for flag in flags))


def _table(table: Table) -> str:
    return f'<div class="table">\n{table_html(table)}</div>'


def _item(item: Shown) -> str:
    if isinstance(item, Figure):
        # A link, as the page shows nothing that is not in it.
        return f'<p class="figure"><a href="{_attribute(item.file)}">{html_text(item.file)}</a></p>'
    return _table(item) if isinstance(item, Table) else _block(item)


def _block(block: Block) -> str:
    tag = _TAGS.get(block.role, "p")
    flagged = f' data-flags="{_flags(block.flags)}"' if block.flags else ""
    mark = " flagged" if block.flags else ""
    return f'<{tag} class="{block.role.value}{mark}"{flagged}>{html_text(block.text)}</{tag}>'


def _seal(seal: Seal) -> str:
    return f'<p class="seal">{html_text(seal.text) or "seal"}</p>' if seal.text or seal.shape else ""


def _page_open(page: Page | None) -> str:
    if page is None:
        return '<section class="page">'
    said = "This page could not be read. " if page.status is PageStatus.FAILED else ""
    notice = f'<p class="failed">{said}{html_text(page.message)}</p>' if said or page.message else ""
    return (
        f'<section class="page" data-page="{page.index}">\n<div class="page-mark">Page {page.index + 1}</div>{notice}'
    )


def _filing(document: Document) -> Iterable[str]:
    lines = filing_lines(document)
    if not lines:
        return
    yield '<aside class="filing"><dl>'
    for name, value in lines:
        yield f"<dt>{html_text(name)}</dt><dd>{html_text(value)}</dd>"
    yield "</dl></aside>"


def _broken_checks(document: Document) -> Iterable[str]:
    broken = [(table, check) for table in document.tables for check in table.checks if not check.ok]
    if not broken:
        return
    yield "<section class='review'><h2>Sums that do not agree</h2><ul>"
    for table, check in broken:
        sums = f"{html_text(check.expected)} expected, {html_text(check.found)} found"
        yield f"<li><b>{html_text(table.id)}</b> {html_text(check.rule)}: {sums}</li>"
    yield "</ul></section>"


def _place(item: ReviewItem) -> str:
    page = f"page {item.page + 1}"
    if item.table is None or item.row is None or item.col is None:
        return page
    return f"{item.table} {at_cell(item.row, item.col)}, {page}"


def _review(document: Document) -> Iterable[str]:
    if not document.review:
        return
    yield "<section class='review'><h2>To look at</h2><ol>"
    for item in document.review:
        text = f" <q>{html_text(item.text)}</q>" if item.text else ""
        where = f"<b>{html_text(item.kind)}</b> {html_text(_place(item))}:"
        yield f"<li>{where}{text} {html_text(item.reason)}</li>"
    yield "</ol></section>"
