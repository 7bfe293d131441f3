"""The order in which the boxes of a page are read.

Rows from top to bottom, each from left to right, except where the print stands in columns: there a column is read to
its end before the next. A table is a box like any other and takes its own place.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from ocr_pipeline.geometry import Box
from ocr_pipeline.settings import LayoutSettings

Indices = list[int]


def reading_order(boxes: Sequence[Box], em: float, settings: LayoutSettings) -> list[int]:
    """The indices of the boxes in reading order. Boxes in pixels of an upright frame, em the height of its print."""
    return [index for column in reading_columns(boxes, em, settings) for index in column]


def reading_columns(boxes: Sequence[Box], em: float, settings: LayoutSettings) -> list[list[int]]:
    """The same, cut into runs: each run is a stretch of one column (or of the full width) from top to bottom."""
    if em <= 0:
        raise ValueError("em must be positive")
    return _Orderer(boxes, em, settings).runs(list(range(len(boxes))))


class _Orderer:
    """Recursive cuts over index lists; the boxes and the scale stay the same all the way down."""

    def __init__(self, boxes: Sequence[Box], em: float, settings: LayoutSettings) -> None:
        self.boxes = boxes
        self.em = em
        self.settings = settings

    def runs(self, items: Indices) -> list[Indices]:
        """Bands of the region from top to bottom; bands that stand in columns together are read column by column."""
        bands = self._bands(items)
        result: list[Indices] = []
        plain: Indices = []
        start = 0
        while start < len(bands):
            end, cut = self._columns_from(bands, start)
            if cut is None:
                plain += self._rows(bands[start])
                start += 1
                continue
            if plain:
                result.append(plain)
                plain = []
            group = [i for band in bands[start:end] for i in band]
            result += self.runs([i for i in group if self.boxes[i].centre[0] < cut])
            result += self.runs([i for i in group if self.boxes[i].centre[0] >= cut])
            start = end
        return [*result, plain] if plain else result

    def _bands(self, items: Indices) -> list[Indices]:
        """The items cut at every empty horizontal strip; rows that overlap a little count as apart."""
        bands: list[Indices] = []
        bottom = float("-inf")
        slack = self.em * self.settings.band_overlap
        for index in sorted(items, key=lambda i: (self.boxes[i].y0, self.boxes[i].x0)):
            if not bands or self.boxes[index].y0 >= bottom - slack:
                bands.append([])
            bands[-1].append(index)
            bottom = max(bottom, self.boxes[index].y1)
        return bands

    def _columns_from(self, bands: list[Indices], start: int) -> tuple[int, float | None]:
        """The longest stretch of bands from start on with one gutter through all of it: its end and the gutter's x."""
        left = min(self.boxes[i].x0 for band in bands for i in band)
        right = max(self.boxes[i].x1 for band in bands for i in band)
        group: Indices = []
        best: tuple[int, float | None] = (start, None)
        for end in range(start, len(bands)):
            group += bands[end]
            stretches = self._stretches(group)
            if len(stretches) == 1 and right - left - (stretches[0][1] - stretches[0][0]) < self.em:
                break
            gaps = [(b[0] - a[1], (b[0] + a[1]) / 2) for a, b in pairwise(stretches)]
            cuts = [x for _, x in sorted(gaps, reverse=True) if self._are_columns(group, x)]
            if cuts:
                best = (end + 1, cuts[0])
        return best

    def _stretches(self, items: Indices) -> list[tuple[float, float]]:
        """What the items cover of the x axis, strips narrower than a gutter closed."""
        merged: list[tuple[float, float]] = []
        for x0, x1 in sorted((self.boxes[i].x0, self.boxes[i].x1) for i in items):
            if merged and x0 < merged[-1][1] + self.em * self.settings.gutter:
                merged[-1] = (merged[-1][0], max(merged[-1][1], x1))
            else:
                merged.append((x0, x1))
        return merged

    def _are_columns(self, items: Indices, cut: float) -> bool:
        """Whether both sides hold running text side by side, and not the label and the value of a form, or a signature
        below the end of the text."""
        sides = [
            self._row_boxes([self.boxes[i] for i in items if (self.boxes[i].centre[0] < cut) is left])
            for left in (True, False)
        ]
        for rows in sides:
            if sum(row.height for row in rows) < self.em * self.settings.column_rows:
                return False
            widths = sorted(row.width for row in rows)
            # Most lines of a column may be short (answers, list items); a quarter of them has to be text.
            if widths[(3 * len(widths)) // 4] < self.em * self.settings.column_width:
                return False
        fewer, more = sorted(sides, key=len)
        reach = 0.75 * self.em
        beside = sum(any(a.y0 - reach < b.y1 and b.y0 < a.y1 + reach for b in more) for a in fewer)
        return 2 * beside >= len(fewer)

    def _row_boxes(self, boxes: Sequence[Box]) -> list[Box]:
        rows: list[Box] = []
        for box in sorted(boxes, key=lambda b: b.centre[1]):
            if rows and same_row(rows[-1], box, self.settings.row_overlap):
                rows[-1] = rows[-1].union(box)
            else:
                rows.append(box)
        return rows

    def _rows(self, band: Indices) -> Indices:
        """One band in rows: boxes that share half the height of the lower one stand in one row."""
        rows: list[Indices] = []
        for index in sorted(band, key=lambda i: self.boxes[i].centre[1]):
            if rows and same_row(self.boxes[rows[-1][0]], self.boxes[index], self.settings.row_overlap):
                rows[-1].append(index)
            else:
                rows.append([index])
        return [index for row in rows for index in sorted(row, key=lambda i: self.boxes[i].x0)]


def same_row(first: Box, second: Box, overlap: float) -> bool:
    """Whether two boxes stand side by side: they share at least that part of the lower one's height."""
    common = min(first.y1, second.y1) - max(first.y0, second.y0)
    return common >= overlap * min(first.height, second.height) and common > 0
