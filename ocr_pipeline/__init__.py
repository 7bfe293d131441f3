"""Scans of printed reports in, their statistical tables out.

    import ocr_pipeline
    document = ocr_pipeline.read("scan.pdf")
    document.tables[0].to_grid()

Only names are imported here; models and image libraries are loaded when first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ocr_pipeline.document import Block, Cell, Document, Flag, Page, Seal, Table
    from ocr_pipeline.errors import ExitCode, PipelineError
    from ocr_pipeline.pipeline import Pipeline
    from ocr_pipeline.settings import Settings

__version__ = "0.1.0"

_PLACES = {
    "Block": "document",
    "Cell": "document",
    "Document": "document",
    "ExitCode": "errors",
    "Flag": "document",
    "Page": "document",
    "Pipeline": "pipeline",
    "PipelineError": "errors",
    "Seal": "document",
    "Settings": "settings",
    "Table": "document",
}

__all__ = [
    "Block",
    "Cell",
    "Document",
    "ExitCode",
    "Flag",
    "Page",
    "Pipeline",
    "PipelineError",
    "Seal",
    "Settings",
    "Table",
    "read",
]


def read(
    path: str | Path,
    *,
    pages: str | None = None,
    settings: Settings | None = None,
    profiles: Sequence[str | Path] = (),
) -> Document:
    """Read one scanned file (PDF, TIFF, JPEG, PNG).

    path: the file; pages: a selection such as "2-5,9" (counted from 1), all by default; settings: of all stages;
    profiles: of your own forms, files or folders of them, beside those that ship.
    Raises a PipelineError (see ocr_pipeline.errors) that names the file and the remedy. To read many files make one
    Pipeline and call its read method, which keeps the models.
    """
    from pathlib import Path

    from ocr_pipeline.pipeline import Pipeline
    from ocr_pipeline.reports.loader import load_profiles
    from ocr_pipeline.source import PageSelection
    from ocr_pipeline.source.file import require_name

    require_name(path)
    pipeline = Pipeline(settings, forms=load_profiles(Path(profile) for profile in profiles))
    try:
        return pipeline.read(path, PageSelection.parse(pages) if pages else None)
    finally:
        pipeline.close()


def __getattr__(name: str) -> Any:
    if name in _PLACES:
        import importlib

        return getattr(importlib.import_module(f"ocr_pipeline.{_PLACES[name]}"), name)
    raise AttributeError(f"module 'ocr_pipeline' has no attribute {name!r}")
