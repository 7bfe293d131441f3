"""Worn rulings, what stamps leave behind, and the steps that tell them apart, on small drawn tables."""

from __future__ import annotations

import itertools

import cv2
import numpy as np
import pytest
from helpers_drawing import character, digits, em_at, even, grid_lines, rule, sheet, text

from ocr_pipeline.clean.lines import Ruling, Rulings
from ocr_pipeline.clean.rulings import find_rulings
from ocr_pipeline.geometry import GrayImage, Mask
from ocr_pipeline.settings import Settings
from ocr_pipeline.stages import TableGrid
from ocr_pipeline.tables.boundaries import Boundary, Frame, _cluster
from ocr_pipeline.tables.chains import chain_rulings
from ocr_pipeline.tables.dashed import with_dashed
from ocr_pipeline.tables.erase import UnruledPage
from ocr_pipeline.tables.grid import find_tables
from ocr_pipeline.tables.merge import Span, merge_squares
from ocr_pipeline.tables.open_split import split_rows
from ocr_pipeline.tables.residue import with_edge, without_leaning, without_residue
from ocr_pipeline.tables.worn import worn_sides

DPI = 150
EM = em_at(DPI)
SETTINGS = Settings()
XS, YS = even(60, 4 * EM, 6), even(80, 2.2 * EM, 8)


def table() -> GrayImage:
    gray = sheet(DPI, 5.5, 4.5)
    grid_lines(gray, XS, YS)
    return gray


def fill(gray: GrayImage) -> GrayImage:
    """A number in the middle of every cell."""
    for r in range(8):
        for c in range(6):
            number = str(37 * (r + 1) * (c + 1))
            box = digits(np.full((80, 200), 255, np.uint8), number, 20, 20, EM)
            digits(gray, number, (XS[c] + XS[c + 1] - box.width) / 2, (YS[r] + YS[r + 1] - box.height) / 2, EM)
    return gray


def wipe(gray: GrayImage, x: float, y: float, width: float, height: float) -> None:
    gray[round(y) : round(y + height), round(x) : round(x + width)] = 255


def dashes(gray: GrayImage, x: float, top: float, bottom: float) -> None:
    """Leave of an upright ruling only its ends and a dash between, less than half of it."""
    height = bottom - top
    for start, end in ((0.2, 0.4), (0.55, 0.85)):
        wipe(gray, x - 4, top + start * height, 8, (end - start) * height)


def found(gray: GrayImage, stamped: Mask | None = None) -> tuple[TableGrid, ...]:
    binary = np.where(gray < 128, 255, 0).astype(np.uint8)
    return find_tables(find_rulings(gray, EM, SETTINGS.ruling), binary, EM, SETTINGS.table, stamped)


def layouts(grids: tuple[TableGrid, ...]) -> list[tuple[int, int, int]]:
    return [(grid.rows, grid.cols, len(grid.cells)) for grid in grids]


def level(y: float, start: float, end: float, thickness: float = 2.0) -> Ruling:
    return Ruling(np.array([start, end]), np.array([y, y]), thickness)


def upright(x: float, top: float, bottom: float) -> Ruling:
    return Ruling(np.array([top, bottom]), np.array([x, x]), 2.0)


def rulings(horizontal: list[Ruling], vertical: list[Ruling] | None = None) -> Rulings:
    none = np.zeros((600, 900), np.uint8)
    return Rulings(tuple(horizontal), tuple(vertical or ()), none, none, none, none)


@pytest.mark.parametrize("tied", [False, True])
def test_only_a_line_of_the_table_says_how_short_ones_lean(tied: bool) -> None:
    """A low table beside the paper's edge, which leans the other way; tied to the table, it would be its side."""
    along, down = np.array([100.0, 500.0 + 220 * tied]), np.array([100.0, 180.0])
    rows = [Ruling(along, np.full(2, y), 2.0) for y in down]
    columns = [Ruling(down, np.array([x, x + 0.8]), 2.0) for x in (100.0, 300.0, 500.0)]
    edge = Ruling(np.array([0.0, 600.0]), np.array([720.0, 700.0]), 2.0)
    given = rulings(rows, [*columns, edge])
    kept, _ = without_leaning(given, np.zeros((600, 900), np.uint8), EM, SETTINGS.table)
    assert len(kept.vertical) == (1 if tied else 4)


