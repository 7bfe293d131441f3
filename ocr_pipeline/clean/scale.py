"""The page's own scale: how high its print stands.

Every length the later stages compare with is a multiple of this (as kraken's pageseg does), so that the same settings
serve 100 and 400 dpi.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ocr_pipeline.clean.lines import Rulings, cross
from ocr_pipeline.components import measured_parts
from ocr_pipeline.geometry import FloatArray, Mask
from ocr_pipeline.settings import CleanSettings

_PAIR = 1.55
"""Width over height from which on a part is two characters."""
_SQUARE = 0.7
"""Width over height of a character and not of a figure (0.5 to 0.65)."""


@dataclass(frozen=True)
class Glyphs:
    """Parts of the ink shaped like a character or most of one.

    centres: (x, y), shape (n, 2); width, height: shape (n,); all in pixels of the mask they were found in.
    """

    centres: FloatArray
    width: FloatArray
    height: FloatArray

    def taken(self, which: npt.NDArray[np.bool_]) -> Glyphs:
        """Those of which the flag is set, shape (n,)."""
        return Glyphs(self.centres[which], self.width[which], self.height[which])


def estimate_text_height(binary: Mask, dpi: float, settings: CleanSettings) -> float:
    """The usual height of a full-size character, in pixels of the mask; with too little print the size that
    `settings.default_em_points` has at this dpi.

    binary: 255 where there is ink, shape (h, w).
    """
    return height_of(find_glyphs(binary, dpi), dpi, settings) or settings.default_em_points / 72.0 * dpi


def find_glyphs(binary: Mask, dpi: float) -> Glyphs:
    """The parts of the ink that may be characters: specks, rulings and most parts of split characters are put aside by
    their shape. binary: 255 where there is ink."""
    x, y, width, height, _ = measured_parts(binary).astype(np.float64).T
    side, aspect = np.maximum(width, height), width / height
    low, high = _limits(dpi)
    glyph = (side >= low) & (side <= high) & (aspect > 0.4) & (aspect < 2.2)
    centres = np.stack([x + (width - 1) / 2, y + (height - 1) / 2], axis=1)
    return Glyphs(centres, width, height).taken(glyph)


def height_of(glyphs: Glyphs, dpi: float, settings: CleanSettings) -> float | None:
    """The usual height of a full-size character among some parts, in pixels; None where they are too few.

    Chinese characters fill a square, so the width and height of connected parts cluster just below the type size. The
    mode of the larger sides, weighted by side, is the estimate; where most of those parts are pairs of characters that
    a smear along the line has joined, it is their height.
    """
    if len(glyphs.width) < settings.min_glyphs:
        return None
    sizes = np.maximum(glyphs.width, glyphs.height)
    # A histogram of log size is scale free; large parts are the whole characters, so they weigh more.
    low, high = _limits(dpi)
    bins = np.linspace(np.log(low), np.log(high), 48)
    weights, edges = np.histogram(np.log(sizes), bins=bins, weights=sizes)
    smooth = np.convolve(weights, np.array([0.25, 0.5, 1.0, 0.5, 0.25]), mode="same")
    peak = int(np.argmax(smooth))
    usual = (np.log(sizes) > edges[peak] - 0.25) & (np.log(sizes) < edges[peak + 1] + 0.25)
    near = sizes[usual]
    if np.median((glyphs.width / glyphs.height)[usual]) > _PAIR:
        near = glyphs.height[usual]
    # The upper quartile around the mode is the full square: many characters have no stroke at their very edge.
    return float(np.percentile(near, 75)) * settings.em_per_glyph


def page_scale(glyphs: Glyphs, dpi: float, settings: CleanSettings) -> float | None:
    """The usual height of a full-size character of a page, in pixels; None where there are too few parts. Where most of
    them are figures, the height of the characters that these are the figures of."""
    usual = height_of(glyphs, dpi, settings)
    if usual is None:
        return None
    aspect = glyphs.width / glyphs.height
    sizes = np.maximum(glyphs.width, glyphs.height) * settings.em_per_glyph
    most = (sizes > 0.75 * usual) & (sizes <= usual)
    if not most.any() or np.median(aspect[most]) >= _SQUARE:
        return usual
    low, high = settings.figure_heights
    square = (aspect > _SQUARE) & (aspect < 1 / _SQUARE) & (sizes > low * usual) & (sizes < high * usual)
    return height_of(glyphs.taken(square), dpi, settings) or usual


def table_scale(glyphs: Glyphs, rulings: Rulings, em: float, dpi: float, settings: CleanSettings) -> float | None:
    """The usual height of the characters that stand beside the upright rulings of tables, in pixels; None where there
    are too few.

    glyphs: in the frame of the rulings; em: the print size that these were traced in. Figures, lower than characters,
    are left aside by their shape: a table may hold little else.
    """
    height = max((ruling.end for ruling in rulings.vertical), default=0.0)
    ruled: npt.NDArray[np.bool_] = np.zeros(int(height) + 2, bool)
    met = [r for r in rulings.vertical if any(cross(row, r, em) for row in rulings.horizontal)]
    if not met:
        return None
    for ruling in met:
        ruled[max(0, int(ruling.start)) : int(ruling.end) + 1] = True
    x, y = glyphs.centres.T
    left, right = min(r.start for r in rulings.horizontal), max(r.end for r in rulings.horizontal)
    inside = ruled[np.clip(y, 0, len(ruled) - 1).astype(np.int64)] & (x > left) & (x < right)
    aspect = glyphs.width / glyphs.height
    square = (aspect > _SQUARE) & (aspect < 1 / _SQUARE)
    return height_of(glyphs.taken(inside & square), dpi, settings)


def _limits(dpi: float) -> tuple[float, float]:
    """The smallest and the largest side of a character, in pixels: 4 and 40 points."""
    return 4.0 / 72.0 * dpi, 40.0 / 72.0 * dpi
