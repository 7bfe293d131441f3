"""Which stretches of a page the rulings of a table without a grid rule off."""

from __future__ import annotations

import numpy as np

from ocr_pipeline.clean.lines import Ruling
from ocr_pipeline.geometry import Box
from ocr_pipeline.settings import OpenTableSettings
from ocr_pipeline.tables.open_bars import Bar
from ocr_pipeline.tables.open_regions import barred_regions
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
