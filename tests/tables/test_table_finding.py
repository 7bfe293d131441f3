"""Worn, open and doubled rulings; what is a table and what is none."""

from __future__ import annotations

import numpy as np
import pytest
from helpers_drawing import (
    BARS,
    STROKES,
    analysed,
    cjk_face,
    covered_once,
    digits,
    em_at,
    even,
    grid_lines,
    layout_of,
    plain,
    printed,
    prose,
    rule,
    sheet,
    text,
    turned,
)

from ocr_pipeline.geometry import Box, GrayImage
from ocr_pipeline.stages import CropKind, PageAnalysis

DPI = 150
EM = em_at(DPI)
XS, YS = even(60, 4 * EM, 6), even(80, 2.2 * EM, 8)


def table(*, thick: int = 2, filled: bool = True) -> GrayImage:
    """A table of 8 rows and 6 columns with a number in every cell."""
    gray = sheet(DPI, 5.5, 4.5)
    grid_lines(gray, XS, YS, thick=thick)
    if filled:
        fill(gray)
    return gray


def fill(gray: GrayImage) -> None:
    for r in range(8):
        for c in range(6):
            digits(gray, str(37 * (r + 1) * (c + 1)), XS[c] + EM, YS[r] + 0.7 * EM, EM)


def layouts(page: PageAnalysis) -> list[tuple[int, int, int]]:
    """rows, columns, cells of each table."""
    assert all(covered_once(grid) for grid in page.tables)
    return [(grid.rows, grid.cols, len(grid.cells)) for grid in page.tables]


def wipe(gray: GrayImage, x: float, y: float, width: float, height: float) -> None:
    gray[round(y) : round(y + height), round(x) : round(x + width)] = 255


@pytest.mark.parametrize("thick", [1, 2, 4])
def test_a_plain_table(thick: int) -> None:
    page = analysed(table(thick=thick), DPI)
    assert layouts(page) == [(8, 6, 48)]
    assert not any(cell.invented for cell in page.tables[0].cells)
    assert not page.cell_flags
    for cell in page.tables[0].cells:
        assert cell.box.x0 == pytest.approx(XS[cell.col] + thick / 2, abs=1.6)
        assert cell.box.y1 == pytest.approx(YS[cell.row + 1] - thick / 2, abs=1.6)


@pytest.mark.parametrize("angle", [-4.0, 0.7, 11.0])
def test_a_crooked_table_has_its_cells_in_place_on_the_source(angle: float) -> None:
    gray = table(thick=2)
    source = turned(gray, angle)
    page = analysed(source, DPI)
    assert layouts(page) == [(8, 6, 48)]
    turn = np.deg2rad(angle)
    middle = np.array([(gray.shape[1] - 1) / 2, (gray.shape[0] - 1) / 2])
    target = np.array([(source.shape[1] - 1) / 2, (source.shape[0] - 1) / 2])
    back = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    for cell in page.tables[0].cells:
        drawn = np.array([(XS[cell.col], YS[cell.row]), (XS[cell.col + 1], YS[cell.row + 1])])
        expected = (drawn - middle) @ back.T + target
        corners = page.transform.quad_to_source(cell.quad).points
        assert np.allclose([corners[0], corners[2]], expected, atol=2.5)


@pytest.mark.parametrize("gap", [0.3, 0.5, 0.8, 1.2])
def test_gaps_in_rulings_open_no_cells(gap: float) -> None:
    """Every ruling has lost a stretch somewhere."""
    gray = table()
    rng = np.random.default_rng(1)
    for x in XS:
        wipe(gray, x - 4, rng.uniform(YS[0], YS[-1] - gap * EM), 8, gap * EM)
    for y in YS:
        wipe(gray, rng.uniform(XS[0], XS[-1] - gap * EM), y - 4, gap * EM, 8)
    assert layouts(analysed(gray, DPI)) == [(8, 6, 48)]


@pytest.mark.parametrize(
    "reach",
    [0.1, 0.15, 0.25],
)
def test_worn_corners_are_closed(reach: float) -> None:
    """Where rulings cross, ink is wiped off up to reach (em) to every side."""
    gray = table(filled=False)
    for x in XS:
        for y in YS:
            wipe(gray, x - reach * EM, y - reach * EM, 2 * reach * EM, 2 * reach * EM)
    fill(gray)
    assert layouts(analysed(gray, DPI)) == [(8, 6, 48)]


