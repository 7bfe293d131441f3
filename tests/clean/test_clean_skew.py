from __future__ import annotations

import cv2
import numpy as np
import pytest
from clean_pages import DPI, prose_page, table_page
from helpers_drawing import cleaned, sheet, turned

ANGLES = [-15.0, -7.3, -2.0, -0.5, 0.25, 1.0, 4.4, 15.0]


@pytest.mark.parametrize("angle", ANGLES)
@pytest.mark.parametrize("draw", [prose_page, table_page])
def test_skew_is_found_within_a_tenth_of_a_degree(draw, angle: float) -> None:
    page = cleaned(turned(draw(), angle), DPI)
    assert page.skew == pytest.approx(angle, abs=0.1)
    assert page.skew_confidence > 0.5


@pytest.mark.parametrize("angle", [-15.0, -1.3, 6.0])
def test_print_stands_upright_afterwards(angle: float) -> None:
    source = turned(table_page(), angle)
    page = cleaned(source, DPI)
    assert abs(cleaned(page.ink, DPI).skew) < 0.1
    assert page.transform.source_size == (source.shape[1], source.shape[0])
    assert page.transform.upright_size == (page.ink.shape[1], page.ink.shape[0])
    # Nothing is lost: what was black is black.
    assert np.count_nonzero(page.ink < 128) == pytest.approx(np.count_nonzero(source < 128), rel=0.06)


def test_the_transform_leads_back_to_the_source() -> None:
    """A table's corner found upright is where its ink is in the source."""
    source = turned(table_page(), 5.0)
    page = cleaned(source, DPI)
    ys, xs = np.nonzero(page.ink < 128)
    first = int(np.argmin(ys + xs))
    (x, y) = page.transform.to_source([(xs[first], ys[first])])[0]
    assert source[round(y) - 2 : round(y) + 3, round(x) - 2 : round(x) + 3].min() < 128


@pytest.mark.parametrize("draw", [prose_page, table_page])
def test_a_straight_white_page_is_untouched(draw) -> None:
    gray = draw()
    page = cleaned(gray, DPI)
    assert np.array_equal(page.ink, gray)
    assert page.transform.is_identity
    assert page.skew == 0.0
    assert page.seal_mask is None


def test_no_print_no_skew() -> None:
    page = cleaned(sheet(DPI), DPI)
    assert page.skew == 0.0
    assert page.skew_confidence == 0.0
    assert page.transform.is_identity


def test_grain_has_no_skew() -> None:
    rng = np.random.default_rng(3)
    gray = np.clip(rng.normal(245, 6, sheet(DPI).shape), 0, 255).astype(np.uint8)
    assert cleaned(gray, DPI).skew == 0.0


@pytest.mark.parametrize("shift", [0.02, -0.018])
def test_keystone_is_set_straight(shift: float) -> None:
    """The page's lower edge is drawn in by a share of its width on either side."""
    gray = table_page()
    height, width = gray.shape
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    moved = corners + np.array([(0, 0), (0, 0), (-shift * width, 0), (shift * width, 0)], np.float32)
    matrix = cv2.getPerspectiveTransform(corners, moved)
    bent = cv2.warpPerspective(gray, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=255)
    page = cleaned(bent, DPI)
    long = [r for r in page.rulings.vertical if r.length > 2 * DPI]
    assert len(long) >= 13
    assert max(abs(r.slope) for r in long) < 0.001
    assert max(abs(r.slope) for r in page.rulings.horizontal if r.length > 2 * DPI) < 0.001
    xs, ys = (1.0 * DPI, 2.0 * DPI)
    found = page.transform.to_upright(cv2.perspectiveTransform(np.array([[(xs, ys)]]), matrix.astype(float))[0])[0]
    assert page.ink[round(found[1]) - 2 : round(found[1]) + 3, round(found[0]) - 2 : round(found[0]) + 3].min() < 128
