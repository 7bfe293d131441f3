"""Stripes that dirty rollers, worn drums and dusty sensors draw over a whole sheet, taken off its picture.

Such a stripe darkens one column (or row) of the picture alike from edge to edge, print and all. Dividing each column by
its own paper is the flat-field correction that line sensors are calibrated by: rulings stay, as they end before the
sheet does.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from ocr_pipeline.geometry import ColourImage, GrayImage
from ocr_pipeline.settings import StripeSettings

Levels = npt.NDArray[np.float64]


def without_stripes(image: ColourImage, em: float, settings: StripeSettings) -> ColourImage:
    """The picture with the paper of each of its columns, then of its rows, as bright as the paper around it.

    image: uint8, BGR; em: height of the print in pixels. The very same picture where it is not striped all over: a
    few streaks are looked for where the rulings are known.
    """
    for along in (_COLUMNS, _ROWS):
        if not _is_striped(_paper(_thinned(image, along, settings.step), along, settings), em, settings):
            continue
        levels = _paper(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), along, settings)
        if _is_striped(levels, em, settings):
            gain = np.minimum(_around(levels, em, settings) / np.maximum(levels, 1.0), settings.most_gain)
            image = _brightened(image, gain, along)
    return image


_COLUMNS, _ROWS = 0, 1
"""The axes along which the pixels of a column and of a row follow each other."""
_GREEN = 1


def _thinned(image: ColourImage, along: int, step: int) -> GrayImage:
    """Every so many pixels of each column (or row): green alone tells paper from print."""
    return np.ascontiguousarray(image[::step, :, _GREEN] if along == _COLUMNS else image[:, ::step, _GREEN])


def _paper(gray: GrayImage, along: int, settings: StripeSettings) -> Levels:
    """The gray level of the paper of each column (or row)."""
    rank = int(settings.paper * (gray.shape[along] - 1))
    levels: Levels = np.asarray(np.partition(gray, rank, axis=along).take(rank, axis=along), np.float64)
    return levels


def _around(levels: Levels, em: float, settings: StripeSettings) -> Levels:
    """The levels with dips filled that are narrower than a stripe may be: a grey closing."""
    reach = 2 * round(settings.widest_em * em / 2) + 1
    row = levels.astype(np.float32)[None]
    return cv2.morphologyEx(row, cv2.MORPH_CLOSE, np.ones((1, reach), np.uint8)).astype(np.float64).ravel()


def _is_striped(levels: Levels, em: float, settings: StripeSettings) -> bool:
    """Whether many columns are darker than those around them, in several places."""
    dark = _around(levels, em, settings) - levels >= settings.darker
    begins = np.count_nonzero(dark[1:] & ~dark[:-1])
    return bool(np.mean(dark) >= settings.least_share and begins >= settings.least_stripes)


def _brightened(image: ColourImage, gain: Levels, along: int) -> ColourImage:
    factors = gain.astype(np.float32)
    factors = factors[None, :, None] if along == _COLUMNS else factors[:, None, None]
    return np.minimum(image * factors, 255.0).astype(np.uint8)
