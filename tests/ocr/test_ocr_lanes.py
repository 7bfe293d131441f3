from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from ocr_pipeline.ocr.lanes import MOST_LANES, BusyClock, in_order, share_of_threads


def test_results_come_in_order_and_only_a_few_are_begun_ahead() -> None:
    drawn: list[int] = []

    def items() -> Iterator[int]:
        for item in range(20):
            drawn.append(item)
            yield item

    def slow_first(item: int) -> int:
        time.sleep(0.02 if item % 5 == 0 else 0.001)
        return item * item

    with ThreadPoolExecutor(2) as pool:
        results = in_order(slow_first, items(), pool, 2)
        assert next(results) == 0
        assert len(drawn) <= 3
        assert list(results) == [item * item for item in range(1, 20)]


def test_a_batch_that_fails_fails_the_whole_and_nothing_runs_on() -> None:
    ran: list[int] = []

    def call(item: int) -> int:
        ran.append(item)
        if item == 1:
            raise MemoryError("no room")
        return item

    with ThreadPoolExecutor(2) as pool, pytest.raises(MemoryError):
        list(in_order(call, range(100), pool, 2))
    assert len(ran) < 10


def test_the_clock_counts_time_once_however_many_are_at_work() -> None:
    clock = BusyClock()

    def work() -> None:
        with clock:
            time.sleep(0.1)

    threads = [threading.Thread(target=work) for _ in range(4)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert clock.entries == 4
    assert 0.1 <= clock.seconds <= time.perf_counter() - start


@pytest.mark.parametrize(("threads", "shared"), [(1, (1, 1)), (2, (2, 1)), (3, (3, 1)), (16, (MOST_LANES, 4))])
def test_lanes_and_their_threads_never_exceed_what_was_given(threads: int, shared: tuple[int, int]) -> None:
    assert share_of_threads(threads) == shared
