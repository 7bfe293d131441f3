"""Lines of text in a picture, with a paddleocr detection model."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ocr_pipeline.geometry import GrayImage, Quad
from ocr_pipeline.ocr import manifest
from ocr_pipeline.ocr.predictor import FloatBatch, PaddleModel
from ocr_pipeline.settings import EngineSettings

_SIDE_STEP = 32
"""The model halves its input five times."""
_PAPER = 255
_MEAN = np.array([0.485, 0.456, 0.406], dtype=np.float32)
_DEVIATION = np.array([0.229, 0.224, 0.225], dtype=np.float32)
"""The normalisation every PP-OCR detector's inference.yml gives, in the order blue, green, red."""


class PaddleDetector:
    """Implements stages.TextDetector. One instance belongs to the thread that made it (EngineError elsewhere)."""

    def __init__(self, settings: EngineSettings) -> None:
        """Loads the model; fetches its weights first where needed. ModelError, EngineError."""
        self._model = PaddleModel("TextDetection", detection_model(settings), settings)

    @property
    def name(self) -> str:
        return self._model.name

    @property
    def forward_seconds(self) -> float:
        """Seconds spent inside the model so far."""
        return self._model.forward_seconds

    @property
    def forward_calls(self) -> int:
        """Pictures given to the model so far."""
        return self._model.forward_calls

    def detect(self, image: GrayImage, scale: float = 1.0) -> list[tuple[Quad, float]]:
        """Quads in pixels of the image given, clockwise from the top left, each with a score (0 to 1), unordered.

        image: gray uint8, shape (h, w). It is resized by scale and by nothing else, then filled up with paper to
        sides of whole 32 pixels. Thresholds are those of the model's inference.yml. ValueError for an image without
        pixels or a scale that is not positive.
        """
        if image.ndim != 2 or image.size == 0:
            raise ValueError(f"a picture must be a gray image with pixels, this one has shape {image.shape}")
        if not scale > 0:
            raise ValueError(f"the scale must be positive, not {scale}")
        height, width = image.shape
        batch, x_scale, y_scale = _input(image, scale)
        output = self._model.forward(batch)
        # The size of the padded input in pixels of the image given: the post-processing scales its corners to that.
        whole = (round(batch.shape[2] / y_scale), round(batch.shape[3] / x_scale), 1.0, 1.0)
        boxes, scores = self._model.inner.post_op([output], [whole])
        found = (_quad(corners, width, height, score) for corners, score in zip(boxes[0], scores[0], strict=True))
        return [item for item in found if item is not None]


def detection_model(settings: EngineSettings) -> str:
    """The full name of the detection model: the one set, else the one of the recogniser's size, else small."""
    if settings.detector:
        return manifest.resolve(settings.detector, "det")
    recogniser = manifest.resolve(settings.model, "rec")
    sibling = recogniser.removesuffix("_rec") + "_det"
    return sibling if manifest.find(sibling) else manifest.resolve("small", "det")


def _input(image: GrayImage, scale: float) -> tuple[FloatBatch, float, float]:
    """The model's input, shape (1, 3, height, width), and the exact scales in x and y after rounding."""
    import cv2

    height, width = image.shape
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    if size != (width, height):
        image = cv2.resize(image, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC).astype(np.uint8)
    sides = [-(-side // _SIDE_STEP) * _SIDE_STEP for side in image.shape]
    padded = np.full(sides, _PAPER, dtype=np.uint8)
    padded[: size[1], : size[0]] = image
    gray = padded.astype(np.float32) / np.float32(255)
    channels = (gray[None] - _MEAN[:, None, None]) / _DEVIATION[:, None, None]
    return channels[None], size[0] / width, size[1] / height


def _quad(corners: npt.NDArray[Any], width: int, height: int, score: float) -> tuple[Quad, float] | None:
    """Corners kept inside the image; None for what lies in the padding."""
    inside = np.clip(corners.astype(np.float64), 0, (width, height))
    if np.ptp(inside[:, 0]) < 1 or np.ptp(inside[:, 1]) < 1:
        return None
    return Quad.of_array(inside), float(score)
