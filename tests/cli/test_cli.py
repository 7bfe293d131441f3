"""The command line from the outside: output, errors, exit codes."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pymupdf
import pytest
from fake_pipeline import FakePipeline
from PIL import Image

from ocr_pipeline.errors import EngineError, ExitCode, ModelError, OutputError

Call = Callable[..., int]

HEAVY = ("cv2", "numpy", "pymupdf", "PIL", "paddleocr", "paddlex", "onnxruntime", "openpyxl", "pandas", "scipy")


def scan(folder: Path, name: str, shade: int = 255) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("L", (60, 80), shade).save(path, "PNG")
    return path


def pdf(folder: Path, pages: int, name: str = "report.pdf") -> Path:
    document = pymupdf.open()
    for _ in range(pages):
        document.new_page(width=100, height=120)
    document.save(folder / name)
    return folder / name


def encrypted(folder: Path) -> Path:
    document = pymupdf.open()
    document.new_page()
    path = folder / "locked.pdf"
    document.save(path, encryption=pymupdf.PDF_ENCRYPT_AES_256, owner_pw="o", user_pw="u")
    return path


def test_nothing_heavy_is_imported_before_a_command_runs() -> None:
    code = f"import sys, ocr_pipeline.cli; print([m for m in {HEAVY!r} if m in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


# Prints its help, and then on stderr the modules it took for that.
SHOWS_HELP = """
import sys
{program}
sys.argv = ["program", *{arguments!r}]
try:
    {call}()
except SystemExit as end:
    assert not end.code
print(*sys.modules, file=sys.stderr)
"""

PLAIN_PROGRAM = """
import typer
call = typer.Typer()
@call.callback()
def root(verbose: bool = False) -> None: "Greets."
@call.command()
def greet(name: str, loud: bool = False) -> None: "Greet."
"""


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"], ["page", "--help"], ["models", "--help"]])
def test_help_answers_at_once(arguments: list[str]) -> None:
    """With nothing imported but what any typer program imports, and little of our own.

    Told by the modules and not by a clock: two machines busy with other things have failed a faultless program."""
    plain = modules_for_help(PLAIN_PROGRAM, "call", ["greet", "--help"])
    ours = modules_for_help("from ocr_pipeline import cli", "cli.main", arguments)
    own = {module for module in ours if module.split(".")[0] == "ocr_pipeline"}
    others = {module.split(".")[0] for module in ours - plain - own} - set(sys.stdlib_module_names)
    assert not others
    assert 1 < len(own) < 30
    assert len(ours - plain) < 60


def modules_for_help(program: str, call: str, arguments: list[str]) -> set[str]:
    code = SHOWS_HELP.format(program=program, arguments=arguments, call=call)
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "Usage" in result.stdout
    return set(result.stderr.split())


def test_without_arguments_the_help_is_shown(call: Call, capsys: pytest.CaptureFixture[str]) -> None:
    assert call() == ExitCode.BAD_ARGUMENTS
    assert "Usage" in "".join(capsys.readouterr())


def test_version(call: Call, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("--version") == 0
    assert capsys.readouterr().out.startswith("ocr-pipeline 0.")


def test_no_garbage_is_looked_for_when_the_process_ends() -> None:
    code = """
import atexit, gc, sys
from ocr_pipeline.cli import main
atexit.register(lambda: print("frozen", gc.get_freeze_count() > 0))  # called after the program's own
sys.argv = ["ocr-pipeline", "--version"]
main()
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.splitlines()[-1] == "frozen True"


