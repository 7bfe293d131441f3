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
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Edges:
    """How much of each square's side is ruled, 0 to 1, for a grid of r rows and c columns.

    rows: shape (r + 1, c), the side along row boundary i between column boundaries j and j + 1.
    columns: shape (r, c + 1), the side along column boundary j between row boundaries i and i + 1.
    corners: shape (r + 1, c + 1, 2), where the boundaries cross, (x, y) in upright pixels.
    row_ends, column_ends: how dark each side is next to its first and last corner, 0 to 1, shape of rows (columns)
    and 2.
    """

    rows: FloatArray
    columns: FloatArray
    corners: FloatArray
    row_ends: FloatArray
    column_ends: FloatArray


@dataclass(frozen=True)
class Evidence:
    """What speaks for rulings in one direction: masks of the page, 255 for yes.

    sure: on or next to what was traced as a ruling; dark: dark like a ruling, print included; crossing: dark like a
    ruling of the other direction; ink: all ink.
    """

    sure: Mask
    dark: Mask
    crossing: Mask
    ink: Mask


def gather_evidence(rulings: Rulings, binary: Mask, em: float, settings: TableSettings) -> tuple[Evidence, Evidence]:
    """The evidence for row boundaries and for column boundaries."""
    hop = max(1, round(settings.follow_em * em))
    tall, wide = np.ones((2 * hop + 1, 1), np.uint8), np.ones((1, 2 * hop + 1), np.uint8)
    # Sure evidence is what was traced as a ruling; dark pixels without length count only where nearly all are dark.
    rows = Evidence(
        cv2.dilate(rulings.horizontal_mask, tall).astype(np.uint8, copy=False),
        cv2.dilate(rulings.horizontal_dark, np.ones((3, 1), np.uint8)).astype(np.uint8, copy=False),
        rulings.vertical_dark,
        binary,
    )
    columns = Evidence(
        cv2.dilate(rulings.vertical_mask, wide).astype(np.uint8, copy=False),
        cv2.dilate(rulings.vertical_dark, np.ones((1, 3), np.uint8)).astype(np.uint8, copy=False),
        rulings.horizontal_dark,
        binary,
    )
    return rows, columns


def measure_edges(frame: Frame, evidence: tuple[Evidence, Evidence], em: float, settings: TableSettings) -> Edges:
    """Look along every side for ruling ink. evidence: for the rows, for the columns."""
    corners = _corners(frame)
    rows = np.zeros((len(frame.rows), len(frame.columns) - 1))
    columns = np.zeros((len(frame.rows) - 1, len(frame.columns)))
    row_ends, column_ends = np.zeros((*rows.shape, 2)), np.zeros((*columns.shape, 2))
    for i, boundary in enumerate(frame.rows):
        outline = i in (0, len(frame.rows) - 1)
        rows[i], row_ends[i] = _covers(
            boundary, corners[i, :, 0], em, evidence[0], settings, transposed=False, outline=outline
        )
    for j, boundary in enumerate(frame.columns):
        outline = j in (0, len(frame.columns) - 1)
        columns[:, j], column_ends[:, j] = _covers(
            boundary, corners[:, j, 1], em, evidence[1], settings, transposed=True, outline=outline
        )
    return Edges(rows, columns, corners, row_ends, column_ends)


def _corners(frame: Frame) -> FloatArray:
    corners = np.zeros((len(frame.rows), len(frame.columns), 2))
    for j, column in enumerate(frame.columns):
        x = column.curve(np.array([row.middle for row in frame.rows]))
        y = np.array([row.at(float(place)) for row, place in zip(frame.rows, x, strict=True)])
        corners[:, j, 0], corners[:, j, 1] = column.curve(y), y
    return corners


@dataclass(frozen=True)
class _Sides:
    """The pixels along all sides of one boundary, laid end to end, corners left aside.

    rows, columns: where each pixel is; first, last: where each side's pixels begin and end (exclusive) among them.
    """

    rows: IntArray
    columns: IntArray
    first: IntArray
    last: IntArray

    def share(self, found: BoolArray) -> FloatArray:
        """The share of each side's pixels of which something is true; 0 for a side without pixels."""
        return _share(found, self.first, self.last)


def _share(found: BoolArray, first: IntArray, last: IntArray) -> FloatArray:
    total = np.concatenate([[0], np.cumsum(found)])
    return (total[last] - total[first]) / np.maximum(last - first, 1)


def _walk(boundary: Boundary, stops: FloatArray, margin: float, shape: tuple[int, ...], *, transposed: bool) -> _Sides:
    """The pixels of a boundary's sides between its stops (crossings). margin: what is left aside next to a corner, at
    most a quarter of a side."""
    places: list[FloatArray] = []
    for start, end in zip(stops[:-1].tolist(), stops[1:].tolist(), strict=True):
        aside = min(margin, 0.25 * (end - start))
        places.append(np.arange(start + aside, end - aside + 0.5, dtype=np.float64))
    last = np.cumsum([len(place) for place in places])
    along = np.concatenate(places)
    across = boundary.curve(along)
    x, y = (across, along) if transposed else (along, across)
    columns = np.clip(np.rint(x).astype(np.int64), 0, shape[1] - 1)
    rows = np.clip(np.rint(y).astype(np.int64), 0, shape[0] - 1)
    return _Sides(rows, columns, np.concatenate([[0], last[:-1]]), last)


