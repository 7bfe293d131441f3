"""What a batch works at: where documents are made, what is on record, where results stay."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from ocr_pipeline.batch.admission import Target
from ocr_pipeline.batch.content import group
from ocr_pipeline.batch.feed import Feed, Listed
from ocr_pipeline.batch.ledger import FOLDER, Failure, Ledger
from ocr_pipeline.batch.names import Name
from ocr_pipeline.batch.outlet import Outlet
from ocr_pipeline.batch.owner import Owner
from ocr_pipeline.batch.scan import scan
from ocr_pipeline.batch.shelf import Disk, Shelf
from ocr_pipeline.errors import OutputError

Unreadable: TypeAlias = Callable[[Name, Failure], None]
"""Told of each input that cannot be had."""


@dataclass(frozen=True)
class Bench:
    """folder: of this machine, where documents are made; outlet: None where they stay there; open_feed: the contents,
    and where to look for their results."""

    folder: Path
    ledger: Ledger
    owner: Owner
    outlet: Outlet | None
    open_feed: Callable[[Target, Unreadable], tuple[Feed, Shelf]]


@contextmanager
def local_bench(paths: Sequence[Path], output: Path) -> Iterator[Bench]:
    """Files and results of this machine. OutputError."""
    with Ledger(output) as ledger, make_owner(output) as owner:

        def open_feed(target: Target, unreadable: Unreadable) -> tuple[Feed, Shelf]:
            scanned = scan(paths)
            for path, failure in scanned.unreadable:
                unreadable(path, failure)
            return Listed(group(scanned.files, ledger.assign_folders(scanned.files))), Disk(output)

        yield Bench(output, ledger, owner, None, open_feed)


def make_owner(folder: Path) -> Owner:
    """This batch as others at the ledger of that folder see it. OutputError."""
    place = folder / FOLDER / "owners"
    try:
        return Owner(place)
    except OSError as error:
        raise OutputError(f"{place} cannot be made: {error.strerror or error}.") from error
