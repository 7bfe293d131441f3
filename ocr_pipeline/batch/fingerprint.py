"""Two short keys: what a page's reading depends on, and what a document's files depend on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from ocr_pipeline.batch.engines import Engines
from ocr_pipeline.reports.profile import FormProfile
from ocr_pipeline.settings import Settings

_LATER_PLACES = frozenset({"assemble", "reports", "export", "pipeline.py"})
"""What makes a document of readings: it can change without a page being read again."""
_OTHER_PLACES = frozenset(
    {
        "batch",
        "commands",
        "evaluation",
        "review",
        "cli.py",
        "__main__.py",
        "__init__.py",
        "allocation.py",
        "errors.py",
        "profiling.py",
        "streams.py",
    }
)
"""What changes no document. Whatever is in neither list belongs to the reading, so that a new room is on the safe
side."""
_LATER_SETTINGS = frozenset({"stitch", "layout", "reports"})


@dataclass(frozen=True)
class Fingerprint:
    """Hex digests. page: settings, code and models that a page's analysis and readings come from; whole: those, and
    what makes a document of them. Thread counts and folders are left out: they change nothing."""

    page: str
    whole: str


def fingerprint(settings: Settings, engines: Engines, forms: Sequence[FormProfile] = ()) -> Fingerprint:
    """The fingerprints of a batch with those settings, models and forms known."""
    from ocr_pipeline import __version__

    neutral = replace(settings, engine=replace(settings.engine, threads=0, models_dir=None))
    values = neutral.as_json()
    page = _digest(
        __version__,
        json.dumps({name: value for name, value in values.items() if name not in _LATER_SETTINGS}, sort_keys=True),
        _code(later=False),
        engines.fingerprint(settings.engine),
    )
    # What a form says, wherever its file lies; of frozen dataclasses repr tells all.
    known = repr([replace(form, source="") for form in forms])
    return Fingerprint(page, _digest(page, json.dumps(values, sort_keys=True), _code(later=True), known))


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


@cache
def _code(*, later: bool) -> str:
    """The program's own files by content: a version number does not change while somebody works on the program."""
    root = Path(__file__).resolve().parents[1]
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*")):
        place = path.relative_to(root).parts[0]
        known = place in _LATER_PLACES if later else place not in _LATER_PLACES | _OTHER_PLACES
        if known and path.is_file() and "__pycache__" not in path.parts:
            digest.update(path.relative_to(root).as_posix().encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
