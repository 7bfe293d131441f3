"""Rows that no ruling parts, in tables ruled between their columns alone: a ruled cell that holds a column of numbers,
level with those of the cells beside it, is as many rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from ocr_pipeline.geometry import Box, Point, Quad
from ocr_pipeline.settings import OpenTableSettings, ReadingSettings
from ocr_pipeline.stages import GridCell, TableGrid
from ocr_pipeline.tables.erase import UnruledPage
from ocr_pipeline.tables.open_build import print_height
from ocr_pipeline.tables.open_columns import Columns
from ocr_pipeline.tables.open_rows import LogicalRow, logical_rows, parts, printed_lines
from ocr_pipeline.tables.open_words import Word, cut_word
from ocr_pipeline.tables.printed import find_print


def split_rows(
    grid: TableGrid, unruled: UnruledPage, em: float, reading: ReadingSettings, settings: OpenTableSettings
) -> TableGrid:
    """The grid with such rows parted; the same grid where there are none. em: height of the page's table print."""
    for row in reversed(range(grid.rows)):
        cells = _stacked_cells(grid, row, em, settings)
        if cells:
            # Header and labels show the height of the print; a stack may hold nothing but numbers.
            others = [cell for cell in grid.cells if cell not in cells]
            known = [word for cell in others for word in _lines_of(cell.box, unruled, em, reading)]
            rows = _printed_rows(cells, known, unruled, em, reading, settings)
            if rows:
                grid = _parted(grid, row, rows)
    return grid


@dataclass(frozen=True)
class _PrintedRow:
    """A row found by its print: from where to where, and whether it is one title across all columns."""

    top: float
    bottom: float
    title: bool


def _stacked_cells(grid: TableGrid, row: int, em: float, settings: OpenTableSettings) -> list[GridCell]:
    """The cells of a row high enough for several lines of print, if all of them stand in this row and one column."""
    if grid.ys[row + 1] - grid.ys[row] < settings.split_height_em * em or grid.cols < 3:
        return []
    cells = [cell for cell in grid.cells if cell.row <= row < cell.row + cell.row_span]
    return cells if all(cell.row_span == 1 and cell.col_span == 1 for cell in cells) else []


def _printed_rows(
    cells: Sequence[GridCell],
    known: Sequence[Word],
    unruled: UnruledPage,
    em: float,
    reading: ReadingSettings,
    settings: OpenTableSettings,
) -> list[_PrintedRow]:
    """The row's printed rows; none where its cells hold text rather than columns of numbers. known: the print of the
    table's other rows."""
    stacks = [_lines_of(cell.box, unruled, em, reading) for cell in cells]
    words = [word for stack in stacks for word in stack]
    own_em = max(print_height(words), print_height(known) if known else 0.0)
    numbers = [
        stack
        for stack in stacks
        if len(stack) >= settings.split_rows
        and sum(word.is_number(own_em) for word in stack) >= settings.number_share * len(stack)
        and not _is_set_down(stack, settings)
    ]
    if len(numbers) < 2 or not all(_is_level(stack, stacks, settings) for stack in numbers):
        return []
    columns = Columns(
        (*(cell.box.x0 for cell in cells), cells[-1].box.x1),
        tuple((cell.box.x0, cell.box.x1) for cell in cells),
        frozenset(),
    )
    rows = logical_rows(printed_lines(words), columns, own_em, settings)
    if len(rows) < settings.split_rows or sum(_has_number(row, own_em) for row in rows) < settings.split_rows:
        return []
    return [_PrintedRow(row.top, row.bottom, _is_title(row, columns, own_em)) for row in rows]


def _is_set_down(stack: Sequence[Word], settings: OpenTableSettings) -> bool:
    """Whether the lines of a stack are one Chinese character each, a label printed downwards: characters are as wide as
    high, a figure is half as wide, two are wider. (Small print in a page of large print looks low, as numbers do.)"""
    square = [
        settings.square <= word.box.width / max(word.box.height, 1.0) <= 1 / settings.square for word in stack
    ]  # fmt: skip
    return 2 * sum(square) > len(square)


def _is_title(row: LogicalRow, columns: Columns, em: float) -> bool:
    """Whether a row is one line of print that the columns' boundaries cut: pieces of it end and begin right there."""
    words = sorted(row.words, key=lambda w: w.box.x0)
    if _has_number(row, em) or parts(words, 0.9 * em) > 1 or len(words) < 2:
        return False
    near = 0.5 * em
    return any(
        any(a.box.x1 > edge - near and b.box.x0 < edge + near and a.box.x1 <= edge + 1 for edge in columns.edges[1:-1])
        for a, b in pairwise(words)
    )


