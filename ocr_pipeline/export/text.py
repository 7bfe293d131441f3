"""The tables for a terminal: ruled with box-drawing characters, spans as printed, doubts marked."""

from __future__ import annotations

from dataclasses import dataclass

from ocr_pipeline.document import Cell, CellRole, Document, Table
from ocr_pipeline.export.grid import owner_grid
from ocr_pipeline.export.numbers import plain_number
from ocr_pipeline.export.width import printable, text_width, wrap

_RED, _BOLD, _DIM, _END = "\x1b[31;1m", "\x1b[1m", "\x1b[2m", "\x1b[0m"
_NARROWEST = 2
"""A column holds at least one Chinese character."""
_JUNCTIONS = " ╵╶└╷│┌├╴┘─┴┐┤┬┼"
"""Indexed by the arms that meet: 1 up, 2 right, 4 down, 8 left."""

Owners = list[list[Cell | None]]


def document_text(document: Document, width: int, colour: bool) -> str:
    """The tables as text of at most `width` terminal columns (20 or more), with ANSI colours if asked for.

    A doubtful reading ends in `?`, and a legend says so. Raises ValueError when cells overlap.
    """
    width = max(20, width)
    pieces = [_titled(table, width, colour) for table in document.tables]
    pieces += _legend(document, width, colour)
    return "\n\n".join(pieces or ["No tables."]) + "\n"


def table_text(table: Table, width: int, colour: bool) -> str:
    """One table as text; with too many columns for the width, its rows as running lines instead."""
    owners = owner_grid(table)
    if not table.rows or not table.cols:
        return "(no cells)"
    if table.cols * (_NARROWEST + 1) + 1 > width:
        return _as_lines(table, width)
    widths = _column_widths(table, width - table.cols - 1)
    wrapped = {(c.row, c.col): wrap(_marked(c), _inner(widths, c.col, c.col_span)) for c in table.cells}
    heights = _row_heights(table, wrapped)
    return "\n".join(_Drawing(table, owners, widths, heights, wrapped, colour).lines())


def _titled(table: Table, width: int, colour: bool) -> str:
    pages = ", ".join(str(part.page + 1) for part in table.parts)
    head = f"{table.id} {printable(table.title)}".rstrip() + (f" (page {pages})" if pages else "")
    lines = [_painted(line, _BOLD, colour) for line in wrap(head, width)]
    return "\n".join(lines) + "\n" + table_text(table, width, colour)


def _legend(document: Document, width: int, colour: bool) -> list[str]:
    cells = [cell for table in document.tables for cell in table.cells]
    doubtful = sum(bool(cell.flags) for cell in cells)
    if not doubtful:
        return []
    legend = f"? = doubtful reading ({doubtful} of {len(cells)} cells); the reasons stand in document.html and the JSON"
    return ["\n".join(_painted(line, _DIM, colour) for line in wrap(legend, width))]


def _marked(cell: Cell) -> str:
    return printable(cell.text) + ("?" if cell.flags else "")


def _painted(text: str, code: str, colour: bool) -> str:
    return f"{code}{text}{_END}" if colour and text else text


def _inner(sizes: list[int], first: int, span: int) -> int:
    """What a span has inside: its columns (or rows) and the rulings it swallows."""
    return sum(sizes[first : first + span]) + span - 1


def _as_lines(table: Table, width: int) -> str:
    rows = [[_marked(c) for c in table.cells if c.row == r and c.text] for r in range(table.rows)]
    return "\n".join("\n".join(wrap(" | ".join(row), width)) for row in rows)


def _column_widths(table: Table, room: int) -> list[int]:
    """The columns' natural widths, the widest ones narrowed until all fit into the room."""
    widths = [_NARROWEST] * table.cols
    for cell in sorted(table.cells, key=lambda cell: cell.col_span):
        wanted = text_width(_marked(cell))
        lacking = wanted - _inner(widths, cell.col, cell.col_span)
        for n in range(max(0, lacking)):
            widths[cell.col + n % cell.col_span] += 1
    # First what can break between characters gives way, then numbers too.
    for floors in (_unbreakable(table), [_NARROWEST] * table.cols):
        while sum(widths) > room:
            spare = [width - floor for width, floor in zip(widths, floors, strict=True)]
            loose = [n for n, left in enumerate(spare) if left > 0]
            if not loose:
                break
            widths[max(loose, key=lambda n: widths[n])] -= 1
    return widths


