"""Column boundaries of two parts of a table: whether they agree, and which is which."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from ocr_pipeline.settings import StitchSettings


def columns_agree(a: Sequence[float], b: Sequence[float], settings: StitchSettings) -> bool:
    """Whether the inner boundaries of the coarser part are found in the finer one (positions 0 to 1).

    A part of few, merged columns may have some the other lacks: then most of them must agree.
    """
    coarse, fine = (a, b) if len(a) <= len(b) else (b, a)
    if len(coarse) <= 2:
        return True
    common = sum(match is not None for match in _match(coarse, fine, settings)[1:-1])
    return common == len(coarse) - 2 or common >= max(1, 0.6 * (len(coarse) - 2))


def columns_are_same(a: Sequence[float], b: Sequence[float], settings: StitchSettings) -> bool:
    """Whether two parts have the same boundaries, several of them, each at its place within a millimetre or so."""
    if len(a) != len(b) or len(a) < _SEVERAL:
        return False
    return all(abs(x - y) <= settings.column_same for x, y in zip(a, b, strict=True))


_SEVERAL = 5
"""Boundaries of a part, sides counted, that agree by more than chance."""


def _match(coarse: Sequence[float], fine: Sequence[float], settings: StitchSettings) -> list[int | None]:
    """For each boundary of one part the boundary of the other that it is, None where the other has none."""
    taken: set[int] = set()
    result: list[int | None] = []
    for x in coarse:
        nearest = min(range(len(fine)), key=lambda i: abs(fine[i] - x))
        beside = [abs(fine[nearest] - fine[i]) for i in (nearest - 1, nearest + 1) if 0 <= i < len(fine)]
        limit = min(settings.column_limit, settings.column_tolerance * min(beside))
        found = abs(fine[nearest] - x) <= limit and nearest not in taken
        if found:
            taken.add(nearest)
        result.append(nearest if found else None)
    return result


_LEAST = 1e-4
"""A column's width at least, as a share of the table's."""


def _in_order(own: Sequence[float], matched: Sequence[float | None]) -> Iterator[tuple[int, float]]:
    """The boundaries that the other part lacks and where they stand, each between its neighbours' places there: one
    ruling beside another may lie beyond the place of the one that was matched."""
    before = -math.inf
    for j, (x, match) in enumerate(zip(own, matched, strict=True)):
        if match is not None:
            before = match
            continue
        behind = next((later for later in matched[j:] if later is not None), math.inf)
        before = x if before < x < behind else (max(before, behind - _LEAST) + min(behind, before + _LEAST)) / 2
        yield j, before


def common_columns(
    a: Sequence[float], b: Sequence[float], settings: StitchSettings
) -> tuple[tuple[float, ...], list[int], list[int]]:
    """All boundaries of both parts, those that are the same once; and where each part's boundaries are among them."""
    if len(b) > len(a):
        xs, of_b, of_a = common_columns(b, a, settings)
        return xs, of_a, of_b
    matches = _match(b, a, settings)
    lone = [(x, 1, j) for j, x in _in_order(b, [None if m is None else a[m] for m in matches])]
    every = sorted([(x, 0, i) for i, x in enumerate(a)] + lone)
    place = {(side, i): n for n, (_, side, i) in enumerate(every)}
    of_b = [place[0, m] if m is not None else place[1, j] for j, m in enumerate(matches)]
    return tuple(x for x, _, _ in every), [place[0, i] for i in range(len(a))], of_b


Measures = tuple[float, float, Sequence[float]]
"""A part's left and right side in inches from the page's left edge, its column boundaries as shares of the width."""


def within(narrow: Measures, wide: Measures, witnesses: int, settings: StitchSettings) -> tuple[float, float] | None:
    """Where a part that lost columns at one side would begin and end if it were whole; None where it is no such part.

    The sides that were not lost lie at the same place of both pages but for how the sheets were laid on the scanner,
    and all boundaries agree from there on; witnesses: how many at least.
    """
    left, right, xs = narrow
    wide_left, wide_right, wide_xs = wide
    width = wide_right - wide_left
    if len(xs) - 1 < witnesses or right - left > (1 - settings.width_tolerance) * width:
        return None
    for begin, apart in ((left, left - wide_left), (right - width, right - wide_right)):
        found = rebased(xs, (left, right), (begin, begin + width))
        if abs(apart) <= settings.sheet_shift and None not in _match(found, wide_xs, settings):
            return begin, begin + width
    return None


def rebased(xs: Sequence[float], of: tuple[float, float], onto: tuple[float, float]) -> tuple[float, ...]:
    """Boundaries as shares of one stretch, as shares of another; both stretches in inches."""
    width = onto[1] - onto[0]
    return tuple((of[0] + x * (of[1] - of[0]) - onto[0]) / width for x in xs)