def test_dotted_rulings() -> None:
    gray = table(filled=False)
    for x in range(int(XS[0]), int(XS[-1]), 10):
        wipe(gray, x, 0, 2, gray.shape[0])
    for y in range(int(YS[0]), int(YS[-1]), 10):
        wipe(gray, 0, y, gray.shape[1], 2)
    fill(gray)
    assert layouts(analysed(gray, DPI)) == [(8, 6, 48)]


def test_a_side_worn_away_is_marked_as_invented_or_kept_ruled() -> None:
    """Half of one cell's lower ruling is gone: two cells still, as the ruling goes on at both sides."""
    gray = table()
    wipe(gray, XS[2] + 0.8 * EM, YS[3] - 4, 2.2 * EM, 8)
    page = analysed(gray, DPI)
    assert layouts(page) == [(8, 6, 48)]


@pytest.mark.parametrize("side", ["left", "right", "both"])
def test_tables_open_at_the_sides(side: str) -> None:
    """Chinese reports often leave the outer vertical rulings away."""
    gray = sheet(DPI, 5.5, 4.5)
    grid_lines(gray, XS, YS)
    if side in ("left", "both"):
        wipe(gray, XS[0] - 3, 0, 7, gray.shape[0])
        for y in YS:
            rule(gray, (XS[0], y), (XS[1], y))
    if side in ("right", "both"):
        wipe(gray, XS[-1] - 3, 0, 7, gray.shape[0])
        for y in YS:
            rule(gray, (XS[-2], y), (XS[-1], y))
    fill(gray)
    page = analysed(gray, DPI)
    assert layouts(page) == [(8, 6, 48)]
    open_cells = {c.col for c in page.tables[0].cells if c.invented}
    assert open_cells == {"left": {0}, "right": {5}, "both": {0, 5}}[side]


@pytest.mark.parametrize("side", ["top", "bottom"])
def test_tables_cut_by_the_page_break_without_ruling(side: str) -> None:
    gray = sheet(DPI, 5.5, 4.5)
    grid_lines(gray, XS, YS)
    y = YS[0] if side == "top" else YS[-1]
    wipe(gray, 0, y - 3, gray.shape[1], 7)
    for x in XS:
        rule(gray, (x, min(y, y + 4 if side == "top" else y - 4)), (x, y))
    fill(gray)
    page = analysed(gray, DPI)
    assert layouts(page) == [(8, 6, 48)]
    assert page.tables[0].open_top == (side == "top")
    assert page.tables[0].open_bottom == (side == "bottom")


def test_double_rulings_are_one_boundary() -> None:
    gray = table(thick=1)
    for shift in (-3, 3):
        rule(gray, (XS[0], YS[0] + shift), (XS[-1], YS[0] + shift), 1)
        rule(gray, (XS[0], YS[2] + shift), (XS[-1], YS[2] + shift), 1)
        rule(gray, (XS[1] + shift, YS[0]), (XS[1] + shift, YS[-1]), 1)
    assert layouts(analysed(gray, DPI)) == [(8, 6, 48)]


def test_a_thick_frame_around_thin_rulings() -> None:
    gray = table(thick=1)
    for a, b in (((0, 0), (-1, 0)), ((0, -1), (-1, -1)), ((0, 0), (0, -1)), ((-1, 0), (-1, -1))):
        rule(gray, (XS[a[0]], YS[a[1]]), (XS[b[0]], YS[b[1]]), 5)
    assert layouts(analysed(gray, DPI)) == [(8, 6, 48)]


ON_EVERY_SIDE = ["left", "right", "top", "bottom"]


