"""Rulings that are drawn otherwise than as one solid line: double ones, dashes and dots."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from helpers_drawing import digits, em_at, even, rule, sheet, text

from ocr_pipeline.clean.rulings import find_rulings
from ocr_pipeline.geometry import GrayImage
from ocr_pipeline.settings import Settings
from ocr_pipeline.stages import TableGrid
from ocr_pipeline.tables.grid import find_tables

DPI = 150
EM = em_at(DPI)
SETTINGS = Settings()
XS, YS = even(60, 3 * EM, 6), even(80, 1.8 * EM, 8)
Draw = Callable[[GrayImage, int, int, int], None]


def line(gray: GrayImage, at: int, start: int, end: int) -> None:
    """A horizontal line two pixels thick."""
    gray[at : at + 2, start : end + 1] = 40


def double(apart: int) -> Draw:
    def draw(gray: GrayImage, at: int, start: int, end: int) -> None:
        line(gray, at - apart // 2, start, end)
        line(gray, at + apart - apart // 2, start, end)

    return draw


def dashed(dash: int, gap: int) -> Draw:
    def draw(gray: GrayImage, at: int, start: int, end: int) -> None:
        for place in range(start, end - dash, dash + gap):
            gray[at : at + 3, place : place + dash] = 40

    return draw


def table(draw: Draw, xs: list[float], ys: list[float], section: int | None = None) -> GrayImage:
    """A full grid with a number in every second cell; section: a row that is one cell."""
    gray = sheet(DPI, 5.5, 4.5)
    left, right, top, bottom = (round(v) for v in (xs[0], xs[-1], ys[0], ys[-1]))
    for y in ys:
        draw(gray, round(y), left, right)
    for x in xs:
        for first, last in ((top, bottom),) if section is None or x in (xs[0], xs[-1]) else parts(ys, section):
            draw(gray.T, round(x), first, last)
    for r in range(len(ys) - 1):
        for c in range(r % 2, len(xs) - 1, 2):
            if r != section:
                digits(gray, str(24 + r * c), xs[c] + 0.8 * EM, ys[r] + 0.6 * EM, EM)
    return gray


def parts(ys: list[float], section: int) -> tuple[tuple[int, int], tuple[int, int]]:
    return (round(ys[0]), round(ys[section])), (round(ys[section + 1]), round(ys[-1]))


def found(gray: GrayImage) -> tuple[TableGrid, ...]:
    binary = np.where(gray < 128, 255, 0).astype(np.uint8)
    return find_tables(find_rulings(gray, EM, SETTINGS.ruling), binary, EM, SETTINGS.table)


@pytest.mark.parametrize("apart", [4, 5, 7, 9])
def test_the_two_lines_of_a_double_ruling_are_one_boundary(apart: int) -> None:
    (grid,) = found(table(double(apart), XS, YS))
    assert (grid.rows, grid.cols, len(grid.cells)) == (8, 6, 48)
    # The boundaries run in the middle, and the cells begin behind the second line.
    assert all(abs(x - true) <= 2 for x, true in zip(grid.xs, XS, strict=True))
    assert all(cell.box.x0 >= XS[cell.col] + apart / 2 for cell in grid.cells)


@pytest.mark.parametrize("apart", [0.56, 0.7, 0.8])
def test_lines_further_apart_are_double_rulings_where_all_are_alike(apart: float) -> None:
    gray = table(double(round(apart * EM)), XS, YS)
    # A stroke of print close beside one of the lines is none of the two.
    rule(gray, (XS[1] + EM, YS[2] + apart * EM), (XS[1] + 2.6 * EM, YS[2] + apart * EM))
    (grid,) = found(gray)
    assert (grid.rows, grid.cols, len(grid.cells)) == (8, 6, 48)


def test_a_single_low_row_is_no_double_ruling() -> None:
    ys = [*YS[:4], YS[3] + 0.75 * EM, *YS[4:]]
    (grid,) = found(table(line, XS, ys))
    assert (grid.rows, grid.cols) == (9, 6)


def test_rows_of_small_print_are_no_double_rulings() -> None:
    heights = [1.4, 0.78, 1.4, *[0.78] * 10, 1.4, 0.78, 1.4]  # some low rows stand alone between higher ones
    ys = [80.0, *(80 + EM * np.cumsum(heights)).tolist()]
    gray = table(lambda *_: None, XS, [80.0, 81.0])
    for y in ys:
        line(gray, round(y), round(XS[0]), round(XS[-1]))
    for x in XS:
        line(gray.T, round(x), round(ys[0]), round(ys[-1]))
    for y, high in zip(ys, heights, strict=False):
        for x in XS[:-1]:
            digits(gray, "24", x + 0.8 * EM, y + (high - 0.45) / 2 * EM, 0.45 * EM)
    (grid,) = found(gray)
    assert (grid.rows, grid.cols) == (len(heights), 6)


def test_a_double_ruling_traced_as_one_is_as_thick_as_its_lines() -> None:
    gray = table(line, XS, YS)
    # Below a heading over three columns.
    double(4)(gray, round((YS[0] + YS[1]) / 2), round(XS[1]), round(XS[4]))
    (grid,) = found(gray)
    assert (grid.rows, grid.cols) == (9, 6)


def test_a_short_double_ruling_with_print_close_beside_it() -> None:
    high = even(80, 1.8 * EM, 3)
    gray = table(double(7), XS, high)
    for y in even(high[0] + 0.5 * EM, 1.2 * EM, 3):
        for x in XS[1:-1]:
            # Behind each ruling stand characters whose upright strokes all but touch it.
            gray[round(y) : round(y + 0.7 * EM), round(x) + 9 : round(x) + 11] = 40
    (grid,) = found(gray)
    assert (grid.rows, grid.cols, len(grid.cells)) == (3, 6, 18)


def test_double_rulings_one_row_high_are_no_print() -> None:
    gray = table(double(6), XS, YS, section=1)
    (grid,) = found(gray)
    assert (grid.rows, grid.cols, len(grid.cells)) == (8, 6, 43)


def test_a_line_of_print_beside_a_ruling_makes_it_no_double_one() -> None:
    gray = table(line, XS, YS)
    digits(gray, "17171717", XS[1] + 4, YS[3] + 3, EM)
    (grid,) = found(gray)
    assert (grid.rows, grid.cols, len(grid.cells)) == (8, 6, 48)
    assert max(grid.row_thickness) < 4


@pytest.mark.parametrize(("dash", "gap"), [(4, 4), (6, 6), (8, 9), (9, 8), (5, 6)])
@pytest.mark.parametrize("section", [None, 3])
def test_dashed_rulings_are_rulings(dash: int, gap: int, section: int | None) -> None:
    (grid,) = found(table(dashed(dash, gap), XS, YS, section))
    assert (grid.rows, grid.cols, len(grid.cells)) == (8, 6, 48 if section is None else 43)


def both(level: Draw, upright: Draw) -> GrayImage:
    """A full grid with other rulings along its rows than along its columns, framed."""
    gray = table(lambda *_: None, XS, YS)
    left, right, top, bottom = (round(v) for v in (XS[0], XS[-1], YS[0], YS[-1]))
    for i, y in enumerate(YS):
        (line if i in (0, len(YS) - 1) else level)(gray, round(y), left, right)
    for j, x in enumerate(XS):
        (line if j in (0, len(XS) - 1) else upright)(gray.T, round(x), top, bottom)
    return gray


def dotted(dot: int, pitch: int) -> Draw:
    def draw(gray: GrayImage, at: int, start: int, end: int) -> None:
        for place in range(start, end - dot, pitch):
            gray[at : at + dot, place : place + dot] = 40

    return draw


def dash_and_dot(gray: GrayImage, at: int, start: int, end: int) -> None:
    for place in range(start, end - 20, 20):
        gray[at : at + 2, place : place + 10] = 40
        gray[at : at + 2, place + 14 : place + 16] = 40


def test_dashes_along_one_direction_alone_are_rulings_where_they_end_at_others() -> None:
    for gray in (both(dashed(9, 6), line), both(line, dashed(9, 6))):
        (grid,) = found(gray)
        assert (grid.rows, grid.cols, len(grid.cells)) == (8, 6, 48)


def test_leaders_within_the_columns_of_a_table_are_no_rulings() -> None:
    gray = both(lambda *_: None, line)
    for y in YS[1:]:
        dashed(4, 5)(gray, round(y - 0.9 * EM), round(XS[0] + 1.2 * EM), round(XS[3] - 1.2 * EM))
    (grid,) = found(gray)
    assert grid.rows == 1


@pytest.mark.parametrize("draw", [dotted(2, 5), dash_and_dot])
def test_fine_dots_and_dashes_with_dots_between_are_rulings(draw: Draw) -> None:
    for gray in (both(draw, draw), both(draw, line)):
        (grid,) = found(gray)
        assert (grid.rows, grid.cols, len(grid.cells)) == (8, 6, 48)


def test_dust_in_a_line_is_no_dotted_ruling() -> None:
    gray = both(lambda *_: None, line)
    rng = np.random.default_rng(5)
    for y in YS[1:-1]:
        at = float(XS[0])
        while at < XS[-1]:
            gray[round(y) : round(y) + 2, round(at) : round(at) + 2] = 40
            at += 2 + rng.exponential(5)
    assert [grid.rows for grid in found(gray)] == [1]


def test_leaders_of_a_list_of_contents_are_no_rulings() -> None:
    gray = sheet(DPI, 5.5, 4.5)
    for y in YS:
        digits(gray, "1234", XS[0], y, EM)
        dashed(3, 5)(gray, round(y + 0.5 * EM), round(XS[1]), round(XS[-1]))
        digits(gray, "56", XS[-1] + 0.5 * EM, y, EM)
    rulings = find_rulings(gray, EM, SETTINGS.ruling)
    assert not any(ruling.length > 3 * EM for ruling in (*rulings.horizontal, *rulings.vertical))
    assert found(gray) == ()


def test_figures_one_below_the_other_are_no_dashes() -> None:
    gray = table(dashed(6, 6), XS, YS)
    for r in range(8):
        gray[
            round(YS[r] + 0.4 * EM) : round(YS[r] + 1.2 * EM), round(XS[2] + 1.2 * EM) : round(XS[2] + 1.2 * EM) + 3
        ] = 40
    (grid,) = found(gray)
    assert (grid.rows, grid.cols, len(grid.cells)) == (8, 6, 48)


def test_dots_of_rulings_one_below_the_other_and_strokes_between_are_no_dotted_column() -> None:
    rows = [80 + 32.0 * i for i in range(10)]
    gray = table(dotted(3, 4), XS, rows)
    for y in rows[:-1]:  # a stroke halfway between the dots above and those below, in line with them
        for x in (XS[1] + 24, XS[3] + 28, XS[4] + 20):
            gray[round(y) + 16 : round(y) + 19, round(x) : round(x) + 3] = 40
    (grid,) = found(gray)
    assert (grid.rows, grid.cols, len(grid.cells)) == (9, 6, 54)


def test_dashes_of_which_most_run_into_rulings_across_are_one_ruling() -> None:
    rows = [80 + 40.0 * i for i in range(9)]
    gray = table(lambda *_: None, XS, rows)
    for y in rows:
        dashed(12, 8)(gray, round(y), round(XS[0]), round(XS[-1]))
    for x in XS:
        dashed(12, 8)(gray.T, round(x), round(rows[0]), round(rows[-1]))
        for y in rows[2:7:2]:  # specks cling to dashes: these are unlike the others
            gray[round(y) + 16 : round(y) + 36, round(x) - 2 : round(x) + 4] = 40
    (grid,) = found(gray)
    assert (grid.rows, grid.cols, len(grid.cells)) == (8, 6, 48)


def frameless(sections: tuple[int, ...] = (), bottom: bool = False) -> GrayImage:
    """A table without a frame; sections: rows that are one cell, with a line of print in their middle."""
    gray = sheet(DPI, 5.5, 4.5)
    for y in (*YS[1:-1], *YS[-1:]) if bottom else YS[1:-1]:
        line(gray, round(y), round(XS[0]), round(XS[-1]))
    for r in range(8):
        for x in XS[1:-1] if r not in sections else ():
            line(gray.T, round(x), round(YS[r]), round(YS[r + 1]))
        for c in range(6) if r not in sections else ():
            digits(gray, str(24 + r * c), XS[c] + 0.8 * EM, YS[r] + 0.5 * EM, EM)
        if r in sections:
            digits(gray, "4711", XS[2], YS[r] + 0.5 * EM, EM)
    return gray


@pytest.mark.parametrize("sections", [(), (3,), (3, 4), (2, 6)])
def test_rows_of_one_cell_do_not_cut_a_table_without_a_frame(sections: tuple[int, ...]) -> None:
    (grid,) = found(frameless(sections))
    assert (grid.rows, grid.cols, len(grid.cells)) == (8, 6, 48 - 5 * len(sections))
    assert grid.open_top
    assert grid.open_bottom


def test_the_last_row_after_one_of_a_single_cell_hangs_from_its_ruling() -> None:
    (grid,) = found(frameless((6,)))
    assert (grid.rows, grid.cols, len(grid.cells)) == (8, 6, 43)


def test_a_title_between_two_tables_without_sides_joins_nothing() -> None:
    gray = frameless((4,))
    gray[round(YS[4]) + 3 : round(YS[5]) - 1] = 255
    # The title stands nearer to the table below it.
    digits(gray, "4711", XS[2], YS[5] - 0.85 * EM, EM)
    assert [(grid.rows, grid.cols) for grid in found(gray)] == [(4, 6), (3, 6)]


def test_one_ruling_in_the_first_row_tells_that_a_table_without_a_frame_begins_there() -> None:
    gray = frameless()
    for x in XS[1:-2]:
        gray[: round(YS[1]) - 1, round(x) - 1 : round(x) + 4] = 255
    (grid,) = found(gray)
    assert (grid.rows, grid.cols, len(grid.cells)) == (8, 6, 44)


@pytest.mark.parametrize("turns", [True, False])
def test_a_top_ruling_worn_off_at_its_end_belongs_to_the_frame_that_turns_at_its_level(turns: bool) -> None:
    gray = table(line, XS, YS, section=0)
    digits(gray, "4711", XS[2], YS[0] + 0.5 * EM, EM)
    left, top, below = round(XS[0]), round(YS[0]), round(YS[1])
    gray[top : top + 2, left : left + round(1.8 * EM)] = 255
    gray[top : below - 2, round(XS[-1]) :] = 255
    if not turns:
        gray[top : below - round(0.5 * EM), left : left + 3] = 255
    (grid,) = found(gray)
    assert (grid.rows, grid.cols) == ((8, 6) if turns else (7, 6))


def test_a_low_strip_keeps_a_side_that_is_drawn_in_two_pieces() -> None:
    gray = sheet(DPI, 5.5, 4.5)
    for row in range(6):
        text(gray, "三川文大人十口工王二" * 2, 2 * EM, (2 + 1.8 * row) * EM, EM)
    left, right, top, foot = round(2 * EM), round(24 * EM), round(14 * EM), round(15.5 * EM)
    for y in (top, foot):
        gray[y : y + 3, left : right + 3] = 40
    gray[top : foot + 3, left : left + 3] = 40
    # The upper piece stands a little further out, and there is a notch where they meet.
    gray[top : top + 9, right + 1 : right + 5] = 40
    gray[top + 9 : foot + 3, right - 1 : right + 3] = 40
    gray[top + 8 : top + 10, right - 1 : right + 1] = 255
    digits(gray, "4711", 5 * EM, top + 0.4 * EM, EM)
    (grid,) = found(gray)
    assert (grid.rows, grid.cols) == (1, 1)


@pytest.mark.parametrize("inset", [0.8, 1.2, 2.0])
def test_small_print_whose_strokes_run_together_is_no_ruling(inset: float) -> None:
    xs = even(60, 9 * EM, 4)
    gray = table(line, xs, YS)
    y, height = round(YS[2] + 0.9 * EM), round(0.15 * EM)
    for c in (1, 2):
        left, right = round(xs[c] + inset * EM), round(xs[c + 1] - inset * EM)
        gray[y - round(0.4 * EM) : y + round(0.4 * EM), left:right] = 255
        gray[y : y + 2, left:right] = 60
        for x in range(left, right - 3, 6):
            gray[y - height : y + height, x : x + 3] = 60
    (grid,) = found(gray)
    assert (grid.rows, grid.cols, len(grid.cells)) == (8, 4, 32)


@pytest.mark.parametrize(("lean", "columns"), [(0.06, 6), (0.0, 7)])
def test_a_short_line_that_leans_off_its_neighbours_is_no_column(lean: float, columns: int) -> None:
    """The side of a stamp that a copier made black, over the table's head; upright it would part a column."""
    gray = table(line, XS, [80 + 1.8 * EM * k for k in range(12)])
    x, y = round(XS[2] + 1.6 * EM), round(80 + 5.4 * EM)
    cv2.line(gray, (x, 80), (round(x + lean * (y - 80)), y), 40, 2)
    (grid,) = found(gray)
    assert grid.cols == columns


