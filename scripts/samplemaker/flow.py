"""Flows paragraphs and tables over pages, as a word processor does: rows are never split, tables are."""

from __future__ import annotations

from . import cells as cell_text
from .cells import CellLine
from .geometry import Box
from .grid import Grid
from .rulings import part_rules
from .sheet import Block, Piece, PrintedTable, Rule, Sheet
from .style import A4, Style
from .typeset import Line, TextStyle, aligned, break_words, flat, place, words_of


class Flow:
    """A cursor going down the pages. All lengths in points."""

    def __init__(self, style: Style, size: tuple[float, float] = A4) -> None:
        self.style = style
        self.size = size
        left, top, right, bottom = style.margins
        self.left, self.right = left, size[0] - right
        self.top, self.bottom = top, size[1] - bottom
        self.page = 0
        self.y = self.top
        self.blocks: list[Block] = []
        self.rules: list[Rule] = []
        self.tables: list[PrintedTable] = []

    def new_page(self) -> None:
        """Go to the top of the next page."""
        self.page += 1
        self.y = self.top

    def skip(self, height: float) -> None:
        """Leave blank; at the top of a page nothing is left."""
        if self.y > self.top:
            self.y += height

    def need(self, height: float) -> None:
        """Start a new page unless so much room is left on this one."""
        if self.y + height > self.bottom + 0.01 and self.y > self.top:
            self.new_page()

    def heading(self, text: str, role: str, look: TextStyle, indent: float) -> None:
        """A heading line or two; it stays with one line of what follows."""
        pitch = self.style.pitch
        self.need(2 * pitch)
        self.paragraph(text, role, look, indent)

    def paragraph(self, text: str, role: str, look: TextStyle, indent: float, lead: int = 0) -> None:
        """Justified lines, the first indented; a paragraph cut by a page break becomes two blocks."""
        pitch = self.style.pitch
        width = self.right - self.left
        lines = break_words(words_of(text, look, lead), width, indent)
        run: list[Line] = []
        continued = False
        for number, words in enumerate(lines):
            if self.y + pitch > self.bottom + 0.01:
                if run:
                    self.blocks.append(Block(self.page, role, tuple(run), continued))
                    continued = True
                    run = []
                self.new_page()
            chars = flat(words)
            x = self.left + (indent if number == 0 else 0.0)
            slack = self.right - x - sum(word.width for word in words)
            full = number < len(lines) - 1 and len(chars) > 1
            gap = slack / (len(chars) - 1) if full else 0.0
            run.append(place(chars, look, x, self.y, pitch, gap))
            self.y += pitch
        self.blocks.append(Block(self.page, role, tuple(run), continued))

    def centred(self, texts: tuple[str, ...], role: str, look: TextStyle, pitch: float) -> None:
        """Lines set in the middle, kept together as one block."""
        self.need(pitch * len(texts))
        run: list[Line] = []
        for text in texts:
            run.append(aligned(text, look, self.left, self.right, self.y, pitch, "center"))
            self.y += pitch
        self.blocks.append(Block(self.page, role, tuple(run)))

    def single(self, text: str, role: str, look: TextStyle, left: float, right: float, align: str) -> Line:
        """One line of its own block; the cursor goes down by one line pitch."""
        self.need(self.style.pitch)
        line = aligned(text, look, left, right, self.y, self.style.pitch, align)
        self.blocks.append(Block(self.page, role, (line,)))
        self.y += self.style.pitch
        return line

    def table(self, grid: Grid, minimum: float, mode: str) -> None:
        """A table from here on, over as many pages as it takes."""
        style = self.style
        left, right = self.left - style.table_widen, self.right + style.table_widen
        edges = cell_text.column_edges(grid, left, right)
        lines = [
            cell_text.cell_lines(c, grid, edges[c.col + c.col_span] - edges[c.col], style, mode) for c in grid.cells
        ]
        heights = cell_text.row_heights(grid, lines, minimum)
        rows: list[tuple[int, float, float]] = []
        for height in heights:
            if self.y + height > self.bottom + 0.01:
                self.new_page()
            rows.append((self.page, self.y, self.y + height))
            self.y += height
        for page in sorted({row[0] for row in rows}):
            mine = [i for i, row in enumerate(rows) if row[0] == page]
            tops = [rows[i][1] for i in mine] + [rows[mine[-1]][2]]
            self.rules += part_rules(grid, mine[0], tops, edges, page, style.rule, style.frame)
        pieces: list[Piece] = []
        for index, cell in enumerate(grid.cells):
            align = "left" if cell.role == "stub" and cell.col_span > 0 and not style.stub_center else "center"
            boxes = cell_boxes(rows, edges, cell.row, cell.row_span, cell.col, cell.col_span)
            shares = share_lines(lines[index], [box for _, box in boxes], style.split_merged)
            for (page, box), share in zip(boxes, shares, strict=True):
                pieces.append(Piece(index, page, box, cell_text.stack(share, box, style, align)))
        number = f"t{len(self.tables) + 1}"
        self.tables.append(PrintedTable(number, grid, tuple(rows), edges, tuple(pieces)))

    def page_numbers(self, look: TextStyle) -> None:
        """— 1 — at the foot of every page, outside (odd right, even left) or in the middle."""
        y = self.bottom + 22.0
        inset = look.size
        for page in range(self.page + 1):
            align = "center"
            if self.style.page_number == "outside":
                align = "right" if page % 2 == 0 else "left"
            line = aligned(f"— {page + 1} —", look, self.left + inset, self.right - inset, y, 20.0, align)
            self.blocks.append(Block(page, "page_number", (line,)))

    def sheet(self, seal_spot: tuple[int, float, float] | None) -> Sheet:
        """Everything set so far."""
        return Sheet(self.page + 1, self.size, tuple(self.blocks), tuple(self.rules), tuple(self.tables), seal_spot)


def cell_boxes(
    rows: list[tuple[int, float, float]],
    edges: tuple[float, ...],
    row: int,
    row_span: int,
    col: int,
    col_span: int,
) -> list[tuple[int, Box]]:
    """(page, box) of each part of a cell, in page order."""
    boxes: list[tuple[int, Box]] = []
    mine = rows[row : row + row_span]
    for page in sorted({r[0] for r in mine}):
        tops = [r[1] for r in mine if r[0] == page]
        bottoms = [r[2] for r in mine if r[0] == page]
        boxes.append((page, (edges[col], min(tops), edges[col + col_span], max(bottoms))))
    return boxes


def share_lines(lines: list[CellLine], boxes: list[Box], split: bool) -> list[list[CellLine]]:
    """Which lines of a cell go into which of its parts.

    With `split` the text runs on over the page break; otherwise it stands whole in the first part that
    holds it, or in the tallest.
    """
    if len(boxes) == 1 or not lines:
        return [lines] + [[] for _ in boxes[1:]]
    pitch = lines[0][1] * cell_text.CELL_PITCH
    room = [max(0, int((box[3] - box[1]) / pitch)) for box in boxes]
    if split:
        shares: list[list[CellLine]] = []
        rest = list(lines)
        for i, capacity in enumerate(room):
            take = len(rest) if i == len(boxes) - 1 else min(len(rest), capacity)
            shares.append(rest[:take])
            rest = rest[take:]
        return shares
    fitting = [i for i, capacity in enumerate(room) if capacity >= len(lines)]
    chosen = fitting[0] if fitting else max(range(len(boxes)), key=lambda i: room[i])
    return [lines if i == chosen else [] for i in range(len(boxes))]
