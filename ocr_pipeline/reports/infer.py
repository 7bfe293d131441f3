"""Sums in a table of no known form: proposed by labels (合计, 小计, 其中 …) or by place, believed on evidence only.

A sum is believed when enough lines (rows for a sum of columns, columns for a sum of rows) with several numbers not
zero obey it and few break it. A line that breaks a believed sum is then reported; a sum that mostly fails is no rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ocr_pipeline.document import Cell, Flag, Table
from ocr_pipeline.reports.candidates import Candidate, Item, Why, candidates
from ocr_pipeline.reports.equations import Equation, Figures, decimals_of, figure_of, figures_of, work_out
from ocr_pipeline.reports.labels import short
from ocr_pipeline.reports.structure import Band, Grid, Position, bands
from ocr_pipeline.settings import ReportSettings

_TELLING_TOTAL = 10
"""Without a label, sums below this hold by chance too often to count as evidence."""
_BOUND_BREAKS = 0.125
"""A part may be more than its whole in one of so many lines; most bounds hold without meaning anything."""
_SHOWN_TERMS = 6


@dataclass(frozen=True)
class _Line:
    """A row, or a column: its label and the place of its cell for each item (None where there is none)."""

    where: str
    places: tuple[Position | None, ...]
    adds: bool = True


@dataclass(frozen=True)
class _Evidence:
    """Lines that obey a sum with at least two parts not zero, how many parts at most, and lines that break it."""

    obeying: int
    most_parts: int
    breaking: int

    def __add__(self, other: _Evidence) -> _Evidence:
        most = max(self.most_parts, other.most_parts)
        return _Evidence(self.obeying + other.obeying, most, self.breaking + other.breaking)


def inferred_equations(table: Table, settings: ReportSettings) -> tuple[Equation, ...]:
    """The sums found in a table with roles and values."""
    grid, figures = Grid(table), figures_of(table)
    found: list[Equation] = []
    for band in bands(table):
        for items, lines in (_by_row(grid, band), _by_column(grid, band)):
            found.extend(_sums(items, lines, figures, settings))
    return tuple(found)


def _places(grid: Grid, band: Band) -> list[list[Position | None]]:
    """The data cells of a band, row by row; a merged cell counts at its first place only, a word (which is no number
    that could not be read) not at all."""
    seen: set[Position] = set()
    places: list[list[Position | None]] = []
    for row in band.rows:
        line: list[Position | None] = []
        for leaf in band.columns:
            cell = grid.data(row.row, leaf)
            place = None if cell is None or _is_word(cell) or (cell.row, cell.col) in seen else (cell.row, cell.col)
            if place is not None:
                seen.add(place)
            line.append(place)
        places.append(line)
    return places


def _is_word(cell: Cell) -> bool:
    return not figure_of(cell).readable and Flag.UNPARSED_NUMBER not in cell.flags


def _by_row(grid: Grid, band: Band) -> tuple[list[Item], list[_Line]]:
    items = [Item(leaf.path) for leaf in band.columns]
    names = [row.path[-1] if row.path else f"row {row.row + 1}" for row in band.rows]
    adds = [Item(row.path).adds for row in band.rows]
    return items, [_Line(*line) for line in zip(names, map(tuple, _places(grid, band)), adds, strict=True)]


def _by_column(grid: Grid, band: Band) -> tuple[list[Item], list[_Line]]:
    items = [Item(row.path) for row in band.rows]
    names = [leaf.path[-1] if leaf.path else f"column {leaf.first + 1}" for leaf in band.columns]
    columns = zip(*_places(grid, band), strict=True)
    adds = [Item(leaf.path).adds for leaf in band.columns]
    return items, [_Line(*line) for line in zip(names, columns, adds, strict=False)]


def _sums(
    items: Sequence[Item], lines: Sequence[_Line], figures: Figures, settings: ReportSettings
) -> Iterator[Equation]:
    lines = [line for line in lines if line.adds]
    for candidate in _believed_of(items, lines, figures, settings):
        for line in lines:
            equation = _equation(candidate, line, items, figures)
            if equation is not None:
                yield equation


def _believed_of(
    items: Sequence[Item], lines: Sequence[_Line], figures: Figures, settings: ReportSettings
) -> list[Candidate]:
    """The candidates that the numbers speak for, of each total and reason the best; no sum twice."""
    judged = {candidate: _evidence(candidate, lines, figures) for candidate in candidates(items)}
    best: dict[tuple[int, Why, tuple[int, ...]], tuple[tuple[int, int], Candidate]] = {}
    for why in Why:
        pool = sum((e for c, e in judged.items() if c.why is why), _Evidence(0, 0, 0))
        for candidate, evidence in judged.items():
            if candidate.why is not why or not _believed(candidate, pool if why.pooled else evidence, settings):
                continue
            rank = (evidence.obeying, -evidence.breaking)
            key = (candidate.total, why, candidate.parts if why.pooled else ())
            if key not in best or rank > best[key][0]:
                best[key] = (rank, candidate)
    return _once(candidate for _, candidate in best.values())


def _once(found: Iterable[Candidate]) -> list[Candidate]:
    """Without sums by place of what has a sum by its labels, and without the same sum for another reason."""
    kept: list[Candidate] = []
    for candidate in found:
        same = any(other.total == candidate.total and set(other.parts) == set(candidate.parts) for other in kept)
        known = any(other.total == candidate.total and other.why is not Why.BOUND for other in kept)
        if not same and not (candidate.why is Why.PLACE and known):
            kept.append(candidate)
    return kept


def _evidence(candidate: Candidate, lines: Iterable[_Line], figures: Figures) -> _Evidence:
    obeying = most = breaking = 0
    for line in lines:
        equation = _equation(candidate, line, (), figures)
        outcome = work_out(equation, figures) if equation else None
        if equation is None or outcome is None or outcome.residual is None:
            continue
        parts = sum(1 for _, place in equation.right if figures[place].number)
        if not outcome.ok:
            breaking += 1
        elif parts >= (1 if candidate.why is Why.BOUND else 2) and (
            candidate.labelled or abs(outcome.found or Decimal(0)) >= _TELLING_TOTAL
        ):
            obeying += 1
            most = max(most, parts)
    return _Evidence(obeying, most, breaking)


def _believed(candidate: Candidate, evidence: _Evidence, settings: ReportSettings) -> bool:
    few_breaks = evidence.breaking <= settings.inferred_breaks * (evidence.obeying + evidence.breaking)
    if candidate.why is Why.BOUND:
        return (
            evidence.breaking <= _BOUND_BREAKS * (evidence.obeying + evidence.breaking)
            and evidence.obeying >= settings.inferred_lines
        )
    if candidate.why in (Why.PLACE, Why.OUTLINE):
        return evidence.obeying >= settings.inferred_lines and few_breaks
    if evidence.obeying == 1:
        return evidence.breaking == 0 and evidence.most_parts >= 3
    one_break = evidence.breaking == 1 and evidence.obeying >= 2
    return evidence.obeying >= 2 and (few_breaks or one_break)


def _equation(candidate: Candidate, line: _Line, items: Sequence[Item], figures: Figures) -> Equation | None:
    """The sum in one line; None where the total or all but one part has no cell there."""
    total = line.places[candidate.total]
    parts = [(i, place) for i in candidate.parts if (place := line.places[i]) is not None]
    bound = candidate.why is Why.BOUND
    if total is None or len(parts) < (1 if bound else 2):
        return None
    right = tuple((1, place) for _, place in parts)
    numbers = [figures[place].number or Decimal(0) for _, place in (*right, (1, total))]
    digits = max(decimals_of(number) for number in numbers)
    # Decimal figures are rounded one by one, the sum too, so that it may be off by half a last digit for each.
    tolerance = Decimal(0) if digits == 0 else Decimal(len(parts) + 1) / 2 * Decimal(10) ** -digits
    names = [
        short(items[i].path[-1]) if items and items[i].path else f"#{i + 1}"
        for i in (candidate.total, *candidate.parts)
    ]
    shown = names[1:] if len(names) <= _SHOWN_TERMS + 1 else [*names[1:_SHOWN_TERMS], "…", names[-1]]
    sign = "≥" if bound else "="
    rule = f"{line.where}: {names[0]} {sign} {' + '.join(shown)}"
    return Equation(rule, ((1, total),), right, Decimal(0) if bound else tolerance, at_least=bound)
