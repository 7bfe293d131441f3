"""The scale that a page's rulings are measured in, where tables are set smaller than the running text."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from helpers_drawing import analysed, cleaned, em_at, prose, rule, sheet, text

from ocr_pipeline.clean.lines import Ruling, Rulings
from ocr_pipeline.clean.scale import Glyphs, page_scale, table_scale
from ocr_pipeline.geometry import Box, GrayImage
from ocr_pipeline.settings import CleanSettings

DPI = 200
BODY, SMALL = em_at(DPI, 16), em_at(DPI, 8)
LEFT, RIGHT, TOP, HIGH = 220.0, 1470.0, 1200.0, 38.0


def small_table_under_large_text() -> GrayImage:
    """Running text of 16 points, and a table of 8 without a frame whose rows are lower than its characters; the fourth
    row and the last but one are one cell each."""
    gray = sheet(DPI)
    prose(gray, Box(200, 200, 1480, 1100), BODY, np.random.default_rng(3))
    for row in range(10):
        y, whole = TOP + row * HIGH, row in (3, 8)
        if row:
            rule(gray, (LEFT, y), (RIGHT, y))
        stops = (LEFT, RIGHT) if whole else (LEFT, 760.0, 1100.0, RIGHT)
        for start, end in itertools.pairwise(stops):
            text(gray, "文大木口", (start + end) / 2 - 2 * SMALL, y + (HIGH - SMALL) / 2, SMALL)
        for x in stops[1:-1]:
            rule(gray, (x, y), (x, y + HIGH))
    return gray


def test_rulings_are_measured_in_the_print_of_their_table() -> None:
    page = cleaned(small_table_under_large_text(), DPI)
    assert page.text_height == pytest.approx(BODY, rel=0.12)
    assert page.ruling_em == pytest.approx(SMALL, rel=0.12)


def test_a_small_table_below_large_text_comes_out_whole() -> None:
    (table,) = analysed(small_table_under_large_text(), DPI).tables
    assert (table.rows, table.cols, len(table.cells)) == (10, 3, 26)


def ladder() -> Rulings:
    """Two level rulings and an upright one between them."""
    none = np.zeros((10, 10), np.uint8)
    level = tuple(Ruling(np.array([100.0, 500.0]), np.array([y, y]), 2.0) for y in (100.0, 300.0))
    upright = Ruling(np.array([100.0, 300.0]), np.array([200.0, 200.0]), 2.0)
    return Rulings(level, (upright,), none, none, none, none)


def glyphs(y: float, width: float, height: float) -> Glyphs:
    places = np.stack([np.linspace(120, 480, 20), np.full(20, y)], axis=1)
    return Glyphs(places, np.full(20, width), np.full(20, height))


@pytest.mark.parametrize(("y", "width"), [(200.0, 10.0), (400.0, 20.0)])
def test_figures_and_print_outside_tables_say_nothing_of_their_scale(y: float, width: float) -> None:
    assert table_scale(glyphs(y, width, 20.0), ladder(), 20.0, DPI, CleanSettings()) is None
    assert table_scale(glyphs(200.0, 20.0, 20.0), ladder(), 20.0, DPI, CleanSettings()) == pytest.approx(21.2)


@pytest.mark.parametrize(("characters", "height"), [(40, 18), (5, 13), (600, 18)])
def test_a_page_of_figures_is_measured_by_its_characters(characters: int, height: int) -> None:
    """As long as there are enough of them; some print of another size says nothing."""
    widths = np.repeat([8.0, 18.0, 40.0], [300, characters, 6])
    heights = np.repeat([13.0, 17.0, 41.0], [300, characters, 6])
    glyphs = Glyphs(np.zeros((len(widths), 2)), widths, heights)
    settings = CleanSettings()
    assert page_scale(glyphs, DPI, settings) == pytest.approx(height * settings.em_per_glyph, rel=0.02)
