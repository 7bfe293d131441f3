"""A sheet told from the desk it was photographed on: drawn pictures with known corners."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from helpers_drawing import em_at, sheet, text
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.clean.page import clean_page
from ocr_pipeline.clean.sheet import find_sheet, take_sheet
from ocr_pipeline.geometry import ColourImage
from ocr_pipeline.settings import Settings
from ocr_pipeline.stages import PageImage

DPI = 100
EM = em_at(DPI)
SETTINGS = Settings()
WIDTH, HEIGHT = 827, 1169
DESK = (60, 85, 110)
Corners = tuple[tuple[float, float], ...]


def page() -> ColourImage:
    gray = sheet(DPI, WIDTH / DPI, HEIGHT / DPI)
    for row in range(20):
        text(gray, "三川文大人十口工王二" * 3, 6 * EM, (8 + 2 * row) * EM, EM)
    return cv2.cvtColor(gray, cv2.COLOR_GRAY2BGR).astype(np.uint8)


def photographed(corners: Corners, size: tuple[int, int] = (1000, 1300)) -> ColourImage:
    """The page with its corners there, from the top left clockwise, on a desk."""
    drawn = page()
    height, width = drawn.shape[:2]
    source = np.array([(0, 0), (width - 1, 0), (width - 1, height - 1), (0, height - 1)], np.float32)
    matrix = cv2.getPerspectiveTransform(source, np.array(corners, np.float32))
    desk = np.full((size[1], size[0], 3), DESK, np.uint8)
    return cv2.warpPerspective(drawn, matrix, size, dst=desk, borderMode=cv2.BORDER_TRANSPARENT).astype(np.uint8)


LEANING: Corners = ((110, 90), (880, 60), (930, 1230), (70, 1190))


def test_a_leaning_sheet_is_cut_out_along_its_outline() -> None:
    image = photographed(LEANING)
    found = find_sheet(image, SETTINGS.sheet)
    assert found is not None
    width, height = found.cut.upright_size
    assert height / width == pytest.approx(2**0.5, abs=0.01)
    assert found.dpi == pytest.approx(height / 11.69, rel=0.01)
    # Its rim is left on the desk: 0.6 % of the sheet, 0.3 on each side.
    for corner, upright in zip(found.cut.to_upright(LEANING), ((0, 0), (1, 0), (1, 1), (0, 1)), strict=True):
        aside = corner - np.array(upright) * (width - 1, height - 1)
        assert np.abs(aside).max() <= 0.003 * height + 2.5
    ring = take_sheet(image, found)
    assert min(ring[0].min(), ring[-1].min(), ring[:, 0].min(), ring[:, -1].min()) > 200


@given(st.tuples(*[st.floats(-25, 25)] * 8))
def test_what_is_found_leads_back_to_the_photograph(shifts: tuple[float, ...]) -> None:
    moved = tuple((x + shifts[2 * i], y + shifts[2 * i + 1]) for i, (x, y) in enumerate(LEANING))
    found = find_sheet(photographed(moved), SETTINGS.sheet)
    assert found is not None
    back = found.cut.to_source(found.cut.to_upright(moved))
    assert np.abs(back - np.array(moved)).max() < 0.01
    sides = found.cut.to_upright(moved) / found.cut.upright_size
    assert np.abs(sides - np.array([(0, 0), (1, 0), (1, 1), (0, 1)])).max() < 0.012


@pytest.mark.parametrize(
    "corners",
    [
        ((80, 60), (907, 60), (907, 1229), (80, 1229)),  # straight: a scanner with its lid open
        ((100, 70), (920, 98), (880, 1240), (60, 1212)),  # turned, its sides parallel
        ((-120, -90), (880, -60), (930, 1230), (-140, 1190)),  # half off the picture
        ((300, 400), (560, 380), (580, 760), (280, 740)),  # a slip of paper on a desk
    ],
)
def test_a_sheet_that_is_not_seen_whole_or_does_not_lean_stays(corners: Corners) -> None:
    assert find_sheet(photographed(corners), SETTINGS.sheet) is None


def test_a_scan_is_no_photograph_nor_is_one_with_a_dark_wedge() -> None:
    assert find_sheet(page(), SETTINGS.sheet) is None
    wedge = page()
    cv2.fillPoly(wedge, [np.array([(0, 0), (60, 0), (20, HEIGHT), (0, HEIGHT)])], (20, 20, 20))
    assert find_sheet(wedge, SETTINGS.sheet) is None


def test_a_photographed_page_is_cleaned_as_the_sheet_alone() -> None:
    clean = clean_page(PageImage(0, photographed(LEANING), 96, True), SETTINGS)
    assert clean.dpi_estimated
    # Nothing of the desk is ink, and print keeps its lines: its boxes lead back to where it stands in the photograph.
    rows = np.count_nonzero(clean.binary, axis=1)
    assert rows[: round(4 * clean.text_height)].max() == 0
    ys, xs = np.nonzero(clean.binary)
    box = clean.transform.to_source([(xs.min(), ys.min()), (xs.max(), ys.max())])
    assert np.all(box > 60) and np.all(box < (940, 1240))
