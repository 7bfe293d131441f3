"""Squares between which no side is ruled are one cell; cells are rectangles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ocr_pipeline.geometry import FloatArray
from ocr_pipeline.settings import TableSettings
from ocr_pipeline.tables.edges import BoolGrid, Edges

IntGrid = npt.NDArray[np.int64]
_Cut = tuple[float, bool, int, int, int]
"""A straight run of sides: their odds together, whether it is upright, its line, the first side, one past the last."""
# How much one ruled side speaks for those in line with it at most (logarithm of the odds): print may be taken for one.
_SURE = 6.0


@dataclass(frozen=True, order=True)
class Span:
    """A cell's rectangle of squares: first row and column, and how many of each."""

    row: int
    col: int
    row_span: int
    col_span: int


def ruled_sides(edges: Edges, em: float, settings: TableSettings) -> tuple[BoolGrid, BoolGrid]:
    """Which sides are ruled by the ink on them alone, for rows and columns. em: height of the print in pixels."""
    lengths = np.diff(edges.corners[..., 0], axis=1), np.diff(edges.corners[..., 1], axis=0)
    rows, columns = (
        # A stroke of print that stands free keeps away from both corners.
        (cover >= settings.edge_cover)
        | ((free >= settings.free_cover) & (np.any(ends > 0, axis=-1) | (free * length > settings.chain_alone_em * em)))
        for cover, free, ends, length in (
            (edges.rows, edges.row_free, edges.row_ends, lengths[0]),
            (edges.columns, edges.column_free, edges.column_ends, lengths[1]),
        )
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
    for ruled, likely, squares in (
        (rows[1:-1], odds[0][1:-1], labels),
        (columns[:, 1:-1].T, odds[1][:, 1:-1].T, labels.T),
    ):
        inside = squares[:-1] == squares[1:]
        for line, first, last in _runs(inside & np.any(ruled & inside, axis=1)[:, None], squares[:-1]):
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
    """The first group of squares that does not fill its bounding rectangle, if any; squares of no group: below 0."""
    first, last, size = _bounds(labels)
    bent = (size > 0) & (np.prod(last - first, axis=1) != size)
    return int(np.argmax(bent)) if bent.any() else None


def _straighten(
    label: int, labels: IntGrid, rows: BoolGrid, columns: BoolGrid, odds: tuple[FloatArray, FloatArray]
) -> None:
    """Rule the likeliest straight run of absent sides inside a group; that splits or bends it less."""
    inside = labels == label
    cuts: list[_Cut] = []
    for upright, (ruled, likely) in enumerate(((rows, odds[0]), (columns.T, odds[1].T))):
        absent = _absent_inside(inside.T if upright else inside, ruled)
        cuts += [(float(np.sum(likely[k, a:b])), bool(upright), k, a, b) for k, a, b in _runs(absent)]
    if not cuts:
        raise AssertionError("a bent group of squares always has an absent side inside it")
    best = max(cuts, key=_odds_of)
    # What leaves another bent group behind needs another cut, no likelier than itself.
    enough = [cut for cut in cuts if 2 * best[0] <= cut[0] < best[0] and best[0] < 0]
    if enough and not _straightens(inside, rows, columns, best):
        best = max((cut for cut in enough if _straightens(inside, rows, columns, cut)), key=_odds_of, default=best)
    _cut(rows, columns, best)


def _odds_of(cut: _Cut) -> float:
    return cut[0]


def _cut(rows: BoolGrid, columns: BoolGrid, cut: _Cut) -> None:
    _, upright, line, first, last = cut
    (columns.T if upright else rows)[line, first:last] = True


def _straightens(inside: BoolGrid, rows: BoolGrid, columns: BoolGrid, cut: _Cut) -> bool:
    """Whether a group of squares falls into rectangles where a run of sides inside it is ruled."""
    r, c = np.nonzero(inside)
    box = slice(int(r.min()), int(r.max()) + 1), slice(int(c.min()), int(c.max()) + 1)
    own = rows.copy(), columns.copy()
    _cut(*own, cut)
    own_rows, own_columns = (
        own[0][box[0].start : box[0].stop + 1, box[1]],
        own[1][box[0], box[1].start : box[1].stop + 1],
    )
    own_rows[[0, -1]] = own_columns[:, [0, -1]] = True
    labels = label_squares(own_rows, own_columns)
    return _first_bent(np.where(inside[box], labels, -1)) is None


def _absent_inside(inside: BoolGrid, ruled: BoolGrid) -> BoolGrid:
    """Sides between rows of squares that are not ruled between two squares of the group."""
    absent = np.zeros(ruled.shape, bool)
    absent[1:-1] = inside[:-1] & inside[1:] & ~ruled[1:-1]
    return absent


def _runs(absent: BoolGrid, groups: IntGrid | None = None) -> list[tuple[int, int, int]]:
    """Maximal runs of true values along each line, each within one group: (line, first, one past the last)."""
    runs: list[tuple[int, int, int]] = []
    for line, values in enumerate(absent):
        starts, ends = values.copy(), values.copy()
        joined = values[1:] & values[:-1]
        if groups is not None:
            joined &= groups[line, 1:] == groups[line, :-1]
        starts[1:] &= ~joined
        ends[:-1] &= ~joined
        runs.extend(
            (line, int(a), int(b) + 1) for a, b in zip(np.flatnonzero(starts), np.flatnonzero(ends), strict=True)
        )
    return runs


def _spans(labels: IntGrid) -> tuple[Span, ...]:
    first, last, _ = _bounds(labels)
    return tuple(sorted(Span(*span) for span in np.hstack([first, last - first]).tolist()))


def _bounds(labels: IntGrid) -> tuple[IntGrid, IntGrid, IntGrid]:
    """Of each group of squares the first row and column, one past the last ones, shape (groups, 2) each, and how many
    squares it has; squares of no group: below 0."""
    grouped = labels >= 0
    own, places = labels[grouped], np.argwhere(grouped)
    count = int(labels.max()) + 1
    first, last = np.full((count, 2), labels.size), np.zeros((count, 2), np.int64)
    np.minimum.at(first, own, places)
    np.maximum.at(last, own, places + 1)
    return first, last, np.bincount(own, minlength=count)
