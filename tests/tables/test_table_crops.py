"""Crops keep what the recogniser needs, in the order in which it was printed."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from helpers_drawing import (
    RED,
    analysed,
    bar,
    cell_crops,
    character,
    cleaned,
    digits,
    em_at,
    even,
    grid_lines,
    rule,
    scanned,
    sheet,
    stamp,
    stamped,
    text,
)

from ocr_pipeline.document import Flag
from ocr_pipeline.geometry import Box, GrayImage
from ocr_pipeline.settings import ReadingSettings, Settings
from ocr_pipeline.stages import Crop, PageAnalysis
from ocr_pipeline.tables.erase import erase_rulings
from ocr_pipeline.tables.grid import find_tables

DPI = 200
EM = em_at(DPI)
XS, YS = even(60, 6 * EM, 5), even(60, 3 * EM, 6)
MARGIN = ReadingSettings().margin_side * EM


def form(xs: list[float] = XS, ys: list[float] = YS) -> GrayImage:
    """An empty table with characters enough in its last row to tell the size of its print."""
    gray = sheet(DPI, (xs[-1] + 80) / DPI, (ys[-1] + 80) / DPI)
    grid_lines(gray, xs, ys)
    for x in xs[:-1]:
        text(gray, "口王大", x + 1.2 * EM, ys[-2] + EM, EM)
    return gray


def crops_at(gray: GrayImage, row: int = 1, col: int = 2) -> list[Crop]:
    return cell_crops(analysed(gray, DPI), row, col)


def ink(image: GrayImage) -> Box:
    ys, xs = np.nonzero(image < 128)
    return Box(float(xs.min()), float(ys.min()), float(xs.max() + 1), float(ys.max() + 1))


def blank_sides(image: GrayImage) -> tuple[float, float]:
    box = ink(image)
    return box.x0, image.shape[1] - box.x1


@pytest.mark.parametrize("number", list("0123456789"))
def test_single_digits_keep_margins(number: str) -> None:
    gray = form()
    drawn = digits(gray, number, XS[2] + 2.7 * EM, YS[1] + EM, EM)
    (crop,) = crops_at(gray)
    assert crop.box.iou(drawn) > 0.8
    assert min(blank_sides(crop.image)) >= MARGIN - 3
    assert crop.image.shape[0] >= 1.1 * EM
    found = ink(crop.image)
    assert (found.width, found.height) == pytest.approx((drawn.width, drawn.height), abs=3)
    assert crop.before == ""
    assert not crop.stacked


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_digit_close_to_a_ruling_keeps_its_margin_and_loses_the_ruling(side: str) -> None:
    gray = form()
    digits(gray, "0", XS[2] + 4 if side == "left" else XS[3] - 0.62 * EM, YS[1] + EM, EM)
    (crop,) = crops_at(gray)
    assert min(blank_sides(crop.image)) >= MARGIN - 3
    assert ink(crop.image).width < 0.75 * EM
    assert ink(crop.image).height < 0.85 * EM


def _bold(band: GrayImage, dice: np.random.Generator) -> None:
    """Draw a ruling down a band of eight pixels: six are dark, toner is strewn over the two along its edges."""
    band[:, 1:-1] = 30
    for edge in (0, -1):
        band[dice.random(len(band)) < 0.7, edge] = 60


@pytest.mark.parametrize("blur", [0.8, 1.2])
@pytest.mark.parametrize("side", ["left", "right", "foot"])
def test_pale_print_that_the_blur_joins_to_a_bold_ruling_stays_whole(side: str, blur: float) -> None:
    """It stands on the edge of the ruling, as in cells without margins; the page leans a little, as scans do."""
    gray = form()
    dice = np.random.default_rng(0)
    for x in XS[1:-1]:
        _bold(gray[round(YS[0]) : round(YS[-1]), round(x) - 4 : round(x) + 4], dice)
    for y in YS[1:-1]:
        _bold(gray[round(y) - 4 : round(y) + 4, round(XS[0]) : round(XS[-1])].T, dice)
    digit = np.maximum(digit_alone("0"), 110)
    box = ink(digit)
    digit = digit[int(box.y0) : int(box.y1), int(box.x0) : int(box.x1)]
    height, width = digit.shape
    beside = {"left": XS[2] + 3, "right": XS[3] - 3 - width, "foot": XS[2] + 2.7 * EM}
    x, y = round(beside[side]), round(YS[2] - 3 - height if side == "foot" else YS[1] + EM)
    place = gray[y : y + height, x : x + width]
    np.minimum(place, digit, out=place)
    lean = np.array([[1.0, 0.004, 0.0], [-0.004, 1.0, 0.0]])
    leaning = cv2.warpAffine(gray, lean, gray.shape[::-1], flags=cv2.INTER_LINEAR, borderValue=255)
    (crop,) = crops_at(scanned(leaning.astype(np.uint8), blur))
    strokes = crop.image < 200
    ys, xs = np.nonzero(strokes)
    assert (np.ptp(xs), np.ptp(ys)) == pytest.approx((width, height), abs=3)
    for along in (strokes[round((ys.min() + ys.max()) / 2)], strokes[:, round((xs.min() + xs.max()) / 2)]):
        assert np.count_nonzero(np.diff(along)) == 4, "two strokes and the paper between them"


FOOTLESS = pytest.mark.xfail(strict=True, reason="the ink of print on a ruling is erased with it")


@pytest.mark.parametrize("over", [-4, -3, -2, -1, 0, *(pytest.param(over, marks=FOOTLESS) for over in (2, 4))])
def test_a_digit_on_the_ruling_stays_whole(over: int) -> None:
    """Its foot reaches that many pixels over the middle of a ruling of two pixels."""
    gray = form()
    layer = digit_alone("8")
    box = ink(layer)
    digit = layer[int(box.y0) : int(box.y1), int(box.x0) : int(box.x1)]
    height, width = digit.shape
    y, x = round(YS[2]) + over - height, round(XS[2] + 2.7 * EM)
    place = gray[y : y + height, x : x + width]
    np.minimum(place, digit, out=place)
    (crop,) = crops_at(gray)
    found = ink(crop.image)
    assert found.height >= height - 2
    assert found.width == pytest.approx(width, abs=3)


def thickly_ruled() -> GrayImage:
    gray = sheet(DPI, (XS[-1] + 80) / DPI, (YS[-1] + 80) / DPI)
    for x in XS:
        rule(gray, (x, YS[0]), (x, YS[-1]), 6)
    for y in YS:
        rule(gray, (XS[0], y), (XS[-1], y), 6)
    for x in XS[:-1]:
        text(gray, "口王大", x + 1.2 * EM, YS[-2] + EM, EM)
    return gray


def test_a_thick_ruling_between_print_close_to_it_on_both_sides_goes() -> None:
    gray = thickly_ruled()
    for y in YS[1:4]:
        text(gray, "口口", XS[3] - 3 - 2 * EM, y + EM, EM)
        text(gray, "口口", XS[3] + 3, y + EM, EM)
    page = cleaned(gray, DPI)
    tables = find_tables(page.rulings, page.binary, page.ruling_em, Settings().table)
    bare = erase_rulings(page, tables, ReadingSettings())
    ruling = round(XS[3])
    assert np.all(bare.gray[round(YS[1]) : round(YS[4]), ruling - 3 : ruling + 4] > 200)


@pytest.mark.parametrize("size", [0.75, 1.0])
def test_what_can_be_seen_of_a_figure_half_beneath_a_frame_stays(size: float) -> None:
    gray, thick, seen = sheet(DPI, (XS[-1] + 80) / DPI, (YS[-1] + 80) / DPI), 8, 9
    for stops, ends, across in ((XS, YS, False), (YS, XS, True)):
        for place in stops:
            line = (place, ends[0]), (place, ends[-1])
            rule(
                gray,
                *[point[::-1] if across else point for point in line],
                thick if place in (stops[0], stops[-1]) else 2,
            )
    for y in YS[1:-1]:
        text(gray, "口王大", XS[0] + 1.2 * EM, y + EM, EM)
        digits(gray, "5", XS[-1] - thick / 2 - seen, y + EM, size * EM)
    page = cleaned(cv2.GaussianBlur(gray, (0, 0), 0.7).astype(np.uint8), DPI)
    tables = find_tables(page.rulings, page.binary, page.ruling_em, Settings().table)
    bare = erase_rulings(page, tables, ReadingSettings())
    side = round(XS[-1] - thick / 2)
    place = slice(round(YS[2] + EM), round(YS[2] + (1 + size) * EM)), slice(side - seen, side - 1)
    assert np.array_equal(bare.gray[place] < 128, page.ink[place] < 128)


@pytest.mark.parametrize(("level", "below", "mark"), [(False, 0.4, "/"), (True, 0.3, ""), (True, 0.5, "-")])
def test_a_slash_is_known_wherever_it_stands_a_dash_where_a_line_has_room(level: bool, below: float, mark: str) -> None:
    gray = form()
    x, y = round(XS[2] + 2.7 * EM), round(YS[1] + below * EM)
    if level:
        bar(gray, x, y, x + 0.6 * EM, y + 0.1 * EM)
    else:
        cv2.line(gray, (x, round(y + 0.8 * EM)), (round(x + 0.25 * EM), y), 0, 2)
    (crop,) = crops_at(gray)
    assert crop.mark == mark


def test_lines_come_in_order() -> None:
    gray = form()
    widths = (5, 4, 3)
    tall = form(XS, [*YS[:2], *(y + 4 * EM for y in YS[2:])])
    for line, width in enumerate(widths):
        text(tall, "口王大文人"[:width], XS[2] + 0.4 * EM, YS[1] + (0.8 + 1.6 * line) * EM, EM)
    crops = crops_at(tall)
    assert [round(c.box.width / EM) for c in crops] == list(widths)
    assert [c.before for c in crops] == ["", "\n", "\n"]
    assert [c.address.line for c in crops] == [0, 1, 2]
    assert all(0.8 * EM < ink(c.image).height < 1.1 * EM for c in crops)
    assert gray.shape[1] == tall.shape[1]


@pytest.mark.parametrize("leading", [1.08, 1.2, 1.5, 2.0])
@pytest.mark.parametrize("names", ["三二工王口", "文大人十川"])
def test_lines_at_every_distance_stay_apart(leading: float, names: str) -> None:
    gray = form(XS, [*YS[:2], *(y + 3 * EM for y in YS[2:])])
    for line in range(3):
        text(gray, names, XS[2] + 0.4 * EM, YS[1] + (0.5 + leading * line) * EM, EM)
    crops = crops_at(gray)
    assert [round(c.box.width / EM) for c in crops] == [5, 5, 5]
    tops = [c.box.y0 for c in crops]
    assert np.diff(tops) == pytest.approx([leading * EM] * 2, abs=0.15 * EM)


@pytest.mark.parametrize("count", [2, 3, 4])
@pytest.mark.parametrize("leading", [1.1, 1.5])
def test_characters_below_each_other_are_one_crop(count: int, leading: float) -> None:
    xs = [60, 60 + 6 * EM, 60 + 8 * EM, 60 + 10 * EM, 60 + 16 * EM]
    gray = form(xs, [60, 60 + 3 * EM, 60 + 10 * EM, 60 + 13 * EM, 60 + 16 * EM])
    names = "口文王大"[:count]
    for i, name in enumerate(names):
        character(gray, name, xs[2] + 0.5 * EM, 60 + 3.6 * EM + leading * i * EM, EM)
    (crop,) = cell_crops(analysed(gray, DPI), 1, 2)
    assert crop.stacked
    assert crop.line_lengths == (1,) * count
    assert crop.image.shape[1] > count * 0.9 * EM + 2 * MARGIN - 6
    assert crop.image.shape[0] < 1.7 * EM
    assert crop.box.height == pytest.approx((leading * (count - 1) + 0.9) * EM, abs=0.35 * EM)
    # They stand side by side in the order in which they stood below each other.
    expected = [np.count_nonzero(alone(name) < 128) for name in names]
    columns = np.flatnonzero(np.diff(np.concatenate([[0], (crop.image < 128).any(axis=0), [0]]).astype(np.int8)))
    if len(columns) == 2 * count:
        inks = [np.count_nonzero(crop.image[:, a:b] < 128) for a, b in zip(columns[::2], columns[1::2], strict=True)]
        assert inks == pytest.approx(expected, rel=0.25)


def alone(name: str) -> GrayImage:
    gray = np.full((round(2 * EM), round(2 * EM)), 255, np.uint8)
    character(gray, name, 0.5 * EM, 0.5 * EM, EM)
    return gray


def test_two_numbers_far_apart_are_two_readings() -> None:
    gray = form()
    first = digits(gray, "12", XS[2] + 0.4 * EM, YS[1] + EM, EM)
    second = digits(gray, "7", XS[2] + 5 * EM, YS[1] + EM, EM)
    crops = crops_at(gray)
    assert [c.before for c in crops] == ["", " "]
    assert crops[0].box.iou(first) > 0.8
    assert crops[1].box.iou(second) > 0.8
    assert all(min(blank_sides(c.image)) >= MARGIN - 3 for c in crops)


def test_a_spread_word_is_one_reading_of_usual_width() -> None:
    gray = form()
    for i, name in enumerate("口王大"):
        character(gray, name, XS[2] + (0.4 + 2.1 * i) * EM, YS[1] + EM, EM)
    (crop,) = crops_at(gray)
    assert crop.spread == 3
    assert crop.image.shape[1] < (3 + 2 * 0.85) * EM + 2 * MARGIN + 6


def test_dust_is_no_crop() -> None:
    gray = form()
    rng = np.random.default_rng(0)
    for _ in range(8):
        x, y = rng.uniform(XS[2] + 10, XS[3] - 10), rng.uniform(YS[1] + 10, YS[2] - 10)
        bar(gray, x, y, x + 2, y + 2)
    bar(gray, XS[2] + 3 * EM, YS[1] + EM, XS[2] + 3 * EM + 5, YS[1] + EM + 4)
    assert crops_at(gray) == []


def test_dust_beside_a_digit_is_not_in_its_crop() -> None:
    gray = form()
    drawn = digits(gray, "0", XS[2] + 2.7 * EM, YS[1] + EM, EM)
    bar(gray, XS[2] + 0.6 * EM, YS[1] + 1.6 * EM, XS[2] + 0.6 * EM + 4, YS[1] + 1.6 * EM + 4)
    bar(gray, XS[2] + 5 * EM, YS[1] + 0.5 * EM, XS[2] + 5 * EM + 4, YS[1] + 0.5 * EM + 4)
    (crop,) = crops_at(gray)
    assert crop.box.iou(drawn) > 0.8
    assert np.count_nonzero(crop.image < 128) == pytest.approx(np.count_nonzero(digit_alone("0") < 128), rel=0.1)


def digit_alone(number: str) -> GrayImage:
    gray = np.full((round(2 * EM), round(3 * EM)), 255, np.uint8)
    digits(gray, number, EM, 0.5 * EM, EM)
    return gray


def test_a_decimal_point_stays() -> None:
    gray = form()
    drawn = digits(gray, "3.5", XS[2] + 2 * EM, YS[1] + EM, EM)
    (crop,) = crops_at(gray)
    assert np.count_nonzero(crop.image < 128) == pytest.approx(np.count_nonzero(digit_alone("3.5") < 128), rel=0.05)
    assert crop.box.iou(drawn) > 0.8


@pytest.mark.parametrize("width", [0.5, 1.0, 1.9])
def test_a_dash_stays_a_dash_in_scale(width: float) -> None:
    gray = form()
    bar(gray, XS[2] + 2.5 * EM, YS[1] + 1.5 * EM, XS[2] + (2.5 + width) * EM, YS[1] + 1.5 * EM + 3)
    (crop,) = crops_at(gray)
    assert crop.image.shape[0] >= 1.1 * EM
    found = ink(crop.image)
    assert found.height <= 5
    assert found.width == pytest.approx(width * EM, abs=4)
    # It lies about the middle, where a dash has its place.
    assert found.centre[1] == pytest.approx(crop.image.shape[0] / 2, abs=0.2 * EM)


def test_a_level_one_is_no_ruling() -> None:
    """The character for one is a single stroke, often close to as wide as its cell."""
    xs = [60, 60 + 6 * EM, 60 + 7.6 * EM, 60 + 13 * EM, 60 + 19 * EM]
    gray = form(xs)
    bar(gray, xs[1] + 0.35 * EM, YS[1] + 1.5 * EM, xs[2] - 0.35 * EM, YS[1] + 1.5 * EM + 3)
    page = analysed(gray, DPI)
    assert (page.tables[0].rows, page.tables[0].cols) == (6, 4)
    (crop,) = cell_crops(page, 1, 1)
    assert crop.box.width == pytest.approx(0.9 * EM, abs=5)


def test_print_light_on_dark_is_read_dark_on_light() -> None:
    gray = form()
    bar(gray, XS[2] + 2, YS[1] + 2, XS[3] - 1, YS[2] - 1, level=60)
    layer = np.full_like(gray, 255)
    digits(layer, "42", XS[2] + 2 * EM, YS[1] + EM, EM)
    gray[layer < 128] = 255
    crops = crops_at(gray)
    assert len(crops) == 1
    assert np.median(crops[0].image) > 150
    assert ink(crops[0].image).height == pytest.approx(0.7 * EM, abs=0.15 * EM)


def test_black_print_in_deep_shade_is_read_on_white() -> None:
    """The shade of a hand over a column: darker than a table head, but print in it is darker still."""
    gray = form()
    digits(gray, "42", XS[2] + 2 * EM, YS[1] + EM, EM)
    shade = np.ones(gray.shape)
    under = slice(round(XS[2] - 2 * EM), round(XS[3] + 2 * EM))
    shade[:, under] = np.linspace(0.25, 0.6, under.stop - under.start)
    crops = crops_at((gray * shade).astype(np.uint8))
    assert len(crops) == 1
    assert np.median(crops[0].image) > 200
    assert ink(crops[0].image).height == pytest.approx(0.7 * EM, abs=0.15 * EM)


def test_crops_show_nothing_of_their_neighbours() -> None:
    gray = form()
    for row in range(5):
        for col in range(5):
            digits(gray, str(row + col), XS[col] + 2.7 * EM, YS[row] + EM, EM)
    page = analysed(gray, DPI)
    for row in range(5):
        for col in range(5):
            (crop,) = cell_crops(page, row, col)
            expected = np.count_nonzero(digit_alone(str(row + col)) < 128)
            assert np.count_nonzero(crop.image < 128) == pytest.approx(expected, rel=0.12)


def flagged(page: PageAnalysis, flag: Flag) -> set[tuple[int, int]]:
    cells = page.tables[0].cells
    return {(cells[c].row, cells[c].col) for t, c, f in page.cell_flags if f is flag}


@pytest.mark.parametrize("left", [0, 1], ids=["set without", "worn"])
def test_cells_with_a_side_not_ruled_are_flagged(left: int) -> None:
    """A table that has no ruling at all at a side was set so. left: in how many rows something is left of it."""
    gray = form()
    gray[:, round(XS[-1]) - 3 : round(XS[-1]) + 4] = 255
    for y in YS:
        rule(gray, (XS[-2], y), (XS[-1], y))
    if left:
        rule(gray, (XS[-1], YS[0]), (XS[-1], YS[3]))
    expected = {(r, 4) for r in range(3, 6)} if left else set()
    assert flagged(analysed(gray, DPI), Flag.INVENTED_EDGE) == expected


def under_a_stamp() -> PageAnalysis:
    """A number in each cell, a stamp over the middle ones."""
    gray = form()
    for row in range(5):
        for col in range(5):
            digits(gray, "25", XS[col] + 2.4 * EM, YS[row] + EM, EM)
    centre = (round(XS[2] + 3 * EM), round(YS[2] + 1.4 * EM))
    image = stamped(gray, stamp((gray.shape[1], gray.shape[0]), centre, round(3.6 * EM), RED))
    return analysed(scanned(image), DPI)


def test_cells_under_a_stamp_are_flagged() -> None:
    page = under_a_stamp()
    assert [s.colour for s in page.seals] == ["red"]
    marked = flagged(page, Flag.UNDER_SEAL)
    assert (2, 2) in marked
    assert all(abs(r - 2) <= 1 and abs(c - 2) <= 1 for r, c in marked)


def test_a_stamp_leaves_nothing_to_be_read() -> None:
    page = under_a_stamp()
    numbers = [crop for row in range(5) for col in range(5) for crop in cell_crops(page, row, col)]
    assert len(numbers) == 25
    assert all(crop.box.width < 1.4 * EM for crop in numbers)
