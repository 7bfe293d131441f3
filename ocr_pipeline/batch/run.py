"""A batch from beginning to end."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ocr_pipeline.batch.admission import Admission, Target
from ocr_pipeline.batch.bench import Bench, local_bench
from ocr_pipeline.batch.content import Job
from ocr_pipeline.batch.coordinator import Coordinator, report_of
from ocr_pipeline.batch.devices import devices
from ocr_pipeline.batch.display import Display, Silent
from ocr_pipeline.batch.engines import Engines, PaddleEngines
from ocr_pipeline.batch.failures import as_error
from ocr_pipeline.batch.fingerprint import fingerprint
from ocr_pipeline.batch.ledger import DocumentRow, Failure
from ocr_pipeline.batch.names import Name
from ocr_pipeline.batch.reading import Reading
from ocr_pipeline.batch.staffing import crews
from ocr_pipeline.batch.summary import FileReport, FileStatus, Summary
from ocr_pipeline.errors import ExitCode, OutputError, PipelineError
from ocr_pipeline.export import FORMATS
from ocr_pipeline.export.atomic import make_folder
from ocr_pipeline.reports.loader import load_profiles
from ocr_pipeline.reports.profile import FormProfile
from ocr_pipeline.settings import Settings

if TYPE_CHECKING:
    from ocr_pipeline.batch.stores.store import Remote


def run_batch(
    paths: Sequence[Path | Remote],
    output: Path | str,
    settings: Settings | None = None,
    formats: Sequence[str] = FORMATS,
    *,
    profiles: Sequence[Path] = (),
    engines: Engines | None = None,
    display: Display | None = None,
    cluster: str | None = None,
    ray_data: bool = False,
    state: Path | None = None,
    summary: Summary | None = None,
) -> Summary:
    """Read all files into folders below the output folder; what is there already, and verified, is skipped.

    Files that cannot be read, and pages, are in the summary with their reasons; the summary is also written to
    OUTPUT/summary.json, whether or not the batch comes to its end.

    paths, output: of this machine, or in stores (files as find_inputs gives them, the output as a URL, a string).
    profiles: of the user's own forms, files or folders of them; only this process needs to see them.
    cluster: the address of a Ray cluster, or "local" for one of this machine; only this process needs to see inputs
    and output. ray_data: work there as Ray Data pipelines, not as actors. state: for an output in a store, the folder
    of this machine for the ledger. summary: a new one, for who wants to see it also where this raises.

    Call it from a main module that can be imported without running (`if __name__ == "__main__"`), for it starts
    processes. Raises PipelineError for what concerns all files: EngineError, ModelError, ProfileError, OutputError (a
    full disk, a store that does not answer), AddressError, and the first failure where fail_fast is set.
    """
    forms = load_profiles(profiles)
    settings = settings or Settings()
    engines = engines or PaddleEngines()
    shown = display or Silent()
    summary = Summary() if summary is None else summary
    began = time.monotonic()
    # A cluster's devices are its own business: its processes say what they lack.
    for device in () if cluster else devices(settings.engine.device):
        engines.check(_with_device(settings, device).engine)
    if isinstance(output, Path):
        make_folder(output)

    def conclude(folder: Path) -> None:
        summary.seconds = time.monotonic() - began
        _write_summary(summary, folder)

    try:
        with _end_noted(summary), _bench(paths, output, state, shown) as bench:
            try:
                with _end_noted(summary):
                    _run(bench, settings, formats, engines, forms, shown, summary, cluster, ray_data)
                summary.complete = True
            finally:
                if bench.outlet is not None:  # it goes to the store at the end of the block
                    conclude(bench.folder)
    finally:
        if isinstance(output, Path):
            conclude(output)
    return summary


@contextmanager
def _end_noted(summary: Summary) -> Iterator[None]:
    """What ends the batch goes into its summary, so that the file and the process agree."""
    try:
        yield
    except KeyboardInterrupt:
        summary.ended_by = ExitCode.INTERRUPTED
        raise
    except PipelineError as error:
        summary.ended_by = error.exit_code
        raise
    except Exception:
        summary.ended_by = ExitCode.OTHER
        raise


def _bench(
    paths: Sequence[Path | Remote], output: Path | str, state: Path | None, display: Display
) -> AbstractContextManager[Bench]:
    here = [path for path in paths if isinstance(path, Path)]
    if isinstance(output, Path) and len(here) == len(paths):
        return local_bench(here, output)
    from ocr_pipeline.batch.stores.bench import fetching_bench, store_bench

    if isinstance(output, Path):
        return fetching_bench(paths, output)
    return store_bench(paths, output, state, display.say)


def _run(
    bench: Bench,
    settings: Settings,
    formats: Sequence[str],
    engines: Engines,
    forms: Sequence[FormProfile],
    display: Display,
    summary: Summary,
    cluster: str | None,
    ray_data: bool,
) -> None:
    ledger = bench.ledger
    target = Target(bench.folder, tuple(formats), fingerprint(settings, engines, forms), settings.batch.retry_failed)

    def unreadable(path: Name, failure: Failure) -> None:
        report = FileReport(path, FileStatus.FAILED, reasons=(failure.message,), exit_code=failure.exit_code)
        summary.add(report)
        display.file_done(report)
        if settings.batch.fail_fast:
            raise as_error(failure.message, failure.exit_code)

    def skipped(job: Job, row: DocumentRow) -> None:
        settled = ledger.pages(row.sha256, target.fingerprint.page) if row.failed_pages else {}
        failures = [failure for _, failure in sorted(settled.items()) if failure is not None]
        summary.add(report_of(job, row, failures, FileStatus.SKIPPED))

    feed, shelf = bench.open_feed(target, unreadable)
    admission = Admission(feed, ledger, bench.owner, target, shelf, skipped)
    with crews(settings, engines, forms, cluster, ray_data) as staffed:
        reading = Reading(staffed.readers, staffed.reader_places, settings.batch) if staffed.readers else None
        coordinator = Coordinator(
            target,
            ledger,
            staffed.workers,
            staffed.worker_places,
            reading,
            staffed.wait,
            settings.batch,
            summary,
            display,
            bench.outlet,
        )
        coordinator.run(admission)


def _with_device(settings: Settings, device: str) -> Settings:
    return replace(settings, engine=replace(settings.engine, device=device))


def _write_summary(summary: Summary, output: Path) -> None:
    try:
        summary.write(output)
    except OutputError:
        if summary.complete:
            raise  # else what ended the batch is the better story, most likely the same one
