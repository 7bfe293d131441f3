"""Marks in labels that are spread over their cell, told from specks by the place that is theirs.

Where the characters of a label stand evenly apart, so do its marks: 、 in a label set from one side of its cell to the
other stands far from every character, as a speck does, but alone in a place that is left for one more of them.
"""

from __future__ import annotations

import itertools

import numpy as np
import numpy.typing as npt

_GLYPH_GAP = 0.3
"""Parts of ink nearer than this are of one character, in ems;"""
_GLYPH_WIDTH = 1.3
"""which is no wider than this."""
_LEAST_PITCH = 1.35
"""Spread characters are so far apart at least, from middle to middle in ems,"""
_EVEN = 0.25
"""each as far as the others but for this share,"""
_MOSTLY = 0.6
"""so many of them at least;"""
_DOUBLE = 0.3
"""around a mark twice as far, but for this share of it,"""
_OFF_SLOT = 0.6
"""and the mark's middle is no further than this from the middle of the blank, in ems."""


def is_in_slot(mark: npt.NDArray[np.int32], solids: npt.NDArray[np.int32], em: float) -> bool:
    """Whether a small part of ink stands in a place between spread characters that is left for one more.

    mark: x, y, width, height in pixels; solids: the same of all parts of the cell that are no mere marks, one a row.
    """
    x, y, width, height = (int(v) for v in mark[:4])
    beside = (solids[:, 1] < y + height) & (solids[:, 1] + solids[:, 3] > y - 0.2 * em)
    characters = _characters(solids[beside], em)
    if len(characters) < 4 or max(end - start for start, end in characters) > _GLYPH_WIDTH * em:
        return False
    middles = [(start + end) / 2 for start, end in characters]
    gaps = list(itertools.pairwise(range(len(characters))))
    at = next((i for i, j in gaps if characters[i][1] <= x and x + width <= characters[j][0]), None)
    if at is None:
        return False
    pitches = np.diff(middles)
    pitch = float(np.median(np.delete(pitches, at)))
    even = np.abs(pitches - pitch) <= _EVEN * pitch
    if pitch < _LEAST_PITCH * em or np.count_nonzero(even) < _MOSTLY * (len(pitches) - 1):
        return False
    off = abs(x + width / 2 - (middles[at] + middles[at + 1]) / 2)
    return bool(abs(pitches[at] / pitch - 2) <= _DOUBLE and off <= _OFF_SLOT * em)


def _characters(solids: npt.NDArray[np.int32], em: float) -> list[tuple[int, int]]:
    """Where the characters of a line begin and end, from left to right."""
    found: list[tuple[int, int]] = []
    for x, width in sorted(solids[:, [0, 2]].tolist()):
        if found and x - found[-1][1] < _GLYPH_GAP * em:
            found[-1] = found[-1][0], max(found[-1][1], x + width)
        else:
            found.append((x, x + width))
    return found
