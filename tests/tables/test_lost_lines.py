"""Rulings worn to pieces that meet nothing, on small drawn tables."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from helpers_drawing import digits, em_at, even, grid_lines, rule, sheet

from ocr_pipeline.clean.rulings import find_rulings
from ocr_pipeline.geometry import GrayImage
from ocr_pipeline.settings import Settings
from ocr_pipeline.tables.grid import find_tables

DPI = 150
EM = em_at(DPI)
SETTINGS = Settings()
XS, YS = even(60, 4 * EM, 6), even(80, 2.2 * EM, 8)


def wipe(gray: GrayImage, x0: float, y0: float, x1: float, y1: float) -> None:
    gray[round(y0) : round(y1), round(x0) : round(x1)] = 255


def table() -> GrayImage:
    gray = sheet(DPI, 5.5, 5.5)
    grid_lines(gray, XS, YS)
    return gray


def layouts(gray: GrayImage) -> list[tuple[int, int, int]]:
    binary = np.where(gray < 128, 255, 0).astype(np.uint8)
    grids = find_tables(find_rulings(gray, EM, SETTINGS.ruling), binary, EM, SETTINGS.table)
    return [(grid.rows, grid.cols, len(grid.cells)) for grid in grids]


def wear_row(gray: GrayImage, row: int) -> None:
    """Leave of a row's ruling one piece in the middle of each cell, four fifths of it, and of the columns no end next
    to it."""
    for x0, x1 in itertools.pairwise(XS):
        wipe(gray, x0 - 0.4 * EM, YS[row] - 3, x0 + 0.4 * EM, YS[row] + 4)
        wipe(gray, x1 - 0.4 * EM, YS[row] - 3, x1 + 0.4 * EM, YS[row] + 4)
    for x in XS:
        wipe(gray, x - 4, YS[row] - 0.8 * EM, x + 5, YS[row] + 0.8 * EM)


@pytest.mark.parametrize("row", [0, 2, 4, 6, 8])
def test_a_row_of_pieces_that_meet_no_column_is_found(row: int) -> None:
    gray = table()
    wear_row(gray, row)
    assert layouts(gray) == [(8, 6, 48)]


def test_rows_worn_to_short_pieces_across_the_columns_are_found() -> None:
    gray = table()
    for row in (1, 2, 4, 5, 7):
        for x0, x1 in itertools.pairwise(XS):
            wipe(gray, x0 + 0.3 * (x1 - x0), YS[row] - 3, x1 - 0.3 * (x1 - x0), YS[row] + 4)
    assert [(rows, cols) for rows, cols, _ in layouts(gray)] == [(8, 6)]


def test_a_table_in_two_parts_is_one_where_a_column_goes_on() -> None:
    gray = table()
    for x in XS[1:]:
        wipe(gray, x - 4, YS[4] + 4, x + 5, YS[5] - 3)
    wipe(gray, XS[0] - 4, YS[4] + 0.2 * EM, XS[0] + 5, YS[4] + 1.4 * EM)
    assert [(rows, cols) for rows, cols, _ in layouts(gray)] == [(8, 6)]


def test_two_tables_of_the_same_width_stay_two() -> None:
    gray = sheet(DPI, 5.5, 5.5)
    grid_lines(gray, XS, YS[:4])
    grid_lines(gray, XS, [y + 2.2 * EM for y in YS[3:7]])
    assert layouts(gray) == [(3, 6, 18), (3, 6, 18)]


@pytest.mark.parametrize("tied", [True, False])
def test_the_frame_beside_a_wide_column_is_found_by_its_length_where_one_row_runs_up_to_it(tied: bool) -> None:
    gray = sheet(DPI, 5.5, 5.5)
    xs = [XS[0], XS[0] + 9.5 * EM, *even(XS[0] + 12.5 * EM, 3 * EM, 4)]
    grid_lines(gray, xs, YS)
    for y in YS if not tied else YS[:-1]:
        wipe(gray, xs[0] + 4, y - 3, xs[1] - 3, y + 4)
    if tied:  # by pieces with a wide gap before the table
        wipe(gray, xs[0] + 4.5 * EM, YS[-1] - 3, xs[1] - 3, YS[-1] + 4)
    assert [cols for _, cols, _ in layouts(gray)] == [len(xs) - 1 if tied else len(xs) - 2]


def test_lines_to_write_on_are_no_rows() -> None:
    gray = sheet(DPI, 5.5, 5.5)
    grid_lines(gray, [XS[0], XS[2], XS[6]], [YS[0], YS[1], YS[8]])
    for y in YS[2:8]:
        rule(gray, (XS[2] + 1.5 * EM, y), (XS[6] - 1.5 * EM, y))
    assert layouts(gray) == [(2, 2, 4)]


def test_a_line_of_a_table_beside_is_not_reached_past_a_table_between() -> None:
    """The outer two are alike, the one between is wider and stands apart from both."""
    gray = sheet(DPI, 5.5, 5.5)
    narrow = XS[1:6]
    grid_lines(gray, narrow, YS[:2])
    grid_lines(gray, [XS[0] - 10, XS[3] + EM, XS[6] + 10], [y + EM for y in YS[2:5]])
    grid_lines(gray, narrow, [y + 2 * EM for y in YS[5:7]])
    assert layouts(gray) == [(1, 4, 4), (2, 2, 4), (1, 4, 4)]


def test_a_border_of_the_page_takes_no_rows_of_the_table_it_frames() -> None:
    gray = table()
    margin = 1.1 * EM
    grid_lines(gray, [XS[0] - margin, XS[-1] + margin], [YS[0] - 2 * EM, YS[-1] + 2 * EM])
    digits(gray, "123", XS[1], YS[0] - 1.5 * EM, EM)
    assert (8, 6, 48) in layouts(gray)
    assert len(layouts(gray)) == 1


def test_a_row_of_one_cell_without_its_frame_is_found_below_a_worn_table() -> None:
    gray = worn_with_a_last_row(title_gap=0.0)
    assert [(rows, cols) for rows, cols, _ in layouts(gray)] == [(8, 6)]


def test_a_line_further_below_a_worn_table_is_none_of_its_rows() -> None:
    gray = worn_with_a_last_row(title_gap=1.2)
    assert [(rows, cols) for rows, cols, _ in layouts(gray)] == [(7, 6)]


def worn_with_a_last_row(title_gap: float) -> GrayImage:
    """A table many of whose corners are worn off; its last row has one cell and no sides. title_gap: how much further
    down the last ruling lies, in em."""
    gray = sheet(DPI, 5.5, 5.5)
    grid_lines(gray, XS, YS[:-1])
    for x, y in itertools.product(XS[1:-1:2], YS[1:-2]):
        wipe(gray, x - 0.6 * EM, y - 3, x + 0.6 * EM, y + 4)
    last = round(YS[-1] + title_gap * EM)
    for x0, x1 in itertools.pairwise(XS):
        rule(gray, (x0 + 0.1 * EM, last), (x1 - 0.5 * EM, last))
    digits(gray, "10293847", XS[2], (YS[-2] + last) / 2 - 0.35 * EM, EM)
    return gray
