"""A document's pages put together and its files written, by whichever process has time."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from ocr_pipeline.assemble.document import FailedPage
from ocr_pipeline.batch.messages import Finished, FinishTask, WrittenFile, place_of
from ocr_pipeline.commands.results import REVIEW, SEARCHABLE, write_results
from ocr_pipeline.document import Document, SourceInfo
from ocr_pipeline.errors import OutputError
from ocr_pipeline.export import FILES, TABLES
from ocr_pipeline.export.atomic import remove_file
from ocr_pipeline.export.figures import FIGURES
from ocr_pipeline.packing import unpack
from ocr_pipeline.pipeline import Pipeline
from ocr_pipeline.stages import CropAddress, PageAnalysis, RawReading

_UNFINISHED = re.compile(r"\..+\.[0-9]+-[0-9a-f]{8}\.tmp")
"""What write_atomic leaves behind when its process is killed."""
_FOLDERS = (TABLES, FIGURES)
_NAMES = {**{name: file for name, file in FILES.items() if name != "csv"}, "review": REVIEW, "pdf": SEARCHABLE}


def finish_document(pipeline: Pipeline, task: FinishTask) -> Finished:
    """Assemble, check and write; nothing of an earlier run is left in the folder. OutputError."""
    document = _assemble(pipeline, task)
    problems = write_results(document, place_of(task), task.folder, task.formats, (), pipeline.settings)
    written = keep_files(task, _written(task.folder, task.formats, document))
    return Finished(written, len(document.tables), len(document.review), tuple(problems))


def keep_files(task: FinishTask, written: Sequence[Path]) -> tuple[WrittenFile, ...]:
    """Make these files of the task's folder last, and remove what earlier runs left beside them. OutputError."""
    _remove_unfinished(task.folder)
    _remove_stale(task, written)
    return _to_the_disk(task.folder, written)


def _assemble(pipeline: Pipeline, task: FinishTask) -> Document:
    pages: list[PageAnalysis | FailedPage] = []
    readings: dict[CropAddress, RawReading] = {}
    for page in task.pages:
        if isinstance(page, FailedPage):
            pages.append(page)
        else:
            pages.append(unpack(page.analysis))
            readings.update(unpack(page.readings))
    return pipeline.finish(SourceInfo(str(task.path), task.sha256, task.page_count), pages, readings)


def _written(folder: Path, formats: Iterable[str], document: Document) -> list[Path]:
    """The files that are there now by these formats."""
    names = [_NAMES[name] for name in formats if name in _NAMES]
    if "csv" in formats:
        names += [f"{TABLES}/{table.id}.csv" for table in document.tables]
    if "figures" in formats:
        names += [figure.file for page in document.pages for figure in page.figures]
    return [folder / name for name in names if (folder / name).is_file()]


def _remove_unfinished(folder: Path) -> None:
    for place in (folder, *(folder / name for name in _FOLDERS)):
        with contextlib.suppress(FileNotFoundError):
            for path in [path for path in place.iterdir() if _UNFINISHED.fullmatch(path.name)]:
                remove_file(path)


def _remove_stale(task: FinishTask, written: Iterable[Path]) -> None:
    """Files of formats no longer asked for. The names come from the ledger, which is no reason to follow them out."""
    kept = {path.relative_to(task.folder).as_posix() for path in written}
    for name in task.stale:
        path = task.folder / name
        if name not in kept and path.resolve().is_relative_to(task.folder.resolve()):
            remove_file(path)
    for folder in _FOLDERS:
        if not any(name.startswith(f"{folder}/") for name in kept):
            with contextlib.suppress(OSError):  # not there, or not empty: then it is somebody else's
                (task.folder / folder).rmdir()


def _to_the_disk(folder: Path, written: Iterable[Path]) -> tuple[WrittenFile, ...]:
    """The hashes of the files as they are read back, their names made to outlast a power cut."""
    files = []
    for path in sorted(written):
        files.append(WrittenFile(path.relative_to(folder).as_posix(), file_hash(path)))
    for place in sorted({path.parent for path in written} | {folder, folder.parent}):
        _sync_folder(place)
    return tuple(files)


def file_hash(path: Path) -> str:
    """SHA-256, hex. OutputError naming the file that cannot be read."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise OutputError(f"{path} cannot be read back: {error.strerror or error}.") from error


def _sync_folder(folder: Path) -> None:
    # Not every system lets a folder be opened (Windows) or synchronised (some network file systems); there the next
    # run's verification finds what is missing.
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
