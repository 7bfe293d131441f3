"""Marks told by their shape: dashes, slashes, dots and colons are drawn, and what is nearly one is not taken for it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr_pipeline.geometry import Box, Mask
from ocr_pipeline.settings import MarkSettings, ReadingSettings
from ocr_pipeline.tables.marks import begins_with_minus, only_mark, set_marks
from ocr_pipeline.tables.printed import find_print

EM = 25.0
SETTINGS = MarkSettings()


def drawn(*boxes: tuple[int, int, int, int], size: tuple[int, int] = (100, 40)) -> Mask:
    """Ink in boxes of x, y, width, height."""
    ink = np.zeros((size[1], size[0]), np.uint8)
    for x, y, width, height in boxes:
        ink[y : y + height, x : x + width] = 255
    return ink


def mark_of(ink: Mask) -> str:
    x, y, width, height = cv2.boundingRect(ink)
    return only_mark(ink, Box(x, y, x + width, y + height), EM, SETTINGS)


def stroke(start: tuple[int, int], end: tuple[int, int]) -> Mask:
    ink = drawn()
    cv2.line(ink, start, end, 255, 2)
    return ink


@pytest.mark.parametrize(
    ("ink", "mark"),
    [
        (drawn((40, 20, 8, 3)), "-"),
        (drawn((40, 20, 15, 4)), "-"),
        (drawn((30, 20, 24, 2)), "—"),  # or 一, which is as long
        (drawn((20, 20, 48, 2)), "——"),
        (drawn((20, 20, 22, 2), (45, 20, 22, 2)), "——"),
        (drawn((20, 20, 48, 3), (30, 18, 12, 7)), "——"),  # smeared
        (drawn((30, 20, 24, 3), (35, 18, 12, 7)), ""),  # 一 of a face with thick ends, perhaps
        (drawn((40, 20, 3, 3), (48, 20, 3, 3), (56, 20, 3, 3)), "…"),
        (drawn(*((20 + 8 * i, 20, 3, 3) for i in range(6))), "……"),
        (drawn((40, 20, 3, 3)), ""),  # a speck
        (stroke((50, 10), (43, 32)), "/"),
        (stroke((48, 10), (47, 32)), ""),  # an upright stroke is a figure one
        (stroke((43, 10), (50, 32)), ""),  # leans the other way
        (drawn((40, 10, 14, 3)) | stroke((52, 10), (45, 32)), ""),  # a seven has a bar
    ],
)
def test_marks_are_told_by_shape(ink: Mask, mark: str) -> None:
    assert mark_of(ink) == mark


def test_points_of_a_colon_and_rows_of_dots_are_alike_and_in_line() -> None:
    parts = np.array([[10, 10, 3, 3, 9], [10, 22, 3, 3, 9], [40, 15, 3, 3, 9], [60, 30, 4, 3, 9], [80, 12, 3, 4, 9]])
    colons, dots = set_marks(parts.astype(np.int32), np.ones(5, bool), EM, SETTINGS)
    assert colons.tolist() == [True, True, False, False, False]
    assert not dots.any()


def test_the_last_dot_of_a_row_may_be_cut_off_by_the_ruling_beside_it() -> None:
    parts = np.array([[62, 20, 5, 5, 20], [70, 20, 5, 4, 16], [79, 20, 2, 5, 8]], np.int32)
    assert set_marks(parts, np.ones(3, bool), EM, SETTINGS)[1].all()
    lower = np.array([[62, 20, 5, 5, 20], [70, 20, 5, 4, 16], [79, 20, 2, 1, 2]], np.int32)
    assert not set_marks(lower, np.ones(3, bool), EM, SETTINGS)[1].any()
    ink = drawn((80, 20, 5, 5), (88, 20, 5, 4), (97, 20, 2, 5))
    printed = find_print(cv2.bitwise_not(ink).astype(np.uint8), ink, EM, ReadingSettings())
    assert mark_of(printed.binary) == "…"


def test_a_minus_of_small_type_stays_before_its_figures() -> None:
    gray = np.full((40, 100), 255, np.uint8)
    cv2.putText(gray, "52", (40, 30), cv2.FONT_HERSHEY_SIMPLEX, 0.75, 0, 2)
    top, bottom = np.flatnonzero((gray < 128).any(axis=1))[[0, -1]]
    middle = (int(top) + int(bottom)) // 2
    gray[middle : middle + 2, 30:35] = 0
    speck = gray.copy()
    speck[middle : middle + 2, 30:35] = 255
    speck[bottom - 2 : bottom + 1, 32:35] = 0
    for picture, kept in ((gray, True), (speck, False)):
        ink = np.where(picture < 128, 255, 0).astype(np.uint8)
        printed = find_print(picture, ink, EM, ReadingSettings())
        assert bool(printed.binary[:, 28:36].any()) is kept


def test_a_full_width_colon_stays() -> None:
    """Its points stand in the middle of an em, far from the characters on both sides."""
    ink = drawn((5, 8, 22, 22), (45, 14, 3, 3), (45, 26, 3, 3), (66, 8, 22, 22))
    gray = cv2.bitwise_not(ink).astype(np.uint8)
    printed = find_print(gray, ink, EM, ReadingSettings())
    assert printed.binary[:, 40:50].any()


@pytest.mark.parametrize(
    ("first", "minus"),
    [((5, 19, 7, 2), True), ((5, 30, 7, 2), False), ((5, 17, 4, 4), False), ((5, 10, 9, 20), False)],
)
def test_a_line_that_begins_with_a_minus_is_told(first: tuple[int, int, int, int], minus: bool) -> None:
    ink = drawn(first, (16, 10, 11, 20), (30, 10, 11, 20))
    assert begins_with_minus(ink, Box(5, 10, 41, 32), EM, SETTINGS) is minus
