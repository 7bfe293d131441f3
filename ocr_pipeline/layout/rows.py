"""From lines to printed rows, with what a row shows before its words are asked: margins, indent, size, centring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from statistics import median

from ocr_pipeline.geometry import Box
from ocr_pipeline.layout import patterns
from ocr_pipeline.layout.lines import LayoutPage, ReadLine
from ocr_pipeline.layout.order import reading_columns, same_row
from ocr_pipeline.layout.text import is_wide, join_lines
from ocr_pipeline.settings import LayoutSettings

# A row needs this many characters before its width tells the size of the print.
_MEASURABLE = 8
# Fragments nearer than this part of their height touch; a Latin blank is a quarter of an em, a box's margin as much.
_TOUCHING = 0.15
# Half-width characters take about half an em.
_HALF = 0.52


@dataclass(frozen=True)
class Row:
    """Line fragments side by side, left to right, that make one printed row; box in upright pixels."""

    lines: tuple[ReadLine, ...]

    @cached_property
    def box(self) -> Box:
        return Box.around(line.box for line in self.lines)

    @cached_property
    def text(self) -> str:
        """The fragments' texts as one. Where they touch, the detector cut a word: nothing goes between."""
        pieces = [self.lines[0].text]
        for before, after in pairwise(self.lines):
            if after.box.x0 - before.box.x1 < _TOUCHING * self.height:
                pieces[-1] += after.text
            else:
                pieces.append(after.text)
        return join_lines(pieces)

    @cached_property
    def advance(self) -> float | None:
        """Pixels a full-width character takes on this row; None when the row is too short to tell."""
        units = _units(self.text)
        return sum(line.box.width for line in self.lines) / units if units >= _MEASURABLE else None

    @property
    def height(self) -> float:
        """The height of its tallest fragment: a dash alone says nothing of the size of the print."""
        return max(line.box.height for line in self.lines)


@dataclass(frozen=True)
class Column:
    """A run of rows and tables from top to bottom between two margins. Upright pixels; em and pitch (distance of the
    centres of successive rows) as usual in this column; height: usual height of its rows' boxes."""

    items: tuple[Row | Box, ...]
    left: float
    right: float
    em: float
    pitch: float
    height: float

    def indent(self, row: Row) -> float:
        """How far a row starts inside the left margin, in em."""
        return (row.box.x0 - self.left) / self.em

    def slack(self, row: Row) -> float:
        """How far a row ends before the right margin, in em."""
        return (self.right - row.box.x1) / self.em

    def size(self, row: Row) -> float:
        """The size of a row's print, 1 for the usual of this page.

        A detector's boxes are now tight, now wide, and characters may be spread: on a row long enough the smaller of
        what its height and its width say is near the truth."""
        by_height = row.height / self.height
        width = row.advance
        return by_height if width is None else min(by_height, width / self.em)

    def is_large(self, row: Row, ratio: float) -> bool:
        return self.size(row) >= ratio

    def is_centred(self, row: Row, settings: LayoutSettings) -> bool:
        """Whether a row stands in the middle by intention: white on both sides, or larger print that fills the line."""
        before, after = self.indent(row), self.slack(row)
        # Large print may fill the line, or stick out a little.
        needed = -1.0 if self.is_large(row, settings.title_ratio) else settings.centre_gap
        return abs(before - after) < settings.centre and min(before, after) > needed


def columns_of(page: LayoutPage, settings: LayoutSettings) -> list[Column]:
    """The page's rows and tables in reading order, column by column."""
    if not page.lines:
        return []
    # Not the page's text height: where tables fill the page, that is the size of their small print.
    height = _usual_height(page.lines)
    em = _em(page.lines, height)
    runs = reading_columns([*(line.box for line in page.lines), *page.obstacles], em, settings)
    return [_column(page, run, em, height, len(runs) == 1, settings) for run in runs]


def _column(
    page: LayoutPage, run: Sequence[int], em: float, height: float, single: bool, settings: LayoutSettings
) -> Column:
    count = len(page.lines)
    items: list[Row | Box] = []
    for index in run:
        if index >= count:
            items.append(page.obstacles[index - count])
        else:
            _add_line(items, page.lines[index], em, settings)
    rows = [item for item in items if isinstance(item, Row)]
    tables = [item for item in items if isinstance(item, Box)]
    left, right = _margins(rows, tables, em, page.width if single else None)
    return Column(tuple(items), left, right, em, _pitch(rows, em), height)


def _add_line(items: list[Row | Box], line: ReadLine, em: float, settings: LayoutSettings) -> None:
    """Join a line to the row it continues, or start a new row."""
    last = items[-1] if items else None
    if isinstance(last, Row) and same_row(last.box, line.box, settings.row_overlap):
        gap = line.box.x0 - last.box.x1
        if gap >= -em and (gap <= settings.fragment_gap * em or _is_printed_row(last, line)):
            items[-1] = Row((*last.lines, line))
            return
    items.append(Row((line,)))


def _is_printed_row(row: Row, line: ReadLine) -> bool:
    """Office to the left, date of printing to the right: one row however wide the blank between them."""
    return patterns.PRINTED.fullmatch(line.text) is not None and len(row.text) <= 40


def _em(lines: Sequence[ReadLine], height: float) -> float:
    """The advance of a full-width character in pixels, measured on long lines of usual height.

    Without long lines it follows from that height. Letter-spaced print must not carry the page away."""
    sizes = [
        line.box.width / units
        for line in lines
        if (units := _units(line.text)) >= _MEASURABLE and line.box.height < 1.2 * height
    ]
    measured = median(sizes) if sizes else 0.9 * height
    return min(max(measured, 0.6 * height), 1.3 * height)


def _units(text: str) -> float:
    """The length of a text in full-width characters."""
    return sum(1.0 if is_wide(ch) else _HALF for ch in text)


def _usual_height(lines: Sequence[ReadLine]) -> float:
    """A box height low among those of lines that hold more than a mark or a number: a short page may consist of a
    large title and little else, and small print is rarer."""
    heights = [line.box.height for line in lines if len(line.text) > 4] or [line.box.height for line in lines]
    return max(sorted(heights)[(2 * len(heights)) // 5], 1.0)


def _pitch(rows: Sequence[Row], em: float) -> float:
    steps = [b.box.centre[1] - a.box.centre[1] for a, b in pairwise(rows)]
    steps = [step for step in steps if 0.8 * em < step < 3.5 * em]
    return median(steps) if steps else 1.75 * em


def _margins(rows: Sequence[Row], tables: Sequence[Box], em: float, page_width: float | None) -> tuple[float, float]:
    """Where the column's full rows begin and end. page_width is given when the column is the page's only one."""
    if not rows:
        return (min(b.x0 for b in tables), max(b.x1 for b in tables)) if tables else (0.0, page_width or 0.0)
    left = _edge([row.box.x0 for row in rows], em)
    right = -_edge([-row.box.x1 for row in rows], em)
    if page_width is None:
        return left, right
    # A page of headings only shows no right margin: then tables, or the left margin mirrored, stand for it.
    if right - left < 0.55 * page_width or sum(abs(row.box.x1 - right) < em for row in rows) < 3:
        right = max([right, page_width - left, *(table.x1 for table in tables)])
    if tables:
        left = min(left, max(min(table.x0 for table in tables), page_width - right))
    return left, right


def _edge(values: Sequence[float], em: float) -> float:
    """The outermost position that at least two rows share within 0.75 em (a mark's ink ends before its square)."""
    ordered = sorted(values)
    for value in ordered:
        if sum(abs(other - value) <= 0.75 * em for other in ordered) >= 2:
            return value
    return ordered[0]
