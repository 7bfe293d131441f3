"""Typed values out of printed texts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_tables import LEFT, cell, table

from ocr_pipeline.document import Alternative, Cell, CellRole, Flag
from ocr_pipeline.reports.places import points_missed
from ocr_pipeline.reports.typed import with_values
from ocr_pipeline.reports.values import (
    Holds,
    Kind,
    all_may_be_numbers,
    column_holds,
    commas_misread,
    parse,
    parse_in,
    points_in_doubt,
    unit_of_header,
    with_value,
)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("0", 0, None),
        ("1,252", 1252, None),
        ("1，252", 1252, None),
        ("１２５２", 1252, None),
        ("1 252", 1252, None),
        ("1 234 567.5 万元", 1234567.5, "万元"),
        ("0.5", 0.5, None),
        ("18.085682万元", 18.085682, "万元"),
        ("40.664 万元", 40.664, "万元"),
        ("12.5%", 12.5, "%"),
        ("１２．５％", 12.5, "%"),
        ("（12）", -12, None),
        ("-3", -3, None),
        ("－3", -3, None),
        ("+3", 3, None),
        ("1,234,567.8", 1234567.8, None),
        ("35件", 35, "件"),
        ("120 km2", 120, "km2"),
    ],
)
def test_numbers(text: str, value: float, unit: str | None) -> None:
    parsed = parse(text)
    assert (parsed.kind, parsed.value, parsed.unit) == (Kind.NUMBER, value, unit)
    assert type(parsed.value) is type(value)


@pytest.mark.parametrize("text", ["—", "——", "-", "/", "／", "－", "…", "无", "*"])
def test_marks_are_no_numbers_and_no_doubt(text: str) -> None:
    assert parse(text).kind is Kind.MARK
    assert not with_value(cell(0, 0, text), Holds.INTEGER, None).flags


@pytest.mark.parametrize("text", ["", " ", "\u3000"])
def test_blank_is_not_zero(text: str) -> None:
    assert parse(text) == parse("")
    assert with_value(cell(0, 0, text), Holds.INTEGER, "元").value is None


@pytest.mark.parametrize(
    "text",
    ["1,25", "0 0", "0 1 0", "001", "14 6", "0,123", "12三", "1.2.3", "abc", "12-13", "1,2345", "2021-01-29", "½", "²"],
)
def test_texts(text: str) -> None:
    assert parse(text).kind is Kind.TEXT
    assert with_value(cell(0, 0, text), Holds.INTEGER, None).flags == (Flag.UNPARSED_NUMBER,)


@pytest.mark.parametrize(
    ("text", "holds", "right"),
    [("O", Holds.INTEGER, "0"), ("l0", Holds.INTEGER, "10"), ("0.", Holds.INTEGER, "0"), (".0", Holds.INTEGER, "0")],
)
def test_look_alikes_in_a_column_of_integers(text: str, holds: Holds, right: str) -> None:
    found = with_value(cell(0, 0, text), holds, None)
    assert (found.text, found.raw, found.flags) == (right, text, (Flag.CORRECTED,))
    assert found.value == int(right)
    assert with_value(found, holds, None) == found


@pytest.mark.parametrize("text", ["-0", "- .0", "0一", "0\n一", "·0", "-.\n0", "*0", "０-"])
def test_dust_beside_a_number(text: str) -> None:
    found = with_value(cell(0, 0, text), Holds.COUNT, None)
    assert (found.text, found.value, found.raw) == ("0", 0, text)


def test_negative_numbers_only_where_they_may_be() -> None:
    assert parse_in("-3", Holds.INTEGER).value == -3
    assert (parse_in("-3", Holds.COUNT).value, parse_in("-3", Holds.COUNT).corrected) == (3, "3")


def test_readings_of_one_value_are_one_reading() -> None:
    doubtful = replace(
        cell(0, 0, "0", score=0.55),
        alternatives=(Alternative("O", 0.36), Alternative("6", 0.05), Alternative("o", 0.02)),
    )
    found = with_value(doubtful, Holds.COUNT, None)
    assert found.score == pytest.approx(0.93)
    assert found.alternatives == (Alternative("6", 0.05),)
    assert with_value(found, Holds.COUNT, None) == found
    letter = with_value(replace(doubtful, text="O", alternatives=(Alternative("0", 0.4),)), Holds.COUNT, None)
    assert (letter.text, letter.flags) == ("0", ())
    assert with_value(doubtful, Holds.ANY, None).score == doubtful.score


def test_a_decimal_in_a_column_of_integers_is_no_number() -> None:
    assert parse_in("12.5", Holds.INTEGER).kind is Kind.TEXT
    assert parse_in("12.5", Holds.DECIMAL).value == 12.5


def test_letters_stay_letters_in_columns_of_text() -> None:
    assert with_value(cell(0, 0, "O"), Holds.ANY, None).text == "O"


def test_what_a_column_holds() -> None:
    assert column_holds(["1", "20", "—", "", "l0"]) is Holds.INTEGER
    assert column_holds(["1", "2.5", "/"]) is Holds.DECIMAL
    assert column_holds(["甲", "乙", "3"]) is Holds.ANY
    assert column_holds(["", "", "—"]) is Holds.ANY


@pytest.mark.parametrize(
    ("label", "unit"),
    [
        ("本年收费金额（单位：万元，保留4位小数）", "万元"),
        ("面积(公顷)", "公顷"),
        ("占比（%）", "%"),
        ("（一）予以公开", None),
        ("总计", None),
    ],
)
def test_units_of_headers(label: str, unit: str | None) -> None:
    assert unit_of_header(label) == unit


@given(st.integers(-(10**9), 10**9))
def test_any_integer_survives_its_printed_forms(number: int) -> None:
    for text in (str(number), f"{number:,}", f" {number} ", f"{number}万元"):
        assert parse(text).value == number


@given(st.text(max_size=12))
def test_parsing_never_fails_and_never_invents(text: str) -> None:
    parsed = parse_in(text, Holds.INTEGER)
    assert (parsed.value is not None) == (parsed.kind is Kind.NUMBER)
    if parsed.kind is Kind.NUMBER and parsed.corrected is not None:
        assert parse(parsed.corrected).value == parsed.value


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("8505 7925", 8505.7925, None),
        ("4490:0862万元", 4490.0862, "万元"),
        ("18 085682万元", 18.085682, "万元"),
        ("3052,3394万元", 3052.3394, "万元"),
        ("¥3879.00", 3879.0, None),
        ("￥1,252.5元", 1252.5, "元"),
    ],
)
def test_a_lost_point_and_a_sign_of_money(text: str, value: float, unit: str | None) -> None:
    parsed = parse_in(text, Holds.DECIMAL)
    assert (parsed.value, parsed.unit) == (value, unit)
    # What is put right is said so: the text as it stands is no number.
    assert (parsed.corrected is not None) == (parse(text).value is None)


@pytest.mark.parametrize("text", ["14 6", "9. 1 6", "0|87", "1:2:3", "12;5"])
def test_no_point_is_put_where_two_numbers_may_stand(text: str) -> None:
    assert parse_in(text, Holds.DECIMAL).value is None
    assert parse_in(text, Holds.COUNT).value is None


def test_points_that_are_commas_and_points_that_are_lost_are_told_by_the_column() -> None:
    assert commas_misread(["954.752", "12", "483.647", "0"]) == [True, False, True, False]
    assert commas_misread(["954.752", "483.647"]) == [False, False]  # may be three places
    assert points_in_doubt(["954.752", "483.647"]) == [True, True]
    assert points_in_doubt(["954.752", "0.647"]) == [False, False]
    assert commas_misread(["954.752", "12", "1.5"]) == [False] * 3
    usual = ["1.25", "22.10", "3.00", "4.18", "5.77", "12.06"]
    assert points_missed([*usual, "895064"])[-1]
    assert not any(points_missed([*usual, "0"]))
    assert not any(points_missed(["1.25", "22", "3", "4.18", "5", "12.06", "895064"]))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (".55.50", "55.50"),
        ("*89.65", "89.65"),
        (".+37.7", "+37.7"),
        ("68.26●", "68.26"),
        ("6.831.97", "6,831.97"),
        ("1.118.833", "1,118,833"),
        ("20,284:06", "20,284.06"),
        ("56 9%", "56.9%"),
        ("2723-28", "2723.28"),
        ("14 6", None),
        ("-33.6", None),
        (".5", None),
    ],
)
def test_specks_and_misread_marks_of_decimals(text: str, meant: str | None) -> None:
    assert parse_in(text, Holds.DECIMAL).corrected == meant


def test_a_column_whose_commas_were_read_as_points_holds_numbers() -> None:
    column = ["40.179.08", "41.619.53", "19.57", "18.757.91", "3,735.55", "2.97", "815.11"]
    assert column_holds(column) is Holds.DECIMAL
    assert parse_in("40.179.08", Holds.DECIMAL).corrected == "40,179.08"
    # Numbers of another kind, of sections or versions, are none: hardly a true number stands beside them.
    assert column_holds(["1.100.2", "1.200.3", "2.100.1", "3.5"]) is Holds.ANY


def test_a_column_most_of_whose_points_were_lost_holds_numbers() -> None:
    worn = ["252,608 78", "96,515 16", "93,642.85", "97,221.58", "204,075 04", "307,319 49", "2,176 72"]
    assert column_holds(worn) is Holds.ANY, "two in seven tell too little"
    assert column_holds([*worn, "16,665.95", "——"]) is Holds.DECIMAL
    assert column_holds([*worn, "16,665.95", "另行通知"]) is Holds.ANY
    assert column_holds(["2021-03", "2021-04", "2022", "2021-03", "2020", "2021-01", "2021-07"]) is Holds.ANY


def test_what_may_be_numbers_if_points_were_lost() -> None:
    assert all_may_be_numbers(["252,608 78", "——", "", "96,515.16"])
    assert not all_may_be_numbers(["——", ""]) and not all_may_be_numbers(["252,608 78", "另行通知"])


def test_a_short_section_whose_points_were_all_lost_is_read_by_the_whole_column() -> None:
    sound = [[f"货{i}", f"1,2{i}3.5{i}"] for i in range(6)]
    found = table([["名称", "金额"], *sound, ["二、工程", LEFT], ["路", "49,932 85"], ["合计", "2,099,899 02"]])

    def role(one: Cell) -> CellRole:
        first = CellRole.SECTION if one.col_span == 2 else CellRole.ROW_HEADER
        return CellRole.COLUMN_HEADER if one.row == 0 else first if one.col == 0 else CellRole.DATA

    found = replace(found, cells=tuple(replace(one, role=role(one)) for one in found.cells))
    last = [one for one in with_values(found, None).cells if one.row > 7 and one.col == 1]
    assert [(one.text, one.value) for one in last] == [("49,932.85", 49932.85), ("2,099,899.02", 2099899.02)]
    assert all(Flag.CORRECTED in one.flags for one in last)
