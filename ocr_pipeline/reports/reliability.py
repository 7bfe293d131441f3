"""How well scores keep their word: readings in bins of like score, how many of each are right, and a picture of it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

_TICKS = (0.0, 0.5, 0.9, 0.99, 0.999)
_LEFT, _TOP, _SIZE, _MARGIN = 70, 40, 420, 60
_DEEPEST = 3.4
"""The axes end at 0.9996: a share nearer to one takes more readings than there are."""


class Scored(Protocol):
    """A reading whose truth is known."""

    @property
    def score(self) -> float: ...

    @property
    def right(self) -> bool: ...


@dataclass(frozen=True)
class Bin:
    """Readings of like score: their mean score, the share of them that is right, and their number."""

    score: float
    right: float
    count: int


def bins_of(readings: Iterable[Scored], count: int = 12) -> tuple[Bin, ...]:
    """The readings by rising score in bins of equal number; equal scores may fall into two bins."""
    ranked = sorted(readings, key=lambda reading: (reading.score, reading.right))
    cuts = [round(i * len(ranked) / count) for i in range(count + 1)]
    groups = [ranked[first:last] for first, last in pairwise(cuts) if last > first]
    return tuple(
        Bin(sum(r.score for r in group) / len(group), sum(r.right for r in group) / len(group), len(group))
        for group in groups
    )


def reliability_svg(before: Sequence[Bin], after: Sequence[Bin], caption: str) -> str:
    """The plot: on both axes each step is a nine more; near the diagonal a score keeps its word."""
    end = _LEFT + _SIZE
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {end + 40} {_TOP + _SIZE + _MARGIN}" '
        'font-family="sans-serif" font-size="13">',
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        f'<text x="{_LEFT}" y="24">{caption}</text>',
        f'<rect x="{_LEFT}" y="{_TOP}" width="{_SIZE}" height="{_SIZE}" fill="none" stroke="#888888"/>',
        f'<path d="M{_LEFT} {_TOP + _SIZE}L{end} {_TOP}" stroke="#bbbbbb" stroke-dasharray="4 4"/>',
        *(_tick(value) for value in _TICKS),
        f'<text x="{_LEFT + _SIZE / 2}" y="{_TOP + _SIZE + 44}" text-anchor="middle">score</text>',
        f'<text x="18" y="{_TOP + _SIZE / 2}" text-anchor="middle" transform="rotate(-90 18 {_TOP + _SIZE / 2})">'
        "share of right readings</text>",
        *_curve(before, "#c0504d", "before", 0),
        *_curve(after, "#1f6fb4", "after", 1),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _depth(share: float) -> float:
    """0 for 0, 1 for 0.9, 2 for 0.99 …, at most the axis's end; as a share of the axis."""
    return min(_DEEPEST, -math.log10(max(1e-9, 1.0 - min(1.0, max(0.0, share))))) / _DEEPEST


def _place(score: float, right: float) -> tuple[float, float]:
    return _LEFT + _SIZE * _depth(score), _TOP + _SIZE * (1.0 - _depth(right))


def _tick(value: float) -> str:
    x, y = _place(value, value)
    bottom = _TOP + _SIZE
    return (
        f'<path d="M{x:.1f} {bottom}v5M{_LEFT} {y:.1f}h-5" stroke="#888888"/>'
        f'<text x="{x:.1f}" y="{bottom + 20}" text-anchor="middle">{value:g}</text>'
        f'<text x="{_LEFT - 9}" y="{y + 4:.1f}" text-anchor="end">{value:g}</text>'
    )


def _curve(bins: Sequence[Bin], colour: str, name: str, line: int) -> list[str]:
    places = [_place(item.score, item.right) for item in bins]
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
    y = _TOP + 20 + 18 * line
    return [
        f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="1.5"/>' if places else "",
        *(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>' for x, y in places),
        f'<circle cx="{_LEFT + 16}" cy="{y - 4}" r="4" fill="{colour}"/><text x="{_LEFT + 26}" y="{y}">{name}</text>',
    ]
