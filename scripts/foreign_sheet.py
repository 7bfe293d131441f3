"""Tables of made filings or other forms as a spreadsheet program prints them (LibreOffice Calc), scanned, truth beside.

    python scripts/make_samples.py filings --count 6 --seed 9001 --level clean -o made
    foreign/bin/pip install openpyxl==3.1.5
    foreign/bin/python scripts/foreign_sheet.py made -o printed --seed 1 --level office
    ocr-pipeline run printed/*.pdf -o out && ocr-pipeline evaluate out printed

Offices print their annexes from spreadsheets: hair-thin or dashed borders, print close to them, numbers to the right,
labels shrunk until they fit or broken into lines, sheets scaled down to the width of the paper. It runs in the
environment of foreign_print.py, whose scanner it uses, and wants `soffice` on the path.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from foreign_print import CHINESE, FIGURES, column_widths, print_by_office, work_through
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

UNIT = 0.185
"""cm: the width of a figure of the default type, by which spreadsheets measure columns."""
POINT = 0.0353
"""cm."""


@dataclass(frozen=True)
class Sheet:
    """How a workbook is set. size: points; inner, outer: kinds of border; wrap: characters after which a label breaks;
    room: height of a line of print, in type sizes; fit: labels are shrunk, not broken."""

    face: str
    size: float
    inner: str
    outer: str
    wrap: int
    room: float
    fit: bool
    numbers: str
    labels: str
    vertical: str
    bold_header: bool
    shade: str
    again: bool
    level: bool
    width: float
    real_numbers: bool

    @classmethod
    def drawn(cls, dice: random.Random) -> Sheet:
        inner = dice.choice(["thin", "thin", "thin", "hair", "dashed", "dotted"])
        return cls(
            face=dice.choice(CHINESE),
            size=dice.choice([8, 9, 10, 11, 12]),
            inner=inner,
            outer=dice.choice([inner, inner, "thin", "medium", "double", "thick"]),
            wrap=dice.choice([6, 10, 14]),
            room=dice.choice([1.45, 1.6, 2.0]),
            fit=dice.random() < 0.25,
            numbers=dice.choice(["right", "right", "center", "general"]),
            labels=dice.choice(["left", "center", "general", "distributed"]),
            vertical=dice.choice(["center", "center", "bottom", "top"]),
            bold_header=dice.random() < 0.5,
            shade=dice.choice(["", "", "", "D9D9D9", "E8F0E0"]),
            again=dice.random() < 0.5,
            level=dice.random() < 0.25,
            width=dice.uniform(14, 24),
            real_numbers=dice.random() < 0.7,
        )


def set_workbook(truth: dict[str, Any], sheet: Sheet) -> Workbook:
    """One sheet for each table, its title above it."""
    book = Workbook()
    book.remove(book.active)
    for number, table in enumerate(truth["tables"], 1):
        page = book.create_sheet(f"{number}")
        page.page_setup.paperSize = page.PAPERSIZE_A4
        page.page_setup.orientation = "landscape" if sheet.level else "portrait"
        page.sheet_properties.pageSetUpPr.fitToPage = True
        page.page_setup.fitToHeight = 0
        page.print_options.horizontalCentered = True
        set_table(page, table, sheet)
    return book


def set_table(page: Any, table: dict[str, Any], sheet: Sheet) -> None:
    widths = column_widths(table, sheet, sheet.width)
    headers = table.get("header_rows") or 0
    top = 1
    if table["title"]:
        page.cell(1, 1, table["title"]).font = Font(name=sheet.face, size=sheet.size + 4, bold=True)
        page.merge_cells(start_row=1, end_row=1, start_column=1, end_column=table["cols"])
        page.cell(1, 1).alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        lines = lines_of(table["title"], sheet.size + 4, sum(widths))
        page.row_dimensions[1].height = 1.6 * (sheet.size + 4) * lines
        top = 2
    for column, width in enumerate(widths, 1):
        page.column_dimensions[get_column_letter(column)].width = width / UNIT
    set_heights(page, table, sheet, widths, top)
    for cell in table["cells"]:
        set_cell(page, cell, sheet, top, cell["row"] < headers, (table["rows"], table["cols"]))
    if sheet.again and headers:
        page.print_title_rows = f"{top}:{top + headers - 1}"


def lines_of(text: str, size: float, width: float) -> int:
    """Lines that a text takes in so many cm, a character being as wide as the type is high."""
    narrow = 0.6 if FIGURES.issuperset(text) else 1.0
    in_line = max(1, math.floor((width - 0.15) / (narrow * size * POINT)))
    return max(1, math.ceil(len(text) / in_line))


def set_heights(page: Any, table: dict[str, Any], sheet: Sheet, widths: list[float], top: int) -> None:
    """Rows as high as the print in them: spreadsheets leave it to their user where cells are merged."""
    need = [1.0] * table["rows"]
    for cell in table["cells"]:
        rows = range(cell["row"], cell["row"] + cell["row_span"])
        width = sum(widths[cell["col"] : cell["col"] + cell["col_span"]])
        lines = 1 if sheet.fit else lines_of(cell["text"], sheet.size, width) + (0.5 if cell["row_span"] > 1 else 0)
        for row in rows:
            need[row] = max(need[row], lines / len(rows))
    for row, lines in enumerate(need):
        page.row_dimensions[top + row].height = sheet.size * (sheet.room + 1.25 * (lines - 1))


def set_cell(page: Any, cell: dict[str, Any], sheet: Sheet, top: int, header: bool, size: tuple[int, int]) -> None:
    """size: rows and columns of the table."""
    text, row, column = cell["text"], top + cell["row"], 1 + cell["col"]
    bottom, last = row + cell["row_span"] - 1, column + cell["col_span"] - 1
    is_number = bool(text) and FIGURES.issuperset(text)
    plain = text.isascii() and text.isdigit() and str(int(text)) == text
    first = page.cell(row, column, int(text) if plain and sheet.real_numbers else text)
    if not plain:
        first.data_type = "s"  # never a formula
    if is_number and "%" not in text:
        first.number_format = "0" if plain and sheet.real_numbers else "@"
    first.font = Font(name=sheet.face, size=sheet.size, bold=header and sheet.bold_header)
    across = sheet.numbers if is_number else "center" if header or sheet.labels == "center" else sheet.labels
    first.alignment = Alignment(
        horizontal=across, vertical=sheet.vertical, wrap_text=not sheet.fit and not is_number, shrink_to_fit=sheet.fit
    )
    for y in range(row, bottom + 1):
        for x in range(column, last + 1):
            page.cell(y, x).border = border(sheet, y - top, x - 1, size)
            if header and sheet.shade:
                page.cell(y, x).fill = PatternFill("solid", fgColor=sheet.shade)
    if (bottom, last) != (row, column):
        page.merge_cells(start_row=row, end_row=bottom, start_column=column, end_column=last)


def border(sheet: Sheet, row: int, column: int, size: tuple[int, int]) -> Border:
    inner, outer = Side(style=sheet.inner), Side(style=sheet.outer)
    return Border(
        top=outer if row == 0 else inner,
        bottom=outer if row == size[0] - 1 else inner,
        left=outer if column == 0 else inner,
        right=outer if column == size[1] - 1 else inner,
    )


def by_spreadsheet(truth: dict[str, Any], target: Path, dice: random.Random) -> None:
    source = target.with_suffix(".xlsx")
    set_workbook(truth, Sheet.drawn(dice)).save(source)
    print_by_office(source)


if __name__ == "__main__":
    work_through(__doc__, "sheet", by_spreadsheet)
