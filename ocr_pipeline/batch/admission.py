"""Which contents are worked on next: those not done yet, and that no other batch works on."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ocr_pipeline.batch.content import Content, Job, Work
from ocr_pipeline.batch.fingerprint import Fingerprint
from ocr_pipeline.batch.finishing import file_hash
from ocr_pipeline.batch.ledger import DocumentRow, Ledger
from ocr_pipeline.batch.owner import Owner
from ocr_pipeline.errors import OutputError

_ASK_AGAIN_SECONDS = 0.5
"""Between two looks whether another batch has let go of a content."""


@dataclass(frozen=True)
class Target:
    """What the batch is to bring about: these formats, by these settings, below this folder."""

    output: Path
    formats: tuple[str, ...]
    fingerprint: Fingerprint
    retry_failed: bool


Skipped = Callable[[Job, DocumentRow], None]
"""Called for each name that is done and verified."""


class Admission:
    """The contents still to come."""

    def __init__(self, works: Sequence[Work], ledger: Ledger, owner: Owner, target: Target, skipped: Skipped) -> None:
        self._works = deque(works)
        self._held_by_others: deque[Work] = deque()
        self._ledger = ledger
        self._owner = owner
        self._target = target
        self._skipped = skipped
        self._asked = 0.0

    def __len__(self) -> int:
        """Contents not admitted yet."""
        return len(self._works) + len(self._held_by_others)

    def next(self) -> Content | None:
        """The next content to work on, claimed; None when there is none, or none that is free now."""
        while self._works:
            work = self._works.popleft()
            if self._target.retry_failed:
                self._forget_failures(work)
            elif not self._missing(work):
                self._skip(work)
                continue
            if not self._ledger.claim(work.claims, self._owner):
                self._held_by_others.append(work)
                continue
            content = self._claimed(work)
            if content is not None:
                return content
        return self._given_back()

    def release(self, content: Content) -> None:
        """Let other batches have it."""
        self._ledger.release(content.work.claims, self._owner)

    def _given_back(self) -> Content | None:
        if time.monotonic() - self._asked < _ASK_AGAIN_SECONDS:
            return None
        self._asked = time.monotonic()
        for _ in range(len(self._held_by_others)):
            work = self._held_by_others.popleft()
            if not self._ledger.claim(work.claims, self._owner):
                self._held_by_others.append(work)
                continue
            content = self._claimed(work)
            if content is not None:
                return content
        return None

    def _claimed(self, work: Work) -> Content | None:
        """The content, unless another batch did it between our look and our claim."""
        missing = self._missing(work)
        self._skip(work, missing)
        if missing:
            return Content(work, work.jobs[0].path, tuple(missing))
        self._ledger.release(work.claims, self._owner)
        return None

    def _skip(self, work: Work, missing: Sequence[Job] = ()) -> None:
        for job in work.jobs:
            row = self._ledger.document(job.folder)
            if job not in missing and row is not None:
                self._skipped(job, row)

    def _missing(self, work: Work) -> list[Job]:
        return [job for job in work.jobs if not self._is_done(job, work.sha256)]

    def _is_done(self, job: Job, sha256: str) -> bool:
        """Whether the ledger says so, for this content, name and these settings, and the files bear it out."""
        row = self._ledger.document(job.folder)
        if row is None:
            return False
        wanted = (job.path, sha256, self._target.fingerprint.whole, ",".join(self._target.formats))
        if (row.path, row.sha256, row.fingerprint, row.formats) != wanted:
            return False
        folder = self._target.output / job.folder
        try:
            return all(file_hash(folder / file.name) == file.sha256 for file in row.files)
        except OutputError:
            return False

    def _forget_failures(self, work: Work) -> None:
        self._ledger.forget_failures(work.sha256, self._target.fingerprint.page)
