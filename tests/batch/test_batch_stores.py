"""Files and results in stores: the files of a local run, whatever happens on the way."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from batch_engines import run, settings
from soak import tree

from ocr_pipeline.batch.display import Silent
from ocr_pipeline.batch.engines import CannedEngines
from ocr_pipeline.batch.inputs import find_inputs
from ocr_pipeline.batch.run import run_batch
from ocr_pipeline.batch.stores.store import Store
from ocr_pipeline.batch.summary import Summary
from ocr_pipeline.errors import ExitCode, OutputError

fsspec = pytest.importorskip("fsspec")

from fsspec.implementations.memory import MemoryFileSystem  # noqa: E402

OUT = "memory://out"


@pytest.fixture(autouse=True)
def memory(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """An empty store in memory; nobody waits between attempts."""
    monkeypatch.setattr("ocr_pipeline.batch.stores.store._PAUSES", (0.0, 0.0))
    monkeypatch.setattr(Store.__init__, "__defaults__", ((0.0, 0.0),))
    fs = fsspec.filesystem("memory")
    yield fs
    fs.store.clear()
    fs.pseudo_dirs[:] = [""]


@pytest.fixture(scope="module")
def here(filings: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same files on a disk."""
    output = tmp_path_factory.mktemp("here")
    run(filings, output)
    return output


def run_to(
    paths: list[Any], state: Path, output: str = OUT, formats: tuple[str, ...] = ("json", "csv"), **batch: object
) -> Summary:
    return run_batch(paths, output, settings(**batch), formats, engines=CannedEngines(), state=state)


def tree_of(url: str, place: Path) -> dict[str, str]:
    """As soak.tree, of what is in a store."""
    fs, root = fsspec.url_to_fs(url)
    shutil.rmtree(place, ignore_errors=True)
    for path in fs.find(root):
        copy = place / path[len(root) :].lstrip("/")
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(fs.cat_file(path))
    return tree(place)


def fill(fs: Any, folder: str, paths: list[Path]) -> None:
    for path in paths:
        fs.pipe_file(f"{folder}/{path.name}", path.read_bytes())


