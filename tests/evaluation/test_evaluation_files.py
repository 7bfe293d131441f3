"""Files in, tables, JSON and pictures out."""

import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import typer
from evaluation_samples import document, write_document
from rich.cells import cell_len
from typer.testing import CliRunner

from ocr_pipeline.errors import InputFileError, PipelineError
from ocr_pipeline.evaluation import evaluate
from ocr_pipeline.evaluation.command import register
from ocr_pipeline.evaluation.loading import load_prediction, load_truth
from ocr_pipeline.evaluation.pairing import pair_files
from ocr_pipeline.evaluation.records import DocumentRecord

app = typer.Typer()
register(app)


def damaged() -> DocumentRecord:
    record = document()
    cells = tuple(replace(c, text="<b>13</b>") if c.text == "12" else c for c in record.tables[0].cells)
    return replace(record, tables=(replace(record.tables[0], cells=cells),))


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Predictions as run writes them, truths as the sample maker writes them."""
    write_document(tmp_path / "out" / "made" / "document.json", damaged(), truth=False)
    write_document(tmp_path / "truth" / "made.truth.json", document(), truth=True)
    return tmp_path / "out", tmp_path / "truth"


def test_files_load_to_the_records_they_were_written_from(tmp_path: Path) -> None:
    truth = load_truth(write_document(tmp_path / "made.truth.json", document(), truth=True))
    assert truth == document()
    prediction = load_prediction(write_document(tmp_path / "made" / "document.json", document(), truth=False))
    assert (prediction.name, prediction.source) == ("made", "scan.pdf")
    assert evaluate(tmp_path / "made" / "document.json", tmp_path / "made.truth.json").tables[0].teds == 1.0


def test_label_of_a_real_page_loads(tmp_path: Path) -> None:
    cells = [{"row": 0, "col": 0, "rowspan": 1, "colspan": 2, "text": "表"}]
    label = {
        "title": "第一行\n第二行",
        "tables": [{"bbox": [1, 2, 30, 40], "rows": 1, "cols": 2, "cells": cells, "unruled_row_groups": [[0, 0]]}],
    }
    path = tmp_path / "page.json"
    path.write_text(json.dumps(label), encoding="utf-8")
    record = load_truth(path)
    assert record.pages[0].lines == ("第一行", "第二行")
    assert (record.tables[0].cells[0].col_span, record.tables[0].unruled_row_groups) == (2, ((0, 0),))
    assert record.tables[0].has_boxes


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"schema": "other/1"}', '{"schema": "ocr-pipeline/1", "pages": [{}]}']
)
def test_damaged_files_are_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "document.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputFileError, match=r"document\.json"):
        load_prediction(path)


def test_truth_is_no_prediction(tmp_path: Path) -> None:
    path = write_document(tmp_path / "a.truth.json", document(), truth=True)
    with pytest.raises(InputFileError, match="schema ocr-pipeline/1"):
        load_prediction(path)


def test_pairs_by_stem(folders: tuple[Path, Path]) -> None:
    out, truths = folders
    (pair,) = pair_files(out, [truths])
    assert (pair.stem, pair.predicted, pair.truth) == (
        "made",
        out / "made" / "document.json",
        truths / "made.truth.json",
    )


def test_missing_prediction_is_named(folders: tuple[Path, Path]) -> None:
    out, truths = folders
    write_document(truths / "second.truth.json", document(), truth=True)
    with pytest.raises(InputFileError, match="second"):
        pair_files(out, [truths])


def test_labels_folder_of_real_pages_is_found(tmp_path: Path) -> None:
    (tmp_path / "labels").mkdir()
    (tmp_path / "labels" / "page.json").write_text("{}", encoding="utf-8")
    write_document(tmp_path / "out" / "page.json", document(), truth=False)
    assert [pair.stem for pair in pair_files(tmp_path / "out", [tmp_path])] == ["page"]


def test_command_prints_figures_and_writes_json(folders: tuple[Path, Path], tmp_path: Path) -> None:
    target = tmp_path / "figures" / "all.json"
    result = CliRunner().invoke(app, [*map(str, folders), "--json", str(target)], env={"COLUMNS": "200"})
    assert result.exit_code == 0, result.output
    assert "16/17" in result.output and "number" in result.output
    figures = json.loads(target.read_text(encoding="utf-8"))
    assert figures["schema"] == "ocr-pipeline-evaluation/1"
    assert figures["summary"]["silent_errors"] == 1
    assert figures["documents"][0]["tables"][0]["faults"][0]["expected"] == "12"


def test_worst_cells_are_shown_with_text_as_data(folders: tuple[Path, Path], tmp_path: Path) -> None:
    page = np.full((1400, 1000, 3), 255, np.uint8)
    page[240:320, 220:340] = (0, 0, 255)
    assert cv2.imwrite(str(folders[1] / "made.png"), page)
    pictures = tmp_path / "worst"
    result = CliRunner().invoke(app, [*map(str, folders), "--worst", "3", "--images", str(pictures)])
    assert result.exit_code == 0, result.output
    index = (pictures / "index.html").read_text(encoding="utf-8")
    assert "&lt;b&gt;13&lt;/b&gt;" in index and "<b>13" not in index
    crop = cv2.imread(str(pictures / "001-made-3-2.png"))
    assert crop is not None and (crop == (0, 0, 255)).all(axis=2).any()


def test_worst_cells_without_the_scan_are_listed(folders: tuple[Path, Path], tmp_path: Path) -> None:
    result = CliRunner().invoke(app, [*map(str, folders), "--worst", "3", "--images", str(tmp_path / "worst")])
    assert result.exit_code == 0, result.output
    assert "no picture" in (tmp_path / "worst" / "index.html").read_text(encoding="utf-8")


def test_missing_packages_are_named(folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(PipelineError, match="pip install apted rapidfuzz"):
        CliRunner().invoke(app, [*map(str, folders)], catch_exceptions=False)


@pytest.mark.parametrize("columns", ["30", "50", "80", "200", None])
def test_no_figure_is_cut_at_any_width(
    folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, columns: str | None
) -> None:
    if columns is None:
        monkeypatch.delenv("COLUMNS", raising=False)
    else:
        monkeypatch.setenv("COLUMNS", columns)
    wide = "名字很长很长很长的报告-" * 3
    (folders[0] / "made").rename(folders[0] / wide)
    (folders[1] / "made.truth.json").rename(folders[1] / f"{wide}.truth.json")
    text = CliRunner().invoke(app, [*map(str, folders)]).stdout
    assert "…" not in text
    for title in ("cells exact", "text F1", "TEDS-S", "adj. F1", "CER", "silent", "skew"):
        assert title in text
    shown = "".join(line.split("│")[1].strip() for line in text.split("By kind")[0].splitlines() if "│" in line)
    assert wide in shown
    longest = max(cell_len(line.rstrip()) for line in text.splitlines())
    assert longest > 100 if columns in (None, "200") else longest <= max(50, int(columns or 0))
