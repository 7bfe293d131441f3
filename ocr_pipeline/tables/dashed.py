"""Upright rulings worn to dashes or only a row high: too short, each piece, to be found as rulings.

Every row of the table is looked through for lines of ink that are thin, stand free, and reach the row's top and bottom.
Such lines at the same place between two columns, bent as these are, make up a ruling where their ink together is longer
than a stroke. Strokes of print keep away from both ends of their cell, and have other strokes beside them.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace

import numpy as np

from ocr_pipeline.clean.line_masks import widened
from ocr_pipeline.geometry import FloatArray, Mask
from ocr_pipeline.settings import TableSettings
from ocr_pipeline.tables.boundaries import Boundary, Frame
from ocr_pipeline.tables.edges import BoolArray, IntArray, next_to


@dataclass(frozen=True)
class _Band:
    """One row of the table, looked down at every place across the page, shape (width,) each.

    traces: whether ink stands free there, as what is left of a ruling does; fair: whether it is enough for a dashed
    ruling; good: whether it reaches both of the row's ends as well; ink: how many pixels of ink there are; middle: the
    row's middle, upright pixels."""

    traces: BoolArray
    fair: BoolArray
    good: BoolArray
    ink: FloatArray
    middle: float


def with_dashed(frame: Frame, binary: Mask, em: float, settings: TableSettings) -> Frame:
    """The frame with a boundary for each dashed upright ruling between two of its columns, or beyond the outermost ones
    as far as the rulings of its rows go.

    binary: the page's ink (255); em: height of the print in pixels.
    """
    if len(frame.rows) < 2 or len(frame.columns) < 2 or not (len(frame.rows) > 2 or _is_strip(frame, settings)):
        return frame
    stops = _reaching(frame, em, settings)
    wide = [b.middle - a.middle >= 2 * settings.dash_room_em * em for a, b in itertools.pairwise(stops)]
    if not any(wide):
        return frame
    # A row's ends are known only where its rulings run past: in merged cells print stands anywhere.
    known = [_ruled(row, binary, em, settings) for row in frame.rows]
    bands = [
        _band(*rows, above & below, binary, em, settings)
        for rows, (above, below) in zip(itertools.pairwise(frame.rows), itertools.pairwise(known), strict=True)
    ]
    found = list(frame.columns)
    for left, right, room in zip(stops[:-1], stops[1:], wide, strict=True):
        if room:
            found += _between(left, right, frame, bands, em, settings)
    return replace(frame, columns=tuple(sorted(found, key=lambda column: column.middle)))


def _is_strip(frame: Frame, settings: TableSettings) -> bool:
    """Whether a single row is ruled all round: two lines of strokes along one line of print are not."""
    left, right = frame.columns[0], frame.columns[-1]
    least = settings.strip_outline * (right.middle - left.middle)
    return not (left.open or right.open) and min(row.total for row in frame.rows) >= least


def _reaching(frame: Frame, em: float, settings: TableSettings) -> list[Boundary]:
    """The columns' boundaries, with those limits to either side that rulings of rows run on to without meeting any."""
    pieces = [piece for row in frame.rows for piece in row.pieces]
    stops = list(frame.columns)
    ends = min((a for a, _ in pieces), default=np.inf), max((b for _, b in pieces), default=-np.inf)
    room, span = settings.dash_room_em * em, np.array([frame.rows[0].middle, frame.rows[-1].middle])
    if ends[0] < stops[0].middle - room:
        stops.insert(0, Boundary(span, np.full(2, ends[0] - room), 0.0, open=True))
    if ends[1] > stops[-1].middle + room:
        stops.append(Boundary(span, np.full(2, ends[1] + room), 0.0, open=True))
    return stops


def _band(top: Boundary, bottom: Boundary, known: BoolArray, binary: Mask, em: float, settings: TableSettings) -> _Band:
    """The row between two boundaries. known: where across the page both have a ruling."""
    height, width = binary.shape
    across = np.arange(width, dtype=np.float64)
    # Rulings bend with the paper, and their own ink is no dash.
    upper = np.rint(top.curve(across) + top.thickness / 2 + 1.5).astype(np.int64)
    lower = np.rint(bottom.curve(across) - bottom.thickness / 2 - 1.5).astype(np.int64)
    first, last, middle = max(0, int(upper.max())), min(height, int(lower.min()) + 1), (top.middle + bottom.middle) / 2
    if last - first < settings.dash_room_em * em:
        none = np.zeros(width, bool)
        return _Band(none, none, none, np.zeros(width), middle)
    ink = binary[first:last] > 0
    drawn = _filled(widened(ink))
    free = _beside(ink, em) <= settings.dash_beside
    traces = free & (drawn >= settings.dash_traces * (last - first))
    fair = free & (drawn >= settings.dash_cover * (last - first))
    good = fair & known
    good[good] = _reaching_both(binary, np.flatnonzero(good), (upper, lower), em, settings)
    # One end may be worn off where what begins at the other is longer than any stroke that stands free.
    places = np.flatnonzero(fair & known & ~good)
    if len(places):
        ends = upper[places], lower[places]
        good[places] = _longest_from_end(binary, places, ends, em, settings) >= settings.dash_ink_em * em
    return _Band(traces, fair, good, drawn.astype(np.float64), middle)


def _filled(ink: BoolArray) -> IntArray:
    """How many pixels of ink there are in each column: as numpy.count_nonzero, in a quarter of the time."""
    return np.asarray(np.sum(ink, axis=0, dtype=np.uint16 if len(ink) < 2**16 else np.int64), np.int64)


