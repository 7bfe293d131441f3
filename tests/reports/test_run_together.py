"""Cells put together of what belongs apart, or parted where they are one, put the numbers behind them in doubt."""

from __future__ import annotations

from dataclasses import replace

import pytest
from report_tables import LEFT, cell, flagged, table

from ocr_pipeline.document import Flag, Table
from ocr_pipeline.reports.apply import apply_to_table
from ocr_pipeline.settings import ReportSettings

HEAD = ["项目", "一季度", "二季度", "三季度"]
BODY = [[f"{name}镇", "17", "26", "35"] for name in "东西南北中"]


def in_doubt(found: Table) -> set[tuple[int, int]]:
    return flagged(apply_to_table(found, ReportSettings(), ()), Flag.RULE_BROKEN)


@pytest.mark.parametrize(("second", "doubted"), [("88", True), ("(万元)", False)])
def test_a_header_that_holds_the_first_row_moves_all_below_it(second: str, doubted: bool) -> None:
    found = table([HEAD, *BODY])
    cells = [
        replace(c, text=c.text + second, raw=f"{c.text}\n{second}") if c.row == 0 and c.col > 0 else c
        for c in found.cells
    ]
    expected = {(row, col) for row in range(6) for col in range(1, 4)} if doubted else set()
    assert in_doubt(replace(found, cells=tuple(cells))) == expected


@pytest.mark.parametrize(
    ("whole", "parts", "doubted"),
    [("1.7", ("3", "5"), True), ("1.7", ("-12", ".4"), True), ("17", ("3", "5"), False), ("1.7", ("3.5", "5"), False)],
)
def test_decimals_over_two_columns_in_which_others_are_halved_move_all_right_of_them(
    whole: str, parts: tuple[str, str], doubted: bool
) -> None:
    rows = [["项目", "增长", LEFT, "总量"], *([f"{name}镇", whole, LEFT, "44"] for name in "东西南北")]
    rows.append(["中镇", *parts, "45"])
    found = in_doubt(table(rows))
    assert ((1, 3) in found) == ((1, 1) in found) == doubted


@pytest.mark.parametrize(("score", "doubted"), [(0.3, True), (0.99, False)])
def test_a_row_of_nothing_but_marks_read_with_doubt_moves_all_below_it(score: float, doubted: bool) -> None:
    found = table([HEAD, *BODY[:2], ["", "", "", ""], *BODY[2:]])
    marks = [replace(cell(3, col, text, score=score)) for col, text in enumerate(("旺國", "颗", "刻", "KTE"))]
    marks = [mark.flagged(Flag.LOW_SCORE) if doubted else mark for mark in marks]
    kept = [c for c in found.cells if c.row != 3]
    doubts = in_doubt(replace(found, cells=(*kept, *marks)))
    below = {(row, col) for row in range(4, 7) for col in range(1, 4)}
    assert (doubts & below == below) == doubted
    assert not {place for place in doubts if place[0] < 3}
