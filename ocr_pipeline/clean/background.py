"""Uneven light, yellowed paper and shade evened out; ink told from paper."""

from __future__ import annotations

import cv2
import numpy as np

from ocr_pipeline.geometry import GrayImage, Mask
from ocr_pipeline.settings import CleanSettings


def even_paper(gray: GrayImage, dpi: float, settings: CleanSettings) -> GrayImage:
    """The page with its paper lifted to white: gray divided by a smooth estimate of the paper beneath.

    The paper is what remains when everything narrower than `paper_window_inches` that is darker has been closed
    away on a small copy; dark areas wider than that (a coloured table head, a photograph) stay as they are.
    A page whose paper is white already comes back unchanged, bit for bit.
    """
    if _is_white(gray):
        return gray
    factor = max(1, round(dpi / 50.0))
    small = cv2.resize(
        gray, (max(1, gray.shape[1] // factor), max(1, gray.shape[0] // factor)), interpolation=cv2.INTER_AREA
    )
    window = max(3, int(settings.paper_window_inches * dpi / factor) | 1)
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (window, window)))
    paper = cv2.GaussianBlur(cv2.medianBlur(closed, 5), (0, 0), window / 3.0)
    # Never brighten by more than the limit: there the estimate is a dark area, not paper.
    paper = np.maximum(paper, settings.darkest_paper).astype(np.uint8)
    full = cv2.resize(paper, (gray.shape[1], gray.shape[0]), interpolation=cv2.INTER_LINEAR)
    return cv2.divide(gray, full, scale=255.0).astype(np.uint8)


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
    """255 where there is ink: darker than its surroundings and darker than paper noise.

    even: page with white paper; em: height of the print in pixels. The local mean over a window of
    `ink_window_em` decides, so that faint print and print in tinted cells are both found; a floor of
    `ink_contrast` gray levels keeps paper grain out.
    """
    window = max(3, int(settings.ink_window_em * em) | 1)
    local = cv2.boxFilter(even, cv2.CV_32F, (window, window), borderType=cv2.BORDER_REPLICATE)
    threshold = np.minimum(local - settings.ink_contrast, local * settings.ink_ratio)
    mask: Mask = ((even < threshold) * np.uint8(255)).astype(np.uint8)
    return mask
