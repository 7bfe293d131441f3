"""Crews of processes on this machine."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from typing import Any

import psutil

from ocr_pipeline.batch.crew import Limits, Ticket
from ocr_pipeline.batch.messages import Answer, Task
from ocr_pipeline.batch.places import Places
from ocr_pipeline.errors import EngineError

_NAP_SECONDS = 0.2
"""The longest wait: limits of time and memory are looked at in between."""

Target = Callable[[Connection, Any], None]
"""What runs in a process: given its end of the pipe, and its plan."""


class Process:
    """Implements places.Runner."""

    def __init__(self, target: Target, plan: object) -> None:
        context = multiprocessing.get_context("spawn")  # threads of inference engines do not survive a fork
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=target, args=(theirs, plan), daemon=True)
        self._process.start()
        theirs.close()

    def send(self, task: Task) -> None:
        with contextlib.suppress(OSError):
            self._connection.send(task)
            return
        self._process.kill()  # a pipe broken halfway is of no more use

    def receive(self) -> Answer | None:
        with contextlib.suppress(EOFError, OSError):
            if self._connection.poll():
                answer: Answer = self._connection.recv()
                return answer
        return None

    def gone(self) -> str | None:
        if self._process.is_alive():
            return None
        self._process.join()
        code = self._process.exitcode or 0
        return f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"

    def memory(self) -> int:
        try:
            return int(psutil.Process(self._process.pid).memory_info().rss)
        except psutil.Error:
            return 0

    def kill(self) -> None:
        self._process.kill()

    def close(self) -> None:
        self._process.kill()
        self._process.join()
        self._connection.close()
        self._process.close()

    def waitables(self) -> Iterator[Any]:
        """What becomes ready when there may be an answer, or an end: for multiprocessing.connection.wait."""
        yield self._connection
        yield self._process.sentinel


class Pool(Places[Ticket, Process]):
    """Implements crew.Crew with processes of this machine."""

    def __init__(
        self,
        target: Target,
        plans: Sequence[object],
        limits: Limits,
        capacity: int = 1,
        successor: Callable[[Any], object] = lambda plan: plan,
    ) -> None:
        """target: run in each process; the rest as in Places."""
        super().__init__(plans, limits, capacity, successor)
        self._target = target

    def begin(self, plan: object) -> Process:
        return Process(self._target, plan)

    def cannot_start(self, reason: str) -> EngineError:
        return EngineError(f"Processes cannot be started: the last one {reason}.", "Try fewer --jobs.")


def wait_for(pools: Sequence[Pool[Any]], seconds: float) -> None:
    """Until something happens in one of the pools, or the time is over."""
    runners = (runner for pool in pools for runner in pool.runners())
    wait([item for runner in runners for item in runner.waitables()], timeout=min(seconds, _NAP_SECONDS))


def cores() -> int:
    """Cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # macOS, Windows
        return os.cpu_count() or 1
