"""A page photographed or fed slightly askew: rulings that lean by where they stand are set straight.

On an upright page under perspective the slope of horizontal rulings changes steadily from top to bottom, that of
vertical rulings from left to right. Lines fitted to both give the frame's four corners, and so the projective map.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from ocr_pipeline.clean.lines import Ruling, Rulings, cross
from ocr_pipeline.geometry import FloatArray, PageTransform
from ocr_pipeline.settings import CleanSettings

BoolArray = npt.NDArray[np.bool_]


def find_keystone(rulings: Rulings, size: tuple[int, int], em: float, settings: CleanSettings) -> PageTransform | None:
    """The map that sets the page's rulings straight; None when they are straight already or too few to tell.

    size: (width, height) of the page in pixels; the result keeps that size.
    """
    shortest = settings.keystone_min_length_em * em
    level = [r for r in rulings.horizontal if r.length >= shortest]
    upright = [r for r in rulings.vertical if r.length >= shortest]
    # The shadow along the paper's edge is long and straight, but crosses nothing.
    rows = [r for r in level if any(cross(r, c, em) for c in upright)]
    columns = [c for c in upright if any(cross(r, c, em) for r in level)]
    if len(rows) < settings.keystone_min_rulings or len(columns) < settings.keystone_min_rulings:
        return None
    top, bottom = min(r.middle for r in rows), max(r.middle for r in rows)
    left, right = min(r.middle for r in columns), max(r.middle for r in columns)
    if bottom - top < shortest or right - left < shortest:
        return None
    row_slope, column_slope = (_slope_model(those, max(size), settings) for those in (rows, columns))
    centre_x, centre_y = (left + right) / 2, (top + bottom) / 2
    corners = np.array(
        [
            _cross(x, column_slope(x), y, row_slope(y), centre_x, centre_y)
            for x, y in ((left, top), (right, top), (right, bottom), (left, bottom))
        ],
        dtype=np.float32,
    )
    straight = np.array([(left, top), (right, top), (right, bottom), (left, bottom)], dtype=np.float32)
    if float(np.abs(corners - straight).max()) < settings.keystone_tolerance_em * em:
        return None
    matrix = cv2.getPerspectiveTransform(corners, straight)
    return PageTransform.of_array(matrix, size, size)


class _slope_model:  # noqa: N801 - used like a function
    """Slope as a straight line of the position across, by weighted least squares on those that agree on one."""

    def __init__(self, rulings: list[Ruling], side: int, settings: CleanSettings) -> None:
        """side: the longer side of the page in pixels."""
        position = np.array([r.middle for r in rulings])
        slope = np.array([r.slope for r in rulings])
        # The slope of a line of length L is known to within 1 / L**1.5.
        weight = np.array([r.length for r in rulings]) ** 1.5
        keep = _agreeing(position, slope, weight, settings.keystone_steepest / side, settings)
        spread = float(np.ptp(position[keep])) if keep.any() else 0.0
        degree = 1 if spread > 0 and np.count_nonzero(keep) >= 3 else 0
        self._coefficients = np.polyfit(position[keep], slope[keep], degree, w=weight[keep])

    def __call__(self, position: float) -> float:
        return float(np.polyval(self._coefficients, position))


def _agreeing(
    position: FloatArray, slope: FloatArray, weight: FloatArray, steepest: float, settings: CleanSettings
) -> BoolArray:
    """The rulings whose slopes lie along one course, the heaviest such set: through each (all slopes alike) and
    through each two (slopes that change steadily)."""
    best, heaviest = np.ones(len(slope), bool), -1.0
    courses = [(slope[i], 0.0, position[i]) for i in range(len(slope))]
    for i in range(len(slope)):
        for j in range(i):
            if position[i] != position[j]:
                change = (slope[i] - slope[j]) / (position[i] - position[j])
                if abs(change) <= steepest:
                    courses.append((slope[i], change, position[i]))
    for start, change, origin in courses:
        agree = np.abs(slope - start - change * (position - origin)) < settings.keystone_agree
        total = float(weight[agree].sum())
        if total > heaviest + 1e-9:
            best, heaviest = agree, total
    return best


def _cross(x: float, column_slope: float, y: float, row_slope: float, cx: float, cy: float) -> tuple[float, float]:
    """Where the column line through (x, cy) meets the row line through (cx, y)."""
    # Column: X = x + column_slope * (Y - cy); row: Y = y + row_slope * (X - cx).
    found_y = (y + row_slope * (x - cx - column_slope * cy)) / (1 - row_slope * column_slope)
    return x + column_slope * (found_y - cy), found_y
