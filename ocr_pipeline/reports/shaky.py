"""Rows and columns of a table of no known form that may be none: one too many or too few moves all numbers behind it.

What gives them away is that nothing else in the table goes along: a row that begins in one column while the others run
on, a column of labels parted in single rows, a header that stands once more where a page began, two rows of numbers in
one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ocr_pipeline.assemble.headless import steps_of_one
from ocr_pipeline.document import Cell, CellRole, Check, Table
from ocr_pipeline.reports.structure import Position
from ocr_pipeline.reports.values import Kind, fold, parse

_FEW_COLUMNS = 0.25
"""A row that begins in no more of the data columns than this, of which there are so many, may be none."""
_ENOUGH_COLUMNS = 4
_FEW_ROWS = 0.2
"""A column without numbers that begins in no more of the rows than this, of which there are so many, may be none."""
_ENOUGH_ROWS = 8
_HEADER = (CellRole.COLUMN_HEADER, CellRole.STUB_HEAD)
_HEADER_ROWS = 6
"""The table's own header stands within its first rows;"""
_SEVERAL, _MOST = 2, 0.6
"""a row with so many of its labels, most of its own, is that header again."""
_BODY = (CellRole.ROW_HEADER, CellRole.DATA)
_PLAIN = re.compile(r"[+\-−－]?\d[\d.,]*[%％]?")


def shaky(table: Table) -> tuple[Check, ...]:
    """A broken check for every such row and column, with the numbers behind it."""
    found = (
        *_rows_of_few_columns(table),
        *_columns_of_few_rows(table),
        *_headers_again(table),
        *_two_rows_in_one(table),
    )
    return tuple(check for check in found if check.cells)


def _numbers(table: Table, row: int = 0, col: int = 0) -> tuple[Position, ...]:
    """The numbers from a row and a column on."""
    return tuple(
        (cell.row, cell.col)
        for cell in table.cells
        if cell.row + cell.row_span > row and cell.col >= col and cell.role is CellRole.DATA and _is_number(cell)
    )


def _is_number(cell: Cell) -> bool:
    return parse(cell.text).kind is Kind.NUMBER


def _rows_of_few_columns(table: Table) -> Iterator[Check]:
    data = {cell.col for cell in table.cells if cell.role is CellRole.DATA}
    if len(data) < _ENOUGH_COLUMNS:
        return
    for row in range(1, table.rows):
        through = [cell for cell in table.cells if cell.row < row < cell.row + cell.row_span]
        begun = {cell.col for cell in table.cells if cell.row == row}
        spanned = {
            col for cell in through if cell.role is CellRole.DATA for col in range(cell.col, cell.col + cell.col_span)
        }
        if begun and begun <= data and 0 < len(begun) <= _FEW_COLUMNS * len(data) and len(spanned) > len(data) / 2:
            yield Check(f"row {row + 1}", False, _numbers(table, row - 1), "a cell in most columns", "in few of them")


def _columns_of_few_rows(table: Table) -> Iterator[Check]:
    rows = {cell.row for cell in table.cells if cell.role in _BODY}
    if len(rows) < _ENOUGH_ROWS:
        return
    headed = {cell.col for cell in table.cells if cell.role in _HEADER}
    for col in sorted(set(range(1, table.cols)) - headed):
        begun = [cell for cell in table.cells if cell.col == col and cell.role in _BODY]
        before = {c.row: c.row_span for c in table.cells if c.col + c.col_span == col}
        through = [c for c in table.cells if c.col < col < c.col + c.col_span and c.role in _BODY and not _is_number(c)]
        # Right of a label for several rows (其中) there may be more columns than elsewhere, and numbers are cells.
        odd = all(not _is_number(cell) and before.get(cell.row) == 1 for cell in begun)
        if begun and odd and len(begun) <= _FEW_ROWS * len(rows) and len(through) > len(rows) / 2:
            yield Check(f"column {col + 1}", False, _numbers(table, 0, col), "a cell in most rows", "in few of them")


def _headers_again(table: Table) -> Iterator[Check]:
    labels = {fold(cell.text) for cell in table.cells if cell.role in _HEADER and cell.row < _HEADER_ROWS}
    for part in table.parts[1:]:
        row = part.rows[0]
        mine = [fold(cell.text) for cell in table.cells if cell.row == row and cell.text.strip()]
        known = sum(text in labels for text in mine)
        again = known >= _SEVERAL and known >= _MOST * len(mine)
        if again or _printed_above(table, row):
            yield Check(f"row {row + 1}", False, _numbers(table, row), "the header once", "a header again")


def _printed_above(table: Table, row: int) -> bool:
    """Whether a row holds numbers that count columns, as one of the table's first does: both were taken for data."""
    mine = _texts(table, row)
    numbers = [text for _, text in sorted(mine.items()) if text.isdecimal()]
    if len(numbers) <= _SEVERAL or min(map(int, numbers)) > 1:
        return False
    if steps_of_one(numbers) < _MOST * (len(numbers) - 1):
        return False
    rows = [_texts(table, above) for above in range(min(row, _HEADER_ROWS))]
    same = max((sum(other.get(col) == text for col, text in mine.items()) for other in rows), default=0)
    return same > _SEVERAL and same >= _MOST * len(mine)


def _texts(table: Table, row: int) -> dict[int, str]:
    """What stands in the columns of a row."""
    return {cell.col: fold(cell.text) for cell in table.cells if cell.row == row and cell.text.strip()}


def _two_rows_in_one(table: Table) -> Iterator[Check]:
    for row in range(table.rows):
        numbers = [
            c for c in table.cells if c.row == row and c.row_span == 1 and c.role is CellRole.DATA and c.raw.strip()
        ]
        twice = [cell for cell in numbers if _plain_lines(cell.raw) > 1]
        if len(twice) > 1 and 2 * len(twice) >= len(numbers):
            places = (*((cell.row, cell.col) for cell in twice), *_numbers(table, row))
            yield Check(f"row {row + 1}", False, tuple(dict.fromkeys(places)), "a number in each cell", "two of them")


def _plain_lines(raw: str) -> int:
    return sum(bool(_PLAIN.fullmatch(line.strip().replace(" ", ""))) for line in raw.split("\n"))
