from __future__ import annotations

import cv2
import numpy as np
import pytest
from clean_pages import DPI, prose_page, table_page
from helpers_drawing import bar, cleaned, em_at, rule, sheet

from ocr_pipeline.clean.background import even_paper, find_ink, is_bilevel
from ocr_pipeline.clean.scale import estimate_text_height
from ocr_pipeline.geometry import GrayImage
from ocr_pipeline.settings import CleanSettings


def shaded(gray: GrayImage, light: np.ndarray) -> GrayImage:
    return np.clip(gray.astype(np.float64) * light, 0, 255).round().astype(np.uint8)


def slope(shape: tuple[int, int], dark: float, *, across: bool = True) -> np.ndarray:
    """Light that falls from 0.97 to dark from one side of the page to the other."""
    fall = np.linspace(0.97, dark, shape[1 if across else 0])
    return np.broadcast_to(fall[None, :] if across else fall[:, None], shape)


@pytest.mark.parametrize("across", [True, False])
@pytest.mark.parametrize("draw", [prose_page, table_page])
def test_uneven_light_is_evened(draw, across: bool) -> None:
    gray = draw()
    even = even_paper(shaded(gray, slope(gray.shape, 0.62, across=across)), DPI, CleanSettings())
    paper = even[gray == 255]
    assert np.percentile(paper, 2) >= 245
    assert even[gray == 0].max() <= 40


def test_the_shade_of_a_binding_is_evened() -> None:
    gray = prose_page()
    light = np.broadcast_to(1 - 0.35 * np.exp(-np.arange(gray.shape[1]) / (0.8 * DPI)), gray.shape)
    even = even_paper(shaded(gray, light), DPI, CleanSettings())
    assert np.percentile(even[gray == 255], 5) >= 240
    assert even[gray == 0].max() <= 40


def test_ink_in_the_shade_is_all_found() -> None:
    gray = prose_page()
    even = even_paper(shaded(gray, slope(gray.shape, 0.5)), DPI, CleanSettings())
    ink = find_ink(even, em_at(DPI), CleanSettings())
    assert np.mean(ink[gray == 0] == 255) > 0.995
    assert np.mean(ink[gray == 255] == 255) < 0.001


def test_a_tinted_table_head_keeps_its_tint() -> None:
    gray = table_page()
    bar(gray, DPI, 0.8 * DPI, 5 * DPI, 1.5 * DPI, level=205)
    even = even_paper(shaded(gray, slope(gray.shape, 0.8)), DPI, CleanSettings())
    tint = even[gray == 205]
    assert tint.mean() < 225


def test_grain_is_no_ink() -> None:
    gray = np.clip(np.random.default_rng(0).normal(238, 5, sheet(DPI).shape), 0, 255).astype(np.uint8)
    ink = find_ink(even_paper(gray, DPI, CleanSettings()), em_at(DPI), CleanSettings())
    assert np.mean(ink > 0) < 1e-3


