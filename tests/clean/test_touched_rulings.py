"""Rulings that the print of low rows touches."""

from __future__ import annotations

import numpy as np
from helpers_drawing import bar, em_at, rule, sheet

from ocr_pipeline.clean.rulings import find_rulings
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
