"""Round and oval stamps without colour, known by their rim alone.

Every edge of ink votes for the middles of the outlines it may be a part of (generalised Hough transform, Ballard 1981):
an edge's direction fixes where on an ellipse of given axes and tilt it lies.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from ocr_pipeline.clean.seal_shapes import Ellipse, Floats, refined_rim, rim_cover, solid_share, spread
from ocr_pipeline.geometry import GrayImage, Mask
from ocr_pipeline.settings import SealSettings

VOTE_EM = 6.0
"""Edges vote on a picture with print so many pixels high,"""
BIN = 2
"""and are counted in squares of so many pixels."""
SOLID = 5
"""What is wider, in pixels of that picture,"""
DARK = 195
"""and below this gray level, a quarter darker than even paper, is no stroke."""
TURNS = 72
"""Directions of edges told apart."""
TILTS = (-15.0, -9.0, -3.0, 3.0, 9.0, 15.0)
"""Degrees clockwise by which stamps are turned, tried for oval ones."""
TRIED = 5
"""Outlines looked at closely, those with the most votes."""


@dataclass(frozen=True)
class _Edges:
    """Places of edges of ink and their directions, 0 to TURNS, from ink to paper, on a picture of a shape."""

    xs: npt.NDArray[np.int64]
    ys: npt.NDArray[np.int64]
    turns: npt.NDArray[np.int64]
    shape: tuple[int, int]

    @classmethod
    def of(cls, small: GrayImage, least: float) -> _Edges:
        across, down = cv2.Sobel(small, cv2.CV_32F, 1, 0), cv2.Sobel(small, cv2.CV_32F, 0, 1)
        strength, turn = cv2.cartToPolar(across, down, angleInDegrees=True)
        # Edges of filled areas, a disc of a chart, would outvote any rim.
        solid = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((SOLID, SOLID), np.uint8))
        filled = cv2.erode(solid, np.ones((3, 3), np.uint8)) < DARK
        ys, xs = np.nonzero((strength > least) & ~filled)
        turns = (turn[ys, xs] * np.float32(TURNS / 360.0) + np.float32(0.5)).astype(np.int64) % TURNS
        return cls(xs, ys, turns, (small.shape[0], small.shape[1]))


@dataclass(frozen=True)
class _Family:
    """Outlines of one size and tilt. a, b, length: in pixels of the voting picture; steps: squares from an edge's to
    that of the outline's middle, by the edge's direction and its place in its square, shape (TURNS * BIN * BIN, 2)."""

    a: float
    b: float
    tilt: float
    steps: npt.NDArray[np.int64]
    length: float


def round_rims(picture: GrayImage, em: float, settings: SealSettings) -> list[Ellipse]:
    """The outlines that most edges vote for, in pixels of the picture, the best first.

    picture: uint8, print em pixels high.
    """
    scale = VOTE_EM / em
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA).astype(np.uint8)
    edges = _Edges.of(small, settings.gray_edge)
    if len(edges.xs) < 60:
        return []
    return [
        Ellipse((e.x + 0.5) / scale - 0.5, (e.y + 0.5) / scale - 0.5, e.a / scale, e.b / scale, e.tilt)
        for e in _voted(edges, settings)
    ]


def round_stamp(dark: Mask, rough: Ellipse, settings: SealSettings) -> Ellipse | None:
    """The stamp with a round rim close to a rough one; None where ink does not follow it or nothing is lettered.

    dark: uint8 mask of the picture's ink.
    """
    reach = 1.25 * max(rough.a, rough.b)
    x0, y0 = max(0, int(rough.x - reach)), max(0, int(rough.y - reach))
    part = np.ascontiguousarray(dark[y0 : int(rough.y + reach) + 1, x0 : int(rough.x + reach) + 1])
    points: Floats = np.argwhere(part)[:, ::-1].astype(np.float64)
    if len(points) == 0:
        return None
    there = replace(rough, x=rough.x - x0, y=rough.y - y0)
    tried = [one for one in (there, refined_rim(points, there)) if one is not None]
    rim = max((replace(one, cover=rim_cover(points, one, part.shape)) for one in tried), key=lambda one: one.cover)
    if rim.cover >= 0.4 * settings.gray_cover:
        rim = _settled(points, rim, part.shape)
    inner = cv2.bitwise_and(part, rim.inside((part.shape[0], part.shape[1]), 0.9)).astype(np.uint8)
    solid = solid_share(inner, settings.max_solid * 2 * min(rim.a, rim.b))
    if rim.cover < settings.gray_cover or solid > settings.spots or spread(inner) < settings.min_spread:
        return None
    return replace(rim, x=rim.x + x0, y=rim.y + y0)


def _settled(points: Floats, rim: Ellipse, shape: tuple[int, ...]) -> Ellipse:
    """The rim moved, widened and turned as long as more of it gets ink: lettering close to it misleads a fit."""
    for step in (1.5, 0.75):
        better = True
        while better:
            moved = [
                *(replace(rim, x=rim.x + by) for by in (-step, step)),
                *(replace(rim, y=rim.y + by) for by in (-step, step)),
                *(replace(rim, a=rim.a + by, b=rim.b + by) for by in (-step, step)),
                *(replace(rim, a=rim.a + by, b=rim.b - by) for by in (-step, step)),
                *(replace(rim, tilt=rim.tilt + by) for by in (-step, step)),
            ]
            best = max((replace(one, cover=rim_cover(points, one, shape)) for one in moved), key=lambda one: one.cover)
            better = best.cover > rim.cover + 0.01
            rim = best if better else rim
    return rim


def _voted(edges: _Edges, settings: SealSettings) -> list[Ellipse]:
    """The round and oval outlines that most edges vote for, in pixels of the voting picture."""
    pad = round(max(settings.gray_ovals[0]) * VOTE_EM / BIN) + 2
    width, height = edges.shape[1] // BIN + 1 + 2 * pad, edges.shape[0] // BIN + 1 + 2 * pad
    base = (edges.ys // BIN + pad) * width + edges.xs // BIN + pad
    # A step from an edge ends in a square that depends on where in its own square the edge lies.
    kinds = (edges.turns * BIN + edges.ys % BIN) * BIN + edges.xs % BIN
    found: list[tuple[float, Ellipse]] = []
    for family in _families(settings.gray_rounds, settings.gray_ovals):
        steps = family.steps[:, 1] * width + family.steps[:, 0]
        votes = np.bincount(base + steps[kinds], minlength=width * height)
        share = cv2.boxFilter(votes.astype(np.float32).reshape(height, width), -1, (2, 2), normalize=False)
        _, best, _, (x, y) = cv2.minMaxLoc(share)
        found.append((best / family.length, Ellipse((x - pad) * BIN, (y - pad) * BIN, family.a, family.b, family.tilt)))
    found.sort(key=lambda item: -item[0])
    return _various([ellipse for votes, ellipse in found if votes >= settings.gray_votes])


def _various(ellipses: list[Ellipse]) -> list[Ellipse]:
    """The first few, two for one place at the most: a disc of a chart would have them all."""
    kept: list[Ellipse] = []
    for one in ellipses:
        near = [other for other in kept if np.hypot(one.x - other.x, one.y - other.y) < VOTE_EM]
        if len(near) < 2 and len(kept) < TRIED:
            kept.append(one)
    return kept


@lru_cache(maxsize=4)
def _families(rounds: tuple[float, ...], ovals: tuple[tuple[float, float], ...]) -> tuple[_Family, ...]:
    sizes = [(r, r, 0.0) for r in rounds] + [(a, b, tilt) for a, b in ovals for tilt in TILTS]
    return tuple(_family(a * VOTE_EM, b * VOTE_EM, tilt) for a, b, tilt in sizes)


def _family(a: float, b: float, tilt: float) -> _Family:
    turn = np.deg2rad(np.arange(TURNS) * 360.0 / TURNS - tilt)
    x, y = a * a * np.cos(turn), b * b * np.sin(turn)
    far = np.hypot(a * np.cos(turn), b * np.sin(turn))
    x, y, back = x / far, y / far, np.deg2rad(tilt)
    # Paper is brighter than ink, so an edge's direction points outward and the middle lies the other way.
    steps = -np.stack([x * np.cos(back) - y * np.sin(back), x * np.sin(back) + y * np.cos(back)], axis=1)
    within = np.stack(np.meshgrid(np.arange(BIN), np.arange(BIN)), axis=2).reshape(-1, 2)
    squares = (steps.round().astype(np.int64)[:, None] + within[None]).reshape(-1, 2) // BIN
    length = float(np.pi * (3 * (a + b) - np.sqrt((3 * a + b) * (a + 3 * b))))
    return _Family(a, b, tilt, squares, length)
