"""A recogniser and a detector that say what they were told to: for tests and for replays, no model needed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ocr_pipeline.geometry import GrayImage, Quad
from ocr_pipeline.stages import RawReading

Reading = RawReading | str
"""A full reading, or its text alone (score 1)."""


def crop_key(image: GrayImage) -> str:
    """A key for an image's content: shape and pixels."""
    return hashlib.sha256(repr(image.shape).encode() + image.tobytes()).hexdigest()


@dataclass(frozen=True)
class CannedRecogniser:
    """Implements stages.Recogniser. readings: by crop_key, or a function of the image (a module-level one, where the
    recogniser has to be pickled); default: for crops the mapping does not know, KeyError without one."""

    readings: Mapping[str, Reading] | Callable[[GrayImage], Reading]
    default: Reading | None = None
    name: str = "canned"

    def read(self, images: Sequence[GrayImage]) -> list[RawReading]:
        """One reading for each image, in the same order. ValueError for an image without pixels."""
        return [self._read(image) for image in images]

    def _read(self, image: GrayImage) -> RawReading:
        if image.size == 0:
            raise ValueError(f"a crop must be a gray image with pixels, this one has shape {image.shape}")
        if callable(self.readings):
            return _whole(self.readings(image))
        key = crop_key(image)
        reading = self.readings.get(key, self.default)
        if reading is None:
            raise KeyError(f"no canned reading for crop {key}, shape {image.shape}")
        return _whole(reading)


@dataclass(frozen=True)
class CannedDetector:
    """Implements stages.TextDetector. quads: by crop_key, or a function of image and scale; nothing is found in
    pictures the mapping does not know."""

    quads: Mapping[str, Sequence[tuple[Quad, float]]] | Callable[[GrayImage, float], Sequence[tuple[Quad, float]]]
    name: str = "canned"

    def detect(self, image: GrayImage, scale: float = 1.0) -> list[tuple[Quad, float]]:
        """Quads in pixels of the image, each with a score."""
        if callable(self.quads):
            return list(self.quads(image, scale))
        return list(self.quads.get(crop_key(image), ()))


def _whole(reading: Reading) -> RawReading:
    if isinstance(reading, RawReading):
        return reading
    return RawReading(reading, 1.0 if reading else 0.0, (1.0,) * len(reading))
