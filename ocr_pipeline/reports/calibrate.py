"""From the recogniser's score to the probability that a reading is right.

A recogniser's 0.99 is not 99 in a hundred. The map is a rising line of a few pieces for each kind of reading, fitted
to readings whose truth is known and kept in calibration.json beside this file; without a fit it is the identity.

To fit it again, from a CSV file with the columns text, score, right (0 or 1) and any others:

    python -m ocr_pipeline.reports.calibrate readings.csv ocr_pipeline/reports/calibration.json [reliability.svg]

What is printed and drawn is measured on readings that the fit has not seen: each half by the fit of the other.
"""

from __future__ import annotations

import csv
import json
import sys
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from importlib import resources
from pathlib import Path

from ocr_pipeline.document import Cell, Document
from ocr_pipeline.reports.reliability import bins_of, reliability_svg
from ocr_pipeline.reports.values import fold, numeric_looking

SCHEMA = "ocr-pipeline-calibration/1"
_PIECES = 12
"""Knots of a fitted line: more follow the sample's chance."""
_SURE = 0.9995
"""No reading is surer than the size of a usual sample (a few thousand) can show."""


class ReadingKind(StrEnum):
    """Readings that fail in different ways: one digit, several, words."""

    DIGIT = "digit"
    NUMBER = "number"
    WORDS = "words"


@dataclass(frozen=True)
class Curve:
    """A rising line through (score, probability of being right), both 0 to 1."""

    scores: tuple[float, ...] = (0.0, 1.0)
    right: tuple[float, ...] = (0.0, 1.0)

    def __post_init__(self) -> None:
        if len(self.scores) != len(self.right) or len(self.scores) < 2:
            raise ValueError("a curve needs two points or more, and as many probabilities as scores")
        if list(self.scores) != sorted(set(self.scores)) or list(self.right) != sorted(self.right):
            raise ValueError("a curve must rise")

    def at(self, score: float) -> float:
        """The probability for a score, level beyond the ends."""
        place = bisect_right(self.scores, score)
        if place == 0:
            return self.right[0]
        if place == len(self.scores):
            return self.right[-1]
        x0, x1 = self.scores[place - 1 : place + 1]
        y0, y1 = self.right[place - 1 : place + 1]
        return y0 + (y1 - y0) * (score - x0) / (x1 - x0)


@dataclass(frozen=True)
class Reading:
    """A reading whose truth is known."""

    text: str
    score: float
    right: bool


@dataclass(frozen=True)
class Calibration:
    """A curve for each kind of reading; the identity for a kind without."""

    curves: tuple[tuple[ReadingKind, Curve], ...] = ()

    def probability(self, text: str, score: float) -> float:
        """The probability that a reading with this raw score is right, 0 to 1."""
        kind = kind_of(text)
        curve = next((curve for known, curve in self.curves if known is kind), Curve())
        return min(1.0, max(0.0, curve.at(min(1.0, max(0.0, score)))))


def kind_of(text: str) -> ReadingKind:
    """Which curve a reading belongs to."""
    folded = fold(text)
    if len(folded) == 1 and numeric_looking(folded):
        return ReadingKind.DIGIT
    return ReadingKind.NUMBER if numeric_looking(folded) else ReadingKind.WORDS


def calibrated(text: str, score: float) -> float:
    """The shipped map: from a raw score to the probability of being right."""
    return shipped().probability(text, score)


@lru_cache(maxsize=1)
def shipped() -> Calibration:
    """The calibration that comes with the package."""
    file = resources.files("ocr_pipeline.reports") / "calibration.json"
    return from_json(file.read_text(encoding="utf-8"))


def from_json(text: str) -> Calibration:
    """A calibration from its JSON text. Raises ValueError when it is none."""
    data = json.loads(text)
    if not isinstance(data, dict) or data.get("schema") != SCHEMA or not isinstance(data.get("curves"), dict):
        raise ValueError(f"not a calibration of {SCHEMA}")
    curves = ((ReadingKind(kind), Curve(tuple(c["scores"]), tuple(c["right"]))) for kind, c in data["curves"].items())
    return Calibration(tuple(curves))


def to_json(calibration: Calibration) -> str:
    """The calibration as JSON text."""
    curves = {kind.value: {"scores": curve.scores, "right": curve.right} for kind, curve in calibration.curves}
    return json.dumps({"schema": SCHEMA, "curves": curves}, indent=1) + "\n"


def fit(readings: Iterable[Reading]) -> Calibration:
    """The calibration that fits readings of known truth; kinds without readings stay the identity."""
    by_kind: dict[ReadingKind, list[Reading]] = defaultdict(list)
    for reading in readings:
        by_kind[kind_of(reading.text)].append(reading)
    return Calibration(tuple((kind, fit_curve(by_kind[kind])) for kind in ReadingKind if by_kind[kind]))


