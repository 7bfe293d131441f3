"""Text inside table cells: how it is broken into lines, and the heights the rows need."""

from __future__ import annotations

from dataclasses import replace

from .faces import Face
from .grid import Grid, GridCell, kind_of
from .style import Style
from .typeset import Line, TextStyle, break_words, flat, place, words_of

CellLine = tuple[tuple[tuple[str, Face], ...], float]
# Line pitch inside cells, in ems, and blank above and below the text of a cell, in points.
CELL_PITCH = 1.28
CELL_VERTICAL_PAD = 1.6
# Header cells narrower than this (ems) are where offices break words by hand.
NARROW = 5.5


def text_style(cell: GridCell, grid: Grid, style: Style) -> TextStyle:
    """The style of a cell's text; the fifteen-column table is set smaller."""
    size = style.small_size if grid.cols > 12 else style.table_size
    digits = style.table_digits if cell.role == "data" else style.digits
    return TextStyle(style.body, digits, size)


def _by_hand(text: str, mode: str) -> list[str]:
    """A short header as typed by hand: pairs or single characters a line, or blanks between characters."""
    if mode == "singles":
        return list(text)
    if mode == "pairs":
        return [text[i : i + 2] for i in range(0, len(text), 2)]
    return [" ".join(text)]


def cell_lines(cell: GridCell, grid: Grid, width: float, style: Style, mode: str) -> list[CellLine]:
    """Lines of a cell `width` points wide, each with its size in points."""
    if not cell.text:
        return []
    look = text_style(cell, grid, style)
    room = width - 2 * style.cell_pad
    kind = kind_of(cell.text)
    if kind == "number" or (cell.role == "data" and cell.text.isascii()):
        wide = sum(word.width for word in words_of(cell.text, look))
        size = look.size * min(1.0, (width - 2.0) / wide)
        return [(tuple(flat(words_of(cell.text, replace(look, size=size)))), size)]
    by_hand = mode != "natural" and cell.role == "header" and 2 <= len(cell.text) <= 6 and width < NARROW * look.size
    texts = _by_hand(cell.text, mode) if by_hand else [cell.text]
    if grid.key == "four" and mode == "pairs" and by_hand and cell.row == 2:
        texts = _by_hand(cell.text, "singles")
    lines: list[CellLine] = []
    for text in texts:
        for words in break_words(words_of(text, look), max(room, look.size * 1.02)):
            lines.append((tuple(flat(words)), look.size))
    return lines


def stack(lines: list[CellLine], box: tuple[float, float, float, float], style: Style, align: str) -> tuple[Line, ...]:
    """Place lines in a box, centred up and down."""
    if not lines:
        return ()
    x0, y0, x1, y1 = box
    pitch = lines[0][1] * CELL_PITCH
    top = (y0 + y1 - pitch * len(lines)) / 2
    placed: list[Line] = []
    for chars, size in lines:
        trimmed = [pair for pair in chars]
        while trimmed and trimmed[-1][0].isspace():
            trimmed.pop()
        while trimmed and trimmed[0][0].isspace():
            trimmed.pop(0)
        look = TextStyle(style.body, None, size)
        probe = place(trimmed, look, 0.0, top, pitch)
        if not probe.glyphs:
            continue
        from_left, _, to_right, _ = probe.box()
        wide = to_right + min(from_left, 0.0) if align == "center" else to_right
        start = (x0 + x1 - wide) / 2 if align == "center" else x0 + style.cell_pad
        placed.append(place(trimmed, look, start, top, pitch))
        top += pitch
    return tuple(placed)


def column_edges(grid: Grid, left: float, right: float) -> tuple[float, ...]:
    """X of the column edges, in points, from the grid's relative widths."""
    total = sum(grid.widths)
    edges = [left]
    for share in grid.widths:
        edges.append(edges[-1] + (right - left) * share / total)
    edges[-1] = right
    return tuple(edges)


def row_heights(grid: Grid, lines: list[list[CellLine]], minimum: float, tall: int = 12) -> tuple[float, ...]:
    """Heights that hold every cell's lines; cells of more than `tall` rows always have room enough."""
    heights = [minimum] * grid.rows

    def need(index: int) -> float:
        if not lines[index]:
            return 0.0
        return len(lines[index]) * lines[index][0][1] * CELL_PITCH + 2 * CELL_VERTICAL_PAD

    for index, cell in enumerate(grid.cells):
        if cell.row_span == 1:
            heights[cell.row] = max(heights[cell.row], need(index))
    for index, cell in enumerate(grid.cells):
        if 1 < cell.row_span <= tall:
            last = cell.row + cell.row_span - 1
            lacking = need(index) - sum(heights[cell.row : last + 1])
            if lacking > 0:
                heights[last] += lacking
    return tuple(heights)
