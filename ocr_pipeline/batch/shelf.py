"""Where results are, and whether they are there as the ledger says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeAlias

from ocr_pipeline.batch.finishing import file_hash
from ocr_pipeline.batch.ledger import DocumentRow
from ocr_pipeline.errors import OutputError

Look: TypeAlias = Callable[[], bool]
"""Looks whether a document's files are there, unaltered. May be called in any thread."""


class Shelf(Protocol):
    """Where a batch's results go."""

    def look(self, folder: str, row: DocumentRow) -> Look:
        """How to look for that document's files. Called in the ledger's thread."""
        ...


@dataclass(frozen=True)
class Disk:
    """Implements Shelf for a folder of this machine: the files are read and hashed."""

    output: Path

    def look(self, folder: str, row: DocumentRow) -> Look:
        return lambda: self._holds(self.output / folder, row)

    @staticmethod
    def _holds(folder: Path, row: DocumentRow) -> bool:
        try:
            return all(file_hash(folder / file.name) == file.sha256 for file in row.files)
        except OutputError:
            return False