# --- results ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["memory", "file", "dir"])
def test_a_store_gets_the_files_of_a_local_run(kind: str, filings: list[Path], here: Path, tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    output = {"memory": OUT, "file": f"file://{tmp_path}/disk/out", "dir": f"dir::file://{tmp_path}/disk"}[kind]
    first = run_to(filings, tmp_path / "state", output)
    assert (first.done, first.pages_read, first.exit_code) == (6, 12, ExitCode.OK)
    assert tree_of(output, tmp_path / "seen") == tree(here)
    again = run_to(filings, tmp_path / "state", output)
    assert (again.skipped, again.pages_read) == (6, 0)
    told = json.loads(Store(output, OutputError).read(Store(output, OutputError).path("summary.json")) or b"")
    assert (told["skipped"], told["complete"]) == (6, True)
    left = {path.name for path in (tmp_path / "state" / ".ocr-pipeline").iterdir()}
    assert not left & {"making", "fetched", "snapshot.sqlite"}


def test_what_is_missing_or_altered_there_is_sent_again(
    memory: Any, filings: list[Path], here: Path, tmp_path: Path
) -> None:
    run_to(filings, tmp_path / "state")
    memory.rm_file("/out/filing-0000/document.json")
    memory.pipe_file("/out/filing-0001/tables/t1.csv", memory.cat_file("/out/filing-0001/tables/t1.csv"))
    memory.rm("/out/filing-0002", recursive=True)
    again = run_to(filings, tmp_path / "state")
    assert (again.done, again.skipped, again.pages_read) == (3, 3, 0)
    assert tree_of(OUT, tmp_path / "seen") == tree(here)


def test_files_of_formats_no_longer_wanted_go(memory: Any, filings: list[Path], tmp_path: Path) -> None:
    run_to(filings[:1], tmp_path / "state")
    again = run_to(filings[:1], tmp_path / "state", formats=("json", "md"))
    assert (again.done, again.pages_read) == (1, 0)
    found = [path.rpartition("/")[2] for path in memory.find("/out/filing-0000")]
    assert found == ["document.json", "document.md"]


def test_another_machine_goes_on_from_the_ledger_in_the_store(
    memory: Any, filings: list[Path], here: Path, tmp_path: Path
) -> None:
    run_to(filings[:4], tmp_path / "one")
    second = run_to(filings, tmp_path / "two")
    assert (second.done, second.skipped, second.pages_read) == (2, 4, 4)
    assert tree_of(OUT, tmp_path / "seen") == tree(here)
    assert len([path for path in memory.find("/out/.ocr-pipeline") if "ledger-" in path]) == 2
    back = run_to(filings, tmp_path / "one")
    assert (back.skipped, back.pages_read) == (6, 0)


def test_two_machines_that_went_apart_keep_what_each_has_read(
    memory: Any, filings: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_to(filings[:1], tmp_path / "one")
    shutil.copytree(tmp_path / "one", tmp_path / "two")
    (tmp_path / "two" / ".ocr-pipeline" / "machine").write_text("another")
    with monkeypatch.context() as broken:  # its last copy of the ledger does not get through
        broken.setattr("ocr_pipeline.batch.stores.snapshots.Snapshots._put", _refused)
        with pytest.raises(OutputError, match="refused"):
            run_to(filings[:3], tmp_path / "one")
    twin = tmp_path / "in" / "filing-0001.tif"  # another file of a name that the first machine has given a folder
    twin.parent.mkdir()
    shutil.copy(filings[3], twin)
    assert run_to([filings[0], twin], tmp_path / "two").pages_read == 2
    last = run_to([*filings[:3], twin], tmp_path / "one")
    assert (last.failed, last.pages_read, last.done + last.skipped) == (0, 0, 4)
    found = {folder.rpartition("/")[2] for folder in memory.ls("/out", detail=False)}
    assert {"filing-0000", "filing-0001", "filing-0002"} < found and len(found) == 6  # and .ocr-pipeline, summary.json
    paths = {
        json.loads(memory.cat_file(path))["source"]["path"]
        for path in memory.find("/out")
        if path.endswith("document.json")
    }
    assert paths == {str(path) for path in [*filings[:3], twin]}


def _refused(*_: object) -> None:
    raise OutputError("The ledger's copy was refused.")


# --- on the way there -------------------------------------------------------------------------------------------------


class Killed(BaseException):
    """As SIGKILL: nothing is tidied up by what it passes."""


def test_a_run_killed_between_sending_and_recording_is_made_good(
    memory: Any, filings: list[Path], here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ocr_pipeline.batch.stores.journal import Journal

    record, calls = Journal.record_objects, []

    def killed(journal: Journal, folder: str, files: Any) -> None:
        calls.append(folder)
        if files and all(kept.token for kept in files.values()) and len(calls) > 3:
            raise Killed
        record(journal, folder, files)

    with monkeypatch.context() as patched:
        patched.setattr(Journal, "record_objects", killed)
        patched.setattr("ocr_pipeline.batch.stores.bench._conclude", lambda *_: None)
        patched.setattr("ocr_pipeline.batch.stores.lock.Lock.release", lambda lock: lock._ending.set())
        with pytest.raises(Killed):
            run_to(filings, tmp_path / "state")
    assert memory.exists("/out/.ocr-pipeline/lock.json")
    again = run_to(filings, tmp_path / "state")
    assert again.done + again.skipped == 6 and again.done >= 1
    assert tree_of(OUT, tmp_path / "seen") == tree(here)
    assert not memory.exists("/out/.ocr-pipeline/lock.json")


def test_a_store_that_fails_in_the_middle_ends_the_batch_and_nothing_is_lost(
    filings: list[Path], here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put, sent = MemoryFileSystem.put_file, []

    def fail(fs: Any, source: str, path: str, **options: object) -> None:
        sent.append(path)
        if len(sent) > 5:
            fs.pipe_file(path, Path(source).read_bytes()[:100])  # a part gets through
            raise ConnectionResetError("the line is down")
        put(fs, source, path, **options)

    with monkeypatch.context() as broken:
        broken.setattr(MemoryFileSystem, "put_file", fail)
        with pytest.raises(OutputError, match=r"memory://out/\S+ cannot be written: ConnectionResetError"):
            run_to(filings, tmp_path / "state")
    again = run_to(filings, tmp_path / "state")
    assert again.done + again.skipped == 6 and again.pages_read < 12
    assert tree_of(OUT, tmp_path / "seen") == tree(here)


def test_what_arrives_other_than_it_was_is_sent_again(
    filings: list[Path], here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put, spoilt = MemoryFileSystem.put_file, set()

    def spoil(fs: Any, source: str, path: str, **options: object) -> None:
        put(fs, source, path, **options)
        if path.endswith(".csv") and path not in spoilt:
            spoilt.add(path)
            content = fs.cat_file(path)
            fs.pipe_file(path, content[::-1])  # of the same size

    monkeypatch.setattr(MemoryFileSystem, "put_file", spoil)
    assert run_to(filings, tmp_path / "state").done == 6
    assert len(spoilt) == 6
    assert tree_of(OUT, tmp_path / "seen") == tree(here)


def test_a_line_that_is_down_for_a_moment_is_waited_for(
    filings: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put, failed = MemoryFileSystem.put_file, set()

    def stumble(fs: Any, source: str, path: str, **options: object) -> None:
        if path not in failed:
            failed.add(path)
            raise TimeoutError("no answer")
        put(fs, source, path, **options)

    monkeypatch.setattr(MemoryFileSystem, "put_file", stumble)
    assert run_to(filings[:2], tmp_path / "state").done == 2


# --- inputs -----------------------------------------------------------------------------------------------------------


def test_files_of_a_store_are_read_like_those_of_a_disk(
    memory: Any, filings: list[Path], here: Path, tmp_path: Path
) -> None:
    fill(memory, "/in", filings)
    paths = find_inputs(["memory://in/*.*"], tmp_path / "out")
    summary = run_batch(paths, tmp_path / "out", settings(), ("json", "csv"), engines=CannedEngines())
    assert (summary.done, summary.pages_read) == (6, 12)
    for name, known in tree(here).items():
        if not name.endswith("document.json"):
            assert tree(tmp_path / "out")[name] == known
            continue
        told = (tmp_path / "out" / name).read_text(encoding="utf-8")
        local = (here / name).read_text(encoding="utf-8")
        source = json.loads(told)["source"]["path"]
        assert source.startswith("memory://in/filing-")
        assert told.replace(source, json.loads(local)["source"]["path"]) == local
    assert not list((tmp_path / "out" / ".ocr-pipeline").glob("fetched*"))


def test_what_the_store_knows_as_unchanged_is_not_fetched_again(
    memory: Any, filings: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(memory, "/in", filings)
    fetched: list[str] = []
    fetch = Store.fetch
    monkeypatch.setattr(Store, "fetch", lambda store, path, to: (fetched.append(path), fetch(store, path, to)))
    assert run_to(find_inputs(["memory://in"], OUT), tmp_path / "state").done == 6
    assert len(fetched) == 6
    memory.pipe_file("/in/filing-0000.pdf", filings[2].read_bytes())
    again = run_to(find_inputs(["memory://in"], OUT), tmp_path / "state")
    assert (again.done, again.skipped, again.pages_read) == (1, 5, 0)
    assert fetched[6:] == ["/in/filing-0000.pdf"]


def test_one_content_under_two_names_and_two_files_of_one_name(
    memory: Any, filings: list[Path], tmp_path: Path
) -> None:
    content = filings[0].read_bytes()
    for name, part in (("a/report.pdf", content), ("b/report.pdf", filings[2].read_bytes()), ("c/twin.pdf", content)):
        memory.pipe_file(f"/in/{name}", part)
    summary = run_to(find_inputs(["memory://in"], OUT), tmp_path / "state")
    assert (summary.done, summary.pages_read) == (3, 4)
    assert json.loads(memory.cat_file("/out/report/document.json"))["source"]["path"] == "memory://in/a/report.pdf"
    assert json.loads(memory.cat_file("/out/twin/document.json"))["source"]["path"] == "memory://in/c/twin.pdf"
    assert len(memory.ls("/out", detail=False)) == 5  # three documents, the summary, the ledger's folder
    memory.mv("/in/c/twin.pdf", "/in/d/twin.pdf")
    assert run_to(find_inputs(["memory://in"], OUT), tmp_path / "state").pages_read == 0
    assert len(memory.ls("/out", detail=False)) == 5


def test_files_that_cannot_be_had_or_read_are_named_by_their_address(
    memory: Any, filings: list[Path], tmp_path: Path
) -> None:
    fill(memory, "/in", filings[:1])
    memory.pipe_file("/in/broken.pdf", b"%PDF-1.7\n nothing more")
    paths = find_inputs(["memory://in", "memory://in/gone.pdf", str(tmp_path / "gone.tif")], OUT)
    summary = run_to(paths, tmp_path / "state")
    assert (summary.done, summary.failed, summary.exit_code) == (1, 3, ExitCode.PARTIAL)
    said = summary.text()
    assert "memory://in/broken.pdf" in said and "memory://in/gone.pdf" in said and "gone.tif" in said
    assert "fetched" not in said
    again = run_to(paths, tmp_path / "state")
    assert (again.skipped, again.failed) == (1, 3)


def test_fetched_files_are_bounded(
    memory: Any, filings: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(memory, "/in", filings)
    monkeypatch.setattr("ocr_pipeline.batch.stores.feed._FETCHED_BYTES", 1)
    most = [0]
    fetch = Store.fetch

    def counted(store: Store, path: str, to: Path) -> None:
        fetch(store, path, to)
        most[0] = max(most[0], len(list(to.parent.iterdir())))

    monkeypatch.setattr(Store, "fetch", counted)
    assert run_to(find_inputs(["memory://in"], OUT), tmp_path / "state").done == 6
    assert most == [1]


class Told(Silent):
    def __init__(self) -> None:
        self.said: list[str] = []

    def say(self, text: str) -> None:
        self.said.append(text)
