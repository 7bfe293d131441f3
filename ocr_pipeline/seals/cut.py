"""The lettering of stamps as pictures of lines for the recogniser.

Round and oval stamps are read along their rim, along a second ring inside it, and in their middle: once with the
lines of the middle ending where the lettering of the rim begins, once with those lines whole, and once along the rim
alone. An oval one may instead hold nothing but straight lines, which are cut with its rim and without. A rectangle is
levelled and read in rows. A square seal's characters stand on a raster that says nothing of their order: they are
read in columns from right to left, and in rows. All this is done twice, for two ways of telling the stamp's ink from
the paper. Assembly lays the readings of one piece side by side.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt

from ocr_pipeline.geometry import Box, ColourImage, GrayImage, Mask
from ocr_pipeline.seals.foot import foot_figures
from ocr_pipeline.seals.ink import StampInk, stamp_ink, stamp_patch
from ocr_pipeline.seals.inner import band_area, inner_picture, inner_ring
from ocr_pipeline.seals.ring import (
    Rim,
    Ring,
    Stretch,
    find_rim,
    foot_lettering,
    low_at_foot,
    rim_area,
    star_turn,
    stretch_picture,
    stretches,
    unroll,
    upper_lettering,
)
from ocr_pipeline.seals.ruled import without_rulings
from ocr_pipeline.seals.straight import columns_of, cut, framed, inner_lines, level, rows_of, side_by_side
from ocr_pipeline.settings import SealTextSettings
from ocr_pipeline.stages import CleanPage, Crop, CropAddress, CropKind

Floats = npt.NDArray[np.float64]
Piece = tuple[int, int, GrayImage]
AS_RING, AS_LINES, AS_BARE_LINES, AS_WIDE_RING, AS_RING_ALONE, AS_ROWS = 0, 1, 2, 3, 4, 5
CLOSE = 10
"""CropAddress.attempt is the way of cutting, and this more where ink was compared with the paper close to it,"""
CROSSED = 20
"""and this more where the page's rulings were left in the picture, which take strokes of the lettering with them."""
RING_LINE = 0
"""CropAddress.line of the lettering along the rim; straight lines have their place, from 1 on."""
INNER_LINE = 3
"""CropAddress.line of a second ring inside the first; no straight line stands so high."""
FOOT_LINE = 90
"""CropAddress.line of lettering at the foot, heads to the middle: a number, a branch of the office."""


def cut_seals(image: ColourImage, page: CleanPage, settings: SealTextSettings) -> tuple[Crop, ...]:
    """A crop for each piece of lettering of each stamp. image: BGR uint8 in the source frame.

    CropAddress.item is the stamp's number on the page, attempt the way of cutting, line the piece.
    """
    crops: list[Crop] = []
    for number, seal in enumerate(page.seals):
        stamp = stamp_patch(image, page.transform, seal, settings)
        for close in (False, True):
            ink = stamp_ink(stamp, seal, settings, close=close)
            if ink is None:
                continue
            bare = without_rulings(ink, page.rulings, settings)
            versions = [(close * CLOSE, bare)]
            if not np.array_equal(bare.mask, ink.mask):
                versions.append((close * CLOSE + CROSSED, replace(bare, gray=ink.gray)))
            corners = (page.transform.to_upright(np.array(seal.quad.points)) - (ink.box.x0, ink.box.y0)) * ink.scale
            for way, version in versions:
                for attempt, line, picture in _pictures(version, seal.shape, corners, settings):
                    address = CropAddress(page.index, CropKind.SEAL, -1, number, line, attempt + way)
                    crops.append(Crop(address, picture, seal.upright_box))
    return tuple(crops)


def _pictures(ink: StampInk, shape: str, corners: Floats, settings: SealTextSettings) -> Iterator[Piece]:
    """(attempt, line, picture) of one stamp. corners: its quad on the picture."""
    if shape == "square":
        yield from _in_frame(ink, corners, settings)
        return
    rim = find_rim(ink.mask, shape)
    if rim is None:
        return
    yield from _along_rim(ink, rim, settings)
    if shape != "round":
        for attempt, version in ((AS_LINES, ink), (AS_BARE_LINES, _within(ink, rim))):
            gray, mask = _levelled(version, rim)
            for box in inner_lines(mask, rim, settings, settings.high, alone=True):
                yield attempt, _line_at(box, rim.y, rim.b, settings), cut(gray, box)


def _along_rim(ink: StampInk, rim: Rim, settings: SealTextSettings) -> Iterator[Piece]:
    rim = _turned(ink, rim, settings)
    ring = unroll(ink.gray, ink.mask, rim)
    if ring is None:
        return
    outside = rim_area(ring, rim, ink.mask.shape) > 0
    inner = inner_ring(ink, rim, settings) if rim.a == rim.b else None
    if inner is not None:
        yield AS_RING_ALONE, INNER_LINE, inner_picture(*inner)
        outside |= band_area(*inner, rim, ink.mask.shape) > 0
    gray, mask = _levelled(_white(ink, outside), rim)
    lines = inner_lines(mask, rim, settings, settings.middle, alone=False)
    for line in lines:
        yield AS_RING, _line_at(line, rim.y, rim.b, settings), cut(gray, line)
    for line in inner_lines(mask, rim, settings, settings.middle, alone=True):
        if line not in lines:
            yield AS_WIDE_RING, _line_at(line, rim.y, rim.b, settings), cut(gray, line)
    if lines:
        # Straight lines reach into the ring with their ends: out with them before it is read.
        bare = unroll(*_without(ink, rim, lines), rim) or ring
        yield from _ring_pieces(AS_RING, bare, settings)
        yield from _foot_pieces(AS_RING, bare, settings)
    # What was taken for a line may be the first or last character of the ring.
    yield from _ring_pieces(AS_RING_ALONE, ring, settings)
    if not lines:
        # Between the ends of straight lines a part of a number may stand.
        yield from _foot_pieces(AS_RING_ALONE, ring, settings)


