"""One writer at a time for an output in a store: an object with the writer's name that it renews while it lives.

Stores have no locks that end with a process. Whoever finds the object there tells by its own clock whether it is
renewed: a writer on this machine is asked through its file lock, any other is watched for three beats. What cannot be
excluded: a writer that was stopped for longer than that (a suspended machine, a line that is down) and wakes sends what
it had in hand before it notices, at its next beat, that it was taken over; where a store cannot make an object only if
there is none, two that begin within the same second are told apart by reading back, a moment later.
"""

from __future__ import annotations

import json
import os
import platform
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from ocr_pipeline.batch.owner import Owner
from ocr_pipeline.batch.stores.store import StoppedError, Store
from ocr_pipeline.errors import OutputError, PipelineError

LOCK = ".ocr-pipeline/lock.json"
BEAT = 30.0
"""Seconds between two renewals: some hundred small requests an hour."""
_BEATS = 3
_SETTLE = 2.0
"""Seconds until what another one wrote at the same moment can be seen."""


class Lock:
    """Held by this batch until released. Its renewal is a thread of its own."""

    def __init__(
        self, store: Store, owner: Owner, machine: str, say: Callable[[str], None], beat: float = BEAT
    ) -> None:
        """Take it, or wait to see whether the one that has it lives. machine: names this machine's state folder.
        OutputError where another batch has it."""
        self._store = store
        self._owner = owner
        self._machine = machine
        self._say = say
        self._beat = beat
        self._path = store.path(LOCK)
        self._since = _now()
        self._count = 0
        self._lost = ""
        self._take()
        self._ending = threading.Event()
        self._renewing = threading.Thread(target=self._renew, name="lock", daemon=True)
        self._renewing.start()

    def must_be_held(self) -> None:
        """OutputError where another batch has taken over."""
        if self._lost:
            raise OutputError(self._lost, "Run again when that one has ended.")

    def release(self) -> None:
        """Let others have it."""
        self._ending.set()
        self._renewing.join()
        if not self._lost and self._is_ours(self._store.read(self._path)):
            self._store.remove(self._path)

    # --- taking ---------------------------------------------------------------------------------------------------

    def _take(self) -> None:
        while not self._store.create(self._path, self._content()):
            found = self._store.read(self._path)
            if found is None:
                continue
            self._must_be_dead(found)
            if self._store.read(self._path) == found:
                self._store.write(self._path, self._content())
                break
        else:
            if self._store.is_conditional:
                return
        time.sleep(min(_SETTLE, self._beat))
        if not self._is_ours(found := self._store.read(self._path)):
            raise self._taken(found)

    def _must_be_dead(self, found: bytes) -> None:
        told = _parsed(found)
        if told.get("machine") == self._machine:
            if self._owner.is_alive(str(told.get("owner"))):
                raise self._taken(found)
            return
        seconds = _BEATS * self._beat
        self._say(f"{_who(told)} holds {self._address()}: waiting {seconds:.0f} s to see whether it lives.")
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            time.sleep(min(2.0, self._beat / 4))
            now = self._store.read(self._path)
            if now is None:
                return
            if now != found:
                raise self._taken(now)

    def _taken(self, found: bytes | None) -> OutputError:
        return OutputError(
            f"{_who(_parsed(found or b''))} is writing to {self._store.shown}.",
            "One batch at a time can: wait until it has ended.",
        )

    # --- renewing -------------------------------------------------------------------------------------------------

    def _renew(self) -> None:
        while not self._ending.wait(self._beat):
            try:
                found = self._store.read(self._path)
                if found is not None and not self._is_ours(found):
                    self._lost = f"{_who(_parsed(found))} has taken {self._store.shown} over."
                    return
                self._count += 1
                self._store.write(self._path, self._content())
            except (PipelineError, StoppedError):
                continue  # the next beat may get through; whoever takes over meanwhile is noticed then

    def _content(self) -> bytes:
        told = {
            "owner": self._owner.name,
            "machine": self._machine,
            "host": platform.node(),
            "process": os.getpid(),
            "since": self._since,
            "renewed": _now(),
            "beat": self._count,
        }
        return json.dumps(told, indent=1).encode()

    def _is_ours(self, found: bytes | None) -> bool:
        return found is not None and _parsed(found).get("owner") == self._owner.name

    def _address(self) -> str:
        return self._store.address(self._path)


def _parsed(content: bytes) -> dict[str, Any]:
    """Nothing where it is half written or somebody else's."""
    try:
        told = json.loads(content)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _who(told: dict[str, Any]) -> str:
    if "host" not in told:
        return "Another batch"
    return f"Another batch (process {told.get('process')} on {told['host']}, since {told.get('since')})"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
