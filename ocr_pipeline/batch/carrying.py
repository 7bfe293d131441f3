"""Files carried to the processes of a cluster and results carried back, so that its machines need share no storage.

A scan has some 200 KB a page and its results some 90: at a hundred pages a second that is 30 MB/s through the machine
that holds inputs, ledger and results.
"""

from __future__ import annotations

import os
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from ocr_pipeline.batch.finishing import keep_files
from ocr_pipeline.batch.messages import (
    Answer,
    Failed,
    FileTask,
    Finished,
    FinishTask,
    OpenTask,
    PageTask,
    ReadTask,
    Task,
)
from ocr_pipeline.batch.worker import Worker, as_failed
from ocr_pipeline.export.atomic import make_folder, write_atomic

_REOPENING = frozenset({"figures", "review", "pdf"})
"""Formats made of the page images again (figures only where there are some: known too late to leave the scan here)."""
_LAST = "document.json"


@dataclass(frozen=True)
class Delivery:
    """A document made elsewhere. files: name relative to its folder, and content."""

    finished: Finished
    files: tuple[tuple[str, bytes], ...]


def needs_content(task: Task) -> bool:
    """Whether the task can only be done with the scan at hand."""
    if isinstance(task, FinishTask):
        return not _REOPENING.isdisjoint(task.formats)
    return isinstance(task, OpenTask | PageTask)


class Porter:
    """A worker on another machine: it has each scan as a file of its own, and gives results back as bytes."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._file: IO[bytes] | None = None
        self._sha256 = ""

    def answer(self, task: Task, content: bytes | None) -> Answer | Delivery:
        """Do the task. content: of the task's file, where needs_content()."""
        try:
            if not isinstance(task, ReadTask):
                task = replace(task, at=self._spooled(task, content))
            if isinstance(task, FinishTask):
                return self._finish(task)
        except Exception as error:
            return as_failed(error, str(getattr(task, "path", "A task")))
        return self._worker.answer(task)

    def _finish(self, task: FinishTask) -> Answer | Delivery:
        with tempfile.TemporaryDirectory(prefix="ocr-pipeline-") as name:
            folder = Path(name) / "out"
            answer = self._worker.answer(replace(task, folder=folder, stale=()))
            if isinstance(answer, Failed):
                # Whatever is wrong with this machine's temporary folder is wrong with this machine alone.
                message = answer.message.replace(str(folder), f"{task.folder} (in the making)")
                return replace(answer, message=message, disk=False)
            assert isinstance(answer, Finished), "documents are finished or they fail"
            files = tuple((file.name, (folder / file.name).read_bytes()) for file in answer.files)
        return Delivery(answer, files)

    def _spooled(self, task: FileTask, content: bytes | None) -> Path | None:
        """The scan as a file here, kept for the tasks that follow."""
        if content is None:
            return None
        if self._file is None or task.sha256 != self._sha256:
            if self._file is not None:
                self._file.close()
            # Without a name where the system allows it: nothing stays behind when the process is killed.
            self._file = tempfile.TemporaryFile() if sys.platform == "linux" else tempfile.NamedTemporaryFile()  # noqa: SIM115
            self._file.write(content)
            self._file.flush()
            self._sha256 = task.sha256
        return Path(f"/proc/{os.getpid()}/fd/{self._file.fileno()}" if sys.platform == "linux" else self._file.name)


def deliver(task: FinishTask, delivery: Delivery) -> Answer:
    """Put the files where they belong, document.json last: as if the document had been made here."""
    try:
        make_folder(task.folder)
        for name, content in sorted(delivery.files, key=lambda file: file[0] == _LAST):
            make_folder((task.folder / name).parent)
            write_atomic(task.folder / name, content)
        written = keep_files(task, [task.folder / name for name, _ in delivery.files])
    except Exception as error:
        return as_failed(error, str(task.path))
    return replace(delivery.finished, files=written)
