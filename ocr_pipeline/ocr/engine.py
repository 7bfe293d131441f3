"""Where the rest of the project gets its recogniser and detector from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib import metadata
from types import MappingProxyType

from ocr_pipeline.ocr import manifest, weights
from ocr_pipeline.settings import EngineSettings
from ocr_pipeline.stages import OrientationModel, Recogniser, TextDetector

_PACKAGES = ("paddleocr", "paddlex", "onnxruntime", "onnxruntime-gpu", "paddlepaddle", "paddlepaddle-gpu")


def load_recogniser(settings: EngineSettings) -> Recogniser:
    """A recogniser for the calling thread, with a lighter one before it where the settings say so. ModelError,
    EngineError."""
    from ocr_pipeline.ocr.cascade import CascadeRecogniser
    from ocr_pipeline.ocr.recogniser import PaddleRecogniser

    final = PaddleRecogniser(settings)
    draft = draft_model(settings)
    if draft is None:
        return final
    return CascadeRecogniser(PaddleRecogniser(replace(settings, model=draft)), final, settings.cascade)


def prepare_recogniser(settings: EngineSettings) -> None:
    """Have here what load_recogniser needs, fetched where it is missing. ModelError, EngineError.

    For the main thread, where Ctrl-C ends a fetch, when a recogniser is to be loaded in another.
    """
    from ocr_pipeline.ocr.predictor import check_engine, weights_for

    check_engine(settings)
    for name in recognition_models(settings):
        weights_for(name, settings)


def draft_model(settings: EngineSettings) -> str | None:
    """The full name of the model that reads before settings.model; None where that one reads everything. ModelError.

    A folder of the user's own that does not hold the light model is no fault unless the model was asked for by name.
    """
    if settings.draft == "none":
        return None
    final = manifest.resolve(settings.model, "rec")
    if settings.draft != "auto":
        named = manifest.resolve(settings.draft, "rec")
        return None if named == final else named
    if final != manifest.resolve("small", "rec"):
        return None
    light = manifest.resolve("tiny", "rec")
    folder = weights.models_folder(settings.models_dir)
    return None if folder.own and not (folder.path / light).is_dir() else light


def recognition_models(settings: EngineSettings) -> tuple[str, ...]:
    """The full names of the models that read, the lighter one first. ModelError."""
    draft = draft_model(settings)
    return (*((draft,) if draft else ()), manifest.resolve(settings.model, "rec"))


def recogniser_name(settings: EngineSettings) -> str:
    """The name the recogniser will have, without loading it. ModelError."""
    from ocr_pipeline.ocr.cascade import cascade_name

    models = recognition_models(settings)
    return models[0] if len(models) == 1 else cascade_name(*models)


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
    from ocr_pipeline.ocr.orientation import ORIENTATION_MODEL, READING_MODEL

    folder = weights.models_folder(settings.models_dir)
    return not folder.own or all((folder.path / name).is_dir() for name in (ORIENTATION_MODEL, READING_MODEL))


@cache
def engine_versions() -> Mapping[str, str]:
    """Versions of the engine's packages that are installed, without importing them: looked up once."""
    versions = {}
    for package in _PACKAGES:
        try:
            versions[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return MappingProxyType(versions)
