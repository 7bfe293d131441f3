"""Words of open tables whose characters are set wide."""

from __future__ import annotations

import pytest

from ocr_pipeline.geometry import Box
from ocr_pipeline.settings import OpenTableSettings
from ocr_pipeline.tables.open_columns import find_columns
from ocr_pipeline.tables.open_rows import printed_lines
from ocr_pipeline.tables.open_spread import with_spread_labels, with_spread_words
from ocr_pipeline.tables.open_words import Word

EM = 20.0
SETTINGS = OpenTableSettings()


def word(x: float, row: int, characters: float = 1.0, blanks: tuple[tuple[float, float], ...] = ()) -> Word:
    """Chinese print of so many characters; x in em."""
    left, top = x * EM, 1.8 * EM * row
    return Word(Box(left, top, left + (characters - 0.06) * EM, top + 0.94 * EM), row, 0.9 * EM, blanks)


def figure(x: float, row: int, digits: int = 3) -> Word:
    left, top = x * EM, 1.8 * EM * row
    return Word(Box(left, top, left + 0.5 * digits * EM, top + 0.7 * EM), row, 0.45 * EM)


def labels(head: list[Word], body: list[Word]) -> list[tuple[float, float]]:
    found = with_spread_labels(head, printed_lines(head), printed_lines(body), EM, SETTINGS)
    return [(round(w.box.x0 / EM, 1), round(w.box.x1 / EM, 1)) for w in sorted(found, key=lambda w: w.box.x0)]


def test_a_label_spread_over_one_column_is_one_word() -> None:
    head = [word(1, 0, 2), word(8, 0), word(11, 0), word(16, 0, 3)]
    body = [w for row in (1, 2, 3) for w in (word(1, row, 3), word(8, row, 2), figure(16, row))]
    assert labels(head, body) == [(1, 2.9), (8, 11.9), (16, 18.9)]


def test_single_characters_over_columns_of_their_own_stay_apart() -> None:
    head = [word(1, 0, 2), word(8, 0), word(11, 0), word(16, 0, 3)]
    body = [w for row in (1, 2, 3) for w in (word(1, row, 3), figure(7.8, row), figure(10.8, row), figure(16, row))]
    assert (8, 8.9) in labels(head, body)


def test_a_name_in_the_same_place_says_what_is_one_label_however_near_the_next_one_is() -> None:
    head = [word(1, 0, 2), word(5, 0), word(7, 0), word(8.9, 0, 2)]
    body = [w for row in (1, 2, 3) for w in (word(1, row, 1), word(5, row, 3), word(9, row))]
    assert labels(head, body) == [(1, 2.9), (5, 7.9), (8.9, 10.8)]


@pytest.mark.parametrize(("third", "joined"), [(3.0, True), (1.0, False)])
def test_spread_names_are_one_word_where_another_row_fills_the_place(third: float, joined: bool) -> None:
    names = [[word(5, 1), word(7, 1), word(9, 1)], [word(5, 2), word(7, 2), word(9, 2)], [word(5, 3, third)]]
    body = [w for row in names for w in row]
    found = with_spread_words([], body, printed_lines(body), EM, SETTINGS)
    assert len(found) == (5 if joined else 7)
    if joined:
        assert sorted(w.box.width for w in found)[-1] == pytest.approx(2.94 * EM)


def test_columns_are_not_cut_between_characters_set_wide() -> None:
    """Names of three characters with the next cell seen as one word: the widest blank parts them, no narrower one."""
    lines = []
    for row in range(1, 7):
        blanks = tuple((x0 * EM, x1 * EM) for x0, x1 in ((6.0, 6.4), (7.4, 7.8), (8.8, 9.9)))
        lines.append((word(1, row, 2), word(5, row, 6, blanks), figure(14, row)))
    header = (word(1, 0, 2), word(5, 0), word(7.5, 0, 3), word(14, 0, 2))
    columns = find_columns(lines, (0.0, 16 * EM), (), EM, SETTINGS, [header])
    edges = [edge / EM for edge in columns.edges]
    assert len(columns) == 4
    assert any(8.8 <= edge <= 9.9 for edge in edges) and not any(5.5 <= edge <= 8.5 for edge in edges)
