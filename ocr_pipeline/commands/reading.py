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

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from ocr_pipeline.document import Document
    from ocr_pipeline.pipeline import Pipeline
    from ocr_pipeline.settings import Settings
    from ocr_pipeline.source import PageSelection

Progress = Callable[[int, int], None]
"""Called with the pages done and the pages in all."""


@dataclass(frozen=True)
class Job:
    """One file to read, and the folder its results go to."""

    path: Path
    folder: Path
    pages: PageSelection | None
    formats: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """What became of a job. message: the failure in one sentence, or what was found; trace: of a failure."""

    job: Job
    code: ExitCode
    message: str
    seconds: float
    trace: str = ""


class Reader:
    """A pipeline made when first needed, and kept for the files that follow."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._pipeline: Pipeline | None = None

    def read(self, job: Job, progress: Progress | None = None) -> Outcome:
        """Read and write out one file. What concerns all files alike (models, engine) is raised, the rest returned."""
        start = time.monotonic()
        try:
            document = self._document(job, progress)
        except (ModelError, EngineError):
            raise
        except PipelineError as error:
            return _failure(job, error.exit_code, str(error), start)
        except Exception as error:  # a fault of ours in one file must not cost the others
            return _failure(job, ExitCode.OTHER, f"{job.path}: unexpected {type(error).__name__}: {error}.", start)
        code = ExitCode.OK if document.status == "ok" else ExitCode.PARTIAL
        return Outcome(job, code, _summary(job, document), time.monotonic() - start)

    def close(self) -> None:
        if self._pipeline is not None:
            self._pipeline.close()
            self._pipeline = None

    def _document(self, job: Job, progress: Progress | None) -> Document:
        from ocr_pipeline.export import write_document
        from ocr_pipeline.pipeline import Pipeline

        with output_kept_clean():
            if self._pipeline is None:
                self._pipeline = Pipeline(self._settings)
            document = self._pipeline.read(job.path, job.pages, progress)
            write_document(document, job.folder, job.formats)
        return document


def _failure(job: Job, code: ExitCode, message: str, start: float) -> Outcome:
    return Outcome(job, code, message, time.monotonic() - start, traceback.format_exc())


def _summary(job: Job, document: Document) -> str:
    failed = [page for page in document.pages if page.status == "failed"]
    parts = [_count(len(document.pages), "page"), _count(len(document.tables), "table")]
    if document.review:
        parts.append(f"{_count(len(document.review), 'place')} to check")
    if failed:
        parts.append(f"{_count(len(failed), 'page')} failed")
    sentences = [f"{job.path}: {', '.join(parts)} -> {job.folder}", *(page.message for page in failed if page.message)]
    return "\n  ".join(sentences)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def read_in_turn(
    jobs: Sequence[Job], settings: Settings, progress: Callable[[Job, int, int], None]
) -> Iterator[Outcome]:
    """The jobs one after the other in this process."""
    reader = Reader(settings)
    try:
        for job in jobs:
            yield reader.read(job, lambda done, total, job=job: progress(job, done, total))  # type: ignore[misc]
    finally:
        reader.close()


def read_side_by_side(jobs: Sequence[Job], settings: Settings, workers: int) -> Iterator[Outcome]:
    """The jobs in several processes, in the order they end; the cores are shared out among them."""
    from concurrent.futures import as_completed
    from concurrent.futures.process import BrokenProcessPool

    if settings.engine.threads == 0:
        share = max(1, (os.cpu_count() or 1) // workers)
        settings = replace(settings, engine=replace(settings.engine, threads=share))
    with make_executor(workers, settings) as executor:
        futures = {executor.submit(_read_in_worker, job): job for job in jobs}
        try:
            for future in as_completed(futures):
                try:
                    yield future.result()
                except BrokenProcessPool:
                    message = f"{futures[future].path}: the process that read it was ended, perhaps for want of memory."
                    yield Outcome(futures[future], ExitCode.OTHER, message + " Try fewer --jobs.", 0.0)
        except BaseException:
            executor.shutdown(wait=False, cancel_futures=True)
            raise


def make_executor(workers: int, settings: Settings) -> Executor:
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    # Fresh processes: inference engines have threads, and those do not survive a fork.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers, mp_context=context, initializer=start_worker, initargs=(settings,))


_reader_of_this_worker: Reader | None = None


def start_worker(settings: Settings) -> None:
    """Give this worker process its reader; predictors are one per process."""
    global _reader_of_this_worker
    _reader_of_this_worker = Reader(settings)


def _read_in_worker(job: Job) -> Outcome:
    assert _reader_of_this_worker is not None, "start_worker runs first"
    return _reader_of_this_worker.read(job)
