"""What people name on the command line, as a list of files: folders, patterns, lists, files."""

from __future__ import annotations

import glob
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from ocr_pipeline.errors import ExitCode, PipelineError

SUFFIXES = frozenset({".pdf", ".tif", ".tiff", ".jpg", ".jpeg", ".png"})
"""What is taken from a folder. A file named by itself is taken whatever it is called."""


class NothingToReadError(PipelineError):
    """The paths name no file at all."""

    exit_code = ExitCode.BAD_ARGUMENTS
    remedy = f"Folders are searched for {', '.join(sorted(SUFFIXES))}."


def find_inputs(names: Sequence[str], output: Path) -> list[Path]:
    """The files meant, each once, in the order named (a folder's files sorted by path); none below the output folder.

    A name is a file, a folder (searched through all levels, without hidden files and links to folders), a pattern with
    * ? [ or **, or @LIST: a text file with one such name a line (@- for standard input; # starts a comment line).
    A file that is not there is kept: reading it says so. NothingToReadError when nothing is left.
    """
    found: dict[Path, None] = {}
    own = output.resolve()
    for path in _files(names):
        if not path.resolve().is_relative_to(own):
            found.setdefault(Path(os.path.normpath(path)))
    if not found:
        raise NothingToReadError(f"There is no file to read in: {', '.join(names)}.")
    return list(found)


def _files(names: Iterable[str]) -> Iterator[Path]:
    for name in names:
        path = Path(name)
        if path.is_dir():
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
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8-sig", errors="surrogateescape")
    except OSError as error:
        raise NothingToReadError(f"The list {name} cannot be read: {error.strerror or error}.", "") from error
    lines = (line.strip() for line in text.splitlines())
    # A list within a list could name itself.
    return [line for line in lines if line and not line.startswith(("#", "@"))]
