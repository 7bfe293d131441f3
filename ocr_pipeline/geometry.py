"""Plane geometry of page images.

All coordinates are pixels of a named frame with the origin at the top left, x to the right, y down. A *source*
frame is the page image as it came from the file; an *upright* frame is the same page turned, deskewed and
rectified. Published boxes are always in the source frame.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

Point = tuple[float, float]
GrayImage = npt.NDArray[np.uint8]
"""A single-channel image, shape (height, width), 0 black to 255 white."""
ColourImage = npt.NDArray[np.uint8]
"""A three-channel image in OpenCV's order, shape (height, width, 3), blue green red."""
Mask = npt.NDArray[np.uint8]
"""A mask, shape (height, width), 0 outside and 255 inside."""
FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Box:
    """An axis-aligned rectangle in pixels of one frame: x0 <= x < x1, y0 <= y < y1."""

    x0: float
    y0: float
    x1: float
    y1: float

    def __post_init__(self) -> None:
        if not all(map(math.isfinite, (self.x0, self.y0, self.x1, self.y1))):
            raise ValueError(f"box with a coordinate that is not finite: {self}")
        if self.x1 < self.x0 or self.y1 < self.y0:
            raise ValueError(f"box with negative width or height: {self}")

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    @property
    def area(self) -> float:
        return self.width * self.height

    @property
    def centre(self) -> Point:
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2

    def intersection(self, other: Box) -> float:
        """The area in common with another box of the same frame, in square pixels."""
        width = min(self.x1, other.x1) - max(self.x0, other.x0)
        height = min(self.y1, other.y1) - max(self.y0, other.y0)
        return max(0.0, width) * max(0.0, height)

    def iou(self, other: Box) -> float:
        """Intersection over union, 0 to 1 (0 for two empty boxes)."""
        common = self.intersection(other)
        union = self.area + other.area - common
        return common / union if union > 0 else 0.0

    def union(self, other: Box) -> Box:
        """The smallest box that holds both."""
        return Box(min(self.x0, other.x0), min(self.y0, other.y0), max(self.x1, other.x1), max(self.y1, other.y1))

    def contains(self, point: Point) -> bool:
        return self.x0 <= point[0] < self.x1 and self.y0 <= point[1] < self.y1

    def expanded(self, dx: float, dy: float | None = None) -> Box:
        """The box grown by dx to the left and right and dy (dx if absent) up and down."""
        dy = dx if dy is None else dy
        return Box(self.x0 - dx, self.y0 - dy, self.x1 + dx, self.y1 + dy)

    def clipped(self, width: float, height: float) -> Box:
        """The part inside an image of that size; an empty box on its border when there is none."""
        x0, x1 = (min(max(v, 0.0), width) for v in (self.x0, self.x1))
        y0, y1 = (min(max(v, 0.0), height) for v in (self.y0, self.y1))
        return Box(x0, y0, x1, y1)

    @classmethod
    def around(cls, boxes: Iterable[Box]) -> Box:
        """The smallest box that holds all of them. ValueError when there are none."""
        items = list(boxes)
        if not items:
            raise ValueError("no boxes to go around")
        return cls(
            min(b.x0 for b in items), min(b.y0 for b in items), max(b.x1 for b in items), max(b.y1 for b in items)
        )


@dataclass(frozen=True, slots=True)
class Quad:
    """Four corners in pixels of one frame, clockwise from the top left of the print."""

    points: tuple[Point, Point, Point, Point]

    def __post_init__(self) -> None:
        if len(self.points) != 4 or not all(math.isfinite(v) for p in self.points for v in p):
            raise ValueError(f"a quad needs four finite corners: {self.points}")

    @property
    def box(self) -> Box:
        xs, ys = zip(*self.points, strict=True)
        return Box(min(xs), min(ys), max(xs), max(ys))

    def at(self, across: float, down: float) -> Point:
        """The point at those parts (0 to 1) of its width and height."""
        top_left, top_right, bottom_right, bottom_left = self.points
        top, bottom = _between(top_left, top_right, across), _between(bottom_left, bottom_right, across)
        return _between(top, bottom, down)

    def slice(self, start: float, end: float) -> Quad:
        """The part between two shares of its width."""
        return Quad((self.at(start, 0), self.at(end, 0), self.at(end, 1), self.at(start, 1)))

    @classmethod
    def of_box(cls, box: Box) -> Quad:
        return cls(((box.x0, box.y0), (box.x1, box.y0), (box.x1, box.y1), (box.x0, box.y1)))

    @classmethod
    def of_array(cls, corners: npt.ArrayLike) -> Quad:
        """From any array of shape (4, 2)."""
        rows = np.asarray(corners, dtype=np.float64).reshape(4, 2).tolist()
        return cls(tuple((float(x), float(y)) for x, y in rows))  # type: ignore[arg-type]


def _between(first: Point, second: Point, part: float) -> Point:
    return first[0] + part * (second[0] - first[0]), first[1] + part * (second[1] - first[1])