def fit_curve(readings: Sequence[Reading]) -> Curve:
    """Isotonic regression (pooled adjacent violators) thinned to a few knots. ValueError without readings."""
    if not readings:
        raise ValueError("no readings to fit a curve to")
    pools: list[tuple[float, float, float]] = []
    for score, right, count in _grouped(readings):
        pools.append((score * count, right, count))
        while len(pools) > 1 and pools[-2][1] / pools[-2][2] >= pools[-1][1] / pools[-1][2]:
            last, before = pools.pop(), pools.pop()
            pools.append((before[0] + last[0], before[1] + last[1], before[2] + last[2]))
    # Half a right and half a wrong reading are added to each pool, so that small samples do not claim certainty.
    knots = [(weighted / count, min(_SURE, (right + 0.5) / (count + 1.0))) for weighted, right, count in pools]
    return _rising(_thinned(knots))


def _grouped(readings: Sequence[Reading]) -> list[tuple[float, float, float]]:
    groups: dict[float, list[bool]] = defaultdict(list)
    for reading in readings:
        groups[round(reading.score, 4)].append(reading.right)
    return [(score, float(sum(rights)), float(len(rights))) for score, rights in sorted(groups.items())]


def _thinned(knots: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    if len(knots) <= _PIECES:
        return list(knots)
    places = {round(i * (len(knots) - 1) / (_PIECES - 1)) for i in range(_PIECES)}
    return [knots[i] for i in sorted(places)]


def _rising(knots: Sequence[tuple[float, float]]) -> Curve:
    """A curve over the whole range from knots in order of score."""
    points = [(0.0, 0.0), *(knot for knot in knots if 0.0 < knot[0] < 1.0), (1.0, max(right for _, right in knots))]
    level, rising = 0.0, []
    for score, right in points:
        level = max(level, right)
        rising.append((score, level))
    return Curve(tuple(score for score, _ in rising), tuple(right for _, right in rising))


def expected_calibration_error(readings: Sequence[Reading], bins: int = 15) -> float:
    """Mean distance between score and share of right readings over equal bins of the score, weighted by number."""
    members: Mapping[int, list[Reading]] = defaultdict(list)
    for reading in readings:
        members[min(bins - 1, int(reading.score * bins))].append(reading)
    off = (abs(sum(r.score for r in group) - sum(r.right for r in group)) for group in members.values())
    return sum(off) / max(1, len(readings))


def read_readings(path: Path) -> list[Reading]:
    """Readings from a CSV file with the columns text, score, right. ValueError naming the line that is wrong."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = csv.DictReader(stream)
        try:
            return [Reading(row["text"], float(row["score"]), bool(int(row["right"]))) for row in rows]
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path}, line {rows.line_num}: needs text, score (0 to 1) and right (0 or 1)") from error


def with_calibrated_scores(document: Document) -> Document:
    """The document with the score of every cell that holds text as the probability of being right; the recogniser's own
    is kept in raw_score."""
    return _each_cell(document, _calibrated)


def with_raw_scores(document: Document) -> Document:
    """The document with the recogniser's own scores again, which the rules of trust are made for."""
    return _each_cell(document, _uncalibrated)


def _each_cell(document: Document, change: Callable[[Cell], Cell]) -> Document:
    tables = (replace(table, cells=tuple(change(cell) for cell in table.cells)) for table in document.tables)
    return replace(document, tables=tuple(tables))


def _calibrated(cell: Cell) -> Cell:
    if not cell.text.strip():
        return cell
    return replace(cell, score=calibrated(cell.text, cell.score), raw_score=cell.score)


def _uncalibrated(cell: Cell) -> Cell:
    return cell if cell.raw_score is None else replace(cell, score=cell.raw_score, raw_score=None)


def held_out(readings: Sequence[Reading]) -> list[Reading]:
    """Each reading with its score by a fit to the other half of them: every second one."""
    halves = readings[::2], readings[1::2]
    scored: list[Reading] = []
    for own, other in (halves, halves[::-1]):
        fitted = fit(other)
        scored += [replace(reading, score=fitted.probability(reading.text, reading.score)) for reading in own]
    return scored


def main(arguments: Sequence[str]) -> int:
    """Fit a calibration file to readings, print the error before and after on readings not seen, and draw it."""
    if len(arguments) not in (2, 3):
        sys.stderr.write("usage: python -m ocr_pipeline.reports.calibrate READINGS.csv CALIBRATION.json [PLOT.svg]\n")
        return 2
    readings = read_readings(Path(arguments[0]))
    after = held_out(readings)
    before_error, after_error = expected_calibration_error(readings), expected_calibration_error(after)
    Path(arguments[1]).write_text(to_json(fit(readings)), encoding="utf-8")
    told = f"{len(readings)} readings, calibration error {before_error:.4f} before, {after_error:.4f} after"
    if len(arguments) == 3:
        Path(arguments[2]).write_text(reliability_svg(bins_of(readings), bins_of(after), told), encoding="utf-8")
    sys.stdout.write(f"{told}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
