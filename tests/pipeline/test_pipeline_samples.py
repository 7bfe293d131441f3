"""Whole runs with the real models on the committed samples."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path

import pytest

from ocr_pipeline.document import Document, Table
from ocr_pipeline.pipeline import Pipeline

SAMPLES = Path(__file__).parents[2] / "samples"
Places = dict[tuple[int, int, int, int], str]
"""(row, column, row span, column span) to text"""

pytestmark = [pytest.mark.models, pytest.mark.slow]


@pytest.fixture(scope="module")
def pipeline() -> Pipeline:
    return Pipeline()


def plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def truth_of(name: str) -> list[Places]:
    truth = json.loads((SAMPLES / f"{name}.truth.json").read_text(encoding="utf-8"))
    return [
        {(c["row"], c["col"], c["row_span"], c["col_span"]): plain(c["text"]) for c in table["cells"]}
        for table in truth["tables"]
    ]


def places(table: Table) -> Places:
    return {(c.row, c.col, c.row_span, c.col_span): plain(c.text) for c in table.cells}


def compare(document: Document, name: str) -> tuple[int, list[str]]:
    """How many cells there are, and what was read wrong. The layout must be exact."""
    truth, found = truth_of(name), [places(table) for table in document.tables]
    assert [table.keys() for table in found] == [table.keys() for table in truth]
    wrong = [
        f"table {number} {place}: {text!r} read as {read[place]!r}"
        for number, (known, read) in enumerate(zip(truth, found, strict=True))
        for place, text in known.items()
        if read[place] != text
    ]
    return sum(map(len, truth)), wrong


def test_the_clean_report_is_read_without_any_error(pipeline: Pipeline) -> None:
    document = pipeline.read(SAMPLES / "huojia-clean.pdf")
    assert compare(document, "huojia-clean")[1] == []
    assert [table.parts[-1].page for table in document.tables] == [1, 2, 3]


def test_the_table_page_is_read_without_any_error(pipeline: Pipeline) -> None:
    document = pipeline.read(SAMPLES / "table-page.jpg")
    assert compare(document, "table-page")[1] == []
    assert document.pages[0].skew == pytest.approx(1.4334, abs=0.1)


def test_digits_that_stand_alone(pipeline: Pipeline) -> None:
    count, wrong = compare(pipeline.read(SAMPLES / "digits.jpg"), "digits")
    assert count == 500
    assert len(wrong) <= 0.002 * count, wrong
