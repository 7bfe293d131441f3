"""A folder of processed filings: finding them, naming them, and what is left to do in each.

Filings are known to the outside by a hash of their place, never by a path, and every access checks again that the file
lies inside the folder, whatever links are in it.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

from ocr_pipeline.document import Document
from ocr_pipeline.errors import InputFileError, PipelineError
from ocr_pipeline.export import load_document
from ocr_pipeline.export.atomic import write_atomic
from ocr_pipeline.review.corrections import Corrections, apply_corrections, corrections_json, read_corrections
from ocr_pipeline.review.pictures import PagePictures, pictures_of

DOCUMENT, CORRECTIONS, PAGE = "document.json", "corrections.json", "review.html"
_SHELF_DEPTH = 4
"""Folders below the served one that are searched: filings lie in <stem>, at most by year and county above."""


class UnknownFilingError(KeyError):
    """No filing of the folder has that id."""


@dataclass(frozen=True, slots=True)
class Summary:
    """One line of the list. title, name: of the document and its file; doubts: readings nobody has settled yet; broken:
    checks that fail with the corrections put in; problem: why it cannot be opened, empty otherwise."""

    id: str
    name: str
    title: str
    pages: int
    doubts: int
    broken: int
    done: bool
    begun: bool
    problem: str = ""


class Shelf:
    """The filings below one folder. Safe to use from several threads."""

    def __init__(self, root: Path) -> None:
        """InputFileError when root is no folder."""
        if not root.is_dir():
            raise InputFileError(
                f"{root} is not a folder.", "Give the folder that ocr-pipeline run wrote to (option -o)."
            )
        self._root = root.resolve()
        self._lock = threading.Lock()
        self._known: dict[str, tuple[object, Summary]] = {}

    def summaries(self) -> list[Summary]:
        """Every filing, by its place in the folder. Files that did not change are not read again."""
        return [self._summary(key, folder) for key, folder in self._folders()]

    def open(self, key: str) -> tuple[Document, Corrections | None, PagePictures]:
        """The document of a filing, the corrections saved so far and its pictures. UnknownFilingError when there
        is none."""
        folder = self._folder(key)
        document, corrections = self._load(folder)
        return document, corrections, pictures_of(self._inside(folder / PAGE))

    def save(self, key: str, corrections: Corrections) -> None:
        """Writes corrections beside the document. UnknownFilingError for an unknown filing, CorrectionsError when they
        do not fit the document, OutputError when the file cannot be written."""
        folder = self._folder(key)
        with self._lock:
            apply_corrections(load_document(self._inside(folder / DOCUMENT)), corrections)
            # The name is replaced, so that a link of that name is not followed.
            write_atomic(self._inside(folder) / CORRECTIONS, corrections_json(corrections).encode())

    def _folders(self) -> Iterator[tuple[str, Path]]:
        for place, folders, names in os.walk(self._root, followlinks=False):
            folder = Path(place)
            relative = folder.relative_to(self._root)
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            if len(relative.parts) >= _SHELF_DEPTH:
                folders.clear()
            if DOCUMENT in names:
                folders.clear()
                yield hashlib.sha256(os.fsencode(relative.as_posix())).hexdigest()[:24], folder

    def _folder(self, key: str) -> Path:
        folder = dict(self._folders()).get(key)
        if folder is None:
            raise UnknownFilingError(key)
        return folder

    def _inside(self, path: Path) -> Path:
        """The path with its links resolved. InputFileError when that leads out of the folder."""
        try:
            resolved = path.resolve()
        except (OSError, RuntimeError) as error:
            raise InputFileError(f"{path.name} cannot be reached.", "Remove the link.") from error
        if not resolved.is_relative_to(self._root):
            raise InputFileError(f"{path.name} is a link that leads out of the folder.", "Remove the link.")
        return resolved

    def _load(self, folder: Path) -> tuple[Document, Corrections | None]:
        document = load_document(self._inside(folder / DOCUMENT))
        path = folder / CORRECTIONS
        return document, read_corrections(self._inside(path)) if path.exists() else None

    def _summary(self, key: str, folder: Path) -> Summary:
        state = tuple(_stamp(folder / name) for name in (DOCUMENT, CORRECTIONS))
        known = self._known.get(key)
        if known and known[0] == state:
            return known[1]
        try:
            summary = _summarise(key, *self._load(folder))
        except PipelineError as error:
            summary = Summary(key, folder.name, "", 0, 0, 0, done=False, begun=False, problem=str(error))
        self._known[key] = (state, summary)
        return summary


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size


def _summarise(key: str, document: Document, corrections: Corrections | None) -> Summary:
    name = PurePath(document.source.path.replace("\\", "/")).name
    if corrections:
        document = apply_corrections(document, corrections)
    doubts = sum(1 for table in document.tables for cell in table.cells if cell.flags and not cell.by_person)
    doubts += sum(1 for page in document.pages for block in page.blocks if block.flags and not block.by_person)
    doubts += sum(1 for item in document.review if item.kind in ("seal", "page"))
    broken = sum(1 for table in document.tables for check in table.checks if not check.ok)
    done, begun = (corrections.done, bool(corrections.cells or corrections.blocks)) if corrections else (False, False)
    return Summary(key, name, document.filing.title or "", len(document.pages), doubts, broken, done, begun)
