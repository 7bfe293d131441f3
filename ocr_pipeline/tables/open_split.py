"""Rows that no ruling parts, in tables ruled between their columns alone: a ruled cell that holds a column of numbers,
level with those of the cells beside it, is as many rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from ocr_pipeline.geometry import Box, Point, Quad
from ocr_pipeline.settings import OpenTableSettings, ReadingSettings
from ocr_pipeline.stages import GridCell, TableGrid
from ocr_pipeline.tables.erase import UnruledPage
from ocr_pipeline.tables.open_build import print_height
from ocr_pipeline.tables.open_columns import Columns
from ocr_pipeline.tables.open_rows import LogicalRow, logical_rows, printed_lines
from ocr_pipeline.tables.open_words import Word, cut_word
from ocr_pipeline.tables.printed import find_print


def split_rows(
    grid: TableGrid, unruled: UnruledPage, em: float, reading: ReadingSettings, settings: OpenTableSettings
) -> TableGrid:
    """The grid with such rows parted; the same grid where there are none. em: height of the page's table print."""
    for row in reversed(range(grid.rows)):
        cells = _stacked_cells(grid, row, em, settings)
        if cells:
            borders = _borders(cells, unruled, em, reading, settings)
            if borders:
                grid = _parted(grid, row, borders)
    return grid


def _stacked_cells(grid: TableGrid, row: int, em: float, settings: OpenTableSettings) -> list[GridCell]:
    """The cells of a row high enough for several lines of print, if all of them stand in this row and one column."""
    if grid.ys[row + 1] - grid.ys[row] < settings.split_height_em * em or grid.cols < 3:
        return []
    cells = [cell for cell in grid.cells if cell.row <= row < cell.row + cell.row_span]
    return cells if all(cell.row_span == 1 and cell.col_span == 1 for cell in cells) else []


def _borders(
    cells: Sequence[GridCell], unruled: UnruledPage, em: float, reading: ReadingSettings, settings: OpenTableSettings
) -> list[float]:
    """The heights between the row's printed rows; none where its cells hold text rather than columns of numbers."""
    stacks = [_lines_of(cell.box, unruled, em, reading) for cell in cells]
    words = [word for stack in stacks for word in stack]
    own_em = print_height(words)
    numbers = [
        stack
        for stack in stacks
        if len(stack) >= settings.split_rows
        and sum(word.is_number(own_em) for word in stack) >= settings.number_share * len(stack)
    ]
    if len(numbers) < 2 or not all(_level_with(stack, max(numbers, key=len), settings) for stack in numbers):
        return []
    columns = Columns(
        (*(cell.box.x0 for cell in cells), cells[-1].box.x1),
        tuple((cell.box.x0, cell.box.x1) for cell in cells),
        frozenset(),
    )
    rows = logical_rows(printed_lines(words), columns, own_em, settings)
    if len(rows) < settings.split_rows or sum(_has_number(row, own_em) for row in rows) < settings.split_rows:
        return []
    return [(upper.bottom + lower.top) / 2 for upper, lower in pairwise(rows)]


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


def _level_with(stack: Sequence[Word], fullest: Sequence[Word], settings: OpenTableSettings) -> bool:
    """Whether most lines of one column stand beside a line of another."""
    beside = sum(any(other.box.y0 < word.box.centre[1] < other.box.y1 for other in fullest) for word in stack)
    return beside >= settings.split_level * len(stack)


def _parted(grid: TableGrid, row: int, borders: Sequence[float]) -> TableGrid:
    """The grid with one row made several."""
    top, bottom = grid.ys[row], grid.ys[row + 1]
    between = [_corner_row(grid.corners[row], grid.corners[row + 1], (y - top) / (bottom - top)) for y in borders]
    corners = (*grid.corners[: row + 1], *between, *grid.corners[row + 1 :])
    ys = (*grid.ys[: row + 1], *borders, *grid.ys[row + 1 :])
    more = len(borders)
    cells: list[GridCell] = []
    for cell in grid.cells:
        if cell.row < row:
            cells.append(cell)
        elif cell.row > row:
            cells.append(replace(cell, row=cell.row + more))
        else:
            cells.extend(_pieces(cell, corners, more))
    # One cell says that rows were parted by their print alone.
    first = next(i for i, cell in enumerate(cells) if cell.row == row)
    cells[first] = replace(cells[first], invented=tuple(dict.fromkeys((*cells[first].invented, "bottom"))))
    thickness = (*grid.row_thickness[: row + 1], *([0.0] * more), *grid.row_thickness[row + 1 :])
    return replace(
        grid,
        ys=ys,
        corners=corners,
        row_thickness=thickness,
        cells=tuple(sorted(cells, key=lambda cell: (cell.row, cell.col))),
    )


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
