"""Stamps on the page: found by colour and shape, taken out so that the print beneath can be read.

Stamp ink is a pure colour on white paper; black print beneath or above it stays black in every channel. In the
channel in which the stamp is brightest (red for red ink) the stamp nearly vanishes while the print stays dark.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from ocr_pipeline.geometry import Box, ColourImage, GrayImage, Mask, Quad
from ocr_pipeline.settings import CleanSettings

HUES: tuple[tuple[str, tuple[float, float]], ...] = (
    ("red", (-50.0, 75.0)),
    ("violet", (-85.0, -20.0)),
    ("blue", (-150.0, -55.0)),
)
"""Angles in the Lab plane (degrees, atan2(b, a)) of stamp inks; checked in this order."""


@dataclass(frozen=True)
class FoundSeal:
    """A stamp in source pixels. mask: uint8, shape of the box's pixel area, 255 where there is stamp ink."""

    box: Box
    quad: Quad
    shape: str
    colour: str
    score: float
    mask: Mask


def split_seals(
    image: ColourImage, em: float, settings: CleanSettings
) -> tuple[GrayImage, tuple[FoundSeal, ...], Mask | None]:
    """The page in gray with its stamps taken out, the stamps, and where they were (None when there are none).

    image: BGR uint8 source page; em: height of print in pixels, here only a rough scale. A page without colour is
    returned as its plain gray copy.
    """
    gray = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    chroma = _chroma(image)
    if chroma is None:
        return gray, (), None
    seals = tuple(_find(image, chroma, em, settings))
    if not seals:
        return gray, (), None
    removed = np.zeros(gray.shape, np.uint8)
    result = gray.copy()
    for seal in seals:
        _take_out(image, result, removed, seal, em, settings)
    return result, seals, removed


def _chroma(image: ColourImage) -> npt.NDArray[np.float32] | None:
    """Lab a and b of each pixel, centred on the paper's own tint, shape (h, w, 2); None for a page without colour."""
    small = cv2.resize(image, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA)
    if int((small.max(axis=2) - small.min(axis=2)).max(initial=0)) < 24:
        return None
    lab = cv2.cvtColor(image, cv2.COLOR_BGR2Lab)
    ab = lab[:, :, 1:].astype(np.float32)
    paper = np.median(ab[::8, ::8].reshape(-1, 2), axis=0)
    centred: npt.NDArray[np.float32] = cv2.GaussianBlur(ab - paper, (0, 0), 1.2).astype(np.float32)
    return centred


def _find(image: ColourImage, chroma: npt.NDArray[np.float32], em: float, settings: CleanSettings) -> list[FoundSeal]:
    strength = np.hypot(chroma[:, :, 0], chroma[:, :, 1])
    noise = float(np.median(strength[::4, ::4]))
    coloured = strength > max(settings.seal_chroma, settings.seal_chroma_noise * noise)
    if np.count_nonzero(coloured) < em * em:
        return []
    angle = np.degrees(np.arctan2(chroma[:, :, 1], chroma[:, :, 0]))
    seals: list[FoundSeal] = []
    taken = np.zeros(coloured.shape, bool)
    for colour, (low, high) in HUES:
        mask = ((coloured & ~taken & (angle >= low) & (angle < high)) * np.uint8(255)).astype(np.uint8)
        found = _stamps_in(mask, colour, em, settings)
        seals.extend(found)
        for seal in found:
            x0, y0, x1, y1 = (int(v) for v in (seal.box.x0, seal.box.y0, seal.box.x1, seal.box.y1))
            taken[y0:y1, x0:x1] = True
    return seals


