"""The value and unit of every data cell of a table, by what its column holds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from ocr_pipeline.document import Cell, CellRole, Flag, Table
from ocr_pipeline.reports.lone import of_lone_figures
from ocr_pipeline.reports.match import BandMatch, TableMatch
from ocr_pipeline.reports.places import points_missed, with_usual_places
from ocr_pipeline.reports.structure import Band, Grid, LabelledRow, Leaf, Position, bands
from ocr_pipeline.reports.values import (
    Holds,
    all_may_be_numbers,
    column_holds,
    commas_misread,
    has_points_for_commas,
    has_thousands,
    parse,
    points_in_doubt,
    unit_of_header,
    with_value,
)


def with_values(table: Table, match: TableMatch | None) -> Table:
    """The table (with cell roles) with value and unit of every data cell, unparsed_number where a column of numbers
    holds a text that is none. What a column holds says the profile, else the column's own majority."""
    grid = Grid(table)
    new: dict[Position, Cell] = {}
    commas = any(has_thousands(cell.text) for cell in table.cells)
    whole = _texts(grid, bands(table))
    for band in bands(table):
        known = _match_of(match, band)
        for leaf in band.columns:
            valued = [with_value(*item) for item in _column(grid, band, leaf, known, whole[leaf.first, leaf.last])]
            column = _doubted(with_usual_places(valued), points_missed, _POINT)
            column = _doubted(_with_commas(column), _commas_in_doubt, _COMMA) if commas else column
            new.update({(cell.row, cell.col): cell for cell in _odd_units_doubted(column)})
            # The rest of the column says nothing of what a person wrote.
            new.update({(cell.row, cell.col): cell for cell in valued if cell.by_person})
    return replace(table, cells=tuple(new.get((cell.row, cell.col), cell) for cell in table.cells))


_FEW = 4


def _odd_units_doubted(column: list[Cell]) -> Iterator[Cell]:
    """The cells, in doubt the one that alone of many bears a unit: a stamp's lettering beside it (`22年`)."""
    own = [cell for cell in column if parse(cell.text).unit is not None]
    numbers = sum(cell.value is not None for cell in column)
    for cell in column:
        alone = len(own) == 1 and cell is own[0] and numbers >= _FEW
        yield cell.flagged(Flag.CORRECTED) if alone else cell


def _doubted(column: list[Cell], in_doubt: Callable[[Sequence[str]], list[bool]], why: str) -> list[Cell]:
    """The cells of a column, those in doubt flagged as no sure numbers. Sums do not tell: all numbers of a column may
    be a thousand times too small alike."""
    doubts = in_doubt([cell.text for cell in column])
    return [
        replace(cell, note=why).flagged(Flag.UNPARSED_NUMBER) if doubt and Flag.REPAIRED not in cell.flags else cell
        for cell, doubt in zip(column, doubts, strict=True)
    ]


def _with_commas(column: list[Cell]) -> list[Cell]:
    """The cells of a column in a table that parts thousands by commas, points put right that can be nothing else."""
    misread = commas_misread([cell.text for cell in column])
    return [
        _with_comma(cell) if wrong and Flag.REPAIRED not in cell.flags else cell
        for cell, wrong in zip(column, misread, strict=True)
    ]


def _with_comma(cell: Cell) -> Cell:
    text = cell.text.replace(".", ",")
    note = f"read as {cell.text!r} in a column of whole numbers whose thousands are parted by commas"
    flags = tuple(flag for flag in cell.flags if flag is not Flag.UNPARSED_NUMBER)
    return replace(cell, text=text, value=parse(text).value, note=note, flags=flags).flagged(Flag.CORRECTED)


def _commas_in_doubt(texts: Sequence[str]) -> list[bool]:
    """Which numbers may have commas for points; in a column of anything else also those with more points than one."""
    return [a or has_points_for_commas(text) for a, text in zip(points_in_doubt(texts), texts, strict=True)]


_COMMA = "the point may be a comma, as other numbers of the table have"
_POINT = "a point may be lost: nearly all numbers of the column have one"


_OF_UNITS = re.compile("单位|计量|日")
"""What heads a column of units, of which 日 is one."""


def _match_of(match: TableMatch | None, band: Band) -> BandMatch | None:
    return match.band_of(band.rows[0].row) if match is not None else None


def _texts(grid: Grid, parts: Sequence[Band]) -> dict[tuple[int, int], list[str]]:
    """What stands in each column, by its first and last, in all bands together."""
    found: dict[tuple[int, int], list[str]] = {}
    for band in parts:
        for leaf in band.columns:
            own = [cell.text for row in band.rows for cell in _cells(grid, row, leaf)]
            found.setdefault((leaf.first, leaf.last), []).extend(own)
    return found


def _column(
    grid: Grid, band: Band, leaf: Leaf, known: BandMatch | None, whole: Sequence[str]
) -> list[tuple[Cell, Holds, str | None]]:
    """The data cells of a band's column, what they hold and their unit. whole: the column's texts in all bands."""
    cells = [(row, cell) for row in band.rows for cell in _cells(grid, row, leaf)]
    unit = next((unit for label in reversed(leaf.path) if (unit := unit_of_header(label))), None)
    texts = [cell.text for _, cell in cells]
    holds = column_holds(texts)
    if holds is Holds.ANY and column_holds(whole) is Holds.DECIMAL and all_may_be_numbers(texts):
        holds = Holds.DECIMAL  # of a short band too few are read right to tell
    if holds is Holds.ANY and of_lone_figures(texts) and not any(_OF_UNITS.search(text) for text in leaf.path):
        holds = Holds.INTEGER
    label = known.label_of_column(leaf.first) if known else None
    if label is not None:
        holds, unit = label.holds if label.holds is not Holds.ANY else holds, unit or label.unit
    found: list[tuple[Cell, Holds, str | None]] = []
    for row, cell in cells:
        row_label = known.label_of_row(row.row) if known else None
        row_unit = next((named for text in reversed(row.path) if (named := unit_of_header(text))), None)
        row_holds = row_label.holds if row_label is not None and row_label.holds is not Holds.ANY else holds
        found.append((cell, row_holds, row_unit or (row_label.unit if row_label else None) or unit))
    return found


def _cells(grid: Grid, row: LabelledRow, leaf: Leaf) -> list[Cell]:
    """The data cells anchored in a row within a leaf column."""
    covering = grid.row_cells(row.row, leaf.first, leaf.last)
    return [cell for cell in covering if cell.role is CellRole.DATA and cell.row == row.row and cell.col >= leaf.first]
