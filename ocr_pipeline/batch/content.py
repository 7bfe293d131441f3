"""One content of the batch (a file, under all its names) on its way through: opened, read, written."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ocr_pipeline.batch.ledger import Failure
from ocr_pipeline.batch.names import Name


@dataclass(frozen=True)
class Job:
    """A file as named, and the folder below the output that its results go to."""

    path: Name
    folder: str


@dataclass(frozen=True)
class Work:
    """A content and its names, before anything is known of it. at: where it lies on this machine, None where its
    names say so."""

    sha256: str
    jobs: tuple[Job, ...]
    at: Path | None = None

    @property
    def claims(self) -> list[str]:
        """What no other batch may work on meanwhile."""
        return [f"content {self.sha256}", *(f"folder {job.folder.casefold()!a}" for job in self.jobs)]


@dataclass
class Content:
    """A content being worked on. path: the name it is opened by; todo: page indices nobody works on yet; settled: those
    read or failed, by index; to_write: names whose files are not written yet; unwritten: how many of them are left."""

    work: Work
    path: Name
    jobs: tuple[Job, ...]
    page_count: int | None = None
    opening: bool = False
    todo: deque[int] = field(default_factory=deque)
    settled: dict[int, Failure | None] = field(default_factory=dict)
    to_write: deque[Job] = field(default_factory=deque)
    unwritten: int = 0

    @property
    def sha256(self) -> str:
        return self.work.sha256

    @property
    def at(self) -> Path | None:
        """Where it lies on this machine, None where its names say so."""
        return self.work.at

    def begin_pages(self, page_count: int, settled: dict[int, Failure | None]) -> None:
        """Now that the pages are counted, and those known from before are known."""
        self.page_count = page_count
        self.settled = {index: outcome for index, outcome in settled.items() if index < page_count}
        self.todo = deque(index for index in range(page_count) if index not in self.settled)

    @property
    def is_settled(self) -> bool:
        """Whether every page is read or has failed."""
        return self.page_count is not None and len(self.settled) == self.page_count

    @property
    def failures(self) -> list[tuple[int, Failure]]:
        """Failed pages in order."""
        return [(index, outcome) for index, outcome in sorted(self.settled.items()) if outcome is not None]


def group(paths: Sequence[tuple[Path, str]], folders: Sequence[str]) -> list[Work]:
    """Files of one content together, in the order of their first names. paths: with their SHA-256."""
    jobs: dict[str, list[Job]] = {}
    for (path, sha256), folder in zip(paths, folders, strict=True):
        jobs.setdefault(sha256, []).append(Job(path, folder))
    return [Work(sha256, tuple(found)) for sha256, found in jobs.items()]