@dataclass(frozen=True)
class PageTransform:
    """An invertible map from the source frame to the upright frame: projective; where paper was bent, columns shifted
    level, and a second projective map.

    matrix: row-major 3 x 3 homography acting on column vectors (x, y, 1) of source pixels.
    source_size, upright_size: (width, height) in pixels of each frame.
    bend: by how many pixels lines of print lie too low after the homography, at places evenly spread from the first
    column of the upright frame to its last, straight between them; empty for flat paper.
    after: what is done once the bend is out, row-major 3 x 3, in pixels of the upright frame; empty for nothing.
    """

    matrix: tuple[float, ...]
    source_size: tuple[int, int]
    upright_size: tuple[int, int]
    bend: tuple[float, ...] = ()
    after: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if len(self.bend) == 1 or not all(math.isfinite(value) for value in self.bend):
            raise ValueError("a bend needs two finite values at least")
        if len(self.matrix) != 9 or abs(float(np.linalg.det(self.array))) < 1e-12:
            raise ValueError("a page transform needs an invertible 3 x 3 matrix")

    @property
    def array(self) -> FloatArray:
        return np.array(self.matrix, dtype=np.float64).reshape(3, 3)

    @property
    def is_identity(self) -> bool:
        flat = self.source_size == self.upright_size and not self.bend
        return flat and bool(np.allclose(self.array, np.eye(3), atol=1e-12))

    @classmethod
    def identity(cls, width: int, height: int) -> PageTransform:
        return cls((1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0), (width, height), (width, height))

    @classmethod
    def of_array(cls, matrix: Any, source_size: tuple[int, int], upright_size: tuple[int, int]) -> PageTransform:
        flat = np.asarray(matrix, dtype=np.float64).reshape(9)
        return cls(tuple(float(v) for v in flat / flat[8]), source_size, upright_size)

    def then(self, other: PageTransform) -> PageTransform:
        """This map followed by another whose source frame is this one's upright frame."""
        if other.source_size != self.upright_size:
            raise ValueError("the frames of the two transforms do not meet")
        if self.bend:
            if other.bend or other.upright_size != other.source_size:
                raise ValueError("after a bend only a map that keeps the page's size can follow")
            done = other.array @ (np.array(self.after).reshape(3, 3) if self.after else np.eye(3))
            return replace(self, after=tuple(float(v) for v in (done / done[2, 2]).ravel()))
        whole = PageTransform.of_array(other.array @ self.array, self.source_size, other.upright_size)
        return replace(whole, bend=other.bend, after=other.after)

    def to_upright(self, points: npt.ArrayLike) -> FloatArray:
        """Source pixels, shape (n, 2), to upright pixels."""
        upright = _apply(self.array, points)
        if self.bend:
            upright[:, 1] -= self._too_low(upright[:, 0])
        return _apply(np.array(self.after).reshape(3, 3), upright) if self.after else upright

    def to_source(self, points: npt.ArrayLike) -> FloatArray:
        """Upright pixels, shape (n, 2), to source pixels."""
        if self.bend:
            bent = np.array(points, dtype=np.float64).reshape(-1, 2)
            bent = _apply(_inverse(self.after), bent) if self.after else bent
            bent[:, 1] += self._too_low(bent[:, 0])
            points = bent
        return _apply(_inverse(self.matrix), points)

    def _too_low(self, x: FloatArray) -> FloatArray:
        places = np.linspace(0.0, self.upright_size[0] - 1.0, len(self.bend))
        result: FloatArray = np.interp(x, places, np.array(self.bend))
        return result

    def quad_to_source(self, shape: Box | Quad) -> Quad:
        """The four corners of an upright box or quad, in source pixels."""
        return self.quads_to_source([shape])[0]

    def quads_to_source(self, shapes: Sequence[Box | Quad]) -> list[Quad]:
        """The four corners of each upright box or quad, in source pixels; of many at once in a tenth of the time."""
        quads = [Quad.of_box(shape) if isinstance(shape, Box) else shape for shape in shapes]
        corners = self.to_source(np.array([quad.points for quad in quads], dtype=np.float64).reshape(-1, 2))
        return [Quad.of_array(four) for four in corners.reshape(-1, 4, 2)]

    def quad_to_upright(self, shape: Box | Quad) -> Quad:
        """The four corners of a source box or quad, in upright pixels."""
        quad = Quad.of_box(shape) if isinstance(shape, Box) else shape
        return Quad.of_array(self.to_upright(np.array(quad.points)))


@lru_cache(maxsize=8)
def _inverse(matrix: tuple[float, ...]) -> FloatArray:
    """Kept, as every cell of a page asks for the same."""
    inverse: FloatArray = np.asarray(np.linalg.inv(np.array(matrix, dtype=np.float64).reshape(3, 3)))
    inverse.setflags(write=False)
    return inverse


def _apply(matrix: FloatArray, points: npt.ArrayLike) -> FloatArray:
    flat = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    homogeneous = np.hstack([flat, np.ones((len(flat), 1))]) @ matrix.T
    result: FloatArray = homogeneous[:, :2] / homogeneous[:, 2:3]
    return result


def runs(flags: npt.NDArray[np.bool_], gap: int = 0) -> list[tuple[int, int]]:
    """Runs of True as (start, stop), joined over gaps of up to `gap`."""
    places = np.flatnonzero(flags)
    if len(places) == 0:
        return []
    first, last = int(places[0]), int(places[-1])
    if last - first < len(places) + gap:  # too little is missing for two
        return [(first, last + 1)]
    breaks = np.flatnonzero(np.diff(places) > gap + 1)
    starts = [first, *(int(places[i + 1]) for i in breaks)]
    stops = [*(int(places[i]) + 1 for i in breaks), last + 1]
    return list(zip(starts, stops, strict=True))
