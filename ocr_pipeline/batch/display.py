"""What a person sees while a batch runs: a bar with rate and time left on a terminal, plain lines in a log."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, TextIO

from ocr_pipeline.batch.summary import FileReport, Summary, count
from ocr_pipeline.wording import shown, shown_lines

_LINE_SECONDS = 30.0
"""Between two lines on the rate in a log."""


class Display(Protocol):
    """Where progress is told. tick is called several times a second."""

    def file_done(self, report: FileReport) -> None: ...

    def page_done(self) -> None: ...

    def tick(self, summary: Summary, pages_open: int, files_to_come: int) -> None:
        """pages_open: left in the files now open; files_to_come: not opened yet."""
        ...

    def say(self, text: str) -> None: ...

    def trace(self, text: str) -> None:
        """A failure's traceback, for those who asked for it."""
        ...


class Silent:
    """Tells nothing: for the Python API."""

    def file_done(self, report: FileReport) -> None:
        """Nothing."""

    def page_done(self) -> None:
        """Nothing."""

    def tick(self, summary: Summary, pages_open: int, files_to_come: int) -> None:
        """Nothing."""

    def say(self, text: str) -> None:
        """Nothing."""

    def trace(self, text: str) -> None:
        """Nothing."""


@contextmanager
def display(stream: TextIO, *, verbose: bool = False) -> Iterator[Display]:
    """A bar when the stream is a terminal, lines otherwise."""
    if not stream.isatty():
        yield Lines(stream, verbose)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TextColumn("{task.fields[told]}"))
    with Progress(*columns, console=Console(file=stream), transient=True) as progress:
        yield Bar(progress, verbose)


class Pace:
    """Pages done, pages a second, and a guess at what is left."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self.done = 0

    def total(self, summary: Summary, pages_open: int, files_to_come: int) -> int:
        """Pages in all that are to be read: those of files not opened are taken to be as many as usual."""
        settled = summary.done + summary.partial + summary.failed
        usual = max(1.0, self.done / settled) if settled else 1.0
        return self.done + pages_open + round(usual * files_to_come)

    def told(self, total: int) -> str:
        """Such as: 120 of about 400 pages, 3.1 pages/s, 1:30 left."""
        seconds = time.monotonic() - self._began
        rate = self.done / seconds if seconds > 0 else 0.0
        left = f", {_clock((total - self.done) / rate)} left" if rate else ""
        return f"{self.done} of about {total} pages, {rate:.2f} pages/s{left}"


class Lines:
    """A line for each file, and one on the pace every half minute."""

    def __init__(self, stream: TextIO, verbose: bool = False) -> None:
        self._stream = stream
        self._verbose = verbose
        self._pace = Pace()
        self._told = time.monotonic()

    def file_done(self, report: FileReport) -> None:
        self.say(file_line(report))

    def page_done(self) -> None:
        self._pace.done += 1

    def tick(self, summary: Summary, pages_open: int, files_to_come: int) -> None:
        if time.monotonic() - self._told >= _LINE_SECONDS:
            self._told = time.monotonic()
            self.say(self._pace.told(self._pace.total(summary, pages_open, files_to_come)))

    def say(self, text: str) -> None:
        print(text, file=self._stream, flush=True)

    def trace(self, text: str) -> None:
        if self._verbose and text:
            self.say(shown_lines(text.rstrip()))


class Bar:
    """A bar over all pages; files are told above it only where something is wrong with them."""

    def __init__(self, progress: object, verbose: bool = False) -> None:
        from rich.progress import Progress

        assert isinstance(progress, Progress)
        self._progress = progress
        self._verbose = verbose
        self._pace = Pace()
        self._task = progress.add_task("pages", total=None, told="")

    def file_done(self, report: FileReport) -> None:
        if report.reasons:
            self.say(file_line(report))

    def page_done(self) -> None:
        self._pace.done += 1

    def tick(self, summary: Summary, pages_open: int, files_to_come: int) -> None:
        total = self._pace.total(summary, pages_open, files_to_come)
        self._progress.update(self._task, completed=self._pace.done, total=total or None, told=self._pace.told(total))

    def say(self, text: str) -> None:
        self._progress.console.print(text, markup=False, highlight=False, soft_wrap=True)

    def trace(self, text: str) -> None:
        if self._verbose and text:
            self.say(shown_lines(text.rstrip()))


def file_line(report: FileReport) -> str:
    """One file's end in a line, and the reasons of what failed below it."""
    if not report.folder:
        return "\n".join(f"failed: {shown(reason)}" for reason in report.reasons)
    counts = f"{count(report.pages, 'page')}, {count(report.tables, 'table')}, {report.doubts} to check"
    head = f"{report.status.value}: {shown(report.path)} ({counts}) -> {shown(report.folder)}"
    return "\n".join([head, *(f"  {shown(reason)}" for reason in report.reasons)])


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