def test_a_column_worn_to_dashes_is_found() -> None:
    gray = table()
    for top, bottom in itertools.pairwise(YS):
        dashes(gray, XS[3], top, bottom)
    grids = found(fill(gray))
    assert layouts(grids) == [(8, 6, 48)]
    assert grids[0].xs[3] == pytest.approx(XS[3], abs=2)


def test_a_ruling_worn_to_dashes_in_a_few_rows_of_many_is_found() -> None:
    """Three rows of eight have the column; in the middle one the dashes reach neither end of the row."""
    gray = fill(table())
    wipe(gray, XS[3] - 4, YS[0] + 4, 8, YS[2] - YS[0] - 8)
    wipe(gray, XS[3] - 4, YS[5] + 4, 8, YS[8] - YS[5] - 8)
    for top, bottom in itertools.pairwise(YS[2:6]):
        dashes(gray, XS[3], top, bottom)
    height = YS[4] - YS[3]
    for start, end in ((0.0, 0.3), (0.8, 1.0)):
        wipe(gray, XS[3] - 4, YS[3] + start * height + 4, 8, (end - start) * height - 4)
    (grid,) = found(gray)
    assert grid.cols == 6


def test_figures_one_below_the_other_are_no_dashed_ruling() -> None:
    gray = sheet(DPI, 5.5, 4.5)
    grid_lines(gray, [XS[0], XS[3], XS[6]], YS)
    for r in range(8):
        for x in (XS[1], XS[5]):
            rule(gray, (x, YS[r] + 0.75 * EM), (x, YS[r] + 1.45 * EM))
    assert layouts(found(gray)) == [(8, 2, 16)]


def test_a_bracket_in_a_bent_row_is_no_ruling_worn_at_one_end() -> None:
    """The row's rulings sag in the middle of the page; cut straight, the row would begin where the bracket does."""
    along, sag = np.array([50.0, 350.0, 650.0]), np.array([0.0, 9.0, 0.0])
    rows = tuple(
        Boundary(along, y + sag, 2.0, pieces=((50.0, 650.0),)) for y in (100.0, 100 + 1.7 * EM, 100 + 3.4 * EM)
    )
    columns = tuple(Boundary(np.array([100.0, 200.0]), np.full(2, x), 2.0) for x in (50.0, 650.0))
    binary = np.zeros((300, 700), np.uint8)
    for row in rows:
        for x in range(50, 650):
            binary[round(row.at(x)) - 1 : round(row.at(x)) + 1, x] = 255
    binary[109 : 109 + round(1.08 * EM), 90:92] = 255
    assert with_dashed(Frame(rows, columns), binary, EM, SETTINGS.table).columns == columns
    binary[103 : 103 + round(1.4 * EM), 90:92] = 255  # from the ruling on, it is one
    assert len(with_dashed(Frame(rows, columns), binary, EM, SETTINGS.table).columns) == 3


def test_the_edge_of_the_paper_does_not_say_how_thick_rulings_are() -> None:
    gray = sheet(DPI, 5.5, 4.5)
    rule(gray, (12, 20), (12, 20 + 14 * EM), 1)
    grid_lines(gray, XS, YS[:4], thick=6)
    assert sum(line.length > 3 * EM for line in find_rulings(gray, EM, SETTINGS.ruling).vertical) == 1 + 7


@pytest.mark.parametrize("numbers", [True, False])
def test_a_row_is_parted_by_numbers_one_below_the_other_not_by_labels_set_down(numbers: bool) -> None:
    """Where the row beside holds figures alone nothing tells that the labels are no lower than characters are."""
    gray, ys = sheet(DPI, 5.5, 4.5), [80, 80 + 2 * EM, 80 + 7 * EM]
    for c, i in itertools.product(range(6), range(4)):
        y = ys[1] + (0.5 + i) * EM
        if numbers:
            digits(gray, "37" if (c + i) % 2 else "8", XS[c] + EM, y, 0.75 * EM)
        else:
            character(gray, "王口王大"[i], XS[c] + EM, y, 0.75 * EM)
    for c in range(6):
        if numbers:
            character(gray, "大", XS[c] + EM, ys[0] + 0.5 * EM, 0.75 * EM)
        else:
            digits(gray, "0", XS[c] + EM, ys[0] + 0.5 * EM, 0.75 * EM)
    unruled = UnruledPage(gray.copy(), np.where(gray < 128, 255, 0).astype(np.uint8))
    grid_lines(gray, XS, ys)
    (grid,) = found(gray)
    assert split_rows(grid, unruled, EM, SETTINGS.reading, SETTINGS.open).rows == (5 if numbers else 2)


