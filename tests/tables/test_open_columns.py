"""Columns, rows and headers of open tables from words alone."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocr_pipeline.geometry import Box
from ocr_pipeline.settings import OpenTableSettings
from ocr_pipeline.tables.merge import Span
from ocr_pipeline.tables.open_columns import Columns, find_columns
from ocr_pipeline.tables.open_header import SpanRule, header_of
from ocr_pipeline.tables.open_rows import logical_rows, printed_lines
from ocr_pipeline.tables.open_words import Word, cut_word, torn_apart, unseen_words

EM = 20.0
SETTINGS = OpenTableSettings()


def label(x: float, y: float, characters: float = 4.0) -> Word:
    """Chinese print: as high as the em less the blank around it."""
    return Word(Box(x, y, x + characters * EM, y + 0.94 * EM), 0, 0.9 * EM)


def number(x: float, y: float, characters: float = 3.0) -> Word:
    """Digits: lower, and narrow."""
    return Word(Box(x, y, x + 0.5 * characters * EM, y + 0.7 * EM), 0, 0.45 * EM)


@st.composite
def number_tables(draw: st.DrawFn) -> tuple[list[tuple[Word, ...]], int]:
    """Lines of a table: a label, then numbers of any length set left, right or in the middle, some missing."""
    cols = draw(st.integers(2, 9))
    rows = draw(st.integers(3, 15))
    widths = [draw(st.floats(3.0, 6.0)) * EM for _ in range(cols)]
    align = draw(st.sampled_from([0.0, 0.5, 1.0]))
    lines = []
    for row in range(rows):
        y = 1.7 * EM * row
        words = [label(0.0, y, draw(st.floats(2.0, 5.0)))]
        left = 6.0 * EM
        for col, width in enumerate(widths):
            length = draw(st.integers(1, 5))
            # The first row is full, so that no column stays empty.
            if row < 2 or draw(st.integers(0, 4)):
                room = width - 0.5 * length * EM
                words.append(number(left + 0.1 * EM + align * (room - 0.2 * EM), y, length))
            left += width
            del col
        lines.append(tuple(words))
    return lines, cols + 1


@settings(max_examples=60, deadline=None)
@given(number_tables())
def test_columns_of_numbers_are_found(table: tuple[list[tuple[Word, ...]], int]) -> None:
    lines, count = table
    columns = find_columns(lines, (0.0, 60 * EM), (), EM, SETTINGS)
    assert len(columns) == count
    assert all(a < b for a, b in pairwise(columns.edges))
    for (_, end), edge, (start, _) in zip(columns.extents, columns.edges[1:], columns.extents[1:], strict=False):
        assert end <= edge <= start


def test_a_title_across_the_table_does_not_join_its_columns() -> None:
    lines = [(label(0, 40 * r), number(150, 40 * r), number(260, 40 * r)) for r in range(6)]
    lines.insert(3, (label(100, 130, 9.0),))
    columns = find_columns(lines, (0, 300), (), EM, SETTINGS)
    assert len(columns) == 3
    assert columns.weak


def test_a_column_with_few_values_stays_one() -> None:
    lines = [(label(0, 40 * r), number(150, 40 * r), number(350, 40 * r)) for r in range(9)]
    lines[4] = (*lines[4][:2], number(250, 160), lines[4][2])
    assert len(find_columns(lines, (0, 400), (), EM, SETTINGS)) == 4


def test_rulings_between_columns_part_them_where_print_does_not() -> None:
    lines = [(label(0, 40 * r), label(84, 40 * r), number(200, 40 * r)) for r in range(4)]
    columns = find_columns(lines, (0, 300), (82.0,), EM, SETTINGS)
    assert columns.edges[1] == 82.0
    assert len(columns) == 3


def three_columns() -> Columns:
    return Columns((0.0, 140.0, 240.0, 340.0), ((0.0, 120.0), (160.0, 220.0), (260.0, 320.0)), frozenset())


def test_a_number_beside_the_middle_of_a_wrapped_label_is_its_row() -> None:
    words = [label(0, 0, 6), label(0, 25, 2), number(160, 14), number(260, 14), label(0, 60), number(160, 63)]
    rows = logical_rows(printed_lines(words), three_columns(), EM, SETTINGS)
    assert [len(row.words) for row in rows] == [4, 2]


def test_a_second_line_close_below_belongs_to_its_label() -> None:
    words = []
    for row in range(4):
        words += [label(0, 60 * row, 6), number(160, 60 * row + 3), number(260, 60 * row + 3)]
    words.append(label(0, 60 + 25, 2))
    rows = logical_rows(printed_lines(words), three_columns(), EM, SETTINGS)
    assert [len(row.words) for row in rows] == [3, 4, 3, 3]


def test_a_label_alone_in_its_row_stays_a_row() -> None:
    words = []
    for row in range(5):
        words.append(label(0, 40 * row))
        if row != 2:
            words += [number(160, 40 * row + 3), number(260, 40 * row + 3)]
    rows = logical_rows(printed_lines(words), three_columns(), EM, SETTINGS)
    assert len(rows) == 5


@given(st.lists(st.floats(18.0, 60.0), min_size=2, max_size=12))
def test_rows_of_numbers_are_never_joined(steps: list[float]) -> None:
    """However close rows stand: a number is never pulled into another number's cell."""
    words, y = [], 0.0
    for step in steps:
        words += [label(0, y), number(160, y + 3), number(260, y + 3)]
        y += step + 4
    assert len(logical_rows(printed_lines(words), three_columns(), EM, SETTINGS)) == len(steps)


