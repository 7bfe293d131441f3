"""Where the rest of the project gets its recogniser and detector from."""

from __future__ import annotations

from importlib import metadata

from ocr_pipeline.settings import EngineSettings
from ocr_pipeline.stages import Recogniser, TextDetector

_PACKAGES = ("paddleocr", "paddlex", "onnxruntime", "onnxruntime-gpu", "paddlepaddle", "paddlepaddle-gpu")


def load_recogniser(settings: EngineSettings) -> Recogniser:
    """A recogniser for the calling thread. ModelError, EngineError."""
    from ocr_pipeline.ocr.recogniser import PaddleRecogniser

    return PaddleRecogniser(settings)


def load_detector(settings: EngineSettings) -> TextDetector:
    """A text detector for the calling thread. ModelError, EngineError."""
    from ocr_pipeline.ocr.detector import PaddleDetector

    return PaddleDetector(settings)


def engine_versions() -> dict[str, str]:
    """Versions of the engine's packages that are installed, without importing them."""
    versions = {}
    for package in _PACKAGES:
        try:
            versions[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return versions
