"""The vertical rulings of a single low row, hardly longer than a character."""

from __future__ import annotations

import numpy as np
import pytest
from helpers_drawing import analysed, em_at, prose, rule, sheet, text

from ocr_pipeline.geometry import Box, GrayImage

DPI = 200
EM = em_at(DPI)
SMALL = 0.72 * EM
XS = [120.0, 420.0, 720.0, 1020.0, 1320.0]
YS = [1500.0, 1500 + 1.25 * EM, 1500 + 2.5 * EM]


def head_of_a_table(gap: float, inner: list[float]) -> GrayImage:
    """A page of prose with a table's first two rows at its foot: a row of one cell, and one parted by strokes that end
    a gap short of its rulings. Labels stand right beside them."""
    gray = sheet(DPI)
    prose(gray, Box(120, 200, 1320, 1300), EM, np.random.default_rng(3))
    for y in YS:
        rule(gray, (XS[0], y), (XS[-1], y))
    for x in (XS[0], XS[-1]):
        rule(gray, (x, YS[0]), (x, YS[-1]))
    for x in inner:
        rule(gray, (x, YS[1] + gap), (x, YS[2] - gap))
    for x in XS[:-1]:
        text(gray, "口大文", x + 0.12 * EM, YS[1] + 0.25 * EM, SMALL)
    text(gray, "大文口", XS[0] + 0.12 * EM, YS[0] + 0.25 * EM, SMALL)
    return gray


def test_several_of_one_row_part_it() -> None:
    (grid,) = analysed(head_of_a_table(0, XS[1:-1]), DPI).tables
    assert (grid.rows, grid.cols, len(grid.cells)) == (2, 4, 5)


@pytest.mark.parametrize(("gap", "inner"), [(4.0, XS[1:-1]), (0.0, XS[1:2])], ids=["keep away", "one alone"])
def test_strokes_do_not(gap: float, inner: list[float]) -> None:
    grids = analysed(head_of_a_table(gap, inner), DPI).tables
    assert all((grid.cols, len(grid.cells)) == (1, 2) for grid in grids)
