"""Where the time of a run goes, by stage.

The stages know nothing of this: while a profile is taken, the functions that are a stage's entry points are replaced by
timed ones, and put back afterwards. A run without --profile executes no line of this module.
"""

from __future__ import annotations

import functools
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol

SCHEMA = "ocr-pipeline-timing/1"

STAGES = ("loading", "source", "clean", "tables", "layout", "recognition", "assembly", "reports", "export")
"""In the order of the pipeline. loading: the models, with the libraries they need."""

ENTRY_POINTS = (
    ("loading", "ocr_pipeline.ocr.engine", "load_recogniser"),
    ("loading", "ocr_pipeline.ocr.engine", "load_detector"),
    ("loading", "ocr_pipeline.ocr.engine", "load_orientation"),
    ("source", "ocr_pipeline.pipeline", "open_source"),
    ("source", "ocr_pipeline.source.pdf", "PdfSource.read_page"),
    ("source", "ocr_pipeline.source.raster", "RasterSource.read_page"),
    ("clean", "ocr_pipeline.analysis", "clean_page"),
    ("tables", "ocr_pipeline.analysis", "find_tables"),
    ("tables", "ocr_pipeline.analysis", "erase_rulings"),
    ("tables", "ocr_pipeline.analysis", "cut_table"),
    ("layout", "ocr_pipeline.analysis", "find_lines"),
    ("layout", "ocr_pipeline.analysis", "cut_lines"),
    ("layout", "ocr_pipeline.analysis", "cut_seals"),
    ("layout", "ocr_pipeline.assemble.document", "layout_page"),
    ("layout", "ocr_pipeline.assemble.document", "build_blocks"),
    ("layout", "ocr_pipeline.assemble.document", "assign_document_roles"),
    ("recognition", "ocr_pipeline.pipeline", "awaited"),
    ("assembly", "ocr_pipeline.pipeline", "assemble_document"),
    ("reports", "ocr_pipeline.pipeline", "find_filing"),
    ("reports", "ocr_pipeline.pipeline", "apply_reports"),
    ("export", "ocr_pipeline.commands.results", "write_results"),
)
"""(stage, module, name in it) of each function that belongs to a stage. Where one calls another, the time counts for
the inner one only: the detector is part of layout, a page decoded again for the review page part of source. Recognition
counts while it is waited for: a page is read beside the analysis of the next, unless there is a single core."""


class HasModel(Protocol):
    """A reader that says how long its model took: PaddleRecogniser, PaddleDetector."""

    @property
    def forward_seconds(self) -> float: ...

    @property
    def forward_calls(self) -> int: ...


@dataclass(frozen=True)
class Spent:
    """Seconds on the wall, and how many calls they went to."""

    seconds: float
    calls: int


@dataclass(frozen=True)
class Profile:
    """The profile of one file. stages: by name, in the order of STAGES; models: inside the models' forward calls, by
    task; seconds: on the wall, from opening the file to its last export."""

    source: str
    pages: int
    seconds: float
    stages: dict[str, Spent]
    models: dict[str, Spent]

    @property
    def forward_seconds(self) -> float:
        """Inside the forward calls: what no work on the rest can save."""
        return sum(spent.seconds for spent in self.models.values())

    @property
    def forward_share(self) -> float:
        """Of the wall time without loading, 0 to 1."""
        working = self.seconds - self.stages["loading"].seconds
        return self.forward_seconds / working if working > 0 else 0.0

    def as_json(self) -> str:
        """The text of profile.json."""
        rows = [{"stage": name, "seconds": round(s.seconds, 4), "calls": s.calls} for name, s in self.stages.items()]
        models = {name: {"seconds": round(s.seconds, 4), "calls": s.calls} for name, s in self.models.items()}
        data = {
            "schema": SCHEMA,
            "source": self.source,
            "pages": self.pages,
            "seconds": round(self.seconds, 4),
            "stages": rows,
            "models": models,
            "forward_share": round(self.forward_share, 4),
        }
        return json.dumps(data, ensure_ascii=False, indent=1) + "\n"

    def as_text(self) -> str:
        """The profile as a table for people, 40 columns wide."""
        lines = [f"{'stage':<20}{'seconds':>8}{'share':>7}{'calls':>7}"]
        lines += [self._line(name, spent) for name, spent in self.stages.items()]
        rest = self.seconds - sum(spent.seconds for spent in self.stages.values())
        lines.append(self._line("the rest", Spent(max(0.0, rest), 0)))
        lines.append(self._line("in all", Spent(self.seconds, 0)))
        lines += [self._line(f"in {name} model", spent) for name, spent in self.models.items()]
        lines.append(f"inside the models: {self.forward_share:.0%} of the time after loading")
        return "\n".join(lines)

    def _line(self, name: str, spent: Spent) -> str:
        share = spent.seconds / self.seconds if self.seconds > 0 else 0.0
        calls = str(spent.calls) if spent.calls else ""
        return f"{name:<20}{spent.seconds:>8.2f}{share:>7.0%}{calls:>7}"


class StageClock:
    """Adds up seconds and calls by stage; time inside an inner stage does not count for the outer one. One thread."""

    def __init__(self) -> None:
        self._seconds = dict.fromkeys(STAGES, 0.0)
        self._calls = dict.fromkeys(STAGES, 0)
        self._inner = [0.0]

    def timed(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, its time counted for that stage."""

        @functools.wraps(function)
        def measured(*arguments: Any, **named: Any) -> Any:
            start = time.perf_counter()
            self._inner.append(0.0)
            try:
                return function(*arguments, **named)
            finally:
                spent = time.perf_counter() - start
                self._seconds[stage] += spent - self._inner.pop()
                self._calls[stage] += 1
                self._inner[-1] += spent

        return measured

    def totals(self) -> dict[str, Spent]:
        """What each stage took since the clock was made."""
        return {stage: Spent(self._seconds[stage], self._calls[stage]) for stage in STAGES}


@contextmanager
def stages_timed() -> Iterator[StageClock]:
    """While the context lasts, every entry point of a stage is timed by the clock given."""
    clock = StageClock()
    replaced: list[tuple[Any, str, Any]] = []
    try:
        for stage, module, path in ENTRY_POINTS:
            owner: Any = import_module(module)
            *outer, name = path.split(".")
            for part in outer:
                owner = getattr(owner, part)
            original = getattr(owner, name)
            replaced.append((owner, name, original))
            setattr(owner, name, clock.timed(stage, original))
        yield clock
    finally:
        for owner, name, original in reversed(replaced):
            setattr(owner, name, original)


def model_time(reader: object) -> Spent:
    """What a recogniser or detector has spent in its model so far; nothing for one that has no model."""
    if not hasattr(reader, "forward_seconds"):
        return Spent(0.0, 0)
    model: HasModel = reader  # type: ignore[assignment]
    return Spent(model.forward_seconds, model.forward_calls)
