"""Text along the rim of a round or oval stamp, laid out straight."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from ocr_pipeline import geometry
from ocr_pipeline.geometry import GrayImage, Mask
from ocr_pipeline.settings import SealTextSettings

Floats = npt.NDArray[np.float64]
TRIMS = 4
"""Times that an outline's points off its ellipse are left out,"""
OFF_RIM = 0.015
"""and how far off one may lie then, in shares of the radius: half a rim's width;"""
FAR_OFF = 0.04
"""with none further off than a rim's width the fit is good as it is."""
DEEP = 0.62
"""How far inside the rim, in shares of the radius, its lettering may reach,"""
EVEN = 0.28
"""and where a ring's columns are one pixel apart: about the middle of the lettering."""
RING_FROM = -2
"""Depth inside the rim, in pixels, of a ring's first row."""


@dataclass(frozen=True)
class Rim:
    """The outer edge of a stamp: centre, half axes (along, across) and tilt in degrees clockwise of the first axis."""

    x: float
    y: float
    a: float
    b: float
    tilt: float

    def points(self, turns: Floats, depth: Floats | float) -> Floats:
        """Points at depth pixels inside the rim, shape (..., 2); turns: radians clockwise from the stamp's top."""
        sin, cos = np.sin(turns), np.cos(turns)
        normal_x, normal_y = sin * self.b, -cos * self.a
        length = np.hypot(normal_x, normal_y)
        x = self.a * sin - depth * normal_x / length
        y = -self.b * cos - depth * normal_y / length
        tilt = np.deg2rad(self.tilt)
        return np.stack(
            [self.x + x * np.cos(tilt) - y * np.sin(tilt), self.y + x * np.sin(tilt) + y * np.cos(tilt)], axis=-1
        )


@dataclass(frozen=True)
class Ring:
    """The band between rim and middle unrolled clockwise from the stamp's foot: gray and mask, (depth, length).

    turns: the angle of each column, radians from the top; top, bottom: rows of the lettering.
    """

    gray: GrayImage
    mask: Mask
    turns: Floats
    top: int
    bottom: int


@dataclass(frozen=True)
class Stretch:
    """A run of lettering on the ring, columns start to stop (may go past the end, around); foot: it stands at the
    stamp's foot, its characters' heads towards the middle."""

    start: int
    stop: int
    foot: bool


def find_rim(mask: Mask, shape: str) -> Rim | None:
    """The ellipse through the outermost ink, as far as most of it lies on one: other ink beside a stamp does not."""
    ys, xs = np.nonzero(cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)))
    if len(xs) < 50:
        return None
    hull = cv2.convexHull(np.stack([xs, ys], axis=1).astype(np.int32))
    if len(hull) < 8:
        return None
    (x, y), (d1, d2), angle = _fitted(_evenly(hull[:, 0, :].astype(np.float64)))
    if not all(np.isfinite(v) for v in (x, y, d1, d2, angle)) or min(d1, d2) < 20:
        return None
    if shape == "round" or min(d1, d2) > 0.93 * max(d1, d2):
        return Rim(x, y, (d1 + d2) / 4, (d1 + d2) / 4, 0.0)
    # OpenCV's angle is that of the first axis; the page stands upright, so the axis nearer to level is the wide one.
    tilt = (angle + 90.0) % 180.0 - 90.0
    if abs(tilt) <= 45:
        return Rim(x, y, d1 / 2, d2 / 2, tilt)
    return Rim(x, y, d2 / 2, d1 / 2, (angle + 180.0) % 180.0 - 90.0)


def star_turn(mask: Mask, rim: Rim, settings: SealTextSettings) -> float | None:
    """Degrees clockwise by which a five-pointed star in the middle of a stamp is turned, -36 to 36; None without one.

    Ink around the middle, by direction, then comes in five equal waves: the phase of that part of its Fourier series
    is the star's turn.
    """
    turns: Floats = np.arange(0.0, 2 * np.pi, np.deg2rad(2.0))
    radii: Floats = np.arange(settings.star_from * rim.b, settings.star_to * rim.b, 0.02 * rim.b, dtype=np.float64)
    x = rim.x + radii[:, None] * np.sin(turns)[None, :]
    y = rim.y - radii[:, None] * np.cos(turns)[None, :]
    inked = cv2.remap(mask, x.astype(np.float32), y.astype(np.float32), cv2.INTER_LINEAR, borderValue=(0,)) > 127
    cover = inked.mean(axis=0)
    wave = complex(np.mean(cover * np.exp(-5j * turns)))
    if abs(wave) < settings.star_wave * float(cover.mean()) or float(cover.mean()) < settings.star_ink:
        return None
    return -float(np.degrees(np.angle(wave))) / 5


