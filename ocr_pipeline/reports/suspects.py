"""Which cells a broken rule puts in doubt.

The fewest cells whose change would make every rule right explain what happened. One such cell: it is the suspect, and
the others of its row and column are not. Several equally small explanations: all cells in any of them. None of up to
four cells: every cell of the broken rules.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import combinations

from ocr_pipeline.reports.equations import Outcome
from ocr_pipeline.reports.structure import Position


def suspects(outcomes: Sequence[Outcome]) -> frozenset[Position]:
    """The cells in doubt, over all groups of broken rules that share cells."""
    known = [outcome for outcome in outcomes if outcome.residual is not None]
    found: set[Position] = set()
    for group in broken_groups(known):
        found.update(_of_group(group, known))
    # A rule that cannot be worked out vouches for none of its cells, but each of them has another rule or a flag of
    # its own; only cells that no rule vouches for at all are put in doubt with the unreadable one.
    vouched = {position for outcome in known for position in outcome.equation.positions}
    for outcome in outcomes:
        if outcome.residual is None:
            found.update(position for position in outcome.equation.positions if position not in vouched)
    return frozenset(found)


def broken_groups(outcomes: Iterable[Outcome]) -> list[list[Outcome]]:
    """Broken rules, those that share cells (directly or through others) together."""
    groups: list[tuple[set[Position], list[Outcome]]] = []
    for outcome in outcomes:
        if outcome.ok:
            continue
        cells, members = set(outcome.equation.positions), [outcome]
        apart = []
        for group in groups:
            if group[0] & cells:
                cells |= group[0]
                members = group[1] + members
            else:
                apart.append(group)
        groups = [*apart, (cells, members)]
    return [members for _, members in groups]


def _of_group(group: Sequence[Outcome], known: Sequence[Outcome]) -> set[Position]:
    cells = {position for outcome in group for position in outcome.equation.positions}
    touching: dict[Position, list[Outcome]] = defaultdict(list)
    for outcome in known:
        for position in set(outcome.equation.positions):
            touching[position].append(outcome)
    for size in (1, 2):
        found: set[Position] = set()
        for chosen in combinations(sorted(cells), size):
            if _explains(chosen, group, touching):
                found.update(chosen)
        if found:
            return found
    for size in (3, 4):
        search = _Search(touching, size)
        search.explore({id(o): o.residual or Decimal(0) for o in group}, {id(o): o for o in known}, {})
        if search.nodes > _MOST_NODES:
            break
        if search.found:
            return search.found
    return cells


_MOST_NODES = 20_000
"""About half a second; beyond that every cell of the broken rules is in doubt."""


class _Search:
    """Explanations of exactly `size` cells. Each cell changes by what one of its broken rules lacks, which finds every
    explanation but those whose cells share all their rules in a ring; a smaller one of the same cells is found then."""

    def __init__(self, touching: Mapping[Position, Sequence[Outcome]], size: int) -> None:
        self.touching = touching
        self.size = size
        self.most_rules = max(len(rules) for rules in touching.values())
        self.found: set[Position] = set()
        self.nodes = 0

    def explore(
        self, broken: Mapping[int, Decimal], rules: Mapping[int, Outcome], chosen: Mapping[Position, Decimal]
    ) -> None:
        """Go on from these residuals of broken rules (by identity of the rule) and these cells changed."""
        self.nodes += 1
        left = self.size - len(chosen)
        if not broken:
            self.found.update(chosen)
            return
        if self.nodes > _MOST_NODES or len(broken) > left * self.most_rules:
            return
        first = min(broken, key=lambda rule: len(rules[rule].equation.positions))
        for position in rules[first].equation.positions:
            if position not in chosen:
                self._try(position, broken, rules, chosen)

    def _try(
        self,
        position: Position,
        broken: Mapping[int, Decimal],
        rules: Mapping[int, Outcome],
        chosen: Mapping[Position, Decimal],
    ) -> None:
        touched = self.touching[position]
        changes = {-broken[id(o)] / o.equation.coefficient(position) for o in touched if id(o) in broken}
        for change in sorted(changes):
            after = dict(broken)
            for outcome in touched:
                residual = broken.get(id(outcome), Decimal(0)) + change * outcome.equation.coefficient(position)
                if abs(residual) <= outcome.equation.tolerance:
                    after.pop(id(outcome), None)
                else:
                    after[id(outcome)] = residual
            self.explore(after, rules, {**chosen, position: change})


def _explains(chosen: tuple[Position, ...], group: Sequence[Outcome], touching: dict[Position, list[Outcome]]) -> bool:
    """Whether changing these cells, each by some amount, can make all rules right."""
    if any(not set(chosen) & set(outcome.equation.positions) for outcome in group):
        return False
    rules = {id(outcome): outcome for position in chosen for outcome in touching[position]}.values()
    rows = [
        ([Decimal(outcome.equation.coefficient(position)) for position in chosen], -(outcome.residual or Decimal(0)),
         outcome.equation.tolerance)
        for outcome in rules
    ]  # fmt: skip
    return _solvable(rows)


_Row = tuple[list[Decimal], Decimal, Decimal]
"""Coefficients, right side, tolerance of one linear equation."""


def _solvable(rows: list[_Row]) -> bool:
    """Whether a linear system has a solution within its tolerances, none of the unknowns being zero."""
    width = len(rows[0][0])
    if width == 1:
        return _one_unknown(rows) is not None
    first_only = [([a[0]], b, t) for a, b, t in rows if a[1] == 0]
    second_only = [([a[1]], b, t) for a, b, t in rows if a[0] == 0]
    both = [row for row in rows if row[0][0] != 0 and row[0][1] != 0]
    first, second = (_one_unknown(part) if part else None for part in (first_only, second_only))
    if (first_only and first is None) or (second_only and second is None):
        return False
    if first is None and second is None:
        return True
    for a, b, tolerance in both:
        if second is None and first is not None:
            second = (b - a[0] * first) / a[1]
        elif first is None and second is not None:
            first = (b - a[1] * second) / a[0]
        if first is None or second is None or abs(a[0] * first + a[1] * second - b) > tolerance:
            return False
    return first != 0 and second != 0


def _one_unknown(rows: Sequence[_Row]) -> Decimal | None:
    """The value that all equations of one unknown agree on, None where there is none or it is zero."""
    values = [b / a[0] for a, b, _ in rows]
    slack = max(tolerance for _, _, tolerance in rows)
    middle = sum(values, Decimal(0)) / len(values)
    if middle == 0 or any(abs(value - middle) > slack for value in values):
        return None
    return middle
