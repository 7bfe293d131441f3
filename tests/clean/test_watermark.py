"""Large pale characters across a page are taken off, other pale things stay."""

from __future__ import annotations

import cv2
import numpy as np
from clean_pages import DPI, prose_page, table_page
from helpers_drawing import bar, cleaned, em_at

from ocr_pipeline.clean.watermark import watermark_depth
from ocr_pipeline.geometry import GrayImage
from ocr_pipeline.settings import CleanSettings

EM = em_at(DPI)


def marked(gray: GrayImage, level: int = 205, size: float = 3.2, count: int = 12) -> GrayImage:
    """The page with rows of four large pale characters (a square, a cross in it) at a slant, beneath its print."""
    mark, side = np.full_like(gray, 255), size * EM
    corners = np.array([(0, 0), (1, 0.3), (0.7, 1.3), (-0.3, 1)])
    middles = (corners + np.roll(corners, -1, axis=0)) / 2
    for k in range(count):
        at = np.array([2 * EM + 1.7 * side * (k % 4), 3 * EM + 2.4 * side * (k // 4) + 0.4 * side * (k % 4)])
        for points in (corners, middles[[0, 2]], middles[[1, 3]]):
            shape = np.rint(at + side * points).astype(np.int32)
            cv2.polylines(mark, [shape], True, level, max(2, round(0.13 * side)))
    return np.minimum(gray, mark)


def test_a_watermark_is_taken_off_and_the_print_stays() -> None:
    gray = prose_page()
    page = marked(gray)
    assert 50 <= watermark_depth(page, EM, CleanSettings()) <= 90
    found, plain = cleaned(page, DPI).binary, cleaned(gray, DPI).binary
    assert np.mean(found[plain > 0] > 0) > 0.98
    beside = cv2.dilate(plain, np.ones((9, 9), np.uint8))
    assert np.count_nonzero(found[beside == 0]) < 0.001 * np.count_nonzero(plain)


def test_pale_print_tinted_rows_and_few_large_characters_are_no_watermark() -> None:
    settings, blank = CleanSettings(), np.full_like(prose_page(), 255)
    tinted = table_page()
    for k in range(6):
        bar(tinted, 60, (100 + 120 * k), 700, 140 + 120 * k, level=205)
    tinted = np.minimum(tinted, table_page())
    small = marked(prose_page(), size=1.0)
    for page in (prose_page(), tinted, small, marked(prose_page(), count=2), marked(blank)):
        assert watermark_depth(page, EM, settings) == 0


def test_a_page_marked_all_over_is_no_page_of_pale_print() -> None:
    page = marked(prose_page(), level=188, size=4.0, count=16)
    assert np.median(page[page < 195]) > 180  # most of what is dark is the watermark
    assert 60 <= watermark_depth(page, EM, CleanSettings()) <= 115
