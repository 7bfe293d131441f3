"""Drawn pages for the cleaning tests."""

from __future__ import annotations

import numpy as np
from helpers_drawing import digits, em_at, even, grid_lines, prose, sheet

from ocr_pipeline.geometry import Box, GrayImage

DPI = 120.0


def prose_page(dpi: float = DPI, seed: int = 0) -> GrayImage:
    """A page of text-like strokes."""
    gray = sheet(dpi)
    prose(gray, Box(dpi, dpi, 7.2 * dpi, 8 * dpi), em_at(dpi), np.random.default_rng(seed))
    return gray


def table_page(dpi: float = DPI) -> GrayImage:
    """A page with one ruled table of numbers."""
    gray, em = sheet(dpi), em_at(dpi)
    xs, ys = even(dpi, 3 * em, 12), even(2 * dpi, 2.2 * em, 14)
    grid_lines(gray, xs, ys)
    for r in range(14):
        for c in range(12):
            digits(gray, str((r * c) % 100), xs[c] + 0.6 * em, ys[r] + 0.7 * em, em)
    return gray
