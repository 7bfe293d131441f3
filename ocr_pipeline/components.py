"""Connected parts of masks, found with little memory."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from ocr_pipeline.geometry import Mask

Labels = npt.NDArray[np.uint16] | npt.NDArray[np.int32]
"""For each pixel the number of its part, 0 off all parts."""

_NUMBERS = np.iinfo(np.uint16).max
"""Parts that 16 bits can number beside the blank."""


def labelled_parts(mask: Mask) -> tuple[int, Labels, npt.NDArray[np.int32], npt.NDArray[np.float64]]:
    """The 8-connected parts of a mask as OpenCV has them: how many numbers there are (0 for what is no part), the
    number of each pixel, a row of x, y, width, height and area for each number, and the centres; what these two say of
    number 0 is of no use.

    The ink of most cells is a small part of them, and only that is looked at.
    """
    x, y, width, height = cv2.boundingRect(mask)
    if 2 * width * height > mask.size:
        return _labelled(mask)
    window = _even_window(x, y, width, height)
    corner = np.array([window[1].start, window[0].start], np.int64)  # times an area it is beyond 32 bits
    count, found, stats, centres = _labelled(mask[window])
    labels: Labels = np.zeros(mask.shape, found.dtype)
    labels[window] = found
    stats[:, : cv2.CC_STAT_WIDTH] += corner
    # A centre is the sum of the places of so many pixels, divided: then it is the same to the last bit.
    area = stats[:, cv2.CC_STAT_AREA :]
    return count, labels, stats, (np.rint(centres * area) + area * corner) / area


def _even_window(x: int, y: int, width: int, height: int) -> tuple[slice, slice]:
    """Rows and columns that hold a box. OpenCV numbers parts in the order of squares of two by two pixels: from an even
    place on these are those of the whole."""
    return slice(y - y % 2, y + max(1, height)), slice(x - x % 2, x + max(1, width))


def _labelled(mask: Mask) -> tuple[int, Labels, npt.NDArray[np.int32], npt.NDArray[np.float64]]:
    """The parts of a whole mask. It is numbered in 16 bits only where it cannot have more parts: OpenCV would write
    past its end. No two parts touch, so at least every other pixel is blank."""
    few = mask.size < 2 * _NUMBERS or cv2.countNonZero(mask) < _NUMBERS
    count, labels, stats, centres = cv2.connectedComponentsWithStats(
        mask, connectivity=8, ltype=cv2.CV_16U if few else cv2.CV_32S
    )
    return count, labels, stats, centres


def measured_parts(mask: Mask) -> npt.NDArray[np.int32]:
    """A row of x, y, width, height and area for each 8-connected part of a mask, in the order of `labelled_parts`:
    half its time on a page, as only what lies within the margins is numbered."""
    window = _even_window(*cv2.boundingRect(mask))
    stats = _labelled(mask[window])[2][1:]
    return stats + np.array([window[1].start, window[0].start, 0, 0, 0], np.int32)
