"""Rectangular stamps of a copier's gray: four thin, unbroken sides that lean alike and end where they meet.

Print beneath only makes a side darker, so a stamp's frame has no gaps but those of wear, while lines through print are
broken by the blanks between its strokes.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from ocr_pipeline.clean.seal_frame_sides import DARKER, Side, ends_beyond, is_cell, is_closed, lies_across
from ocr_pipeline.clean.seal_frames import Place
from ocr_pipeline.clean.seal_sides import Floats, Ints, levelling, running_sums
from ocr_pipeline.geometry import GrayImage, Mask
from ocr_pipeline.settings import SealSettings

THIN = 7
"""Pixels within which a side's stroke begins and ends."""
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
    angles = _angles(level, upright, place, em, settings)
    found = [frame for angle in angles for frame in _frames(level, upright, angle, em, settings)]
    found = [frame for frame in found if _lies_at(frame.corners + np.array([x0, y0]), place)]
    best = next((one for one in sorted(found, key=lambda one: -one.cover) if _is_sound(part, one, em, settings)), None)
    if best is None:
        return None
    return Frame(best.corners + np.array([x0, y0]), best.cover, best.lean)


def _lies_at(corners: Floats, place: Place) -> bool:
    """Whether a frame ends where a place does. corners: pixels of the picture."""
    (x0, y0), (x1, y1) = corners.min(axis=0), corners.max(axis=0)
    off = np.abs(np.array([x0, y0, x1, y1]) - np.array([place.box.x0, place.box.y0, place.box.x1, place.box.y1]))
    return bool(off.max() <= place.slack)


def _thin(part: GrayImage, kernel: tuple[int, int]) -> Mask:
    """255 where a stroke thinner than the kernel is darker than what lies beside it."""
    beside = cv2.morphologyEx(part, cv2.MORPH_CLOSE, np.ones(kernel, np.uint8))
    return cv2.compare(part, cv2.convertScaleAbs(beside, alpha=DARKER), cv2.CMP_LT).astype(np.uint8, copy=False)


def _angles(level: Mask, upright: Mask, place: Place, em: float, settings: SealSettings) -> list[float]:
    """The directions near a place's that the two longest strokes either way have, the best first."""
    least = settings.min_side_em * em
    rows, columns = np.argwhere(level).astype(np.float32), np.argwhere(upright).astype(np.float32)
    found: list[tuple[float, float]] = []
    tried = np.arange(place.lean - place.reach, place.lean + place.reach + STEP / 2, STEP)
    if abs(place.lean) >= settings.frame_least_lean:
        # The page's own rulings are level and longer than any frame's sides.
        tried = tried[(np.abs(tried) > settings.frame_least_lean / 2) & (tried * place.lean > 0)]
    for angle in tried.tolist():
        sin, cos = float(np.sin(np.deg2rad(angle))), float(np.cos(np.deg2rad(angle)))
        strokes = rows[:, 0] * cos - rows[:, 1] * sin, columns[:, 1] * cos + columns[:, 0] * sin
        found.append((sum(_two_longest(across, least) for across in strokes), angle))
    best = [angle for _, angle in sorted(found, reverse=True)]
    # Rulings give the direction all but exactly.
    return [place.lean, *best][:TRIED] if np.isfinite(place.slack) else best[:TRIED]


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


def _is_sound(part: GrayImage, frame: Frame, em: float, settings: SealSettings) -> bool:
    """Whether the sides are unbroken and thin, and lean or lie across print: rulings of the page do neither."""
    sides = [Side.of(part, frame.corners[i], frame.corners[(i + 1) % 4]) for i in range(4)]
    if min(side.unbroken for side in sides) < settings.frame_unbroken:
        return False
    if float(np.mean([side.thin for side in sides])) < settings.frame_thin:
        return False
    ends = ends_beyond(part, frame.corners, sides)
    if is_cell(ends, settings.frame_goes_on):
        return False
    leans = [frame.lean + float(np.mean([side.off for side in pair])) for pair in (sides[::2], sides[1::2])]
    if min(abs(v) for v in leans) >= settings.frame_least_lean:
        return leans[0] * leans[1] > 0
    return is_closed(ends, settings.frame_goes_on) and lies_across(part, frame.corners, sides, em, settings)
