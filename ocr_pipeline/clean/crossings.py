"""Lines told from strokes of print by how they meet what crosses them.

The strokes of figures that stand one below another, row after row, look like an upright ruling in many places: they
are in line, dark and long together. But print keeps away from the rulings between its rows, if by a pixel or two, and
a ruling is tied to each that it crosses. Worn rulings have gaps anywhere, so most of their crossings hold.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ocr_pipeline.clean.lines import Ruling
from ocr_pipeline.clean.pieces import Piece, Traced
from ocr_pipeline.settings import RulingSettings


def tied_to_crossings(traced: Traced, others: Sequence[Ruling], em: float, settings: RulingSettings) -> Traced:
    """What is traced without the lines that strokes run along and that stop short of most rulings which cross them;
    the very same where there are none. others: the rulings of the other direction. em: height of the print, pixels."""
    tied = [
        max(piece.over, piece.under) < settings.strokes_beside
        or ruling.solidity > settings.crossing_solid
        or not _stops_short(ruling, piece, traced, others, em, settings)
        for ruling, piece in zip(traced.rulings, traced.pieces, strict=True)
    ]
    return traced.only(tied)


def _stops_short(
    ruling: Ruling, piece: Piece, traced: Traced, others: Sequence[Ruling], em: float, settings: RulingSettings
) -> bool:
    """Whether a line has a gap right beside most of the rulings that cross it."""
    inner = settings.crossing_inner_em * em
    crossing = [other for other in others if other.start - inner <= ruling.middle <= other.end + inner]
    places = [(other.at(ruling.middle), other.thickness / 2 + 1) for other in crossing]
    crossed = [(at, half) for at, half in places if ruling.start + inner <= at <= ruling.end - inner]
    if len(crossed) < settings.crossings:
        return False
    reach = max(2, round(settings.crossing_gap_em * em))
    dark = _dark_along(ruling, piece, traced, settings)
    # On a ruling that crosses it, be it the other one of two, nothing shows whether a line goes on.
    for at, half in places:
        dark[max(0, round(at - half) - piece.x) : max(0, round(at + half) + 1 - piece.x)] = True
    free = 0
    for at, half in crossed:
        first, last = round(at - half - reach) - piece.x, round(at + half + reach) + 1 - piece.x
        free += not dark[max(0, first) : max(0, last)].all()
    return free >= settings.crossings_free * len(crossed)


def _dark_along(ruling: Ruling, piece: Piece, traced: Traced, settings: RulingSettings) -> npt.NDArray[np.bool_]:
    """For each pixel of a piece's length whether its line is dark there on the page as it is: what tracing closed
    between two strokes is no ink."""
    rows, columns = piece.window
    beside = round(ruling.thickness / 2)
    window = traced.depth[max(0, rows.start - beside) : rows.stop + beside, columns]
    centre = np.interp(np.arange(columns.start, columns.stop), ruling.along, ruling.across)
    off = np.abs(np.arange(max(0, rows.start - beside), rows.stop + beside)[:, None] - centre)
    dark = (window > settings.crossing_depth * ruling.depth) & (off <= beside + 0.5)
    return np.asarray(dark.any(axis=0), np.bool_)