def test_run_writes_a_folder_for_each_file(
    tmp_path: Path, call: Call, fake: type[FakePipeline], capfd: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "new" / "out"
    assert call("run", scan(tmp_path, "a.png"), pdf(tmp_path, 3), "-o", out) == 0
    assert json.loads((out / "a" / "document.json").read_text())["source"]["pages"] == 1
    assert (out / "report" / "tables" / "t1.csv").exists()
    said = capfd.readouterr()
    assert said.out == ""
    assert "report.pdf: 3 pages, 1 table ->" in said.err
    assert (fake.made, fake.closed) == (1, 1)


def test_run_reads_only_the_pages_asked_for(tmp_path: Path, call: Call, fake: type[FakePipeline]) -> None:
    assert call("run", pdf(tmp_path, 9), "-o", tmp_path / "out", "--pages", "2-3,7-") == 0
    data = json.loads((tmp_path / "out" / "report" / "document.json").read_text())
    assert [page["index"] for page in data["pages"]] == [1, 2, 6, 7, 8]


def test_run_writes_only_the_formats_asked_for(tmp_path: Path, call: Call, fake: type[FakePipeline]) -> None:
    assert call("run", scan(tmp_path, "a.png"), "-o", tmp_path / "out", "--formats", "json, md") == 0
    assert sorted(path.name for path in (tmp_path / "out" / "a").iterdir()) == ["document.json", "document.md"]


def test_the_engine_options_reach_the_settings(tmp_path: Path, call: Call, fake: type[FakePipeline]) -> None:
    options = ("--engine", "paddle", "--device", "gpu:0", "--model", "tiny", "--models", tmp_path / "w")
    assert call("run", scan(tmp_path, "a.png"), "-o", tmp_path / "out", *options) == 0
    engine = fake.settings.engine
    assert (engine.engine, engine.device, engine.model) == ("paddle", "gpu:0", "tiny")
    assert engine.models_dir == str(tmp_path / "w")


def test_equal_stems_do_not_overwrite_each_other(tmp_path: Path, call: Call, fake: type[FakePipeline]) -> None:
    paths = [scan(tmp_path, "x/a.png"), scan(tmp_path, "y/a.png", 200), scan(tmp_path, "z/A.PNG", 200)]
    assert call("run", *paths, paths[0], "-o", tmp_path / "out") == 0
    folders = sorted((tmp_path / "out").iterdir())
    assert len(folders) == 3
    sources = {json.loads((folder / "document.json").read_text())["source"]["path"] for folder in folders}
    assert sources == {str(path) for path in paths}
    again = tmp_path / "again"
    assert call("run", *paths, "-o", again) == 0
    assert [path.name for path in sorted(again.iterdir())] == [path.name for path in folders]


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda folder: folder / "absent.pdf", ExitCode.INPUT_FILE),
        (lambda folder: folder, ExitCode.INPUT_FILE),
        (encrypted, ExitCode.ENCRYPTED),
        (lambda folder: Path(__file__), ExitCode.UNSUPPORTED),
    ],
    ids=["missing", "folder", "encrypted", "text"],
)
@pytest.mark.parametrize("command", ["run", "page"])
def test_a_bad_file_is_one_sentence_and_its_own_exit_code(
    tmp_path: Path,
    call: Call,
    fake: type[FakePipeline],
    capfd: pytest.CaptureFixture[str],
    make: Callable[[Path], Path],
    code: ExitCode,
    command: str,
) -> None:
    path = make(tmp_path)
    options = ("-o", tmp_path / "out") if command == "run" else ()
    assert call(command, path, *options) == code
    said = capfd.readouterr()
    assert said.out == ""
    complaint = [line for line in said.err.splitlines() if line.startswith("ocr-pipeline:")]
    assert len(complaint) == 1
    assert str(path) in complaint[0]
    assert "Traceback" not in said.err
    assert fake.closed == fake.made


def test_of_several_files_the_good_ones_come_out(
    tmp_path: Path, call: Call, fake: type[FakePipeline], capsys: pytest.CaptureFixture[str]
) -> None:
    files = [scan(tmp_path, "a.png"), tmp_path / "absent.pdf", encrypted(tmp_path), scan(tmp_path, "b.png")]
    assert call("run", *files, "-o", tmp_path / "out") == ExitCode.PARTIAL
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a", "b"]
    complaints = [line for line in capsys.readouterr().err.splitlines() if line.startswith("ocr-pipeline:")]
    assert len(complaints) == 2


