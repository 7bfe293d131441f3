"""A line between the rows or columns of a table taken out, or put in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from enum import Enum

from ocr_pipeline.document import Cell, Flag, Table, TablePart
from ocr_pipeline.geometry import Quad
from ocr_pipeline.layout.text import clean_text

FEW = 0.25
"""A line that begins in so small a share of the rows is more likely a fold or a stamp's rim than a column."""


class Axis(Enum):
    """ROWS: lines counted from the top; COLS: from the left. Line n stands before row or column n."""

    ROWS = "row"
    COLS = "column"


def extent(cell: Cell, axis: Axis) -> tuple[int, int]:
    """The lines a cell lies between."""
    if axis is Axis.ROWS:
        return cell.row, cell.row + cell.row_span
    return cell.col, cell.col + cell.col_span


def parted_at(table: Table, axis: Axis, line: int) -> list[tuple[Cell, Cell]] | None:
    """The cells before and behind a line, two and two; None where they do not lie so from end to end."""
    across = Axis.COLS if axis is Axis.ROWS else Axis.ROWS
    before = {extent(cell, across): cell for cell in table.cells if extent(cell, axis)[1] == line}
    behind = {extent(cell, across): cell for cell in table.cells if extent(cell, axis)[0] == line}
    return [(cell, behind[key]) for key, cell in before.items()] if before.keys() == behind.keys() else None


def without_line(table: Table, axis: Axis, line: int) -> Table | None:
    """The table without a line, the two cells on both sides of it being one, which bears invented_edge.

    None where the cells at the line do not lie two and two from end to end on one page.
    """
    pairs = parted_at(table, axis, line)
    if pairs is None or any(first.page != second.page for first, second in pairs):
        return None
    gone = {id(cell) for pair in pairs for cell in pair}
    whole = [_joined(first, second, axis) for first, second in pairs]
    cells = [cell for cell in table.cells if id(cell) not in gone] + whole
    return _renumbered(table, axis, cells, lambda n: n - (n > line))


def with_line(table: Table, axis: Axis, after: int) -> Table:
    """The table with one more row or column behind a given one; the cells that cover that one cover both."""
    return _renumbered(table, axis, table.cells, lambda n: n + (n > after))


def with_rows_above(table: Table, count: int, corner: Cell) -> Table:
    """The table with more rows at its head, of which nothing was seen but the lower part of the corner cell."""
    cells = (
        replace(cell, row_span=cell.row_span + count) if cell is corner else replace(cell, row=cell.row + count)
        for cell in table.cells
    )
    first = min((part.rows[0] for part in table.parts), default=0)
    parts = (
        replace(part, rows=(part.rows[0] + (count if part.rows[0] > first else 0), part.rows[1] + count))
        for part in table.parts
    )
    return replace(table, cells=tuple(cells), rows=table.rows + count, parts=tuple(parts))


def _renumbered(table: Table, axis: Axis, cells: Iterable[Cell], now: Callable[[int], int]) -> Table:
    """The table of these cells with its lines numbered anew."""
    moved = sorted((_moved(cell, axis, now) for cell in cells), key=lambda cell: (cell.row, cell.col))
    if axis is Axis.COLS:
        return replace(table, cells=tuple(moved), cols=now(table.cols))
    parts = (TablePart(part.page, part.box, (now(part.rows[0]), now(part.rows[1] + 1) - 1)) for part in table.parts)
    return replace(table, cells=tuple(moved), rows=now(table.rows), parts=tuple(parts))


def _moved(cell: Cell, axis: Axis, now: Callable[[int], int]) -> Cell:
    first, end = map(now, extent(cell, axis))
    if axis is Axis.ROWS:
        return replace(cell, row=first, row_span=end - first)
    return replace(cell, col=first, col_span=end - first)


def _joined(first: Cell, second: Cell, axis: Axis) -> Cell:
    """Two cells as one; two numbers stay apart, so that they are not taken for one."""
    read = [cell for cell in (first, second) if cell.text.strip()]
    words = read[0] if len(read) == 1 else first
    tops, bottoms = first.quad.points, second.quad.points
    corners = (tops[0], bottoms[1], bottoms[2], tops[3]) if axis is Axis.COLS else (*tops[:2], *bottoms[2:])
    quad = Quad(corners)
    boxes = (first.box, second.box)
    whole = replace(
        words,
        row=first.row,
        col=first.col,
        row_span=second.row + second.row_span - first.row,
        col_span=second.col + second.col_span - first.col,
        text=clean_text(" ".join(cell.text for cell in read)),
        raw="\n".join(cell.raw for cell in read),
        score=min((cell.score for cell in read), default=words.score),
        alternatives=words.alternatives if len(read) == 1 else (),
        box=boxes[0].around(boxes),
        quad=quad,
        flags=tuple(dict.fromkeys((*first.flags, *second.flags))),
        continued=(*first.continued, *second.continued),
    )
    return whole.flagged(Flag.INVENTED_EDGE)
