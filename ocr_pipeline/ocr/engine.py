"""Where the rest of the project gets its recogniser and detector from."""

from __future__ import annotations

from importlib import metadata

from ocr_pipeline.settings import EngineSettings
from ocr_pipeline.stages import OrientationModel, Recogniser, TextDetector

_PACKAGES = ("paddleocr", "paddlex", "onnxruntime", "onnxruntime-gpu", "paddlepaddle", "paddlepaddle-gpu")


def load_recogniser(settings: EngineSettings) -> Recogniser:
    """A recogniser for the calling thread. ModelError, EngineError."""
    from ocr_pipeline.ocr.recogniser import PaddleRecogniser

    return PaddleRecogniser(settings)


def load_detector(settings: EngineSettings) -> TextDetector:
    """A text detector for the calling thread. ModelError, EngineError."""
    from ocr_pipeline.ocr.detector import PaddleDetector

    return PaddleDetector(settings)


def load_orientation(settings: EngineSettings) -> OrientationModel | None:
    """A model that tells which way up a page lies, for the calling thread; None without has_orientation. ModelError."""
    from ocr_pipeline.ocr.orientation import OnnxOrientation

    return OnnxOrientation(settings) if has_orientation(settings) else None


def has_orientation(settings: EngineSettings) -> bool:
    """Whether pages are turned: not where the models folder is the user's own and does not hold the models for it,
    as nothing is fetched into such a folder."""
    from ocr_pipeline.ocr import weights
    from ocr_pipeline.ocr.orientation import ORIENTATION_MODEL, READING_MODEL

    folder = weights.models_folder(settings.models_dir)
    return not folder.own or all((folder.path / name).is_dir() for name in (ORIENTATION_MODEL, READING_MODEL))


def engine_versions() -> dict[str, str]:
    """Versions of the engine's packages that are installed, without importing them."""
    versions = {}
    for package in _PACKAGES:
        try:
            versions[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return versions
