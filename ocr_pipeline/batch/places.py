"""The bookkeeping of a crew: who has which tasks in hand, since when, who is beyond its limits and who has to be
replaced. How a process is started, spoken to and ended is the affair of a Runner: here (pool.py) or on a cluster
(ray_runner.py)."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from ocr_pipeline.batch.crew import Event, Limits, Ticket
from ocr_pipeline.batch.failures import as_error
from ocr_pipeline.batch.messages import Answer, Failed, Lost, Ready, Task
from ocr_pipeline.errors import EngineError

_LOOK_SECONDS = 0.1
"""Between two looks at memory: filling it runs at some 2 GB a second, so that a limit is overrun by 200 MB."""
_START_FAILURES = 3
"""Processes in a row that end before they are ready; then it is not chance."""


class Runner(Protocol):
    """One process. It answers Ready (or Failed) when it has started, then each task in turn."""

    def send(self, task: Task) -> None:
        """Give it a task. Where it is gone, gone() tells."""
        ...

    def receive(self) -> Answer | None:
        """The next answer, None where there is none yet."""
        ...

    def gone(self) -> str | None:
        """How it ended, such as "was ended by SIGKILL"; None while it lives. Answers from before may still come."""
        ...

    def memory(self) -> int:
        """Bytes it occupies; 0 where that is not known, or looked after by others."""
        ...

    def kill(self) -> None:
        """Have it end; gone() tells when it has."""
        ...

    def close(self) -> None:
        """End it now and give back what it holds here."""
        ...


AnyRunner = TypeVar("AnyRunner", bound=Runner)


@dataclass
class _InHand(Generic[Ticket]):
    ticket: Ticket
    seconds: float


class _Place(Generic[Ticket, AnyRunner]):
    """A runner, and the tasks it has in hand (it works on the first)."""

    def __init__(self, runner: AnyRunner, start_seconds: float) -> None:
        self.runner = runner
        self.ready = False
        self.served = 0
        self.hand: deque[_InHand[Ticket]] = deque()
        self.deadline = time.monotonic() + start_seconds
        self.killed_for = ""
        self.retired = False

    def give(self, task: Task, ticket: Ticket, seconds: float) -> None:
        if not self.hand:
            self.deadline = time.monotonic() + seconds
        self.hand.append(_InHand(ticket, seconds))
        self.runner.send(task)

    def take(self) -> Ticket:
        done = self.hand.popleft()
        self.served += 1
        if self.hand:
            self.deadline = time.monotonic() + self.hand[0].seconds
        return done.ticket

    def kill(self, reason: str) -> None:
        self.killed_for = self.killed_for or reason
        self.runner.kill()

    def is_overdue(self) -> bool:
        return (bool(self.hand) or not self.ready) and time.monotonic() > self.deadline


class Places(ABC, Generic[Ticket, AnyRunner]):
    """Implements crew.Crew, but for the starting of a runner."""

    def __init__(
        self,
        plans: Sequence[Any],
        limits: Limits,
        capacity: int = 1,
        successor: Callable[[Any], Any] = lambda plan: plan,
    ) -> None:
        """plans: one for each place; capacity: tasks a process may hold; successor: the plan for the process after one
        that was lost at work."""
        self._plans = list(plans)
        self._limits = limits
        self._capacity = capacity
        self._successor = successor
        self._places: list[_Place[Ticket, AnyRunner] | None] = [None] * len(plans)
        self._failed_starts = 0
        self._looked = 0.0

    @abstractmethod
    def begin(self, plan: Any) -> AnyRunner:
        """Start a process by that plan."""

    @abstractmethod
    def cannot_start(self, reason: str) -> EngineError:
        """What to tell when one after the other ends before it is ready. reason: of the last."""

    def runners(self) -> Iterator[AnyRunner]:
        """Those there are now, in the order of their places."""
        return (place.runner for _, place in self._taken())

    # --- tasks ----------------------------------------------------------------------------------------------------

    def want(self, number: int) -> None:
        running = len(list(self._taken()))
        for slot, place in enumerate(self._places):
            if place is None and running < number:
                self._start(slot)
                running += 1

    def free(self) -> list[int]:
        able = [
            (len(place.hand), slot)
            for slot, place in self._taken()
            if place.ready and len(place.hand) < self._capacity and not place.killed_for
        ]
        return [slot for _, slot in sorted(able)]

    def is_fresh(self, slot: int) -> bool:
        place = self._places[slot]
        return place is not None and place.served == 0 and not place.hand

    def starting(self) -> int:
        return sum(not place.ready for _, place in self._taken())

    def give(self, slot: int, task: Task, ticket: Ticket, seconds: float) -> None:
        place = self._places[slot]
        assert place is not None, "only free places are given tasks"
        place.give(task, ticket, seconds)

    def replace(self, slot: int) -> None:
        place = self._places[slot]
        assert place is not None and not place.hand, "a process at work is not replaced"
        self._restart(slot, place)

    def retire(self, slot: int) -> None:
        place = self._places[slot]
        if place is not None:
            place.retired = True
            place.kill("was replaced")

    def close(self) -> None:
        for slot, place in self._taken():
            place.runner.close()
            self._places[slot] = None

    # --- events ---------------------------------------------------------------------------------------------------

    def events(self) -> list[Event[Ticket]]:
        self._watch()
        return [event for slot, place in self._taken() for event in self._of_place(slot, place)]

    def _of_place(self, slot: int, place: _Place[Ticket, AnyRunner]) -> list[Event[Ticket]]:
        found: list[Event[Ticket]] = []
        gone = place.runner.gone()  # asked first: an answer sent before the end is still to be had
        while (answer := place.runner.receive()) is not None:
            if isinstance(answer, Ready):
                place.ready = True
                self._failed_starts = 0
            elif not place.ready and isinstance(answer, Failed):
                raise as_error(answer.message, answer.exit_code)
            else:
                found.append(Event(slot, place.take(), answer))
        if gone is not None:
            found += self._lost(slot, place, place.killed_for or gone)
        elif self._limits.tasks is not None and place.served >= self._limits.tasks and not place.hand:
            self.replace(slot)
        return found

    def _lost(self, slot: int, place: _Place[Ticket, AnyRunner], reason: str) -> list[Event[Ticket]]:
        if not place.ready:
            self._failed_starts += 1
            if self._failed_starts >= _START_FAILURES:
                raise self.cannot_start(reason)
        elif place.hand:
            self._plans[slot] = self._successor(self._plans[slot])
        self._restart(slot, place)
        return [
            Event(slot, held.ticket, Lost(reason, number == 0 and not place.retired))
            for number, held in enumerate(place.hand)
        ]

    def _watch(self) -> None:
        now = time.monotonic()
        if now - self._looked < _LOOK_SECONDS:
            return
        self._looked = now
        for _, place in self._taken():
            if place.is_overdue():
                place.kill("took longer than it may" if place.ready else "did not get ready in time")
            elif self._limits.memory is not None and place.runner.memory() > self._limits.memory:
                place.kill("needed more memory than it may")

    # --- below ----------------------------------------------------------------------------------------------------

    def _taken(self) -> Iterator[tuple[int, _Place[Ticket, AnyRunner]]]:
        return ((slot, place) for slot, place in enumerate(self._places) if place is not None)

    def _start(self, slot: int) -> None:
        self._places[slot] = _Place(self.begin(self._plans[slot]), self._limits.start)

    def _restart(self, slot: int, place: _Place[Ticket, AnyRunner]) -> None:
        place.runner.close()
        self._places[slot] = None
        self._start(slot)
