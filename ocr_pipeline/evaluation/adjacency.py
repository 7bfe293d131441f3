"""Adjacency relations as in the cTDaR competition (ICDAR 2019, track B): who stands beside whom, by boxes.

Each cell with text is related to the nearest cell with text to its right and below it, in each of its rows and
columns, blank cells skipped. A predicted relation is right when both its cells overlap (IoU at least the threshold)
the two cells of a true relation of the same direction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ocr_pipeline.evaluation.cells import f1
from ocr_pipeline.evaluation.records import CellRecord

IOU_LEVELS = (0.6, 0.7, 0.8, 0.9)

Relation = tuple[int, int, bool]
"""Numbers of the first and second cell; whether the second is to the right (else below)."""


@dataclass(frozen=True)
class AdjacencyScore:
    """Counts of relations at one IoU threshold."""

    iou: float
    hits: int
    true: int
    predicted: int

    @property
    def f1(self) -> float:
        return f1(self.hits, self.true, self.predicted)

    def __add__(self, other: AdjacencyScore) -> AdjacencyScore:
        return AdjacencyScore(
            self.iou, self.hits + other.hits, self.true + other.true, self.predicted + other.predicted
        )


def weighted_f1(scores: Sequence[AdjacencyScore]) -> float:
    """The competition's one figure: the F1 values averaged with their IoU thresholds as weights."""
    return sum(s.iou * s.f1 for s in scores) / sum(s.iou for s in scores)


def score_adjacency(predicted: Sequence[CellRecord], truth: Sequence[CellRecord]) -> tuple[AdjacencyScore, ...] | None:
    """One score for each level; None where a true cell with text has no box (nothing to measure by)."""
    true_cells = [cell for cell in truth if cell.norm]
    if any(cell.box is None for cell in true_cells):
        return None
    read_cells = [cell for cell in predicted if cell.norm]
    true_relations = relations(true_cells)
    read_relations = relations(read_cells)
    scores = []
    for level in IOU_LEVELS:
        partner = _partners(read_cells, true_cells, level)
        mapped = {
            (partner[one], partner[other], right)
            for one, other, right in read_relations
            if one in partner and other in partner
        }
        hits = len(mapped & true_relations)
        scores.append(AdjacencyScore(level, hits, len(true_relations), len(read_relations)))
    return tuple(scores)


def relations(cells: Sequence[CellRecord]) -> set[Relation]:
    """All relations between cells, which must all have text."""
    at = {
        (row, col): number
        for number, cell in enumerate(cells)
        for row in range(cell.row, cell.row + cell.row_span)
        for col in range(cell.col, cell.col + cell.col_span)
    }
    rows = max((row for row, _ in at), default=-1) + 1
    cols = max((col for _, col in at), default=-1) + 1
    found: set[Relation] = set()
    for row in range(rows):
        found |= _chain([at.get((row, col)) for col in range(cols)], right=True)
    for col in range(cols):
        found |= _chain([at.get((row, col)) for row in range(rows)], right=False)
    return found


def _chain(numbers: Sequence[int | None], *, right: bool) -> set[Relation]:
    """The relations along one row or column, given the cell at each position."""
    there = [number for number in numbers if number is not None]
    return {(one, other, right) for one, other in pairwise(there) if one != other}


def _partners(predicted: Sequence[CellRecord], truth: Sequence[CellRecord], level: float) -> dict[int, int]:
    """Predicted cell to true cell, one to one, largest overlap first."""
    pairs = sorted(
        (
            (p.box.iou(t.box), number, true_number)
            for number, p in enumerate(predicted)
            for true_number, t in enumerate(truth)
            if p.box is not None and t.box is not None and p.page == t.page and p.box.intersection(t.box) > 0
        ),
        reverse=True,
    )
    partner: dict[int, int] = {}
    taken: set[int] = set()
    for overlap, number, true_number in pairs:
        if overlap >= level and number not in partner and true_number not in taken:
            partner[number] = true_number
            taken.add(true_number)
    return partner
