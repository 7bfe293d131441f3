"""The hash of every file, before anything is read."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from ocr_pipeline.batch.ledger import Failure
from ocr_pipeline.errors import InputFileError
from ocr_pipeline.source.file import input_error, require_file

_THREADS = 4
"""Hashing leaves the interpreter's lock alone; four readers keep a disk or a file server busy."""


@dataclass(frozen=True)
class Scanned:
    """files: path and SHA-256 of those that can be read; unreadable: the others, and why."""

    files: tuple[tuple[Path, str], ...]
    unreadable: tuple[tuple[Path, Failure], ...]


def scan(paths: Sequence[Path], progress: Callable[[int], None] | None = None) -> Scanned:
    """Hash all files, in the order given. progress: called with the number done."""
    files: list[tuple[Path, str]] = []
    unreadable: list[tuple[Path, Failure]] = []
    with ThreadPoolExecutor(_THREADS) as threads:
        for number, (path, found) in enumerate(zip(paths, threads.map(hash_input, paths), strict=True), start=1):
            if isinstance(found, Failure):
                unreadable.append((path, found))
            else:
                files.append((path, found))
            if progress is not None:
                progress(number)
    return Scanned(tuple(files), tuple(unreadable))


def hash_input(path: Path) -> str | Failure:
    """SHA-256, hex, of a file; or why it cannot be read."""
    try:
        if path.is_dir():  # named by the search of the folders above it, which it ended
            return _failure(
                InputFileError(f"The folder {path} may not be searched.", "Ask for permission (chmod +rx).")
            )
        require_file(path)
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except InputFileError as error:
        return _failure(error)
    except (OSError, ValueError) as error:
        return _failure(input_error(path, error))


def _failure(error: InputFileError) -> Failure:
    return Failure(str(error), error.exit_code)
