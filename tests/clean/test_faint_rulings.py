"""Hairlines that fade into the paper for stretches, and print that is none."""

from __future__ import annotations

import numpy as np
import pytest
from helpers_drawing import bar, em_at, even, rule, sheet
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.clean.evenness import is_ragged
from ocr_pipeline.clean.faint import followed_further, hairline_depth
from ocr_pipeline.clean.in_line import in_line
from ocr_pipeline.clean.pieces import Piece, as_one, painted
from ocr_pipeline.clean.rulings import find_rulings
from ocr_pipeline.geometry import GrayImage
from ocr_pipeline.settings import RulingSettings

DPI = 200
EM = em_at(DPI, 10.5)
SETTINGS = RulingSettings()
XS, YS = even(150, 6 * EM, 6), even(200, 2.4 * EM, 5)


def fading(palest: float, darkest: float = 45.0, period: float = 87.0) -> GrayImage:
    """A table of rulings one pixel thick that come and go between those depths along their length, on fine grain."""
    gray = sheet(DPI, 8, 4, 250).astype(np.float64)
    for y in YS:
        x = np.arange(round(XS[0]), round(XS[-1]) + 1)
        gray[round(y), x] -= palest + (darkest - palest) * (0.5 + 0.5 * np.cos(2 * np.pi * (x + y) / period))
    for x0 in XS:
        y = np.arange(round(YS[0]), round(YS[-1]) + 1)
        gray[y, round(x0)] -= palest + (darkest - palest) * (0.5 + 0.5 * np.cos(2 * np.pi * (x0 + y) / period))
    gray += np.random.default_rng(5).normal(0, 1.5, gray.shape)
    return np.clip(gray, 0, 255).astype(np.uint8)


def test_fading_hairlines_are_followed_from_end_to_end() -> None:
    found = find_rulings(fading(8.0), EM, SETTINGS)
    assert [round(ruling.middle) for ruling in found.horizontal] == pytest.approx([round(y) for y in YS], abs=1)
    assert [round(ruling.middle) for ruling in found.vertical] == pytest.approx([round(x) for x in XS], abs=1)
    assert min(ruling.length for ruling in found.horizontal) > 0.98 * (XS[-1] - XS[0])
    assert min(ruling.length for ruling in found.vertical) > 0.95 * (YS[-1] - YS[0])


def test_a_hairline_that_is_gone_is_not_invented() -> None:
    gray = fading(8.0)
    middle = round(YS[2])
    gone = slice(round(XS[2] + EM), round(XS[4] - EM))
    gray[middle - 3 : middle + 4, gone] = gray[middle + 10 : middle + 17, gone]
    pieces = [ruling for ruling in find_rulings(gray, EM, SETTINGS).horizontal if abs(ruling.middle - middle) < 2]
    assert len(pieces) == 2
    assert all(ruling.end <= gone.start + 0.5 * EM or ruling.start >= gone.stop - 0.5 * EM for ruling in pieces)


def test_a_page_of_dark_rulings_has_no_hairlines() -> None:
    gray = sheet(DPI, 8, 4)
    for y in YS:
        rule(gray, (XS[0], y), (XS[-1], y))
    found = find_rulings(gray, EM, SETTINGS).horizontal
    assert len(found) == len(YS)
    assert hairline_depth(found, EM, SETTINGS) == 0


def test_a_hairline_in_pieces_right_below_print_is_one_ruling() -> None:
    gray = fading(8.0)
    middle = round(YS[2])
    for number, x in enumerate(np.arange(XS[0] + 0.3 * EM, XS[-1] - EM, 1.1 * EM)):
        for stroke in range(4):  # strokes of low print that ends right above
            foot = middle - 2 - (number + stroke) % 2
            bar(gray, x + 0.26 * stroke * EM, foot - 0.8 * EM, x + (0.26 * stroke + 0.14) * EM, foot)
    pieces = [ruling for ruling in find_rulings(gray, EM, SETTINGS).horizontal if abs(ruling.middle - middle) < 2]
    assert sum(ruling.length for ruling in pieces) > 0.8 * (XS[-1] - XS[0])


def level_piece(x: int, y: int, width: int, over: float, under: float = 0.0) -> Piece:
    pixels = np.ones((2, width), bool)
    return Piece(x, y, pixels, pixels, 2.0, over, under)


def test_pieces_in_one_line_with_print_on_one_side_are_a_ruling() -> None:
    line = [level_piece(100 + 60 * n, 300, 45, 0.9) for n in range(10)]
    (one,) = in_line(line, EM, SETTINGS)
    assert (one.x, one.length, one.made_up) == (100, 585, True)
    assert in_line([level_piece(100 + 60 * n, 300 + 5 * (n % 2), 45, 0.9) for n in range(10)], EM, SETTINGS) == []
    assert in_line([level_piece(100 + 60 * n, 300, 45, 0.9, 0.4) for n in range(10)], EM, SETTINGS) == []
    assert in_line([level_piece(100 + 110 * n, 300, 45, 0.9) for n in range(10)], EM, SETTINGS) == []


def test_parts_that_begin_at_one_place_are_told_apart() -> None:
    high = np.ones((6, 45), bool)
    line = [level_piece(40, 300, 45, 0.9), Piece(100, 300, high, high, 2.0, 0.9, 0.0)]
    line += [level_piece(100 + 60 * n, 300, 45, 0.9) for n in range(10)]
    (one,) = in_line(line, EM, SETTINGS)
    assert (one.x, one.length) == (40, 645)


def test_a_line_of_print_that_runs_together_is_ragged_and_a_ruling_with_figures_against_it_is_not() -> None:
    rng = np.random.default_rng(8)
    height, width = 18, round(20 * EM)
    print_ = np.zeros((height, width), bool)
    for x in range(0, width, 5):
        top, bottom = rng.integers(0, 9), rng.integers(10, height + 1)
        print_[top:bottom, x : x + 5] = True
    assert is_ragged(print_, EM, SETTINGS)
    ruling = np.zeros((height, width), bool)
    ruling[-3:] = True
    for x in range(0, width, 40):
        ruling[rng.integers(0, 6) :, x : x + 25] = True
    assert not is_ragged(ruling, EM, SETTINGS)


def test_a_line_followed_further_takes_the_place_of_its_piece() -> None:
    pieces = [level_piece(100, 300, 200, 0.0), level_piece(100, 400, 200, 0.0)]
    followed = [level_piece(90, 300, 400, 0.0), level_piece(95, 400, 206, 0.0), level_piece(500, 500, 90, 0.0)]
    kept, taken = followed_further(pieces, followed, (600, 700), gain=EM)
    assert (kept, taken) == ([False, True], [True, False, True])


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 8), st.integers(1, 30)), min_size=1, max_size=6))
def test_pieces_as_one_have_the_same_pixels(places: list[tuple[int, int, int]]) -> None:
    line = [level_piece(x, y, width, 0.5) for x, y, width in sorted(places)]
    assert np.array_equal(painted([as_one(line)], (20, 120)), painted(line, (20, 120)))
