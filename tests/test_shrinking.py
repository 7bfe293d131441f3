"""Pictures made smaller by halves first."""

from __future__ import annotations

import numpy as np
import pytest

from ocr_pipeline.shrinking import shrunk


def _slope(shape: tuple[int, ...]) -> np.ndarray:
    """Darker from the left to the right."""
    return np.broadcast_to(np.linspace(0, 250, shape[1]).astype(np.uint8)[:, None], (*shape, 3)).copy()


@pytest.mark.parametrize("size", [(400, 300), (200, 150), (133, 77), (99, 75), (3, 2), (1, 1)])
def test_a_picture_comes_out_at_its_size_with_its_mean(size: tuple[int, int]) -> None:
    picture = _slope((301, 403))
    for small in (shrunk(picture, size), shrunk(np.ascontiguousarray(picture[..., 0]), size)):
        assert small.dtype == np.uint8
        assert small.shape[:2] == size[::-1]
        assert abs(float(small.mean()) - float(picture.mean())) < 3


def test_a_picture_of_that_size_already_stays() -> None:
    picture = _slope((20, 30))
    assert np.array_equal(shrunk(picture, (30, 20)), picture)
