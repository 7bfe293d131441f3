"""Double rulings: two lines side by side, taken for one ruling in their middle before anything else is concluded.

Left as two, their pieces make the boundary hop from one line to the other, and print between two boundaries half an em
apart is a cell that nobody drew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ocr_pipeline.clean.lines import Ruling, Rulings
from ocr_pipeline.geometry import FloatArray
from ocr_pipeline.settings import TableSettings


@dataclass(frozen=True)
class _Pair:
    """Two pieces side by side, by their numbers; distance of the second beyond the first in pixels, overlap in pixels
    of their length."""

    first: int
    second: int
    distance: float
    overlap: float


def merge_doubles(rulings: Rulings, em: float, settings: TableSettings) -> Rulings:
    """The same rulings, with the two lines of each double ruling made one that knows its spread; the masks stay as they
    are. em: height of the print in pixels."""
    return replace(
        rulings,
        horizontal=_merged(rulings.horizontal, em, settings),
        vertical=_merged(rulings.vertical, em, settings),
    )


def _merged(pieces: Sequence[Ruling], em: float, settings: TableSettings) -> tuple[Ruling, ...]:
    found: list[Ruling] = []
    nearest, reach = _distances(pieces, em, settings)
    beside = [pair for pair in _pairs(pieces, reach) if abs(pair.distance) >= nearest]
    for members, pairs in _groups(pieces, beside):
        places = dict(zip(members, _places(members, pairs, pieces).tolist(), strict=True))
        longest = max(pieces[i].length for i in members)
        # Strokes of print beside the one line or the other are none of the two.
        for least in (0.0, settings.double_stroke * longest):
            lines = [i for i in members if pieces[i].length >= least]
            double = _double([pieces[i] for i in lines], np.array([places[i] for i in lines]), reach, settings)
            if double is not None:
                break
        found.extend([double] if double is not None else [])
        found.extend(pieces[i] for i in members if double is None or i not in lines)
    return tuple(found)


def _distances(pieces: Sequence[Ruling], em: float, settings: TableSettings) -> tuple[float, float]:
    """How far apart the two lines of a double ruling are at least and at most, in pixels: further than usual where
    nearly all of the page's rulings have another beside them at one and the same distance."""
    pairs = _pairs(pieces, settings.double_widest_em * em)
    usual = _usual_distance(pairs) if pairs else 0.0
    equal = [pair for pair in pairs if abs(abs(pair.distance) - usual) <= _ONE_DISTANCE]
    alike = sum(pair.overlap for pair in equal)
    further = usual + _ONE_DISTANCE > settings.double_em * em
    if further and not _are_rows(equal) and 2 * alike >= settings.double_usual * sum(piece.length for piece in pieces):
        return usual - _ONE_DISTANCE, usual + _ONE_DISTANCE
    return 0.0, settings.double_em * em


def _are_rows(pairs: Sequence[_Pair]) -> bool:
    """Whether most rulings in pairs have one beside them on either side: the rows of a table in small print are as far
    apart as the lines of a double ruling in large print are."""
    before = {pair.first if pair.distance > 0 else pair.second for pair in pairs}
    behind = {pair.second if pair.distance > 0 else pair.first for pair in pairs}
    return 2 * len(before & behind) > len(before | behind)


def _usual_distance(pairs: Sequence[_Pair]) -> float:
    """The distance of the middle of all overlaps, in pixels."""
    order = sorted(pairs, key=lambda pair: abs(pair.distance))
    lengths = np.cumsum([pair.overlap for pair in order])
    return abs(order[int(np.searchsorted(lengths, lengths[-1] / 2))].distance)


_ONE_DISTANCE = 1.5
"""Pixels within which two distances are the same."""


