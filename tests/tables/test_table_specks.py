"""Specks against points and commas: drawn bars for digits, squares for Chinese characters."""

from __future__ import annotations

import numpy as np
import pytest

from ocr_pipeline.geometry import Box, Mask
from ocr_pipeline.settings import ReadingSettings
from ocr_pipeline.tables.specks import without_specks

EM = 30
TOP, BASE = 10, 32
"""Rows of the digits' tops and of the base line."""


def cleaned(ink: Mask) -> Mask:
    gray = np.where(ink > 0, 40, 250).astype(np.uint8)
    ys, xs = np.nonzero(ink)
    line = Box(int(xs.min()), int(ys.min()), int(xs.max()) + 1, int(ys.max()) + 1)
    return without_specks(gray, ink, (line,), EM, 250, ReadingSettings())[1]


def digits(*starts: int) -> Mask:
    ink = np.zeros((60, 160), np.uint8)
    for x in starts:
        ink[TOP:BASE, x : x + 12] = 255
    return ink


def dot(ink: Mask, x: int, y: int) -> tuple[slice, slice]:
    place = (slice(y, y + 4), slice(x, x + 4))
    ink[place] = 255
    return place


def test_a_point_stays_where_a_speck_clings_to_a_digit() -> None:
    ink = digits(10, 26, 54, 70)
    point = dot(ink, 45, BASE - 4)
    ink[BASE : BASE + 6, 58:62] = 255
    assert cleaned(ink)[point].all()


def test_a_point_with_room_of_its_own_stays_at_any_height() -> None:
    ink = digits(10, 26, 54, 70)
    point = dot(ink, 45, BASE - 12)
    assert cleaned(ink)[point].all()


def test_a_speck_without_room_among_digits_goes() -> None:
    ink = digits(10, 30, 46)
    speck = dot(ink, 24, TOP + 2)
    assert not cleaned(ink)[speck].any()


@pytest.mark.parametrize(("y", "gone"), [(TOP + 18, True), (TOP + 1, False)])
def test_low_marks_before_a_chinese_character_go_high_ones_may_open_a_quotation(y: int, gone: bool) -> None:
    ink = np.zeros((60, 160), np.uint8)
    ink[6:34, 30:58] = 255
    speck = dot(ink, 20, y)
    assert cleaned(ink)[speck].any() != gone
    assert cleaned(ink)[6:34, 30:58].all()
