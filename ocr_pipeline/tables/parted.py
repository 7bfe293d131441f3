"""Second evidence for a side: how the print stands in the squares to either side of it.

Only used to decide sides in doubt, and such sides are recorded as invented where no ruling ink supports them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ocr_pipeline.clean.lines import Rulings
from ocr_pipeline.geometry import FloatArray, Mask
from ocr_pipeline.settings import TableSettings


@dataclass(frozen=True)
class Extents:
    """From where to where the print of each square runs in one direction, and where the square itself begins and ends,
    upright pixels; all of shape (rows, columns). first and last are NaN where there is no print; it was looked for
    from since until."""

    low: FloatArray
    high: FloatArray
    first: FloatArray
    last: FloatArray
    since: FloatArray
    until: FloatArray

    def off_centre(self) -> FloatArray:
        """How far from the middle of its square print stands, as a share of the square; NaN without print."""
        away: FloatArray = np.abs((self.first + self.last) - (self.low + self.high)) / 2 / (self.high - self.low)
        return away


def find_extents(
    corners: FloatArray, binary: Mask, rulings: Rulings, em: float, settings: TableSettings
) -> tuple[Extents, Extents]:
    """The print of all squares across and down.

    corners: shape (rows + 1, cols + 1, 2), upright pixels; binary: 255 where there is ink.
    """
    x0, x1 = (
        np.maximum(corners[:-1, :-1, 0], corners[1:, :-1, 0]),
        np.minimum(corners[:-1, 1:, 0], corners[1:, 1:, 0]),
    )
    y0, y1 = (
        np.maximum(corners[:-1, :-1, 1], corners[:-1, 1:, 1]),
        np.minimum(corners[1:, :-1, 1], corners[1:, 1:, 1]),
    )
    inset = settings.parted_margin_em * em / 2
    height, width = binary.shape
    found = np.full((8, *x0.shape), np.nan)
    for r, c in np.ndindex(x0.shape):
        left, right = max(0, int(x0[r, c] + inset)), min(width, int(x1[r, c] - inset))
        top, bottom = max(0, int(y0[r, c] + inset)), min(height, int(y1[r, c] - inset))
        if right - left < 3 or bottom - top < 3:
            continue
        window = (slice(top, bottom), slice(left, right))
        ruled = rulings.horizontal_mask[window] | rulings.vertical_mask[window]
        ink = binary[window] > ruled
        found[:2, r, c] = _reach(np.count_nonzero(ink, axis=0), left, settings.dust_em * em)
        found[2:4, r, c] = _reach(np.count_nonzero(ink, axis=1), top, settings.dust_em * em)
        found[4:, r, c] = left, right, top, bottom
    return Extents(x0, x1, *found[:2], *found[4:6]), Extents(y0, y1, *found[2:4], *found[6:])


def _reach(profile: npt.NDArray[np.signedinteger], offset: int, dust: float) -> tuple[float, float]:
    """The first and one past the last place with more than a pixel of ink, dust at either end left aside: groups less
    than so many pixels long and high."""
    places = np.flatnonzero(profile > 1)
    if len(places) == 0:
        return np.nan, np.nan
    breaks = np.flatnonzero(np.diff(places) > dust / 2)
    first, last = [0, *(breaks + 1).tolist()], [*breaks.tolist(), len(places) - 1]
    while first and _is_dust(profile, int(places[first[0]]), int(places[last[0]]), dust):
        first, last = first[1:], last[1:]
    while first and _is_dust(profile, int(places[first[-1]]), int(places[last[-1]]), dust):
        first, last = first[:-1], last[:-1]
    if not first:
        return np.nan, np.nan
    return float(places[first[0]]) + offset, float(places[last[-1]]) + 1 + offset


def _is_dust(profile: npt.NDArray[np.signedinteger], start: int, end: int, dust: float) -> bool:
    return end - start < dust and int(profile[start : end + 1].max()) < dust
