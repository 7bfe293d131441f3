"""Stripes over the whole sheet are taken off, and nothing else is touched."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from clean_pages import DPI, prose_page, table_page
from helpers_drawing import em_at

from ocr_pipeline.clean.stripes import without_stripes
from ocr_pipeline.geometry import ColourImage, GrayImage
from ocr_pipeline.settings import StripeSettings

EM = em_at(DPI)
SETTINGS = StripeSettings()


def coloured(gray: GrayImage) -> ColourImage:
    return cv2.cvtColor(gray, cv2.COLOR_GRAY2BGR).astype(np.uint8)


def shades(length: int, depth: float, every_em: float = 1.3) -> np.ndarray:
    """The share of light that is left in each column beneath stripes that fade to both sides."""
    phase = np.arange(length) * (2 * np.pi / (every_em * EM))
    return 1 - depth * np.clip(np.sin(phase), 0, 1)


def striped(gray: GrayImage, along: int, depth: float = 0.3) -> GrayImage:
    factors = shades(gray.shape[1 - along], depth)
    return np.rint(gray * (factors[None] if along == 0 else factors[:, None])).astype(np.uint8)


@pytest.mark.parametrize("along", [0, 1])
@pytest.mark.parametrize("page", [table_page(), prose_page()])
def test_stripes_along_either_side_are_taken_off_and_print_stays(page: GrayImage, along: int) -> None:
    found = without_stripes(coloured(striped(page, along)), EM, SETTINGS)[..., 0]
    assert np.abs(found.astype(int) - page)[page == 255].max() <= 3
    assert np.abs(found.astype(int) - page)[page < 128].max() <= 3


def test_stripes_both_ways_are_taken_off() -> None:
    page = table_page()
    found = without_stripes(coloured(striped(striped(page, 0), 1)), EM, SETTINGS)[..., 0]
    assert np.abs(found.astype(int) - page)[page == 255].max() <= 6


def test_uneven_light_beneath_stripes_stays_for_the_next_step() -> None:
    page = np.rint(table_page() * np.linspace(0.7, 1.0, table_page().shape[1])[None]).astype(np.uint8)
    found = without_stripes(coloured(striped(page, 0)), EM, SETTINGS)[..., 0]
    assert int(found[5, 5]) == pytest.approx(int(page[5, 5]), abs=20)
    assert int(found[5, -5]) == pytest.approx(int(page[5, -5]), abs=20)


def test_pages_without_stripes_are_the_very_same() -> None:
    framed = table_page()
    framed[:, 30:33] = 0  # an edge of the sheet, as dark as stripes ever are, but one
    light = np.rint(table_page() * np.linspace(0.6, 1.0, table_page().shape[1])[None]).astype(np.uint8)
    noise = np.random.default_rng(3).normal(235, 15, table_page().shape).clip(0, 255)
    grainy = np.minimum(table_page(), noise.astype(np.uint8))
    zebra = table_page()
    zebra[400:-100:60, 100:-100] = 200
    for page in (table_page(), prose_page(), framed, light, grainy, zebra):
        image = coloured(page)
        assert without_stripes(image, EM, SETTINGS) is image


@pytest.mark.parametrize("depth", [0.0, 0.02])
def test_stripes_hardly_darker_than_the_paper_are_left(depth: float) -> None:
    image = coloured(striped(table_page(), 0, depth))
    assert without_stripes(image, EM, SETTINGS) is image


def test_small_pictures_are_no_trouble() -> None:
    for shape in ((1, 1, 3), (2, 50, 3), (50, 2, 3)):
        image = np.full(shape, 200, np.uint8)
        assert without_stripes(image, 20.0, SETTINGS) is image


def test_settings_are_checked() -> None:
    for wrong in ({"step": 0}, {"paper": 1.0}, {"widest_em": 0}, {"darker": 0}, {"least_share": 1}, {"most_gain": 1}):
        with pytest.raises(ValueError, match="must be"):
            StripeSettings(**wrong)  # type: ignore[arg-type]
