"""The crews of a batch, here or on a cluster, started and ended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ocr_pipeline.batch.crew import Crew, Limits, Wait
from ocr_pipeline.batch.devices import staff
from ocr_pipeline.batch.engines import Engines
from ocr_pipeline.batch.errands import Errand
from ocr_pipeline.batch.pool import Pool, wait_for
from ocr_pipeline.batch.reader import run_reader
from ocr_pipeline.batch.reading import AHEAD, Unread, smaller_batches
from ocr_pipeline.batch.worker import run_worker
from ocr_pipeline.reports.profile import FormProfile
from ocr_pipeline.settings import BatchSettings, Settings


@dataclass(frozen=True)
class Crews:
    """readers: None where workers read their own pages."""

    workers: Crew[Errand]
    worker_places: int
    readers: Crew[tuple[Unread, ...]] | None
    reader_places: int
    wait: Wait


@contextmanager
def crews(
    settings: Settings, engines: Engines, forms: Sequence[FormProfile], cluster: str | None, ray_data: bool = False
) -> Iterator[Crews]:
    """The processes, ended when the block is left. forms: those known; cluster, ray_data: see run_batch.
    EngineError."""
    if cluster is not None:
        from ocr_pipeline.batch.ray_runner import ray_crews

        with ray_crews(settings, engines, forms, cluster, ray_data) as found:
            yield found
        return
    people = staff(settings, engines, forms)
    workers: Pool[Errand] = Pool(run_worker, people.workers, worker_limits(settings.batch))
    readers: Pool[tuple[Unread, ...]] | None = None
    if people.readers:
        readers = Pool(run_reader, people.readers, reader_limits(settings.batch), AHEAD, smaller_batches)
    pools: list[Pool[Any]] = [workers, readers] if readers else [workers]
    try:
        yield Crews(workers, len(people.workers), readers, len(people.readers), lambda s: wait_for(pools, s))
    finally:
        for pool in pools:
            pool.close()


def worker_limits(settings: BatchSettings) -> Limits:
    return Limits(settings.start_timeout, settings.page_memory * 1_000_000, settings.recycle_pages)


def reader_limits(settings: BatchSettings) -> Limits:
    return Limits(settings.start_timeout, None, None)
