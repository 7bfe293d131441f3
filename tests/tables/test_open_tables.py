"""Open tables on made pages: found where they are, not found where they are not, ruled tables left alone."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from helpers_drawing import em_at, even, grid_lines, plain, sheet, text

from ocr_pipeline import analysis as analysis_module
from ocr_pipeline.analysis import analyse_page
from ocr_pipeline.document import Flag
from ocr_pipeline.geometry import Box, GrayImage, Quad
from ocr_pipeline.ocr.canned import CannedDetector
from ocr_pipeline.settings import OpenTableSettings, Settings, SettingsError
from ocr_pipeline.stages import CropKind, PageAnalysis, PageImage
from ocr_pipeline.tables.open_tables import OpenTables
from scripts.samplemaker import faces, makers, open_pages, plain_pages
from scripts.samplemaker.filing import Made

SETTINGS = Settings()


def ink_words(image: GrayImage, scale: float = 1.0) -> list[tuple[Quad, float]]:
    """A detector for clear pages: characters closer than half of their height are one line."""
    em = 18.0 / scale
    ink = ((image < 128) * np.uint8(255)).astype(np.uint8)
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((round(0.2 * em), round(0.7 * em)), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    boxes = [Box(x, y, x + w, y + h) for x, y, w, h, _ in stats[1:count].tolist() if h > 0.3 * em or w > 0.8 * em]
    return [(Quad.of_box(box), 1.0) for box in boxes]


DETECTOR = CannedDetector(ink_words)


@pytest.fixture(autouse=True)
def typefaces() -> None:
    missing = faces.missing_packages()
    if missing:
        pytest.skip("typefaces missing: apt-get install " + " ".join(missing))


def analysed(made: Made) -> PageAnalysis:
    image = made.scans[0].image
    colour = image if image.ndim == 3 else cv2.cvtColor(image, cv2.COLOR_GRAY2BGR)
    page = PageImage(0, np.asarray(colour, np.uint8), float(made.scans[0].dpi), False)
    return analyse_page(page, DETECTOR, SETTINGS)


def layout(cells: object) -> set[tuple[int, int, int, int]]:
    return {
        (c["row"], c["col"], c["row_span"], c["col_span"]) if isinstance(c, dict)
        else (c.row, c.col, c.row_span, c.col_span)
        for c in cells
    }  # fmt: skip


@pytest.mark.parametrize("form", open_pages.FORMS)
def test_a_made_table_of_every_form_is_found_exactly(form: str) -> None:
    exact, every = 0, 0
    for number in (0, 1):
        made = makers.open_table(form, "clean", 11, number)
        page = analysed(made)
        found = [layout(grid.cells) for grid in page.tables]
        for table in made.truth["tables"]:
            every += 1
            exact += layout(table["cells"]) in found
        assert len(found) == len(made.truth["tables"])
    assert exact >= every - 1


@pytest.mark.parametrize("kind", plain_pages.KINDS)
def test_pages_that_only_look_like_tables_hold_none(kind: str) -> None:
    for number in range(2):
        page = analysed(makers.no_table(kind, "clean", 12, number))
        assert [grid for grid in page.tables if not grid.ruled] == []


@pytest.fixture(scope="module")
def three_lines() -> tuple[Made, PageAnalysis]:
    if faces.missing_packages():
        pytest.skip("typefaces missing")
    made = makers.open_table("three-line", "clean", 13)
    return made, analysed(made)


def test_the_cells_boxes_hold_their_print_and_no_other(three_lines: tuple[Made, PageAnalysis]) -> None:
    made, page = three_lines
    for table in made.truth["tables"]:
        (grid,) = (g for g in page.tables if layout(g.cells) == layout(table["cells"]))
        place = {(c["row"], c["col"]): c for c in table["cells"]}
        for cell in grid.cells:
            for line in place[cell.row, cell.col]["lines"]:
                xs, ys = zip(*line["quad"], strict=True)
                middle = (sum(xs) / 4, sum(ys) / 4)
                assert cell.box.expanded(1.0).contains(middle)


def test_every_filled_cell_has_its_crops_and_no_empty_one(three_lines: tuple[Made, PageAnalysis]) -> None:
    made, page = three_lines
    cropped = {(c.address.table, c.address.item) for c in page.crops if c.address.kind is CropKind.CELL}
    for table in made.truth["tables"]:
        number, grid = next((n, g) for n, g in enumerate(page.tables) if layout(g.cells) == layout(table["cells"]))
        filled = {(c["row"], c["col"]) for c in table["cells"] if c["text"]}
        assert {(g.row, g.col) for i, g in enumerate(grid.cells) if (number, i) in cropped} == filled


def test_its_lines_leave_the_running_text(three_lines: tuple[Made, PageAnalysis]) -> None:
    made, page = three_lines
    for grid in page.tables:
        assert not any(grid.box.contains(line.quad.box.centre) for line in page.lines)
    titles = sum(block["role"] in ("table_title", "paragraph", "note") for block in made.truth["pages"][0]["blocks"])
    assert len(page.lines) >= titles


def test_the_table_is_marked_once_not_cell_by_cell(three_lines: tuple[Made, PageAnalysis]) -> None:
    _, page = three_lines
    for number, grid in enumerate(page.tables):
        marked = [cell for table, cell, flag in page.cell_flags if table == number and flag is Flag.INVENTED_EDGE]
        assert not grid.ruled
        assert 1 <= len(marked) <= 0.1 * len(grid.cells) + 1


def test_a_ruled_table_is_found_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a ruled table and text around it the page comes out the same, whether open tables are looked for or not."""
    dpi = 150
    gray, em = sheet(dpi), em_at(dpi, 10.5)
    xs, ys = even(150, 140, 6), even(400, 50, 8)
    grid_lines(gray, xs, ys, plain(8, 6))
    for x in xs[:-1]:
        for y in ys[:-1]:
            text(gray, "十田", x + 20, y + 14, em)
    for i in range(12):
        text(gray, "王工二三口十" * 6, 150, 900 + 1.7 * em * i, em)
    page = PageImage(0, cv2.cvtColor(gray, cv2.COLOR_GRAY2BGR).astype(np.uint8), float(dpi), False)
    with_them = analyse_page(page, DETECTOR, SETTINGS)
    monkeypatch.setattr(analysis_module, "take_open_tables", lambda p, u, g, c, lines, s: OpenTables(g, (), (), lines))
    monkeypatch.setattr(analysis_module, "split_rows", lambda grid, *rest: grid)
    without = analyse_page(page, DETECTOR, SETTINGS)
    assert len(with_them.tables) == 1
    assert with_them.tables == without.tables
    assert with_them.lines == without.lines
    assert with_them.cell_flags == without.cell_flags
    assert [c.address for c in with_them.crops] == [c.address for c in without.crops]
    assert all(np.array_equal(a.image, b.image) for a, b in zip(with_them.crops, without.crops, strict=True))


def test_settings_refuse_what_contradicts_itself() -> None:
    for wrong in ({"gutter_em": 1.0, "narrow_gutter_em": 0.5}, {"bar_solid": 0.0}, {"least_rows": 9}):
        with pytest.raises(SettingsError):
            replace(OpenTableSettings(), **wrong)