def _stamps_in(mask: Mask, colour: str, em: float, settings: CleanSettings) -> list[FoundSeal]:
    """Connected groups of ink of one colour that have the size and build of a stamp."""
    reach = max(3, int(0.5 * em) | 1)
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    found: list[FoundSeal] = []
    for label in range(1, count):
        x, y, width, height, _area = (int(v) for v in stats[label])
        low, high = settings.seal_min_em * em, settings.seal_max_em * em
        if not (low <= max(width, height) <= high and min(width, height) >= 0.35 * low):
            continue
        part = ((labels[y : y + height, x : x + width] == label) & (mask[y : y + height, x : x + width] > 0)).astype(
            np.uint8
        ) * np.uint8(255)
        shape, score = classify_shape(part)
        if score < settings.seal_min_score:
            continue
        box = Box(x, y, x + width, y + height)
        whole = cv2.bitwise_and(mask[y : y + height, x : x + width], _filled(part))
        found.append(FoundSeal(box, _oriented(part, x, y, shape), shape, colour, score, whole))
    return [seal for seal in found if not any(_within(seal, other) for other in found)]


def _filled(part: Mask) -> Mask:
    """The convex hull of a stamp's rim: its star and its lettering stand apart from the rim, inside."""
    ys, xs = np.nonzero(part)
    hull = cv2.convexHull(np.stack([xs, ys], axis=1).astype(np.int32))
    filled = np.zeros_like(part)
    cv2.fillConvexPoly(filled, hull, 255)
    return cv2.dilate(filled, np.ones((5, 5), np.uint8)).astype(np.uint8)


def _within(seal: FoundSeal, other: FoundSeal) -> bool:
    """Whether a find is but a part of a larger stamp: its lettering."""
    return (
        other is not seal
        and other.box.area > seal.box.area
        and (seal.box.intersection(other.box) > 0.8 * seal.box.area)
    )


def classify_shape(part: Mask) -> tuple[str, float]:
    """What kind of stamp a mask of coloured ink is, and how surely (0 to 1): round, oval, square, other.

    A stamp has a rim: going outward from its middle, the last ink met lies on a circle, an ellipse or a rectangle in
    nearly every direction, and the inside is mostly empty paper. Coloured headings and filled areas have neither.
    """
    height, width = part.shape
    ink = float(np.count_nonzero(part)) / (width * height)
    if ink > 0.8 or max(width, height) > 4 * min(width, height):
        return "other", 0.0
    ys, xs = np.nonzero(part)
    hull = cv2.convexHull(np.stack([xs, ys], axis=1).astype(np.int32))
    if len(hull) < 5:
        return "other", 0.0
    rectangle = cv2.minAreaRect(hull)
    ellipse_fill = float(cv2.contourArea(hull)) / max(rectangle[1][0] * rectangle[1][1], 1.0)
    rim = _rim_share(part, hull)
    sides = sorted((float(rectangle[1][0]), float(rectangle[1][1])))
    aspect = sides[0] / max(sides[1], 1.0)
    # A disc fills pi/4 of its bounding rectangle, a rectangle all of it.
    if ellipse_fill < 0.88:
        shape = "round" if aspect > 0.85 else "oval"
        fit = 1.0 - min(1.0, abs(ellipse_fill - np.pi / 4) / 0.16)
    else:
        shape, fit = "square", min(1.0, (ellipse_fill - 0.8) / 0.12)
    return shape, float(np.clip(0.35 * fit + 0.65 * rim, 0, 1))


def _rim_share(part: Mask, hull: npt.NDArray[np.int32]) -> float:
    """The share of the hull's outline that has ink close inside it."""
    height, width = part.shape
    outline = np.zeros_like(part)
    cv2.polylines(outline, [hull], True, 255, 1)
    band = max(3, int(0.06 * max(height, width)) | 1)
    near = cv2.dilate(part, np.ones((band, band), np.uint8))
    length = np.count_nonzero(outline)
    return float(np.count_nonzero(outline & near)) / max(length, 1)


def _oriented(part: Mask, x: int, y: int, shape: str) -> Quad:
    """The corners of the stamp: its bounding box when round, the tightest turned rectangle otherwise."""
    height, width = part.shape
    if shape != "square":
        return Quad.of_box(Box(x, y, x + width, y + height))
    ys, xs = np.nonzero(part)
    corners = cv2.boxPoints(cv2.minAreaRect(np.stack([xs, ys], axis=1).astype(np.float32)))
    order = np.argsort(np.arctan2(corners[:, 1] - corners[:, 1].mean(), corners[:, 0] - corners[:, 0].mean()))
    return Quad.of_array(corners[order] + np.array([x, y]))


