"""Tables that begin where the one before would go on, in columns like its own, but with a header of their own.

A part that goes on begins with a row like those before, or with the same header again: under the columns of numbers
stand numbers. Words stand there where another table begins; unless the table has such rows in its midst, as forms with
several sections do, or its last row was the title of a section.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ocr_pipeline.assemble.agreement import likeness
from ocr_pipeline.assemble.tiers import label
from ocr_pipeline.document import Cell

_LABELS = 3
"""A header has so many labels at least,"""
_ROWS = 2
"""and so many rows follow."""
_NUMBERS = 0.7
"""A column is one of numbers if so many of what stands in it are."""
_ALIKE = 0.6
"""Two labels may be one, misread, where they have so much in common;"""
_SHARED = 0.5
"""if so many of the labels may be, it may be the same header."""


def has_its_own_header(before: Sequence[Cell], after: Sequence[Cell], number: re.Pattern[str]) -> bool:
    """Whether a part begins with the header of another table than that before.

    before, after: the cells of both on common columns, rows of each counted from 0; number: what the text of a number
    is.
    """
    head = _labels(after, 0)
    if len(head) < _LABELS or any(number.fullmatch(text) for text in head.values()):
        return False
    counted = _number_columns(before, number) & _number_columns(after, number) & head.keys()
    if not counted or _ends_with_a_title(before):
        return False
    rows = max(cell.row for cell in before)
    inner = [_labels(before, row) for row in range(1, rows + 1)]
    below = [row for row in inner if any(number.fullmatch(text) for text in row.values())]
    first = inner.index(below[0]) if below else len(inner)
    if any(_heads(row, counted, number) for row in inner[first:]):
        return False
    above = [label(cell) for cell in before if cell.row <= first and cell.text]
    known = sum(any(likeness(text, other) >= _ALIKE for other in above) for text in head.values())
    return known < _SHARED * len(head)


def _labels(cells: Sequence[Cell], row: int) -> dict[int, str]:
    """What stands in a row, by column."""
    return {cell.col: label(cell) for cell in cells if cell.row == row and cell.text}


def _heads(row: dict[int, str], counted: set[int], number: re.Pattern[str]) -> bool:
    """Whether a row has words, and no number, over the columns of numbers."""
    here = [row[col] for col in counted if col in row]
    return len(here) == len(counted) and not any(number.fullmatch(text) for text in here)


def _number_columns(cells: Sequence[Cell], number: re.Pattern[str]) -> set[int]:
    """The columns in which below the first row nearly all that stands there is numbers."""
    found: dict[int, list[bool]] = {}
    for cell in cells:
        if cell.row > 0 and cell.text and cell.col_span == 1:
            found.setdefault(cell.col, []).append(bool(number.fullmatch(label(cell))))
    return {col for col, marks in found.items() if len(marks) >= _ROWS and sum(marks) >= _NUMBERS * len(marks)}


def _ends_with_a_title(cells: Sequence[Cell]) -> bool:
    """Whether the last row is one cell, the title of the section that follows."""
    last = max(cell.row + cell.row_span for cell in cells)
    return sum(cell.row + cell.row_span == last for cell in cells) == 1