def mottled(gray: GrayImage, print_level: int, seed: int = 2) -> GrayImage:
    """The page with pale print on fibrous gray paper."""
    fibres = cv2.GaussianBlur(np.random.default_rng(seed).normal(0, 1, gray.shape), (0, 0), 3)
    paper = 185 + 5 * fibres / fibres.std()
    return np.clip(np.where(gray == 0, print_level, paper), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("draw", [prose_page, table_page])
def test_fibres_of_the_paper_are_no_ink_and_pale_print_is(draw) -> None:
    gray = draw()
    even = even_paper(mottled(gray, 130), DPI, CleanSettings())
    ink = find_ink(even, em_at(DPI), CleanSettings())
    assert np.mean(ink[gray == 0] == 255) > 0.99
    assert np.mean(ink[gray == 255] == 255) < 5e-4


def test_fibres_of_the_paper_make_no_rulings_and_pale_ones_are_found() -> None:
    blank = np.full_like(prose_page(), 255)
    assert not cleaned(mottled(blank, 130), DPI).rulings.vertical
    page, plain = cleaned(mottled(table_page(), 130), DPI), cleaned(table_page(), DPI)
    for found, drawn in (
        (page.rulings.horizontal, plain.rulings.horizontal),
        (page.rulings.vertical, plain.rulings.vertical),
    ):
        assert sum(r.length for r in found) == pytest.approx(sum(r.length for r in drawn), rel=0.03)


@pytest.mark.parametrize("dpi", [100, 150, 200, 300])
def test_the_print_is_measured_at_every_resolution(dpi: int) -> None:
    page = cleaned(prose_page(dpi), dpi)
    assert page.text_height == pytest.approx(em_at(dpi), rel=0.12)


def test_the_usual_size_is_taken_where_there_is_no_print() -> None:
    empty = np.zeros((500, 400), np.uint8)
    assert estimate_text_height(empty, 200, CleanSettings()) == pytest.approx(em_at(200))


@pytest.mark.parametrize("specks", [0, 30, 400])
def test_a_blank_page_is_blank_whatever_dust_lies_on_it(specks: int) -> None:
    dpi = 200
    gray = sheet(dpi)
    rng = np.random.default_rng(specks)
    for y, x in rng.integers(10, min(gray.shape) - 10, (specks, 2)):
        gray[y, x : x + rng.integers(1, 3)] = rng.integers(0, 160)
    assert cleaned(gray, dpi).blank


def test_grain_alone_is_blank() -> None:
    gray = np.clip(np.random.default_rng(1).normal(240, 5, sheet(150).shape), 0, 255).astype(np.uint8)
    assert cleaned(gray, 150).blank


def test_a_page_with_one_line_is_not_blank() -> None:
    gray = sheet(200)
    em = em_at(200)
    for i in range(6):
        bar(gray, 300 + i * em, 400, 300 + (i + 0.8) * em, 404)
        bar(gray, 300 + i * em, 420, 300 + (i + 0.8) * em, 424)
    assert not cleaned(gray, 200).blank


def test_an_empty_form_is_not_blank() -> None:
    gray = sheet(200)
    rule(gray, (200, 300), (1400, 300))
    rule(gray, (200, 300), (200, 900))
    assert not cleaned(gray, 200).blank


def test_print_joined_in_pairs_by_a_smear_is_as_high_as_it_is() -> None:
    em = em_at(DPI)
    ink = np.zeros((600, 600), np.uint8)
    for k in range(24):
        x, y = 40 + 140 * (k % 4), 40 + 80 * (k // 4)
        cv2.rectangle(ink, (x, y), (round(x + 1.9 * em), round(y + 0.9 * em)), 255, 2)
    assert estimate_text_height(ink, DPI, CleanSettings()) == pytest.approx(em, rel=0.12)


def bilevel(gray: GrayImage, seed: int = 5) -> GrayImage:
    """The page as black and white, a third of the black pixels lost."""
    lost = np.random.default_rng(seed).random(gray.shape) < 1 / 3
    return np.where((gray < 128) & ~lost, 0, 255).astype(np.uint8)


def test_a_black_and_white_page_is_told_from_a_clean_gray_one() -> None:
    gray = prose_page()
    assert is_bilevel(bilevel(gray), CleanSettings())
    assert not is_bilevel(cv2.GaussianBlur(gray, (0, 0), 0.7).astype(np.uint8), CleanSettings())


def test_hairlines_that_fell_to_dots_are_ruled_and_their_ink_is_whole() -> None:
    gray = sheet(150)
    for k in range(6):
        gray[200 + 60 * k, 150:1000] = 0
        gray[200:500, 150 + 170 * k] = 0
    page = cleaned(bilevel(gray), 150)
    assert sum(r.length for r in page.rulings.horizontal) > 0.95 * 6 * 850
    assert sum(r.length for r in page.rulings.vertical) > 0.95 * 6 * 300
    row = page.binary[200, 150:1000]
    assert np.mean(row > 0) > 0.9
