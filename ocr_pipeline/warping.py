"""Pictures carried from the source frame to the upright one, bent paper included."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from ocr_pipeline.geometry import Box, PageTransform

Picture = npt.NDArray[np.uint8]
FloatMap = npt.NDArray[np.float32]


def upright_picture(image: Picture, transform: PageTransform, method: int, paper: int) -> Picture:
    """The whole upright page. image: uint8 in the source frame, gray or a mask; method: OpenCV's interpolation; paper:
    the value of what the source does not show."""
    size, white = transform.upright_size, cv2.BORDER_CONSTANT
    if transform.bend:
        across, down = _in_source(transform, Box(0, 0, *size), 1.0)
        warped = cv2.remap(image, across, down, method, None, white, paper)
    elif np.array_equal(transform.array[2], (0, 0, 1)):  # a mere turn: four fifths of the time
        warped = cv2.warpAffine(image, transform.array[:2], size, None, method, white, paper)
    else:
        warped = cv2.warpPerspective(image, transform.array, size, None, method, white, paper)
    return warped.astype(np.uint8, copy=False)


def upright_part(image: Picture, transform: PageTransform, box: Box, scale: float) -> Picture:
    """A part of the upright page, scale times as large. image: BGR uint8 in the source frame; box: upright pixels."""
    if transform.bend:
        across, down = _in_source(transform, box, scale)
        part = cv2.remap(image, across, down, cv2.INTER_CUBIC, None, cv2.BORDER_REPLICATE)
    else:
        move = np.array([[scale, 0, -box.x0 * scale], [0, scale, -box.y0 * scale], [0, 0, 1]])
        matrix, size = move @ transform.array, _size(box, scale)
        part = cv2.warpPerspective(image, matrix, size, None, cv2.INTER_CUBIC, cv2.BORDER_REPLICATE)
    return part.astype(np.uint8, copy=False)


def source_mask(mask: Picture, transform: PageTransform) -> Picture:
    """A mask of the upright page as it lies in the source frame."""
    width, height = transform.source_size
    if transform.bend:
        x, y = np.meshgrid(np.arange(width), np.arange(height))
        places = transform.to_upright(np.stack([x.ravel(), y.ravel()], axis=1)).astype(np.float32)
        across, down = places.T.reshape(2, height, width)
        found = cv2.remap(mask, across, down, cv2.INTER_NEAREST)
    else:
        found = cv2.warpPerspective(mask, np.linalg.inv(transform.array), (width, height), flags=cv2.INTER_NEAREST)
    return found.astype(np.uint8, copy=False)


def _size(box: Box, scale: float) -> tuple[int, int]:
    return max(1, round(box.width * scale)), max(1, round(box.height * scale))


def _in_source(transform: PageTransform, box: Box, scale: float) -> tuple[FloatMap, FloatMap]:
    """Where each pixel of a part of the upright page stands in the source, x and y, shape (h, w) each."""
    width, height = _size(box, scale)
    x, y = np.meshgrid(box.x0 + np.arange(width) / scale, box.y0 + np.arange(height) / scale)
    source = transform.to_source(np.stack([x.ravel(), y.ravel()], axis=1)).astype(np.float32)
    return source[:, 0].reshape(height, width), source[:, 1].reshape(height, width)
