"""The tables as a workbook: one sheet a table, and sheets for the filing, the checks and the review."""

from __future__ import annotations

import io
import re
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.xml.constants import ARC_CORE
from openpyxl.xml.functions import tostring

from ocr_pipeline.document import Cell, CellRole, Document, Flag, ReviewItem, Table
from ocr_pipeline.export.atomic import write_atomic
from ocr_pipeline.export.csv import FORMULA_STARTS
from ocr_pipeline.export.fixedzip import restamped
from ocr_pipeline.export.grid import head_rows, owner_grid
from ocr_pipeline.export.json import TABLE_ID, well_formed
from ocr_pipeline.export.links import Link, PageLink, cell_place, linked_cells, links_in, no_link, page_place
from ocr_pipeline.export.numbers import plain_number
from ocr_pipeline.export.reasons import cell_reason, filing_lines
from ocr_pipeline.export.sheetlayout import (
    column_widths,
    height_of,
    lines_of,
    row_heights,
    set_print,
    set_sizes,
    width_of,
)

MAX_SHEET_NAME = 31
MAX_TEXT = 32_767
_WRITTEN = datetime(2000, 1, 1)
"""Stands for the time of writing, which would make every file differ."""
MAX_TEXT_FORMAT = 255
"""Excel shows a longer text as ##### when the cell's format is text."""
_NARROWEST, _WIDEST = 8, 74
"""Column widths of the lists, in characters; a SHA-256 stands on one line."""
_BAD_NAME = re.compile(r"[\[\]:*?/\\'\x00-\x1f\x7f\ufffe\uffff]")

_THIN = Side(style="thin", color="FFB4BAC4")
_BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_BOLD = Font(name="Calibri", size=11, bold=True)  # without a name and a size it is another font than the rest
_LINK = Font(name="Calibri", size=11, color="FF1F4E9E")
_LINK_BOLD = Font(name="Calibri", size=11, bold=True, color="FF1F4E9E")
_HEAD_FILL = PatternFill("solid", fgColor="FFF3F5F8")
_DOUBT_FILL = PatternFill("solid", fgColor="FFFFE699")
_ALARM_FILL = PatternFill("solid", fgColor="FFF8B4A6")
_CENTRED = Alignment(horizontal="center", vertical="center", wrap_text=True)
_BESIDE = Alignment(vertical="center", wrap_text=True)
_LISTED = Alignment(horizontal="left", vertical="top", wrap_text=True)
BROKEN = "broken"
"""How the list of checks names one that does not hold."""
_ALARMING = {Flag.RULE_BROKEN, Flag.UNREAD_INK, Flag.REPAIRED}


def write_xlsx(document: Document, path: Path) -> None:
    """Write the workbook in one piece, with links to the review page beside it, if there is one.

    Raises OutputError naming the path, ValueError when cells overlap.
    """
    write_atomic(path, xlsx_bytes(document, links_in(path.parent)))


def xlsx_bytes(document: Document, link: PageLink = no_link) -> bytes:
    """The workbook as a file's content. link: where a cell's page is to be seen. Raises ValueError when cells
    overlap."""
    book = Workbook()
    book.remove(book.active)
    _listing(book, "Document", ["", ""], _about(document))
    for table in document.tables:
        _table_sheet(book, table, link)
    checks = [
        [table.id, check.rule, "ok" if check.ok else BROKEN, check.expected, check.found, _places(check.cells)]
        for table in document.tables
        for check in table.checks
    ]
    _listing(book, "Checks", ["Table", "Rule", "Result", "Expected", "Found", "Cells"], checks)
    head = ["Kind", "Severity", "Reason", "Page", "Table", "Cell", "Text", "Flags"]
    _listing(book, "Review", head, _review(document))
    for row, item in enumerate(document.review, start=2):
        _link(book["Review"].cell(row, head.index("Page") + 1), link(item.page, _place_of(item)))
    return _saved(book)


def _saved(book: Workbook) -> bytes:
    """The workbook's bytes without the times of writing, so that the same document makes the same file."""
    stream = io.BytesIO()
    book.save(stream)
    book.properties.creator = "ocr-pipeline"
    book.properties.created = book.properties.modified = _WRITTEN
    return restamped(stream.getvalue(), {ARC_CORE: tostring(book.properties.to_tree())})


def sheet_name(table: Table) -> str:
    """`<id> <title>` without what a sheet name must not hold, at most 31 UTF-16 units; the id makes it unique."""
    name = " ".join(_BAD_NAME.sub(" ", well_formed(f"{table.id} {table.title}")).split())
    while len(name.encode("utf-16-le")) > 2 * MAX_SHEET_NAME:
        name = name[:-1]
    return name.strip()


# --- a table -----------------------------------------------------------------------------------------------------


