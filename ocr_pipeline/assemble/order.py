"""The order of a page's tables: from top to bottom, those that stand beside each other from left to right."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ocr_pipeline.geometry import Box

_Span = Callable[[Box], tuple[float, float]]


def tables_in_order(boxes: Sequence[Box]) -> list[int]:
    """The indices of the tables' boxes in reading order: the page is cut between rows of tables first, each row between
    its columns then, and so on (the XY cut of Nagy and Seth, 1984). boxes: upright pixels."""
    return _cut(boxes, list(range(len(boxes))), (lambda b: (b.y0, b.y1), lambda b: (b.x0, b.x1)))


def _cut(boxes: Sequence[Box], items: list[int], spans: tuple[_Span, _Span]) -> list[int]:
    for span, other in (spans, spans[::-1]):
        groups = _groups(boxes, items, span)
        if len(groups) > 1:
            return [index for group in groups for index in _cut(boxes, group, (other, span))]
    return sorted(items, key=lambda i: (boxes[i].y0, boxes[i].x0))


def _groups(boxes: Sequence[Box], items: list[int], span: _Span) -> list[list[int]]:
    """The items parted wherever none lies along an axis."""
    groups: list[list[int]] = []
    reach = float("-inf")
    for index in sorted(items, key=lambda i: span(boxes[i])):
        begin, end = span(boxes[index])
        if begin >= reach:
            groups.append([])
        groups[-1].append(index)
        reach = max(reach, end)
    return groups
