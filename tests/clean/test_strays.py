"""Lines that a page's printer did not rule: streaks, folds, the back of the sheet shining through."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from helpers_drawing import analysed, cell_crops, cleaned, digits, even, grid_lines, plain, sheet

from ocr_pipeline.document import Flag
from ocr_pipeline.geometry import GrayImage
from ocr_pipeline.settings import Settings
from ocr_pipeline.stages import PageAnalysis
from ocr_pipeline.tables.grid import find_tables

DPI = 150.0
XS, YS = even(180, 220, 4), even(300, 90, 7)
EM = 25.0


def _page() -> GrayImage:
    """A table of seven rows and four columns with a number in each cell, in the middle of a page."""
    gray = sheet(DPI)
    grid_lines(gray, XS, YS, plain(len(YS) - 1, len(XS) - 1))
    for row, y in enumerate(YS[:-1]):
        for col, x in enumerate(XS[:-1]):
            digits(gray, str(100 + 10 * row + col), x + 80, y + 34, EM)
    return gray


def _shape(gray: GrayImage) -> list[tuple[int, int]]:
    page, settings = cleaned(gray, DPI), Settings()
    grids = find_tables(page.rulings, page.binary, page.ruling_em, settings.table, page.seal_mask)
    return [(grid.rows, grid.cols) for grid in grids]


def _streaked(gray: GrayImage, x: int, level: int) -> GrayImage:
    streaked = gray.copy()
    streaked[:, x : x + 2] = np.minimum(streaked[:, x : x + 2], level)
    return streaked


def _folded(gray: GrayImage, y: int, level: int) -> GrayImage:
    folded = gray.copy()
    folded[y : y + 3] = np.minimum(folded[y : y + 3], level)
    return folded


def _shone_through(gray: GrayImage, share: float) -> GrayImage:
    """The page with its own mirror image on its back, as paper lets it through: pale and diffuse."""
    behind = cv2.GaussianBlur(255 - np.roll(cv2.flip(gray, 1), 70, axis=1), (0, 0), 2.0)
    return np.clip(gray - share * behind.astype(np.float64), 0, 255).astype(np.uint8)


def test_the_page_itself_has_no_strays() -> None:
    page = cleaned(_page(), DPI)
    assert _shape(_page()) == [(7, 4)]
    assert page.strays is None
    assert page.rulings.pale == 0


@pytest.mark.parametrize("level", [40, 120, 190])
@pytest.mark.parametrize("make", [_streaked, _folded])
def test_a_line_from_edge_to_edge_parts_no_cells(make: Callable[[GrayImage, int, int], GrayImage], level: int) -> None:
    gray = make(_page(), 640, level)
    assert _shape(gray) == [(7, 4)]
    assert cleaned(gray, DPI).strays is not None


def test_several_streaks_are_no_columns_of_a_page_with_margins() -> None:
    gray = _page()
    for x in (90, 300, 480, 700, 930, 1150):
        gray = _streaked(gray, x, 60)
    assert _shape(gray) == [(7, 4)]


def test_a_cell_whose_print_is_crossed_says_so() -> None:
    """Beside the print the streak is only taken off."""
    page = analysed(_streaked(_page(), int(XS[1]) + 90, 60), DPI)
    assert Flag.UNREAD_INK in _flags(page, 2, 1)
    assert Flag.UNREAD_INK not in _flags(page, 2, 2)
    beside = _streaked(_page(), int(XS[1]) + 20, 60)
    assert Flag.UNREAD_INK not in _flags(analysed(beside, DPI), 2, 1)


def _flags(page: PageAnalysis, row: int, col: int) -> set[Flag]:
    number = next(i for i, cell in enumerate(page.tables[0].cells) if (cell.row, cell.col) == (row, col))
    return {flag for table, cell, flag in page.cell_flags if (table, cell) == (0, number)}


def test_an_open_table_that_fills_its_picture_keeps_its_rulings() -> None:
    """All its rulings run from edge to edge, past the outermost of those that cross them."""
    gray = np.full((500, 900), 255, np.uint8)
    for y in even(20, 90, 5):
        gray[int(y) : int(y) + 2] = 0
    for x in (300, 600):
        gray[20:472, x : x + 2] = 0
    for y in even(20, 90, 5)[:-1]:
        for x in (10, 340, 640):
            digits(gray, "123", x, y + 34, EM)
    page = cleaned(gray, DPI)
    assert page.strays is None
    assert len(page.rulings.horizontal) == 6


@pytest.mark.parametrize("share", [0.18, 0.22])
def test_the_back_of_the_sheet_is_neither_ruling_nor_print(share: float) -> None:
    gray = _shone_through(_page(), share)
    assert _shape(gray) == [(7, 4)]
    page = analysed(gray, DPI)
    for row in range(7):
        for col in range(4):
            assert len(cell_crops(page, row, col)) == 1
    assert cleaned(gray, DPI).rulings.pale > 0


def test_pale_strokes_one_below_another_are_no_shine() -> None:
    """They are as broad and as long together, but swerve from stroke to stroke."""
    gray = _page()
    for x in (int(XS[1]) + 30, int(XS[3]) + 30):
        for number, y in enumerate(range(int(YS[2]) + 8, int(YS[5]) - 8, 36)):
            left = x + 5 * (number % 2)
            gray[y : y + 36, left : left + 7] = np.minimum(gray[y : y + 36, left : left + 7], 195)
    assert cleaned(gray, DPI).rulings.pale == 0


def test_hairlines_beside_a_bold_frame_are_no_shine() -> None:
    """As pale, after a scan, but no broader than the frame."""
    thin = sheet(DPI)
    grid_lines(thin, XS, YS, plain(len(YS) - 1, len(XS) - 1), thick=1)
    thin = np.clip(255 - 0.25 * (255.0 - thin), 0, 255).astype(np.uint8)
    cv2.rectangle(thin, (int(XS[0]), int(YS[0])), (int(XS[-1]), int(YS[-1])), 0, 4)
    assert _shape(thin) == [(7, 4)]
    assert cleaned(thin, DPI).rulings.pale == 0


@pytest.mark.parametrize("level", [40, 120])
@pytest.mark.parametrize("angle", [-0.8, -0.4, 0.4, 0.8])
@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_a_ruling_along_which_a_streak_runs_stays(angle: float, share: float, level: int) -> None:
    page = _page()
    turn = cv2.getRotationMatrix2D((page.shape[1] / 2, page.shape[0] / 2), angle, 1.0)
    crooked = cv2.warpAffine(page, turn, page.shape[::-1], flags=cv2.INTER_AREA, borderValue=255).astype(np.uint8)
    at = turn @ np.array([XS[2], YS[0] + share * (YS[-1] - YS[0]), 1.0])
    assert _shape(_streaked(crooked, round(float(at[0])), level)) == [(7, 4)]


def test_a_streak_between_rulings_is_none() -> None:
    page = _page()
    turn = cv2.getRotationMatrix2D((page.shape[1] / 2, page.shape[0] / 2), 0.6, 1.0)
    crooked = cv2.warpAffine(page, turn, page.shape[::-1], flags=cv2.INTER_AREA, borderValue=255).astype(np.uint8)
    near = round((XS[1] + XS[2]) / 2)
    assert _shape(_streaked(_streaked(crooked, near, 40), near + 9, 40)) == [(7, 4)]


def test_a_streak_through_the_page_number_is_one() -> None:
    page, x = _page(), XS[2] - 50
    for start in (x - 45, x + 6):
        page[-20:-17, start : start + 40] = 0
    assert _shape(_streaked(page, x, 40)) == [(7, 4)]


def test_a_leaning_line_that_ends_at_the_sheets_own_edges_parts_no_cells() -> None:
    gray = _page()
    height, width = gray.shape
    cv2.line(gray, (620, 0), (640, height - 1), 60, 2)
    for y in (2, height - 4):  # where the sheet ends a scanner sees a shadow
        gray[y : y + 2, 100 : width - 100] = 90
    assert _shape(gray) == [(7, 4)]
    assert cleaned(gray, DPI).strays is not None
