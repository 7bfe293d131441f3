"""The benchmark's machinery, with made pages and a made peer."""

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from evaluation_samples import document, write_document

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

from benchmarks.client import Answer, Worker, cold_start  # noqa: E402
from benchmarks.environments import Prepared, UnavailableError  # noqa: E402
from benchmarks.figures import PeerRun, markdown  # noqa: E402
from benchmarks.pages import PageCase, real_pages, sample_pages  # noqa: E402
from benchmarks.peers import OURS, PEERS, Peer, Ready, Scope, make_ready  # noqa: E402
from benchmarks.scoring import PageResult, score  # noqa: E402

from ocr_pipeline.evaluation.html_tables import html_of  # noqa: E402

FAKE = """
import sys, os, time
sys.path.insert(0, {workers!r})
from protocol import serve

def load():
    print("noise on the standard output")
    def read(image, regions):
        if image.endswith("stumble.png"):
            raise ValueError("stumbled")
        if image.endswith("die.png"):
            os._exit(3)
        return {{"tables": [{{"html": {html!r}, "box": regions[0]}}], "lines": ["关于年度情况的报告"]}}
    return read

serve(load)
"""


@pytest.fixture
def case(tmp_path: Path) -> PageCase:
    return PageCase("made-p1", "office", tmp_path / "made-p1.png", document())


@pytest.fixture
def ready(tmp_path: Path) -> Ready:
    """A peer whose worker answers with the true table."""
    script = tmp_path / "worker_fake.py"
    html = html_of(document().tables[0])
    script.write_text(
        FAKE.format(workers=str(ROOT / "scripts" / "benchmarks" / "workers"), html=html), encoding="utf-8"
    )
    peer = Peer("fake", "1.0", Scope.TABLES, str(script))
    return Ready(peer, Prepared(Path(sys.executable), None, ()))


@pytest.fixture
def worker(ready: Ready) -> Iterator[Worker]:
    with Worker(ready) as running:
        running.start()
        yield running


def test_worker_answers_and_is_scored(worker: Worker, case: PageCase) -> None:
    answer = worker.read(case)
    result = score("fake", case, answer, reads_tables=True)
    assert (result.exact, result.teds, result.cell_texts, result.error) == (1.0, 1.0, 1.0, "")
    assert result.seconds is not None and result.peak_mib is not None and result.peak_mib > 1
    # Three lines are true, the first was read.
    assert 0 < result.errors < result.characters


def test_worker_that_stumbles_goes_on(worker: Worker, case: PageCase) -> None:
    failed = worker.read(replace(case, image=case.image.with_name("stumble.png")))
    assert failed.error == "ValueError: stumbled"
    assert worker.read(case).error == ""


def test_worker_that_dies_is_started_again(worker: Worker, case: PageCase) -> None:
    failed = worker.read(replace(case, image=case.image.with_name("die.png")))
    assert "the process has ended" in failed.error
    assert worker.read(case).error == ""
    result = score("fake", case, failed, reads_tables=True)
    assert (result.exact, result.seconds, result.error) == (0.0, None, failed.error)


def test_worker_that_cannot_start_says_why(ready: Ready, tmp_path: Path) -> None:
    Path(ready.peer.worker).write_text("import no_such_package", encoding="utf-8")
    with Worker(ready) as running, pytest.raises(UnavailableError, match="no_such_package"):
        running.start()


def test_cold_start_by_worker_and_by_command_line(ready: Ready, case: PageCase) -> None:
    assert cold_start(ready, case)[1] == "worker"
    with_command = replace(ready, peer=replace(ready.peer, cold=("{python}", "-c", "pass")))
    seconds, how = cold_start(with_command, case)
    assert seconds is not None and how == "command line"


def test_missing_program_is_named(tmp_path: Path) -> None:
    peer = Peer("x", "", Scope.TEXT, "worker_tesseract.py", program="no-such-program", remedy="install it")
    with pytest.raises(UnavailableError, match=r"no-such-program is not installed \(install it\)"):
        make_ready(peer, tmp_path)


def test_pins_are_exact_and_workers_exist() -> None:
    for peer in PEERS:
        assert (ROOT / "scripts" / "benchmarks" / "workers" / peer.worker).is_file()
        requirements = peer.environment.requirements if peer.environment else ()
        assert all("==" in requirement for requirement in requirements)


def test_sample_pages_are_drawn_in_the_truth_frame(tmp_path: Path) -> None:
    write_document(tmp_path / "samples" / "office" / "made.truth.json", document(), truth=True)
    page = np.full((1400, 1000, 3), 255, np.uint8)
    assert cv2.imwrite(str(tmp_path / "samples" / "office" / "made.png"), page)
    (case,) = sample_pages(tmp_path / "samples", tmp_path, 0)
    assert (case.group, case.name) == ("office", "made-p1")
    assert cv2.imread(str(case.image)).shape == page.shape
    assert len(case.regions) == 1


def test_real_pages_need_their_image(tmp_path: Path) -> None:
    (tmp_path / "labels").mkdir()
    for stem in ("with", "without"):
        (tmp_path / "labels" / f"{stem}.json").write_text(json.dumps({"tables": []}), encoding="utf-8")
    (tmp_path / "with.jpg").write_bytes(b"")
    assert [case.name for case in real_pages(tmp_path, 0)] == ["with"]


def result(peer: str, exact: float, seconds: float, errors: int = 0) -> PageResult:
    return PageResult(peer, "page-1", "real", seconds, 500.0, "", exact, exact, 1.0, exact, errors, 100, 0, 10)


def test_tables_say_where_a_peer_is_better() -> None:
    ours, other = PEERS[0], PEERS[1]
    assert ours.name == OURS
    runs = [
        PeerRun(ours, (result(OURS, 0.9, 2.0, errors=3),), cold_seconds=3.0, cold_how="command line"),
        PeerRun(other, (result(other.name, 0.95, 6.0),), cold_seconds=4.0, cold_how="worker"),
        PeerRun(PEERS[2], reason="no such wheel"),
    ]
    text = markdown(runs)
    assert f"| page-1 | {other.name} | exact cells 0.950 > 0.900; TEDS 0.950 > 0.900;" in text
    assert "wrong characters of running text 0 < 3" in text
    assert f"| {other.name} | 6.00 | 3.00 | 500 | 4.0 ² |" in text
    assert f"- {PEERS[2].name} did not run: no such wheel" in text


def test_nobody_better_is_said_too() -> None:
    runs = [PeerRun(PEERS[0], (result(OURS, 1.0, 1.0),)), PeerRun(PEERS[1], (result(PEERS[1].name, 1.0, 2.0),))]
    assert "Pages where a peer is better\n\nNone." in markdown(runs)


def test_failed_answer_reads_nothing(case: PageCase) -> None:
    failed = score("fake", case, Answer({}, "broke"), reads_tables=True)
    assert (failed.exact, failed.teds, failed.cell_texts) == (0.0, 0.0, 0.0)
    assert failed.errors == failed.characters
