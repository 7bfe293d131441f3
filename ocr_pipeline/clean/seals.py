"""Stamps on the page: found by colour and shape, taken out so that the print beneath can be read.

Stamp ink is a pure colour on white paper; black print beneath or above it stays black in every channel. A stamp is a
thin rim, round, oval or rectangular, with lettering inside. Stamps that touch each other or other coloured ink are
looked for by their rims.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from ocr_pipeline.clean.seal_areas import own_ink
from ocr_pipeline.clean.seal_colour import Ink, colour_name, stamp_inks
from ocr_pipeline.clean.seal_removal import take_out
from ocr_pipeline.clean.seal_shapes import RIM_EM, Ellipse, classify_shape, find_ellipses, solid_share, spread
from ocr_pipeline.clean.seal_sides import find_rectangles, holds_lettering, lies_on, without_rulings
from ocr_pipeline.geometry import Box, ColourImage, GrayImage, Mask, Quad
from ocr_pipeline.settings import SealSettings

_Cut = tuple[bool, bool, bool, bool]


@dataclass(frozen=True)
class FoundSeal:
    """A stamp in source pixels. quad: its corners; box: the pixels that hold all its ink; mask: uint8, shape of the
    box, 255 where there is stamp ink."""

    box: Box
    quad: Quad
    shape: str
    colour: str
    score: float
    mask: Mask


@dataclass(frozen=True)
class _Search:
    """What the search for the stamps of one ink needs."""

    ink: Ink
    colour: str
    em: float
    settings: SealSettings

    @property
    def longest(self) -> tuple[float, float]:
        """The least and the most that a stamp's longer side may measure, in pixels."""
        return self.settings.min_em * self.em, self.settings.max_em * self.em


def split_seals(
    image: ColourImage, em: float, settings: SealSettings, inks: Sequence[Ink] | None = None
) -> tuple[GrayImage, tuple[FoundSeal, ...], Mask | None]:
    """The page in gray with its stamps taken out, the stamps, and where they were (None when there are none).

    Stamps of a copier's gray stay on (`seal_gray`): nothing parts them from the print.

    image: BGR uint8 source page; em: height of print in pixels, here only a rough scale; inks: the colours on the page
    (`stamp_inks`), looked for if not given. A page without colour is returned as its plain gray copy.
    """
    gray = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    seals = _without_parts(
        [
            seal
            for ink in (stamp_inks(image, em, settings) if inks is None else inks)
            for seal in _stamps_of(_Search(ink, colour_name(ink.hue) or "", em, settings))
        ]
    )
    if not seals:
        return gray, (), None
    removed = np.zeros(gray.shape, np.uint8)
    result = gray.copy()
    for seal in seals:
        take_out(image, result, removed, seal, em, settings)
    return result, seals, removed


def _without_parts(seals: list[FoundSeal]) -> tuple[FoundSeal, ...]:
    """Without finds that are but a part of a larger stamp: its lettering, or its ink of a slightly other hue."""
    kept: list[FoundSeal] = []
    for seal in sorted(seals, key=lambda s: -s.box.area):
        if not any(seal.box.intersection(other.box) > 0.8 * seal.box.area for other in kept if _same(seal, other)):
            kept.append(seal)
    return tuple(sorted(kept, key=lambda s: (s.box.y0, s.box.x0)))


def _same(seal: FoundSeal, other: FoundSeal) -> bool:
    """Whether a find may be a part of another: of one colour, or as large."""
    return seal.colour == other.colour or seal.box.iou(other.box) > 0.7


def _stamps_of(search: _Search) -> list[FoundSeal]:
    """The stamps of one ink: those that stand alone first, then rims among what touches, then what is left."""
    strokes = search.ink.strokes.copy()
    found: list[FoundSeal] = []
    for step in (_clear_ones, _by_rims, _less_clear_ones):
        for seal, place in step(strokes, search):
            found.append(seal)
            strokes[place > 0] = 0
    return found


def _clear_ones(strokes: Mask, search: _Search) -> list[tuple[FoundSeal, Mask]]:
    return _standing_alone(strokes, search, search.settings.clear_score)


def _less_clear_ones(strokes: Mask, search: _Search) -> list[tuple[FoundSeal, Mask]]:
    return _standing_alone(strokes, search, search.settings.min_score)


