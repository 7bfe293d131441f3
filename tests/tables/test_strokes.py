"""Strokes of characters that stand one below another are no column; rulings of single rows are."""

from __future__ import annotations

import numpy as np
import pytest
from helpers_drawing import analysed, digits, em_at, even, grid_lines, rule, sheet, text

from ocr_pipeline.geometry import GrayImage
from ocr_pipeline.settings import TableSettings
from ocr_pipeline.tables.boundaries import Boundary, Frame
from ocr_pipeline.tables.edges import Edges, _runs_on, hang_together
from ocr_pipeline.tables.strokes import _stand_apart, without_prolonging, without_strokes

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


def test_nor_does_one_with_a_thin_bar_across() -> None:
    gray = table(rows := (1, 4, 7))
    for row in rows:
        x, middle = XS[0] + 4 * EM, (YS[row] + YS[row + 1]) / 2
        rule(gray, (x, middle - 0.6 * EM), (x, middle + 0.6 * EM))
        rule(gray, (x - 0.4 * EM, middle), (x + 0.4 * EM, middle), 1)
    (grid,) = analysed(gray, DPI).tables
    assert (grid.rows, grid.cols, len(grid.cells)) == (16, 4, 64)


def test_what_keeps_off_the_corners_in_rows_that_never_follow_each_other_stands_apart() -> None:
    ruled = np.array([True, False, True, False, True])
    ends = np.full((5, 2), 0.7)
    settings = TableSettings()
    assert _stand_apart(ruled, ends, settings)
    assert not _stand_apart(np.array([True, True, False, False, True]), ends, settings)
    ends[2] = 1.0
    assert not _stand_apart(ruled, ends, settings)


@pytest.mark.parametrize(
    ("free", "traced", "end", "height", "found"),
    [
        (0.9, 1.0, 1.0, 1.3, True),
        (0.9, 1.0, 0.8, 1.5, True),
        (0.9, 1.0, 0.8, 1.3, False),  # a stroke as high as a low row comes as near to its corners
        (0.2, 1.0, 1.0, 1.5, True),
        (0.2, 0.0, 1.0, 1.5, False),
        (0.2, 1.0, 1.0, 1.3, False),
    ],
)
def test_a_ruling_runs_on_beside_print(free: float, traced: float, end: float, height: float, found: bool) -> None:
    """free, traced: of the side that is known; end: how dark the other one is at its ends; height: of both."""
    shares = np.array([traced, 1.0]), np.array([1.0, 0.97]), np.array([free, 0.0]), np.array([1.0, end])
    through = np.array([True, end == 1.0])
    found_both = _runs_on(through, *shares, np.array([height, height]), TableSettings())
    assert bool(found_both[1]) is found


def test_rulings_of_single_rows_part_their_cells() -> None:
    gray = table()
    for row in SPECIAL:
        short_ruling(gray, XS[0] + 2.2 * EM, row)
    (grid,) = analysed(gray, DPI).tables
    assert (grid.rows, grid.cols, len(grid.cells)) == (16, 5, 64 + len(SPECIAL))


@pytest.mark.parametrize(("ends", "kept"), [((0.0, 0.8), 3), ((0.9, 0.8), 4)], ids=["dash", "ruling"])
def test_a_wide_dash_in_a_high_row_parts_nothing(ends: tuple[float, float], kept: int) -> None:
    """Near one corner, for numbers stand at the right, but not at the other."""
    em = 17.0
    rows = [boundary(y, 0, 400) for y in (0.0, 40.0, 100.0)]
    rows.insert(2, boundary(70.0, 240, 279))
    columns = tuple(boundary(x, 0, 100) for x in (0.0, 200.0, 300.0, 400.0))
    cover = np.ones((4, 3))
    cover[2] = 0.0, 0.57, 0.0
    level = np.repeat(np.where(cover > 0, 1.0, 0.0)[..., None], 2, axis=2)
    level[2, 1] = ends
    corners = np.stack(np.meshgrid([0.0, 200, 300, 400], [0.0, 40, 70, 100]), axis=-1)
    edges = Edges(
        cover,
        np.ones((3, 4)),
        corners,
        level,
        np.ones((3, 4, 2)),
        cover,
        np.ones((3, 4)),
        cover < 0,
        np.zeros((3, 4), bool),
    )
    paper = np.zeros((120, 420), np.uint8)
    assert len(without_strokes(Frame(tuple(rows), columns), edges, paper, em, TableSettings()).rows) == kept


def boundary(across: float, start: float, end: float) -> Boundary:
    return Boundary(np.array([start, end]), np.full(2, across), 2.0, pieces=((start, end),))