def five_columns() -> Columns:
    edges = tuple(float(x) for x in (0, 150, 250, 350, 450, 550))
    extents = tuple((a + 20, b - 20) for a, b in pairwise(edges))
    return Columns(edges, extents, frozenset())


def leaves(y: float, columns: range = range(1, 5)) -> list[Word]:
    return [label(100.0 * c + 70, y, 3) for c in columns]


def test_a_label_over_its_columns_without_a_ruling() -> None:
    words = [label(40, 20, 3), label(180, 2, 3), label(420, 20, 3), label(520, 20, 1), *leaves(36, range(1, 3))]
    words = [w for w in words if w.box.x0 < 510]
    columns = five_columns()
    # The first label stands in the middle of the first and second data column.
    words[1] = label(220, 2, 3)
    words.append(label(510, 20, 1.5))
    header = header_of(words, (0.0, 58.0), (), columns, EM, SETTINGS)
    assert Span(0, 1, 1, 2) in header.cells
    assert {Span(1, 1, 1, 1), Span(1, 2, 1, 1)} <= set(header.cells)
    assert Span(0, 0, 2, 1) in header.cells
    assert header.unsure


def test_touching_rulings_are_shared_out_among_the_labels_above() -> None:
    words = [label(40, 20, 3), label(220, 2, 3), label(420, 2, 3), *leaves(36)]
    header = header_of(words, (0.0, 58.0), (SpanRule(1, 4, 29.0),), five_columns(), EM, SETTINGS)
    assert {Span(0, 1, 1, 2), Span(0, 3, 1, 2), Span(0, 0, 2, 1)} <= set(header.cells)
    assert header.inner == (29.0,)


def test_wrapped_labels_are_one_row() -> None:
    words = [label(40, 14, 3)]
    for column in range(1, 5):
        words += [label(100.0 * column + 65, 2, 3), label(100.0 * column + 75, 27, 2)]
    header = header_of(words, (0.0, 50.0), (), five_columns(), EM, SETTINGS)
    assert header.rows == 1
    assert len(header.cells) == 5


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 3)), max_size=3))
def test_a_header_covers_every_square_once(pieces: list[tuple[int, int]]) -> None:
    rules = [SpanRule(a, min(4, a + b - 1), 29.0 + 30 * (i % 2)) for i, (a, b) in enumerate(pieces)]
    words = [label(40, 20, 3), label(220, 2, 3), label(420, 2, 3), *leaves(36)]
    header = header_of(words, (0.0, 88.0), rules, five_columns(), EM, SETTINGS)
    count = np.zeros((header.rows, 5), int)
    for cell in header.cells:
        count[cell.row : cell.row + cell.row_span, cell.col : cell.col + cell.col_span] += 1
    assert (count == 1).all()


