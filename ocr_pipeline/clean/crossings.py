"""Lines told from strokes of print by how they meet what crosses them.

The strokes of figures that stand one below another, row after row, look like an upright ruling in many places: they
are in line, dark and long together. But print keeps away from the rulings between its rows, if by a pixel or two, and
a ruling is tied to each that it crosses. Worn rulings have gaps anywhere, so most of their crossings hold.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

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
    if all(tied):
        return traced
    rulings, pieces = itertools.compress(traced.rulings, tied), itertools.compress(traced.pieces, tied)
    return replace(traced, rulings=tuple(rulings), pieces=tuple(pieces))


def _stops_short(
    ruling: Ruling, piece: Piece, traced: Traced, others: Sequence[Ruling], em: float, settings: RulingSettings
) -> bool:
    """Whether a line has a gap right beside most of the rulings that cross it."""
    inner = settings.crossing_inner_em * em
    crossed = [
        other
        for other in others
        if other.start - inner <= ruling.middle <= other.end + inner
        and ruling.start + inner <= other.at(ruling.middle) <= ruling.end - inner
    ]
    if len(crossed) < settings.crossings:
        return False
    reach = max(2, round(settings.crossing_gap_em * em))
    free = sum(not _holds(ruling, piece, traced, other, reach, settings) for other in crossed)
    return free >= settings.crossings_free * len(crossed)


def _holds(ruling: Ruling, piece: Piece, traced: Traced, other: Ruling, reach: int, settings: RulingSettings) -> bool:
    """Whether a line is dark without a gap for so many pixels on both sides of a ruling that crosses it."""
    at = other.at(ruling.middle)
    beside, half = round(ruling.thickness / 2), other.thickness / 2 + 1
    centre = round(ruling.at(at))
    rows = slice(max(0, centre - beside), centre + beside + 1)
    first, last = piece.window[1].start, piece.window[1].stop
    # The page as it is: what tracing closed between two strokes is no ink.
    level = settings.crossing_depth * ruling.depth
    for near, far in ((at - half - reach, at - half), (at + half, at + half + reach)):
        columns = slice(max(first, round(near)), min(last, round(far) + 1))
        if not np.all(np.any(traced.depth[rows, columns] > level, axis=0)):
            return False
    return True
