"""Files of stores (and of this machine) taken up one after the other: known again, or fetched when their turn comes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from ocr_pipeline.batch.admission import Target
from ocr_pipeline.batch.content import Job, Work
from ocr_pipeline.batch.finishing import file_hash
from ocr_pipeline.batch.ledger import DocumentRow, Failure
from ocr_pipeline.batch.names import Name
from ocr_pipeline.batch.scan import hash_input
from ocr_pipeline.batch.shelf import Look, Shelf
from ocr_pipeline.batch.stores.journal import Journal
from ocr_pipeline.batch.stores.store import Remote, StoppedError
from ocr_pipeline.errors import InputFileError, PipelineError

_AHEAD = 64
"""Files looked at side by side: verifying one that is done takes a request or two, some 0.1 s."""
_THREADS = 8
_FETCHED_AHEAD = 8
"""Files fetched and not handed out yet: workers never wait for a store that keeps up with them at all."""
_FETCHED_BYTES = 2_000_000_000
"""On this machine at any time, those being worked on included; one file alone may be larger."""


@dataclass
class _Item:
    """A file on its way. at: of this machine, where it comes to lie; learning: it is being fetched and hashed; known:
    that has been done; row: what is on record of its results; looking: whether they are there; ready: it may be
    handed out."""

    number: int
    source: Path | Remote
    sha256: str | None = None
    folder: str | None = None
    at: Path | None = None
    learning: Future[str | Failure] | None = None
    known: bool = False
    row: DocumentRow | None = None
    looking: Future[bool] | None = None
    wanted: bool = False
    ready: bool = False
    failure: Failure | None = None

    @property
    def name(self) -> Name:
        return self.source.address if isinstance(self.source, Remote) else self.source

    @property
    def size(self) -> int:
        seen = self.source.entry if isinstance(self.source, Remote) else None
        return (seen.size or 0) if seen is not None else 0


class Fetching:
    """Implements Feed, and Shelf with what it has seen already.

    Names get their folders in the order given, as if all contents were known beforehand; of two files with one content
    the second waits until the first is through, and is put together from the pages in the ledger.
    """

    def __init__(
        self,
        sources: Sequence[Path | Remote],
        journal: Journal,
        target: Target,
        shelf: Shelf,
        folder: Path,
        unreadable: Callable[[Name, Failure], None],
    ) -> None:
        """shelf: where results are; folder: for fetched files, empty; unreadable: told of each file that cannot be
        had."""
        self._sources = sources
        self._journal = journal
        self._target = target
        self._shelf = shelf
        self._folder = folder
        self._unreadable = unreadable
        self._taken = 0
        self._items: list[_Item] = []
        self._in_hand: dict[str, _Item] = {}
        self._seen: dict[str, tuple[DocumentRow, bool]] = {}
        self._bytes = 0
        self._is_full = False
        self._stores = {source.store for source in sources if isinstance(source, Remote)}
        for store in self._stores:
            store.begin()
        self._threads = ThreadPoolExecutor(_THREADS, "fetch")

    def __len__(self) -> int:
        return len(self._sources) - self._taken + len(self._items)

    def next(self) -> Work | None:
        self._take_up()
        for item in list(self._items):
            if item.failure is not None:
                self._items.remove(item)
                self._drop(item)
                self._unreadable(item.name, item.failure)
            elif item.ready and item.sha256 not in self._in_hand:
                assert item.sha256 is not None and item.folder is not None, "what is ready is known"
                self._items.remove(item)
                self._in_hand[item.sha256] = item
                return Work(item.sha256, (Job(item.name, item.folder),), item.at)
        return None

    def done_with(self, work: Work) -> None:
        self._drop(self._in_hand.pop(work.sha256))

    def look(self, folder: str, row: DocumentRow) -> Look:
        """As the shelf does; what has been looked at beforehand is not looked at again."""
        seen = self._seen.pop(folder, None)
        if seen is not None and seen[0] == row:
            return lambda: seen[1]
        return self._shelf.look(folder, row)

    def close(self) -> None:
        """Leave what is on its way."""
        for store in self._stores:
            store.stop()
        self._threads.shutdown(cancel_futures=True)

    # --- on the way -----------------------------------------------------------------------------------------------

    def _take_up(self) -> None:
        while len(self._items) < _AHEAD and self._taken < len(self._sources):
            item = _Item(self._taken, self._sources[self._taken])
            if isinstance(item.source, Remote):
                item.sha256 = self._journal.known_hash(item.source.address, item.source.entry)
            self._items.append(item)
            self._taken += 1
        in_order, self._is_full = True, False
        for item in self._items:
            if item.sha256 is None:
                self._learn(item)
            in_order = in_order and (item.sha256 is not None or item.failure is not None)
            if in_order and item.sha256 is not None and not item.ready:
                self._settle(item)

    def _learn(self, item: _Item) -> None:
        """What the file's content is, by fetching it."""
        if item.learning is None and self._has_room(item):
            self._fetch(item)
        if item.learning is None or not item.learning.done():
            return
        found, item.learning = item.learning.result(), None
        if isinstance(found, Failure):
            item.failure = found
            return
        item.sha256, item.known = found, True
        if isinstance(item.source, Remote):
            self._journal.record_hash(item.source.address, item.source.entry, found)

    def _settle(self, item: _Item) -> None:
        """Whether there is anything to do for the file, and if so, that it is here."""
        assert item.sha256 is not None, "only known contents are settled"
        if item.folder is None:
            (item.folder,) = self._journal.assign_folders([(item.name, item.sha256)])
            self._begin_look(item, item.folder)
        if item.looking is not None and item.looking.done():
            assert item.row is not None, "only what is recorded is looked for"
            self._seen[item.folder] = item.row, item.looking.result()
            item.ready, item.wanted, item.looking = item.looking.result(), not item.looking.result(), None
        if item.wanted and not item.ready:
            self._bring(item)

    def _begin_look(self, item: _Item, folder: str) -> None:
        item.row = self._journal.document(folder)
        item.wanted = item.row is None or not self._is_met(item, item.row)
        if not item.wanted and item.row is not None:
            item.looking = self._threads.submit(self._shelf.look(folder, item.row))

    def _is_met(self, item: _Item, row: DocumentRow) -> bool:
        again = self._target.retry_failed and (row.failed_pages or row.problems)
        return not again and self._target.is_met_by(row, item.name, item.sha256 or "")

    def _bring(self, item: _Item) -> None:
        """Have the file here, where it has to be opened."""
        if not item.known and not self._is_known_to_fail(item):
            self._learn(item)
            item.ready = item.known
        else:
            item.ready = True

    def _is_known_to_fail(self, item: _Item) -> bool:
        known = self._journal.page_count(item.sha256 or "", self._target.fingerprint.page)
        return isinstance(known, Failure) and not self._target.retry_failed

    # --- fetching -------------------------------------------------------------------------------------------------

    def _fetch(self, item: _Item) -> None:
        if isinstance(item.source, Remote):
            item.at = self._folder / f"{item.number}{item.name.suffix}"
            self._bytes += item.size
            item.learning = self._threads.submit(_fetched, item.source, item.at)
        else:
            item.learning = self._threads.submit(hash_input, item.source)

    def _has_room(self, item: _Item) -> bool:
        """Whether another may be fetched. Where a large one has to wait, those behind it do, or it would wait for
        ever."""
        waiting = sum(other.known or other.learning is not None for other in self._items)
        is_first = not any(other.at for other in (*self._items, *self._in_hand.values()))
        enough = is_first or self._bytes + item.size <= _FETCHED_BYTES
        self._is_full = self._is_full or waiting >= _FETCHED_AHEAD or not enough
        return not self._is_full

    def _drop(self, item: _Item) -> None:
        if item.at is not None:
            item.at.unlink(missing_ok=True)
            self._bytes -= item.size
            item.at = None


def _fetched(source: Remote, to: Path) -> str | Failure:
    """SHA-256 of the file, which is then on this machine."""
    try:
        source.store.fetch(source.path, to)
        return file_hash(to)
    except InputFileError as error:
        return Failure(str(error), error.exit_code)
    except StoppedError:
        return Failure("The batch has ended.", PipelineError.exit_code)
