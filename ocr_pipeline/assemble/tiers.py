"""Headers of several tiers printed again on the next page, known by their labels whatever became of their cells.

Where print touches the rulings between the tiers some are lost and others found that nobody drew: row by row the two
headers differ, but their labels are the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from ocr_pipeline.assemble.agreement import likeness
from ocr_pipeline.document import Cell

_TIERS = 2
"""Rows that merged cells tie together; a single row is compared cell by cell."""
_LABELS = 4
"""A header has so many labels at least,"""
_SHARED = 0.75
"""of those on the page that has fewer so many are on the other page,"""
_ALIKE = 0.75
"""and texts are one label where they have so much in common."""


def repeated_tiers(above: Sequence[Cell], below: Sequence[Cell], number: re.Pattern[str]) -> int:
    """How many rows at the head of the second part are the header of the first part again; 0 where none.

    above, below: the cells of both parts, each counted from its own row 0; number: what the text of a number is.
    """
    depths = _tied(above), _tied(below)
    if min(depths) < _TIERS:
        return 0
    first, again = _labels(above, depths[0]), _labels(below, depths[1])
    if min(len(first), len(again)) < _LABELS or any(number.fullmatch(text) for text in (*first, *again)):
        return 0
    fewer, more = sorted((first, again), key=len)
    found = sum(any(_one_label(text, other) for other in more) for text in fewer)
    return depths[1] if found >= _SHARED * len(fewer) and depths[1] < _rows(below) else 0


def _tied(cells: Sequence[Cell]) -> int:
    """Rows from the first one on that merged cells tie together."""
    depth = 1
    while (reach := max((c.row + c.row_span for c in cells if c.row < depth), default=1)) > depth:
        depth = reach
    return depth


def _labels(cells: Sequence[Cell], depth: int) -> list[str]:
    return [label(cell) for cell in cells if cell.row < depth and cell.text]


def _rows(cells: Sequence[Cell]) -> int:
    return max(c.row + c.row_span for c in cells)


def label(cell: Cell) -> str:
    """The text of a cell whatever the width of its signs: recognisers tell brackets of full and half width apart by
    chance."""
    return unicodedata.normalize("NFKC", cell.text)


def _one_label(one: str, other: str) -> bool:
    return one == other or likeness(one, other) >= _ALIKE
