"""Files that cannot be read, names that are none, and names that steer a terminal."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fake_pipeline import FakePipeline, scan

import ocr_pipeline
from ocr_pipeline.commands.reading import Job
from ocr_pipeline.errors import ExitCode, InputFileError, PipelineError
from ocr_pipeline.settings import EngineSettings, SettingsError
from ocr_pipeline.wording import shown, shown_lines

Call = Callable[..., int]
Said = pytest.CaptureFixture[str]
Fake = type[FakePipeline]


def locked(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As for somebody who may not read the file; the tests may run as root, who may."""
    access, opened = os.access, Path.open

    def may(place: Any, mode: int, **more: Any) -> bool:
        return Path(place) != path and access(place, mode, **more)

    def open_it(place: Path, *arguments: Any, **more: Any) -> Any:
        if place == path:
            raise PermissionError(13, "Permission denied", str(path))
        return opened(place, *arguments, **more)

    monkeypatch.setattr(os, "access", may)
    monkeypatch.setattr(Path, "open", open_it)


def test_a_file_that_may_not_be_read_costs_no_other(
    tmp_path: Path, call: Call, fake: Fake, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = scan(tmp_path, "closed.png")
    locked(closed, monkeypatch)
    assert call("run", scan(tmp_path, "a.png"), closed, "-o", tmp_path / "out") == ExitCode.PARTIAL
    assert (tmp_path / "out" / "a" / "document.json").exists()
    assert f"ocr-pipeline: {closed} may not be read. Ask for read permission" in capsys.readouterr().err
    assert call("run", closed, "-o", tmp_path / "out") == ExitCode.INPUT_FILE
    assert call("page", closed) == ExitCode.INPUT_FILE


def pipe(path: Path) -> Path:
    os.mkfifo(path)
    return path


def loop(path: Path) -> Path:
    path.symlink_to(path)
    return path


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (pipe, "is a pipe, not a file. Save what comes through it"),
        (loop, "is a link that leads back to itself."),
        (lambda path: Path("/dev/null"), "is a device, not a file."),
        (lambda path: scan(path.parent, "a.png") / "b.png", "There is no file"),
    ],
)
def test_what_is_no_file_is_said_and_not_waited_for(
    tmp_path: Path, call: Call, fake: Fake, capsys: Said, make: Callable[[Path], Path], sentence: str
) -> None:
    path = make(tmp_path / "x.pdf")
    assert call("run", path, "-o", tmp_path / "out") == ExitCode.INPUT_FILE
    assert sentence in capsys.readouterr().err
    # With another of its name the program looks into it for a suffix: no waiting there, either.
    assert call("run", scan(tmp_path, "y/x.png"), path, "-o", tmp_path / "out") == ExitCode.PARTIAL


@pytest.mark.parametrize("arguments", [("run", ""), ("page", ""), ("batch", "")])
def test_an_empty_name_is_not_the_folder_one_is_in(
    tmp_path: Path, call: Call, fake: Fake, capsys: Said, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    scan(tmp_path, "a.png")
    output = () if arguments[0] == "page" else ("-o", tmp_path / "out")
    assert call(*arguments, *output) == ExitCode.BAD_ARGUMENTS
    assert "The name of a file or folder is empty." in capsys.readouterr().err
    if output:
        assert call(arguments[0], "a.png", "-o", "") == ExitCode.BAD_ARGUMENTS
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]


def test_where_nothing_came_out_the_code_is_the_first_files(tmp_path: Path, call: Call, fake: Fake) -> None:
    assert call("run", tmp_path / "no1.pdf", tmp_path / "no2.pdf", "-o", tmp_path / "out") == ExitCode.INPUT_FILE
    assert call("run", __file__, tmp_path / "no2.pdf", "-o", tmp_path / "out") == ExitCode.UNSUPPORTED


def test_a_page_beyond_the_end_names_its_file(tmp_path: Path, call: Call, fake: Fake, capsys: Said) -> None:
    paths = [scan(tmp_path, "a.png"), scan(tmp_path, "b.png")]
    assert call("run", *paths, "-o", tmp_path / "out", "--pages", "2") == ExitCode.BAD_ARGUMENTS
    said = [line for line in capsys.readouterr().err.splitlines() if line.startswith("ocr-pipeline:")]
    assert said == [f"ocr-pipeline: Page 2 was asked for, but {path} has 1 page." for path in paths]
    assert call("page", paths[0], "--page", "2") == ExitCode.BAD_ARGUMENTS
    assert f"Page 2 was asked for, but {paths[0]} has 1 page." in capsys.readouterr().err


@pytest.mark.parametrize("command", ["run", "page"])
def test_a_name_cannot_steer_the_terminal(tmp_path: Path, call: Call, fake: Fake, capfd: Said, command: str) -> None:
    output = ("-o", tmp_path / "out") if command == "run" else ()
    call(command, scan(tmp_path, "\x1b[31m红\nocr-pipeline: all is well.png"), *output)
    call(command, tmp_path / "\x1b[31m无\nocr-pipeline: all is well.png", *output)
    said = "".join(capfd.readouterr())
    assert "\x1b" not in said
    assert "\nocr-pipeline: all is well" not in said
    assert "\\x1b[31m无\\nocr-pipeline: all is well.png" in said


def test_names_are_shown_as_they_are_as_far_as_that_is_safe() -> None:
    assert shown("中文 报告（一）\u3000é.png") == "中文 报告（一）\u3000é.png"
    assert shown(Path(os.fsdecode(b"bad\xe9\x07.png"))) == "bad\\xe9\\x07.png"
    assert shown("a\u202eb\u2028c\r\n") == "a\\u202eb\\u2028c\\r\\n"
    assert shown_lines("a\tb\n\x1bc") == "a\tb\n\\x1bc"


def test_the_bar_shows_names_safely(tmp_path: Path) -> None:
    from rich.progress import Progress

    from ocr_pipeline.commands.progress import BarDisplay

    progress = Progress(disable=True)
    BarDisplay(progress, 1).page_done(Job(Path("a\x1bb.png"), tmp_path, None, ()), 1, 2)
    assert progress.tasks[1].description == "a\\x1bb.png"


@pytest.mark.parametrize("thing", [3, b"%PDF-1.4"])
def test_what_is_no_name_is_said_in_python(thing: Any) -> None:
    with pytest.raises(InputFileError, match="named by a str or a Path, not by") as caught:
        ocr_pipeline.read(thing)
    assert isinstance(caught.value, TypeError)


def test_a_setting_out_of_range_is_a_failure_of_ours() -> None:
    with pytest.raises(PipelineError) as caught:
        EngineSettings(device="tpu")
    assert isinstance(caught.value, SettingsError) and isinstance(caught.value, ValueError)
    assert caught.value.exit_code == ExitCode.BAD_ARGUMENTS
