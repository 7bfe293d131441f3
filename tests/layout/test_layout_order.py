"""Reading order: rows, columns, tables in their place."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.geometry import Box
from ocr_pipeline.layout.order import reading_columns, reading_order
from ocr_pipeline.settings import LayoutSettings

SETTINGS = LayoutSettings()
EM = 20.0


def text_column(x0: float, x1: float, y: float, count: int, pitch: float = 34) -> list[Box]:
    return [Box(x0, y + i * pitch, x1, y + i * pitch + EM) for i in range(count)]


def order(boxes: list[Box]) -> list[int]:
    return reading_order(boxes, EM, SETTINGS)


def test_rows_top_down_and_left_to_right_in_spite_of_a_little_tilt() -> None:
    boxes = [Box(300, 103, 500, 123), Box(100, 100, 280, 120), Box(100, 140, 600, 160)]
    assert order(boxes) == [1, 0, 2]


def test_two_columns_are_read_one_after_the_other() -> None:
    title = [Box(200, 20, 700, 50)]
    left, right = text_column(60, 430, 100, 6), text_column(470, 840, 100, 6)
    foot = [Box(430, 400, 470, 415)]
    assert order([*foot, *right, *left, *title]) == [13, *range(7, 13), *range(1, 7), 0]


def test_columns_whose_lines_do_not_meet() -> None:
    left, right = text_column(60, 430, 100, 6), text_column(470, 840, 115, 6)
    assert order([*right, *left]) == [*range(6, 12), *range(6)]


def test_columns_above_and_below_a_table_of_full_width() -> None:
    upper = [*text_column(60, 430, 100, 4), *text_column(470, 840, 100, 4)]
    table = [Box(60, 260, 840, 500)]
    lower = [*text_column(60, 430, 520, 4), *text_column(470, 840, 520, 4)]
    assert order(upper + table + lower) == list(range(17))


def test_a_table_within_a_column_keeps_its_place() -> None:
    left = [*text_column(60, 430, 100, 3), Box(60, 210, 430, 330), *text_column(60, 430, 345, 3)]
    right = text_column(470, 840, 100, 9)
    assert order(left + right) == list(range(16))


def test_a_form_of_labels_and_values_is_read_row_by_row() -> None:
    rows = zip(text_column(60, 130, 100, 5), text_column(300, 700, 100, 5), strict=True)
    boxes = [box for row in rows for box in row]
    assert order(boxes) == list(range(10))


def test_three_columns() -> None:
    columns = [text_column(x, x + 250, 100, 8) for x in (50, 330, 610)]
    boxes = [box for column in columns for box in column]
    assert order(boxes) == list(range(24))
    assert len(reading_columns(boxes, EM, SETTINGS)) == 3


BOXES = st.lists(
    st.builds(
        lambda x, y, w, h: Box(x, y, x + w, y + h),
        st.integers(0, 900),
        st.integers(0, 1200),
        st.integers(1, 500),
        st.integers(1, 60),
    ),
    max_size=25,
)


@given(BOXES)
def test_every_box_is_read_once(boxes: list[Box]) -> None:
    assert sorted(order(boxes)) == list(range(len(boxes)))


@given(BOXES)
def test_within_a_run_nothing_is_read_before_what_stands_wholly_above_it(boxes: list[Box]) -> None:
    for run in reading_columns(boxes, EM, SETTINGS):
        for first, second in pairwise(run):
            # Both may stand beside one higher box, and then go from left to right.
            assert not boxes[second].y1 < boxes[first].y0 - 60


def test_a_signature_below_short_lines_is_no_column() -> None:
    left, foot = text_column(60, 330, 100, 3), Box(60, 700, 330, 715)
    signature = [Box(500, 300, 600, 320), Box(595, 300, 700, 320), Box(520, 334, 680, 354)]
    assert len(reading_columns([*left, *signature, foot], EM, SETTINGS)) == 1
