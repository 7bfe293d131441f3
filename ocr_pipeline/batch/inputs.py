"""What people name on the command line, as a list of files: folders, patterns, lists, files."""

from __future__ import annotations

import glob
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ocr_pipeline.batch.names import is_url, without_secrets
from ocr_pipeline.errors import ExitCode, PipelineError

if TYPE_CHECKING:
    from ocr_pipeline.batch.stores.store import Remote

SUFFIXES = frozenset({".pdf", ".tif", ".tiff", ".jpg", ".jpeg", ".png"})
"""What is taken from a folder. A file named by itself is taken whatever it is called."""


class NothingToReadError(PipelineError):
    """The paths name no file at all."""

    exit_code = ExitCode.BAD_ARGUMENTS
    remedy = f"Folders are searched for {', '.join(sorted(SUFFIXES))}."


def find_inputs(names: Sequence[str], output: Path | str) -> list[Path | Remote]:
    """The files meant, each once, in the order named (a folder's files sorted by path); none below the output folder.

    A name is a file, a folder (searched through all levels, without hidden files and links to folders), a pattern with
    * ? [ or **, any of them as an address in a store (s3://bucket/in/*.pdf), or @LIST: a text file with one such name a
    line (@- for standard input; # starts a comment line). A file that is not there is kept: reading it says so.
    NothingToReadError when nothing is left; AddressError, InputFileError for a store that cannot be searched.
    """
    found: dict[object, Path | Remote] = {}
    own = output.resolve() if isinstance(output, Path) else output
    for path in _files(names):
        if isinstance(path, Path):
            if not (isinstance(own, Path) and path.resolve().is_relative_to(own)):
                normal = Path(os.path.normpath(path))
                found.setdefault(normal, normal)
        elif not (isinstance(own, str) and path.address.startswith(without_secrets(own).rstrip("/") + "/")):
            found.setdefault(path.address, path)
    if not found:
        raise NothingToReadError(f"There is no file to read in: {without_secrets(', '.join(names))}.")
    return list(found.values())


def _files(names: Iterable[str]) -> Iterator[Path | Remote]:
    for name in names:
        path = Path(name)
        if is_url(name):
            from ocr_pipeline.batch.stores.listing import find_remote

            yield from find_remote(name, SUFFIXES)
        elif path.is_dir():
            yield from _folder(path)
        elif name.startswith("@") and not path.exists():
            yield from _files(_lines(name[1:]))
        elif glob.has_magic(name) and not path.exists():
            for match in sorted(glob.glob(name, recursive=True)):  # noqa: PTH207 (patterns may be absolute)
                yield from _files([match])
        else:
            yield path


def _folder(root: Path) -> Iterator[Path]:
    closed: list[OSError] = []
    for folder, below, names in os.walk(root, onerror=closed.append):
        below[:] = sorted(name for name in below if not name.startswith("."))
        for name in sorted(names):
            if Path(name).suffix.lower() in SUFFIXES and not name.startswith("."):
                yield Path(folder) / name
    # A folder that cannot be searched is named like a file that cannot be read, not passed over.
    yield from (Path(os.fsdecode(error.filename)) for error in closed)


def _lines(name: str) -> list[str]:
    if name == "-" and sys.stdin is None:
        raise NothingToReadError("The list cannot be read: standard input is closed.", "")
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8-sig", errors="surrogateescape")
    except OSError as error:
        raise NothingToReadError(f"The list {name} cannot be read: {error.strerror or error}.", "") from error
    lines = (line.strip() for line in text.splitlines())
    # A list within a list could name itself.
    return [line for line in lines if line and not line.startswith(("#", "@"))]
