"""Pictures of each stage, drawn over the page: what a user attaches to a bug report.

rulings and grid are drawn on the cleaned page (upright frame), the others on the page as it came (source frame).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np

from ocr_pipeline.analysis import analyse_page
from ocr_pipeline.clean.lines import Ruling
from ocr_pipeline.clean.page import clean_page
from ocr_pipeline.document import Document, Page, PageStatus
from ocr_pipeline.export.atomic import make_folder, write_atomic
from ocr_pipeline.export.overlay import overlay_page
from ocr_pipeline.geometry import ColourImage, Quad
from ocr_pipeline.ocr.canned import CannedDetector
from ocr_pipeline.settings import Settings
from ocr_pipeline.source import open_source
from ocr_pipeline.stages import CleanPage, PageImage, TableGrid
from ocr_pipeline.warping import source_mask

GREEN, ORANGE, RED, BLUE, MAGENTA = (60, 160, 40), (0, 140, 255), (40, 40, 220), (220, 120, 30), (200, 40, 200)
_LINES_PER_PAGE = 700
"""A drawn line is the page's longer side divided by this: 3 pixels at 200 dpi."""
_JPEG_QUALITY = 85


@dataclass(frozen=True)
class Scene:
    """One page with all that can be drawn on it."""

    image: ColourImage
    clean: CleanPage
    grids: tuple[TableGrid, ...]
    page: Page
    document: Document

    @property
    def paper(self) -> ColourImage:
        """The cleaned page in colour, upright frame."""
        return cv2.cvtColor(self.clean.ink, cv2.COLOR_GRAY2BGR).astype(np.uint8)


def write_drawings(
    document: Document, source: Path, folder: Path, drawings: Sequence[str], settings: Settings
) -> list[Path]:
    """Draw the stages asked for of every page that was read, as folder/page-NNN-<stage>.jpg; the paths written.

    Raises the source's PipelineError when a page cannot be read again, OutputError naming a path.
    """
    make_folder(folder)
    written = []
    with open_source(source, settings.source) as opened:
        for page in document.pages:
            if page.status is PageStatus.FAILED:
                continue
            scene = look_at(opened.read_page(page.index), page, document, settings)
            for name in drawings:
                written.append(_write(folder / f"page-{page.index + 1:03}-{name}.jpg", DRAWERS[name](scene)))
    return written


def look_at(image: PageImage, page: Page, document: Document, settings: Settings) -> Scene:
    """The stages before the reading, once more; tables need no detector of text."""
    grids = analyse_page(image, CannedDetector({}), settings).tables
    return Scene(image.image, clean_page(image, settings), grids, page, document)


def draw_rulings(scene: Scene) -> ColourImage:
    """Ruled lines as they were traced: horizontal ones red, vertical ones blue, a dot at either end."""
    drawn = _paled(scene.paper)
    width = _stroke(drawn)
    for ruling in scene.clean.rulings.horizontal:
        _curve(drawn, ruling, np.array([[1, 0], [0, 1]]), RED, width)
    for ruling in scene.clean.rulings.vertical:
        _curve(drawn, ruling, np.array([[0, 1], [1, 0]]), BLUE, width)
    return drawn


def draw_grid(scene: Scene) -> ColourImage:
    """The cells of each table between their rulings, `row,col` from 1; sides that no ruling supports are red."""
    drawn = _paled(scene.paper)
    width = _stroke(drawn)
    for grid in scene.grids:
        for cell in grid.cells:
            _outline(drawn, cell.quad, GREEN, width)
            _label(drawn, f"{cell.row + 1},{cell.col + 1}", cell.quad.points[0], GREEN, width)
        for cell in grid.cells:
            corners = _corners(cell.quad)
            for side, name in enumerate(("top", "right", "bottom", "left")):
                if name in cell.invented:
                    cv2.line(drawn, corners[side].tolist(), corners[(side + 1) % 4].tolist(), RED, 2 * width)
    return drawn


def draw_cells(scene: Scene) -> ColourImage:
    """The result: cells, blocks, seals; doubtful cells tinted."""
    return overlay_page(scene.image, scene.page, scene.document.tables)


