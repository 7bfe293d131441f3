"""Which contents are worked on next: those not done yet, and that no other batch works on."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ocr_pipeline.batch.content import Content, Job, Work
from ocr_pipeline.batch.feed import Feed
from ocr_pipeline.batch.fingerprint import Fingerprint
from ocr_pipeline.batch.ledger import DocumentRow, Ledger
from ocr_pipeline.batch.names import Name
from ocr_pipeline.batch.owner import Owner
from ocr_pipeline.batch.shelf import Shelf

_ASK_AGAIN_SECONDS = 0.5
"""Between two looks whether another batch has let go of a content."""


@dataclass(frozen=True)
class Target:
    """What the batch is to bring about: these formats, by these settings, below this folder (of this machine; where
    results go on to a store, they are made there)."""

    output: Path
    formats: tuple[str, ...]
    fingerprint: Fingerprint
    retry_failed: bool

    def is_met_by(self, row: DocumentRow | None, path: Name, sha256: str) -> bool:
        """Whether the ledger says that it is done for this content and name."""
        wanted = (path, sha256, self.fingerprint.whole, ",".join(self.formats))
        return row is not None and (row.path, row.sha256, row.fingerprint, row.formats) == wanted


Skipped = Callable[[Job, DocumentRow], None]
"""Called for each name that is done and verified."""


class Admission:
    """The contents still to come."""

    def __init__(
        self, feed: Feed, ledger: Ledger, owner: Owner, target: Target, shelf: Shelf, skipped: Skipped
    ) -> None:
        self._feed = feed
        self._shelf = shelf
        self._held_by_others: deque[Work] = deque()
        self._ledger = ledger
        self._owner = owner
        self._target = target
        self._skipped = skipped
        self._asked = 0.0

    def __len__(self) -> int:
        """Contents not admitted yet."""
        return len(self._feed) + len(self._held_by_others)

    def next(self) -> Content | None:
        """The next content to work on, claimed; None when there is none, or none that is free now."""
        while (work := self._feed.next()) is not None:
            if self._target.retry_failed:
                self._forget_failures(work)
            elif not self._missing(work):
                self._skip(work)
                self._feed.done_with(work)
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
        self._feed.done_with(content.work)

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
        self._feed.done_with(work)
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
        if row is None or not self._target.is_met_by(row, job.path, sha256):
            return False
        return self._shelf.look(job.folder, row)()

    def _forget_failures(self, work: Work) -> None:
        self._ledger.forget_failures(work.sha256, self._target.fingerprint.page)
