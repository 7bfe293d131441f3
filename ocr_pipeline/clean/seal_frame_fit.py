"""Rectangular stamps of a copier's gray: four thin, unbroken sides that lean alike and end where they meet.

Print beneath only makes a side darker, so a stamp's frame has no gaps but those of wear, while lines through print are
broken by the blanks between its strokes.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from ocr_pipeline.clean.seal_frames import Place
from ocr_pipeline.clean.seal_sides import Floats, Ints, levelling, running_sums
from ocr_pipeline.geometry import GrayImage, Mask
from ocr_pipeline.settings import SealSettings

THIN = 7
"""Pixels within which a side's stroke begins and ends."""
DARKER = 0.88
"""Share of the gray beside it that a side's stroke has at most."""
STEP = 0.5
"""Degrees between directions tried."""
TRIED = 2
"""Directions looked at closely, those that most strokes have."""
SIDES = 14
"""Rows and columns tried for sides, those with the longest strokes."""


@dataclass(frozen=True)
class Frame:
    """corners: clockwise from the top left, pixels, shape (4, 2); cover: 0 to 1; lean: degrees clockwise."""

    corners: Floats
    cover: float
    lean: float


def find_frame(picture: GrayImage, place: Place, em: float, settings: SealSettings) -> Frame | None:
    """The best frame near a place, none where it has none. picture: uint8, print em pixels high."""
    height, width = picture.shape
    around = place.box.expanded(1.8 * em).clipped(width, height)
    x0, y0 = int(around.x0), int(around.y0)
    part = np.ascontiguousarray(picture[y0 : int(around.y1), x0 : int(around.x1)])
    if min(part.shape) < THIN:
        return None
    level, upright = _thin(part, (THIN, 1)), _thin(part, (1, THIN))
    angles = _angles(level, upright, place, settings.min_side_em * em)
    found = [frame for angle in angles for frame in _frames(level, upright, angle, em, settings)]
    best = next((one for one in sorted(found, key=lambda one: -one.cover) if _is_sound(part, one, settings)), None)
    if best is None:
        return None
    return Frame(best.corners + np.array([x0, y0]), best.cover, best.lean)


def _thin(part: GrayImage, kernel: tuple[int, int]) -> Mask:
    """255 where a stroke thinner than the kernel is darker than what lies beside it."""
    beside = cv2.morphologyEx(part, cv2.MORPH_CLOSE, np.ones(kernel, np.uint8))
    return cv2.compare(part, cv2.convertScaleAbs(beside, alpha=DARKER), cv2.CMP_LT).astype(np.uint8, copy=False)


def _angles(level: Mask, upright: Mask, place: Place, least: float) -> list[float]:
    """The directions near a place's that the two longest strokes either way have, the best first."""
    rows, columns = np.argwhere(level).astype(np.float32), np.argwhere(upright).astype(np.float32)
    found: list[tuple[float, float]] = []
    for angle in np.arange(place.lean - place.reach, place.lean + place.reach + STEP / 2, STEP).tolist():
        sin, cos = float(np.sin(np.deg2rad(angle))), float(np.cos(np.deg2rad(angle)))
        strokes = rows[:, 0] * cos - rows[:, 1] * sin, columns[:, 1] * cos + columns[:, 0] * sin
        found.append((sum(_two_longest(across, least) for across in strokes), angle))
    return [angle for _, angle in sorted(found, reverse=True)[:TRIED]]


def _two_longest(across: npt.NDArray[np.float32], least: float) -> float:
    """Pixels in the two fullest bands of a pixel and a half that lie apart."""
    if len(across) == 0:
        return 0.0
    counts = np.bincount(((across - across.min()) / 1.5).astype(np.int64))
    first = int(counts.argmax())
    apart = round(0.6 * least)
    rest = np.concatenate([counts[: max(0, first - apart)], counts[first + apart + 1 :]])
    return float(counts[first] + rest.max(initial=0))


