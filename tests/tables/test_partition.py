"""How print says where a run of squares is parted into cells."""

from __future__ import annotations

import numpy as np

from ocr_pipeline.geometry import FloatArray
from ocr_pipeline.tables.parted import Extents
from ocr_pipeline.tables.partition import parted_odds

EM = 20.0
WIDTH = 100.0
INSET = 4.0


def run(*prints: tuple[float, float] | None) -> Extents:
    """Squares in a row, 100 pixels wide each, and from where to where print stands in each of them; None for blank."""
    low = np.arange(len(prints))[:, None] * WIDTH
    found = np.array([(np.nan, np.nan) if p is None else p for p in prints])
    return Extents(low, low + WIDTH, found[:, :1], found[:, 1:], low + INSET, low + WIDTH - INSET)


def odds(extents: Extents, base: float, ruled: tuple[int, ...] = (), through: tuple[int, ...] = ()) -> FloatArray:
    """The odds of the sides between the squares, each of which has so much for itself."""
    count = len(extents.low) + 1
    closed, crossed = np.zeros((count, 1), bool), np.zeros((count, 1), bool)
    closed[list(ruled)], crossed[list(through)] = True, True
    return parted_odds(extents, closed, np.full((count, 1), base), crossed, EM)[1:-1, 0]


def test_two_words_each_in_the_middle_of_three_squares_are_two_cells() -> None:
    """Together they stand in the middle of all six squares, too."""
    found = odds(run(None, (120, 180), None, None, (420, 480), None), -0.8)
    assert found[2] > 0
    assert np.all(np.delete(found, 2) < 0)


def test_a_word_across_a_side_makes_one_cell() -> None:
    assert np.all(odds(run((60, 100), (100, 140)), 1.0, through=(1,)) < 0)


def test_numbers_each_in_the_middle_of_its_square_are_cells() -> None:
    assert np.all(odds(run((30, 70), (130, 170), (230, 270)), -2.0) > 0)


def test_a_label_at_the_beginning_of_blank_squares_is_one_cell() -> None:
    """Each side alone would seem to be worn."""
    found = odds(run((6, 90), None, None, None, None), -0.9)
    assert np.all(found < 0)


def test_print_up_to_one_side_goes_on_beyond() -> None:
    centred, reaching = run((25, 75), None), run((12, 96), None)
    assert odds(centred, 0.0)[0] - odds(reaching, 0.0)[0] > 1


def test_what_is_ruled_parts_a_run_and_blank_ones_say_nothing() -> None:
    base = 0.7
    extents = run(None, None, (230, 270), (330, 370))
    found = odds(extents, base, ruled=(2,))
    assert found[0] == base  # only blank squares up to the ruled side
    assert found[1] == base  # the ruled side itself
    assert found[2] > base
