"""Measures of whole pages: skew and seals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ocr_pipeline.evaluation.cells import f1
from ocr_pipeline.evaluation.normalise import normalise
from ocr_pipeline.evaluation.records import PageRecord, SealRecord

SEAL_OVERLAP = 0.5
"""A seal is found when its box and the predicted one share half their union."""


@dataclass(frozen=True)
class SealScore:
    """Counts of seals; read: found and their text exact."""

    true: int = 0
    predicted: int = 0
    found: int = 0
    read: int = 0

    @property
    def f1(self) -> float:
        return f1(self.found, self.true, self.predicted)

    def __add__(self, other: SealScore) -> SealScore:
        return SealScore(
            self.true + other.true,
            self.predicted + other.predicted,
            self.found + other.found,
            self.read + other.read,
        )


def score_seals(predicted: Sequence[SealRecord], truth: Sequence[SealRecord]) -> SealScore:
    """The counts of one page; one to one, largest overlap first."""
    pairs = sorted(
        (
            (p.box.iou(t.box), number, true_number)
            for number, p in enumerate(predicted)
            for true_number, t in enumerate(truth)
        ),
        reverse=True,
    )
    partner: dict[int, int] = {}
    for overlap, number, true_number in pairs:
        if overlap >= SEAL_OVERLAP and true_number not in partner and number not in partner.values():
            partner[true_number] = number
    read = sum(normalise(truth[t].text) == normalise(predicted[p].text) for t, p in partner.items())
    return SealScore(len(truth), len(predicted), len(partner), read)


def skew_error(predicted: PageRecord | None, truth: PageRecord) -> float | None:
    """Degrees between the two angles, a missing prediction counting as 0; None where the truth is unknown."""
    if truth.skew is None:
        return None
    return abs(truth.skew - ((predicted.skew if predicted else None) or 0.0))
