"""How far the scores of processed filings are from the share of readings that are right: expected calibration error.

    python scripts/make_samples.py filings --count 12 --seed 6101 --level bad -o filings
    ocr-pipeline run filings/*.pdf -o out --formats json
    python scripts/measure_calibration.py out filings [OUT TRUTHS ...]

Cells that stand where the truth has one of the same size count. Readings in bins of equal number by rising score; of
each bin the distance between its mean score and the share that is right, weighed by its readings (Naeini et al. 2015).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from readings_for_calibration import cells_in_place

from ocr_pipeline.evaluation.loading import load_truth
from ocr_pipeline.evaluation.normalise import normalise
from ocr_pipeline.export import load_document
from ocr_pipeline.reports.reliability import bins_of
from ocr_pipeline.reports.values import Kind, parse

_SURE = 0.99


@dataclass(frozen=True)
class Reading:
    """A cell's published score and whether its text is right; number: whether a number is printed there."""

    score: float
    right: bool
    number: bool


def readings(out: Path, truths: Path) -> Iterator[Reading]:
    """Of all files of a folder of results whose truth is known."""
    for path in sorted(truths.glob("*.truth.json")):
        result = out / path.name.removesuffix(".truth.json") / "document.json"
        if result.is_file():
            for cell, true in cells_in_place(load_document(result), load_truth(path)):
                yield Reading(cell.score, normalise(cell.text) == true, parse(true).kind is Kind.NUMBER)


def calibration_error(found: Sequence[Reading]) -> float:
    """0 to 1."""
    bins = bins_of(found)
    return sum(part.count * abs(part.score - part.right) for part in bins) / max(1, len(found))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+", metavar="OUT TRUTHS", help="what was read, and its truth")
    folders = parser.parse_args().folders
    if len(folders) % 2:
        parser.error("give the folders in pairs: what was read, and its truth")
    found = [r for out, truths in zip(folders[::2], folders[1::2], strict=True) for r in readings(out, truths)]
    for name, part in (("all cells", found), ("numbers", [reading for reading in found if reading.number])):
        sure = [reading for reading in part if reading.score >= _SURE]
        right = sum(reading.right for reading in sure) / max(1, len(sure))
        wrong, error = sum(not reading.right for reading in part), calibration_error(part)
        print(f"{name}: {len(part)} readings, {wrong} wrong, calibration error {error:.4f}; ", end="")
        print(f"of {len(sure)} scored {_SURE} and more {right:.2%} right")


if __name__ == "__main__":
    main()
