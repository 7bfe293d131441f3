"""Crews on a Ray cluster: the same tasks answered by the same code in actors, the ledger where the batch was started.

Actors rather than a Ray Data pipeline, because each page goes to the ledger as it is read: that is what makes a run
that was killed go on where it was, and what makes the results the same files as a local run's, byte for byte.
"""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Generic

from ocr_pipeline.batch.crew import Event, Limits, Ticket
from ocr_pipeline.batch.devices import Staff, staff
from ocr_pipeline.batch.engines import Engines
from ocr_pipeline.batch.failures import as_error
from ocr_pipeline.batch.messages import Answer, Failed, Lost, ReadTask, Ready, Task
from ocr_pipeline.batch.reader import ReaderPlan
from ocr_pipeline.batch.reader import answer as answer_reading
from ocr_pipeline.batch.reading import AHEAD, smaller_batches
from ocr_pipeline.batch.staffing import Crews, reader_limits, worker_limits
from ocr_pipeline.batch.worker import Worker, WorkerPlan, as_failed
from ocr_pipeline.errors import EngineError
from ocr_pipeline.reports.profile import FormProfile
from ocr_pipeline.settings import Settings

LOCAL = "local"
_START_FAILURES = 3
"""Actors in a row that end before they are ready; then it is not chance."""


@contextmanager
def ray_crews(settings: Settings, engines: Engines, forms: Sequence[FormProfile], address: str) -> Iterator[Crews]:
    """Actors on the cluster at that address, or on one of this machine's own that is started and ended with the batch.

    EngineError when Ray is not installed or the cluster cannot be reached.
    """
    ray = _ray()
    connected_before = ray.is_initialized()
    if not connected_before:
        _connect(ray, settings, address)
    try:
        people = _staff(ray, settings, engines, forms)
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
        """folder: where the batch was started, so that relative paths mean the same here."""
        self._plan = plan
        self._folder = folder
        self._answer: Callable[[Any], Answer] | None = None

    def begin(self) -> Answer:
        """Load the models: Ready or Failed."""
        try:
            os.chdir(self._folder)
            self._answer = self._load()
        except Exception as error:
            return as_failed(error, "An actor could not start")
        return Ready()

    def answer(self, task: Task) -> Answer:
        """Do a task."""
        assert self._answer is not None, "begin() comes first"
        return self._answer(task)

    def _load(self) -> Callable[[Any], Answer]:
        if isinstance(self._plan, WorkerPlan):
            import cv2

            cv2.setNumThreads(self._plan.engine.threads)
            return Worker(self._plan).answer
        recogniser = self._plan.engines.recogniser(self._plan.engine)

        def read(task: ReadTask) -> Answer:
            return answer_reading(task, recogniser)

        return read


@dataclass
class _InHand(Generic[Ticket]):
    ticket: Ticket
    reference: Any
    seconds: float


class _Place(Generic[Ticket]):
    """One actor, and the tasks it has in hand."""

    def __init__(self, actor: Any, start_seconds: float) -> None:
        self.actor = actor
        self.beginning: Any = actor.begin.remote()
        self.ready = False
        self.served = 0
        self.hand: deque[_InHand[Ticket]] = deque()
        self.deadline = time.monotonic() + start_seconds
        self.killed_for = ""
        self.retired = False

    @property
    def reference(self) -> Any | None:
        """What is awaited of it now."""
        if not self.ready:
            return self.beginning
        return self.hand[0].reference if self.hand else None