def draw_lines(scene: Scene) -> ColourImage:
    """Lines of running text with their scores; those below 0.9 are orange."""
    drawn = scene.image.copy()
    width = _stroke(drawn)
    for line in (line for block in scene.page.blocks for line in block.lines):
        colour = BLUE if line.score >= 0.9 else ORANGE
        _outline(drawn, line.quad, colour, width)
        _label(drawn, f"{line.score:.2f}", line.quad.points[0], colour, width, above=True)
    return drawn


def draw_order(scene: Scene) -> ColourImage:
    """Blocks numbered in reading order, with their roles, and a line from each to the next; tables with their ids."""
    drawn = scene.image.copy()
    width = _stroke(drawn)
    for table in scene.document.tables:
        for part in table.parts:
            if part.page == scene.page.index:
                _outline(drawn, Quad.of_box(part.box), GREEN, width)
                _label(drawn, f"table {table.id}", (part.box.x0, part.box.y0), GREEN, width, above=True)
    middles = [tuple(round(v) for v in block.box.centre) for block in scene.page.blocks]
    for here, there in pairwise(middles):
        cv2.arrowedLine(drawn, here, there, ORANGE, width, cv2.LINE_AA, tipLength=0.03)
    for number, block in enumerate(scene.page.blocks, start=1):
        _outline(drawn, block.quad, BLUE, width)
        _label(drawn, f"{number} {block.role}", block.quad.points[0], RED, width, above=True)
    return drawn


def draw_seals(scene: Scene) -> ColourImage:
    """Stamps, and the pixels that were taken for their ink, tinted."""
    drawn = scene.image.copy()
    mask = scene.clean.seal_mask
    if mask is not None:
        removed = source_mask(mask, scene.clean.transform) > 0
        drawn[removed] = (0.4 * drawn[removed] + 0.6 * np.array(MAGENTA)).astype(np.uint8)
    for seal in scene.page.seals:
        _outline(drawn, seal.quad, MAGENTA, 2 * _stroke(drawn))
        label = f"{seal.colour} {seal.shape} {seal.score:.2f}"
        _label(drawn, label, seal.quad.points[0], MAGENTA, _stroke(drawn), above=True)
    return drawn


DRAWERS: dict[str, Callable[[Scene], ColourImage]] = {
    "rulings": draw_rulings,
    "grid": draw_grid,
    "cells": draw_cells,
    "lines": draw_lines,
    "order": draw_order,
    "seals": draw_seals,
}


def _write(path: Path, image: ColourImage) -> Path:
    encoded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])[1]
    return write_atomic(path, encoded.tobytes())


def _paled(paper: ColourImage) -> ColourImage:
    """The print in gray, so that what is drawn stands out."""
    return (128 + paper // 2).astype(np.uint8)


def _stroke(image: ColourImage) -> int:
    return max(1, round(max(image.shape[:2]) / _LINES_PER_PAGE))


def _curve(image: ColourImage, ruling: Ruling, axes: np.ndarray[tuple[int, ...], np.dtype[np.int64]],
           colour: tuple[int, int, int], width: int) -> None:  # fmt: skip
    """axes: the image direction (x, y) of along and of across."""
    points = (np.stack([ruling.along, ruling.across], axis=1) @ axes).round().astype(np.int32)
    cv2.polylines(image, [points], False, colour, width, cv2.LINE_AA)
    for end in (points[0], points[-1]):
        cv2.circle(image, end.tolist(), 2 * width, colour, -1, cv2.LINE_AA)


def _corners(quad: Quad) -> np.ndarray[tuple[int, ...], np.dtype[np.int32]]:
    return np.array(quad.points).round().astype(np.int32)


def _outline(image: ColourImage, quad: Quad, colour: tuple[int, int, int], width: int) -> None:
    cv2.polylines(image, [_corners(quad)], True, colour, width, cv2.LINE_AA)


def _label(
    image: ColourImage,
    text: str,
    corner: tuple[float, float],
    colour: tuple[int, int, int],
    width: int,
    above: bool = False,
) -> None:
    """Latin text inside the corner given, or above it, at the drawing's own scale."""
    height = 7 * width + 3
    x, y = round(corner[0]) + 2 * width, round(corner[1]) + (-2 * width if above else height + 2 * width)
    stroke = max(1, width // 2)
    cv2.putText(image, text, (x, max(height, y)), cv2.FONT_HERSHEY_SIMPLEX, height / 22, colour, stroke, cv2.LINE_AA)
