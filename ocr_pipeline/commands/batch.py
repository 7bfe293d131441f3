"""ocr-pipeline batch: thousands of files, in any number of runs."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ocr_pipeline.commands.options import (
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
    named,
    own_profiles,
)
from ocr_pipeline.commands.results import FORMATS, ON_DEMAND, PLAIN_FORMATS, parse_list
from ocr_pipeline.commands.run import _make_writable

if TYPE_CHECKING:
    from ocr_pipeline.settings import Settings


def register(app: typer.Typer) -> None:
    app.command("batch")(batch)


def batch(
    context: typer.Context,
    paths: Annotated[
        list[str],
        typer.Argument(metavar="PATH...", parser=named, help="Files, folders, patterns, addresses (s3://…), @LIST."),
    ],
    output: Annotated[
        str,
        typer.Option("--output", "-o", metavar="DIR|URL", parser=named, help="Results go to DIR/<name of the file>."),
    ],
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=0, max=256, help="Workers; 0 for one a core.")] = 0,
    engine: Engine = EngineName.ONNXRUNTIME,
    device: Annotated[str, typer.Option(metavar="cpu|gpu:N[,N]", help="Where the models run.")] = "cpu",
    model: Model = "small",
    draft: Draft = "auto",
    models: ModelsDir = None,
    recognisers: Annotated[
        int, typer.Option(min=0, max=64, help="Recognition processes on the CPU; 0: workers read their pages.")
    ] = 0,
    formats: Annotated[
        str, typer.Option(metavar="LIST", help=f"What to write, of {', '.join(FORMATS + ON_DEMAND)}.")
    ] = ",".join((*PLAIN_FORMATS, "figures")),
    profiles: OwnProfiles = None,
    page_timeout: Annotated[float, typer.Option(metavar="SECONDS", min=0.1, help="Time for one page.")] = 120.0,
    page_memory: Annotated[int, typer.Option(metavar="MB", min=64, help="Memory for one worker.")] = 4096,
    ray: Annotated[
        str | None, typer.Option(metavar="ADDRESS|local", help="Work on a Ray cluster (needs the extra ray).")
    ] = None,
    ray_data: Annotated[
        bool, typer.Option("--ray-data", help="With --ray: as Ray Data pipelines instead of actors.")
    ] = False,
    state: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", parser=a_path, help="The ledger's folder here when -o is a URL; the cache if absent."
        ),
    ] = None,
    fail_fast: Annotated[bool, typer.Option("--fail-fast", help="Stop at the first failure.")] = False,
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Try again what failed before.")] = False,
    verbose: Verbose = False,
) -> None:
    """Read many files; a second run does what is missing and no more.

    Files and pages that cannot be read are reported, the others come out (exit code 10).
    """
    from ocr_pipeline.batch.display import display
    from ocr_pipeline.batch.inputs import find_inputs
    from ocr_pipeline.batch.names import is_url
    from ocr_pipeline.batch.run import run_batch
    from ocr_pipeline.batch.summary import Summary

    if ray_data and ray is None:
        raise typer.BadParameter("It says how to work on a cluster: name one.", param_hint="--ray-data needs --ray")
    settings = make_settings(engine, device, model, models, draft)
    settings = _with_batch(settings, jobs, recognisers, page_timeout, page_memory, fail_fast, retry_failed)
    kinds, forms = parse_list(formats, FORMATS + ON_DEMAND, "--formats"), own_profiles(profiles)
    place: Path | str = output if is_url(output) else Path(output)
    if isinstance(place, Path):
        _make_writable(place)
    files = find_inputs(paths, place)
    with _ended_by_signals(), display(sys.stderr, verbose=is_verbose(context)) as shown:
        summary = Summary()
        work = partial(run_batch, cluster=ray, ray_data=ray_data, state=state, summary=summary)
        try:
            work(files, place, settings, kinds, profiles=forms, display=shown)
        except KeyboardInterrupt:
            shown.say(f"{summary.text()}\nocr-pipeline: Interrupted: the same command goes on from here.")
            raise
        shown.say(summary.text())
    raise typer.Exit(summary.exit_code)


def _with_batch(
    settings: Settings,
    jobs: int,
    recognisers: int,
    page_timeout: float,
    page_memory: int,
    fail_fast: bool,
    retry_failed: bool,
) -> Settings:
    chosen = replace(
        settings.batch,
        jobs=jobs,
        recognisers=recognisers,
        page_timeout=page_timeout,
        page_memory=page_memory,
        fail_fast=fail_fast,
        retry_failed=retry_failed,
    )
    return replace(settings, batch=chosen)


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    """SIGTERM ends a batch as Ctrl-C does: workers ended, claims given back, exit code 130."""

    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
