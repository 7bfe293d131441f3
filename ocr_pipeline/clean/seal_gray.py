"""Stamps without colour, as copiers leave them: known by their rims, left where they are."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from ocr_pipeline.clean.lines import Rulings
from ocr_pipeline.clean.seal_frame_fit import Frame, find_frame
from ocr_pipeline.clean.seal_frames import SLACK_EM, leaning_places, level_places, ruled_places
from ocr_pipeline.clean.seal_rounds import round_rims, round_stamp
from ocr_pipeline.clean.seal_shapes import RIM_EM, Ellipse, Floats, solid_share
from ocr_pipeline.geometry import GrayImage, Mask
from ocr_pipeline.settings import SealSettings
from ocr_pipeline.shrinking import shrunk
from ocr_pipeline.threads import both

RUNS_ON_EM = 2 * SLACK_EM
"""Strokes of print lead the sides of a stamp on by less."""
ALONG_EM = 0.15
"""How near to a ruling the ends of a side lie that is a part of it: a stamp leans by more."""


@dataclass(frozen=True)
class GraySeal:
    """A stamp in pixels of the page. shape: round, oval or square; outline: points of its rim in order, the corners of
    a square one, shape (n, 2); cover: the share of its rim that has ink; ink: what is dark within it, uint8 mask of the
    page."""

    shape: str
    outline: Floats
    cover: float
    ink: Mask


@dataclass(frozen=True)
class _Found:
    """The same on the picture that is searched. area: uint8 mask of the picture, all within the rim."""

    shape: str
    outline: Floats
    cover: float
    area: Mask


def gray_seals(page: GrayImage, rulings: Rulings, em: float, settings: SealSettings) -> list[GraySeal]:
    """Stamps of the page's own ink, found by their rims; none is taken out.

    page: uint8, even paper, upright; em: height of print of 12 points in pixels.
    """
    scale = min(1.0, RIM_EM / em)
    size = max(1, round(page.shape[1] * scale)), max(1, round(page.shape[0] * scale))
    picture, small_em = shrunk(page, size), em * scale
    rims, frames = both(
        lambda: round_rims(picture, small_em, settings), lambda: _frames(picture, rulings, em, scale, settings)
    )
    if not rims and not frames:
        return []
    dark = ((_depth(picture) > settings.gray_depth) * np.uint8(255)).astype(np.uint8)
    found = [_round(rim, dark) for rough in rims if (rim := round_stamp(dark, rough, settings)) is not None]
    found.extend(_framed(frame, dark) for frame in frames if _is_lettered(frame, dark, settings))
    return [_on_page(one, dark, scale, page.shape) for one in _apart(found)]


def _frames(picture: GrayImage, rulings: Rulings, em: float, scale: float, settings: SealSettings) -> list[Frame]:
    """Frames on the picture of a page that are no cells of its tables. em: in pixels of the page; scale: pixels of the
    picture for one of the page."""
    places = leaning_places(picture, em * scale, settings)
    places += [*ruled_places(rulings, em, scale, settings), *level_places(rulings, em, scale, settings)]
    frames = [frame for place in places if (frame := find_frame(picture, place, em * scale, settings)) is not None]
    return [frame for frame in frames if not _is_of_a_table((frame.corners + 0.5) / scale - 0.5, rulings, em)]


def _depth(gray: GrayImage) -> npt.NDArray[np.float32]:
    """How much darker than the paper around it each pixel is, as a share of the paper's level."""
    few = cv2.resize(gray, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA)
    paper = cv2.blur(cv2.dilate(few, np.ones((5, 5), np.uint8)), (5, 5))
    level = cv2.resize(paper, (gray.shape[1], gray.shape[0]), interpolation=cv2.INTER_LINEAR).astype(np.float32)
    return np.asarray(1.0 - gray / np.maximum(level, 1.0), dtype=np.float32)


def _round(rim: Ellipse, dark: Mask) -> _Found:
    turns = np.linspace(0.0, 2 * np.pi, 72, endpoint=False)
    x, y, back = rim.a * np.cos(turns), rim.b * np.sin(turns), np.deg2rad(rim.tilt)
    outline = np.stack([x * np.cos(back) - y * np.sin(back), x * np.sin(back) + y * np.cos(back)], axis=1)
    return _Found(
        rim.shape, outline + np.array([rim.x, rim.y]), rim.cover, rim.inside((dark.shape[0], dark.shape[1]), 1.06)
    )


def _framed(frame: Frame, dark: Mask) -> _Found:
    area = np.zeros_like(dark)
    cv2.fillConvexPoly(area, frame.corners.round().astype(np.int32), 255)
    area = cv2.dilate(area, np.ones((3, 3), np.uint8)).astype(np.uint8)
    return _Found("square", frame.corners, frame.cover, area)


def _is_of_a_table(corners: Floats, rulings: Rulings, em: float) -> bool:
    """Whether a side of a frame is part of a ruling that runs on beyond it: then it is a column or a row of a table
    whose outline is worn beside it. corners: in order, pixels of the page."""
    sides = zip(corners, np.roll(corners, -1, axis=0), strict=True)
    return any(_runs_on(one, other, rulings, em) for one, other in sides)


def _runs_on(one: Floats, other: Floats, rulings: Rulings, em: float) -> bool:
    level = abs(other[0] - one[0]) > abs(other[1] - one[1])
    (start, first), (stop, last) = sorted((p if level else p[::-1]).tolist() for p in (one, other))
    return any(
        max(start - ruling.start, ruling.end - stop) > RUNS_ON_EM * em
        and min(stop, ruling.end) - max(start, ruling.start) > 0.8 * (stop - start)
        and max(abs(ruling.at(start) - first), abs(ruling.at(stop) - last)) <= ALONG_EM * em
        for ruling in (rulings.horizontal if level else rulings.vertical)
    )


def _is_lettered(frame: Frame, dark: Mask, settings: SealSettings) -> bool:
    """Whether there is lettering within a frame and no large filled area."""
    x, y, w, h = cv2.boundingRect(frame.corners.round().astype(np.int32))
    x0, y0 = max(0, x), max(0, y)
    part = np.ascontiguousarray(dark[y0 : y + h, x0 : x + w])
    middle = frame.corners.mean(axis=0)
    inset = (middle + 0.85 * (frame.corners - middle) - (x0, y0)).round().astype(np.int32)
    inside = np.zeros_like(part)
    cv2.fillConvexPoly(inside, inset, 255)
    inner = cv2.bitwise_and(part, inside).astype(np.uint8)
    sides = (np.hypot(*(frame.corners[i] - frame.corners[i - 1])) for i in (1, 2))
    if solid_share(inner, settings.max_solid * float(min(sides))) > settings.spots:
        return False
    return cv2.countNonZero(inner) >= settings.min_lettering * cv2.countNonZero(inside)


def _apart(found: list[_Found]) -> list[_Found]:
    """The best of those that lie on one another."""
    kept: list[_Found] = []
    for one in sorted(found, key=lambda item: -item.cover):
        size = cv2.countNonZero(one.area)
        if all(cv2.countNonZero(one.area & other.area) < 0.5 * size for other in kept):
            kept.append(one)
    return kept


def _on_page(one: _Found, dark: Mask, scale: float, shape: tuple[int, ...]) -> GraySeal:
    inside = cv2.bitwise_and(dark, one.area)
    ink = cv2.resize(inside, (shape[1], shape[0]), interpolation=cv2.INTER_NEAREST).astype(np.uint8)
    return GraySeal(one.shape, (one.outline + 0.5) / scale - 0.5, min(1.0, one.cover), ink)
