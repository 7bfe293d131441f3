"""Broken rules and the recogniser's second thoughts: which other readings make all rules right, and how likely.

The search is exact within its bounds. Beginning from the first readings it takes a broken rule and tries every other
reading of every cell in it, until no rule is broken; of all assignments found that way the most likely counts, if it is
clearly more likely than the second. Nothing is altered where the recogniser was sure of the first reading, where the
other reading is less likely than a sum that the office got wrong itself, or where the search ran out of bounds.
"""

from __future__ import annotations

import math
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ocr_pipeline.document import Alternative, Cell, CellRole, Flag, Table
from ocr_pipeline.reports.equations import Equation, Figure, Outcome, figure_of, figures_of, work_out, work_out_all
from ocr_pipeline.reports.structure import Position
from ocr_pipeline.reports.suspects import broken_groups
from ocr_pipeline.reports.values import Holds, Parsed, fold, parse_in, with_value
from ocr_pipeline.settings import ReportSettings

_LEAST = 1e-6
"""Scores below this are taken for this; a recogniser's own zeros are not to be believed to the last digit."""


@dataclass(frozen=True)
class _Reading:
    """Another reading of a cell. cost: minus the log of its likelihood against the first reading's."""

    text: str
    value: int | float
    score: float
    figure: Figure
    cost: float


@dataclass(frozen=True)
class _Change:
    """A cell read again."""

    position: Position
    reading: _Reading


_Decided = tuple[_Change, tuple[str, ...]]
"""A change and the rules that decided it."""


@dataclass
class _Search:
    """The assignments found so far, cheapest kept, and how much was searched."""

    found: dict[frozenset[tuple[Position, str]], float] = field(default_factory=dict)
    nodes: int = 0


def repaired(table: Table, equations: Iterable[Equation], settings: ReportSettings) -> Table:
    """The table with cells read again where that, and only that, makes broken rules right.

    A cell that changed keeps `raw`, has the flag repaired and a note with the rules that decided.
    """
    rules = tuple(equations)
    while (again := _one_round(table, rules, settings)) is not table:
        table = again  # each round alters cells that are never altered again, so this ends
    return table


def _one_round(table: Table, rules: Sequence[Equation], settings: ReportSettings) -> Table:
    figures = figures_of(table)
    cells = {(cell.row, cell.col): cell for cell in table.cells if cell.role is CellRole.DATA}
    changes: list[_Decided] = []
    for group in broken_groups(work_out_all(rules, figures)):
        world = _World(figures, {}, _touching(rules), cells, settings)
        changes.extend(_mended(group, world) or _mended_in_place(group, world))
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


def _altered(cell: Cell, reading: _Reading, deciding: Sequence[str]) -> Cell:
    note = f"first read as {cell.text!r}; read as {reading.text!r} because of: {'; '.join(deciding)}"
    flags = tuple(flag for flag in cell.flags if flag not in (Flag.UNPARSED_NUMBER, Flag.CORRECTED))
    holds = Holds.INTEGER if isinstance(reading.value, int) else Holds.DECIMAL
    others = tuple(other for other in cell.alternatives if parse_in(other.text, holds).value != reading.value)
    again = replace(cell, text=reading.text, flags=flags, score=min(1.0, reading.score), alternatives=others)
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
    changes = [_Change(place, _reading_of(world.options(place), text)) for place, text in sorted(ranked[0][0])]
    decided = [(change, _deciding(change, group)) for change in changes]
    return decided if all(_plausible(change, len(by), world.settings) for change, by in decided) else []


def _mended_in_place(group: Sequence[Outcome], world: _World) -> list[_Decided]:
    """Where a group cannot be made right as a whole: single changes that make two broken rules right (one, for a cell
    that could not be read at all), make none wrong, and that no other such change contends with."""
    fixes: list[_Decided] = []
    for place in sorted({place for outcome in group for place in outcome.equation.positions}):
        needed = 2 if world.figures[place].readable else 1
        for reading in world.options(place):
            change = _Change(place, reading)
            right = _made_right(change, group, world)
            # Other errors stay in the group, and two of them may by chance point at a cell that is right: as strict
            # as with one rule alone.
            if right is not None and len(right) >= needed and _plausible(change, 1, world.settings):
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


def _deciding(change: _Change, group: Sequence[Outcome]) -> tuple[str, ...]:
    return tuple(outcome.equation.rule for outcome in group if change.position in outcome.equation.positions)


def _plausible(change: _Change, deciding: int, settings: ReportSettings) -> bool:
    least = settings.min_alternative if deciding >= 2 else settings.min_alternative_single
    return change.reading.score >= least


