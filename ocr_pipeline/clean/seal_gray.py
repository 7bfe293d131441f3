"""Stamps without colour, as copiers leave them: known by their round or oval rim alone.

Every edge of ink votes for the middles of the outlines it may be a part of (generalised Hough transform, Ballard 1981):
an edge's direction fixes where on an ellipse of given axes and tilt it lies.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from ocr_pipeline.clean.seal_shapes import RIM_EM, Ellipse, Floats, refined_rim, rim_cover, solid_share, spread
from ocr_pipeline.geometry import GrayImage, Mask
from ocr_pipeline.settings import CleanSettings

VOTE_EM = 6.0
"""Votes are counted on a picture with print so many pixels high."""
TURNS = 72
"""Directions of edges told apart."""
ROUND_EM = tuple(float(v) for v in np.arange(3.6, 5.6, 0.22))
"""Radii of round stamps tried, in heights of print (12 points): 30 to 47 mm across."""
OVAL_EM = ((5.3, 3.55), (6.85, 4.25), (4.75, 3.55))
"""Half axes of oval stamps tried: 45 x 30, 58 x 36, 40 x 30 mm."""
TILTS = (-15.0, -9.0, -3.0, 3.0, 9.0, 15.0)
LEAST_VOTES = 0.26
"""Share of an outline whose edges vote for its middle."""
LEAST_COVER = 0.52
"""Share of the rim that has ink and little beside it."""
EDGE = 60.0
"""Sobel strength of an edge, gray levels times four: a rim a quarter as dark as the paper is bright."""
MOST_SOLID = 0.004
"""Share of a stamp's area that may be filled areas."""
TRIED = 3
"""Outlines looked at closely, those with the most votes."""


@dataclass(frozen=True)
class GraySeal:
    """A stamp in pixels of the page. shape: round or oval; corners: of its box, shape (4, 2);
    cover: the share of its rim that has ink; ink: what is dark within it, uint8 mask of the page."""

    shape: str
    corners: Floats
    cover: float
    ink: Mask


@dataclass(frozen=True)
class _Edges:
    """Places of edges of ink and their directions in degrees, from ink to paper, on a picture of a shape."""

    xs: npt.NDArray[np.int64]
    ys: npt.NDArray[np.int64]
    turns: npt.NDArray[np.float32]
    shape: tuple[int, int]

    @classmethod
    def of(cls, small: GrayImage) -> _Edges:
        across, down = cv2.Sobel(small, cv2.CV_32F, 1, 0), cv2.Sobel(small, cv2.CV_32F, 0, 1)
        strength, turn = cv2.cartToPolar(across, down, angleInDegrees=True)
        ys, xs = np.nonzero(strength > EDGE)
        return cls(xs, ys, np.asarray(turn[ys, xs], dtype=np.float32), (small.shape[0], small.shape[1]))


@dataclass(frozen=True)
class _Family:
    """Outlines of one size and tilt. steps: from an edge to the outline's middle, by its direction, shape (TURNS, 2);
    length: of the outline in pixels of the voting picture."""

    a: float
    b: float
    tilt: float
    steps: npt.NDArray[np.int64]
    length: float


def gray_seals(gray: GrayImage, em: float, settings: CleanSettings) -> list[GraySeal]:
    """Stamps of the page's own ink, found by their rims; none is taken out.

    gray: uint8 page; em: height of print in pixels.
    """
    scale = min(1.0, RIM_EM / em)
    middle = cv2.resize(gray, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA).astype(np.uint8)
    half = VOTE_EM / RIM_EM
    small = cv2.resize(middle, None, fx=half, fy=half, interpolation=cv2.INTER_AREA).astype(np.uint8)
    edges = _Edges.of(small)
    if len(edges.xs) < 60:
        return []
    rims = _voted(edges)
    if not rims:
        return []
    dark = ((_depth(middle) > settings.seal_gray_depth) * np.uint8(255)).astype(np.uint8)
    found: list[tuple[str, Floats, float, Mask]] = []
    for rough in rims:
        found.extend(_closely(rough, half, dark, settings))
    return [_on_page(*one, dark, scale, gray.shape) for one in _apart(found)]


def _apart(found: list[tuple[str, Floats, float, Mask]]) -> list[tuple[str, Floats, float, Mask]]:
    """The best of those that lie on one another."""
    kept: list[tuple[str, Floats, float, Mask]] = []
    for one in sorted(found, key=lambda item: -item[2]):
        if all(cv2.countNonZero(one[3] & other[3]) < 0.5 * cv2.countNonZero(one[3]) for other in kept):
            kept.append(one)
    return kept


def _depth(gray: GrayImage) -> npt.NDArray[np.float32]:
    """How much darker than the paper around it each pixel is, as a share of the paper's level."""
    few = cv2.resize(gray, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA)
    paper = cv2.blur(cv2.dilate(few, np.ones((5, 5), np.uint8)), (5, 5))
    level = cv2.resize(paper, (gray.shape[1], gray.shape[0]), interpolation=cv2.INTER_LINEAR).astype(np.float32)
    return np.asarray(1.0 - gray / np.maximum(level, 1.0), dtype=np.float32)


