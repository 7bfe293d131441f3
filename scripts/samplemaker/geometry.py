"""Points, boxes, quads and homographies. Every frame here has its origin top left and y pointing down."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Points = NDArray[np.float64]
Box = tuple[float, float, float, float]


def box_points(box: Box) -> Points:
    """Corners of a box, clockwise from its top left."""
    x0, y0, x1, y1 = box
    return np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], dtype=np.float64)


def bounds(points: Points) -> Box:
    """The upright box round points."""
    low, high = points.min(axis=0), points.max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def union(boxes: Sequence[Box]) -> Box:
    """The upright box round boxes; there must be one at least."""
    return (
        min(b[0] for b in boxes),
        min(b[1] for b in boxes),
        max(b[2] for b in boxes),
        max(b[3] for b in boxes),
    )


def scaling(factor: float) -> Matrix:
    """The map that multiplies both coordinates."""
    return np.asarray(np.diag([factor, factor, 1.0]), dtype=np.float64)


def translation(dx: float, dy: float) -> Matrix:
    """The map that moves by (dx, dy)."""
    return np.array([[1.0, 0.0, dx], [0.0, 1.0, dy], [0.0, 0.0, 1.0]])


def rotation(degrees: float, x: float, y: float) -> Matrix:
    """Turn about (x, y), counter-clockwise as seen on the picture for positive degrees."""
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    turn = np.array([[c, s, 0.0], [-s, c, 0.0], [0.0, 0.0, 1.0]])
    return translation(x, y) @ turn @ translation(-x, -y)


def quarter_turns(degrees: int, width: float, height: float) -> Matrix:
    """Turn a width x height page counter-clockwise by 0, 90, 180 or 270 degrees and move it back to the origin."""
    turn = {0: (1, 0, 0, 1), 90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}[degrees % 360]
    matrix = np.array([[turn[0], turn[1], 0.0], [turn[2], turn[3], 0.0], [0.0, 0.0, 1.0]], dtype=np.float64)
    corner = bounds(apply(matrix, box_points((0, 0, width, height))))
    return translation(-corner[0], -corner[1]) @ matrix


def four_points(source: Points, target: Points) -> Matrix:
    """The homography that carries four source points onto four target points."""
    rows: list[list[float]] = []
    values: list[float] = []
    for (x, y), (u, v) in zip(source.tolist(), target.tolist(), strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y])
        values += [u, v]
    solved = np.linalg.solve(np.array(rows), np.array(values))
    return np.append(solved, 1.0).reshape(3, 3)


def apply(matrix: Matrix, points: Points) -> Points:
    """Carry points (n x 2) through a homography."""
    lifted = np.column_stack([points, np.ones(len(points))]) @ matrix.T
    return np.asarray(lifted[:, :2] / lifted[:, 2:3])


def skew_at(matrix: Matrix, x: float, y: float) -> float:
    """Degrees a level line through (x, y) is turned by the map, positive counter-clockwise."""
    left, right = apply(matrix, np.array([[x - 1.0, y], [x + 1.0, y]]))
    return -math.degrees(math.atan2(right[1] - left[1], right[0] - left[0]))
