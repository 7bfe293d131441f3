"""Uneven light, yellowed paper and shade evened out; ink told from paper."""

from __future__ import annotations

import cv2
import numpy as np

from ocr_pipeline.geometry import FloatArray, GrayImage, Mask
from ocr_pipeline.settings import CleanSettings


def even_paper(gray: GrayImage, dpi: float, settings: CleanSettings) -> GrayImage:
    """The page with its paper lifted to white: gray divided by a smooth estimate of the light that fell on it.

    The light is a surface of low order fitted to the paper's brightness on a raster of tiles; tiles that are darker
    than the surface (a coloured table head, a photograph) are left out of the fit and so keep their tint.
    A page whose paper is white already comes back unchanged, bit for bit.
    """
    if _is_white(gray):
        return gray
    tile = max(8, round(settings.paper_tile_inches * dpi))
    levels = _tile_levels(gray, tile)
    light = _fit_light(levels, settings)
    full = cv2.resize(light, (gray.shape[1], gray.shape[0]), interpolation=cv2.INTER_CUBIC)
    return cv2.divide(gray, full, scale=255.0).astype(np.uint8, copy=False)


def _tile_levels(gray: GrayImage, tile: int) -> FloatArray:
    """The brightness of the paper in each tile: an upper percentile of its pixels, shape (rows, cols)."""
    rows, cols = max(1, gray.shape[0] // tile), max(1, gray.shape[1] // tile)
    # Sixteen samples a tile and direction are plenty for a percentile.
    small = cv2.resize(gray, (cols * 16, rows * 16), interpolation=cv2.INTER_NEAREST)
    tiles = small.reshape(rows, 16, cols, 16).transpose(0, 2, 1, 3).reshape(rows, cols, 256)
    levels: FloatArray = np.partition(tiles, 204, axis=2)[:, :, 204].astype(np.float64)
    return levels


def _fit_light(levels: FloatArray, settings: CleanSettings) -> GrayImage:
    """A smooth surface through the bright tiles, shape of levels, uint8."""
    rows, cols = levels.shape
    y, x = np.meshgrid(np.linspace(-1, 1, rows), np.linspace(-1, 1, cols), indexing="ij")
    # Third order across the page, and a finer profile from left to right for the shadow of a binding.
    terms = [x**i * y**j for i in range(4) for j in range(4 - i)] + ([x**4, x**5, x**6] if cols >= 12 else [])
    design = np.stack([t.ravel() for t in terms], axis=1)
    ridge = 1e-6 * len(design) * np.eye(design.shape[1])
    flat = levels.ravel()
    keep = flat >= max(settings.darkest_paper, float(np.percentile(flat, 50)) - 60)
    surface = np.full_like(flat, float(np.median(flat)))
    for _ in range(5):
        if np.count_nonzero(keep) < 2 * design.shape[1]:
            break
        part = design[keep]
        surface = design @ np.linalg.solve(part.T @ part + ridge, part.T @ flat[keep])
        keep = flat > surface - settings.paper_spread
    return np.clip(surface.reshape(rows, cols), settings.darkest_paper, 255).astype(np.uint8)


def _is_white(gray: GrayImage) -> bool:
    """Whether the paper is plain white all over: 250 or more on nearly every tile of a coarse raster."""
    height, width = gray.shape
    rows, cols = max(1, height // 64), max(1, width // 64)
    if height < 128 or width < 128:
        return bool(np.percentile(gray, 80) >= 250)
    tiles = gray[: rows * 64, : cols * 64].reshape(rows, 64, cols, 64)
    brightest = np.percentile(tiles[:, ::4, :, ::4], 85, axis=(1, 3))
    return bool(np.mean(brightest >= 250) > 0.97)


def find_ink(even: GrayImage, em: float, settings: CleanSettings) -> Mask:
    """255 where there is ink: see ink_and_mottle."""
    return ink_and_mottle(even, em, settings)[0]


def ink_and_mottle(
    even: GrayImage, em: float, settings: CleanSettings, grain: float | None = None
) -> tuple[Mask, float]:
    """255 where there is ink, darker than its surroundings and darker than paper noise; and by how many gray levels
    print is darker at least than the paper around it where that has fibres or blotches, a few at most where it has not.

    even: page with white paper; em: height of the print in pixels; grain: that of the paper where it is known
    (`paper_grain`). The local mean over a window of `ink_window_em` decides, so that faint print and print in tinted
    cells are both found; the threshold keeps `ink_noise` times the page's own grain away from it, so that worn thin
    strokes on a quiet page still count, and `ink_mottle` times what its fibres and blotches are darker than the paper
    around them.
    """
    window = max(3, int(settings.ink_window_em * em) | 1)
    local = cv2.blur(even, (window, window), borderType=cv2.BORDER_REPLICATE)
    grain = paper_grain(even) if grain is None else grain
    contrast = float(np.clip(settings.ink_noise * grain, settings.least_contrast, settings.ink_contrast))
    mottle = min(settings.ink_mottle * paper_mottle(even, local), settings.mottle_contrast)
    darkest = _darkest_ink(max(contrast, mottle), settings.ink_ratio)
    return cv2.compare(even, cv2.LUT(local, darkest), cv2.CMP_LT).astype(np.uint8, copy=False), mottle


def above(levels: GrayImage, level: float) -> Mask:
    """255 where the levels are higher than that."""
    return cv2.threshold(levels, level, 255, cv2.THRESH_BINARY)[1].astype(np.uint8, copy=False)


def _darkest_ink(contrast: float, ratio: float) -> GrayImage:
    """For each local mean, 0 to 255, the gray level below which a pixel is ink, shape (256,)."""
    local = np.arange(256.0)
    # Whole levels: a pixel is below a threshold of 180.3 where it is below 181.
    return np.clip(np.ceil(np.minimum(local - contrast, local * ratio)), 0, 255).astype(np.uint8)


def paper_grain(even: GrayImage) -> float:
    """The standard deviation of the paper's grain in gray levels, from the middle half of small differences."""
    smooth = cv2.blur(even, (3, 3))[::3, ::3]
    difference = cv2.absdiff(np.ascontiguousarray(even[::3, ::3]), np.ascontiguousarray(smooth))
    bright = cv2.compare(smooth, 200, cv2.CMP_GT)
    counts = cv2.calcHist([difference], [0], bright, [256], [0, 256]).ravel().astype(np.int64)
    total = int(counts.sum())
    if total < 100:
        return 0.0
    at_most = np.cumsum(counts)
    quartile = int(np.searchsorted(at_most, (total - 1) * 3 // 4, side="right"))
    small = np.arange(quartile + 1)
    # The median of |x - mean of its 3 x 3 neighbourhood| of white noise is 0.636 sigma; uint8 steps blur it.
    return float(np.dot(counts[: quartile + 1], small) / at_most[quartile] / 0.41)


def is_bilevel(gray: GrayImage, settings: CleanSettings) -> bool:
    """Whether hardly a pixel of the page is anything but black or white, as fax machines and CCITT files store it."""
    few = _few(gray)
    between = cv2.countNonZero(cv2.inRange(few, settings.darkest_black + 1, settings.palest_white - 1))
    return between <= settings.grays_of_bilevel * cv2.countNonZero(cv2.inRange(few, 0, settings.darkest_black))


def mended(page: GrayImage, ink: Mask, em: float, settings: CleanSettings) -> tuple[GrayImage, Mask]:
    """A black and white page with soft edges, as the recognisers know print, and its ink with gaps of strokes closed:
    what fell apart at the threshold is one part again, and no dust. em: height of the print in pixels."""
    side = max(3, 2 * round(settings.broken_em * em) + 1)
    closed = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((side, side), np.uint8))
    soft = cv2.GaussianBlur(page, (0, 0), max(_LEAST_BLUR, settings.soft_em * em))
    return soft.astype(np.uint8), closed.astype(np.uint8)


_LEAST_BLUR = 0.5
"""Standard deviation in pixels; less is no blur at all."""


def paper_mottle(even: GrayImage, local: GrayImage) -> float:
    """By how many gray levels blotches of the paper are darker than what is around them, at one standard deviation.

    local: the mean around each pixel. Looked at where that is brightest, as there is little print; one pixel of 64 is
    plenty. Grain of single pixels is left out.
    """
    few, around = _few(cv2.blur(even, (3, 3))), _few(local)
    deeper = np.subtract(around, few, dtype=np.int16)[around >= np.percentile(around, _LITTLE_PRINT)]
    return max(0.0, float(np.percentile(deeper, _ONE_SIGMA)))


_LITTLE_PRINT = 60
"""The percentile of the means above which there is hardly any print, on full pages too."""
_ONE_SIGMA = 84
"""The percentile that lies a standard deviation above the middle."""


def _few(image: GrayImage) -> GrayImage:
    return np.ascontiguousarray(image[::8, ::8])
