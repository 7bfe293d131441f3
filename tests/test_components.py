"""Connected parts numbered in 16 bits wherever these suffice."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr_pipeline.components import labelled_parts, measured_parts


@pytest.mark.parametrize("share", [0.0, 0.05, 0.4, 1.0])
@pytest.mark.parametrize("shape", [(1, 9), (24, 445), (300, 200)])
def test_parts_are_those_of_32_bits(shape: tuple[int, int], share: float) -> None:
    mask = (np.random.default_rng(3).random(shape) < share) * np.uint8(255)
    count, labels, stats, centres = labelled_parts(mask)
    expected = cv2.connectedComponentsWithStats(mask, connectivity=8, ltype=cv2.CV_32S)
    assert count == expected[0]
    assert labels.dtype == np.uint16
    assert np.array_equal(labels, expected[1])
    assert np.array_equal(stats[1:], expected[2][1:])
    assert np.array_equal(centres[1:], expected[3][1:])


@pytest.mark.parametrize("window", [(0, 0, 3, 5), (7, 3, 20, 40), (8, 4, 1, 1), (31, 57, 33, 43), (10, 0, 5, 100)])
def test_parts_of_a_mostly_blank_mask_are_numbered_as_in_all_of_it(window: tuple[int, int, int, int]) -> None:
    """What looks at the ink alone must not number parts in another order: the first of several alike is taken."""
    top, left, height, width = window
    dice = np.random.default_rng(5)
    for share in (0.1, 0.25, 0.5):
        mask = np.zeros((64, 100), np.uint8)
        mask[top : top + height, left : left + width] = (dice.random((height, width)) < share) * np.uint8(255)
        count, labels, stats, centres = labelled_parts(mask)
        expected = cv2.connectedComponentsWithStats(mask, connectivity=8, ltype=cv2.CV_16U)
        assert count == expected[0]
        assert np.array_equal(labels, expected[1])
        assert np.array_equal(stats[1:], expected[2][1:])
        assert np.array_equal(centres[1:], expected[3][1:])


@pytest.mark.parametrize("shape", [(1, 4 * 65_535), (600, 600)])
def test_no_mask_has_more_parts_than_its_numbers_can_tell(shape: tuple[int, int]) -> None:
    """Pixels that do not touch, as many as there can be: more than 16 bits can number."""
    mask = np.zeros(shape, np.uint8)
    mask[::2, ::2] = 255
    count, labels, _, _ = labelled_parts(mask)
    assert count == np.count_nonzero(mask) + 1
    assert int(labels.max()) == count - 1


@pytest.mark.parametrize("parts", [65_534, 65_535, 65_536])
def test_as_many_parts_as_16_bits_can_tell_and_more(parts: int) -> None:
    mask = np.zeros((1, 2 * parts), np.uint8)
    mask[0, ::2] = 255
    count, labels, _, _ = labelled_parts(mask)
    assert count == parts + 1
    assert np.array_equal(labels[0, ::2], np.arange(1, parts + 1))


@pytest.mark.parametrize("share", [0.0, 0.05, 0.4, 1.0])
@pytest.mark.parametrize("margin", [(0, 0), (7, 4), (12, 131)])
def test_parts_measured_within_their_margins_are_those_of_the_whole(margin: tuple[int, int], share: float) -> None:
    mask = np.zeros((180, 301), np.uint8)
    inner = mask[margin[0] : 160, margin[1] : 298]
    inner[np.random.default_rng(3).random(inner.shape) < share] = 255
    assert np.array_equal(measured_parts(mask), labelled_parts(mask)[2][1:])
