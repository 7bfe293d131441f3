"""Second evidence for a side: how the print stands in the squares to either side of it.

Only used to decide sides in doubt, and such sides are recorded as invented where no ruling ink supports them.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from ocr_pipeline.clean.lines import Rulings
from ocr_pipeline.geometry import FloatArray, Mask, runs
from ocr_pipeline.settings import TableSettings

# Print is at most so many times as high as its lines: figures are lower than characters.
_LINE_SIZE = 1.3


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
    places = np.stack([x0 + inset, x1 - inset, y0 + inset, y1 - inset])
    found = _found(places, binary, rulings, settings.dust_em * em)
    size = print_size(found[3] - found[2], em)
    if size < settings.small_print * em:
        # What is dust beside the page's print may be a figure of the table's.
        found = _found(places, binary, rulings, settings.dust_em * size)
    return Extents(x0, x1, *found[:2], *found[4:6]), Extents(y0, y1, *found[2:4], *found[6:])


def print_size(heights: FloatArray, em: float) -> float:
    """The size of a table's own print in pixels by the height of the print in its squares, NaN where there is none:
    often smaller than the page's (em), never larger."""
    known = heights[~np.isnan(heights)]
    return min(em, _LINE_SIZE * float(np.median(known))) if len(known) else em


def _found(places: FloatArray, binary: Mask, rulings: Rulings, dust: float) -> FloatArray:
    """From where to where there is print in each square, across (first, last) and down, and where it was looked for,
    across (since, until) and down; shape (8, rows, columns). places: of the squares' insides, left, right, top and
    bottom; dust: pixels."""
    height, width = binary.shape
    found = np.full((8, *places.shape[1:]), np.nan)
    for r, c in np.ndindex(places.shape[1:]):
        x0, x1, y0, y1 = places[:, r, c].tolist()
        left, right = max(0, int(x0)), min(width, int(x1))
        top, bottom = max(0, int(y0)), min(height, int(y1))
        if right - left < 3 or bottom - top < 3:
            continue
        found[4:, r, c] = left, right, top, bottom
        window = (slice(top, bottom), slice(left, right))
        ruled = cv2.bitwise_or(rulings.horizontal_mask[window], rulings.vertical_mask[window])
        printed = cv2.compare(binary[window], ruled, cv2.CMP_GT)
        x, y, wide, high = cv2.boundingRect(printed)
        if wide == 0:
            continue
        ink = printed[y : y + high, x : x + wide] > 0
        found[:2, r, c] = _reach(ink.T, left + x, dust)
        found[2:4, r, c] = _reach(ink, top + y, dust)
    return found


def _reach(ink: npt.NDArray[np.bool_], offset: int, dust: float) -> tuple[float, float]:
    """The first and one past the last place along the first axis with more than a pixel of ink, dust at either end left
    aside: groups less than so many pixels long and high."""
    groups = runs(np.count_nonzero(ink, axis=1) > 1, int(dust / 2) - 1)
    while groups and _is_dust(ink, *groups[0], dust):
        groups = groups[1:]
    while groups and _is_dust(ink, *groups[-1], dust):
        groups = groups[:-1]
    if not groups:
        return np.nan, np.nan
    return float(groups[0][0] + offset), float(groups[-1][1] + offset)


def _is_dust(ink: npt.NDArray[np.bool_], start: int, end: int, dust: float) -> bool:
    """Whether a group from start to end (exclusive) is short, and low by all places across that have ink: of a narrow
    figure no single column of pixels may be filled as high."""
    return end - 1 - start < dust and int(np.count_nonzero(ink[start:end].any(axis=0))) < dust
