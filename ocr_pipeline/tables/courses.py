"""Where boundaries run beyond the rulings that are known of them.

Rulings bend with the paper and lean with the page, all alike: beyond its own end a short one runs beside the others,
not straight ahead from a tip that may be the stroke of a character it runs into.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ocr_pipeline.geometry import FloatArray
from ocr_pipeline.tables.boundaries import Boundary, Frame


def led_on(frame: Frame) -> Frame:
    """The frame, boundaries whose rulings end led on as most of the others run there."""
    return Frame(_all_led_on(frame.rows), _all_led_on(frame.columns))


def _all_led_on(boundaries: Sequence[Boundary]) -> tuple[Boundary, ...]:
    ruled = [boundary for boundary in boundaries if not boundary.open]
    ends = min((b.along[0] for b in ruled), default=0.0), max((b.along[-1] for b in ruled), default=0.0)
    return tuple(
        boundary
        if boundary.open or (boundary.along[0] <= ends[0] and boundary.along[-1] >= ends[1])
        else _led_on(boundary, [other for other in ruled if other is not boundary])
        for boundary in boundaries
    )


def _led_on(boundary: Boundary, others: Sequence[Boundary]) -> Boundary:
    """The boundary with its course before its beginning and beyond its end, the median of the others' that are known
    beside it and there."""
    longest = max(others, key=lambda other: float(other.along[-1] - other.along[0]))
    first, last = float(boundary.along[0]), float(boundary.along[-1])
    along = longest.along[(longest.along < first) | (longest.along > last)]
    beside = [other for other in others if other.along[0] <= last and other.along[-1] >= first]
    if not len(along) or not beside:
        return boundary
    courses = np.stack([_shifted(other, boundary, along) for other in beside])
    known = ~np.isnan(courses).all(axis=0)
    along, across = along[known], np.nanmedian(courses[:, known], axis=0)
    before, beyond = along < first, along > last
    return replace(
        boundary,
        along=np.concatenate([along[before], boundary.along, along[beyond]]),
        across=np.concatenate([across[before], boundary.across, across[beyond]]),
    )


def _shifted(other: Boundary, boundary: Boundary, along: FloatArray) -> FloatArray:
    """Another boundary's course at some places, laid over the boundary where both are known; NaN where it is not."""
    shared = (boundary.along >= other.along[0]) & (boundary.along <= other.along[-1])
    if not shared.any():
        return np.full(len(along), np.nan)
    away = float(np.median(boundary.across[shared] - other.curve(boundary.along[shared])))
    there = (along >= other.along[0]) & (along <= other.along[-1])
    course: FloatArray = np.where(there, other.curve(along) + away, np.nan)
    return course
