"""Characters that stand alone among numbers: dotted noughts, dashes, points for commas."""

from __future__ import annotations

from dataclasses import replace

import pytest
from report_tables import cell

from ocr_pipeline.document import Alternative, Cell, CellRole, Flag, Table
from ocr_pipeline.reports.typed import with_values
from ocr_pipeline.reports.values import Holds, column_holds, with_value


def _table(head: list[str], rows: list[list[str]]) -> Table:
    """A header row, and rows of a label and data."""
    cells = [replace(cell(0, col, text), role=CellRole.COLUMN_HEADER) for col, text in enumerate(head)]
    for row, texts in enumerate(rows, start=1):
        roles = [CellRole.ROW_HEADER, *[CellRole.DATA] * (len(texts) - 1)]
        cells += [
            replace(cell(row, col, text), role=role) for col, (text, role) in enumerate(zip(texts, roles, strict=True))
        ]
    return Table("t1", "", None, len(rows) + 1, len(head), (), tuple(cells))


def _column(table: Table, col: int) -> list[Cell]:
    return [one for one in with_values(table, None).cells if one.col == col and one.row > 0]


def test_a_dotted_nought_among_numbers_is_doubted_and_put_right() -> None:
    found = with_value(cell(0, 0, "日"), Holds.COUNT, None)
    assert (found.text, found.value, found.raw, found.flags) == ("0", 0, "日", (Flag.CORRECTED,))
    assert with_value(found, Holds.COUNT, None) == found


def test_the_figure_that_the_recogniser_had_in_mind_is_taken() -> None:
    read = replace(
        cell(0, 0, "日"), alternatives=(Alternative("8", 0.3), Alternative("0", 0.1), Alternative("目", 0.4))
    )
    assert with_value(read, Holds.COUNT, None).value == 8


@pytest.mark.parametrize("text", ["日", "5日", "月"])
def test_days_stay_days_where_no_numbers_stand(text: str) -> None:
    assert with_value(cell(0, 0, text), Holds.ANY, None).text == text
    assert with_value(cell(0, 0, "5日"), Holds.COUNT, None).text == "5日"


def test_many_noughts_do_not_hide_that_a_column_holds_numbers() -> None:
    texts = ["742", "日", "742", "689", "日", "53", "日", "日", "日", "日"]
    assert column_holds(texts) is Holds.INTEGER
    table = _table(["甲", "乙"], [["行", text] for text in texts])
    assert [one.value for one in _column(table, 1)] == [742, 0, 742, 689, 0, 53, 0, 0, 0, 0]
    assert all((Flag.CORRECTED in one.flags) == (one.raw == "日") for one in _column(table, 1))


def test_a_column_of_units_keeps_its_days() -> None:
    table = _table(["项目", "计量单位", "数量"], [["甲", "日", "3"], ["乙", "日", "4"]])
    assert [one.text for one in _column(table, 1)] == ["日", "日"]
    nothing = _table(["项目", "人数", "数量"], [["甲", "日", "3"], ["乙", "日", "4"]])
    assert [(one.text, one.flags) for one in _column(nothing, 1)] == [("0", (Flag.CORRECTED,))] * 2


def test_a_lone_level_stroke_among_numbers_is_a_dash() -> None:
    table = _table(["项目", "数量", "金额"], [["甲", "3", "一"], ["乙", "一", "—"], ["丙", "4", ""]])
    assert [one.text for one in _column(table, 1)] == ["3", "—", "4"]
    assert [one.text for one in _column(table, 2)] == ["—", "—", ""]
    grades = _table(["姓名", "等级"], [["甲", "一"], ["乙", "二"], ["丙", "一"]])
    assert [one.text for one in _column(grades, 1)] == ["一", "二", "一"]


def test_two_points_in_a_number_are_commas_where_others_have_them() -> None:
    texts = ["1,519.19", "817.93", "9.292.78", "5.67", "4.194.20", "15.829.77", "7.886.44", "23.716.21"]
    table = _table(["项目", "预算"], [["甲", text] for text in texts])
    assert [one.value for one in _column(table, 1)][2:5] == [9292.78, 5.67, 4194.2]
    assert all((Flag.CORRECTED in one.flags) == (one.raw.count(".") == 2) for one in _column(table, 1))


def test_a_number_with_two_points_alone_in_its_column_is_doubted() -> None:
    table = _table(["项目", "预算", "决算"], [["甲", "9.292.78", "1,519.19"], ["乙", "", "3,817.93"]])
    assert [one.flags for one in _column(table, 1)] == [(Flag.UNPARSED_NUMBER,), ()]


def test_a_mark_in_the_place_of_the_point_is_one_where_the_places_fit() -> None:
    texts = ["+19.5", "+89.7", "-36", "+55.9", "+9.1", "+73.0", "-34 3", "-11.4", "27：0", "+82.3", "-160"]
    found = _column(_table(["项目", "增减"], [["甲", text] for text in texts]), 1)
    assert [(one.text, one.flags) for one in found if one.flags] == [
        ("-36", (Flag.UNPARSED_NUMBER,)),
        ("-34.3", (Flag.CORRECTED,)),
        ("27.0", (Flag.CORRECTED,)),
        ("-160", (Flag.UNPARSED_NUMBER,)),
    ]


def test_numbers_of_different_places_stay() -> None:
    texts = ["1.5", "20", "3.25", "400", "5.5", "6", "7.125", "80"]
    assert not any(one.flags for one in _column(_table(["项目", "数量"], [["甲", text] for text in texts]), 1))


def test_a_lost_point_of_numbers_in_brackets() -> None:
    texts = ["(177 0)", "(9.5)", "12.0", "(3.4)", "7.7", "80.1", "(5:6)"]
    found = _column(_table(["项目", "增减"], [["甲", text] for text in texts]), 1)
    assert [found[0].value, found[-1].value] == [-177.0, -5.6]


def test_a_point_among_whole_thousands_is_in_doubt_whatever_else_was_misread() -> None:
    texts = ["8,349.541", "720.858", "18,689", "7.113", "1,204,551", "93"]
    found = _column(_table(["项目", "数量"], [["甲", text] for text in texts]), 1)
    assert [bool(one.flags) for one in found][1::2] == [True, True, False]
