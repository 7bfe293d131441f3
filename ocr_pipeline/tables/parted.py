"""Second evidence for a side: print that stands in the middle of the squares to either side of it.

Only used to decide sides in doubt, and such sides are recorded as invented where no ruling ink supports them.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ocr_pipeline.clean.rulings import Rulings
from ocr_pipeline.geometry import FloatArray, Mask
from ocr_pipeline.settings import TableSettings
from ocr_pipeline.tables.edges import BoolGrid


def parted_sides(
    corners: FloatArray, binary: Mask, rulings: Rulings, em: float, settings: TableSettings
) -> tuple[BoolGrid, BoolGrid]:
    """For each side of each square whether print on both sides of it is set for two cells (shapes as in Edges).

    corners: shape (rows + 1, cols + 1, 2), upright pixels; binary: 255 where there is ink.
    """
    count_rows, count_columns = corners.shape[0] - 1, corners.shape[1] - 1
    rows = np.zeros((count_rows + 1, count_columns), bool)
    columns = np.zeros((count_rows, count_columns + 1), bool)
    centred_x = np.zeros((count_rows, count_columns), bool)
    centred_y = np.zeros((count_rows, count_columns), bool)
    for r in range(count_rows):
        for c in range(count_columns):
            centred_x[r, c], centred_y[r, c] = _centred(corners[r : r + 2, c : c + 2], binary, rulings, em, settings)
    columns[:, 1:-1] = centred_x[:, :-1] & centred_x[:, 1:]
    rows[1:-1, :] = centred_y[:-1, :] & centred_y[1:, :]
    return rows, columns


def _centred(
    corners: FloatArray, binary: Mask, rulings: Rulings, em: float, settings: TableSettings
) -> tuple[bool, bool]:
    """Whether a square's print keeps clear of its left and right (top and bottom) and stands midway between them."""
    height, width = binary.shape
    x0, x1 = corners[:, 0, 0].max(), corners[:, 1, 0].min()
    y0, y1 = corners[0, :, 1].max(), corners[1, :, 1].min()
    margin = settings.parted_margin_em * em
    left, right = max(0, int(x0 + margin / 2)), min(width, int(x1 - margin / 2))
    top, bottom = max(0, int(y0 + margin / 2)), min(height, int(y1 - margin / 2))
    if right - left < 3 or bottom - top < 3:
        return False, False
    window = (slice(top, bottom), slice(left, right))
    ink = (binary[window] > 0) & (rulings.horizontal_mask[window] == 0) & (rulings.vertical_mask[window] == 0)
    return (
        _midway(np.flatnonzero(ink.sum(axis=0) > 1) + left, float(x0), float(x1), margin, settings),
        _midway(np.flatnonzero(ink.sum(axis=1) > 1) + top, float(y0), float(y1), margin, settings),
    )


def _midway(
    places: npt.NDArray[np.signedinteger], low: float, high: float, margin: float, settings: TableSettings
) -> bool:
    if len(places) == 0:
        return False
    first, last = float(places[0]), float(places[-1]) + 1
    if first - low < margin or high - last < margin:
        return False
    return abs((first + last) / 2 - (low + high) / 2) <= settings.parted_off_centre * (high - low)