def _table_sheet(book: Workbook, table: Table, link: PageLink) -> None:
    sheet = book.create_sheet(sheet_name(table))
    for r, row in enumerate(owner_grid(table)):
        for c, owner in enumerate(row):
            if owner is not None:
                sheet.cell(r + 1, c + 1).border = _BORDER  # every position, or a merged cell lacks its far edges
    for cell in table.cells:
        _fill(sheet, cell)
    depth = head_rows(table)
    if depth:
        sheet.freeze_panes = sheet.cell(depth + 1, 1)
    widths = column_widths(table)
    for cell in linked_cells(table, widths):
        _link(sheet.cell(cell.row + 1, cell.col + 1), link(cell.page, cell_place(table.id, cell.row, cell.col)))
    set_sizes(sheet, widths, row_heights(table, widths))
    set_print(sheet, widths, depth)


def _fill(sheet: Any, cell: Cell) -> None:
    target = sheet.cell(cell.row + 1, cell.col + 1)
    _set(target, cell.text)
    header = cell.role is not CellRole.DATA
    # The names of rows are read along their left edge; a name beside several rows stands in their middle.
    centred = header and (cell.role is not CellRole.ROW_HEADER or cell.row_span > 1)
    target.alignment = _CENTRED if centred else _BESIDE
    if header:
        target.font = _BOLD
        target.fill = _HEAD_FILL
    if cell.flags:
        target.fill = _ALARM_FILL if _ALARMING.intersection(cell.flags) else _DOUBT_FILL
        target.comment = Comment(_text(cell_reason(cell)), "ocr-pipeline", height=120, width=280)
    if cell.row_span > 1 or cell.col_span > 1:
        last_row, last_col = cell.row + cell.row_span, cell.col + cell.col_span
        sheet.merge_cells(start_row=cell.row + 1, start_column=cell.col + 1, end_row=last_row, end_column=last_col)


def _link(target: Any, found: Link | None) -> None:
    """A click on the cell opens its page; its value stays, a text turns blue."""
    if found is not None:
        target.hyperlink = Hyperlink(ref="", target=found.target, location=found.location, tooltip=found.said)
        if target.data_type == "s":
            target.font = _LINK_BOLD if target.font.bold else _LINK


def _set(target: Any, text: str) -> None:
    """A number only where the sheet will show exactly what was printed, otherwise a text that is never a formula."""
    number = plain_number(text)
    if number is not None:
        target.value = number.value
        target.number_format = number.number_format
    elif text:
        clean = _text(text)
        target.value = clean
        target.data_type = "s"
        if len(clean) <= MAX_TEXT_FORMAT:
            target.number_format = "@"
        # Keeps it a text when somebody edits the cell and presses Enter.
        target.quotePrefix = clean.startswith(tuple(FORMULA_STARTS))


def _text(text: str) -> str:
    clean: str = ILLEGAL_CHARACTERS_RE.sub("", "\n".join(well_formed(text).splitlines()))
    return clean[:MAX_TEXT]


# --- the other sheets --------------------------------------------------------------------------------------------


def _listing(book: Workbook, name: str, head: list[str], rows: list[list[str]]) -> None:
    sheet = book.create_sheet(name)
    titled = any(head)
    lines = [head, *rows] if titled else rows
    for r, row in enumerate(lines, start=1):
        for c, text in enumerate(row, start=1):
            target = sheet.cell(r, c)
            _set(target, text)
            target.alignment = _LISTED
            if (titled and r == 1) or (not titled and c == 1):
                target.font = _BOLD
            if text == BROKEN:
                target.fill = _ALARM_FILL
    if titled:
        sheet.freeze_panes = "A2"
    widths = [float(min(_WIDEST, max(_NARROWEST, *(width_of(row[c]) for row in lines)))) for c in range(len(head))]
    heights = [height_of(max(lines_of(text, widths[c]) for c, text in enumerate(row))) for row in lines]
    set_sizes(sheet, widths, heights)
    set_print(sheet, widths, head=int(titled))


def _about(document: Document) -> list[list[str]]:
    source = document.source
    lines = [list(line) for line in filing_lines(document)]
    lines += [["File", source.path], ["SHA-256", source.sha256], ["Pages", str(source.pages)]]
    lines += [["Status", document.status.value], ["To look at", str(len(document.review))]]
    return lines + [[table.id, table.title] for table in document.tables]


def _review(document: Document) -> list[list[str]]:
    return [
        [
            item.kind,
            f"{item.severity:.2f}",
            item.reason,
            str(item.page + 1),
            item.table or "",
            "" if item.row is None or item.col is None else _places([(item.row, item.col)]),
            item.text,
            " ".join(flag.value for flag in item.flags),
        ]
        for item in document.review
    ]


def _place_of(item: ReviewItem) -> str:
    if item.table is None or item.row is None or item.col is None or not TABLE_ID.fullmatch(item.table):
        return page_place(item.page)
    return cell_place(item.table, item.row, item.col)


def _places(cells: Any) -> str:
    return " ".join(f"{get_column_letter(col + 1)}{row + 1}" for row, col in cells)
