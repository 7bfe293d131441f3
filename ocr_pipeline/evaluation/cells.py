"""Cells held against cells: exact, in place, text alone, by kind; and which ones are wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from ocr_pipeline.evaluation.records import CellRecord, TableRecord, is_number
from ocr_pipeline.geometry import Box


class Kind(StrEnum):
    """Kinds of cell. Every cell is number, text or empty; one character and under a seal are said beside that."""

    NUMBER = "number"
    TEXT = "text"
    EMPTY = "empty"
    ONE_CHARACTER = "one character"
    UNDER_SEAL = "under a seal"


def kinds_of(cell: CellRecord) -> tuple[Kind, ...]:
    """All kinds a true cell is of."""
    main = Kind.EMPTY if not cell.norm else Kind.NUMBER if is_number(cell.text) else Kind.TEXT
    also = ((len(cell.norm) == 1, Kind.ONE_CHARACTER), (cell.under_seal, Kind.UNDER_SEAL))
    return main, *(kind for holds, kind in also if holds)


@dataclass(frozen=True)
class KindScore:
    """How many true cells of a kind there are and how many were read exactly."""

    kind: Kind
    cells: int
    exact: int


@dataclass(frozen=True)
class CellScore:
    """Counts over cells. exact: same row, column, spans and text; placed: same row, column and spans; texts: pairs of
    equal non-empty texts wherever they stand, of true_texts and predicted_texts."""

    true: int = 0
    predicted: int = 0
    exact: int = 0
    placed: int = 0
    texts: int = 0
    true_texts: int = 0
    predicted_texts: int = 0

    @property
    def exact_share(self) -> float:
        """Share of the true cells read exactly; 1 where there are none."""
        return self.exact / self.true if self.true else 1.0

    @property
    def exact_f1(self) -> float:
        return f1(self.exact, self.true, self.predicted)

    @property
    def placed_f1(self) -> float:
        return f1(self.placed, self.true, self.predicted)

    @property
    def text_f1(self) -> float:
        """F1 of the cells' texts as a multiset, structure forgiven."""
        return f1(self.texts, self.true_texts, self.predicted_texts)

    def __add__(self, other: CellScore) -> CellScore:
        return CellScore(
            self.true + other.true,
            self.predicted + other.predicted,
            self.exact + other.exact,
            self.placed + other.placed,
            self.texts + other.texts,
            self.true_texts + other.true_texts,
            self.predicted_texts + other.predicted_texts,
        )


@dataclass(frozen=True)
class CellFault:
    """A true cell that was not read exactly. found: the text read at its place, None where no cell stands there;
    page and box: where to look, by the truth's own box or else the prediction's."""

    table: str
    row: int
    col: int
    kinds: tuple[Kind, ...]
    expected: str
    found: str | None
    flags: tuple[str, ...]
    page: int
    box: Box | None

    @property
    def flagged(self) -> bool:
        return bool(self.flags)


def f1(hits: float, true: float, predicted: float) -> float:
    """Harmonic mean of precision and recall; 1 where there is nothing to find and nothing was found."""
    return 2 * hits / (true + predicted) if true + predicted else 1.0


def without_unreadable(predicted: TableRecord, truth: TableRecord) -> tuple[TableRecord, TableRecord]:
    """Both tables without the cells that nobody could read and what was predicted there."""
    skipped = [cell for cell in truth.cells if cell.skipped]
    if not skipped:
        return predicted, truth
    kept = tuple(cell for cell in predicted.cells if not any(s.covers(*cell.anchor) for s in skipped))
    return replace(predicted, cells=kept), replace(truth, cells=tuple(c for c in truth.cells if not c.skipped))


def blank_unreadable(predicted: TableRecord, truth: TableRecord) -> tuple[TableRecord, TableRecord]:
    """Both tables with the cells that nobody could read blanked, for measures that need the whole structure."""
    skipped = [cell for cell in truth.cells if cell.skipped]
    if not skipped:
        return predicted, truth
    cells = tuple(
        replace(cell, text="") if any(s.covers(*cell.anchor) for s in skipped) else cell for cell in predicted.cells
    )
    true_cells = tuple(replace(cell, text="") if cell.skipped else cell for cell in truth.cells)
    return replace(predicted, cells=cells), replace(truth, cells=true_cells)


def score_cells(predicted: Sequence[CellRecord], truth: Sequence[CellRecord]) -> CellScore:
    """The counts of one table."""
    texts = Counter(cell.norm for cell in truth if cell.norm)
    read = Counter(cell.norm for cell in predicted if cell.norm)
    return CellScore(
        true=len(truth),
        predicted=len(predicted),
        exact=(Counter(map(_exactly, truth)) & Counter(map(_exactly, predicted))).total(),
        placed=(Counter(cell.place for cell in truth) & Counter(cell.place for cell in predicted)).total(),
        texts=(texts & read).total(),
        true_texts=texts.total(),
        predicted_texts=read.total(),
    )


def score_kinds(predicted: Sequence[CellRecord], truth: Sequence[CellRecord]) -> tuple[KindScore, ...]:
    """One score for each kind, those without cells too."""
    found = {_exactly(cell) for cell in predicted}
    total: Counter[Kind] = Counter()
    exact: Counter[Kind] = Counter()
    for cell in truth:
        total.update(kinds_of(cell))
        if _exactly(cell) in found:
            exact.update(kinds_of(cell))
    return tuple(KindScore(kind, total[kind], exact[kind]) for kind in Kind)


def find_faults(predicted: TableRecord, truth: TableRecord) -> tuple[CellFault, ...]:
    """The true cells not read exactly, in reading order."""
    exact = {_exactly(cell) for cell in predicted.cells}
    return tuple(
        _fault(predicted, truth.id, cell)
        for cell in sorted(truth.cells, key=lambda cell: cell.anchor)
        if _exactly(cell) not in exact
    )


def _fault(predicted: TableRecord, table: str, cell: CellRecord) -> CellFault:
    read = next((other for other in predicted.cells if other.covers(*cell.anchor)), None)
    box, page = (cell.box, cell.page) if cell.box or read is None else (read.box, read.page)
    return CellFault(
        table=table,
        row=cell.row,
        col=cell.col,
        kinds=kinds_of(cell),
        expected=cell.text,
        found=None if read is None else read.text,
        flags=() if read is None else read.flags,
        page=page,
        box=box,
    )


def _exactly(cell: CellRecord) -> tuple[tuple[int, int, int, int], str]:
    return cell.place, cell.norm
