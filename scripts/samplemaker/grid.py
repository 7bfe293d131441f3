"""A table as printed: cells with spans on a logical grid, and the check that they tile it."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class GridCell:
    """One cell. `role` is header, stub or data.

    parts: the lines that `text` is broken into by hand, none: where it must; align: left, center, right, or empty for
    what its role asks for; setting: level, stacked (one character a line), lines (each part in a line of its own) or
    diagonal (two parts on both sides of a slanting rule); indent: in ems.
    """

    row: int
    col: int
    row_span: int
    col_span: int
    text: str
    role: str = "data"
    parts: tuple[str, ...] = ()
    align: str = ""
    setting: str = "level"
    indent: float = 0.0


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


def compact(grid: Grid) -> Grid:
    """The same table without row and column boundaries along which no cell begins or ends: paper cannot show them."""
    tops = sorted({c.row for c in grid.cells})
    lefts = sorted({c.col for c in grid.cells})
    ends_r, ends_c = [*tops[1:], grid.rows], [*lefts[1:], grid.cols]
    cells = tuple(
        replace(
            c,
            row=tops.index(c.row),
            col=lefts.index(c.col),
            row_span=ends_r.index(c.row + c.row_span) - tops.index(c.row) + 1,
            col_span=ends_c.index(c.col + c.col_span) - lefts.index(c.col) + 1,
        )
        for c in grid.cells
    )
    widths = tuple(sum(grid.widths[a:b]) for a, b in zip(lefts, ends_c, strict=True))
    header = sum(top < grid.header_rows for top in tops)
    return replace(grid, rows=len(tops), cols=len(lefts), cells=cells, widths=widths, header_rows=header)


def kind_of(text: str) -> str:
    """How a cell counts in scoring: empty, number, char (one character, not a number) or text."""
    if not text:
        return "empty"
    body = text.replace(",", "").replace(".", "", 1).removeprefix("-")
    if body.isascii() and body.isdigit():
        return "number"
    return "char" if len(text) == 1 else "text"
