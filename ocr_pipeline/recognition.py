"""Recognition: crops of one or many pages in, readings by address out. Knows nothing of tables or pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ocr_pipeline.stages import Crop, CropAddress, RawReading, Recogniser

Readings = Mapping[CropAddress, RawReading]


def read_crops(crops: Iterable[Crop], recogniser: Recogniser) -> dict[CropAddress, RawReading]:
    """One reading for each crop. The recogniser batches by width; order does not matter."""
    every = list(crops)
    readings = recogniser.read([crop.image for crop in every])
    return {crop.address: reading for crop, reading in zip(every, readings, strict=True)}
