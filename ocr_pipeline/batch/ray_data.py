"""A batch as Ray Data pipelines: analysis in CPU tasks, recognition in actors, pages back here as they are read.

Ray Data takes its input as a whole, so tasks go in waves: whatever the coordinator has given out when the last wave
ended. A task is a block of its own: one that ends its process takes no other with it. Ray Data tells nobody of a block
that is lost (max_errored_blocks lets the others go on): what has not come back when its wave ends is lost, and the
coordinator tries it again, alone. It has no time limits either, and a page that hangs would hold its core
for ever: each process ends itself when the time of its task is up.
"""

from __future__ import annotations

import contextlib
import faulthandler
import logging
import os
import pickle
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from ocr_pipeline.allocation import give_back_large_blocks
from ocr_pipeline.batch.carrying import Delivery, Porter, deliver
from ocr_pipeline.batch.crew import Event
from ocr_pipeline.batch.devices import Staff
from ocr_pipeline.batch.errands import Errand
from ocr_pipeline.batch.failures import as_error
from ocr_pipeline.batch.messages import Answer, Failed, FinishTask, Lost, PageDone, ReadDone, ReadTask, Ready, Task
from ocr_pipeline.batch.ray_contents import Contents
from ocr_pipeline.batch.reader import answer as answer_reading
from ocr_pipeline.batch.worker import Worker, as_failed
from ocr_pipeline.errors import EngineError
from ocr_pipeline.settings import BatchSettings

PLACES = 1024
"""Tasks in one wave at most: starting one costs some seconds, and its scans (0.2 MB a page) wait in the cluster's
memory."""
_HERALD = -1
"""The slot of a first row that has nothing to do: it shows that the cluster can run us, and has the pipeline under way,
and thus able to be ended, before any page can hold it up."""
_UNHEARD_WAVES = 3
"""With nothing back from any of so many, the first ones, it is not a page's fault."""
_ENDING_SECONDS = 10.0
"""For a pipeline that is to end at once."""
_LOST = "ended, or took longer than it may"


@dataclass(frozen=True)
class _InHand:
    task: Task
    errand: Errand
    seconds: float