def _ring_pieces(attempt: int, ring: Ring, settings: SealTextSettings) -> Iterator[Piece]:
    upper = upper_lettering(ring, stretches(ring, settings), settings)
    if upper is not None:
        yield attempt, RING_LINE, stretch_picture(ring, upper)


def _foot_pieces(attempt: int, ring: Ring, settings: SealTextSettings) -> Iterator[Piece]:
    figures = foot_figures(ring, low_at_foot(ring, settings), settings)
    if figures is not None:
        yield attempt, FOOT_LINE, figures
        return
    foot = foot_lettering(ring, stretches(ring, settings))
    if foot is not None:
        yield attempt, FOOT_LINE, stretch_picture(*foot)


def _line_at(box: Box, middle: float, half: float, settings: SealTextSettings) -> int:
    """CropAddress.line of a straight line: its place between the stamp's top and foot, below FOOT_LINE."""
    share = 1 + ((box.y0 + box.y1) / 2 - middle) / half
    return 1 + round(settings.places * min(max(share, 0.0), 2.0))


def _turned(ink: StampInk, rim: Rim, settings: SealTextSettings) -> Rim:
    """The rim with its top where the stamp's is: a round one shows it by its star, or by its lettering."""
    if rim.a != rim.b:
        return rim
    turn = star_turn(ink.mask, rim, settings)
    if turn is None:
        ring = unroll(ink.gray, ink.mask, rim)
        found = upper_lettering(ring, stretches(ring, settings), settings) if ring is not None else None
        turn = _middle_turn(ring, found) if ring is not None and found is not None else 0.0
    return replace(rim, tilt=turn)


def _middle_turn(ring: Ring, stretch: Stretch) -> float:
    middle = (stretch.start + stretch.stop) // 2 % len(ring.turns)
    tilt = float(np.degrees(ring.turns[middle]))
    return tilt if abs(tilt) <= 45 else 0.0


def _white(ink: StampInk, there: npt.NDArray[np.bool_]) -> StampInk:
    """The stamp with a part painted white."""
    gray, mask = ink.gray.copy(), ink.mask.copy()
    gray[there], mask[there] = 255, 0
    return replace(ink, gray=gray, mask=mask)


def _within(ink: StampInk, rim: Rim) -> StampInk:
    """The stamp with all white from its rim outward: lines of print end close to it."""
    outside = np.full(ink.mask.shape, 255, np.uint8)
    axes = (max(1, round(rim.a - 0.065 * rim.b)), max(1, round(0.935 * rim.b)))
    cv2.ellipse(outside, (round(rim.x), round(rim.y)), axes, rim.tilt, 0, 360, 0, -1)
    return _white(ink, outside > 0)


def _levelled(ink: StampInk, rim: Rim) -> tuple[GrayImage, Mask]:
    if abs(rim.tilt) < 0.5:
        return ink.gray, ink.mask
    return level(ink.gray, rim.x, rim.y, rim.tilt, 255), level(ink.mask, rim.x, rim.y, rim.tilt, 0)


def _without(ink: StampInk, rim: Rim, lines: list[Box]) -> tuple[GrayImage, Mask]:
    """The stamp with its straight lines painted white. lines: boxes on the levelled picture."""
    gray, mask = ink.gray.copy(), ink.mask.copy()
    radians = np.deg2rad(rim.tilt)
    turn = np.array([[np.cos(radians), -np.sin(radians)], [np.sin(radians), np.cos(radians)]])
    for box in lines:
        corners = np.array([(box.x0, box.y0), (box.x1, box.y0), (box.x1, box.y1), (box.x0, box.y1)])
        there = ((corners - (rim.x, rim.y)) @ turn.T + (rim.x, rim.y)).round().astype(np.int32)
        cv2.fillConvexPoly(gray, there, 255)
        cv2.fillConvexPoly(mask, there, 0)
    return gray, mask


def _in_frame(ink: StampInk, corners: Floats, settings: SealTextSettings) -> Iterator[Piece]:
    inside = framed(ink.gray, ink.mask, corners)
    if inside is None:
        return
    gray, mask = inside
    if max(mask.shape) < settings.square * min(mask.shape):
        columns = columns_of(mask, settings)
        if columns:
            characters = [box for column in columns for box in column]
            yield AS_LINES, 1, side_by_side(gray, characters)
            in_rows = sorted(characters, key=lambda box: (box.y0, box.x0))
            if in_rows != characters:
                yield AS_ROWS, 1, side_by_side(gray, in_rows)
            return
    half = mask.shape[0] / 2
    for box in rows_of(mask, settings):
        yield AS_LINES, _line_at(box, half, half, settings), cut(gray, box)