def _reaching_both(
    binary: Mask, places: IntArray, ends: tuple[IntArray, IntArray], em: float, settings: TableSettings
) -> BoolArray:
    """Whether there is ink at both of the row's ends, at some places across the page or next to each. ends: the row's
    first and last pixel at all places across the page."""
    height, width = binary.shape
    steps = np.arange(max(2, round(settings.dash_end_em * em)))[:, None, None]
    near = np.clip(places + np.arange(-1, 2)[:, None], 0, width - 1)
    at_top, at_foot = (
        np.any(binary[np.clip(rows, 0, height - 1), near], axis=(0, 1))
        for rows in (ends[0][near] + steps, ends[1][near] - steps)
    )
    return np.asarray(at_top & at_foot)


def _ruled(row: Boundary, binary: Mask, em: float, settings: TableSettings) -> BoolArray:
    """Where the boundary of a row has ink, for every place across the page: over so much of a stretch two
    characters wide that it is no print; or where pieces of one ruling stand on both sides."""
    height, width = binary.shape
    rows = np.rint(row.curve(np.arange(width, dtype=np.float64))).astype(np.int64) + np.arange(-1, 2)[:, None]
    dark = (binary[np.clip(rows, 0, height - 1), np.arange(width)[None]] > 0).any(axis=0)
    window = max(3, round(2 * em)) | 1
    share = np.convolve(dark.astype(np.float64), np.full(window, 1.0 / window), mode="same")
    ruled: BoolArray = share >= settings.doubt_cover
    # A ruling in pieces runs on between them.
    for start, end in row.pieces:
        ruled[max(0, round(start)) : max(0, round(end) + 1)] = True
    return ruled


def _longest_from_end(
    binary: Mask, places: IntArray, ends: tuple[IntArray, IntArray], em: float, settings: TableSettings
) -> IntArray:
    """How many pixels of ink follow each other without a gap from the row's top down or from its foot up, the longer of
    both, at some places across the page. ends: each place's own first and last pixel, shape (places,) each: where the
    rulings bend, a row cut straight would end in the middle of a bracket, which then seems to begin at its end."""
    height, width = binary.shape
    steps = np.arange(round(settings.dash_ink_em * em) + 1)[:, None]
    near = np.clip(np.stack([places - 1, places, places + 1]), 0, width - 1)
    runs = []
    for rows in (ends[0] + steps, ends[1] - steps):
        dark = (binary[np.clip(rows, 0, height - 1)[None], near[:, None]] > 0).any(axis=0)
        runs.append(np.where(dark.all(axis=0), len(dark), np.argmin(dark, axis=0)))
    return np.maximum(*runs)


def _beside(ink: BoolArray, em: float) -> FloatArray:
    """How much ink there is beside each place, within a third of a character on one side or the other: strokes of print
    have others there."""
    near, far = max(3, round(0.12 * em)), round(0.35 * em)
    dark = np.pad(_filled(ink) / len(ink), far)
    summed = np.concatenate([[0.0], np.cumsum(dark)])
    place = np.arange(ink.shape[1]) + far
    before = summed[place - near + 1] - summed[place - far]
    after = summed[place + far + 1] - summed[place + near]
    most: FloatArray = np.maximum(before, after) / (far - near + 1)
    return most


_FEW_ROWS = 3


def _runs_down(good: BoolArray, traces: BoolArray) -> BoolArray:
    """At which places most of the rows that speak for a ruling have traces of it in the row above or below, as rulings
    do; both of shape (rows, places). The same label in single rows all over a table has a stroke at one place, too
    (小计, in low rows)."""
    if len(good) <= _FEW_ROWS:
        return np.ones(good.shape[1], bool)
    most: BoolArray = 2 * np.sum(good & next_to(traces), axis=0) > np.sum(good, axis=0)
    return most


def _between(
    left: Boundary, right: Boundary, frame: Frame, bands: list[_Band], em: float, settings: TableSettings
) -> list[Boundary]:
    """The dashed rulings between two boundaries for which most speaks."""
    middles = np.array([band.middle for band in bands])
    start, end = left.curve(middles), right.curve(middles)
    width, room = float(np.mean(end - start)), settings.dash_room_em * em
    shares = np.arange(room, width - room) / width
    if len(shares) < 3:
        return []
    x = np.rint(start[:, None] + shares * (end - start)[:, None]).astype(np.int64)
    x = np.clip(x, 0, len(bands[0].ink) - 1)
    traces, fair, good, ink = (
        np.stack([values[at] for values, at in zip(layer, x, strict=True)])
        for layer in (
            [b.traces for b in bands],
            [b.fair for b in bands],
            [b.good for b in bands],
            [b.ink for b in bands],
        )
    )
    totals = np.sum(good * ink, axis=0) * _runs_down(good, traces)
    along = np.concatenate([[frame.rows[0].middle], middles, [frame.rows[-1].middle]])
    thickness = float(np.median([column.thickness for column in frame.columns]))
    found: list[Boundary] = []
    while len(totals) and totals.max() >= settings.dash_ink_em * em:
        ties = np.flatnonzero(totals >= totals.max() - 1)
        best = int(ties[len(ties) // 2])
        # Once it is sure that a ruling stands there, rows count whose ends are worn off.
        pieces = tuple((frame.rows[i].middle, frame.rows[i + 1].middle) for i in np.flatnonzero(fair[:, best]))
        across = left.curve(along) + shares[best] * (right.curve(along) - left.curve(along))
        found.append(Boundary(along, across, thickness, pieces=pieces, dashed=True))
        totals = np.where(np.abs(shares - shares[best]) * width < room, 0.0, totals)
    return found