class RayCrew(Generic[Ticket]):
    """Implements crew.Crew with actors."""

    def __init__(
        self,
        ray: Any,
        plans: Sequence[WorkerPlan | ReaderPlan],
        limits: Limits,
        capacity: int = 1,
        successor: Callable[[Any], Any] = lambda plan: plan,
    ) -> None:
        self._ray = ray
        self._plans = list(plans)
        self._limits = limits
        self._capacity = capacity
        self._successor = successor
        self._places: list[_Place[Ticket] | None] = [None] * len(plans)
        self._failed_starts = 0

    def want(self, number: int) -> None:
        running = sum(place is not None for place in self._places)
        for slot, place in enumerate(self._places):
            if place is None and running < number:
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
        place = self._at(slot)
        if not place.hand:
            place.deadline = time.monotonic() + seconds
        place.hand.append(_InHand(ticket, place.actor.answer.remote(task), seconds))

    def replace(self, slot: int) -> None:
        self._ray.kill(self._at(slot).actor)
        self._start(slot)

    def retire(self, slot: int) -> None:
        self._at(slot).retired = True
        self._kill(self._at(slot), "was replaced")

    def events(self) -> list[Event[Ticket]]:
        found: list[Event[Ticket]] = []
        for slot, place in enumerate(self._places):
            if place is not None:
                self._watch(place)
                found += self._of_place(slot, place)
        return found

    def references(self) -> list[Any]:
        """What to wait for."""
        awaited = (place.reference for place in self._places if place is not None)
        return [reference for reference in awaited if reference is not None]

    def close(self) -> None:
        for slot, place in enumerate(self._places):
            if place is not None:
                self._ray.kill(place.actor)
                self._places[slot] = None

    def _at(self, slot: int) -> _Place[Ticket]:
        place = self._places[slot]
        assert place is not None, "only places that are taken are spoken to"
        return place

    def _of_place(self, slot: int, place: _Place[Ticket]) -> list[Event[Ticket]]:
        found: list[Event[Ticket]] = []
        while (reference := place.reference) is not None:
            if not self._ray.wait([reference], timeout=0)[0]:
                return found
            try:
                answer: Answer = self._ray.get(reference)
            except self._ray.exceptions.RayError as error:
                return found + self._lost(slot, place, error)
            if place.ready:
                found.append(Event(slot, self._taken(place), answer))
            else:
                self._began(place, answer)
        if place.ready and self._limits.tasks is not None and place.served >= self._limits.tasks:
            self.replace(slot)
        return found

    def _began(self, place: _Place[Ticket], answer: Answer) -> None:
        if isinstance(answer, Failed):
            raise as_error(answer.message, answer.exit_code)
        place.ready = True
        self._failed_starts = 0

    def _taken(self, place: _Place[Ticket]) -> Ticket:
        done = place.hand.popleft()
        place.served += 1
        if place.hand:
            place.deadline = time.monotonic() + place.hand[0].seconds
        return done.ticket

    def _lost(self, slot: int, place: _Place[Ticket], error: Exception) -> list[Event[Ticket]]:
        reason = place.killed_for or f"ended ({type(error).__name__})"
        if not place.ready:
            self._failed_starts += 1
            if self._failed_starts >= _START_FAILURES:
                raise EngineError(
                    f"Actors cannot be started on the Ray cluster: the last one {reason}: {error}",
                    "Install the same ocr-pipeline on all its machines.",
                )
        elif place.hand:
            self._plans[slot] = self._successor(self._plans[slot])
        lost = [
            Event(slot, held.ticket, Lost(reason, n == 0 and not place.retired)) for n, held in enumerate(place.hand)
        ]
        self._start(slot)
        return list(lost)

    def _watch(self, place: _Place[Ticket]) -> None:
        """Time is looked after here, memory by Ray on each machine."""
        if place.reference is not None and not place.killed_for and time.monotonic() > place.deadline:
            self._kill(place, "took longer than it may" if place.ready else "did not get ready in time")

    def _kill(self, place: _Place[Ticket], reason: str) -> None:
        place.killed_for = reason
        self._ray.kill(place.actor)
        if place.reference is None:  # nothing awaited would tell of its end
            place.ready, place.beginning = False, place.actor.begin.remote()

    def _start(self, slot: int) -> None:
        plan = self._plans[slot]
        gpus = 1 if isinstance(plan, ReaderPlan) and plan.engine.device != "cpu" else 0
        actor = self._ray.remote(Seat).options(num_cpus=plan.engine.threads, num_gpus=gpus)
        self._places[slot] = _Place(actor.remote(plan, str(Path.cwd())), self._limits.start)


def _wait(ray: Any, crews: Sequence[RayCrew[Any]], seconds: float) -> None:
    references = [reference for crew in crews for reference in crew.references()]
    if references:
        ray.wait(references, num_returns=1, timeout=seconds)
    else:
        time.sleep(seconds)
