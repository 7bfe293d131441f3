"""The outline of a stamp: which shape a mask of ink has, and round and oval rims among other ink."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from ocr_pipeline.geometry import Mask

Floats = npt.NDArray[np.float64]
BINS = 120
"""Directions in which a rim is looked for: three degrees each."""
RATIOS = (1.0, 0.85, 0.74, 0.65, 0.56)
"""Short over long axis of round and oval stamps tried: 45 x 30 mm is common, 58 x 36, 40 x 30, 45 x 38."""
TILTS = (0.0, -12.0, 12.0, -6.0, 6.0)
"""Degrees clockwise by which stamps are turned, tried for oval ones."""
RIM_EM = 12.0
"""Rims are looked for and measured on a mask in which print is so many pixels high."""
SECTORS = 12
"""Directions in which lettering is looked for."""
TRIPLES = 300
"""Sets of three points tried on a component; on a rim one in ten hits."""


@dataclass(frozen=True)
class Ellipse:
    """Centre, half axes (along, across) and degrees clockwise of the first axis; cover: the share of its outline
    that has ink, of what lies on the page."""

    x: float
    y: float
    a: float
    b: float
    tilt: float
    cover: float = 0.0

    def inside(self, shape: tuple[int, int], grow: float = 1.0) -> Mask:
        """A mask of that shape, 255 within the ellipse grown by a factor."""
        filled = np.zeros(shape, np.uint8)
        axes = (max(1, round(self.a * grow)), max(1, round(self.b * grow)))
        cv2.ellipse(filled, (round(self.x), round(self.y)), axes, self.tilt, 0, 360, 255, -1)
        return filled.astype(np.uint8)

    @property
    def shape(self) -> str:
        """Round or oval."""
        return "round" if min(self.a, self.b) > 0.88 * max(self.a, self.b) else "oval"

    def draw(self, mask: Mask, level: int, width: int) -> None:
        """Draw the outline on a mask, in place."""
        axes = (max(1, round(self.a)), max(1, round(self.b)))
        cv2.ellipse(mask, (round(self.x), round(self.y)), axes, self.tilt, 0, 360, level, width)


def solid_share(part: Mask, radius: float) -> float:
    """The share of a mask's pixels that are the middle of a filled disc of that radius."""
    depth = cv2.distanceTransform(cv2.copyMakeBorder(part, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=(0,)), cv2.DIST_L2, 3)
    return float(np.count_nonzero(depth > radius)) / part.size


def spread(inner: Mask) -> float:
    """In how much of the directions from its middle a mask has ink, 0 to 1, looked for in sectors of 30 degrees."""
    ys, xs = np.nonzero(inner)
    height, width = inner.shape
    x, y = (xs + 0.5) / width - 0.5, (ys + 0.5) / height - 0.5
    out = np.hypot(x, y) > 0.1
    sectors = ((np.arctan2(y, x)[out] + np.pi) / (2 * np.pi) * SECTORS).astype(int) % SECTORS
    counts = np.bincount(sectors, minlength=SECTORS)
    return float(np.mean(counts > 0.01 * inner.size / SECTORS))


def classify_shape(part: Mask, cut: tuple[bool, bool, bool, bool] = (False,) * 4) -> tuple[str, float]:
    """What kind of stamp a mask of coloured ink is, and how surely (0 to 1): round, oval, square, other.

    cut: whether the page ends at the mask's left, top, right, bottom side: a stamp cut off there has no rim on it.
    A stamp has a rim: going outward from its middle, the last ink met lies on a circle, an ellipse or a rectangle in
    nearly every direction, and the inside is mostly empty paper. Coloured headings and filled areas have neither.
    """
    height, width = part.shape
    ink = float(np.count_nonzero(part)) / (width * height)
    if ink > 0.8 or max(width, height) > 5 * min(width, height):
        return "other", 0.0
    ys, xs = np.nonzero(part)
    hull = cv2.convexHull(np.stack([xs, ys], axis=1).astype(np.int32))
    if len(hull) < 5 and not (len(hull) == 4 and ink < 0.5):
        return "other", 0.0
    rim = _rim_share(part, hull, cut)
    rectangle = cv2.minAreaRect(hull)
    area = float(rectangle[1][0]) * float(rectangle[1][1])
    fill = float(cv2.contourArea(hull)) / max(area, 1.0)
    sides = sorted((float(rectangle[1][0]), float(rectangle[1][1])))
    aspect = sides[0] / max(sides[1], 1.0)
    if any(cut):
        round_fit = _round_fit(hull[:, 0, :].astype(np.float64), part.shape, cut)
        if round_fit is not None and _sides_share(part, hull, cut) < 0.8:
            return ("round" if round_fit > 0.85 else "oval"), float(np.clip(0.3 + 0.65 * rim, 0, 1))
    # A disc fills pi/4 of its bounding rectangle, a rectangle all of it.
    if fill < 0.88:
        shape = "round" if aspect > 0.85 else "oval"
        fit = 1.0 - min(1.0, abs(fill - np.pi / 4) / 0.16)
    else:
        shape, fit = "square", min(1.0, (fill - 0.8) / 0.12)
        rim = _sides_share(part, hull, cut)
    return shape, float(np.clip(0.35 * fit + 0.65 * rim, 0, 1))