def put(gray: GrayImage, row: int, col: int, side: str, over: int) -> None:
    """A number that reaches over pixels across the middle of the ruling at one side of its cell."""
    layer = np.full((80, 120), 255, np.uint8)
    box = digits(layer, "8403", 20, 20, EM)
    ink = layer[int(box.y0) : int(box.y1), int(box.x0) : int(box.x1)]
    height, width = ink.shape
    x, y = (XS[col] + XS[col + 1] - width) / 2, (YS[row] + YS[row + 1] - height) / 2
    x = {"left": XS[col] + 1 - over, "right": XS[col + 1] - width + over}.get(side, x)
    y = {"top": YS[row] + 1 - over, "bottom": YS[row + 1] - height + over}.get(side, y)
    place = gray[round(y) : round(y) + height, round(x) : round(x) + width]
    np.minimum(place, ink, out=place)


@pytest.mark.parametrize(
    ("sides", "over"),
    [
        *(([side], 0) for side in ON_EVERY_SIDE),
        (ON_EVERY_SIDE, 0),
        (ON_EVERY_SIDE, 3),
        (["left", "right"], 4),
        (["top", "bottom"], 4),
        *(([side], 4) for side in ("left", "right", "bottom")),
    ],
)
def test_print_that_touches_rulings(sides: list[str], over: int) -> None:
    gray = sheet(DPI, 5.5, 4.5)
    grid_lines(gray, XS, YS)
    for r in range(8):
        for c in range(6):
            put(gray, r, c, sides[(r + c) % len(sides)], over)
    page = analysed(gray, DPI)
    assert layouts(page) == [(8, 6, 48)]
    assert len(page.crops) == 48


def test_empty_cells_rows_and_columns_are_kept() -> None:
    gray = sheet(DPI, 5.5, 4.5)
    grid_lines(gray, XS, YS)
    for r in (0, 1, 2, 5):
        for c in (0, 1, 4):
            digits(gray, "15", XS[c] + EM, YS[r] + 0.7 * EM, EM)
    page = analysed(gray, DPI)
    assert layouts(page) == [(8, 6, 48)]
    cells = page.tables[0].cells
    inked = {(cells[c.address.item].row, cells[c.address.item].col) for c in page.crops}
    assert inked == {(r, c) for r in (0, 1, 2, 5) for c in (0, 1, 4)}


def test_an_empty_form_is_a_table() -> None:
    page = analysed(table(filled=False), DPI)
    assert layouts(page) == [(8, 6, 48)]
    assert page.crops == ()


def test_tables_above_each_other_and_side_by_side() -> None:
    gray = sheet(DPI, 8, 9)
    grid_lines(gray, even(80, 4 * EM, 4), even(80, 2 * EM, 5))
    grid_lines(gray, even(700, 3 * EM, 5), even(80, 2.5 * EM, 3))
    grid_lines(
        gray,
        even(80, 5 * EM, 6),
        even(600, 3 * EM, 4),
        [(0, 0, 1, 6), *[(r, c, 1, 1) for r in (1, 2, 3) for c in range(6)]],
    )
    assert sorted(layouts(analysed(gray, DPI))) == sorted([(5, 4, 20), (3, 5, 15), (4, 6, 19)])


def test_a_text_between_two_tables_keeps_them_apart() -> None:
    gray = sheet(DPI, 6, 8)
    grid_lines(gray, even(80, 4 * EM, 6), even(80, 2 * EM, 5))
    text(gray, "二口文三人工大", 200, 80 + 10.8 * EM, EM)
    grid_lines(gray, even(80, 4 * EM, 6), even(80 + 12.4 * EM, 2 * EM, 5))
    assert layouts(analysed(gray, DPI)) == [(5, 6, 30), (5, 6, 30)]


def test_one_box_is_no_table() -> None:
    gray = sheet(DPI, 6, 6)
    grid_lines(gray, [100, 700], [100, 400])
    text(gray, "二口文三人工大", 200, 200, EM)
    assert analysed(gray, DPI).tables == ()


def test_a_page_frame_is_no_table() -> None:
    gray = sheet(DPI)
    height, width = gray.shape
    grid_lines(gray, [60, width - 60], [60, height - 60], thick=3)
    prose(gray, Box(150, 150, width - 150, 700), EM, np.random.default_rng(0))
    assert analysed(gray, DPI).tables == ()


