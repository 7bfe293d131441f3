"""A worker that shares no storage with the machine the batch was started on."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from batch_engines import settings
from soak import tree

from ocr_pipeline.batch.carrying import Delivery, Porter, deliver, needs_content
from ocr_pipeline.batch.devices import staff
from ocr_pipeline.batch.engines import CannedEngines
from ocr_pipeline.batch.messages import (
    Failed,
    Finished,
    FinishTask,
    Opened,
    OpenTask,
    PageDone,
    PageTask,
    ReadTask,
    StoredPage,
)
from ocr_pipeline.batch.run import run_batch
from ocr_pipeline.batch.worker import Worker
from ocr_pipeline.errors import ExitCode
from ocr_pipeline.reports.loader import load_profiles

ELSEWHERE = Path("/no/such/folder/scan.pdf")


@pytest.fixture(scope="module")
def porter() -> Porter:
    return Porter(Worker(staff(settings(), CannedEngines(), load_profiles()).workers[0]))


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("number", [0, 1], ids=["pdf", "tiff"])
def test_a_document_is_made_of_bytes_and_given_back_as_bytes(
    porter: Porter, filings: list[Path], tmp_path: Path, number: int
) -> None:
    content = filings[number].read_bytes()
    path = filings[number].with_name("moved" + filings[number].suffix)  # not there: its name alone is known
    assert porter.answer(OpenTask(path, digest(content)), content) == Opened(2)
    pages = []
    for index in range(2):
        done = porter.answer(PageTask(path, digest(content), index), content)
        assert isinstance(done, PageDone) and done.readings is not None
        pages.append(StoredPage(done.analysis, done.readings))
    folder, formats = tmp_path / "out" / "moved", ("json", "csv", "review", "pdf")
    folder.mkdir(parents=True)
    (folder / "stale.md").touch()
    task = FinishTask(path, digest(content), 2, tuple(pages), folder, formats, ("stale.md",))
    made = porter.answer(task, content)
    assert isinstance(made, Delivery), made
    assert [file.name for file in folder.iterdir()] == ["stale.md"]
    finished = deliver(task, made)
    assert isinstance(finished, Finished) and finished.problems == ()
    assert {file.name: file.sha256 for file in finished.files} == tree(folder)

    path.write_bytes(content)
    run_batch([path], tmp_path / "here", settings(), formats, engines=CannedEngines())
    path.unlink()
    assert tree(tmp_path / "out") == tree(tmp_path / "here")


def test_failures_name_the_file_as_people_know_it(porter: Porter) -> None:
    content = b"%PDF-1.7 cut off"
    failed = porter.answer(OpenTask(ELSEWHERE, digest(content)), content)
    assert isinstance(failed, Failed) and failed.fault
    assert failed.exit_code == ExitCode.INPUT_FILE
    assert failed.message.startswith(str(ELSEWHERE)) and "/proc/" not in failed.message


def test_a_full_disk_where_the_results_go_is_told(porter: Porter, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file where the folder should be")
    task = FinishTask(ELSEWHERE, "0", 0, (), tmp_path / "out", ("json",), ())
    told = deliver(task, Delivery(Finished((), 0, 0), (("document.json", b"{}"),)))
    assert isinstance(told, Failed) and told.exit_code == ExitCode.OUTPUT


def test_contents_travel_only_where_they_are_needed(tmp_path: Path) -> None:
    finish = FinishTask(ELSEWHERE, "0", 0, (), tmp_path, ("json", "csv"), ())
    assert not needs_content(finish) and not needs_content(ReadTask(()))
    assert needs_content(replace(finish, formats=("json", "pdf"))) and needs_content(
        replace(finish, formats=("figures",))
    )
    assert needs_content(PageTask(ELSEWHERE, "0", 0))
