"""One document's prediction held against its truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ocr_pipeline.evaluation.adjacency import AdjacencyScore, score_adjacency
from ocr_pipeline.evaluation.cells import (
    CellFault,
    CellScore,
    KindScore,
    blank_unreadable,
    find_faults,
    score_cells,
    score_kinds,
    without_unreadable,
)
from ocr_pipeline.evaluation.grid_similarity import GritsScore, grits
from ocr_pipeline.evaluation.loading import load_prediction, load_truth
from ocr_pipeline.evaluation.matching import match_tables
from ocr_pipeline.evaluation.normalise import normalise
from ocr_pipeline.evaluation.pages import SealScore, score_seals, skew_error
from ocr_pipeline.evaluation.readings import Reading, groups, readings
from ocr_pipeline.evaluation.records import DocumentRecord, PageRecord, TableRecord
from ocr_pipeline.evaluation.silent import SilentScore, score_silent
from ocr_pipeline.evaluation.teds import teds
from ocr_pipeline.evaluation.text import TextScore, score_lines, score_ordered


@dataclass(frozen=True)
class TableScore:
    """A true table's scores. predicted: the id of its prediction, None where none was found (all scores 0);
    reading: which fair reading of the truth was held against it."""

    truth: str
    predicted: str | None
    reading: str
    teds: float
    teds_struct: float
    grits: GritsScore | None
    cells: CellScore
    kinds: tuple[KindScore, ...]
    silent: SilentScore
    adjacency: tuple[AdjacencyScore, ...] | None
    faults: tuple[CellFault, ...]


@dataclass(frozen=True)
class PageScore:
    """A page's scores. lines: true lines against the whole text read, order forgiven; ordered: running text in
    reading order, None where the truth does not hold all of it; seals: None where the truth does not say."""

    index: int
    lines: TextScore
    ordered: TextScore | None
    seals: SealScore | None
    skew_error: float | None


@dataclass(frozen=True)
class FilingScore:
    """Fields of the filing: how many the truth has, how many were read exactly."""

    true: int = 0
    exact: int = 0


@dataclass(frozen=True)
class Evaluation:
    """A document's scores. invented: ids of predicted tables that stand for no true one; extra: their cells counted as
    predicted in vain; extra_silent: their numbers without a flag."""

    name: str
    tables: tuple[TableScore, ...]
    pages: tuple[PageScore, ...]
    filing: FilingScore
    invented: tuple[str, ...]
    extra: CellScore
    extra_silent: SilentScore


def evaluate(predicted: Path, truth: Path) -> Evaluation:
    """Hold a document.json against a truth file. InputFileError when either is missing, damaged or of another kind."""
    return evaluate_records(load_prediction(predicted), load_truth(truth))


def evaluate_records(predicted: DocumentRecord, truth: DocumentRecord) -> Evaluation:
    """Hold a loaded prediction against a loaded truth."""
    chosen = [(_best_reading(predicted.tables, group)) for group in groups(truth.tables)]
    tables = [(reading.name, table) for reading in chosen for table in reading.tables]
    partners = match_tables(predicted.tables, [table for _, table in tables])
    scores = tuple(
        score_table(None if partner is None else predicted.tables[partner], table, name)
        for (name, table), partner in zip(tables, partners, strict=True)
    )
    extra = [table for number, table in enumerate(predicted.tables) if number not in partners]
    return Evaluation(
        name=truth.name,
        tables=scores,
        pages=tuple(_score_page(predicted, page) for page in truth.pages),
        filing=_score_filing(predicted, truth),
        invented=tuple(table.id for table in extra),
        extra=sum((score_cells(table.cells, ()) for table in extra), CellScore()),
        extra_silent=sum((score_silent(table.cells, ()) for table in extra), SilentScore()),
    )


def score_table(predicted: TableRecord | None, truth: TableRecord, reading: str = "as labelled") -> TableScore:
    """All scores of one table against its prediction."""
    found = predicted or TableRecord(id="", rows=0, cols=0, cells=())
    whole, true_whole = blank_unreadable(found, truth)
    read, true = without_unreadable(found, truth)
    return TableScore(
        truth=truth.id,
        predicted=None if predicted is None else predicted.id,
        reading=reading,
        teds=teds(whole, true_whole) if predicted else 0.0,
        teds_struct=teds(whole, true_whole, structure_only=True) if predicted else 0.0,
        grits=grits(whole, true_whole),
        cells=score_cells(read.cells, true.cells),
        kinds=score_kinds(read.cells, true.cells),
        silent=score_silent(read.cells, true.cells),
        adjacency=score_adjacency(read.cells, true.cells),
        faults=find_faults(read, true),
    )


def _best_reading(predicted: Sequence[TableRecord], group: Sequence[TableRecord]) -> Reading:
    """The reading whose cells the prediction hits best, in place first and then by text; the labelled one on a tie."""
    options = readings(group)
    if len(options) == 1:
        return options[0]
    return max(options, key=lambda reading: _closeness(predicted, reading))


def _closeness(predicted: Sequence[TableRecord], reading: Reading) -> tuple[float, float]:
    total = CellScore()
    partners = match_tables(predicted, reading.tables)
    for partner, table in zip(partners, reading.tables, strict=True):
        read, true = without_unreadable(predicted[partner] if partner is not None else replace(table, cells=()), table)
        total += score_cells(read.cells, true.cells)
    # A prediction that only this reading leaves over counts against it: else fewer, larger tables would always win.
    home = {n for n, table in enumerate(predicted) if any(_touch(table, true) for true in reading.tables)}
    for number in home - set(partners):
        total += score_cells(predicted[number].cells, ())
    return total.exact_f1, total.text_f1


def _touch(predicted: TableRecord, truth: TableRecord) -> bool:
    """Whether a predicted table lies mostly inside a true one."""
    return any(
        p.page == t.page and p.box is not None and t.box is not None and p.box.intersection(t.box) > p.box.area / 2
        for p in predicted.parts
        for t in truth.parts
    )


def _score_page(predicted: DocumentRecord, truth: PageRecord) -> PageScore:
    page = predicted.page(truth.index)
    lines = page.lines if page else ()
    cells = tuple(cell.text for table in predicted.tables for cell in table.cells if cell.page == truth.index)
    return PageScore(
        index=truth.index,
        lines=score_lines((*lines, *cells), truth.lines),
        ordered=score_ordered(lines, truth.lines) if truth.complete else None,
        seals=None if truth.seals is None else score_seals((page.seals if page else None) or (), truth.seals),
        skew_error=skew_error(page, truth),
    )


def _score_filing(predicted: DocumentRecord, truth: DocumentRecord) -> FilingScore:
    found = dict(predicted.filing)
    exact = sum(normalise(found.get(key, "")) == normalise(text) for key, text in truth.filing)
    return FilingScore(len(truth.filing), exact)