def test_the_frame_is_found_where_its_corner_is_worn_off() -> None:
    gray = table()
    wipe(gray, XS[0] + 4, YS[-1] - 4, 2 * EM, 8)
    wipe(gray, XS[0] - 4, YS[0] - 4, 2 * EM, 8)
    grids = found(fill(gray))
    assert layouts(grids) == [(8, 6, 48)]


def test_a_rim_left_by_a_stamp_is_no_column() -> None:
    gray, stamped = fill(table()), np.zeros((675, 825), np.uint8)
    x = XS[3] + 1.2 * EM
    cv2.line(gray, (round(x), round(YS[0] - 2 * EM)), (round(x) - 6, round(YS[3] - 2)), 90, 1)
    cv2.line(stamped, (round(x) + 2, round(YS[0] - 2 * EM)), (round(x) - 4, round(YS[3] - 2)), 255, 5)
    assert layouts(found(gray, stamped)) == [(8, 6, 48)]


def test_a_ruling_under_a_stamp_stays() -> None:
    stamped = np.zeros((600, 900), np.uint8)
    stamped[190:211, 300:420] = 255
    pieces = [level(200, 50, 290), level(200, 305, 415), level(200, 430, 800), level(205, 310, 400)]
    ink = with_edge(stamped, EM, SETTINGS.table)
    kept = without_residue(rulings(pieces[:3]), ink, EM, SETTINGS.table)
    assert len(kept.horizontal) == 3
    alone = without_residue(rulings([pieces[3]]), ink, EM, SETTINGS.table)
    assert alone.horizontal == ()


def test_strokes_of_a_title_join_no_tables() -> None:
    gray = sheet(DPI, 5.5, 5.5)
    below = [y + YS[4] - YS[0] + 3.8 * EM for y in YS[:4]]
    grid_lines(gray, XS, YS[:5])
    grid_lines(gray, XS, below)
    for x in XS[1:4]:
        rule(gray, (x, YS[4] + 1.1 * EM), (x, YS[4] + 2.7 * EM))
    assert layouts(found(gray)) == [(4, 6, 24), (3, 6, 18)]


def test_a_pen_stroke_across_a_ruling_does_not_take_it_away() -> None:
    gray = fill(table())
    cv2.line(gray, (round(XS[1]), round(YS[3] - 14)), (round(XS[5]), round(YS[3] + 20)), 0, 2)
    assert [grid.rows for grid in found(gray)] == [8]


def test_a_wiped_side_between_two_numbers_is_ruled_and_said_to_be_invented() -> None:
    gray = table()
    wipe(gray, XS[3] - 4, YS[4] + 3, 8, YS[5] - YS[4] - 6)
    (grid,) = found(fill(gray))
    assert layouts((grid,)) == [(8, 6, 48)]
    assert {(c.row, c.col) for c in grid.cells if c.invented} == {(4, 2), (4, 3)}


def test_a_label_spans_no_first_one_of_several_columns_of_numbers() -> None:
    """Its number is missing, as is the ruling before it; the one behind it is there."""
    gray = sheet(DPI, 5.5, 3.5)
    xs, ys = [60.0, *even(60 + 14 * EM, 5 * EM, 2)], even(80, 2.2 * EM, 4)
    grid_lines(gray, xs, ys)
    for r in range(4):
        text(gray, "口大文人", xs[0] + 0.4 * EM, ys[r] + 0.6 * EM, EM)
        for c in (1, 2):
            if (r, c) != (2, 1):
                digits(gray, str(37 * (r + 1)), xs[c] + EM, ys[r] + 0.6 * EM, EM)
    wipe(gray, xs[1] - 4, ys[2] + 2, 9, ys[3] - ys[2] + 0.4 * EM)
    wipe(gray, xs[1] + EM, ys[1] - 3, EM, 7)
    wipe(gray, xs[1] - 3 * EM, ys[3] - 3, EM, 7)
    wipe(gray, xs[2] - 4, ys[0] + 0.3 * EM, 9, 0.6 * EM)
    assert layouts(found(gray)) == [(4, 3, 12)]