def rim_area(ring: Ring, rim: Rim, shape: tuple[int, ...]) -> Mask:
    """255 on the rim and beyond, a mask of the stamp's picture."""
    area = np.full(shape[:2], 255, np.uint8)
    inner = rim.points(ring.turns, float(ring.top + RING_FROM)).round().astype(np.int32)
    cv2.fillPoly(area, [inner], 0)
    return area.astype(np.uint8)


def unroll(gray: GrayImage, mask: Mask, rim: Rim, deep: float = DEEP) -> Ring | None:
    """The ring of lettering, None where there is nothing between rim and middle. deep: share of the radius that the
    band reaches inside the rim."""
    radius = min(rim.a, rim.b)
    depth: Floats = np.arange(float(RING_FROM), deep * radius, dtype=np.float64)
    turns = _even_turns(rim, EVEN * radius)
    points = rim.points(turns[None, :], depth[:, None]).astype(np.float32)
    strip = cv2.remap(gray, points, None, cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=255)
    inked = cv2.remap(mask, points, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=0) > 127
    rows = _letter_rows(inked[:, np.abs(turns) < np.deg2rad(110)].mean(axis=1), inked.mean(axis=1), radius)
    if rows is None:
        return None
    return Ring(strip.astype(np.uint8), (inked * np.uint8(255)).astype(np.uint8), turns, *rows)