def _round_fit(hull: Floats, shape: tuple[int, ...], cut: tuple[bool, bool, bool, bool]) -> float | None:
    """Short over long axis of the ellipse that a cut hull is part of, None where it is none."""
    height, width = shape
    edge = max(2.0, 0.06 * max(shape))
    x, y = hull[:, 0], hull[:, 1]
    beyond = (cut[0] & (x < edge)) | (cut[1] & (y < edge))
    beyond |= (cut[2] & (x > width - 1 - edge)) | (cut[3] & (y > height - 1 - edge))
    free = hull[~beyond]
    if len(free) < 8:
        return None
    (cx, cy), (d1, d2), angle = cv2.fitEllipseDirect(free.astype(np.float32))
    if not all(np.isfinite(v) for v in (cx, cy, d1, d2, angle)) or min(d1, d2) < 0.5 * max(d1, d2):
        return None
    found = Ellipse(cx, cy, d1 / 2, d2 / 2, angle)
    off = np.abs(_reach(free, found) - 1.0)
    return min(d1, d2) / max(d1, d2) if float(np.percentile(off, 80)) < 0.04 else None


def _rim_share(part: Mask, hull: npt.NDArray[np.int32], cut: tuple[bool, bool, bool, bool]) -> float:
    """The share of the hull's outline that has ink close inside it; what lies on the page's edge does not count."""
    height, width = part.shape
    outline = np.zeros_like(part)
    cv2.polylines(outline, [hull], True, 255, 1)
    edge = max(3, round(0.06 * max(height, width)))
    sides = (outline[:, :edge], outline[:edge], outline[:, -edge:], outline[-edge:])
    for side, there in zip(sides, cut, strict=True):
        if there:
            side[:] = 0
    band = max(3, int(0.035 * max(height, width)) | 1)
    near = cv2.dilate(part, np.ones((band, band), np.uint8))
    length = int(np.count_nonzero(outline))
    return float(np.count_nonzero(outline & near)) / max(length, 1)


def _sides_share(part: Mask, hull: npt.NDArray[np.int32], cut: tuple[bool, bool, bool, bool]) -> float:
    """How well a rectangle's four sides are inked: the mean of their shares and that of the worst.

    Print in a row has a ragged upper side and hardly any left and right one.
    """
    height, width = part.shape
    slack = max(2, round(0.03 * min(height, width)))
    near = cv2.dilate(part, np.ones((2 * slack + 1, 2 * slack + 1), np.uint8)) > 0
    corners = cv2.boxPoints(cv2.minAreaRect(hull))
    edge = 0.04 * max(height, width)
    shares = []
    for i in range(4):
        along = np.linspace(0.06, 0.94, 80)[:, None]
        x, y = (corners[i] + along * (corners[(i + 1) % 4] - corners[i])).T
        sides = (x < edge, y < edge, x > width - 1 - edge, y > height - 1 - edge)
        if any(there and float(np.mean(close)) > 0.5 for there, close in zip(cut, sides, strict=True)):
            continue
        px, py = np.clip(x.round(), 0, width - 1).astype(int), np.clip(y.round(), 0, height - 1).astype(int)
        shares.append(float(near[py, px].mean()))
    return 0.5 * sum(shares) / len(shares) + 0.5 * min(shares) if len(shares) >= 2 else 0.0


