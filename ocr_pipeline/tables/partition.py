"""How a run of squares without a ruling between them is parted into cells, by where its print stands.

All ways to part the run are weighed together: print stands in the middle of its cell or at its beginning, not across a
side; words far from each other are in several cells. What one side seems to say alone is often wrong: of two words each
in the middle of three squares, one stands in the middle of all six as well.
"""

from __future__ import annotations

import itertools

import numpy as np

from ocr_pipeline.geometry import FloatArray
from ocr_pipeline.tables.edges import BoolGrid
from ocr_pipeline.tables.parted import Extents

# What the place of print says of its cell (logarithms): in the middle of one square, or of several, so exactly or less
# so; at the beginning of its cell; elsewhere in one square, or in several.
_CENTRED, _WIDE_CENTRED, _WIDE_NEARLY, _AT_START, _OFF, _WIDE_OFF = 1.3, 2.0, 0.7, 0.4, -1.3, -2.6
_WITHIN, _WIDE_WITHIN, _WIDE_NEAR = 0.15, 0.04, 0.1
# Blanks between words of one cell, in em, and what they say of it.
_GAPS, _GAP_ODDS = (0.6, 1.2, 2.5), (0.0, -2.6, -5.2)
# Each square more than two of a cell from the table's first square on: the sides of a row of one cell are absent
# together.
_WIDER = 1.3
# Print at one side of its cell, far from the other.
_ONE_SIDED = -2.0
# Two words each in the middle of its square.
_BOTH = -4.0
# A side through print.
_ACROSS = -4.0


def parted_odds(extents: Extents, ruled: BoolGrid, base: FloatArray, through: BoolGrid, em: float) -> FloatArray:
    """The odds (logarithms) of all sides, those between unruled squares by the best way to part their run with and
    without them.

    extents: of the squares, shape (lines - 1, sides); ruled, base, through: of the sides, shape (lines, sides): which
    are ruled for certain, their odds without any word of print, which print runs through; em: height of the print in
    pixels.
    """
    odds = base.copy()
    blank = np.isnan(extents.first)
    for along in range(base.shape[1]):
        closed = ruled[:, along].copy()
        closed[[0, -1]] = True
        for a, b in itertools.pairwise(np.flatnonzero(closed).tolist()):
            if b - a > 1 and not np.all(blank[a:b, along]):
                sides = base[a + 1 : b, along] + np.where(through[a + 1 : b, along], _ACROSS, 0.0)
                odds[a + 1 : b, along] = _best_ways(_cell_odds(extents, a, b, along, em), sides)
    return odds


def _best_ways(cells: FloatArray, sides: FloatArray) -> FloatArray:
    """By how much the best way to part a run at each side beats the best one that does not. cells: the odds of a cell
    from square i to square j, shape (n, n + 1), j exclusive; sides: of each side, shape (n - 1,)."""
    count = len(cells)
    odds: list[list[float]] = cells.tolist()  # single numbers are read from lists in a third of the time
    cut: list[float] = [0.0, *sides.tolist(), 0.0]
    # before[i]: the best way to part the squares before side i, with a cut there; after[i] the same for those behind.
    before, after = [0.0] * (count + 1), [0.0] * (count + 1)
    for i in range(1, count + 1):
        before[i] = max(before[j] + odds[j][i] for j in range(i)) + cut[i]
    for i in range(count - 1, -1, -1):
        after[i] = max(after[j] + odds[i][j] + cut[j] for j in range(i + 1, count + 1))
    result = np.zeros(count - 1)
    for side in range(1, count):
        # Over all cells that hold the side inside.
        without = max(
            before[i] + odds[i][j] + cut[j] + after[j] for i in range(side) for j in range(side + 1, count + 1)
        )
        result[side - 1] = before[side] + after[side] - without
    return result


def _cell_odds(extents: Extents, a: int, b: int, along: int, em: float) -> FloatArray:
    """The odds of each cell from one square to another of a run, shape (n, n + 1), the second exclusive."""
    count = b - a
    first, last = extents.first[a:b, along], extents.last[a:b, along]
    low, high = extents.low[a:b, along], extents.high[a:b, along]
    centred = (np.abs((first + last) - (low + high)) / 2 <= _WITHIN * (high - low)).tolist()
    filled = np.flatnonzero(~np.isnan(first)).tolist()
    odds = np.zeros((count, count + 1))
    for i, j in itertools.combinations(range(count + 1), 2):
        printed = [k for k in filled if i <= k < j]
        if printed:
            start, end = float(first[printed[0]]), float(last[printed[-1]])
            odds[i, j] = _place_odds(start, end, float(low[i]), float(high[j - 1]), em, wide=j - i > 1)
            odds[i, j] += _WIDER * max(0, j - i - 2) if a + i == 0 else 0.0
            # Print that runs up to one side of its cell and keeps away from the other may go on beyond.
            reaches = start <= extents.since[a + i, along] + 1, end >= extents.until[a + j - 1, along] - 1
            odds[i, j] += _ONE_SIDED if reaches[0] != reaches[1] else 0.0
            for one, other in itertools.pairwise(printed):
                gap = float(first[other] - last[one]) / em
                odds[i, j] += float(np.interp(gap, _GAPS, _GAP_ODDS))
                odds[i, j] += _BOTH if centred[one] and centred[other] and gap >= _GAPS[1] else 0.0
    return odds


def _place_odds(start: float, end: float, low: float, high: float, em: float, *, wide: bool) -> float:
    """What is said by print from start to end in a cell from low to high, pixels. wide: over several squares."""
    off = abs((start + end) - (low + high)) / 2 / (high - low)
    if not wide and off <= _WITHIN:
        return _CENTRED
    if wide and off <= _WIDE_NEAR:
        return _WIDE_CENTRED if off <= _WIDE_WITHIN else _WIDE_NEARLY
    if start - low <= em:
        return _AT_START
    return _WIDE_OFF if wide else _OFF
