"""The rulings of a printed table, part by part, as a word processor draws them."""

from __future__ import annotations

from collections.abc import Iterator

from .grid import Grid
from .sheet import Rule


def _runs(flags: list[bool]) -> Iterator[tuple[int, int]]:
    """Half-open index ranges of consecutive true flags."""
    start = -1
    for index, flag in enumerate([*flags, False]):
        if flag and start < 0:
            start = index
        elif not flag and start >= 0:
            yield start, index
            start = -1


def part_rules(
    grid: Grid,
    first: int,
    tops: list[float],
    edges: tuple[float, ...],
    page: int,
    rule: float,
    frame: float,
) -> list[Rule]:
    """Rulings of rows first.. of a grid on one page; `tops` holds the rows' tops and the last bottom."""
    owner = grid.owners()
    count = len(tops) - 1
    rules: list[Rule] = []
    for i in range(count + 1):
        row = first + i
        outer = i in (0, count)
        cut = [outer or owner[row - 1][col] != owner[row][col] for col in range(grid.cols)]
        role = "outer" if outer else "header" if row == grid.header_rows else "inner"
        for a, b in _runs(cut):
            width = frame if outer else rule
            rules.append(Rule(page, edges[a], tops[i], edges[b], tops[i], width, role))
    for col in range(grid.cols + 1):
        outer = col in (0, grid.cols)
        cut = [outer or owner[first + i][col - 1] != owner[first + i][col] for i in range(count)]
        for a, b in _runs(cut):
            width = frame if outer else rule
            rules.append(Rule(page, edges[col], tops[a], edges[col], tops[b], width, "side" if outer else "column"))
    return rules
