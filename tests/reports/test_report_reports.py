"""The five reports as their authors typed them: every table known, every value with its labels, nothing in doubt that
the reports do not contradict themselves."""

from __future__ import annotations

from dataclasses import replace

import pytest
from report_tables import document

from ocr_pipeline.document import Cell, CellRole, Flag, Table
from ocr_pipeline.geometry import Box, Quad
from ocr_pipeline.reports.apply import apply_reports
from ocr_pipeline.reports.dataset import PATH_SEPARATOR, document_rows
from ocr_pipeline.reports.labels import bare
from ocr_pipeline.reports.loader import load_profiles
from ocr_pipeline.settings import ReportSettings
from scripts.samplemaker import content, forms
from scripts.samplemaker.grid import Grid

SETTINGS = ReportSettings()
FORMS = load_profiles()
PROFILES = {"two": "disclosure/proactive", "three": "disclosure/applications", "four": "disclosure/litigation"}
CONTRADICTS_ITSELF = "gangcha"


def as_table(grid: Grid, number: int) -> Table:
    cells = []
    for c in grid.cells:
        box = Box(10 * c.col, 10 * c.row, 10 * (c.col + c.col_span), 10 * (c.row + c.row_span))
        quad = Quad.of_box(box)
        cells.append(Cell(c.row, c.col, c.row_span, c.col_span, c.text, c.text, 0.9999, CellRole.DATA, 0, box, quad))
    return Table(f"t{number}", grid.title, None, grid.rows, grid.cols, (), tuple(cells))


def grids_of(name: str) -> dict[str, Grid]:
    return forms.tables_of(content.load(name))


def wordings(label: str) -> set[str]:
    return {bare(text) for form in FORMS for text in form.wordings_of(label)}


@pytest.mark.parametrize("name", content.REPORT_NAMES)
def test_every_value_with_its_labels(name: str) -> None:
    grids = grids_of(name)
    tables = [as_table(grid, number) for number, grid in enumerate(grids.values())]
    result = apply_reports(document(*tables), SETTINGS, FORMS)
    assert [table.profile for table in result.tables] == [PROFILES[key] for key in grids]
    rows = {(row.table_id, row.row, row.col): row for row in document_rows(result, FORMS, SETTINGS)}
    for number, grid in enumerate(grids.values()):
        for cell in grid.cells:
            if cell.role != "data":
                continue
            row = rows.pop((f"t{number}", cell.row, cell.col))
            text = cell.text.replace(",", "").removesuffix("万元")
            assert row.value == (float(text) if text.strip("—/") else None)
            labels = [c.text for c in grid.cells if c.role == "stub" and c.row <= cell.row < c.row + c.row_span]
            heads = [
                c
                for c in grid.cells
                if c.role == "header" and c.row < cell.row and c.col <= cell.col < c.col + c.col_span
            ]
            if labels:
                assert bare(labels[-1]) in wordings(row.row_path.split(PATH_SEPARATOR)[-1])
            assert bare(max(heads, key=lambda c: c.row).text) in wordings(row.column_path.split(PATH_SEPARATOR)[-1])
    assert rows == {}


@pytest.mark.parametrize("name", content.REPORT_NAMES)
def test_only_what_contradicts_itself_is_in_doubt(name: str) -> None:
    tables = [as_table(grid, number) for number, grid in enumerate(grids_of(name).values())]
    result = apply_reports(document(*tables), SETTINGS, FORMS)
    cells = [cell for table in result.tables for cell in table.cells]
    doubted = [cell for cell in cells if cell.flags]
    broken = [check for table in result.tables for check in table.checks if not check.ok]
    if name != CONTRADICTS_ITSELF:
        assert (doubted, broken) == ([], [])
        return
    assert len(broken) == 4
    assert 0 < len(doubted) <= 3 * len(broken)
    assert {flag for cell in doubted for flag in cell.flags} == {Flag.RULE_BROKEN}


def test_applied_twice_is_applied_once() -> None:
    tables = [as_table(grid, number) for number, grid in enumerate(grids_of(CONTRADICTS_ITSELF).values())]
    once = apply_reports(replace(document(*tables)), SETTINGS, FORMS)
    assert apply_reports(once, SETTINGS, FORMS) == once
