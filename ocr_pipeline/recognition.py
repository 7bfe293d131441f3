"""Recognition: crops of one or many pages in, readings by address out. Knows nothing of tables or pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from ocr_pipeline.stages import Crop, CropAddress, RawReading, Recogniser

Readings = Mapping[CropAddress, RawReading]
Awaited = Callable[[], dict[CropAddress, RawReading]]
"""Waits for a page's readings; what went wrong while they were made is raised by it."""


def read_crops(crops: Iterable[Crop], recogniser: Recogniser) -> dict[CropAddress, RawReading]:
    """One reading for each crop. The recogniser batches by width; order does not matter."""
    every = list(crops)
    readings = recogniser.read([crop.image for crop in every])
    return {crop.address: reading for crop, reading in zip(every, readings, strict=True)}


class ReaderHere:
    """Reads pages by a recogniser that belongs to the calling thread: each when its readings are asked for."""

    beside = False

    def __init__(self, recogniser: Recogniser) -> None:
        self.recogniser = recogniser

    def begin(self, crops: Iterable[Crop]) -> Awaited:
        return partial(read_crops, tuple(crops), self.recogniser)

    def close(self) -> None:
        """Nothing is under way."""


class ReaderBeside:
    """Reads pages in a thread of its own, to which the recogniser belongs: a page is read while the next is analysed.

    Cleaning a page keeps one core busy most of the time, models keep as many busy as there are.
    """

    beside = True

    def __init__(self, load: Callable[[], Recogniser]) -> None:
        """load: called in that thread; what it raises is raised here."""
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="reading")
        self.recogniser = self._thread.submit(load).result()

    def begin(self, crops: Iterable[Crop]) -> Awaited:
        return self._thread.submit(read_crops, tuple(crops), self.recogniser).result

    def close(self) -> None:
        """What is not begun is not read any more."""
        self._thread.shutdown(wait=False, cancel_futures=True)
