"""Lines that a feeder's dust draws down a sheet are taken off, rulings and print stay."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from clean_pages import prose_page, table_page
from helpers_drawing import cleaned, digits, em_at, even, grid_lines, sheet, turned

from ocr_pipeline.clean.feeder_lines import without_feeder_lines
from ocr_pipeline.geometry import ColourImage, GrayImage
from ocr_pipeline.settings import FeederLineSettings, Settings
from ocr_pipeline.tables.grid import find_tables

DPI = 150.0
EM = em_at(DPI, Settings().clean.default_em_points)
SETTINGS = FeederLineSettings()
AT = 560


def coloured(gray: GrayImage) -> ColourImage:
    return cv2.cvtColor(gray, cv2.COLOR_GRAY2BGR).astype(np.uint8)


def dusty(gray: GrayImage, level: int, rows: slice = slice(None), step: int = 1, width: int = 2) -> GrayImage:
    """The page with a line down some of its rows; step 2: with as much left blank between its dashes."""
    page = gray.copy()
    drawn = np.arange(len(page))[rows]
    drawn = drawn[(drawn // 30) % step == 0]
    page[drawn, AT : AT + width] = np.minimum(page[drawn, AT : AT + width], level)
    return page


@pytest.mark.parametrize("level", [0, 120, 225])
@pytest.mark.parametrize("rows", [slice(None), slice(900, None), slice(0, 800)])
def test_a_line_that_runs_into_an_edge_is_taken_off(level: int, rows: slice) -> None:
    page = prose_page(DPI)
    found, mask = without_feeder_lines(coloured(dusty(page, level, rows)), EM, SETTINGS)
    assert mask is not None
    drawn = np.zeros(len(page), bool)
    drawn[rows] = True
    assert np.mean(mask[drawn, AT] > 0) > 0.97 and np.count_nonzero(mask[~drawn, AT]) < 0.1 * len(page)
    assert np.count_nonzero(mask[:, : AT - 1]) == np.count_nonzero(mask[:, AT + 3 :]) == 0
    blank = (page == 255).all(axis=1)
    assert found[blank].min() >= 250
    assert np.array_equal(found[:, : AT - 4, 0], page[:, : AT - 4])


def test_dashes_of_a_fax_and_lines_along_the_rows_too() -> None:
    page = prose_page(DPI)
    for made in (dusty(page, 0, step=2, width=1), dusty(page.T, 90).T):
        found, mask = without_feeder_lines(coloured(made), EM, SETTINGS)
        assert mask is not None
        beside = cv2.erode(page, np.ones((9, 9), np.uint8)) == 255
        assert np.mean(found[(made != page) & beside] >= 250) > 0.98


def test_a_line_across_crooked_rulings_parts_no_cell_and_what_it_crosses_is_known() -> None:
    gray, em = sheet(DPI), em_at(DPI)
    xs, ys = even(180, 220, 4), even(300, 90, 7)
    grid_lines(gray, xs, ys)
    for row, y in enumerate(ys[:-1]):
        for col, x in enumerate(xs[:-1]):
            digits(gray, str(100 + 10 * row + col), x + 80, y + 34, em)
    page = cleaned(dusty(turned(gray, 2.4), 100), DPI)
    grids = find_tables(page.rulings, page.binary, page.ruling_em, Settings().table, page.seal_mask)
    assert [(grid.rows, grid.cols) for grid in grids] == [(7, 4)]
    assert page.strays is not None and np.count_nonzero(page.strays) > 1000


def test_nothing_else_is_touched() -> None:
    table, spotted, leaning = table_page(DPI), table_page(DPI), prose_page(DPI)
    specked = np.argwhere(spotted[: round(2 * DPI) + 20] == 0)[0]
    spotted[30:36, int(specked[1]) : int(specked[1]) + 2] = 0  # a speck in the margin, right above a ruling
    cv2.line(leaning, (AT, 0), (AT + 30, len(leaning)), 0, 2)
    bounded = np.full((1700, 1200), 255, np.uint8)  # a table that fills its picture, frame and all
    grid_lines(bounded, even(8, 148, 8), even(8, 76, 22))
    for page in (table, spotted, leaning, bounded, prose_page(DPI), dusty(table, 0)[:600]):
        image = coloured(page)
        found, mask = without_feeder_lines(image, EM, SETTINGS)
        assert found is image and mask is None


def test_settings_that_say_nothing_are_refused() -> None:
    for wrong in ({"bands": 2}, {"edge_em": 0.5}, {"across": 0.0}):
        with pytest.raises(ValueError, match=r"must be|are shares"):
            FeederLineSettings(**wrong)  # type: ignore[arg-type]
