"""Broken rules and the recogniser's second thoughts: which other readings make all rules right, and how likely.

The search is exact within its bounds. Beginning from the first readings it takes a broken rule and tries every other
reading of every cell in it, until no rule is broken; of all assignments found that way the most likely counts, if it is
clearly more likely than the second. Nothing is altered where the recogniser was sure of the first reading, where the
other reading is less likely than a sum that the office got wrong itself, or where the search ran out of bounds. What
could not be read, or hardly, is then worked out from the sums around it where these agree (`solve`).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from ocr_pipeline.document import Cell, CellRole, Flag, Table
from ocr_pipeline.reports.equations import Equation, Figure, Outcome, figures_of, work_out, work_out_all
from ocr_pipeline.reports.second_thoughts import SecondThought, is_damaged, second_thoughts, worked_out
from ocr_pipeline.reports.solve import solved
from ocr_pipeline.reports.structure import Position
from ocr_pipeline.reports.suspects import broken_groups
from ocr_pipeline.reports.values import Holds, parse_in, with_value
from ocr_pipeline.settings import ReportSettings


@dataclass(frozen=True)
class _Change:
    """A cell read again."""

    position: Position
    reading: SecondThought


_Decided = tuple[_Change, tuple[str, ...]]
"""A change and the rules that decided it."""


@dataclass
class _Search:
    """The assignments found so far and what they cost, and how much was searched."""

    found: dict[frozenset[_Change], float] = field(default_factory=dict)
    best: float = math.inf
    nodes: int = 0


def repaired(table: Table, equations: Iterable[Equation], settings: ReportSettings) -> Table:
    """The table with cells read again where that, and only that, makes broken rules right.

    A cell that changed keeps `raw`, has the flag repaired and a note with the rules that decided. A person's cells are
    added up like others and never changed.
    """
    rules = tuple(equation for equation in equations if not equation.at_least)
    while (again := _one_round(table, rules, settings)) is not table:
        table = again  # each round alters cells that are never altered again, so this ends
    return _with_hidden_noughts(table, rules)


_FULL = 20
"""So many numbers and not one blank: here nobody leaves a cell blank."""


def _with_hidden_noughts(table: Table, rules: Sequence[Equation]) -> Table:
    """Zeros for blanks under a stamp, in a table without other blanks, where two sums come out without them."""
    data = [cell for cell in table.cells if cell.role is CellRole.DATA]
    blanks = [cell for cell in data if not cell.text.strip()]
    if len(data) - len(blanks) < _FULL or not all(is_damaged(cell) for cell in blanks):
        return table
    obeyed, open_ = defaultdict[Position, list[str]](list), set[Position]()
    for outcome in work_out_all(rules, figures_of(table)):
        for place in outcome.equation.positions:
            if outcome.ok:
                obeyed[place].append(outcome.equation.rule)
            else:
                open_.add(place)
    zeros: dict[Position, Cell] = {}
    for cell in blanks:
        place = cell.row, cell.col
        if len(obeyed[place]) >= 2 and place not in open_ and (nought := worked_out(cell, Fraction(0))) is not None:
            zeros[place] = _altered(cell, nought, obeyed[place])
    return (
        replace(table, cells=tuple(zeros.get((cell.row, cell.col), cell) for cell in table.cells)) if zeros else table
    )


def _one_round(table: Table, rules: Sequence[Equation], settings: ReportSettings) -> Table:
    figures = figures_of(table)
    cells = {(cell.row, cell.col): cell for cell in table.cells if cell.role is CellRole.DATA}
    outcomes = work_out_all(rules, figures)
    world = _World(figures, {}, _touching(rules), cells, settings)
    changes: list[_Decided] = []
    for group in broken_groups(outcomes, world.can_change):
        changes.extend(_mended(group, world) or _mended_in_place(group, world))
    if not changes:
        broken = [outcome for outcome in outcomes if not outcome.ok]
        found = (_Change(*item) for item in sorted(solved(rules, figures, cells, settings).items()))
        changes = [(change, _deciding(change, broken)) for change in found]
    if not changes:
        return table
    for change, deciding in changes:
        cells[change.position] = _altered(cells[change.position], change.reading, deciding)
    return replace(table, cells=tuple(cells.get((c.row, c.col), c) for c in table.cells))


def _touching(rules: Iterable[Equation]) -> Mapping[Position, Sequence[Equation]]:
    touching: dict[Position, list[Equation]] = defaultdict(list)
    for rule in rules:
        for position in set(rule.positions):
            touching[position].append(rule)
    return touching


_WORKED_OUT_SCORE = 0.9
"""The score of a number that two sums agree on; more than nine in ten of these are right."""


def _altered(cell: Cell, reading: SecondThought, deciding: Sequence[str]) -> Cell:
    note = f"first read as {cell.text!r}; read as {reading.text!r} because of: {'; '.join(deciding)}"
    flags = tuple(flag for flag in cell.flags if flag not in (Flag.UNPARSED_NUMBER, Flag.CORRECTED))
    holds = Holds.INTEGER if isinstance(reading.value, int) else Holds.DECIMAL
    others = tuple(other for other in cell.alternatives if parse_in(other.text, holds).value != reading.value)
    score = max(reading.score, _WORKED_OUT_SCORE) if len(deciding) >= 2 else reading.score
    again = replace(cell, text=reading.text, flags=flags, score=min(1.0, score), alternatives=others)
    return replace(with_value(again, holds, cell.unit), note=note).flagged(Flag.REPAIRED)


def _mended(group: Sequence[Outcome], world: _World) -> list[_Decided]:
    """The changes that make a group of broken rules right; none where it is not clear."""
    search = _Search()
    _explore(tuple(outcome.equation for outcome in group), {}, frozenset(), world, search)
    if search.nodes > world.settings.max_nodes or not search.found:
        return []
    ranked = sorted(search.found.items(), key=lambda item: item[1])
    if len(ranked) > 1 and ranked[1][1] - ranked[0][1] < math.log(world.settings.min_ratio):
        return []
    changes = sorted(ranked[0][0], key=lambda change: change.position)
    decided = [(change, _deciding(change, group)) for change in changes]
    return decided if all(_plausible(change, len(by), world.settings) for change, by in decided) else []


def _deciding(change: _Change, group: Sequence[Outcome]) -> tuple[str, ...]:
    return tuple(outcome.equation.rule for outcome in group if change.position in outcome.equation.positions)


def _plausible(change: _Change, deciding: int, settings: ReportSettings) -> bool:
    """Whether the recogniser had the reading in mind."""
    least = settings.min_alternative if deciding >= 2 else settings.min_alternative_single
    return change.reading.score >= least


def _mended_in_place(group: Sequence[Outcome], world: _World) -> list[_Decided]:
    """Where a group cannot be made right as a whole: single changes that make two broken rules right (one, for a cell
    that could not be read at all), make none wrong, and that no other such change contends with."""
    fixes: list[_Decided] = []
    for place in sorted({place for outcome in group for place in outcome.equation.positions}):
        needed = 2 if world.figures[place].readable else 1
        for reading in world.options(place):
            change = _Change(place, reading)
            right = _made_right(change, group, world)
            if right is None or len(right) < needed:
                continue
            # Other errors stay in the group, and two of them may by chance point at a cell that is right: as strict
            # as with one rule alone.
            if _plausible(change, 1, world.settings):
                fixes.append((change, right))
    return [fix for fix in fixes if not any(other is not fix and set(other[1]) & set(fix[1]) for other in fixes)]


def _made_right(change: _Change, group: Sequence[Outcome], world: _World) -> tuple[str, ...] | None:
    """The broken rules that a change makes right; None where it leaves one wrong that can be worked out."""
    figures = {**world.figures, change.position: change.reading.figure}
    was_broken = {id(outcome.equation) for outcome in group}
    right: list[str] = []
    for rule in world.touching[change.position]:
        outcome = work_out(rule, figures)
        if outcome is None or outcome.residual is None:
            continue
        if not outcome.ok:
            return None
        if id(rule) in was_broken:
            right.append(rule.rule)
    return tuple(right)


_Changed = Mapping[Position, SecondThought]


@dataclass(frozen=True)
class _World:
    """What the search looks at."""

    figures: Mapping[Position, Figure]
    thoughts: dict[Position, tuple[SecondThought, ...]]
    touching: Mapping[Position, Sequence[Equation]]
    cells: Mapping[Position, Cell]
    settings: ReportSettings

    def options(self, position: Position) -> tuple[SecondThought, ...]:
        """What else the recogniser had in mind."""
        if position not in self.thoughts:
            cell = self.cells.get(position)
            self.thoughts[position] = second_thoughts(cell, self.settings) if cell else ()
        return self.thoughts[position]

    def can_change(self, position: Position) -> bool:
        return bool(self.options(position))

    def now(self, changed: _Changed) -> Mapping[Position, Figure]:
        return {**self.figures, **{place: thought.figure for place, thought in changed.items()}}


def _explore(
    broken: Sequence[Equation], changed: _Changed, fixed: frozenset[Position], world: _World, search: _Search
) -> None:
    """Depth first over the cells of one broken rule; cells tried before at this depth stay as first read."""
    search.nodes += 1
    cost = sum(reading.cost for reading in changed.values())
    if search.nodes > world.settings.max_nodes or cost > search.best + math.log(world.settings.min_ratio):
        return
    if not broken:
        chosen = frozenset(_Change(position, reading) for position, reading in changed.items())
        search.found[chosen] = cost
        search.best = min(search.best, cost)
        return
    if len(changed) >= world.settings.max_changes:
        return
    for position in min((_places(rule, fixed, changed, world) for rule in broken), key=lambda item: item[0])[1]:
        for reading in world.options(position):
            now = {**changed, position: reading}
            _explore(_still_broken(broken, position, now, world), now, fixed, world, search)
        fixed = fixed | {position}


def _places(
    rule: Equation, fixed: frozenset[Position], changed: _Changed, world: _World
) -> tuple[tuple[int, int], list[Position]]:
    """The cells to try for a broken rule, before them how good a rule it is to begin with (the lower the better).

    What cannot be read in it has to be read whatever else is changed; of two such cells neither can be worked out."""
    unread = [p for p in rule.positions if p not in changed and not world.figures[p].readable]
    if unread:
        free = [p for p in unread[:1] if p not in fixed and world.can_change(p)]
        return (len(unread) - 1, len(free)), free
    free = [p for p in rule.positions if p not in fixed and p not in changed and world.can_change(p)]
    return (0, len(free)), free


def _still_broken(
    broken: Sequence[Equation], position: Position, changed: _Changed, world: _World
) -> tuple[Equation, ...]:
    """The rules broken after a change: those broken before and not touched, and those touched and broken now."""
    touched = world.touching[position]
    figures = world.now(changed)
    again = tuple(rule for rule in touched if (outcome := work_out(rule, figures)) is not None and not outcome.ok)
    return tuple(rule for rule in broken if rule not in touched) + again
