"""A second look at print in which the detector saw no lines.

Print of needle printers and pale, dotted print turn to a light gray when the page is made small for the detector, and
whole pages of it were passed over. What is left of the page's ink once all lines found are taken away, and looks like
lines of print, is shown to it once more: as ink, black on white, its dots run together.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from ocr_pipeline.geometry import Box, GrayImage, Mask, runs
from ocr_pipeline.settings import ReadingSettings
from ocr_pipeline.shrinking import shrunk
from ocr_pipeline.stages import TextLine

_REDUCED = 4
"""The search works on a page this many times smaller."""


def unseen_pieces(
    binary: Mask, lines: Sequence[TextLine], known: Sequence[Box], em: float, settings: ReadingSettings
) -> list[Box]:
    """Pieces of lines of print that no line covers; none where there is too little of it.

    binary: the page's ink outside its tables (255), upright; known: boxes of stamps; em: height of the print in pixels.
    """
    height, width = binary.shape
    size = max(1, width // _REDUCED), max(1, height // _REDUCED)
    small = shrunk(binary, size).copy()
    for box in (*(line.quad.box.expanded(settings.unseen_around_em * em) for line in lines), *known):
        rows, columns = (
            slice(max(0, int(low / _REDUCED)), max(0, int(high / _REDUCED) + 1))
            for low, high in ((box.y0, box.y1), (box.x0, box.x1))
        )
        small[rows, columns] = 0
    ink = cv2.threshold(small, 48, 255, cv2.THRESH_BINARY)[1]
    close = max(1, round(settings.unseen_gap_em * em / _REDUCED))
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((1, close | 1), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined.astype(np.uint8), connectivity=8)
    found = [
        Box(_REDUCED * left, _REDUCED * top, _REDUCED * (left + wide), _REDUCED * (top + high))
        for left, top, wide, high, area in stats[1:count].tolist()
        if area >= _FILLED * wide * high
    ]
    low, high = settings.unseen_high_em
    found = [box for box in found if low * em <= box.height <= high * em and box.width >= settings.unseen_word_em * em]
    return found if sum(box.width for box in found) >= settings.unseen_em * em else []


def rows_of(pieces: Sequence[Box], em: float, height: int) -> list[slice]:
    """The stretches of rows of a page that hold pieces, an em around them too. height: of the page, in pixels."""
    taken = np.zeros(height, bool)
    for box in pieces:
        taken[max(0, round(box.y0 - em)) : round(box.y1 + em)] = True
    return [slice(first, last) for first, last in runs(taken)]


def explain(lines: Sequence[TextLine], pieces: Sequence[Box], settings: ReadingSettings) -> bool:
    """Whether lines found at the second look are most of what was unseen: of grain and dirt few pieces look like print
    to the detector, of print nearly all."""
    covered = [any(line.quad.box.intersection(box) > box.area / 2 for line in lines) for box in pieces]
    length = sum(box.width for box, seen in zip(pieces, covered, strict=True) if seen)
    return length >= settings.unseen_agreed * sum(box.width for box in pieces)


_FILLED = 0.35
"""A line of print fills its box at least so far, its characters run together; strewn dust does not."""


def as_ink(binary: Mask, em: float) -> GrayImage:
    """A picture of the ink, black on white, dots of print run together and edges softened."""
    dot = max(2, round(_DOT_EM * em))
    solid = cv2.morphologyEx(binary, cv2.MORPH_CLOSE, np.ones((dot, dot), np.uint8))
    return cv2.bitwise_not(cv2.GaussianBlur(solid, (3, 3), 0)).astype(np.uint8)


_DOT_EM = 0.08
"""The gap between two dots of one stroke: strokes of a character lie further apart."""
