"""Second evidence for a side: how the print stands in the squares to either side of it.

Only used to decide sides in doubt, and such sides are recorded as invented where no ruling ink supports them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ocr_pipeline.clean.rulings import Rulings
from ocr_pipeline.geometry import FloatArray, Mask
from ocr_pipeline.settings import TableSettings
from ocr_pipeline.tables.edges import BoolGrid


@dataclass(frozen=True)
class Extents:
    """From where to where the print of each square runs in one direction, and where the square itself begins and ends,
    upright pixels; all of shape (rows, columns). first and last are NaN where there is no print."""

    low: FloatArray
    high: FloatArray
    first: FloatArray
    last: FloatArray

    def off_centre(self) -> FloatArray:
        """How far from the middle of its square print stands, as a share of the square; NaN without print."""
        away: FloatArray = np.abs((self.first + self.last) - (self.low + self.high)) / 2 / (self.high - self.low)
        return away

    def midway(self, margin: float, settings: TableSettings) -> BoolGrid:
        """Where print keeps a margin (pixels) from both ends of its square and stands in its middle."""
        clear = (self.first - self.low >= margin) & (self.high - self.last >= margin)
        middle: BoolGrid = clear & (self.off_centre() <= settings.parted_off_centre)
        return middle


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
    found = np.full((4, *x0.shape), np.nan)
    for r, c in np.ndindex(x0.shape):
        left, right = max(0, int(x0[r, c] + inset)), min(width, int(x1[r, c] - inset))
        top, bottom = max(0, int(y0[r, c] + inset)), min(height, int(y1[r, c] - inset))
        if right - left < 3 or bottom - top < 3:
            continue
        window = (slice(top, bottom), slice(left, right))
        ruled = rulings.horizontal_mask[window] | rulings.vertical_mask[window]
        ink = binary[window] > ruled
        found[:2, r, c] = _reach(np.count_nonzero(ink, axis=0), left)
        found[2:, r, c] = _reach(np.count_nonzero(ink, axis=1), top)
    return Extents(x0, x1, found[0], found[1]), Extents(y0, y1, found[2], found[3])


def _reach(profile: npt.NDArray[np.signedinteger], offset: int) -> tuple[float, float]:
    """The first and one past the last place with more than a pixel of ink."""
    places = np.flatnonzero(profile > 1)
    if len(places) == 0:
        return np.nan, np.nan
    return float(places[0]) + offset, float(places[-1]) + 1 + offset


def parted_sides(across: Extents, down: Extents, em: float, settings: TableSettings) -> tuple[BoolGrid, BoolGrid]:
    """For each side of each square whether print on both sides of it is set for two cells (shapes as in Edges)."""
    count_rows, count_columns = across.low.shape
    margin = settings.parted_margin_em * em
    rows = np.zeros((count_rows + 1, count_columns), bool)
    columns = np.zeros((count_rows, count_columns + 1), bool)
    centred_x, centred_y = across.midway(margin, settings), down.midway(margin, settings)
    columns[:, 1:-1] = centred_x[:, :-1] & centred_x[:, 1:]
    rows[1:-1, :] = centred_y[:-1, :] & centred_y[1:, :]
    return rows, columns