def _reading_of(readings: Sequence[_Reading], text: str) -> _Reading:
    return next(reading for reading in readings if reading.text == text)


@dataclass(frozen=True)
class _World:
    """What the search looks at."""

    figures: Mapping[Position, Figure]
    readings: dict[Position, tuple[_Reading, ...]]
    touching: Mapping[Position, Sequence[Equation]]
    cells: Mapping[Position, Cell]
    settings: ReportSettings

    def options(self, position: Position) -> tuple[_Reading, ...]:
        if position not in self.readings:
            cell = self.cells.get(position)
            self.readings[position] = _readings(cell, self.settings) if cell else ()
        return self.readings[position]


def _explore(
    broken: Sequence[Equation],
    changed: Mapping[Position, _Reading],
    fixed: frozenset[Position],
    world: _World,
    search: _Search,
) -> None:
    """Depth first over the cells of one broken rule; cells tried before at this depth stay as first read."""
    search.nodes += 1
    if search.nodes > world.settings.max_nodes:
        return
    if not broken:
        chosen = frozenset((position, reading.text) for position, reading in changed.items())
        search.found[chosen] = sum(reading.cost for reading in changed.values())
        return
    if len(changed) >= world.settings.max_changes:
        return
    rule = min(broken, key=lambda item: len(_free(item, fixed, changed, world)))
    for position in _free(rule, fixed, changed, world):
        for reading in world.options(position):
            now = {**changed, position: reading}
            _explore(_still_broken(broken, position, now, world), now, fixed, world, search)
        fixed = fixed | {position}


def _free(
    rule: Equation, fixed: frozenset[Position], changed: Mapping[Position, _Reading], world: _World
) -> list[Position]:
    return [p for p in rule.positions if p not in fixed and p not in changed and world.options(p)]


def _still_broken(
    broken: Sequence[Equation], position: Position, changed: Mapping[Position, _Reading], world: _World
) -> tuple[Equation, ...]:
    """The rules broken after a change: those broken before and not touched, and those touched and broken now."""
    touched = world.touching[position]
    figures = {**world.figures, **{place: reading.figure for place, reading in changed.items()}}
    again = tuple(rule for rule in touched if (outcome := work_out(rule, figures)) is not None and not outcome.ok)
    return tuple(rule for rule in broken if rule not in touched) + again


def _readings(cell: Cell, settings: ReportSettings) -> tuple[_Reading, ...]:
    """The other readings of a cell that are numbers; none where the first reading is certain or was altered before."""
    if Flag.REPAIRED in cell.flags or not (cell.alternatives or cell.value is None):
        return ()
    if cell.value is not None and cell.score >= settings.certain_score:
        return ()
    if cell.value is None and figure_of(cell).readable:
        return ()  # a blank or a dash is not turned into a number by arithmetic
    holds = Holds.INTEGER if isinstance(cell.value, int) else Holds.DECIMAL
    shares: dict[int | float, list[tuple[float, str]]] = defaultdict(list)
    for other in (*cell.alternatives, *_by_shape(cell)):
        parsed = parse_in(other.text, holds)
        if parsed.value is not None and parsed.value != cell.value:
            shares[parsed.value].append((other.score, _bare_number(parsed, other.text, cell)))
    return tuple(_reading(cell, value, found) for value, found in shares.items())


_ROUND = frozenset("UuCcGgDdnaoOeqQ日囗口回臼①②⊙∩し()")
_SHAPE_SHARE = 0.2
"""How likely a lone round letter is a damaged zero; a guess that counts for nothing unless sums confirm it."""


def _by_shape(cell: Cell) -> tuple[Alternative, ...]:
    """A zero, for an unreadable cell that holds one round letter."""
    # The first character of the decomposed form is the letter without its accents.
    letter = unicodedata.normalize("NFD", fold(cell.text))[:1]
    if cell.value is None and len(fold(cell.text)) == 1 and letter in _ROUND:
        return (Alternative("0", _SHAPE_SHARE),)
    return ()


def _bare_number(parsed: Parsed, text: str, cell: Cell) -> str:
    """The alternative's text, without a unit that the first reading has no trace of."""
    text = parsed.corrected or text
    if parsed.unit is None or parsed.unit in fold(cell.text):
        return text
    return fold(text)[: -len(parsed.unit)]


def _reading(cell: Cell, value: int | float, found: Sequence[tuple[float, str]]) -> _Reading:
    """All alternatives of one value together, in the words of the likeliest."""
    score = sum(share for share, _ in found)
    cost = math.log(max(_LEAST, cell.score)) - math.log(max(_LEAST, score))
    return _Reading(max(found)[1], value, score, figure_of(replace(cell, value=value)), cost)