def _frames(level: Mask, upright: Mask, angle: float, em: float, settings: SealSettings) -> list[Frame]:
    """The three best covered rectangles of one direction."""
    turn, size = levelling(level.shape, angle)
    inked = [cv2.warpAffine(mask, turn, size, flags=cv2.INTER_LINEAR) > 100 for mask in (level, upright)]
    rows = running_sums(cv2.dilate(inked[0].astype(np.uint8), np.ones((3, 1), np.uint8)) > 0)
    columns = running_sums(cv2.dilate(inked[1].astype(np.uint8), np.ones((1, 3), np.uint8)).T > 0)
    least, most = settings.min_side_em * em, settings.max_em * em
    pairs = [_pairs(_strokes(sums, least), least, most) for sums in (rows, columns)]
    if min(map(len, pairs)) == 0:
        return []
    which = np.stack(np.meshgrid(np.arange(len(pairs[0])), np.arange(len(pairs[1])), indexing="ij")).reshape(2, -1)
    (y0, y1), (x0, x1) = pairs[0][which[0]].T, pairs[1][which[1]].T
    boxes = np.stack([x0, y0, x1, y1])
    cover = _cover(rows, columns, boxes, settings)
    cover[np.maximum(x1 - x0, y1 - y0) < settings.min_em * em] = 0.0
    back = cv2.invertAffineTransform(turn)
    found = []
    for i in np.argsort(cover)[::-1][:3].tolist():
        if cover[i] < settings.frame_cover:
            break
        corners = np.array([(x0[i], y0[i]), (x1[i], y0[i]), (x1[i], y1[i]), (x0[i], y1[i])], dtype=np.float64)
        found.append(Frame(corners @ back[:, :2].T + back[:, 2], float(cover[i]), angle))
    return found


def _strokes(sums: Ints, least: float) -> list[int]:
    """Rows that hold a stroke as long as a side, unbroken but for a fifth."""
    window = round(least)
    if sums.shape[1] <= window:
        return []
    best = (sums[:, window:] - sums[:, :-window]).max(axis=1) + 1e-3 * sums[:, -1]
    found: list[int] = []
    for row in np.argsort(best)[::-1].tolist():
        if best[row] < 0.8 * window or len(found) == SIDES:
            break
        if all(abs(row - other) > 2 for other in found):
            found.append(row)
    return sorted(found)


def _pairs(at: list[int], least: float, most: float) -> Ints:
    """Places of two opposite sides, shape (n, 2)."""
    return np.array([(a, b) for a in at for b in at if least <= b - a <= most], dtype=np.int64).reshape(-1, 2)


def _cover(rows: Ints, columns: Ints, boxes: Ints, settings: SealSettings) -> npt.NDArray[np.float64]:
    """How much of the sides has ink, less what goes on beyond the corners; 0 where a side has too little."""
    x0, y0, x1, y1 = boxes
    ix, iy = np.maximum(1, (0.04 * (x1 - x0)).astype(np.int64)), np.maximum(1, (0.04 * (y1 - y0)).astype(np.int64))
    sides = [_share(rows, y, x0 + ix, x1 - ix) for y in (y0, y1)]
    sides += [_share(columns, x, y0 + iy, y1 - iy) for x in (x0, x1)]
    fx, fy = (0.3 * (x1 - x0)).astype(np.int64), (0.3 * (y1 - y0)).astype(np.int64)
    beyond = [_share(rows, y, a, b) for y in (y0, y1) for a, b in ((x1 + 3, x1 + fx), (x0 - fx, x0 - 3))]
    beyond += [_share(columns, x, a, b) for x in (x0, x1) for a, b in ((y1 + 3, y1 + fy), (y0 - fy, y0 - 3))]
    shares = np.stack(sides)
    cover = shares.mean(axis=0) - 0.5 * np.mean(beyond, axis=0)
    return np.asarray(np.where(shares.min(axis=0) >= settings.frame_side, cover, 0.0), dtype=np.float64)