def _unbreakable(table: Table) -> list[int]:
    floors = [_NARROWEST] * table.cols
    for cell in table.cells:
        if cell.role is CellRole.DATA and cell.col_span == 1:
            words = _marked(cell).split()
            floors[cell.col] = max([floors[cell.col], *(text_width(word) for word in words if word.isascii())])
    return floors


def _row_heights(table: Table, wrapped: dict[tuple[int, int], list[str]]) -> list[int]:
    heights = [1] * table.rows
    for cell in sorted(table.cells, key=lambda cell: cell.row_span):
        lacking = len(wrapped[cell.row, cell.col]) - _inner(heights, cell.row, cell.row_span)
        heights[cell.row + cell.row_span - 1] += max(0, lacking)
    return heights


@dataclass
class _Drawing:
    """A table ready to be drawn: who owns each position, sizes in characters, wrapped texts."""

    table: Table
    owners: Owners
    widths: list[int]
    heights: list[int]
    wrapped: dict[tuple[int, int], list[str]]
    colour: bool

    def lines(self) -> list[str]:
        drawn = []
        for row in range(self.table.rows):
            drawn.append(self._ruling(row))
            drawn += [self._text_line(row, n) for n in range(self.heights[row])]
        return [*drawn, self._ruling(self.table.rows)]

    def _owner(self, row: int, col: int) -> object:
        """The cell there; a hole is an owner of its own, and the outside is None."""
        if not (0 <= row < self.table.rows and 0 <= col < self.table.cols):
            return None
        return self.owners[row][col] or (row, col)

    def _same(self, first: tuple[int, int], second: tuple[int, int]) -> bool:
        one, other = self._owner(*first), self._owner(*second)
        return one is other or (isinstance(one, tuple) and one == other)

    def _text_line(self, row: int, line: int) -> str:
        pieces, col = [], 0
        while col < self.table.cols:
            cell = self.owners[row][col]
            pieces.append("│" + self._piece(cell, row, col, line))
            col += cell.col_span if cell else 1
        return "".join(pieces) + "│"

    def _ruling(self, row: int) -> str:
        """The line above a row: rulings, and the texts of merged cells that run through it."""
        pieces, col = [], 0
        while col < self.table.cols:
            pieces.append(self._junction(row, col))
            if self._same((row - 1, col), (row, col)):
                cell = self.owners[row][col]
                pieces.append(self._piece(cell, row, col, -1))
                col += cell.col_span if cell else 1
            else:
                pieces.append("─" * self.widths[col])
                col += 1
        return "".join(pieces) + self._junction(row, self.table.cols)

    def _junction(self, row: int, col: int) -> str:
        up = not self._same((row - 1, col - 1), (row - 1, col))
        down = not self._same((row, col - 1), (row, col))
        left = not self._same((row - 1, col - 1), (row, col - 1))
        right = not self._same((row - 1, col), (row, col))
        return _JUNCTIONS[up + 2 * right + 4 * down + 8 * left]

    def _piece(self, cell: Cell | None, row: int, col: int, line: int) -> str:
        """What a cell shows on a line of a row (-1: the ruling above it), padded to the cell's width."""
        if cell is None:
            return " " * self.widths[col]
        room = _inner(self.widths, cell.col, cell.col_span)
        above = _inner(self.heights, cell.row, row - cell.row) + 1 if row > cell.row else 0
        texts = self.wrapped[cell.row, cell.col]
        text = texts[above + line] if above + line < len(texts) else ""
        free = room - text_width(text)
        left = _indent(cell, free)
        shown = _painted(text, _RED, self.colour) if cell.flags else text
        return " " * left + shown + " " * (free - left)


def _indent(cell: Cell, free: int) -> int:
    """Blanks before a text: numbers stand right, words and the names of rows left, other headings in the middle."""
    if cell.role is CellRole.DATA:
        return free if plain_number(cell.text) else 0
    return 0 if cell.role is CellRole.ROW_HEADER and cell.row_span == 1 else free // 2
