"""Analysis of a page with running text beside its tables: what becomes a line, and what is seen of it."""

from __future__ import annotations

import numpy as np
import pytest
from helpers_drawing import (
    RED,
    ROWS_DETECTOR,
    as_page,
    digits,
    em_at,
    even,
    grid_lines,
    rule,
    sheet,
    stamp,
    stamped,
    text,
    turned,
)

from ocr_pipeline.analysis import analyse_page
from ocr_pipeline.geometry import Box, ColourImage, GrayImage
from ocr_pipeline.settings import Settings
from ocr_pipeline.stages import Crop, CropKind, PageAnalysis

DPI = 150
EM = em_at(DPI)
LINES = ["口大文王十", "人工三", "文口口大川人"]
TOPS = [150.0, 200.0, 800.0]


def page() -> GrayImage:
    """Two lines above a table and one below it."""
    gray = sheet(DPI, 6, 7)
    for names, top in zip(LINES, TOPS, strict=True):
        text(gray, names, 120, top, EM)
    xs, ys = even(120, 5 * EM, 5), even(300, 2 * EM, 8)
    grid_lines(gray, xs, ys)
    for r in range(8):
        for c in range(5):
            digits(gray, str(r * c), xs[c] + EM, ys[r] + 0.6 * EM, EM)
    return gray


def analysed(image: GrayImage | ColourImage) -> PageAnalysis:
    return analyse_page(as_page(image, DPI), ROWS_DETECTOR, Settings())


def line_crops(found: PageAnalysis) -> list[Crop]:
    return [c for c in found.crops if c.address.kind is CropKind.LINE]


def test_lines_stand_outside_tables_and_are_counted_from_the_top() -> None:
    crops = line_crops(analysed(page()))
    assert [c.address.item for c in crops] == [0, 1, 2]
    for crop, names, top in zip(crops, LINES, TOPS, strict=True):
        assert crop.box.iou(Box(120, top, 120 + len(names) * EM, top + EM)) > 0.75


def test_lines_of_a_crooked_page() -> None:
    found = analysed(turned(page(), 4.0))
    assert [round(c.box.width / EM) for c in line_crops(found)] == [len(names) for names in LINES]
    assert len(found.tables) == 1


def test_crops_of_lines_have_margins_and_only_their_own_ink() -> None:
    crops = line_crops(analysed(page()))
    for crop in crops:
        dark = np.flatnonzero((crop.image < 128).any(axis=0))
        assert dark[0] >= 0.3 * EM
        assert crop.image.shape[1] - dark[-1] >= 0.3 * EM
        assert EM <= crop.image.shape[0] <= 1.8 * EM


@pytest.mark.parametrize("double", [False, True])
def test_the_rule_under_a_heading_is_no_line(double: bool) -> None:
    gray = page()
    for shift in (0, 6) if double else (0,):
        rule(gray, (120, 240 + shift), (820, 240 + shift), 2)
    assert len(line_crops(analysed(gray))) == 3


def test_a_stamp_over_a_line_leaves_the_line() -> None:
    gray = page()
    found = analysed(stamped(gray, stamp((gray.shape[1], gray.shape[0]), (250, 820), 90, RED)))
    assert len(found.seals) == 1
    last = max(line_crops(found), key=lambda c: c.box.y0)
    assert last.box.iou(Box(120, 800, 120 + 6 * EM, 800 + EM)) > 0.7
    assert [grid.rows for grid in found.tables] == [8]


def test_a_stamp_over_a_table_leaves_the_grid() -> None:
    gray = page()
    found = analysed(stamped(gray, stamp((gray.shape[1], gray.shape[0]), (400, 480), 110, RED)))
    assert [(grid.rows, grid.cols, len(grid.cells)) for grid in found.tables] == [(8, 5, 40)]
    assert not any(cell.invented for cell in found.tables[0].cells)


def test_every_address_is_there_once() -> None:
    found = analysed(page())
    assert len({c.address for c in found.crops}) == len(found.crops) == 43