def test_a_file_with_a_failed_page_comes_out_and_says_so(
    tmp_path: Path, call: Call, fake: type[FakePipeline], capsys: pytest.CaptureFixture[str]
) -> None:
    document = pymupdf.open(pdf(tmp_path, 2))
    document.xref_set_key(document[1].xref, "MediaBox", "[0 0 14000 14000]")
    path = tmp_path / "poster.pdf"
    document.save(path)
    assert call("run", path, "-o", tmp_path / "out") == ExitCode.PARTIAL
    assert (tmp_path / "out" / "poster" / "document.json").exists()
    assert "Page 2 of" in capsys.readouterr().err


def test_a_fault_of_ours_in_one_file_does_not_cost_the_others(
    tmp_path: Path, call: Call, fake: type[FakePipeline], capsys: pytest.CaptureFixture[str]
) -> None:
    fake.error = ZeroDivisionError("a fault")
    assert call("run", scan(tmp_path, "a.png"), "-o", tmp_path / "out") == ExitCode.OTHER
    assert "Traceback" not in capsys.readouterr().err
    assert call("run", scan(tmp_path, "a.png"), "-o", tmp_path / "out", "--verbose") == ExitCode.OTHER
    assert "Traceback" in capsys.readouterr().err
    assert call("--verbose", "page", scan(tmp_path, "a.png")) == ExitCode.OTHER
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(("error", "code"), [(ModelError, ExitCode.MODELS), (EngineError, ExitCode.ENGINE)])
def test_what_concerns_every_file_ends_the_run_at_once(
    tmp_path: Path,
    call: Call,
    fake: type[FakePipeline],
    capsys: pytest.CaptureFixture[str],
    error: type[ModelError] | type[EngineError],
    code: ExitCode,
) -> None:
    fake.error = error("It is missing.")
    files = [scan(tmp_path, "a.png"), scan(tmp_path, "b.png")]
    assert call("run", *files, "-o", tmp_path / "out") == code
    assert capsys.readouterr().err.count("It is missing.") == 1
    assert fake.closed == 1


def test_ctrl_c_ends_with_130(tmp_path: Path, call: Call, fake: type[FakePipeline]) -> None:
    fake.error = KeyboardInterrupt()
    assert call("run", scan(tmp_path, "a.png"), "-o", tmp_path / "out") == ExitCode.INTERRUPTED
    assert fake.closed == 1


def test_an_output_folder_that_cannot_be_made(tmp_path: Path, call: Call, fake: type[FakePipeline]) -> None:
    occupied = scan(tmp_path, "a.png")
    assert call("run", occupied, "-o", occupied) == ExitCode.OUTPUT
    assert call("run", occupied, "-o", occupied / "sub") == ExitCode.OUTPUT
    assert fake.made == 0


def test_results_that_cannot_be_written(tmp_path: Path, call: Call, fake: type[FakePipeline]) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "a").write_text("in the way")
    assert call("run", scan(tmp_path, "a.png"), "-o", out) == OutputError.exit_code


@pytest.mark.parametrize(
    "options",
    [
        ("--pages", "0"),
        ("--pages", "3-x"),
        ("--pages", "5"),
        ("--formats", "json,odt"),
        ("--formats", ","),
        ("--draw", "cells,nonsense"),
        ("--engine", "torch"),
        ("--device", "tpu"),
        ("--jobs", "0"),
        ("--nonsense",),
    ],
)
def test_bad_arguments_end_with_2(
    tmp_path: Path, call: Call, fake: type[FakePipeline], capsys: pytest.CaptureFixture[str], options: tuple[str, ...]
) -> None:
    assert call("run", pdf(tmp_path, 2), "-o", tmp_path / "out", *options) == ExitCode.BAD_ARGUMENTS
    assert capsys.readouterr().err


