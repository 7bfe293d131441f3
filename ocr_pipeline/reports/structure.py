"""A table's label trees, read off the roles of its cells: bands, leaf columns, paths of labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ocr_pipeline.document import Cell, CellRole, Table
from ocr_pipeline.reports.labels import likeness

Position = tuple[int, int]
"""(row, column) where a cell is anchored."""

_HEADER = (CellRole.COLUMN_HEADER, CellRole.STUB_HEAD)


@dataclass(frozen=True)
class Leaf:
    """A column (or several under one header cell): its first and last position and its labels from the top."""

    first: int
    last: int
    path: tuple[str, ...]


@dataclass(frozen=True)
class LabelledRow:
    """A data row and its labels from the left."""

    row: int
    path: tuple[str, ...]


@dataclass(frozen=True)
class Band:
    """Rows under one header: the section's title, the leaf columns, the data rows."""

    title: str
    columns: tuple[Leaf, ...]
    rows: tuple[LabelledRow, ...]


class Grid:
    """A table's cells by the positions they cover."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._cover: Mapping[Position, Cell] = {
            (row, col): cell
            for cell in table.cells
            for row in range(cell.row, cell.row + cell.row_span)
            for col in range(cell.col, cell.col + cell.col_span)
        }

    def at(self, row: int, col: int) -> Cell | None:
        """The cell that covers a position; None in a hole."""
        return self._cover.get((row, col))

    def data(self, row: int, leaf: Leaf) -> Cell | None:
        """The data cell of a row in a leaf column; of several, the first that is not blank."""
        cells = [cell for cell in self.row_cells(row, leaf.first, leaf.last) if cell.role is CellRole.DATA]
        return next((cell for cell in cells if cell.text.strip()), cells[0] if cells else None)

    def row_cells(self, row: int, first: int, last: int) -> list[Cell]:
        """The cells that cover a row between two columns, each once."""
        found: list[Cell] = []
        for col in range(first, last + 1):
            cell = self._cover.get((row, col))
            # A cell covers neighbouring columns of a row.
            if cell is not None and (not found or cell is not found[-1]):
                found.append(cell)
        return found

    def headed_apart(self, header_rows: Sequence[int], col: int) -> bool:
        """Whether a column and the one before it have a label each in the last header row."""
        if not header_rows:
            return False
        pair = [self.at(header_rows[-1], place) for place in (col - 1, col)]
        return pair[0] != pair[1] and all(cell is not None and cell.text.strip() for cell in pair)

    def column_path(self, header_rows: Iterable[int], col: int) -> tuple[str, ...]:
        """The header labels above a column, from the top; blank cells between them are none."""
        found = (self.at(row, col) for row in header_rows)
        cells = _once(cell for cell in found if cell is not None and cell.text.strip())
        return tuple(cell.text for cell in cells if cell.role in _HEADER)

    def row_path(self, row: int) -> tuple[str, ...]:
        """The row labels left of a row's data."""
        cells = self.row_cells(row, 0, self.table.cols - 1)
        return tuple(cell.text for cell in cells if cell.role is CellRole.ROW_HEADER)


def _once(cells: Iterable[Cell]) -> list[Cell]:
    return list({(cell.row, cell.col): cell for cell in cells}.values())


def bands(table: Table) -> tuple[Band, ...]:
    """The table's bands, top to bottom. A section without header rows of its own stands under the header before it;
    a header printed again (same columns, no section between) does not begin a new band."""
    grid = Grid(table)
    found: list[Band] = []
    title, header, rows = "", list[int](), list[int]()
    pending: list[int] = []
    for row, role in enumerate(_row_roles(table)):
        if role in _HEADER:
            pending.append(row)
            continue
        if role is CellRole.SECTION or pending:
            found = _closed(grid, found, title, header, rows)
            rows = []
        if pending:
            header, pending = pending, []
        if role is CellRole.SECTION:
            title = "".join(cell.text for cell in grid.row_cells(row, 0, table.cols - 1))
        elif role is not None:
            rows.append(row)
    return tuple(_closed(grid, found, title, header, rows))


def _closed(grid: Grid, found: list[Band], title: str, header: list[int], rows: list[int]) -> list[Band]:
    if not rows:
        return found
    labelled = tuple(LabelledRow(row, grid.row_path(row)) for row in rows)
    band = Band(title, _leaves(grid, header, rows), labelled)
    last = found[-1] if found else None
    if last and last.title == title and _same_columns(last, band):
        return [*found[:-1], Band(title, last.columns, last.rows + labelled)]
    return [*found, band]


_SAME_HEADER = 0.6
"""Headers this much alike are one header printed again."""


def _same_columns(first: Band, second: Band) -> bool:
    if [(leaf.first, leaf.last) for leaf in first.columns] != [(leaf.first, leaf.last) for leaf in second.columns]:
        return False
    pairs = zip(first.columns, second.columns, strict=True)
    alike = [likeness(a.path[-1], b.path[-1]) if a.path and b.path else 1.0 for a, b in pairs]
    return sum(alike) >= _SAME_HEADER * len(alike)


def _leaves(grid: Grid, header: list[int], rows: list[int]) -> tuple[Leaf, ...]:
    """Columns that hold data; neighbours are one column where in most rows one data cell spans both. (In a single row,
    or under a label of its own each, that is a ruling that was not seen, not a column less.)"""
    leaves: list[Leaf] = []
    for col in range(grid.table.cols):
        cells = [cell for row in rows if (cell := grid.at(row, col)) is not None and cell.role is CellRole.DATA]
        own = sum(1 for cell in cells if cell.col == col)
        if not cells:
            continue
        if leaves and leaves[-1].last == col - 1 and len(cells) - own > own and not grid.headed_apart(header, col):
            leaves[-1] = Leaf(leaves[-1].first, col, leaves[-1].path)
        else:
            leaves.append(Leaf(col, col, grid.column_path(header, col)))
    return tuple(leaves)


def _row_roles(table: Table) -> list[CellRole | None]:
    """What each row is: data where it anchors or continues any data cell or row label, else header or section."""
    roles: list[CellRole | None] = [None] * table.rows
    for cell in table.cells:
        kind = CellRole.DATA if cell.role is CellRole.ROW_HEADER else cell.role
        kind = CellRole.COLUMN_HEADER if kind is CellRole.STUB_HEAD else kind
        for row in range(cell.row, min(table.rows, cell.row + cell.row_span)):
            if kind is CellRole.DATA or roles[row] is None:
                roles[row] = kind
    return roles
