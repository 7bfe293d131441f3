"""Runs of places, joined over small gaps."""

from __future__ import annotations

import numpy as np
import pytest

from ocr_pipeline.geometry import runs


def slowly(flags: list[bool], gap: int) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for place in (i for i, flag in enumerate(flags) if flag):
        if found and place - found[-1][1] <= gap:
            found[-1] = found[-1][0], place + 1
        else:
            found.append((place, place + 1))
    return found


@pytest.mark.parametrize("gap", [-1, 0, 1, 3])
def test_runs_are_those_of_a_walk_from_place_to_place(gap: int) -> None:
    dice = np.random.default_rng(8)
    for share in (0.0, 0.1, 0.5, 0.9, 1.0):
        flags = dice.random(40) < share
        assert runs(flags, gap) == slowly(flags.tolist(), gap)


def test_several_small_gaps_do_not_make_one_wide_one() -> None:
    flags = np.array([True, False, True, False, True, False, False, True])
    assert runs(flags, 1) == [(0, 5), (7, 8)]
    assert runs(flags, 2) == [(0, 8)]