def ink(*boxes: tuple[int, int, int, int]) -> np.ndarray:
    binary = np.zeros((60, 400), np.uint8)
    for x0, y0, x1, y1 in boxes:
        binary[y0:y1, x0:x1] = 255
    return binary


def test_a_line_is_cut_at_wide_blanks_only() -> None:
    binary = ink((10, 10, 28, 28), (32, 10, 50, 28), (90, 12, 100, 28))
    words = cut_word(Box(5, 8, 120, 32), 7, binary, 25.0)
    assert [word.box for word in words] == [Box(10, 10, 50, 28), Box(90, 12, 100, 28)]
    assert words[0].blanks == ((28.0, 32.0),)
    assert words[0].line == 7


def test_two_cells_seen_as_one_line_are_torn_apart_at_the_boundary_alone() -> None:
    binary = ink((10, 10, 28, 28), (36, 10, 50, 28), (58, 10, 70, 28))
    (word,) = cut_word(Box(5, 8, 120, 32), 0, binary, 25.0)
    pieces = torn_apart(word, (54.0,), binary, EM, 5.0)
    assert [piece.box.x1 for piece in pieces] == [50, 70]


@pytest.mark.parametrize(
    ("box", "seen"), [((200, 20, 208, 34), True), ((200, 26, 216, 28), True), ((200, 20, 203, 23), False)]
)
def test_a_digit_or_a_dash_the_detector_missed_is_found_and_dust_is_not(
    box: tuple[int, int, int, int], seen: bool
) -> None:
    binary = ink((10, 18, 60, 36), box)
    (known,) = cut_word(Box(5, 10, 70, 40), 0, binary, 25.0)
    words = unseen_words(Box(0, 0, 400, 60), [known], binary, EM, SETTINGS)
    assert [word.line for word in words] == ([-1] if seen else [])


def test_grain_of_the_paper_runs_together_to_no_dash_and_points_of_an_ellipsis_do() -> None:
    grain = [(200 + 6 * i, 26 + i % 2, 201 + 6 * i, 27 + i % 2) for i in range(3)]
    assert unseen_words(Box(0, 0, 400, 60), [], ink(*grain), EM, SETTINGS) == []
    points = [(200 + 6 * i, 30, 202 + 6 * i, 33) for i in range(3)]
    assert len(unseen_words(Box(0, 0, 400, 60), [], ink(*points), EM, SETTINGS)) == 1


def test_titles_of_sections_as_close_to_rows_as_these_are_rows_where_groups_stand_apart() -> None:
    words, y = [], 0.0
    for title, step in ((True, 38), (False, 38), (False, 52), (True, 38), (False, 52), (False, 52), (False, 52)):
        words.append(label(0, y, 3))
        words += [] if title else [number(160, y + 3), number(260, y + 3)]
        y += step
    assert len(logical_rows(printed_lines(words), three_columns(), EM, SETTINGS)) == 7


def test_what_reaches_below_a_number_is_told_from_the_rest() -> None:
    figures = [(10 + 12 * i, 10, 18 + 12 * i, 24) for i in range(5)]
    (plain,) = cut_word(Box(5, 8, 120, 40), 0, ink(*figures), 25.0)
    (comma,) = cut_word(Box(5, 8, 120, 40), 0, ink(*figures, (31, 22, 33, 28)), 25.0)
    assert (plain.tail, comma.tail) == (0.0, 4.0)


@pytest.mark.parametrize(("step", "count"), [(26, 4), (40, 5)])
def test_a_title_of_two_low_lines_in_the_column_of_labels_is_one_row(step: float, count: int) -> None:
    """Latin letters without ascenders are as low as figures."""
    words = [number(0, 0, 6), number(0, step, 5)]
    for row in range(3):
        y = step + 52 + 52 * row
        words += [label(20, y), number(160, y + 3), number(260, y + 3)]
    rows = logical_rows(printed_lines(words), three_columns(), EM, SETTINGS)
    assert len(rows) == count
