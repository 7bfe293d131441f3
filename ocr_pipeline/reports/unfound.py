"""Tables that were not found: lines of running text that are rows of numbers, one below another."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from ocr_pipeline.document import Line, Page
from ocr_pipeline.geometry import Box

_FIGURES = re.compile(r"[<>≤≥]?[+\-−－]?\d[\d.,]*[%％‰]?")
_LEAST_NUMBERS, _LEAST_ROWS = 2, 4
"""So many numbers side by side, so many times one below another, are in columns."""
_APART = 3.0
"""Rows of one table are no further apart than so many times their height."""


@dataclass(frozen=True)
class _Row:
    """Lines side by side. middle, height: of the row on the upright page, in pixels; numbers: how many it holds."""

    lines: tuple[Line, ...]
    middle: float
    height: float

    @property
    def numbers(self) -> int:
        return sum(_FIGURES.fullmatch(word) is not None for word in self._words())

    @property
    def is_of_numbers(self) -> bool:
        return self.numbers >= _LEAST_NUMBERS and 2 * self.numbers >= len(self._words())

    def _words(self) -> list[str]:
        return [word for line in self.lines for word in line.raw.split()]


def unfound_tables(page: Page) -> Iterator[Box]:
    """Where on a page several rows of numbers stand in its text, in source pixels: a table that was not found."""
    run: list[_Row] = []
    gap = 0
    for row in [*_rows(page), None]:
        goes_on = row is not None and (not run or row.middle - run[-1].middle <= _APART * run[-1].height)
        if row is not None and goes_on and row.is_of_numbers:
            run, gap = [*run, row], 0
        elif row is not None and goes_on and run and not gap:
            gap = 1  # the title of a section, a row with blanks
        else:
            if _is_table(run):
                yield Box.around(line.box for one in run for line in one.lines)
            run, gap = ([row] if row is not None and row.is_of_numbers else []), 0


def _is_table(run: Sequence[_Row]) -> bool:
    """Whether rows are enough, most of them with as many numbers as the others but for one."""
    if len(run) < _LEAST_ROWS:
        return False
    usual = median(row.numbers for row in run)
    return 3 * sum(abs(row.numbers - usual) <= 1 for row in run) >= 2 * len(run)


def _rows(page: Page) -> list[_Row]:
    """The page's lines of text, those level with each other together, from top to bottom."""
    placed = sorted(((_middle(line.box, page), line) for block in page.blocks for line in block.lines), key=_first)
    rows: list[_Row] = []
    for middle, line in placed:
        high = min(line.box.width, line.box.height) if page.orientation % 180 else line.box.height
        if rows and middle - rows[-1].middle <= 0.5 * min(high, rows[-1].height):
            rows[-1] = _Row((*rows[-1].lines, line), rows[-1].middle, rows[-1].height)
        else:
            rows.append(_Row((line,), middle, high))
    return rows


def _first(placed: tuple[float, Line]) -> float:
    return placed[0]


def _middle(box: Box, page: Page) -> float:
    """The height of a box's middle on the page set upright and level, in pixels."""
    (x, y), lean = box.centre, math.tan(math.radians(page.skew))
    upright = {
        0: (x, y),
        90: (page.height - y, x),
        180: (page.width - x, page.height - y),
        270: (y, page.width - x),
    }
    along, down = upright.get(page.orientation, (x, y))
    return down + along * lean
