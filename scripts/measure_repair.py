"""What the rules of known forms put right in processed filings: of the misread numbers that broke a rule, how many.

    python scripts/make_samples.py filings --count 12 --seed 6101 --level bad -o filings
    ocr-pipeline run filings/*.pdf -o out --formats json
    python scripts/measure_repair.py out filings [OUT TRUTHS ...] [--show]

A number counts where its table is of a known form and it stands in its true place. It broke a rule where it was read
again because of one (flag repaired) or a check that names it is broken still. Ends with 1 where a right number was made
wrong.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from readings_for_calibration import cells_in_place

from ocr_pipeline.document import Cell, Document, Flag
from ocr_pipeline.evaluation.loading import load_truth
from ocr_pipeline.evaluation.normalise import normalise
from ocr_pipeline.evaluation.records import is_number
from ocr_pipeline.export import load_document

_FIRST = re.compile(r"first read as (?P<quote>['\"])(?P<text>.*?)(?P=quote); read as ")
"""How the note of a repaired cell begins."""


class Fate(StrEnum):
    """What became of a number that was misread, or read again."""

    RIGHTED = "misread, broke a rule, put right"
    LEFT = "misread, breaks a rule, left"
    ALTERED = "misread, broke a rule, made another wrong number"
    UNNOTICED = "misread, breaks no rule"
    SPOILT = "read right, made wrong"


@dataclass(frozen=True)
class Found:
    """A number and its fate; first: as it was read before the rules; true: as it is printed."""

    file: str
    cell: Cell
    first: str
    true: str
    fate: Fate


def found_in(out: Path, truths: Path) -> Iterator[Found]:
    """The numbers of all files of a folder of results whose truth is known."""
    for path in sorted(truths.glob("*.truth.json")):
        stem = path.name.removesuffix(".truth.json")
        result = out / stem / "document.json"
        if not result.is_file():
            continue
        document, truth = load_document(result), load_truth(path)
        for table in document.tables:
            if table.profile is None:
                continue
            broken = {place for check in table.checks if not check.ok for place in check.cells}
            for cell, true in cells_in_place(_with_blanks_said(replace(document, tables=(table,))), truth):
                first = _first(cell)
                fate = _fate(cell, first, true, (cell.row, cell.col) in broken)
                if (is_number(true) or is_number(first)) and fate is not None:
                    yield Found(stem, cell, first, true, fate)


_BLANK = "□"


def _with_blanks_said(document: Document) -> Document:
    """The document with a sign in its blank cells, which are misread numbers too where a number is printed."""
    tables = tuple(
        replace(table, cells=tuple(cell if cell.text.strip() else replace(cell, text=_BLANK) for cell in table.cells))
        for table in document.tables
    )
    return replace(document, tables=tables)


def _first(cell: Cell) -> str:
    said = _FIRST.match(cell.note or "") if Flag.REPAIRED in cell.flags else None
    return said["text"] if said else cell.text


def _fate(cell: Cell, first: str, true: str, broken: bool) -> Fate | None:
    """None for what was read right and left so."""
    blank = not true and first == _BLANK
    was_right, right = blank or normalise(first) == true, blank or normalise(cell.text) == true
    if was_right:
        return None if right else Fate.SPOILT
    if Flag.REPAIRED in cell.flags:
        return Fate.RIGHTED if right else Fate.ALTERED
    return Fate.LEFT if broken else Fate.UNNOTICED


def main() -> int:
    """Prints the counts, with --show every number. The exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+", metavar="OUT TRUTHS", help="what was read, and its truth")
    parser.add_argument("--show", action="store_true", help="print every number that counts")
    options = parser.parse_args()
    if len(options.folders) % 2:
        parser.error("give the folders in pairs: what was read, and its truth")
    pairs = zip(options.folders[::2], options.folders[1::2], strict=True)
    found = [f for out, truths in pairs for f in found_in(out, truths)]
    if options.show:
        for f in sorted(found, key=lambda item: item.fate):
            place = f"page {f.cell.page + 1} row {f.cell.row} col {f.cell.col}"
            flags = " ".join(flag.value for flag in f.cell.flags)
            print(f"{f.fate}: {f.file} {place}: {f.first!r}, now {f.cell.text!r}, true {f.true!r} [{flags}]")
    counts = Counter(f.fate for f in found)
    for fate in Fate:
        print(f"{counts[fate]:5} {fate}")
    breaks = counts[Fate.RIGHTED] + counts[Fate.LEFT] + counts[Fate.ALTERED]
    print(f"of {breaks} breaks caused by misreading {counts[Fate.RIGHTED] / max(1, breaks):.1%} put right")
    return 1 if counts[Fate.SPOILT] else 0


if __name__ == "__main__":
    sys.exit(main())
