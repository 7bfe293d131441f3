"""Rectangular rims among other ink: four straight strokes that end where they meet."""

from __future__ import annotations

from itertools import combinations

import cv2
import numpy as np
import numpy.typing as npt

from ocr_pipeline.geometry import Mask

Floats = npt.NDArray[np.float64]
LEAST_SIDE_SHARE = 0.6
"""Share of each side that has ink,"""
LEAST_COVER = 0.8
"""and of all four together."""


def find_rectangles(strokes: Mask, least: float, most: float, *, count: int = 3) -> list[tuple[Floats, float]]:
    """Corners (clockwise from the top left, shape (4, 2)) and cover (0 to 1) of rectangular rims, the best first.

    strokes: uint8 mask with print some 12 pixels high; least, most: length of the shorter and longer side in pixels.
    Rulings are none: they go on beyond the corners or are longer than any stamp.
    """
    lines = _straight_strokes(strokes, least, most)
    if len(lines) < 4:
        return []
    near = cv2.dilate(strokes, np.ones((3, 3), np.uint8)) > 0
    found: list[tuple[Floats, float]] = []
    for alike in _by_angle(lines):
        level = [line for line in alike if abs(line[1, 0] - line[0, 0]) >= abs(line[1, 1] - line[0, 1])]
        upright = [line for line in alike if abs(line[1, 0] - line[0, 0]) < abs(line[1, 1] - line[0, 1])]
        for top, bottom in _pairs(level, 1, least, most):
            for left, right in _pairs(upright, 0, least, most):
                corners = _corners(top, right, bottom, left)
                if corners is not None and _is_rectangle(corners, least, most):
                    found.append((corners, _cover(corners, near)))
    found = [item for item in found if item[1] >= LEAST_COVER]
    found.sort(key=lambda item: -item[1])
    return _apart(found)[:count]


def _straight_strokes(strokes: Mask, least: float, most: float) -> list[Floats]:
    """Ends of straight strokes, each shape (2, 2), that a stamp's side may be, the longest first."""
    segments = cv2.HoughLinesP(
        without_rulings(strokes, most),
        1,
        np.pi / 360,
        round(0.45 * least),
        minLineLength=0.6 * least,
        maxLineGap=0.25 * least,
    )
    if segments is None:
        return []
    ends = [segment.reshape(2, 2).astype(np.float64) for segment in segments]
    fitting = [line for line in ends if float(np.hypot(*(line[1] - line[0]))) <= 1.05 * most]
    fitting.sort(key=lambda line: -float(np.hypot(*(line[1] - line[0]))))
    kept: list[Floats] = []
    for line in fitting[:120]:
        if not any(_beside(line, other) for other in kept):
            kept.append(line)
    return kept


def without_rulings(strokes: Mask, most: float) -> Mask:
    """Without straight strokes longer than any stamp's side, which would crowd out those of a stamp."""
    rulings = cv2.HoughLinesP(strokes, 1, np.pi / 720, round(0.7 * most), minLineLength=most, maxLineGap=0.05 * most)
    left = strokes.copy()
    for x0, y0, x1, y1 in rulings.reshape(-1, 4).tolist() if rulings is not None else ():
        cv2.line(left, (x0, y0), (x1, y1), 0, 4)
    return left


def _by_angle(lines: list[Floats]) -> list[list[Floats]]:
    """Strokes that are parallel or at right angles to each other, twenty at most of each angle, the longest."""
    angles = np.array([np.degrees(np.arctan2(*(line[1] - line[0])[::-1])) % 90.0 for line in lines])
    groups = []
    for middle in sorted({round(float(angle) / 2.5) * 2.5 for angle in angles}):
        near = np.flatnonzero(np.abs((angles - middle + 45.0) % 90.0 - 45.0) <= 2.5)
        if len(near) >= 4:
            groups.append([lines[i] for i in near[:20].tolist()])
    return groups


