"""Files being worked on, in the memory of a cluster."""

from __future__ import annotations

from typing import Any

from ocr_pipeline.batch.carrying import needs_content
from ocr_pipeline.batch.messages import FinishTask, OpenTask, PageTask, Task, place_of


class Contents:
    """The files being worked on, as objects of the cluster: each is sent to a machine once, whatever its pages."""

    def __init__(self, ray: Any, most: int) -> None:
        """most: files kept there at once."""
        self._ray = ray
        self._most = most
        self._held: dict[str, Any] = {}

    def of(self, task: Task) -> Any | None:
        """The reference to the content of the task's file, None where the task needs none. OSError."""
        if not needs_content(task):
            return None
        assert isinstance(task, OpenTask | PageTask | FinishTask), "other tasks have no file"
        held = self._held.pop(task.sha256, None)
        if held is None:
            held = self._ray.put(place_of(task).read_bytes())
        self._held[task.sha256] = held
        while len(self._held) > self._most:
            del self._held[next(iter(self._held))]
        return held
