"""Tables of statistical yearbooks and returns: nested headers, labels of several levels, totals that add up."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..grid import Grid, GridCell, compact
from . import figures, heads
from .words import BLOCKS, ITEMS, NOTES, PLACES, TITLES, UNITS, pick, some

NUMERALS = "一二三四五六七八九十"
Values = tuple[int | None, ...]


@dataclass(frozen=True)
class Entry:
    """A body row: its group, label, indent and values, and its kind: total, group or leaf."""

    group: int
    label: str
    indent: float
    values: Values
    kind: str


@dataclass(frozen=True)
class Plan:
    """What a table has: columns for labels, codes and units, header depth, data columns, body groups and rows."""

    stubs: int
    extras: tuple[str, ...]
    depth: int
    data: int
    groups: tuple[int, ...]
    total: str
    numbered: bool
    note: bool
    stacked: bool


def plan(rows: int, data: int, rng: np.random.Generator) -> Plan:
    """A random plan for about so many body rows."""
    stubs = int(rng.choice([1, 1, 2, 2, 3]))
    extras = tuple(name for name, odds in (("代码", 0.2), ("单位", 0.25)) if rng.random() < odds)
    depth = int(rng.choice([1, 2, 2, 3, 3, 4])) if data >= 6 else int(rng.choice([1, 2])) if data >= 3 else 1
    sizes: list[int] = []
    while sum(sizes) < rows:
        sizes.append(min(rows - sum(sizes), int(rng.integers(2, 7))))
    return Plan(
        stubs, extras, depth, data, tuple(sizes), pick(("first", "last", "none"), rng), bool(rng.random() < 0.3),
        bool(rng.random() < 0.25), bool(rng.random() < 0.4),
    )  # fmt: skip


def yearbook(key: str, rows: int, data: int, rng: np.random.Generator) -> Grid:
    """A table of about so many body rows and exactly so many data columns."""
    drawn = plan(rows, data, rng)
    blank = pick(figures.BLANKS, rng)
    mixed = rng.random() < 0.6
    kinds = figures.KINDS if mixed else (pick(("whole", "thousands", "one", "two", "money"), rng),)
    columns = [figures.any_column(kinds, blank, data > 10, rng) for _ in range(data)]
    others = len(drawn.extras)
    first = drawn.stubs + others
    cols = first + data
    cells = heads.stub_heads(drawn.stubs, drawn.depth, rng)
    cells += [GridCell(0, drawn.stubs + i, drawn.depth, 1, name, "header") for i, name in enumerate(drawn.extras)]
    cells += heads.column_heads(first, cols, drawn.depth, rng)
    row = drawn.depth
    if drawn.numbered:
        cells += heads.numbering(row, drawn.stubs, others, cols)
        row += 1
    header = row
    body = _entries(drawn, columns, rng)
    cells += _labels(drawn, body, row, rng)
    for number, entry in enumerate(body):
        for i, name in enumerate(drawn.extras):
            text = f"{number + 1:02d}" if name == "代码" else pick(UNITS, rng)
            cells.append(GridCell(row, drawn.stubs + i, 1, 1, text, "data", align="center"))
        for i, (column, value) in enumerate(zip(columns, entry.values, strict=True)):
            cells.append(GridCell(row, first + i, 1, 1, figures.shown(column, value)))
        row += 1
    if drawn.note:
        cells.append(GridCell(row, 0, 1, cols, pick(NOTES, rng), "stub", align="left"))
        row += 1
    return compact(Grid(key, pick(TITLES, rng), row, cols, tuple(cells), (1.0,) * cols, header))


def _entries(drawn: Plan, columns: list[figures.Column], rng: np.random.Generator) -> list[Entry]:
    """The body rows, group by group, with the totals where the plan wants them."""
    places = rng.random() < 0.35
    names = iter(some(PLACES if places else ITEMS, 200, rng))
    blocks = some(BLOCKS, len(drawn.groups), rng)
    body: list[Entry] = []
    sums: list[Values] = []
    for group, size in enumerate(drawn.groups):
        leaves = [tuple(figures.draw(c, rng) for c in columns) for _ in range(size)]
        total = _sum(columns, leaves, rng)
        sums.append(total)
        if drawn.stubs == 1:
            body.append(Entry(group, f"{NUMERALS[group % 10]}、{blocks[group]}", 0.0, total, "group"))
        elif size > 1:
            body.append(Entry(group, blocks[group], 0.0, total, "group"))
        for number, values in enumerate(leaves):
            label = next(names)
            if number == size - 1 and size > 2 and rng.random() < 0.3:
                label = "其中：" + label
            elif drawn.stubs == 1 and rng.random() < 0.3:
                label = f"{number + 1}.{label}"
            body.append(Entry(group, label, 1.0, values, "leaf"))
    if drawn.total != "none":
        whole = Entry(-1, pick(("合计", "总计"), rng), 0.0, _sum(columns, sums, rng), "total")
        body = [whole, *body] if drawn.total == "first" else [*body, whole]
    return body


def _sum(columns: list[figures.Column], rows: list[Values], rng: np.random.Generator) -> Values:
    return tuple(figures.add(c, [row[i] for row in rows], rng) for i, c in enumerate(columns))


def _labels(drawn: Plan, body: list[Entry], first: int, rng: np.random.Generator) -> list[GridCell]:
    """Label cells: one column with indents, or groups that span their rows."""
    if drawn.stubs == 1:
        return [GridCell(first + i, 0, 1, 1, e.label, "stub", indent=e.indent) for i, e in enumerate(body)]
    cells: list[GridCell] = []
    at = 0
    while at < len(body):
        entry = body[at]
        count = sum(other.group == entry.group for other in body)
        if entry.kind == "total" or count == 1:
            cells.append(GridCell(first + at, 0, 1, drawn.stubs, entry.label, "stub", align="center"))
            at += 1
            continue
        mine = body[at : at + count]
        name = entry.label
        stacked = drawn.stacked and len(name) <= 1.6 * count
        spare = GridCell(first + at, 0, count, 1, name, "stub", align="center")
        cells.append(replace(spare, setting="stacked") if stacked else spare)
        cells += _inner(drawn.stubs, [replace(mine[0], label="小计"), *mine[1:]], first + at)
        at += count
    return cells


def _inner(stubs: int, mine: list[Entry], row: int) -> list[GridCell]:
    """Labels right of a group: one column, or two of which the inner one holds what 其中 parts off."""
    if stubs == 2:
        return [GridCell(row + i, 1, 1, 1, e.label, "stub") for i, e in enumerate(mine)]
    parted = 1 + (len(mine) - 1) // 2
    cells = [GridCell(row + i, 1, 1, 2, e.label, "stub") for i, e in enumerate(mine[:parted])]
    rest = mine[parted:]
    if len(rest) < 2:
        return cells + [GridCell(row + parted + i, 1, 1, 2, e.label, "stub") for i, e in enumerate(rest)]
    cells.append(GridCell(row + parted, 1, len(rest), 1, "其中", "stub", align="center"))
    return cells + [
        GridCell(row + parted + i, 2, 1, 1, e.label.removeprefix("其中："), "stub") for i, e in enumerate(rest)
    ]
