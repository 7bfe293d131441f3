"""Where rectangular stamps of a copier's gray may be: straight strokes askew on an upright page, three of a frame.

A frame that leans much is known by its edges: they vote for the stroke they lie on (Hough transform, O'Gorman and
Clowes 1976: an edge's direction fixes the stroke's), direction by direction, in pieces of an em. The sides of one that
leans little are among the page's short rulings.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple, dataclass

import cv2
import numpy as np
import numpy.typing as npt

from ocr_pipeline.clean.lines import Ruling, Rulings
from ocr_pipeline.geometry import Box, GrayImage
from ocr_pipeline.settings import SealSettings

Floats = npt.NDArray[np.float32]
LEANS = (-15.0, -12.0, -9.0, -6.0, 6.0, 9.0, 12.0, 15.0)
"""Degrees clockwise tried; closer to level lie the page's own rulings and the strokes of its print."""
NEAR = 4.5
"""Degrees to either side within which edges vote for a direction: thin strokes of a scan are rough."""
BAND, PIECE = 2.0, 12.0
"""Pixels across and along of the pieces that votes are counted in: a stroke's width, a character."""
STROKES = 24
"""Strokes looked at for each direction, those with the most votes."""
SLACK_EM = 1.6
"""Rulings that are sides of a frame may end so far from its corners: strokes of print lead them on."""
MOST_PLACES = 12
"""Pairs of short rulings that lean alike on a page, stamps apart; a stamp is two."""


@dataclass(frozen=True)
class Place:
    """Where a frame may be. lean: degrees clockwise, reach: how far from it the true one may be; box: pixels of the
    picture, all of the frame but perhaps a side; slack: how far from the box's edges those of the frame may be."""

    lean: float
    reach: float
    box: Box
    slack: float = np.inf

    def is_at(self, other: Place) -> bool:
        """Whether the other is a place of the same frame."""
        off = np.subtract(astuple(self.box), astuple(other.box))
        return bool(np.abs(off).max() < self.slack / 2)


@dataclass(frozen=True)
class _Stroke:
    """A straight stroke in a turned frame: its place across, its ends along, how many edges it has."""

    across: float
    start: float
    stop: float
    votes: int


@dataclass(frozen=True)
class _Edges:
    """Edges that lean. x, y: pixels; lean: degrees clockwise of the stroke they belong to, rising; level: whether that
    is nearer to level than to upright; each of shape (n,)."""

    x: Floats
    y: Floats
    lean: Floats
    level: npt.NDArray[np.bool_]


def leaning_places(picture: GrayImage, em: float, settings: SealSettings) -> list[Place]:
    """Where frames lean so much that no ruling of an upright page does. picture: uint8, print em pixels high."""
    edges = _leaning_edges(picture, settings.frame_edge)
    found: list[Place] = []
    for lean in LEANS:
        first, last = np.searchsorted(edges.lean, [lean - NEAR, lean + NEAR])
        x, y, level = edges.x[first:last], edges.y[first:last], edges.level[first:last]
        sin, cos = np.sin(np.deg2rad(np.float32(lean))), np.cos(np.deg2rad(np.float32(lean)))
        along, across = x * cos + y * sin, y * cos - x * sin
        rows = _strokes(along[level], across[level], settings.frame_votes)
        if rows:
            columns = _strokes(across[~level], along[~level], settings.frame_votes)
            found.extend(Place(lean, 3.5, _turned(box, sin, cos)) for box in _three_sided(rows, columns, em, settings))
    return found


def ruled_places(rulings: Rulings, em: float, scale: float, settings: SealSettings) -> list[Place]:
    """Where two short rulings of an upright page lean alike and face each other. em: in pixels of the page; scale:
    pixels of the picture for one of the page."""
    found: list[Place] = []
    for group, upright in ((rulings.horizontal, False), (rulings.vertical, True)):
        short = [ruling for ruling in group if _may_be_a_side(ruling, em, settings)]
        for first in short:
            for second in short:
                if _face(first, second, em, settings):
                    found.append(_between(first, second, upright, em, scale))
    # A page with many of them is bent, or a drawing.
    return found if len(found) <= MOST_PLACES else []


