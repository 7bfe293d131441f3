"""Who works where: workers on the cores, recognition processes on the devices, threads shared out among them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ocr_pipeline.batch.engines import Engines
from ocr_pipeline.batch.pool import cores
from ocr_pipeline.batch.reader import ReaderPlan
from ocr_pipeline.batch.worker import WorkerPlan
from ocr_pipeline.errors import EngineError
from ocr_pipeline.reports.profile import FormProfile
from ocr_pipeline.settings import EngineSettings, Settings

_GPUS = re.compile(r"gpu(:[0-9]+(,[0-9]+)*)?")
_GPU_BATCH_CROPS = 1024
"""On a GPU only the columns bound a batch."""


@dataclass(frozen=True)
class Staff:
    """The plans of all processes. readers: empty where workers read their own pages."""

    workers: tuple[WorkerPlan, ...]
    readers: tuple[ReaderPlan, ...]


def devices(device: str) -> tuple[str, ...]:
    """`gpu:0,1` as gpu:0 and gpu:1; `gpu` is gpu:0; `cpu` is one device whatever its cores. EngineError."""
    if device == "cpu":
        return ("cpu",)
    if not _GPUS.fullmatch(device):
        raise EngineError(f"{device!r} is not a device.", "Write cpu, gpu:0, or several as in gpu:0,1.")
    numbers = device.partition(":")[2] or "0"
    return tuple(f"gpu:{int(number)}" for number in dict.fromkeys(numbers.split(",")))


def staff(
    settings: Settings, engines: Engines, forms: Sequence[FormProfile] = (), available: int | None = None
) -> Staff:
    """Plans for a machine with so many cores (this one's, if None). forms: those known.

    On GPUs one recognition process for each device and, on the cores, workers that find the lines and cells; on the
    CPU workers that do both, or recognition processes where the settings ask for them. Workers x threads never exceeds
    the cores, unless the settings name a number of threads.
    """
    count = cores() if available is None else available
    places = devices(settings.engine.device)
    on_cpu = places == ("cpu",)
    readers = places * settings.batch.recognisers if on_cpu else places
    jobs = settings.batch.jobs or max(1, count - (len(readers) if on_cpu else 0))
    threads = settings.engine.threads or max(1, count // (jobs + len(readers)))
    own = replace(settings.engine, device="cpu", threads=threads)
    worker = WorkerPlan(settings, own, engines, tuple(forms), reads=not readers)
    plans = tuple(ReaderPlan(_on_device(settings, place, threads), engines) for place in readers)
    return Staff((worker,) * jobs, plans)


def _on_device(settings: Settings, device: str, threads: int) -> EngineSettings:
    engine = replace(settings.engine, device=device, threads=threads)
    if device == "cpu":
        return engine
    return replace(engine, batch_columns=settings.batch.gpu_batch_columns, batch_crops=_GPU_BATCH_CROPS)
