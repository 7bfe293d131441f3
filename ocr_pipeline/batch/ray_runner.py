"""Crews on a Ray cluster: the same tasks answered by the same code in actors, the ledger where the batch was started.

Actors rather than a Ray Data pipeline, because each page goes to the ledger as it is read: that is what makes a run
that was killed go on where it was, and what makes the results the same files as a local run's, byte for byte.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from ocr_pipeline.allocation import give_back_large_blocks
from ocr_pipeline.batch.carrying import Delivery, Porter, deliver
from ocr_pipeline.batch.crew import Limits, Ticket
from ocr_pipeline.batch.devices import Staff, staff
from ocr_pipeline.batch.engines import Engines
from ocr_pipeline.batch.messages import Answer, FinishTask, ReadTask, Ready, Task
from ocr_pipeline.batch.places import Places
from ocr_pipeline.batch.ray_contents import Contents
from ocr_pipeline.batch.reader import ReaderPlan
from ocr_pipeline.batch.reader import answer as answer_reading
from ocr_pipeline.batch.reading import AHEAD, smaller_batches
from ocr_pipeline.batch.staffing import Crews, reader_limits, worker_limits
from ocr_pipeline.batch.worker import Worker, WorkerPlan, as_failed
from ocr_pipeline.errors import EngineError, InputFileError
from ocr_pipeline.reports.profile import FormProfile
from ocr_pipeline.settings import Settings

LOCAL = "local"
_FILES_BEYOND = 8
"""Files kept in the cluster's memory beyond one for each worker: as many as may be open at once, and some."""


@contextmanager
def ray_crews(
    settings: Settings, engines: Engines, forms: Sequence[FormProfile], address: str, data: bool = False
) -> Iterator[Crews]:
    """Actors on the cluster at that address, or on one of this machine's own that is started and ended with the batch.

    data: Ray Data pipelines instead (ray_data.py).

    EngineError when Ray is not installed or the cluster cannot be reached.
    """
    ray = _ray()
    connected_before = ray.is_initialized()
    if not connected_before:
        _connect(ray, settings, address)
    try:
        people = _staff(ray, settings, engines, forms)
        if data:
            from ocr_pipeline.batch.ray_data import PLACES, DataCrew

            waves = DataCrew(ray, people, settings.batch)
            try:
                yield Crews(waves, PLACES, None, 0, waves.wait)
            finally:
                waves.close()
            return
        workers: RayCrew[Any] = RayCrew(ray, people.workers, worker_limits(settings.batch))
        readers: RayCrew[Any] | None = None
        if people.readers:
            readers = RayCrew(ray, people.readers, reader_limits(settings.batch), AHEAD, smaller_batches)
        both = [workers, readers] if readers else [workers]
        try:
            yield Crews(workers, len(people.workers), readers, len(people.readers), lambda s: _wait(ray, both, s))
        finally:
            for crew in both:
                crew.close()
    finally:
        if not connected_before:
            ray.shutdown()


def _ray() -> Any:
    try:
        import ray
    except ImportError as error:
        raise EngineError(
            "A cluster needs Ray, which is not installed.", 'Run: python -m pip install "ocr-pipeline[ray]".'
        ) from error
    return ray


def _connect(ray: Any, settings: Settings, address: str) -> None:
    # Ray would send its version and the machine's figures home.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        if address == LOCAL:
            cores = settings.batch.jobs + settings.batch.recognisers or None
            ray.init(num_cpus=cores, include_dashboard=False, log_to_driver=False)
        else:
            ray.init(address=address, log_to_driver=False)
    except (ConnectionError, RuntimeError, ValueError, OSError) as error:
        raise EngineError(
            f"The Ray cluster {address} cannot be used: {error}.", "Give --ray local or the address of a running one."
        ) from error


def _staff(ray: Any, settings: Settings, engines: Engines, forms: Sequence[FormProfile]) -> Staff:
    """As many workers as the cluster has cores, and a recognition process for each of its GPUs, unless numbers are
    given. Each actor has one core: threads would only meet those of its neighbours."""
    has = ray.cluster_resources()
    on_gpus = settings.engine.device != "cpu"
    one = replace(settings, engine=replace(settings.engine, threads=settings.engine.threads or 1))
    people = staff(one, engines, forms, available=max(1, int(has.get("CPU", 1))))
    # What documents record is what was asked for, on whatever machine.
    people = Staff(tuple(replace(plan, settings=settings) for plan in people.workers), people.readers)
    if not on_gpus:
        return people
    gpus = settings.batch.recognisers or int(has.get("GPU", 0))
    if gpus < 1:
        raise EngineError("The Ray cluster has no GPU.", "Use --device cpu.")
    # Ray shows each actor its own GPU, as number 0.
    first = people.readers[0]
    return Staff(people.workers, (replace(first, engine=replace(first.engine, device="gpu:0")),) * gpus)


