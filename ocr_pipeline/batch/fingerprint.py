"""Two short keys: what a page's reading depends on, and what a document's files depend on."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from ocr_pipeline.batch.engines import Engines
from ocr_pipeline.settings import Settings

_READING_ROOMS = ("source", "clean", "tables", "layout", "ocr")
_READING_FILES = ("analysis.py", "recognition.py", "stages.py", "document.py", "geometry.py", "settings.py")
"""What stands left of the readings in the flow of data. Anything else can change without a page being read again."""
_OTHER_ROOMS = ("assemble", "reports", "export")
_OTHER_FILES = ("pipeline.py",)
_READING_SETTINGS = ("source", "clean", "ruling", "table", "reading", "engine")


@dataclass(frozen=True)
class Fingerprint:
    """Hex digests. page: settings, code and models that a page's analysis and readings come from; whole: those, and
    what makes a document of them. Thread counts and folders are left out: they change nothing."""

    page: str
    whole: str


def fingerprint(settings: Settings, engines: Engines) -> Fingerprint:
    """The fingerprints of a batch with those settings and models."""
    from ocr_pipeline import __version__

    neutral = replace(settings, engine=replace(settings.engine, threads=0, models_dir=None))
    values = neutral.as_json()
    page = _digest(
        __version__,
        json.dumps({name: values[name] for name in _READING_SETTINGS}, sort_keys=True),
        _code(_READING_ROOMS, _READING_FILES),
        engines.fingerprint(settings.engine),
    )
    return Fingerprint(page, _digest(page, json.dumps(values, sort_keys=True), _code(_OTHER_ROOMS, _OTHER_FILES)))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


@cache
def _code(rooms: tuple[str, ...], files: tuple[str, ...]) -> str:
    """The program's own files by content: a version number does not change while somebody works on the program."""
    root = Path(__file__).resolve().parents[1]
    found = [root / name for name in files]
    for room in rooms:
        found += [path for path in (root / room).rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    digest = hashlib.sha256()
    for path in sorted(found):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