def _beside(line: Floats, other: Floats) -> bool:
    """Whether a stroke lies along a longer one."""
    along = (other[1] - other[0]) / max(float(np.hypot(*(other[1] - other[0]))), 1e-6)
    normal = np.array([-along[1], along[0]])
    return bool(np.all(np.abs((line - other[0]) @ normal) < 2.5))


def _pairs(lines: list[Floats], axis: int, least: float, most: float) -> list[tuple[Floats, Floats]]:
    """Pairs of nearly parallel strokes, the one nearer to the origin along the axis first."""
    found = []
    for one, two in combinations(lines, 2):
        gap = abs(float(one[:, axis].mean() - two[:, axis].mean()))
        if 0.7 * least <= gap <= most and abs(_slope(one, axis) - _slope(two, axis)) < 0.06:
            found.append((one, two) if one[:, axis].mean() < two[:, axis].mean() else (two, one))
    return found


def _slope(line: Floats, axis: int) -> float:
    step = line[1] - line[0]
    return float(step[axis] / step[1 - axis]) if step[1 - axis] else 0.0


def _corners(top: Floats, right: Floats, bottom: Floats, left: Floats) -> Floats | None:
    """Where the four sides meet, clockwise from the top left."""
    points = [_meet(top, left), _meet(top, right), _meet(bottom, right), _meet(bottom, left)]
    if any(point is None for point in points):
        return None
    return np.array(points, dtype=np.float64)


def _meet(one: Floats, two: Floats) -> Floats | None:
    first, second = one[1] - one[0], two[1] - two[0]
    turn = float(first[0] * second[1] - first[1] * second[0])
    if abs(turn) < 1e-6:
        return None
    off = two[0] - one[0]
    point: Floats = one[0] + first * float(off[0] * second[1] - off[1] * second[0]) / turn
    return point


def _is_rectangle(corners: Floats, least: float, most: float) -> bool:
    sides = np.roll(corners, -1, axis=0) - corners
    lengths = np.hypot(sides[:, 0], sides[:, 1])
    if lengths.min() < 0.7 * least or lengths.max() > most:
        return False
    directions = sides / lengths[:, None]
    return bool(np.all(np.abs((directions * np.roll(directions, -1, axis=0)).sum(axis=1)) < 0.07))


def _cover(corners: Floats, near: npt.NDArray[np.bool_]) -> float:
    """How much of the sides has ink, less what goes on beyond the corners; 0 where a side has too little."""
    following = np.roll(corners, -1, axis=0)
    shares = [_inked(a, b, near, 0.04, 0.96) for a, b in zip(corners, following, strict=True)]
    if min(shares) < LEAST_SIDE_SHARE:
        return 0.0
    beyond = [
        _inked(a, b, near, *ends)
        for a, b in zip(corners, following, strict=True)
        for ends in ((-0.3, -0.06), (1.06, 1.3))
    ]
    return sum(shares) / 4 - sum(beyond) / 8


def _inked(a: Floats, b: Floats, near: npt.NDArray[np.bool_], start: float, stop: float) -> float:
    """The share of the way from a to b, between two shares of it, that has ink within a pixel and a half."""
    x, y = (a + np.linspace(start, stop, 60)[:, None] * (b - a)).round().astype(int).T
    inside = (x >= 0) & (y >= 0) & (x < near.shape[1]) & (y < near.shape[0])
    return float(near[y[inside], x[inside]].sum()) / 60


def _apart(found: list[tuple[Floats, float]]) -> list[tuple[Floats, float]]:
    """Without those that lie mostly on a better one."""
    kept: list[tuple[Floats, float]] = []
    for corners, cover in found:
        area = float(cv2.contourArea(corners.astype(np.float32)))
        if all(_common(corners, other) < 0.3 * area for other, _ in kept):
            kept.append((corners, cover))
    return kept


def _common(one: Floats, two: Floats) -> float:
    return float(cv2.intersectConvexConvex(one.astype(np.float32), two.astype(np.float32))[0])
