"""ocr-pipeline batch as people call it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

SAMPLES = Path(__file__).resolve().parents[2] / "samples"


def start(*arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "ocr_pipeline", "batch", *map(str, arguments)]
    # A shell has its background jobs ignore SIGINT, these tests among them: what they start shall not inherit that.
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    finally:
        signal.signal(signal.SIGINT, before)


def call(*arguments: object) -> tuple[int, str, str]:
    process = start(*arguments)
    out, said = process.communicate(timeout=500)
    return process.returncode, out, said


def test_nothing_to_read(tmp_path: Path) -> None:
    code, _, said = call(tmp_path / "*.pdf", "-o", tmp_path / "out")
    assert code == 2 and "There is no file to read" in said


def test_an_unknown_format(tmp_path: Path) -> None:
    code, _, said = call(SAMPLES, "-o", tmp_path / "out", "--formats", "odt")
    assert code == 2 and "odt" in said and "docx" in said


def test_a_device_that_is_none(tmp_path: Path) -> None:
    code, _, said = call(SAMPLES, "-o", tmp_path / "out", "--device", "gpu:x")
    assert code == 9 and "gpu:0,1" in said


def test_addresses_that_cannot_be_used(tmp_path: Path) -> None:
    code, _, said = call("xyz://host/in/*.pdf", "-o", tmp_path / "out")
    assert code == 2 and "Protocol not known: xyz" in said and "Traceback" not in said
    code, _, said = call(SAMPLES, "-o", "xyz://me:secret@host/out")
    assert code == 2 and "xyz://me@host/out cannot be used" in said and "secret" not in said
    assert not Path("xyz:").exists()


def test_ray_data_without_ray(tmp_path: Path) -> None:
    code, _, said = call(SAMPLES, "-o", tmp_path / "out", "--ray-data")
    assert code == 2 and "needs --ray" in said


@pytest.mark.models
@pytest.mark.slow
def test_a_store_from_the_command_line(tmp_path: Path) -> None:
    url = f"file://{tmp_path}/out"
    options = ("-o", url, "--state", tmp_path / "state", "--model", "tiny")
    code, _, said = call(f"file://{SAMPLES}/digits.jpg", *options)
    assert code == 0 and "1 done" in said
    assert (tmp_path / "out" / "digits" / "tables.xlsx").is_file()
    again, _, said = call(f"file://{SAMPLES}/digits.jpg", *options)
    assert again == 0 and "1 skipped" in said


@pytest.mark.models
@pytest.mark.slow
def test_two_runs_with_the_real_models(tmp_path: Path) -> None:
    code, out, said = call(SAMPLES / "digits.jpg", tmp_path / "gone.pdf", "-o", tmp_path / "out", "--model", "tiny")
    assert (code, out) == (10, ""), said
    assert "done: " in said and "gone.pdf" in said and "1 done" in said
    assert (tmp_path / "out" / "digits" / "tables.xlsx").is_file()
    again, _, said = call(SAMPLES / "digits.jpg", "-o", tmp_path / "out", "--model", "tiny")
    assert again == 0 and "1 skipped" in said


@pytest.mark.models
@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="signals are another thing there")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_end_it_with_its_workers(tmp_path: Path, number: signal.Signals) -> None:
    import psutil

    process = start(SAMPLES, "-o", tmp_path / "out", "--model", "tiny", "-j", 2)
    ledger = tmp_path / "out" / ".ocr-pipeline" / "ledger.sqlite"
    while not ledger.exists():
        time.sleep(0.05)
    time.sleep(2.0)
    workers = psutil.Process(process.pid).children()
    os.kill(process.pid, number)
    process.communicate(timeout=300)
    assert process.returncode == 130
    assert not psutil.wait_procs(workers, timeout=120)[1]
    assert json.loads((tmp_path / "out" / "summary.json").read_text())["complete"] is False