def _share(sums: Ints, at: Ints, start: Ints, stop: Ints) -> npt.NDArray[np.float64]:
    last = sums.shape[1] - 1
    a, b = np.clip(start, 0, last), np.clip(stop, 0, last)
    return np.asarray((sums[at, b] - sums[at, a]) / np.maximum(1, b - a), dtype=np.float64)


def _is_sound(part: GrayImage, frame: Frame, settings: SealSettings) -> bool:
    """Whether the sides are unbroken and thin, and lean: rulings of the page are level, however they were taken."""
    sides = [_Side.of(part, frame.corners[i], frame.corners[(i + 1) % 4]) for i in range(4)]
    if min(side.unbroken for side in sides) < settings.frame_unbroken:
        return False
    if float(np.mean([side.thin for side in sides])) < settings.frame_thin:
        return False
    leans = [frame.lean + float(np.mean([side.off for side in pair])) for pair in (sides[::2], sides[1::2])]
    if min(abs(v) for v in leans) < settings.frame_least_lean or leans[0] * leans[1] < 0:
        return False
    return not _is_cell(part, frame, sides, settings.frame_goes_on)


def _is_cell(part: GrayImage, frame: Frame, sides: list[_Side], share: float) -> bool:
    """Whether two opposite sides both go on beyond their ends."""
    ends = [[_beyond(part, frame, sides[i], i, at_stop) for at_stop in (False, True)] for i in range(4)]
    # Sides run around the frame, so where one begins the opposite one ends.
    pairs = ((ends[i][k], ends[i + 2][1 - k]) for i in (0, 1) for k in (0, 1))
    return any(min(pair) > share for pair in pairs)


def _beyond(part: GrayImage, frame: Frame, side: _Side, number: int, at_stop: bool) -> float:
    """How unbroken a side goes on beyond an end for a quarter of its length, as its own ink leans."""
    start, stop = frame.corners[number], frame.corners[(number + 1) % 4]
    half, middle = (stop - start) / 2, (start + stop) / 2
    sin, cos = np.sin(np.deg2rad(side.off)), np.cos(np.deg2rad(side.off))
    half = np.array([half[0] * cos - half[1] * sin, half[0] * sin + half[1] * cos]) * (1 if at_stop else -1)
    further = _Side.of(part, middle + 1.06 * half, middle + 1.5 * half)
    return min(further.unbroken, further.thin)


@dataclass(frozen=True)
class _Side:
    """How a side looks. unbroken: the share of its length where it is darker than what is near; thin: where it is
    darker than on both hands; off: degrees clockwise by which its ink leans more than the side."""

    unbroken: float
    thin: float
    off: float

    @classmethod
    def of(cls, part: GrayImage, start: Floats, stop: Floats) -> _Side:
        length = float(np.hypot(*(stop - start)))
        along = (stop - start) / length
        outward = np.array([along[1], -along[0]])
        places = np.linspace(0.04, 0.96, max(8, int(length)))[:, None, None] * length * along
        # Half pixels, six to either side.
        points = start + places + np.arange(-6.0, 6.25, 0.5)[None, :, None] * outward
        gray = cv2.remap(part, points.astype(np.float32), None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        near = gray.astype(np.float32)
        most = DARKER * near.max(axis=1)
        best = cls(0.0, 0.0, 0.0)
        for middle in range(8, 17):
            core = near[:, middle - 2 : middle + 3].min(axis=1)
            hands = near[:, middle - 7 : middle - 4].max(axis=1), near[:, middle + 5 : middle + 8].max(axis=1)
            unbroken, thin = float(np.mean(core < most)), float(np.mean(core < 0.9 * np.minimum(*hands)))
            if unbroken + thin > best.unbroken + best.thin:
                best = cls(unbroken, thin, 0.0)
        darkest = 0.5 * (near[:, 6:19].argmin(axis=1) - 6)
        third = len(darkest) // 3
        rise = float(np.median(darkest[-third:]) - np.median(darkest[:third]))
        # Outward is up along the top, so ink that rises outward leans the other way.
        return cls(best.unbroken, best.thin, -float(np.degrees(np.arctan(rise / (2 / 3 * length)))))
