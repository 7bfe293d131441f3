"""Tables without an outer frame: first and last rows that only the rulings between columns show."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from helpers_drawing import analysed, digits, em_at, rule, sheet, text

from ocr_pipeline.geometry import GrayImage
from ocr_pipeline.settings import Settings
from ocr_pipeline.tables.boundaries import Boundary, Frame
from ocr_pipeline.tables.edges import Edges
from ocr_pipeline.tables.grid import _bounds
from ocr_pipeline.tables.slivers import _long_and_free, _parting_slivers
from ocr_pipeline.tables.stacks import holds_a_line

EM = em_at(150)
LEFT, RIGHT, TOP, HIGH = 4 * EM, 40 * EM, 12 * EM, 2.2 * EM
COLUMNS = (16 * EM, 28 * EM)


def frameless(whole: frozenset[int], rows: int, columns: tuple[float, ...] = COLUMNS) -> GrayImage:
    """A table without outer rulings; the rows in whole are one cell each."""
    gray = sheet(150)
    for row in range(rows):
        y = TOP + row * HIGH
        if row:
            rule(gray, (LEFT, y), (RIGHT, y))
        stops = (LEFT, RIGHT) if row in whole else (LEFT, *columns, RIGHT)
        for start, end in itertools.pairwise(stops):
            text(gray, "文大", (start + end) / 2 - EM, y + (HIGH - EM) / 2, EM)
        for x in () if row in whole else columns:
            rule(gray, (x, y), (x, y + HIGH))
    return gray


@pytest.mark.parametrize("columns", [COLUMNS, COLUMNS[:1]])
@pytest.mark.parametrize("whole", [{1}, {1, 2}, {3, 4}, {1, 5}])
def test_an_open_first_row_before_rows_of_one_cell(whole: set[int], columns: tuple[float, ...]) -> None:
    (table,) = analysed(frameless(frozenset(whole), 7, columns), 150).tables
    assert (table.rows, table.cols) == (7, len(columns) + 1)
    assert len(table.cells) == 7 * (len(columns) + 1) - len(columns) * len(whole)


def test_specks_near_a_line_make_it_no_higher() -> None:
    """They lie near the line, and nearer to each other than lines of print do."""
    gray = sheet(150, 8, 3)
    text(gray, "文大文大文大", 20 * EM, 4.6 * EM, EM)
    corners = np.array([[(x, y) for x in (LEFT, RIGHT)] for y in (4 * EM, 6.2 * EM)])
    for number, y in enumerate((4.3, 4.46, 5.7, 5.86)):
        x = (8 + 5 * number) * EM
        gray[round(y * EM) : round(y * EM) + 3, round(x) : round(x) + 4] = 0
    assert holds_a_line(corners, 255 - gray, EM, Settings().table)
    assert not holds_a_line(corners - (0, 0.6 * EM), 255 - gray, EM, Settings().table)  # as a title stands


@pytest.mark.parametrize("specks", [0, 3])
def test_a_frame_that_runs_on_below_the_last_row_adds_none(specks: int) -> None:
    gray = sheet(150)
    bottom = TOP + 5 * HIGH
    for row in range(6):
        rule(gray, (LEFT, TOP + row * HIGH), (RIGHT, TOP + row * HIGH))
    for x in COLUMNS:
        rule(gray, (x, TOP), (x, bottom))
    for x in (LEFT, RIGHT):
        rule(gray, (x, TOP), (x, bottom + 1.5 * EM), 4)
    for x in range(specks):  # beside each other
        rule(gray, (LEFT + 9 * EM * (x + 1), bottom + 0.8 * EM), (LEFT + 9 * EM * (x + 1) + 3, bottom + 0.8 * EM), 4)
    for row, (x, _) in itertools.product(range(5), itertools.pairwise((LEFT, *COLUMNS, RIGHT))):
        text(gray, "文大", x + 2 * EM, TOP + row * HIGH + (HIGH - EM) / 2, EM)
    (table,) = analysed(gray, 150).tables
    assert (table.rows, table.cols) == (5, 3)


def test_the_feet_of_a_number_in_an_open_last_row_are_not_the_frame() -> None:
    columns = (16 * EM, 20 * EM, 28 * EM)
    gray = frameless(frozenset(), 6, columns)
    # A long number fills its cell from ruling to ruling; its feet run together.
    foot = TOP + 6 * HIGH - 0.75 * EM
    gray[round(foot - EM) : round(foot), round(columns[0] + 3) : round(columns[1] - 2)] = 255
    rule(gray, (columns[0] + 4, foot), (columns[1] - 4, foot))
    (table,) = analysed(gray, 150).tables
    assert (table.rows, table.cols) == (6, 4)


def test_an_open_header_lower_than_the_rows_below_it() -> None:
    gray = sheet(150)
    inner = [LEFT + 6 * EM * i for i in range(1, 6)]
    levels = [TOP + HIGH, TOP + 3 * HIGH, TOP + 4 * HIGH, TOP + 7 * HIGH]
    rule(gray, (inner[0], levels[0]), (RIGHT, levels[0]))
    for y in levels[1:]:
        rule(gray, (LEFT, y), (RIGHT, y))
    text(gray, "文大", (LEFT + RIGHT) / 2 - EM, levels[1] + (HIGH - EM) / 2, EM)
    for i, x in enumerate(inner):
        # Every other ruling begins below a heading of two columns; all end at a row of one cell.
        rule(gray, (x, levels[0] if i % 2 else TOP), (x, levels[1]))
        rule(gray, (x, levels[2]), (x, levels[3] + 3 * HIGH))
    (table,) = analysed(gray, 150).tables
    assert (table.rows, table.cols) == (5, 6)
    assert sorted((cell.row, cell.col, cell.row_span, cell.col_span) for cell in table.cells)[:4] == [
        (0, 0, 2, 1),
        (0, 1, 1, 2),
        (0, 3, 1, 2),
        (0, 5, 1, 1),
    ]


def test_strokes_below_a_table_that_prolong_its_rulings_are_no_open_row() -> None:
    gray = sheet(150)
    xs, ys = [LEFT, 14 * EM, 22 * EM, 31 * EM, RIGHT], [TOP + i * HIGH for i in range(6)]
    for y in ys:
        rule(gray, (LEFT, y), (RIGHT, y))
    for x in xs:
        rule(gray, (x, ys[0]), (x, ys[-1]))
    for x in (xs[0], xs[2]):
        # A first stroke in line with the ruling, the rest of its character on both sides of it.
        rule(gray, (x, ys[-1]), (x, ys[-1] + 1.6 * EM), 3)
        for y in (0.35, 0.7, 1.05, 1.4):
            rule(gray, (x - 0.35 * EM, ys[-1] + y * EM), (x + 0.35 * EM, ys[-1] + y * EM), 3)
    digits(gray, "123", 10 * EM, TOP + 0.5 * HIGH, EM)
    (table,) = analysed(gray, 150).tables
    assert (table.rows, table.cols) == (5, 4)


def test_a_short_ruling_beside_strokes_of_print_stays() -> None:
    settings = Settings().table
    levels = np.array([0.0, 45, 90, 127, 135, 200, 245, 290, 335, 380, 425])
    shares = np.array([1.0, 1, 0.4, 0.08, 0.16, 1, 1, 1, 1, 1, 1])
    gone = _parting_slivers(levels, shares, shares > 1, 19.0, settings)
    assert np.flatnonzero(gone).tolist() == [3]
    left = _parting_slivers(levels[~gone], shares[~gone], shares[~gone] > 1, 19.0, settings)
    assert not left.any()


@pytest.mark.parametrize(
    ("covers", "frees", "printed", "held"),
    [
        ([0.9, 0.0, 0.8], [0.6, 0.0, 0.5], True, True),
        ([0.9, 0.0, 0.8], [0.6, 0.0, 0.5], False, False),  # a bare frame around nothing
        ([0.9, 0.9, 0.8], [0.6, 0.6, 0.5], False, True),  # an empty row
        ([0.0, 0.4, 0.4], [0.43, 0.16, 0.1], True, False),  # strokes of a title: what stands free is no ruling
        ([0.0, 0.4, 0.0], [0.0, 0.35, 0.0], True, True),  # a worn ruling
    ],
)
def test_an_open_side_is_held_by_ruled_sides_that_stand_free(
    covers: list[float], frees: list[float], printed: bool, held: bool
) -> None:
    line = np.array([0.0, 100.0])
    rows = (Boundary(line, np.zeros(2), 0.0, open=True), Boundary(line, np.full(2, 40.0), 3.0))
    columns = tuple(Boundary(np.array([0.0, 40.0]), np.full(2, x), 3.0) for x in (0.0, 50.0, 100.0))
    corners = np.array([[[x, y] for x in (0.0, 50.0, 100.0)] for y in (0.0, 40.0)])
    edges = Edges(
        rows=np.zeros((2, 2)),
        columns=np.array([covers]),
        corners=corners,
        row_ends=np.zeros((2, 2, 2)),
        column_ends=np.zeros((1, 3, 2)),
        row_free=np.zeros((2, 2)),
        column_free=np.array([frees]),
        row_whole=np.zeros((2, 2), bool),
        column_whole=np.zeros((1, 3), bool),
    )
    binary = np.zeros((60, 120), np.uint8)
    binary[15:25, 30:70] = 255 if printed else 0
    assert _bounds(Frame(rows, columns), edges, 0, binary, EM, Settings().table) is held


def test_a_long_ruling_worn_to_half_is_no_sliver() -> None:
    ends = ((10 * EM, 40 * EM), (10 * EM, 13 * EM), (10 * EM, 40 * EM))
    rows = tuple(Boundary(np.array(end), np.full(2, 50.0), 2.0, pieces=(end,)) for end in ends)
    none, ruled = np.zeros((2, 4)), np.zeros((3, 3, 2))
    # The first is worn, the second no longer than a stroke, of the third next to nothing stands free.
    free = np.array([[0.0, 0.48, 0.54], [0.0, 0.3, 0.0], [0.0, 0.2, 0.1]])
    edges = Edges(free, none, np.zeros((3, 4, 2)), ruled, np.zeros((2, 4, 2)), free, none, free > 1, none > 1)
    widths = np.tile([20 * EM, 16 * EM, 14 * EM], (3, 1))
    found = _long_and_free(rows, edges, widths, EM, Settings().table)
    assert found.tolist() == [True, False, False]
