"""Rows of a table that a page break cuts in two, as word processors do unless they are told not to.

The row's numbers stand on the first page, with as many lines of its label as there was room for; on the next page the
label goes on in a row that holds nothing else. Or there was room for no line at all, and a low blank row is left.
Rulings close both halves, so that each looks like a row of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from ocr_pipeline.document import Cell, Flag

_DIGITS = re.compile(r"[\d.,]+")
_Place = tuple[int, int]
"""Of a cell in its row: its column, and how many it spans."""


def is_cut_row(
    upper: Sequence[Cell], lower: Sequence[Cell], seam: int, number: re.Pattern[str], enumerator: re.Pattern[str]
) -> bool:
    """Whether the last row above a page break and the first row below it are one row of the table.

    upper, lower: the cells of both parts on their common columns, those below counted from row seam on; number,
    enumerator: what the text of a number is, and how the label of a row begins that is numbered itself.
    """
    above = {_place(c): c for c in upper if c.row + c.row_span == seam}
    below = {_place(c): c for c in lower if c.row == seam}
    below = {place: _without_crumbs(c, above.get(place), number) for place, c in below.items()}
    if above.keys() != below.keys() or len(above) < _FEWEST:
        return False
    others = [*(c for c in upper if c.row + c.row_span != seam), *(c for c in lower if c.row != seam)]
    if not all(any(cell.text for cell in half.values()) for half in (above, below)):
        return _is_remnant(above if not any(cell.text for cell in above.values()) else below, others)
    return _goes_on(above, below, others, number, enumerator)


def _without_crumbs(head: Cell, tail: Cell | None, number: re.Pattern[str]) -> Cell:
    """The lower half of a cell; blank where a single character or something hardly read, and no number, stands below a
    number: grain of the paper, specks, the edge of the sheet. It is in doubt then."""
    crumbs = (len(head.text) == 1 or Flag.LOW_SCORE in head.flags) and not number.fullmatch(head.text)
    if not crumbs or tail is None or not number.fullmatch(tail.text):
        return head
    return replace(head, text="", raw="").flagged(Flag.LOW_SCORE)


_FEWEST = 2
_WITNESSES = 2
_LOW = 0.75


def _is_remnant(half: dict[_Place, Cell], others: Sequence[Cell]) -> bool:
    """Whether a blank row is lower than any other row of the table: what was left of a page, too low for a line."""
    heights = [cell.box.height for cell in half.values() if cell.row_span == 1]
    rows = [cell.box.height for cell in others if cell.row_span == 1]
    return bool(heights and rows) and max(heights) < _LOW * min(rows)


def _goes_on(
    above: dict[_Place, Cell],
    below: dict[_Place, Cell],
    others: Sequence[Cell],
    number: re.Pattern[str],
    enumerator: re.Pattern[str],
) -> bool:
    """Whether texts below only go on that begin above, and there is no number where there is one above. Other rows have
    theirs: where one more leaves them out, this one could, too. A number goes on where that leaves out the others."""
    rests = [place for place, cell in below.items() if cell.text]
    blank = [place for place, cell in above.items() if number.fullmatch(cell.text) and not below[place].text]
    if not blank or any(not above[place].text or _is_numbered(below[place].text, enumerator) for place in rests):
        return False
    numbers = [place for place in rests if any(number.fullmatch(half[place].text) for half in (above, below))]
    whole = all(number.fullmatch(half[place].text) for place in numbers for half in (above, below))
    left_out = sum(bool(above[place].text) and not below[place].text for place in above)
    if numbers and (not whole or left_out < _MANY):
        return False
    rows = _rows(others)
    filled = sum(all(number.fullmatch(row.get(place, "")) for place in blank) for row in rows)
    return filled >= _WITNESSES and not any(_left_out(row, blank) for row in rows)


_MANY = 3
_FIGURES = re.compile(r"[\d.,%‰+\-−—…/()（）\s]+")
"""A number and all that may stand around it, or a piece of one."""


def _is_numbered(text: str, enumerator: re.Pattern[str]) -> bool:
    """Whether a text begins as the label of a row does, and is not all figures: 9.0%) goes on where (2 broke off."""
    return bool(enumerator.match(text)) and not _FIGURES.fullmatch(text)


def joined_row(
    upper: Sequence[Cell],
    lower: Sequence[Cell],
    seam: int,
    number: re.Pattern[str],
    joined: Callable[[Cell, Cell], Cell],
) -> list[Cell]:
    """The cells of both parts with a row that was cut whole again: one row less. number: what the text of a number is;
    joined: two halves as one cell that spans the rows of both."""
    heads = {_place(c): c for c in lower if c.row == seam}
    cells = [c for c in upper if c.row + c.row_span != seam]
    for tail in (c for c in upper if c.row + c.row_span == seam):
        head = _without_crumbs(heads[_place(tail)], tail, number)
        whole = joined(tail, head)
        if _DIGITS.fullmatch(tail.text + head.text) and tail.text and head.text:
            # Nothing says that no digit is missing between the two.
            whole = replace(whole, text=tail.text + head.text).flagged(Flag.LOW_SCORE)
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
