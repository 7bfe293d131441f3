"""Whole batches with canned readings: what comes out, what a second run does, what is shared."""

from __future__ import annotations

import json
import os
import shutil
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from batch_engines import OWN_FORM, DyingEngines, NoWeights, run, save_pages, settings
from soak import tree

from ocr_pipeline.batch.engines import CannedEngines
from ocr_pipeline.batch.run import run_batch
from ocr_pipeline.document import PageStatus
from ocr_pipeline.errors import EncryptedError, ExitCode, ModelError, OutputError, ProfileError
from ocr_pipeline.export import document_json, load_document
from ocr_pipeline.pipeline import Pipeline


@pytest.fixture(scope="module")
def done(filings: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that a batch has filled."""
    output = tmp_path_factory.mktemp("done")
    summary = run(filings, output)
    assert (summary.done, summary.pages_read, summary.exit_code) == (6, 12, ExitCode.OK)
    return output


@pytest.fixture
def output(done: Path, tmp_path: Path) -> Path:
    """A copy of it to spoil."""
    return Path(shutil.copytree(done, tmp_path / "out"))


def test_each_file_comes_out_as_the_pipeline_reads_it_alone(done: Path, filings: list[Path]) -> None:
    engines = CannedEngines()
    whole = settings()
    pipeline = Pipeline(whole, recogniser=engines.recogniser(whole.engine), detector=engines.detector(whole.engine))
    for path in filings:
        alone = document_json(pipeline.read(path))
        assert (done / path.stem / "document.json").read_text(encoding="utf-8") == alone


def test_the_number_of_processes_changes_nothing(done: Path, filings: list[Path], tmp_path: Path) -> None:
    run(filings, tmp_path / "two", jobs=2)
    run(filings, tmp_path / "split", jobs=1, recognisers=1)
    assert tree(tmp_path / "two") == tree(done)
    assert tree(tmp_path / "split") == tree(done)


def test_a_second_run_reads_and_writes_nothing(output: Path, filings: list[Path]) -> None:
    before = {path: path.stat().st_mtime_ns for path in output.rglob("document.json")}
    again = run(filings, output)
    assert (again.skipped, again.pages_read, again.pages) == (6, 0, 12)
    assert {path: path.stat().st_mtime_ns for path in output.rglob("document.json")} == before


def test_what_is_missing_or_altered_is_written_again_from_the_ledger(
    output: Path, done: Path, filings: list[Path]
) -> None:
    (output / "filing-0000" / "document.json").unlink()
    (output / "filing-0001" / "tables" / "t1.csv").write_text("1,2,3\n")
    shutil.rmtree(output / "filing-0002")
    again = run(filings, output)
    assert (again.done, again.skipped, again.pages_read) == (3, 3, 0)
    assert tree(output) == tree(done)


def test_other_readings_make_everything_be_read_again(output: Path, filings: list[Path]) -> None:
    again = run(filings, output, CannedEngines("34"))
    assert (again.done, again.pages_read) == (6, 12)
    assert "34" in (output / "filing-0000" / "tables" / "t1.csv").read_text(encoding="utf-8-sig")


def test_other_settings_of_the_last_stages_read_nothing_again(output: Path, filings: list[Path]) -> None:
    other = settings()
    other = replace(other, reports=replace(other.reports, low_score=0.8))
    again = run_batch(filings, output, other, ("json", "csv"), engines=CannedEngines())
    assert (again.done, again.pages_read) == (6, 0)


def test_profiles_of_own_forms_are_known_to_the_workers(filings: list[Path], tmp_path: Path) -> None:
    output, engines = tmp_path / "out", CannedEngines("面积")
    run(filings[:2], output, engines)
    before = tree(output)
    profile = tmp_path / "own.toml"
    profile.write_text(OWN_FORM, encoding="utf-8")
    again = run(filings[:2], output, engines, profiles=[tmp_path])
    assert (again.done, again.pages_read) == (2, 0)
    for name in ("filing-0000", "filing-0001"):
        tables = load_document(output / name / "document.json").tables
        assert {table.profile for table in tables} == {"drawn/digits"}
    profile.rename(tmp_path / "renamed.toml")
    assert run(filings[:2], output, engines, profiles=[tmp_path / "renamed.toml"]).skipped == 2
    assert run(filings[:2], output, engines).done == 2
    assert tree(output) == before


def test_a_wrong_profile_ends_the_batch_before_it_begins(filings: list[Path], tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(OWN_FORM.replace("title", "titel"), encoding="utf-8")
    with pytest.raises(ProfileError, match=r"own\.toml: line"):
        run(filings, tmp_path / "out", profiles=[tmp_path / "own.toml"])
    assert not (tmp_path / "out").exists()


def test_files_of_formats_no_longer_wanted_go(output: Path, filings: list[Path]) -> None:
    again = run_batch(filings, output, settings(), ("json", "md"), engines=CannedEngines())
    assert (again.done, again.pages_read) == (6, 0)
    folder = output / "filing-0000"
    assert sorted(path.name for path in folder.iterdir()) == ["document.json", "document.md"]


def test_the_same_content_under_two_names_is_read_once(filings: list[Path], tmp_path: Path) -> None:
    twin = tmp_path / "twin.pdf"
    shutil.copy(filings[0], twin)
    summary = run([filings[0], twin], tmp_path / "out")
    assert (summary.done, summary.pages_read) == (2, 2)
    named = [load_document(tmp_path / "out" / name / "document.json") for name in ("filing-0000", "twin")]
    assert [document.source.path for document in named] == [str(filings[0]), str(twin)]
    assert named[0].pages == named[1].pages


def test_files_of_one_name_get_folders_of_their_own_in_every_run(filings: list[Path], tmp_path: Path) -> None:
    paths = []
    for number, source in enumerate(filings[:2]):
        (tmp_path / str(number)).mkdir()
        paths.append(tmp_path / str(number) / "report.pdf")
        shutil.copy(source, paths[-1])
    output = tmp_path / "out"
    run(paths[1:], output)
    run(paths, output)
    run(paths[::-1], output)
    found = {
        folder.name: load_document(folder / "document.json").source.path
        for folder in output.iterdir()
        if (folder / "document.json").exists()
    }
    assert found.pop("report") == str(paths[1])
    assert list(found.values()) == [str(paths[0])]


def test_a_file_that_changes_is_read_again_into_its_folder(filings: list[Path], tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    shutil.copy(filings[0], path)
    run([path], tmp_path / "out")
    shutil.copy(filings[2], path)
    summary = run([path], tmp_path / "out")
    assert (summary.done, summary.pages_read) == (1, 2)
    assert [folder.name for folder in (tmp_path / "out").iterdir() if folder.name[0] == "r"] == ["report"]


def test_a_moved_file_keeps_its_folder(filings: list[Path], tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    path = tmp_path / "report.pdf"
    shutil.copy(filings[0], path)
    run([path], tmp_path / "out")
    moved = path.rename(tmp_path / "new" / "report.pdf")
    summary = run([moved], tmp_path / "out")
    assert (summary.done, summary.pages_read) == (1, 0)
    assert load_document(tmp_path / "out" / "report" / "document.json").source.path == str(moved)


def test_what_a_killed_writer_left_is_removed(output: Path, done: Path, filings: list[Path]) -> None:
    folder = output / "filing-0000"
    (folder / "document.json").unlink()
    (folder / ".document.json.4711-0a1b2c3d.tmp").write_text("half")
    (folder / "tables" / ".t1.csv.4711-0a1b2c3d.tmp").write_text("half")
    run(filings, output)
    assert tree(output) == tree(done)


def test_two_batches_at_once_share_the_work(filings: list[Path], done: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    found = {}

    def work(name: str) -> None:
        found[name] = run(filings, output)

    threads = [threading.Thread(target=work, args=(name,)) for name in ("one", "two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=500)
    assert sum(summary.pages_read for summary in found.values()) == 12
    assert [summary.done + summary.skipped for summary in found.values()] == [6, 6]
    assert tree(output) == tree(done)


def test_the_summary_is_written_for_programs(output: Path, filings: list[Path], tmp_path: Path) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7\n nothing more")
    summary = run([*filings, broken], output)
    told = json.loads((output / "summary.json").read_text(encoding="utf-8"))
    assert told["schema"] == "ocr-pipeline-batch/1"
    assert (told["skipped"], told["failed"], told["complete"], told["exit_code"]) == (6, 1, True, 10)
    assert told["failures"][0]["path"] == str(broken)
    assert told["failures"][0]["exit_code"] == ExitCode.INPUT_FILE
    assert str(broken) in summary.text() and "scan it again" in summary.text()


def test_missing_weights_end_the_batch(filings: list[Path], tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"rough\.onnx"):
        run(filings, tmp_path / "out", NoWeights())
    assert json.loads((tmp_path / "out" / "summary.json").read_text())["complete"] is False


def test_a_recognition_process_that_dies_is_replaced(filings: list[Path], done: Path, tmp_path: Path) -> None:
    summary = run(filings, tmp_path / "out", DyingEngines(marks=tmp_path), recognisers=1)
    assert (summary.done, summary.failed, summary.partial) == (6, 0, 0)
    assert (tmp_path / "died").exists()
    assert tree(tmp_path / "out") == tree(done)


def test_a_damaged_ledger_says_what_to_do(output: Path, filings: list[Path]) -> None:
    for path in (output / ".ocr-pipeline").glob("ledger.sqlite*"):
        path.write_bytes(b"not a database" * 1000)
    with pytest.raises(OutputError, match="Remove the folder"):
        run(filings, output)


def test_fail_fast_stops_at_the_first_failure(filings: list[Path], tmp_path: Path) -> None:
    import pymupdf

    locked = tmp_path / "locked.pdf"
    with pymupdf.open() as made:
        made.new_page()
        made.save(locked, encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="secret")
    with pytest.raises(EncryptedError, match=r"locked\.pdf"):
        run([locked, *filings], tmp_path / "out", fail_fast=True)


@pytest.mark.skipif(sys.platform != "linux", reason="file names are bytes there only")
def test_a_name_that_is_not_text(filings: list[Path], tmp_path: Path) -> None:
    paths = [tmp_path / os.fsdecode(b"\xff\xfe" + path.suffix.encode()) for path in filings[:2]]
    for path, source in zip(paths, filings, strict=False):
        shutil.copy(source, path)
    assert {path.suffix for path in paths} == {".pdf", ".tif"}
    output = tmp_path / "out"
    assert run(paths, output).done == 2
    assert run(paths, output).skipped == 2
    folders = sorted(path.parent for path in output.rglob("document.json"))
    assert [folder.name[:1] for folder in folders] == ["_", "_"]
    for folder in folders:
        assert "\ufffd" in load_document(folder / "document.json").source.path


def test_a_page_without_anything_on_it(tmp_path: Path) -> None:
    from PIL import Image

    Image.new("L", (420, 300), 255).save(tmp_path / "blank.png", dpi=(100, 100))
    summary = run([tmp_path / "blank.png", save_pages(tmp_path / "one.tif", [420])], tmp_path / "out", recognisers=1)
    assert (summary.done, summary.pages_read) == (2, 2)
    assert load_document(tmp_path / "out" / "blank" / "document.json").pages[0].status is PageStatus.BLANK
