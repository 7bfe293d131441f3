"""Specks against points and commas: drawn bars for digits, squares for Chinese characters."""

from __future__ import annotations

import numpy as np
import pytest

from ocr_pipeline.geometry import Box, Mask
from ocr_pipeline.settings import ReadingSettings
from ocr_pipeline.tables.printed import find_print
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


def characters(*starts: int) -> Mask:
    ink = np.zeros((60, 200), np.uint8)
    for x in starts:
        ink[6:34, x : x + 28] = 255
    return ink


@pytest.mark.parametrize(
    ("x", "y", "gone"),
    [(41, 29, False), (42, 8, False), (41, 18, True), (60, 29, True)],
    ids=["comma", "quotation mark", "at mid height", "far behind"],
)
def test_marks_after_the_last_character_stand_close_and_not_at_mid_height(x: int, y: int, gone: bool) -> None:
    ink = characters(10)
    mark = dot(ink, x, y)
    assert cleaned(ink)[mark].any() != gone


@pytest.mark.parametrize(
    ("x", "gone"),
    [(43, False), (52, False), (60, True), (71, False)],
    ids=["comma", "middle dot", "speck", "opening quotation mark"],
)
def test_in_a_wide_blank_a_mark_stands_close_to_a_character(x: int, gone: bool) -> None:
    ink = characters(10, 80)
    mark = dot(ink, x, 29 if x < 50 else 18)
    assert cleaned(ink)[mark].any() != gone


@pytest.mark.parametrize("gap", [0, 20])
def test_the_upper_point_of_a_colon_stays(gap: int) -> None:
    ink = characters(10, 60 + gap) if gap else characters(10)
    upper, lower = dot(ink, 43, 14), dot(ink, 43, 29)
    assert cleaned(ink)[upper].all() and cleaned(ink)[lower].all()


def test_the_dots_of_a_character_stay_beside_its_body() -> None:
    """办 is a body of 0.6 em with a dot on either side at mid height."""
    ink = np.zeros((60, 200), np.uint8)
    for x in (18, 50, 82):
        ink[6:34, x : x + 20] = 255
    dots = [dot(ink, x, 18) for x in (13, 40, 45, 72, 77, 104)]
    assert all(cleaned(ink)[place].all() for place in dots)


def test_both_ticks_of_an_opening_quotation_mark_stay() -> None:
    ink = characters(10, 70)
    ticks = [dot(ink, 57, 7), dot(ink, 63, 7)]
    assert all(cleaned(ink)[place].all() for place in ticks)


def printed_ink(ink: Mask) -> Mask:
    gray = np.where(ink > 0, 40, 250).astype(np.uint8)
    return find_print(gray, ink, EM, ReadingSettings()).binary


def test_a_large_speck_far_from_all_characters_is_dirt_a_dash_there_is_not() -> None:
    ink = characters(10, 40)
    ink[18:28, 150:160] = 255
    assert not printed_ink(ink)[18:28, 150:160].any()
    near = characters(10, 40)
    near[24:34, 74:84] = 255
    assert printed_ink(near)[24:34, 74:84].all()
    dash = characters(10, 40)
    dash[20:24, 140:152] = 255
    assert printed_ink(dash)[20:24, 140:152].all()


def test_a_blot_alone_in_a_cell_is_not_read_but_told() -> None:
    ink = np.zeros((60, 200), np.uint8)
    ink[20:31, 100:111] = 255
    gray = np.where(ink > 0, 40, 250).astype(np.uint8)
    printed = find_print(gray, ink, EM, ReadingSettings())
    assert printed.lines == () and printed.blot
    digit = digits(100)
    gray = np.where(digit > 0, 40, 250).astype(np.uint8)
    printed = find_print(gray, digit, EM, ReadingSettings())
    assert len(printed.lines) == 1 and not printed.blot


@pytest.mark.parametrize(("em", "kept"), [(10.6, True), (15.0, False)])
def test_a_minus_of_four_pixels_stays_in_type_that_has_no_longer_one(em: float, kept: bool) -> None:
    ink = np.zeros((20, 100), np.uint8)
    ink[6:16, 72:87] = ink[6:16, 91:98] = ink[14:15, 88:90] = 255
    ink[11:13, 68:70] = 255
    gray = np.where(ink > 0, 40, 250).astype(np.uint8)
    _, found, _ = without_specks(gray, ink, (Box(68, 6, 98, 16),), em, 250, ReadingSettings())
    assert bool(found[:, 68:70].any()) is kept


