"""Upright rulings worn to dashes: too short, each of them, to be found as rulings, yet in one line between two columns.

Where a column is much wider than another it is looked through, between its two boundaries and bent as they are: a line
of ink that is thin, stands free, and reaches the top and the bottom of one row after another is a ruling. Strokes of
print keep away from both ends of their cell, and have other strokes beside them.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ocr_pipeline.geometry import FloatArray, Mask
from ocr_pipeline.settings import TableSettings
from ocr_pipeline.tables.boundaries import Boundary, Frame
from ocr_pipeline.tables.edges import BoolArray


def with_dashed(frame: Frame, binary: Mask, em: float, settings: TableSettings) -> Frame:
    """The frame with a boundary for each dashed upright ruling between two of its columns.

    binary: the page's ink (255); em: height of the print in pixels.
    """
    if len(frame.rows) < 2 or len(frame.columns) < 2:
        return frame
    middles = np.array([column.middle for column in frame.columns])
    widths = np.diff(middles)
    least = settings.dash_wider * float(widths.min()) if len(widths) > 2 else 0.0
    found = list(frame.columns)
    for left, right, width in zip(frame.columns[:-1], frame.columns[1:], widths.tolist(), strict=True):
        if width >= max(least, 2 * settings.dash_room_em * em) and not (left.open and right.open):
            dashed = _between(left, right, frame, binary, em, settings)
            if dashed is not None:
                found.append(dashed)
    return replace(frame, columns=tuple(sorted(found, key=lambda column: column.middle)))


def _between(
    left: Boundary, right: Boundary, frame: Frame, binary: Mask, em: float, settings: TableSettings
) -> Boundary | None:
    """The dashed ruling between two boundaries for which most speaks; None where too little does."""
    middle = (left.middle + right.middle) / 2
    stops = np.array([row.at(middle) for row in frame.rows])
    along = np.arange(np.ceil(stops[0]), np.floor(stops[-1]) + 1)
    start, end = left.curve(along), right.curve(along)
    width = float(np.mean(end - start))
    room = settings.dash_room_em * em
    shares = np.arange(room, width - room) / width
    if len(shares) < 3 or len(along) < 3:
        return None
    x = np.clip(np.rint(start + shares[:, None] * (end - start)), 0, binary.shape[1] - 1).astype(np.int64)
    y = np.clip(along, 0, binary.shape[0] - 1).astype(np.int64)
    ink = binary[y[None, :], x] > 0
    rows = [
        _is_dashed(ink[:, (along > top + 2) & (along < bottom - 2)], em, settings)
        for top, bottom in zip(stops[:-1].tolist(), stops[1:].tolist(), strict=True)
    ]
    good = np.stack([reaching for _, reaching in rows], axis=1)
    lengths: FloatArray = np.diff(stops)
    totals = good @ lengths
    best = int(np.argmax(totals))
    if totals[best] < settings.dash_length_em * em:
        return None
    ties = np.flatnonzero(totals == totals[best])
    share = float(shares[ties[len(ties) // 2]])
    # Once it is sure that a ruling stands there, rows count whose ends are worn off.
    fair = np.stack([dashed for dashed, _ in rows], axis=1)[ties[len(ties) // 2]]
    pieces = tuple((float(stops[i]), float(stops[i + 1])) for i in np.flatnonzero(fair))
    return Boundary(along, start + share * (end - start), float(left.thickness), pieces=pieces, dashed=True)


def _is_dashed(ink: BoolArray, em: float, settings: TableSettings) -> tuple[BoolArray, BoolArray]:
    """For each line down a row of the table whether it may be a dashed ruling, and whether it reaches both of the row's
    ends as well. ink: shape (lines, pixels down)."""
    lines, height = ink.shape
    if height < settings.dash_room_em * em:
        return np.zeros(lines, bool), np.zeros(lines, bool)
    wide = ink.copy()
    wide[1:] |= ink[:-1]
    wide[:-1] |= ink[1:]
    end = max(2, round(settings.dash_end_em * em))
    covered = wide.mean(axis=1) >= settings.dash_cover
    reaches = wide[:, :end].any(axis=1) & wide[:, -end:].any(axis=1)
    # Print has other strokes beside every stroke of its own, within a third of a character on one side or the other.
    near, far = max(3, round(0.12 * em)), round(0.35 * em)
    dark = np.concatenate([np.ones(far), ink.mean(axis=1), np.ones(far)])
    summed = np.concatenate([[0.0], np.cumsum(dark)])
    place = np.arange(lines) + far
    before = (summed[place - near + 1] - summed[place - far]) / (far - near + 1)
    after = (summed[place + far + 1] - summed[place + near]) / (far - near + 1)
    dashed: BoolArray = covered & (np.maximum(before, after) <= settings.dash_beside)
    return dashed, dashed & reaches
