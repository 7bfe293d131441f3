"""Filters on packed pictures give what OpenCV's give."""

from __future__ import annotations

import cv2
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.clean import packed
from ocr_pipeline.geometry import Mask

_MASKS = st.builds(
    lambda height, width, share, seed: (np.random.default_rng(seed).random((height, width)) < share) * np.uint8(255),
    st.integers(1, 60),
    st.integers(1, 40),
    st.sampled_from([0.02, 0.3, 0.9]),
    st.integers(0, 2**32 - 1),
)
_SIZES = st.integers(1, 70)


@given(_MASKS)
def test_a_packed_mask_comes_out_as_it_went_in(mask: Mask) -> None:
    assert np.array_equal(packed.unpack(packed.pack(mask), mask.shape[1]), mask)


@given(_MASKS, _SIZES)
def test_closing_and_opening_are_opencvs(mask: Mask, size: int) -> None:
    kernel, bits, width = np.ones((size, 1), np.uint8), packed.pack(mask), mask.shape[1]
    closed, opened = (cv2.morphologyEx(mask, how, kernel) for how in (cv2.MORPH_CLOSE, cv2.MORPH_OPEN))
    assert np.array_equal(packed.unpack(packed.closed(bits, size), width), closed)
    assert np.array_equal(packed.unpack(packed.opened(bits, size), width), opened)


@given(_MASKS, _SIZES, st.data())
def test_an_anchor_says_which_pixel_of_the_window_is_set(mask: Mask, size: int, data: st.DataObject) -> None:
    anchor = data.draw(st.integers(0, size - 1))
    kernel, bits, width = np.ones((size, 1), np.uint8), packed.pack(mask), mask.shape[1]
    wide, thin = cv2.dilate(mask, kernel, anchor=(0, anchor)), cv2.erode(mask, kernel, anchor=(0, anchor))
    assert np.array_equal(packed.unpack(packed.dilated(bits, size, anchor), width), wide)
    assert np.array_equal(packed.unpack(packed.eroded(bits, size, anchor), width), thin)
