"""Copies of the ledger in the store, so that another machine can go on.

Each is a consistent copy (SQLite's backup) under a name with its number, an identity and a part of its hash: a copy
that is cut off does not pass for a ledger, and no pointer to the newest one can be half written. The ledger knows the
identities of the copies that it comes from; one it does not know was left by another machine that went on meanwhile.
"""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ocr_pipeline.batch.finishing import file_hash
from ocr_pipeline.batch.stores.journal import UNSENT, add_tables
from ocr_pipeline.batch.stores.store import StoppedError, Store
from ocr_pipeline.errors import OutputError, PipelineError

FOLDER = ".ocr-pipeline"
_NAME = re.compile(r"ledger-([0-9]{8})-([0-9a-f]{8})-([0-9a-f]{16})\.sqlite")
_KEPT = 2
INTERVAL = 600.0
"""Seconds between two copies: what the next machine would at most read again."""
_SHARE = 20
"""Copies of a large ledger take at most one part in so many of the time."""
_MERGED = ("files", "pages", "documents", "addresses", "objects", "snapshots")


@dataclass(frozen=True)
class Copy:
    """A copy in the store. name: below .ocr-pipeline; digest: the first digits of its SHA-256."""

    number: int
    id: str
    digest: str
    name: str


class Snapshots:
    """The copies of one ledger."""

    def __init__(self, store: Store, ledger: Path) -> None:
        """ledger: the file on this machine, there or not."""
        self._store = store
        self._ledger = ledger
        self._guard = threading.Lock()

    # --- bringing -------------------------------------------------------------------------------------------------

    def bring(self) -> bool:
        """Before the ledger is opened: fetch the newest copy where there is no ledger here, or where another machine
        went on from what is here (what was read here since is kept). Whether something was fetched."""
        copies = self._copies()
        if self._ledger.exists() and copies and copies[0].id in self._known():
            return False
        for copy in copies:
            fetched = self._ledger.with_name("fetched.sqlite")
            fetched.parent.mkdir(parents=True, exist_ok=True)
            self._store.fetch(self._store.path(f"{FOLDER}/{copy.name}"), fetched)
            if file_hash(fetched).startswith(copy.digest):
                with _as_output_error(self._ledger):
                    self._take_in(fetched)
                return True
            fetched.unlink()
        return False

    def _take_in(self, fetched: Path) -> None:
        """Put what is known here alone into the copy, and the copy in the ledger's place. A folder that another machine
        gave to another file meanwhile is that file's."""
        if self._ledger.exists():
            with contextlib.closing(sqlite3.connect(self._ledger)) as own:
                add_tables(own)
                own.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            with contextlib.closing(sqlite3.connect(fetched)) as db, db:
                db.execute("ATTACH ? AS own", (str(self._ledger),))
                add_tables(db)
                for table in _MERGED:
                    db.execute(f"INSERT OR IGNORE INTO {table} SELECT * FROM own.{table}")
        for left in ("-wal", "-shm"):
            self._ledger.with_name(self._ledger.name + left).unlink(missing_ok=True)
        os.replace(fetched, self._ledger)  # noqa: PTH105 (as in export.atomic)

    def _known(self) -> set[str]:
        with _as_output_error(self._ledger), contextlib.closing(sqlite3.connect(self._ledger)) as db:
            add_tables(db)
            return {row[0] for row in db.execute("SELECT id FROM snapshots WHERE id!=?", (UNSENT,)).fetchall()}

    def _copies(self) -> list[Copy]:
        """Those in the store, the newest first."""
        found = (_NAME.fullmatch(name) for name in self._store.entries(FOLDER))
        copies = [Copy(int(match[1]), match[2], match[3], match[0]) for match in found if match]
        return sorted(copies, key=lambda copy: (copy.number, copy.id), reverse=True)

    # --- sending --------------------------------------------------------------------------------------------------

    def send(self) -> None:
        """Put a copy of the ledger as it is now into the store, unless it has one, and remove those older than the one
        before. OutputError."""
        with self._guard, _as_output_error(self._ledger), contextlib.closing(_connected(self._ledger)) as db:
            copies = self._copies()
            last = db.execute("SELECT id FROM snapshots ORDER BY number DESC LIMIT 1").fetchone()
            is_sent = db.execute("SELECT 1 FROM snapshots WHERE id=?", (UNSENT,)).fetchone() is None
            if is_sent and last is not None and copies and copies[0].id == last[0]:
                return
            try:
                self._send_copy(db, copies)
            except BaseException:
                db.execute("INSERT OR IGNORE INTO snapshots VALUES (?, 0)", (UNSENT,))
                raise

    def _send_copy(self, db: sqlite3.Connection, copies: list[Copy]) -> None:
        identity = uuid.uuid4().hex[:8]
        number = 1 + max((copy.number for copy in copies), default=0)
        # Whatever is recorded from here on puts the mark back, be it in the copy or not.
        db.execute("DELETE FROM snapshots WHERE id=?", (UNSENT,))
        db.execute("INSERT INTO snapshots VALUES (?, ?)", (identity, number))
        path = self._ledger.with_name("snapshot.sqlite")
        path.unlink(missing_ok=True)
        with contextlib.closing(sqlite3.connect(path)) as target:
            db.backup(target)
        self._put(path, f"ledger-{number:08}-{identity}-{file_hash(path)[:16]}.sqlite")
        path.unlink()
        for old in copies[_KEPT - 1 :]:
            self._store.remove(self._store.path(f"{FOLDER}/{old.name}"))

    def _put(self, path: Path, name: str) -> None:
        place = self._store.path(f"{FOLDER}/{name}")
        self._store.send(path, place)
        told = self._store.entries(FOLDER).get(name)
        if told is None or told.size not in (path.stat().st_size, None):
            raise OutputError(
                f"The ledger's copy {self._store.address(place)} is not there as it was sent.", "See to the store."
            )

    @contextlib.contextmanager
    def kept_up(self, say: Callable[[str], None], interval: float = INTERVAL) -> Iterator[None]:
        """Send copies from time to time while the block runs. One that fails is told; the next may get through."""
        ending = threading.Event()

        def keep() -> None:
            pause = interval
            while not ending.wait(pause):
                began = time.monotonic()
                try:
                    self.send()
                except (PipelineError, StoppedError) as error:
                    say(f"The ledger could not be copied to the store; it is tried again. {error}")
                pause = max(interval, _SHARE * (time.monotonic() - began))

        thread = threading.Thread(target=keep, name="snapshots", daemon=True)
        thread.start()
        try:
            yield
        finally:
            ending.set()
            thread.join()


def _connected(ledger: Path) -> sqlite3.Connection:
    """A connection beside the batch's own, of which each statement is a transaction."""
    return sqlite3.connect(ledger, timeout=60.0, isolation_level=None)


@contextlib.contextmanager
def _as_output_error(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise OutputError(
            f"The ledger {path} cannot be used: {error}.", "Remove it and run again: its copy in the store is taken."
        ) from error
    except OSError as error:
        raise OutputError(f"The ledger {path} cannot be written: {error.strerror or error}.") from error