def _pairs(pieces: Sequence[Ruling], reach: float) -> list[_Pair]:
    """All pieces that run beside each other, no further apart than reach, in pixels."""
    order, pairs = sorted(range(len(pieces)), key=lambda i: pieces[i].middle), []
    for position, i in enumerate(order):
        one = pieces[i]
        for j in order[position + 1 :]:
            other = pieces[j]
            # Paper may bend: the middles lie further apart than the lines beside each other do.
            if other.middle - one.middle > 2 * reach:
                break
            start, end = max(one.start, other.start), min(one.end, other.end)
            if end - start < 0.5 * min(one.length, other.length):
                continue
            places = np.linspace(start, end, 5)
            across = [np.interp(places, r.along, r.across) for r in (one, other)]
            away = float(np.median(across[1] - across[0]))
            if 0 < abs(away) <= reach:
                pairs.append(_Pair(i, j, away, end - start))
    return pairs


def _groups(pieces: Sequence[Ruling], pairs: list[_Pair]) -> list[tuple[list[int], list[_Pair]]]:
    """The pieces that pairs connect, in the order of their first members, each group with its pairs."""
    group = list(range(len(pieces)))
    for pair in pairs:
        low, high = sorted((group[pair.first], group[pair.second]))
        if low != high:
            group = [low if label == high else label for label in group]
    members: dict[int, list[int]] = {}
    for i, label in enumerate(group):
        members.setdefault(label, []).append(i)
    return [(those, [p for p in pairs if group[p.first] == label]) for label, those in members.items()]


def _places(members: list[int], pairs: list[_Pair], pieces: Sequence[Ruling]) -> FloatArray:
    """How far across each member of a group lies from its longest one, in pixels, by way of the pairs between them."""
    place = {max(members, key=lambda i: pieces[i].length): 0.0}
    closest = sorted(pairs, key=lambda pair: -pair.overlap)
    while len(place) < len(members):
        for pair in closest:
            if pair.first in place and pair.second not in place:
                place[pair.second] = place[pair.first] + pair.distance
            elif pair.second in place and pair.first not in place:
                place[pair.first] = place[pair.second] - pair.distance
    return np.array([place[i] for i in members])


def _double(group: list[Ruling], places: FloatArray, reach: float, settings: TableSettings) -> Ruling | None:
    """The ruling in the middle of a group's two lines; None where there are not two lines over most of its length.

    places: how far across each piece lies, in pixels; reach: how far apart the two lines are at most.
    """
    if len(group) < 2 or np.ptp(places) > reach:
        return None
    lengths = np.array([piece.length for piece in group])
    far = places > (places.min() + places.max()) / 2
    both, either = _shared(
        [piece for piece, beyond in zip(group, far, strict=True) if beyond],
        [piece for piece, beyond in zip(group, far, strict=True) if not beyond],
    )
    if both < settings.double_share * either:
        return None
    apart = float(np.average(places[far], weights=lengths[far]) - np.average(places[~far], weights=lengths[~far]))
    along = np.concatenate([piece.along for piece in group])
    across = np.concatenate(
        [piece.across + (-apart if beyond else apart) / 2 for piece, beyond in zip(group, far, strict=True)]
    )
    order = np.argsort(along, kind="stable")
    return Ruling(
        along[order],
        across[order],
        float(np.average([piece.thickness for piece in group], weights=lengths)) + apart,
        float(np.average([piece.solidity for piece in group], weights=lengths)),
        float(np.average([piece.roughness for piece in group], weights=lengths)),
        spread=apart / 2,
    )


def _shared(some: list[Ruling], others: list[Ruling]) -> tuple[float, float]:
    """The length over which there are pieces of both kinds, and that over which there are any, in pixels."""
    first, last = min(r.start for r in (*some, *others)), max(r.end for r in (*some, *others))
    cover = np.zeros((2, round(last - first) + 1), bool)
    for line, pieces in enumerate((some, others)):
        for piece in pieces:
            cover[line, round(piece.start - first) : round(piece.end - first) + 1] = True
    return float(np.count_nonzero(cover.all(axis=0))), float(np.count_nonzero(cover.any(axis=0)))
