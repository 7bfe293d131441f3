"""Pages with tables that lack rulings by design, set as offices set them: title, unit line, table, notes, text."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np

from . import cells as cell_text
from .cells import CELL_PITCH, CellLine
from .faces import Face
from .flow import Flow
from .geometry import Box
from .grid import GridCell
from .invent import SENTENCES, _paragraph
from .open_grids import OpenGrid, open_grid
from .sheet import Block, Piece, PrintedTable, Rule, Sheet
from .style import Style
from .typeset import Line, TextStyle, aligned, break_words, flat, place, words_of

FORMS = ("three-line", "header-only", "under-header", "horizontal", "columns", "column-header", "bare")
TITLES = ("主要经济指标", "各行业增加值", "财政收支情况", "各县区完成情况", "居民收入与支出", "固定资产投资情况")
NOTES = ("注：本表数据为初步统计数。", "资料来源：各有关部门年度报表。", "注：部分数据因四舍五入，分项与合计略有差异。")


def open_page(form: str, style: Style, rng: np.random.Generator) -> Sheet:
    """One page with one or two open tables between running text."""
    flow = Flow(replace(style, body_size=float(rng.choice([12.0, 14.0])), pitch=float(rng.uniform(20.0, 25.0))))
    if rng.random() < 0.7:
        _text(flow, int(rng.integers(1, 5)), rng)
    for number in range(1 if rng.random() < 0.6 else 2):
        room = flow.bottom - flow.y - 90.0
        if room > 130.0:
            _table_with_titles(flow, form, number, room, rng)
    if flow.bottom - flow.y > 4 * flow.style.pitch and rng.random() < 0.7:
        _text(flow, 2, rng)
    flow.page = 0
    flow.blocks = [block for block in flow.blocks if block.page == 0]
    flow.page_numbers(TextStyle(style.body, style.digits, 12.0))
    return flow.sheet(None)


def _text(flow: Flow, sentences: int, rng: np.random.Generator) -> None:
    style = flow.style
    look = TextStyle(style.body, style.digits, style.body_size)
    flow.paragraph(_paragraph(SENTENCES, sentences, rng), "paragraph", look, 2 * style.body_size)


def _table_with_titles(flow: Flow, form: str, number: int, room: float, rng: np.random.Generator) -> None:
    style = flow.style
    size = float(rng.choice([8.0, 9.0, 9.0, 10.0, 10.5]))
    cols = int(rng.integers(3, 13))
    size = min(size, 9.0) if cols > 8 else size
    pad = float(rng.uniform(1.0, 4.5))
    fit = int(room / (size * CELL_PITCH + 2 * pad))
    rows = int(rng.integers(4, max(5, min(41, fit - 2))))
    title = f"表{number + 1}　{TITLES[int(rng.integers(len(TITLES)))]}"
    flow.skip(style.pitch * 0.4)
    flow.centred((title.replace("　", " "),), "table_title", TextStyle(style.head, style.digits, size + 1.5), 20.0)
    small = TextStyle(style.body, style.digits, size)
    left, right = _sides(flow, cols, rng)
    if rng.random() < 0.5:
        unit = aligned("单位：万元", small, left, right, flow.y, size * 1.5, "right")
        flow.blocks.append(Block(flow.page, "note", (unit,)))
        flow.y += size * 1.5
    flow.y += 2.0
    while True:
        drawn = open_grid(rows, cols, rng, f"open-{number}")
        if _set_table(flow, drawn, form, (left, right), size, pad, room, rng):
            break
        rows = max(3, rows - 2)
    flow.y += 3.0
    for note in rng.permutation(len(NOTES))[: int(rng.integers(0, 3))]:
        line = aligned(NOTES[int(note)], small, left, right, flow.y, size * 1.5, "left")
        flow.blocks.append(Block(flow.page, "note", (line,)))
        flow.y += size * 1.5
    flow.y += style.pitch * 0.5


def _sides(flow: Flow, cols: int, rng: np.random.Generator) -> tuple[float, float]:
    """The table's left and right edge: as wide as the text, or narrower and set in the middle."""
    share = float(rng.uniform(0.65, 1.0)) if cols <= 5 and rng.random() < 0.4 else 1.0
    inset = (flow.right - flow.left) * (1 - share) / 2
    return flow.left + inset, flow.right - inset


def _lines_of(cell: GridCell, width: float, size: float, pad: float, style: Style) -> list[CellLine]:
    """A cell's text broken into lines; numbers too wide for their column are set smaller, never broken."""
    if not cell.text:
        return []
    look = TextStyle(style.body, style.table_digits if cell.role == "data" else style.digits, size)
    words = words_of(cell.text, look)
    if cell.role == "data":
        wide = sum(word.width for word in words)
        smaller = size * min(1.0, (width - 2 * pad) / wide)
        return [(tuple(flat(words_of(cell.text, replace(look, size=smaller)))), smaller)]
    return [(tuple(flat(line)), size) for line in break_words(words, max(width - 2 * pad, size * 1.05))]


