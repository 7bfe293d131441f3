"""Strokes of characters that stand one below another are no column; rulings of single rows are."""

from __future__ import annotations

import pytest
from helpers_drawing import analysed, digits, em_at, even, grid_lines, rule, sheet, text

from ocr_pipeline.geometry import GrayImage

DPI = 150
EM = em_at(DPI)
PITCH = 1.5 * EM
XS, YS = [60.0, 60 + 8 * EM, 60 + 13 * EM, 60 + 18 * EM, 60 + 23 * EM], even(80, PITCH, 16)
SPECIAL = (2, 5, 9, 13)


def table(rows: tuple[int, ...] = SPECIAL) -> GrayImage:
    """A table of 16 low rows with labels in the first of its four columns, all but some rows'."""
    gray = sheet(DPI, 5.5, 5.5)
    grid_lines(gray, XS, YS)
    for r in range(16):
        if r not in rows:
            text(gray, "口大文人"[: 2 + r % 3], XS[0] + 0.3 * EM, YS[r] + 0.28 * EM, EM)
        for c in (1, 2, 3):
            digits(gray, str(37 * (r + 1) * (c + 1)), XS[c] + EM, YS[r] + 0.35 * EM, EM)
    return gray


def stroke_of_a_character(gray: GrayImage, x: float, row: int) -> None:
    """十 as high as its row, with a character before it."""
    text(gray, "口", x - 1.6 * EM, YS[row] + 0.28 * EM, EM)
    rule(gray, (x, YS[row] + 3), (x, YS[row + 1] - 3))
    rule(gray, (x - 0.45 * EM, YS[row] + 0.6 * PITCH), (x + 0.45 * EM, YS[row] + 0.6 * PITCH))


def short_ruling(gray: GrayImage, x: float, row: int) -> None:
    text(gray, "口", x - 1.6 * EM, YS[row] + 0.28 * EM, EM)
    text(gray, "大文", x + 0.7 * EM, YS[row] + 0.28 * EM, EM)
    rule(gray, (x, YS[row]), (x, YS[row + 1]))


@pytest.mark.parametrize("rows", [SPECIAL, (5,), (6, 7, 8)], ids=["apart", "one", "in a row"])
def test_the_same_character_in_many_rows_opens_no_column(rows: tuple[int, ...]) -> None:
    gray = table(rows)
    for row in rows:
        stroke_of_a_character(gray, XS[0] + 2 * EM, row)
    (grid,) = analysed(gray, DPI).tables
    assert (grid.rows, grid.cols, len(grid.cells)) == (16, 4, 64)


def test_rulings_of_single_rows_part_their_cells() -> None:
    gray = table()
    for row in SPECIAL:
        short_ruling(gray, XS[0] + 2.2 * EM, row)
    (grid,) = analysed(gray, DPI).tables
    assert (grid.rows, grid.cols, len(grid.cells)) == (16, 5, 64 + len(SPECIAL))
