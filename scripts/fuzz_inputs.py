"""Mutated scans through a batch: the parent must not crash, and nothing may hang beyond its limit.

    python scripts/fuzz_inputs.py samples --count 10000 --seconds 3600

Files of the folder given are mutated (bits turned, pieces cut out, doubled, swapped between files, numbers in PDF
dictionaries made huge) and read with canned readings: it is the opening of files and the analysis that is tried.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ocr_pipeline.batch.engines import CannedEngines
from ocr_pipeline.batch.run import run_batch
from ocr_pipeline.batch.summary import Summary
from ocr_pipeline.settings import EngineSettings, Settings

SUFFIXES = (".pdf", ".tif", ".jpg", ".png")
_NUMBER = re.compile(rb"(?<=[ /\[])[0-9]{1,6}(?=[ /\]\r\n>])")
_ODD_NUMBERS = (b"0", b"-1", b"65536", b"4294967295", b"99999999999999999999", b"1e308")
_SLICE = 40
"""Files in one batch: few enough that the time limit is kept."""


def mutate(data: bytes, others: Sequence[bytes], dice: random.Random) -> bytes:
    """The file with one to eight things wrong in it."""
    changed = bytearray(data)
    for _ in range(dice.randint(1, 8)):
        dice.choice((_turn_bits, _cut, _double, _splice, _odd_number, _truncate))(changed, others, dice)
    return bytes(changed)


def _turn_bits(data: bytearray, others: Sequence[bytes], dice: random.Random) -> None:
    for _ in range(dice.randint(1, 40)):
        if data:
            data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)


def _cut(data: bytearray, others: Sequence[bytes], dice: random.Random) -> None:
    start = dice.randrange(len(data) + 1)
    del data[start : start + dice.randint(1, 5000)]


def _double(data: bytearray, others: Sequence[bytes], dice: random.Random) -> None:
    start = dice.randrange(len(data) + 1)
    data[start:start] = data[start : start + dice.randint(1, 5000)]


def _splice(data: bytearray, others: Sequence[bytes], dice: random.Random) -> None:
    other = dice.choice(others)
    start, there = dice.randrange(len(data) + 1), dice.randrange(len(other))
    length = dice.randint(1, 5000)
    data[start : start + length] = other[there : there + length]


def _odd_number(data: bytearray, others: Sequence[bytes], dice: random.Random) -> None:
    found = list(_NUMBER.finditer(data))
    if found:
        start, end = dice.choice(found).span()
        data[start:end] = dice.choice(_ODD_NUMBERS)


def _truncate(data: bytearray, others: Sequence[bytes], dice: random.Random) -> None:
    if dice.random() < 0.2:
        del data[dice.randrange(len(data) + 1) :]


@dataclass
class Outcome:
    """What came of the mutated files. reasons: how often each kind of failure, names and numbers taken out."""

    files: int
    done: int
    partial: int
    failed: int
    workers_lost: int
    reasons: Counter[str]


def fuzz(
    originals: Sequence[Path], folder: Path, count: int, seconds: float, seed: int, page_timeout: float
) -> Outcome:
    """Mutate and read until the count or the time is reached. Whatever a batch raises is a find and is raised."""
    dice = random.Random(seed)
    contents = [path.read_bytes() for path in originals]
    outcome = Outcome(0, 0, 0, 0, 0, Counter())
    settings = Settings(engine=EngineSettings(model="tiny"))
    settings = replace(settings, batch=replace(settings.batch, jobs=2, page_timeout=page_timeout, page_memory=2048))
    until = time.monotonic() + seconds
    while outcome.files < count and time.monotonic() < until:
        place = folder / f"slice-{outcome.files}"
        (place / "in").mkdir(parents=True)
        paths = []
        for number in range(min(_SLICE, count - outcome.files)):
            which = dice.randrange(len(originals))
            path = place / "in" / f"{number}{originals[which].suffix}"
            path.write_bytes(mutate(contents[which], contents, dice))
            paths.append(path)
        summary = run_batch(paths, place / "out", settings, ("json",), engines=CannedEngines())
        if summary.files != len(paths):
            raise RuntimeError(f"{len(paths)} files went in, {summary.files} are accounted for")
        _count(outcome, summary)
    return outcome


def _count(outcome: Outcome, summary: Summary) -> None:
    outcome.files += summary.files
    outcome.done += summary.done
    outcome.partial += summary.partial
    outcome.failed += summary.failed
    outcome.workers_lost += summary.workers_lost
    for report in summary.failures:
        for reason in report.reasons:
            outcome.reasons[re.sub(r"[0-9]+", "N", reason.replace(str(report.path), "FILE"))] += 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("inputs", type=Path, help="folder of good files")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=3600.0)
    parser.add_argument("--page-timeout", type=float, default=30.0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    originals = sorted(path for path in options.inputs.iterdir() if path.suffix in SUFFIXES)
    if not originals:
        sys.exit(f"no scans in {options.inputs}")
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        found = fuzz(originals, Path(folder), options.count, options.seconds, options.seed, options.page_timeout)
    print(
        f"{found.files} files in {time.monotonic() - began:.0f} s: {found.done} done, {found.partial} partial, ", end=""
    )
    print(f"{found.failed} failed, {found.workers_lost} workers lost")
    for reason, times in found.reasons.most_common(40):
        print(f"{times:6}  {reason}")


if __name__ == "__main__":
    main()