def level_places(rulings: Rulings, em: float, scale: float, settings: SealSettings) -> list[Place]:
    """Where a short level ruling and a short upright one meet at their ends: frames that stand nearly with the page.
    em, scale: as above."""
    level = [ruling for ruling in rulings.horizontal if _is_as_long(ruling, em, settings)]
    upright = [ruling for ruling in rulings.vertical if _is_as_long(ruling, em, settings)]
    found: list[Place] = []
    for one in level:
        for other in upright:
            place = _cornered(one, other, em, scale)
            if _meet(one, other, em) and not any(place.is_at(known) for known in found):
                found.append(place)
    return found if len(found) <= MOST_PLACES else []


def _leaning_edges(picture: GrayImage, least: float) -> _Edges:
    across, down = cv2.Sobel(picture, cv2.CV_16S, 1, 0), cv2.Sobel(picture, cv2.CV_16S, 0, 1)
    # In eight bits, a quarter of the strength: many times faster, and enough to choose by.
    sizes = cv2.convertScaleAbs(across, alpha=0.25), cv2.convertScaleAbs(down, alpha=0.25)
    more, less = cv2.max(*sizes), cv2.min(*sizes)
    low, high = cv2.convertScaleAbs(more, alpha=0.035), cv2.convertScaleAbs(more, alpha=0.36)
    leaning = cv2.bitwise_and(cv2.compare(less, low, cv2.CMP_GT), cv2.compare(high, less, cv2.CMP_GT))
    places = cv2.findNonZero(cv2.bitwise_and(leaning, cv2.compare(more, least / 4, cv2.CMP_GT)))
    if places is None:
        nothing = np.zeros(0, np.float32)
        return _Edges(nothing, nothing, nothing, np.zeros(0, np.bool_))
    xs, ys = places[:, 0, 0], places[:, 0, 1]
    gx, gy = across[ys, xs].astype(np.float32), down[ys, xs].astype(np.float32)
    level = np.abs(gy) > np.abs(gx)
    lean = np.degrees(np.arctan(np.where(level, -gx / np.where(level, gy, 1), gy / np.where(level, 1, gx))))
    order = np.argsort(lean)
    return _Edges(
        xs[order].astype(np.float32), ys[order].astype(np.float32), lean[order].astype(np.float32), level[order]
    )


def _strokes(along: Floats, across: Floats, least: float) -> list[_Stroke]:
    """Straight strokes among edges: runs of pieces three of which are full together."""
    if len(along) == 0:
        return []
    first, top = float(along.min()), float(across.min())
    length, height = int((along.max() - first) / PIECE) + 4, int((across.max() - top) / BAND) + 3
    # Rounding down to whole pieces and bands.
    places = ((across - top) / BAND).astype(np.int64) * length + ((along - first) / PIECE).astype(np.int64)
    votes = np.bincount(places, minlength=length * height).reshape(height, length)
    full = np.minimum(votes[:-1] + votes[1:], int(PIECE))
    three = full[:, :-2] + full[:, 1:-1] + full[:, 2:]
    runs: list[list[int]] = []
    for band, piece in np.argwhere(three >= least * 3 * PIECE).tolist():
        if runs and runs[-1][0] == band and piece - runs[-1][2] <= 2:
            runs[-1][2] = piece
            runs[-1][3] += int(three[band, piece])
        else:
            runs.append([band, piece, piece, int(three[band, piece])])
    kept: list[list[int]] = []
    for run in sorted(runs, key=lambda r: -r[3]):
        beside = (abs(run[0] - r[0]) <= 2 and min(run[2], r[2]) >= max(run[1], r[1]) - 1 for r in kept)
        if len(kept) < STROKES and not any(beside):
            kept.append(run)
    return [
        _Stroke(top + (band + 1) * BAND, first + start * PIECE, first + (stop + 3) * PIECE, count)
        for band, start, stop, count in kept
    ]


def _three_sided(rows: list[_Stroke], columns: list[_Stroke], em: float, settings: SealSettings) -> list[Box]:
    """Where two strokes face each other and a third joins them at an end, in the turned frame; one box for what lies
    on one another."""
    turned = [Box(b.y0, b.x0, b.y1, b.x1) for b in _joined(columns, rows, em, settings)]
    boxes = [*_joined(rows, columns, em, settings), *turned]
    found: list[Box] = []
    for box in boxes:
        same = [other for other in found if box.intersection(other) > 0.5 * min(box.area, other.area)]
        found = [other for other in found if other not in same]
        found.append(Box.around([box, *same]))
    return found


