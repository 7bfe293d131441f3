"""White on black is reversed; other dark pictures are not."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from clean_pages import DPI, prose_page, table_page
from helpers_drawing import em_at

from ocr_pipeline.clean.negative import positive
from ocr_pipeline.geometry import ColourImage, GrayImage
from ocr_pipeline.settings import NegativeSettings

EM = em_at(DPI)
SETTINGS = NegativeSettings()


def coloured(gray: GrayImage) -> ColourImage:
    return cv2.cvtColor(gray, cv2.COLOR_GRAY2BGR).astype(np.uint8)


@pytest.mark.parametrize("page", [table_page(), prose_page()])
@pytest.mark.parametrize("ground", [0, 60])
def test_a_negative_is_reversed(page: GrayImage, ground: int) -> None:
    negative = np.maximum(255 - page, ground).astype(np.uint8)
    assert np.array_equal(positive(coloured(negative), EM, SETTINGS), coloured(255 - negative))


def sheet_on_a_dark_desk() -> GrayImage:
    """A small sheet in a large dark picture."""
    picture = np.full((1400, 1100), 30, np.uint8)
    picture[100:600, 100:500] = table_page()[200:700, 100:500]
    return picture


@pytest.mark.parametrize(
    "page", [table_page(), prose_page(), sheet_on_a_dark_desk(), np.zeros((800, 600), np.uint8), np.full((9, 9), 10)]
)
def test_other_pictures_are_the_very_same(page: GrayImage) -> None:
    image = coloured(page.astype(np.uint8))
    assert positive(image, EM, SETTINGS) is image


def test_settings_are_checked() -> None:
    for wrong in ({"dark": 200}, {"least_dark": 1}, {"broad_em": 0}):
        with pytest.raises(ValueError, match="must be"):
            NegativeSettings(**wrong)  # type: ignore[arg-type]