class DataCrew:
    """Implements crew.Crew: its places are those in a wave."""

    def __init__(self, ray: Any, people: Staff, settings: BatchSettings) -> None:
        self._ray = ray
        self._people = people
        self._settings = settings
        self._contents = Contents(ray, PLACES)
        self._given: dict[int, _InHand] = {}
        self._running: dict[int, _InHand] = {}
        self._suspects: set[tuple[str, int | None]] = set()
        self._back: SimpleQueue[tuple[int, bytes] | _Ended] = SimpleQueue()
        self._wave: Wave | None = None
        self._collecting: threading.Thread | None = None
        self._closed = False
        self._heard = False
        self._unheard = 0

    # --- tasks ----------------------------------------------------------------------------------------------------

    def want(self, number: int) -> None:
        """Nothing: the cluster's cores are Ray's to share out."""

    def free(self) -> list[int]:
        return [slot for slot in range(PLACES) if slot not in self._given and slot not in self._running]

    def is_fresh(self, slot: int) -> bool:
        """Always: what ended its process was lost with it."""
        return True

    def starting(self) -> int:
        return 0

    def give(self, slot: int, task: Task, ticket: Errand, seconds: float) -> None:
        self._given[slot] = _InHand(task, ticket, seconds)

    def replace(self, slot: int) -> None:
        """Nothing: see is_fresh."""

    def retire(self, slot: int) -> None:
        """Nothing: recognition is part of the wave."""

    # --- events ---------------------------------------------------------------------------------------------------

    def wait(self, seconds: float) -> None:
        """Until something has come back, or so many seconds."""
        until = time.monotonic() + seconds
        while self._back.empty() and time.monotonic() < until:
            time.sleep(0.01)

    def events(self) -> Sequence[Event[Errand]]:
        if self._given and self._wave is None:
            self._begin_wave()
        found: list[Event[Errand]] = []
        with contextlib.suppress(Empty):
            while True:
                found += self._taken(self._back.get_nowait())
        return found

    def close(self) -> None:
        self._closed = True
        if self._wave is not None and self._collecting is not None:
            self._wave.end()
            self._collecting.join(_ENDING_SECONDS)

    def _taken(self, came: tuple[int, bytes] | _Ended) -> list[Event[Errand]]:
        if isinstance(came, _Ended):
            return self._wave_ended(came)
        slot, packed = came
        held = self._running.pop(slot, None)
        # From a process of our own, through Ray: no stranger's pickle.
        answer: Answer | Delivery | _CannotStart = pickle.loads(packed)
        if isinstance(answer, _CannotStart):
            raise as_error(answer.failed.message, answer.failed.exit_code)
        self._heard = True
        if held is None:  # the herald; or what Ray did twice, when an actor was lost after it had answered
            return []
        if isinstance(answer, Delivery):
            assert isinstance(held.task, FinishTask), "only documents are delivered"
            answer = deliver(held.task, answer)
        return [Event(slot, held.errand, answer)]

    def _wave_ended(self, ended: _Ended) -> list[Event[Errand]]:
        self._wave = None
        self._unheard = 0 if self._heard else self._unheard + 1
        if ended.reason or self._unheard >= _UNHEARD_WAVES:
            reason = ended.reason or "none of its processes gave an answer"
            raise EngineError(
                f"The Ray cluster cannot run the pipeline: {reason}.",
                "Install the same ocr-pipeline on all its machines.",
            )
        lost, self._running = self._running, {}
        self._suspects.update(_key(held.task) for held in lost.values())
        return [Event(slot, held.errand, Lost(_LOST, guilty=True)) for slot, held in lost.items()]

    # --- waves ----------------------------------------------------------------------------------------------------

    def _begin_wave(self) -> None:
        """All that is given. Where an actor reads the crops of many, those that were lost before come first, each in a
        wave of its own: one of them ends actors, and with it goes what waits for the same actor."""
        again = [slot for slot, held in self._given.items() if _key(held.task) in self._suspects]
        if again and self._people.readers:
            self._running = {again[0]: self._given[again[0]]}
        else:
            self._running = self._given
        self._given = {slot: held for slot, held in self._given.items() if slot not in self._running}
        items: list[dict[str, Any]] = [{"slot": _HERALD, "task": b"", "seconds": 0.0}]
        contents = {}
        for slot, held in list(self._running.items()):
            try:
                content = self._contents.of(held.task)
            except OSError as error:
                failed = as_failed(error, f"{getattr(held.task, 'path', held.task)} cannot be read")
                self._back.put((slot, pickle.dumps(failed)))
                continue
            if content is not None:
                contents[getattr(held.task, "sha256", "")] = content
            items.append({"slot": slot, "task": pickle.dumps(held.task), "seconds": held.seconds})
        self._wave = Wave(self._ray, self._people, self._settings)
        arguments = (self._wave, items, contents)
        self._collecting = threading.Thread(target=self._collect, args=arguments, name="wave", daemon=True)
        self._collecting.start()

    def _collect(self, wave: Wave, items: list[dict[str, Any]], contents: dict[str, Any]) -> None:
        reason = ""
        try:
            for slot, answer in wave.run(items, contents):
                if self._closed:
                    return
                self._back.put((slot, answer))
        except Exception as error:  # every block was lost, or the cluster is gone
            known = isinstance(error, self._ray.exceptions.RayTaskError | self._ray.exceptions.RayActorError)
            reason = "" if known else f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"
        self._back.put(_Ended(reason))


@dataclass(frozen=True)
class _Ended:
    """A wave has. reason: why it could not run at all."""

    reason: str


@dataclass(frozen=True)
class _CannotStart:
    failed: Failed


def _key(task: Task) -> tuple[str, int | None]:
    """The same for a second attempt."""
    return f"{type(task).__name__} {getattr(task, 'path', '')}", getattr(task, "index", None)


class Wave:
    """One pipeline."""

    def __init__(self, ray: Any, people: Staff, settings: BatchSettings) -> None:
        self._ray = ray
        self._people = people
        self._settings = settings
        self._rows: Any = None

    def run(self, items: list[dict[str, Any]], contents: dict[str, Any]) -> Iterator[tuple[int, bytes]]:
        """Items with slot, task and seconds in; slot and answer (pickled) out, in any order, as they are there."""
        worker = self._people.workers[0]
        plan = pickle.dumps(worker)
        with _quiet_context(self._ray):
            rows = self._ray.data.from_items(items, override_num_blocks=len(items)).map(
                _analysed,
                fn_kwargs={"plan": plan, "contents": contents, "folder": str(Path.cwd())},
                num_cpus=worker.engine.threads,
                max_retries=0,
            )
            if self._people.readers:
                rows = self._read(rows)
            self._rows = rows
            for row in rows.iter_rows():
                yield int(row["slot"]), bytes(row["answer"])

    def end(self) -> None:
        """Have run() come to its end, in whichever thread it is, whatever is still being worked on."""
        executor = getattr(self._rows, "_current_executor", None)
        if executor is not None:
            executor.shutdown(force=True)

    def _read(self, rows: Any) -> Any:
        reader = self._people.readers[0]
        return rows.map_batches(
            Reader,
            fn_constructor_kwargs={"plan": pickle.dumps(reader), "folder": str(Path.cwd())},
            fn_kwargs={"seconds": self._settings.page_timeout},
            batch_size=self._settings.pages_together,
            concurrency=len(self._people.readers),
            num_cpus=reader.engine.threads,
            num_gpus=1 if reader.engine.device != "cpu" else 0,
            # A restarted actor takes the next batch. Ray Data's own default tries the same one for ever.
            max_restarts=-1,
            max_task_retries=0,
        )