def _joined(sides: list[_Stroke], across: list[_Stroke], em: float, settings: SealSettings) -> Iterator[Box]:
    most, least = 1.03 * settings.max_em * em, 0.9 * settings.min_side_em * em
    for one in sides:
        for two in sides:
            gap = two.across - one.across
            start, stop = min(one.start, two.start), max(one.stop, two.stop)
            both = min(one.stop, two.stop) - max(one.start, two.start)
            if not least <= gap <= most or both < 0.5 * (stop - start) or stop - start > most + 2 * PIECE:
                continue
            ends = (one.across - PIECE, two.across + PIECE)
            for third in across:
                there = min(third.stop, ends[1]) - max(third.start, ends[0])
                at_an_end = min(abs(third.across - start), abs(third.across - stop)) <= 1.7 * PIECE
                if at_an_end and there >= 0.5 * gap and third.stop - third.start <= gap + 3 * PIECE:
                    yield Box(start, one.across, stop, two.across)
                    break


def _turned(box: Box, sin: np.float32, cos: np.float32) -> Box:
    """The box around a box of the turned frame."""
    corners = np.array([(box.x0, box.y0), (box.x1, box.y0), (box.x1, box.y1), (box.x0, box.y1)])
    back = corners @ np.array([[cos, sin], [-sin, cos]])
    (x0, y0), (x1, y1) = back.min(axis=0).tolist(), back.max(axis=0).tolist()
    return Box(x0, y0, x1, y1)


def _may_be_a_side(ruling: Ruling, em: float, settings: SealSettings) -> bool:
    lean = abs(float(np.degrees(np.arctan(ruling.slope))))
    return _is_as_long(ruling, em, settings) and settings.frame_least_lean <= lean < LEANS[-1] / 2


def _is_as_long(ruling: Ruling, em: float, settings: SealSettings) -> bool:
    return 0.9 * settings.min_side_em * em < ruling.length < 1.03 * settings.max_em * em


def _meet(level: Ruling, upright: Ruling, em: float) -> bool:
    """Whether an end of one lies at an end of the other. Strokes of print may lead either on by an em."""
    ends = min(abs(level.start - upright.middle), abs(level.end - upright.middle))
    return max(ends, min(abs(upright.start - level.middle), abs(upright.end - level.middle))) <= em


def _cornered(level: Ruling, upright: Ruling, em: float, scale: float) -> Place:
    """Where the frame is that two rulings are adjoining sides of."""
    lean = float(np.degrees(np.arctan((level.slope - upright.slope) / 2)))
    box = Box(level.start * scale, upright.start * scale, level.end * scale, upright.end * scale)
    return Place(lean, 1.0, box, SLACK_EM * em * scale)


def _face(first: Ruling, second: Ruling, em: float, settings: SealSettings) -> bool:
    """Whether the second ruling lies beside the first, leaning alike, and begins or ends where a rectangle has it."""
    gap = second.middle - first.middle
    if not 0.9 * settings.min_side_em * em < gap < 1.03 * settings.max_em * em:
        return False
    if abs(first.slope - second.slope) > settings.frame_alike:
        return False
    shift = -gap * (first.slope + second.slope) / 2
    ends = max(abs(first.start + shift - second.start), abs(first.end + shift - second.end))
    return ends <= 0.8 * em


def _between(first: Ruling, second: Ruling, upright: bool, em: float, scale: float) -> Place:
    start, stop = min(first.start, second.start), max(first.end, second.end)
    across = np.concatenate([first.across, second.across])
    low, high = float(across.min()), float(across.max())
    lean = float(np.degrees(np.arctan((first.slope + second.slope) / 2)))
    if upright:
        return Place(-lean, 1.5, Box(low * scale, start * scale, high * scale, stop * scale), SLACK_EM * em * scale)
    return Place(lean, 1.5, Box(start * scale, low * scale, stop * scale, high * scale), SLACK_EM * em * scale)
