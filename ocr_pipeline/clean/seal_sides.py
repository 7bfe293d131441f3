"""Rectangular rims among other ink: four straight strokes that end where they meet."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from ocr_pipeline.geometry import Mask
from ocr_pipeline.settings import SealSettings

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Cut = tuple[bool, bool, bool, bool]
WHOLE: Cut = (False, False, False, False)
"""The page ends at none of a mask's left, top, right and bottom sides."""
BESIDE = 5
"""Pixels from the middle of a side to what lies next to it."""
ANGLES = 5
"""Directions of straight strokes tried, the strongest ones."""
SIDES = 14
"""Strokes of each direction tried, those with the most ink."""


@dataclass(frozen=True)
class _Sides:
    """Ink that is level and upright: running sums along rows and columns, and what of them lies on the page."""

    rows: Ints
    rows_seen: Ints
    columns: Ints
    columns_seen: Ints

    @classmethod
    def of(cls, strokes: Mask, seen: Mask) -> _Sides:
        """strokes, seen: uint8 masks of one shape, turned so that the rectangle looked for is level."""
        level = cv2.dilate(strokes, np.ones((3, 1), np.uint8)) > 0
        upright = cv2.dilate(strokes, np.ones((1, 3), np.uint8)) > 0
        inside = seen > 0
        return cls(running_sums(level), running_sums(inside), running_sums(upright.T), running_sums(inside.T))

    def level(self, y: Ints, x0: Ints, x1: Ints) -> Floats:
        """The share of rows y between x0 and x1 that has ink, of what lies on the page."""
        return _share(self.rows, self.rows_seen, y, x0, x1)

    def upright(self, x: Ints, y0: Ints, y1: Ints) -> Floats:
        """The same of columns x."""
        return _share(self.columns, self.columns_seen, x, y0, y1)


def find_rectangles(
    strokes: Mask, least: float, most: float, settings: SealSettings, *, cut: Cut = WHOLE, count: int = 3
) -> list[tuple[Floats, float]]:
    """Corners (clockwise from the top left, shape (4, 2)) and cover (0 to 1) of rectangular rims, the best first.

    strokes: uint8 mask with print some 12 pixels high; least, most: length of the shorter and longer side in pixels;
    cut: at which sides of the mask the page ends, where a rectangle may lack a side. Rulings are none: they go on
    beyond the corners; those longer than any stamp are best taken out before (`without_rulings`).
    """
    left = strokes.copy()
    found: list[tuple[Floats, float]] = []
    while len(found) < count:
        tried: list[tuple[Floats, float]] = []
        for angle in _directions(left, least):
            tried.extend(level_rectangles(left, angle, least, most, settings, cut))
        tried = [
            one for one in tried if all(_free(one[0], other, strokes.shape, settings.mostly_on) for other, _ in found)
        ]
        if not tried:
            break
        found.append(max(tried, key=lambda item: item[1]))
        # A second one that crosses it may be fainter: its sides would be lost among the many directions of the first.
        cv2.polylines(left, [found[-1][0].round().astype(np.int32)], True, 0, 4)
    return found


def without_rulings(strokes: Mask, most: float) -> Mask:
    """Without straight strokes longer than any stamp's side, which would crowd out those of a stamp."""
    rulings = cv2.HoughLinesP(strokes, 1, np.pi / 720, round(0.7 * most), minLineLength=most, maxLineGap=0.05 * most)
    left = strokes.copy()
    for x0, y0, x1, y1 in rulings.reshape(-1, 4).tolist() if rulings is not None else ():
        cv2.line(left, (x0, y0), (x1, y1), 0, 4)
    return left


