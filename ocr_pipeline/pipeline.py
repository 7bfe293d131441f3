"""The order of the stages, nothing else: analysis > recognition > assembly > reports."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NoReturn, TypeVar

from ocr_pipeline.analysis import analyse_page
from ocr_pipeline.assemble.document import FailedPage, assemble_document
from ocr_pipeline.document import Document, EngineInfo, SourceInfo
from ocr_pipeline.errors import EngineError, ModelError, PageError, PipelineError
from ocr_pipeline.packing import pack, unpack
from ocr_pipeline.recognition import Awaited, ReaderBeside, ReaderHere
from ocr_pipeline.reports.apply import apply_reports
from ocr_pipeline.reports.filing import find_filing
from ocr_pipeline.reports.loader import load_profiles
from ocr_pipeline.reports.profile import FormProfile
from ocr_pipeline.settings import Settings
from ocr_pipeline.source import PageSelection, Source, open_source
from ocr_pipeline.stages import CropAddress, OrientationModel, PageAnalysis, RawReading, Recogniser, TextDetector

Item = TypeVar("Item")

Progress = Callable[[int, int], None]
"""Called with the number of pages done and of pages in all."""

PageResult = tuple[PageAnalysis, dict[CropAddress, RawReading]]
"""A page without its pictures, and what was read of it."""

_PAGES_KEPT_AS_THEY_ARE = 8
"""A file of more pages keeps the results of each packed until the last is read: 10 KB in place of 180, for 4 ms."""


class Pipeline:
    """Reads files. Holds the models, so make one and use it for many files, in one process and thread."""

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        recogniser: Recogniser | None = None,
        detector: TextDetector | None = None,
        orientation: OrientationModel | None = None,
        forms: Sequence[FormProfile] | None = None,
    ) -> None:
        """settings: all stages' settings; recogniser, detector, orientation: others in the place of the engine's own;
        forms: those known, the shipped ones if None (reports.loader.load_profiles gives them with one's own).

        With a detector of one's own and no orientation model, pages are taken to stand upright: then nothing of the
        engine's is loaded unasked.
        """
        self.settings = settings or Settings()
        self._reader: ReaderHere | ReaderBeside | None = None if recogniser is None else ReaderHere(recogniser)
        self._detector = detector
        self._orientation = orientation
        self._loads_orientation = detector is None and orientation is None
        self._forms = tuple(forms) if forms is not None else load_profiles()

    @property
    def recogniser(self) -> Recogniser:
        """The engine's own reads in a thread of its own, and in no other."""
        return self._page_reader.recogniser

    @property
    def _page_reader(self) -> ReaderHere | ReaderBeside:
        if self._reader is None:
            from ocr_pipeline.ocr import engine
            from ocr_pipeline.ocr.lanes import share_of_threads

            load = partial(engine.load_recogniser, self.settings.engine)  # by its module: a profile times it there
            lanes, _ = share_of_threads(self.settings.engine.threads)
            if lanes == 1:
                self._reader = ReaderHere(load())
            else:
                engine.prepare_recogniser(self.settings.engine)
                self._reader = ReaderBeside(load)
        return self._reader

    @property
    def detector(self) -> TextDetector:
        if self._detector is None:
            from ocr_pipeline.ocr.engine import load_detector

            self._detector = load_detector(self.settings.engine)
        return self._detector

    @property
    def orientation(self) -> OrientationModel | None:
        if self._orientation is None and self._loads_orientation:
            from ocr_pipeline.ocr.engine import load_orientation

            self._orientation = load_orientation(self.settings.engine)
        return self._orientation

    def read(
        self, path: Path | str, pages: PageSelection | str | None = None, progress: Progress | None = None
    ) -> Document:
        """Read one file, page by page; one page image is in memory at a time.

        While a page is read the next one is analysed, and progress is told when both are done.
        pages: a selection such as "2-5,9" (counted from 1), all by default.
        A page that fails is marked and the others go on; when every page fails, the first failure is raised.
        Raises the PipelineError of the file when it cannot be opened at all.
        """
        results: list[PageResult | bytes | FailedPage] = []
        first_failure: PipelineError | None = None
        with open_source(path, self.settings.source, PageSelection.of(pages)) as source:
            for done, (index, finish) in enumerate(self._begun(source)):
                try:
                    result = finish()
                    results.append(result if len(source) <= _PAGES_KEPT_AS_THEY_ARE else pack(result))
                except (EngineError, ModelError):
                    raise
                except PipelineError as error:
                    first_failure = first_failure or error
                    results.append(FailedPage(index, str(error)))
                except Exception as error:  # a fault of ours on one page must not cost the others
                    failure = PageError(
                        f"{path}: page {index + 1} could not be read ({type(error).__name__}: {error})."
                    )
                    failure.__cause__ = error
                    first_failure = first_failure or failure
                    results.append(FailedPage(index, str(failure)))
                if progress is not None:
                    progress(done + 1, len(source))
            if first_failure is not None and all(isinstance(page, FailedPage) for page in results):
                raise first_failure
            info = SourceInfo(str(path), source.sha256, source.page_count)
        analyses: list[PageAnalysis | FailedPage] = []
        readings: dict[CropAddress, RawReading] = {}
        for page in results:
            if isinstance(page, FailedPage):
                analyses.append(page)
                continue
            analysis, read = unpack(page) if isinstance(page, bytes) else page
            analyses.append(analysis)
            readings.update(read)
        return self.finish(info, analyses, readings)

    def _begun(self, source: Source) -> Iterator[tuple[int, Callable[[], PageResult]]]:
        """For each page its index and what waits for its result, or raises what went wrong with it."""
        pages = ((index, self._begin(source, index)) for index in source.indices)
        return one_behind(pages) if self._page_reader.beside else pages

    def _begin(self, source: Source, index: int) -> Callable[[], PageResult]:
        """Analyse a page and have its crops read."""
        try:
            page = source.read_page(index)
            analysis = analyse_page(page, self.detector, self.settings, orientation=self.orientation)
            return partial(_result, without_pictures(analysis), self._page_reader.begin(analysis.crops))
        except Exception as error:  # told when it is the page's turn
            return partial(_raise, error)

    def finish(
        self,
        source: SourceInfo,
        pages: list[PageAnalysis | FailedPage],
        readings: dict[CropAddress, RawReading],
    ) -> Document:
        """Put the readings of a file's pages back together, and check them."""
        document = assemble_document(source, self.engine_info(), pages, readings, self.settings)
        document = replace(document, filing=find_filing(document.pages))
        return apply_reports(document, self.settings.reports, self._forms)

    def engine_info(self) -> EngineInfo:
        """What reads: models by task, versions, settings."""
        from ocr_pipeline.ocr.engine import engine_versions

        models = {"recognition": self.recogniser.name, "detection": self.detector.name}
        if self.orientation is not None:
            models["orientation"] = self.orientation.name
        return EngineInfo(models, dict(engine_versions()), self.settings.as_json())

    def close(self) -> None:
        """Let go of the models."""
        if self._reader is not None:
            self._reader.close()
        self._reader = None
        self._detector = None
        self._orientation = None


def one_behind(items: Iterable[Item]) -> Iterator[Item]:
    """Each item when the one after it has been made, the last one at the end."""
    last: tuple[Item, ...] = ()
    for item in items:
        yield from last
        last = (item,)
    yield from last


def _result(analysis: PageAnalysis, readings: Awaited) -> PageResult:
    return analysis, awaited(readings)


def awaited(readings: Awaited) -> dict[CropAddress, RawReading]:
    """A page's readings: the time it takes is that by which reading takes longer than what is done beside it."""
    return readings()


def _raise(error: Exception) -> NoReturn:
    raise error


def without_pictures(analysis: PageAnalysis) -> PageAnalysis:
    """The analysis with its crops' pictures dropped: what assembly needs, and small enough to keep for every page."""
    import numpy as np

    blank = np.zeros((0, 0), np.uint8)
    return replace(analysis, crops=tuple(replace(crop, image=blank) for crop in analysis.crops))