def test_print_across_two_squares_with_dust_beside_is_one_cell() -> None:
    gray = sheet(DPI, 5.5, 4.5)
    merged = [(4, 0, 1, 2)]
    cells = [(r, c, 1, 1) for r in range(8) for c in range(2) if r != 4]
    xs = [60, 60 + 6 * EM, 60 + 24 * EM]
    grid_lines(gray, xs, YS, [*cells, *merged])
    digits(gray, "20221130", 60 + 12 * EM - 2.1 * EM, YS[4] + 0.75 * EM, EM)
    cv2.circle(gray, (round(60 + 22 * EM), round(YS[4] + EM)), 2, 0, -1)
    # The ruling below it is worn where it begins.
    wipe(gray, xs[1] - 4, YS[5] + 3, 8, 0.7 * EM)
    assert layouts(found(gray)) == [(8, 2, 15)]


@pytest.mark.parametrize("level_side", [True, False])
def test_bent_groups_of_squares_are_ruled_along_the_likeliest_side(level_side: bool) -> None:
    """Three of four squares make a corner."""
    rows, columns = np.zeros((3, 2), bool), np.zeros((2, 3), bool)
    rows[1, 0] = columns[0, 1] = True
    odds = np.full((3, 2), -9.0), np.full((2, 3), -9.0)
    (odds[0] if level_side else odds[1])[1, 1] = -0.5
    rest = {Span(0, 1, 1, 1), Span(1, 0, 1, 2)} if level_side else {Span(0, 1, 2, 1), Span(1, 0, 1, 1)}
    assert set(merge_squares((rows, columns), odds)) == {Span(0, 0, 1, 1), *rest}


@pytest.mark.parametrize(("gap", "pieces"), [(0.8, 1), (5.0, 2)])
def test_pieces_in_one_line_are_one_ruling_where_they_are_near(gap: float, pieces: int) -> None:
    drawn = [level(100, 50, 50 + 10 * EM), level(100.5, 50 + (10 + gap) * EM, 50 + (20 + gap) * EM)]
    assert len(chain_rulings(rulings(drawn), EM, SETTINGS.table).horizontal) == pieces


def test_pieces_further_apart_are_one_ruling_where_another_runs_past() -> None:
    drawn = [level(100, 50, 50 + 10 * EM), level(100, 50 + 12.5 * EM, 50 + 22 * EM)]
    assert len(chain_rulings(rulings(drawn), EM, SETTINGS.table).horizontal) == 2
    beside = level(160, 50, 50 + 22 * EM)
    across = upright(52, 100, 160)
    assert len(chain_rulings(rulings([*drawn, beside], [across]), EM, SETTINGS.table).horizontal) == 2


def test_the_edge_of_the_paper_runs_past_no_gap() -> None:
    """It meets no ruling of a table, so that what it runs past may be the blank between two."""
    drawn = [level(100, 50, 50 + 10 * EM), level(100, 50 + 12.5 * EM, 50 + 22 * EM)]
    edge = level(20, 10, 50 + 30 * EM)
    across = [upright(52, 100, 400), upright(50 + 20 * EM, 100, 400)]
    assert len(chain_rulings(rulings([*drawn, edge], across), EM, SETTINGS.table).horizontal) == 3


def test_pieces_off_the_line_stay_apart() -> None:
    drawn = [level(100, 50, 50 + 10 * EM), level(100 + 0.5 * EM, 50 + 10.8 * EM, 50 + 20 * EM)]
    assert len(chain_rulings(rulings(drawn), EM, SETTINGS.table).horizontal) == 2


