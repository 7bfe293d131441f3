"""Signs in a table of no known form that cells were put together of what belongs apart, or parted where they are one: a
label and a number in one cell, numbers as wide as two columns, rows of nothing but misread marks.

Each moves the numbers behind it by a row or a column, as sound as they may look.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from ocr_pipeline.document import Cell, CellRole, Check, Flag, Table
from ocr_pipeline.reports.structure import Position
from ocr_pipeline.reports.values import Kind, parse

_SEVERAL = 2
"""A single cell of this kind may be a slip of the reading alone."""
_FIGURES = re.compile(r"[+\-−－]?\d[\d.,]*[%％‰]?")
_LEAST_MARKS, _MOSTLY = 3, 2 / 3
"""So many cells of a row with text, so much of them in doubt, are no row's."""


def run_together(table: Table) -> tuple[Check, ...]:
    """A broken check for every such row and column, with the numbers behind it."""
    found = (*_labels_with_numbers(table), *_numbers_over_two_columns(table), *_rows_of_marks(table))
    return tuple(check for check in found if check.cells)


def numbers_from(table: Table, row: int = 0, col: int = 0) -> tuple[Position, ...]:
    """The places of the numbers from a row and a column on."""
    return tuple(
        (cell.row, cell.col)
        for cell in table.cells
        if cell.row + cell.row_span > row and cell.col + cell.col_span > col and _is_number(cell)
    )


def _is_number(cell: Cell) -> bool:
    return parse(cell.text).kind is Kind.NUMBER


def _labels_with_numbers(table: Table) -> Iterator[Check]:
    """Rows most of whose cells hold a label and a number below it: the header and the first row ran together."""
    for row in range(table.rows):
        cells = [cell for cell in table.cells if cell.row == row and cell.col > 0 and cell.text.strip()]
        both = [cell for cell in cells if _is_label_with_number(cell)]
        if len(both) >= _SEVERAL and 2 * len(both) > len(cells):
            places = (*((cell.row, cell.col) for cell in both), *numbers_from(table, row))
            yield Check(f"row {row + 1}", False, tuple(dict.fromkeys(places)), "labels or numbers", "both in its cells")


def _is_label_with_number(cell: Cell) -> bool:
    lines = [line.replace(" ", "") for line in cell.raw.split("\n") if line.strip()]
    if len(lines) < _SEVERAL or cell.row_span > 1:
        return False
    return _FIGURES.fullmatch(lines[-1]) is not None and any(character.isalpha() for character in lines[0])


def _numbers_over_two_columns(table: Table) -> Iterator[Check]:
    """Columns over which most rows have one decimal each and others its two halves: their points, in line, were taken
    for a ruling. What stands behind it is a column too far right."""
    data = {(cell.row, cell.col): cell for cell in table.cells if cell.role is CellRole.DATA}
    for left, right in pairwise(range(table.cols)):
        whole = [cell for (_, col), cell in data.items() if col == left and cell.col_span == _SEVERAL]
        decimals = [cell for cell in whole if _is_number(cell) and _POINT.search(cell.text)]
        halves = [
            row
            for row, col in data
            if col == left and (row, right) in data and _are_halves(data[row, left].text, data[row, right].text)
        ]
        if len(decimals) >= _SEVERAL and 2 * len(decimals) > sum(map(_is_number, whole)) and halves:
            found = f"one in {len(decimals)} rows, two in {len(halves)}"
            yield Check(f"column {right + 1}", False, numbers_from(table, col=left), "a number in each row", found)


_POINT = re.compile(r"\d[.]\d")
_WHOLE = re.compile(r"[+\-−－]?[\d,]+")
_DECIMALS = re.compile(r"[.]?\d{1,2}")


def _are_halves(left: str, right: str) -> bool:
    return _WHOLE.fullmatch(left.strip()) is not None and _DECIMALS.fullmatch(right.strip()) is not None


def _rows_of_marks(table: Table) -> Iterator[Check]:
    """Rows amid numbers with hardly a number of their own, nearly all of which was read with doubt: specks, or the edge
    of a tint. Those below are a row too far down."""
    for row in range(1, table.rows):
        cells = [cell for cell in table.cells if cell.row == row and cell.row_span == 1 and cell.text.strip()]
        unsure = [cell for cell in cells if Flag.LOW_SCORE in cell.flags]
        texts = [cell for cell in cells if parse(cell.text).kind is Kind.TEXT]
        if len(cells) < _LEAST_MARKS or len(unsure) < _MOSTLY * len(cells) or 2 * len(texts) <= len(cells):
            continue
        columns = {cell.col for cell in texts if cell.col > 0}
        others = [cell for cell in table.cells if cell.row > row and cell.col in columns and cell.text.strip()]
        if len(columns) >= _SEVERAL and 2 * sum(map(_is_number, others)) > len(others):
            yield Check(f"row {row + 1}", False, numbers_from(table, row), "numbers", "nothing that could be read")
