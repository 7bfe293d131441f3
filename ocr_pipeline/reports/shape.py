"""A table beside the form's table it is, and how a place that does not fit is said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from ocr_pipeline.document import Cell, CellRole, Check, Table
from ocr_pipeline.reports.labels import bare, likeness
from ocr_pipeline.reports.match import TableMatch
from ocr_pipeline.reports.structure import Grid, Position

LABELS = (CellRole.ROW_HEADER, CellRole.COLUMN_HEADER, CellRole.STUB_HEAD, CellRole.SECTION)
SAME_LABEL = 0.8
"""Texts at least this alike are one label, misread."""

_AS_IN_THE_FORM = "as in the form"


def said(what: str, cells: Iterable[Position], found: str) -> Check:
    """A broken check: what is not as in the form, and the cells whose place is in doubt for it."""
    return Check(what, False, tuple(cells), _AS_IN_THE_FORM, found)


@dataclass(frozen=True)
class Shape:
    """A table and the form's table it is."""

    table: Table
    grid: Grid
    match: TableMatch

    def numbers(self, rows: Iterable[int], cols: Iterable[int]) -> tuple[Position, ...]:
        """The data cells that begin in these rows and columns, blank ones aside."""
        return tuple(p for p, cell in self._begun(rows, cols) if cell.role is CellRole.DATA and cell.text.strip())

    def cells(self, rows: Iterable[int], cols: Iterable[int]) -> tuple[Position, ...]:
        """All that a shift moves: the data cells that begin in these rows and columns, the blank ones too, which may
        stand where a number should, and the labels."""
        return tuple(p for p, cell in self._begun(rows, cols) if cell.role is CellRole.DATA or cell.text.strip())

    def from_row(self, row: int) -> tuple[Position, ...]:
        """All that a row too many or too few moves."""
        return self.cells(range(row, self.table.rows), range(self.table.cols))

    def _begun(self, rows: Iterable[int], cols: Iterable[int]) -> list[tuple[Position, Cell]]:
        wanted_rows, wanted_cols = set(rows), set(cols)
        return [
            ((cell.row, cell.col), cell)
            for cell in self.table.cells
            if cell.row in wanted_rows and cell.col in wanted_cols
        ]

    def is_label(self, text: str) -> bool:
        """Whether a text is a label of the form's table, whole."""
        return bool(bare(text)) and any(likeness(text, known) >= SAME_LABEL for known in self._known)

    def is_fragment(self, text: str) -> bool:
        """Whether a text is a piece of a label of the form's table, and none itself."""
        piece = bare(text)
        return not self.is_label(text) and bool(piece) and any(piece in bare(label) for label in self._known)

    @cached_property
    def _known(self) -> list[str]:
        blocks = self.match.profile.blocks
        texts = {text for b in blocks for label in (*b.columns, *b.rows) for text in label.path}
        return [wording for text in sorted(texts) for wording in self.match.form.wordings_of(text)]