@pytest.mark.parametrize("share", [0.7, 0.9, 0.95])
def test_a_dash_as_wide_as_its_cell_parts_no_low_row(share: float) -> None:
    ys = even(80, 1.4 * EM, 8)
    gray = table(line, XS, ys)
    for r, c in ((2, 1), (5, 3)):
        middle, inset = round((ys[r] + ys[r + 1]) / 2), (1 - share) / 2 * 3 * EM
        gray[round(ys[r]) + 3 : round(ys[r + 1]) - 2, round(XS[c]) + 3 : round(XS[c + 1]) - 2] = 255
        line(gray, middle, round(XS[c] + inset), round(XS[c + 1] - inset))
    (grid,) = found(gray)
    assert (grid.rows, grid.cols, len(grid.cells)) == (8, 6, 48)


@pytest.mark.parametrize("sides", [True, False])
def test_strokes_of_a_title_in_line_with_rulings_open_no_row(sides: bool) -> None:
    gray = table(line, XS, YS)
    if not sides:
        for x in (XS[0], XS[-1]):
            gray[round(YS[0]) + 3 : round(YS[-1]) - 2, round(x) - 1 : round(x) + 3] = 255
    for x in XS[2:4] if sides else XS[2:3]:
        line(gray.T, round(x), round(YS[0] - 1.4 * EM), round(YS[0]))
    (grid,) = found(gray)
    assert (grid.rows, grid.cols) == (8, 6)


