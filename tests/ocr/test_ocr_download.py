from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import pytest

from ocr_pipeline.errors import ModelError
from ocr_pipeline.ocr import download
from ocr_pipeline.ocr.manifest import ModelPackage

PACKAGE = ModelPackage("fakemodels", "1.0", wheel_size=1000, platform="manylinux_2_34_x86_64")


def test_pip_fetches_one_wheel_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, Any] = {}

    def run(command: list[str], **options: Any) -> subprocess.CompletedProcess[bytes]:
        seen.update(command=command, **options)
        (tmp_path / "fakemodels-1.0-py3-none-any.whl").write_bytes(b"wheel")
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(download.subprocess, "run", run)
    assert download.pip_download(PACKAGE, tmp_path).name == "fakemodels-1.0-py3-none-any.whl"
    command = seen["command"]
    assert "--no-deps" in command and "--only-binary=:all:" in command and "fakemodels==1.0" in command
    assert command[command.index("--platform") + 1] == PACKAGE.platform
    assert not any("index" in part or "://" in part for part in command)
    assert seen["env"]["TMPDIR"] == str(tmp_path)
    assert seen["stdin"] == subprocess.DEVNULL


@pytest.mark.parametrize("said", [b"ERROR: No matching distribution found for fakemodels", b"No module named pip"])
def test_what_pip_says_is_passed_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: bytes) -> None:
    def run(command: list[str], **options: Any) -> subprocess.CompletedProcess[bytes]:
        options["stdout"].write(b"Looking around\n" + said + b"\n\n")
        return subprocess.CompletedProcess(command, 1)

    monkeypatch.setattr(download.subprocess, "run", run)
    with pytest.raises(ModelError, match=said.decode()) as caught:
        download.pip_download(PACKAGE, tmp_path)
    assert "--models DIR" in str(caught.value)


def test_no_progress_bar_off_a_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(command: list[str], **_: Any) -> subprocess.CompletedProcess[bytes]:
        (tmp_path / "fakemodels-1.0-py3-none-any.whl").write_bytes(b"wheel")
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(download.subprocess, "run", run)
    download.pip_download(PACKAGE, tmp_path)
    assert capsys.readouterr() == ("", "")
