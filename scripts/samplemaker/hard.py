"""Hard paper: rulings that are missing, dotted, doubled or left out by design."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from .sheet import Rule, Sheet

STYLES = ("solid", "dotted", "double", "frameless", "thick", "thin")
OPEN = ("three-line", "header-only", "open-sides")
# Length of the pieces that go missing, in points: a few millimetres, as worn drums leave.
PIECE = (6.0, 22.0)


def _along(rule: Rule, start: float, end: float) -> Rule:
    """The part of a ruling between two shares of its length."""
    dx, dy = rule.x1 - rule.x0, rule.y1 - rule.y0
    return replace(
        rule,
        x0=rule.x0 + dx * start, y0=rule.y0 + dy * start, x1=rule.x0 + dx * end, y1=rule.y0 + dy * end,
    )  # fmt: skip


def _length(rule: Rule) -> float:
    return math.hypot(rule.x1 - rule.x0, rule.y1 - rule.y0)


def missing(rules: tuple[Rule, ...], share: float, rng: np.random.Generator) -> tuple[Rule, ...]:
    """Leave out pieces that make up about this share of all rulings."""
    kept: list[Rule] = []
    for rule in rules:
        length, at = _length(rule), 0.0
        while at < length:
            step = min(float(rng.uniform(*PIECE)), length - at)
            if rng.random() >= share:
                kept.append(_along(rule, at / length, (at + step) / length))
            at += step
    return tuple(kept)


@dataclass(frozen=True)
class Pattern:
    """Lengths in points: dots and the blanks between them, and how far apart the lines of a double ruling are."""

    dash: float = 1.4
    gap: float = 1.6
    apart: float = 2.2


def any_pattern(rng: np.random.Generator) -> Pattern:
    """What word processors offer between round dots and short dashes."""
    dash = float(rng.uniform(0.8, 4.0))
    return Pattern(dash, dash * float(rng.uniform(0.6, 1.2)), float(rng.uniform(1.6, 3.0)))


def _dotted(rule: Rule, pattern: Pattern) -> list[Rule]:
    length, dash, gap = _length(rule), pattern.dash, pattern.gap
    count = max(1, int(length // (dash + gap)))
    shares = [(i * (dash + gap) / length, min(1.0, (i * (dash + gap) + dash) / length)) for i in range(count)]
    return [_along(replace(rule, width=max(rule.width, 0.9)), a, b) for a, b in shares]


def _double(rule: Rule, pattern: Pattern) -> list[Rule]:
    level = abs(rule.y1 - rule.y0) < 1e-6
    half = pattern.apart / 2
    dx, dy = (0.0, half) if level else (half, 0.0)
    return [
        replace(rule, x0=rule.x0 + s * dx, x1=rule.x1 + s * dx, y0=rule.y0 + s * dy, y1=rule.y1 + s * dy, width=0.5)
        for s in (-1, 1)
    ]


def _bounds_one_cell(rule: Rule, rules: tuple[Rule, ...]) -> bool:
    """Whether a table's top or bottom ruling bounds a row of one cell: without it nothing tells the row from a line of
    running text."""
    columns = [o for o in rules if o.page == rule.page and o.role == "column" and rule.x0 < o.x0 < rule.x1]
    met = any(min(abs(other.y0 - rule.y0), abs(other.y1 - rule.y0)) < 1e-6 for other in columns)
    return rule.role == "outer" and not met


def restyle(rules: tuple[Rule, ...], style: str, pattern: Pattern = Pattern()) -> tuple[Rule, ...]:
    """Rulings in another style; frameless leaves out the outer frame."""
    if style == "dotted":
        return tuple(piece for rule in rules for piece in _dotted(rule, pattern))
    if style == "double":
        return tuple(piece for rule in rules for piece in _double(rule, pattern))
    if style == "frameless":
        return tuple(rule for rule in rules if rule.role not in ("outer", "side") or _bounds_one_cell(rule, rules))
    if style == "thick":
        return tuple(replace(rule, width=2.25) for rule in rules)
    if style == "thin":
        return tuple(replace(rule, width=0.25) for rule in rules)
    return rules


def open_up(rules: tuple[Rule, ...], form: str) -> tuple[Rule, ...]:
    """Keep the rulings an open table has.

    three-line: top, under the header, bottom. header-only: the same without the bottom. open-sides: all but the
    left and right edge.
    """
    if form == "open-sides":
        return tuple(rule for rule in rules if rule.role != "side")
    kept = tuple(rule for rule in rules if rule.role in ("outer", "header", "footer"))
    if form == "three-line":
        return tuple(replace(r, width=1.5 if r.role == "outer" else 0.75) for r in kept)
    # Each part of a table brings its top ruling first and its bottom ruling next.
    outer = [rule for rule in kept if rule.role == "outer"]
    bottoms = set(outer[1::2])
    return tuple(rule for rule in kept if rule not in bottoms)


def with_rules(sheet: Sheet, rules: tuple[Rule, ...]) -> Sheet:
    """The same sheet with other rulings."""
    return replace(sheet, rules=rules)
