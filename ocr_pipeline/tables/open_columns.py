"""Columns of an open table: the blanks that run down between its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from ocr_pipeline.geometry import Box
from ocr_pipeline.settings import OpenTableSettings
from ocr_pipeline.tables.open_words import Word

PrintedLine = tuple[Word, ...]
"""Words side by side, left to right."""


@dataclass(frozen=True)
class Columns:
    """edges: the boundaries between columns and the table's sides, cols + 1 of them; extents: where each column's print
    begins and ends (start, end); weak: the numbers of the inner edges (1 to cols - 1) that some words run across or
    that are hardly wider than a blank. Upright pixels."""

    edges: tuple[float, ...]
    extents: tuple[tuple[float, float], ...]
    weak: frozenset[int]

    def __len__(self) -> int:
        return len(self.extents)

    def range_of(self, x0: float, x1: float, em: float) -> tuple[int, int]:
        """The first and last column that print from x0 to x1 stands in: those it reaches into by half a character, or
        by two fifths of its width."""
        need = min(0.5 * em, 0.4 * (x1 - x0))
        inside = [
            c for c in range(len(self)) if min(x1, self.edges[c + 1]) - max(x0, self.edges[c]) >= need
        ]  # fmt: skip
        if inside:
            return inside[0], inside[-1]
        middle = (x0 + x1) / 2
        nearest = min(range(len(self)), key=lambda c: abs(sum(self.edges[c : c + 2]) / 2 - middle))
        return nearest, nearest


def find_columns(
    lines: Sequence[PrintedLine],
    sides: tuple[float, float],
    ruled: Sequence[float],
    em: float,
    settings: OpenTableSettings,
    labels: Sequence[PrintedLine] = (),
) -> Columns:
    """The columns of printed lines (body rows; header lines would bridge them).

    sides: the table's left and right edge; ruled: positions of upright rulings between columns; labels: the header's
    lines, which show where cells seen as one line belong apart.
    """
    cutter = _Cutter(lines, labels, em, settings)
    parts = cutter.parts(ruled)
    return columns_of(parts, sides, ruled, cutter.crossed, em, settings)


def columns_of(
    extents: Sequence[tuple[float, float]],
    sides: tuple[float, float],
    ruled: Sequence[float],
    crossed: Sequence[float],
    em: float,
    settings: OpenTableSettings,
) -> Columns:
    """Boundaries in the middle of the blanks between extents, on the ruling where there is one."""
    if not extents:
        return Columns(sides, (sides,), frozenset())
    ordered = sorted(extents)
    edges = [min(sides[0], ordered[0][0])]
    weak = set()
    for number, ((_, end), (start, _)) in enumerate(pairwise(ordered), start=1):
        between = [x for x in ruled if end - 0.5 * em <= x <= start + 0.5 * em]
        edges.append(between[0] if between else (end + start) / 2)
        narrow = start - end < settings.narrow_gutter_em * em
        if not between and (narrow or any(end - em <= x <= start + em for x in crossed)):
            weak.add(number)
    edges.append(max(sides[1], ordered[-1][1]))
    return Columns(tuple(edges), tuple(ordered), frozenset(weak))


class _Cutter:
    """Cuts a set of lines into columns, again and again, until no blank runs down through what is left."""

    def __init__(
        self, lines: Sequence[PrintedLine], labels: Sequence[PrintedLine], em: float, settings: OpenTableSettings
    ) -> None:
        self.lines = lines
        self.labels = labels
        self.em = em
        self.settings = settings
        self.crossed: list[float] = []

    def parts(self, ruled: Sequence[float]) -> list[tuple[float, float]]:
        words = [(number, word) for number, line in enumerate(self.lines) for word in line]
        bounds = [-np.inf, *sorted(ruled), np.inf]
        found: list[tuple[float, float]] = []
        for low, high in pairwise(bounds):
            inside = [(n, w) for n, w in words if low <= w.box.centre[0] < high]
            # A word that runs across a ruling between columns is a merged cell's.
            inside = [(n, w) for n, w in inside if w.box.x0 > low - self.em and w.box.x1 < high + self.em]
            found.extend(self._cut(inside))
        return found

    def _cut(self, words: Sequence[tuple[int, Word]]) -> list[tuple[float, float]]:
        if not words:
            return []
        low, high = min(w.box.x0 for _, w in words), max(w.box.x1 for _, w in words)
        cover, gaps = self._profiles(words, low, high)
        at = self._clear_cut(cover)
        if at is None:
            torn = self._uncovered(words, cover, low)
            at = self._crossed_cut(torn, gaps, len({n for n, _ in words}))
            at = self._labelled_cut(torn, words, low) if at is None else at
            at = self._torn_cut(torn, words, low) if at is None else at
            if at is None:
                return [(low, high)]
            self.crossed.append(low + at)
        x = low + at
        pieces = [(n, piece) for n, w in words for piece in _pieces(w, x, self.settings.torn_em * self.em)]
        left = [(n, w) for n, w in pieces if w.box.x1 <= x]
        right = [(n, w) for n, w in pieces if w.box.x0 >= x]
        if not left or not right:
            return [(low, high)]
        return [*self._cut(left), *self._cut(right)]

    def _profiles(
        self, words: Sequence[tuple[int, Word]], low: float, high: float
    ) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
        """How many words cover each pixel column, and on how many lines it lies between two words."""
        size = int(np.ceil(high - low)) + 1
        cover, gaps = np.zeros(size + 1, np.int32), np.zeros(size + 1, np.int32)
        last: tuple[int, float] | None = None
        for number, word in sorted(words, key=lambda item: (item[0], item[1].box.x0)):
            cover[int(word.box.x0 - low)] += 1
            cover[int(np.ceil(word.box.x1 - low))] -= 1
            if last is not None and last[0] == number and word.box.x0 - last[1] >= 0.3 * self.em:
                gaps[int(np.ceil(last[1] - low))] += 1
                gaps[int(word.box.x0 - low)] -= 1
            last = (number, word.box.x1)
        return np.cumsum(cover)[:size], np.cumsum(gaps)[:size]

    def _uncovered(
        self, words: Sequence[tuple[int, Word]], cover: npt.NDArray[np.int32], low: float
    ) -> npt.NDArray[np.int32]:
        """The cover without the blanks inside words: two cells that the detector saw as one line have one there."""
        result = cover.copy()
        for _, word in words:
            for start, end in word.blanks:
                if end - start >= self.settings.torn_em * self.em:
                    result[int(np.ceil(start - low)) : int(end - low)] -= 1
        return result

    def _clear_cut(self, cover: npt.NDArray[np.int32]) -> float | None:
        """The middle of the widest blank that no word covers."""
        edges = np.flatnonzero(np.diff(np.concatenate([[False], cover == 0, [False]]).astype(np.int8)))
        runs = [(int(b - a), (a + b) / 2) for a, b in zip(edges[::2], edges[1::2], strict=True) if b < len(cover)]
        wide = [run for run in runs if run[0] >= self.settings.gutter_em * self.em]
        return max(wide)[1] if wide else None

    def _crossed_cut(self, cover: npt.NDArray[np.int32], gaps: npt.NDArray[np.int32], lines: int) -> float | None:
        """The middle of the blank that most lines have and few words run across."""
        score = gaps - self.settings.crossing_cost * cover
        best = int(score.max())
        if best <= 0:
            return None
        where = np.flatnonzero(score == best)
        stop = int(np.argmax(np.diff(where) > 1)) if np.any(np.diff(where) > 1) else len(where) - 1
        at = (where[0] + where[stop]) / 2 + 0.5
        return float(at) if gaps[int(at)] >= max(2, self.settings.crossing_lines * lines) else None

    def _labelled_cut(self, torn: npt.NDArray[np.int32], words: Sequence[tuple[int, Word]], low: float) -> float | None:
        """A place between two labels at which most lines have a blank with print on both sides, and none a word."""
        count = len({n for n, _ in words})
        for line in self.labels:
            for before, after in pairwise(line):
                start, end = before.box.x1 - low, after.box.x0 - low
                if end <= 0 or start >= len(torn) or end - start < self.settings.torn_em * self.em:
                    continue
                first = max(0, int(start) - round(0.5 * self.em))
                free = np.flatnonzero(torn[first : int(end + 0.5 * self.em)] == 0) + first
                for at in free[len(free) // 2 :][:1] + 0.5:
                    both = [w for _, w in words if w.box.x0 < low + at < w.box.x1]
                    widest = sum(_has_its_widest_blank(w, low + at) for w in both)
                    if 2 * len(both) > count and 2 * widest > len(both):
                        return float(at)
        return None

    def _torn_cut(self, torn: npt.NDArray[np.int32], words: Sequence[tuple[int, Word]], low: float) -> float | None:
        """The middle of a blank nearly as wide as those between words that most lines have inside a word at one place,
        where no character stands."""
        count = len({n for n, _ in words})
        if count < self.settings.torn_lines:
            return None
        wide = np.zeros(len(torn) + 1, np.int32)
        for _, word in words:
            for start, end in word.blanks:
                if end - start >= self.settings.torn_wide_em * self.em:
                    wide[int(np.ceil(start - low))] += 1
                    wide[int(end - low)] -= 1
        free = np.flatnonzero((torn == 0) & (np.cumsum(wide)[: len(torn)] > self.settings.torn_share * count))
        return float(free[len(free) // 2] + 0.5) if len(free) else None


def _has_its_widest_blank(word: Word, x: float) -> bool:
    """Whether two cells seen as one word may meet at x: characters set wide leave as much blank between each other."""
    own = max((end - start for start, end in word.blanks if start <= x <= end), default=0.0)
    return own >= _WIDEST * max((end - start for start, end in word.blanks), default=0.0)


_WIDEST = 0.75


def _pieces(word: Word, x: float, apart: float) -> list[Word]:
    """A word cut at x, where it has a blank as wide as apart there."""
    for start, end in word.blanks:
        if start <= x <= end and end - start >= apart:
            box = word.box
            return [
                replace(word, box=Box(box.x0, box.y0, start, box.y1), blanks=()),
                replace(word, box=Box(end, box.y0, box.x1, box.y1), blanks=()),
            ]
    return [word]
