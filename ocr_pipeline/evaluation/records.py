"""What is compared: predictions and truths in one shape, whatever file they came from.

Rows, columns and page indices are 0-based; boxes are pixels of the source page image.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ocr_pipeline.evaluation.normalise import normalise
from ocr_pipeline.geometry import Box

UNREADABLE = "⟦?⟧"
"""The text of a truth cell that nobody could read; such a cell is left out of every comparison of texts."""

_NUMBER = re.compile(r"[+-]?\d[\d,]*(\.\d+)?%?")


def is_number(text: str) -> bool:
    """Whether a text reads as a number: digits with sign, thousands commas, decimal point, percent sign."""
    return _NUMBER.fullmatch(normalise(text)) is not None


@dataclass(frozen=True, slots=True)
class CellPartRecord:
    """What of a cell cut by page breaks stands on one page."""

    page: int
    text: str
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class CellRecord:
    """A cell, predicted or true. flags are a prediction's; under_seal and parts (of a cell that page breaks cut) are a
    truth's."""

    row: int
    col: int
    row_span: int
    col_span: int
    text: str
    page: int = 0
    box: Box | None = None
    flags: tuple[str, ...] = ()
    under_seal: bool = False
    parts: tuple[CellPartRecord, ...] = ()

    @property
    def norm(self) -> str:
        return normalise(self.text)

    @property
    def skipped(self) -> bool:
        return self.text.strip() == UNREADABLE

    @property
    def anchor(self) -> tuple[int, int]:
        return self.row, self.col

    @property
    def place(self) -> tuple[int, int, int, int]:
        return self.row, self.col, self.row_span, self.col_span

    def covers(self, row: int, col: int) -> bool:
        return self.row <= row < self.row + self.row_span and self.col <= col < self.col + self.col_span


@dataclass(frozen=True, slots=True)
class PartRecord:
    """The rows (first and last, inclusive) of a table that stand on one page; box None where unknown."""

    page: int
    rows: tuple[int, int]
    box: Box | None = None


@dataclass(frozen=True)
class TableRecord:
    """A table, predicted or true.

    unruled_row_groups: (first, last) of rows with no ruling between them; continues_previous: this is the next part
    of the table before it, labelled apart.
    """

    id: str
    rows: int
    cols: int
    cells: tuple[CellRecord, ...]
    parts: tuple[PartRecord, ...] = ()
    title: str = ""
    unruled_row_groups: tuple[tuple[int, int], ...] = ()
    continues_previous: bool = False

    @property
    def has_boxes(self) -> bool:
        """Whether it is known where on the pages the table stands."""
        return bool(self.parts) and all(part.box is not None for part in self.parts)


@dataclass(frozen=True, slots=True)
class SealRecord:
    box: Box
    text: str = ""


@dataclass(frozen=True)
class PageRecord:
    """A page: its printed lines outside the tables in reading order, its seals, its skew (degrees, positive where the
    print runs counter-clockwise; None where unknown). complete: lines are all of the page's running text."""

    index: int
    width: int
    height: int
    lines: tuple[str, ...] = ()
    seals: tuple[SealRecord, ...] | None = None
    skew: float | None = None
    complete: bool = True


@dataclass(frozen=True)
class DocumentRecord:
    """A document, predicted or true. filing: (field, text) pairs; source: the path of the scan, where known."""

    name: str
    pages: tuple[PageRecord, ...]
    tables: tuple[TableRecord, ...]
    filing: tuple[tuple[str, str], ...] = field(default=())
    source: str = ""

    def page(self, index: int) -> PageRecord | None:
        return next((page for page in self.pages if page.index == index), None)
