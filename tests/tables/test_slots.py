"""Marks of labels that are spread over their cell."""

from __future__ import annotations

import numpy as np
import pytest
from helpers_drawing import bar, em_at, sheet, text
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.settings import Settings
from ocr_pipeline.tables.printed import find_print
from ocr_pipeline.tables.slots import is_in_slot

DPI = 200
EM = em_at(DPI, 10.5)
PITCH = 3.0 * EM
READING = Settings().reading


def spread(slots: list[int], mark: float | None, below: float = 0.68) -> tuple[bool, int]:
    """Whether a mark between the characters of a label is kept, and how many lines there are. slots: which places hold
    a character; mark: where the mark begins, in places; below: its top, as a share of a character's height."""
    gray = sheet(DPI, 14 * PITCH / DPI, 2 * EM / DPI)
    for slot in slots:
        text(gray, "文工王大口"[slot % 5], 0.3 * EM + slot * PITCH, 0.5 * EM, EM)
    x = 0.0
    if mark is not None:
        x, y = 0.3 * EM + mark * PITCH, (0.5 + below) * EM
        bar(gray, x, y, x + 0.2 * EM, y + 0.2 * EM)
    binary = np.where(gray < 128, 255, 0).astype(np.uint8)
    printed = find_print(gray, binary, EM, READING)
    window = slice(round(x), round(x + 0.2 * EM))
    kept = bool(printed.binary[round(1.05 * EM) : round(1.5 * EM), window].any())
    return kept, len(printed.lines)


@pytest.mark.parametrize("slots", [[0, 2, 3, 4, 5], [0, 1, 3, 4, 5, 6], [0, 2, 3, 4, 6, 7, 8]])
def test_a_mark_in_a_place_of_its_own_is_kept(slots: list[int]) -> None:
    assert spread(slots, slots[1] - 1 if slots[1] == 2 else 2.0) == (True, 1)


@pytest.mark.parametrize(
    ("slots", "mark"),
    [
        ([0, 1, 2, 3, 4], 2.6),  # no place is left for it
        ([0, 2, 3, 4, 5], 3.6),  # it stands in another place
        ([0, 2, 3], 1.0),  # too few to tell a pitch
        ([0, 2, 5, 6, 9], 1.0),  # not evenly apart
    ],
)
def test_a_speck_in_a_spread_label_goes(slots: list[int], mark: float) -> None:
    assert spread(slots, mark) == (False, 1)


@given(st.integers(4, 9), st.integers(1, 7), st.floats(-3, 3))
def test_the_place_of_a_mark_does_not_depend_on_where_the_label_stands(count: int, at: int, away: float) -> None:
    places = [slot for slot in range(count + 1) if slot != min(at, count - 1)]
    solids = np.array([[slot * 60 + 5, 10, 28, 29, 300] for slot in places], np.int32)
    mark = np.array([min(at, count - 1) * 60 + 5, 32, 7, 7, 40], np.int32)
    shift = np.array([round(1000 * abs(away)), round(50 * abs(away)), 0, 0, 0], np.int32)
    assert is_in_slot(mark, solids, 29.2)
    assert is_in_slot(mark + shift, solids + shift, 29.2)
    assert not is_in_slot(mark + np.array([0, 200, 0, 0, 0], np.int32), solids, 29.2)
