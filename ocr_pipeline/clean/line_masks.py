"""Masks around ruled lines: the lines drawn, and the ink that crosses them."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from ocr_pipeline.clean.lines import Ruling
from ocr_pipeline.geometry import GrayImage, Mask


def draw_ruling(mask: Mask, ruling: Ruling, thickness: int, *, level: bool) -> None:
    """Set the mask to 255 along a ruling, thickness pixels wide. level: whether it is a horizontal one."""
    points = np.stack([ruling.along, ruling.across] if level else [ruling.across, ruling.along], axis=1)
    cv2.polylines(mask, [np.rint(points).astype(np.int32)], False, 255, thickness=thickness)


def ink_on_both_sides(ink: Mask, reach: int, *, vertical: bool) -> Mask:
    """255 where there is ink within reach pixels on both sides. vertical: above and below, else left and right."""
    kernel = np.ones((reach, 1) if vertical else (1, reach), np.uint8)
    low = (0, 0)
    high = (0, reach - 1) if vertical else (reach - 1, 0)
    before, after = cv2.dilate(ink, kernel, anchor=low), cv2.dilate(ink, kernel, anchor=high)
    return cv2.bitwise_and(before, after).astype(np.uint8, copy=False)


def transposed(image: GrayImage) -> GrayImage:
    """A picture with rows for columns, so that what runs along it is looked at by the code for what runs down."""
    return cv2.transpose(image).astype(np.uint8, copy=False)


def widened(ink: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """The ink and the pixels to its left and right."""
    wide = ink.copy()
    wide[:, 1:] |= ink[:, :-1]
    wide[:, :-1] |= ink[:, 1:]
    return wide