def _directions(strokes: Mask, least: float) -> list[float]:
    """Degrees clockwise, -45 to 45, by which two pairs of straight strokes at right angles may be turned.

    Each direction counts by its two best strokes far enough apart, and the two best across.
    """
    lines = cv2.HoughLinesWithAccumulator(strokes, 1, np.pi / 360, max(8, round(0.5 * least)))
    if lines is None:
        return []
    place, theta, votes = lines[:, 0].astype(np.float64).T
    turn = np.round(np.degrees(theta) * 2).astype(int) % 360
    best = np.zeros(360)
    for i in np.unique(turn).tolist():
        there = turn == i
        first = int(np.argmax(votes[there]))
        second = votes[there][np.abs(place[there] - place[there][first]) > 0.7 * least]
        best[i] = votes[there][first] + second.max(initial=0.0)
    both = np.minimum(best[:180], best[180:]) + 0.3 * (best[:180] + best[180:])
    found: list[float] = []
    for i in np.argsort(both)[::-1].tolist():
        if both[i] <= 0 or len(found) == ANGLES:
            break
        angle = (i / 2 + 45.0) % 90.0 - 45.0
        if all(abs((angle - other + 45.0) % 90.0 - 45.0) >= 1.5 for other in found):
            found.append(angle)
    return found


def level_rectangles(
    strokes: Mask, angle: float, least: float, most: float, settings: SealSettings, cut: Cut = WHOLE
) -> list[tuple[Floats, float]]:
    """The rectangles turned by an angle, with their cover."""
    turn, size = levelling(strokes.shape, angle)
    turned = cv2.warpAffine(strokes, turn, size, flags=cv2.INTER_LINEAR)
    level = ((turned > 100) * np.uint8(255)).astype(np.uint8)
    seen = cv2.warpAffine(np.full_like(strokes, 255), turn, size, flags=cv2.INTER_NEAREST).astype(np.uint8)
    sides = _Sides.of(level, seen)
    beyond = _beyond(level, cut)
    tops, lefts = _strokes(sides.rows, least), _strokes(sides.columns, least)
    first, last = _pairs(tops, beyond[1], beyond[3], least, most)
    start, stop = _pairs(lefts, beyond[0], beyond[2], least, most)
    if len(first) == 0 or len(start) == 0:
        return []
    y0, x0 = (grid.ravel() for grid in np.meshgrid(first, start, indexing="ij"))
    y1, x1 = (grid.ravel() for grid in np.meshgrid(last, stop, indexing="ij"))
    cover = _cover(sides, np.stack([x0, y0, x1, y1]), beyond, settings)
    back = cv2.invertAffineTransform(turn)
    found = []
    for i in np.argsort(cover)[::-1][:12].tolist():
        if cover[i] < settings.side_cover:
            break
        box = np.array([(x0[i], y0[i]), (x1[i], y0[i]), (x1[i], y1[i]), (x0[i], y1[i])], dtype=np.float64)
        found.append((box @ back[:, :2].T + back[:, 2], float(cover[i])))
    return found


def levelling(shape: tuple[int, ...], angle: float) -> tuple[npt.NDArray[np.float64], tuple[int, int]]:
    """The turn that sets level what is turned clockwise by an angle, and the size of the picture it needs."""
    height, width = shape[:2]
    sin, cos = abs(np.sin(np.deg2rad(angle))), np.cos(np.deg2rad(angle))
    size = (round(width * cos + height * sin) + 2, round(width * sin + height * cos) + 2)
    turn = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), angle, 1.0).astype(np.float64)
    turn[:, 2] += ((size[0] - width) / 2, (size[1] - height) / 2)
    return turn, size


def _beyond(level: Mask, cut: Cut) -> tuple[int | None, int | None, int | None, int | None]:
    """Where the sides of a rectangle would be that lie beyond the page: at the outermost ink."""
    columns, rows = np.flatnonzero(level.any(axis=0)), np.flatnonzero(level.any(axis=1))
    if len(columns) == 0:
        return None, None, None, None
    ends = (int(columns[0]), int(rows[0]), int(columns[-1]), int(rows[-1]))
    left, top, right, bottom = (end if there else None for end, there in zip(ends, cut, strict=True))
    return left, top, right, bottom