def _covers(
    boundary: Boundary,
    stops: FloatArray,
    em: float,
    evidence: Evidence,
    settings: TableSettings,
    *,
    transposed: bool,
    outline: bool,
) -> tuple[FloatArray, FloatArray]:
    """The share of each side of a boundary that is ruled, and how dark it is next to its corners, shape (sides, 2).

    stops: positions along it of the crossing boundaries.
    """
    if boundary.open:
        return np.zeros(len(stops) - 1), np.zeros((len(stops) - 1, 2))
    sides = _walk(boundary, stops, settings.corner_em * em, evidence.sure.shape, transposed=transposed)
    seen = _looked_up(evidence.dark, boundary, sides, transposed=transposed)
    traced = sides.share(_looked_up(evidence.sure, boundary, sides, transposed=transposed))
    faint = sides.share(seen)
    end = max(2, round(settings.end_em * em))
    at_start = _share(seen, sides.first, np.minimum(sides.first + end, sides.last))
    at_end = _share(seen, np.maximum(sides.last - end, sides.first), sides.last)
    short = _short(boundary, stops, em, settings, outline=outline)
    # A ruling runs from corner to corner; strokes of print keep away from both.
    strokes = short & (np.maximum(at_start, at_end) < settings.end_cover)
    lone = _lone(boundary, float(stops[-1] - stops[0]), em, settings)
    if np.any(short & ~strokes):
        strokes |= short & _attached(boundary, sides, evidence, em, settings, lone=lone, transposed=transposed)
    # Sound at both corners and worn between: print would be the other way round.
    sound = (traced >= settings.doubt_cover) & (np.minimum(at_start, at_end) >= settings.sound_end)
    # Dark without length: print on the line covers up to half of a side, so only the excess counts.
    weak = np.maximum(0.0, (faint - settings.print_cover) / (1.0 - settings.print_cover))
    ruled = np.where(sound, np.maximum(traced, settings.edge_cover), np.maximum(traced, weak))
    # Of pieces that make up no ruling together nothing is left then.
    left = 0.0 if lone else settings.print_cover
    covers: FloatArray = np.where(strokes, np.minimum(traced, faint) * left, ruled)
    for side in range(len(stops) - 1) if boundary.dashed else ():
        if boundary.longest_over(float(stops[side]), float(stops[side + 1])):
            covers[side] = max(float(covers[side]), settings.edge_cover)
    return covers, np.where(strokes[:, None], 0.0, np.stack([at_start, at_end], axis=1))


def _looked_up(mask: Mask, boundary: Boundary, sides: _Sides, *, transposed: bool) -> BoolArray:
    """Where a mask is set along a boundary; along either of its rulings where it is a double one."""
    found: BoolArray = mask[sides.rows, sides.columns] > 0
    spread = round(boundary.spread)
    for away in (-spread, spread) if spread >= 2 else ():
        rows = np.clip(sides.rows + (0 if transposed else away), 0, mask.shape[0] - 1)
        columns = np.clip(sides.columns + (away if transposed else 0), 0, mask.shape[1] - 1)
        found = found | (mask[rows, columns] > 0)
    return found


def _short(boundary: Boundary, stops: FloatArray, em: float, settings: TableSettings, *, outline: bool) -> BoolArray:
    """Which sides are so short that strokes of print could make them up."""
    short: BoolArray = np.diff(stops) < settings.free_length_em * em
    if outline:
        # There a stretch of a long ruling is beyond doubt; within, strokes may prolong a ruling into a cell.
        for side in np.flatnonzero(short):
            start, end = float(stops[side]), float(stops[side + 1])
            long = max(settings.free_length_em * em, 1.5 * (end - start))
            short[side] = boundary.longest_over(start, end) < long
    return short


def _lone(boundary: Boundary, extent: float, em: float, settings: TableSettings) -> bool:
    """Whether all pieces of a boundary together are shorter than a ruling is in a table of that extent (pixels)."""
    return boundary.total < max(settings.chain_em * em, settings.lone_share * extent)


def _attached(
    boundary: Boundary,
    sides: _Sides,
    evidence: Evidence,
    em: float,
    settings: TableSettings,
    *,
    lone: bool,
    transposed: bool,
) -> BoolArray:
    """Whether strokes run across each side just beside it, either way: strokes of characters are joined to others,
    rulings stand free but for the print of tight cells, and that comes near from one side at a time. Pieces that make
    up no ruling together are strokes already when they are joined on one side: the feet of a number."""
    beside = evidence.ink if lone else evidence.crossing
    steps = max(2, round(settings.attached_em * em))
    offsets: FloatArray = boundary.thickness / 2 + 2 + np.arange(steps, dtype=np.float64)
    joined = []
    for sign in (-1, 1):
        away = np.rint(sign * offsets).astype(np.int64)[:, None]
        x = np.clip(sides.columns + (away if transposed else 0), 0, beside.shape[1] - 1)
        y = np.clip(sides.rows + (0 if transposed else away), 0, beside.shape[0] - 1)
        joined.append(sides.share(np.any(beside[y, x], axis=0)) > settings.attached_share)
    return joined[0] | joined[1] if lone else joined[0] & joined[1]