@contextlib.contextmanager
def _quiet_context(ray: Any) -> Iterator[None]:
    """Ray Data's settings for a wave: lost blocks don't end it, and it draws no bars of its own."""
    context = ray.data.DataContext.get_current()
    ours: dict[str, object] = {"max_errored_blocks": -1, "enable_progress_bars": False}
    before = {name: getattr(context, name) for name in ours}
    logger = logging.getLogger("ray.data")
    level = logger.level
    # The limits of retries have no other way in; hence the extra [ray] ends before the version that takes it away.
    warnings.filterwarnings("ignore", message=".*ray_remote_args")
    try:
        for name, value in ours.items():
            setattr(context, name, value)
        logger.setLevel(logging.CRITICAL)
        yield
    finally:
        for name, value in before.items():
            setattr(context, name, value)
        logger.setLevel(level)


# --- in the cluster's processes ---------------------------------------------------------------------------------------


def _analysed(row: dict[str, Any], plan: bytes, contents: dict[str, Any], folder: str) -> dict[str, Any]:
    """A CPU task: opens a file, analyses a page, or makes a document."""
    import ray

    try:
        porter = _porter(plan, folder)
    except Exception as error:
        return _row(row, _CannotStart(as_failed(error, "A worker could not start")))
    if row["slot"] == _HERALD:
        return _row(row, Ready())
    task = pickle.loads(row["task"])
    reference = contents.get(getattr(task, "sha256", ""))
    content = ray.get(reference) if reference is not None else None
    with _ended_after(row["seconds"]):
        return _row(row, porter.answer(task, content))


@lru_cache(maxsize=1)
def _porter(plan: bytes, folder: str) -> Porter:
    """Models are loaded once a process, though tasks know nothing of each other."""
    import cv2

    _begin(folder)
    loaded = pickle.loads(plan)
    cv2.setNumThreads(loaded.engine.threads)
    return Porter(Worker(loaded))


class Reader:
    """The actor: reads the crops of the pages that have some, and passes on what else there is."""

    def __init__(self, plan: bytes, folder: str) -> None:
        _begin(folder)
        loaded = pickle.loads(plan)
        self._recogniser: Any = None
        self._failed: Failed | None = None
        try:
            self._recogniser = loaded.engines.recogniser(loaded.engine)
        except Exception as error:
            self._failed = as_failed(error, "A recognition process could not start")

    def __call__(self, batch: dict[str, Any], seconds: float) -> dict[str, Any]:
        answers: list[object] = [pickle.loads(packed) for packed in batch["answer"]]
        unread = [number for number, answer in enumerate(answers) if isinstance(answer, PageDone) and answer.crops]
        if unread:
            with _ended_after(seconds * len(unread)):
                for number, answer in zip(unread, self._read([answers[n] for n in unread]), strict=True):
                    answers[number] = answer
        return {"slot": batch["slot"], "answer": [pickle.dumps(answer) for answer in answers]}

    def _read(self, pages: list[Any]) -> list[object]:
        if self._failed is not None:
            return [_CannotStart(self._failed)] * len(pages)
        read = answer_reading(ReadTask(tuple(page.crops for page in pages)), self._recogniser)
        if not isinstance(read, ReadDone):
            return [read] * len(pages)
        return [PageDone(page.analysis, readings, None) for page, readings in zip(pages, read.readings, strict=True)]


def _row(row: dict[str, Any], answer: object) -> dict[str, Any]:
    return {"slot": row["slot"], "answer": pickle.dumps(answer)}


def _begin(folder: str) -> None:
    """Be where the batch was started, so that a relative folder of models means the same here."""
    give_back_large_blocks()
    with contextlib.suppress(OSError):  # another machine need not have it
        os.chdir(folder)


@contextlib.contextmanager
def _ended_after(seconds: float) -> Iterator[None]:
    """Have this process end if the block takes longer: by a thread outside of Python, which no library can block."""
    with open(os.devnull, "w") as nowhere:  # noqa: PTH123
        faulthandler.dump_traceback_later(seconds, exit=True, file=nowhere)
        try:
            yield
        finally:
            faulthandler.cancel_dump_traceback_later()


Begin = Callable[[], DataCrew]
