"""Which way up a picture is, with PaddleOCR's document orientation model in ONNX Runtime."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ocr_pipeline.errors import ModelError
from ocr_pipeline.geometry import GrayImage
from ocr_pipeline.ocr import weights
from ocr_pipeline.settings import EngineSettings
from ocr_pipeline.stages import RawReading, Recogniser

ORIENTATION_MODEL = "PP-LCNet_x1_0_doc_ori"
READING_MODEL = "PP-OCRv6_tiny_rec"
"""Reads trial lines: whether print reads at all is told by the smallest model as well as by any."""
_SIDE = 224
_MEAN = np.array([0.485, 0.456, 0.406], dtype=np.float32)[:, None, None]
_DEVIATION = np.array([0.229, 0.224, 0.225], dtype=np.float32)[:, None, None]
# The model's classes say how far the picture was turned clockwise; what is wanted is how far it has to be turned back.
_BACK = [0, 3, 2, 1]


class OnnxOrientation:
    """Implements stages.OrientationModel. One instance belongs to one thread."""

    reads = True

    def __init__(self, settings: EngineSettings) -> None:
        """Loads the model; fetches its weights first where needed. ModelError."""
        import onnxruntime

        path = weights.model_dir(ORIENTATION_MODEL, settings.models_dir) / "inference.onnx"
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = settings.threads
        try:
            self._session: Any = onnxruntime.InferenceSession(
                str(path), sess_options=options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # onnxruntime raises its own classes and RuntimeError alike
            raise ModelError(
                f"The model {path} cannot be loaded ({type(error).__name__}).",
                "Check it with: ocr-pipeline models verify. If it is wrong, delete the folder and fetch again.",
            ) from error
        self._input = self._session.get_inputs()[0].name
        self._settings = replace(settings, model=READING_MODEL, alternatives=0)
        self._reader: Recogniser | None = None
        self.forward_seconds = 0.0
        self.forward_calls = 0

    @property
    def name(self) -> str:
        return ORIENTATION_MODEL

    def look(self, images: Sequence[GrayImage]) -> list[tuple[float, float, float, float]]:
        """For each image (gray uint8, any size) how likely it has to be turned clockwise by 0, 90, 180, 270."""
        start = time.perf_counter()
        batch = np.stack([_tensor(image) for image in images])
        output = self._session.run(None, {self._input: batch})[0][:, _BACK]
        self.forward_seconds += time.perf_counter() - start
        self.forward_calls += 1
        return [(float(row[0]), float(row[1]), float(row[2]), float(row[3])) for row in output]

    def read(self, images: Sequence[GrayImage]) -> list[RawReading]:
        """One reading for each image; the model for it is loaded when it is first needed, which is seldom."""
        if self._reader is None:
            from ocr_pipeline.ocr.recogniser import PaddleRecogniser

            self._reader = PaddleRecogniser(self._settings)
        return self._reader.read(images)


def _tensor(image: GrayImage) -> np.ndarray[Any, np.dtype[np.float32]]:
    import cv2

    square = cv2.resize(image, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA).astype(np.float32) / np.float32(255)
    tensor: np.ndarray[Any, np.dtype[np.float32]] = ((square[None] - _MEAN) / _DEVIATION).astype(np.float32)
    return tensor
