"""Folds of the sheet are divided out: print and rulings beneath them stay, nothing of them passes for a ruling."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest
from clean_pages import prose_page, table_page
from helpers_drawing import cleaned, digits, em_at, even, grid_lines, sheet, turned

from ocr_pipeline.clean.folds import without_folds
from ocr_pipeline.clean.lines import Ruling, Rulings
from ocr_pipeline.clean.strays import without_remains
from ocr_pipeline.geometry import ColourImage, FloatArray, GrayImage
from ocr_pipeline.settings import FoldSettings, Settings, SettingsError
from ocr_pipeline.tables.grid import find_tables

DPI = 150.0
EM = em_at(DPI, Settings().clean.default_em_points)
SETTINGS = FoldSettings()


def coloured(gray: GrayImage) -> ColourImage:
    return cv2.cvtColor(gray, cv2.COLOR_GRAY2BGR).astype(np.uint8)


def crease(width: int, at: float, lean: float, bend: float = 0.0) -> FloatArray:
    """Where a fold lies in each column: rows, pixels."""
    x = np.arange(width)
    course: FloatArray = at + lean * (x - width / 2) + bend * np.sin(np.pi * x / width)
    return course


def folded(gray: GrayImage, course: FloatArray, depth: FloatArray | float = 0.45, core: float = 2.0) -> GrayImage:
    """The page with a fold that takes so much of the light along its course, less and less to both sides."""
    away = np.arange(len(gray))[:, None] - course[None]
    light = 1 - depth * np.exp(-((away / core) ** 2)) - 0.08 * np.exp(-((away / 40) ** 2))
    return np.rint(gray * light).astype(np.uint8)


@pytest.mark.parametrize("upright", [False, True])
@pytest.mark.parametrize(("lean", "bend"), [(0.02, 0.0), (-0.012, 0.0), (0.006, 4.0), (0.0, -4.0)])
def test_a_fold_is_taken_off_and_the_print_beneath_it_stays(lean: float, bend: float, upright: bool) -> None:
    page = prose_page(DPI)
    drawn = page.T if upright else page
    course = crease(drawn.shape[1], 0.4 * len(drawn), lean, bend)
    made = folded(drawn, course)
    found = without_folds(coloured(made.T if upright else made), EM, SETTINGS)
    image, core, dark = found.image[..., 1], found.core, found.dark
    assert core is not None and dark is not None
    if upright:
        image, core, dark = image.T, core.T, dark.T
    near = np.abs(np.arange(len(drawn))[:, None] - course[None]) <= 8
    blank = cv2.erode(drawn, np.ones((5, 5), np.uint8)) == 255
    assert np.mean(image[near & blank] >= 225) > 0.995, "something of the fold is left"
    assert np.mean(image[near & (drawn < 60)] < 128) > 0.97, "print beneath is lost"
    rows = np.argmax(core, axis=0), len(core) - np.argmax(core[::-1], axis=0)
    assert np.mean((rows[0] <= course) & (course < rows[1])) > 0.98
    assert np.count_nonzero(dark) > 0 and np.count_nonzero(dark & ~core) == 0


def test_a_fold_that_is_deeper_here_and_less_deep_there() -> None:
    page = prose_page(DPI)
    course = crease(page.shape[1], 0.6 * len(page), 0.01)
    depth = np.interp(np.arange(page.shape[1]), np.linspace(0, page.shape[1], 9), [3, 5, 4, 6, 3, 2, 4, 6, 5]) / 10
    image = without_folds(coloured(folded(page, course, depth[None])), EM, SETTINGS).image[..., 1]
    near = np.abs(np.arange(len(page))[:, None] - course[None]) <= 8
    blank = cv2.erode(page, np.ones((5, 5), np.uint8)) == 255
    assert np.mean(image[near & blank] >= 225) > 0.99


def test_a_ruling_along_which_a_fold_lies_stays() -> None:
    gray = sheet(DPI)
    row = 800
    cv2.line(gray, (160, row), (1080, row), 0, 2)
    course = crease(gray.shape[1], row, 0.006)
    image = without_folds(coloured(folded(gray, course)), EM, SETTINGS).image[..., 1]
    on_it = np.abs(course - row) <= 3
    on_it[:165] = on_it[1075:] = False
    assert np.count_nonzero(on_it) > 400
    assert np.mean(image[row - 2 : row + 3, on_it].min(axis=0) < 100) > 0.97
    beside = np.r_[image[row - 12 : row - 4, 200:1000].ravel(), image[row + 5 : row + 12, 200:1000].ravel()]
    assert np.mean(beside >= 225) > 0.99


@pytest.mark.parametrize("page", [table_page(), prose_page(DPI), sheet(DPI)])
def test_a_page_without_folds_is_the_very_same(page: GrayImage) -> None:
    image = coloured(page)
    found = without_folds(image, EM, SETTINGS)
    assert found.image is image and found.core is None and found.dark is None


def test_grain_shadows_of_the_edge_and_lines_that_stop_are_no_folds() -> None:
    page = prose_page(DPI)
    grainy = np.clip(page + np.random.default_rng(3).normal(0, 12, page.shape), 0, 255).astype(np.uint8)
    edge = page.copy()
    edge[:, :3] = 90
    stops = page.copy()
    cv2.line(stops, (0, 700), (800, 708), 100, 3)
    for image in map(coloured, (grainy, edge, stops)):
        assert without_folds(image, EM, SETTINGS).image is image


def test_what_a_scanner_draws_is_left_to_those_that_know_the_rulings() -> None:
    page = prose_page(DPI)
    for made in (folded(page.T, crease(len(page), 500, 0.0)).T, page.copy()):
        if made.flags["OWNDATA"]:
            cv2.line(made, (0, 690), (made.shape[1], 715), 0, 3)  # opaque: nothing to be divided out
        image = coloured(np.ascontiguousarray(made))
        assert np.array_equal(without_folds(image, EM, SETTINGS).image, image)


def test_pictures_of_a_table_alone_are_left() -> None:
    gray = np.full((420, 700), 255, np.uint8)
    for y in range(10, 420, 40):
        cv2.line(gray, (0, y), (699, y + 5), 60, 2)
    image = coloured(gray)
    assert without_folds(image, EM, SETTINGS).image is image
    large = coloured(cv2.resize(gray, None, fx=2, fy=3, interpolation=cv2.INTER_AREA).astype(np.uint8))
    assert without_folds(large, EM, SETTINGS).image is large, "a margin full of rulings"


def test_folds_across_a_crooked_table_part_no_row() -> None:
    gray, em = sheet(DPI), em_at(DPI)
    xs, ys = even(180, 220, 4), even(300, 90, 9)
    grid_lines(gray, xs, ys)
    for row, y in enumerate(ys[:-1]):
        for col, x in enumerate(xs[:-1]):
            digits(gray, str(100 + 10 * row + col), x + 80, y + 34, em)
    made = turned(gray, 1.1)
    for at, lean in ((500, 0.015), (760, -0.02)):
        made = folded(made, crease(made.shape[1], at, lean), 0.5)
    page = cleaned(made, DPI)
    grids = find_tables(page.rulings, page.binary, page.ruling_em, Settings().table, page.seal_mask)
    assert [(grid.rows, grid.cols) for grid in grids] == [(9, 4)]
    assert page.strays is not None and np.count_nonzero(page.strays) > 1000


def test_pale_lines_in_a_crease_are_no_rulings() -> None:
    blank = np.zeros((100, 200), np.uint8)
    creases = blank.copy()
    creases[48:53] = 255

    def line(at: float, depth: float) -> Ruling:
        return Ruling(np.array([10.0, 190.0]), np.full(2, at), 2.0, depth=depth)

    kept = (line(20, 220), line(50, 200), line(80, 210))
    rulings = Rulings((*kept, line(51, 60)), (), blank, blank, blank, blank)
    settings = Settings().ruling
    assert without_remains(rulings, creases, settings).horizontal == kept
    assert without_remains(rulings, None, settings) is rulings
    pale = replace(rulings, horizontal=tuple(replace(ruling, depth=60.0) for ruling in rulings.horizontal))
    assert without_remains(pale, creases, settings) is pale, "all rulings of the page are pale"


@pytest.mark.parametrize(
    "wrong", [{"border_em": 3.0}, {"seen": 0.0}, {"paper": 0.2}, {"most_depth": 0.5}, {"dark": 1.0}]
)
def test_settings_are_checked(wrong: dict[str, float]) -> None:
    with pytest.raises(SettingsError):
        FoldSettings(**wrong)
