"""A table as printed: cells with spans on a logical grid, and the check that they tile it."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class GridCell:
    """One cell. `role` is header, stub or data; `vertical` marks text set a few characters a line."""

    row: int
    col: int
    row_span: int
    col_span: int
    text: str
    role: str = "data"


@dataclass(frozen=True)
class Grid:
    """A table's cells, rows and columns counted from 0, with relative column widths."""

    key: str
    title: str
    rows: int
    cols: int
    cells: tuple[GridCell, ...]
    widths: tuple[float, ...]
    header_rows: int = 0

    def owners(self) -> list[list[int]]:
        """Index of the cell that holds each position; raises ValueError where cells overlap or leave a hole."""
        owner = [[-1] * self.cols for _ in range(self.rows)]
        for index, cell in enumerate(self.cells):
            for row in range(cell.row, cell.row + cell.row_span):
                for col in range(cell.col, cell.col + cell.col_span):
                    if owner[row][col] != -1:
                        raise ValueError(f"{self.key}: position {row},{col} is covered twice")
                    owner[row][col] = index
        for row, line in enumerate(owner):
            if -1 in line:
                raise ValueError(f"{self.key}: position {row},{line.index(-1)} is not covered")
        return owner

    def with_key(self, key: str) -> Grid:
        """The same table under another key."""
        return replace(self, key=key)


def kind_of(text: str) -> str:
    """How a cell counts in scoring: empty, number, char (one character, not a number) or text."""
    if not text:
        return "empty"
    body = text.replace(",", "").replace(".", "", 1).removeprefix("-")
    if body.isascii() and body.isdigit():
        return "number"
    return "char" if len(text) == 1 else "text"
