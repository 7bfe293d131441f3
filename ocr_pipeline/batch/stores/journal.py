"""The ledger of a batch that has to do with stores: what was seen there, beside what is done."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ocr_pipeline.batch.ledger import Ledger
from ocr_pipeline.batch.names import Address, Name
from ocr_pipeline.batch.stores.entry import Entry

SCHEMA = """
CREATE TABLE IF NOT EXISTS addresses (address TEXT PRIMARY KEY, token TEXT, size INTEGER, sha256 TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS objects (folder TEXT PRIMARY KEY, files TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS snapshots (id TEXT PRIMARY KEY, number INTEGER) WITHOUT ROWID;
"""
"""addresses: the content of inputs as it was when they had that token; objects: the files of each document as the store
told of them when they had been checked; snapshots: the copies of this ledger in the store that what is in it comes
from, and UNSENT while there is more in it than in any of them."""
UNSENT = "unsent"


@dataclass(frozen=True)
class Kept:
    """A file of a document in the store. sha256: of what was sent; size and token: as the store told after it was
    checked, the token empty while it is on its way."""

    sha256: str
    size: int | None
    token: str


class Journal(Ledger):
    """The ledger, and the tables beside it."""

    def __init__(self, folder: Path, exists: Callable[[Address], bool] = lambda address: True) -> None:
        """folder: see Ledger; exists: whether a file is still at an address it was once read from."""
        super().__init__(folder)
        with self._transaction():
            add_tables(self._db)
        self._exists = exists

    def known_hash(self, address: str, seen: Entry | None) -> str | None:
        """SHA-256 of the content there, where the store told the same of it before as it does now."""
        if seen is None or not seen.token:
            return None
        row = self._one("SELECT token, size, sha256 FROM addresses WHERE address=?", address)
        return str(row[2]) if row is not None and (row[0], row[1]) == (seen.token, seen.size) else None

    def record_hash(self, address: str, seen: Entry | None, sha256: str) -> None:
        """seen: what was told before the file was fetched: if it changed meanwhile, the next look tells."""
        if seen is not None and seen.token:
            query = "INSERT OR REPLACE INTO addresses VALUES (?, ?, ?, ?)"
            self._write(query, address, seen.token, seen.size, sha256)

    def objects(self, folder: str) -> dict[str, Kept]:
        """The files known in a document's folder of the store, by name."""
        row = self._one("SELECT files FROM objects WHERE folder=?", folder)
        return {name: Kept(*values) for name, values in json.loads(row[0]).items()} if row is not None else {}

    def expect_objects(self, folder: str, names: Iterable[str]) -> set[str]:
        """Note that files are on their way there. Returns the names of what may be there from before."""
        before = set(self.objects(folder))
        on_their_way = dict.fromkeys(sorted(before.union(names)), Kept("", None, ""))
        self.record_objects(folder, on_their_way)
        return before

    def record_objects(self, folder: str, files: Mapping[str, Kept]) -> None:
        """Note that these files are there and checked."""
        told = {name: (kept.sha256, kept.size, kept.token) for name, kept in files.items()}
        self._write("INSERT OR REPLACE INTO objects VALUES (?, ?)", folder, json.dumps(told))

    def _is_there(self, name: Name) -> bool:
        return self._exists(name) if isinstance(name, Address) else super()._is_there(name)

    def _write(self, query: str, *values: object) -> None:
        with self._transaction():
            self._db.execute("INSERT OR IGNORE INTO snapshots VALUES (?, 0)", (UNSENT,))
            self._db.execute(query, values)


def add_tables(db: sqlite3.Connection) -> None:
    """In the transaction that is open."""
    for statement in SCHEMA.split(";"):
        db.execute(statement)
