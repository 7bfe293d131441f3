"""What an earlier run left in a folder of results: of which source it is, and which files are ours to remove."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ocr_pipeline.export.atomic import make_folder, remove_file, write_atomic

if TYPE_CHECKING:
    from ocr_pipeline.document import Document, SourceInfo

RECORD = ".source.json"
"""Names the source while results are being written, and for good where there is no document.json to name it."""
_SCHEMA = "ocr-pipeline-source/1"
_DOCUMENT, _PROFILE = "document.json", "profile.json"
_FILES = {
    "json": _DOCUMENT,
    "md": "document.md",
    "html": "document.html",
    "docx": "document.docx",
    "xlsx": "tables.xlsx",
    "review": "review.html",
    "pdf": "searchable.pdf",
    "profile": _PROFILE,
}
_FOLDERS = {
    "csv": ("tables", re.compile(r"t[1-9][0-9]*\.csv")),
    "figures": ("figures", re.compile(r"p[1-9][0-9]*-[1-9][0-9]*\.png")),
    "draw": ("draw", re.compile(r"page-[0-9]{3,}-[a-z]+\.jpg")),
}


@dataclass(frozen=True)
class Earlier:
    """The source of the results in a folder; both are empty where nothing says it."""

    path: str
    sha256: str

    def is_of(self, path: Path, sha256: str) -> bool:
        """Whether it is this file: by its content where that is on record, else by its name."""
        return self.sha256 == sha256 if self.sha256 else bool(self.path) and self.path == str(path)


def earlier_source(folder: Path) -> Earlier | None:
    """The source of the results in a folder; None where it holds no results of ours."""
    for name in (RECORD, _DOCUMENT):
        with contextlib.suppress(OSError, ValueError, RecursionError):
            data = json.loads((folder / name).read_bytes())
            source = data.get("source") if isinstance(data, dict) else None
            if isinstance(source, dict):
                return Earlier(str(source.get("path") or ""), str(source.get("sha256") or ""))
    return Earlier("", "") if any(_ours(folder)) else None


@contextlib.contextmanager
def on_record(folder: Path, source: SourceInfo) -> Iterator[None]:
    """Say whose results these are while they are written, and after that where no document.json does. OutputError."""
    make_folder(folder)
    _write_record(folder, source, complete=False)
    yield
    if (folder / _DOCUMENT).is_file():
        remove_file(folder / RECORD)
    else:
        _write_record(folder, source, complete=True)


def _write_record(folder: Path, source: SourceInfo, *, complete: bool) -> None:
    from ocr_pipeline.export.json import well_formed

    said = {"path": well_formed(source.path), "sha256": source.sha256}
    content = json.dumps({"schema": _SCHEMA, "complete": complete, "source": said}, ensure_ascii=False)
    write_atomic(folder / RECORD, f"{content}\n".encode())


def remove_leftovers(document: Document, folder: Path, formats: Collection[str], drawings: Sequence[str]) -> list[Path]:
    """Remove what an earlier run wrote into the folder and this one does not write again. OutputError.

    Returns what a person has changed since it was written: that is kept.
    """
    if earlier_source(folder) in (None, Earlier("", "")):
        return []
    whole, cut_off = _time_of_hands(folder)
    drawn = {f"page-{page.index + 1:03}-{name}.jpg" for page in document.pages for name in drawings}
    kept = []
    for kind, path in list(_ours(folder)):
        if kind in formats or path.name in drawn:
            continue
        if path.name != _PROFILE and whole < path.stat().st_mtime_ns < cut_off:
            kept.append(path)
        else:
            remove_file(path)
    for name, _ in _FOLDERS.values():
        with contextlib.suppress(OSError):  # not there, or not empty
            (folder / name).rmdir()
    return kept


def _time_of_hands(folder: Path) -> tuple[int, int]:
    """The time, in nanoseconds, in which what was changed was not changed by us: after the results were whole, and
    before a run began that was cut off."""
    written = _changed(folder / _DOCUMENT)
    began = _changed(folder / RECORD)
    if began is None:
        return (_NEVER if written is None else written), _NEVER
    if _is_complete(folder / RECORD):
        return began, _NEVER
    return (_NEVER if written is None else written), began


_NEVER = 1 << 80


def _is_complete(record: Path) -> bool:
    with contextlib.suppress(OSError, ValueError, AttributeError):
        return json.loads(record.read_bytes()).get("complete") is True
    return False


def _changed(path: Path) -> int | None:
    with contextlib.suppress(OSError):
        return path.stat().st_mtime_ns
    return None


def _ours(folder: Path) -> Iterator[tuple[str, Path]]:
    """The files there that bear a name this program gives, with the format each belongs to."""
    for kind, name in _FILES.items():
        if (folder / name).is_file():
            yield kind, folder / name
    for kind, (name, pattern) in _FOLDERS.items():
        for path in sorted((folder / name).glob("*")):
            if pattern.fullmatch(path.name) and path.is_file():
                yield kind, path
