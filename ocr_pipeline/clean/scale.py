"""The page's own scale: how high its print stands.

Every length the later stages compare with is a multiple of this (as kraken's pageseg does), so that the same settings
serve 100 and 400 dpi.
"""

from __future__ import annotations

import cv2
import numpy as np

from ocr_pipeline.geometry import Mask
from ocr_pipeline.settings import CleanSettings

_PAIR = 1.55
"""Width over height from which on a part is two characters."""


def estimate_text_height(binary: Mask, dpi: float, settings: CleanSettings) -> float:
    """The usual height of a full-size character, in pixels of the mask.

    binary: 255 where there is ink, shape (h, w). Chinese characters fill a square, so the width and height of
    connected parts cluster just below the type size; the parts of split characters, specks and rulings are put aside
    by their shape. The mode of the larger sides, weighted by side, is the estimate; where most of those parts are pairs
    of characters that a smear along the line has joined, it is their height. With too little print the size that
    `settings.default_em_points` has at this dpi is returned.
    """
    default = settings.default_em_points / 72.0 * dpi
    count, _, stats, _ = cv2.connectedComponentsWithStats(binary, connectivity=8, ltype=cv2.CV_32S)
    if count <= 1:
        return default
    width = stats[1:, cv2.CC_STAT_WIDTH].astype(np.float64)
    height = stats[1:, cv2.CC_STAT_HEIGHT].astype(np.float64)
    side = np.maximum(width, height)
    aspect = width / height
    low, high = 4.0 / 72.0 * dpi, 40.0 / 72.0 * dpi
    glyph = (side >= low) & (side <= high) & (aspect > 0.4) & (aspect < 2.2)
    sizes = side[glyph]
    if len(sizes) < settings.min_glyphs:
        return default
    # A histogram of log size is scale free; large parts are the whole characters, so they weigh more.
    bins = np.linspace(np.log(low), np.log(high), 48)
    weights, edges = np.histogram(np.log(sizes), bins=bins, weights=sizes)
    smooth = np.convolve(weights, np.array([0.25, 0.5, 1.0, 0.5, 0.25]), mode="same")
    peak = int(np.argmax(smooth))
    usual = (np.log(sizes) > edges[peak] - 0.25) & (np.log(sizes) < edges[peak + 1] + 0.25)
    near = sizes[usual]
    if np.median(aspect[glyph][usual]) > _PAIR:
        near = height[glyph][usual]
    # The upper quartile around the mode is the full square: many characters have no stroke at their very edge.
    return float(np.percentile(near, 75)) * settings.em_per_glyph