def _has_number(row: LogicalRow, em: float) -> bool:
    return any(word.is_number(em) for word in row.words)


def _lines_of(box: Box, unruled: UnruledPage, em: float, reading: ReadingSettings) -> list[Word]:
    """The printed lines of a cell as words, from top to bottom."""
    inside = box.clipped(unruled.gray.shape[1], unruled.gray.shape[0])
    x0, y0, x1, y1 = (round(v) for v in (inside.x0, inside.y0, inside.x1, inside.y1))
    if x1 - x0 < 3 or y1 - y0 < 3:
        return []
    printed = find_print(unruled.gray[y0:y1, x0:x1], unruled.binary[y0:y1, x0:x1], em, reading)
    words = [word for line in printed.lines for word in cut_word(line, 0, printed.binary, np.inf)]
    return [
        replace(word, box=Box(word.box.x0 + x0, word.box.y0 + y0, word.box.x1 + x0, word.box.y1 + y0)) for word in words
    ]


def _is_level(stack: Sequence[Word], stacks: Sequence[Sequence[Word]], settings: OpenTableSettings) -> bool:
    """Whether most lines of one column stand beside a line of another."""
    others = [word for other in stacks if other is not stack for word in other]
    beside = sum(any(other.box.y0 < word.box.centre[1] < other.box.y1 for other in others) for word in stack)
    return beside >= settings.split_level * len(stack)


def _parted(grid: TableGrid, row: int, rows: Sequence[_PrintedRow]) -> TableGrid:
    """The grid with one row made several."""
    top, bottom = grid.ys[row], grid.ys[row + 1]
    borders = [(upper.bottom + lower.top) / 2 for upper, lower in pairwise(rows)]
    between = [_corner_row(grid.corners[row], grid.corners[row + 1], (y - top) / (bottom - top)) for y in borders]
    corners = (*grid.corners[: row + 1], *between, *grid.corners[row + 1 :])
    more = len(borders)
    titles = {row + i for i, printed in enumerate(rows) if printed.title}
    cells: list[GridCell] = [_across(number, grid.cols, corners) for number in titles]
    for cell in grid.cells:
        if cell.row < row:
            cells.append(cell)
        elif cell.row > row:
            cells.append(replace(cell, row=cell.row + more))
        else:
            cells.extend(piece for piece in _pieces(cell, corners, more) if piece.row not in titles)
    cells.sort(key=lambda cell: (cell.row, cell.col))
    # One cell says that rows were parted by their print alone.
    first = next(i for i, cell in enumerate(cells) if cell.row == row)
    cells[first] = replace(cells[first], invented=tuple(dict.fromkeys((*cells[first].invented, "bottom"))))
    return replace(
        grid,
        ys=(*grid.ys[: row + 1], *borders, *grid.ys[row + 1 :]),
        corners=corners,
        row_thickness=(*grid.row_thickness[: row + 1], *([0.0] * more), *grid.row_thickness[row + 1 :]),
        cells=tuple(cells),
    )


def _across(row: int, cols: int, corners: Sequence[tuple[Point, ...]]) -> GridCell:
    """One cell over all columns of a row."""
    quad = Quad((corners[row][0], corners[row][cols], corners[row + 1][cols], corners[row + 1][0]))
    return GridCell(row, 0, 1, cols, quad.box, quad)


def _corner_row(upper: Sequence[Point], lower: Sequence[Point], share: float) -> tuple[Point, ...]:
    return tuple(
        (x0 + share * (x1 - x0), y0 + share * (y1 - y0)) for (x0, y0), (x1, y1) in zip(upper, lower, strict=True)
    )


def _pieces(cell: GridCell, corners: Sequence[tuple[Point, ...]], more: int) -> list[GridCell]:
    """A cell of one row as the cells of the rows that it was parted into."""
    pieces = []
    for row in range(cell.row, cell.row + more + 1):
        quad = Quad(
            (corners[row][cell.col], corners[row][cell.col + 1],
             corners[row + 1][cell.col + 1], corners[row + 1][cell.col])
        )  # fmt: skip
        inner = Box(cell.box.x0, max(cell.box.y0, quad.box.y0), cell.box.x1, min(cell.box.y1, quad.box.y1))
        # A doubt about the whole cell is said once.
        doubt = cell.invented if row == cell.row else ()
        pieces.append(GridCell(row, cell.col, 1, 1, inner, quad, doubt))
    return pieces
