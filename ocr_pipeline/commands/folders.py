"""Which folder each file's results go to."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ocr_pipeline.commands.earlier import earlier_source
from ocr_pipeline.errors import InputFileError
from ocr_pipeline.wording import shown


@dataclass(frozen=True)
class Place:
    """The folder for one file's results. remark: a sentence where it is not the one that people expect."""

    folder: Path
    remark: str = ""


def result_folders(paths: Sequence[Path], output: Path) -> list[Place]:
    """A folder for each file, named after it; where that is taken, with a suffix from the file's content.

    Taken is a name by another file with the same stem, of this run or of an earlier one: none overwrites another's
    results. The same content finds the folder again that it had before.
    """
    taken: set[str] = set()
    places = []
    for path in paths:
        place = _place(path, output, taken)
        taken.add(place.folder.name.casefold())
        places.append(place)
    return places


def _place(path: Path, output: Path, taken: set[str]) -> Place:
    remark, content = "", ""
    name, number = path.stem, 1
    while True:
        folder = output / name
        if name.casefold() not in taken:
            earlier = earlier_source(folder)
            content = content or (_digest(path) if earlier else "")
            if earlier is None or not content or earlier.is_of(path, content):
                return Place(folder, f"{remark}, so these go to {shown(folder)}." if remark else "")
            whose = f"another file ({shown(earlier.path)})" if earlier.path else "a source that is not on record"
            remark = remark or f"{shown(path)}: {shown(folder)} holds the results of {whose}"
        content = content or _digest(path)
        suffix = (content or hashlib.sha256(str(path).encode("utf-8", "surrogateescape")).hexdigest())[:8]
        name = f"{path.stem}-{suffix}" if number == 1 else f"{path.stem}-{suffix}-{number}"
        number += 1


def _digest(path: Path) -> str:
    """SHA-256 of the file's content, hex; empty where it cannot be read (the reading will say why)."""
    from ocr_pipeline.source.file import require_file

    try:
        require_file(path)
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except (OSError, ValueError, InputFileError):
        return ""