def stretches(ring: Ring, settings: SealTextSettings) -> list[Stretch]:
    """The runs of lettering, the one at the top first; none where the ring is bare."""
    height = ring.bottom - ring.top
    # Straight lines inside the stamp reach into the inner half of the band, rim lettering fills the outer one too.
    middle = ring.top + max(2, round(settings.ring_outer * height))
    outer = ring.mask[ring.top : middle] > 0
    inked = outer.sum(axis=0) >= max(1, round(0.1 * height))
    runs = _runs(inked, gap=round(settings.ring_gap * height), least=round(0.12 * height))
    low = low_at_foot(ring, settings)
    found = []
    for start, stop in (part for run in runs for part in _by_height(run, low, round(settings.foot_least * height))):
        turn = abs(ring.turns[((start + stop) // 2) % len(ring.turns)])
        short = stop - start < 0.3 * len(ring.turns)
        lower = low[np.arange(start, stop) % len(low)].mean() > 0.5
        foot = turn > np.deg2rad(settings.foot_from if lower else settings.foot_tall_from)
        found.append(Stretch(start, stop, bool(foot and short)))
    return sorted(found, key=lambda s: (s.foot, s.start - s.stop))


def low_at_foot(ring: Ring, settings: SealTextSettings) -> npt.NDArray[np.bool_]:
    """The columns around the foot, (length,), where no lettering is so tall that it reaches into the inner half of the
    band: figures along the rim are a third as high."""
    height = ring.bottom - ring.top
    middle = ring.top + max(2, round(settings.ring_outer * height))
    tall = (ring.mask[middle : ring.bottom] > 0).sum(axis=0) >= max(1, round(0.1 * height))
    # Round about: what stands on either side of the first column belongs together.
    reach = max(1, round(settings.foot_least * height / 2))
    wrapped = np.concatenate([tall[-reach:], tall, tall[:reach]]).astype(np.uint8)[None]
    closed = cv2.morphologyEx(wrapped, cv2.MORPH_CLOSE, np.ones((1, reach), np.uint8))[0, reach:-reach]
    return np.asarray((closed == 0) & (np.abs(ring.turns) > np.deg2rad(settings.foot_from)), dtype=np.bool_)


def _by_height(run: tuple[int, int], low: npt.NDArray[np.bool_], least: int) -> list[tuple[int, int]]:
    """A run in parts where a long stretch of low lettering joins taller one; least: columns of such a stretch."""
    there = low[np.arange(*run) % len(low)]
    lows = [(run[0] + a, run[0] + b) for a, b in geometry.runs(there, 0) if b - a >= least]
    edges = sorted({run[0], run[1], *(edge for span in lows for edge in span)})
    return list(pairwise(edges))


def stretch_picture(ring: Ring, stretch: Stretch) -> GrayImage:
    """The stretch as a picture of one line, on white with margins."""
    height = ring.bottom - ring.top
    margin = max(2, round(0.12 * height))
    columns = np.arange(stretch.start - margin, stretch.stop + margin) % len(ring.turns)
    part = ring.gray[ring.top : ring.bottom][:, columns]
    if stretch.foot:
        part = part[::-1, ::-1]
    side = round(0.35 * height)
    return cv2.copyMakeBorder(part, margin, margin, side, side, cv2.BORDER_CONSTANT, value=255).astype(np.uint8)


def upper_lettering(ring: Ring, found: Iterable[Stretch], settings: SealTextSettings) -> Stretch | None:
    """All lettering that is not at the stamp's foot, as one stretch; None where there is none. found: its stretches.

    What stands further from the rest than three characters (ovals are set wide) is a speck, a pen's mark or another
    stamp's ink.
    """
    length, far = len(ring.turns), settings.ring_far * (ring.bottom - ring.top)
    clusters: list[list[Stretch]] = []
    upper = sorted((run for run in found if not run.foot), key=lambda run: run.start)
    for run in upper:
        if clusters and run.start - clusters[-1][-1].stop <= far:
            clusters[-1].append(run)
        else:
            clusters.append([run])
    if len(clusters) > 1 and clusters[0][0].start + length - clusters[-1][-1].stop <= far:
        moved = [Stretch(run.start + length, run.stop + length, foot=False) for run in clusters.pop(0)]
        clusters[-1].extend(moved)
    if not clusters:
        return None
    best = max(clusters, key=lambda cluster: sum(run.stop - run.start for run in cluster))
    return Stretch(best[0].start, _past_a_stop(ring, best[-1].stop, settings), foot=False)


def _past_a_stop(ring: Ring, end: int, settings: SealTextSettings) -> int:
    """The end of a stretch, moved behind a full stop that follows: one stands in the inner half of the band, where
    straight lines inside the stamp reach too, and is known by the blank behind and above it."""
    height = ring.bottom - ring.top
    reach = round((settings.stop_near + settings.stop_wide + settings.stop_blank) * height)
    columns = np.arange(end + 1, end + 1 + reach) % len(ring.turns)
    foot = ring.bottom + round(settings.stop_blank / 2 * height)
    inked = (ring.mask[ring.top : foot, columns] > 0).sum(axis=0) >= max(1, round(0.05 * height))
    found = geometry.runs(inked, 0)
    if not found:
        return end
    (start, stop), following = found[0], found[1][0] if len(found) > 1 else reach
    rows = np.flatnonzero((ring.mask[ring.top : foot, columns[start:stop]] > 0).any(axis=1))
    small = stop - start <= settings.stop_wide * height and rows[-1] - rows[0] < settings.stop_wide * height
    low = rows[0] >= (1 - 1.5 * settings.stop_wide) * height and rows[-1] < 1.1 * height
    apart = start <= settings.stop_near * height and following - stop >= settings.stop_blank * height
    return end + 1 + stop if small and low and apart else end


def foot_lettering(ring: Ring, found: Iterable[Stretch]) -> tuple[Ring, Stretch] | None:
    """The longest lettering at the stamp's foot, with the ring cut to its own height; None where there is none. found:
    the ring's stretches."""
    feet = [run for run in found if run.foot]
    if not feet:
        return None
    best = max(feet, key=lambda run: run.stop - run.start)
    rows = _foot_rows(ring, best)
    if rows is None:
        return None
    own = replace(ring, top=rows[0], bottom=rows[1])
    if own.bottom - own.top < 8 or best.stop - best.start < 2.5 * (own.bottom - own.top):
        return None
    return own, best


def _foot_rows(ring: Ring, run: Stretch) -> tuple[int, int] | None:
    """The rows of lettering at the foot: it is lower than that around the top."""
    columns = np.arange(run.start, run.stop) % len(ring.turns)
    cover = (ring.mask[ring.top :, columns] > 0).mean(axis=1)
    inked = np.flatnonzero(cover > 0.06)
    if len(inked) == 0:
        return None
    blank = np.flatnonzero(cover[inked[0] :] <= 0.03)
    stop = int(inked[0]) + (int(blank[0]) if len(blank) else ring.bottom - ring.top)
    return ring.top + max(0, int(inked[0]) - 1), min(ring.top + stop + 1, ring.mask.shape[0])


def _evenly(corners: Floats) -> npt.NDArray[np.float32]:
    """A closed polygon's outline as 180 points equally far apart: its corners crowd where the curve is smooth."""
    closed = np.vstack([corners, corners[:1]])
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(closed, axis=0).T))])
    at = np.linspace(0.0, along[-1], 180, endpoint=False)
    return np.stack([np.interp(at, along, closed[:, k]) for k in (0, 1)], axis=1).astype(np.float32)


