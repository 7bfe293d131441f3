"""A sheet photographed on something darker: cut out and set straight by its four corners.

Rulings alone tell a slight perspective (see keystone.py). A page photographed from aside leans more than rulings can be
traced at, but its own outline shows: the largest bright quadrangle, as in scanners on telephones. A sheet that is only
turned, as on a scanner with an open lid, is left to the skew.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import cv2
import numpy as np

from ocr_pipeline.geometry import ColourImage, FloatArray, GrayImage, PageTransform
from ocr_pipeline.settings import SheetSettings

_A_SERIES = 2**0.5
"""The longer side of A4, and of all its kin, over the shorter one (ISO 216)."""
_A4_INCHES = 11.69


@dataclass(frozen=True)
class Sheet:
    """A sheet in a photograph. cut: the map from the photograph to the sheet, about as large as it is there; dpi: its
    resolution then, as of A4, where it has the shape of that; pages of one document come out alike."""

    cut: PageTransform
    dpi: float | None


def find_sheet(image: ColourImage, settings: SheetSettings) -> Sheet | None:
    """The sheet in a photograph; None where the image is the sheet, or the sheet is not seen whole, or its sides are
    parallel already.

    image: BGR uint8, shape (h, w, 3).
    """
    step = max(1, max(image.shape[:2]) // settings.side)
    edges = [image[[0, -1], ::step].ravel(), image[::step, [0, -1]].ravel()]
    if float(np.median(np.concatenate(edges))) > 255 - settings.darker:
        return None  # white to its edges, as nearly every scan is
    small = cv2.cvtColor(np.ascontiguousarray(image[::step, ::step]), cv2.COLOR_BGR2GRAY).astype(np.uint8)
    outline = _outline(small, settings)
    if outline is None:
        return None
    corners = _corners(outline, small.shape, settings)
    if corners is None or _parallel(corners) < settings.least_lean:
        return None
    middle = corners.mean(axis=0)
    corners = middle + (corners - middle) * (1 - settings.rim)
    return _cut_along(corners * step + (step - 1) / 2, (image.shape[1], image.shape[0]), settings)


def take_sheet(image: ColourImage, sheet: Sheet) -> ColourImage:
    """The sheet by itself."""
    warped = cv2.warpPerspective(
        image, sheet.cut.array, sheet.cut.upright_size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return warped.astype(np.uint8, copy=False)


def _outline(gray: GrayImage, settings: SheetSettings) -> FloatArray | None:
    """The points along the largest bright part's outline, shape (n, 2), where it lies on something darker."""
    ring = np.concatenate([gray[:2].ravel(), gray[-2:].ravel(), gray[:, :2].ravel(), gray[:, -2:].ravel()])
    paper = float(np.percentile(gray, settings.paper))
    if float(np.median(ring)) > paper - settings.darker:
        return None
    level, bright = cv2.threshold(cv2.medianBlur(gray, 5), 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    if np.mean(ring > level) > settings.most_at_edge:
        return None
    contours, _ = cv2.findContours(bright, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not contours:
        return None
    hull = cv2.convexHull(max(contours, key=cv2.contourArea))
    if cv2.contourArea(hull) < settings.least_area * gray.size:
        return None
    return np.asarray(hull[:, 0], dtype=np.float64)


def _corners(hull: FloatArray, shape: tuple[int, ...], settings: SheetSettings) -> FloatArray | None:
    """The four corners of an outline, clockwise from the top left, shape (4, 2); None where it is no quadrangle that
    lies within the picture."""
    points = hull.astype(np.float32)[:, None]
    rough = cv2.approxPolyDP(points, settings.straight * cv2.arcLength(points, True), True)[:, 0]
    if len(rough) != 4:
        return None
    sides = [_side(hull, start, end) for start, end in itertools.pairwise([*rough, rough[0]])]
    found = [_crossing(before, after) for before, after in zip([sides[-1], *sides[:-1]], sides, strict=True)]
    corners = np.array(found)
    area = float(cv2.contourArea(points))
    if not np.isfinite(corners).all() or cv2.contourArea(corners.astype(np.float32)) * settings.least_filled > area:
        return None
    # A corner may lie a little off the picture, as its two sides show where.
    reach = settings.off_picture * min(shape)
    if not ((corners > -reach) & (corners < (shape[1] + reach, shape[0] + reach))).all():
        return None
    around = corners - corners.mean(axis=0)
    first = int(np.argmin(around.sum(axis=1)))
    ordered = np.roll(corners, -first, axis=0)
    clockwise = cv2.contourArea(ordered.astype(np.float32), oriented=True) > 0
    return ordered if clockwise else np.concatenate([ordered[:1], ordered[:0:-1]])


def _side(hull: FloatArray, start: FloatArray, end: FloatArray) -> FloatArray:
    """The line along one side: a point and a direction, shape (4,) as cv2.fitLine gives them the other way round."""
    along = (end - start) / max(float(np.hypot(*(end - start))), 1e-9)
    dense = _dense(hull)
    share = (dense - start) @ along / max(float(np.hypot(*(end - start))), 1e-9)
    away = np.abs((dense - start) @ np.array([-along[1], along[0]]))
    near = dense[(share > 0.1) & (share < 0.9) & (away < 0.02 * float(np.hypot(*(end - start))) + 2)]
    if len(near) < 2:
        near = np.array([start, end])
    line = cv2.fitLine(near.astype(np.float32), cv2.DIST_HUBER, 0, 0.01, 0.01).ravel()
    return np.asarray(line, dtype=np.float64)


def _dense(hull: FloatArray) -> FloatArray:
    """Points at every pixel along a hull, so that long straight stretches count by their length."""
    parts = []
    for start, end in itertools.pairwise([*hull, hull[0]]):
        count = max(1, int(np.hypot(*(end - start))))
        parts.append(start + (end - start) * (np.arange(count) / count)[:, None])
    return np.concatenate(parts)


def _crossing(one: FloatArray, other: FloatArray) -> FloatArray:
    """Where two lines (direction x, y, point x, y) meet; infinite where they do not."""
    matrix = np.array([[one[0], -other[0]], [one[1], -other[1]]])
    if abs(float(np.linalg.det(matrix))) < 1e-6:
        return np.full(2, np.inf)
    share = np.linalg.solve(matrix, other[2:] - one[2:])
    result: FloatArray = one[2:] + share[0] * one[:2]
    return result


def _parallel(corners: FloatArray) -> float:
    """By how much (radians) the worse pair of opposite sides is off parallel."""
    sides = np.diff(np.concatenate([corners, corners[:1]]), axis=0)
    angles = np.arctan2(sides[:, 1], sides[:, 0])
    off = [(angles[i] - angles[i + 2] + np.pi) % (2 * np.pi) for i in (0, 1)]
    return max(min(value, 2 * np.pi - value) for value in off)


def _cut_along(corners: FloatArray, size: tuple[int, int], settings: SheetSettings) -> Sheet:
    """The rectangle with the sides' mean lengths, of the shape of A4 where it comes near to that. size: the
    picture's, in pixels."""
    lengths = np.hypot(*np.diff(np.concatenate([corners, corners[:1]]), axis=0).T)
    width, height = (lengths[0] + lengths[2]) / 2, (lengths[1] + lengths[3]) / 2
    shape, dpi = height / width, None
    for usual in (_A_SERIES, 1 / _A_SERIES):
        if abs(shape / usual - 1) <= settings.near_a4:
            width, height = (width * height / usual) ** 0.5, (width * height * usual) ** 0.5
            dpi = float(max(width, height) / _A4_INCHES)
    whole = max(1, round(width)), max(1, round(height))
    target = np.array([(0, 0), (whole[0] - 1, 0), (whole[0] - 1, whole[1] - 1), (0, whole[1] - 1)], np.float32)
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), target)
    return Sheet(PageTransform.of_array(matrix, size, whole), dpi)
