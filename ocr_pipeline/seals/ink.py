"""A stamp's own ink as a picture: print beneath it and paper gone, set upright with the page."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from ocr_pipeline.clean.seal_colour import HUES
from ocr_pipeline.geometry import Box, ColourImage, GrayImage, Mask, PageTransform
from ocr_pipeline.settings import SealTextSettings
from ocr_pipeline.stages import SealRegion
from ocr_pipeline.warping import upright_part

FloatImage = npt.NDArray[np.float32]
LUMA = np.array((0.114, 0.587, 0.299), np.float32)
"""What blue, green and red add to the light of a pixel (ITU-R BT.601); JPEG stores what is left as its colour."""
Flags = npt.NDArray[np.bool_]


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


@dataclass(frozen=True)
class StampPatch:
    """A stamp cut out of the page and set upright. pixels: BGR uint8 (h, w, 3); inside: 255 within its outline, (h, w);
    box: the place of the picture in upright pixels; scale: pixels of the picture for one upright pixel."""

    pixels: ColourImage
    inside: Mask
    box: Box
    scale: float


def stamp_patch(
    image: ColourImage, transform: PageTransform, seal: SealRegion, settings: SealTextSettings
) -> StampPatch:
    """A stamp with a little around it. image: BGR uint8 in the source frame; transform: source to upright."""
    box = seal.upright_box.expanded(0.04 * max(seal.upright_box.width, seal.upright_box.height))
    scale = max(1.0, settings.least_side / max(min(box.width, box.height), 1.0))
    pixels = upright_part(image, transform, box, scale)
    return StampPatch(pixels, _outline(seal, transform, box, scale, pixels.shape), box, scale)


def stamp_ink(
    stamp: StampPatch, seal: SealRegion, settings: SealTextSettings, *, close: bool = False
) -> StampInk | None:
    """The ink of one stamp, None where it cannot be told from the print.

    close: what each pixel is compared with is the paper close to it, not that of a larger neighbourhood: better on
    coloured areas and at their edges, worse on grain.
    """
    patch, inside, box, scale = stamp.pixels, stamp.inside, stamp.box, stamp.scale
    if close:
        paper = _close_paper(patch, scale, settings.close_paper * max(box.width, box.height))
    else:
        paper = _wide_paper(patch, scale, settings.wide_paper * min(box.width, box.height))
    density = _density(patch, paper, settings)
    own = _of_colour(density, seal.colour) & (inside > 0)
    colour = _colour(density, own & _outer_part(inside, settings.rim_depth), settings)
    if colour is None:
        colour = _colour(density, own, settings)
    if colour is None:
        return None
    light = _Light.of(patch, paper, colour)
    amount = np.minimum(_amount(density, colour, scale, settings.heavy), settings.tinge * _tinge(light.tinge, scale))
    if seal.shape == "round":
        plain = _density(patch, np.percentile(patch.reshape(-1, 3), 85, axis=0).astype(np.float32), settings)
        filled = _alike(plain, colour) & _middle(plain.shape)
        amount = np.maximum(amount, filled * _amount(plain, colour, scale, settings.heavy))
    if not close:
        amount = np.maximum(amount, _beside_print(light, scale, settings))
    amount = np.where(inside > 0, amount, np.float32(0.0)).astype(np.float32)
    full = _full_strength(amount)
    gray = (255.0 * (1.0 - np.clip(amount / full, 0.0, 1.0))).astype(np.uint8)
    mask = ((amount > 0.45 * full) * np.uint8(255)).astype(np.uint8)
    return StampInk(gray, mask, box, scale)


def _outline(seal: SealRegion, transform: PageTransform, box: Box, scale: float, shape: tuple[int, ...]) -> Mask:
    """255 within the stamp's outline, a little grown: what else is coloured around it is none of its ink."""
    corners = (transform.to_upright(np.array(seal.quad.points)) - (box.x0, box.y0)) * scale
    middle = corners.mean(axis=0)
    grown = (middle + 1.05 * (corners - middle)).round().astype(np.int32)
    inside = np.zeros(shape[:2], np.uint8)
    if seal.shape == "square":
        cv2.fillConvexPoly(inside, grown, 255)
        return inside
    if seal.shape == "round":
        side = 1.03 * max(seal.upright_box.width, seal.upright_box.height) / 2 * scale
        cv2.circle(inside, (round(float(middle[0])), round(float(middle[1]))), round(side), 255, -1)
        return inside
    # An oval's box and its tilt determine it; the tilt is not known, so all usual ones count.
    wide, tall = seal.upright_box.width / 2 * scale, seal.upright_box.height / 2 * scale
    for tilt in (-18, -9, 0, 9, 18):
        sin, cos = np.sin(np.deg2rad(tilt)) ** 2, np.cos(np.deg2rad(tilt)) ** 2
        squares = np.linalg.solve(np.array([[cos, sin], [sin, cos]]), np.array([wide**2, tall**2]))
        if squares.min() > 0:
            axes = (round(1.03 * float(np.sqrt(squares[0]))), round(1.03 * float(np.sqrt(squares[1]))))
            cv2.ellipse(inside, (round(float(middle[0])), round(float(middle[1]))), axes, tilt, 0, 360, 255, -1)
    return inside


