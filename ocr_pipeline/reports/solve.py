"""Numbers worked out for cells in doubt by themselves, under a stamp for instance, from the sums around them.

What could not be read is unknown; of what was read with doubt as few cells as possible are taken for unknown too, so
that the rules around them make a linear system that has a solution. A number counts if it is still determined when any
one of the rules that name it is left out, so that each number has two witnesses, and if no other choice of as few cells
does as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, islice

from ocr_pipeline.document import Cell
from ocr_pipeline.reports.equations import Equation, Figures, Outcome, figure_of, work_out, work_out_all
from ocr_pipeline.reports.second_thoughts import SecondThought, is_open, worked_out
from ocr_pipeline.reports.structure import Position
from ocr_pipeline.settings import ReportSettings

_MOST_UNKNOWNS = 30
"""A page with more cells in doubt is too bad for sums, and the time grows with the cube."""
_MOST_DOUBTED = 4
_CHOICES = 600
"""Choices of doubted cells that are tried: half a second."""
_DUBIOUS = 0.5
"""What scores less is rather wrong than right."""

_Numbers = Mapping[Position, Fraction]
Solution = dict[Position, SecondThought]


@dataclass(frozen=True)
class _Row:
    """One rule: the weights of the unknowns and what they must sum to."""

    weights: _Numbers
    total: Fraction


def solved(
    rules: Sequence[Equation], figures: Figures, cells: Mapping[Position, Cell], settings: ReportSettings
) -> Solution:
    """The cells in doubt whose number the rules determine twice, where it is another than was read. None in a table
    with negative numbers: that nothing is less than nothing is half of what the sums say."""
    if any((cell.value or 0) < 0 for cell in cells.values()):
        return {}
    outcomes = work_out_all(rules, figures)
    broken = {place for outcome in outcomes if not outcome.ok for place in outcome.equation.positions}
    doubted = [place for place in sorted(broken) if place in cells and is_open(cells[place], settings)]
    unread = {place for place in doubted if cells[place].value is None}
    rows = [row for rule in rules if (row := _row(rule, set(doubted), figures)) is not None]
    dubious = {place for place in doubted if place not in unread and cells[place].score < _DUBIOUS}
    # What is least certain is doubted first, as not all choices are tried.
    doubts = sorted((place for place in doubted if place not in unread), key=lambda place: cells[place].score)
    read = {place: Fraction(cells[place].value or 0) for place in doubts}
    for size in range(_MOST_DOUBTED + 1):
        found = [
            solution
            for chosen in islice(combinations(read, size), _CHOICES)
            for system in _systems(_with_read(rows, {p: n for p, n in read.items() if p not in chosen}), chosen)
            if (solution := _of_system(system, cells)) and set(chosen) <= set(solution)
        ]
        left = [(solution, _left_open(solution, outcomes, figures)) for solution in found]
        left = [(solution, rules) for solution, rules in left if not _contradicted(solution, dubious, rules, outcomes)]
        if agreed := _uncontested(left):
            return agreed
    return {}


_LeftOpen = tuple[Outcome, ...]
"""The rules that a solution leaves broken or not readable, worked out with it."""


def _left_open(solution: Solution, outcomes: Sequence[Outcome], figures: Figures) -> _LeftOpen:
    now = {**figures, **{place: thought.figure for place, thought in solution.items()}}
    again = (work_out(outcome.equation, now) for outcome in outcomes)
    return tuple(outcome for outcome in again if outcome is not None and not outcome.ok)


def _contradicted(solution: Solution, dubious: set[Position], left: _LeftOpen, outcomes: Sequence[Outcome]) -> bool:
    """Whether a sum that speaks for the solution has a dubious cell that another sum says was misread: two such errors
    may be alike and bear out a wrong number."""
    broken = [outcome.equation for outcome in left if outcome.residual is not None]
    wrong = {place for rule in broken for place in rule.positions if place in dubious and place not in solution}
    named = (set(outcome.equation.positions) for outcome in outcomes)
    return any(wrong & places and solution.keys() & places for places in named)


def _uncontested(found: Sequence[tuple[Solution, _LeftOpen]]) -> Solution:
    """All solutions that no other one stands beside in the same rows and columns, but for such as leave more rules
    open: all those that it leaves open, and others."""
    agreed: Solution = {}
    for solution, left in found:
        own = {id(outcome.equation) for outcome in left}
        beside = [more for other, more in found if other is not solution and _meet(other, solution)]
        if all(own < {id(outcome.equation) for outcome in more} for more in beside):
            agreed.update(solution)
    return agreed


def _meet(first: Solution, second: Solution) -> bool:
    rows, cols = {row for row, _ in first}, {col for _, col in first}
    return any(row in rows or col in cols for row, col in second)


def _row(equation: Equation, doubted: set[Position], figures: Figures) -> _Row | None:
    """The rule as a row; None where it names nothing in doubt, another cell cannot be read, one side is blank without
    a doubt, so that it claims nothing, or it holds only nearly."""
    sides = ([place for _, place in side] for side in (equation.left, equation.right))
    if any(
        doubted.isdisjoint(side) and all(figures[p].readable and figures[p].number is None for p in side)
        for side in sides
    ):
        return None
    named = [place for place in equation.positions if place in doubted]
    known = [place for place in equation.positions if place not in doubted]
    if not named or equation.tolerance or not all(figures[place].readable for place in known):
        return None
    total = sum((equation.coefficient(p) * Fraction(figures[p].number or 0) for p in known), Fraction(0))
    return _Row({place: Fraction(equation.coefficient(place)) for place in named}, -total)


def _with_read(rows: Iterable[_Row], read: _Numbers) -> list[_Row]:
    """The rows with these cells taken as they were read."""
    return [
        _Row(
            {p: weight for p, weight in row.weights.items() if p not in read},
            row.total - sum((w * read[p] for p, w in row.weights.items() if p in read), Fraction(0)),
        )
        for row in rows
    ]


def _systems(rows: Sequence[_Row], chosen: Sequence[Position]) -> Iterator[list[_Row]]:
    """The rows in systems that share no unknown; with chosen cells, the one system that holds them all."""
    naming: dict[Position, list[_Row]] = defaultdict(list)
    for row in rows:
        for place in row.weights:
            naming[place].append(row)
    left = set(naming)
    while left:
        unknowns, reached = [chosen[0] if chosen else min(left)], list[_Row]()
        for place in unknowns:
            for row in naming[place]:
                if not any(row is other for other in reached):  # two rules may say the same: two witnesses
                    reached.append(row)
                    unknowns.extend(other for other in row.weights if other not in unknowns)
        left -= set(unknowns)
        if set(chosen) <= set(unknowns) and len(unknowns) <= _MOST_UNKNOWNS:
            yield reached
        if chosen:
            return


def _of_system(rows: Sequence[_Row], cells: Mapping[Position, Cell]) -> Solution:
    numbers = _determined(rows)
    changed = {place: number for place, number in (numbers or {}).items() if number != _as_read(cells[place])}
    thoughts = {place: worked_out(cells[place], number) for place, number in changed.items()}
    if any(thought is None for thought in thoughts.values()):
        return {}  # one number that cannot stand there: something else is wrong here
    return {p: thought for p, thought in thoughts.items() if thought is not None and _has_two_witnesses(p, rows)}


def _as_read(cell: Cell) -> float | None:
    """What a cell adds to sums; nothing, for a blank: that it adds nothing makes no zero of it."""
    return 0 if cell.value is None and figure_of(cell).readable else cell.value


def _has_two_witnesses(place: Position, rows: Sequence[_Row]) -> bool:
    for row in rows:
        if place in row.weights and place not in (_determined([other for other in rows if other is not row]) or {}):
            return False
    return True


def _determined(rows: Sequence[_Row]) -> dict[Position, Fraction] | None:
    """The unknowns that have one value in all solutions without negative numbers; None where there is no solution."""
    known: dict[Position, Fraction] = {}
    while True:
        found = _noughts(rows)
        others = _eliminated(_with_read(rows, found))
        if others is None:
            return None
        found.update(others)
        if not found:
            return known
        known.update(found)
        rows = _with_read(rows, found)  # what is left of a row may add up to zero now


def _noughts(rows: Sequence[_Row]) -> dict[Position, Fraction]:
    """The unknowns that are zero because they add up to zero, and those that are because these are."""
    found: dict[Position, Fraction] = {}
    while True:
        more = [
            row for row in rows if row.weights and not row.total and len({w > 0 for w in row.weights.values()}) == 1
        ]
        if not more:
            return found
        found.update({place: Fraction(0) for row in more for place in row.weights})
        rows = _with_read(rows, found)


def _eliminated(rows: Sequence[_Row]) -> dict[Position, Fraction] | None:
    """What has one value in all solutions; None where there is no solution. (Gauss and Jordan.)"""
    left = list(rows)
    pivots: dict[Position, _Row] = {}
    while left:
        row = left.pop()
        if not row.weights:
            if row.total:
                return None
            continue
        place, first = next(iter(row.weights.items()))
        pivot = _Row({p: weight / first for p, weight in row.weights.items()}, row.total / first)
        left = [_reduced(other, place, pivot) for other in left]
        pivots = {known: _reduced(other, place, pivot) for known, other in pivots.items()}
        pivots[place] = pivot
    return {place: row.total for place, row in pivots.items() if len(row.weights) == 1}


def _reduced(row: _Row, place: Position, pivot: _Row) -> _Row:
    """The row without an unknown, by the pivot row of that unknown."""
    factor = row.weights.get(place)
    if not factor:
        return row
    none = Fraction(0)
    again = {
        p: row.weights.get(p, none) - factor * pivot.weights.get(p, none) for p in {**row.weights, **pivot.weights}
    }
    return _Row({p: weight for p, weight in again.items() if weight}, row.total - factor * pivot.total)
