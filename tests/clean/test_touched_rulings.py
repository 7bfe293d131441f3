"""Rulings that the print of low rows touches."""

from __future__ import annotations

import numpy as np
from helpers_drawing import bar, em_at, rule, sheet

from ocr_pipeline.clean.evenness import is_ragged, own_columns
from ocr_pipeline.clean.page import in_small_print
from ocr_pipeline.clean.rulings import _bars_within, _through, find_rulings
from ocr_pipeline.geometry import GrayImage
from ocr_pipeline.settings import RulingSettings

DPI = 200
EM = em_at(DPI)
SETTINGS = RulingSettings()


def levels(gray: GrayImage) -> list[tuple[int, int]]:
    """Where the horizontal rulings lie, in pixels, and how long they are, in tens of them."""
    found = find_rulings(gray, EM, SETTINGS).horizontal
    return [(round(float(np.median(ruling.across))), round(ruling.length / 10)) for ruling in found]


def test_two_rulings_tied_by_print_are_two() -> None:
    gray = sheet(DPI, 8, 3)
    rule(gray, (100, 200), (1500, 200))
    rule(gray, (500, 236), (1500, 236))
    for y in range(204, 236, 4):  # the strokes of bold print, as high as the row
        rule(gray, (900, y), (900 + 2 * EM, y))
    assert levels(gray) == [(200, 140), (236, 100)]


def test_a_short_ruling_that_print_hangs_on_is_found() -> None:
    gray = sheet(DPI, 8, 4)
    for y in (150, 400, 500):
        rule(gray, (100, y), (1500, y))
    rule(gray, (700, 300), (700 + 12 * EM, 300))
    for number in range(7):
        bar(gray, 720 + number * 1.6 * EM, 300, 720 + (number * 1.6 + 0.3) * EM, 300 + 0.35 * EM)
    (short,) = [ruling for ruling in find_rulings(gray, EM, SETTINGS).horizontal if 290 < ruling.middle < 310]
    assert short.length > 11.5 * EM
    assert np.ptp(short.across) < 1


def strokes(gray: GrayImage, x0: float, x1: float, y: float) -> None:
    """A row of thick level strokes of characters, each half of a character long."""
    for number, x in enumerate(np.arange(x0, x1 - 0.5 * EM, 0.62 * EM)):
        top = y + number % 2
        bar(gray, x, top, x + 0.5 * EM, top + 0.1 * EM)


def test_a_ruling_with_bold_print_close_above_and_below_is_found() -> None:
    gray = sheet(DPI, 8, 4)
    rule(gray, (300, 300), (300 + 12 * EM, 300))
    strokes(gray, 300, 300 + 12 * EM, 300 - 0.3 * EM)
    strokes(gray, 300, 300 + 12 * EM, 300 + 0.16 * EM)
    assert (300, round(12 * EM / 10)) in levels(gray)


def test_a_short_ruling_amid_print_is_found_between_two_others_only() -> None:
    gray = sheet(DPI, 8, 4)
    left, right = 300.0, 300 + 6 * EM
    for y in (150, 450):
        rule(gray, (100, y), (1500, y))
    for x0, x1 in ((left, right), (900, 900 + 6 * EM)):
        rule(gray, (x0, 300), (x1, 300))
        strokes(gray, x0 + 0.2 * EM, x1 - 0.2 * EM, 300 - 0.3 * EM)
        strokes(gray, x0 + 0.2 * EM, x1 - 0.2 * EM, 300 + 0.16 * EM)
    for x in (left, right):
        rule(gray, (x, 150), (x, 450))
    (held,) = [ruling for ruling in find_rulings(gray, EM, SETTINGS).horizontal if 298 < ruling.middle < 302]
    assert held.start < 310


def test_the_feet_of_a_long_number_are_no_ruling() -> None:
    gray = sheet(DPI, 8, 4)
    for y in (150, 400, 500):
        rule(gray, (100, y), (1500, y))
    for number, x in enumerate(np.arange(400, 400 + 11 * EM, 0.5 * EM)):
        foot = 330 + number % 3
        bar(gray, x, foot, x + 0.48 * EM, foot + 1 + number % 2)
        bar(gray, x, foot - 0.25 * EM, x + 0.35 * EM, foot - 0.15 * EM)
    assert [place for place, _ in levels(gray) if place > 325] == [400, 500]


def test_rulings_are_as_thick_around_small_print() -> None:
    thick = SETTINGS.max_thickness_em * EM
    small = in_small_print(SETTINGS, 0.5)
    assert small.max_thickness_em * 0.5 * EM == thick
    gray = sheet(DPI, 8, 3)
    rule(gray, (300, 100), (300, 100 + 5 * EM), thick=round(0.8 * thick))
    assert not find_rulings(gray, 0.5 * EM, SETTINGS).vertical
    assert len(find_rulings(gray, 0.5 * EM, small).vertical) == 1


def test_the_course_and_thickness_of_a_ruling_are_its_own_where_print_hangs_on_most_of_it() -> None:
    gray = sheet(DPI, 8, 3)
    rule(gray, (100, 200), (1500, 200), 5)
    for word in range(7):  # of characters whose first strokes touch the ruling
        for number in range(5):
            x = 140 + 190 * word + 26 * number
            bar(gray, x, 203, x + 24, 203 + (3 if number % 2 else 8))
    (found,) = find_rulings(gray, EM, SETTINGS).horizontal
    assert 5 <= found.thickness <= 6
    assert np.abs(found.across - 200).max() < 1


