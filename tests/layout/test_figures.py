"""Pictures told from print, frames and the sheet's edge: drawn pages with known answers."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from helpers_drawing import cleaned, digits, em_at, sheet, text

from ocr_pipeline.geometry import Box, GrayImage, Quad
from ocr_pipeline.layout.detect import without_tables
from ocr_pipeline.layout.figures import find_figures
from ocr_pipeline.settings import Settings
from ocr_pipeline.stages import TextLine
from ocr_pipeline.tables.erase import erase_rulings
from ocr_pipeline.tables.grid import find_tables

DPI = 150
EM = em_at(DPI)
SETTINGS = Settings()
LEFT, TOP, WIDTH, HEIGHT = round(6 * EM), round(12 * EM), round(14 * EM), round(9 * EM)
Draw = Callable[[GrayImage], None]


def page(draw: Draw) -> GrayImage:
    """Six lines of print, with room between the third and the fourth."""
    gray = sheet(DPI, 5.5, 7.0)
    for row in range(3):
        for top in (3 * EM + row * 1.8 * EM, 26 * EM + row * 1.8 * EM):
            text(gray, "三川文大人十口工王二" * 2, 4 * EM, top, EM)
    draw(gray)
    return gray


def photograph(gray: GrayImage) -> None:
    tones = np.linspace(60, 170, WIDTH, dtype=np.float64)[None].repeat(HEIGHT, axis=0)
    tones += np.random.default_rng(0).normal(0, 12, tones.shape)
    gray[TOP : TOP + HEIGHT, LEFT : LEFT + WIDTH] = np.clip(tones, 0, 255)


def chart(gray: GrayImage) -> None:
    """Two axes and a thin curve."""
    foot = TOP + HEIGHT
    cv2.line(gray, (LEFT, TOP), (LEFT, foot), 30, 2)
    cv2.line(gray, (LEFT, foot), (LEFT + WIDTH, foot), 30, 2)
    x = np.arange(0, WIDTH, 4)
    y = foot - HEIGHT * (0.15 + 0.8 * (x / WIDTH) ** 2 + 0.05 * np.sin(x / EM))
    points = np.stack([LEFT + x, y], axis=1).round().astype(np.int32)
    cv2.polylines(gray, [points], False, 30, 4)


def code(gray: GrayImage) -> None:
    """Squares black and white, as of a code to be scanned."""
    side = round(0.4 * EM)
    squares = np.random.default_rng(1).random((HEIGHT // side, HEIGHT // side)) < 0.5
    dots = np.where(squares, 20, 255).astype(np.uint8).repeat(side, axis=0).repeat(side, axis=1)
    gray[TOP : TOP + dots.shape[0], LEFT : LEFT + dots.shape[1]] = dots


def nothing(gray: GrayImage) -> None:
    del gray


def framed_print(gray: GrayImage) -> None:
    cv2.rectangle(gray, (LEFT, TOP), (LEFT + WIDTH, TOP + HEIGHT), 30, 2)
    text(gray, "三川文大人十口工", LEFT + 2 * EM, TOP + 4 * EM, EM)


def table(gray: GrayImage) -> None:
    for row in range(5):
        cv2.line(gray, (LEFT, TOP + row * HEIGHT // 4), (LEFT + WIDTH, TOP + row * HEIGHT // 4), 30, 2)
    for col in range(4):
        cv2.line(gray, (LEFT + col * WIDTH // 3, TOP), (LEFT + col * WIDTH // 3, TOP + HEIGHT), 30, 2)
    for row in range(4):
        digits(gray, "25", LEFT + EM, TOP + row * HEIGHT / 4 + 0.7 * EM, EM)


def shadow(gray: GrayImage) -> None:
    gray[:, : round(4 * EM)] = np.minimum(gray[:, : round(4 * EM)], 120)


def found(gray: GrayImage, lines: tuple[TextLine, ...] = ()) -> tuple[Box, ...]:
    clean = cleaned(gray, DPI)
    grids = find_tables(clean.rulings, clean.binary, clean.ruling_em, SETTINGS.table)
    outside = without_tables(clean, erase_rulings(clean, grids, SETTINGS.reading), grids)
    return find_figures(clean, outside, lines, SETTINGS.figures)


@pytest.mark.parametrize("draw", [photograph, chart, code])
def test_a_picture_is_found_where_it_is(draw: Draw) -> None:
    (box,) = found(page(draw))
    wide = HEIGHT if draw is code else WIDTH
    truth = Box(LEFT, TOP, LEFT + wide, TOP + HEIGHT)
    assert box.intersection(truth) / (box.area + truth.area - box.intersection(truth)) > 0.85


@pytest.mark.parametrize("draw", [nothing, framed_print, table, shadow])
def test_print_frames_tables_and_the_sheets_edge_are_no_pictures(draw: Draw) -> None:
    assert found(page(draw)) == ()


def test_what_lines_of_text_cover_is_text() -> None:
    lines = tuple(
        TextLine(Quad.of_box(Box(LEFT, TOP + row * 1.5 * EM, LEFT + WIDTH, TOP + (row * 1.5 + 1) * EM)), 0.9)
        for row in range(6)
    )
    assert found(page(photograph), lines) == ()


def test_a_code_in_the_corner_is_a_picture_and_what_reaches_the_edge_is_none() -> None:
    side, away = round(0.4 * EM), round(0.9 * EM)
    squares = np.random.default_rng(1).random((17, 17)) < 0.5
    dots = np.where(squares, 20, 255).astype(np.uint8).repeat(side, axis=0).repeat(side, axis=1)

    def pictures(corner: int) -> int:
        gray = sheet(DPI, 5.5, 7.0)
        for row in range(6):
            text(gray, "三川文大人十口工王二" * 2, 4 * EM, 12 * EM + row * 1.8 * EM, EM)
        gray[corner : corner + dots.shape[0], corner : corner + dots.shape[1]] = dots
        return len(found(gray))

    assert pictures(away) == 1
    assert pictures(0) == 0
