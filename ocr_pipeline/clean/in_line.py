"""Hairlines right beside print, told by what lies in one line.

Print that stands right above or below a hairline that fades in and out makes each piece of it look like the feet or the
tops of its own strokes. Those are curved, of many lengths and nowhere most of a line; the pieces of a hairline are.
"""

from __future__ import annotations

import numpy as np

from ocr_pipeline.clean.evenness import bare_columns, own_course, roughness
from ocr_pipeline.clean.pieces import Piece, as_one
from ocr_pipeline.settings import RulingSettings


def in_line(pieces: list[Piece], em: float, settings: RulingSettings) -> list[Piece]:
    """Those of the pieces with strokes along one side that make up a ruling together, each ruling as one piece. em:
    height of the print in pixels."""
    left = sorted((piece for piece in pieces if _is_thin(piece, em, settings)), key=lambda piece: piece.x)
    found: list[Piece] = []
    while left:
        line, others = left[:1], left[:0]
        for piece in left[1:]:
            near = piece.x - line[-1].window[1].stop <= settings.in_line_gap_em * em
            in_level = abs(_level(piece) - _level(line[-1])) <= settings.in_line_em * em
            (line if near and in_level else others).append(piece)
        left = others
        one = as_one(line)
        drawn = sum(piece.length for piece in line)
        if drawn >= max(settings.sure_length_em * em, settings.in_line_share * one.length):
            found.append(one)
    return found


def _is_thin(piece: Piece, em: float, settings: RulingSettings) -> bool:
    """Whether a piece is one thin, straight stroke with nothing on one of its sides."""
    thin = settings.in_line_thin_em * em
    if piece.thickness > thin or piece.part.shape[0] > thin + _BLURRED:
        return False
    if min(piece.over, piece.under) > settings.in_line_free:
        return False
    heights = np.count_nonzero(piece.ink, axis=0)
    columns, centre = own_course(piece.ink, heights, bare_columns(heights, settings))
    return roughness(columns, centre, em) <= settings.in_line_rough_em * em


_BLURRED = 2
"""Pixels by which tracing widens a line."""


def _level(piece: Piece) -> float:
    """Where the middle of a level piece lies, in pixels of the page."""
    return piece.y + (piece.part.shape[0] - 1) / 2
