"""Bent paper set level: drawn pages, bent by known curves."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from helpers_drawing import (
    analysed,
    as_page,
    cleaned,
    digits,
    em_at,
    even,
    grid_lines,
    plain,
    sheet,
    stamp,
    stamped,
    text,
)

from ocr_pipeline.clean.page import clean_page
from ocr_pipeline.geometry import FloatArray, GrayImage
from ocr_pipeline.settings import Settings
from ocr_pipeline.tables.grid import find_tables
from ocr_pipeline.warping import source_mask

DPI = 150
EM = em_at(DPI)
SETTINGS = Settings()
WIDTH, HEIGHT = 1240, 1754
XS, YS = even(150, 235, 4), even(200, 58, 20)
Curve = Callable[[FloatArray], FloatArray]


def page(*, ruled: bool = True) -> GrayImage:
    gray = sheet(DPI, WIDTH / DPI, HEIGHT / DPI)
    if ruled:
        grid_lines(gray, XS, YS, plain(20, 4))
        for row in range(20):
            for col in range(4):
                digits(gray, f"{row * 4 + col}", XS[col] + 2 * EM, YS[row] + 0.6 * EM, EM)
    else:
        for row in range(30):
            text(gray, "三川文大人十口工王二" * 3, 6 * EM, (6 + 2 * row) * EM, EM)
    return gray


def bent(gray: GrayImage, curve: Curve) -> GrayImage:
    """Each column moved down by the curve, a function of -1 to 1 across the page."""
    down = curve(np.linspace(-1, 1, gray.shape[1]))
    x, y = np.meshgrid(np.arange(gray.shape[1], dtype=np.float32), np.arange(gray.shape[0], dtype=np.float32))
    return cv2.remap(gray, x, (y - down).astype(np.float32), cv2.INTER_CUBIC, borderValue=255).astype(np.uint8)


def arch(share: float) -> Curve:
    return lambda t: share * WIDTH * (1 - t**2)


def curl(share: float) -> Curve:
    return lambda t: share * WIDTH * np.exp(-(t + 1) / 0.44)


@pytest.mark.parametrize("curve", [arch(0.01), arch(-0.02), arch(0.045), curl(0.03), curl(-0.05)])
def test_a_table_on_bent_paper_keeps_its_rows_and_cells(curve: Curve) -> None:
    clean = cleaned(bent(page(), curve), DPI)
    (grid,) = find_tables(clean.rulings, clean.binary, clean.ruling_em, SETTINGS.table)
    assert (grid.rows, grid.cols, len(grid.cells)) == (20, 4, 80)
    # Every corner leads back to where it was drawn.
    for row, corners in enumerate(grid.corners):
        source = clean.transform.to_source(corners)
        down = curve(source[:, 0] / (WIDTH - 1) * 2 - 1)
        assert np.abs(source[:, 1] - down - YS[row]).max() <= 0.15 * EM


@pytest.mark.parametrize("curve", [arch(0.01), arch(-0.02), arch(0.045), curl(0.03)])
def test_rulings_are_level_afterwards(curve: Curve) -> None:
    (grid,) = analysed(bent(page(), curve), DPI).tables
    assert max(float(np.ptp([y for _, y in corners])) for corners in grid.corners) <= 0.12 * EM


@pytest.mark.parametrize("curve", [arch(0.03), arch(-0.04)])
def test_lines_of_print_alone_show_a_strong_bend(curve: Curve) -> None:
    clean = cleaned(bent(page(ruled=False), curve), DPI)
    assert clean.transform.bend
    drawn = cleaned(page(ruled=False), DPI)
    assert _unevenness(clean.binary) > 0.7 * _unevenness(drawn.binary)


def _unevenness(ink: GrayImage) -> float:
    return float(np.var(np.count_nonzero(ink, axis=1)))


@pytest.mark.parametrize("ruled", [True, False])
@pytest.mark.parametrize("curve", [arch(0.0), arch(0.002), lambda t: 0.01 * WIDTH * t])
def test_flat_paper_is_not_bent(curve: Curve, ruled: bool) -> None:
    assert cleaned(bent(page(ruled=ruled), curve), DPI).transform.bend == ()


def test_columns_that_begin_at_different_heights_are_no_bend() -> None:
    gray = sheet(DPI, WIDTH / DPI, HEIGHT / DPI)
    for row in range(40):
        for col in range(3):
            text(gray, "三川文大人十口", (4 + 11 * col) * EM, (6 + 1.6 * row + 0.5 * col) * EM, EM)
    assert cleaned(gray, DPI).transform.bend == ()


def test_a_stamp_on_bent_paper_leads_back_to_where_it_is() -> None:
    # The stamp comes after the bend: its place in the photograph is known.
    image = stamped(bent(page(), arch(0.03)), stamp((WIDTH, HEIGHT), (900, 700), 120, (40, 40, 200)))
    clean = clean_page(as_page(image, DPI), SETTINGS)
    assert clean.transform.bend
    (seal,) = clean.seals
    assert np.allclose(seal.quad.box.centre, (900, 700), atol=6)
    assert clean.seal_mask is not None
    there = np.argwhere(source_mask(clean.seal_mask, clean.transform) > 0)
    assert np.allclose((there.min(axis=0) + there.max(axis=0)) / 2, (700, 900), atol=6)
