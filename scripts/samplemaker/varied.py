"""Pages with tables of all shapes: column groups, row groups, section rows, blanks, other faces and sizes."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np

from . import faces
from .content import REPORT_NAMES, load
from .flow import Flow
from .grid import Grid, GridCell, compact
from .sheet import Sheet
from .style import Style, choose
from .typeset import TextStyle

# What tables are set in beside the body faces: black type and script type are met in forms, too.
TABLE_FACES = (faces.SERIF, faces.UMING, faces.SUNGTI, faces.SANS, faces.ZENHEI, faces.UKAI, faces.KAITIM)
BODY_WIDTH = 440.0


@lru_cache(maxsize=1)
def _running_text() -> str:
    """Chinese characters in the order of real prose."""
    text = "".join(item.text for name in REPORT_NAMES for item in load(name).body)
    return "".join(char for char in text if "\u4e00" <= char <= "\u9fff")


def words(rng: np.random.Generator, least: int, most: int) -> str:
    """So many characters of real prose."""
    text = _running_text()
    count = int(rng.integers(least, most + 1))
    start = int(rng.integers(len(text) - count))
    return text[start : start + count]


def _number(rng: np.random.Generator, digits: int) -> str:
    value = int(rng.integers(10**digits))
    kind = rng.random()
    if kind < 0.1:
        return f"{value}.{int(rng.integers(100)):02d}"
    if kind < 0.15:
        return f"{value:,}"
    return "0" if kind < 0.3 else str(value)


def _groups(count: int, most: int, rng: np.random.Generator) -> list[tuple[int, int]]:
    """Half-open ranges that part count places into groups of one to most."""
    found, at = [], 0
    while at < count:
        size = min(count - at, int(rng.integers(1, most + 1)))
        found.append((at, at + size))
        at += size
    return found


def _header(depth: int, stubs: int, cols: int, rng: np.random.Generator) -> list[GridCell]:
    """Header rows: stub heads over their whole depth, column groups parted row by row."""
    cells = [GridCell(0, c, depth, 1, words(rng, 2, 5), "header") for c in range(stubs)]
    if stubs == 2 and rng.random() < 0.5:
        cells = [GridCell(0, 0, depth, 2, words(rng, 2, 6), "header")]
    groups = [(a + stubs, b + stubs) for a, b in _groups(cols - stubs, 5 if depth > 1 else 1, rng)]
    for row in range(depth):
        last = row == depth - 1
        parted: list[tuple[int, int]] = []
        for a, b in groups:
            if b - a == 1:
                cells.append(GridCell(row, a, depth - row, 1, words(rng, 2, 6), "header"))
            elif last:
                cells += [GridCell(row, c, 1, 1, words(rng, 1, 4), "header") for c in range(a, b)]
            else:
                cells.append(GridCell(row, a, 1, b - a, words(rng, 2, 8), "header"))
                split = row + 2 < depth and b - a > 2 and rng.random() < 0.5
                parted += [(a, a + 2), (a + 2, b)] if split else [(c, c + 1) for c in range(a, b)] if last else [(a, b)]
        groups = _singles(parted) if row == depth - 2 else parted
    return cells


def _singles(groups: list[tuple[int, int]]) -> list[tuple[int, int]]:
    return [(c, c + 1) for a, b in groups for c in range(a, b)]


def _body(first: int, rows: int, stubs: int, cols: int, rng: np.random.Generator) -> list[GridCell]:
    """Data rows under the header; row groups in the first of two stub columns; at times a section row across."""
    cells: list[GridCell] = []
    blank = float(rng.choice([0.05, 0.2, 0.45]))
    sections = rng.random() < 0.3
    text_columns = {c for c in range(stubs, cols) if rng.random() < 0.12}
    digits = [int(rng.integers(1, 6)) for _ in range(cols)]
    for a, b in _groups(rows, 5 if stubs == 2 else 1, rng):
        if sections and stubs == 1 and rng.random() < 0.12:
            cells.append(GridCell(first + a, 0, 1, cols, words(rng, 4, 10), "stub"))
            continue
        if stubs == 2 and b - a == 1:
            cells.append(GridCell(first + a, 0, 1, 2, words(rng, 2, 6), "stub"))
        elif stubs == 2:
            cells.append(GridCell(first + a, 0, b - a, 1, words(rng, 2, 5), "stub"))
        for row in range(first + a, first + b):
            if stubs == 1 or b - a > 1:
                cells.append(GridCell(row, stubs - 1, 1, 1, words(rng, 2, 7), "stub"))
            for col in range(stubs, cols):
                text = words(rng, 1, 4) if col in text_columns else _number(rng, digits[col])
                cells.append(GridCell(row, col, 1, 1, "" if rng.random() < blank else text))
    return cells


def random_grid(key: str, most_rows: int, rng: np.random.Generator) -> Grid:
    """A table of two to sixteen columns; every boundary parts cells somewhere."""
    stubs = int(rng.choice([1, 1, 1, 2]))
    cols = stubs + int(rng.integers(1, 14) if rng.random() < 0.7 else rng.integers(1, 6))
    depth = int(rng.choice([1, 1, 2, 2, 3])) if cols - stubs > 2 else 1
    rows = int(rng.integers(3, max(4, most_rows)))
    cells = _header(depth, stubs, cols, rng) + _body(depth, rows, stubs, cols, rng)
    widths = [1.0] * cols
    for col in range(cols):
        widths[col] = float(rng.uniform(1.6, 3.2)) if col < stubs else float(rng.uniform(0.7, 1.5))
    return compact(Grid(key, words(rng, 4, 12), depth + rows, cols, tuple(cells), tuple(widths), depth))


def varied_style(rng: np.random.Generator) -> Style:
    """An office's habits with a wider choice of faces, sizes, rows and rulings."""
    style = choose(rng)
    size = float(rng.choice([8.0, 9.0, 9.0, 10.0, 10.5, 12.0]))
    rule = float(rng.choice([0.4, 0.5, 0.5, 0.75, 1.0]))
    body = TABLE_FACES[int(rng.integers(len(TABLE_FACES)))]
    return replace(
        style,
        body=body,
        table_size=size,
        small_size=min(size, 9.0),
        rule=rule,
        frame=float(rng.choice([rule, rule, 1.5])),
        cell_pad=float(rng.uniform(1.5, 4.5)),
        margins=(float(rng.uniform(50, 85)), float(rng.uniform(60, 105)), float(rng.uniform(50, 80)), 80.0),
    )


