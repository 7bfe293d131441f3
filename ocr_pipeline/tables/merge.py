"""Squares between which no side is ruled are one cell; cells are rectangles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ocr_pipeline.geometry import FloatArray
from ocr_pipeline.settings import TableSettings
from ocr_pipeline.tables.edges import BoolGrid, Edges

IntGrid = npt.NDArray[np.int64]


@dataclass(frozen=True, order=True)
class Span:
    """A cell's rectangle of squares: first row and column, and how many of each."""

    row: int
    col: int
    row_span: int
    col_span: int


def ruled_sides(edges: Edges, parted: tuple[BoolGrid, BoolGrid], settings: TableSettings) -> tuple[BoolGrid, BoolGrid]:
    """Which sides are ruled by the ink on them and by the rulings that go on beside them, for rows and columns.

    parted: where print on both sides of a side is set for two cells.
    """
    sure_rows, sure_columns = edges.rows >= settings.edge_cover, edges.columns >= settings.edge_cover
    rows = _continued(edges.rows, parted[0] & _enclosed(sure_rows), settings)
    columns = _continued(edges.columns.T, (parted[1].T & _enclosed(sure_columns.T)), settings).T
    return rows, columns


def merge_squares(edges: Edges, ruled: tuple[BoolGrid, BoolGrid]) -> tuple[Span, ...]:
    """The cells.

    Sides in doubt are first taken as absent; wherever the joined squares are no rectangle, the best supported absent
    side inside them is ruled after all, until every cell is a rectangle.
    """
    rows, columns = ruled[0].copy(), ruled[1].copy()
    rows[0, :] = rows[-1, :] = True
    columns[:, 0] = columns[:, -1] = True
    while True:
        labels = _label(rows, columns)
        bent = _first_bent(labels)
        if bent is None:
            return _spans(labels)
        _straighten(bent, labels, rows, columns, edges)


def _enclosed(sure: BoolGrid) -> BoolGrid:
    """Which sides have the next side either way (across the squares they part) surely ruled: one worn side between
    two sound ones, and not the middle of a merged cell. The outline counts as ruled."""
    count = sure.shape[0]
    enclosed = np.zeros_like(sure)
    for i in range(1, count - 1):
        before = sure[i - 1] if i > 1 else np.ones(sure.shape[1], bool)
        after = sure[i + 1] if i < count - 2 else np.ones(sure.shape[1], bool)
        enclosed[i] = before & after
    return enclosed


def _continued(cover: FloatArray, parted: BoolGrid, settings: TableSettings) -> BoolGrid:
    """Which sides are ruled, given how much of each is, shape (boundaries, squares along them).

    A worn side counts on less evidence where the ruling goes on beside it: rulings are drawn through, and wear takes
    a stretch out of them. It counts on still less where the print on both sides is set for two cells (parted).
    """
    ruled = cover >= np.where(parted, settings.cover_beside, settings.edge_cover)
    for _ in range(2):
        before = np.zeros_like(ruled)
        before[:, 1:] = ruled[:, :-1]
        after = np.zeros_like(ruled)
        after[:, :-1] = ruled[:, 1:]
        both, either = before & after, before | after
        ruled |= both & (parted | (cover >= settings.cover_between))
        ruled |= either & (cover >= np.where(parted, settings.cover_between, settings.cover_beside))
    return ruled


def _label(rows: BoolGrid, columns: BoolGrid) -> IntGrid:
    """Number the connected squares."""
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


def _straighten(label: int, labels: IntGrid, rows: BoolGrid, columns: BoolGrid, edges: Edges) -> None:
    """Rule the best supported straight run of absent sides inside a group; that splits or bends it less."""
    inside = labels == label
    best: tuple[float, str, int, int, int] | None = None
    for axis, ruled, cover in (("rows", rows, edges.rows), ("columns", columns, edges.columns)):
        absent = _absent_inside(inside, ruled, axis)
        for line, first, last in _runs(absent if axis == "rows" else absent.T):
            values = cover[line, first:last] if axis == "rows" else cover[first:last, line]
            candidate = (float(np.mean(values)), axis, line, first, last)
            if best is None or candidate[0] > best[0] or (candidate[0] == best[0] and last - first > best[4] - best[3]):
                best = candidate
    if best is None:
        raise AssertionError("a bent group of squares always has an absent side inside it")
    _, axis, line, first, last = best
    if axis == "rows":
        rows[line, first:last] = True
    else:
        columns[first:last, line] = True


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
