"""Print that the detector saw nothing in is shown to it once more, as ink."""

from __future__ import annotations

import cv2
import numpy as np
from helpers_drawing import digits, em_at, sheet

from ocr_pipeline.clean.page import clean_page
from ocr_pipeline.geometry import Box, GrayImage, Quad
from ocr_pipeline.layout.detect import find_lines, without_tables
from ocr_pipeline.layout.unseen import as_ink, explain, rows_of, unseen_pieces
from ocr_pipeline.settings import Settings
from ocr_pipeline.stages import PageImage, TextLine
from ocr_pipeline.tables.erase import erase_rulings

DPI = 150
EM = em_at(DPI)
SETTINGS = Settings()
TOPS = (100, 160, 220)
LINE = "1234567890 1234567890"


def prose(level: int = 0) -> GrayImage:
    gray = sheet(DPI, 6, 3)
    for top in TOPS:
        digits(gray, LINE, 80, top, EM)
    gray[gray < 128] = level
    return gray


def ink(gray: GrayImage) -> GrayImage:
    mask: GrayImage = np.where(gray < 200, np.uint8(255), np.uint8(0))
    return mask


def rows(gray: GrayImage, *lines: Box) -> list[slice]:
    seen = [TextLine(Quad.of_box(box), 0.9) for box in lines]
    return rows_of(unseen_pieces(ink(gray), seen, [], EM, SETTINGS.reading), EM, gray.shape[0])


def test_lines_that_no_box_covers_are_unseen_and_others_are_not() -> None:
    gray = prose()
    boxes = [Box(80, top, 80 + 22 * 0.6 * EM, top + EM) for top in TOPS]
    assert rows(gray, *boxes) == []
    found = rows(gray)
    assert len(found) >= 1
    assert all(any(part.start <= top and top + 0.7 * EM <= part.stop for part in found) for top in TOPS)
    stamp = unseen_pieces(ink(gray), [], [Box(0, 0, gray.shape[1], gray.shape[0])], EM, SETTINGS.reading)
    assert stamp == []


def test_dust_and_a_word_alone_are_not_worth_a_second_look() -> None:
    dust = sheet(DPI, 6, 3)
    places = np.random.default_rng(3).integers(0, (dust.shape[0], dust.shape[1]), (400, 2))
    dust[places[:, 0], places[:, 1]] = 0
    assert rows(dust) == []
    word = sheet(DPI, 6, 3)
    digits(word, "12345", 80, 100, EM)
    assert rows(word) == []


def test_a_few_words_seen_in_much_grain_are_not_believed() -> None:
    pieces = [Box(100 * i, 0, 100 * i + 80, 20) for i in range(5)]
    lines = [TextLine(Quad.of_box(piece), 0.9) for piece in pieces]
    assert explain(lines[:3], pieces, SETTINGS.reading)
    assert not explain(lines[:2], pieces, SETTINGS.reading)


def test_dots_of_a_needle_printer_run_together() -> None:
    gray = prose()
    dots = np.zeros_like(gray)
    dots[::2, ::2] = 255
    thin = cv2.bitwise_and(ink(gray), dots)
    picture = as_ink(thin, EM)
    assert np.count_nonzero(picture < 128) > 2.5 * np.count_nonzero(thin)


class Nearsighted:
    """A detector that sees one box around everything that is quite black, and nothing in what is pale."""

    name = "nearsighted"

    def detect(self, image: GrayImage, scale: float = 1.0) -> list[tuple[Quad, float]]:
        places = np.argwhere(image < 60)
        if len(places) == 0:
            return []
        (y0, x0), (y1, x1) = places.min(axis=0).tolist(), places.max(axis=0).tolist()
        return [(Quad.of_box(Box(x0, y0, x1 + 1, y1 + 1)), 0.8)]


def test_pale_print_is_found_at_the_second_look() -> None:
    for level, looks in ((0, 1), (140, 2)):
        gray = sheet(DPI, 6, 3)
        digits(gray, LINE, 80, TOPS[0], EM)
        gray[gray < 200] = level
        page = clean_page(PageImage(0, cv2.cvtColor(gray, cv2.COLOR_GRAY2BGR), DPI, False), SETTINGS)
        outside = without_tables(page, erase_rulings(page, (), SETTINGS.reading), ())
        (line,) = find_lines(page, outside, Nearsighted(), SETTINGS.reading)
        assert abs(line.quad.box.x0 - 80) < EM, looks
        assert line.quad.box.width > 18 * 0.5 * EM, looks
