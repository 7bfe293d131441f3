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

HUES: tuple[tuple[str, float, float], ...] = (("red", -12.0, 75.0), ("violet", -50.0, -12.0), ("blue", -150.0, -50.0))
"""Names of stamp inks by their angle in the Lab plane (degrees, atan2(b, a)): from, to."""


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
    angle = np.degrees(np.arctan2(chroma[:, :, 1], chroma[:, :, 0])).astype(np.float32)
    seals: list[FoundSeal] = []
    peaks = _hues(angle[coloured], strength[coloured])
    for peak in peaks:
        name = next((name for name, low, high in HUES if low <= peak < high), None)
        if name is None:
            continue
        near = coloured & (np.abs(_turned(angle - peak)) <= 35.0)
        for other in peaks:
            if other != peak:
                near &= np.abs(_turned(angle - peak)) <= np.abs(_turned(angle - other))
        seals.extend(_stamps_in((near * np.uint8(255)).astype(np.uint8), name, em, settings))
    return seals


def _hues(angles: npt.NDArray[np.float32], weights: npt.NDArray[np.float32]) -> list[float]:
    """The inks on the page: peaks of the histogram of hue, at least 15 degrees apart, strongest first, four at most."""
    counts, edges = np.histogram(angles, bins=72, range=(-180.0, 180.0), weights=weights)
    wrapped = np.concatenate([counts[-2:], counts, counts[:2]])
    smooth = np.convolve(wrapped, np.array([0.5, 1.0, 1.0, 1.0, 0.5]) / 4.0, mode="valid")
    peaks: list[float] = []
    for i in np.argsort(smooth)[::-1]:
        if smooth[i] < 0.04 * smooth.max() or len(peaks) == 4:
            break
        if smooth[i] < max(smooth[i - 1], smooth[(i + 1) % 72]):
            continue
        centre = float(edges[i] + edges[i + 1]) / 2
        if all(abs(float(_turned(np.float32(centre - p)))) >= 15.0 for p in peaks):
            peaks.append(centre)
    return peaks


def _turned(degrees: npt.NDArray[np.float32] | np.float32) -> npt.NDArray[np.float32]:
    """Angles brought to -180 to 180."""
    turned: npt.NDArray[np.float32] = np.asarray((degrees + 180.0) % 360.0 - 180.0, dtype=np.float32)
    return turned


def _stamps_in(mask: Mask, colour: str, em: float, settings: CleanSettings) -> list[FoundSeal]:
    """Groups of ink of one colour that have the size and build of a stamp."""
    reach = max(3, int(0.5 * em) | 1)
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    large = [i for i in range(1, count) if max(stats[i, 2], stats[i, 3]) >= 0.8 * em]
    found: list[FoundSeal] = []
    for group in _near_each_other(large, stats, 0.6 * em):
        # A faint stamp comes in pieces: all of them together first, then the largest alone.
        whole = _stamp(mask, labels, stats, group, colour, em, settings)
        if whole is not None:
            found.append(whole)
            continue
        for label in group:
            alone = _stamp(mask, labels, stats, [label], colour, em, settings)
            if alone is not None:
                found.append(alone)
    return [seal for seal in found if not any(_within(seal, other) for other in found)]


def _near_each_other(chosen: list[int], stats: npt.NDArray[np.int32], reach: float) -> list[list[int]]:
    """Components whose boxes come within reach pixels of each other, grouped."""
    boxes = {
        i: Box(*(float(v) for v in (stats[i, 0], stats[i, 1], stats[i, 0] + stats[i, 2], stats[i, 1] + stats[i, 3])))
        for i in chosen
    }
    groups: list[list[int]] = []
    for i in chosen:
        grown = boxes[i].expanded(reach)
        touching = [g for g in groups if any(grown.intersection(boxes[j]) > 0 for j in g)]
        groups = [g for g in groups if g not in touching]
        groups.append([i, *(j for g in touching for j in g)])
    return groups


def _stamp(
    mask: Mask,
    labels: npt.NDArray[np.int32],
    stats: npt.NDArray[np.int32],
    group: list[int],
    colour: str,
    em: float,
    settings: CleanSettings,
) -> FoundSeal | None:
    """The stamp made of a group of components, if it is one."""
    x, y = int(stats[group, 0].min()), int(stats[group, 1].min())
    width = int((stats[group, 0] + stats[group, 2]).max()) - x
    height = int((stats[group, 1] + stats[group, 3]).max()) - y
    low, high = settings.seal_min_em * em, settings.seal_max_em * em
    if not (low <= max(width, height) <= high and min(width, height) >= settings.seal_min_side_em * em):
        return None
    inside = np.isin(labels[y : y + height, x : x + width], group)
    part = ((inside & (mask[y : y + height, x : x + width] > 0)) * np.uint8(255)).astype(np.uint8)
    shape, score = classify_shape(part)
    if score < settings.seal_min_score:
        return None
    whole = cv2.bitwise_and(mask[y : y + height, x : x + width], _filled(part))
    return FoundSeal(
        Box(x, y, x + width, y + height), _oriented(part, x, y, shape), shape, colour, score, whole.astype(np.uint8)
    )


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
    area = float(rectangle[1][0]) * float(rectangle[1][1])
    ellipse_fill = float(cv2.contourArea(hull)) / max(area, 1.0)
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
    band = max(3, int(0.035 * max(height, width)) | 1)
    near = cv2.dilate(part, np.ones((band, band), np.uint8))
    length = int(np.count_nonzero(outline))
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
    inked = near > 0.3
    if np.count_nonzero(inked) > 100:
        # Little of a stamp lies on print, so the middle of what remains there is misjudged stamp.
        residue = float(
            np.clip(1.5 * np.percentile((black / np.maximum(near, 0.3))[inked], 70), residue, 2.5 * residue)
        )
    result: npt.NDArray[np.float32] = np.maximum(black - residue * near, 0.0).astype(np.float32)
    return result


def gray_of(colour: npt.NDArray[np.float64]) -> float:
    """The gray level of a BGR colour, by OpenCV's weights."""
    return float(0.114 * colour[0] + 0.587 * colour[1] + 0.299 * colour[2])
