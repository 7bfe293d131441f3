"""Which stretches of a page the rulings of a table without a grid rule off."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ocr_pipeline.clean.lines import Ruling
from ocr_pipeline.geometry import Box
from ocr_pipeline.settings import OpenTableSettings
from ocr_pipeline.tables.open_bars import Bar
from ocr_pipeline.tables.open_build import draft_of
from ocr_pipeline.tables.open_regions import aligned_regions, barred_regions
from ocr_pipeline.tables.open_words import Word

EM = 20.0
SETTINGS = OpenTableSettings()
LEFT, RIGHT = 100.0, 1100.0
COLUMNS = (420.0, 620.0, 820.0, 1000.0)


def bar(y: float) -> Bar:
    along = np.array([LEFT, RIGHT])
    return Bar((Ruling(along, np.full(2, y), 2.0, 1.0),))


def label(x: float, y: float, characters: float) -> Word:
    return Word(Box(x, y, x + characters * EM, y + 0.94 * EM), 0, 0.9 * EM)


def number(x: float, y: float) -> Word:
    return Word(Box(x, y, x + 1.5 * EM, y + 0.7 * EM), 0, 0.45 * EM)


def row(y: float, lines: int) -> list[Word]:
    """A row whose label is wrapped over so many lines, its numbers beside the middle of them."""
    words = [label(LEFT + 10, y + 1.15 * EM * i, 7) for i in range(lines)]
    middle = y + 1.15 * EM * (lines - 1) / 2
    return [*words, *(number(x, middle) for x in COLUMNS)]


def three_lines(rows: list[list[Word]]) -> list[Word]:
    head = [label(LEFT + 10, 110, 4), *(label(x - 10, 110, 2) for x in COLUMNS)]
    total = [label(LEFT + 10, 160, 2), *(number(x, 160) for x in COLUMNS)]
    return [*head, *total, *(word for words in rows for word in words)]


def test_rows_with_labels_of_several_lines_are_rows() -> None:
    words = three_lines([row(215 + 100 * i, 3) for i in range(3)])
    bars = [bar(y) for y in (100, 150, 195, 520)]
    (region,) = barred_regions(bars, bars, words, EM, SETTINGS)
    assert len(region.words) == len(words)
    assert len(region.bars) == 4


def test_what_is_no_label_below_others_ends_a_table() -> None:
    title = [label(500, 330, 8), label(480, 390, 9), label(520, 450, 6)]
    words = [*three_lines([row(215, 1)]), *title]
    bars = [bar(y) for y in (100, 150, 195, 520)]
    (region,) = barred_regions(bars, bars, words, EM, SETTINGS)
    assert not set(title) & set(region.words)


def ruled_rows(first: float, rows: list[list[Word]], high: float = 40.0) -> tuple[list[Bar], list[Word]]:
    """Rows with a bar below each."""
    return [bar(first + high * (i + 1)) for i in range(len(rows))], [word for words in rows for word in words]


def test_titles_of_sections_between_rows_ruled_off_one_by_one_are_rows() -> None:
    def body(y: float) -> list[Word]:
        return [label(LEFT + 10, y, 4), *(number(x, y) for x in COLUMNS)]

    head = [label(LEFT + 10, 110, 4), *(label(x - 10, 110, 2) for x in COLUMNS)]
    sections = [[label(600, 160, 4)], body(200), body(240), [label(600, 280, 4)], body(320), body(360)]
    bars, words = ruled_rows(150, sections)
    for above in ([bar(100)], []):
        (region,) = barred_regions([*above, bar(150), *bars], bars, [*head, *words], EM, SETTINGS)
        assert len(region.words) == len(head) + len(words)
        assert region.under_header == 150


def test_the_title_of_the_next_table_is_no_section_of_this_one() -> None:
    rows = [[label(LEFT + 10, y, 4), *(number(x, y) for x in COLUMNS)] for y in (160, 200, 240)]
    bars, words = ruled_rows(150, rows)
    title = replace(label(450, 290, 12), box=Box(450, 285, 800, 315))
    labels = [label(x - 10, y, 2) for y in (330, 360) for x in (LEFT + 20, *COLUMNS)]
    head = [label(LEFT + 10, 110, 4), *(label(x - 10, 110, 2) for x in COLUMNS)]
    regions = barred_regions([bar(100), bar(150), *bars, bar(390)], bars, [*head, *words, title, *labels], EM, SETTINGS)
    (first,) = [region for region in regions if head[0] in region.words]
    assert len(first.words) == len(head) + len(words)


def header_rows(lines: list[list[Word]]) -> int:
    body = [[label(LEFT + 10, y, 5), *(number(x, y) for x in COLUMNS)] for y in range(200, 440, 40)]
    (region,) = aligned_regions([word for line in (*lines, *body) for word in line], EM, SETTINGS)
    draft = draft_of(region, SETTINGS)
    assert draft is not None and draft.header is not None
    assert len(draft.rows) == len(body)
    return draft.header.rows


def test_labels_halfway_between_two_lines_of_labels_make_no_row() -> None:
    upper = [label(480, 120, 3), label(870, 120, 3)]
    short = [number(x, 160) for x in COLUMNS]  # Mean, SD: built like numbers
    assert header_rows([upper, [label(LEFT + 10, 140, 4)], short]) == 2
    years = [number(520, 120), number(910, 120)]
    assert header_rows([years, [label(LEFT + 10, 140, 4)], short]) == 2


def test_a_large_title_above_a_table_without_rulings_is_none_of_its_labels() -> None:
    title = [Word(Box(x, 60, x + 200, 60 + 1.8 * EM), 0, 1.7 * EM) for x in (300, 560)]
    labels = [label(x - 10, 160, 2) for x in (LEFT + 20, *COLUMNS)]
    assert header_rows([title, labels]) == 1


@pytest.mark.parametrize(("again", "rows"), [(True, 8), (False, 6)])
def test_the_title_of_a_first_section_is_known_by_that_of_the_next(again: bool, rows: int) -> None:
    labels = [label(x - 10, 120, 2) for x in (LEFT + 20, *COLUMNS)]
    body = [
        [label(LEFT + 10, y, 5), *(number(x, y) for x in COLUMNS)]
        for y in (200, 240, 280, 320, 360, 440 if again else 400)
    ]
    titles = [[label(560, 160, 4)], *([[label(560, 400, 4)]] if again else [])]
    (region,) = aligned_regions([word for line in (labels, *titles, *body) for word in line], EM, SETTINGS)
    draft = draft_of(region, SETTINGS)
    assert draft is not None and len(draft.rows) == rows


@pytest.mark.parametrize("parted", [True, False])
def test_a_title_whose_number_stands_apart_begins_a_table_of_its_own(parted: bool) -> None:
    upper = [[label(LEFT + 10, y, 4), *(number(x, y) for x in COLUMNS)] for y in (160, 200, 240)]
    title = [label(LEFT + 10, 300, 3), label(LEFT + 10 + 4.2 * EM, 300, 9)] if parted else []
    head = [[label(x - 10, y, 2) for x in (LEFT + 20, *COLUMNS)] for y in (110, 350)]
    lower = [[label(LEFT + 10, y, 4), *(number(x, y) for x in COLUMNS)] for y in (400, 440, 480)]
    words = [word for line in (*head, *upper, title, *lower) for word in line]
    bars = [bar(y) for y in (100, 150, 280, 335, 385, 520)]
    regions = barred_regions(bars, bars, words, EM, SETTINGS)
    if not parted:
        assert len(regions) == 1
        return
    first, second = regions
    assert (first.bottom, second.top) == (280, 335)
    assert not set(title) & {*first.words, *second.words}


@pytest.mark.parametrize(("away", "rows"), [(40, 8), (22, 7)])
def test_the_title_of_a_first_group_stands_where_the_next_one_does(away: float, rows: int) -> None:
    """Closer to the labels above it is the second line of one of them."""
    labels = [label(x - 10, 160 - away, 2) for x in (LEFT + 40, *COLUMNS)]
    body = [[label(LEFT + 40, y, 5), *(number(x, y) for x in COLUMNS)] for y in (200, 240, 280, 360, 400, 440)]
    titles = [[label(LEFT, 160, 4)], [label(LEFT, 320, 4)]]
    (region,) = aligned_regions([word for line in (labels, *titles, *body) for word in line], EM, SETTINGS)
    draft = draft_of(region, SETTINGS)
    assert draft is not None and len(draft.rows) == rows


def test_a_wrapped_label_higher_than_its_figures_is_no_title() -> None:
    def low(x: float, y: float) -> Word:
        return Word(Box(x, y, x + 1.2 * EM, y + 0.55 * EM), 0, 0.4 * EM)

    rows = [[label(LEFT + 10, y, 5), *(low(x, y + 4) for x in COLUMNS)] for y in (110, 160, 270, 320)]
    wrapped = [*(label(LEFT + 10, y, 7) for y in (205, 228)), *(low(x, 219) for x in COLUMNS)]
    words = [word for line in (*rows[:2], wrapped, *rows[2:]) for word in line]
    bars = [bar(y) for y in (100, 150, 195, 260, 310, 360)]
    (region,) = barred_regions(bars, bars, words, EM, SETTINGS)
    assert len(region.words) == len(words) and len(region.bars) == len(bars)
