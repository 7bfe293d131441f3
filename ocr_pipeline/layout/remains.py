"""Lines that are no print but what a stamp left behind when it was taken out."""

from __future__ import annotations

import numpy as np

from ocr_pipeline.geometry import Box, GrayImage, Mask
from ocr_pipeline.stages import SealRegion, TextLine

INSIDE = 0.7
"""A line is inside a stamp with this share of its box."""
FAINT = 0.5
"""Ink less than this share as dark as the page's other lines is a remnant; print beneath a stamp stays dark."""


def without_remains(
    lines: list[TextLine], seals: tuple[SealRegion, ...], gray: GrayImage, binary: Mask
) -> list[TextLine]:
    """The lines without those that lie inside a stamp and are faint beside the rest of the page.

    gray, binary: the page and its ink (255), upright. On a page whose lines all lie inside stamps nothing can be
    compared, and all stay.
    """
    inside = [any(_share(line.quad.box, seal.upright_box) >= INSIDE for seal in seals) for line in lines]
    if not any(inside):
        return lines
    darkness = [_darkness(line.quad.box, gray, binary) for line in lines]
    others = [dark for dark, within in zip(darkness, inside, strict=True) if not within]
    if not others:
        return lines
    least = FAINT * float(np.median(others))
    return [line for line, within, dark in zip(lines, inside, darkness, strict=True) if not within or dark >= least]


def _share(box: Box, seal: Box) -> float:
    return box.intersection(seal) / max(box.area, 1.0)


def _darkness(box: Box, gray: GrayImage, binary: Mask) -> float:
    """How much darker than white the darker half of a line's ink is, gray levels."""
    part = slice(int(box.y0), int(np.ceil(box.y1))), slice(int(box.x0), int(np.ceil(box.x1)))
    ink = 255.0 - gray[part][binary[part] > 0].astype(np.float64)
    return float(ink[ink >= np.median(ink)].mean()) if len(ink) else 0.0