def test_odds_rise_with_free_ink_on_a_side() -> None:
    odds = [_odds_of_a_side(drawn) for drawn in (0.0, 0.3, 0.5)]
    assert odds[0] < odds[1] < odds[2]
    assert odds[2] > SETTINGS.table.worn_odds


def _odds_of_a_side(drawn: float) -> float:
    """The odds of one side in the midst of a table without print, of which that share is left, in its middle."""
    gray = table()
    top, height = YS[4], YS[5] - YS[4]
    wipe(gray, XS[3] - 4, top + 3, 8, height * (1 - drawn) / 2 - 3)
    wipe(gray, XS[3] - 4, top + height * (1 + drawn) / 2, 8, height * (1 - drawn) / 2 - 3)
    import ocr_pipeline.tables.grid as grid

    seen: list[float] = []

    def keep(*given: object) -> object:
        odds = worn_sides(*given)  # type: ignore[arg-type]
        seen.append(float(odds[1][4, 3]))
        return odds

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grid, "worn_sides", keep)
        found(gray)
    return seen[-1]


def test_columns_that_nearly_begin_at_one_place_are_two_and_a_double_ruling_is_one() -> None:
    apart = 0.45 * EM
    one_after_the_other = [upright(100, 0, 10 * EM), upright(100 + apart, 12 * EM, 20 * EM)]
    side_by_side = [upright(100, 0, 10 * EM), upright(100 + apart, 0, 10 * EM)]
    assert len(_cluster(one_after_the_other, EM, SETTINGS.table)) == 2
    assert len(_cluster(side_by_side, EM, SETTINGS.table)) == 1


def speckled(gray: GrayImage) -> GrayImage:
    """Rulings with a gap in one side in eight, from the corner on."""
    for r in range(8):
        for c in range(1, 6):
            if (5 * r + c) % 8 == 3:
                wipe(gray, XS[c] - 4, YS[r] + 2, 8, 0.5 * (YS[r + 1] - YS[r]))
    return gray


def columns_of(grid: TableGrid, row: int) -> list[int]:
    return [cell.col_span for cell in grid.cells if cell.row == row]


def test_a_side_worn_away_between_blanks_is_ruled_where_the_rest_of_its_row_is() -> None:
    gray = fill(speckled(table()))
    for r in range(8):
        for c in (3, 4) if r % 2 else ():
            wipe(gray, XS[c] + 4, YS[r] + 4, XS[c + 1] - XS[c] - 8, YS[r + 1] - YS[r] - 8)
    wipe(gray, XS[4] - 4, YS[5] - 1, 8, YS[6] - YS[5] + 12)
    (grid,) = found(gray)
    assert columns_of(grid, 5) == [1] * 6
    (left,) = (cell for cell in grid.cells if (cell.row, cell.col) == (5, 3))
    assert "right" in left.invented


def test_a_row_of_one_cell_stays_one_in_a_worn_table() -> None:
    gray = fill(speckled(table()))
    wipe(gray, XS[0] + 4, YS[4] + 3, XS[6] - XS[0] - 8, YS[5] - YS[4] - 6)
    digits(gray, "4711", XS[0] + 0.5 * EM, YS[4] + 0.7 * EM, EM)
    (grid,) = found(gray)
    assert columns_of(grid, 4) == [6]


def test_a_column_that_is_never_blank_has_no_blank_beside_a_label() -> None:
    gray = fill(speckled(table()))
    # The label spans the first two columns: what would be the second one's is blank there only.
    wipe(gray, XS[0] + 4, YS[6] + 3, XS[2] - XS[0] - 8, YS[7] - YS[6] - 6)
    digits(gray, "47", XS[0] + 0.5 * EM, YS[6] + 0.7 * EM, EM)
    (grid,) = found(gray)
    assert columns_of(grid, 6)[:1] == [2]


def test_the_feet_of_a_number_that_fills_its_cell_are_no_ruling() -> None:
    gray = sheet(DPI, 5.5, 4.5)
    xs = [60.0, 60 + 6 * EM, 60 + 8.1 * EM, 60 + 14 * EM]
    grid_lines(gray, xs, YS)
    box = digits(np.full((80, 200), 255, np.uint8), "2222", 20, 20, EM)
    digits(gray, "2222", (xs[1] + xs[2] - box.width) / 2, YS[3] + 0.7 * EM, EM)
    foot = YS[3] + 0.7 * EM + box.height - 2
    rule(gray, (xs[1] + 4, foot), (xs[2] - 4, foot))
    assert layouts(found(gray)) == [(8, 3, 24)]


