"""Rulings taken out of the picture, print that touches them left whole."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from ocr_pipeline.clean.line_masks import ink_on_both_sides
from ocr_pipeline.geometry import Box, GrayImage, Mask
from ocr_pipeline.settings import ReadingSettings
from ocr_pipeline.stages import CleanPage, TableGrid
from ocr_pipeline.tables.touching import TouchingPrint, touching_print

Window = tuple[slice, slice]
"""Rows and columns of the page."""
_BESIDE = 4
"""Pixels: what is erased beside a ruling's core on either side, and the first pixel of a stroke beyond."""


@dataclass(frozen=True)
class UnruledPage:
    """The page without its tables' rulings, upright frame. binary: 255 = ink; erased: 255 where a ruling was."""

    gray: GrayImage
    binary: Mask
    erased: Mask | None = None


def erase_rulings(page: CleanPage, grids: tuple[TableGrid, ...], settings: ReadingSettings) -> UnruledPage:
    """Paint the rulings of the tables white; strokes that cross a ruling keep their ink there.

    What was traced as a ruling goes wherever it lies near a cell's side; in a narrow core along each side all ink
    goes, because a worn ruling leaves crumbs that were never traced and would read as dashes and ones.
    """
    if not grids:
        return UnruledPage(page.ink, page.binary)
    reach = max(3, round(_thickness(page) + settings.ruling_core_em * page.ruling_em + _BESIDE))
    # Only what lies around the tables is looked at: the page can be much larger.
    window = _window(page, grids, reach + settings.near_ruling_em * page.ruling_em)
    part = _part(page, grids, window, reach, settings)
    gray, binary, mask = page.ink.copy(), page.binary.copy(), np.zeros_like(page.binary)
    erased = cv2.bitwise_and(part.rulings, cv2.bitwise_not(part.crossing)).astype(np.uint8, copy=False)
    gray[window] = cv2.bitwise_or(page.ink[window], erased)
    binary[window] = cv2.bitwise_or(part.print_only, part.crossing)
    if part.touching is not None:
        soft = cv2.bitwise_and(part.touching.soft, erased) > 0
        gray[window][soft] = part.touching.gray[soft]
        binary[window] |= part.touching.mask
        erased[soft] = 0
    mask[window] = erased
    return UnruledPage(gray, binary, mask)


@dataclass(frozen=True)
class _Part:
    """A window of the page, each mask 255. rulings: all that is to be erased; print_only: the ink off it; crossing: the
    ink of print that crosses it; touching: the print that reaches up to rulings."""

    rulings: Mask
    print_only: Mask
    crossing: Mask
    touching: TouchingPrint | None


def _part(
    page: CleanPage, grids: tuple[TableGrid, ...], window: Window, reach: int, settings: ReadingSettings
) -> _Part:
    """What is to be erased of a window of the page, and what is print there."""
    grown = np.ones((3, 3), np.uint8)
    near = settings.near_ruling_em * page.ruling_em
    core = settings.ruling_core_em * page.ruling_em
    traced = (page.rulings.horizontal_mask[window], page.rulings.vertical_mask[window])
    bands = zip(traced, _bands_along_sides(grids, window, near, core=False), strict=True)
    cores = _bands_along_sides(grids, window, core, core=True)
    rows, columns = (
        cv2.bitwise_or(cv2.bitwise_and(cv2.dilate(mask, grown), band), narrow)
        for (mask, band), narrow in zip(bands, cores, strict=True)
    )
    binary = page.binary[window]
    rulings = cv2.bitwise_or(rows, columns)
    print_only = cv2.bitwise_and(binary, cv2.bitwise_not(rulings)).astype(np.uint8, copy=False)
    # What crosses a ruling comes right up to it on both sides: print that keeps off it by a pixel does not.
    meeting = cv2.bitwise_and(print_only, cv2.dilate(rulings, grown)).astype(np.uint8, copy=False)
    crossing = cv2.bitwise_or(
        cv2.bitwise_and(rows, ink_on_both_sides(meeting, reach, vertical=True)),
        cv2.bitwise_and(columns, ink_on_both_sides(meeting, reach, vertical=False)),
    )
    crossing = cv2.bitwise_and(crossing, binary).astype(np.uint8, copy=False)
    touching = touching_print(page.ink[window], print_only, rows, columns, page.ruling_em, settings)
    return _Part(rulings, print_only, crossing, touching)


def _window(page: CleanPage, grids: tuple[TableGrid, ...], margin: float) -> Window:
    box = Box.around(grid.box for grid in grids).expanded(margin + _thickest(grids)).clipped(*page.ink.shape[::-1])
    return slice(int(box.y0), math.ceil(box.y1)), slice(int(box.x0), math.ceil(box.x1))


def _thickest(grids: tuple[TableGrid, ...]) -> float:
    return max(max((*grid.row_thickness, *grid.col_thickness), default=0.0) for grid in grids)


def _bands_along_sides(grids: tuple[TableGrid, ...], window: Window, width: float, *, core: bool) -> tuple[Mask, Mask]:
    """Bands along the horizontal and the vertical sides of every cell, in a window of the page: width pixels, for the
    core plus the ruling's own thickness."""
    top, left = window[0].start, window[1].start
    shape = (window[0].stop - top, window[1].stop - left)
    rows, columns = np.zeros(shape, np.uint8), np.zeros(shape, np.uint8)
    for grid in grids:
        corners = np.rint(np.array(grid.corners)).astype(np.int32) - np.array([left, top], np.int32)
        for i, first, last in _row_sides(grid):
            thick = max(1, round(width + (grid.row_thickness[i] if core else 0)))
            cv2.polylines(rows, [np.ascontiguousarray(corners[i, first : last + 1])], False, 255, thickness=thick)
        for j, first, last in _column_sides(grid):
            thick = max(1, round(width + (grid.col_thickness[j] if core else 0)))
            cv2.polylines(columns, [np.ascontiguousarray(corners[first : last + 1, j])], False, 255, thickness=thick)
    return rows, columns


def _row_sides(grid: TableGrid) -> list[tuple[int, int, int]]:
    """Row boundary, first and last column boundary of each side, once where two cells share it."""
    return sorted({(i, c.col, c.col + c.col_span) for c in grid.cells for i in (c.row, c.row + c.row_span)})


def _column_sides(grid: TableGrid) -> list[tuple[int, int, int]]:
    """Column boundary, first and last row boundary of each side, once where two cells share it."""
    return sorted({(j, c.row, c.row + c.row_span) for c in grid.cells for j in (c.col, c.col + c.col_span)})


def _thickness(page: CleanPage) -> float:
    every = [r.thickness for r in (*page.rulings.horizontal, *page.rulings.vertical)]
    return float(np.median(every)) if every else 1.0
