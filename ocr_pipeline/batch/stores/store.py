"""A folder in a store: its files listed, fetched, sent and checked, its failures in sentences without credentials."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from ocr_pipeline.batch.names import Address, is_url, without_secrets
from ocr_pipeline.batch.stores.entry import Entry, entry
from ocr_pipeline.batch.stores.opening import first_line, open_url
from ocr_pipeline.errors import OutputError, PipelineError

_T = TypeVar("_T")
_PAUSES = (1.0, 2.0, 4.0, 8.0, 16.0)
"""Seconds between attempts: half a minute in all, what a store or a line needs to come back; clients retry too."""
_DISK_ERRORS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})
_WITHOUT_FOLDERS = frozenset({"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "adl", "oss", "memory"})
"""Object stores: a folder is part of a name. To make one there could make a bucket that was merely misspelt."""
_CONDITIONAL = frozenset({"s3", "s3a", "gs", "gcs", "memory"})
"""Where a file is made only if there is none, in one step, by pipe_file(mode="create")."""
_SECRET_OPTIONS = re.compile("key|secret|pass|token|cred|connection|sas|auth", re.IGNORECASE)
_CHUNK = 1 << 20


class StoppedError(Exception):
    """The batch ends; what was on its way is left."""


_LASTING = (FileNotFoundError, FileExistsError, PermissionError, IsADirectoryError, NotADirectoryError,
    NotImplementedError, PipelineError, StoppedError)  # fmt: skip


class Store:
    """A folder at a URL. Its methods may be called in any thread; where they fail they raise the class of error given,
    in a sentence that names the file and never a credential."""

    def __init__(self, url: str, error: type[PipelineError], pauses: tuple[float, ...] = _PAUSES) -> None:
        """error: the class of what is raised; pauses: seconds between attempts. AddressError."""
        self.fs, self.root = open_url(url)
        self.shown = Address(without_secrets(url).rstrip("/") if not url.endswith("://") else url)
        self._error = error
        self._pauses = pauses
        self._stop = threading.Event()
        self._made: set[str] = set()
        whole = without_secrets(self.root)
        self._head = self.shown[: -len(whole)] if whole and self.shown.endswith(whole) else None

    # --- names ----------------------------------------------------------------------------------------------------

    def path(self, name: str) -> str:
        """The path in the file system of a file below the folder."""
        return f"{self.root.rstrip('/')}/{name}" if self.root else name

    def address(self, path: str) -> Address:
        """The address of a path in the file system as people are told it."""
        shown = without_secrets(path)
        if is_url(shown):  # HTTP's paths are addresses
            return Address(shown)
        return Address(
            self._head + shown if self._head is not None else without_secrets(self.fs.unstrip_protocol(path))
        )

    @property
    def is_conditional(self) -> bool:
        """Whether create() is one step."""
        return not _CONDITIONAL.isdisjoint(protocols(self.fs))

    # --- looking --------------------------------------------------------------------------------------------------

    def below(self, path: str) -> dict[str, Mapping[str, object]]:
        """What fsspec says of each file below a path of the file system, at all levels."""

        def find() -> dict[str, Mapping[str, object]]:
            self.fs.invalidate_cache()
            try:
                found: dict[str, Mapping[str, object]] = self.fs.find(path, detail=True)
            except FileNotFoundError:
                return {}
            # Of a path that is a file some say that it is below itself.
            return {name: info for name, info in found.items() if name != path and info.get("type") != "directory"}

        return self._try(path, "listed", find)

    def glob(self, pattern: str) -> dict[str, Mapping[str, object]]:
        """What fsspec says of each file and folder that matches."""

        def match() -> dict[str, Mapping[str, object]]:
            self.fs.invalidate_cache()
            found: dict[str, Mapping[str, object]] = self.fs.glob(pattern, detail=True)
            return found

        return self._try(pattern, "listed", match)

    def is_folder(self, path: str) -> bool:
        """Whether a path is a folder."""
        return self._try(path, "read", lambda: bool(self.fs.isdir(path)))

    def info(self, path: str) -> Mapping[str, object] | None:
        """What fsspec says of a file, None where there is none."""

        def ask() -> Mapping[str, object] | None:
            self.fs.invalidate_cache()
            try:
                told: Mapping[str, object] = self.fs.info(path)
            except FileNotFoundError:
                return None
            return told

        return self._try(path, "read", ask)

    def must_be_listable(self, path: str) -> None:
        """Raise what keeps a folder from being listed: fsspec passes over folders that may not be searched."""

        def ls() -> None:
            with contextlib.suppress(FileNotFoundError):
                self.fs.ls(path, detail=False)

        self._try(path, "listed", ls)

    def entries(self, folder: str) -> dict[str, Entry]:
        """What is in a folder below this one, by name relative to it."""
        top = self.path(folder).rstrip("/") + "/"
        return {name[len(top) :]: entry(info) for name, info in self.below(top[:-1]).items() if name.startswith(top)}

    def digest(self, path: str) -> str:
        """SHA-256, hex, of a file's content as it is read back."""

        def read() -> str:
            digest = hashlib.sha256()
            with self.fs.open(path, "rb") as stream:
                while chunk := stream.read(_CHUNK):
                    self.check()
                    digest.update(chunk)
            return digest.hexdigest()

        return self._try(path, "read", read)

    # --- moving ---------------------------------------------------------------------------------------------------

    def fetch(self, path: str, to: Path) -> None:
        """Copy a file of the store to this machine."""
        self._try(path, "read", lambda: self.fs.get_file(path, str(to), callback=self._callback()))

    def send(self, source: Path, path: str) -> None:
        """Copy a file of this machine to the store, over whatever is there."""

        def put() -> None:
            self._make_parent(path)
            self.fs.put_file(str(source), path, callback=self._callback())

        self._try(path, "written", put)

    def read(self, path: str) -> bytes | None:
        """A small file, None where there is none."""

        def cat() -> bytes | None:
            self.fs.invalidate_cache()
            try:
                content: bytes = self.fs.cat_file(path)
            except FileNotFoundError:
                return None
            return content

        return self._try(path, "read", cat)

    def write(self, path: str, content: bytes) -> None:
        """A small file, over whatever is there."""

        def pipe() -> None:
            self._make_parent(path)
            self.fs.pipe_file(path, content)

        self._try(path, "written", pipe)

    def create(self, path: str, content: bytes) -> bool:
        """A small file where there is none yet; whether that was so (as one step where is_conditional)."""

        def pipe() -> bool:
            self._make_parent(path)
            try:
                self.fs.pipe_file(path, content, mode="create")
            except FileExistsError:
                return False
            return True

        return self._try(path, "written", pipe)

    def remove(self, path: str) -> None:
        """A file, if it is there."""

        def rm() -> None:
            with contextlib.suppress(FileNotFoundError):
                self.fs.rm_file(path)

        self._try(path, "removed", rm)

    # --- ending ---------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """After stop(): go on."""
        self._stop.clear()

    def hurry(self) -> None:
        """One attempt is enough from here on: the batch has failed already."""
        self._pauses = ()

    def stop(self) -> None:
        """Have all that is on its way through this object end with StoppedError."""
        self._stop.set()

    def check(self) -> None:
        """StoppedError where stop() was called."""
        if self._stop.is_set():
            raise StoppedError

    # --- below ----------------------------------------------------------------------------------------------------

    def _callback(self) -> Any:
        from fsspec.callbacks import Callback

        return Callback(hooks={"stop": lambda *_, **__: self.check()})

    def _make_parent(self, path: str) -> None:
        parent = path.rpartition("/")[0]
        if parent and parent not in self._made and _WITHOUT_FOLDERS.isdisjoint(protocols(self.fs)):
            self.fs.makedirs(parent, exist_ok=True)
            self._made.add(parent)

    def _try(self, path: str, done: str, action: Callable[[], _T]) -> _T:
        with self._told(path, done):
            for pause in self._pauses:
                self.check()
                try:
                    return action()
                except Exception as error:
                    if _is_lasting(error):
                        raise
                self._stop.wait(pause)
            self.check()
            return action()

    @contextmanager
    def _told(self, path: str, done: str) -> Iterator[None]:
        """Whatever goes wrong as a sentence; not chained, for a traceback would show the credentials after all."""
        try:
            yield
        except (PipelineError, StoppedError):
            raise
        except Exception as error:
            raise self.failure(path, done, error) from None

    def failure(self, path: str, done: str, error: Exception) -> PipelineError:
        """The error to raise for an exception of the file system. done: what could not be (read, written)."""
        address, protocol = self.address(path), protocols(self.fs)[0]
        credentials = f"Check the credentials for {protocol}:// on this machine, and what they permit."
        if isinstance(error, FileNotFoundError) and done == "written":
            return self._error(
                f"{address} cannot be written: there is no such place.", "Make the bucket or folder first."
            )
        if isinstance(error, FileNotFoundError):
            return self._error(f"There is nothing at {address}.", "Check the address.")
        if isinstance(error, PermissionError):
            return self._error(f"{address} may not be {done}.", credentials)
        if isinstance(error, OSError) and error.errno in _DISK_ERRORS:
            return OutputError(f"{address} cannot be {done}: {os.strerror(error.errno)}.", "Make room and run again.")
        told = self._without_options(without_secrets(first_line(error)))
        remedy = credentials if "credential" in f"{type(error).__name__}{told}".lower() else "Try again later."
        return self._error(f"{address} cannot be {done}: {type(error).__name__}: {told}.", remedy)

    def _without_options(self, text: str) -> str:
        """Without the values of options that hold credentials, should an exception repeat them."""
        for options in (fs.storage_options for fs in _layers(self.fs)):
            for name, value in options.items():
                if _SECRET_OPTIONS.search(name) and isinstance(value, str) and len(value) > 3:
                    text = text.replace(value, "***")
        return text


def _is_lasting(error: Exception) -> bool:
    """Whether no second attempt helps."""
    if isinstance(error, _LASTING) or "Credential" in type(error).__name__:
        return True
    return isinstance(error, OSError) and error.errno in _DISK_ERRORS


def protocols(fs: Any) -> tuple[str, ...]:
    """The names of a file system, and of those it is a view of."""
    names: list[str] = []
    for layer in _layers(fs):
        names += [layer.protocol] if isinstance(layer.protocol, str) else layer.protocol
    return tuple(names)


def _layers(fs: Any) -> Iterator[Any]:
    """A file system, and those below it (dir::, simplecache::)."""
    while fs is not None:
        yield fs
        fs = getattr(fs, "fs", None)


@dataclass(frozen=True)
class Remote:
    """A file of a store to be read. path: in its file system; entry: what was told of it when it was listed, None for
    one that nobody has seen."""

    store: Store
    path: str
    address: Address
    entry: Entry | None = None