def _fitted(outline: npt.NDArray[np.float32]) -> tuple[Sequence[float], Sequence[float], float]:
    """OpenCV's ellipse (middle, axes, angle) through most of an outline's points: those far off are left out, step by
    step (trimmed least squares)."""
    ellipse = cv2.fitEllipseDirect(outline)
    for _ in range(TRIMS):
        (x, y), axes, angle = ellipse
        if not all(np.isfinite(v) for v in (x, y, *axes, angle)) or min(axes) < 1:
            break
        turn = np.deg2rad(angle)
        along = (outline - (x, y)) @ np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
        off = np.abs(np.hypot(*(2 * along / axes).T) - 1.0)
        if off.max() <= FAR_OFF:
            break
        ellipse = cv2.fitEllipseDirect(outline[off <= max(OFF_RIM, 2.0 * float(np.median(off)))])
    return ellipse


def _even_turns(rim: Rim, depth: float) -> Floats:
    """Angles from foot to foot, clockwise, one pixel apart on the curve at that depth."""
    fine = np.linspace(-np.pi, np.pi, 1441)
    curve = rim.points(fine, depth)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(curve, axis=0).T))])
    return np.interp(np.arange(0.0, along[-1]), along, fine)


def _letter_rows(cover: Floats, around: Floats, radius: float) -> tuple[int, int] | None:
    """The rows of the lettering, from how much of each row is ink: rim, blank, lettering, blank, star.

    cover: the share of each row's upper part; around: of the whole row, by which a second, thin rim is known.
    """
    smooth = np.convolve(cover, np.ones(3) / 3, mode="same")
    near = smooth[: round(0.22 * radius)]
    rim = int(np.argmax(near))
    low = 0.35 * float(near[rim])
    top = rim
    while top < len(smooth) - 1 and (smooth[top] > low or smooth[top + 1] < smooth[top]) and top < 0.3 * radius:
        top += 1
    second = np.flatnonzero(around[top : top + round(0.16 * radius)] > 0.5)
    if len(second):
        top += int(second[-1]) + 2
    body = smooth[top : top + round(0.4 * radius)]
    if len(body) == 0 or body.max() < 0.04:
        return None
    level = 0.15 * float(np.percentile(body, 80))
    # What is lower than any lettering is left of the rim, or specks beside it.
    lines = [run for run in geometry.runs(smooth[top:] > level, 0) if run[1] - run[0] >= 0.07 * radius]
    if lines and lines[0][0] < len(body):
        start, stop = top + lines[0][0], top + lines[0][1]
    else:
        start = top + int(np.flatnonzero(body > level)[0])
        stop = min(len(smooth), start + round(0.4 * radius))
    stop = min(stop, start + round(0.45 * radius))
    return max(top - 1, start - 2), min(len(smooth), stop + 2)


def _runs(inked: npt.NDArray[np.bool_], gap: int, least: int) -> list[tuple[int, int]]:
    """Runs of True on a circle, joined over gaps of up to gap, at least `least` long; stop may pass the end."""
    places = np.flatnonzero(inked)
    if len(places) == 0:
        return []
    length = len(inked)
    following = np.append(places[1:], places[0] + length)
    breaks = np.flatnonzero(following - places > gap)
    if len(breaks) == 0:
        # No clear gap: cut at the widest one.
        breaks = np.array([int(np.argmax(following - places))])
    starts = following[breaks] % length
    found = []
    for i, start in enumerate(starts.tolist()):
        stop = int(places[breaks[(i + 1) % len(breaks)]]) + 1
        stop += length if stop <= start else 0
        if stop - start >= least:
            found.append((start, stop))
    return found
