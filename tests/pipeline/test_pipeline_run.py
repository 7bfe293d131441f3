from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from helpers_drawing import ROWS_DETECTOR, sheet, turned
from pipeline_pages import DPI, HEADER, TINY, first_page, read_strokes, second_page, write_pdf

from ocr_pipeline.document import DocumentStatus, PageStatus
from ocr_pipeline.errors import EngineError, ExitCode, InputFileError, PipelineError
from ocr_pipeline.geometry import GrayImage
from ocr_pipeline.ocr.canned import CannedRecogniser
from ocr_pipeline.pipeline import Pipeline
from ocr_pipeline.source import PageSelection
from ocr_pipeline.stages import RawReading

TABLE = [HEADER, ["新收", "12", "0"], ["办结", "7", ""], ["结转", "0", "12"]]


@pytest.fixture
def pipeline() -> Pipeline:
    return Pipeline(recogniser=CannedRecogniser(read_strokes), detector=ROWS_DETECTOR)


def test_a_file_is_read_from_scan_to_table(pipeline: Pipeline, tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "report.pdf", first_page(), second_page())
    steps: list[tuple[int, int]] = []
    document = pipeline.read(path, progress=lambda done, of: steps.append((done, of)))
    assert document.status is DocumentStatus.OK
    assert steps == [(1, 2), (2, 2)]
    assert document.source.path == str(path)
    assert document.source.pages == 2
    assert len(document.source.sha256) == 64
    assert document.engine.models == {"recognition": "canned", "detection": "canned"}
    assert document.engine.settings["clean"]
    (table,) = document.tables
    assert table.to_grid() == TABLE
    assert table.title == "一、总体情况"
    assert [(part.page, part.rows) for part in table.parts] == [(0, (0, 1)), (1, (2, 3))]
    assert [page.index for page in document.pages] == [0, 1]
    assert document.pages[0].dpi == pytest.approx(DPI, rel=0.01)


def test_cells_lie_where_they_were_drawn(pipeline: Pipeline, tmp_path: Path) -> None:
    document = pipeline.read(write_pdf(tmp_path / "a.pdf", first_page(), second_page()))
    cell = document.tables[0].cell_at(0, 0)
    assert cell is not None
    assert (cell.box.x0, cell.box.y0) == pytest.approx((150, 1480), abs=2)
    later = document.tables[0].cell_at(2, 0)
    assert later is not None
    assert later.page == 1
    assert (later.box.x0, later.box.y0) == pytest.approx((150, 120), abs=2)


def test_crooked_pages_say_the_same(pipeline: Pipeline, tmp_path: Path) -> None:
    document = pipeline.read(write_pdf(tmp_path / "a.pdf", turned(first_page(), 2.0), turned(second_page(), -3.0)))
    assert [page.skew for page in document.pages] == pytest.approx([2.0, -3.0], abs=0.1)
    assert [table.to_grid() for table in document.tables] == [TABLE]


def test_reading_twice_says_the_same(pipeline: Pipeline, tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", first_page(), second_page())
    assert pipeline.read(path) == pipeline.read(path)


def test_a_page_that_fails_is_marked_and_the_others_go_on(pipeline: Pipeline, tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", first_page(), TINY, second_page())
    steps: list[tuple[int, int]] = []
    document = pipeline.read(path, progress=lambda done, of: steps.append((done, of)))
    assert document.status is DocumentStatus.PARTIAL
    assert [page.status for page in document.pages] == [PageStatus.OK, PageStatus.FAILED, PageStatus.OK]
    assert "too small" in document.pages[1].message
    assert "a.pdf" in document.pages[1].message
    assert steps == [(1, 3), (2, 3), (3, 3)]
    assert [table.to_grid() for table in document.tables] == [TABLE[:2], TABLE[2:]]


def test_a_file_of_failing_pages_only_raises_the_first(pipeline: Pipeline, tmp_path: Path) -> None:
    path = write_pdf(tmp_path / "a.pdf", TINY, TINY)
    with pytest.raises(InputFileError, match="Page 1 of"):
        pipeline.read(path)


@pytest.mark.parametrize("pages", ["2", PageSelection.parse("2")])
def test_chosen_pages_only(pipeline: Pipeline, tmp_path: Path, pages: PageSelection | str) -> None:
    path = write_pdf(tmp_path / "a.pdf", TINY, second_page())
    document = pipeline.read(path, pages)
    assert document.status is DocumentStatus.OK
    assert [page.index for page in document.pages] == [1]
    assert document.source.pages == 2
    assert [table.to_grid() for table in document.tables] == [TABLE[2:]]


@pytest.mark.parametrize(
    ("pages", "words"), [(2, "text, not as int"), ([1, 2], "as list"), ("2-x", "2-x"), ("", "Not a page"), ("7", "7")]
)
def test_pages_that_cannot_be_meant(pipeline: Pipeline, tmp_path: Path, pages: Any, words: str) -> None:
    path = write_pdf(tmp_path / "a.pdf", first_page())
    with pytest.raises(PipelineError, match=words) as caught:
        pipeline.read(path, pages)
    assert caught.value.exit_code is ExitCode.BAD_ARGUMENTS


def test_a_file_is_named_by_text_or_a_path(pipeline: Pipeline) -> None:
    no_name: Any = 5
    with pytest.raises(InputFileError, match="not by int"):
        pipeline.read(no_name)


def test_a_blank_page_is_blank(pipeline: Pipeline, tmp_path: Path) -> None:
    document = pipeline.read(write_pdf(tmp_path / "a.pdf", first_page(), sheet(DPI)))
    assert [page.status for page in document.pages] == [PageStatus.OK, PageStatus.BLANK]
    assert document.pages[1].blocks == ()


def test_an_engine_that_fails_stops_the_run(tmp_path: Path) -> None:
    def fail(image: GrayImage) -> RawReading:
        raise EngineError("The engine is gone.")

    pipeline = Pipeline(recogniser=CannedRecogniser(fail), detector=ROWS_DETECTOR)
    with pytest.raises(EngineError, match="gone"):
        pipeline.read(write_pdf(tmp_path / "a.pdf", first_page(), second_page()))


def test_a_missing_file(pipeline: Pipeline, tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match=r"none\.pdf"):
        pipeline.read(tmp_path / "none.pdf")
