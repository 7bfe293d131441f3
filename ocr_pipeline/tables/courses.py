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


_PLACES = 65
"""Places along a table at which rulings are held beside each other: they bend over many of these."""
_SHORT = 2
"""A boundary that ends so many places before the last one is short."""


def _all_led_on(boundaries: Sequence[Boundary]) -> tuple[Boundary, ...]:
    ruled = [boundary for boundary in boundaries if not boundary.open]
    if len(ruled) < 2:
        return tuple(boundaries)
    places = np.linspace(min(b.along[0] for b in ruled), max(b.along[-1] for b in ruled), _PLACES)
    courses = np.stack([_course(boundary, places) for boundary in ruled])
    slack = _SHORT * float(places[1] - places[0])
    led = {
        id(boundary): _led_on(boundary, places, own, np.delete(courses, i, axis=0))
        for i, (boundary, own) in enumerate(zip(ruled, courses, strict=True))
        if boundary.along[0] > places[0] + slack or boundary.along[-1] < places[-1] - slack
    }
    return tuple(led.get(id(boundary), boundary) for boundary in boundaries)


def _course(boundary: Boundary, places: FloatArray) -> FloatArray:
    """Where a boundary runs at some places, shape (places,); NaN beyond its ends."""
    known = (places >= boundary.along[0]) & (places <= boundary.along[-1])
    course: FloatArray = np.where(known, boundary.curve(places), np.nan)
    return course


def _led_on(boundary: Boundary, places: FloatArray, own: FloatArray, others: FloatArray) -> Boundary:
    """The boundary with its course before its beginning and beyond its end, the median of the others' that are known
    beside it and there, each laid over it. own, others: the courses at the places, shape (places,) and (n, places)."""
    away = _median(own - others, axis=1)
    course = _median(others + away[:, None], axis=0)
    beyond = ~np.isnan(course) & ((places < boundary.along[0]) | (places > boundary.along[-1]))
    before, after = beyond & (places < boundary.along[0]), beyond & (places > boundary.along[-1])
    return replace(
        boundary,
        along=np.concatenate([places[before], boundary.along, places[after]]),
        across=np.concatenate([course[before], boundary.across, course[after]]),
    )


def _median(values: FloatArray, axis: int) -> FloatArray:
    """The median of what is no NaN, several times as fast as numpy.nanmedian; NaN where there is nothing else."""
    ordered = np.sort(values, axis=axis)
    count = np.count_nonzero(~np.isnan(values), axis=axis, keepdims=True)
    low, high = (np.take_along_axis(ordered, np.maximum(at, 0), axis) for at in ((count - 1) // 2, count // 2))
    middle: FloatArray = np.squeeze((low + np.where(count > 0, high, np.nan)) / 2, axis=axis)
    return middle
