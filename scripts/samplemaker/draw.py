"""Draws one page of a sheet as ink on white, glyphs and rulings apart.

The frame is the drawing: pixels, `ppi` to the inch, origin top left.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from .faces import font
from .sheet import Rule, Sheet
from .typeset import Glyph

Gray = NDArray[np.uint8]
POINTS_PER_INCH = 72.0


def page_glyphs(sheet: Sheet, page: int) -> list[Glyph]:
    """Every glyph printed on a page."""
    glyphs = [g for b in sheet.blocks if b.page == page for line in b.lines for g in line.glyphs]
    for table in sheet.tables:
        for piece in (*table.pieces, *table.repeats):
            if piece.page == page:
                glyphs += [g for line in piece.lines for g in line.glyphs]
    return glyphs


def draw_glyphs(glyphs: list[Glyph], size: tuple[int, int], ppi: float) -> Gray:
    """Black glyphs on white, width x height pixels."""
    scale = ppi / POINTS_PER_INCH
    image = Image.new("L", size, 255)
    pen = ImageDraw.Draw(image)
    for glyph in glyphs:
        face = font(glyph.face, max(1, round(glyph.size * scale)))
        pen.text((glyph.x * scale, glyph.baseline * scale), glyph.char, font=face, fill=0, anchor="ls")
    return np.asarray(image).copy()


def draw_rules(rules: list[Rule], size: tuple[int, int], ppi: float, ink: int = 0) -> Gray:
    """Rulings on white; `ink` is their grey level."""
    scale = ppi / POINTS_PER_INCH
    canvas = np.full((size[1], size[0]), 255, dtype=np.uint8)
    for rule in rules:
        if rule.role == "diagonal":
            ends = [(round(x * scale), round(y * scale)) for x, y in ((rule.x0, rule.y0), (rule.x1, rule.y1))]
            cv2.line(canvas, ends[0], ends[1], ink, max(1, round(rule.width * scale)), cv2.LINE_AA)
            continue
        half = max(1.0, rule.width * scale) / 2
        x0, x1 = sorted((rule.x0 * scale, rule.x1 * scale))
        y0, y1 = sorted((rule.y0 * scale, rule.y1 * scale))
        left, right = round(x0 - half), max(round(x1 + half), round(x0 - half) + 1)
        top, bottom = round(y0 - half), max(round(y1 + half), round(y0 - half) + 1)
        canvas[max(top, 0) : bottom, max(left, 0) : right] = ink
    return canvas


def pixel_size(sheet: Sheet, ppi: float) -> tuple[int, int]:
    """Width and height of a drawn page."""
    return round(sheet.size[0] * ppi / POINTS_PER_INCH), round(sheet.size[1] * ppi / POINTS_PER_INCH)