def test_a_thick_frame_around_small_print_is_a_ruling() -> None:
    gray = table(line, XS, YS)
    thick, (left, right, top, foot) = round(0.5 * EM), (round(v) for v in (XS[0], XS[-1], YS[0], YS[-1]))
    for start, end in ((top, top + thick), (foot - thick, foot)):
        gray[start:end, left : right + 1] = 40
    for start, end in ((left, left + thick), (right - thick, right)):
        gray[top : foot + 1, start:end] = 40
    (grid,) = found(gray)
    assert (grid.rows, grid.cols, len(grid.cells)) == (8, 6, 48)
    assert not grid.open_top


def test_a_stroke_that_the_same_label_has_in_single_rows_parts_no_column() -> None:
    ys = even(80, 1.3 * EM, 11)
    gray = table(line, XS, ys)
    for r in (1, 3, 5, 8, 10):
        gray[round(ys[r]) + 3 : round(ys[r + 1]) - 2, round(XS[1]) + 3 : round(XS[2]) - 2] = 255
        line(gray.T, round(XS[1] + 1.5 * EM), round(ys[r]) + 5, round(ys[r + 1]) - 4)
    (grid,) = found(gray)
    assert (grid.rows, grid.cols, len(grid.cells)) == (11, 6, 66)


def test_lines_of_print_between_rulings_are_no_table() -> None:
    gray = sheet(DPI, 5.5, 4.5)
    for row in range(3):
        line(gray, round((6 + 1.8 * row) * EM), round(EM), round(25 * EM))
    for row in range(2):
        text(gray, "川文大人十口工", 2 * EM, (6.4 + 1.8 * row) * EM, EM)
        # A stroke from ruling to ruling, such as a character has.
        line(gray.T, round((3.5 + row) * EM), round((6 + 1.8 * row) * EM), round((7.8 + 1.8 * row) * EM))
    assert found(gray) == ()


