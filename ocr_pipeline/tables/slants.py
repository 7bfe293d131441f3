"""The slanting rule of a header cell that is parted from corner to corner, taken out so that its labels can be read."""

from __future__ import annotations

import cv2
import numpy as np

from ocr_pipeline.geometry import GrayImage, Mask
from ocr_pipeline.settings import ReadingSettings

_SAMPLES = 200


def without_slant(gray: GrayImage, binary: Mask, em: float, settings: ReadingSettings) -> tuple[GrayImage, Mask]:
    """A cell's picture without the rule from one corner to the opposite one; the same arrays where there is none.

    gray: dark on light; binary: 255 = ink. A label or two stand on each side of the rule.
    """
    height, width = binary.shape
    if min(height, width) < settings.slant_least_em * em:
        return gray, binary
    reach = max(1, round(settings.slant_reach_em * em))
    grown = cv2.dilate(binary, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8))
    for left, right in ((0, height - 1), (height - 1, 0)):
        ys = np.linspace(left, right, _SAMPLES).round().astype(np.int64)
        xs = np.linspace(0, width - 1, _SAMPLES).round().astype(np.int64)
        if float(np.mean(grown[ys, xs] > 0)) < settings.slant_cover:
            continue
        band = np.zeros_like(binary)
        cv2.line(band, (0, left), (width - 1, right), 255, 2 * reach + 1)
        ink = cv2.bitwise_and(binary, cv2.dilate(band, np.ones((3, 3), np.uint8)))
        if np.count_nonzero(ink) > settings.slant_most * reach * np.hypot(width, height):
            continue
        around = cv2.dilate(ink, np.ones((5, 5), np.uint8))
        paper = int(np.median(gray))
        cleaned: GrayImage = np.where(around > 0, np.uint8(paper), gray)
        return cleaned, cv2.bitwise_and(binary, cv2.bitwise_not(ink)).astype(np.uint8, copy=False)
    return gray, binary
