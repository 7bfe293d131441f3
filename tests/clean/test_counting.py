"""Pixels counted along columns are those that OpenCV's box filter counts."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr_pipeline.clean.counting import counted_down


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 1.0])
@pytest.mark.parametrize("size", [1, 3, 5, 7, 25, 31, 63, 127, 255, 257, 301])
def test_counts_are_those_of_a_box_filter(size: int, share: float) -> None:
    mask = (np.random.default_rng(5).random((150, 33)) < share) * np.uint8(255)
    expected = cv2.boxFilter(mask // 255, cv2.CV_32F, (1, size), normalize=False, borderType=cv2.BORDER_CONSTANT)
    assert np.array_equal(counted_down(mask, size), expected)