@pytest.mark.parametrize("share", [0.45, 0.5, 0.55])
def test_a_line_through_one_cell_of_a_row_of_the_usual_height_parts_no_row(share: float) -> None:
    xs = even(60, 5.5 * EM, 5)
    gray = table(line, xs, YS)
    y = round(YS[3] + share * (YS[4] - YS[3]))
    gray[round(YS[3]) + 4 : round(YS[4]) - 4, round(xs[2]) + 4 : round(xs[3]) - 4] = 255
    gray[y : y + 2, round(xs[2]) : round(xs[3])] = 0
    (grid,) = found(gray)
    assert (grid.rows, grid.cols, len(grid.cells)) == (8, 5, 40)


@pytest.mark.parametrize(("level", "found"), [(240, 9), (215, 11)])
def test_lines_too_pale_beside_the_rulings_are_none(level: int, found: int) -> None:
    """What shines through from the back of the sheet, a third of a row off: 240 is 0.07 as dark as the rulings are.
    Light gray ones are drawn."""
    gray = table(line, XS, YS)
    for y in YS[2:4]:
        at = round(y + 0.6 * EM)
        stroke = gray[at : at + 2, round(XS[0]) : round(XS[-1])]
        np.minimum(stroke, level, out=stroke)
    rulings = find_rulings(gray, EM, SETTINGS.ruling)
    level_ones = [r for r in rulings.horizontal if r.length > 0.9 * (XS[-1] - XS[0])]
    assert len(level_ones) == found


