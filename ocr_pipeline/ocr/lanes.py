"""Batches through a model side by side.

One small batch keeps two cores busy for about two thirds of their time: its layers are short, and all threads meet
after each. Two batches, each on a core of its own, do not meet at all, and decoding goes on beside them. On a machine
that has other work to do the difference is larger: threads that wait for one another wait for the slowest.
"""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import TypeVar

Given = TypeVar("Given")
Result = TypeVar("Result")

MOST_LANES = 4
"""More batches at a time would hold more memory than they save time: beyond it each lane gets more threads."""


def share_of_threads(threads: int) -> tuple[int, int]:
    """How many lanes, and threads in each. threads: for all of them; 0 takes every core of this process."""
    cores = threads or len(os.sched_getaffinity(0))
    lanes = min(cores, MOST_LANES)
    return lanes, max(1, cores // lanes)


def in_order(
    call: Callable[[Given], Result], items: Iterable[Given], pool: ThreadPoolExecutor, lanes: int
) -> Iterator[Result]:
    """call(item) for each item, in the order of the items. One more than the lanes is begun ahead, so that no lane
    waits for the consumer and no more results than that are held."""
    begun: deque[Future[Result]] = deque()
    try:
        for item in items:
            begun.append(pool.submit(call, item))
            if len(begun) > lanes:
                yield begun.popleft().result()
        while begun:
            yield begun.popleft().result()
    finally:
        for future in begun:
            future.cancel()


class BusyClock:
    """A context that counts its entries and the wall time during which it is entered, by however many threads."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.entries = 0
        self._inside = 0
        self._since = 0.0
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        with self._lock:
            self.entries += 1
            self._inside += 1
            if self._inside == 1:
                self._since = time.perf_counter()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            self._inside -= 1
            if self._inside == 0:
                self.seconds += time.perf_counter() - self._since
