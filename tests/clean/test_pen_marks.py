"""Rings and lines of a coloured pen are taken off; coloured print, rulings and stamps stay."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from clean_pages import DPI, prose_page, table_page
from helpers_drawing import em_at

from ocr_pipeline.clean.page import clean_page
from ocr_pipeline.clean.pen_marks import without_pen_marks
from ocr_pipeline.clean.seal_colour import stamp_inks
from ocr_pipeline.geometry import ColourImage, GrayImage, Mask
from ocr_pipeline.settings import PenSettings, SealSettings, Settings
from ocr_pipeline.stages import PageImage

EM = em_at(DPI)
RED, BLUE = (40, 40, 210), (170, 60, 20)
WIDE = max(2, round(0.12 * EM))


def coloured(gray: GrayImage) -> ColourImage:
    return cv2.cvtColor(gray, cv2.COLOR_GRAY2BGR).astype(np.uint8)


def drawn(image: ColourImage, stroke: ColourImage) -> ColourImage:
    """Strokes over print, as transparent as ink is."""
    return np.minimum(image, stroke).astype(np.uint8)


def blank(image: ColourImage) -> ColourImage:
    return np.full_like(image, 255)


def taken(image: ColourImage) -> tuple[GrayImage, Mask | None]:
    gray = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY).astype(np.uint8)
    inks = stamp_inks(image, EM, SealSettings())
    return without_pen_marks(image, gray, None, inks, EM, (PenSettings(), SealSettings()))


@pytest.mark.parametrize("colour", [RED, BLUE])
def test_a_line_through_rows_is_taken_off_and_rulings_stay(colour: tuple[int, int, int]) -> None:
    page = coloured(table_page())
    stroke = blank(page)
    x = round(DPI + 4.7 * EM)
    cv2.line(stroke, (x, round(2 * DPI - EM)), (x + 6, round(2 * DPI + 9 * EM)), colour, WIDE, cv2.LINE_AA)
    gray, marks = taken(drawn(page, stroke))
    assert marks is not None
    inked = stroke.min(axis=2) < 120
    assert np.mean(marks[inked] > 0) > 0.95
    plain = table_page()
    assert np.mean(gray[inked & (plain > 200)] > 180) > 0.95
    assert np.mean(gray[plain < 60] < 140) > 0.97


def test_a_ring_round_a_number_is_taken_off() -> None:
    page = coloured(table_page())
    stroke = blank(page)
    centre = (round(DPI + 7.5 * EM), round(2 * DPI + 5.5 * EM))
    cv2.ellipse(stroke, centre, (round(1.5 * EM), round(0.95 * EM)), 0, 10, 360, RED, WIDE, cv2.LINE_AA)
    gray, marks = taken(drawn(page, stroke))
    assert marks is not None
    inked = stroke.min(axis=2) < 120
    assert np.mean(gray[inked & (table_page() > 200)] > 180) > 0.95


def test_cells_that_a_mark_lies_on_are_told() -> None:
    page = coloured(table_page())
    stroke = blank(page)
    cv2.line(stroke, (round(DPI + 4.7 * EM), 2 * round(DPI) - 10), (round(DPI + 4.7 * EM), 500), RED, WIDE)
    found = clean_page(PageImage(0, drawn(page, stroke), DPI, False), Settings(), None)
    assert found.strays is not None
    along = found.strays[260:480, round(DPI + 4.7 * EM)]
    assert np.mean(along == 255) > 0.9
    assert not any(abs(ruling.middle - (DPI + 4.7 * EM)) < 3 for ruling in found.rulings.vertical)


def ruled_in(colour: tuple[int, int, int]) -> ColourImage:
    """A form whose rulings are coloured and whose print, black, runs over some of them."""
    image = coloured(np.full_like(table_page(), 255))
    for k in range(12):
        y = 200 + round(2 * k * EM)
        cv2.line(image, (100, y), (800, y), colour, 2)
        cv2.line(image, (100 + 50 * k, 200), (100 + 50 * k, 200 + round(22 * EM)), colour, 2)
        cv2.putText(image, "1234567", (110, y + 5), cv2.FONT_HERSHEY_SIMPLEX, 0.7, (0, 0, 0), 2)
    return image


def tinted() -> ColourImage:
    """Black print on pink paper."""
    return np.minimum(coloured(table_page()), np.array([190, 190, 240], np.uint8)).astype(np.uint8)


def lettered() -> ColourImage:
    """Words in colour between black ones."""
    image = coloured(prose_page())
    for k in range(6):
        cv2.putText(image, "BLACK red words BLACK", (100, 300 + 60 * k), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (0, 0, 0), 2)
        image[270 + 60 * k : 310 + 60 * k, 200:330][image[270 + 60 * k : 310 + 60 * k, 200:330, 0] < 128] = RED
    return image


def framed() -> ColourImage:
    """A table ruled in black inside a red frame."""
    image = coloured(table_page())
    cv2.rectangle(image, (round(DPI) - 8, round(2 * DPI) - 8), (950, 1100), RED, 3)
    return image


def underlined() -> ColourImage:
    """A red rule below a heading, as letterheads have: no print stands next to it."""
    image = coloured(prose_page())
    image[60:64, 100:800] = RED
    return image


@pytest.mark.parametrize(
    "image", [coloured(table_page()), tinted(), ruled_in(RED), ruled_in(BLUE), lettered(), framed(), underlined()]
)
def test_other_colours_stay(image: ColourImage) -> None:
    gray, marks = taken(image)
    assert marks is None
    assert np.array_equal(gray, cv2.cvtColor(image, cv2.COLOR_BGR2GRAY))


def test_settings_are_checked() -> None:
    for wrong in ({"length_em": 0}, {"black": 255}, {"crossings": 0}, {"rulings": 1}, {"hole": 1}, {"inside": 0}):
        with pytest.raises(ValueError, match="must be"):
            PenSettings(**wrong)  # type: ignore[arg-type]
