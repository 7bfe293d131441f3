"""A table's cells laid out row by row, for every writer that draws one."""

from __future__ import annotations

from dataclasses import dataclass

from ocr_pipeline.document import Cell, Table


@dataclass(frozen=True, slots=True)
class Slot:
    """A drawn position: the cell that starts there, or a hole (cell is None) that keeps the next ones in place."""

    row: int
    col: int
    cell: Cell | None

    @property
    def row_span(self) -> int:
        return self.cell.row_span if self.cell else 1

    @property
    def col_span(self) -> int:
        return self.cell.col_span if self.cell else 1

    @property
    def text(self) -> str:
        return self.cell.text if self.cell else ""


def slots_by_row(table: Table) -> list[list[Slot]]:
    """For each row the slots that start in it, left to right; together they cover rows x cols exactly once.

    Raises ValueError when cells overlap or leave the table: drawing such a table would hide or move a value.
    """
    owners = owner_grid(table)
    rows: list[list[Slot]] = []
    for r in range(table.rows):
        row = []
        for c in range(table.cols):
            cell = owners[r][c]
            if cell is None or (cell.row, cell.col) == (r, c):
                row.append(Slot(r, c, cell))
        rows.append(row)
    return rows


def owner_grid(table: Table) -> list[list[Cell | None]]:
    """For each position the cell that covers it, None for a hole. Raises ValueError as slots_by_row does."""
    owners: list[list[Cell | None]] = [[None] * table.cols for _ in range(table.rows)]
    for cell in table.cells:
        if cell.row + cell.row_span > table.rows or cell.col + cell.col_span > table.cols:
            raise ValueError(f"table {table.id}: the cell at {cell.row},{cell.col} leaves the table")
        for r in range(cell.row, cell.row + cell.row_span):
            for c in range(cell.col, cell.col + cell.col_span):
                if owners[r][c] is not None:
                    raise ValueError(f"table {table.id}: two cells cover {r},{c}")
                owners[r][c] = cell
    return owners


def has_spans(table: Table) -> bool:
    return any(cell.row_span > 1 or cell.col_span > 1 for cell in table.cells)


def head_rows(table: Table) -> int:
    """How many first rows can be set apart as the table's head: no merged cell may reach across its lower edge."""
    depth = min(table.header_rows, table.rows)
    while depth and any(cell.row < depth < cell.row + cell.row_span for cell in table.cells):
        depth -= 1
    return depth
