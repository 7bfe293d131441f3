"""Runs killed at random moments; the next run ends with exactly the files of an undisturbed one."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from soak import KINDS, Trial, can_mount, growth, kill_trial, make_filings, reference, soak


def trials(tmp_path: Path, number: int, files: int = 6, recognisers: int = 0, store: bool = False) -> None:
    make_filings(tmp_path / "in", files, 3)
    trial = Trial(tmp_path / "in", recognisers=recognisers, store=store)
    known = reference(trial, tmp_path)
    kinds = KINDS if can_mount(tmp_path) else KINDS[:-1]
    for n in range(number):
        kill_trial(trial, kinds[n % len(kinds)], known, tmp_path / f"trial-{n}", random.Random(n))


def test_a_run_after_a_kill_loses_nothing_and_reads_nothing_twice(tmp_path: Path) -> None:
    trials(tmp_path, len(KINDS), files=3)


@pytest.mark.slow
def test_the_same_with_recognition_processes(tmp_path: Path) -> None:
    trials(tmp_path, len(KINDS), recognisers=1)


@pytest.mark.slow
def test_the_same_with_results_that_go_to_a_store(tmp_path: Path) -> None:
    trials(tmp_path, len(KINDS), store=True)


@pytest.mark.slow
def test_a_dozen_kills(tmp_path: Path) -> None:
    """Fifty and more: scripts/soak.py kills --trials 50."""
    trials(tmp_path, 12)


@pytest.mark.slow
def test_memory_stays_flat(tmp_path: Path) -> None:
    make_filings(tmp_path / "in", 2, 5)
    pages = 400
    watch, _ = soak(pages, Trial(tmp_path / "in", jobs=1), tmp_path / "out")
    for seen in (watch.parent, watch.workers):
        before, after = growth(seen, pages)
        assert after < before * 1.05