def _voted(edges: _Edges) -> list[Ellipse]:
    """The round and oval outlines that most edges vote for, in pixels of the voting picture."""
    turns = (edges.turns * (TURNS / 360.0) + 0.5).astype(np.int32) % TURNS
    pad = round(7.5 * VOTE_EM)
    width, height = edges.shape[1] + 2 * pad, edges.shape[0] + 2 * pad
    base = (edges.ys + pad) * width + edges.xs + pad
    found: list[tuple[float, Ellipse]] = []
    for family in _families():
        steps = family.steps[:, 1] * width + family.steps[:, 0]
        votes = np.bincount(base + steps[turns], minlength=width * height)
        share = cv2.boxFilter(votes.astype(np.float32).reshape(height, width), -1, (3, 3), normalize=False)
        _, best, _, (x, y) = cv2.minMaxLoc(share)
        found.append((best / family.length, Ellipse(x - pad, y - pad, family.a, family.b, family.tilt)))
    found.sort(key=lambda item: -item[0])
    return [ellipse for votes, ellipse in found[:TRIED] if votes >= LEAST_VOTES]


@lru_cache(maxsize=1)
def _families() -> tuple[_Family, ...]:
    sizes = [(r, r, 0.0) for r in ROUND_EM] + [(a, b, tilt) for a, b in OVAL_EM for tilt in TILTS]
    return tuple(_family(a * VOTE_EM, b * VOTE_EM, tilt) for a, b, tilt in sizes)


def _family(a: float, b: float, tilt: float) -> _Family:
    turn = np.deg2rad(np.arange(TURNS) * 360.0 / TURNS - tilt)
    x, y = a * a * np.cos(turn), b * b * np.sin(turn)
    far = np.hypot(a * np.cos(turn), b * np.sin(turn))
    x, y, back = x / far, y / far, np.deg2rad(tilt)
    # Paper is brighter than ink, so an edge's direction points outward and the middle lies the other way.
    steps = -np.stack([x * np.cos(back) - y * np.sin(back), x * np.sin(back) + y * np.cos(back)], axis=1)
    length = float(np.pi * (3 * (a + b) - np.sqrt((3 * a + b) * (a + 3 * b))))
    return _Family(a, b, tilt, steps.round().astype(np.int64), length)


def _closely(rough: Ellipse, half: float, dark: Mask, settings: CleanSettings) -> list[tuple[str, Floats, float, Mask]]:
    """The stamp with a round rim close to a rough one; none where ink does not follow it or nothing is lettered."""
    at = Ellipse((rough.x + 0.5) / half - 0.5, (rough.y + 0.5) / half - 0.5, rough.a / half, rough.b / half, rough.tilt)
    reach = 1.25 * max(at.a, at.b)
    x0, y0 = max(0, int(at.x - reach)), max(0, int(at.y - reach))
    part = np.ascontiguousarray(dark[y0 : int(at.y + reach) + 1, x0 : int(at.x + reach) + 1])
    points: Floats = np.argwhere(part)[:, ::-1].astype(np.float64)
    if len(points) == 0:
        return []
    there = replace(at, x=at.x - x0, y=at.y - y0)
    tried = [one for one in (there, refined_rim(points, there)) if one is not None]
    rim = max((replace(one, cover=rim_cover(points, one, part.shape)) for one in tried), key=lambda one: one.cover)
    inner = cv2.bitwise_and(part, rim.inside((part.shape[0], part.shape[1]), 0.9)).astype(np.uint8)
    solid = solid_share(inner, settings.seal_max_solid * 2 * min(rim.a, rim.b))
    if rim.cover < LEAST_COVER or solid > MOST_SOLID or spread(inner) < settings.seal_min_spread:
        return []
    on_page = replace(rim, x=rim.x + x0, y=rim.y + y0)
    area = on_page.inside((dark.shape[0], dark.shape[1]), 1.04)
    x, y, w, h = cv2.boundingRect(on_page.inside((dark.shape[0], dark.shape[1])))
    corners = np.array([(x, y), (x + w, y), (x + w, y + h), (x, y + h)], dtype=np.float64)
    return [(rim.shape, corners, rim.cover, area)]


def _on_page(
    kind: str, corners: Floats, cover: float, area: Mask, dark: Mask, scale: float, shape: tuple[int, ...]
) -> GraySeal:
    inside = cv2.bitwise_and(dark, area)
    ink = cv2.resize(inside, (shape[1], shape[0]), interpolation=cv2.INTER_NEAREST).astype(np.uint8)
    return GraySeal(kind, (corners + 0.5) / scale - 0.5, min(1.0, cover), ink)
