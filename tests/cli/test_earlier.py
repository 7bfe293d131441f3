"""What a run does with the results of an earlier one."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from fake_pipeline import FakePipeline, scan

from ocr_pipeline.errors import OutputError

Call = Callable[..., int]
Said = pytest.CaptureFixture[str]
Fake = type[FakePipeline]


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def source(folder: Path) -> str:
    return str(json.loads((folder / "document.json").read_text())["source"]["path"])


def test_another_file_of_the_name_replaces_nothing(tmp_path: Path, call: Call, fake: Fake, capsys: Said) -> None:
    first, second, out = scan(tmp_path, "a/scan.png"), scan(tmp_path, "b/scan.png", 99), tmp_path / "out"
    assert call("run", first, "-o", out) == 0
    assert call("run", second, "-o", out) == 0
    assert f"{out / 'scan'} holds the results of another file ({first}), so these go to" in capsys.readouterr().err
    folders = sorted(out.iterdir())
    assert [source(folder) for folder in folders] == [str(first), str(second)]
    # Again, and in one run: each finds its own folder.
    assert call("run", second, "-o", out) == 0
    assert call("run", second, first, "-o", out) == 0
    assert sorted(out.iterdir()) == folders
    assert [source(folder) for folder in folders] == [str(first), str(second)]


def test_the_same_content_finds_its_folder_from_elsewhere(tmp_path: Path, call: Call, fake: Fake) -> None:
    out = tmp_path / "out"
    assert call("run", scan(tmp_path, "a/scan.png"), "-o", out) == 0
    assert call("run", scan(tmp_path, "moved/scan.png"), "-o", out) == 0
    assert [path.name for path in out.iterdir()] == ["scan"]


def test_the_source_is_known_without_a_document_json(tmp_path: Path, call: Call, fake: Fake) -> None:
    out = tmp_path / "out"
    assert call("run", scan(tmp_path, "a/scan.png"), "-o", out, "--formats", "md") == 0
    assert call("run", scan(tmp_path, "a/scan.png"), "-o", out, "--formats", "html") == 0
    assert names(out) == ["scan/.source.json", "scan/document.html"]
    assert call("run", scan(tmp_path, "b/scan.png", 99), "-o", out, "--formats", "md") == 0
    assert len(list(out.iterdir())) == 2
    assert call("run", scan(tmp_path, "a/scan.png"), "-o", out, "--formats", "json") == 0
    assert names(out / "scan") == ["document.json"]


def test_a_run_that_was_cut_off_is_taken_up_in_its_folder(
    tmp_path: Path, call: Call, fake: Fake, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ocr_pipeline import export

    def broken(*_: object) -> None:
        raise OutputError("The disk is full.")

    out, path = tmp_path / "out", scan(tmp_path, "scan.png")
    with monkeypatch.context() as patch:
        patch.setattr(export, "write_document", broken)
        assert call("run", path, "-o", out, "--formats", "review") == OutputError.exit_code
    assert names(out) == ["scan/.source.json", "scan/review.html"]
    assert call("run", path, "-o", out, "--formats", "json") == 0
    assert names(out) == ["scan/document.json"]


def test_nothing_of_an_earlier_reading_stays_beside_a_new_one(tmp_path: Path, call: Call, fake: Fake) -> None:
    out, path = tmp_path / "out", scan(tmp_path, "scan.png")
    assert call("run", path, "-o", out, "--formats", "json,md,html,xlsx,csv,docx,review,pdf") == 0
    for name in ("figures/p1-1.png", "draw/page-001-cells.jpg", "notes.txt", "tables/mine.csv", "draw/plan.jpg"):
        (out / "scan" / name).parent.mkdir(exist_ok=True)
        (out / "scan" / name).write_text("x")
        os.utime(out / "scan" / name, (1, 1))
    (out / "scan" / "corrections.json").write_text("{}")
    assert call("run", path, "-o", out, "--formats", "json,md") == 0
    assert names(out / "scan") == [
        "corrections.json", "document.json", "document.md", "draw/plan.jpg", "notes.txt", "tables/mine.csv",
    ]  # fmt: skip


def test_what_a_person_changed_since_is_kept_and_named(tmp_path: Path, call: Call, fake: Fake, capsys: Said) -> None:
    out, path = tmp_path / "out", scan(tmp_path, "scan.png")
    assert call("run", path, "-o", out, "--formats", "json,md,xlsx") == 0
    later = (out / "scan" / "document.json").stat().st_mtime + 60
    os.utime(out / "scan" / "tables.xlsx", (later, later))
    assert call("run", path, "-o", out, "--formats", "json") == 0
    assert names(out / "scan") == ["document.json", "tables.xlsx"]
    assert "tables.xlsx was changed by hand and is kept" in capsys.readouterr().err


def test_a_folder_of_somebody_else_is_left_as_it_is(tmp_path: Path, call: Call, fake: Fake) -> None:
    path = scan(tmp_path, "scan.png")
    scan(tmp_path, "out/scan/photo.png")
    assert call("run", path, "-o", tmp_path / "out", "--formats", "json") == 0
    assert names(tmp_path / "out") == ["scan/document.json", "scan/photo.png"]
