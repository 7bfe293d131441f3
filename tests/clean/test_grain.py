"""Grain and pepper are taken off pages covered with them; print, points and other pages stay."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from clean_pages import DPI, prose_page, table_page
from helpers_drawing import cleaned, em_at

from ocr_pipeline.clean.background import paper_grain
from ocr_pipeline.clean.grain import without_grain
from ocr_pipeline.clean.lines import Ruling
from ocr_pipeline.geometry import GrayImage
from ocr_pipeline.settings import GrainSettings

SETTINGS = GrainSettings()


def grainy(gray: GrayImage, sigma: float) -> GrayImage:
    noise = np.random.default_rng(1).normal(0, sigma, gray.shape)
    return np.clip(gray + noise, 0, 255).astype(np.uint8)


def peppered(gray: GrayImage, share: float) -> GrayImage:
    page, dice = gray.copy(), np.random.default_rng(2).random(gray.shape)
    page[dice < share] = 0
    return page


@pytest.mark.parametrize("sigma", [20.0, 40.0])
def test_coarse_grain_is_smoothed_and_print_stays(sigma: float) -> None:
    page = table_page()
    noisy = grainy(page, sigma)
    smooth, grain = without_grain(noisy, SETTINGS)
    assert grain == paper_grain(smooth) < 0.4 * paper_grain(noisy)
    plain, found = cleaned(page, DPI).rulings, cleaned(noisy, DPI).rulings
    assert [round(r.middle) for r in found.horizontal if _is_long(r)] == pytest.approx(
        [round(r.middle) for r in plain.horizontal if _is_long(r)], abs=1
    )
    assert len([r for r in found.vertical if _is_long(r)]) == 13


def _is_long(ruling: Ruling) -> bool:
    return ruling.end - ruling.start > 10 * em_at(DPI)


@pytest.mark.parametrize("share", [0.01, 0.03])
def test_pepper_is_taken_off_and_print_stays(share: float) -> None:
    page = prose_page()
    clear, _ = without_grain(peppered(page, share), SETTINGS)
    print_near = cv2.erode(page, np.ones((7, 7), np.uint8)) < 128
    assert np.mean(clear[~print_near] < 128) < 0.03 * share
    assert np.mean(clear[page < 128] < 128) > 0.93


def test_points_stay_among_pepper() -> None:
    page = np.full((600, 600), 255, np.uint8)
    page[100:500:40, 100:500:40] = 0
    for right, below in ((0, 1), (1, 0), (1, 1)):
        page[100 + below : 500 : 40, 100 + right : 500 : 40] = 0
    points = page == 0
    clear, _ = without_grain(np.minimum(page, peppered(np.full_like(page, 255), 0.01)), SETTINGS)
    assert np.mean(clear[points] == 0) > 0.98


@pytest.mark.parametrize("page", [table_page(), prose_page(), grainy(table_page(), 4.0), peppered(prose_page(), 2e-4)])
def test_other_pages_are_the_very_same(page: GrayImage) -> None:
    same, grain = without_grain(page, SETTINGS)
    assert same is page
    assert grain == paper_grain(page)


@pytest.mark.parametrize("shape", [(2, 40), (40, 2), (17, 17)])
def test_small_pictures_are_no_trouble(shape: tuple[int, int]) -> None:
    image = np.full(shape, 255, np.uint8)
    assert without_grain(image, SETTINGS)[0] is image


def test_settings_are_checked() -> None:
    wrongs = ({"band": 2}, {"every": 0}, {"pepper_depth": 0}, {"least_pepper": 0}, {"pepper_pixels": 0})
    for wrong in (*wrongs, {"least_grain": 0}, {"grain_levels": 0}, {"window": 1}, {"reach": 0}):
        with pytest.raises(ValueError, match="must be"):
            GrainSettings(**wrong)  # type: ignore[arg-type]