def find_ellipses(strokes: Mask, least: float, most: float, *, cover: float, count: int = 4) -> list[Ellipse]:
    """Round and oval rims among ink, the best covered first, each found with the ink of those before it gone.

    strokes: uint8 mask; least, most: the longer axis in pixels, whole; cover: the share of the outline that has to
    have ink and blank paper outside of it; count: at most so many.
    """
    left = strokes.copy()
    found: list[Ellipse] = []
    random = np.random.default_rng(len(strokes))
    while len(found) < count:
        best = _best_ellipse(left, strokes, found, least, most, random)
        if best is None or best.cover < cover:
            break
        found.append(best)
        left[best.inside((left.shape[0], left.shape[1]), 1.04) > 0] = 0
    return found


def _best_ellipse(
    strokes: Mask, whole: Mask, before: list[Ellipse], least: float, most: float, random: np.random.Generator
) -> Ellipse | None:
    """The best covered rim among strokes; whole: the same with the ink of the rims found before, which may cross it."""
    total, labels, stats, _ = cv2.connectedComponentsWithStats(strokes, connectivity=8)
    long = [i for i in range(1, total) if max(stats[i, 2], stats[i, 3]) >= 0.3 * least]
    large = sorted(long, key=lambda i: -max(stats[i, 2], stats[i, 3]))[:6]
    everything = np.argwhere(strokes)[:, ::-1].astype(np.float64)
    if not large:
        return None
    thin = everything[random.choice(len(everything), min(len(everything), 900), replace=False)]
    candidates: list[tuple[float, Ellipse]] = []
    for label in large:
        x, y, w, h = (int(v) for v in stats[label, :4])
        own: Floats = np.argwhere(labels[y : y + h, x : x + w] == label)[:, ::-1].astype(np.float64)
        own += np.array([x, y])
        for ratio in RATIOS:
            for tilt in TILTS if ratio < 1.0 else (0.0,):
                candidates.extend(_circles(own, thin, ratio, tilt, least, most, random))
    rough = _various(candidates)
    tried = [e for e in (*rough, *(refined_rim(everything, ellipse) for ellipse in rough)) if e is not None]
    every = np.argwhere(whole)[:, ::-1].astype(np.float64)
    covered = [replace(e, cover=rim_cover(every, e, strokes.shape, before)) for e in tried]
    kept = [e for e in covered if least <= 2 * max(e.a, e.b) <= most]
    return max(kept, key=lambda e: e.cover, default=None)


def _various(candidates: list[tuple[float, Ellipse]]) -> list[Ellipse]:
    """The best dozen, no more than two of them for one place: of two rims that touch, both are tried."""
    kept: list[Ellipse] = []
    for _, one in sorted(candidates, key=lambda c: -c[0]):
        near = [e for e in kept if max(abs(e.x - one.x), abs(e.y - one.y)) < 0.15 * one.b]
        if len(near) < 2:
            kept.append(one)
        if len(kept) == 12:
            break
    return kept


def _circles(
    own: Floats, points: Floats, ratio: float, tilt: float, least: float, most: float, random: np.random.Generator
) -> list[tuple[float, Ellipse]]:
    """The three circles through points of one component that most ink lies on, the plane first turned back by tilt and
    stretched by 1 / ratio across: ellipses of that ratio and tilt. With the share of their length that has ink."""
    if len(own) < 3:
        return []
    radians = np.deg2rad(tilt)
    turn = np.array([[np.cos(radians), np.sin(radians)], [-np.sin(radians) / ratio, np.cos(radians) / ratio]])
    there = points @ turn.T
    trio = (own @ turn.T)[random.integers(0, len(own), (TRIPLES, 3))]
    a, b, c = trio[:, 0], trio[:, 1], trio[:, 2]
    area = 2 * ((b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0]))
    usable = np.abs(area) > 1e-6
    a, b, c, area = a[usable], b[usable], c[usable], area[usable]
    bb, cc = ((b - a) ** 2).sum(axis=1), ((c - a) ** 2).sum(axis=1)
    ux = ((c[:, 1] - a[:, 1]) * bb - (b[:, 1] - a[:, 1]) * cc) / area
    uy = ((b[:, 0] - a[:, 0]) * cc - (c[:, 0] - a[:, 0]) * bb) / area
    radius = np.hypot(ux, uy)
    fits = (2 * radius >= least) & (2 * radius <= most)
    centres, radius = np.stack([a[:, 0] + ux, a[:, 1] + uy], axis=1)[fits], radius[fits]
    if len(centres) == 0:
        return []
    reach = np.hypot(there[:, None, 0] - centres[None, :, 0], there[:, None, 1] - centres[None, :, 1])
    on = np.abs(reach / radius[None, :] - 1.0) < 0.03
    # Longer outlines have more ink on them by their length alone.
    share = on.sum(axis=0) / radius
    back = np.linalg.inv(turn)
    picked = np.argsort(share)[::-1][:2].tolist()
    found = []
    for i in picked:
        x, y = (float(v) for v in centres[i] @ back.T)
        found.append((float(share[i]), Ellipse(x, y, float(radius[i]), float(radius[i]) * ratio, tilt)))
    return found


