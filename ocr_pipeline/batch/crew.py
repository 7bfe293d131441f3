"""What the coordinator needs of processes, wherever they run: here (pool.py) or on a cluster (ray_runner.py)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from ocr_pipeline.batch.messages import Answer, Lost, Task

Ticket = TypeVar("Ticket")
"""What the owner of the crew wants back with an answer."""

Wait = Callable[[float], None]
"""Returns when something may have happened in one of the crews, or after so many seconds."""


@dataclass(frozen=True)
class Limits:
    """start: seconds to get ready; memory: bytes, None for no limit; tasks: served before the process is replaced."""

    start: float
    memory: int | None
    tasks: int | None


@dataclass(frozen=True)
class Event(Generic[Ticket]):
    """A task's end: an answer, or the loss of its process. slot: which of the crew's processes."""

    slot: int
    ticket: Ticket
    outcome: Answer | Lost


class Crew(Protocol[Ticket]):
    """A fixed number of places for processes of one kind, each started when it is first needed."""

    def want(self, number: int) -> None:
        """Have at least so many processes (at most one for each place)."""
        ...

    def free(self) -> list[int]:
        """Places whose process can take a task, those with the least in hand first."""
        ...

    def is_fresh(self, slot: int) -> bool:
        """Whether that process has done nothing yet."""
        ...

    def starting(self) -> int:
        """Processes not ready yet."""
        ...

    def give(self, slot: int, task: Task, ticket: Ticket, seconds: float) -> None:
        """Hand a task to a free place. seconds: the time it may take once it is begun."""
        ...

    def replace(self, slot: int) -> None:
        """A fresh process in the place of one that has nothing in hand."""
        ...

    def retire(self, slot: int) -> None:
        """Have the process replaced although it may have tasks in hand: they come back as lost, and not guilty."""
        ...

    def events(self) -> Sequence[Event[Ticket]]:
        """What has happened; ends processes beyond their limits, replaces those that are gone. EngineError, ModelError
        of a process that could not start."""
        ...

    def close(self) -> None:
        """End all processes at once; what they had in hand is left undone."""
        ...
