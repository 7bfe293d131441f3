"""What the cell that a bare side would leave whole says of it, and how print stands along lost rulings."""

from __future__ import annotations

import numpy as np
import pytest

from ocr_pipeline.clean.lines import Ruling, Rulings
from ocr_pipeline.geometry import FloatArray
from ocr_pipeline.settings import TableSettings
from ocr_pipeline.tables.boundaries import Boundary
from ocr_pipeline.tables.corridors import Corridor, find_corridor
from ocr_pipeline.tables.merge import Span, merge_squares
from ocr_pipeline.tables.parted import Extents
from ocr_pipeline.tables.whole_cells import Squares, whole_cell_odds

EM = 20.0
SETTINGS = TableSettings()


def column_odds(rows: int, cols: int, printed: list[tuple[int, int]], absent: list[tuple[int, int]]) -> FloatArray:
    """What is said of the sides between columns; absent: (row, column behind the side) of those that are likely not
    ruled."""
    blank = np.ones((rows, cols), bool)
    columns = np.ones((rows, cols + 1), bool)
    for place in printed:
        blank[place] = False
    for place in absent:
        columns[place] = False
    first = np.where(blank, np.nan, 10.0 + 100 * np.arange(cols))
    low = np.broadcast_to(100.0 * np.arange(cols), first.shape)
    across = Extents(low, low + 100, first, first + 3 * EM, low, low + 100)
    levels = np.ones((rows + 1, cols), bool)
    levels[1, 0] = levels[2, 0] = False
    return whole_cell_odds(Squares(blank, levels, columns, columns), across, EM)[1]


def test_two_blank_squares_are_likelier_two_cells_than_a_square_beside_print() -> None:
    blank = column_odds(8, 6, [(r, 0) for r in range(8)], [(5, 3)])[5, 3]
    beside = column_odds(8, 6, [*((r, 0) for r in range(8)), (5, 2)], [(5, 3)])[5, 3]
    assert blank > beside + 1


def test_the_more_sides_of_a_row_are_absent_the_likelier_each_is() -> None:
    printed = [(r, c) for r in range(8) for c in range(6)]
    odds = [column_odds(8, 6, printed, [(5, c) for c in range(1, 1 + count)])[5, 1] for count in range(1, 6)]
    assert odds == sorted(odds, reverse=True)
    assert odds[0] > 0 > odds[-1]


def test_a_lone_label_where_others_have_groups_before_them_spans_both_columns() -> None:
    labels = [(0, 0), *((r, 1) for r in range(6)), (7, 0)]
    odds = column_odds(8, 5, labels, [(7, 1)])
    assert odds[7, 1] < odds[6, 1] - 2


def test_a_bent_group_is_cut_where_one_cut_makes_cells_of_it() -> None:
    """The likeliest side alone leaves an L behind, which needs a second cut."""
    rows, columns = np.ones((3, 3), bool), np.ones((2, 4), bool)
    rows[1, 0] = False
    columns[0, 1:3] = False
    odds = np.full((3, 3), -9.0), np.full((2, 4), -9.0)
    odds[1][0, 2], odds[1][0, 1] = -3.0, -4.0
    assert merge_squares((rows, columns), odds) == (
        Span(0, 0, 2, 1),
        Span(0, 1, 1, 2),
        Span(1, 1, 1, 1),
        Span(1, 2, 1, 1),
    )


def test_a_ruling_goes_on_in_its_own_cell_only() -> None:
    """The row below holds a cell across the same line."""
    rows, columns = np.ones((4, 3), bool), np.ones((3, 4), bool)
    rows[1] = [False, False, True]
    columns[0, 1], columns[1, 1], columns[2, 1] = True, False, False
    odds = np.full((4, 3), -9.0), np.full((3, 4), -1.0)
    odds[1][0, 1] = 6.0
    assert Span(2, 0, 1, 2) in merge_squares((rows, columns), odds)


@pytest.mark.parametrize(("words", "expected"), [("apart", Corridor(4, 0)), ("across", Corridor(1, 3))])
def test_print_keeps_away_from_a_lost_ruling(words: str, expected: Corridor) -> None:
    ink = np.zeros((200, 240), np.uint8)
    for row in range(4):
        top = 50 * row + 15
        ink[top : top + 15, 30:90] = ink[top : top + 15, 150:210] = 255
        if words == "across" and row > 0:
            ink[top : top + 15, 90:150] = 255
    # What is left of the ruling itself, too short to be traced, is no print.
    ink[100:112, 119:122] = 255
    none = np.zeros_like(ink)
    rulings = Rulings((), (), none, none, none, none)
    line = Ruling(np.array([60.0, 90.0]), np.array([120.0, 120.0]), 2.0)
    sides = [Boundary(np.array([0.0, 200.0]), np.full(2, x), 2.0) for x in (0.0, 240.0)]
    levels = tuple(Boundary(np.array([0.0, 240.0]), np.full(2, y), 2.0) for y in (0.0, 50.0, 100.0, 150.0, 200.0))
    assert find_corridor(line, (sides[0], sides[1]), levels, ink, rulings, EM, SETTINGS, level=False) == expected