def test_jobs_read_files_side_by_side(
    tmp_path: Path, call: Call, fake: type[FakePipeline], monkeypatch: pytest.MonkeyPatch
) -> None:
    from ocr_pipeline.commands import reading

    made = []

    def make_executor(workers: int, settings: object, profiles: object) -> ThreadPoolExecutor:
        made.append((workers, settings.engine.threads))  # type: ignore[attr-defined]
        return ThreadPoolExecutor(1, initializer=reading.start_worker, initargs=(settings, profiles))

    monkeypatch.setattr(reading, "make_executor", make_executor)
    files = [scan(tmp_path, f"{n}.png") for n in range(3)]
    assert call("run", *files, tmp_path / "no", "-o", tmp_path / "out", "--jobs", "8") == ExitCode.PARTIAL
    assert [workers for workers, _ in made] == [4]
    assert made[0][1] >= 1
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["0", "1", "2"]


@pytest.mark.parametrize(
    ("form", "sign"),
    [("text", "第3页"), ("md", "第3页"), ("json", '"ocr-pipeline/1"'), ("html", "<table"), ("csv", "第3页")],
)
def test_page_prints_that_page_and_nothing_else(
    tmp_path: Path, call: Call, fake: type[FakePipeline], capfd: pytest.CaptureFixture[str], form: str, sign: str
) -> None:
    assert call("page", pdf(tmp_path, 4), "--page", "3", "--format", form) == 0
    said = capfd.readouterr()
    assert sign in said.out
    assert "greeting" not in said.out
    assert said.err.count("greeting") == 2
    assert "\x1b" not in said.out
    if form == "json":
        assert [page["index"] for page in json.loads(said.out)["pages"]] == [2]


def test_page_beyond_the_end(
    tmp_path: Path, call: Call, fake: type[FakePipeline], capsys: pytest.CaptureFixture[str]
) -> None:
    assert call("page", pdf(tmp_path, 4), "--page", "5") == ExitCode.BAD_ARGUMENTS
    assert "4 pages" in capsys.readouterr().err


class Input:
    def __init__(self, data: bytes) -> None:
        self.buffer = io.BytesIO(data)


def test_page_reads_standard_input(
    tmp_path: Path,
    call: Call,
    fake: type[FakePipeline],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "stdin", Input(scan(tmp_path, "a.png").read_bytes()))
    assert call("page", "-", "--format", "json") == 0
    assert json.loads(capsys.readouterr().out)["source"]["path"] == "-"


@pytest.mark.parametrize(("data", "code"), [(b"", ExitCode.INPUT_FILE), (b"words", ExitCode.UNSUPPORTED)])
def test_bad_standard_input_is_called_by_that_name(
    call: Call,
    fake: type[FakePipeline],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    data: bytes,
    code: ExitCode,
) -> None:
    monkeypatch.setattr(sys, "stdin", Input(data))
    assert call("page", "-") == code
    assert "standard input" in capsys.readouterr().err


def test_models_list_and_verify(tmp_path: Path, call: Call, capsys: pytest.CaptureFixture[str]) -> None:
    assert call("models", "list", "--models", tmp_path) == 0
    assert "not fetched" in capsys.readouterr().out
    assert call("models", "verify", "--models", tmp_path) == ExitCode.MODELS
    assert call("models", "fetch", "no-such-model", "--models", tmp_path) == ExitCode.MODELS


def test_a_damaged_model_is_named(tmp_path: Path, call: Call, capsys: pytest.CaptureFixture[str]) -> None:
    from ocr_pipeline.ocr import manifest

    entry = manifest.entries()[0]
    (tmp_path / entry.name).mkdir()
    for file in entry.files:
        (tmp_path / entry.name / file.name).write_bytes(b"not the weights")
    assert call("models", "verify", "--models", tmp_path) == ExitCode.MODELS
    assert entry.name in capsys.readouterr().err
