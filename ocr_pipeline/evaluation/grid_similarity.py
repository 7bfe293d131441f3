"""GriTS (Smock, Pesala, Abraham 2022) by its authors' package, where that is installed (pip install grits-metric)."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

from ocr_pipeline.evaluation.html_tables import html_of
from ocr_pipeline.evaluation.records import TableRecord


@dataclass(frozen=True)
class GritsScore:
    """Grid similarity of structure (topology) and of text (content), 0 to 1."""

    topology: float
    content: float


def grits_available() -> bool:
    return find_spec("grits") is not None


def grits(predicted: TableRecord, truth: TableRecord) -> GritsScore | None:
    """The similarity of two tables, texts normalised; None where the package is not installed."""
    if not grits_available():
        return None
    if not predicted.cells or not truth.cells:
        same = float(len(predicted.cells) == len(truth.cells))
        return GritsScore(same, same)
    package = import_module("grits")
    read, true = package.html_to_grids(html_of(predicted)), package.html_to_grids(html_of(truth))
    return GritsScore(
        topology=float(package.grits_top(true["top"], read["top"])[0]),
        content=float(package.grits_con(true["con"], read["con"])[0]),
    )
