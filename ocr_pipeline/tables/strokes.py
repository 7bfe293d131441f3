"""Boundaries that are strokes of characters: they stand in print, where a ruling keeps away from it.

The same character at one place in many rows (小计 at the head of each group, numbered items 十一, 十二, 十三) has an
upright stroke in each, in low rows as long as its row. Together they look like a ruling that is drawn in those rows
only. But a stroke has the rest of its character on both sides; a cell's print keeps away from its rulings, and no two
cells beside each other are filled up to the ruling between them in row after row. The feet or the tops of a line of
print run on like a ruling across, too, and nothing of them stands free.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ocr_pipeline.geometry import FloatArray, Mask
from ocr_pipeline.settings import TableSettings
from ocr_pipeline.tables.boundaries import Boundary, Frame
from ocr_pipeline.tables.edges import BoolArray, BoolGrid, Edges
from ocr_pipeline.tables.merge import ruled_sides


def without_strokes(frame: Frame, edges: Edges, binary: Mask, em: float, settings: TableSettings) -> Frame:
    """The frame without such boundaries; the very same where there is none. binary: the page's ink (255); em: height of
    the print in pixels."""
    rows, columns = ruled_sides(edges, em, settings)
    kept_rows = _like_rulings(rows, edges.row_free, edges.row_ends, settings)
    kept_rows &= ~_dashes(frame.rows, edges, em, settings)
    ends = edges.column_ends.transpose(1, 0, 2)
    # Of the rulings found as dashes, which stand free by themselves, not all of a side is ink.
    kept_columns = _like_rulings(columns.T, edges.column_free.T, ends, settings) | _dashed(frame)
    heights = np.diff(edges.corners[..., 1], axis=0)
    for j in range(1, len(frame.columns) - 1):
        if kept_columns[j] and not frame.columns[j].dashed:
            few = heights[columns[:, j], j].sum() < settings.lone_share * heights[:, j].sum()
            doubtful = few or _stand_apart(columns[:, j], edges.column_ends[:, j], settings)
            suspect = columns[:, j] & ~edges.column_whole[:, j] & doubtful
            kept_columns[j] = not _is_in_print(
                frame.columns[j], suspect, heights[:, j], _insides(frame, edges, j), binary, em, settings
            )
    if kept_rows.all() and kept_columns.all():
        return frame
    return frame.only(kept_rows, kept_columns)


def _dashed(frame: Frame) -> BoolArray:
    return np.array([column.dashed for column in frame.columns])


def without_prolonging(
    frame: Frame, edges: Edges, ruled: BoolGrid, binary: Mask, em: float, settings: TableSettings
) -> BoolGrid:
    """Which sides of the columns are ruled for certain, shape (rows, columns + 1), without those at a ruling's ends
    that stand in print: a stroke in line with a ruling prolongs it into the next cell. What is likelier is then told
    as of sides that are worn."""
    certain = ruled.copy()
    doubtful = ruled & (edges.column_free < settings.stroke_free) & ~edges.column_whole
    doubtful[1:-1] &= ~ruled[:-2] | ~ruled[2:]
    for row, j in zip(*np.nonzero(doubtful[:, 1:-1]), strict=True):
        top, bottom = _insides(frame, edges, j + 1)[int(row)]
        if _has_print_beside(frame.columns[j + 1], top, bottom, binary, em, settings):
            certain[row, j + 1] = False
    return certain


def _like_rulings(ruled: BoolGrid, free: FloatArray, ends: FloatArray, settings: TableSettings) -> BoolArray:
    """Which boundaries have a ruled side that stands free over some of its length, or mostly such as run from corner to
    corner (of the lines of a double ruling none stands free), or none that is ruled at all; the outermost count as
    such. Shapes (boundaries, sides), ends (boundaries, sides, 2)."""
    stands = np.where(ruled, free, 0.0).max(axis=1) >= settings.stroke_free
    through = 2 * np.sum(ruled & (ends.min(axis=2) >= settings.sound_end), axis=1) > ruled.sum(axis=1)
    kept: BoolArray = ~ruled.any(axis=1) | stands | through
    kept[[0, -1]] = True
    return kept


def _stand_apart(ruled: BoolArray, ends: FloatArray, settings: TableSettings) -> bool:
    """Whether no two rows in which a column's boundary is ruled follow each other, and it runs from corner to corner in
    none of them. Shapes (rows,) and (rows, 2)."""
    return not np.any(ruled[1:] & ruled[:-1]) and bool(np.all(ends[ruled].min(axis=1) < settings.through_cover))


def _dashes(rows: Sequence[Boundary], edges: Edges, em: float, settings: TableSettings) -> BoolArray:
    """Which inner boundaries are wide dashes, of one or several cells of a high row, and reach from corner to corner
    nowhere: they stand for numbers."""
    longest = np.array([row.longest for row in rows])
    alone = np.array([row.total for row in rows]) <= settings.wide_dash_em * em
    few = np.mean(edges.rows > 0, axis=1) <= settings.most_dashes
    short = (longest <= settings.wide_dash_em * em) & (alone | few)
    found: BoolArray = short & (edges.row_ends.min(axis=2).max(axis=1) < settings.end_cover)
    found[[0, -1]] = False
    return found


def _is_in_print(
    column: Boundary,
    ruled: BoolArray,
    heights: FloatArray,
    insides: Sequence[tuple[float, float]],
    binary: Mask,
    em: float,
    settings: TableSettings,
) -> bool:
    """Whether a column's boundary that is ruled in few rows has print close by on both sides in most of them, where
    each stands by itself, and in all, where they follow each other. heights: of the rows along it, pixels; insides: see
    _insides."""
    if not ruled.any():
        return False
    within = (inside for inside, is_ruled in zip(insides, ruled.tolist(), strict=True) if is_ruled)
    held = [_has_print_beside(column, top, bottom, binary, em, settings) for top, bottom in within]
    alone = _longest_run(ruled, heights) < settings.stroke_run_em * em
    return 2 * sum(held) >= len(held) if alone else all(held)


def _insides(frame: Frame, edges: Edges, j: int) -> list[tuple[float, float]]:
    """From where to where each row's inside reaches along a column's boundary, between the rulings above and below it,
    in pixels."""
    levels, half = edges.corners[:, j, 1], np.array([row.thickness for row in frame.rows]) / 2
    return list(zip((levels + half)[:-1].tolist(), (levels - half)[1:].tolist(), strict=True))


def _longest_run(ruled: BoolArray, heights: FloatArray) -> float:
    """The height of the most ruled rows that follow each other, in pixels."""
    longest = run = 0.0
    for is_ruled, height in zip(ruled.tolist(), heights.tolist(), strict=True):
        run = run + height if is_ruled else 0.0
        longest = max(longest, run)
    return longest


def _has_print_beside(
    column: Boundary, top: float, bottom: float, binary: Mask, em: float, settings: TableSettings
) -> bool:
    """Whether there is print on both sides within half a character, along some of a row's height each."""
    inset = settings.corner_em * em
    along = np.arange(top + inset, bottom - inset, dtype=np.float64)
    if not len(along):
        return False
    y = np.clip(np.rint(along).astype(np.int64), 0, binary.shape[0] - 1)
    x = np.rint(column.curve(along)).astype(np.int64)
    away = np.rint(np.arange(column.thickness / 2 + 2, settings.stroke_beside_em * em)).astype(np.int64)[:, None]
    shares = [
        np.mean(np.any(binary[y, np.clip(x + side * away, 0, binary.shape[1] - 1)], axis=0)) if len(away) else 0.0
        for side in (-1, 1)
    ]
    return float(min(shares)) >= settings.stroke_beside
