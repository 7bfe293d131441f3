"""One file read with its profile taken."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from ocr_pipeline.export.atomic import write_atomic
from ocr_pipeline.profiling import Profile, Spent, StageClock, model_time, stages_timed

if TYPE_CHECKING:
    from ocr_pipeline.commands.reading import Job, Outcome, Progress, Reader
    from ocr_pipeline.pipeline import Pipeline

PROFILE = "profile.json"


def read_timed(reader: Reader, job: Job, progress: Progress | None = None) -> Outcome:
    """The outcome of reading with the profile in it; a file that could be read gets it as profile.json as well."""
    pages = 0

    def count(done: int, total: int) -> None:
        nonlocal pages
        pages = done
        if progress is not None:
            progress(done, total)

    with stages_timed() as clock:
        start, before = time.perf_counter(), _model_times(reader.pipeline)
        outcome = reader.read(job, count)
        profile = _profile(job, pages, time.perf_counter() - start, clock, before, _model_times(reader.pipeline))
    if job.folder.is_dir() and not outcome.trace:
        write_atomic(job.folder / PROFILE, profile.as_json().encode())
    return replace(outcome, profile=profile)


def _profile(
    job: Job, pages: int, seconds: float, clock: StageClock, before: dict[str, Spent], after: dict[str, Spent]
) -> Profile:
    models = {
        task: Spent(spent.seconds - before[task].seconds, spent.calls - before[task].calls)
        for task, spent in after.items()
    }
    return Profile(str(job.path), pages, seconds, clock.totals(), models)


def _model_times(pipeline: Pipeline) -> dict[str, Spent]:
    """Asking for the models loads them, so that their loading is timed as such."""
    return {"recognition": model_time(pipeline.recogniser), "detection": model_time(pipeline.detector)}
