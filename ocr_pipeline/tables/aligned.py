"""Print that stands in its column as the column's other print does: at one side of its square, or in its middle.

Two numbers of which each ends where the numbers of its own column end are two cells; print of one cell over both
columns stands by that cell.
"""

from __future__ import annotations

import numpy as np

from ocr_pipeline.geometry import FloatArray
from ocr_pipeline.tables.edges import BoolGrid
from ocr_pipeline.tables.parted import Extents

# Print of a column begins (ends, has its middle) within this of one place, in em, in so many of its squares, of which
# so many hold print.
_NEAR, _SHARE, _LEAST = 0.2, 0.6, 5
# Between two cells there is this much blank, in em.
_APART = 0.6


def aligned_pairs(extents: Extents, em: float) -> BoolGrid:
    """Between which squares, beside each other along the first axis, both prints stand as is usual in their line of
    squares (first axis); shape (lines - 1, squares along). extents: shape (lines, squares along), in pixels; em: height
    of the print in pixels."""
    if extents.first.shape[0] < 2:
        return np.zeros((0, extents.first.shape[1]), bool)
    places = (
        extents.first - extents.low,
        extents.last - extents.high,
        (extents.first + extents.last) / 2 - extents.low,
    )
    kinds = [np.stack([_usual(line, em) for line in place]) for place in places]
    with np.errstate(invalid="ignore"):
        apart = extents.first[1:] - extents.last[:-1] >= _APART * em
    usual = kinds[0] | kinds[1] | kinds[2]
    pairs: BoolGrid = usual[:-1] & usual[1:] & apart
    return pairs


def _usual(places: FloatArray, em: float) -> BoolGrid:
    """Which of one line's places are its usual one; none where it has none. NaN without print."""
    known = ~np.isnan(places)
    if np.count_nonzero(known) < _LEAST:
        return np.zeros(len(places), bool)
    near: BoolGrid = known & (np.abs(np.nan_to_num(places - float(np.median(places[known])), nan=np.inf)) <= _NEAR * em)
    return near if np.count_nonzero(near) >= _SHARE * np.count_nonzero(known) else np.zeros(len(places), bool)