def _outer_part(inside: Mask, share: float) -> Flags:
    """The outer part of a stamp, in which its rim lies: what else is coloured on the page is rarely in all of it."""
    framed = cv2.copyMakeBorder(inside, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=(0,))
    depth = cv2.distanceTransform(framed, cv2.DIST_L2, 3)[1:-1, 1:-1]
    return np.asarray((depth > 0) & (depth < max(1, round(share * min(inside.shape)))), dtype=np.bool_)


def _wide_paper(patch: ColourImage, scale: float, reach: float) -> FloatImage:
    """The paper around each pixel, the median within reach (pixels of the page): a tint that the stamp lies on falls
    away against it, and with it areas that the stamp fills."""
    # The median of a fifth of the pixels is as good.
    step = max(1, round(2 * scale))
    small = np.ascontiguousarray(patch[::step, ::step])
    middle = cv2.medianBlur(small, max(3, round(2 * reach * scale / step) | 1))
    size = (patch.shape[1], patch.shape[0])
    return cv2.resize(middle, size, interpolation=cv2.INTER_LINEAR).astype(np.float32)


def _close_paper(patch: ColourImage, scale: float, reach: float) -> FloatImage:
    """The paper around each pixel, by closing over strokes up to reach (pixels of the page) wide: what is filled more
    broadly, a coloured cell, a bar of a chart, is paper to its very edge."""
    # Half as large is as good.
    step = max(1.0, 2.0 * scale)
    size = (max(1, round(patch.shape[1] / step)), max(1, round(patch.shape[0] / step)))
    small = cv2.blur(cv2.resize(patch, size, interpolation=cv2.INTER_AREA), (3, 3))
    side = round(reach * scale / step) | 1
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)))
    level = cv2.medianBlur(closed, max(3, side | 1)).astype(np.float32)
    # The brightest grain is brighter than the paper.
    share = np.where(_all(small > 0.85 * level)[:, :, None], small / np.maximum(level, 1.0), np.nan)
    level *= np.clip(np.nan_to_num(np.nanmedian(share[::2, ::2], axis=(0, 1)), nan=1.0), 0.85, 1.0)
    return cv2.resize(level, (patch.shape[1], patch.shape[0]), interpolation=cv2.INTER_LINEAR).astype(np.float32)


def _density(patch: ColourImage, paper: FloatImage, settings: SealTextSettings) -> FloatImage:
    """The optical density of each pixel over that of the paper."""
    # Where hardly any light is left there is but noise.
    least = 2.0 + settings.dark_noise * np.maximum(0.0, settings.dark_paper - paper)
    return np.asarray(-np.log((patch.astype(np.float32) + least) / (paper + least)), dtype=np.float32)


