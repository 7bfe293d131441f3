"""Which cells a broken rule puts in doubt.

What happened is explained by cells whose change would make every rule right. Each cell has its odds of being wrong: the
recogniser's doubt in it, and what offices get wrong themselves, which are sums more than what is summed. The likeliest
explanation and those nearly as likely name the suspects; the others of their rows and columns are not in doubt. Changes
that would turn a count negative or a whole number into a fraction explain nothing, nor do changes of a person's cell.

Where no explanation of a few cells is found, there are many errors: what was read with doubt, what two broken rules
share, and the totals are suspects.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from ocr_pipeline.document import Cell, Flag
from ocr_pipeline.reports.equations import Equation, Outcome, figure_of
from ocr_pipeline.reports.structure import Position
from ocr_pipeline.reports.values import parse

_PRINTED_WRONG = 0.001
"""The odds that a number is printed wrong, or read wrong by a recogniser that is sure of it;"""
_TOTAL_WRONG = 0.014
"""that a sum is: one in a hundred of real filings; two at once are still less likely than another number."""
_FLAGGED = 0.1
"""The odds of a number that has a flag already."""
_IN_MIND = 0.01
"""The odds of a number read with certainty where another that the recogniser thought of makes the sums right."""
_NEARLY = 5.0
"""Explanations that are this many times less likely than the best are none."""
_MOST_CELLS = 5
_NODES = 4_000
"""Size of the search: about half a second."""
_DOUBT_FLAGS = frozenset(Flag) - {Flag.RULE_BROKEN, Flag.REPAIRED, Flag.LOW_SCORE}
"""A low score speaks for itself."""


def suspects(outcomes: Sequence[Outcome], cells: Mapping[Position, Cell], certain: float) -> frozenset[Position]:
    """The cells in doubt, over all groups of broken rules that share cells.

    cells: the table's data cells; certain: the score from which on a reading counts as certain.
    """
    known = [outcome for outcome in outcomes if outcome.residual is not None]
    totals = _totals(outcome.equation for outcome in outcomes)
    # Only here do flags count: sums that come out take flags away, and the result must not hang on the order of that.
    broken = {place for outcome in outcomes if not outcome.ok for place in outcome.equation.positions}
    odds = {p: _odds(cell, p in totals, p in broken) for p, cell in cells.items() if not cell.by_person}
    found: set[Position] = set()
    for group in broken_groups(known):
        search = _Search(known, cells, odds)
        search.explore(tuple(group), {}, frozenset(), 0.0)
        found.update(search.named() or _unexplained(group, cells, certain))
    # A rule that cannot be worked out vouches for none of its cells. Most have another rule that does; of the others
    # those are in doubt that were not read with certainty.
    vouched = {place for outcome in known for place in outcome.equation.positions}
    open_rules = [outcome for outcome in outcomes if outcome.residual is None]
    found.update(_doubtful(open_rules, cells, certain) - vouched)
    found.update(place for outcome in open_rules for place in outcome.equation.positions if _unread(cells.get(place)))
    return frozenset(found)


def suspects_of_bounds(
    outcomes: Iterable[Outcome], cells: Mapping[Position, Cell], certain: float
) -> frozenset[Position]:
    """The cells in doubt where a part is more than the whole: those not read with certainty, else both."""
    found: set[Position] = set()
    for outcome in outcomes:
        if outcome.equation.at_least and outcome.residual is not None and not outcome.ok:
            found |= _doubtful([outcome], cells, certain) or set(outcome.equation.positions)
    return frozenset(found)


def broken_groups(outcomes: Iterable[Outcome], links: Callable[[Position], bool] | None = None) -> list[list[Outcome]]:
    """Broken rules, those that share cells (directly or through others) together; links says which cells count."""
    groups: list[tuple[set[Position], list[Outcome]]] = []
    for outcome in outcomes:
        if outcome.ok:
            continue
        cells, members = {p for p in outcome.equation.positions if links is None or links(p)}, [outcome]
        apart = []
        for group in groups:
            if group[0] & cells:
                cells |= group[0]
                members = group[1] + members
            else:
                apart.append(group)
        groups = [*apart, (cells, members)]
    return [members for _, members in groups]


def _unread(cell: Cell | None) -> bool:
    return cell is not None and not figure_of(cell).readable


def _totals(equations: Iterable[Equation]) -> set[Position]:
    """The cells that are the sum of others."""
    return {equation.left[0][1] for equation in equations if len(equation.left) == 1 < len(equation.right)}


def _unexplained(group: Sequence[Outcome], cells: Mapping[Position, Cell], certain: float) -> set[Position]:
    """Of rules that no few cells explain: what was read with doubt, what two of them share, and the totals."""
    counts = Counter(place for outcome in group for place in set(outcome.equation.positions))
    crossing = {place for place, count in counts.items() if count >= 2}
    return _doubtful(group, cells, certain) | crossing | _totals(outcome.equation for outcome in group)


def _doubtful(group: Iterable[Outcome], cells: Mapping[Position, Cell], certain: float) -> set[Position]:
    places = {place for outcome in group for place in outcome.equation.positions}
    return {place for place in places if place in cells and _in_doubt(cells[place], certain)}


def _in_doubt(cell: Cell, certain: float) -> bool:
    return not cell.by_person and (cell.score < certain or any(flag in _DOUBT_FLAGS for flag in cell.flags))


def _odds(cell: Cell, total: bool, flags_count: bool) -> float:
    """How likely it is that a number is wrong, as printed or as read."""
    printed = _TOTAL_WRONG if total else _PRINTED_WRONG
    read = 1.0 - min(1.0, max(0.0, cell.score))
    flagged = flags_count and any(flag in _DOUBT_FLAGS for flag in cell.flags)
    return min(1.0, printed + (max(read, _FLAGGED) if flagged else read))


@dataclass
class _Search:
    """Depth first, by what the cells change by: each change makes a broken rule right, and others perhaps wrong."""

    known: Sequence[Outcome]
    cells: Mapping[Position, Cell]
    odds: Mapping[Position, float]
    nodes: int = 0
    best: float = math.inf
    found: dict[frozenset[Position], float] = field(default_factory=dict)
    _touching: dict[Position, list[Outcome]] = field(default_factory=lambda: defaultdict(list))
    _signed: bool = False
    _in_mind: dict[Position, set[Decimal]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for outcome in self.known:
            for place in set(outcome.equation.positions):
                self._touching[place].append(outcome)
        self._signed = any((cell.value or 0) < 0 for cell in self.cells.values())

    def named(self) -> set[Position]:
        """The cells of the likeliest explanations; none where the search ran out of bounds."""
        if self.nodes > _NODES:
            return set()
        limit = self.best + math.log(_NEARLY)
        return {place for explanation, cost in self.found.items() if cost <= limit for place in explanation}

    def explore(
        self, broken: tuple[Outcome, ...], changed: Mapping[Position, Decimal], fixed: frozenset[Position], cost: float
    ) -> None:
        """From some changes on; fixed cells were tried before at this depth and stay as they are."""
        self.nodes += 1
        if not broken:
            explanation = frozenset(changed)
            self.found[explanation] = min(cost, self.found.get(explanation, math.inf))
            self.best = min(self.best, cost)
            return
        if len(changed) >= _MOST_CELLS or self.nodes > _NODES:
            return
        rule = min(broken, key=lambda outcome: len(self._free(outcome, changed, fixed)))
        for place in sorted(self._free(rule, changed, fixed), key=lambda place: -self.odds[place]):
            for change in self._changes(place, broken, changed):
                dearer = cost - math.log(self._odds_of(place, change))
                if dearer <= self.best + math.log(_NEARLY):
                    now = {**changed, place: change}
                    self.explore(self._still_broken(broken, place, now), now, fixed, dearer)
            fixed = fixed | {place}

    def _odds_of(self, place: Position, change: Decimal) -> float:
        """The odds that a cell is wrong by this: better where the recogniser had that number in mind at all."""
        if place not in self._in_mind:
            others = (parse(other.text).value for other in self.cells[place].alternatives)
            self._in_mind[place] = {Decimal(str(value)) for value in others if value is not None}
        wanted = Decimal(str(self.cells[place].value or 0)) + change
        return max(self.odds[place], _IN_MIND) if wanted in self._in_mind[place] else self.odds[place]

    def _changes(self, place: Position, broken: Sequence[Outcome], changed: Mapping[Position, Decimal]) -> set[Decimal]:
        """By what a cell may change: that makes one of its broken rules right."""
        mine = [outcome for outcome in broken if outcome.equation.coefficient(place)]
        needed = {-_residual(outcome, changed) / outcome.equation.coefficient(place) for outcome in mine}
        return {change for change in needed if self._possible(place, change)}

    def _free(
        self, outcome: Outcome, changed: Mapping[Position, Decimal], fixed: frozenset[Position]
    ) -> list[Position]:
        equation = outcome.equation
        return [
            place
            for place in equation.positions
            if place in self.odds and place not in changed and place not in fixed and equation.coefficient(place)
        ]

    def _possible(self, place: Position, change: Decimal) -> bool:
        value = self.cells[place].value
        after = Decimal(str(value or 0)) + change
        if after < 0 and not self._signed:
            return False
        return not isinstance(value, int) or after == after.to_integral_value()

    def _still_broken(
        self, broken: Sequence[Outcome], place: Position, changed: Mapping[Position, Decimal]
    ) -> tuple[Outcome, ...]:
        touched = self._touching[place]
        again = tuple(o for o in touched if abs(_residual(o, changed)) > o.equation.tolerance)
        return tuple(o for o in broken if o not in touched) + again


def _residual(outcome: Outcome, changed: Mapping[Position, Decimal]) -> Decimal:
    """Left minus right after the changes."""
    equation = outcome.equation
    residual = outcome.residual or Decimal(0)
    return residual + sum((equation.coefficient(p) * change for p, change in changed.items()), Decimal(0))
