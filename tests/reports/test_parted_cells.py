"""Two numbers of a known form read as one cell: parted where the form has a column for each."""

from __future__ import annotations

from dataclasses import replace

import pytest
from report_tables import LEFT, table

from ocr_pipeline.document import Flag, Table
from ocr_pipeline.reports.apply import apply_to_table
from ocr_pipeline.reports.loader import load_profiles
from ocr_pipeline.settings import ReportSettings


def worked(text: str, raw: str | None = None) -> Table:
    """A known form after the reports' work, two cells of its first row read as one."""
    found = table(
        [
            ["第二十条第（一）项", LEFT, LEFT, LEFT],
            ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
            ["规章", text, LEFT, "3"],
            ["行政规范性文件", "14", "2", "61"],
        ]
    )
    cells = (replace(c, raw=raw) if raw and c.text == text else c for c in found.cells)
    result = apply_to_table(replace(found, cells=tuple(cells)), ReportSettings(), load_profiles())
    assert apply_to_table(result, ReportSettings(), load_profiles()) == result
    return result


@pytest.mark.parametrize(
    ("text", "numbers"), [("79|0", (79, 0)), ("6680 |66461", (6680, 66461)), ("7 0", (7, 0)), ("00", (0, 0))]
)
def test_two_numbers_in_one_cell_are_parted(text: str, numbers: tuple[int, int]) -> None:
    found = worked(text)
    for col, number in zip((1, 2), numbers, strict=True):
        cell = found.cell_at(2, col)
        assert cell is not None
        assert (cell.col, cell.col_span, cell.value) == (col, 1, number)
        assert Flag.INVENTED_EDGE in cell.flags
    first, second = found.cell_at(2, 1), found.cell_at(2, 2)
    assert first is not None
    assert second is not None
    assert (first.box.x0, first.box.x1, second.box.x0, second.box.x1) == (100, 200, 200, 300)


@pytest.mark.parametrize("text", ["125", "1 252", "—", "", "12 a", "1 2 3", "012"])
def test_what_may_be_one_number_or_is_none_stays_one_cell(text: str) -> None:
    cell = worked(text).cell_at(2, 1)
    assert cell is not None
    assert (cell.col, cell.col_span) == (1, 2)
