"""A page's tables from their grids and readings."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace

from ocr_pipeline.assemble.cells import JoinedReading, join_readings
from ocr_pipeline.document import Cell, CellRole, Flag
from ocr_pipeline.geometry import Box, Quad
from ocr_pipeline.recognition import Readings
from ocr_pipeline.settings import ReadingSettings
from ocr_pipeline.stages import Crop, CropKind, GridCell, PageAnalysis, RawReading, TableGrid


@dataclass(frozen=True)
class PageTable:
    """A table as it stands on one page: cells with rows and columns counted on this page.

    xs: the column boundaries as shares of the table's width, 0 to 1; left, right: the table's sides in inches from
    the page's left edge; box in source pixels; top, bottom: upright pixels; number: its place on the page.
    """

    page: int
    number: int
    rows: int
    cols: int
    cells: tuple[Cell, ...]
    xs: tuple[float, ...]
    left: float
    right: float
    box: Box
    upright_box: Box
    ruled: bool


def assemble_tables(analysis: PageAnalysis, readings: Readings, settings: ReadingSettings) -> tuple[PageTable, ...]:
    """All tables of a page, texts in place."""
    by_cell: dict[tuple[int, int], list[tuple[Crop, RawReading]]] = defaultdict(list)
    for crop in sorted(analysis.crops, key=lambda crop: crop.address):
        if crop.address.kind is CropKind.CELL:
            by_cell[crop.address.table, crop.address.item].append((crop, readings[crop.address]))
    flags: dict[tuple[int, int], list[Flag]] = defaultdict(list)
    for table, cell, flag in analysis.cell_flags:
        flags[table, cell].append(flag)
    return tuple(
        _page_table(analysis, number, grid, by_cell, flags, settings) for number, grid in enumerate(analysis.tables)
    )


def _page_table(
    analysis: PageAnalysis,
    number: int,
    grid: TableGrid,
    by_cell: dict[tuple[int, int], list[tuple[Crop, RawReading]]],
    flags: dict[tuple[int, int], list[Flag]],
    settings: ReadingSettings,
) -> PageTable:
    cells = []
    quads = analysis.transform.quads_to_source([cell.quad for cell in grid.cells])
    for item, (cell, quad) in enumerate(zip(grid.cells, quads, strict=True)):
        joined = join_readings(by_cell.get((number, item), []), cell.box.width)
        cells.append(_cell(analysis, cell, quad, joined, flags[number, item], settings))
    width = max(grid.xs[-1] - grid.xs[0], 1.0)
    return PageTable(
        page=analysis.index,
        number=number,
        rows=grid.rows,
        cols=grid.cols,
        cells=tuple(among_numbers(cells)),
        xs=tuple((x - grid.xs[0]) / width for x in grid.xs),
        left=grid.xs[0] / analysis.dpi,
        right=grid.xs[-1] / analysis.dpi,
        box=analysis.transform.quad_to_source(grid.box).box.clipped(*analysis.transform.source_size),
        upright_box=grid.box,
        ruled=grid.ruled,
    )


def _cell(
    analysis: PageAnalysis,
    cell: GridCell,
    quad: Quad,
    joined: JoinedReading,
    known: list[Flag],
    settings: ReadingSettings,
) -> Cell:
    """quad: the cell's, in source pixels."""
    flags = list(known)
    if not joined.complete:
        flags.append(Flag.UNREAD_INK)
    if joined.several and Flag.INVENTED_EDGE not in flags:
        flags.append(Flag.INVENTED_EDGE)
    if joined.raw and joined.score < settings.low_score:
        flags.append(Flag.LOW_SCORE)
    return Cell(
        row=cell.row,
        col=cell.col,
        row_span=cell.row_span,
        col_span=cell.col_span,
        text=joined.text,
        raw=joined.raw,
        score=joined.score,
        role=CellRole.DATA,
        page=analysis.index,
        box=quad.box.clipped(*analysis.transform.source_size),
        quad=quad,
        flags=tuple(flags),
        alternatives=joined.alternatives,
    )


_ROUND = frozenset("OoОоΟο〇○Q")
"""What a nought alone in a cell is taken for."""
_LEVEL = frozenset("一ー")
"""What a dash alone in a cell is taken for: it is as wide as a character."""
_DASH = "—"
_NOTHING = _LEVEL | set("—-/…")
"""Marks that stand for nothing to report say nothing of what their row and column hold."""


def among_numbers(cells: list[Cell]) -> list[Cell]:
    """Cells with noughts that were read as round letters, and dashes read as the character one, where their
    neighbours are numbers.

    A recogniser cannot tell a nought that stands alone from the letter O, nor a dash from 一; the row and the column
    can: most of what stands there beside the first column and below the first row must be numbers.
    """
    result = []
    for cell in cells:
        meant = _meant(cell.text) if cell.col > 0 else None
        if meant is not None and _in_numbers(cell, cells, alike=meant[0] == "0"):
            cell = replace(cell, text=meant)
        result.append(cell)
    return result


def _in_numbers(cell: Cell, cells: list[Cell], *, alike: bool) -> bool:
    """Whether most of a cell's row and column are numbers: of both together, or, not alike, of either (一 heads
    columns of numbers, O does not). Dashes say nothing."""
    others = [other for other in cells if other is not cell and other.text and not set(other.text) <= _NOTHING]
    row = [_is_number(other.text) for other in others if other.row == cell.row and other.col > 0]
    column = [_is_number(other.text) for other in others if other.col == cell.col and other.row > 0]
    if alike:
        return 2 * sum(row + column) > len(row + column)
    return 2 * sum(row) > len(row) and 2 * sum(column) > len(column)


def _meant(text: str) -> str | None:
    """What a text would be among numbers, None where it is nothing else."""
    if text and set(text) <= _ROUND:
        return "0" * len(text)
    return _DASH * len(text) if text and set(text) <= _LEVEL else None


_NUMBER = re.compile(r"[+\-−－]?[\d.,]*\d[%％‰]?")


def _is_number(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None
