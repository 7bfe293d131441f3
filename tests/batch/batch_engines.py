"""Engines that misbehave on pages of a certain width, and helpers to run a batch with them."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PIL import Image
from soak import draw_page

from ocr_pipeline.batch.engines import CannedEngines
from ocr_pipeline.batch.run import run_batch
from ocr_pipeline.batch.summary import Summary
from ocr_pipeline.errors import ModelError
from ocr_pipeline.geometry import GrayImage, Quad
from ocr_pipeline.settings import EngineSettings, Settings
from ocr_pipeline.stages import RawReading, Recogniser, TextDetector

HANG, DIE, SWELL, BREAK, STUMBLE = 431, 441, 451, 461, 471
"""Widths of pages on which the detector sleeps, is killed, takes memory, raises until a file `mended` is there, raises
the first time only."""

OWN_FORM = """
schema = "ocr-pipeline-profile/1"
id = "drawn"
title = "Digits"
[[table]]
id = "digits"
title = "Digits"
column = [{ id = "second", label = "面积" }, { id = "third", label = "面积" }]
"""
"""Fits the drawn tables when canned engines read 面积 in every cell."""


@dataclass(frozen=True)
class RoughDetector:
    marks: Path
    name: str = "rough"

    def detect(self, image: GrayImage, scale: float = 1.0) -> list[tuple[Quad, float]]:
        width = image.shape[1]
        if width == HANG:
            time.sleep(600)
        elif width == DIE:
            os.kill(os.getpid(), signal.SIGKILL)
        elif width == SWELL:
            hoard = [np.ones(50_000_000, np.uint8) for _ in range(40)]
            time.sleep(600)
            hoard.clear()
        elif (width == BREAK and not (self.marks / "mended").exists()) or (width == STUMBLE and self._first_time()):
            raise RuntimeError("the detector broke")
        return []

    def _first_time(self) -> bool:
        mark = self.marks / "stumbled"
        known = mark.exists()
        mark.touch()
        return not known


@dataclass(frozen=True)
class RoughEngines(CannedEngines):
    marks: Path = Path()

    def detector(self, settings: EngineSettings) -> TextDetector:
        return RoughDetector(self.marks)


@dataclass(frozen=True)
class NoWeights(CannedEngines):
    def detector(self, settings: EngineSettings) -> TextDetector:
        raise ModelError("The model file rough.onnx is missing.")


@dataclass
class DyingRecogniser:
    """Ends its process on a crop of a certain width, and once at its first crop."""

    marks: Path
    name: str = "canned"

    def read(self, images: Sequence[GrayImage]) -> list[RawReading]:
        mark = self.marks / "died"
        if images and not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return [RawReading("12", 1.0, (1.0, 1.0)) for _ in images]


@dataclass(frozen=True)
class DyingEngines(CannedEngines):
    marks: Path = Path()

    def recogniser(self, settings: EngineSettings) -> Recogniser:
        return DyingRecogniser(self.marks)


class FatalRecogniser:
    """Ends its process on large print."""

    name = "canned"

    def read(self, images: Sequence[GrayImage]) -> list[RawReading]:
        if any(image.shape[0] > 40 for image in images):
            os.kill(os.getpid(), signal.SIGKILL)
        return [RawReading("12", 1.0, (1.0, 1.0)) for _ in images]


@dataclass(frozen=True)
class FatalEngines(CannedEngines):
    def recogniser(self, settings: EngineSettings) -> Recogniser:
        return FatalRecogniser()


def _as_wide_as_the_page(page: GrayImage) -> GrayImage:
    """With ink at the far end of its line of text: of a line that takes up little of the page the detector sees no
    more than that, and the rough one knows pages by their width."""
    page[36:50, -48:-40] = 0
    return page


def save_pages(path: Path, widths: Sequence[int], first: int = 1, large: int | None = None) -> Path:
    """A TIFF with pages of those widths, all different. large: the index of one whose print is twice as large."""
    pages = [Image.fromarray(_as_wide_as_the_page(draw_page(first + n, width))) for n, width in enumerate(widths)]
    if large is not None:
        pages[large] = pages[large].resize((2 * pages[large].width, 2 * pages[large].height), Image.Resampling.NEAREST)
    pages[0].save(path, save_all=True, append_images=pages[1:], dpi=(100, 100), compression="tiff_lzw")
    return path


def settings(**batch: object) -> Settings:
    whole = Settings(engine=EngineSettings(model="tiny"))
    return replace(whole, batch=replace(whole.batch, **{"jobs": 1, **batch}))  # type: ignore[arg-type]


def run(
    paths: Sequence[Path],
    output: Path,
    engines: CannedEngines | None = None,
    profiles: Sequence[Path] = (),
    **batch: object,
) -> Summary:
    """A batch with canned engines; JSON and CSV."""
    engines = engines or CannedEngines()
    return run_batch(paths, output, settings(**batch), ("json", "csv"), profiles=profiles, engines=engines)