def _strokes(sums: Ints, least: float) -> list[int]:
    """Rows that hold a stroke, the best ones: ink on most of some stretch as long as a side."""
    window = min(max(4, round(1.1 * least)), sums.shape[1] - 1)
    best = (sums[:, window:] - sums[:, :-window]).max(axis=1) + 1e-3 * sums[:, -1]
    found: list[int] = []
    for y in np.argsort(best)[::-1].tolist():
        if best[y] < 0.7 * window or len(found) == SIDES:
            break
        if all(abs(y - other) > 2 for other in found):
            found.append(y)
    return sorted(found)


def _pairs(at: list[int], start: int | None, stop: int | None, least: float, most: float) -> tuple[Ints, Ints]:
    """Places of two opposite sides, one of which may lie where the page ends."""
    starts = sorted({*at, *([start] if start is not None else [])})
    stops = sorted({*at, *([stop] if stop is not None else [])})
    pairs = [(a, b) for a in starts for b in stops if 0.9 * least <= b - a <= most and not (a == start and b == stop)]
    array = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return array[:, 0], array[:, 1]


def _cover(sides: _Sides, boxes: Ints, beyond: tuple[int | None, ...], settings: SealSettings) -> Floats:
    """How much of the sides has ink, less what goes on beyond the corners; 0 where a side has too little.

    boxes: x0, y0, x1, y1 of each rectangle, shape (4, n).
    """
    x0, y0, x1, y1 = boxes
    inset = [np.maximum(1, (0.04 * (b - a)).astype(np.int64)) for a, b in ((x0, x1), (y0, y1))]
    x, y = (x0 + inset[0], x1 - inset[0]), (y0 + inset[1], y1 - inset[1])
    shares = [sides.upright(x0, *y), sides.level(y0, *x), sides.upright(x1, *y), sides.level(y1, *x)]
    lacking = [at == (-1 if place is None else place) for at, place in zip(boxes, beyond, strict=True)]
    counted = np.stack([np.where(away, np.nan, share) for share, away in zip(shares, lacking, strict=True)])
    mean, worst = np.nanmean(counted, axis=0), np.nanmin(counted, axis=0)
    sound = (worst >= settings.side_share) & (_corners(sides, boxes, lacking) >= settings.corner_share)
    return np.where(sound, mean - _run_on(sides, boxes) - 0.5 * _beside(sides, boxes, x, y), 0.0)


