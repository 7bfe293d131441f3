"""Tables that are not whole: a fold, a streak or a lost frame cut them off along a side.

Where most of a side has no ruling the table was set open there, and nothing stands beyond; or it goes on, in print that
no grid was found around, or in another table with its rows in line. Then a column may be lost and rows may be out of
step with their labels: nothing in it is certain.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

import cv2
import numpy as np

from ocr_pipeline.geometry import Mask
from ocr_pipeline.settings import TableSettings
from ocr_pipeline.stages import TableGrid

_SIDES = ("left", "right")


def cut_off(grids: Sequence[TableGrid], binary: Mask, em: float, settings: TableSettings) -> frozenset[int]:
    """The numbers of such tables among those of a page.

    binary: the page's ink (255); em: height of the print in pixels.
    """
    bare = {(number, side) for number, grid in enumerate(grids) for side in _bare_sides(grid, settings)}
    if not bare:
        return frozenset()
    outside = _outside(grids, binary)
    found = {number for number, side in bare if _goes_on(grids[number], side, outside, em, settings)}
    for left, one in enumerate(grids):
        for right, other in enumerate(grids):
            # A table set without rulings at its sides has none at either.
            between = bare & {(left, "right"), (right, "left")} and not bare >= {(left, "left"), (left, "right")}
            between = between and not bare >= {(right, "left"), (right, "right")}
            if left != right and between and _are_halves(one, other, em, settings):
                found |= {left, right}
    return frozenset(found)


def _bare_sides(grid: TableGrid, settings: TableSettings) -> Iterator[str]:
    """The sides, left and right, along which most of a table's cells have no ruling."""
    for side in _SIDES if grid.ruled else ():
        along = [c for c in grid.cells if (c.col == 0 if side == "left" else c.col + c.col_span == grid.cols)]
        if sum(side in cell.invented for cell in along) >= settings.torn_bare * len(along):
            yield side


def _outside(grids: Sequence[TableGrid], binary: Mask) -> Mask:
    """The ink that stands in no table."""
    outside = binary.copy()
    for grid in grids:
        box = grid.box
        outside[max(0, round(box.y0)) : round(box.y1), max(0, round(box.x0)) : round(box.x1)] = 0
    return outside


def _goes_on(grid: TableGrid, side: str, outside: Mask, em: float, settings: TableSettings) -> bool:
    """Whether print stands just beyond a side in most of the table's rows. outside: see _outside."""
    place, away = (0, -1) if side == "left" else (-1, 1)
    edge = [row[place] for row in grid.corners]
    printed = 0
    for (x0, y0), (x1, y1) in pairwise(edge):
        x = max(away * x0, away * x1)
        reaches = sorted(away * (x + reach * em) for reach in (settings.torn_near_em, settings.torn_far_em))
        left, right = (max(0, round(reach)) for reach in reaches)
        printed += _holds_print(outside[max(0, round(y0)) : round(y1), left:right], em, settings)
    return len(edge) > _LEAST and printed >= settings.torn_inline * (len(edge) - 1)


def _holds_print(ink: Mask, em: float, settings: TableSettings) -> bool:
    """Whether a part of the page holds print: what runs through it from top to foot is a line or an edge."""
    if ink.size == 0:
        return False
    filled = cv2.reduce(ink, 0, cv2.REDUCE_SUM, dtype=cv2.CV_32S).ravel() / 255
    return bool(np.count_nonzero((filled > 1) & (filled < _THROUGH * len(ink))) >= settings.torn_ink_em * em)


_THROUGH = 0.8


def _are_halves(one: TableGrid, other: TableGrid, em: float, settings: TableSettings) -> bool:
    """Whether a table and the one to its right stand side by side with most of their rows in line."""
    if not (one.corners and other.corners) or abs(other.box.x0 - one.box.x1) > settings.torn_gap_em * em:
        return False
    ends, begins = np.array([row[-1][1] for row in one.corners]), np.array([row[0][1] for row in other.corners])
    away = np.abs(ends[:, None] - begins[None])
    inline = int(np.count_nonzero(away.min(axis=0 if len(begins) <= len(ends) else 1) <= settings.snap_em * em))
    return inline >= max(_LEAST, settings.torn_inline * min(len(ends), len(begins)))


_LEAST = 3
"""Boundaries of rows: two are in line by chance."""
