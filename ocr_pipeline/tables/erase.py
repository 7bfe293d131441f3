"""Rulings taken out of the picture, print that touches them left whole."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from ocr_pipeline.geometry import GrayImage, Mask
from ocr_pipeline.stages import CleanPage, TableGrid


@dataclass(frozen=True)
class UnruledPage:
    """The page without its tables' rulings. gray and binary (255 = ink) are in the upright frame."""

    gray: GrayImage
    binary: Mask


def erase_rulings(page: CleanPage, grids: tuple[TableGrid, ...]) -> UnruledPage:
    """Paint the rulings of the tables white; strokes that cross a ruling keep their ink there."""
    if not grids:
        return UnruledPage(page.ink, page.binary)
    near = _near_grid_lines(page, grids)
    grown = np.ones((3, 3), np.uint8)
    rows = cv2.bitwise_and(cv2.dilate(page.rulings.horizontal_mask, grown), near)
    columns = cv2.bitwise_and(cv2.dilate(page.rulings.vertical_mask, grown), near)
    rulings = cv2.bitwise_or(rows, columns)
    print_only = cv2.bitwise_and(page.binary, cv2.bitwise_not(rulings))
    reach = max(3, round(_thickness(page) + 4))
    crossing = cv2.bitwise_or(
        cv2.bitwise_and(rows, _between(print_only, reach, vertical=True)),
        cv2.bitwise_and(columns, _between(print_only, reach, vertical=False)),
    )
    crossing = cv2.bitwise_and(crossing, page.binary)
    erased = cv2.bitwise_and(rulings, cv2.bitwise_not(crossing))
    gray = page.ink.copy()
    gray[erased > 0] = 255
    return UnruledPage(gray, cv2.bitwise_or(print_only, crossing))


def _near_grid_lines(page: CleanPage, grids: tuple[TableGrid, ...]) -> Mask:
    """A band around every side of every cell, so that long strokes inside cells are not taken for rulings."""
    near = np.zeros(page.ink.shape, np.uint8)
    band = max(3, round(0.35 * page.ruling_em))
    for grid in grids:
        for cell in grid.cells:
            corners = np.rint(np.array(cell.quad.points)).astype(np.int32)
            cv2.polylines(near, [corners], True, 255, thickness=band)
    return near


def _thickness(page: CleanPage) -> float:
    every = [r.thickness for r in (*page.rulings.horizontal, *page.rulings.vertical)]
    return float(np.median(every)) if every else 1.0


def _between(ink: Mask, reach: int, *, vertical: bool) -> Mask:
    """255 where there is ink within reach pixels on both sides."""
    kernel = np.ones((reach, 1) if vertical else (1, reach), np.uint8)
    low = (0, 0)
    high = (0, reach - 1) if vertical else (reach - 1, 0)
    return cv2.bitwise_and(cv2.dilate(ink, kernel, anchor=low), cv2.dilate(ink, kernel, anchor=high))
