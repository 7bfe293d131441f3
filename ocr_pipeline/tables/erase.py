"""Rulings taken out of the picture, print that touches them left whole."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from ocr_pipeline.geometry import GrayImage, Mask
from ocr_pipeline.settings import ReadingSettings
from ocr_pipeline.stages import CleanPage, TableGrid


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
    grown = np.ones((3, 3), np.uint8)
    near_rows, near_columns = _bands_along_sides(page, grids, settings.near_ruling_em * page.ruling_em, core=False)
    core_rows, core_columns = _bands_along_sides(page, grids, settings.ruling_core_em * page.ruling_em, core=True)
    rows = cv2.bitwise_or(cv2.bitwise_and(cv2.dilate(page.rulings.horizontal_mask, grown), near_rows), core_rows)
    columns = cv2.bitwise_or(cv2.bitwise_and(cv2.dilate(page.rulings.vertical_mask, grown), near_columns), core_columns)
    rulings = cv2.bitwise_or(rows, columns)
    print_only = cv2.bitwise_and(page.binary, cv2.bitwise_not(rulings))
    reach = max(3, round(_thickness(page) + 2 * settings.ruling_core_em * page.ruling_em + 3))
    crossing = cv2.bitwise_or(
        cv2.bitwise_and(rows, _between(print_only, reach, vertical=True)),
        cv2.bitwise_and(columns, _between(print_only, reach, vertical=False)),
    )
    crossing = cv2.bitwise_and(crossing, page.binary)
    erased = cv2.bitwise_and(rulings, cv2.bitwise_not(crossing))
    gray = page.ink.copy()
    gray[erased > 0] = 255
    return UnruledPage(gray, cv2.bitwise_or(print_only, crossing), erased)


def _bands_along_sides(page: CleanPage, grids: tuple[TableGrid, ...], width: float, *, core: bool) -> tuple[Mask, Mask]:
    """Bands along the horizontal and the vertical sides of every cell: width pixels, for the core plus the ruling's
    own thickness."""
    rows, columns = np.zeros(page.ink.shape, np.uint8), np.zeros(page.ink.shape, np.uint8)
    for grid in grids:
        corners = np.rint(np.array(grid.corners)).astype(np.int32)
        for cell in grid.cells:
            bottom, right = cell.row + cell.row_span, cell.col + cell.col_span
            for i in (cell.row, bottom):
                thick = max(1, round(width + (grid.row_thickness[i] if core else 0)))
                cv2.polylines(
                    rows, [np.ascontiguousarray(corners[i, cell.col : right + 1])], False, 255, thickness=thick
                )
            for j in (cell.col, right):
                thick = max(1, round(width + (grid.col_thickness[j] if core else 0)))
                cv2.polylines(
                    columns, [np.ascontiguousarray(corners[cell.row : bottom + 1, j])], False, 255, thickness=thick
                )
    return rows, columns


def _thickness(page: CleanPage) -> float:
    every = [r.thickness for r in (*page.rulings.horizontal, *page.rulings.vertical)]
    return float(np.median(every)) if every else 1.0


def _between(ink: Mask, reach: int, *, vertical: bool) -> Mask:
    """255 where there is ink within reach pixels on both sides."""
    kernel = np.ones((reach, 1) if vertical else (1, reach), np.uint8)
    low = (0, 0)
    high = (0, reach - 1) if vertical else (reach - 1, 0)
    return cv2.bitwise_and(cv2.dilate(ink, kernel, anchor=low), cv2.dilate(ink, kernel, anchor=high))
