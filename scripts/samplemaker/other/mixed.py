"""Yearbook tables with what else forms have: blank columns, blanks between thousands, numbers in brackets or in two
lines, a row of units below the header, rows of one cell between the groups."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from ..grid import Grid, GridCell
from .words import BLOCKS, UNITS, pick
from .yearbook import NUMERALS, yearbook

Change = Callable[[GridCell, np.random.Generator], GridCell]
_NUMBER = re.compile(r"[+\-]?[\d,]+(\.\d+)?%?")


def mixed(key: str, rows: int, data: int, rng: np.random.Generator) -> Grid:
    """A table of about so many body rows and exactly so many data columns."""
    grid = yearbook(key, rows, data, rng)
    grid = _with_columns_changed(grid, grid.cols - data, rng)
    if rng.random() < 0.3:
        grid = _with_units(grid, grid.cols - data, rng)
    return _with_bands(grid, rng) if rng.random() < 0.4 else grid


def _spaced(cell: GridCell, rng: np.random.Generator) -> GridCell:
    """12 345.6 in the place of 12345.6 or 12,345.6."""
    whole, point, behind = cell.text.replace(",", "").partition(".")
    sign, digits = (whole[0], whole[1:]) if whole[:1] in "+-" else ("", whole)
    return replace(cell, text=sign + f"{int(digits):,}".replace(",", " ") + point + behind)


def _bracketed(cell: GridCell, rng: np.random.Generator) -> GridCell:
    """Some numbers in brackets, as accounts print negative ones."""
    return replace(cell, text=f"({cell.text.lstrip('+-')})") if rng.random() < 0.4 else cell


def _with_share(cell: GridCell, rng: np.random.Generator) -> GridCell:
    """A share in brackets below the number."""
    parts = (cell.text, f"({rng.uniform(0, 100):.1f}%)")
    return replace(cell, text="".join(parts), parts=parts, setting="lines")


def _blank(cell: GridCell, rng: np.random.Generator) -> GridCell:
    return replace(cell, text="")


_CHANGES: tuple[Change, ...] = (_spaced, _spaced, _bracketed, _with_share, _blank)


def _with_columns_changed(grid: Grid, first: int, rng: np.random.Generator) -> Grid:
    """Some data columns (from the first on) changed, all their numbers alike."""
    changes = {col: _CHANGES[int(rng.integers(len(_CHANGES)))] for col in range(first, grid.cols) if rng.random() < 0.4}

    def changed(cell: GridCell) -> GridCell:
        change = changes.get(cell.col) if cell.row >= grid.header_rows and cell.col_span == 1 else None
        is_number = _NUMBER.fullmatch(cell.text) is not None and not cell.text.endswith("%")
        return change(cell, rng) if change is not None and is_number else cell

    return replace(grid, cells=tuple(changed(cell) for cell in grid.cells))


def _opened(grid: Grid, row: int) -> tuple[GridCell, ...]:
    """The cells with a row free before that one; cells that span it grow."""
    return tuple(
        replace(cell, row=cell.row + 1)
        if cell.row >= row
        else replace(cell, row_span=cell.row_span + 1)
        if cell.row + cell.row_span > row
        else cell
        for cell in grid.cells
    )


def _with_units(grid: Grid, first: int, rng: np.random.Generator) -> Grid:
    """A row below the header that names the unit of each data column."""
    row = grid.header_rows
    cells = [GridCell(row, 0, 1, first, "计量单位", "header")]
    cells += [GridCell(row, col, 1, 1, pick(UNITS, rng), "header") for col in range(first, grid.cols)]
    return replace(grid, cells=(*_opened(grid, row), *cells), rows=grid.rows + 1, header_rows=row + 1)


def _with_bands(grid: Grid, rng: np.random.Generator) -> Grid:
    """Rows of one cell across the table before some rows at which every cell begins."""
    for number in range(int(rng.integers(1, 4))):
        crossed = {row for cell in grid.cells for row in range(cell.row + 1, cell.row + cell.row_span)}
        free = [row for row in range(grid.header_rows, grid.rows - 1) if row not in crossed]
        row = free[int(rng.integers(len(free)))]
        align = pick(("left", "center"), rng)
        band = GridCell(row, 0, 1, grid.cols, f"（{NUMERALS[number]}）{pick(BLOCKS, rng)}", "stub", align=align)
        grid = replace(grid, cells=(*_opened(grid, row), band), rows=grid.rows + 1)
    return grid
