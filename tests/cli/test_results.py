"""What run leaves in a folder, and apply: with the real pipeline, and readers that say what they were told to."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import openpyxl
import pymupdf
import pytest

from ocr_pipeline import pipeline
from ocr_pipeline.commands.drawing import DRAWERS
from ocr_pipeline.commands.results import DRAWINGS, PLAIN_FORMATS
from ocr_pipeline.errors import ExitCode
from ocr_pipeline.export import FORMATS, load_document
from ocr_pipeline.ocr import engine
from ocr_pipeline.ocr.canned import CannedDetector, CannedRecogniser
from ocr_pipeline.profiling import ENTRY_POINTS, STAGES, StageClock, stages_timed

Call = Callable[..., int]


@pytest.fixture
def call(call: Call, monkeypatch: pytest.MonkeyPatch) -> Call:
    """The same with every crop read as 7."""
    monkeypatch.setattr(engine, "load_recogniser", lambda settings: CannedRecogniser(lambda image: "7"))
    monkeypatch.setattr(engine, "load_detector", lambda settings: CannedDetector({}))
    return call


@pytest.fixture
def ruled(tmp_path: Path) -> Path:
    """A page with a table of 4 x 3 cells and something like a digit in each."""
    image = np.full((1000, 800, 3), 255, np.uint8)
    for y in range(200, 601, 100):
        cv2.line(image, (100, y), (700, y), (0, 0, 0), 3)
    for x in range(100, 701, 200):
        cv2.line(image, (x, 200), (x, 600), (0, 0, 0), 3)
    for row in range(4):
        for col in range(3):
            cv2.putText(image, "7", (185 + 200 * col, 262 + 100 * row), cv2.FONT_HERSHEY_SIMPLEX, 1, (0, 0, 0), 3)
    path = tmp_path / "ruled.png"
    cv2.imwrite(str(path), image)
    return path


def test_the_lists_in_the_help_are_those_of_the_rooms() -> None:
    assert PLAIN_FORMATS == FORMATS
    assert tuple(DRAWERS) == DRAWINGS


def test_everything_is_written_by_default(ruled: Path, tmp_path: Path, call: Call) -> None:
    assert call("run", ruled, "-o", tmp_path / "out") == 0
    names = {path.name for path in (tmp_path / "out" / "ruled").iterdir()}
    assert names == {
        "document.json", "document.md", "document.html", "tables.xlsx", "tables", "review.html", "searchable.pdf",
    }  # fmt: skip
    with pymupdf.open(tmp_path / "out" / "ruled" / "searchable.pdf") as pdf:
        assert pdf[0].get_text().split() == ["7"] * 12


def test_pictures_are_cut_out_and_linked(ruled: Path, tmp_path: Path, call: Call) -> None:
    image = cv2.imread(str(ruled))
    photograph = np.random.default_rng(0).integers(30, 160, (240, 320, 3)).astype(np.uint8)
    image[680:920, 240:560] = photograph
    cv2.imwrite(str(ruled), image)
    assert call("run", ruled, "-o", tmp_path / "out", "--formats", "json,md,figures") == 0
    folder = tmp_path / "out" / "ruled"
    (figure,) = load_document(folder / "document.json").pages[0].figures
    assert f"![]({figure.file})" in (folder / "document.md").read_text(encoding="utf-8")
    cut = cv2.imread(str(folder / figure.file))
    assert abs(cut.shape[0] - 240) < 12
    assert abs(cut.shape[1] - 320) < 12


def test_draw_writes_a_picture_of_every_stage(ruled: Path, tmp_path: Path, call: Call) -> None:
    assert call("run", ruled, "-o", tmp_path / "out", "--formats", "json", "--draw", "all") == 0
    folder = tmp_path / "out" / "ruled" / "draw"
    assert sorted(path.name for path in folder.iterdir()) == sorted(f"page-001-{name}.jpg" for name in DRAWINGS)
    rulings = cv2.imread(str(folder / "page-001-rulings.jpg")).astype(int)
    reddish = (rulings[..., 2] - rulings[..., 0]) > 60
    bluish = (rulings[..., 0] - rulings[..., 2]) > 60
    assert np.flatnonzero(reddish.sum(axis=1) > 500).min() == pytest.approx(200, abs=4)
    assert np.flatnonzero(bluish.sum(axis=0) > 300).max() == pytest.approx(700, abs=4)


def test_some_drawings_only(ruled: Path, tmp_path: Path, call: Call) -> None:
    assert call("run", ruled, "-o", tmp_path / "out", "--formats", "json", "--draw", "grid, cells") == 0
    names = {path.name for path in (tmp_path / "out" / "ruled" / "draw").iterdir()}
    assert names == {"page-001-grid.jpg", "page-001-cells.jpg"}


def test_a_result_that_needs_the_images_again_may_fail_alone(
    ruled: Path, tmp_path: Path, call: Call, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from ocr_pipeline.errors import InputFileError
    from ocr_pipeline.export import pdf

    def fails(*arguments: object) -> None:
        raise InputFileError("It is damaged.")

    monkeypatch.setattr(pdf, "write_searchable_pdf", fails)
    assert call("run", ruled, "-o", tmp_path / "out") == ExitCode.PARTIAL
    assert "It is damaged." in capsys.readouterr().err
    assert (tmp_path / "out" / "ruled" / "document.json").exists()
    assert (tmp_path / "out" / "ruled" / "review.html").exists()


def test_profile_says_where_the_time_went(
    ruled: Path, tmp_path: Path, call: Call, capsys: pytest.CaptureFixture[str]
) -> None:
    before = pipeline.awaited
    assert call("run", ruled, "-o", tmp_path / "out", "--profile") == 0
    assert pipeline.awaited is before
    said = capsys.readouterr().err
    profile = json.loads((tmp_path / "out" / "ruled" / "profile.json").read_text())
    assert [row["stage"] for row in profile["stages"]] == list(STAGES)
    calls = {row["stage"]: row["calls"] for row in profile["stages"]}
    assert all(calls.values())
    assert (calls["clean"], calls["recognition"], calls["export"]) == (1, 1, 1)
    assert all(stage in said for stage in STAGES)
    assert 0 < sum(row["seconds"] for row in profile["stages"]) <= profile["seconds"]


def test_time_in_an_inner_stage_counts_once() -> None:
    clock = StageClock()
    inner = clock.timed("source", lambda: time.sleep(0.2))
    clock.timed("export", inner)()
    totals = clock.totals()
    assert totals["source"].calls == totals["export"].calls == 1
    assert totals["export"].seconds < totals["source"].seconds


def test_a_stage_that_raises_is_put_back_and_counted() -> None:
    with pytest.raises(ZeroDivisionError), stages_timed() as clock:
        clock.timed("clean", lambda: 1 / 0)()
    assert clock.totals()["clean"].calls == 1
    assert not hasattr(pipeline.awaited, "__wrapped__")


def test_every_stage_has_an_entry_point() -> None:
    assert {stage for stage, _, _ in ENTRY_POINTS} == set(STAGES)


FORM = """
schema = "ocr-pipeline-profile/1"
id = "sevens"
title = "七"
[[table]]
id = "all"
title = "七"
column = [{ id = "a", label = "七七" }]
"""


def test_profiles_of_own_forms_are_looked_at_first(ruled: Path, tmp_path: Path, call: Call) -> None:
    form = tmp_path / "form.toml"
    form.write_text(FORM, encoding="utf-8")
    assert call("run", ruled, "-o", tmp_path / "out", "--profiles", form) == 0
    assert call("page", ruled, "--profiles", form) == 0
    form.write_text(FORM + "nonsense", encoding="utf-8")
    assert call("run", ruled, "-o", tmp_path / "none", "--profiles", form) == ExitCode.PROFILE
    assert call("page", ruled, "--profiles", form) == ExitCode.PROFILE
    assert not (tmp_path / "none").exists()


def corrections(folder: Path, text: str) -> Path:
    document = load_document(folder / "document.json")
    path = folder / "corrections.json"
    entry = {"table": "t1", "row": 1, "col": 2, "text": text}
    data = {"schema": "ocr-pipeline-corrections/1", "source": {"sha256": document.source.sha256}, "done": True}
    path.write_text(json.dumps(data | {"corrections": [entry]}), encoding="utf-8")
    return path


def test_apply_writes_every_export_again(
    ruled: Path, tmp_path: Path, call: Call, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "out" / "ruled"
    assert call("run", ruled, "-o", tmp_path / "out") == 0
    assert call("apply", corrections(folder, "31"), "-o", folder) == 0
    assert "1 reading corrected" in capsys.readouterr().err
    cell = load_document(folder / "document.json").tables[0].cell_at(1, 2)
    assert cell is not None
    assert (cell.text, cell.value, cell.flags) == ("31", 31, ("corrected",))
    assert "31" in (folder / "document.md").read_text(encoding="utf-8")
    assert "31" in (folder / "tables" / "t1.csv").read_text(encoding="utf-8")
    book = openpyxl.load_workbook(folder / "tables.xlsx")
    assert any(31 in row for sheet in book for row in sheet.iter_rows(values_only=True))
    assert '"31"' in (folder / "review.html").read_text(encoding="utf-8")
    with pymupdf.open(folder / "searchable.pdf") as pdf:
        assert sorted(pdf[0].get_text().split()) == ["31"] + ["7"] * 11


def test_apply_writes_no_export_that_was_not_there(ruled: Path, tmp_path: Path, call: Call) -> None:
    folder = tmp_path / "out" / "ruled"
    assert call("run", ruled, "-o", tmp_path / "out", "--formats", "json,csv") == 0
    assert call("apply", corrections(folder, "31"), "-o", folder) == 0
    assert {path.name for path in folder.iterdir()} == {"document.json", "tables", "corrections.json"}


def test_apply_refuses_corrections_that_do_not_fit(ruled: Path, tmp_path: Path, call: Call) -> None:
    folder = tmp_path / "out" / "ruled"
    assert call("run", ruled, "-o", tmp_path / "out", "--formats", "json") == 0
    before = (folder / "document.json").read_bytes()
    path = corrections(folder, "31")
    path.write_text(path.read_text().replace('"row": 1', '"row": 9'))
    assert call("apply", path, "-o", folder) == ExitCode.INPUT_FILE
    assert call("apply", tmp_path / "absent.json", "-o", folder) == ExitCode.INPUT_FILE
    assert (folder / "document.json").read_bytes() == before


def test_serve_needs_a_folder(tmp_path: Path, call: Call, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("serve", tmp_path / "absent") == ExitCode.INPUT_FILE
    assert "absent" in capsys.readouterr().err


def test_serve_announces_its_address(tmp_path: Path, call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    import uvicorn

    served = []
    monkeypatch.setattr(uvicorn.Server, "run", lambda self, sockets: served.append(sockets[0].getsockname()[0]))
    assert call("serve", tmp_path, "--port", "0") == 0
    assert served == ["127.0.0.1"]
