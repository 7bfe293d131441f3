"""The bookkeeping of a crew, with runners that do what the test says."""

from __future__ import annotations

from collections import deque
from pathlib import Path

import pytest

from ocr_pipeline.batch.crew import Event, Limits
from ocr_pipeline.batch.messages import Answer, Failed, Lost, Opened, OpenTask, Ready, Task
from ocr_pipeline.batch.places import Places
from ocr_pipeline.errors import EngineError, ExitCode, ModelError

TASK = OpenTask(Path("a.pdf"), "0")


class Puppet:
    """Implements places.Runner."""

    def __init__(self, plan: int) -> None:
        self.plan = plan
        self.sent: list[Task] = []
        self.answers: deque[Answer] = deque([Ready()])
        self.end: str | None = None
        self.size = 0
        self.closed = False

    def send(self, task: Task) -> None:
        self.sent.append(task)

    def receive(self) -> Answer | None:
        return self.answers.popleft() if self.answers else None

    def gone(self) -> str | None:
        return self.end

    def memory(self) -> int:
        return self.size

    def kill(self) -> None:
        self.end = "was ended by SIGKILL"

    def close(self) -> None:
        self.closed = True


class Troupe(Places[str, Puppet]):
    def begin(self, plan: int) -> Puppet:
        return Puppet(plan)

    def cannot_start(self, reason: str) -> EngineError:
        return EngineError(f"cannot start: {reason}")

    def puppet(self, slot: int = 0) -> Puppet:
        return list(self.runners())[slot]


def troupe(places: int = 1, capacity: int = 1, tasks: int | None = None, memory: int | None = None) -> Troupe:
    """With so many places, all wanted and ready."""
    made = Troupe([10] * places, Limits(60.0, memory, tasks), capacity, lambda plan: plan - 1)
    made.want(places)
    assert made.starting() == places and made.free() == []
    assert made.events() == []
    assert made.starting() == 0
    return made


def test_tasks_go_to_who_has_least_in_hand_and_come_back_with_their_tickets() -> None:
    made = troupe(places=2, capacity=2)
    assert made.free() == [0, 1]
    made.give(0, TASK, "first", 9.0)
    assert made.free() == [1, 0] and not made.is_fresh(0) and made.is_fresh(1)
    made.give(0, TASK, "second", 9.0)
    assert made.free() == [1]
    made.puppet(0).answers.append(Opened(3))
    assert made.events() == [Event(0, "first", Opened(3))]
    assert made.free() == [1, 0]


def test_what_a_lost_process_had_in_hand_comes_back_and_only_the_first_is_guilty() -> None:
    made = troupe(capacity=2)
    made.give(0, TASK, "first", 9.0)
    made.give(0, TASK, "second", 9.0)
    lost = made.puppet()
    lost.end = "was ended by SIGSEGV"
    told = [(event.ticket, event.outcome) for event in made.events()]
    assert told == [("first", Lost("was ended by SIGSEGV", True)), ("second", Lost("was ended by SIGSEGV", False))]
    assert lost.closed and made.puppet() is not lost
    assert made.puppet().plan == 9, "it was lost at work: the next has the successor's plan"


def test_an_answer_from_before_the_end_counts() -> None:
    made = troupe()
    made.give(0, TASK, "first", 9.0)
    made.puppet().answers.append(Opened(1))
    made.puppet().end = "ended with code 1"
    assert made.events() == [Event(0, "first", Opened(1))]
    assert made.puppet().plan == 10, "it had nothing in hand"


def test_limits_of_time_and_memory_end_a_process() -> None:
    made = troupe(memory=1000)
    made.give(0, TASK, "slow", -1.0)
    made._looked = 0.0
    assert [event.outcome for event in made.events()] == [Lost("took longer than it may", True)]
    made.events()
    made.give(0, TASK, "large", 60.0)
    made.puppet().size = 1001
    made._looked = 0.0
    assert [event.outcome for event in made.events()] == [Lost("needed more memory than it may", True)]


def test_a_process_is_replaced_after_so_many_tasks_and_when_retired() -> None:
    made = troupe(tasks=1)
    first = made.puppet()
    made.give(0, TASK, "one", 9.0)
    first.answers.append(Opened(1))
    made.events()
    assert first.closed and made.puppet() is not first
    made.events()
    made.give(0, TASK, "two", 9.0)
    made.retire(0)
    assert [event.outcome for event in made.events()] == [Lost("was replaced", False)]


def test_what_cannot_start_is_told() -> None:
    made = Troupe([10], Limits(60.0, None, None))
    made.want(1)
    for _ in range(2):
        made.puppet().answers.clear()
        made.puppet().end = "ended with code 1"
        assert made.events() == []
    made.puppet().answers.clear()
    made.puppet().end = "ended with code 2"
    with pytest.raises(EngineError, match="cannot start: ended with code 2"):
        made.events()
    made = Troupe([10], Limits(60.0, None, None))
    made.want(1)
    made.puppet().answers = deque([Failed("The model is missing.", ExitCode.MODELS)])
    with pytest.raises(ModelError, match="is missing"):
        made.events()
    made.close()
    assert list(made.runners()) == []