def test_the_outer_line_of_a_wide_double_frame_makes_no_row_and_no_column() -> None:
    gray = sheet(DPI, 5.5, 4.5)
    away = round(0.65 * EM)
    for y in YS:
        line(gray, round(y), round(XS[0]), round(XS[-1]))
    for x in XS:
        line(gray.T, round(x), round(YS[0]), round(YS[-1]))
    left, right, top, bottom = round(XS[0]) - away, round(XS[-1]) + away, round(YS[0]) - away, round(YS[-1]) + away
    for y in (top, bottom):
        line(gray, y, left, right)
    for x in (left, right):
        line(gray.T, x, top, bottom)
    for r in range(len(YS) - 1):
        digits(gray, str(24 + r), XS[0] + 0.8 * EM, YS[r] + 0.6 * EM, EM)
    (grid,) = found(gray)
    assert (grid.rows, grid.cols) == (len(YS) - 1, len(XS) - 1)


def test_a_frame_that_all_rulings_reach_past_a_line_of_strokes_beside_it_stays() -> None:
    gray = sheet(DPI, 5.5, 4.5)
    left = round(XS[0]) - round(0.65 * EM)
    for y in YS:
        line(gray, round(y), left, round(XS[-1]))
    for x in (left, *XS):
        line(gray.T, round(x), round(YS[0]), round(YS[-1]))
    (grid,) = found(gray)
    assert grid.box.x0 == pytest.approx(left, abs=1)


@pytest.mark.parametrize(("high", "wide", "tables"), [(0.9, 3.0, 1), (0.9, 0.8, 0), (0.7, 3.0, 0)])
def test_a_wide_row_lower_than_the_page_s_print_is_a_table(high: float, wide: float, tables: int) -> None:
    """A page break left it of a table of small print. Strokes of a title enclose as little, but not over such a
    width."""
    gray = sheet(DPI, 5.5, 3)
    xs = [100 + n * wide * EM for n in range(9)]
    top, foot = 100, round(100 + high * EM)
    for y in (top, foot):
        line(gray, y, round(xs[0]), round(xs[-1]))
    for x in xs:
        line(gray.T, round(x), top, foot)
    assert len(found(gray)) == tables
