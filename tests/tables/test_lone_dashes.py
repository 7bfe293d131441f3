"""Short dashes alone in cells: drawn boxes of ink, and a table of cells."""

from __future__ import annotations

import numpy as np
import pytest

from ocr_pipeline.geometry import Box
from ocr_pipeline.settings import MarkSettings
from ocr_pipeline.tables.lone_dashes import LoneMark, repeated_dashes
from ocr_pipeline.tables.marks import is_flat, like_dash

EM = 16.0
SETTINGS = MarkSettings()


def mark(x: float, y: float, width: float, height: float, *, cell: tuple[int, int] = (100, 40)) -> LoneMark:
    box = Box(x, y, x + width, y + height)
    return LoneMark(box, *cell, is_flat(box, EM, SETTINGS))


def test_a_dash_comes_alike_in_several_cells_dirt_does_not() -> None:
    dash, dirt = mark(90, 20, 4, 2), [mark(5, y, 4, 2) for y in (3, 10, 33)]
    assert repeated_dashes([dash, dash, dirt[0], dash, dash], EM, SETTINGS) == [0, 1, 3, 4]
    assert repeated_dashes([dash, dash], EM, SETTINGS) == []
    assert repeated_dashes([*dirt, dash, dash], EM, SETTINGS) == []


def test_what_lies_where_the_dashes_of_its_table_lie_is_one_however_smeared() -> None:
    known = [mark(90, 20, 4, 2)] * 4
    smeared = [mark(90, 19, 4, 4), mark(40, 19, 4, 4, cell=(50, 40)), mark(91, 20, 3, 3)]
    elsewhere = [mark(50, 19, 4, 4), mark(90, 5, 4, 4), mark(88, 16, 10, 10)]
    assert repeated_dashes([*known, *smeared, *elsewhere], EM, SETTINGS) == list(range(7))
    assert repeated_dashes([*smeared * 3, *elsewhere], EM, SETTINGS) == []


def test_dashes_in_the_middle_of_wide_and_narrow_cells_are_in_line() -> None:
    known = [mark(width / 2 - 2, 20, 4, 2, cell=(width, 40)) for width in (60, 90, 140, 200)]
    smeared, beside = mark(28, 19, 4, 3, cell=(60, 40)), mark(40, 19, 4, 4, cell=(60, 40))
    assert repeated_dashes([*known, smeared, beside], EM, SETTINGS) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("parts", "which"),
    [
        ([(5, 3, 6, 5), (80, 20, 4, 2)], 1),  # a larger speck beside a dash
        ([(5, 3, 4, 4), (80, 19, 4, 3)], 1),  # neither is flat: the one in the middle
        ([(5, 3, 1, 1)], None),
        ([(5, 3, 4, 12)], None),
    ],
)
def test_the_part_of_a_cell_that_may_be_a_dash(parts: list[tuple[int, int, int, int]], which: int | None) -> None:
    stats = np.array([(*part, part[2] * part[3]) for part in parts], np.int32)
    assert like_dash(stats, 20.0, EM, SETTINGS) == which
