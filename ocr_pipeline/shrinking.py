"""Pictures made smaller."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.uint8]
_MANY = 64
"""Rows and columns of which one more or less makes no difference."""


def shrunk(picture: Picture, size: tuple[int, int]) -> Picture:
    """A picture, gray or coloured, at another size (width, height), each pixel the mean of those that it covers.

    It is halved as often as it may be first, which OpenCV does many times faster than any other scale; a last odd row
    or column is left out on the way.
    """
    width, height = size
    while picture.shape[1] >= max(2 * width, _MANY) and picture.shape[0] >= max(2 * height, _MANY):
        half = picture.shape[1] // 2, picture.shape[0] // 2
        whole = picture[: 2 * half[1], : 2 * half[0]]
        picture = cv2.resize(whole, half, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
    if picture.shape[:2] == (height, width):
        return picture
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