def varied_page(rng: np.random.Generator) -> Sheet:
    """One page with one or two tables and some running text."""
    style = varied_style(rng)
    while True:
        flow = Flow(style)
        body = TextStyle(style.body, style.digits, style.body_size)
        if rng.random() < 0.5:
            flow.paragraph(words(rng, 40, 160), "paragraph", body, 2 * style.body_size)
        for number in range(int(rng.choice([1, 1, 2]))):
            flow.heading(words(rng, 6, 14), "table_title", body, 0.0)
            flow.skip(3.0)
            row = style.table_size * float(rng.uniform(1.45, 2.8))
            room = int((flow.bottom - flow.y) / row)
            flow.table(random_grid(f"varied-{number}", min(34, room), rng), row, style.header_mode)
            flow.skip(16.0)
        if flow.page == 0:
            flow.page_numbers(TextStyle(style.body, style.digits, 14.0))
            return flow.sheet(None)


def prose_page(rng: np.random.Generator) -> Sheet:
    """One page of running text, full or not."""
    style = varied_style(rng)
    flow = Flow(style)
    look = TextStyle(style.body, style.digits, style.body_size)
    flow.heading(words(rng, 5, 12), "heading", look, 2 * style.body_size)
    for _ in range(int(rng.integers(1, 7))):
        if flow.page == 0:
            flow.paragraph(words(rng, 30, 200), "paragraph", look, 2 * style.body_size)
    flow.blocks = [block for block in flow.blocks if block.page == 0]
    flow.page = 0
    flow.page_numbers(TextStyle(style.body, style.digits, 14.0))
    return flow.sheet(None)
