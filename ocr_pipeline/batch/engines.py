"""Where the processes of a batch get their models from; tests and soak runs give others."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Protocol

from ocr_pipeline.errors import EngineError
from ocr_pipeline.geometry import Box, GrayImage, Quad
from ocr_pipeline.settings import EngineSettings
from ocr_pipeline.stages import OrientationModel, RawReading, Recogniser, TextDetector


class Engines(Protocol):
    """Makes the models inside the process that uses them; picklable itself."""

    def recogniser(self, settings: EngineSettings) -> Recogniser: ...

    def detector(self, settings: EngineSettings) -> TextDetector: ...

    def orientation(self, settings: EngineSettings) -> OrientationModel | None:
        """None: pages are taken to stand upright."""
        ...

    def recogniser_name(self, settings: EngineSettings) -> str:
        """The name the recogniser will have, without loading it."""
        ...

    def fingerprint(self, settings: EngineSettings) -> str:
        """What tells one set of models from another: their names, files and programs."""
        ...

    def check(self, settings: EngineSettings) -> None:
        """Raise the EngineError or ModelError that loading would raise, as far as can be told without loading;
        fetch the weights, so that the workers don't all try."""
        ...


@dataclass(frozen=True)
class PaddleEngines:
    """The models of ocr_pipeline.ocr."""

    def recogniser(self, settings: EngineSettings) -> Recogniser:
        from ocr_pipeline.ocr.engine import load_recogniser

        return load_recogniser(settings)

    def detector(self, settings: EngineSettings) -> TextDetector:
        from ocr_pipeline.ocr.engine import load_detector

        return load_detector(settings)

    def orientation(self, settings: EngineSettings) -> OrientationModel | None:
        from ocr_pipeline.ocr.engine import load_orientation

        return load_orientation(settings)

    def recogniser_name(self, settings: EngineSettings) -> str:
        from ocr_pipeline.ocr.engine import recogniser_name

        return recogniser_name(settings)

    def fingerprint(self, settings: EngineSettings) -> str:
        """Names, the hash of each weight file where there is a folder of them, and the engine's versions."""
        from ocr_pipeline.ocr import weights
        from ocr_pipeline.ocr.engine import engine_versions

        root = weights.models_folder(settings.models_dir).path
        digest = hashlib.sha256(repr(sorted(engine_versions().items())).encode())
        for name in (*_model_names(settings), *_orientation_names(settings)):
            digest.update(name.encode())
            for path in sorted((root / name).glob("inference*")):
                with path.open("rb") as stream:
                    digest.update(path.name.encode() + hashlib.file_digest(stream, "sha256").digest())
        return digest.hexdigest()

    def check(self, settings: EngineSettings) -> None:
        from ocr_pipeline.ocr import manifest, weights
        from ocr_pipeline.ocr.predictor import check_engine

        check_engine(settings)
        for name in (*_model_names(settings), *_orientation_names(settings)):
            if weights.models_folder(settings.models_dir).own or manifest.find(name) is not None:
                weights.model_dir(name, settings.models_dir)


def _model_names(settings: EngineSettings) -> tuple[str, ...]:
    from ocr_pipeline.ocr.detector import detection_model
    from ocr_pipeline.ocr.engine import recognition_models

    return (*recognition_models(settings), detection_model(settings))


def _orientation_names(settings: EngineSettings) -> tuple[str, ...]:
    """Those that turn pages, unless the models folder is the user's own and holds none of them."""
    from ocr_pipeline.ocr.engine import has_orientation
    from ocr_pipeline.ocr.orientation import ORIENTATION_MODEL, READING_MODEL

    return (ORIENTATION_MODEL, READING_MODEL) if has_orientation(settings) else ()


@dataclass(frozen=True)
class NamedRecogniser:
    """Stands for a recogniser that lives in another process: it has the name and reads nothing."""

    name: str

    def read(self, images: object) -> list[RawReading]:
        raise EngineError(f"{self.name} reads in a process of its own, not here.", "Please report this.")


@dataclass(frozen=True)
class CannedEngines:
    """Models that look at no picture: every crop reads as `text`, and the only line found on a page is all of it.

    For tests, and for soak runs that measure everything but the models."""

    text: str = "12"

    def recogniser(self, settings: EngineSettings) -> Recogniser:
        from ocr_pipeline.ocr.canned import CannedRecogniser

        return CannedRecogniser({}, default=self.text)

    def detector(self, settings: EngineSettings) -> TextDetector:
        from ocr_pipeline.ocr.canned import CannedDetector

        return CannedDetector(whole_picture)

    def orientation(self, settings: EngineSettings) -> OrientationModel | None:
        """None: pages stay as they lie."""
        return None

    def recogniser_name(self, settings: EngineSettings) -> str:
        return "canned"

    def fingerprint(self, settings: EngineSettings) -> str:
        return f"canned {self.text}"

    def check(self, settings: EngineSettings) -> None:
        """Nothing can be missing."""


def whole_picture(image: GrayImage, scale: float) -> list[tuple[Quad, float]]:
    """One line: the top tenth of the picture."""
    height, width = image.shape
    return [(Quad.of_box(Box(0, 0, width, max(1, height // 10))), 1.0)]
