"""Negatives: pages white on black, as copies from microfilm are."""

from __future__ import annotations

import cv2
import numpy as np

from ocr_pipeline.geometry import ColourImage
from ocr_pipeline.settings import NegativeSettings


def positive(image: ColourImage, em: float, settings: NegativeSettings) -> ColourImage:
    """The picture with its colours reversed where it is a negative: dark all over, and what is bright thin.

    image: uint8, BGR; em: height of the print in pixels. The very same picture where it is none; a sheet before a
    dark ground is bright in one broad piece.
    """
    few = image[::_COARSE, ::_COARSE, _GREEN]
    if np.count_nonzero(few <= settings.dark) < settings.least_dark * few.size:
        return image
    step = max(1, round(em / _LOOK))
    gray = cv2.cvtColor(np.ascontiguousarray(image[::step, ::step]), cv2.COLOR_BGR2GRAY)
    bright = ((gray >= settings.bright) * np.uint8(255)).astype(np.uint8)
    side = max(3, round(settings.broad_em * em / step))
    broad = cv2.morphologyEx(bright, cv2.MORPH_OPEN, np.ones((side, side), np.uint8))
    written = settings.least_print <= np.count_nonzero(bright) / bright.size
    if not written or np.count_nonzero(broad) > settings.most_broad * np.count_nonzero(bright):
        return image
    return cv2.bitwise_not(image).astype(np.uint8)


_COARSE, _GREEN = 16, 1
"""How dark a picture is all over is seen on one pixel of 256."""
_LOOK = 8
"""Pixels per height of print that the picture is looked at with: strokes of one pixel remain."""