@pytest.mark.parametrize(("odds", "cells"), [(-2.0, 2), (-20.0, 1)])
def test_a_ruling_that_ends_in_a_cell_goes_on_unless_much_speaks_against_it(odds: float, cells: int) -> None:
    rows, columns = np.zeros((3, 2), bool), np.zeros((2, 3), bool)
    columns[1, 1] = True
    likely = np.full((3, 2), -20.0), np.full((2, 3), odds)
    likely[1][1, 1] = 20.0
    assert len(merge_squares((rows, columns), likely)) == cells


@pytest.mark.parametrize(("left", "parts"), [(0.6, [(8, 6, 43)]), (0.0, [(4, 6, 24), (3, 6, 18)])])
def test_a_row_of_one_cell_is_kept_where_its_frame_is_worn_off_at_the_corners(
    left: float, parts: list[tuple[int, int, int]]
) -> None:
    gray, height = fill(table()), YS[5] - YS[4]
    wipe(gray, XS[0] - 4, YS[4] + 3, XS[6] - XS[0] + 8, height - 6)
    if left:
        rule(gray, (XS[0], YS[4] + 0.45 * height), (XS[0], YS[4] + (0.45 + left) * height))
    digits(gray, "4711", XS[0] + 0.5 * EM, YS[4] + 0.75 * EM, EM)
    assert layouts(found(gray)) == parts


def test_the_shadow_along_the_papers_edge_joins_no_tables() -> None:
    rows = [level(y, 100, 700) for y in (100, 150, 200, 280, 330, 380)]
    sides = [level(100, 95, 180), level(100, 278, 385), level(699, 98, 180), level(699, 278, 382)]
    shadow = level(10, 20, 560)
    assert len(chain_rulings(rulings(rows, [*sides, shadow]), EM, SETTINGS.table).vertical) == 5
    # A column that crosses the tables' rulings is another matter.
    assert len(chain_rulings(rulings(rows, [*sides, level(400, 20, 560)]), EM, SETTINGS.table).vertical) == 3


def header_of_one_line_beside_two(below: bool) -> GrayImage:
    """A table worn here and there, nothing of the ruling left between two cells of its header: one line of print fills
    the first, two the second (or only its lower half)."""
    ys = [YS[0], *even(YS[0] + 3.2 * EM, 2.2 * EM, 6)]
    gray = sheet(DPI, 5.5, 4.5)
    grid_lines(gray, XS, ys)
    for row, col in itertools.product(range(1, 7), range(6)):
        digits(gray, str(37 + row * col), XS[col] + 1.4 * EM, ys[row] + 0.75 * EM, EM)
    text(gray, "文大木口", XS[2] + 0.15 * EM, ys[0] + 1.15 * EM, 0.92 * EM)
    for line in (0.55, 1.75) if not below else (1.15,):
        text(gray, "大口文木", XS[3] + 0.15 * EM, ys[0] + line * EM, 0.92 * EM)
    wipe(gray, XS[3] - 3, ys[0] + 4, 6, ys[1] - ys[0] - 8)
    wipe(gray, XS[1] - 3, ys[3] - 8, 6, 18)
    return gray


def test_one_line_of_print_beside_two_is_no_text_that_runs_on() -> None:
    (grid,) = found(header_of_one_line_beside_two(below=False))
    assert {(0, 2, 1, 1), (0, 3, 1, 1)} <= {(c.row, c.col, c.row_span, c.col_span) for c in grid.cells}
    assert all(cell.invented for cell in grid.cells if (cell.row, cell.col) in ((0, 2), (0, 3)))


def test_print_on_one_line_may_run_on() -> None:
    (grid,) = found(header_of_one_line_beside_two(below=True))
    assert (0, 2, 1, 2) in {(c.row, c.col, c.row_span, c.col_span) for c in grid.cells}
