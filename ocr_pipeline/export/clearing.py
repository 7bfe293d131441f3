"""The part of a tilted cell that no other cell's upright box reaches into.

On a crooked page a cell's box also covers slivers of its neighbours. Text that is laid within the part found here is
found in its own cell's box and in no other.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ocr_pipeline.geometry import Box, Point, Quad

_LEAST = 0.15
"""A cell keeps at least this part of its width and height; where less is clear, an overlap is the smaller evil."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a quad: u along its upper edge, v down its left one, each from 0 to 1."""

    u0: float = 0.0
    v0: float = 0.0
    u1: float = 1.0
    v1: float = 1.0

    @property
    def area(self) -> float:
        return (self.u1 - self.u0) * (self.v1 - self.v0)

    @property
    def usable(self) -> bool:
        return min(self.u1 - self.u0, self.v1 - self.v0) >= _LEAST


def clear_part(quad: Quad, others: Iterable[Box], line_height: float) -> Quad:
    """The quad less what the boxes of others cover, cut along its own edges. line_height: of its text, in pixels.

    Quads that are not tilted, and those that hardly anything would be left of, stay as they are.
    """
    (x0, y0), (x1, y1), _, (x3, y3) = quad.points
    along, down = (x1 - x0, y1 - y0), (x3 - x0, y3 - y0)
    area = along[0] * down[1] - along[1] * down[0]
    length = math.hypot(*along)
    tilt = min(abs(along[0]), abs(along[1])) / length if length else 0.0
    if area <= 0 or tilt * length < 1:
        return quad
    # The upright box of a tilted character is a little larger than the character.
    reach = 1 + tilt * line_height
    part = _Part()
    for box in others:
        corners = Quad.of_box(box.expanded(reach)).points
        in_quad = [
            (
                ((x - x0) * down[1] - (y - y0) * down[0]) / area,
                ((y - y0) * along[0] - (x - x0) * along[1]) / area,
            )
            for x, y in corners
        ]
        part = _without(part, in_quad)
    return _quad_of(quad, part)


def _without(part: _Part, shape: Sequence[Point]) -> _Part:
    """The largest part left when the shape is cut off at one side."""
    inside = _clipped(shape, part)
    if not inside:
        return part
    us, vs = zip(*inside, strict=True)
    sides = [
        replace(part, u0=max(us)), replace(part, u1=min(us)), replace(part, v0=max(vs)), replace(part, v1=min(vs))
    ]  # fmt: skip
    return max((side for side in sides if side.usable), key=lambda side: side.area, default=part)


def _clipped(shape: Sequence[Point], part: _Part) -> list[Point]:
    """What of a convex shape lies within the part (Sutherland and Hodgman)."""
    points = list(shape)
    for axis, limit, sign in ((0, part.u0, 1), (0, part.u1, -1), (1, part.v0, 1), (1, part.v1, -1)):
        kept: list[Point] = []
        for first, second in zip(points, points[1:] + points[:1], strict=True):
            a, b = sign * (first[axis] - limit), sign * (second[axis] - limit)
            if a >= 0:
                kept.append(first)
            if a * b < 0:
                t = a / (a - b)
                kept.append((first[0] + t * (second[0] - first[0]), first[1] + t * (second[1] - first[1])))
        points = kept
    return points


def _quad_of(quad: Quad, part: _Part) -> Quad:
    (x0, y0), (x1, y1), _, (x3, y3) = quad.points

    def at(u: float, v: float) -> Point:
        return x0 + u * (x1 - x0) + v * (x3 - x0), y0 + u * (y1 - y0) + v * (y3 - y0)

    return Quad((at(part.u0, part.v0), at(part.u1, part.v0), at(part.u1, part.v1), at(part.u0, part.v1)))
