"""Pages read in a thread of their own while the next ones are analysed."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from pathlib import Path

import numpy as np
import pytest
from helpers_drawing import ROWS_DETECTOR
from pipeline_pages import TINY, first_page, read_strokes, second_page, write_pdf

from ocr_pipeline import pipeline as pipeline_module
from ocr_pipeline.document import PageStatus
from ocr_pipeline.errors import EngineError, ModelError
from ocr_pipeline.geometry import Box, GrayImage
from ocr_pipeline.ocr import engine, weights
from ocr_pipeline.ocr.canned import CannedRecogniser
from ocr_pipeline.pipeline import Pipeline, one_behind
from ocr_pipeline.recognition import ReaderBeside
from ocr_pipeline.settings import EngineSettings, Settings
from ocr_pipeline.stages import Crop, CropAddress, CropKind, RawReading, Recogniser

TWO_CORES, ONE_CORE = (Settings(engine=EngineSettings(threads=threads)) for threads in (2, 1))


class ThreadedRecogniser(CannedRecogniser):
    """Reads strokes in the thread that made it only, as the engine's own do; fails at the readings numbered."""

    def __init__(self, failing: Sequence[int] = (), error: type[Exception] = ValueError) -> None:
        super().__init__(read_strokes)
        self.thread = threading.get_ident()
        self.failing = failing
        self.error = error
        self.pages = 0

    def read(self, images: Sequence[GrayImage]) -> list[RawReading]:
        assert threading.get_ident() == self.thread
        self.pages += 1
        if self.pages in self.failing:
            raise self.error("The page cannot be read.")
        return super().read(images)


def loading(monkeypatch: pytest.MonkeyPatch, **named: object) -> list[ThreadedRecogniser]:
    """Has pipelines load such recognisers in the engine's place; those that were loaded."""
    loaded: list[ThreadedRecogniser] = []

    def load(settings: EngineSettings) -> Recogniser:
        loaded.append(ThreadedRecogniser(**named))  # type: ignore[arg-type]
        return loaded[-1]

    monkeypatch.setattr(engine, "load_recogniser", load)
    return loaded


@pytest.mark.parametrize("settings", [TWO_CORES, ONE_CORE])
def test_a_file_reads_the_same_in_either_thread(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Settings
) -> None:
    path = write_pdf(tmp_path / "a.pdf", first_page(), TINY, second_page())
    loaded = loading(monkeypatch)
    steps: list[tuple[int, int]] = []
    document = Pipeline(settings, detector=ROWS_DETECTOR).read(path, progress=lambda *step: steps.append(step))
    given = Pipeline(settings, detector=ROWS_DETECTOR, recogniser=CannedRecogniser(read_strokes)).read(path)
    assert document == given
    assert steps == [(1, 3), (2, 3), (3, 3)]
    assert (loaded[0].thread == threading.get_ident()) is (settings is ONE_CORE)


def test_a_page_is_read_when_the_next_one_is_analysed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (log, analyse) = ([], pipeline_module.analyse_page)  # type: ignore[var-annotated]
    loading(monkeypatch)
    monkeypatch.setattr(pipeline_module, "analyse_page", lambda *a, **n: log.append("analysed") or analyse(*a, **n))
    path = write_pdf(tmp_path / "a.pdf", first_page(), second_page())
    Pipeline(TWO_CORES, detector=ROWS_DETECTOR).read(path, progress=lambda done, of: log.append(done))
    assert log == ["analysed", "analysed", 1, 2]


def test_a_page_whose_reading_fails_is_the_one_marked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", first_page(), second_page(), second_page())
    loading(monkeypatch, failing=(2,))
    document = Pipeline(TWO_CORES, detector=ROWS_DETECTOR).read(path)
    assert [page.status for page in document.pages] == [PageStatus.OK, PageStatus.FAILED, PageStatus.OK]
    assert "page 2" in document.pages[1].message


def test_an_engine_that_fails_beside_stops_the_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", first_page(), second_page())
    loading(monkeypatch, failing=(1,), error=EngineError)
    with pytest.raises(EngineError, match="cannot be read"):
        Pipeline(TWO_CORES, detector=ROWS_DETECTOR).read(path)


def test_weights_are_fetched_by_the_calling_thread(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    fetched: dict[str, int] = {}

    def model_dir(name: str, models_dir: str | None) -> Path:
        fetched.setdefault(name, threading.get_ident())
        return tmp_path

    monkeypatch.setattr(weights, "model_dir", model_dir)
    loading(monkeypatch)
    Pipeline(TWO_CORES, detector=ROWS_DETECTOR).read(write_pdf(tmp_path / "a.pdf", first_page()))
    here = threading.get_ident()
    assert fetched == {"PP-OCRv6_tiny_rec": here, "PP-OCRv6_small_rec": here}


def test_models_that_cannot_be_loaded_are_said_at_once() -> None:
    def load() -> Recogniser:
        raise ModelError("No weights.")

    with pytest.raises(ModelError, match="No weights"):
        ReaderBeside(load)


def test_what_is_not_begun_when_the_reader_is_closed_is_not_read() -> None:
    held, begun = threading.Event(), threading.Event()

    def wait(image: GrayImage) -> RawReading:
        begun.set()
        held.wait(10)
        return RawReading("1", 1.0)

    reader = ReaderBeside(lambda: CannedRecogniser(wait))
    crop = Crop(CropAddress(0, CropKind.LINE, -1, 0), np.zeros((8, 8), np.uint8), Box(0, 0, 8, 8))
    first, second = reader.begin([crop]), reader.begin([crop])
    begun.wait(10)
    reader.close()
    held.set()
    assert first()[crop.address].text == "1"
    with pytest.raises(CancelledError):
        second()


def test_one_behind_draws_one_more_before_it_gives_one() -> None:
    drawn: list[int] = []

    def items() -> Iterator[int]:
        for item in range(3):
            drawn.append(item)
            yield item

    assert [(item, len(drawn)) for item in one_behind(items())] == [(0, 2), (1, 3), (2, 3)]
    assert list(one_behind([])) == []