def test_neither_crumbs_nor_print_that_hangs_on_it_is_a_lines_own() -> None:
    heights = np.array([1, 0, 5, 5, 6, 5, 5, 8, 14, 9, 8, 12, 5, 2])
    own = own_columns(heights, SETTINGS)
    assert np.flatnonzero(own).tolist() == [2, 3, 4, 5, 6, 12]


def test_the_sides_of_a_low_tables_thick_frame_are_found_below_a_thin_table() -> None:
    gray = sheet(DPI, 8, 5)
    above, below = range(50, 401, 35), range(500, 606, 35)
    for y in (*above, *below):
        rule(gray, (100, y), (1500, y), 9 if y in (below[0], below[-1]) else 2)
    for x in range(100, 1501, 200):
        rule(gray, (x, above[0]), (x, above[-1]))
        rule(gray, (x, below[0]), (x, below[-1]), 9 if x in (100, 1500) else 2)
    found = find_rulings(gray, 0.8 * EM, SETTINGS).vertical
    assert [round(ruling.middle) for ruling in found if ruling.thickness > 5] == [100, 1500]


def test_a_thick_frame_is_found_in_all_that_print_against_it_makes_of_it() -> None:
    em = 20.0
    ink = np.zeros((28, 600), bool)
    ink[:8] = True
    for row in range(20):
        for stroke in range(3):
            ink[8:24, 30 * row + 6 * stroke : 30 * row + 6 * stroke + 4] = True
    ink[24:, ::7] = True
    ((x, y, bar_of_it),) = _bars_within(40, 90, ink, em, SETTINGS)
    assert (y, len(bar_of_it)) == (90, 8) and bar_of_it.all()
    assert x <= 41 and bar_of_it.shape[1] >= 599
    ink[:8, 300:340] = False  # two lines of bold print, no frame
    assert _bars_within(40, 90, ink[:, 100:400], em, SETTINGS) == []


def test_strokes_along_a_frame_are_none_of_it() -> None:
    gray = sheet(DPI, 8, 6)
    side, top, pitch = 200, 100.0, 1.3 * EM
    for x in (side, 1400):
        rule(gray, (x, top), (x, top + 12 * pitch), 8)
    for row in range(12):
        bar(gray, side + 6, top + row * pitch, side + 9, top + (row + 0.75) * pitch)
    mask = find_rulings(gray, EM, SETTINGS).vertical_mask[round(top + EM) : round(top + 11 * pitch)]
    assert mask[:, side - 4 : side + 4].all()
    assert not mask[:, side + 8 : side + 20].any()


def test_a_ruling_that_runs_through_a_column_of_print_is_found() -> None:
    """Figures stand against it row after row, on a bad scan: all of it is one part, most of it print."""
    em = 20.0
    ink = np.zeros((16, 840), bool)
    ink[11:14] = True
    for row in range(35):
        for stroke in range(3):
            ink[:11, 24 * row + 5 * stroke : 24 * row + 5 * stroke + 4] = True
    ((x, y, ruling),) = _through(50, 70, ink, em, SETTINGS)
    assert (y, len(ruling)) == (81, 3) and ruling.all()
    assert x <= 51 and ruling.shape[1] >= 839
    ink[11:14, ::40] = False  # the feet of the figures
    assert _through(50, 70, ink, em, SETTINGS) == []


def test_small_letters_that_run_together_on_a_straight_foot_are_no_ruling() -> None:
    """Their feet are as straight as a ruling with print against it, which is as thin as itself somewhere."""
    ink, bold = np.zeros((30, 360), bool), np.zeros((30, 360), bool)
    bold[21:] = True
    # Feet of letters are inked at their ends alone: the middle of what is left wavers.
    for number, high in enumerate(np.random.default_rng(5).choice([4, 6, 9, 14], 60)):
        top = 30 - high if number % 2 else 16
        ink[top : top + high, 6 * number : 6 * number + 6] = True
        ink[29, 6 * number : 6 * number + 6] = True
        bold[top:, 6 * number : 6 * number + 6] |= number % 3 == 0
    assert is_ragged(ink, 20.0, SETTINGS)
    assert not is_ragged(bold, 20.0, SETTINGS)


def test_a_ruling_on_which_another_one_ends_is_kept_whatever_hangs_on_it() -> None:
    def header(end: float) -> GrayImage:
        gray = sheet(DPI, 10, 6)
        for y in (200, 600):
            rule(gray, (200, y), (1600, y))
        for x in (600, 1000):
            rule(gray, (x, 200), (x, 600))
        rule(gray, (800, end), (800, 600))
        rule(gray, (600, 400), (1000, 400))
        for number, high in enumerate((0.2, 0.5, 0.3, 0.45, 0.25, 0.4, 0.3)):
            side = -1 if number % 2 else 1
            x = 615 + number * 52
            bar(gray, x, *sorted((400, 400 + side * high * EM))[:1], x + 0.8 * EM, max(400, 400 + side * high * EM))
        return gray

    assert any(abs(level - 400) < 4 for level, _ in levels(header(400)))