def test_a_table_within_a_page_frame_is_found() -> None:
    gray = sheet(DPI, 6.5, 5.5)
    height, width = gray.shape
    grid_lines(gray, [20, width - 20], [20, height - 20], thick=3)
    grid_lines(gray, [x + 40 for x in XS], YS)
    assert layouts(analysed(gray, DPI)) == [(8, 6, 48)]


def test_lines_under_headers_and_blanks_to_fill_in_are_no_tables() -> None:
    gray = sheet(DPI)
    rule(gray, (100, 120), (1100, 120))
    rule(gray, (100, 127), (1100, 127))
    for i in range(6):
        text(gray, "口文三", 120, 300 + 60 * i, EM)
        rule(gray, (120 + 3.5 * EM, 300 + 60 * i + EM), (700, 300 + 60 * i + EM))
    assert analysed(gray, DPI).tables == ()


@pytest.mark.parametrize("dpi", [100, 150, 200])
@pytest.mark.parametrize("leading", [1.2, 1.6])
@pytest.mark.parametrize("names", [STROKES, BARS])
def test_prose_of_strokes_is_no_table(dpi: int, leading: float, names: str) -> None:
    gray = sheet(dpi)
    area = Box(dpi, dpi, 7.3 * dpi, 10.5 * dpi)
    prose(gray, area, em_at(dpi, 10.5), np.random.default_rng(dpi), leading, names)
    assert analysed(gray, dpi).tables == ()


@pytest.mark.parametrize("points", [10.5, 16, 22])
def test_printed_prose_is_no_table(points: float) -> None:
    dpi = 200
    gray, em = sheet(dpi), em_at(dpi, points)
    face = cjk_face(em)
    lines = "本年度王主任三次工作會議二十王府井三三王王工工土士干王五亚亚日目田由甲申国围图圆量里童重車聿書直真具盲首"
    for i in range(int(9.5 * dpi / (1.4 * em))):
        start = (7 * i) % len(lines)
        printed(gray, ((lines[start:] + lines) * 3)[: int(6.3 * dpi / em)], dpi, dpi + 1.4 * em * i, face)
    assert analysed(gray, dpi).tables == ()


def test_a_noisy_scan_keeps_its_layout() -> None:
    gray = table()
    rng = np.random.default_rng(5)
    soft = np.clip(gray * 0.75 + 45, 0, 255)
    noisy = np.clip(soft + rng.normal(0, 5, gray.shape), 0, 255).astype(np.uint8)
    assert layouts(analysed(noisy, DPI)) == [(8, 6, 48)]


def test_every_crop_belongs_to_a_cell_and_lies_within_it() -> None:
    page = analysed(table(), DPI)
    assert {c.address.kind for c in page.crops} == {CropKind.CELL}
    assert len(page.crops) == 48
    assert len({c.address for c in page.crops}) == 48
    for crop in page.crops:
        cell = page.tables[crop.address.table].cells[crop.address.item]
        assert cell.box.expanded(2).contains(crop.box.centre)
        assert crop.box.intersection(cell.box) > 0.98 * crop.box.area


def test_the_layout_of_a_plain_table_is_that_of_plain_squares() -> None:
    grid = analysed(table(), DPI).tables[0]
    assert list(layout_of(grid).spans) == plain(8, 6)


def test_a_stroke_that_divides_no_cell_makes_no_row() -> None:
    """Print in line, or a pen stroke, that reaches from the frame to below a column's end and no further."""
    gray = sheet(DPI, 5.5, 3)
    xs, ys = even(60, 9 * EM, 3), [80.0, 80 + 2 * EM, 80 + 6 * EM]
    titled = [(0, 0, 1, 1), (0, 1, 1, 1), (0, 2, 1, 1), (1, 0, 1, 3)]
    grid_lines(gray, xs, ys, titled)
    rule(gray, (xs[0], 80 + 4 * EM), (xs[1], 80 + 4 * EM))
    (grid,) = analysed(gray, DPI).tables
    assert list(layout_of(grid).spans) == titled
    assert grid.rows == 2


