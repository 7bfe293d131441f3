"""Squares between which no side is ruled are one cell; cells are rectangles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ocr_pipeline.geometry import FloatArray
from ocr_pipeline.settings import TableSettings
from ocr_pipeline.tables.edges import BoolGrid, Edges

IntGrid = npt.NDArray[np.int64]
# How much one ruled side speaks for those in line with it at most (logarithm of the odds): print may be taken for one.
_SURE = 6.0


@dataclass(frozen=True, order=True)
class Span:
    """A cell's rectangle of squares: first row and column, and how many of each."""

    row: int
    col: int
    row_span: int
    col_span: int


def ruled_sides(edges: Edges, settings: TableSettings) -> tuple[BoolGrid, BoolGrid]:
    """Which sides are ruled by the ink on them alone, for rows and columns."""
    rows, columns = (
        (cover >= settings.edge_cover) | (free >= settings.free_cover)
        for cover, free in ((edges.rows, edges.row_free), (edges.columns, edges.column_free))
    )
    return rows, columns


def merge_squares(ruled: tuple[BoolGrid, BoolGrid], odds: tuple[FloatArray, FloatArray]) -> tuple[Span, ...]:
    """The cells.

    ruled: for the rows and the columns, shapes as in Edges; odds: the odds (logarithms) of each side that it is.
    A ruling does not end within a cell: it goes on, or its ink was print. Wherever the joined squares are no rectangle,
    the likeliest absent sides inside them are ruled after all, until every cell is a rectangle.
    """
    rows, columns = ruled[0].copy(), ruled[1].copy()
    rows[0, :] = rows[-1, :] = True
    columns[:, 0] = columns[:, -1] = True
    while True:
        labels = label_squares(rows, columns)
        if _prolong(labels, rows, columns, odds):
            continue
        bent = _first_bent(labels)
        if bent is None:
            return _spans(labels)
        _straighten(bent, labels, rows, columns, odds)


def _prolong(labels: IntGrid, rows: BoolGrid, columns: BoolGrid, odds: tuple[FloatArray, FloatArray]) -> bool:
    """Rule what is absent in line with a ruled side inside a cell, up to the cell's ends, where the odds of all of it
    together speak for it: rulings end at others. Whether there was any."""
    changed = False
    upright = labels[:, :-1] == labels[:, 1:]
    level = labels[:-1] == labels[1:]
    for ruled, likely, inside in (
        (rows[1:-1], odds[0][1:-1], level),
        (columns[:, 1:-1].T, odds[1][:, 1:-1].T, upright.T),
    ):
        for line, first, last in _runs(inside & np.any(ruled & inside, axis=1)[:, None]):
            own = ruled[line, first:last]
            sure = np.minimum(likely[line, first:last][own], _SURE)
            if own.any() and not own.all() and float(sure.sum() + likely[line, first:last][~own].sum()) > 0:
                ruled[line, first:last] = changed = True
    return changed


def label_squares(rows: BoolGrid, columns: BoolGrid) -> IntGrid:
    """Number the squares, alike those between which nothing is ruled; shape (rows, columns). rows, columns: which sides
    are ruled, shapes as in Edges, the outermost ones among them."""
    count_rows, count_columns = columns.shape[0], rows.shape[1]
    labels = np.full((count_rows, count_columns), -1, dtype=np.int64)
    current = 0
    for start in np.ndindex(count_rows, count_columns):
        if labels[start] >= 0:
            continue
        stack = [start]
        labels[start] = current
        while stack:
            r, c = stack.pop()
            for nr, nc, closed in (
                (r - 1, c, rows[r, c]),
                (r + 1, c, rows[r + 1, c]),
                (r, c - 1, columns[r, c]),
                (r, c + 1, columns[r, c + 1]),
            ):
                if not closed and labels[nr, nc] < 0:
                    labels[nr, nc] = current
                    stack.append((nr, nc))
        current += 1
    return labels


def _first_bent(labels: IntGrid) -> int | None:
    """The first group of squares that does not fill its bounding rectangle, if any."""
    for label in range(int(labels.max()) + 1):
        r, c = np.nonzero(labels == label)
        if (np.ptp(r) + 1) * (np.ptp(c) + 1) != len(r):
            return label
    return None


def _straighten(
    label: int, labels: IntGrid, rows: BoolGrid, columns: BoolGrid, odds: tuple[FloatArray, FloatArray]
) -> None:
    """Rule the likeliest straight run of absent sides inside a group; that splits or bends it less."""
    inside = labels == label
    best: tuple[float, BoolGrid, int, int, int] | None = None
    for ruled, likely, absent in (
        (rows, odds[0], _absent_inside(inside, rows, "rows")),
        (columns.T, odds[1].T, _absent_inside(inside, columns, "columns").T),
    ):
        for line, first, last in _runs(absent):
            together = float(np.sum(likely[line, first:last]))
            if best is None or together > best[0]:
                best = together, ruled, line, first, last
    if best is None:
        raise AssertionError("a bent group of squares always has an absent side inside it")
    _, ruled, line, first, last = best
    ruled[line, first:last] = True


def _absent_inside(inside: BoolGrid, ruled: BoolGrid, axis: str) -> BoolGrid:
    """Sides that are not ruled between two squares of the group."""
    absent = np.zeros(ruled.shape, bool)
    if axis == "rows":
        absent[1:-1, :] = inside[:-1, :] & inside[1:, :] & ~ruled[1:-1, :]
    else:
        absent[:, 1:-1] = inside[:, :-1] & inside[:, 1:] & ~ruled[:, 1:-1]
    return absent


def _runs(absent: BoolGrid) -> list[tuple[int, int, int]]:
    """Maximal runs of true values along each line: (line, first, one past the last)."""
    runs: list[tuple[int, int, int]] = []
    for line, values in enumerate(absent):
        padded = np.concatenate([[False], values, [False]]).astype(np.int8)
        change = np.diff(padded)
        runs.extend(
            (line, int(a), int(b))
            for a, b in zip(np.flatnonzero(change == 1), np.flatnonzero(change == -1), strict=True)
        )
    return runs


def _spans(labels: IntGrid) -> tuple[Span, ...]:
    spans = []
    for label in range(int(labels.max()) + 1):
        r, c = np.nonzero(labels == label)
        spans.append(Span(int(r.min()), int(c.min()), int(np.ptp(r)) + 1, int(np.ptp(c)) + 1))
    return tuple(sorted(spans))
