"""Heads of tables that are printed white on dark."""

from __future__ import annotations

import numpy as np
import pytest
from helpers_drawing import digits, em_at, even, sheet

from ocr_pipeline.clean.fills import without_fills
from ocr_pipeline.clean.rulings import find_rulings
from ocr_pipeline.geometry import GrayImage
from ocr_pipeline.settings import Settings

DPI = 150
EM = em_at(DPI)
SETTINGS = Settings()
XS, YS = even(60, 4 * EM, 5), even(80, 1.8 * EM, 6)
LEFT, RIGHT, TOP, BOTTOM = (round(v) for v in (XS[0], XS[-1], YS[0], YS[-1]))
HEAD = round(YS[2])


def ruled(tone: int, print_: int) -> GrayImage:
    """A table of which two rows are filled, with rulings and print of another gray on the fill."""
    gray = sheet(DPI, 5.5, 4.5)
    gray[TOP : HEAD + 1, LEFT : RIGHT + 1] = tone
    for y in YS[2:]:
        gray[round(y) : round(y) + 2, LEFT : RIGHT + 1] = 40
    gray[round(YS[1]) : round(YS[1]) + 2, LEFT:RIGHT] = print_
    for x in XS:
        gray[HEAD:BOTTOM, round(x) : round(x) + 2] = 40
    for x in XS[1:-1]:
        gray[TOP:HEAD, round(x) : round(x) + 2] = print_
    for row in range(5):
        for x in XS[:-1]:
            if row > 1:
                digits(gray, "248", x + EM, YS[row] + 0.4 * EM, EM)
                continue
            own = sheet(DPI, 5.5, 4.5)
            digits(own, "248", x + EM, YS[row] + 0.4 * EM, EM)
            gray[own < 128] = print_
    return gray


@pytest.mark.parametrize("tone", [30, 70, 100])
def test_print_and_rulings_on_a_dark_fill_come_out_dark_on_white(tone: int) -> None:
    page = ruled(tone, 255)
    turned = without_fills(page, EM, SETTINGS.fill)
    inner = np.s_[TOP + 6 : HEAD - 6, LEFT + 6 : RIGHT - 6]
    assert np.array_equal(turned[inner] < 128, page[inner] > (tone + 255) / 2)
    assert np.mean(turned[inner] > 250) > 0.7
    assert np.array_equal(turned[HEAD + 4 :], page[HEAD + 4 :])
    rulings = find_rulings(turned, EM, SETTINGS.ruling)
    at = sorted(ruling.middle for ruling in rulings.horizontal if ruling.length > 10 * EM)
    assert len(at) == len(YS) and np.allclose(at, YS, atol=4)
    assert sum(ruling.length > 8 * EM for ruling in rulings.vertical) == len(XS)


@pytest.mark.parametrize(("tone", "print_"), [(120, 20), (215, 40), (255, 40)])
def test_dark_print_on_a_tint_stays(tone: int, print_: int) -> None:
    page = ruled(tone, print_)
    assert np.array_equal(without_fills(page, EM, SETTINGS.fill), page)


def test_pictures_close_print_bars_and_dark_edges_stay() -> None:
    page = sheet(DPI, 5.5, 4.5)
    rng = np.random.default_rng(2)
    page[40:160, 40:240] = rng.integers(0, 140, (120, 200))  # a picture of many grays
    page[40:160:9, 40:240] = 230
    page[200:208, 40:500] = 30
    page[:, :30] = 20
    for row in range(6):
        digits(page, "888888888888", 40, 240 + 1.1 * row * EM, EM)
    assert without_fills(page, EM, SETTINGS.fill) is page or np.array_equal(
        without_fills(page, EM, SETTINGS.fill), page
    )


def test_a_white_page_is_the_very_same() -> None:
    page = sheet(DPI, 5.5, 4.5)
    assert without_fills(page, EM, SETTINGS.fill) is page