def _take_out(
    image: ColourImage, gray: GrayImage, removed: Mask, seal: FoundSeal, em: float, settings: CleanSettings
) -> None:
    """Write the print beneath one stamp into gray, and mark in removed where its ink was.

    Stamp and print are both transparent inks, so their optical densities add (Beer-Lambert): each pixel's density is
    some black, equal in all channels, plus some of the stamp's own colour. Solving for the two and keeping the black
    takes the stamp off and leaves the print as it was.
    """
    pad = round(0.3 * em)
    x0, y0 = max(0, int(seal.box.x0) - pad), max(0, int(seal.box.y0) - pad)
    x1, y1 = min(gray.shape[1], int(seal.box.x1) + pad), min(gray.shape[0], int(seal.box.y1) + pad)
    region = image[y0:y1, x0:x1]
    ink = np.zeros(region.shape[:2], np.uint8)
    oy, ox = int(seal.box.y0) - y0, int(seal.box.x0) - x0
    ink[oy : oy + seal.mask.shape[0], ox : ox + seal.mask.shape[1]] = seal.mask
    # JPEG spreads colour by a few pixels, so a margin around the stamp's ink counts as well.
    soft = cv2.dilate(ink, np.ones((5, 5), np.uint8))
    paper = np.percentile(region.reshape(-1, 3), 85, axis=0)
    density = -np.log((region.astype(np.float32) + 2.0) / (paper.astype(np.float32) + 2.0))
    colour = _stamp_colour(density, ink > 0)
    if colour is None:
        return
    black = _black_share(density, colour, settings.seal_residue)
    printed = np.clip(float(gray_of(paper)) * np.exp(-black), 0, 255).astype(np.uint8)
    patch = gray[y0:y1, x0:x1]
    patch[soft > 0] = np.maximum(patch, printed)[soft > 0]
    removed[y0:y1, x0:x1] |= soft


def _stamp_colour(density: npt.NDArray[np.float32], ink: npt.NDArray[np.bool_]) -> npt.NDArray[np.float32] | None:
    """The stamp ink's density in blue, green and red, from its pixels that lie on bare paper; None for hardly any."""
    pixels = density[ink]
    if len(pixels) < 20:
        return None
    lightest = pixels.min(axis=1)
    spread = pixels.max(axis=1) - lightest
    bare = pixels[(lightest < np.percentile(lightest, 60)) & (spread > 0.5 * np.percentile(spread, 80))]
    if len(bare) < 10:
        return None
    found: npt.NDArray[np.float32] = np.median(bare, axis=0).astype(np.float32)
    return found


def _black_share(
    density: npt.NDArray[np.float32], colour: npt.NDArray[np.float32], residue: float
) -> npt.NDArray[np.float32]:
    """The density of black in each pixel, shape (h, w): the least squares solution of density = black + m * colour,
    neither below zero."""
    one, two, mixed = 3.0, float(colour @ colour), float(colour.sum())
    determinant = max(one * two - mixed * mixed, 1e-6)
    total, along = density.sum(axis=2), density @ colour
    stamp = np.maximum((one * along - mixed * total) / determinant, 0.0)
    # Colour is stored at half resolution: its amount is taken from a small neighbourhood.
    stamp = cv2.blur(stamp.astype(np.float32), (3, 3))
    black = (total - mixed * stamp) / one
    # At the edges of stamp strokes the amount is misjudged a little either way: what remains there is faint beside
    # any print, and goes.
    near = np.minimum(cv2.dilate(stamp, np.ones((5, 5), np.uint8)), 1.2)
    result: npt.NDArray[np.float32] = np.maximum(black - residue * near, 0.0).astype(np.float32)
    return result


def gray_of(colour: npt.NDArray[np.float64]) -> float:
    """The gray level of a BGR colour, by OpenCV's weights."""
    return float(0.114 * colour[0] + 0.587 * colour[1] + 0.299 * colour[2])