@pytest.mark.parametrize(("row", "certain"), [(3, False), (1, True)], ids=["at its end", "within"])
@pytest.mark.parametrize("sides", [1, 2])
def test_a_stroke_that_prolongs_a_ruling_is_not_certain(row: int, certain: bool, sides: int) -> None:
    """It has print on both sides, and the ruling goes on beyond one end only. Print of one cell may come near."""
    ys, xs = np.array([0.0, 40, 80, 120, 160, 200]), np.array([0.0, 100, 200])
    rows, columns = tuple(boundary(y, 0, 200) for y in ys), tuple(boundary(x, 0, 200) for x in xs)
    ruled = np.ones((5, 3), bool)
    ruled[4, 1] = False
    free = np.ones((5, 3))
    free[row, 1] = 0.1
    corners = np.stack(np.meshgrid(xs, ys), axis=-1)
    ends = np.ones((6, 2, 2)), np.ones((5, 3, 2))
    edges = Edges(
        np.ones((6, 2)), ruled.astype(float), corners, *ends, np.ones((6, 2)), free, np.zeros((6, 2), bool), free < 0
    )
    paper = np.zeros((210, 210), np.uint8)
    for x in (94, 106)[:sides]:
        paper[40 * row + 10 : 40 * row + 30, x - 1 : x + 2] = 255
    found = without_prolonging(Frame(rows, columns), edges, ruled, paper, 17.0, TableSettings())
    assert found[row, 1] == (certain or sides == 1)
    assert np.count_nonzero(found != ruled) == (not found[row, 1])


@pytest.mark.parametrize(
    ("sides", "together"),
    [("...####...", True), ("......##..", True), ("##.###.#.#", True), ("...#...#..", False), ("##......#.", False)],
)
def test_what_is_left_of_a_ruling_hangs_together_and_dashes_stand_here_and_there(sides: str, together: bool) -> None:
    seen = np.array([[side == "#" for side in sides]])
    assert hang_together(seen, np.full(len(sides), 2.5 * EM), TableSettings()).tolist() == [together]


@pytest.mark.parametrize("rows", [(6, 7, 8), (11, 12)])
def test_a_ruling_through_rows_without_margins_parts_their_cells(rows: tuple[int, ...]) -> None:
    """Print stands right beside it, a label in one row, figures in the next, and nothing of it stands free."""
    gray = table((*SPECIAL, *rows))
    x = XS[0] + 3 * EM
    for row in rows:
        digits(gray, "42", x - 1.42 * EM, YS[row] + 0.35 * EM, EM)
        text(gray, "大文", x + (0.07 if row == rows[0] else 0.5) * EM, YS[row] + 0.28 * EM, EM)
    rule(gray, (x, YS[rows[0]]), (x, YS[rows[-1] + 1]))
    (grid,) = analysed(gray, DPI).tables
    assert (grid.rows, grid.cols, len(grid.cells)) == (16, 5, 64 + len(rows))


def test_print_on_both_sides_in_one_row_is_no_matter_where_a_ruling_runs_through_many() -> None:
    levels, places = np.arange(0, 501, 25.0), (10.0, 200.0, 400.0)
    corners = np.array([[[x, y] for x in places] for y in levels])
    ruled = np.ones((20, 3))
    ruled[10:, 1] = 0
    whole = ruled > 0
    whole[5, 1] = False
    ends = np.repeat(ruled[..., None], 2, axis=2)
    across = np.ones((21, 2))
    edges = Edges(across, ruled, corners, np.ones((21, 2, 2)), ends, across, 0.05 * ruled, across > 0, whole)
    rows = tuple(Boundary(np.array([10.0, 400.0]), np.full(2, y), 2.0) for y in levels)
    columns = tuple(boundary(x, 0.0, 250.0 if x == 200 else 500.0) for x in places)
    binary = np.zeros((520, 420), np.uint8)
    binary[130:145, 190:211] = 255
    assert len(without_strokes(Frame(rows, columns), edges, binary, EM, TableSettings()).columns) == 3


@pytest.mark.parametrize("thick", [3, 9])
def test_a_ruling_in_the_first_row_alone_parts_it_however_thick_the_frame_is(thick: int) -> None:
    gray = table(())
    rule(gray, (XS[0], YS[0]), (XS[-1], YS[0]), thick)
    x = XS[2] + 2.5 * EM
    gray[round(YS[0] + 6) : round(YS[1] - 2), round(XS[2] + 4) : round(XS[3] - 3)] = 255
    rule(gray, (x, YS[0]), (x, YS[1]))
    (grid,) = analysed(gray, DPI).tables
    assert (grid.rows, grid.cols, len(grid.cells)) == (16, 5, 65)
