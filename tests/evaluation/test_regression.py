"""The regression guard: the committed samples read as well as they were ever read.

Write the golden files anew, after looking at what changed, with
    OCR_PIPELINE_REWRITE_GOLDEN=1 python -m pytest tests/evaluation/test_regression.py
"""

from dataclasses import replace
from pathlib import Path

import pytest
from evaluation_samples import document

from ocr_pipeline.errors import InputFileError
from ocr_pipeline.evaluation import evaluate_records
from ocr_pipeline.evaluation.baseline import (
    REWRITE_FLAG,
    Baseline,
    baseline_of,
    mended,
    read_baseline,
    rewriting,
    worse,
    write_baseline,
)
from ocr_pipeline.evaluation.loading import load_truth
from ocr_pipeline.evaluation.page_images import find_scan
from ocr_pipeline.evaluation.pairing import stem_of
from ocr_pipeline.evaluation.records import DocumentRecord

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden"
SAMPLES = sorted((ROOT / "samples").glob("*.truth.json"))


def read_text(old: str, new: str, **change: object) -> DocumentRecord:
    """The made document with one cell read otherwise."""
    record = document()
    cells = tuple(replace(c, text=new, **change) if c.text == old else c for c in record.tables[0].cells)  # type: ignore[arg-type]
    return replace(record, tables=(replace(record.tables[0], cells=cells),))


def baseline(predicted: DocumentRecord) -> Baseline:
    return baseline_of(evaluate_records(predicted, document()))


def test_rewriting_is_off() -> None:
    assert not rewriting(), f"{REWRITE_FLAG} is set: the golden files have been written anew; look at them, unset it"


def test_same_reading_is_not_worse() -> None:
    assert worse(baseline(document()), baseline(document())) == ()


def test_worse_reading_names_figure_and_cell() -> None:
    sentences = worse(baseline(document()), baseline(read_text("12", "13")))
    assert "made: exact_cells fell from 17 to 16" in sentences
    assert "made: silent_errors rose from 0 to 1" in sentences
    assert "made: table t1 row 3, column 2: '12' read as '13', unmarked" in sentences


def test_better_reading_is_not_worse() -> None:
    stored, now = baseline(read_text("12", "13")), baseline(document())
    assert worse(stored, now) == ()
    assert [cell.expected for cell in mended(stored, now)] == ["12"]


def test_one_cell_mended_does_not_pay_for_another() -> None:
    stored, now = baseline(read_text("12", "13")), baseline(read_text("12", "12", flags=("low_score",)))
    assert worse(stored, now) == ()
    other = baseline(read_text("7", "9"))
    assert stored.more_is_better["exact_cells"] == other.more_is_better["exact_cells"]
    assert "made: table t1 row 4, column 2: '7' read as '9', unmarked" in worse(stored, other)


def test_a_flag_lost_is_worse() -> None:
    stored = baseline(read_text("12", "13", flags=("low_score",)))
    assert any("unmarked" in sentence for sentence in worse(stored, baseline(read_text("12", "13"))))


def test_lost_measure_is_worse() -> None:
    unmeasured = replace(baseline(document()), more_is_better={}, less_is_better={})
    assert len(worse(baseline(document()), unmeasured)) > 5


def test_golden_file_round_trip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(REWRITE_FLAG, "1")
    stored = baseline(read_text("12", "13"))
    write_baseline(tmp_path / "made.json", stored)
    assert read_baseline(tmp_path / "made.json") == stored


def test_golden_file_is_not_written_without_the_flag(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(REWRITE_FLAG, raising=False)
    with pytest.raises(PermissionError, match=REWRITE_FLAG):
        write_baseline(tmp_path / "made.json", baseline(document()))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("content", ["", "{}", '{"schema": "other"}'])
def test_damaged_golden_file_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "made.json").write_text(content, encoding="utf-8")
    with pytest.raises(InputFileError, match=r"made\.json"):
        read_baseline(tmp_path / "made.json")


@pytest.fixture(scope="module")
def pipeline() -> object:
    from ocr_pipeline.pipeline import Pipeline
    from ocr_pipeline.settings import Settings

    return Pipeline(Settings())


@pytest.mark.models
@pytest.mark.parametrize("truth", SAMPLES, ids=stem_of)
def test_sample_reads_as_well_as_before(truth: Path, pipeline: object) -> None:
    import json

    from ocr_pipeline.evaluation.loading import document_from_json
    from ocr_pipeline.export.json import document_json

    stem = stem_of(truth)
    scan = find_scan(stem, (truth.parent,))
    assert scan is not None, f"no scan beside {truth}"
    found = document_from_json(json.loads(document_json(pipeline.read(scan))), stem)  # type: ignore[attr-defined]
    now = baseline_of(evaluate_records(found, load_truth(truth)))
    golden = GOLDEN / f"{stem}.json"
    if rewriting():
        write_baseline(golden, now)
    sentences = worse(read_baseline(golden), now)
    assert not sentences, "\n".join(sentences)


def test_every_golden_file_has_its_sample() -> None:
    assert {path.stem for path in GOLDEN.glob("*.json")} <= {stem_of(truth) for truth in SAMPLES}
