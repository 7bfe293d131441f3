"""Which cells a broken rule puts in doubt.

The fewest cells whose change would make every rule right explain what happened. One such cell: it is the suspect, and
the others of its row and column are not. Several equally small explanations: all cells in any of them. None of one or
two cells: every cell of the broken rules. (Explanations of three and four cells were tried and dropped: with so many
errors some cancel out, 0 read as 6 here and 6 as 0 there, and the smallest explanation was not always the true one.)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
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
        for position in set(outcome.equation.positions) & cells:
            touching[position].append(outcome)
    for size in (1, 2):
        found: set[Position] = set()
        for chosen in combinations(sorted(cells), size):
            if _explains(chosen, group, touching):
                found.update(chosen)
        if found:
            return found
    return cells


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
