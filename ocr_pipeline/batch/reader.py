"""A recognition process: one recogniser on one device, which reads the crops of many pages in one go."""

from __future__ import annotations

import pickle
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from queue import Queue

from ocr_pipeline.batch.engines import Engines
from ocr_pipeline.batch.lifeline import start_process
from ocr_pipeline.batch.messages import Answer, ReadDone, ReadTask, Ready
from ocr_pipeline.batch.worker import as_failed
from ocr_pipeline.packing import pack
from ocr_pipeline.settings import EngineSettings
from ocr_pipeline.stages import Crop, CropAddress, RawReading, Recogniser


@dataclass(frozen=True)
class ReaderPlan:
    """What a recognition process is told at its start."""

    engine: EngineSettings
    engines: Engines


def run_reader(connection: Connection, plan: ReaderPlan) -> None:
    """The process: says Ready, then answers each ReadTask until the parent hangs up.

    A second thread takes the next task in while the model works on this one, so that the device never waits for the
    transport.
    """
    start_process(plan.engine.threads)
    try:
        recogniser = plan.engines.recogniser(plan.engine)
    except Exception as error:
        connection.send(as_failed(error, "A recognition process could not start"))
        return
    connection.send(Ready())
    tasks: Queue[ReadTask | None] = Queue(maxsize=1)
    threading.Thread(target=_receive, args=(connection, tasks), daemon=True).start()
    while (task := tasks.get()) is not None:
        connection.send(answer(task, recogniser))


def _receive(connection: Connection, tasks: Queue[ReadTask | None]) -> None:
    try:
        while True:
            tasks.put(connection.recv())
    except (EOFError, OSError):
        tasks.put(None)


def answer(task: ReadTask, recogniser: Recogniser) -> Answer:
    """Read the task's pages; whatever goes wrong is the answer."""
    try:
        return _read(task, recogniser)
    except Exception as error:
        return as_failed(error, "Recognition")


def _read(task: ReadTask, recogniser: Recogniser) -> ReadDone:
    started, forward = time.perf_counter(), _forward_seconds(recogniser)
    # From a process of our own, over a pipe: no stranger's pickle.
    pages: list[tuple[Crop, ...]] = [pickle.loads(data) for data in task.crops]
    readings = read_pages(pages, recogniser)
    packed = tuple(pack(page) for page in readings)
    return ReadDone(packed, _forward_seconds(recogniser) - forward, time.perf_counter() - started)


def read_pages(pages: Sequence[Sequence[Crop]], recogniser: Recogniser) -> list[dict[CropAddress, RawReading]]:
    """The readings of each page by address; the crops of all pages are batched together by width.

    Addresses are unique within a document only, and the pages may come from many: hence by position.
    """
    readings = iter(recogniser.read([crop.image for page in pages for crop in page]))
    return [{crop.address: next(readings) for crop in page} for page in pages]


def _forward_seconds(recogniser: Recogniser) -> float:
    """Seconds inside the model so far, where the recogniser counts them."""
    return float(getattr(recogniser, "forward_seconds", 0.0))
