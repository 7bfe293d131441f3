"""The lettering of stamps as pictures of lines for the recogniser.

Round and oval stamps are read along their rim and in their middle: once with the lines of the middle ending where the
lettering of the rim begins, once with those lines whole, and once along the rim alone. An oval one may instead hold
nothing but straight lines, which are cut with its rim and without. Assembly keeps of these attempts what reads best.
A rectangle is levelled and read in rows, a square seal set in columns in its own order, from right to left.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import cv2
import numpy as np

from ocr_pipeline.geometry import Box, ColourImage, GrayImage, Mask
from ocr_pipeline.seals.ink import StampInk, stamp_ink
from ocr_pipeline.seals.ring import (
    Rim,
    Ring,
    Stretch,
    find_rim,
    foot_lettering,
    stretch_picture,
    stretches,
    unroll,
    upper_lettering,
)
from ocr_pipeline.seals.straight import columns_of, cut, framed, inner_lines, level, rows_of, side_by_side
from ocr_pipeline.stages import CleanPage, Crop, CropAddress, CropKind, SealRegion

AS_RING, AS_LINES, AS_BARE_LINES, AS_WIDE_RING, AS_RING_ALONE = 0, 1, 2, 3, 4
RING_LINE = 0
"""CropAddress.line of the lettering along the rim; straight lines follow from 1 on."""
FOOT_LINE = 90
"""CropAddress.line of lettering at the foot, heads to the middle: a number, a branch of the office."""
MIDDLE = -0.42
"""Lines inside a ring of lettering begin below this share of the half height."""


def cut_seals(image: ColourImage, page: CleanPage) -> tuple[Crop, ...]:
    """A crop for each piece of lettering of each stamp. image: BGR uint8 in the source frame.

    CropAddress.item is the stamp's number on the page, attempt the way of cutting, line the piece.
    """
    crops: list[Crop] = []
    for number, seal in enumerate(page.seals):
        ink = stamp_ink(image, page.transform, seal)
        if ink is None:
            continue
        for attempt, line, picture in _pictures(ink, seal):
            address = CropAddress(page.index, CropKind.SEAL, -1, number, line, attempt)
            crops.append(Crop(address, picture, seal.upright_box))
    return tuple(crops)


def _pictures(ink: StampInk, seal: SealRegion) -> Iterator[tuple[int, int, GrayImage]]:
    """(attempt, line, picture) of one stamp."""
    if seal.shape == "square":
        yield from ((AS_LINES, line, picture) for line, picture in enumerate(_in_frame(ink), start=1))
        return
    rim = find_rim(ink.mask, seal.shape)
    if rim is None:
        return
    yield from _along_rim(ink, rim)
    if seal.shape != "round":
        for attempt, version in ((AS_LINES, ink), (AS_BARE_LINES, _without_rim(ink, rim))):
            gray, mask = _levelled(version, rim, rim.tilt)
            for line, box in enumerate(inner_lines(mask, rim, -0.85, alone=True), start=1):
                yield attempt, line, cut(gray, box)


def _along_rim(ink: StampInk, rim: Rim) -> Iterator[tuple[int, int, GrayImage]]:
    ring = unroll(ink.gray, ink.mask, rim)
    if ring is None:
        return
    found = upper_lettering(ring, stretches(ring))
    tilt = rim.tilt
    if rim.a == rim.b and found is not None:
        # A round stamp's lettering is centred on its top, so it tells how the stamp was turned.
        tilt = _middle_turn(ring, found)
    gray, mask = _levelled(ink, rim, tilt)
    attempts = {AS_RING: inner_lines(mask, rim, MIDDLE, alone=False)}
    whole = inner_lines(mask, rim, MIDDLE, alone=True)
    if whole != attempts[AS_RING]:
        attempts[AS_WIDE_RING] = whole
    for attempt, lines in attempts.items():
        own, upper = ring, found
        if lines:
            # Straight lines reach into the ring with their ends: out with them before it is read.
            own = unroll(*_without(ink, rim, tilt, attempts[AS_RING]), rim) or ring
            upper = upper_lettering(own, stretches(own))
        if upper is not None:
            yield attempt, RING_LINE, stretch_picture(own, upper)
        for line, box in enumerate(lines, start=1):
            yield attempt, line, cut(gray, box)
        yield from _foot(attempt, own)
    if found is not None and attempts[AS_RING]:
        # What was taken for a line may be the first or last character of the ring.
        yield AS_RING_ALONE, RING_LINE, stretch_picture(ring, found)
        yield from _foot(AS_RING_ALONE, ring)


def _foot(attempt: int, ring: Ring) -> Iterator[tuple[int, int, GrayImage]]:
    foot = foot_lettering(ring, stretches(ring))
    if foot is not None:
        yield attempt, FOOT_LINE, stretch_picture(*foot)


def _middle_turn(ring: Ring, stretch: Stretch) -> float:
    middle = (stretch.start + stretch.stop) // 2 % len(ring.turns)
    tilt = float(np.degrees(ring.turns[middle]))
    return tilt if abs(tilt) <= 45 else 0.0


def _levelled(ink: StampInk, rim: Rim, tilt: float) -> tuple[GrayImage, Mask]:
    if abs(tilt) < 0.5:
        return ink.gray, ink.mask
    return level(ink.gray, rim.x, rim.y, tilt, 255), level(ink.mask, rim.x, rim.y, tilt, 0)


def _without_rim(ink: StampInk, rim: Rim) -> StampInk:
    """The stamp with all white from its rim outward: lines of print end close to it."""
    outside = np.full(ink.mask.shape, 255, np.uint8)
    axes = (max(1, round(rim.a - 0.065 * rim.b)), max(1, round(0.935 * rim.b)))
    cv2.ellipse(outside, (round(rim.x), round(rim.y)), axes, rim.tilt, 0, 360, 0, -1)
    gray, mask = ink.gray.copy(), ink.mask.copy()
    gray[outside > 0] = 255
    mask[outside > 0] = 0
    return replace(ink, gray=gray, mask=mask)


def _without(ink: StampInk, rim: Rim, tilt: float, lines: list[Box]) -> tuple[GrayImage, Mask]:
    """The stamp with its straight lines painted white."""
    gray, mask = ink.gray.copy(), ink.mask.copy()
    radians = np.deg2rad(tilt)
    turn = np.array([[np.cos(radians), -np.sin(radians)], [np.sin(radians), np.cos(radians)]])
    for box in lines:
        corners = np.array([(box.x0, box.y0), (box.x1, box.y0), (box.x1, box.y1), (box.x0, box.y1)])
        there = ((corners - (rim.x, rim.y)) @ turn.T + (rim.x, rim.y)).round().astype(np.int32)
        cv2.fillConvexPoly(gray, there, 255)
        cv2.fillConvexPoly(mask, there, 0)
    return gray, mask


def _in_frame(ink: StampInk) -> list[GrayImage]:
    inside = framed(ink.gray, ink.mask)
    if inside is None:
        return []
    gray, mask = inside
    if max(mask.shape) < 1.3 * min(mask.shape):
        columns = columns_of(mask)
        if columns:
            return [side_by_side(gray, [box for column in columns for box in column])]
    return [cut(gray, box) for box in rows_of(mask)]
