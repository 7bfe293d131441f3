"""Large pale characters printed across a page, 仅供参考 and the like, told from its print.

They are many times as large as the print and paler than all of it, and they lie across print and rulings, which no
heading does.
"""

from __future__ import annotations

import cv2
import numpy as np

from ocr_pipeline.clean.background import above
from ocr_pipeline.components import labelled_parts
from ocr_pipeline.geometry import GrayImage, Mask
from ocr_pipeline.settings import CleanSettings


def watermark_depth(even: GrayImage, em: float, settings: CleanSettings) -> float:
    """By how many gray levels at most a watermark is darker than the paper; 0 where there is none.

    even: uint8 page with white paper; em: height of the print in pixels. Looked for at half the resolution.
    """
    depth = cv2.bitwise_not(np.ascontiguousarray(even[::2, ::2])).astype(np.uint8, copy=False)
    em /= 2
    usual = _print_depth(depth)
    dark = cv2.dilate(above(depth, settings.mark_pale * usual), np.ones((5, 5), np.uint8)).astype(np.uint8, copy=False)
    pale = cv2.bitwise_and(above(depth, settings.ink_contrast), cv2.bitwise_not(dark)).astype(np.uint8, copy=False)
    if cv2.countNonZero(pale) < settings.mark_share * pale.size:
        return 0.0
    marks = _marks(pale, dark, em, settings)
    if marks is None:
        return 0.0
    core = cv2.erode(cv2.bitwise_and(pale, marks), np.ones((3, 3), np.uint8))
    levels = depth[core > 0]
    if levels.size < settings.mark_share / 4 * pale.size:
        return 0.0
    low, middle, high = np.percentile(levels, (10, 50, 90)).tolist()
    # What a stamp leaves, grain and light are of all levels; a watermark is of one.
    if middle < settings.mark_depth or high - low > settings.mark_even * middle:
        return 0.0
    return min(1.4 * float(middle), settings.mark_pale * usual)


def _print_depth(depth: GrayImage) -> float:
    """How dark the darkest part of the page's ink is, in gray levels: of a page marked all over half of it is pale."""
    few = depth[::3, ::3]
    ink = few[few > 60]
    return float(np.percentile(ink, 75)) if ink.size else 0.0


def _marks(pale: Mask, dark: Mask, em: float, settings: CleanSettings) -> Mask | None:
    """255 around the characters of a watermark; None where there is none. dark: print and what is next to it."""
    reach = 2 * round(0.15 * em) + 1
    around = cv2.dilate(pale, np.ones((reach, reach), np.uint8)).astype(np.uint8, copy=False)
    count, labels, stats, _ = labelled_parts(around)
    width, height = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    large = np.minimum(width, height) >= settings.mark_em * em
    large &= np.maximum(width, height) <= settings.mark_largest_em * em
    large[0] = False
    if np.count_nonzero(large) < settings.mark_least:
        return None
    area = np.bincount(labels[pale > 0], minlength=count)
    large &= area < settings.mark_fill * width * height
    if np.count_nonzero(large) < settings.mark_least:
        return None
    touching = np.zeros(count, bool)
    touching[np.unique(labels[dark > 0])] = True
    if np.count_nonzero(large & touching) < settings.mark_crossing * np.count_nonzero(large):
        return None
    return (large[labels] * np.uint8(255)).astype(np.uint8)
