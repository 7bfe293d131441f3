"""Table heads printed white on dark: turned round, so that their print and their white rulings are like all others."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from ocr_pipeline.components import Labels, labelled_parts
from ocr_pipeline.geometry import GrayImage, Mask
from ocr_pipeline.settings import FillSettings
from ocr_pipeline.shrinking import shrunk

_COARSE = 4
"""Fills are looked for at a quarter of the page's size."""


def without_fills(page: GrayImage, em: float, settings: FillSettings) -> GrayImage:
    """The page with each dark rectangle that bears bright print reversed, its paper white; the very same picture where
    there is none.

    page: even paper, uint8; em: height of the print in pixels. A rim of each rectangle stays dark: it is the border of
    the cells in it. Pictures, of many grays, and what runs off the page stay as they are.
    """
    small = shrunk(page, (max(1, page.shape[1] // _COARSE), max(1, page.shape[0] // _COARSE)))
    solid = _solid(small, em / _COARSE, settings)
    if not solid.any():
        return page
    count, labels, stats, _ = labelled_parts(solid)
    result = page.copy()
    for number in range(1, count):
        if _is_rectangle(labels, stats[number], number, small, settings):
            _turn_round(result, page, labels == number, em, settings)
    return result


def _solid(small: GrayImage, em: float, settings: FillSettings) -> Mask:
    """255 where all is dark over the least size of a fill, thin bright strokes left aside."""
    dark = ((small < settings.dark) * np.uint8(255)).astype(np.uint8)
    closed = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, _square(settings.stroke_em * em))
    width, height = (max(2, round(side * em)) for side in settings.least_em)
    return cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((height, width), np.uint8)).astype(np.uint8)


def _square(side: float) -> npt.NDArray[np.uint8]:
    return np.ones((max(3, round(side) | 1),) * 2, np.uint8)


def _is_rectangle(
    labels: Labels, stats: npt.NDArray[np.int32], number: int, small: GrayImage, settings: FillSettings
) -> bool:
    """Whether a part is a rectangle within the page, dark for the most part itself: lines of print that run together
    are not."""
    x, y, width, height, area = (int(value) for value in stats)
    if x == 0 or y == 0 or x + width >= labels.shape[1] or y + height >= labels.shape[0]:
        return False
    window = np.s_[y : y + height, x : x + width]
    own = labels[window] == number
    around = cv2.minAreaRect(np.argwhere(own).astype(np.float32))[1]
    if area < settings.rectangular * (around[0] + 1) * (around[1] + 1):
        return False
    return float(np.mean(small[window][own] < settings.dark)) >= settings.covered


def _turn_round(
    result: GrayImage, page: GrayImage, part: npt.NDArray[np.bool_], em: float, settings: FillSettings
) -> None:
    """Reverse the part of the page under a part of its coarse picture, where bright print on one dark tone stands."""
    rows, columns = (np.flatnonzero(part.any(axis=axis)) * _COARSE for axis in (1, 0))
    margin = 2 * _COARSE
    window = np.s_[
        max(0, int(rows[0]) - margin) : int(rows[-1]) + _COARSE + margin,
        max(0, int(columns[0]) - margin) : int(columns[-1]) + _COARSE + margin,
    ]
    gray = page[window]
    whole = np.kron(part, np.ones((_COARSE, _COARSE), np.uint8)).astype(np.uint8)
    inside = cv2.copyMakeBorder(
        whole, 0, max(0, page.shape[0] - whole.shape[0]), 0, max(0, page.shape[1] - whole.shape[1]), cv2.BORDER_CONSTANT
    )[window]
    tones = gray[(inside > 0) & (gray < settings.dark)]
    tone = float(np.median(tones))
    bright = gray[inside > 0] > tone + settings.contrast
    one_tone = float(np.percentile(tones, 75) - np.percentile(tones, 25)) <= settings.uneven
    if not (one_tone and settings.least_print <= float(np.mean(bright)) <= settings.most_print):
        return
    if float(np.mean(gray[inside > 0] < tone - settings.contrast)) > settings.least_print:
        return  # dark print on a dark tint
    # What stands close by is no part of it, and must not be tied to it.
    near = cv2.dilate(inside, np.ones((_COARSE + 1,) * 2, np.uint8)) > 0
    dark = ((gray < (tone + 255) / 2) & near).astype(np.uint8)
    closed = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, _square(settings.stroke_em * em))
    rim = max(1, round(settings.rim_em * em))
    kept = cv2.erode(closed, np.ones((2 * rim + 1,) * 2, np.uint8)) > 0
    turned = 255.0 - (gray[kept].astype(np.float32) - tone) * (255.0 / (255.0 - tone))
    result[window][kept] = np.clip(turned, 0, 255).astype(np.uint8)
