"""A worker's answer held against the truth."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from benchmarks.client import Answer
from benchmarks.pages import PageCase
from ocr_pipeline.evaluation.document_scores import Evaluation, evaluate_records
from ocr_pipeline.evaluation.html_tables import parse_tables, record_of
from ocr_pipeline.evaluation.loading import document_from_json
from ocr_pipeline.evaluation.normalise import normalise
from ocr_pipeline.evaluation.records import DocumentRecord, PageRecord, PartRecord, TableRecord
from ocr_pipeline.evaluation.summary import mean
from ocr_pipeline.evaluation.text import infix_distance, score_lines
from ocr_pipeline.geometry import Box


@dataclass(frozen=True)
class PageResult:
    """A reader's figures on one page; None where the page or the reader has none of the kind.

    exact: share of cells exact in place, span and text; cell_texts: share of non-empty cell texts found as such,
    structure forgiven; cer: of the running text's lines, order forgiven; errors and characters: the same as counts.
    """

    peer: str
    page: str
    group: str
    seconds: float | None
    peak_mib: float | None
    error: str
    exact: float | None = None
    teds: float | None = None
    teds_struct: float | None = None
    cell_texts: float | None = None
    errors: int = 0
    characters: int = 0
    silent: int = 0
    numbers: int = 0
    evaluation: Evaluation | None = None


def score(peer: str, case: PageCase, answer: Answer, *, reads_tables: bool) -> PageResult:
    """The figures of one answer; a reader that failed on the page has read nothing."""
    predicted = record_of_answer(answer.content, case)
    evaluation = evaluate_records(predicted, case.truth)
    lines = _lines_score(predicted, case)
    result = PageResult(
        peer=peer,
        page=case.name,
        group=case.group,
        seconds=answer.seconds,
        peak_mib=answer.peak_mib,
        error=answer.error,
        cell_texts=_cell_texts(predicted, case),
        errors=lines[0],
        characters=lines[1],
    )
    if not reads_tables:
        return result
    true = sum(table.cells.true for table in evaluation.tables)
    return replace(
        result,
        exact=sum(table.cells.exact for table in evaluation.tables) / true if true else None,
        teds=mean(table.teds for table in evaluation.tables),
        teds_struct=mean(table.teds_struct for table in evaluation.tables),
        silent=sum(t.silent.silent for t in evaluation.tables) + evaluation.extra_silent.silent,
        numbers=sum(t.silent.numbers for t in evaluation.tables),
        evaluation=evaluation,
    )


def record_of_answer(content: dict[str, Any], case: PageCase) -> DocumentRecord:
    """What a worker found, as a document of one page."""
    if "document" in content:
        return document_from_json(content["document"], case.name)
    page = replace(_blank_page(case), lines=tuple(str(line) for line in content.get("lines", ())))
    tables = tuple(_table(item, number) for number, item in enumerate(content.get("tables", ())))
    return DocumentRecord(case.name, (page,), tables)


def _blank_page(case: PageCase) -> PageRecord:
    return replace(case.truth.pages[0], lines=(), seals=None, skew=None)


def _table(item: dict[str, Any], number: int) -> TableRecord:
    trees = parse_tables(item["html"])
    if not trees:
        return TableRecord(id=str(number), rows=0, cols=0, cells=())
    table = record_of(trees[0], str(number))
    box = Box(*(float(v) for v in item["box"]))
    return replace(table, parts=(PartRecord(0, (0, max(0, table.rows - 1)), box),))


def _all_texts(predicted: DocumentRecord) -> list[str]:
    lines = [line for page in predicted.pages for line in page.lines]
    return [*lines, *(cell.text for table in predicted.tables for cell in table.cells)]


def _lines_score(predicted: DocumentRecord, case: PageCase) -> tuple[int, int]:
    found = score_lines(_all_texts(predicted), case.truth.pages[0].lines)
    return found.errors, found.characters


def _cell_texts(predicted: DocumentRecord, case: PageCase) -> float | None:
    """Share of the truth's non-empty cell texts that were read as one line or cell; a long one counts as found when it
    stands anywhere in the text without an error (its lines may have been read one by one)."""
    cells = [c for table in case.truth.tables for c in table.cells if c.norm and not c.skipped]
    if not cells:
        return None
    texts = _all_texts(predicted)
    whole = "".join(map(normalise, texts))
    available = Counter(map(normalise, texts))
    found = 0
    for cell in cells:
        if available[cell.norm] > 0:
            available[cell.norm] -= 1
            found += 1
        elif len(cell.norm) > 8 and infix_distance(cell.norm, whole) == 0:
            found += 1
    return found / len(cells)
