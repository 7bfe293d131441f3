"""One page from sheet to scanned image: draw, stamp, warp, degrade."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from . import damage
from .damage import OVERSAMPLE, Geometry, Image, Level
from .draw import POINTS_PER_INCH, draw_glyphs, draw_rules, page_glyphs, pixel_size
from .geometry import Matrix, scaling
from .sheet import Sheet
from .stamps import Stamp, press


@dataclass(frozen=True)
class Scan:
    """A scanned page: its image (grey or BGR) and the map from points of the print to its pixels."""

    image: Image
    geometry: Geometry
    from_points: Matrix
    dpi: int
    jpeg_quality: int


def scan_page(
    sheet: Sheet,
    page: int,
    stamps: tuple[Stamp, ...],
    level: Level,
    rng: np.random.Generator,
    geometry: Geometry | None = None,
    rule_ink: int = 0,
) -> Scan:
    """Make the scan of one page; a geometry may be given instead of the level's random one."""
    ppi = float(level.dpi * OVERSAMPLE)
    size = pixel_size(sheet, ppi)
    glyphs = damage.wear_glyphs(draw_glyphs(page_glyphs(sheet, page), size, ppi), level, rng)
    rules = damage.wear_rules(draw_rules([r for r in sheet.rules if r.page == page], size, ppi, rule_ink), level, rng)
    paper = float(rng.uniform(*level.paper))
    drawing = damage.tone(np.minimum(glyphs, rules), paper, float(rng.uniform(*level.ink)))
    mine = [stamp for stamp in stamps if stamp.page == page]
    if mine:
        drawing = np.asarray(cv2.cvtColor(drawing, cv2.COLOR_GRAY2BGR), dtype=np.uint8)
        for stamp in mine:
            press(drawing, stamp, ppi, rng)
    placed = geometry if geometry is not None else damage.random_map(size, level, rng)
    lid = round(min(255.0, paper + float(rng.uniform(-10, 5))))
    return scanned(drawing, placed, lid, level, rng)


def scanned(drawing: Image, placed: Geometry, lid: int, level: Level, rng: np.random.Generator) -> Scan:
    """A finished drawing (OVERSAMPLE times the level's resolution) put through the scanner; lid: the grey around it."""
    image = damage.scan_noise(damage.warp(drawing, placed, lid), level, rng)
    scale = level.dpi * OVERSAMPLE / POINTS_PER_INCH
    return Scan(image, placed, placed.matrix @ scaling(scale), level.dpi, level.jpeg)
