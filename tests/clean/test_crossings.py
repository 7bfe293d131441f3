"""Strokes of figures one below another are no ruling where they stop short of those between their rows."""

from __future__ import annotations

import numpy as np
import pytest
from helpers_drawing import bar, em_at, rule, sheet

from ocr_pipeline.clean.rulings import find_rulings
from ocr_pipeline.geometry import GrayImage
from ocr_pipeline.settings import RulingSettings

DPI = 200
EM = em_at(DPI)
LEFT, RIGHT, TOP, ROW, ROWS = 200, 1400, 300, 40, 12


def low_rows(gap: int, level: int = 0) -> GrayImage:
    """A table of low rows: rulings at both sides, and at x = 700 the strokes of a column of figures so many pixels off
    the rulings between the rows, with other strokes right of them; at x = 1000 a ruling worn once in each third row."""
    gray = sheet(DPI, 8, 5)
    for number in range(ROWS + 1):
        rule(gray, (LEFT, TOP + number * ROW), (RIGHT, TOP + number * ROW), 3)
    for x in (LEFT, 1000, RIGHT):
        rule(gray, (x, TOP), (x, TOP + ROWS * ROW), 3)
    for number in range(ROWS):
        y = TOP + number * ROW
        bar(gray, 700, y + 2 + gap, 704, y + ROW - 1 - gap, level)
        bar(gray, 709, y + 2 + gap, 713, y + ROW - 1 - gap, level)
        if number % 3 == 0:
            bar(gray, 990, y + 8, 1010, y + 16, 255)
    return gray


def columns(gray: GrayImage, *, bilevel: bool) -> list[int]:
    found = find_rulings(gray, EM, RulingSettings(bilevel=bilevel)).vertical
    return sorted({round(float(np.median(ruling.across)) / 10) * 10 for ruling in found})


@pytest.mark.parametrize("bilevel", [False, True])
@pytest.mark.parametrize("gap", [4, 6])
def test_strokes_that_keep_off_the_rows_rulings_are_no_column(gap: int, bilevel: bool) -> None:
    assert columns(low_rows(gap), bilevel=bilevel) == [LEFT, 1000, RIGHT]


def test_what_is_tied_to_the_rulings_it_crosses_stays() -> None:
    assert 700 in columns(low_rows(-2), bilevel=True)
