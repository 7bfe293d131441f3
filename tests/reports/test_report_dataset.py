"""One row per value over many filings, in every format."""

from __future__ import annotations

import sqlite3
import sys
from dataclasses import replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from report_tables import CROPS, document, table
from test_report_profiles import CROPS_FORM

from ocr_pipeline.document import Document
from ocr_pipeline.errors import ExitCode, InputFileError, OutputError, PipelineError
from ocr_pipeline.export.json import document_json
from ocr_pipeline.reports.apply import apply_reports
from ocr_pipeline.reports.dataset import collect, document_rows, write_dataset
from ocr_pipeline.settings import ReportSettings

SETTINGS = ReportSettings()
FORMS = [CROPS_FORM]
PLAIN = table([["品名", "单价", "备注"], ["=SUM(1)", "3.5", "@SUM(A1)"], ["梨", "——", "=HYPERLINK(1)"]])


def made() -> Document:
    return apply_reports(document(CROPS, replace(PLAIN, id="t2"), path="扫描/a.pdf"), SETTINGS, FORMS)


@pytest.fixture
def processed(tmp_path: Path) -> Path:
    for name in ("a", "b"):
        (tmp_path / "out" / name).mkdir(parents=True)
        (tmp_path / "out" / name / "document.json").write_text(document_json(made()), encoding="utf-8")
    return tmp_path / "out"


def test_rows_of_known_and_plain_tables() -> None:
    rows = list(document_rows(made(), FORMS, SETTINGS))
    maize = next(row for row in rows if row.text == "5,104")
    assert (maize.form, maize.table, maize.year) == ("crops", "area-and-yield", 2021)
    assert (maize.row_path, maize.column_path) == ("一、粮食作物 > 玉米", "产量（吨） > 秋收")
    assert (maize.value, maize.unit, maize.filing) == (5104, "吨", "某政办〔2022〕5号")
    plain = [row for row in rows if row.form is None]
    assert (plain[0].row_path, plain[0].column_path, plain[0].value) == ("=SUM(1)", "单价", 3.5)


def test_csv(processed: Path, tmp_path: Path) -> None:
    out = tmp_path / "d.csv"
    assert write_dataset(collect(processed, FORMS, SETTINGS), out) == 2 * 24
    frame = pd.read_csv(out, dtype=str, keep_default_na=False)
    assert list(frame["value"][:2]) == ["1204.5", "6020"]
    assert not any(text.startswith(("=", "@", "+")) for text in frame.to_numpy().ravel())


def test_parquet_and_sqlite(processed: Path, tmp_path: Path) -> None:
    write_dataset(collect(processed, FORMS, SETTINGS), tmp_path / "d.parquet")
    frame = pd.read_parquet(tmp_path / "d.parquet")
    assert frame["value"].dtype == "float64"
    assert frame["value"].isna().sum() == 2 * 3
    write_dataset(collect(processed, FORMS, SETTINGS), tmp_path / "d.sqlite")
    connection = sqlite3.connect(tmp_path / "d.sqlite")
    total = connection.execute("select sum(value) from dataset where row_path='总计' and unit='吨'").fetchone()
    connection.close()
    assert total == (2 * (6230 + 5137 + 11367),)


def test_xlsx_holds_no_formula(processed: Path, tmp_path: Path) -> None:
    write_dataset(collect(processed, FORMS, SETTINGS), tmp_path / "d.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "d.xlsx")["dataset"]
    assert sheet.max_row == 1 + 2 * 24
    assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)
    assert any(cell.value == "=SUM(1)" for row in sheet.iter_rows() for cell in row)


def test_errors(processed: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"\.parquet"):
        write_dataset(collect(processed, FORMS, SETTINGS), tmp_path / "d.txt")
    with pytest.raises(InputFileError, match=r"holds no document\.json"):
        list(collect(_empty(tmp_path), FORMS, SETTINGS))
    (processed / "b" / "document.json").write_text("{", encoding="utf-8")
    with pytest.raises(InputFileError, match=r"document\.json"):
        list(collect(processed, FORMS, SETTINGS))


def test_a_missing_package_is_no_failure_of_the_folder(
    processed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(PipelineError, match="pip install") as failure:
        write_dataset(collect(processed, FORMS, SETTINGS), tmp_path / "d.csv")
    assert failure.value.exit_code == ExitCode.OTHER


def _empty(tmp_path: Path) -> Path:
    (tmp_path / "empty").mkdir()
    return tmp_path / "empty"
