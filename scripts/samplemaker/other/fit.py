"""Column widths and type size of a table from what its cells hold, and the lines of each cell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..cells import CellLine
from ..grid import Grid, GridCell, kind_of
from ..typeset import TextStyle, break_words, flat, words_of
from .look import Look

# Smaller type than this is met on no form that is filled in or read by people.
LEAST_SIZE = 7.0
# Ems that a label or a text takes before it is broken, least and most.
LABEL = (2.2, 9.0)


@dataclass(frozen=True)
class Fitted:
    """A table's type size in points, the x of its column edges and each cell's lines."""

    size: float
    edges: tuple[float, ...]
    lines: tuple[list[CellLine], ...]


def text_style(cell: GridCell, look: Look, size: float) -> TextStyle:
    """Face and size of a cell's text."""
    return TextStyle(look.head if cell.role == "header" else look.body, look.digits, size)


def is_whole(cell: GridCell) -> bool:
    """Whether a cell's text is one piece that is never broken: numbers, dates, codes."""
    if cell.setting == "lines":
        return False
    return kind_of(cell.text) == "number" or (cell.role == "data" and (cell.text.isascii() or cell.text[:1].isdigit()))


def _need(cell: GridCell, look: Look) -> float:
    """Width in ems that a cell of one column wants."""
    unit = text_style(cell, look, 1.0)
    wide = sum(word.width for word in words_of(cell.text, unit))
    if is_whole(cell):
        return wide
    if cell.setting == "stacked":
        return 1.1
    if cell.setting == "lines":
        return max(sum(word.width for word in words_of(part, unit)) for part in cell.parts)
    if cell.setting == "diagonal":
        return 1.2 * wide
    longest = max((word.width for word in words_of(cell.text, unit)), default=0.0)
    most = 4.2 if cell.role == "header" else LABEL[1]
    return max(longest, min(wide + cell.indent, most if cell.role != "header" else max(LABEL[0], wide / 2)))


def fit(grid: Grid, look: Look, left: float, right: float, stretch: np.ndarray) -> Fitted | None:
    """The table between two edges, set smaller where it must be; None where no size that people read will do.

    stretch: a share of the spare width for each column, which sums to 1.
    """
    need = np.full(grid.cols, 1.2)
    for cell in grid.cells:
        if cell.col_span == 1:
            need[cell.col] = max(need[cell.col], _need(cell, look))
    for cell in grid.cells:
        here = slice(cell.col, cell.col + cell.col_span)
        if cell.col_span > 1 and cell.setting != "stacked":
            lacking = min(_need(cell, look), 2.5 * cell.col_span) - float(need[here].sum())
            need[here] += max(0.0, lacking) / cell.col_span
    for size in (look.size, *(s for s in (10.0, 9.0, 8.0, 7.5, LEAST_SIZE) if s < look.size)):
        widths = need * size + 2 * look.pad + 1.0
        spare = right - left - float(widths.sum())
        if spare >= 0:
            widths = widths + spare * stretch
            edges = tuple(float(x) for x in left + np.concatenate([[0.0], np.cumsum(widths)]))
            lines = tuple(
                lines_of(cell, edges[cell.col + cell.col_span] - edges[cell.col], look, size) for cell in grid.cells
            )
            return Fitted(size, edges, lines)
    return None


def lines_of(cell: GridCell, width: float, look: Look, size: float) -> list[CellLine]:
    """Lines of a cell `width` points wide."""
    style = text_style(cell, look, size)
    if not cell.text:
        return []
    if is_whole(cell):
        return [(tuple(flat(words_of(cell.text, style))), size)]
    parts = tuple(cell.text) if cell.setting == "stacked" else cell.parts or (cell.text,)
    room = max(width - 2 * look.pad - cell.indent * size, 1.02 * size)
    return [(tuple(flat(line)), size) for part in parts for line in break_words(words_of(part, style), room)]
