"""Rows of a table that a page break cuts in two, as word processors do unless they are told not to.

The row's numbers stand on the first page, with as many lines of its label as there was room for; on the next page the
label goes on in a row that holds nothing else. Rulings close both halves, so that each looks like a row of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from ocr_pipeline.document import Cell

_Place = tuple[int, int]
"""Of a cell in its row: its column, and how many it spans."""


def is_cut_row(
    upper: Sequence[Cell], lower: Sequence[Cell], seam: int, number: re.Pattern[str], enumerator: re.Pattern[str]
) -> bool:
    """Whether the last row above a page break and the first row below it are one row of the table.

    upper, lower: the cells of both parts on their common columns, those below counted from row seam on; number,
    enumerator: what the text of a number is, and how the label of a row begins that is numbered itself.

    Both rows have the same cells. Below, texts only go on that begin above, and there is no number where there is one
    above. Other rows have theirs: where one more leaves them out, this one could, too.
    """
    above = {_place(c): c for c in upper if c.row + c.row_span == seam}
    below = {_place(c): c for c in lower if c.row == seam}
    if above.keys() != below.keys() or len(above) < _FEWEST:
        return False
    goes_on = [place for place, cell in below.items() if cell.text]
    blank = [place for place, cell in above.items() if number.fullmatch(cell.text) and not below[place].text]
    if not goes_on or not blank:
        return False
    texts = [(above[place].text, below[place].text) for place in goes_on]
    if not all(first and not number.fullmatch(first) and not number.fullmatch(rest) for first, rest in texts):
        return False
    if any(enumerator.match(rest) for _, rest in texts):
        return False
    others = [*(c for c in upper if c.row + c.row_span != seam), *(c for c in lower if c.row != seam)]
    rows = _rows(others)
    filled = sum(all(number.fullmatch(row.get(place, "")) for place in blank) for row in rows)
    return filled >= _WITNESSES and not any(_left_out(row, blank) for row in rows)


_FEWEST = 2
_WITNESSES = 2


def joined_row(
    upper: Sequence[Cell], lower: Sequence[Cell], seam: int, joined: Callable[[Cell, Cell], Cell]
) -> list[Cell]:
    """The cells of both parts with a row that was cut whole again: one row less. joined: two halves as one cell that
    spans the rows of both."""
    heads = {_place(c): c for c in lower if c.row == seam}
    cells = [c for c in upper if c.row + c.row_span != seam]
    for tail in (c for c in upper if c.row + c.row_span == seam):
        whole = joined(tail, heads[_place(tail)])
        cells.append(replace(whole, row_span=whole.row_span - 1))
    return cells + [replace(c, row=c.row - 1) for c in lower if c.row > seam]


def _place(cell: Cell) -> _Place:
    return cell.col, cell.col_span


def _rows(cells: Sequence[Cell]) -> list[dict[_Place, str]]:
    """The texts of the cells that begin in each row, by their place in it."""
    rows: dict[int, dict[_Place, str]] = {}
    for cell in cells:
        rows.setdefault(cell.row, {})[_place(cell)] = cell.text
    return list(rows.values())


def _left_out(row: dict[_Place, str], numbers: Sequence[_Place]) -> bool:
    """Whether a row has a label and, where numbers would stand, nothing."""
    there = [place for place in numbers if place in row]
    return len(there) == len(numbers) and not any(row[place] for place in there) and any(row.values())
