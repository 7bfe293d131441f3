"""Stored figures of known samples, and what has become worse since.

A golden file holds a document's figures and each of its wrong cells. A run is worse when a figure is, or when a cell
that was right is wrong; it is never rewritten but by the flag OCR_PIPELINE_REWRITE_GOLDEN=1.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ocr_pipeline.errors import InputFileError
from ocr_pipeline.evaluation.cells import CellFault
from ocr_pipeline.evaluation.document_scores import Evaluation
from ocr_pipeline.evaluation.summary import summarise
from ocr_pipeline.wording import at_cell

SCHEMA = "ocr-pipeline-golden/1"
REWRITE_FLAG = "OCR_PIPELINE_REWRITE_GOLDEN"
_REMEDY = f"Write it anew with {REWRITE_FLAG}=1 (python -m pytest tests/evaluation/test_regression.py)."

_DIGITS = 6
"""Figures are stored and compared to so many decimals; engines differ in the last bits from machine to machine."""
_SKEW_SLACK = 0.02
"""Degrees by which the mean skew error may move: a fifth of what shifts a line by a pixel over a page's width."""


@dataclass(frozen=True, slots=True)
class WrongCell:
    """A cell not read exactly; silent: its text is wrong and nothing marks it."""

    table: str
    row: int
    col: int
    expected: str
    found: str | None
    silent: bool

    @property
    def place(self) -> tuple[str, int, int]:
        return self.table, self.row, self.col

    def __str__(self) -> str:
        found = "no cell" if self.found is None else repr(self.found)
        note = ", unmarked" if self.silent else ""
        return f"table {self.table} {at_cell(self.row, self.col)}: {self.expected!r} read as {found}{note}"


@dataclass(frozen=True)
class Baseline:
    """A document's figures: more_is_better and less_is_better by name, and its wrong cells in order."""

    name: str
    more_is_better: Mapping[str, float]
    less_is_better: Mapping[str, float]
    wrong_cells: tuple[WrongCell, ...]


def baseline_of(evaluation: Evaluation) -> Baseline:
    """The figures to store of an evaluation."""
    summary = summarise([evaluation])
    more = {
        "exact_cells": summary.cells.exact,
        "exact_f1": summary.cells.exact_f1,
        "text_f1": summary.cells.text_f1,
        "teds": summary.teds,
        "teds_struct": summary.teds_struct,
        "adjacency_f1": summary.adjacency_f1,
        "seals_found": summary.seals.found,
        "seals_read": summary.seals.read,
        "filing_fields": summary.filing.exact,
    }
    less = {
        "silent_errors": summary.silent.silent,
        "invented_tables": summary.invented_tables,
        "cer": summary.lines.cer,
        "cer_ordered": summary.ordered.cer,
        "skew_error": summary.skew_mean,
    }
    faults = (fault for table in evaluation.tables for fault in table.faults)
    return Baseline(
        name=evaluation.name,
        more_is_better=_rounded(more),
        less_is_better=_rounded(less),
        wrong_cells=tuple(_wrong_cell(fault) for fault in faults),
    )


def _rounded(figures: Mapping[str, float | None]) -> dict[str, float]:
    return {name: round(value, _DIGITS) for name, value in figures.items() if value is not None}


def _wrong_cell(fault: CellFault) -> WrongCell:
    from ocr_pipeline.evaluation.normalise import normalise

    silent = not fault.flagged and (fault.found is None or normalise(fault.found) != normalise(fault.expected))
    return WrongCell(fault.table, fault.row, fault.col, fault.expected, fault.found, silent)


def worse(stored: Baseline, now: Baseline) -> tuple[str, ...]:
    """One sentence for each figure that fell and each cell that is newly wrong or newly unmarked; empty when all is at
    least as good. Cells are named only beside a change for the worse of their own, never when merely mended."""
    sentences = []
    for name, before in stored.more_is_better.items():
        after = now.more_is_better.get(name, 0.0)
        if after < before:
            sentences.append(f"{stored.name}: {name} fell from {before:g} to {after:g}")
    for name, before in stored.less_is_better.items():
        after = now.less_is_better.get(name, float("inf"))
        if after > before + (_SKEW_SLACK if name == "skew_error" else 0):
            sentences.append(f"{stored.name}: {name} rose from {before:g} to {after:g}")
    known = {cell.place: cell for cell in stored.wrong_cells}
    for cell in now.wrong_cells:
        if cell.place not in known or (cell.silent and not known[cell.place].silent):
            sentences.append(f"{stored.name}: {cell}")
    return tuple(sentences)


def mended(stored: Baseline, now: Baseline) -> tuple[WrongCell, ...]:
    """The cells that were wrong and are right now."""
    wrong = {cell.place for cell in now.wrong_cells}
    return tuple(cell for cell in stored.wrong_cells if cell.place not in wrong)


def read_baseline(path: Path) -> Baseline:
    """A golden file. InputFileError when it is missing or damaged."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return _from_json(content)
    except OSError as error:
        raise InputFileError(f"The golden file {path} cannot be read ({error.strerror}).", _REMEDY) from error
    except (ValueError, KeyError, TypeError) as error:
        raise InputFileError(f"{path} is not a golden file ({error}).", _REMEDY) from error


def _from_json(content: dict[str, Any]) -> Baseline:
    if content["schema"] != SCHEMA:
        raise ValueError(f"schema {content['schema']!r}")
    return Baseline(
        name=str(content["name"]),
        more_is_better={str(k): float(v) for k, v in content["more_is_better"].items()},
        less_is_better={str(k): float(v) for k, v in content["less_is_better"].items()},
        wrong_cells=tuple(WrongCell(**cell) for cell in content["wrong_cells"]),
    )


def write_baseline(path: Path, baseline: Baseline) -> None:
    """Write a golden file. PermissionError unless the flag is set: figures are never lowered by the way."""
    if not rewriting():
        raise PermissionError(f"{path} is rewritten with {REWRITE_FLAG}=1 only")
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {"schema": SCHEMA, **asdict(baseline)}
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def rewriting() -> bool:
    """Whether the flag is set."""
    return os.environ.get(REWRITE_FLAG, "") == "1"