class Seat:
    """The actor: a worker or a recognition process, told by its plan."""

    def __init__(self, plan: WorkerPlan | ReaderPlan, folder: str) -> None:
        """folder: where the batch was started, so that a relative folder of models means the same here."""
        self._plan = plan
        self._folder = folder
        self._answer: Callable[[Any, bytes | None], Answer | Delivery] | None = None

    def begin(self) -> Answer:
        """Load the models: Ready or Failed."""
        give_back_large_blocks()
        with contextlib.suppress(OSError):  # another machine need not have it
            os.chdir(self._folder)
        try:
            self._answer = self._load()
        except Exception as error:
            return as_failed(error, "An actor could not start")
        return Ready()

    def answer(self, task: Task, content: bytes | None) -> Answer | Delivery:
        """Do a task. content: of its file, where the task needs it."""
        assert self._answer is not None, "begin() comes first"
        return self._answer(task, content)

    def _load(self) -> Callable[[Any, bytes | None], Answer | Delivery]:
        if isinstance(self._plan, WorkerPlan):
            import cv2

            cv2.setNumThreads(self._plan.engine.threads)
            return Porter(Worker(self._plan)).answer
        recogniser = self._plan.engines.recogniser(self._plan.engine)

        def read(task: ReadTask, content: bytes | None) -> Answer:
            return answer_reading(task, recogniser)

        return read


class Actor:
    """Implements places.Runner."""

    def __init__(self, ray: Any, plan: WorkerPlan | ReaderPlan, contents: Contents) -> None:
        self._ray = ray
        self._contents = contents
        gpus = 1 if isinstance(plan, ReaderPlan) and plan.engine.device != "cpu" else 0
        seat = ray.remote(Seat).options(num_cpus=plan.engine.threads, num_gpus=gpus)
        self._actor = seat.remote(plan, str(Path.cwd()))
        self._awaited: deque[tuple[Any, Task | None]] = deque([(self._actor.begin.remote(), None)])
        self._ended: str | None = None

    def send(self, task: Task) -> None:
        try:
            content = self._contents.of(task)
        except OSError as error:
            failed = InputFileError(f"{getattr(task, 'path', task)} cannot be read: {error.strerror or error}.")
            self._awaited.append((self._ray.put(as_failed(failed, "")), task))
            return
        self._awaited.append((self._actor.answer.remote(task, content), task))

    def receive(self) -> Answer | None:
        if not self._awaited or self._ended or not self._ray.wait([self._awaited[0][0]], timeout=0)[0]:
            return None
        reference, task = self._awaited[0]
        try:
            answer: Answer | Delivery = self._ray.get(reference)
        except self._ray.exceptions.RayError as error:
            self._ended = f"ended ({type(error).__name__}: {str(error).partition(chr(10))[0]})"
            return None
        self._awaited.popleft()
        if isinstance(answer, Delivery):
            assert isinstance(task, FinishTask), "only documents are delivered"
            return deliver(task, answer)
        return answer

    def gone(self) -> str | None:
        return self._ended

    def memory(self) -> int:
        """Ray looks after it, on each machine."""
        return 0

    def kill(self) -> None:
        self._ended = self._ended or "was ended"
        self._ray.kill(self._actor)

    def close(self) -> None:
        self._ray.kill(self._actor)

    def awaited(self) -> Any | None:
        """What becomes ready with the next answer, or the end."""
        return self._awaited[0][0] if self._awaited else None


class RayCrew(Places[Ticket, Actor]):
    """Implements crew.Crew with actors."""

    def __init__(
        self,
        ray: Any,
        plans: Sequence[WorkerPlan | ReaderPlan],
        limits: Limits,
        capacity: int = 1,
        successor: Callable[[Any], Any] = lambda plan: plan,
    ) -> None:
        super().__init__(plans, limits, capacity, successor)
        self._ray = ray
        self._contents = Contents(ray, len(plans) + _FILES_BEYOND)

    def begin(self, plan: WorkerPlan | ReaderPlan) -> Actor:
        return Actor(self._ray, plan, self._contents)

    def cannot_start(self, reason: str) -> EngineError:
        return EngineError(
            f"Actors cannot be started on the Ray cluster: the last one {reason}.",
            "Install the same ocr-pipeline on all its machines.",
        )


def _wait(ray: Any, crews: Sequence[RayCrew[Any]], seconds: float) -> None:
    awaited = (actor.awaited() for crew in crews for actor in crew.runners())
    references = [reference for reference in awaited if reference is not None]
    if references:
        ray.wait(references, num_returns=1, timeout=seconds)
    else:
        time.sleep(seconds)
