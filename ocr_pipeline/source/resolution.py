"""How many pixels an inch of paper has, as stated or as likely."""

from __future__ import annotations

import math

SANE_DPI = (50.0, 1200.0)
"""Below, ten-point print is 7 pixels high; above, no office scanner goes. Outside, the statement is an error."""

_SCREEN_DPI = (72.0, 96.0)
"""What image editors and converters write when they know nothing."""

A4_INCHES = (8.27, 11.69)
A3_LONG_INCHES = 16.54


def believable(dpi_x: float, dpi_y: float, width: int, height: int) -> float | None:
    """One figure for the resolution that a file states for a page of width x height pixels; None if it is not to be
    believed: out of range, or a screen's 72 or 96 that would make the paper larger than A3."""
    if not all(math.isfinite(v) and SANE_DPI[0] <= v <= SANE_DPI[1] for v in (dpi_x, dpi_y)):
        return None
    dpi = math.sqrt(dpi_x * dpi_y)
    default = any(abs(dpi - screen) < 0.5 for screen in _SCREEN_DPI)
    if default and max(width, height) / dpi > A3_LONG_INCHES * 1.05:
        return None
    return round(dpi, 2)  # a PDF places images in rounded points: 199.99999 is 200


def estimated(width: int, height: int) -> float:
    """The resolution at which the picture would just fit on A4 paper, upright or across, kept within SANE_DPI."""
    short, long = sorted((width, height))
    return round(min(max(short / A4_INCHES[0], long / A4_INCHES[1], SANE_DPI[0]), SANE_DPI[1]), 2)
