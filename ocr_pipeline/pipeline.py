"""The order of the stages, nothing else: analysis > recognition > assembly > reports."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from ocr_pipeline.analysis import analyse_page
from ocr_pipeline.assemble.document import FailedPage, assemble_document
from ocr_pipeline.document import Document, EngineInfo, SourceInfo
from ocr_pipeline.errors import EngineError, ModelError, PageError, PipelineError
from ocr_pipeline.packing import pack, unpack
from ocr_pipeline.recognition import read_crops
from ocr_pipeline.reports.apply import apply_reports
from ocr_pipeline.reports.filing import find_filing
from ocr_pipeline.reports.loader import load_profiles
from ocr_pipeline.reports.profile import FormProfile
from ocr_pipeline.settings import Settings
from ocr_pipeline.source import PageSelection, Source, open_source
from ocr_pipeline.stages import CropAddress, OrientationModel, PageAnalysis, RawReading, Recogniser, TextDetector

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
        self._recogniser = recogniser
        self._detector = detector
        self._orientation = orientation
        self._loads_orientation = detector is None and orientation is None
        self._forms = tuple(forms) if forms is not None else load_profiles()

    @property
    def recogniser(self) -> Recogniser:
        if self._recogniser is None:
            from ocr_pipeline.ocr.engine import load_recogniser

            self._recogniser = load_recogniser(self.settings.engine)
        return self._recogniser

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

        pages: a selection such as "2-5,9" (counted from 1), all by default.
        A page that fails is marked and the others go on; when every page fails, the first failure is raised.
        Raises the PipelineError of the file when it cannot be opened at all.
        """
        results: list[PageResult | bytes | FailedPage] = []
        first_failure: PipelineError | None = None
        with open_source(path, self.settings.source, PageSelection.of(pages)) as source:
            for done, index in enumerate(source.indices):
                try:
                    result = self._read_page(source, index)
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

    def _read_page(self, source: Source, index: int) -> PageResult:
        analysis = analyse_page(source.read_page(index), self.detector, self.settings, orientation=self.orientation)
        return without_pictures(analysis), read_crops(analysis.crops, self.recogniser)

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
        self._recogniser = None
        self._detector = None
        self._orientation = None


def without_pictures(analysis: PageAnalysis) -> PageAnalysis:
    """The analysis with its crops' pictures dropped: what assembly needs, and small enough to keep for every page."""
    import numpy as np

    blank = np.zeros((0, 0), np.uint8)
    return replace(analysis, crops=tuple(replace(crop, image=blank) for crop in analysis.crops))
