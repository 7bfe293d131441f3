"""Long level rulings outside ruled tables: the bars above, below and inside open tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from ocr_pipeline.clean.lines import Ruling
from ocr_pipeline.geometry import Box
from ocr_pipeline.settings import OpenTableSettings


@dataclass(frozen=True, eq=False)
class Bar:
    """Pieces of rulings in one line, left to right, or (upright) from top to bottom. Pixels of the upright frame."""

    pieces: tuple[Ruling, ...]
    upright: bool = False

    @property
    def start(self) -> float:
        return self.pieces[0].start

    @property
    def end(self) -> float:
        return max(piece.end for piece in self.pieces)

    @property
    def length(self) -> float:
        return self.end - self.start

    @cached_property
    def middle(self) -> float:
        """The position across, halfway along."""
        total = sum(piece.length for piece in self.pieces)
        return sum(piece.middle * piece.length for piece in self.pieces) / max(total, 1e-9)

    @cached_property
    def slope(self) -> float:
        """Across pixels per pixel along, from end to end."""
        first, last = self.pieces[0], self.pieces[-1]
        return float(last.across[-1] - first.across[0]) / max(float(last.along[-1] - first.along[0]), 1.0)

    @property
    def solid(self) -> float:
        """The share of its length that is ruled."""
        return sum(piece.length for piece in self.pieces) / max(self.length, 1e-9)


def bars_of(rulings: Sequence[Ruling], em: float, settings: OpenTableSettings, *, upright: bool = False) -> list[Bar]:
    """Rulings with those that go on in the same line joined; all lengths."""
    open_ends: list[list[Ruling]] = []
    reach = (settings.upright_gap_em if upright else settings.bar_gap_em) * em
    for ruling in sorted(rulings, key=lambda r: r.start):
        best = None
        for chain in open_ends:
            last = chain[-1]
            gap = ruling.start - last.end
            beside = abs(float(ruling.across[0]) - float(last.across[-1]))
            if -0.5 * em <= gap <= reach and beside <= settings.bar_line_em * em:
                best = chain if best is None or last.end > best[-1].end else best
        if best is None:
            open_ends.append([ruling])
        else:
            best.append(ruling)
    bars = [Bar(tuple(chain), upright) for chain in open_ends]
    return bars if upright else _joined(bars, em, settings)


def _joined(bars: list[Bar], em: float, settings: OpenTableSettings) -> list[Bar]:
    """Bars that go on in one line after a stretch that is worn away altogether made one."""
    whole: list[Bar] = []
    for bar in sorted(bars, key=lambda b: b.start):
        if bar.length < settings.worn_piece_em * em:
            whole.append(bar)
            continue
        for i, before in enumerate(whole):
            if _goes_on(before, bar, em, settings):
                whole[i] = Bar((*before.pieces, *bar.pieces), bar.upright)
                break
        else:
            whole.append(bar)
    return whole


def _goes_on(before: Bar, bar: Bar, em: float, settings: OpenTableSettings) -> bool:
    gap = bar.start - before.end
    if before.length < settings.worn_piece_em * em or not 0 < gap <= settings.worn_gap_em * em:
        return False
    longer, other, at = (before, bar, bar.start) if before.length >= bar.length else (bar, before, before.end)
    reached = longer.middle + longer.slope * (at - (longer.start + longer.end) / 2)
    there = float(other.pieces[0].across[0] if at == bar.start else other.pieces[-1].across[-1])
    return abs(reached - there) <= settings.bar_line_em * em


def outside(rulings: Sequence[Ruling], boxes: Sequence[Box], em: float, *, upright: bool) -> list[Ruling]:
    """The rulings that do not lie in or along one of some boxes."""
    kept = []
    for ruling in rulings:
        along, across = (ruling.start + ruling.end) / 2, ruling.middle
        middle = (across, along) if upright else (along, across)
        if not any(box.expanded(0.5 * em).contains(middle) for box in boxes):
            kept.append(ruling)
    return kept


def without_print(bars: Sequence[Bar], boxes: Sequence[Box], settings: OpenTableSettings) -> list[Bar]:
    """The bars without those that are strokes in lines of print: most of their length lies inside boxes of print."""
    kept = []
    for bar in bars:
        inside = 0.0
        for piece in bar.pieces:
            y = piece.middle
            runs = [(max(piece.start, box.x0), min(piece.end, box.x1)) for box in boxes if box.y0 < y < box.y1]
            inside += sum(max(0.0, end - start) for start, end in runs)
        if inside < settings.bar_in_print * sum(piece.length for piece in bar.pieces):
            kept.append(bar)
    return kept


def alike(bars: Sequence[Bar], em: float, settings: OpenTableSettings) -> list[list[Bar]]:
    """Long bars that begin and end alike, each group from top to bottom."""
    groups: list[list[Bar]] = []
    tolerance = settings.bar_ends_em * em
    for bar in sorted(bars, key=lambda b: -b.length):
        if bar.length < settings.bar_length_em * em or bar.solid < settings.bar_solid:
            continue
        for group in groups:
            if abs(group[0].start - bar.start) <= tolerance and abs(group[0].end - bar.end) <= tolerance:
                group.append(bar)
                break
        else:
            groups.append([bar])
    return [sorted(group, key=lambda b: b.middle) for group in groups if not _underlines(group, em, settings)]


def _underlines(bars: Sequence[Bar], em: float, settings: OpenTableSettings) -> bool:
    """Whether most bars have a hole at one and the same place: the lines of a form to be filled in, side by side."""
    holes = [
        (before.end, after.start)
        for bar in bars
        for before, after in pairwise(bar.pieces)
        if after.start - before.end > settings.bar_gap_em * em
    ]
    alike = [
        sum(abs(start - other[0]) < em and abs(end - other[1]) < em for other in holes) for start, end in holes
    ]  # fmt: skip
    return bool(alike) and max(alike) >= max(2, 0.6 * len(bars))
