"""Silent errors: numbers that are wrong and that nothing marks as doubtful."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from ocr_pipeline.evaluation.records import CellRecord, is_number


@dataclass(frozen=True)
class SilentScore:
    """Counts of one table or many. numbers: true cells that hold a number; the rest are silent errors: wrong (another
    text at the cell's row and column, no flag; a number read into a blank or a text too), lost (a number where no cell
    was predicted at all, or one without a flag swallowed it), invented (an unflagged number where the truth has no
    cell). flagged: wrong but marked, a number inside a larger cell that bears a flag among them."""

    numbers: int = 0
    wrong: int = 0
    lost: int = 0
    invented: int = 0
    flagged: int = 0

    @property
    def silent(self) -> int:
        return self.wrong + self.lost + self.invented

    def __add__(self, other: SilentScore) -> SilentScore:
        return SilentScore(
            self.numbers + other.numbers,
            self.wrong + other.wrong,
            self.lost + other.lost,
            self.invented + other.invented,
            self.flagged + other.flagged,
        )


def score_silent(predicted: Sequence[CellRecord], truth: Sequence[CellRecord]) -> SilentScore:
    """The counts of one table; spans are not looked at, only row, column and text."""
    found = {cell.anchor: cell for cell in predicted}
    anchors = {cell.anchor for cell in truth}
    covers = _covering(predicted)
    wrong = lost = flagged = 0
    for cell in truth:
        read = found.get(cell.anchor)
        if read is None:
            marked = any(cover.flags for cover in covers.get(cell.anchor, ()))
            flagged += is_number(cell.text) and marked
            lost += is_number(cell.text) and not marked
        elif read.norm != cell.norm and (is_number(cell.text) or is_number(read.text)):
            flagged += bool(read.flags)
            wrong += not read.flags
    invented = sum(is_number(c.text) and not c.flags for c in predicted if c.anchor not in anchors)
    return SilentScore(sum(is_number(cell.text) for cell in truth), wrong, lost, invented, flagged)


def _covering(cells: Sequence[CellRecord]) -> dict[tuple[int, int], list[CellRecord]]:
    """The cells with spans by each place they cover."""
    places: dict[tuple[int, int], list[CellRecord]] = defaultdict(list)
    for cell in cells:
        for row in range(cell.row, cell.row + cell.row_span):
            for col in range(cell.col, cell.col + cell.col_span):
                places[row, col].append(cell)
    return places
