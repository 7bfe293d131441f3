"""The parent's side of its processes: starting, handing tasks out, time and memory limits, replacing the dead."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any, Generic

import psutil

from ocr_pipeline.batch.crew import Event, Limits, Ticket
from ocr_pipeline.batch.failures import as_error
from ocr_pipeline.batch.messages import Answer, Failed, Lost, Ready, Task
from ocr_pipeline.errors import EngineError

_LOOK_SECONDS = 0.1
"""Between two looks at memory: filling it runs at some 2 GB a second, so that a limit is overrun by 200 MB."""
_START_FAILURES = 3
"""Processes in a row that end before they are ready; then it is not chance."""


@dataclass
class _InHand(Generic[Ticket]):
    ticket: Ticket
    seconds: float


class _Process(Generic[Ticket]):
    """One process, and the tasks it has in hand (it works on the first)."""

    def __init__(self, target: Callable[[Connection, Any], None], plan: object, start_seconds: float) -> None:
        context = multiprocessing.get_context("spawn")  # threads of inference engines do not survive a fork
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=target, args=(theirs, plan), daemon=True)
        self.process.start()
        theirs.close()
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
        try:
            self.connection.send(task)
        except OSError:
            self.kill("ended unexpectedly")  # its end is noticed by wait()

    def take_answer(self) -> Ticket:
        done = self.hand.popleft()
        self.served += 1
        if self.hand:
            self.deadline = time.monotonic() + self.hand[0].seconds
        return done.ticket

    def kill(self, reason: str) -> None:
        self.killed_for = self.killed_for or reason
        self.process.kill()

    def is_overdue(self) -> bool:
        return (bool(self.hand) or not self.ready) and time.monotonic() > self.deadline

    def memory(self) -> int:
        """Bytes of memory it occupies; 0 when it is gone."""
        try:
            return int(psutil.Process(self.process.pid).memory_info().rss)
        except psutil.Error:
            return 0

    def why_gone(self) -> str:
        self.process.join()
        code = self.process.exitcode or 0
        if self.killed_for:
            return self.killed_for
        if code < 0:
            return f"was ended by {signal.Signals(-code).name}"
        return f"ended with code {code}"

    def close(self) -> None:
        self.process.kill()
        self.process.join()
        self.connection.close()
        self.process.close()


class Pool(Generic[Ticket]):
    """Implements crew.Crew with processes of this machine."""

    def __init__(
        self,
        target: Callable[[Connection, Any], None],
        plans: Sequence[object],
        limits: Limits,
        capacity: int = 1,
        successor: Callable[[Any], object] = lambda plan: plan,
    ) -> None:
        """target: run in each process with its end of the pipe and its plan; capacity: tasks a process may hold;
        successor: the plan for the process after one that was lost at work."""
        self._target = target
        self._plans = list(plans)
        self._successor = successor
        self._limits = limits
        self._capacity = capacity
        self._places: list[_Process[Ticket] | None] = [None] * len(plans)
        self._failed_starts = 0
        self._looked = 0.0

    # --- tasks ----------------------------------------------------------------------------------------------------

    def want(self, number: int) -> None:
        running = sum(place is not None for place in self._places)
        for slot, place in enumerate(self._places):
            if running >= number:
                return
            if place is None:
                self._start(slot)
                running += 1

    def free(self) -> list[int]:
        able = [
            (len(place.hand), slot)
            for slot, place in enumerate(self._places)
            if place is not None and place.ready and len(place.hand) < self._capacity and not place.killed_for
        ]
        return [slot for _, slot in sorted(able)]

    def is_fresh(self, slot: int) -> bool:
        place = self._places[slot]
        return place is not None and place.served == 0 and not place.hand

    def starting(self) -> int:
        return sum(place is not None and not place.ready for place in self._places)

    def give(self, slot: int, task: Task, ticket: Ticket, seconds: float) -> None:
        place = self._places[slot]
        assert place is not None, "only free places are given tasks"
        place.give(task, ticket, seconds)

    def replace(self, slot: int) -> None:
        place = self._places[slot]
        assert place is not None and not place.hand, "a process at work is not replaced"
        place.close()
        self._places[slot] = None
        self._start(slot)

    def retire(self, slot: int) -> None:
        place = self._places[slot]
        if place is not None:
            place.retired = True
            place.kill("was replaced")

    # --- events ---------------------------------------------------------------------------------------------------

    def waitables(self) -> list[Any]:
        """What becomes ready when there may be an event: for multiprocessing.connection.wait."""
        return [item for place in self._places if place for item in (place.connection, place.process.sentinel)]

    def events(self) -> list[Event[Ticket]]:
        self._watch()
        found: list[Event[Ticket]] = []
        for slot, place in enumerate(self._places):
            if place is not None:
                found += self._of_place(slot, place)
        return found

    def close(self) -> None:
        for slot, place in enumerate(self._places):
            if place is not None:
                place.close()
                self._places[slot] = None

    def _of_place(self, slot: int, place: _Process[Ticket]) -> list[Event[Ticket]]:
        found: list[Event[Ticket]] = []
        gone = not place.process.is_alive()  # asked first: an answer sent before the end is still in the pipe
        while (answer := _received(place)) is not None:
            if isinstance(answer, Ready):
                place.ready = True
                self._failed_starts = 0
            elif not place.ready and isinstance(answer, Failed):
                raise as_error(answer.message, answer.exit_code)
            else:
                found.append(Event(slot, place.take_answer(), answer))
        if gone:
            found += self._lost(slot, place)
        elif self._limits.tasks is not None and place.served >= self._limits.tasks and not place.hand:
            self.replace(slot)
        return found

    def _lost(self, slot: int, place: _Process[Ticket]) -> list[Event[Ticket]]:
        reason = place.why_gone()
        lost = [
            Event(slot, held.ticket, Lost(reason, n == 0 and not place.retired)) for n, held in enumerate(place.hand)
        ]
        if not place.ready:
            self._failed_starts += 1
            if self._failed_starts >= _START_FAILURES:
                raise EngineError(f"Processes cannot be started: the last one {reason}.", "Try fewer --jobs.")
        place.close()
        self._places[slot] = None
        if place.ready and lost:
            self._plans[slot] = self._successor(self._plans[slot])
        self._start(slot)
        return list(lost)

    def _watch(self) -> None:
        now = time.monotonic()
        if now - self._looked < _LOOK_SECONDS:
            return
        self._looked = now
        for place in self._places:
            if place is None:
                continue
            if place.is_overdue():
                place.kill("took longer than it may" if place.ready else "did not get ready in time")
            elif self._limits.memory is not None and place.memory() > self._limits.memory:
                place.kill("needed more memory than it may")

    def _start(self, slot: int) -> None:
        self._places[slot] = _Process(self._target, self._plans[slot], self._limits.start)


def wait_for(pools: Sequence[Pool[Any]], seconds: float) -> None:
    """Until something happens in one of the pools, or the time is over."""
    wait([item for pool in pools for item in pool.waitables()], timeout=min(seconds, _LOOK_SECONDS * 2))


def _received(place: _Process[Any]) -> Answer | None:
    try:
        if place.connection.poll():
            answer: Answer = place.connection.recv()
            return answer
    except (EOFError, OSError):
        pass
    return None


def cores() -> int:
    """Cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS, Windows
        return os.cpu_count() or 1
