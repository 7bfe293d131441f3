"""Rows and columns that nothing else in a table of no known form goes along with put what they move in doubt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from report_tables import LEFT, UP, cell, flagged, table

from ocr_pipeline.document import Flag, Table, TablePart
from ocr_pipeline.geometry import Box
from ocr_pipeline.reports.apply import apply_to_table
from ocr_pipeline.settings import ReportSettings

HEAD = ["项目", "一季度", "二季度", "三季度", "四季度"]
NAMES = "东西南北中上下左右前"


def body(count: int) -> list[list[str]]:
    return [[f"{name}镇", *(str(7 * i + c + 11) for c in range(4))] for i, name in enumerate(NAMES[:count])]


def worked(found: Table) -> Table:
    return apply_to_table(found, ReportSettings(), ())


def in_doubt(rows: Sequence[Sequence[str]]) -> set[tuple[int, int]]:
    return flagged(worked(table(rows)), Flag.RULE_BROKEN)


def test_a_sound_table_is_not_in_doubt() -> None:
    assert in_doubt([HEAD, *body(9)]) == set()


def test_a_row_that_begins_in_one_column_alone_moves_all_below_it() -> None:
    rows = [HEAD, *body(6)]
    rows.insert(4, [UP, UP, "5", UP, UP])
    expected = {(r, c) for r in (3, 5, 6, 7) for c in range(1, 5)} | {(4, 2)}
    assert in_doubt(rows) == expected


def test_a_column_of_labels_parted_in_single_rows_moves_all_right_of_it() -> None:
    rows = [[row[0], LEFT, *row[1:]] for row in [HEAD, *body(10)]]
    rows[3][:2], rows[7][:2] = ["小", "计"], ["小", ""]
    assert in_doubt(rows) == {(r, c) for r in range(1, 11) for c in range(2, 6)}


def test_labels_right_of_a_label_for_several_rows_are_a_column() -> None:
    rows = [[row[0], LEFT, *row[1:]] for row in [HEAD, *body(10)]]
    rows[5][:2], rows[6][:2] = ["其中", "东镇"], [UP, "西镇"]
    assert in_doubt(rows) == set()


@pytest.mark.parametrize("again", [True, False])
def test_a_header_that_stands_again_on_the_next_page_moves_all_below_it(again: bool) -> None:
    """As where the rows of the repeated header were cut otherwise and could not be told."""
    rows = [HEAD, *body(5), *([HEAD] if again else []), *body(4)]
    found = table(rows)
    parts = tuple(TablePart(page, Box(0, 0, 1, 1), span) for page, span in ((0, (0, 5)), (1, (6, len(rows) - 1))))
    expected = {(r, c) for r in range(7, 11) for c in range(1, 5)} if again else set()
    assert flagged(worked(replace(found, parts=parts)), Flag.RULE_BROKEN) == expected


def test_two_rows_of_numbers_in_one_move_all_below_it() -> None:
    found = table([HEAD, *body(5)])
    cells = [
        replace(c, text=c.text + "88", raw=f"{c.text}\n88") if c.row == 3 and c.col > 0 else c for c in found.cells
    ]
    assert flagged(worked(replace(found, cells=tuple(cells))), Flag.RULE_BROKEN) >= {
        (r, c) for r in range(3, 6) for c in range(1, 5)
    }
    shares = [replace(cell(c.row, c.col, c.text), raw=f"{c.text}\n(8.1%)") for c in found.cells if c.col > 0 < c.row]
    kept = tuple(c for c in found.cells if c.col == 0 or c.row == 0)
    assert flagged(worked(replace(found, cells=(*kept, *shares))), Flag.RULE_BROKEN) == set()


@pytest.mark.parametrize(("low", "doubted"), [("2", True), ("7", False)])
def test_numbers_that_count_columns_printed_again_move_all_below_them(low: str, doubted: bool) -> None:
    """As where one of them was misread and they were taken for data, above and below."""
    counted = ["甲", "1", low, "3", "4"]
    rows = [
        HEAD,
        ["甲", "1", "2.", "3", "4."],
        *body(5),
        counted if doubted else ["丙", "10", low, "3", "4."],
        *body(4),
    ]
    parts = tuple(TablePart(page, Box(0, 0, 1, 1), span) for page, span in ((0, (0, 6)), (1, (7, len(rows) - 1))))
    found = flagged(worked(replace(table(rows), parts=parts)), Flag.RULE_BROKEN)
    assert (found >= {(r, c) for r in range(8, 12) for c in range(1, 5)}) is doubted