def _standing_alone(strokes: Mask, search: _Search, least: float) -> list[tuple[FoundSeal, Mask]]:
    """Groups of ink that have the size and build of a stamp, each with the area it covers (a mask of the page)."""
    found: list[tuple[FoundSeal, Mask]] = []
    parts = _Parts.of(strokes, search.em)
    for group in parts.groups(0.6 * search.em):
        # A faint stamp comes in pieces: all of them together first, then the largest alone.
        whole = _stamp(strokes, parts, group, search, least)
        if whole is not None:
            found.append(whole)
        elif len(group) > 1:
            alone = (_stamp(strokes, parts, [label], search, least) for label in group if not parts.in_a_row(label))
            found.extend(seal for seal in alone if seal is not None)
    return found


@dataclass(frozen=True)
class _Parts:
    """Ink joined over small gaps: labels of the page's pixels, and x, y, width, height, area of each label."""

    labels: npt.NDArray[np.int32]
    stats: npt.NDArray[np.int32]
    large: list[int]

    @classmethod
    def of(cls, strokes: Mask, em: float) -> _Parts:
        reach = max(3, int(0.5 * em) | 1)
        joined = cv2.morphologyEx(strokes, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
        count, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
        large = [i for i in range(1, count) if max(stats[i, 2], stats[i, 3]) >= 0.8 * em]
        return cls(labels.astype(np.int32), stats.astype(np.int32), large)

    def box(self, label: int) -> Box:
        x, y, w, h = (float(v) for v in self.stats[label, :4])
        return Box(x, y, x + w, y + h)

    def groups(self, reach: float) -> list[list[int]]:
        """Labels whose boxes come within reach pixels of each other."""
        boxes = {i: self.box(i) for i in self.large}
        groups: list[list[int]] = []
        for i in self.large:
            grown = boxes[i].expanded(reach)
            touching = [g for g in groups if any(grown.intersection(boxes[j]) > 0 for j in g)]
            groups = [g for g in groups if g not in touching]
            groups.append([i, *(j for g in touching for j in g)])
        return groups

    def in_a_row(self, label: int) -> bool:
        """Whether parts of the same height stand on both sides or two on one side: a character of a heading."""
        box = self.box(label)
        beside = 0
        for i in self.large:
            other = self.box(i)
            level = abs(other.centre[1] - box.centre[1]) < 0.25 * box.height
            alike = 0.7 * box.height < other.height < 1.4 * box.height
            beside += i != label and level and alike and abs(other.centre[0] - box.centre[0]) < 3.2 * box.height
        return beside >= 2


def _stamp(
    strokes: Mask, parts: _Parts, group: list[int], search: _Search, least: float
) -> tuple[FoundSeal, Mask] | None:
    """The stamp made of a group of components, if it is one."""
    box = Box.around(parts.box(i) for i in group)
    low, high = search.longest
    if not low <= max(box.width, box.height) <= high:
        return None
    if min(box.width, box.height) < search.settings.min_side_em * search.em:
        return None
    there = np.s_[int(box.y0) : int(box.y1), int(box.x0) : int(box.x1)]
    inside = np.isin(parts.labels[there], group)
    part = ((inside & (strokes[there] > 0)) * np.uint8(255)).astype(np.uint8)
    cut = _cut_sides(box, strokes.shape, search.em)
    shape, score = classify_shape(part, cut)
    filled = _filled(part)
    if shape == "oval" and not any(cut) and min(part.shape) < search.settings.flattest * max(part.shape):
        return None
    if score < least or not _like_a_stamp(part, box, filled, search, shape, cut, score):
        return None
    return _found(search, box, filled, shape, score, _oriented(part, box.x0, box.y0, shape))


def _by_rims(strokes: Mask, search: _Search) -> list[tuple[FoundSeal, Mask]]:
    """Stamps among ink that touches: another stamp, coloured rulings, a heading, a pen's mark."""
    found: list[tuple[FoundSeal, Mask]] = []
    parts = _Parts.of(strokes, search.em)
    low, _ = search.longest
    side = search.settings.min_side_em * search.em
    scale = min(1.0, RIM_EM / search.em)
    for group in parts.groups(0.6 * search.em):
        box = Box.around(parts.box(i) for i in group)
        if max(box.width, box.height) < 1.2 * low or min(box.width, box.height) < side:
            continue
        there = np.s_[int(box.y0) : int(box.y1), int(box.x0) : int(box.x1)]
        inside = np.isin(parts.labels[there], group)
        part = ((inside & (strokes[there] > 0)) * np.uint8(255)).astype(np.uint8)
        small = cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        ink = ((small > 80) * np.uint8(255)).astype(np.uint8)
        found.extend(_best_rims(ink, scale, box, strokes, search))
    return found


def _best_rims(ink: Mask, scale: float, box: Box, strokes: Mask, search: _Search) -> list[tuple[FoundSeal, Mask]]:
    """Stamps by their rims, the best covered first, none that lies mostly on better ones.

    ink: the strokes within box, scaled down by scale.
    """
    low, high = search.longest
    side = search.settings.min_side_em * search.em
    bare = without_rulings(ink, high * scale)
    cut = _cut_sides(box, strokes.shape, search.em)
    rims = find_ellipses(bare, 1.5 * low * scale, high * scale, cover=search.settings.rim_cover)
    seals: list[tuple[FoundSeal, Mask]] = []
    straight = bare.copy()
    for rim in rims:
        seal = _from_rim(rim, scale, box, strokes, search)
        seals.extend([seal] if seal is not None else [])
        if seal is not None and rim.cover > search.settings.sure_rim:
            # A rectangle that crosses it ends where its ink does.
            rim.draw(straight, 0, 4)
    for corners, cover in find_rectangles(straight, side * scale, high * scale, search.settings, cut=cut):
        seal = _from_corners(corners / scale + (box.x0, box.y0), cover, strokes, search)
        seals.extend([seal] if seal is not None else [])
    found: list[tuple[FoundSeal, Mask]] = []
    for one, place in sorted(seals, key=lambda item: -item[0].score):
        if any(lies_on(place, other, search.settings.mostly_on) for _, other in found):
            continue
        # A better one that lies across it explains why some of its rim is lost.
        crossed = any(cv2.countNonZero(place & other) for _, other in found)
        if crossed or (
            one.score >= search.settings.alone_round
            and (one.shape != "square" or _has_thin_sides(one, strokes, search.settings))
        ):
            found.append((one, place))
    return found


def _has_thin_sides(seal: FoundSeal, strokes: Mask, settings: SealSettings) -> bool:
    """Whether a frame is drawn as stamps are, beyond doubt or with thin sides: letters of headings are as square."""
    if seal.score >= settings.alone_straight:
        return True
    corners = np.array(seal.quad.points).round().astype(np.int32)
    x, y, w, h = cv2.boundingRect(corners)
    box = Box(x, y, x + w, y + h).expanded(4).clipped(strokes.shape[1], strokes.shape[0])
    part = np.ascontiguousarray(strokes[int(box.y0) : int(box.y1), int(box.x0) : int(box.x1)])
    sides = np.zeros_like(part)
    cv2.polylines(sides, [corners - np.array([int(box.x0), int(box.y0)])], True, 255, 5)
    depths = cv2.distanceTransform(part, cv2.DIST_L2, 3)[(sides > 0) & (part > 0)]
    return len(depths) > 0 and float(np.percentile(depths, 90)) < settings.thin_side * min(w, h)


def _from_corners(
    corners: npt.NDArray[np.float64], cover: float, strokes: Mask, search: _Search
) -> tuple[FoundSeal, Mask] | None:
    """The stamp within a rectangle. corners: source pixels, shape (4, 2), clockwise."""
    page = np.zeros(strokes.shape, np.uint8)
    cv2.fillConvexPoly(page, corners.round().astype(np.int32), 255)
    page = cv2.dilate(page, np.ones((5, 5), np.uint8)).astype(np.uint8)
    x0, y0, w, h = cv2.boundingRect(page)
    there = np.s_[y0 : y0 + h, x0 : x0 + w]
    filled = np.ascontiguousarray(page[there])
    part = cv2.bitwise_and(strokes[there], filled).astype(np.uint8)
    box = Box(x0, y0, x0 + w, y0 + h)
    if not _like_a_stamp(part, box, filled, search, "square", _cut_sides(box, strokes.shape, search.em)):
        return None
    if not holds_lettering(strokes, corners, search.em, search.settings):
        return None
    return _found(search, box, filled, "square", cover, Quad.of_array(corners))


def _from_rim(rim: Ellipse, scale: float, origin: Box, strokes: Mask, search: _Search) -> tuple[FoundSeal, Mask] | None:
    """The stamp within a rim that was found on a mask scaled down from a part of the page."""
    x, y = origin.x0 + rim.x / scale, origin.y0 + rim.y / scale
    at = Ellipse(x, y, rim.a / scale, rim.b / scale, rim.tilt, rim.cover)
    page = at.inside((strokes.shape[0], strokes.shape[1]), 1.02)
    x0, y0, w, h = cv2.boundingRect(page)
    if min(w, h) < search.settings.min_side_em * search.em:
        return None
    box = Box(x0, y0, x0 + w, y0 + h)
    there = np.s_[y0 : y0 + h, x0 : x0 + w]
    filled = np.ascontiguousarray(page[there])
    part = cv2.bitwise_and(strokes[there], filled).astype(np.uint8)
    if not _like_a_stamp(part, box, filled, search, rim.shape, _cut_sides(box, strokes.shape, search.em)):
        return None
    return _found(search, box, filled, rim.shape, rim.cover, Quad.of_box(box))


def _found(search: _Search, box: Box, filled: Mask, shape: str, score: float, quad: Quad) -> tuple[FoundSeal, Mask]:
    """The stamp with all ink of its colour in its outline and a little around, and the outline filled.

    An outline found on a small mask is a pixel or two off, and what is left of a rim would pass for a ruling.
    """
    height, width = search.ink.all.shape
    there = np.s_[int(box.y0) : int(box.y1), int(box.x0) : int(box.x1)]
    place = np.zeros((height, width), np.uint8)
    place[there] = filled
    pad = round(search.settings.rim_slack_em * search.em)
    room = box.expanded(pad).clipped(width, height)
    around = np.s_[int(room.y0) : int(room.y1), int(room.x0) : int(room.x1)]
    grown = cv2.dilate(place[around], np.ones((2 * pad + 1, 2 * pad + 1), np.uint8))
    grown = grown.astype(np.uint8)
    mask = cv2.bitwise_and(own_ink(search.ink, room, grown, search.em), grown).astype(np.uint8)
    x, y, w, h = cv2.boundingRect(mask)
    tight = Box(room.x0 + x, room.y0 + y, room.x0 + x + w, room.y0 + y + h)
    return FoundSeal(tight, quad, shape, search.colour, score, mask[y : y + h, x : x + w]), place


def _like_a_stamp(
    part: Mask, box: Box, filled: Mask, search: _Search, shape: str, cut: _Cut, outline: float = 0.0
) -> bool:
    """Whether there is lettering within the outline, all around in a round one, and no large filled area.

    part: strokes within the box; cut: the sides of the mask at which the page ends; outline: how sure the
    outline is by itself, 0 to 1.
    """
    settings = search.settings
    height, width = part.shape
    # What is left of a stamp at the page's edge may be narrow; the longer side then says how large it was.
    side = max(min(height, width), (0.6 if any(cut) else 0.0) * max(height, width))
    ink = own_ink(search.ink, box, filled, search.em)
    if solid_share(cv2.bitwise_and(ink, filled).astype(np.uint8), settings.max_solid * side) > settings.spots:
        return False
    clear = outline >= settings.clear_score
    share = settings.clear_rim if clear and shape != "square" else settings.rim_room
    margin = round(max(share * min(height, width), 0.3 * search.em))
    closed = cv2.copyMakeBorder(filled, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=(0,))
    middle = cv2.erode(closed, np.ones((2 * margin + 1, 2 * margin + 1), np.uint8))[1:-1, 1:-1]
    area = int(np.count_nonzero(middle))
    inner = cv2.bitwise_and(part, middle.astype(np.uint8)).astype(np.uint8)
    if area == 0 or np.count_nonzero(inner) < settings.min_lettering * area:
        return False
    least = settings.clear_spread if clear else settings.min_spread
    return shape == "square" or any(cut) or spread(inner) >= least


def _cut_sides(box: Box, shape: tuple[int, ...], em: float) -> _Cut:
    """Whether the page ends at the box's left, top, right, bottom: a crooked page leaves a wedge beyond its edge."""
    near = 1.5 * em
    return box.x0 < near, box.y0 < near, box.x1 > shape[1] - near, box.y1 > shape[0] - near


def _filled(part: Mask) -> Mask:
    """The convex hull of a stamp's rim: its star and its lettering stand apart from the rim, inside."""
    ys, xs = np.nonzero(part)
    hull = cv2.convexHull(np.stack([xs, ys], axis=1).astype(np.int32))
    filled = np.zeros_like(part)
    cv2.fillConvexPoly(filled, hull, 255)
    return cv2.dilate(filled, np.ones((5, 5), np.uint8)).astype(np.uint8)


def _oriented(part: Mask, x: float, y: float, shape: str) -> Quad:
    """The corners of the stamp: its bounding box when round, the tightest turned rectangle otherwise."""
    height, width = part.shape
    if shape != "square":
        return Quad.of_box(Box(x, y, x + width, y + height))
    ys, xs = np.nonzero(part)
    corners = cv2.boxPoints(cv2.minAreaRect(np.stack([xs, ys], axis=1).astype(np.float32)))
    order = np.argsort(np.arctan2(corners[:, 1] - corners[:, 1].mean(), corners[:, 0] - corners[:, 0].mean()))
    return Quad.of_array(corners[order] + np.array([x, y]))
