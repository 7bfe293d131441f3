"""What passes between the parent of a batch and its processes: tasks one way, answers the other."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from ocr_pipeline.assemble.document import FailedPage
from ocr_pipeline.batch.names import Name


@dataclass(frozen=True)
class OpenTask:
    """How many pages has this file, if it can be opened at all? sha256: of the content the batch knows it by; at: where
    it lies on the machine of the worker, None where its path says so."""

    path: Name
    sha256: str
    at: Path | None = None


@dataclass(frozen=True)
class PageTask:
    """Analyse a page, and read it where the worker has a recogniser. index: 0-based; at: see OpenTask."""

    path: Name
    sha256: str
    index: int
    at: Path | None = None


@dataclass(frozen=True)
class StoredPage:
    """A page's analysis without pictures, and its readings, packed (see packing.py)."""

    analysis: bytes
    readings: bytes


@dataclass(frozen=True)
class FinishTask:
    """Put a document's pages together and write its files. path: as it is to stand in document.json; stale: files of
    the folder (relative) that an earlier run wrote; at: see OpenTask."""

    path: Name
    sha256: str
    page_count: int
    pages: tuple[StoredPage | FailedPage, ...]
    folder: Path
    formats: tuple[str, ...]
    stale: tuple[str, ...]
    at: Path | None = None


@dataclass(frozen=True)
class ReadTask:
    """Read the crops of many pages. crops: one packed tuple of Crop for each page."""

    crops: tuple[bytes, ...]


FileTask: TypeAlias = OpenTask | PageTask | FinishTask
"""What is done with a file."""
Task: TypeAlias = FileTask | ReadTask


def place_of(task: FileTask) -> Path:
    """Where the task's file lies on the machine of the worker."""
    return task.at or Path(task.path)


@dataclass(frozen=True)
class Ready:
    """The process has loaded its models."""


@dataclass(frozen=True)
class Opened:
    page_count: int


@dataclass(frozen=True)
class PageDone:
    """analysis, and one of: readings, or the crops that are still to be read; packed."""

    analysis: bytes
    readings: bytes | None
    crops: bytes | None


@dataclass(frozen=True)
class ReadDone:
    """Readings of each page, packed, in the order of the task. forward_seconds: inside the model, seconds: in all."""

    readings: tuple[bytes, ...]
    forward_seconds: float
    seconds: float


@dataclass(frozen=True)
class WrittenFile:
    """A file of the output, its name relative to the document's folder (with slashes)."""

    name: str
    sha256: str


@dataclass(frozen=True)
class Finished:
    """A document is written. doubts: places a person should look at; problems: sentences on formats that could not be
    made."""

    files: tuple[WrittenFile, ...]
    tables: int
    doubts: int
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class Failed:
    """A task failed, or the process could not start. exit_code: of ExitCode; fault: the file itself is to blame, so
    that another process would fail likewise; disk: nothing can be written any more; trace: for --verbose."""

    message: str
    exit_code: int
    fault: bool = False
    disk: bool = False
    trace: str = ""


@dataclass(frozen=True)
class Lost:
    """A process ended with the task in hand. guilty: it was at work on this task, not waiting to begin it."""

    reason: str
    guilty: bool


Answer: TypeAlias = Ready | Opened | PageDone | ReadDone | Finished | Failed
