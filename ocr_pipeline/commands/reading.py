"""Reads files one by one or in several processes; one file's failure leaves the others alone."""

from __future__ import annotations

import os
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ocr_pipeline.commands.quiet import output_kept_clean
from ocr_pipeline.errors import EngineError, ExitCode, ModelError, PipelineError
from ocr_pipeline.wording import counted, shown, shown_lines

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from ocr_pipeline.document import Document
    from ocr_pipeline.pipeline import Pipeline
    from ocr_pipeline.profiling import Profile
    from ocr_pipeline.settings import Settings
    from ocr_pipeline.source import PageSelection

Progress = Callable[[int, int], None]
"""Called with the pages done and the pages in all."""


@dataclass(frozen=True)
class Job:
    """One file to read, and the folder its results go to. drawings: stage pictures wanted, see results.DRAWINGS;
    remark: a sentence on the folder, if one is due."""

    path: Path
    folder: Path
    pages: PageSelection | None
    formats: tuple[str, ...]
    drawings: tuple[str, ...] = ()
    remark: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of a job. message: the failure in one sentence, or what was found; trace: of a failure;
    profile: where the time went, when that was asked for."""

    job: Job
    code: ExitCode
    message: str
    seconds: float
    trace: str = ""
    profile: Profile | None = None


class Reader:
    """A pipeline made when first needed, and kept for the files that follow."""

    def __init__(self, settings: Settings, profiles: Sequence[Path] = ()) -> None:
        """profiles: of the user's own forms."""
        self._settings = settings
        self._profiles = profiles
        self._pipeline: Pipeline | None = None

    def read(self, job: Job, progress: Progress | None = None) -> Outcome:
        """Read and write out one file. What concerns all files alike (models, engine) is raised, the rest returned."""
        start = time.monotonic()
        try:
            document, problems, notes = self._document(job, progress)
        except (ModelError, EngineError):
            raise
        except PipelineError as error:
            return _failure(job, error.exit_code, str(error), start)
        except Exception as error:  # a fault of ours in one file must not cost the others
            return _failure(job, ExitCode.OTHER, f"{job.path}: unexpected {type(error).__name__}: {error}.", start)
        code = ExitCode.OK if document.status == "ok" and not problems else ExitCode.PARTIAL
        return Outcome(job, code, _summary(job, document, [*problems, *notes]), time.monotonic() - start)

    def read_timed(self, job: Job, progress: Progress | None = None) -> Outcome:
        """The same with a profile, which is written to the job's folder too, as profile.json."""
        from ocr_pipeline.commands.timing import read_timed

        return read_timed(self, job, progress)

    @property
    def pipeline(self) -> Pipeline:
        """Made when first asked for. ProfileError for the user's own forms."""
        if self._pipeline is None:
            self._pipeline = make_pipeline(self._settings, self._profiles)
        return self._pipeline

    def close(self) -> None:
        if self._pipeline is not None:
            self._pipeline.close()
            self._pipeline = None

    def _document(self, job: Job, progress: Progress | None) -> tuple[Document, list[str], list[str]]:
        """The document as written, what of it could not be written for want of the page images, and what else is to
        be said of its folder."""
        from ocr_pipeline.allocation import give_back_free_memory
        from ocr_pipeline.commands.earlier import on_record, remove_leftovers
        from ocr_pipeline.commands.results import write_results

        def page_done(done: int, total: int) -> None:
            give_back_free_memory()
            if progress is not None:
                progress(done, total)

        with output_kept_clean():
            document = self.pipeline.read(job.path, job.pages, page_done)
            kept = remove_leftovers(document, job.folder, job.formats, job.drawings)
            with on_record(job.folder, document.source):
                problems = write_results(document, job.path, job.folder, job.formats, job.drawings, self._settings)
        return (
            document,
            problems,
            [f"{path} was changed by hand and is kept: it is of an earlier run." for path in kept],
        )


def make_pipeline(settings: Settings, profiles: Sequence[Path] = ()) -> Pipeline:
    """A pipeline with the forms that ship, and the user's own (files, or folders of them). ProfileError."""
    from ocr_pipeline.allocation import give_back_large_blocks
    from ocr_pipeline.pipeline import Pipeline
    from ocr_pipeline.reports.loader import load_profiles

    give_back_large_blocks()
    return Pipeline(settings, forms=load_profiles(profiles))


def _failure(job: Job, code: ExitCode, message: str, start: float) -> Outcome:
    return Outcome(job, code, shown(message), time.monotonic() - start, shown_lines(traceback.format_exc()))


def _summary(job: Job, document: Document, remarks: Sequence[str]) -> str:
    failed = [page for page in document.pages if page.status == "failed"]
    said = [page.message for page in document.pages if page.message]
    parts = [counted(len(document.pages), "page"), counted(len(document.tables), "table")]
    if document.review:
        parts.append(f"{counted(len(document.review), 'place')} to check")
    if failed:
        parts.append(f"{counted(len(failed), 'page')} failed")
    first = f"{job.path}: {', '.join(parts)} -> {job.folder}"
    return "\n  ".join(map(shown, [first, *said, *remarks]))


def read_in_turn(
    jobs: Sequence[Job],
    reader: Reader,
    progress: Callable[[Job, int, int], None],
    timed: bool = False,
) -> Iterator[Outcome]:
    """The jobs one after the other in this process; the reader is closed at the end. timed: with profiles."""
    read = reader.read_timed if timed else reader.read
    try:
        for job in jobs:
            yield read(job, lambda done, total, job=job: progress(job, done, total))  # type: ignore[misc]
    finally:
        reader.close()


def read_side_by_side(
    jobs: Sequence[Job], settings: Settings, workers: int, profiles: Sequence[Path] = ()
) -> Iterator[Outcome]:
    """The jobs in several processes, in the order they end; the cores are shared out among them."""
    from concurrent.futures import as_completed
    from concurrent.futures.process import BrokenProcessPool

    if settings.engine.threads == 0:
        share = max(1, (os.cpu_count() or 1) // workers)
        settings = replace(settings, engine=replace(settings.engine, threads=share))
    with make_executor(workers, settings, profiles) as executor:
        futures = {executor.submit(_read_in_worker, job): job for job in jobs}
        try:
            for future in as_completed(futures):
                try:
                    yield future.result()
                except BrokenProcessPool:
                    name = shown(futures[future].path)
                    message = f"{name}: the process that read it was ended, perhaps for want of memory."
                    yield Outcome(futures[future], ExitCode.OTHER, message + " Try fewer --jobs.", 0.0)
        except BaseException:
            executor.shutdown(wait=False, cancel_futures=True)
            raise


def make_executor(workers: int, settings: Settings, profiles: Sequence[Path]) -> Executor:
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    # Fresh processes: inference engines have threads, and those do not survive a fork.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers, mp_context=context, initializer=start_worker, initargs=(settings, profiles))


_reader_of_this_worker: Reader | None = None


def start_worker(settings: Settings, profiles: Sequence[Path] = ()) -> None:
    """Give this worker process its reader; predictors are one per process."""
    global _reader_of_this_worker
    _reader_of_this_worker = Reader(settings, profiles)


def _read_in_worker(job: Job) -> Outcome:
    assert _reader_of_this_worker is not None, "start_worker runs first"
    return _reader_of_this_worker.read(job)
