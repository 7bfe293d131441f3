"""The part of a tilted cell that no other cell's upright box reaches into.

On a crooked page a cell's box also covers slivers of its neighbours, and a wide one covers whole rows of them at its
ends. Text that is laid within the part found here is found in its own box and in no other.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from ocr_pipeline.geometry import Box, Quad

_SEAM = 0.75
"""Pixels kept free towards other boxes: coordinates are rounded when they are written."""
_SAME_SIZE = 0.98
"""Type sizes this near to each other are equal, and the larger place is taken."""


def is_tilted(quad: Quad) -> bool:
    """Whether the upper or the left edge leaves the nearest of the page's axes by a pixel or more."""
    (x0, y0), (x1, y1), _, (x3, y3) = quad.points
    return max(min(abs(x1 - x0), abs(y1 - y0)), min(abs(x3 - x0), abs(y3 - y0))) >= 1


def clear_part(quad: Quad, others: Iterable[Box], lines: int, longest: float, largest: float) -> Quad | None:
    """The part of a quad's upright box that no other box covers and in which so many lines can be set largest, as a
    quad along the page's axes that reads the way the given one does; None where everything is covered.

    longest: the longest line's length in type sizes; largest: a type size in pixels beyond which more is no better.
    Of parts in which the type is about as large the one with the largest area is taken.
    """
    turns = _quarter_turns(quad)
    found = None
    best_size = best_area = 0.0
    for part in _free_parts(quad.box, [other.expanded(_SEAM) for other in others]):
        length, height = (part.height, part.width) if turns % 2 else (part.width, part.height)
        size = min(largest, height / lines, length / longest)
        if size > best_size / _SAME_SIZE or (size >= best_size * _SAME_SIZE and part.area > best_area):
            found, best_size, best_area = part, max(size, best_size), part.area
    if found is None:
        return None
    corners = Quad.of_box(found).points
    return Quad((*corners[turns:], *corners[:turns]))  # type: ignore[arg-type]


def _quarter_turns(quad: Quad) -> int:
    """By how many quarters clockwise its print is turned, to the nearest."""
    (x0, y0), (x1, y1), _, _ = quad.points
    return round(math.atan2(y1 - y0, x1 - x0) / (math.pi / 2)) % 4


def _free_parts(box: Box, others: Sequence[Box]) -> Iterator[Box]:
    """Every free part between two of the vertical edges at hand, as high as it can be."""
    edges = sorted({box.x0, box.x1, *(x for other in others for x in (other.x0, other.x1) if box.x0 < x < box.x1)})
    for left, right in combinations(edges, 2):
        covered = sorted((other.y0, other.y1) for other in others if other.x0 < right and other.x1 > left)
        top = box.y0
        for upper, lower in [*covered, (box.y1, math.inf)]:
            if min(upper, box.y1) - top > 0:
                yield Box(left, top, right, min(upper, box.y1))
            top = max(top, lower)
