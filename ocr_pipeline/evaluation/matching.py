"""Which predicted table stands for which true one."""

from __future__ import annotations

from collections.abc import Sequence

from ocr_pipeline.evaluation.records import TableRecord
from ocr_pipeline.evaluation.teds import teds

MIN_OVERLAP = 0.1
"""Tables that share less (intersection over union) are not the same table; far below any real reading of one, far
above what two neighbours share by sloppy boxes."""


def match_tables(predicted: Sequence[TableRecord], truth: Sequence[TableRecord]) -> tuple[int | None, ...]:
    """For each true table the number of its predicted table, None where it has none. One to one, best pairs first:
    by overlap on the pages where both tables have boxes, else by TEDS."""
    scores = [
        (similarity(p, t), -truth_number, -number)
        for truth_number, t in enumerate(truth)
        for number, p in enumerate(predicted)
    ]
    partner: dict[int, int] = {}
    for score, minus_truth, minus_number in sorted(scores, reverse=True):
        if score > 0 and -minus_truth not in partner and -minus_number not in partner.values():
            partner[-minus_truth] = -minus_number
    return tuple(partner.get(number) for number in range(len(truth)))


def similarity(predicted: TableRecord, truth: TableRecord) -> float:
    """How much two tables look like the same one, 0 to 1."""
    if not (predicted.has_boxes and truth.has_boxes):
        return teds(predicted, truth)
    overlap = _overlap(predicted, truth)
    return overlap if overlap >= MIN_OVERLAP else 0.0


def _overlap(predicted: TableRecord, truth: TableRecord) -> float:
    """Intersection over union of the tables' boxes, summed over pages."""
    common = sum(
        p.box.intersection(t.box)
        for p in predicted.parts
        for t in truth.parts
        if p.page == t.page and p.box is not None and t.box is not None
    )
    areas = sum(part.box.area for part in (*predicted.parts, *truth.parts) if part.box is not None)
    return common / (areas - common) if areas > common else 0.0
