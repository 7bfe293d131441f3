"""Where the contents of a batch come from, one after the other."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Protocol

from ocr_pipeline.batch.content import Work


class Feed(Protocol):
    """The contents still to come."""

    def __len__(self) -> int:
        """How many there are (files, where contents are not known yet)."""
        ...

    def next(self) -> Work | None:
        """The next; None when there is none, or none that is ready now."""
        ...

    def done_with(self, work: Work) -> None:
        """Its file is not needed any more."""
        ...


class Listed:
    """Implements Feed for files of this machine, all known beforehand."""

    def __init__(self, works: Sequence[Work]) -> None:
        self._works = deque(works)

    def __len__(self) -> int:
        return len(self._works)

    def next(self) -> Work | None:
        return self._works.popleft() if self._works else None

    def done_with(self, work: Work) -> None:
        """Nothing: the files are the user's."""
