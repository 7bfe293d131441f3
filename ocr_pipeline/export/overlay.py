"""What was found, drawn over the page image: for pictures in the documentation and for bug reports."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from ocr_pipeline.document import Cell, Flag, Page, Table
from ocr_pipeline.geometry import ColourImage, Quad

GREEN, ORANGE, RED = (60, 160, 40), (0, 140, 255), (40, 40, 220)
BLUE, MAGENTA = (220, 120, 30), (200, 40, 200)
_ALARMING = frozenset({Flag.RULE_BROKEN, Flag.UNREAD_INK, Flag.REPAIRED})
_TINT = 0.18
"""How strongly a flagged cell is coloured; the print under it stays readable."""
_LINES_PER_PAGE = 700
"""A drawn line is the page's longer side divided by this, at least one pixel: 2 pixels at 150 dpi."""


def overlay_page(image: ColourImage, page: Page, tables: Sequence[Table]) -> ColourImage:
    """A copy of the page image (BGR, source frame) with cells, blocks and seals drawn on it.

    Cells are green, flagged ones orange or, where a sum breaks or ink was not read, red and tinted; each is labelled
    row,col. Blocks are blue, seals magenta. Parts of cells on other pages are not drawn.
    """
    drawn = image.copy()
    thickness = max(1, round(max(image.shape[:2]) / _LINES_PER_PAGE))
    for block in page.blocks:
        _outline(drawn, block.quad, BLUE, thickness)
    for seal in page.seals:
        _outline(drawn, seal.quad, MAGENTA, 2 * thickness)
    placed = [(cell, quad) for table in tables for cell in table.cells for quad in _quads_on(cell, page.index)]
    _tint(drawn, placed)
    for cell, quad in placed:
        _outline(drawn, quad, _colour(cell), thickness)
    for cell, quad in placed:
        _label(drawn, cell, quad, thickness)
    return drawn


def _quads_on(cell: Cell, page: int) -> list[Quad]:
    own = [cell.quad] if cell.page == page else []
    return own + [part.quad for part in cell.continued if part.page == page]


def _colour(cell: Cell) -> tuple[int, int, int]:
    if not cell.flags:
        return GREEN
    return RED if _ALARMING.intersection(cell.flags) else ORANGE


def _corners(quad: Quad) -> np.ndarray[tuple[int, ...], np.dtype[np.int32]]:
    return np.array(quad.points).round().astype(np.int32)


def _outline(image: ColourImage, quad: Quad, colour: tuple[int, int, int], thickness: int) -> None:
    cv2.polylines(image, [_corners(quad)], True, colour, thickness, cv2.LINE_AA)


def _tint(image: ColourImage, placed: Sequence[tuple[Cell, Quad]]) -> None:
    tinted = image.copy()
    for cell, quad in placed:
        if cell.flags:
            cv2.fillPoly(tinted, [_corners(quad)], _colour(cell))
    cv2.addWeighted(tinted, _TINT, image, 1 - _TINT, 0, dst=image)


def _label(image: ColourImage, cell: Cell, quad: Quad, thickness: int) -> None:
    """`row,col` (from 1, as people count) in the corner, small but legible at the drawing's own scale."""
    height = 7 * thickness + 3
    x, y = quad.points[0]
    corner = (int(x + 2 * thickness), int(y + height + 2 * thickness))
    scale = height / 22  # the font is 22 pixels high at scale 1
    place = f"{cell.row + 1},{cell.col + 1}"
    cv2.putText(image, place, corner, cv2.FONT_HERSHEY_SIMPLEX, scale, _colour(cell), 1, cv2.LINE_AA)
