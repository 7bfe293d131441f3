"""A batch with files of stores, results in a store, or both."""

from __future__ import annotations

import contextlib
import hashlib
import shutil
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from ocr_pipeline.batch.admission import Target
from ocr_pipeline.batch.bench import Bench, Unreadable, make_owner
from ocr_pipeline.batch.feed import Feed
from ocr_pipeline.batch.ledger import FOLDER
from ocr_pipeline.batch.names import Address
from ocr_pipeline.batch.shelf import Disk, Shelf
from ocr_pipeline.batch.stores.feed import Fetching
from ocr_pipeline.batch.stores.journal import Journal
from ocr_pipeline.batch.stores.lock import Lock
from ocr_pipeline.batch.stores.outlet import StoreOutlet
from ocr_pipeline.batch.stores.shelf import StoreShelf
from ocr_pipeline.batch.stores.snapshots import Snapshots
from ocr_pipeline.batch.stores.store import Remote, Store
from ocr_pipeline.batch.summary import SUMMARY
from ocr_pipeline.errors import InputFileError, OutputError, PipelineError
from ocr_pipeline.export.atomic import make_folder, write_atomic
from ocr_pipeline.wording import shown

Say = Callable[[str], None]


@contextmanager
def fetching_bench(sources: Sequence[Path | Remote], output: Path) -> Iterator[Bench]:
    """Files of stores, results on this machine. Fetched files lie in the output folder for as long as they are needed.
    OutputError."""
    with Journal(output, _exists) as journal, make_owner(output) as owner, ExitStack() as closing:
        fetched = output / FOLDER / f"fetched-{owner.name}"
        _remove_left(output / FOLDER, lambda name: not owner.is_alive(name))
        closing.callback(shutil.rmtree, fetched, ignore_errors=True)
        yield Bench(output, journal, owner, None, _opener(sources, journal, Disk(output), fetched, closing))


@contextmanager
def store_bench(sources: Sequence[Path | Remote], url: str, state: Path | None, say: Say) -> Iterator[Bench]:
    """Results in a store. state: of this machine, for the ledger and for what is in the making; the user's cache folder
    if None. When the block ends, the summary and a copy of the ledger go to the store and the lock is let go of.

    AddressError, OutputError; also where another batch writes there.
    """
    sending, store = Store(url, OutputError), Store(url, OutputError)
    state = state or state_folder(store.shown)
    own = state / FOLDER
    make_folder(own)
    with ExitStack() as closing:
        owner = closing.enter_context(make_owner(state))
        lock = Lock(store, owner, _machine(own), say)
        closing.push(_at_the_end(store, say, lock.release))
        folder, fetched = own / "making", own / "fetched"
        for place in (folder, fetched):
            shutil.rmtree(place, ignore_errors=True)
            closing.callback(shutil.rmtree, place, ignore_errors=True)
        make_folder(folder)
        snapshots = Snapshots(store, own / "ledger.sqlite")
        snapshots.bring()
        closing.push(_at_the_end(store, say, lambda: _conclude(store, snapshots, folder)))
        journal = closing.enter_context(Journal(state, _exists))
        closing.enter_context(snapshots.kept_up(say))
        outlet = StoreOutlet(sending, journal, lock, folder)
        closing.callback(outlet.close)
        shelf = StoreShelf(store, journal)
        yield Bench(folder, journal, owner, outlet, _opener(sources, journal, shelf, fetched, closing))


def state_folder(shown: str) -> Path:
    """Where a batch with results at that address keeps its ledger, if it is not told."""
    from platformdirs import user_cache_path

    return user_cache_path("ocr-pipeline") / "batches" / hashlib.sha256(shown.encode()).hexdigest()[:16]


def _opener(
    sources: Sequence[Path | Remote], journal: Journal, shelf: Shelf, fetched: Path, closing: ExitStack
) -> Callable[[Target, Unreadable], tuple[Feed, Shelf]]:
    def open_feed(target: Target, unreadable: Unreadable) -> tuple[Feed, Shelf]:
        make_folder(fetched)
        feed = Fetching(sources, journal, target, shelf, fetched, unreadable)
        closing.callback(feed.close)
        return feed, feed

    return open_feed


def _at_the_end(store: Store, say: Say, action: Callable[[], None]) -> Callable[[object, object, object], None]:
    """For ExitStack.push: do it at the end of the block. Of a block that failed, that failure is the story: another one
    is only told."""

    def leave(kind: object, error: object, trace: object) -> None:
        if error is None:
            action()
            return
        store.hurry()
        try:
            action()
        except PipelineError as other:
            say(shown(other))

    return leave


def _conclude(store: Store, snapshots: Snapshots, folder: Path) -> None:
    """The last copy of the ledger, then the summary: whoever finds that finds the rest."""
    snapshots.send()
    if (folder / SUMMARY).exists():
        store.send(folder / SUMMARY, store.path(SUMMARY))


def _machine(own: Path) -> str:
    """A name for the state folder: what has it can ask the owners' file locks."""
    path = own / "machine"
    if not path.exists():
        write_atomic(path, uuid.uuid4().hex.encode())
    return path.read_text()


def _remove_left(own: Path, is_dead: Callable[[str], bool]) -> None:
    """Files fetched by batches that were killed."""
    for place in own.glob("fetched-*"):
        if is_dead(place.name.partition("-")[2]):
            shutil.rmtree(place, ignore_errors=True)


def _exists(address: Address) -> bool:
    """Whether a file is still where it was; it counts as being there where its store cannot be asked."""
    with contextlib.suppress(PipelineError):
        store = Store(address, InputFileError, pauses=())
        return store.info(store.root) is not None
    return True
