"""How wide a sheet's columns and how high its rows are, so that every text can be read, on screen and on paper.

A spreadsheet fits the height of a row to its texts by itself, but never to those of merged cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import Any

from openpyxl.utils import get_column_letter

from ocr_pipeline.document import Table
from ocr_pipeline.export.width import text_width

_NARROWEST, _WIDEST = 6, 42
"""Column widths in characters: a three-digit count is easy to hit, and a long heading wraps."""
_LINE = 16.0
"""Points a printed line takes at the usual 11 points, Chinese fallback fonts included."""
_HIGHEST = 409.0
"""Points; a spreadsheet knows no higher row."""
_SLACK = 1.1
"""A bold or Chinese character is a little wider than the digits that widths are counted in."""
_PORTRAIT = 95
"""A sheet of more characters across is printed on its side."""


def column_widths(table: Table) -> list[float]:
    """In characters, by the texts that stand in one column alone."""
    widths = [float(_NARROWEST)] * table.cols
    for cell in table.cells:
        if cell.col_span == 1:
            widths[cell.col] = max(widths[cell.col], min(_WIDEST, width_of(cell.text)))
    return widths


def row_heights(table: Table, widths: Sequence[float]) -> list[float]:
    """In points; a merged cell that needs more than its rows have gets it from its last row."""
    lines = [1] * table.rows
    for cell in sorted(table.cells, key=lambda cell: cell.row_span):
        needed = lines_of(cell.text, sum(widths[cell.col : cell.col + cell.col_span]))
        lines[cell.row + cell.row_span - 1] += max(0, needed - sum(lines[cell.row : cell.row + cell.row_span]))
    return [height_of(count) for count in lines]


def width_of(text: str) -> float:
    """How many characters across a text needs to stand in its printed lines."""
    return _SLACK * max((text_width(line) for line in text.splitlines()), default=0) + 2


def lines_of(text: str, width: float) -> int:
    """How many lines a text takes in a cell of so many characters."""
    return max(1, sum(max(1, ceil(_SLACK * text_width(line) / (width - 1))) for line in text.splitlines()))


def height_of(lines: int) -> float:
    return min(_HIGHEST, _LINE * lines)


def set_sizes(sheet: Any, widths: Sequence[float], heights: Sequence[float]) -> None:
    for col, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(col)].width = width
    for row, height in enumerate(heights, start=1):
        sheet.row_dimensions[row].height = height


def set_print(sheet: Any, widths: Sequence[float], head: int) -> None:
    """On A4, as wide as the paper, the first `head` rows on every page, which names its sheet and number."""
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape" if sum(widths) > _PORTRAIT else "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.oddFooter.center.text = "&A  &P/&N"
    if head:
        sheet.print_title_rows = f"1:{head}"
