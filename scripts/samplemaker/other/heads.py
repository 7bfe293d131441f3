"""Header rows: column groups parted row by row, two to four levels deep, and what may stand below them."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from ..grid import GridCell
from .words import GROUPS, HEADS, LEAVES, pick, some

Span = tuple[int, int]


def _parts(first: int, last: int, rng: np.random.Generator) -> list[Span]:
    """Half-open ranges of two to five places, some of one."""
    cuts, at = [first], first
    while at < last:
        left = last - at
        size = 1 if rng.random() < 0.25 else min(left, int(rng.integers(2, 6)))
        # A group is never the whole: it would name nothing.
        if size == left and at == first and left > 2:
            size = left // 2
        at += size
        cuts.append(at)
    return list(pairwise(cuts))


def column_heads(first: int, last: int, depth: int, rng: np.random.Generator) -> list[GridCell]:
    """Header cells over the columns first to last (half open), depth rows deep."""
    cells: list[GridCell] = []
    groups, leaves = iter(some(GROUPS, 400, rng)), iter(some(LEAVES, 400, rng))

    def part(a: int, b: int, row: int) -> None:
        if row == depth - 1:
            cells.extend(GridCell(row, c, 1, 1, next(leaves), "header") for c in range(a, b))
            return
        for start, end in _parts(a, b, rng):
            if end - start == 1:
                cells.append(GridCell(row, start, depth - row, 1, next(leaves), "header"))
            else:
                cells.append(GridCell(row, start, 1, end - start, next(groups), "header"))
                part(start, end, row + 1)

    part(first, last, 0)
    return cells


def stub_heads(stubs: int, depth: int, rng: np.random.Generator) -> list[GridCell]:
    """The head of the label columns: one cell for all, one for each, or one parted by a slanting rule."""
    if rng.random() < 0.22 and depth > 1:
        parts = (pick(("指标", "项目", "年份"), rng), pick(("地区", "行业", "单位"), rng))
        return [GridCell(0, 0, depth, stubs, "".join(parts), "header", parts=parts, setting="diagonal")]
    if stubs > 1 and rng.random() < 0.6:
        return [GridCell(0, 0, depth, stubs, pick(HEADS, rng), "header")]
    return [GridCell(0, col, depth, 1, name, "header") for col, name in enumerate(some(HEADS, stubs, rng))]


def numbering(row: int, stubs: int, others: int, cols: int) -> list[GridCell]:
    """The row 甲 乙 1 2 3 that numbers the columns: stubs label columns in one cell, others of their own letter."""
    letters = "甲乙丙丁"
    cells = [GridCell(row, 0, 1, stubs, letters[0], "header")]
    cells += [GridCell(row, stubs + i, 1, 1, letters[1 + i], "header") for i in range(others)]
    first = stubs + others
    return cells + [GridCell(row, col, 1, 1, str(col - first + 1), "header") for col in range(first, cols)]
