"""Sets a table on the pages of a flow: rows never split, header rows and caption again after a page break."""

from __future__ import annotations

from dataclasses import replace

from ..cells import CellLine
from ..flow import Flow, cell_boxes, share_lines
from ..geometry import Box
from ..grid import Grid, GridCell
from ..rulings import part_rules
from ..sheet import Block, Piece, PrintedTable, Rule
from ..typeset import Line, TextStyle, aligned, moved, place
from .fit import Fitted
from .look import Look

Row = tuple[int, float, float]


def set_table(flow: Flow, grid: Grid, fitted: Fitted, look: Look, again: str, split: bool) -> None:
    """Set a table from the cursor on.

    again: the caption above a continued part, empty for none; split: whether a cut cell's text runs on.
    """
    heights = _heights(grid, fitted, look)
    head = sum(heights[: grid.header_rows])
    flow.need(head + sum(heights[grid.header_rows : grid.header_rows + 2]))
    rows: list[Row] = []
    repeats: list[tuple[int, float]] = []
    for number, height in enumerate(heights):
        if flow.y + height > flow.bottom + 0.01 and number > grid.header_rows:
            flow.new_page()
            if again:
                _caption(flow, again, fitted, look)
            if look.repeat and grid.header_rows:
                repeats.append((flow.page, flow.y))
                flow.y += head
        rows.append((flow.page, flow.y, flow.y + height))
        flow.y += height
    table = PrintedTable(
        f"t{len(flow.tables) + 1}", grid, tuple(rows), fitted.edges, _pieces(grid, fitted, look, rows, split)
    )
    copies = tuple(piece for page, top in repeats for piece in _copies(table, page, top))
    flow.tables.append(replace(table, repeats=copies))
    flow.rules += _rules(table, heights, dict(repeats), look)


def _caption(flow: Flow, text: str, fitted: Fitted, look: Look) -> None:
    style = TextStyle(look.body, look.digits, fitted.size)
    pitch = fitted.size * 1.7
    align = "center" if len(text) > 4 else "right"
    line = aligned(text, style, fitted.edges[0], fitted.edges[-1], flow.y, pitch, align)
    flow.blocks.append(Block(flow.page, "note", (line,)))
    flow.y += pitch + 2.0


def _need(lines: list[CellLine], cell: GridCell, look: Look) -> float:
    pitches = len(lines) + (0.6 if cell.setting == "diagonal" else 0.0)
    return pitches * lines[0][1] * look.pitch + 2 * look.above if lines else 0.0


def _heights(grid: Grid, fitted: Fitted, look: Look) -> list[float]:
    """Heights that hold every cell's lines."""
    heights = [fitted.size * look.pitch + 2 * look.above] * grid.rows
    cells = sorted(zip(grid.cells, fitted.lines, strict=True), key=lambda pair: pair[0].row_span)
    for cell, lines in cells:
        end = cell.row + cell.row_span
        lacking = _need(lines, cell, look) - sum(heights[cell.row : end])
        for row in range(cell.row, end):
            heights[row] += max(0.0, lacking) / cell.row_span
    return heights


def _pieces(grid: Grid, fitted: Fitted, look: Look, rows: list[Row], split: bool) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    for index, (cell, lines) in enumerate(zip(grid.cells, fitted.lines, strict=True)):
        boxes = cell_boxes(rows, fitted.edges, cell.row, cell.row_span, cell.col, cell.col_span)
        shares = share_lines(lines, [box for _, box in boxes], split)
        for (page, box), share in zip(boxes, shares, strict=True):
            pieces.append(Piece(index, page, box, _stack(share, box, cell, look)))
    return tuple(pieces)


def _align(cell: GridCell, look: Look) -> str:
    if cell.align:
        return cell.align
    if cell.role == "header" or cell.setting == "stacked":
        return "center"
    return look.labels if cell.role == "stub" else look.numbers


def _stack(lines: list[CellLine], box: Box, cell: GridCell, look: Look) -> tuple[Line, ...]:
    """Lines placed in a box: in the middle up and down; a slanting cell's two in its corners."""
    x0, y0, x1, y1 = box
    if cell.setting == "diagonal" and len(lines) == 2:
        size = lines[0][1]
        pitch = size * look.pitch
        upper = _placed(lines[0], (x0, y0, x1, y1), y0 + 1.0, pitch, "right", look, 0.0)
        lower = _placed(lines[1], (x0, y0, x1, y1), y1 - pitch - 1.0, pitch, "left", look, 0.0)
        return (*upper, *lower)
    placed: list[Line] = []
    pitch = lines[0][1] * look.pitch if lines else 0.0
    top = (y0 + y1 - pitch * len(lines)) / 2
    align = _align(cell, look)
    for line in lines:
        placed += _placed(line, box, top, pitch, align, look, cell.indent * line[1] if align == "left" else 0.0)
        top += pitch
    return tuple(placed)


def _placed(
    line: CellLine, box: Box, top: float, pitch: float, align: str, look: Look, indent: float
) -> tuple[Line, ...]:
    chars, size = line
    style = TextStyle(look.body, look.digits, size)
    probe = place(chars, style, 0.0, top, pitch)
    if not probe.glyphs:
        return ()
    wide = probe.box()[2]
    starts = {
        "left": box[0] + look.pad + indent,
        "center": (box[0] + box[2] - wide) / 2,
        "right": box[2] - look.pad - wide,
    }
    return (place(chars, style, starts[align], top, pitch),)


def _copies(table: PrintedTable, page: int, top: float) -> list[Piece]:
    """The header cells again, their first row at `top` of a later page."""
    first = table.rows[0]
    down = top - first[1]
    found = []
    for piece in table.pieces:
        if piece.page == first[0] and table.grid.cells[piece.cell].row < table.grid.header_rows:
            x0, y0, x1, y1 = piece.box
            lines = tuple(moved(line, down) for line in piece.lines)
            found.append(Piece(piece.cell, page, (x0, y0 + down, x1, y1 + down), lines))
    return found


def _rules(table: PrintedTable, heights: list[float], repeats: dict[int, float], look: Look) -> list[Rule]:
    """All rulings, page by page; the outer ones of a repeated header meet those of the rows below."""
    grid, edges = table.grid, table.edges
    rules: list[Rule] = []
    for page in sorted({row[0] for row in table.rows}):
        mine = [i for i, row in enumerate(table.rows) if row[0] == page]
        tops = [table.rows[i][1] for i in mine] + [table.rows[mine[-1]][2]]
        found = part_rules(grid, mine[0], tops, edges, page, look.rule, look.frame)
        if page in repeats:
            above = [repeats[page]]
            for height in heights[: grid.header_rows]:
                above.append(above[-1] + height)
            head = part_rules(grid, 0, above, edges, page, look.rule, look.frame)
            seam = above[-1]
            found = [r for r in (*head, *found) if not (r.role == "outer" and abs(r.y0 - seam) < 0.1)]
            found.append(Rule(page, edges[0], seam, edges[-1], seam, look.rule, "header"))
        rules += found
    for piece in (*table.pieces, *table.repeats):
        if grid.cells[piece.cell].setting == "diagonal":
            x0, y0, x1, y1 = piece.box
            rules.append(Rule(piece.page, x0, y0, x1, y1, look.rule, "diagonal"))
    return rules if look.sides else [rule for rule in rules if rule.role != "side"]
