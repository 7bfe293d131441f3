"""Measures of the field, held against truths: TEDS, exact cells, adjacency, CER, skew, seals, silent errors.

evaluate(predicted, truth) measures one document; summarise(evaluations) sums many up. Needs the packages apted and
rapidfuzz; GriTS is measured too where grits-metric is installed.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ocr_pipeline.evaluation.document_scores import Evaluation, evaluate, evaluate_records
    from ocr_pipeline.evaluation.summary import Summary, summarise

__all__ = ["Evaluation", "Summary", "evaluate", "evaluate_records", "summarise"]


def __getattr__(name: str) -> object:
    """The public names, loaded when first asked for: the command line must start without numpy."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    room = "summary" if name in ("Summary", "summarise") else "document_scores"
    return getattr(import_module(f"{__name__}.{room}"), name)
