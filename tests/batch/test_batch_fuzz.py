"""Mutated files: every one is accounted for, none takes the batch down. The long run is scripts/fuzz_inputs.py."""

from __future__ import annotations

import random
from pathlib import Path

from fuzz_inputs import fuzz, mutate


def test_mutations_are_many_and_repeatable() -> None:
    data = bytes(range(256)) * 40
    made = {mutate(data, [data], random.Random(seed)) for seed in range(50)}
    assert len(made) > 45
    assert mutate(data, [data], random.Random(7)) == mutate(data, [data], random.Random(7))


def test_mutated_files_do_not_stop_a_batch(filings: list[Path], tmp_path: Path) -> None:
    found = fuzz(filings, tmp_path, count=60, seconds=30, seed=3, page_timeout=10.0)
    assert found.files == found.done + found.partial + found.failed == 60
    assert found.failed + found.partial > 5
    assert not [reason for reason in found.reasons if "unexpected" in reason]
