"""A stamp's own ink as a picture: print beneath it and paper gone, set upright with the page."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from ocr_pipeline.geometry import Box, ColourImage, GrayImage, Mask, PageTransform
from ocr_pipeline.stages import SealRegion

FloatImage = npt.NDArray[np.float32]
LEAST_SIDE = 320
"""A stamp's picture is enlarged until its shorter side has so many pixels: its lettering is then some 30 high."""
HEAVY = 1.3
"""Optical density (natural logarithm) of black print through which a stamp's colour does not show."""


@dataclass(frozen=True)
class StampInk:
    """gray: the stamp's ink dark on white, uint8; mask: 255 where there is ink; both (h, w), the page upright.
    box: the place of the picture in upright pixels; scale: pixels of the picture for one upright pixel."""

    gray: GrayImage
    mask: Mask
    box: Box
    scale: float

    def upright(self, box: Box) -> Box:
        """A box of the picture in upright pixels."""
        x, y = self.box.x0, self.box.y0
        return Box(x + box.x0 / self.scale, y + box.y0 / self.scale, x + box.x1 / self.scale, y + box.y1 / self.scale)


def stamp_ink(image: ColourImage, transform: PageTransform, seal: SealRegion) -> StampInk | None:
    """The ink of one stamp, None where it cannot be told from the print.

    image: BGR uint8 in the source frame; transform: source to upright.
    """
    box = seal.upright_box.expanded(0.04 * max(seal.upright_box.width, seal.upright_box.height))
    scale = max(1.0, LEAST_SIDE / max(min(box.width, box.height), 1.0))
    patch = _cut(image, transform, box, scale)
    paper = np.percentile(patch.reshape(-1, 3), 85, axis=0)
    density = -np.log((patch.astype(np.float32) + 2.0) / (paper.astype(np.float32) + 2.0)).astype(np.float32)
    colour = _colour(density)
    if colour is None:
        return None
    amount = _amount(density, colour, scale)
    full = _full_strength(amount)
    gray = (255.0 * (1.0 - np.clip(amount / full, 0.0, 1.0))).astype(np.uint8)
    mask = ((amount > 0.45 * full) * np.uint8(255)).astype(np.uint8)
    return StampInk(gray, mask, box, scale)


def _full_strength(amount: FloatImage) -> FloatImage:
    """What counts as full ink at each place: stamps are pressed unevenly, so the ink nearby decides."""
    inked = (amount > 0.15).astype(np.float32)
    usual = float(np.percentile(amount[inked > 0], 60)) if np.any(inked) else 1.0
    window = (max(3, amount.shape[1] // 8), max(3, amount.shape[0] // 8))
    near = cv2.blur(amount * inked, window) + 0.02 * usual
    local = near / (cv2.blur(inked, window) + 0.02)
    full: FloatImage = np.clip(local, 0.3 * usual, 1.2 * usual).astype(np.float32)
    return full


def _cut(image: ColourImage, transform: PageTransform, box: Box, scale: float) -> ColourImage:
    move = np.array([[scale, 0, -box.x0 * scale], [0, scale, -box.y0 * scale], [0, 0, 1]])
    size = (max(1, round(box.width * scale)), max(1, round(box.height * scale)))
    patch = cv2.warpPerspective(
        image, move @ transform.array, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return patch.astype(np.uint8)


def _colour(density: FloatImage) -> npt.NDArray[np.float32] | None:
    """The stamp ink's density in blue, green and red at full strength, from coloured pixels without print."""
    spread = density.max(axis=2) - density.min(axis=2)
    strong = float(np.percentile(spread, 97))
    if strong < 0.15:
        return None
    inked = spread > 0.6 * strong
    pixels = density[inked]
    lightest = pixels.min(axis=1)
    bare = pixels[lightest <= np.percentile(lightest, 50)]
    found: npt.NDArray[np.float32] = np.median(bare, axis=0).astype(np.float32)
    return found


def _amount(density: FloatImage, colour: npt.NDArray[np.float32], scale: float) -> FloatImage:
    """How much stamp ink each pixel has, 1 for the usual: the least squares solution of density = black + m * colour.

    It rests on colour, which pictures hold at half resolution; so it only says where there is stamp ink, and how dark
    a pixel is says how much at the most.
    """
    one, two, mixed = 3.0, float(colour @ colour), float(colour.sum())
    determinant = max(one * two - mixed * mixed, 1e-6)
    along = density @ colour
    unmixed = (one * along - mixed * density.sum(axis=2)) / determinant
    reach = 2 * round(scale) + 1
    unmixed = cv2.GaussianBlur(unmixed, (0, 0), 0.5 * scale)
    black = (density.sum(axis=2) - mixed * unmixed) / one
    near = np.where(black > 0.45, unmixed, cv2.dilate(unmixed, np.ones((reach, reach), np.uint8)))
    amount = np.clip(np.minimum(along / two, near), 0.0, 2.0)
    # On heavy print the colour is mere noise: what is beside it tells whether a stroke of the stamp goes on there.
    heavy = ((black > HEAVY) * np.uint8(255)).astype(np.uint8)
    levels = cv2.inpaint((127.0 * amount).astype(np.uint8), heavy, 2.0 * scale, cv2.INPAINT_TELEA)
    found: FloatImage = (levels.astype(np.float32) / np.float32(127.0)).astype(np.float32)
    return found
