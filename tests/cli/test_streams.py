"""Standard streams that are closed or full, and Ctrl-C: one sentence, the right code."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from fake_pipeline import FakePipeline
from PIL import Image

from ocr_pipeline.errors import ExitCode

Call = Callable[..., int]
Said = pytest.CaptureFixture[str]
Fake = type[FakePipeline]

needs_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")


def shell(command: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """The command line with P for the program, $1 and so on for the arguments."""
    program = f"'{sys.executable}' -m ocr_pipeline"
    return subprocess.run(
        ["sh", "-c", command.replace("P ", program + " ", 1), "sh", *map(str, arguments)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("command", "code", "sentence"),
    [
        ("P page - <&-", ExitCode.INPUT_FILE, "Standard input is closed."),
        ("P batch @- -o $1 <&-", ExitCode.BAD_ARGUMENTS, "standard input is closed"),
        ("P models list >&-", ExitCode.OUTPUT, "Standard output cannot be written: it is closed."),
        ("P --version >&-", ExitCode.OUTPUT, "Standard output cannot be written: it is closed."),
        pytest.param("P models list >/dev/full", ExitCode.OUTPUT, "No space left on device", marks=needs_full),
        pytest.param("P --help >/dev/full", ExitCode.OUTPUT, "No space left on device", marks=needs_full),
        ("P run nosuch.pdf -o $1 2>&-", ExitCode.INPUT_FILE, ""),
        ("P nonsense 2>&-", ExitCode.BAD_ARGUMENTS, ""),
        pytest.param("P run nosuch.pdf -o $1 2>/dev/full", ExitCode.INPUT_FILE, "", marks=needs_full),
        ("P models list >&- 2>&-", ExitCode.OUTPUT, ""),
    ],
)
def test_a_stream_that_takes_nothing(tmp_path: Path, command: str, code: ExitCode, sentence: str) -> None:
    ended = shell(command, tmp_path / "out")
    assert ended.returncode == code, ended.stderr
    assert sentence in ended.stderr
    assert "Unexpected" not in ended.stderr and "Exception ignored" not in ended.stderr
    assert len(ended.stderr.splitlines()) == bool(sentence)


def scan(folder: Path, name: str) -> Path:
    Image.new("L", (60, 80), 255).save(folder / name, "PNG")
    return folder / name


def test_ctrl_c_says_what_was_done(tmp_path: Path, call: Call, fake: Fake, capsys: Said) -> None:
    read = fake.read

    def interrupted(self: FakePipeline, path: Path, *arguments: object) -> object:
        if path.name == "b.png":
            raise KeyboardInterrupt
        return read(self, path, *arguments)  # type: ignore[arg-type]

    fake.read = interrupted  # type: ignore[assignment,method-assign]
    paths = [scan(tmp_path, name) for name in ("a.png", "b.png", "c.png")]
    assert call("run", *paths, "-o", tmp_path / "out") == ExitCode.INTERRUPTED
    assert "ocr-pipeline: Interrupted: 1 of 3 files read and written. To go on," in capsys.readouterr().err
    assert call("page", paths[1]) == ExitCode.INTERRUPTED
    assert f"ocr-pipeline: Interrupted: nothing of {paths[1]} was printed." in capsys.readouterr().err


def test_batch_says_what_was_done_and_its_summary_agrees(
    tmp_path: Path, call: Call, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    import json

    from ocr_pipeline.batch import run

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(run, "_run", interrupted)
    monkeypatch.setattr("ocr_pipeline.batch.engines.PaddleEngines.check", lambda self, settings: None)
    assert call("batch", scan(tmp_path, "a.png"), "-o", tmp_path / "out") == ExitCode.INTERRUPTED
    said = capsys.readouterr().err
    assert "0 files: 0 done" in said
    assert "ocr-pipeline: Interrupted: the same command goes on from here." in said
    told = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert (told["exit_code"], told["complete"]) == (ExitCode.INTERRUPTED, False)


def test_a_pipe_is_as_wide_as_columns_says(
    tmp_path: Path, call: Call, fake: Fake, capfd: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ocr_pipeline.export import text

    asked: list[int] = []
    monkeypatch.setattr(text, "document_text", lambda document, width, colour: asked.append(width) or "")
    for columns in ("80", None):
        if columns:
            monkeypatch.setenv("COLUMNS", columns)
        else:
            monkeypatch.delenv("COLUMNS")
        assert call("page", scan(tmp_path, "a.png")) == 0
    assert asked[0] == 80
    assert asked[1] >= 200
