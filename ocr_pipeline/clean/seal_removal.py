"""Stamp ink taken off the print beneath it."""

from __future__ import annotations

from typing import Protocol

import cv2
import numpy as np
import numpy.typing as npt

from ocr_pipeline.geometry import Box, ColourImage, GrayImage, Mask
from ocr_pipeline.settings import SealSettings


class Stamp(Protocol):
    """A stamp in source pixels. mask: uint8, shape of the box's pixel area, 255 where there is stamp ink."""

    @property
    def box(self) -> Box: ...

    @property
    def mask(self) -> Mask: ...


def take_out(
    image: ColourImage, gray: GrayImage, removed: Mask, seal: Stamp, em: float, settings: SealSettings
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
    black = _black_share(density, colour, settings)
    black[_faint_remains(black, soft > 0, float(colour.mean()), em, settings)] = 0.0
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
    middle, colourful = np.percentile(lightest, 60), spread > 0.5 * np.percentile(spread, 80)
    bare = pixels[(lightest < middle) & colourful]
    if len(bare) < 10:  # A picture that no scanner made has one colour all over.
        bare = pixels[(lightest <= middle) & colourful]
    if len(bare) < 10:
        return None
    found: npt.NDArray[np.float32] = np.median(bare, axis=0).astype(np.float32)
    return found


def _black_share(
    density: npt.NDArray[np.float32], colour: npt.NDArray[np.float32], settings: SealSettings
) -> npt.NDArray[np.float32]:
    """The density of black in each pixel, shape (h, w): the least squares solution of density = black + m * colour,
    neither below zero."""
    one, two, mixed = 3.0, float(colour @ colour), float(colour.sum())
    determinant = max(one * two - mixed * mixed, 1e-6)
    total, along = density.sum(axis=2), density @ colour
    stamp = np.maximum((one * along - mixed * total) / determinant, 0.0)
    # Where print is as dark as can be its channels differ by noise alone: no place has much more ink than most have.
    inked = stamp > 0.3
    if np.any(inked):
        stamp = np.minimum(stamp, max(1.2, settings.most_ink * float(np.percentile(stamp[inked], 85))))
    # Colour is stored at half resolution: its amount is taken from a small neighbourhood.
    stamp = cv2.blur(stamp.astype(np.float32), (3, 3))
    black = (total - mixed * stamp) / one
    # At the edges of stamp strokes the amount is misjudged a little either way: what remains there is faint beside
    # any print, and goes.
    near = np.minimum(cv2.dilate(stamp, np.ones((5, 5), np.uint8)), 1.2)
    residue, inked = settings.residue, near > 0.3
    if np.count_nonzero(inked) > 100:
        # Little of a stamp lies on print, so the middle of what remains there is misjudged stamp.
        residue = float(
            np.clip(1.5 * np.percentile((black / np.maximum(near, 0.3))[inked], 70), residue, 2.5 * residue)
        )
    result: npt.NDArray[np.float32] = np.maximum(black - residue * near, 0.0).astype(np.float32)
    return result


def _faint_remains(
    black: npt.NDArray[np.float32], soft: npt.NDArray[np.bool_], strength: float, em: float, settings: SealSettings
) -> npt.NDArray[np.bool_]:
    """What remains of a stamp's strokes: where no stroke as dark as print is close by (hysteresis, Canny 1986; close by
    and not connected, as a rim is connected with every ruling that it crosses).

    black: density of black, soft: where stamp ink was, both (h, w); strength: density of the stamp's ink, of which a
    share remains.
    """
    beside = black[~soft & (black > 2 * settings.residue)]
    usual = float(np.percentile(beside, 75)) if len(beside) > em * em / 4 else 1.0
    least = min(settings.remains_most, settings.remains * strength, settings.remains_share * usual)
    printed = (black > least).astype(np.uint8)
    reach = 2 * max(1, round(settings.remains_em * em)) + 1
    return np.asarray((cv2.dilate(printed, np.ones((reach, reach), np.uint8)) == 0) & soft, dtype=np.bool_)


def gray_of(colour: npt.NDArray[np.float64]) -> float:
    """The gray level of a BGR colour, by OpenCV's weights."""
    return float(0.114 * colour[0] + 0.587 * colour[1] + 0.299 * colour[2])
