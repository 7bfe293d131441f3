"""Which folder each file's results go to."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path


def result_folders(paths: Sequence[Path], output: Path) -> list[Path]:
    """A folder for each file, named after it; of files with the same stem, the second and on get a suffix from their
    content, so that none overwrites another's results and a later run chooses the same names."""
    taken: set[str] = set()
    folders = []
    for path in paths:
        name = path.stem
        if name.casefold() in taken:
            name = f"{path.stem}-{_digest(path)}"
        base, number = name, 2
        while name.casefold() in taken:  # the same content under the same stem
            name, number = f"{base}-{number}", number + 1
        taken.add(name.casefold())
        folders.append(output / name)
    return folders


def _digest(path: Path) -> str:
    """Eight hex digits of the file's content, or of its name where it cannot be read (the reading will say why)."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()[:8]
    except (OSError, ValueError):
        return hashlib.sha256(str(path).encode("utf-8", "surrogateescape")).hexdigest()[:8]
