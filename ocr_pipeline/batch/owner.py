"""Which batch is alive: each holds a file lock that the operating system lets go of when the process ends, however it
ends. No clock and no heartbeat, so that nothing is taken over too early and nobody waits for a lease to run out."""

from __future__ import annotations

import contextlib
import time
import uuid
from pathlib import Path
from typing import Self

from filelock import FileLock, Timeout

_YOUNG_SECONDS = 3600.0


class Owner:
    """This batch, as others see it. A context manager; holds its lock until closed or until the process ends."""

    def __init__(self, folder: Path) -> None:
        """folder: of the owners' locks, made if missing. OSError."""
        folder.mkdir(parents=True, exist_ok=True)
        self.name = uuid.uuid4().hex
        self._folder = folder
        self._lock = FileLock(self._path(self.name))
        self._lock.acquire(blocking=False)
        self._remove_old()

    def is_alive(self, name: str) -> bool:
        """Whether the batch of that name still runs (on this machine, or on another one through a file system whose
        locks reach that far)."""
        if name == self.name:
            return True
        path = self._path(name)
        if not path.exists():
            return False
        lock = FileLock(path)
        try:
            lock.acquire(blocking=False)
        except Timeout:
            return True
        path.unlink(missing_ok=True)
        lock.release()
        return False

    def _remove_old(self) -> None:
        """Locks of batches that were killed. Young ones are left: their batch may be about to take them."""
        for path in self._folder.glob("*.lock"):
            with contextlib.suppress(OSError):
                if time.time() - path.stat().st_mtime > _YOUNG_SECONDS:
                    self.is_alive(path.stem)

    def close(self) -> None:
        if self._lock.is_locked:
            self._path(self.name).unlink(missing_ok=True)
            self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.lock"
