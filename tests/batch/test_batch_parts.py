"""The parts of a batch on their own: inputs, folders, ledger, packing, devices."""

from __future__ import annotations

import os
import pickle
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from batch_engines import settings
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.batch.devices import devices, staff
from ocr_pipeline.batch.display import Lines, Pace, file_line
from ocr_pipeline.batch.engines import CannedEngines
from ocr_pipeline.batch.fingerprint import fingerprint
from ocr_pipeline.batch.folders import folder_name
from ocr_pipeline.batch.inputs import NothingToReadError, find_inputs
from ocr_pipeline.batch.ledger import Failure, Ledger
from ocr_pipeline.batch.messages import StoredPage
from ocr_pipeline.batch.owner import Owner
from ocr_pipeline.batch.scan import scan
from ocr_pipeline.batch.summary import FileReport, FileStatus, Summary
from ocr_pipeline.document import Alternative
from ocr_pipeline.errors import EngineError, OutputError
from ocr_pipeline.packing import pack, unpack
from ocr_pipeline.reports.loader import load_profiles
from ocr_pipeline.stages import CropAddress, CropKind, RawReading


def touch(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()


def test_folders_patterns_and_lists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    touch(tmp_path, "in/b.PDF", "in/a.tif", "in/deep/c.png", "in/.hidden.pdf", "in/notes.txt", "out/x.pdf", "d.scan")
    (tmp_path / "list").write_text("# the rest\nd.scan\n\nin/a.tif\n@list\ngone.pdf\n", encoding="utf-8")
    found = find_inputs(["in", "out", "@list", "in/*.PDF"], Path("out"))
    assert [path.as_posix() for path in found] == ["in/a.tif", "in/b.PDF", "in/deep/c.png", "d.scan", "gone.pdf"]


def test_a_folder_that_may_not_be_searched_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    touch(tmp_path, "in/open/a.pdf", "in/closed/b.pdf")
    search = os.scandir

    def scandir(path: str) -> object:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied", path)
        return search(path)

    monkeypatch.setattr(os, "scandir", scandir)
    found = find_inputs([str(tmp_path / "in")], tmp_path / "out")
    assert found == [tmp_path / "in" / "open" / "a.pdf", tmp_path / "in" / "closed"]
    ((path, failure),) = scan(found).unreadable
    assert path == tmp_path / "in" / "closed"
    assert "may not be searched" in failure.message


def test_nothing_to_read_is_an_argument_error(tmp_path: Path) -> None:
    with pytest.raises(NothingToReadError, match=r"\*\.pdf"):
        find_inputs([str(tmp_path / "*.pdf")], tmp_path / "out")
    with pytest.raises(NothingToReadError, match="list"):
        find_inputs([f"@{tmp_path / 'list'}"], tmp_path / "out")


@given(
    st.lists(st.tuples(st.sampled_from(["a", "A", "..", "summary.json", ".ocr-pipeline", "长" * 90]), st.text("ab")))
)
def test_folder_names_never_collide_nor_lead_out(files: list[tuple[str, str]]) -> None:
    taken: set[str] = set()
    for stem, content in files:
        name = folder_name(stem, content.ljust(64, "0"), taken.__contains__)
        assert name.casefold() not in taken
        assert name not in ("", ".", "..", ".ocr-pipeline", "summary.json")
        assert "/" not in name and len(os.fsencode(name)) <= 255
        taken.add(name.casefold())


def test_pages_come_back_from_the_ledger_exactly(tmp_path: Path) -> None:
    page = StoredPage(b"analysis", b"readings")
    with Ledger(tmp_path) as ledger:
        assert ledger.page_count("s", "f") is None
        ledger.record_file("s", "f", 3)
        ledger.record_page("s", "f", 0, page)
        ledger.record_page("s", "f", 2, Failure("Page 3 of {file} is damaged.", 3))
    with Ledger(tmp_path) as ledger:
        assert ledger.page_count("s", "f") == 3
        assert ledger.pages("s", "f") == {0: None, 2: Failure("Page 3 of {file} is damaged.", 3)}
        assert ledger.load_page("s", "f", 0) == page
        with pytest.raises(KeyError):
            ledger.load_page("s", "f", 2)
        assert ledger.pages("s", "other settings") == {}
        ledger.forget_failures("s", "f")
        assert ledger.pages("s", "f") == {0: None}


def test_claims_end_with_their_owner(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger, Owner(tmp_path / "owners") as mine:
        other = Owner(tmp_path / "owners")
        assert ledger.claim(["a", "b"], other)
        assert not ledger.claim(["b", "c"], mine)
        assert ledger.claim(["c"], mine), "a claim refused takes nothing"
        other.close()
        assert ledger.claim(["b", "c"], mine)
        ledger.release(["b"], mine)
        assert list((tmp_path / "owners").iterdir()) == [tmp_path / "owners" / f"{mine.name}.lock"]


def test_locks_of_killed_batches_are_removed(tmp_path: Path) -> None:
    with Owner(tmp_path) as alive:
        for name in ("dead", alive.name, "young"):
            (tmp_path / f"{name}.lock").touch()
        for name in ("dead", alive.name):
            os.utime(tmp_path / f"{name}.lock", (0, 0))
        with Owner(tmp_path) as other:
            found = {path.stem for path in tmp_path.iterdir()}
            assert found == {alive.name, other.name, "young"}
            assert other.is_alive(alive.name)


def test_a_ledger_of_another_version_is_refused(tmp_path: Path) -> None:
    with Ledger(tmp_path) as ledger:
        ledger._db.execute("PRAGMA user_version=99")
    with pytest.raises(OutputError, match="another version"):
        Ledger(tmp_path)


def test_packing_keeps_every_bit() -> None:
    address = CropAddress(3, CropKind.CELL, 1, 2)
    reading = RawReading("1,2", 0.1 + 0.2, (1 / 3, 2 / 3), (Alternative("12", 1e-9),))
    assert unpack(pack({address: reading})) == {address: reading}


def test_packing_members_of_an_enum_calls_nothing() -> None:
    packed = pack(CropKind.CELL, compress=False)
    assert b"getattr" not in packed
    assert unpack(zlib.compress(packed)) is CropKind.CELL


@pytest.mark.parametrize("harm", [os.system, eval, Path])
def test_unpacking_runs_nothing(harm: object) -> None:
    with pytest.raises(OutputError, match="has no place there"):
        unpack(zlib.compress(pickle.dumps(harm)))


def test_damaged_pages_of_the_ledger_are_named() -> None:
    with pytest.raises(OutputError, match=r"Remove the folder \.ocr-pipeline"):
        unpack(b"half a page")


def test_devices() -> None:
    assert devices("cpu") == ("cpu",)
    assert devices("gpu") == ("gpu:0",)
    assert devices("gpu:0,1,0") == ("gpu:0", "gpu:1")
    with pytest.raises(EngineError, match="gpu:0"):
        devices("gpu:a")


def test_the_cores_are_shared_out() -> None:
    people = staff(settings(jobs=0), CannedEngines(), available=8)
    assert (len(people.workers), people.workers[0].engine.threads, people.readers) == (8, 1, ())
    people = staff(settings(jobs=2), CannedEngines(), available=8)
    assert (len(people.workers), people.workers[0].engine.threads) == (2, 4)
    people = staff(settings(jobs=0, recognisers=2), CannedEngines(), available=8)
    assert (len(people.workers), len(people.readers)) == (6, 2)
    assert not people.workers[0].reads


def test_each_gpu_has_a_process_of_its_own() -> None:
    wanted = settings(jobs=6)
    wanted = replace(wanted, engine=replace(wanted.engine, device="gpu:0,2"))
    people = staff(wanted, CannedEngines(), available=8)
    assert [plan.engine.device for plan in people.readers] == ["gpu:0", "gpu:2"]
    assert people.readers[0].engine.batch_columns == wanted.batch.gpu_batch_columns
    assert [plan.engine.device for plan in people.workers] == ["cpu"] * 6


def test_a_gpu_without_its_provider_is_an_engine_error(tmp_path: Path) -> None:
    import onnxruntime

    from ocr_pipeline.batch.run import run_batch

    if "CUDAExecutionProvider" in onnxruntime.get_available_providers():
        pytest.skip("ONNX Runtime has CUDA here")
    wanted = settings()
    wanted = replace(wanted, engine=replace(wanted.engine, device="gpu:0,1"))
    with pytest.raises(EngineError, match="needs ONNX Runtime with CUDA"):
        run_batch([tmp_path / "a.pdf"], tmp_path / "out", wanted)


def test_fingerprints_know_what_changes_a_reading() -> None:
    plain = settings()
    base = fingerprint(plain, CannedEngines())
    threads = replace(plain, engine=replace(plain.engine, threads=3, models_dir="elsewhere"))
    assert fingerprint(threads, CannedEngines()) == base
    assert fingerprint(settings(jobs=5, page_timeout=1.0), CannedEngines()) == base
    late = fingerprint(replace(plain, layout=replace(plain.layout, indent=1.3)), CannedEngines())
    assert late.page == base.page and late.whole != base.whole
    early = fingerprint(replace(plain, engine=replace(plain.engine, model="small")), CannedEngines())
    assert early.page != base.page and early.whole != base.whole
    assert fingerprint(plain, CannedEngines("7")).page != base.page
    form = load_profiles()[0]
    known = fingerprint(plain, CannedEngines(), [form])
    assert known.page == base.page and known.whole != base.whole
    assert fingerprint(plain, CannedEngines(), [replace(form, source="elsewhere.toml")]) == known


def test_all_code_belongs_to_a_fingerprint_or_is_named_as_harmless() -> None:
    from ocr_pipeline.batch import fingerprint as module

    root = Path(module.__file__).resolve().parents[1]
    names = {path.name for path in root.iterdir()}
    assert names >= module._LATER_PLACES, "a room was renamed"
    assert {"analysis.py", "recognition.py", "clean", "tables", "layout", "ocr", "source", "settings"} <= (
        names - module._LATER_PLACES - module._OTHER_PLACES
    )
    assert set(settings().as_json()) >= module._LATER_SETTINGS


def test_pace_and_lines(capsys: pytest.CaptureFixture[str]) -> None:
    import sys

    pace = Pace()
    pace.done = 10
    summary = Summary(done=5)
    assert pace.total(summary, pages_open=3, files_to_come=4) == 10 + 3 + 8
    assert "10 of about 21 pages" in pace.told(21)
    report = FileReport(Path("a.pdf"), FileStatus.PARTIAL, "a", 3, 1, 2, 4, ("Page 2 of a.pdf is damaged.",), 10)
    Lines(sys.stderr).file_done(report)
    shown = capsys.readouterr().err
    assert shown == file_line(report) + "\n"
    assert "partial: a.pdf (3 pages, 2 tables, 4 to check) -> a" in shown and "Page 2" in shown


def test_names_and_reasons_cannot_steer_the_terminal() -> None:
    from ocr_pipeline.batch.display import file_line
    from ocr_pipeline.batch.summary import FileReport, FileStatus, Summary

    name = "红\x1b[31m\nb.png"
    done = FileReport(Path(name), FileStatus.PARTIAL, name, 1, 1, reasons=(f"Page 1 of {name} is damaged.",))
    failed = FileReport(Path(name), FileStatus.FAILED, reasons=(f"{name} is empty.",))
    summary = Summary()
    summary.add(done)
    told = "\n".join([file_line(done), file_line(failed), summary.text()])
    assert "\x1b" not in told
    assert told.count("红\\x1b[31m\\nb.png") == 5
