"""A second ring of lettering inside the first: a branch or a unit below the name of its office."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from ocr_pipeline.geometry import GrayImage, Mask, runs
from ocr_pipeline.seals.ink import StampInk
from ocr_pipeline.seals.ring import EVEN, Rim, Ring, Stretch, stretch_picture, stretches, unroll
from ocr_pipeline.settings import SealTextSettings

_UPPER = 110.0
"""Degrees from the top within which it may begin and end: below are straight lines."""


def inner_ring(ink: StampInk, rim: Rim, settings: SealTextSettings) -> tuple[Ring, Stretch] | None:
    """The ring with the rows of its inner lettering, and where that is; None where there is none.

    It is lower than the outer lettering or as high, apart from it and from the star, and goes over the stamp's top.
    """
    ring = unroll(ink.gray, ink.mask, rim, settings.inner_deep)
    if ring is None:
        return None
    height = ring.bottom - ring.top
    top = ring.mask[:, np.abs(ring.turns) < np.deg2rad(settings.inner_turn)] > 0
    cover = top[ring.bottom - 1 :].mean(axis=1)
    found = runs(cover > settings.inner_ink * float(np.percentile(cover, 90)), 0) if cover.size else []
    lines = [
        (ring.bottom - 1 + start, ring.bottom - 1 + stop)
        for start, stop in found
        if settings.inner_least * height <= stop - start <= settings.inner_most * height
        and stop < len(cover)
        and cover[start:stop].mean() > settings.inner_cover
    ]
    if not lines:
        return None
    own = replace(ring, top=max(ring.bottom - 1, lines[0][0] - 1), bottom=min(len(ring.gray), lines[0][1] + 1))
    parts = [run for run in stretches(own, settings) if abs(_degrees(ring, (run.start + run.stop) // 2)) < _UPPER]
    if not parts:
        return None
    stretch = Stretch(min(run.start for run in parts), max(run.stop for run in parts), foot=False)
    first, last = _degrees(ring, stretch.start), _degrees(ring, stretch.stop - 1)
    return (own, stretch) if first < -settings.inner_side and last > settings.inner_side else None


def _degrees(ring: Ring, column: int) -> float:
    return float(np.degrees(ring.turns[column % len(ring.turns)]))


def inner_picture(ring: Ring, stretch: Stretch) -> GrayImage:
    """The inner lettering as a picture of one line. Its circle is smaller than the one that columns are even on."""
    picture = stretch_picture(ring, stretch)
    even = len(ring.turns) / (2 * np.pi)
    narrower = 1.0 - ((ring.top + ring.bottom) / 2 - EVEN / (1 - EVEN) * even) / even
    width = max(1, round(picture.shape[1] * float(np.clip(narrower, 0.5, 1.0))))
    return cv2.resize(picture, (width, picture.shape[0]), interpolation=cv2.INTER_AREA).astype(np.uint8)


def band_area(ring: Ring, stretch: Stretch, rim: Rim, shape: tuple[int, ...]) -> Mask:
    """255 from the rim to the inner side of a stretch of lettering, as far around as it goes; a mask of the stamp's
    picture."""
    turns = ring.turns[np.arange(stretch.start, stretch.stop) % len(ring.turns)]
    outer, inner = rim.points(turns, 0.0), rim.points(turns, float(ring.bottom))
    area = np.zeros(shape[:2], np.uint8)
    cv2.fillPoly(area, [np.vstack([outer, inner[::-1]]).round().astype(np.int32)], 255)
    return area
