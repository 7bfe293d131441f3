"""The arithmetic of a check, found from what it recorded, so that it can be done again after a correction.

A check names its cells and the two sums it compared, but not which cell stood on which side. Checks of printed forms
compare one run of cells with the rest (a total with its parts, or first + second with third + fourth), so the side is
told by the only place to cut the list at which the recorded sums come out. Where several places fit (a row of zeros),
the checks of the same rule elsewhere in the table decide; where they do not, the check has no formula and is left to
the full recheck of `ocr-pipeline apply`.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from ocr_pipeline.document import Check, Table

Signs = tuple[int, ...]
"""One of +1 (on the side recorded as found) and -1 (on the side recorded as expected) for each cell of a check."""

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?%?")
_NOTHING = frozenset({"", "-", "--", "—", "——", "/"})
"""How forms print "none": it counts as zero in a sum."""


@dataclass(frozen=True, slots=True)
class _Cut:
    """The first `head` cells against the others; head_found: whether the head is the side recorded as found."""

    head: int
    head_found: bool


def number(text: str) -> Decimal | None:
    """The number a cell shows, 0 for a blank or a dash, None for anything else. Full-width digits and thousands
    separators are read; the unit or magnitude of the column is not applied."""
    plain = re.sub(r"[\s,]", "", unicodedata.normalize("NFKC", text))
    if plain in _NOTHING:
        return Decimal(0)
    return Decimal(plain.rstrip("%")) if _NUMBER.fullmatch(plain) else None


def signs_of(table: Table) -> tuple[Signs | None, ...]:
    """For each check of the table the side of each of its cells, None where the record does not tell."""
    fits = [_cuts(table, check) for check in table.checks]
    peers: dict[tuple[str, int], list[set[_Cut]]] = defaultdict(list)
    for check, cuts in zip(table.checks, fits, strict=True):
        if cuts:
            peers[check.rule, len(check.cells)].append(cuts)
    return tuple(
        _signs(check, _settle(check, cuts, peers[check.rule, len(check.cells)]))
        for check, cuts in zip(table.checks, fits, strict=True)
    )


def recheck_table(table: Table) -> Table:
    """The table with every check that has a formula done again on the present texts; the others stay as recorded."""
    return _rechecked(table, signs_of(table))


def recheck_after(before: Table, after: Table) -> Table:
    """`after` (the same table with some texts changed) with the checks done again by the formulas of `before`."""
    return _rechecked(after, signs_of(before))


def _rechecked(table: Table, signs: Iterable[Signs | None]) -> Table:
    checks = tuple(
        check if side is None else _done_again(table, check, side)
        for check, side in zip(table.checks, signs, strict=True)
    )
    return replace(table, checks=checks)


def _done_again(table: Table, check: Check, signs: Signs) -> Check:
    values = _values(table, check)
    if values is None:
        return replace(check, ok=False)
    found = sum((v for v, sign in zip(values, signs, strict=True) if sign > 0), Decimal(0))
    expected = sum((v for v, sign in zip(values, signs, strict=True) if sign < 0), Decimal(0))
    return replace(check, ok=found == expected, expected=f"{expected:f}", found=f"{found:f}")


def _values(table: Table, check: Check) -> list[Decimal] | None:
    values = []
    for row, col in check.cells:
        cell = table.cell_at(row, col)
        value = number(cell.text) if cell else None
        if value is None:
            return None
        values.append(value)
    return values


def _cuts(table: Table, check: Check) -> set[_Cut]:
    """Where the list of cells can be cut so that its two runs add up to what was recorded."""
    expected, found = number(check.expected), number(check.found)
    values = _values(table, check)
    if expected is None or found is None or values is None or check.ok != (expected == found):
        return set()
    cuts = set()
    for head in range(1, len(values)):
        sides = sum(values[:head], Decimal(0)), sum(values[head:], Decimal(0))
        if sides == (found, expected):  # found first: of two equal sums the one named first is the one found
            cuts.add(_Cut(head, head_found=True))
        elif sides == (expected, found):
            cuts.add(_Cut(head, head_found=False))
    return cuts


def _settle(check: Check, cuts: set[_Cut], peers: list[set[_Cut]]) -> _Cut | None:
    """The only cut, or the only one that fits all checks of the same rule and length too. A check that could not be
    added up, because a cell is not a number, takes the cut of its peers."""
    added_up = number(check.expected) is not None and number(check.found) is not None
    if added_up and len(cuts) == 1:
        return next(iter(cuts))
    if not peers or (added_up and not cuts):
        return None
    heads = set.intersection(*({cut.head for cut in cuts} for cuts in peers))
    fitting = {cut for cut in (cuts or peers[0]) if cut.head in heads}
    return next(iter(fitting)) if len(fitting) == 1 else None


def _signs(check: Check, cut: _Cut | None) -> Signs | None:
    if cut is None:
        return None
    head = 1 if cut.head_found else -1
    return (head,) * cut.head + (-head,) * (len(check.cells) - cut.head)