@pytest.mark.parametrize(("x", "size", "told"), [(161, 6, True), (100, 6, False), (161, 3, False)])
def test_what_erasing_a_frame_left_of_a_figure_is_told(x: int, size: int, told: bool) -> None:
    """Ink too small for print that reaches up to what was erased; elsewhere, and in crumbs, it is dust."""
    ink, erased = np.zeros((60, 180), np.uint8), np.zeros((60, 180), np.uint8)
    ink[26 : 26 + size, x : x + size] = 255
    erased[:, 167:] = 255
    gray = np.where(ink > 0, 120, 250).astype(np.uint8)
    printed = find_print(gray, ink, EM, ReadingSettings(), erased)
    assert printed.lines == () and printed.blot is told


def test_the_pale_end_of_a_worn_stroke_stays_and_a_dark_speck_in_its_place_goes() -> None:
    ink = digits(30, 50)
    end = dot(ink, 22, BASE - 10)
    for level, joint, stays in ((120, 210, True), (120, 250, False), (40, 210, False)):
        gray = np.where(ink > 0, 60, 250).astype(np.uint8)
        gray[end] = level
        gray[BASE - 10 : BASE - 6, 26:30] = joint  # too pale to be ink
        line = Box(22, TOP, 62, BASE)
        kept = without_specks(gray, ink, (line,), EM, 250, ReadingSettings())[1]
        assert kept[end].all() == stays, (level, joint)


@pytest.mark.parametrize("height", [25, 29])
def test_a_point_stays_between_digits_that_touch(height: int) -> None:
    ink = np.zeros((60, 160), np.uint8)
    for start, end in ((10, 34), (45, 69), (73, 85)):  # two pairs that touch, high enough for Chinese print
        ink[BASE - height : BASE, start:end] = 255
    point = dot(ink, 37, BASE - 4)
    assert cleaned(ink)[point].all()


def test_a_minus_stays_before_figures_as_high_as_the_print() -> None:
    """In a table of figures the print's height is measured on these; and digits that touch are as wide as two."""
    for widths in ((12, 12, 12), (26, 12)):
        ink = np.zeros((40, 100), np.uint8)
        x = 36
        for width in widths:
            ink[10:27, x : x + width] = 255
            x += width + 3
        ink[18:22, 28:33] = 255
        gray = np.where(ink > 0, 40, 250).astype(np.uint8)
        lines = (Box(28, 10, x, 27),)
        _, kept, _ = without_specks(gray, ink, lines, 18.0, 250, ReadingSettings())
        assert kept[:, 28:33].any()


@pytest.mark.parametrize(("y", "height", "kept"), [(18, 3, True), (18, 4, False), (11, 3, False), (24, 3, False)])
def test_a_blurred_minus_stays_half_way_up_before_figures(y: int, height: int, kept: bool) -> None:
    ink = np.zeros((40, 100), np.uint8)
    ink[12:27, 40:51] = ink[12:27, 54:64] = 255
    ink[y : y + height, 34:38] = 255
    gray = np.where(ink > 0, 40, 250).astype(np.uint8)
    _, found, _ = without_specks(gray, ink, (Box(34, 11, 64, 27),), 21.0, 250, ReadingSettings())
    assert bool(found[:, 34:38].any()) is kept


def test_a_worn_seven_is_no_dash() -> None:
    """Its bar came off the stem, and both are smaller than any character; the bar alone would be a dash."""
    em = 19.0
    gray = np.full((31, 93), 255, np.uint8)
    gray[10:13, 81:88] = 150
    gray[14:22, 83:86] = 190
    binary = np.where(gray < 255, 255, 0).astype(np.uint8)
    printed = find_print(gray, binary, em, ReadingSettings())
    assert [(box.y0, box.y1) for box in printed.lines] == [(10, 22)]
    assert printed.dash is None and not printed.blot
