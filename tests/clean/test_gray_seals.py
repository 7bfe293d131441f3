"""Stamps without colour, as copiers leave them."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from clean_pages import DPI, prose_page, table_page
from helpers_drawing import cleaned, scanned

from ocr_pipeline.clean.lines import Ruling, Rulings
from ocr_pipeline.clean.seal_gray import _is_of_a_table
from ocr_pipeline.geometry import ColourImage, GrayImage
from ocr_pipeline.stages import CleanPage

CENTRE = (500, 600)
COPIED = 110
"""Gray level of a copied stamp."""


def pressed(gray: GrayImage, layer: GrayImage) -> ColourImage:
    """A copied stamp on a page, scanned. layer: its ink dark on white."""
    page = (gray.astype(np.uint16) * layer // 255).astype(np.uint8)
    return scanned(cv2.cvtColor(page, cv2.COLOR_GRAY2BGR), 0.8)


def frame(shape: tuple[int, ...], width: int, height: int, lean: float, *, lettered: bool = True) -> GrayImage:
    """A framed stamp in the middle of a page; lean: degrees clockwise."""
    layer = np.full(shape, 255, np.uint8)
    x, y = CENTRE[0] - width // 2, CENTRE[1] - height // 2
    cv2.rectangle(layer, (x, y), (x + width, y + height), COPIED, 4)
    if lettered:
        where = (x + width // 8, y + height // 2 + 12)
        cv2.putText(layer, "GONE", where, cv2.FONT_HERSHEY_SIMPLEX, width / 130, COPIED, 5, cv2.LINE_AA)
    turn = cv2.getRotationMatrix2D(CENTRE, -lean, 1.0)
    return cv2.warpAffine(layer, turn, (shape[1], shape[0]), borderValue=(255,)).astype(np.uint8)


def told(page: CleanPage) -> list[tuple[str, str]]:
    return [(seal.shape, seal.colour) for seal in page.seals]


@pytest.mark.parametrize(("a", "b"), [(100, 100), (106, 71)])
def test_a_round_one_is_told_and_its_ink_is_left_alone(a: int, b: int) -> None:
    gray = prose_page()
    layer = np.full(gray.shape, 255, np.uint8)
    cv2.ellipse(layer, CENTRE, (a, b), 4, 0, 360, COPIED, 5, cv2.LINE_AA)
    for turn in range(-120, 121, 24):
        at = np.deg2rad(turn)
        x, y = CENTRE[0] + 0.76 * a * np.sin(at), CENTRE[1] - 0.76 * b * np.cos(at)
        cv2.putText(layer, "R", (round(x) - 9, round(y) + 9), cv2.FONT_HERSHEY_SIMPLEX, 0.8, COPIED, 3, cv2.LINE_AA)
    page = cleaned(pressed(gray, layer), DPI)
    assert told(page) == [("round" if a == b else "oval", "grey")]
    assert page.seals[0].quad.box.centre == pytest.approx(CENTRE, abs=4)
    assert np.median(page.ink[layer < 130]) < 160
    assert page.seal_mask is not None
    assert np.mean(page.seal_mask[layer < 150] > 0) > 0.9


@pytest.mark.parametrize("draw", [prose_page, table_page])
@pytest.mark.parametrize("size", [(300, 150), (130, 130), (170, 70)])
@pytest.mark.parametrize("lean", [-13.0, -7.0, 5.0, 8.0])
def test_a_framed_one_askew_is_told(draw, size: tuple[int, int], lean: float) -> None:
    gray = draw()
    page = cleaned(pressed(gray, frame(gray.shape, *size, lean)), DPI)
    assert told(page) == [("square", "grey")]
    corners = np.array(page.seals[0].quad.points)
    assert corners.mean(axis=0) == pytest.approx(CENTRE, abs=5)
    sides = sorted(float(np.hypot(*(corners[i] - corners[i - 1]))) for i in range(4))
    assert sides == pytest.approx(sorted(2 * size), abs=10)


def test_a_framed_one_on_a_crooked_page_is_told_in_source_pixels() -> None:
    gray = prose_page()
    image = pressed(gray, frame(gray.shape, 300, 150, 9.0))
    turn = cv2.getRotationMatrix2D(CENTRE, 4.0, 1.0)
    image = cv2.warpAffine(image, turn, (gray.shape[1], gray.shape[0]), borderValue=(255, 255, 255)).astype(np.uint8)
    page = cleaned(image, DPI)
    assert page.skew == pytest.approx(4.0, abs=0.1)
    assert told(page) == [("square", "grey")]
    assert page.seals[0].quad.box.centre == pytest.approx(CENTRE, abs=5)
    top = np.array(page.seals[0].quad.points)
    assert np.degrees(np.arctan2(*(top[1] - top[0])[::-1])) == pytest.approx(5.0, abs=1.0)


@pytest.mark.parametrize("lean", [0.0, 0.5])
def test_a_box_that_stands_with_the_page_is_none(lean: float) -> None:
    gray = prose_page()
    box = frame(gray.shape, 300, 150, lean)
    gray[505:695, 330:670] = 255
    assert cleaned(pressed(gray, box), DPI).seals == ()


@pytest.mark.parametrize("lean", [-2.5, -1.5, 0.0, 0.6, 1.5])
def test_one_that_hardly_leans_is_told_by_the_print_across_it(lean: float) -> None:
    gray = prose_page()
    page = cleaned(pressed(gray, frame(gray.shape, 303, 153, lean)), DPI)
    assert told(page) == [("square", "grey")]
    assert page.seals[0].quad.box.centre == pytest.approx(CENTRE, abs=5)


def test_a_box_with_print_along_one_side_is_none() -> None:
    gray = prose_page()
    gray[505:695, 330:640] = 255
    assert cleaned(pressed(gray, frame(gray.shape, 300, 150, 0.0)), DPI).seals == ()


def test_a_small_table_is_none() -> None:
    gray = prose_page()
    gray[430:780, 230:770] = 255
    for row in range(4):
        cv2.line(gray, (350, 500 + 60 * row), (650, 500 + 60 * row), 0, 3)
    for column in range(4):
        cv2.line(gray, (350 + 100 * column, 500), (350 + 100 * column, 680), 0, 3)
        if column < 3:
            cv2.putText(gray, "271", (360 + 100 * column, 540), cv2.FONT_HERSHEY_SIMPLEX, 0.9, 0, 2, cv2.LINE_AA)
    assert cleaned(pressed(gray, np.full_like(gray, 255)), DPI).seals == ()


@pytest.mark.parametrize(
    ("end", "lean", "of_a_table"),
    [(500.0, 0.0, True), (215.0, 0.0, False), (500.0, 0.06, False)],
    ids=["its top runs on", "print leads its top on", "a ruling crosses its top"],
)
def test_a_frame_whose_side_goes_on_as_a_ruling_is_a_column_of_a_table(
    end: float, lean: float, of_a_table: bool
) -> None:
    corners = np.array([(100, 50), (180, 50), (180, 400), (100, 400)], np.float32)
    along = np.array([90.0, end])
    top = Ruling(along, 50 + lean * (along - 90), 3.0)
    sides = [Ruling(np.array([50.0, 400.0]), np.array([x, x]), 2.0) for x in (100.0, 180.0)]
    nothing = np.zeros((1, 1), np.uint8)
    rulings = Rulings((top,), tuple(sides), nothing, nothing, nothing, nothing)
    assert _is_of_a_table(corners, rulings, 20.0) is of_a_table


def test_a_round_one_beside_a_filled_disc_is_told() -> None:
    gray = prose_page()
    layer = np.full(gray.shape, 255, np.uint8)
    cv2.circle(layer, CENTRE, 100, COPIED, 5, cv2.LINE_AA)
    for turn in range(-120, 121, 24):
        at = np.deg2rad(turn)
        where = round(CENTRE[0] + 76 * np.sin(at)) - 9, round(CENTRE[1] - 76 * np.cos(at)) + 9
        cv2.putText(layer, "R", where, cv2.FONT_HERSHEY_SIMPLEX, 0.8, COPIED, 3, cv2.LINE_AA)
    for x, y, radius in ((250, 1000, 100), (560, 1020, 92), (800, 300, 110)):
        cv2.circle(layer, (x, y), radius, 100, -1, cv2.LINE_AA)
    page = cleaned(pressed(gray, layer), DPI)
    assert told(page) == [("round", "grey")]
    assert page.seals[0].quad.box.centre == pytest.approx(CENTRE, abs=4)


def test_an_empty_frame_is_none() -> None:
    gray = np.full_like(prose_page(), 255)
    gray[:400] = prose_page()[:400]
    assert cleaned(pressed(gray, frame(gray.shape, 300, 150, 8.0, lettered=False)), DPI).seals == ()


def test_a_picture_askew_is_none() -> None:
    gray = prose_page()
    layer = frame(gray.shape, 300, 150, 7.0)
    inside = cv2.warpAffine(
        cv2.rectangle(np.full(gray.shape, 255, np.uint8), (360, 535), (640, 665), 80, -1),
        cv2.getRotationMatrix2D(CENTRE, -7.0, 1.0),
        (gray.shape[1], gray.shape[0]),
        borderValue=(255,),
    )
    assert cleaned(pressed(gray, np.minimum(layer, inside).astype(np.uint8)), DPI).seals == ()


def test_cells_of_a_table_askew_on_its_page_are_none() -> None:
    gray = prose_page()
    layer = np.full(gray.shape, 255, np.uint8)
    for row in range(6):
        cv2.line(layer, (250, 450 + 60 * row), (750, 450 + 60 * row), 0, 2)
    for column in range(6):
        cv2.line(layer, (250 + 100 * column, 450), (250 + 100 * column, 750), 0, 2)
    turn = cv2.getRotationMatrix2D(CENTRE, -6.0, 1.0)
    layer = cv2.warpAffine(layer, turn, (gray.shape[1], gray.shape[0]), borderValue=(255,)).astype(np.uint8)
    gray[430:780] = 255
    assert cleaned(pressed(gray, layer), DPI).seals == ()
