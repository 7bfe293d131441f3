from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.ocr.preprocess import (
    HEIGHT,
    MIN_WIDTH,
    WIDTH_STEP,
    batch_tensor,
    input_width,
    plan_batches,
    split_long,
    to_height,
)
from ocr_pipeline.stages import blank_gray


@pytest.mark.parametrize(("height", "width", "expected"), [(24, 50, 100), (96, 50, 25), (48, 7, 7), (400, 1, 1)])
def test_height_is_set_and_aspect_kept(height: int, width: int, expected: int) -> None:
    assert to_height(blank_gray(height, width)).shape == (HEIGHT, expected)


@pytest.mark.parametrize("shape", [(0, 10), (10, 0), (10, 10, 3)])
def test_what_is_no_gray_image_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="gray image"):
        to_height(np.zeros(shape, dtype=np.uint8))


@given(st.integers(1, 3200))
def test_input_width_is_a_ladder(width: int) -> None:
    wide = input_width(width)
    assert wide >= width and wide >= MIN_WIDTH and wide % WIDTH_STEP == 0
    assert wide <= max(MIN_WIDTH, width * 9 / 8 + WIDTH_STEP)
    assert input_width(wide) == wide


@given(st.lists(st.integers(1, 3200), max_size=60), st.integers(64, 5000), st.integers(1, 40))
def test_batches_hold_every_crop_once_within_limits(widths: list[int], columns: int, most: int) -> None:
    batches = plan_batches(widths, columns, most)
    assert sorted(index for batch in batches for index in batch) == list(range(len(widths)))
    for batch in batches:
        assert 0 < len(batch) <= most
        assert len({input_width(widths[index]) for index in batch}) == 1
        assert len(batch) == 1 or len(batch) * input_width(widths[batch[0]]) <= columns


def test_tensor_is_scaled_and_padded_by_the_crop_alone() -> None:
    black = np.zeros((HEIGHT, 130), dtype=np.uint8)
    batch = batch_tensor([black])
    assert batch.shape == (1, 3, HEIGHT, 144) and batch.dtype == np.float32
    assert (batch[..., :130] == -1).all()
    assert (batch[..., 130:136] == 1).all()
    assert (abs(batch[..., 136:]) < 0.01).all()
    assert (batch_tensor([black, blank_gray(HEIGHT, 140)])[0] == batch[0]).all()


@given(st.integers(1, 900), st.integers(60, 300))
def test_pieces_make_up_the_image(width: int, longest: int) -> None:
    image = np.random.default_rng(width).integers(0, 255, (HEIGHT, width), dtype=np.uint8)
    pieces = split_long(image, longest)
    assert all(0 < piece.shape[1] <= longest for piece in pieces)
    assert (np.hstack(pieces) == image).all()


def test_a_long_line_is_cut_in_its_widest_blank() -> None:
    image = np.zeros((HEIGHT, 400), dtype=np.uint8)
    image[:, 220:224] = 255
    image[:, 250:270] = 255
    image[:, 290:293] = 255
    assert split_long(image, 300)[0].shape[1] == 260
