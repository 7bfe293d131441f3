"""Sums in a table of no known form: proposed by labels (合计, 小计, 其中 …) or by place, believed on evidence only.

A sum is believed when enough lines (rows for a sum of columns, columns for a sum of rows) with several numbers not
zero obey it and few break it. A line that breaks a believed sum is then reported; a sum that mostly fails is no rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum, auto

from ocr_pipeline.document import Table
from ocr_pipeline.reports.equations import Equation, Figures, decimals_of, figures_of, work_out
from ocr_pipeline.reports.labels import bare, short
from ocr_pipeline.reports.structure import Band, Grid, Position, bands
from ocr_pipeline.settings import ReportSettings

_TOTAL = re.compile(r"合计|总计|小计|共计|总数|总额|总量|^计$")
_OF_WHICH = re.compile(r"^其中")
_TELLING_TOTAL = 10
"""Without a label, sums below this hold by chance too often to count as evidence."""
_SHOWN_TERMS = 6


@dataclass(frozen=True)
class _Item:
    """A column, or a row: its labels."""

    path: tuple[str, ...]

    @property
    def is_total(self) -> bool:
        return bool(self.path) and _TOTAL.search(bare(self.path[-1])) is not None

    @property
    def is_of_which(self) -> bool:
        return any(_OF_WHICH.search(bare(label)) for label in self.path)


@dataclass(frozen=True)
class _Line:
    """A row, or a column: its label and the place of its cell for each item (None where there is none)."""

    where: str
    places: tuple[Position | None, ...]


class _Why(Enum):
    """What speaks for a sum: the total's label, 其中 before its parts, or its place alone."""

    LABEL = auto()
    OF_WHICH = auto()
    PLACE = auto()


@dataclass(frozen=True)
class _Candidate:
    """items[total] may be the sum of items[parts]."""

    total: int
    parts: tuple[int, ...]
    why: _Why

    @property
    def labelled(self) -> bool:
        return self.why is not _Why.PLACE


@dataclass(frozen=True)
class _Evidence:
    """Lines that obey a sum with at least two parts not zero, how many parts at most, and lines that break it."""

    obeying: int
    most_parts: int
    breaking: int


def inferred_equations(table: Table, settings: ReportSettings) -> tuple[Equation, ...]:
    """The sums found in a table with roles and values."""
    grid, figures = Grid(table), figures_of(table)
    found: list[Equation] = []
    for band in bands(table):
        for items, lines in (_by_row(grid, band), _by_column(grid, band)):
            found.extend(_sums(items, lines, figures, settings))
    return tuple(found)


def _places(grid: Grid, band: Band) -> list[list[Position | None]]:
    """The data cells of a band, row by row; a merged cell counts at its first place only."""
    seen: set[Position] = set()
    places: list[list[Position | None]] = []
    for row in band.rows:
        line: list[Position | None] = []
        for leaf in band.columns:
            cell = grid.data(row.row, leaf)
            place = None if cell is None or (cell.row, cell.col) in seen else (cell.row, cell.col)
            if place is not None:
                seen.add(place)
            line.append(place)
        places.append(line)
    return places


def _by_row(grid: Grid, band: Band) -> tuple[list[_Item], list[_Line]]:
    items = [_Item(leaf.path) for leaf in band.columns]
    names = [row.path[-1] if row.path else f"row {row.row + 1}" for row in band.rows]
    return items, [_Line(name, tuple(line)) for name, line in zip(names, _places(grid, band), strict=True)]


def _by_column(grid: Grid, band: Band) -> tuple[list[_Item], list[_Line]]:
    items = [_Item(row.path) for row in band.rows]
    names = [leaf.path[-1] if leaf.path else f"column {leaf.first + 1}" for leaf in band.columns]
    columns = zip(*_places(grid, band), strict=True)
    return items, [_Line(name, column) for name, column in zip(names, columns, strict=False)]


def _sums(
    items: Sequence[_Item], lines: Sequence[_Line], figures: Figures, settings: ReportSettings
) -> Iterator[Equation]:
    best: dict[tuple[int, _Why], tuple[tuple[int, int], _Candidate]] = {}
    for candidate in dict.fromkeys(_candidates(items)):
        evidence = _evidence(candidate, lines, figures)
        if _believed(candidate, evidence, settings):
            rank = (evidence.obeying, -evidence.breaking)
            key = (candidate.total, candidate.why)
            if key not in best or rank > best[key][0]:
                best[key] = (rank, candidate)
    for (total, why), (_, candidate) in best.items():
        if why is _Why.PLACE and (total, _Why.LABEL) in best:
            continue
        for line in lines:
            equation = _equation(candidate, line, items, figures)
            if equation is not None:
                yield equation