def holds_lettering(strokes: Mask, corners: Floats, em: float, settings: SealSettings) -> bool:
    """Whether a rectangle holds ink besides straight strokes from one side to the other: between rulings of a table
    there are none but more rulings. strokes: uint8 mask; corners: clockwise from the top left, shape (4, 2)."""
    width, height = (round(float(np.hypot(*(corners[i] - corners[0])))) for i in (1, 3))
    if min(width, height) < 3:
        return False
    level = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    turn = cv2.getPerspectiveTransform(corners.astype(np.float32), level)
    upright = cv2.warpPerspective(strokes, turn, (width, height), flags=cv2.INTER_LINEAR) > _INKED
    margin = round(max(0.1 * min(width, height), 0.3 * em))
    inner = upright[margin : height - margin, margin : width - margin]
    if inner.size == 0:
        return False
    around = cv2.dilate(inner.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    columns, rows = around.mean(axis=0) >= settings.side_share, around.mean(axis=1) >= settings.side_share
    # What hangs on a line by the width of a dot is its edge.
    edge = np.ones(5)
    columns, rows = (np.convolve(lines, edge, mode="same") > 0 for lines in (columns, rows))
    rest = inner & ~columns[None, :] & ~rows[:, None]
    return float(np.count_nonzero(rest)) >= settings.min_lettering * inner.size


_INKED = 100
"""Gray level from which on a pixel of a turned mask counts as ink."""


def _beside(sides: _Sides, boxes: Ints, x: tuple[Ints, Ints], y: tuple[Ints, Ints]) -> Floats:
    """The mean share of ink beside the four sides, on either hand: dense print has some there."""
    x0, y0, x1, y1 = boxes
    last = sides.rows.shape[0] - 1, sides.columns.shape[0] - 1
    level = [[sides.level(np.clip(at + off, 0, last[0]), *x) for off in (-BESIDE, BESIDE)] for at in (y0, y1)]
    upright = [[sides.upright(np.clip(at + off, 0, last[1]), *y) for off in (-BESIDE, BESIDE)] for at in (x0, x1)]
    return np.asarray(np.mean([np.mean(pair, axis=0) for pair in (*level, *upright)], axis=0), dtype=np.float64)


def _corners(sides: _Sides, boxes: Ints, lacking: list[npt.NDArray[np.bool_]]) -> Floats:
    """How well the sides meet: the share of ink close to the worst corner but one. Rims of round stamps touch a
    rectangle around them in the middle of its sides only."""
    x0, y0, x1, y1 = boxes
    wide, tall = (np.maximum(3, 0.16 * side).astype(np.int64) for side in (x1 - x0, y1 - y0))
    spans = {0: (x0, x0 + wide), 2: (x1 - wide, x1)}, {1: (y0, y0 + tall), 3: (y1 - tall, y1)}
    inked = []
    for across in (0, 2):
        for along in (1, 3):
            both = sides.level(boxes[along], *spans[0][across]) + sides.upright(boxes[across], *spans[1][along])
            inked.append(np.where(lacking[across] | lacking[along], 1.0, both / 2))
    return np.asarray(np.sort(np.stack(inked), axis=0)[1], dtype=np.float64)


def _run_on(sides: _Sides, boxes: Ints) -> Floats:
    """How far strokes go on beyond the corners: the mean share of what lies next to both ends of all sides."""
    x0, y0, x1, y1 = boxes
    wide, tall = x1 - x0, y1 - y0
    nx, ny = (np.maximum(2, 0.06 * side).astype(np.int64) for side in (wide, tall))
    fx, fy = ((0.3 * side).astype(np.int64) for side in (wide, tall))
    after = [sides.level(at, x1 + nx, x1 + fx) for at in (y0, y1)] + [
        sides.upright(at, y1 + ny, y1 + fy) for at in (x0, x1)
    ]
    before = [sides.level(at, x0 - fx, x0 - nx) for at in (y0, y1)] + [
        sides.upright(at, y0 - fy, y0 - ny) for at in (x0, x1)
    ]
    return np.asarray(np.sum([*after, *before], axis=0) / 8, dtype=np.float64)


def running_sums(inked: npt.NDArray[np.bool_]) -> Ints:
    """Running sums along the rows, with a 0 in front."""
    return np.pad(np.cumsum(inked, axis=1, dtype=np.int64), ((0, 0), (1, 0)))


def _share(sums: Ints, seen: Ints, at: Ints, start: Ints, stop: Ints) -> Floats:
    """The share that has ink of what is on the page, where nearly half is; beyond the page there is none."""
    last = sums.shape[1] - 1
    a, b = np.clip(start, 0, last), np.clip(stop, 0, last)
    length = np.maximum(seen[at, b] - seen[at, a], np.maximum(1.0, 0.45 * (stop - start)))
    return np.asarray(np.clip((sums[at, b] - sums[at, a]) / length, 0.0, 1.0), dtype=np.float64)


def _free(corners: Floats, other: Floats, shape: tuple[int, ...], mostly: float) -> bool:
    """Whether a rectangle lies mostly beside another one. shape: of the mask they were found on."""
    areas = []
    for rectangle in (corners, other):
        area = np.zeros(shape[:2], np.uint8)
        cv2.fillConvexPoly(area, rectangle.round().astype(np.int32), 1)
        areas.append(area)
    return not lies_on(areas[0], areas[1], mostly)


def lies_on(one: Mask, other: Mask, mostly: float) -> bool:
    """Whether one of two areas lies mostly on the other. Masks of one shape; mostly: share of the smaller."""
    smaller = min(cv2.countNonZero(one), cv2.countNonZero(other))
    return cv2.countNonZero(one & other) >= mostly * smaller
