"""What is done: SQLite in the output folder, every step a transaction that is on the disk when it returns.

Pages are keyed by the hash of their file's content and the fingerprint of what read them, so that the same content
under two names is read once and a change of settings is noticed. Documents are keyed by their output folder and carry
the hash of each file written, so that "done" can be verified. Claims keep two batches from working on one content or
one folder at the same time.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from filelock import FileLock

from ocr_pipeline.batch.folders import folder_name
from ocr_pipeline.batch.messages import StoredPage, WrittenFile
from ocr_pipeline.batch.names import Name, as_name, full_name
from ocr_pipeline.batch.owner import Owner
from ocr_pipeline.errors import OutputError

FOLDER = ".ocr-pipeline"
_BUSY_SECONDS = 60.0
"""How long to wait while another batch writes; its transactions take milliseconds."""
_VERSION = 1
_SCHEMA = """
CREATE TABLE IF NOT EXISTS files (
    sha256 TEXT, fingerprint TEXT, page_count INTEGER, exit_code INTEGER, message TEXT,
    PRIMARY KEY (sha256, fingerprint)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS pages (
    sha256 TEXT, fingerprint TEXT, page INTEGER, analysis BLOB, readings BLOB, exit_code INTEGER, message TEXT,
    PRIMARY KEY (sha256, fingerprint, page));
CREATE TABLE IF NOT EXISTS documents (
    folder BLOB PRIMARY KEY, folded BLOB UNIQUE, source BLOB UNIQUE, shown BLOB, sha256 TEXT, fingerprint TEXT,
    formats TEXT, page_count INTEGER, failed_pages INTEGER, tables INTEGER, doubts INTEGER,
    files TEXT, problems TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS claims (name TEXT PRIMARY KEY, owner TEXT) WITHOUT ROWID;
"""


@dataclass(frozen=True)
class Failure:
    """Why a page or a file could not be read. exit_code: of ExitCode."""

    message: str
    exit_code: int


@dataclass(frozen=True)
class DocumentRow:
    """A document written. path: as named then; formats: comma-separated; problems: sentences on formats that could not
    be made."""

    path: Name
    sha256: str
    fingerprint: str
    formats: str
    page_count: int
    failed_pages: int
    tables: int
    doubts: int
    files: tuple[WrittenFile, ...]
    problems: tuple[str, ...] = ()


class Ledger:
    """The ledger of an output folder; a context manager for one process and thread. Every method may raise OutputError
    (disk full, no permission, damaged)."""

    def __init__(self, output: Path) -> None:
        """output: the folder of results; the ledger is in its .ocr-pipeline."""
        self._path = output / FOLDER / "ledger.sqlite"
        with self._as_output_error():
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(self._path, timeout=_BUSY_SECONDS, isolation_level=None)
            # Of two batches that make the ledger at once one waits: SQLite does not, when the journal mode changes.
            with FileLock(self._path.with_name("opening.lock"), timeout=_BUSY_SECONDS):
                self._db.execute("PRAGMA journal_mode=WAL")
                # FULL: a transaction is on the disk when it returns; NORMAL would lose the last ones with the power.
                self._db.execute("PRAGMA synchronous=FULL")
                self._prepare()

    def _prepare(self) -> None:
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version not in (0, _VERSION):
            raise OutputError(
                f"{self._path} was written by another version of ocr-pipeline.", "Use a new output folder."
            )
        if version == 0:
            with self._transaction():
                for statement in _SCHEMA.split(";"):
                    self._db.execute(statement)
                self._db.execute(f"PRAGMA user_version={_VERSION}")

    def close(self) -> None:
        self._db.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- files and pages ------------------------------------------------------------------------------------------

    def page_count(self, sha256: str, fingerprint: str) -> int | Failure | None:
        """The number of pages of that content, why it could not be opened, None where nobody has tried."""
        row = self._one(
            "SELECT page_count, message, exit_code FROM files WHERE sha256=? AND fingerprint=?", sha256, fingerprint
        )
        if row is None:
            return None
        return int(row[0]) if row[0] is not None else Failure(row[1], row[2])

    def record_file(self, sha256: str, fingerprint: str, outcome: int | Failure) -> None:
        """outcome: the number of pages, or why it cannot be opened."""
        failure = outcome if isinstance(outcome, Failure) else None
        values = (
            None if failure else outcome,
            failure.exit_code if failure else None,
            failure.message if failure else None,
        )
        self._write("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?)", sha256, fingerprint, *values)

    def pages(self, sha256: str, fingerprint: str) -> dict[int, Failure | None]:
        """The pages settled, by 0-based index: None where it is read, else why it failed."""
        rows = self._all(
            "SELECT page, message, exit_code FROM pages WHERE sha256=? AND fingerprint=?", sha256, fingerprint
        )
        return {page: None if message is None else Failure(message, code) for page, message, code in rows}

    def load_page(self, sha256: str, fingerprint: str, page: int) -> StoredPage:
        """A page that is read. KeyError for others."""
        query = "SELECT analysis, readings FROM pages WHERE sha256=? AND fingerprint=? AND page=? AND message IS NULL"
        row = self._one(query, sha256, fingerprint, page)
        if row is None:
            raise KeyError(f"page index {page} of {sha256} is not in the ledger")
        return StoredPage(row[0], row[1])

    def record_page(self, sha256: str, fingerprint: str, page: int, outcome: StoredPage | Failure) -> None:
        """page: 0-based index."""
        stored = (outcome.analysis, outcome.readings) if isinstance(outcome, StoredPage) else (None, None)
        failure = (outcome.exit_code, outcome.message) if isinstance(outcome, Failure) else (None, None)
        self._write(
            "INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?, ?, ?, ?)", sha256, fingerprint, page, *stored, *failure
        )

    def forget_failures(self, sha256: str, fingerprint: str) -> None:
        """So that what failed is tried again; the documents made without it are no longer up to date."""
        with self._transaction():
            for table in ("files", "pages"):
                self._db.execute(
                    f"DELETE FROM {table} WHERE sha256=? AND fingerprint=? AND message IS NOT NULL",
                    (sha256, fingerprint),
                )
            self._db.execute(
                "UPDATE documents SET fingerprint=NULL WHERE sha256=? AND (failed_pages>0 OR problems!='[]')", (sha256,)
            )

    # --- documents ------------------------------------------------------------------------------------------------

    def assign_folders(self, inputs: Sequence[tuple[Name, str]]) -> list[str]:
        """A folder name for each (path, sha256), the same in every run for the same path.

        A new file takes its stem; where another file has that, the stem with a part of the content's hash. A file that
        was moved (its content is known under a path that is no more) keeps its folder.
        """
        with self._transaction():
            return [self._assign(path, sha256) for path, sha256 in inputs]

    def _assign(self, path: Name, sha256: str) -> str:
        source = full_name(path)
        row = self._db.execute("SELECT folder FROM documents WHERE source=?", (source,)).fetchone()
        if row is not None:
            return os.fsdecode(row[0])
        for folder, old in self._db.execute(
            "SELECT folder, source FROM documents WHERE sha256=?", (sha256,)
        ).fetchall():
            known = as_name(os.fsdecode(old))
            if known.stem == path.stem and not self._is_there(known):
                self._db.execute("UPDATE documents SET source=? WHERE folder=?", (source, folder))
                return os.fsdecode(folder)
        name = folder_name(path.stem, sha256, self._is_taken)
        self._db.execute(
            "INSERT INTO documents (folder, folded, source) VALUES (?, ?, ?)",
            (_as_bytes(name), _as_bytes(name.casefold()), source),
        )
        return name

    def _is_there(self, name: Name) -> bool:
        """Whether a file is still where it was."""
        return not isinstance(name, Path) or name.exists()

    def _is_taken(self, folded: str) -> bool:
        row = self._db.execute("SELECT 1 FROM documents WHERE folded=?", (_as_bytes(folded),)).fetchone()
        return row is not None

    def document(self, folder: str) -> DocumentRow | None:
        """What was written to that folder, None where nothing has been finished."""
        columns = "shown, sha256, fingerprint, formats, page_count, failed_pages, tables, doubts, files, problems"
        row = self._one(f"SELECT {columns} FROM documents WHERE folder=?", _as_bytes(folder))
        if row is None or row[8] is None:
            return None
        files = tuple(WrittenFile(name, digest) for name, digest in json.loads(row[8]))
        path, problems = as_name(os.fsdecode(row[0])), tuple(json.loads(row[9]))
        return DocumentRow(path, row[1], row[2] or "", row[3], row[4], row[5], row[6], row[7], files, problems)

    def record_document(self, folder: str, done: DocumentRow) -> None:
        """Note that the document is written, whole and on the disk."""
        self._write(
            "UPDATE documents SET shown=?, sha256=?, fingerprint=?, formats=?, page_count=?, failed_pages=?, tables=?,"
            " doubts=?, files=?, problems=? WHERE folder=?",
            _as_bytes(done.path),
            done.sha256,
            done.fingerprint,
            done.formats,
            done.page_count,
            done.failed_pages,
            done.tables,
            done.doubts,
            json.dumps([(file.name, file.sha256) for file in done.files]),
            json.dumps(done.problems),
            _as_bytes(folder),
        )

    # --- claims ---------------------------------------------------------------------------------------------------

    def claim(self, names: Sequence[str], owner: Owner) -> bool:
        """Take all these names for the owner, or none where a batch that is alive has one of them."""
        with self._transaction():
            for name in names:
                row = self._db.execute("SELECT owner FROM claims WHERE name=?", (name,)).fetchone()
                if row is not None and owner.is_alive(row[0]) and row[0] != owner.name:
                    return False
            self._db.executemany("INSERT OR REPLACE INTO claims VALUES (?, ?)", [(name, owner.name) for name in names])
        return True

    def release(self, names: Iterable[str], owner: Owner) -> None:
        """Give the names back."""
        with self._transaction():
            self._db.executemany("DELETE FROM claims WHERE name=? AND owner=?", [(name, owner.name) for name in names])

    # --- below ----------------------------------------------------------------------------------------------------

    def _one(self, query: str, *values: object) -> tuple[Any, ...] | None:
        with self._as_output_error():
            return self._db.execute(query, values).fetchone()

    def _all(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with self._as_output_error():
            return self._db.execute(query, values).fetchall()

    def _write(self, query: str, *values: object) -> None:
        with self._transaction():
            self._db.execute(query, values)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._as_output_error():
            # IMMEDIATE: wait for the other writer now; a transaction that starts as a reader could only fail later.
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:  # a full disk rolls back by itself
                    self._db.execute("ROLLBACK")
                raise

    @contextmanager
    def _as_output_error(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            raise OutputError(f"The ledger {self._path} cannot be written: {error}.") from error
        except sqlite3.DatabaseError as error:
            raise OutputError(
                f"The ledger {self._path} is damaged: {error}.",
                f"Remove the folder {self._path.parent} and run again; what was read is then read anew.",
            ) from error
        except OSError as error:
            raise OutputError(f"{self._path} cannot be made: {error.strerror or error}.") from error


def _as_bytes(path: Path | str) -> bytes:
    """File names need not be text."""
    return os.fsencode(path)
