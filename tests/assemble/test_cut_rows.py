"""Rows that a word processor lets go on on the next page."""

from __future__ import annotations

from dataclasses import replace

import pytest
from assembled import Row, placed
from test_assemble_stitching import find, stitched, texts

from ocr_pipeline.assemble.stitch import Placed
from ocr_pipeline.document import Flag

HEADER: list[Row] = [["项目", "本年", "上年"]]
ABOVE: list[Row] = [*HEADER, ["1.政务公开", "3", "4"], ["2.依申请公", "0", "12"]]
BELOW: list[Row] = [["3.其他", "5", "6"], ["合计", "8", "22"]]


def test_a_label_that_goes_on_on_the_next_page_is_one_row() -> None:
    (table,) = stitched(placed(0, ABOVE), placed(1, [["开的信息", "", ""], *BELOW]))
    assert texts(table) == [
        ["项目", "本年", "上年"], ["1.政务公开", "3", "4"], ["2.依申请公开的信息", "0", "12"],
        ["3.其他", "5", "6"], ["合计", "8", "22"],
    ]  # fmt: skip
    assert [(part.page, part.rows) for part in table.parts] == [(0, (0, 2)), (1, (2, 4))]
    label = find(table, "2.依申请公开的信息")
    assert (label.row_span, label.page, [part.page for part in label.continued]) == (1, 0, [1])


def test_the_label_of_a_group_goes_on_with_its_first_row() -> None:
    """(三) begins with the row that is cut and goes on below it."""
    above: list[Row] = [["项目", "", "本年"], [("（一）公开", 1, 2), "1"], ["（三）不予", "1.属于国", "7"]]
    below: list[Row] = [[("公开", 3, 1), "家秘密", ""], ["2.其他", "4"], ["3.危及", "5"], [("（四）其他", 1, 2), "6"]]
    (table,) = stitched(placed(0, above), placed(1, below))
    assert (table.rows, table.cols) == (6, 3)
    group = find(table, "（三）不予公开")
    assert (group.row, group.row_span) == (2, 3)
    assert find(table, "1.属于国家秘密").row == 2
    assert [cell.text for cell in table.cells if cell.col == 2] == ["本年", "1", "7", "4", "5", "6"]


@pytest.mark.parametrize(
    ("crumbs", "hardly", "rows"),
    [("形源", True, 5), ("中", False, 5), ("另文", False, 6)],
    ids=["hardly read", "a single character", "words"],
)
def test_crumbs_below_a_number_are_no_text_of_the_row_but_put_it_in_doubt(crumbs: str, hardly: bool, rows: int) -> None:
    after = placed(1, [["开的信息", "", crumbs], *BELOW])
    cells = tuple(c.flagged(Flag.LOW_SCORE) if hardly and c.text == crumbs else c for c in after.table.cells)
    (table,) = stitched(placed(0, ABOVE), replace(after, table=replace(after.table, cells=cells)))
    assert table.rows == rows
    assert find(table, "12").flags == ((Flag.LOW_SCORE,) if rows == 5 else ())


@pytest.mark.parametrize(
    ("rest", "below"),
    [
        (["3.新设", "", ""], [["4.其他", "5", "6"]]),  # a row of its own, its numbers still to come
        (["其中", "", ""], [["4.其他", "5", "6"], ["另有", "", ""]]),  # others leave their numbers out, too
        (["开的信息", "", "7"], BELOW),
        (["", "", ""], BELOW),
    ],
    ids=["numbered", "others", "with a number", "blank"],
)  # fmt: skip
def test_other_rows_stay_rows(rest: Row, below: list[Row]) -> None:
    (table,) = stitched(placed(0, ABOVE), placed(1, [rest, *below]))
    assert table.rows == len(ABOVE) + 1 + len(below)


def test_a_row_is_not_joined_on_the_word_of_one_other() -> None:
    (table,) = stitched(placed(0, [["2.依申请公", "0", "12"]]), placed(1, [["开的信息", "", ""], ["合计", "8", "22"]]))
    assert table.rows == 3


def test_a_number_as_wide_as_its_cell_goes_on_and_is_doubted() -> None:
    above: list[Row] = [["序号", "姓名", "职务", "证号"], ["1", "甲", "员", "24651"], ["2", "乙", "员", "84770"]]
    (table,) = stitched(placed(0, above), placed(1, [["", "", "", "19874"], ["3", "丙", "员", "6"]]))
    assert table.rows == 4
    cell = find(table, "8477019874")
    assert (cell.row, cell.flags) == (2, (Flag.LOW_SCORE,))


def with_height(part: Placed, row: int, height: float) -> Placed:
    cells = tuple(
        replace(cell, box=replace(cell.box, y1=cell.box.y0 + height)) if cell.row == row else cell
        for cell in part.table.cells
    )
    return replace(part, table=replace(part.table, cells=cells))


@pytest.mark.parametrize(("height", "rows"), [(12.0, 5), (30.0, 6)], ids=["no room for a line", "as high as others"])
@pytest.mark.parametrize("first", [True, False], ids=["above", "below"])
def test_a_blank_row_too_low_for_a_line_is_half_a_row(first: bool, height: float, rows: int) -> None:
    blank: list[Row] = [["", "", ""]]
    upper: list[Row] = [*HEADER, ["甲", "3", "4"], *(blank if first else [])]
    lower: list[Row] = [*(blank if not first else []), ["乙", "5", "6"], ["丙", "7", "8"], ["丁", "9", "1"]]
    parts = [placed(0, upper), placed(1, lower)]
    half, row = (0, 2) if first else (1, 0)
    parts[half] = with_height(parts[half], row, height)
    (table,) = stitched(*parts)
    assert table.rows == rows


def test_a_row_of_a_repeated_header_may_be_misread_in_one_of_two_labels() -> None:
    first = "（本列数据的勾稽关系为：第一项加第二项之和）"
    head: list[Row] = [[first, ("申请人情况", 1, 2)], ["项目", "个人", "企业"]]
    again: list[Row] = [[first, ("甲请人情况", 1, 2)], ["项目", "个人", "企业"]]
    (table,) = stitched(placed(0, [*head, ["甲", "3", "4"]]), placed(1, [*again, ["乙", "5", "6"]]))
    assert texts(table)[2:] == [["甲", "3", "4"], ["乙", "5", "6"]]


def test_figures_go_on_where_others_broke_off_though_they_look_numbered() -> None:
    """9.0%) begins as the label of a ninth row would."""
    above: list[Row] = [["项目", "本年", "占比"], ["一、甲", "3", "4.1(1.0%)"], ["二、乙", "12", "6852.0(2"]]
    below: list[Row] = [["", "", "9.0%)"], ["三、丙", "5", "6.3(2.5%)"], ["合计", "20", "7.7(3.0%)"]]
    (table,) = stitched(placed(0, above), placed(1, below))
    assert [row[2].replace(" ", "") for row in texts(table)] == [
        "占比",
        "4.1(1.0%)",
        "6852.0(29.0%)",
        "6.3(2.5%)",
        "7.7(3.0%)",
    ]
