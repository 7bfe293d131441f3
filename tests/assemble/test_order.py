"""The order of a page's tables."""

from __future__ import annotations

import itertools

from ocr_pipeline.assemble.order import tables_in_order
from ocr_pipeline.geometry import Box

TOP = Box(100, 50, 2300, 200)
LEFT = [Box(101, 262, 1100, 600), Box(99, 650, 1100, 1200)]
RIGHT = [Box(1300, 258, 2300, 1190)]
BOTTOM = Box(100, 1300, 700, 1390)


def test_columns_of_tables_between_tables_as_wide_as_the_page() -> None:
    expected = [TOP, *LEFT, *RIGHT, BOTTOM]
    for boxes in itertools.permutations(expected):
        assert [boxes[i] for i in tables_in_order(boxes)] == expected


def test_boxes_that_overlap_go_by_their_tops() -> None:
    boxes = [Box(0, 50, 100, 150), Box(50, 0, 150, 100)]
    assert tables_in_order(boxes) == [1, 0]
    assert tables_in_order([]) == []