def test_an_upright_ruling_worn_to_dashes_parts_two_columns() -> None:
    gray = sheet(DPI, 5.5, 4.5)
    xs = XS[:3] + XS[4:]
    grid_lines(gray, xs, YS)
    worn = round(XS[3])
    for r in range(8):
        for c in range(6):
            put(gray, r, c, "middle", 0)
    step = round(0.55 * EM)
    for y in range(round(YS[0]), round(YS[-1]), step):
        gray[y : y + round(0.3 * EM), worn : worn + 2] = 0
    assert layouts(analysed(gray, DPI)) == [(8, 6, 48)]


def test_print_in_line_down_a_wide_column_is_no_ruling() -> None:
    gray = sheet(DPI, 5.5, 4.5)
    xs = XS[:3] + XS[4:]
    grid_lines(gray, xs, YS)
    for r in range(8):
        top = round((YS[r] + YS[r + 1]) / 2 - 0.4 * EM)
        for x in range(round(xs[2] + EM), round(xs[3] - EM), round(0.5 * EM)):
            gray[top : top + round(0.8 * EM), x : x + 3] = 0
    assert layouts(analysed(gray, DPI)) == [(8, 5, 40)]


@pytest.mark.parametrize(
    ("place", "worn", "found"),
    [("foot", 0, [(1, 1, 1)]), ("foot", 1, [(1, 1, 1)]), ("foot", 2, []), ("middle", 0, [])],
)
def test_a_single_cell_at_the_foot_is_a_row_that_a_page_break_cut_off(
    place: str, worn: int, found: list[object]
) -> None:
    """worn: of how many of its ends nothing is left."""
    gray = sheet(DPI, 5.5, 6)
    bottom = gray.shape[0]
    top = round(bottom - 4 * EM) if place == "foot" else round(bottom / 2)
    for y in range(round(2 * EM), round(top - 2 * EM), round(2 * EM)):
        digits(gray, "8403 8403 8403", 60, y, EM)
    if place == "middle":
        for y in range(round(top + 4 * EM), round(bottom - 2 * EM), round(2 * EM)):
            digits(gray, "8403 8403 8403", 60, y, EM)
    grid_lines(gray, [60, 60 + 20 * EM], [top, top + 2.2 * EM])
    for x in (60, 60 + 20 * EM)[:worn]:
        wipe(gray, x - 4, top + 4, 8, 2.2 * EM - 8)
    digits(gray, "8403", 60 + 8 * EM, top + 0.6 * EM, EM)
    assert layouts(analysed(gray, DPI)) == found


@pytest.mark.parametrize(
    ("wanting", "found"), [((), [(1, 6, 6)]), ((0,), [(1, 6, 6)]), ((0, 6), []), ((1, 2, 3, 4, 5), [])]
)
def test_a_first_row_open_at_the_foot_is_one_that_a_page_break_cut_off(
    wanting: tuple[int, ...], found: list[object]
) -> None:
    """wanting: which of the seven rulings down are missing."""
    gray = sheet(DPI, 5.5, 6)
    top = round(gray.shape[0] - 5 * EM)
    for y in range(round(2 * EM), round(top - 2 * EM), round(2 * EM)):
        digits(gray, "8403 8403 8403", 60, y, EM)
    rule(gray, (XS[0], top), (XS[6], top))
    for i, x in enumerate(XS):
        if i not in wanting:
            rule(gray, (x, top), (x, round(top + 2 * EM)))
    for x in XS[:6]:
        digits(gray, "840", x + EM, top + 0.6 * EM, EM)
    assert layouts(analysed(gray, DPI)) == found


@pytest.mark.parametrize("strays", [0, 1, 2])
def test_an_open_side_ends_where_its_rulings_do_though_some_run_further_out(strays: int) -> None:
    gray = sheet(DPI, 5.5, 6)
    xs, ys = even(110, 4 * EM, 5), even(80, 2.2 * EM, 12)
    for i, y in enumerate(ys):
        rule(gray, (xs[0] - (1.6 * EM if i in (0, 12)[:strays] else 0), y), (xs[5], y))
    for x in xs[1:]:
        rule(gray, (x, ys[0]), (x, ys[12]))
    for y in ys[:12]:
        for x in xs[:5]:
            digits(gray, "840", x + EM, y + 0.7 * EM, EM)
    assert layouts(analysed(gray, DPI)) == [(12, 5, 60)]
