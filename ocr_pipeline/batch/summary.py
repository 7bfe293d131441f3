"""What came of a batch: counted while it runs, told at the end, for people and for programs."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path

from ocr_pipeline.batch.names import Name
from ocr_pipeline.errors import ExitCode
from ocr_pipeline.export.atomic import write_atomic
from ocr_pipeline.export.json import well_formed
from ocr_pipeline.wording import shown

SUMMARY = "summary.json"
SUMMARY_SCHEMA = "ocr-pipeline-batch/1"


class FileStatus(StrEnum):
    """done: read in this run (or put together from pages read before); skipped: was done and is verified; partial:
    some of its pages failed; failed: nothing came out."""

    DONE = "done"
    SKIPPED = "skipped"
    PARTIAL = "partial"
    FAILED = "failed"


@dataclass(frozen=True)
class FileReport:
    """What came of one file. folder: of its results, empty where there are none; doubts: places to look at; reasons:
    sentences with remedies, one for each failed page or one for the file."""

    path: Name
    status: FileStatus
    folder: str = ""
    pages: int = 0
    failed_pages: int = 0
    tables: int = 0
    doubts: int = 0
    reasons: tuple[str, ...] = ()
    exit_code: int = 0


@dataclass
class Summary:
    """Counts of a batch. pages_read: read in this run; seconds: wall time; forward_seconds: inside the models of the
    recognition processes and reading_seconds: they were at work (both 0 where workers read their own pages); ended_by:
    the code of what ended the batch before its time (Ctrl-C, a full disk), None where nothing did."""

    files: int = 0
    done: int = 0
    skipped: int = 0
    partial: int = 0
    failed: int = 0
    pages: int = 0
    pages_read: int = 0
    failed_pages: int = 0
    tables: int = 0
    doubts: int = 0
    seconds: float = 0.0
    forward_seconds: float = 0.0
    reading_seconds: float = 0.0
    workers_lost: int = 0
    complete: bool = False
    ended_by: ExitCode | None = None
    failures: list[FileReport] = field(default_factory=list)

    def add(self, report: FileReport) -> None:
        """Count a file."""
        self.files += 1
        name = report.status.value
        setattr(self, name, getattr(self, name) + 1)
        self.pages += report.pages
        self.failed_pages += report.failed_pages
        self.tables += report.tables
        self.doubts += report.doubts
        if report.reasons:
            self.failures.append(report)

    @property
    def exit_code(self) -> ExitCode:
        """What ended the batch, if anything did; else OK, or PARTIAL when any page or file failed."""
        if self.ended_by is not None:
            return self.ended_by
        return ExitCode.PARTIAL if self.failed or self.partial else ExitCode.OK

    def text(self) -> str:
        """A few lines for people."""
        rate = f", {self.pages_read / self.seconds:.2f} pages/s" if self.pages_read and self.seconds else ""
        lines = [
            f"{count(self.files, 'file')}: {self.done} done, {self.skipped} skipped (already done and verified), "
            f"{self.partial} partial, {self.failed} failed",
            f"{count(self.pages, 'page')}, {self.pages_read} read in {self.seconds:.1f} s{rate}; "
            f"{count(self.failed_pages, 'page')} failed, {count(self.tables, 'table')}, "
            f"{count(self.doubts, 'place')} to check",
        ]
        for report in self.failures:
            lines += [f"  {shown(reason)}" for reason in report.reasons]
        return "\n".join(lines)

    def write(self, output: Path) -> None:
        """Put it into the output folder as summary.json, atomically. OutputError."""
        write_atomic(output / SUMMARY, (json.dumps(self.as_json(), ensure_ascii=False, indent=1) + "\n").encode())

    def as_json(self) -> dict[str, object]:
        """Plain values; names are stable, more may be added."""
        counts = {name: value for name, value in asdict(self).items() if name not in ("failures", "ended_by")}
        failures = [
            {
                "path": well_formed(str(report.path)),
                "folder": well_formed(report.folder),
                "status": report.status.value,
                "exit_code": report.exit_code,
                "reasons": [well_formed(reason) for reason in report.reasons],
            }
            for report in self.failures
        ]
        return {"schema": SUMMARY_SCHEMA, "exit_code": int(self.exit_code), **counts, "failures": failures}


def count(number: int, noun: str) -> str:
    """Such as: 1 page, 2 pages."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
