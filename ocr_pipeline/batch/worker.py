"""A worker process: opens files, analyses pages (and reads them, where it has a recogniser), writes documents."""

from __future__ import annotations

import errno
import traceback
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path

from ocr_pipeline.allocation import give_back_free_memory
from ocr_pipeline.batch.engines import Engines, NamedRecogniser
from ocr_pipeline.batch.finishing import finish_document
from ocr_pipeline.batch.lifeline import start_process
from ocr_pipeline.batch.messages import (
    Answer,
    Failed,
    Finished,
    FinishTask,
    Opened,
    OpenTask,
    PageDone,
    PageTask,
    ReadTask,
    Ready,
    Task,
    place_of,
)
from ocr_pipeline.errors import (
    EncryptedError,
    ExitCode,
    InputFileError,
    PipelineError,
    TooLargeError,
    UnsupportedError,
)
from ocr_pipeline.packing import pack
from ocr_pipeline.pipeline import Pipeline, without_pictures
from ocr_pipeline.recognition import read_crops
from ocr_pipeline.reports.profile import FormProfile
from ocr_pipeline.settings import EngineSettings, Settings
from ocr_pipeline.source import Source, open_source

_FAULTS_OF_FILES = (InputFileError, EncryptedError, UnsupportedError, TooLargeError)
_DISK_ERRORS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO})


@dataclass(frozen=True)
class WorkerPlan:
    """What a worker is told at its start. settings: as recorded in the documents; engine: as loaded here (threads and
    device of this process); forms: those known; reads: whether it has a recogniser of its own."""

    settings: Settings
    engine: EngineSettings
    engines: Engines
    forms: tuple[FormProfile, ...]
    reads: bool


def run_worker(connection: Connection, plan: WorkerPlan) -> None:
    """The process: says Ready, then answers each task until the parent hangs up."""
    start_process(plan.engine.threads)
    try:
        worker = Worker(plan)
    except Exception as error:
        connection.send(as_failed(error, "A worker could not start"))
        return
    connection.send(Ready())
    while True:
        try:
            task = connection.recv()
        except EOFError:
            return
        connection.send(worker.answer(task))
        give_back_free_memory()


class Worker:
    """The models, and the file opened last."""

    def __init__(self, plan: WorkerPlan) -> None:
        """Loads the models. ModelError, EngineError."""
        self._settings = plan.settings
        self._detector = plan.engines.detector(plan.engine)
        self._orientation = plan.engines.orientation(plan.engine)
        self._recogniser = plan.engines.recogniser(plan.engine) if plan.reads else None
        named = self._recogniser or NamedRecogniser(plan.engines.recogniser_name(plan.engine))
        self._pipeline = Pipeline(
            plan.settings,
            recogniser=named,
            detector=self._detector,
            orientation=self._orientation,
            forms=plan.forms,
        )
        self._source: Source | None = None

    def answer(self, task: Task) -> Answer:
        """Do the task; whatever goes wrong in it is the answer. Sentences name the file as people know it."""
        try:
            return _as_known(self._do(task), task)
        except Exception as error:
            self._close_source()
            return _as_known(as_failed(error, _what(task)), task)

    def _do(self, task: Task) -> Answer:
        if isinstance(task, OpenTask):
            return Opened(self._open(place_of(task), task.sha256).page_count)
        if isinstance(task, PageTask):
            return self._page(task)
        if isinstance(task, FinishTask):
            self._close_source()
            return finish_document(self._pipeline, task)
        raise TypeError(f"not a worker's task: {type(task).__name__}")

    def _page(self, task: PageTask) -> PageDone:
        from ocr_pipeline.analysis import analyse_page

        page = self._open(place_of(task), task.sha256).read_page(task.index)
        analysis = analyse_page(page, self._detector, self._settings, orientation=self._orientation)
        bare = pack(without_pictures(analysis))
        if self._recogniser is not None or not analysis.crops:
            readings = read_crops(analysis.crops, self._recogniser) if self._recogniser and analysis.crops else {}
            return PageDone(bare, pack(readings), None)
        return PageDone(bare, None, pack(analysis.crops, compress=False))

    def _open(self, path: Path, sha256: str) -> Source:
        """The file, kept open for its next page. InputFileError where its content is no longer what it was."""
        if self._source is None or (self._source.path, self._source.sha256) != (path, sha256):
            self._close_source()
            source = open_source(path, self._settings.source)
            if source.sha256 != sha256:
                source.close()
                raise InputFileError(f"{path} was changed while it was being read.", "Run again when it is complete.")
            self._source = source
        return self._source

    def _close_source(self) -> None:
        if self._source is not None:
            source, self._source = self._source, None
            source.close()


def as_failed(error: Exception, what: str) -> Failed:
    """An exception as an answer. what: names page and file for exceptions that don't."""
    trace = "".join(traceback.format_exception(error))
    if isinstance(error, PipelineError):
        fault = isinstance(error, _FAULTS_OF_FILES)
        return Failed(str(error), error.exit_code, fault, _is_of_the_disk(error), trace)
    if isinstance(error, MemoryError):
        return Failed(f"{what}: there was not enough memory. Give it fewer --jobs.", ExitCode.OTHER, trace=trace)
    sentence = f"{what}: unexpected {type(error).__name__}: {error}. Run again with --verbose and report the output."
    return Failed(sentence, ExitCode.OTHER, trace=trace)


def _is_of_the_disk(error: BaseException | None) -> bool:
    """Whether a full or failing disk is behind it, as opposed to one folder that may not be written to."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in _DISK_ERRORS:
            return True
        error = error.__cause__
    return False


def _as_known(answer: Answer, task: Task) -> Answer:
    """The answer with the task's path where its sentences name the place the file lies at."""
    at = None if isinstance(task, ReadTask) else task.at
    if at is None or isinstance(task, ReadTask):
        return answer
    here, known = str(at), str(task.path)
    if isinstance(answer, Failed):
        return replace(answer, message=answer.message.replace(here, known))
    if isinstance(answer, Finished):
        return replace(answer, problems=tuple(problem.replace(here, known) for problem in answer.problems))
    return answer


def _what(task: Task) -> str:
    if isinstance(task, PageTask):
        return f"Page {task.index + 1} of {task.path}"
    return str(task.path) if isinstance(task, OpenTask | FinishTask) else "Recognition"