def _candidates(items: Sequence[_Item]) -> Iterator[_Candidate]:
    plain = [i for i, item in enumerate(items) if not item.is_total and not item.is_of_which]
    totals = [i for i, item in enumerate(items) if item.is_total]
    for total in totals:
        for parts in _parts_of(total, items, plain, totals):
            if len(parts) >= 2:
                yield _Candidate(total, tuple(parts), _Why.LABEL)
    yield from _of_which(items)
    for total, rest in ((len(items) - 1, range(len(items) - 1)), (0, range(1, len(items)))):
        if len(items) >= 3:
            yield _Candidate(total, tuple(rest), _Why.PLACE)


def _parts_of(total: int, items: Sequence[_Item], plain: list[int], totals: list[int]) -> Iterator[list[int]]:
    """Which items a total may be the sum of: those beside it under one label, the run before or after it, all."""
    above = items[total].path[:-1]
    yield [i for i in plain if items[i].path[:-1] == above]
    yield [i for i in plain if items[i].path[: len(above)] == above]
    before = max((i for i in totals if i < total), default=-1)
    after = min((i for i in totals if i > total), default=len(items))
    yield [i for i in plain if before < i < total]
    yield [i for i in plain if total < i < after]
    yield plain
    yield [i for i in totals if i != total]


def _of_which(items: Sequence[_Item]) -> Iterator[_Candidate]:
    """`其中` parts that follow what they are parts of."""
    start = None
    for i, item in enumerate([*items, _Item(())]):
        if item.is_of_which and start is None:
            start = i
        elif not item.is_of_which and start is not None:
            if start > 0 and i - start >= 2:
                yield _Candidate(start - 1, tuple(range(start, i)), _Why.OF_WHICH)
            start = None


def _evidence(candidate: _Candidate, lines: Iterable[_Line], figures: Figures) -> _Evidence:
    obeying = most = breaking = 0
    for line in lines:
        equation = _equation(candidate, line, (), figures)
        outcome = work_out(equation, figures) if equation else None
        if equation is None or outcome is None or outcome.residual is None:
            continue
        parts = sum(1 for _, place in equation.right if figures[place].number)
        if not outcome.ok:
            breaking += 1
        elif parts >= 2 and (candidate.labelled or abs(outcome.found or Decimal(0)) >= _TELLING_TOTAL):
            obeying += 1
            most = max(most, parts)
    return _Evidence(obeying, most, breaking)


def _believed(candidate: _Candidate, evidence: _Evidence, settings: ReportSettings) -> bool:
    few_breaks = evidence.breaking <= settings.inferred_breaks * (evidence.obeying + evidence.breaking)
    if not candidate.labelled:
        return evidence.obeying >= settings.inferred_lines and few_breaks
    if evidence.obeying == 1:
        return evidence.breaking == 0 and evidence.most_parts >= 3
    one_break = evidence.breaking == 1 and evidence.obeying >= 2
    return evidence.obeying >= 2 and (few_breaks or one_break)


def _equation(candidate: _Candidate, line: _Line, items: Sequence[_Item], figures: Figures) -> Equation | None:
    """The sum in one line; None where the total or all but one part has no cell there."""
    total = line.places[candidate.total]
    parts = [(i, place) for i in candidate.parts if (place := line.places[i]) is not None]
    if total is None or len(parts) < 2:
        return None
    right = tuple((1, place) for _, place in parts)
    numbers = [figures[place].number or Decimal(0) for _, place in (*right, (1, total))]
    digits = max(decimals_of(number) for number in numbers)
    # Decimal figures are rounded one by one, so that their sum may be off by half a last digit for each.
    tolerance = Decimal(0) if digits == 0 else Decimal(len(parts)) / 2 * Decimal(10) ** -digits
    names = [
        short(items[i].path[-1]) if items and items[i].path else f"#{i + 1}"
        for i in (candidate.total, *candidate.parts)
    ]
    shown = names[1:] if len(names) <= _SHOWN_TERMS + 1 else [*names[1:_SHOWN_TERMS], "…", names[-1]]
    return Equation(f"{line.where}: {names[0]} = {' + '.join(shown)}", ((1, total),), right, tolerance)
