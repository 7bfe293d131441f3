"""Pages that are black all over: the lid was open, or nothing lay on the glass. No print can be told on them."""

from __future__ import annotations

import numpy as np

from ocr_pipeline.geometry import ColourImage
from ocr_pipeline.settings import NegativeSettings

_ALL = 0.995
"""Of the pixels: dust and the sheet's very edge may shine; the least that is printed white on black is more."""


def is_black(image: ColourImage, settings: NegativeSettings) -> bool:
    """Whether a picture on which nothing was found is black, not bare paper. image: uint8, BGR."""
    dark = np.count_nonzero(image.max(axis=2) <= settings.dark)
    return bool(dark >= _ALL * image.shape[0] * image.shape[1])
