"""ocr-pipeline run: files in, a folder of results for each out."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ocr_pipeline.commands.options import (
    Device,
    Draft,
    Engine,
    EngineName,
    Model,
    ModelsDir,
    OwnProfiles,
    Verbose,
    a_path,
    is_verbose,
    make_settings,
    own_profiles,
    parse_pages,
)
from ocr_pipeline.commands.results import DRAWINGS, FORMATS, ON_DEMAND, parse_list
from ocr_pipeline.errors import ExitCode, OutputError
from ocr_pipeline.wording import counted

if TYPE_CHECKING:
    from ocr_pipeline.commands.progress import Display
    from ocr_pipeline.commands.reading import Job, Outcome
    from ocr_pipeline.settings import Settings

ALL_FORMATS = ",".join(FORMATS)


def register(app: typer.Typer) -> None:
    app.command("run")(run)


def run(
    context: typer.Context,
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", parser=a_path, help="PDF, TIFF, JPEG or PNG files.")
    ],
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="DIR", parser=a_path, help="Results go to DIR/<name of the file>."),
    ],
    pages: Annotated[str | None, typer.Option(metavar="2-5,9", help="Pages to read, from 1; all if absent.")] = None,
    engine: Engine = EngineName.ONNXRUNTIME,
    device: Device = "cpu",
    model: Model = "small",
    draft: Draft = "auto",
    models: ModelsDir = None,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, max=64, help="Files read side by side.")] = 1,
    formats: Annotated[
        str,
        typer.Option(
            metavar="LIST",
            show_default=False,
            help=f"What to write: {', '.join(FORMATS)}; these if absent. On demand: {', '.join(ON_DEMAND)}.",
        ),
    ] = ALL_FORMATS,
    draw: Annotated[str, typer.Option(metavar="LIST", help=f"Draw stages: {', '.join(DRAWINGS)}; or all.")] = "",
    profiles: OwnProfiles = None,
    profile: Annotated[
        bool, typer.Option("--profile", help="Say where the time went, on stderr and in profile.json (one job).")
    ] = False,
    verbose: Verbose = False,
) -> None:
    """Read scans and write out their tables and text.

    Of several files, one that cannot be read is reported and the others come out (exit code 10).
    """
    from ocr_pipeline.commands.folders import result_folders
    from ocr_pipeline.commands.reading import Job

    settings = make_settings(engine, device, model, models, draft)
    selection, kinds = parse_pages(pages), parse_list(formats, FORMATS + ON_DEMAND, "--formats")
    drawings = DRAWINGS if draw.strip().lower() == "all" else parse_list(draw, DRAWINGS, "--draw") if draw else ()
    forms = own_profiles(profiles)
    _make_writable(output)
    unique = list(dict.fromkeys(files))
    places = result_folders(unique, output)
    todo = [
        Job(path, place.folder, selection, kinds, drawings, place.remark)
        for path, place in zip(unique, places, strict=True)
    ]
    raise typer.Exit(
        _run_all(todo, settings, forms, 1 if profile else min(jobs, len(todo)), profile, is_verbose(context))
    )


def _run_all(
    jobs: Sequence[Job], settings: Settings, forms: Sequence[Path], workers: int, timed: bool, verbose: bool
) -> ExitCode:
    from ocr_pipeline.commands.progress import display
    from ocr_pipeline.commands.reading import Reader, read_in_turn, read_side_by_side

    codes: dict[Job, ExitCode] = {}
    with display(jobs, sys.stderr) as shown, _told_when_interrupted(shown, codes, jobs):
        for job in jobs:
            if job.remark:
                shown.say(job.remark)
        outcomes = (
            read_in_turn(jobs, Reader(settings, forms), shown.page_done, timed)
            if workers == 1
            else read_side_by_side(jobs, settings, workers, forms)
        )
        for outcome in outcomes:
            _report(outcome, shown, verbose)
            codes[outcome.job] = outcome.code
    return _code_of_all([codes[job] for job in jobs])


def _code_of_all(codes: Sequence[ExitCode]) -> ExitCode:
    """PARTIAL where anything came out and anything failed; the first file's own code where nothing came out."""
    if all(code is ExitCode.OK for code in codes):
        return ExitCode.OK
    came_out = any(code in (ExitCode.OK, ExitCode.PARTIAL) for code in codes)
    return ExitCode.PARTIAL if came_out else codes[0]


@contextmanager
def _told_when_interrupted(shown: Display, codes: Mapping[Job, ExitCode], jobs: Sequence[Job]) -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        done = sum(code in (ExitCode.OK, ExitCode.PARTIAL) for code in codes.values())
        shown.say(
            f"ocr-pipeline: Interrupted: {done} of {counted(len(jobs), 'file')} read and written. To go on, name the "
            "others in a new run (batch goes on by itself)."
        )
        raise


def _report(outcome: Outcome, shown: Display, verbose: bool) -> None:
    if verbose and outcome.trace:
        shown.say(outcome.trace.rstrip())
    failed = outcome.code not in (ExitCode.OK, ExitCode.PARTIAL)
    prefix, suffix = ("ocr-pipeline: ", "") if failed else ("", f" ({outcome.seconds:.1f} s)")
    head, *more = outcome.message.split("\n")
    shown.file_done(outcome.job, "\n".join([f"{prefix}{head}{suffix}", *more]))
    if outcome.profile:
        shown.say(outcome.profile.as_text())


def _make_writable(folder: Path) -> None:
    """Make the output folder before any reading: an hour's work must not end in a folder that may not be written."""
    import os

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise OutputError(f"The folder {folder} cannot be made: {reason}.") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise OutputError(f"The folder {folder} may not be written to.")
