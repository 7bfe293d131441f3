"""Filled areas of a stamp's colour: which are its own, and which are shading of the page that it was pressed over."""

from __future__ import annotations

import cv2
import numpy as np

from ocr_pipeline.clean.seal_colour import Ink
from ocr_pipeline.geometry import Box, Mask

BRIDGE_EM = 0.35
"""A stamp's strokes part the shading beneath them by less than this."""
BEYOND_EM = 1.0
"""Shading goes on so far beyond the outline: a logo's areas end at one that is a little off."""


def own_ink(ink: Ink, box: Box, filled: Mask, em: float) -> Mask:
    """The strokes and filled areas of an ink that may belong to a stamp: without areas that go on beyond its outline.

    filled: uint8 mask of the box's shape, all within the outline. A mask of the same shape.
    """
    reach = round(2.5 * BEYOND_EM * em)
    height, width = ink.all.shape
    room = box.expanded(reach).clipped(width, height)
    around = np.s_[int(room.y0) : int(room.y1), int(room.x0) : int(room.x1)]
    top, left = int(box.y0) - int(room.y0), int(box.x0) - int(room.x0)
    there = np.s_[top : top + filled.shape[0], left : left + filled.shape[1]]
    everything, strokes = ink.all[around], ink.strokes[around]
    areas = cv2.bitwise_and(everything, cv2.bitwise_not(strokes))
    if cv2.countNonZero(areas[there]) < em * em:
        return everything[there]
    size = 2 * max(1, round(BRIDGE_EM * em / 2)) + 1
    # Thin remains are the soft edges of strokes.
    broad = cv2.morphologyEx(areas, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    joined = cv2.morphologyEx(broad, cv2.MORPH_CLOSE, np.ones((size, size), np.uint8))
    count, labels = cv2.connectedComponents(joined, connectivity=8)
    inside = np.zeros_like(joined)
    inside[there] = filled
    beside = 2 * round(BEYOND_EM * em) + 1
    far = cv2.dilate(inside, np.ones((beside, beside), np.uint8)) == 0
    beyond = np.bincount(labels[far], minlength=count) > 0.5 * em * em
    beyond[0] = False
    shading = (beyond.astype(np.uint8) * np.uint8(255))[labels]
    return cv2.bitwise_and(everything, cv2.bitwise_not(cv2.bitwise_and(areas, shading)))[there].astype(np.uint8)