def refined_rim(points: Floats, rough: Ellipse) -> Ellipse | None:
    """The ellipse through the ink near a rough one."""
    found = rough
    for width in (0.06, 0.04):
        reach = _reach(points, found)
        near = points[np.abs(reach - 1.0) < width]
        if len(near) < 20:
            return None
        step = max(1, len(near) // 1500)
        (x, y), (d1, d2), angle = cv2.fitEllipseDirect(near[::step].astype(np.float32))
        if not all(np.isfinite(v) for v in (x, y, d1, d2, angle)) or min(d1, d2) < 0.5 * max(d1, d2):
            return None
        found = _upright(x, y, d1 / 2, d2 / 2, angle)
    return found


def _upright(x: float, y: float, first: float, second: float, angle: float) -> Ellipse:
    """The same ellipse with its wider axis first where it is nearly level."""
    tilt = (angle + 90.0) % 180.0 - 90.0
    if abs(tilt) <= 45:
        return Ellipse(x, y, first, second, tilt)
    return Ellipse(x, y, second, first, (angle + 180.0) % 180.0 - 90.0)


def _reach(points: Floats, ellipse: Ellipse) -> Floats:
    """How far out each point lies: 1 on the ellipse."""
    radians = np.deg2rad(ellipse.tilt)
    x, y = points[:, 0] - ellipse.x, points[:, 1] - ellipse.y
    along = (x * np.cos(radians) + y * np.sin(radians)) / ellipse.a
    across = (-x * np.sin(radians) + y * np.cos(radians)) / ellipse.b
    return np.asarray(np.hypot(along, across), dtype=np.float64)


def rim_cover(points: Floats, ellipse: Ellipse, shape: tuple[int, ...], before: Sequence[Ellipse] = ()) -> float:
    """The share of directions in which there is ink on the ellipse and none right outside of it, of those in which
    the ellipse lies on the page; 0 where most of it lies beyond the page. Within stamps found before, ink beside the
    rim is theirs and does not count against it."""
    radians = np.deg2rad(ellipse.tilt)
    x, y = points[:, 0] - ellipse.x, points[:, 1] - ellipse.y
    along = (x * np.cos(radians) + y * np.sin(radians)) / ellipse.a
    across = (-x * np.sin(radians) + y * np.cos(radians)) / ellipse.b
    reach = np.hypot(along, across)
    turn = ((np.arctan2(across, along) + np.pi) / (2 * np.pi) * BINS).astype(int) % BINS
    on = np.zeros(BINS, bool)
    beyond, within, between = np.zeros(BINS, bool), np.zeros(BINS, bool), np.zeros(BINS, bool)
    # A pixel to either side, on small masks more than the usual 1.3 % of the radius.
    slack = max(0.013, 0.9 / min(ellipse.a, ellipse.b))
    on[turn[np.abs(reach - 1.0) < slack]] = True
    beyond[turn[(reach > 1.08) & (reach < 1.11)]] = True
    within[turn[(reach > 0.9) & (reach < 0.93)]] = True
    between[turn[(reach > 0.94) & (reach < 0.965)]] = True
    # A second, thin rim inside the first has blank paper between them.
    within &= between
    middles = (np.arange(BINS) + 0.5) / BINS * 2 * np.pi - np.pi
    px = ellipse.x + ellipse.a * np.cos(middles) * np.cos(radians) - ellipse.b * np.sin(middles) * np.sin(radians)
    py = ellipse.y + ellipse.a * np.cos(middles) * np.sin(radians) + ellipse.b * np.sin(middles) * np.cos(radians)
    seen = (px >= 0) & (px < shape[1]) & (py >= 0) & (py < shape[0])
    if np.count_nonzero(seen) < 0.4 * BINS:
        return 0.0
    for other in before:
        theirs = _reach(np.stack([px, py], axis=1), other) < 1.08
        beyond &= ~theirs
        within &= ~theirs
    # As much ink to either side of it as on it is dense print, no rim.
    return float(on[seen].mean() - 0.5 * beyond[seen].mean() - 0.3 * within[seen].mean())
