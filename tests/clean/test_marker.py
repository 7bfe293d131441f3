"""Bands of a text marker are taken off; print beneath, stamps, tints and coloured paper stay."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from clean_pages import DPI, prose_page, table_page
from helpers_drawing import em_at

from ocr_pipeline.clean.marker import without_marker
from ocr_pipeline.geometry import ColourImage, GrayImage
from ocr_pipeline.settings import MarkerSettings

EM = em_at(DPI)
SETTINGS = MarkerSettings()
YELLOW, PINK, GREEN, BLUE = (120, 250, 250), (200, 150, 250), (140, 240, 150), (250, 200, 120)


def coloured(gray: GrayImage) -> ColourImage:
    return cv2.cvtColor(gray, cv2.COLOR_GRAY2BGR).astype(np.uint8)


def marked(gray: GrayImage, colour: tuple[int, int, int], size: tuple[float, float] = (12, 1.2)) -> ColourImage:
    """The page with a band of that many characters' length and height over its middle, transparent as a marker is."""
    image = coloured(gray).astype(np.float64)
    y, x = gray.shape[0] // 2, gray.shape[1] // 4
    width, height = (round(length * EM) for length in size)
    image[y : y + height, x : x + width] *= np.array(colour) / 255.0
    return image.astype(np.uint8)


@pytest.mark.parametrize("colour", [YELLOW, PINK, GREEN, BLUE])
@pytest.mark.parametrize("size", [(12, 1.2), (1.2, 12), (20, 0.9)])
@pytest.mark.parametrize("page", [table_page(), prose_page()])
def test_a_band_is_taken_off_and_print_stays(
    page: GrayImage, size: tuple[float, float], colour: tuple[int, int, int]
) -> None:
    cleared = cv2.cvtColor(without_marker(marked(page, colour, size), EM, SETTINGS), cv2.COLOR_BGR2GRAY)
    assert cleared[page == 255].min() >= 250
    assert cleared[page < 40].max() <= 60


def test_what_is_beside_a_band_is_not_touched() -> None:
    page = table_page()
    image = marked(page, PINK)
    cleared = without_marker(image, EM, SETTINGS)
    top, bottom = page.shape[0] // 2 - round(EM), page.shape[0] // 2 + round(2.2 * EM)
    assert np.array_equal(cleared[:top], image[:top])
    assert np.array_equal(cleared[bottom:], image[bottom:])


def stamped() -> ColourImage:
    """A page with a pale red stamp: a rim and a solid star's width in its middle."""
    image = coloured(prose_page())
    middle = (image.shape[1] // 2, image.shape[0] // 2)
    cv2.circle(image, middle, round(5 * EM), (160, 160, 250), round(0.3 * EM))
    cv2.circle(image, middle, round(1.6 * EM), (160, 160, 250), -1)
    return image


def filled(colour: tuple[int, int, int]) -> ColourImage:
    """A page with a filled table head and white print on it."""
    image = coloured(table_page())
    band = np.s_[300 : 300 + round(2 * EM), 100:-100]
    image[band] = colour
    image[300 + round(0.5 * EM) : 300 + round(0.6 * EM), 120:-120] = 255
    return image


@pytest.mark.parametrize(
    "image",
    [
        coloured(table_page()),
        stamped(),
        filled((213, 155, 91)),  # the blue of table heads with white print
        filled((247, 235, 221)),  # a head's faint tint
        np.minimum(coloured(prose_page()), np.array([190, 230, 245], np.uint8)),  # yellowed paper
        marked(table_page(), YELLOW, (2.0, 1.0)),  # no longer than a stamp's star
    ],
)
def test_other_colours_are_the_very_same(image: ColourImage) -> None:
    assert without_marker(image, EM, SETTINGS) is image


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 50, 3), (50, 2, 3)])
def test_small_pictures_are_no_trouble(shape: tuple[int, int, int]) -> None:
    image = np.full(shape, 200, np.uint8)
    assert without_marker(image, EM, SETTINGS) is image


def test_settings_are_checked() -> None:
    for wrong in ({"chroma": 0}, {"bright": 256}, {"length_em": 0}, {"edge_em": -1}, {"share": 1}, {"most_share": 0}):
        with pytest.raises(ValueError, match=r"must (not )?be"):
            MarkerSettings(**wrong)  # type: ignore[arg-type]
