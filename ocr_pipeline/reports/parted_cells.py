"""Cells of a known form that cover several of its columns and hold a number for each: parted.

A ruling that is wholly worn away between two numbers leaves one cell for both, read as `79|0`, `79 0` or `00`. Where
the form has a column for each of the numbers and the reading is no number as it stands, they can only be two.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from ocr_pipeline.document import Cell, CellRole, Flag, Table
from ocr_pipeline.reports.match import TableMatch
from ocr_pipeline.reports.values import Kind, parse

_BETWEEN = re.compile(r"[\s|]+")


def with_cells_parted(table: Table, match: TableMatch | None) -> Table:
    """The table (with roles) with such cells parted evenly; each part bears invented_edge."""
    if match is None:
        return table
    return replace(table, cells=tuple(part for cell in table.cells for part in _parts(cell, match)))


def _parts(cell: Cell, match: TableMatch) -> Iterator[Cell]:
    numbers = _numbers(cell) if not cell.by_person and _covers_columns(cell, match) else []
    if len(numbers) != cell.col_span:
        yield cell
        return
    for place, number in enumerate(numbers):
        quad = cell.quad.slice(place / len(numbers), (place + 1) / len(numbers))
        part = replace(cell, col=cell.col + place, col_span=1, text=number, raw=number, box=quad.box, quad=quad)
        yield replace(part, alternatives=()).flagged(Flag.INVENTED_EDGE)


def _covers_columns(cell: Cell, match: TableMatch) -> bool:
    """Whether a data cell of one row covers several columns that the form knows, each of them whole."""
    band = match.band_of(cell.row)
    if cell.role is not CellRole.DATA or cell.row_span > 1 or cell.col_span < 2 or cell.continued or band is None:
        return False
    columns = range(cell.col, cell.col + cell.col_span)
    single = {leaf.first for _, leaf in band.columns if leaf.first == leaf.last}
    return single.issuperset(columns)


def _numbers(cell: Cell) -> list[str]:
    """The numbers of a reading that is none itself; none where it cannot be told where one ends."""
    if parse(cell.text).kind is not Kind.TEXT:
        return []
    parts = [part for part in _BETWEEN.split(cell.text) if part]
    if len(parts) == 1 and re.fullmatch(r"0\d+", cell.text) and len(cell.text) == cell.col_span:
        parts = list(cell.text)  # no number begins with a nought
    return parts if all(parse(part).kind is Kind.NUMBER for part in parts) else []
