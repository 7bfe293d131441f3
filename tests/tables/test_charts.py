"""Charts are no tables."""

from __future__ import annotations

import pytest
from helpers_drawing import digits, em_at, rule, sheet

from ocr_pipeline.clean.rulings import find_rulings
from ocr_pipeline.geometry import GrayImage
from ocr_pipeline.settings import Settings
from ocr_pipeline.stages import TableGrid
from ocr_pipeline.tables.charts import apart_from_charts
from ocr_pipeline.tables.grid import find_tables

DPI = 150
EM = em_at(DPI)
SETTINGS = Settings()
LEFT, RIGHT = 100.0, 100 + 20 * EM
YS = [100 + 3 * EM * i for i in range(5)]


def framed() -> GrayImage:
    """A frame with three lines across."""
    gray = sheet(DPI, 5.5, 4.5)
    for y in YS:
        rule(gray, (LEFT, y), (RIGHT, y))
    for x in (LEFT, RIGHT):
        rule(gray, (x, YS[0]), (x, YS[-1]))
    return gray


def found(gray: GrayImage) -> tuple[TableGrid, ...]:
    ink = (gray < 128).astype("uint8") * 255
    grids = find_tables(find_rulings(gray, EM, SETTINGS.ruling), ink, EM, SETTINGS.table)
    return apart_from_charts(grids, ink, EM, SETTINGS.table)[0]


@pytest.mark.parametrize("reach", [(1, 2, 1, 1), (2, 3, 3, 1)])
def test_bars_that_run_through_the_lines_make_a_chart(reach: tuple[int, ...]) -> None:
    gray = framed()
    for i, lines in enumerate(reach):
        top, x = round(YS[4 - lines] - 1.2 * EM), round(LEFT + (2 + 4.5 * i) * EM)
        gray[top : round(YS[-1]), x : x + round(1.4 * EM)] = 90
    assert found(gray) == ()


def test_a_column_of_numbers_is_a_table() -> None:
    gray = framed()
    for y in YS[:-1]:
        digits(gray, "1357", LEFT + 8 * EM, y + EM, EM)
    (grid,) = found(gray)
    assert (grid.rows, grid.cols) == (4, 1)