def _of_colour(density: FloatImage, name: str) -> Flags:
    """Where ink has a colour of that name."""
    low, high = next(((low, high) for known, low, high in HUES if known == name), (-180.0, 180.0))
    ink = np.clip(255.0 * np.exp(-density), 0, 255).astype(np.uint8)
    lab = cv2.cvtColor(ink, cv2.COLOR_BGR2Lab).astype(np.float32)
    angle = np.degrees(np.arctan2(lab[:, :, 2] - 128.0, lab[:, :, 1] - 128.0))
    return np.asarray((angle > low - 10.0) & (angle < high + 10.0), dtype=np.bool_)


def _middle(shape: tuple[int, ...]) -> Flags:
    """The part of a picture in which a stamp has its star."""
    mask = np.zeros(shape[:2], np.uint8)
    cv2.circle(mask, (shape[1] // 2, shape[0] // 2), round(0.24 * min(shape[:2])), 255, -1)
    return mask > 0


def _alike(density: FloatImage, colour: npt.NDArray[np.float32]) -> Flags:
    """Where a pixel has the stamp's colour, and much of it: a star, which the median takes for a tint."""
    length = np.sqrt(density[:, :, 0] ** 2 + density[:, :, 1] ** 2 + density[:, :, 2] ** 2)
    own = float(np.linalg.norm(colour))
    return np.asarray((density @ colour > 0.96 * length * own) & (length > 0.6 * own), dtype=np.bool_)


def _full_strength(amount: FloatImage) -> FloatImage:
    """What counts as full ink at each place: stamps are pressed unevenly, so the ink nearby decides."""
    inked = (amount > 0.15).astype(np.float32)
    usual = float(np.percentile(amount[inked > 0], 60)) if np.any(inked) else 1.0
    window = (max(3, amount.shape[1] // 8), max(3, amount.shape[0] // 8))
    near = cv2.blur(amount * inked, window) + 0.02 * usual
    local = near / (cv2.blur(inked, window) + 0.02)
    full: FloatImage = np.clip(local, 0.3 * usual, 1.2 * usual).astype(np.float32)
    return full


def _colour(density: FloatImage, own: Flags, settings: SealTextSettings) -> npt.NDArray[np.float32] | None:
    """The stamp ink's density in blue, green and red at full strength, from coloured pixels without print.

    own: where the stamp's colour is.
    """
    spread = _spread(density)
    # Ink takes light away: what is lighter than what counts as paper there is bare paper between tinted rows.
    own = own & (spread > settings.least_strength) & (_total(density) > 0)
    if np.count_nonzero(own) < 30:
        return None
    inked = own & (spread > settings.strong * float(np.percentile(spread[own], settings.usual_strength)))
    pixels = density[inked]
    lightest = np.minimum(np.minimum(pixels[:, 0], pixels[:, 1]), pixels[:, 2])
    bare = pixels[lightest <= np.percentile(lightest, 50)]
    found: npt.NDArray[np.float32] = np.median(bare, axis=0).astype(np.float32)
    return found


def _all(flags: Flags) -> Flags:
    """Where all three channels are set."""
    return np.asarray(flags[:, :, 0] & flags[:, :, 1] & flags[:, :, 2], dtype=np.bool_)


def _spread(density: FloatImage) -> FloatImage:
    """The difference between the densest channel and the least dense one. (Along so short an axis NumPy is slow.)"""
    blue, green, red = cv2.split(density)
    widest: FloatImage = np.maximum(np.maximum(blue, green), red) - np.minimum(np.minimum(blue, green), red)
    return widest


def _total(density: FloatImage) -> FloatImage:
    """The density in all three channels together. (Along so short an axis NumPy is slow.)"""
    total: FloatImage = density[:, :, 0] + density[:, :, 1] + density[:, :, 2]
    return total


@dataclass(frozen=True)
class _Light:
    """What a stamp's ink takes of the paper's light, 1 for as much as the usual ink. dark: in all colours together,
    print takes more; tinge: in its own colour, of which print has none; black: what the darkest print takes.

    Counted in light, not in density: pictures hold colour coarsely, so that black print on tinted paper keeps the
    paper's colour, which in so little light is a dense one. There it is no more than the paper's.
    """

    dark: FloatImage
    tinge: FloatImage
    black: float

    @classmethod
    def of(cls, patch: ColourImage, paper: FloatImage, colour: npt.NDArray[np.float32]) -> _Light:
        more, own = patch - paper, paper * (np.exp(-colour) - 1)
        less, own_less = more @ LUMA, np.minimum(own @ LUMA, np.float32(-1.0))
        more -= less[:, :, None]
        own -= own_less[:, :, None]
        tinge = (more * own).sum(axis=2) / np.maximum((own * own).sum(axis=2), 1.0)
        black = float(np.median((paper @ LUMA)[::4, ::4] / -own_less[::4, ::4]))
        return cls((less / own_less).astype(np.float32), tinge.astype(np.float32), black)


def _tinge(tinge: FloatImage, scale: float) -> FloatImage:
    """How much more of the stamp's colour there is than the paper's at most right beside each pixel."""
    reach = 2 * round(scale) + 1
    share = cv2.dilate(cv2.GaussianBlur(tinge, (0, 0), 0.5 * scale), np.ones((reach, reach), np.uint8))
    return np.maximum(share, 0.0).astype(np.float32)


def _beside_print(light: _Light, scale: float, settings: SealTextSettings) -> FloatImage:
    """How much ink each pixel has by how dark it is, 1 at most and 0 where that may be print.

    Pictures hold colour so coarsely that thin strokes lose theirs to what is around, while how dark they are stays.
    Print is darker than a stamp that is pressed lightly, with hardly any colour far and wide; a strong stamp is as dark
    as print, but its colour is strong too and tells them apart close by.
    """
    faint = light.black > settings.faint
    darkest = min(settings.darkest, (1.0 + light.black) / 2)
    printed = ((light.dark > darkest) * np.uint8(255)).astype(np.uint8)
    reach = 2 * round(settings.print_near * scale) + 1
    near = cv2.dilate(printed, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach))) > 0
    side, least = (settings.tinge_far, settings.tinge_faint) if faint else (settings.tinge_near, settings.tinge_strong)
    window = (round(side * scale) | 1, round(side * scale) | 1)
    dark = np.clip(light.dark, 0.0, 3.0)
    coloured = cv2.blur(np.clip(light.tinge, 0.0, 2.0), window) > least * (cv2.blur(dark, window) + 0.02)
    return np.where(coloured & ~near, np.minimum(dark, 1.0), np.float32(0.0)).astype(np.float32)


def _amount(density: FloatImage, colour: npt.NDArray[np.float32], scale: float, heavy: float) -> FloatImage:
    """How much stamp ink each pixel has, 1 for the usual: the least squares solution of density = black + m * colour.

    It rests on colour, which pictures hold at half resolution; so it only says where there is stamp ink, and how dark
    a pixel is says how much at the most.
    """
    one, two, mixed = 3.0, float(colour @ colour), float(colour.sum())
    determinant = max(one * two - mixed * mixed, 1e-6)
    along = density @ colour
    total = _total(density)
    unmixed = (one * along - mixed * total) / determinant
    reach = 2 * round(scale) + 1
    unmixed = cv2.GaussianBlur(unmixed, (0, 0), 0.5 * scale)
    black = (total - mixed * unmixed) / one
    near = np.where(black > 0.45, unmixed, cv2.dilate(unmixed, np.ones((reach, reach), np.uint8)))
    amount = np.clip(np.minimum(along / two, near), 0.0, 2.0)
    # On heavy print the colour is mere noise: what is beside it tells whether a stroke of the stamp goes on there.
    printed = ((black > heavy) * np.uint8(255)).astype(np.uint8)
    levels = cv2.inpaint((127.0 * amount).astype(np.uint8), printed, 2.0 * scale, cv2.INPAINT_TELEA)
    found: FloatImage = (levels.astype(np.float32) / np.float32(127.0)).astype(np.float32)
    return found
