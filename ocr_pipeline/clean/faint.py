"""Hairlines so pale that they fade into the paper for stretches.

A line thinner than a pixel is paler the nearer it runs to the border of two: it comes and goes along its length, or is
gone for a whole row where it runs straight down. Averaged along itself it still stands out, as the grain of the paper
does not; and print, which would smear into lines of its own, is darker than any such line and is left out.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from ocr_pipeline.clean.lines import Ruling
from ocr_pipeline.clean.pieces import Piece, painted
from ocr_pipeline.geometry import GrayImage, Mask
from ocr_pipeline.settings import RulingSettings


def hairline_depth(rulings: Sequence[Ruling], em: float, settings: RulingSettings) -> float:
    """How dark a page's hairlines are, in gray levels; 0 where most of what is ruled is darker. em: height of the
    print in pixels."""
    pale = [ruling for ruling in rulings if ruling.depth <= settings.hairline_depth]
    length = sum(ruling.length for ruling in pale)
    if length < settings.hairlines_em * em or 2 * length < sum(ruling.length for ruling in rulings):
        return 0.0
    return float(np.median([ruling.depth for ruling in pale]))


def averaged_along(page: GrayImage, em: float, settings: RulingSettings) -> GrayImage:
    """The page, each pixel the mean of its row's next ones: what runs level stands out from the grain."""
    width = max(3, round(settings.faint_window_em * em) | 1)
    return cv2.blur(page, (width, 1), borderType=cv2.BORDER_REPLICATE).astype(np.uint8, copy=False)


def away_from_print(faint: Mask, depth: GrayImage, hairline: float, em: float, settings: RulingSettings) -> Mask:
    """A mask without what lies on or next to anything much darker than the page's hairlines. depth: by how many gray
    levels each pixel is darker than beside it; hairline: how many the hairlines are."""
    print_ = cv2.threshold(depth, settings.faint_print * hairline, 255, cv2.THRESH_BINARY)[1]
    reach = 2 * max(2, round(settings.faint_off_em * em)) + 1
    near = cv2.dilate(print_, np.ones((3, reach), np.uint8))
    return cv2.bitwise_and(faint, cv2.bitwise_not(near)).astype(np.uint8, copy=False)


def followed_further(
    pieces: Sequence[Piece], followed: Sequence[Piece], shape: tuple[int, ...], gain: float
) -> tuple[list[bool], list[bool]]:
    """Which pieces to keep, and which of those that were followed to take: those that are longer by so many pixels in
    the place of what they run along, and those that run along none. shape: of the page."""
    covered = painted(pieces, shape)
    taken = [bool(2 * np.count_nonzero(covered[p.window][p.ink]) < np.count_nonzero(p.ink)) for p in followed]
    kept = []
    for piece in pieces:
        along = [i for i, other in enumerate(followed) if _runs_along(piece, other)]
        longest = max(along, key=lambda i: followed[i].length, default=None)
        replaced = longest is not None and followed[longest].length >= piece.length + gain
        kept.append(not replaced)
        if replaced and longest is not None:
            taken[longest] = True
    return kept, taken


def _runs_along(piece: Piece, other: Piece) -> bool:
    """Whether most of a piece's ink is another one's, too."""
    (top, bottom), (left, right) = (
        (max(one.start, two.start), min(one.stop, two.stop))
        for one, two in zip(piece.window, other.window, strict=True)
    )
    if top >= bottom or left >= right:
        return False
    ink = piece.ink[top - piece.y : bottom - piece.y, left - piece.x : right - piece.x]
    part = other.part[top - other.y : bottom - other.y, left - other.x : right - other.x]
    return bool(2 * np.count_nonzero(ink & part) > np.count_nonzero(piece.ink))
