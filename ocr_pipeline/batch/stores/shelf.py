"""Whether a document's files are in the store as they were left there."""

from __future__ import annotations

from dataclasses import dataclass

from ocr_pipeline.batch.ledger import DocumentRow
from ocr_pipeline.batch.messages import WrittenFile
from ocr_pipeline.batch.shelf import Look
from ocr_pipeline.batch.stores.entry import Entry
from ocr_pipeline.batch.stores.journal import Journal, Kept
from ocr_pipeline.batch.stores.store import Store


@dataclass(frozen=True)
class StoreShelf:
    """Implements Shelf: one listing a document; files are only read back where a store tells neither checksums nor
    times."""

    store: Store
    journal: Journal

    def look(self, folder: str, row: DocumentRow) -> Look:
        kept = self.journal.objects(folder)
        return lambda: self._holds(folder, row, kept)

    def _holds(self, folder: str, row: DocumentRow, kept: dict[str, Kept]) -> bool:
        found = self.store.entries(folder)
        return all(self._is_same(folder, file, found.get(file.name), kept.get(file.name)) for file in row.files)

    def _is_same(self, folder: str, file: WrittenFile, found: Entry | None, kept: Kept | None) -> bool:
        if found is None or kept is None or (kept.sha256, kept.size) != (file.sha256, found.size):
            return False
        if found.token:
            return found.token == kept.token
        return self.store.digest(self.store.path(f"{folder}/{file.name}")) == file.sha256