def _set_table(
    flow: Flow,
    drawn: OpenGrid,
    form: str,
    sides: tuple[float, float],
    size: float,
    pad: float,
    room: float,
    rng: np.random.Generator,
) -> bool:
    """Set a table from the cursor on; False (and nothing set) where it does not fit."""
    grid, style = drawn.grid, flow.style
    edges = cell_text.column_edges(grid, *sides)
    side = 3.0
    lines = [_lines_of(c, edges[c.col + c.col_span] - edges[c.col], size, side, style) for c in grid.cells]
    minimum = size * CELL_PITCH + 2 * pad
    heights = cell_text.row_heights(grid, lines, minimum)
    if any(len(ls) > 3 for ls in lines) or sum(heights) > room:
        return False
    # Wrapped rows keep the same blank above and below as the others.
    for index, cell in enumerate(grid.cells):
        need = len(lines[index]) * size * CELL_PITCH + 2 * pad
        if cell.row_span == 1 and need > heights[cell.row]:
            heights = (*heights[: cell.row], need, *heights[cell.row + 1 :])
    tops = [flow.y]
    for height in heights:
        tops.append(tops[-1] + height)
    if tops[-1] - tops[0] > room:
        return False
    on_top = bool(rng.random() < 0.3)
    pieces: list[Piece] = []
    for index, cell in enumerate(grid.cells):
        box = (edges[cell.col], tops[cell.row], edges[cell.col + cell.col_span], tops[cell.row + cell.row_span])
        align = _align(cell, drawn)
        top = tops[cell.row] + pad if on_top and cell.role != "header" else None
        pieces.append(Piece(index, flow.page, box, _stacked(lines[index], box, style.body, align, side, top)))
    rows = tuple((flow.page, a, b) for a, b in pairwise(tops))
    flow.rules += _rules(drawn, form, tops, edges, flow.page, rng)
    flow.tables.append(PrintedTable(f"t{len(flow.tables) + 1}", grid, rows, edges, tuple(pieces)))
    flow.y = tops[-1]
    return True


def _align(cell: GridCell, drawn: OpenGrid) -> str:
    if cell.row in drawn.sections or cell.role == "header":
        return "center" if cell.col_span > 1 or cell.role == "header" else "left"
    return drawn.aligns[cell.col]


def _stacked(
    lines: list[CellLine], box: Box, face: Face, align: str, pad: float, top: float | None
) -> tuple[Line, ...]:
    """Lines placed in a box; top: where the first one begins, None sets them in the middle."""
    if not lines:
        return ()
    x0, y0, x1, y1 = box
    pitch = lines[0][1] * CELL_PITCH
    y = (y0 + y1 - pitch * len(lines)) / 2 if top is None else top
    placed: list[Line] = []
    for chars, size in lines:
        look = TextStyle(face, None, size)
        probe = place(chars, look, 0.0, y, pitch)
        if not probe.glyphs:
            continue
        wide = probe.box()[2]
        start = {"left": x0 + pad, "center": (x0 + x1 - wide) / 2, "right": x1 - pad - wide}.get(align)
        if start is None:
            # Decimal points one below the other, two thirds into the column.
            before = [i for i, (char, _) in enumerate(chars) if char == "."]
            cut = chars[: before[0]] if before else chars
            head = place(cut, look, 0.0, y, pitch).box()[2] if cut else 0.0
            start = min(max(x0 + pad, x0 + 0.66 * (x1 - x0) - head), x1 - pad - wide)
        placed.append(place(chars, look, start, y, pitch))
        y += pitch
    return tuple(placed)


def _rules(
    drawn: OpenGrid, form: str, tops: list[float], edges: tuple[float, ...], page: int, rng: np.random.Generator
) -> list[Rule]:
    grid = drawn.grid
    thick, thin = float(rng.choice([0.75, 1.0, 1.5])), float(rng.choice([0.5, 0.75]))
    under = tops[grid.header_rows]

    def level(y: float, width: float, role: str) -> Rule:
        return Rule(page, edges[0], y, edges[-1], y, width, role)

    rules: list[Rule] = []
    if form in ("three-line", "header-only", "horizontal", "column-header"):
        rules.append(level(tops[0], thick, "outer"))
    if form in ("three-line", "horizontal", "column-header"):
        rules.append(level(tops[-1], thick, "outer"))
    if form in ("three-line", "header-only", "under-header", "horizontal", "column-header"):
        rules.append(level(under, thin, "header"))
        if rng.random() < 0.75 or form in ("horizontal", "column-header"):
            trim = float(rng.choice([0.0, 2.0, 3.0])) if form != "column-header" else 0.0
            rules += [Rule(page, edges[a] + trim, tops[1], edges[b + 1] - trim, tops[1], thin, "inner")
                      for a, b in drawn.groups]  # fmt: skip
    if form == "horizontal":
        rules += [level(y, thin, "inner") for y in tops[grid.header_rows + 1 : -1]]
    elif form == "three-line" and rng.random() < 0.2:
        rules.append(level(tops[-2], thin, "inner"))
    if form in ("columns", "column-header"):
        rules += _column_rules(drawn, tops, edges, page, thin)
    return rules


def _column_rules(drawn: OpenGrid, tops: list[float], edges: tuple[float, ...], page: int, width: float) -> list[Rule]:
    """Upright rulings between the columns, not through merged cells."""
    owner = drawn.grid.owners()
    rules: list[Rule] = []
    for col in range(1, drawn.grid.cols):
        start: int | None = None
        for row in range(drawn.grid.rows + 1):
            apart = row < drawn.grid.rows and owner[row][col - 1] != owner[row][col]
            if apart and start is None:
                start = row
            elif not apart and start is not None:
                rules.append(Rule(page, edges[col], tops[start], edges[col], tops[row], width, "column"))
                start = None
    return rules
