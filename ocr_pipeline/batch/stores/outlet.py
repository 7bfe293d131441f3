"""Documents made on this machine, sent to the store and checked there before they count as done."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Collection, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from ocr_pipeline.batch.messages import WrittenFile
from ocr_pipeline.batch.outlet import Shipment
from ocr_pipeline.batch.stores.entry import Entry
from ocr_pipeline.batch.stores.journal import Journal, Kept
from ocr_pipeline.batch.stores.lock import Lock
from ocr_pipeline.batch.stores.store import Store
from ocr_pipeline.errors import OutputError

_THREADS = 4
_LAST = "document.json"
"""As on a disk: whoever finds it finds the rest."""
_ATTEMPTS = 3
"""To send a file that arrives other than it was."""


class StoreOutlet:
    """Implements Outlet."""

    def __init__(self, store: Store, journal: Journal, lock: Lock, folder: Path) -> None:
        """store: stopped at the end, so not to be shared; lock: of the store, looked at before anything is sent and
        recorded; folder: of this machine, where documents are made."""
        self._store = store
        self._journal = journal
        self._lock = lock
        self._folder = folder
        self._threads = ThreadPoolExecutor(_THREADS, "upload")
        self._on_their_way: list[tuple[Shipment, Future[dict[str, Kept]]]] = []

    def send(self, shipment: Shipment) -> None:
        self._lock.must_be_held()
        folder, files = shipment.job.folder, shipment.row.files
        there = self._journal.expect_objects(folder, (file.name for file in files))
        stale = there.difference(file.name for file in files)
        self._on_their_way.append((shipment, self._threads.submit(self._send, folder, files, stale)))

    def arrived(self) -> Iterator[Shipment]:
        done = [(shipment, sent) for shipment, sent in self._on_their_way if sent.done()]
        for shipment, sent in done:
            kept = sent.result()
            self._on_their_way.remove((shipment, sent))
            self._lock.must_be_held()
            self._journal.record_objects(shipment.job.folder, kept)
            shutil.rmtree(self._folder / shipment.job.folder, ignore_errors=True)
            yield shipment

    def close(self) -> None:
        """What is on its way is left; the next run sends it again."""
        self._store.stop()
        self._threads.shutdown(cancel_futures=True)

    def _send(self, folder: str, files: Collection[WrittenFile], stale: set[str]) -> dict[str, Kept]:
        missing = sorted(files, key=lambda file: (file.name == _LAST, file.name))
        found: dict[str, Entry] = {}
        for _ in range(_ATTEMPTS):
            for file in missing:
                self._store.send(self._folder / folder / file.name, self._path(folder, file.name))
            found = self._store.entries(folder)
            missing = [file for file in missing if not self._arrived_whole(folder, file, found.get(file.name))]
            if not missing:
                break
        else:
            place = self._store.address(self._path(folder, missing[0].name))
            raise OutputError(f"{place} is not there as it was sent, {_ATTEMPTS} times in a row.", "See to the store.")
        for name in sorted(stale):
            self._store.remove(self._path(folder, name))
        return {file.name: Kept(file.sha256, found[file.name].size, found[file.name].token) for file in files}

    def _arrived_whole(self, folder: str, file: WrittenFile, found: Entry | None) -> bool:
        """By size and the store's own MD5; where it tells none, or one that is not of the content alone, by reading it
        back."""
        content = (self._folder / folder / file.name).read_bytes()
        if found is None or found.size not in (len(content), None):
            return False
        if found.md5 is not None and found.md5 == hashlib.md5(content, usedforsecurity=False).hexdigest():
            return True
        return self._store.digest(self._path(folder, file.name)) == file.sha256

    def _path(self, folder: str, name: str) -> str:
        return self._store.path(f"{folder}/{name}")
