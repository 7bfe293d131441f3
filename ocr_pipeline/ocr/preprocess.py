"""Crops to model input: one height, few widths, full batches."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ocr_pipeline.geometry import GrayImage
from ocr_pipeline.ocr.predictor import FloatBatch

HEIGHT = 48
"""The height the models were trained at, pixels."""
WIDTH_STEP = 8
"""The models look at 8 columns at a time; a width between two steps is rounded up by them anyway."""
MIN_WIDTH = 48
"""Narrower input gives the models too few steps around a character."""
MAX_WIDTH = 3200
"""The widest input the models were made for. A longer line is cut at a blank."""
_STEPS_BEFORE_DOUBLING = 16
"""A width is rounded up by at most an eighth of it: little padding, yet few different widths, so batches are full."""
PAPER = 255
PADDING = 128
"""Measured on single digits padded to 320 columns: 2 % wrong with this gray, 7 % with white."""


def to_height(image: GrayImage) -> GrayImage:
    """The image at HEIGHT pixels, its aspect kept, at least one column wide.

    ValueError for an image without pixels or with other than two dimensions.
    """
    import cv2

    if image.ndim != 2 or image.size == 0:
        raise ValueError(f"a crop must be a gray image with pixels, this one has shape {image.shape}")
    height, width = image.shape
    if height == HEIGHT:
        return image
    method = cv2.INTER_AREA if height > HEIGHT else cv2.INTER_CUBIC
    size = (max(1, round(width * HEIGHT / height)), HEIGHT)
    resized: GrayImage = cv2.resize(image, size, interpolation=method).astype(np.uint8, copy=False)
    return resized


def split_long(image: GrayImage, longest: int = MAX_WIDTH) -> list[GrayImage]:
    """The image in pieces of at most `longest` columns, from left to right.

    Each cut falls into the middle of the widest blank in the last third of a piece, or, where there is none, at the
    column with the least ink.
    """
    pieces = []
    while image.shape[1] > longest:
        start = longest * 2 // 3
        cut = start + _best_cut(image[:, start:longest])
        pieces.append(image[:, :cut])
        image = image[:, cut:]
    return [*pieces, image]


def _best_cut(window: GrayImage) -> int:
    """The column, 1 to the window's width, in the middle of its longest run of columns with the least ink."""
    darkness = PAPER - window.min(axis=0).astype(np.int32)
    blank = darkness <= max(int(darkness.min()), PAPER // 8)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], blank.astype(np.int8), [0]))))
    starts, ends = edges[::2], edges[1::2]
    widest = int(np.argmax(ends - starts))
    return max(1, int(starts[widest] + ends[widest]) // 2)


def input_width(width: int) -> int:
    """The width a crop of that many columns is padded to: the next of a ladder of widths whose steps grow with it.

    It depends on the crop alone, so that a reading never depends on what else is in the batch.
    """
    step = WIDTH_STEP
    while width > step * _STEPS_BEFORE_DOUBLING:
        step *= 2
    return max(MIN_WIDTH, -(-width // step) * step)


def plan_batches(widths: Sequence[int], columns: int, most: int) -> list[list[int]]:
    """Indices of the crops in batches of one input width each, of at most `columns` columns in all (a crop wider than
    that goes alone) and at most `most` crops."""
    ladder: dict[int, list[int]] = {}
    for index, width in enumerate(widths):
        ladder.setdefault(input_width(width), []).append(index)
    batches = []
    for width, indices in sorted(ladder.items()):
        size = max(1, min(most, columns // width))
        batches += [indices[start : start + size] for start in range(0, len(indices), size)]
    return batches


def batch_tensor(images: Sequence[GrayImage]) -> FloatBatch:
    """Gray images of HEIGHT and of one input width as a batch, shape (n, 3, HEIGHT, width), -1 black to 1 white.

    To the right of an image comes paper up to the next whole step, then the mid gray the models were trained with.
    """
    width = input_width(max(image.shape[1] for image in images))
    gray = np.full((len(images), HEIGHT, width), PADDING, dtype=np.uint8)
    for row, image in zip(gray, images, strict=True):
        own = image.shape[1]
        row[:, : max(MIN_WIDTH, -(-own // WIDTH_STEP) * WIDTH_STEP)] = PAPER
        row[:, :own] = image
    scaled = gray.astype(np.float32) / np.float32(127.5) - np.float32(1)
    return np.repeat(scaled[:, None], 3, axis=1)
