"""A heading between two tables that were taken for one: the tables apart again, the heading a line of text.

Where a stamp's rim or dirt ties the frames of two tables together, the heading between them becomes a row of the one
table, and the numbers of the second stand in its rows and columns. The heading tells: it is numbered as headings are,
nothing is printed at its sides, and below it other columns begin than above.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ocr_pipeline.document import Flag
from ocr_pipeline.geometry import Box
from ocr_pipeline.layout.patterns import marker_level
from ocr_pipeline.layout.text import clean_text
from ocr_pipeline.recognition import Readings
from ocr_pipeline.stages import CropAddress, CropKind, GridCell, PageAnalysis, TableGrid, TextLine

_Cell = tuple[int, GridCell]
"""A cell with its number in its table."""


def with_headings_out(analysis: PageAnalysis, readings: Readings) -> tuple[PageAnalysis, Readings]:
    """The page with its tables cut in two at headings that stand in them, and the readings by their new addresses.

    Readings of other pages are kept as they are; where nothing is to be cut both come back unchanged.
    """
    headings = [
        [
            item
            for item, cell in enumerate(grid.cells)
            if _parts_two_grids(grid, cell) and marker_level(_text(number, item, analysis, readings)) == 0
        ]
        for number, grid in enumerate(analysis.tables)
    ]
    if not any(headings):
        return analysis, readings
    grids: list[TableGrid] = []
    lines = list(analysis.lines)
    places: dict[tuple[int, int], tuple[int, int]] = {}  # (table, item) before and now; table -1 for a line of text
    for number, (grid, found) in enumerate(zip(analysis.tables, headings, strict=True)):
        for item in found:
            places[number, item] = (-1, len(lines))
            lines.append(TextLine(grid.cells[item].quad, 1.0))
        for piece in _pieces(grid, [grid.cells[item].row for item in found]):
            places.update({(number, item): (len(grids), now) for now, item in enumerate(piece.items)})
            grids.append(piece.grid)
    crops = [(crop, _moved(crop.address, places)) for crop in analysis.crops]
    others = {address: reading for address, reading in readings.items() if address.page != analysis.index}
    here = {now: readings[crop.address] for crop, now in crops}
    return (
        replace(
            analysis,
            tables=tuple(grids),
            lines=tuple(lines),
            crops=tuple(replace(crop, address=now) for crop, now in crops),
            cell_flags=tuple(_flags(analysis, places)),
        ),
        {**others, **here},
    )


def _text(table: int, item: int, analysis: PageAnalysis, readings: Readings) -> str:
    addresses = sorted(crop.address for crop in analysis.crops)
    cell = (CropKind.CELL, table, item)
    return clean_text("".join(readings[a].text for a in addresses if (a.kind, a.table, a.item) == cell))


_SIDES = {"left", "right"}
_IN_COMMON = 0.5
"""Of the columns of two tables so many may be in line by chance; those of the sections of one table all are."""


def _parts_two_grids(grid: TableGrid, cell: GridCell) -> bool:
    """Whether a cell is as wide as the table, a side of it is not printed, and most columns above it do not go on
    below."""
    inside = 0 < cell.row < grid.rows - 1 and cell.row_span == 1 and cell.col_span == grid.cols
    if not inside or not _SIDES & set(cell.invented):
        return False
    above = {other.col for other in grid.cells if other.col and other.row < cell.row}
    below = {other.col for other in grid.cells if other.col and other.row > cell.row}
    return bool(above and below) and len(above & below) <= _IN_COMMON * min(len(above), len(below))


@dataclass(frozen=True)
class _Piece:
    """A part of a table as a table of its own; items: the numbers its cells had."""

    grid: TableGrid
    items: tuple[int, ...]


def _pieces(grid: TableGrid, rows: Sequence[int]) -> list[_Piece]:
    """The table without these rows, in the pieces between them."""
    if not rows:
        return [_Piece(grid, tuple(range(len(grid.cells))))]
    bounds = [-1, *sorted(rows), grid.rows]
    found = []
    for before, after in pairwise(bounds):
        cells = [(i, cell) for i, cell in enumerate(grid.cells) if before < cell.row < after]
        if cells:
            found.append(_piece(grid, cells, before + 1, after))
    return found


def _piece(grid: TableGrid, cells: Sequence[_Cell], first: int, end: int) -> _Piece:
    """The rows from first to before end, without the column boundaries that only other rows have."""
    used = sorted({edge for _, cell in cells for edge in (cell.col, cell.col + cell.col_span)})
    now = {edge: place for place, edge in enumerate(used)}
    moved = tuple(
        replace(
            cell,
            row=cell.row - first,
            col=now[cell.col],
            col_span=now[cell.col + cell.col_span] - now[cell.col],
        )
        for _, cell in cells
    )
    part = replace(
        grid,
        box=Box.around([cell.box for cell in moved]),
        xs=tuple(grid.xs[edge] for edge in used),
        ys=grid.ys[first : end + 1],
        cells=moved,
        corners=(),
        row_thickness=(),
        col_thickness=(),
    )
    return _Piece(part, tuple(item for item, _ in cells))


def _moved(address: CropAddress, places: Mapping[tuple[int, int], tuple[int, int]]) -> CropAddress:
    if address.kind is not CropKind.CELL:
        return address
    table, item = places[address.table, address.item]
    kind = CropKind.LINE if table < 0 else CropKind.CELL
    return replace(address, kind=kind, table=table, item=item)


def _flags(
    analysis: PageAnalysis, places: Mapping[tuple[int, int], tuple[int, int]]
) -> Iterable[tuple[int, int, Flag]]:
    for table, item, flag in analysis.cell_flags:
        now = places[table, item]
        if now[0] >= 0:
            yield (*now, flag)
