"""Grain of sensors and pepper of copiers, taken off pages that are covered with it.

Grain: the bilateral filter of C. Tomasi and R. Manduchi (Bilateral filtering for gray and color images, ICCV 1998),
which evens out what is as faint as the grain and leaves the edges of print. Pepper: single dark pixels on paper.
"""

from __future__ import annotations

import cv2
import numpy as np

from ocr_pipeline.clean.background import above, paper_grain
from ocr_pipeline.geometry import GrayImage, Mask
from ocr_pipeline.settings import GrainSettings


def without_grain(even: GrayImage, settings: GrainSettings) -> tuple[GrayImage, float]:
    """The page without pepper and coarse grain, the very same where there is next to none of either; and the grain that
    it has then, as `paper_grain` tells it.

    even: uint8 page with white paper, at the resolution it was scanned with: both are of single pixels.
    """
    if _share_of_lone(_sample(even, settings), settings) >= settings.least_pepper:
        even = _without_pepper(even, settings)
    grain = paper_grain(even)
    if grain < settings.least_grain:
        return even, grain
    smooth = cv2.bilateralFilter(even, settings.window, settings.grain_levels * grain, settings.reach).astype(np.uint8)
    return smooth, paper_grain(smooth)


def _sample(even: GrayImage, settings: GrainSettings) -> GrayImage:
    """Bands of rows all down the page, one above the other."""
    bands = np.arange(even.shape[0]) // settings.band % settings.every == 0
    return np.ascontiguousarray(even[bands])


def _share_of_lone(even: GrayImage, settings: GrainSettings) -> float:
    return cv2.countNonZero(_lone(even, settings)) / max(1, even.size)


def _lone(even: GrayImage, settings: GrainSettings) -> Mask:
    """255 on pixels that are darker than each of the eight around them."""
    ring = np.ones((3, 3), np.uint8)
    ring[1, 1] = 0
    deeper = cv2.subtract(cv2.erode(even, ring), even)
    return above(deeper, settings.pepper_depth - 1)


def _without_pepper(even: GrayImage, settings: GrainSettings) -> GrayImage:
    """The page with paper in place of lone dark pixels, then of those that are few in their neighbourhood."""
    cleared = _papered(even, _lone(even, settings))
    dark = above(cv2.bitwise_not(cleared).astype(np.uint8), settings.pepper_depth - 1)
    crowd = cv2.boxFilter(dark // 255, -1, (5, 5), normalize=False).astype(np.uint8)
    return _papered(cleared, cv2.subtract(dark, above(crowd, settings.pepper_pixels)).astype(np.uint8))


def _papered(even: GrayImage, pepper: Mask) -> GrayImage:
    """The page with each pixel of pepper as bright as the middle one of the 25 around it."""
    cleared: GrayImage = np.where(pepper > 0, cv2.medianBlur(even, 5), even).astype(np.uint8)
    return cleared
