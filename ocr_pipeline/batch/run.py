"""A batch from beginning to end."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ocr_pipeline.batch.admission import Admission, Target
from ocr_pipeline.batch.content import Job, group
from ocr_pipeline.batch.coordinator import Coordinator, report_of
from ocr_pipeline.batch.devices import devices
from ocr_pipeline.batch.display import Display, Silent
from ocr_pipeline.batch.engines import Engines, PaddleEngines
from ocr_pipeline.batch.failures import as_error
from ocr_pipeline.batch.feed import Listed
from ocr_pipeline.batch.fingerprint import fingerprint
from ocr_pipeline.batch.ledger import FOLDER, DocumentRow, Ledger
from ocr_pipeline.batch.owner import Owner
from ocr_pipeline.batch.reading import Reading
from ocr_pipeline.batch.scan import Scanned, scan
from ocr_pipeline.batch.shelf import Disk
from ocr_pipeline.batch.staffing import crews
from ocr_pipeline.batch.summary import FileReport, FileStatus, Summary
from ocr_pipeline.errors import OutputError
from ocr_pipeline.export import FORMATS
from ocr_pipeline.export.atomic import make_folder
from ocr_pipeline.reports.loader import load_profiles
from ocr_pipeline.reports.profile import FormProfile
from ocr_pipeline.settings import Settings


def run_batch(
    paths: Sequence[Path],
    output: Path,
    settings: Settings | None = None,
    formats: Sequence[str] = FORMATS,
    *,
    profiles: Sequence[Path] = (),
    engines: Engines | None = None,
    display: Display | None = None,
    cluster: str | None = None,
) -> Summary:
    """Read all files into folders below the output folder; what is there already, and verified, is skipped.

    Files that cannot be read, and pages, are in the summary with their reasons; the summary is also written to
    OUTPUT/summary.json, whether or not the batch comes to its end.

    profiles: of the user's own forms, files or folders of them; only this process needs to see them.
    cluster: the address of a Ray cluster, or "local" for one of this machine; all its machines must see inputs and
    output under the same paths. Call it from a main module that can be imported without running
    (`if __name__ == "__main__"`), for it starts processes. Raises PipelineError for what concerns all files:
    EngineError, ModelError, ProfileError, OutputError (a full disk), and the first failure where fail_fast is set.
    """
    forms = load_profiles(profiles)
    settings = settings or Settings()
    engines = engines or PaddleEngines()
    shown = display or Silent()
    summary = Summary()
    began = time.monotonic()
    # A cluster's devices are its own business: its processes say what they lack.
    for device in () if cluster else devices(settings.engine.device):
        engines.check(_with_device(settings, device).engine)
    make_folder(output)
    try:
        with Ledger(output) as ledger, _owner(output) as owner:
            _run(paths, output, settings, formats, engines, forms, shown, summary, ledger, owner, cluster)
        summary.complete = True
    finally:
        summary.seconds = time.monotonic() - began
        _write_summary(summary, output)
    return summary


def _run(
    paths: Sequence[Path],
    output: Path,
    settings: Settings,
    formats: Sequence[str],
    engines: Engines,
    forms: Sequence[FormProfile],
    display: Display,
    summary: Summary,
    ledger: Ledger,
    owner: Owner,
    cluster: str | None,
) -> None:
    scanned = scan(paths)
    _report_unreadable(scanned, summary, display, fail_fast=settings.batch.fail_fast)
    target = Target(output, tuple(formats), fingerprint(settings, engines, forms), settings.batch.retry_failed)
    works = group(scanned.files, ledger.assign_folders(scanned.files))

    def skipped(job: Job, row: DocumentRow) -> None:
        settled = ledger.pages(row.sha256, target.fingerprint.page) if row.failed_pages else {}
        failures = [failure for _, failure in sorted(settled.items()) if failure is not None]
        summary.add(report_of(job, row, failures, FileStatus.SKIPPED))

    admission = Admission(Listed(works), ledger, owner, target, Disk(output), skipped)
    with crews(settings, engines, forms, cluster) as staffed:
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
        )
        coordinator.run(admission)


def _report_unreadable(scanned: Scanned, summary: Summary, display: Display, *, fail_fast: bool) -> None:
    for path, failure in scanned.unreadable:
        report = FileReport(path, FileStatus.FAILED, reasons=(failure.message,), exit_code=failure.exit_code)
        summary.add(report)
        display.file_done(report)
        if fail_fast:
            raise as_error(failure.message, failure.exit_code)


def _with_device(settings: Settings, device: str) -> Settings:
    return replace(settings, engine=replace(settings.engine, device=device))


def _owner(output: Path) -> Owner:
    folder = output / FOLDER / "owners"
    try:
        return Owner(folder)
    except OSError as error:
        raise OutputError(f"{folder} cannot be made: {error.strerror or error}.") from error


def _write_summary(summary: Summary, output: Path) -> None:
    try:
        summary.write(output)
    except OutputError:
        if summary.complete:
            raise  # else what ended the batch is the better story, most likely the same one
