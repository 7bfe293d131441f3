"""Rulings on paper with coarse grain, and in tinted cells, where no grain is clipped at white."""

from __future__ import annotations

import numpy as np
import pytest
from helpers_drawing import em_at, even, grid_lines, sheet

from ocr_pipeline.clean.rulings import find_rulings
from ocr_pipeline.geometry import GrayImage
from ocr_pipeline.settings import RulingSettings

DPI = 150
EM = em_at(DPI)
XS, YS = even(150, 4 * EM, 8), even(150, 1.6 * EM, 3)


def grainy(sigma: float, tint: float) -> GrayImage:
    """A low table of eight columns, its cells darker by tint gray levels, with noise all over: the lightest fifth of
    the paper is clipped at white, as light that is evened out leaves it."""
    gray = sheet(DPI, 8, 3, round(255 - 0.84 * sigma))
    grid_lines(gray, XS, YS)
    cells = slice(round(YS[0]), round(YS[-1])), slice(round(XS[0]), round(XS[-1]))
    noisy = gray.astype(np.float64)
    noisy[cells] -= np.where(gray[cells] > tint, tint, 0)
    noisy += np.random.default_rng(3).normal(0, sigma, gray.shape)
    return np.clip(noisy, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("tint", [0.0, 30.0], ids=["white", "tinted"])
def test_grain_is_no_ruling_and_hides_none(tint: float) -> None:
    found = find_rulings(grainy(9.0, tint), EM, RulingSettings())
    assert [round(ruling.middle) for ruling in found.horizontal] == pytest.approx([round(y) for y in YS], abs=1)
    assert [round(ruling.middle) for ruling in found.vertical] == pytest.approx([round(x) for x in XS], abs=1)


def test_pale_rulings_are_found_on_paper_without_grain_beside_a_dark_tint() -> None:
    """Only where the page has grain a ruling must be darker than grain."""
    gray = sheet(DPI, 8, 3)
    grid_lines(gray, XS, YS)
    gray[gray < 128] = 235
    found = find_rulings(gray, EM, RulingSettings())
    assert (len(found.horizontal), len(found.vertical)) == (4, 9)
