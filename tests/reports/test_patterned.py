"""Columns of ordinals and dates: specks beside them, and what breaks their pattern."""

from __future__ import annotations

from dataclasses import replace

import pytest
from report_tables import cell

from ocr_pipeline.document import CellRole, Flag, Table
from ocr_pipeline.reports.patterned import with_patterns


def _column(texts: list[str], role: CellRole) -> Table:
    cells = [replace(cell(row, 0, text), role=role) for row, text in enumerate(texts)]
    return Table("t1", "", None, len(texts), 1, (), tuple(cells))


@pytest.mark.parametrize(
    ("texts", "found", "flag"),
    [
        (["50", "51", ".52", "53", "54", "55", "56"], "52", Flag.CORRECTED),
        (["5", "6", "7、", "8", "9", "10"], "7", Flag.CORRECTED),
        (
            ["1959-09-07", "1961-12-30", ".1960-01-01", "1977-05-06", "1980-3-9", "1990-11-11"],
            "1960-01-01",
            "corrected",
        ),
        (
            ["1975年10月", "1981年2月", "2007年月", "1990年1月", "1991年2月", "1999年12月"],
            "2007年月",
            "unparsed_number",
        ),
        (
            ["40.84(39.7%)", "0.81 (47.5%)", "3.32 (76 3%)", "27(82.3%)", "9(1.0%)", "6(2.0%)"],
            "3.32(76.3%)",
            "corrected",
        ),
        (
            ["4.1(39.7%)", "0.8(47.5%)", "`8343,4(60 5%)", "27(82.3%)", "9(1.0%)", "6(2.0%)"],
            "8343.4(60.5%)",
            "corrected",
        ),
        (["4.1(39.7%)", "0.8(47.5%)", "(60.5%)", "27(82.3%)", "9(1.0%)", "6(2.0%)"], "(60.5%)", "unparsed_number"),
        (["1959.09", "1961.12", "1960.21", "1977.05", "1980.03", "1990.11"], "1960.21", "unparsed_number"),
    ],
)
def test_what_breaks_a_pattern(texts: list[str], found: str, flag: Flag) -> None:
    role = CellRole.DATA if len(texts[0]) > 2 else CellRole.ROW_HEADER
    table = with_patterns(_column(texts, role))
    assert (table.cells[2].text, table.cells[2].flags) == (found, (Flag(flag),))
    assert not any(one.flags for one in table.cells if one.row != 2)
    assert with_patterns(table) == table


@pytest.mark.parametrize(
    "texts",
    [
        ["1", "2", "3", "4", "5", "合计", "其中"],  # too many words beside them
        ["1", "2", "3", "4", "5", "合计"],  # a word is no misread ordinal
        ["1959.09", "1.2", "3.4", "8.9", "17.5"],
    ],
)
def test_other_columns_stay(texts: list[str]) -> None:
    table = _column(texts, CellRole.ROW_HEADER)
    assert with_patterns(table) is table
