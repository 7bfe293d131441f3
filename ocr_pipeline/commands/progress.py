"""What a person sees while files are read: a bar by page on a terminal, else one plain line a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol, TextIO

from ocr_pipeline.wording import shown

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from ocr_pipeline.commands.reading import Job


class Display(Protocol):
    """Where the progress is told."""

    def page_done(self, job: Job, done: int, total: int) -> None: ...

    def file_done(self, job: Job, line: str) -> None: ...

    def say(self, text: str) -> None: ...


@contextmanager
def display(jobs: Sequence[Job], stream: TextIO) -> Iterator[Display]:
    """A bar when the stream is a terminal, plain lines otherwise."""
    if not stream.isatty():
        yield PlainDisplay(stream)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(file=stream), transient=True) as progress:
        yield BarDisplay(progress, len(jobs))


class PlainDisplay:
    """One line a file, for logs."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def page_done(self, job: Job, done: int, total: int) -> None:
        """Pages are not worth a line each."""

    def file_done(self, job: Job, line: str) -> None:
        self.say(line)

    def say(self, text: str) -> None:
        print(text, file=self._stream, flush=True)


class BarDisplay:
    """A bar for all files and one for the pages of the file being read."""

    def __init__(self, progress: Progress, files: int) -> None:
        self._progress = progress
        self._files = progress.add_task("files", total=files, visible=files > 1)
        self._pages: dict[Job, TaskID] = {}

    def page_done(self, job: Job, done: int, total: int) -> None:
        if job not in self._pages:
            self._pages[job] = self._progress.add_task(shown(job.path.name), total=total)
        self._progress.update(self._pages[job], completed=done, total=total)

    def file_done(self, job: Job, line: str) -> None:
        self._progress.advance(self._files)
        if job in self._pages:
            self._progress.remove_task(self._pages.pop(job))
        self.say(line)

    def say(self, text: str) -> None:
        self._progress.console.print(text, markup=False, highlight=False, soft_wrap=True)
