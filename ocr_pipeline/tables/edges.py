"""Which sides of the grid's squares are ruled."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from ocr_pipeline.clean.rulings import Rulings
from ocr_pipeline.geometry import FloatArray, Mask
from ocr_pipeline.settings import TableSettings
from ocr_pipeline.tables.boundaries import Boundary, Frame

BoolGrid = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Edges:
    """How much of each square's side is ruled, 0 to 1, for a grid of r rows and c columns.

    rows: shape (r + 1, c), the side along row boundary i between column boundaries j and j + 1.
    columns: shape (r, c + 1), the side along column boundary j between row boundaries i and i + 1.
    corners: shape (r + 1, c + 1, 2), where the boundaries cross, (x, y) in upright pixels.
    """

    rows: FloatArray
    columns: FloatArray
    corners: FloatArray


def measure_edges(frame: Frame, rulings: Rulings, em: float, settings: TableSettings) -> Edges:
    """Look along every side for ruling ink."""
    corners = _corners(frame)
    hop = max(1, round(settings.follow_em * em))
    tall, wide = np.ones((2 * hop + 1, 1), np.uint8), np.ones((1, 2 * hop + 1), np.uint8)
    # Sure evidence is what was traced as a ruling; dark pixels without length count only where nearly all are dark.
    row_sure, column_sure = cv2.dilate(rulings.horizontal_mask, tall), cv2.dilate(rulings.vertical_mask, wide)
    row_dark, column_dark = rulings.horizontal_dark, rulings.vertical_dark
    row_dark = cv2.dilate(row_dark, np.ones((3, 1), np.uint8))
    column_dark = cv2.dilate(column_dark, np.ones((1, 3), np.uint8))
    count_rows, count_columns = len(frame.rows), len(frame.columns)
    rows = np.zeros((count_rows, count_columns - 1))
    columns = np.zeros((count_rows - 1, count_columns))
    for i, boundary in enumerate(frame.rows):
        for j in range(count_columns - 1):
            span = (corners[i, j, 0], corners[i, j + 1, 0])
            rows[i, j] = _cover(
                boundary,
                span,
                em,
                row_sure,
                row_dark,
                rulings.vertical_dark,
                settings,
                transposed=False,
                outline=i in (0, count_rows - 1),
            )
    for j, boundary in enumerate(frame.columns):
        for i in range(count_rows - 1):
            span = (corners[i, j, 1], corners[i + 1, j, 1])
            columns[i, j] = _cover(
                boundary,
                span,
                em,
                column_sure,
                column_dark,
                rulings.horizontal_dark,
                settings,
                transposed=True,
                outline=j in (0, count_columns - 1),
            )
    return Edges(rows, columns, corners)


def _corners(frame: Frame) -> FloatArray:
    corners = np.zeros((len(frame.rows), len(frame.columns), 2))
    for i, row in enumerate(frame.rows):
        for j, column in enumerate(frame.columns):
            x = column.at(row.middle)
            y = row.at(x)
            corners[i, j] = column.at(y), y
    return corners


def _cover(
    boundary: Boundary,
    span: tuple[float, float],
    em: float,
    sure: Mask,
    dark: Mask,
    crossing: Mask,
    settings: TableSettings,
    *,
    transposed: bool,
    outline: bool,
) -> float:
    """The share of a side that is ruled, its corners left aside (worn, or crossed by the other direction)."""
    if boundary.open:
        return 0.0
    length = span[1] - span[0]
    margin = min(settings.corner_em * em, 0.25 * length)
    along: FloatArray = np.arange(span[0] + margin, span[1] - margin + 0.5, dtype=np.float64)
    if len(along) == 0:
        return 0.0
    across = boundary.curve(along)
    x, y = (across, along) if transposed else (along, across)
    columns = np.clip(np.rint(x).astype(np.int64), 0, sure.shape[1] - 1)
    rows = np.clip(np.rint(y).astype(np.int64), 0, sure.shape[0] - 1)
    seen = dark[rows, columns] > 0
    traced = float(np.mean(sure[rows, columns] > 0))
    faint = float(np.mean(seen))
    end = max(2, round(settings.end_em * em))
    # On the outline a stretch of a long ruling is beyond doubt; within, strokes may prolong a ruling into a cell.
    short = length < settings.free_length_em * em
    if outline and boundary.longest_over(*span) >= max(settings.free_length_em * em, 1.5 * length):
        short = False
    if short and max(np.mean(seen[:end]), np.mean(seen[-end:])) < settings.end_cover:
        # A ruling runs from corner to corner; strokes of print keep away from both.
        return min(traced, faint) * settings.print_cover
    if short:
        steps = max(2, round(settings.attached_em * em))
        offset: FloatArray = boundary.thickness / 2 + 2 + np.arange(steps, dtype=np.float64)
        sides = [_attached(crossing, columns, rows, sign * offset, transposed=transposed) for sign in (-1, 1)]
        if min(sides) > settings.attached_share:
            return min(traced, faint) * settings.print_cover
    if traced >= settings.doubt_cover and min(np.mean(seen[:end]), np.mean(seen[-end:])) >= settings.sound_end:
        # Sound at both corners and worn between: print would be the other way round.
        return max(traced, settings.edge_cover)
    # Dark without length: print on the line covers up to half of a side, so only the excess counts.
    weak = max(0.0, (faint - settings.print_cover) / (1.0 - settings.print_cover))
    return max(traced, weak)


def _attached(
    crossing: Mask,
    columns: npt.NDArray[np.int64],
    rows: npt.NDArray[np.int64],
    offsets: FloatArray,
    *,
    transposed: bool,
) -> float:
    """The share of a side beside which strokes run across it: strokes of characters are joined to others, rulings
    stand free but for the print of tight cells, and that comes near from one side at a time."""
    found = np.zeros(len(columns), bool)
    for offset in np.rint(offsets).astype(np.int64):
        x = np.clip(columns + (offset if transposed else 0), 0, crossing.shape[1] - 1)
        y = np.clip(rows + (0 if transposed else offset), 0, crossing.shape[0] - 1)
        found |= crossing[y, x] > 0
    return float(np.mean(found))
