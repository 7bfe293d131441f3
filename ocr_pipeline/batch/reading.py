"""Analysed pages on their way through the recognition processes, many pages at a time."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace

from ocr_pipeline.batch.crew import Crew
from ocr_pipeline.batch.errands import Errand
from ocr_pipeline.batch.messages import Failed, Lost, ReadDone, ReadTask, StoredPage
from ocr_pipeline.batch.reader import ReaderPlan
from ocr_pipeline.settings import BatchSettings

AHEAD = 2
"""Tasks a process may hold: one it works on, one that it takes in meanwhile."""
_ATTEMPTS = 2


@dataclass(frozen=True)
class Unread:
    """A page that waits to be read. attempt: how often its reading has failed."""

    errand: Errand
    analysis: bytes
    crops: bytes
    attempt: int = 0


@dataclass(frozen=True)
class Read:
    """A page that is read, or could not be."""

    errand: Errand
    outcome: StoredPage | Failed | Lost


class Reading:
    """The recognition processes, one for each device, and what waits for them."""

    def __init__(self, crew: Crew[tuple[Unread, ...]], readers: int, settings: BatchSettings) -> None:
        """crew: of run_reader or its like; readers: the number of its places."""
        self._settings = settings
        # A page that ends the process with its neighbours is tried again alone: those come first.
        self._alone: deque[Unread] = deque()
        self._waiting: deque[Unread] = deque()
        self.crew = crew
        self._readers = readers
        self.forward_seconds = 0.0
        self.busy_seconds = 0.0
        self.lost = 0

    @property
    def has_room(self) -> bool:
        """Whether more pages may be analysed: what waits is bounded."""
        return len(self._waiting) + len(self._alone) < self._settings.pages_waiting * self._readers

    def add(self, errand: Errand, analysis: bytes, crops: bytes) -> None:
        self._waiting.append(Unread(errand, analysis, crops))

    def hand_out(self) -> None:
        """Give what waits to the processes that have room."""
        if self._waiting or self._alone:
            self.crew.want(self._readers)
        for slot in self.crew.free():
            pages = self._next()
            if not pages:
                return
            seconds = self._settings.page_timeout * len(pages)
            self.crew.give(slot, ReadTask(tuple(page.crops for page in pages)), pages, seconds)

    def events(self) -> Iterator[Read]:
        """Pages whose reading has ended."""
        for event in self.crew.events():
            if isinstance(event.outcome, ReadDone):
                self.forward_seconds += event.outcome.forward_seconds
                self.busy_seconds += event.outcome.seconds
                for page, readings in zip(event.ticket, event.outcome.readings, strict=True):
                    yield Read(page.errand, StoredPage(page.analysis, readings))
                continue
            assert isinstance(event.outcome, Failed | Lost), "recognition processes do nothing but read"
            if isinstance(event.outcome, Failed):
                self.crew.retire(event.slot)
            self.lost += isinstance(event.outcome, Lost) and event.outcome.guilty
            yield from self._failed(event.ticket, event.outcome)

    def _next(self) -> tuple[Unread, ...]:
        if self._alone:
            return (self._alone.popleft(),)
        number = min(len(self._waiting), self._settings.pages_together)
        return tuple(self._waiting.popleft() for _ in range(number))

    def _failed(self, pages: tuple[Unread, ...], outcome: Failed | Lost) -> Iterator[Read]:
        guilty = not isinstance(outcome, Lost) or outcome.guilty
        for page in pages:
            attempt = page.attempt + (guilty and len(pages) == 1)
            if attempt < _ATTEMPTS:
                self._alone.append(replace(page, attempt=attempt))
            else:
                yield Read(page.errand, outcome)


def smaller_batches(plan: ReaderPlan) -> ReaderPlan:
    """A process that ended may have run out of the device's memory: its successor takes half as much at once."""
    if plan.engine.device == "cpu":
        return plan
    return replace(plan, engine=replace(plan.engine, batch_columns=max(4096, plan.engine.batch_columns // 2)))
