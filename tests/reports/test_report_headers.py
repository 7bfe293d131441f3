"""Roles of cells, bands and label paths, for tables of any kind."""

from __future__ import annotations

from report_tables import CROPS, LEFT, UP, table

from ocr_pipeline.document import CellRole, Table
from ocr_pipeline.reports.headers import assign_cell_roles
from ocr_pipeline.reports.structure import bands


def roles(found: Table) -> dict[str, str]:
    return {cell.text: cell.role.value for cell in assign_cell_roles(found).cells}


def test_tree_of_headers_and_of_row_labels() -> None:
    found = roles(CROPS)
    assert found["作物"] == "stub_head"
    assert found["产量（吨）"] == found["合计"] == "column_header"
    assert found["一、粮食作物"] == found["小麦"] == found["总计"] == "row_header"
    assert found["1,204.5"] == found["33"] == "data"


def test_paths_of_labels() -> None:
    (band,) = bands(assign_cell_roles(CROPS))
    assert [leaf.path for leaf in band.columns] == [
        ("播种面积（公顷）",), ("产量（吨）", "夏收"), ("产量（吨）", "秋收"), ("产量（吨）", "合计")
    ]  # fmt: skip
    assert [row.path for row in band.rows][1:4] == [("一、粮食作物", "玉米"), ("一、粮食作物", "小计"), ("二、油料",)]


def test_sections_with_headers_of_their_own() -> None:
    found = table(
        [
            ["第一项", LEFT, LEFT],
            ["信息内容", "本年", "合计"],
            ["规章", "3", ""],
            ["第二项", LEFT, LEFT],
            ["信息内容", "处理数量", LEFT],
            ["许可", "262", LEFT],
        ]
    )
    first, second = bands(assign_cell_roles(found))
    assert (first.title, second.title) == ("第一项", "第二项")
    assert [leaf.path for leaf in second.columns] == [("处理数量",)]
    assert (second.columns[0].first, second.columns[0].last) == (1, 2)


def test_section_without_header_stands_under_the_one_before() -> None:
    found = table([["地区", "人口"], ["一、市区", LEFT], ["东区", "12"], ["二、郊区", LEFT], ["西区", "7"]])
    first, second = bands(assign_cell_roles(found))
    assert second.title == "二、郊区"
    assert first.columns == second.columns


def test_blank_rows_and_blank_values_are_data() -> None:
    found = assign_cell_roles(table([["项目", "甲类", "乙类"], ["一", "", ""], ["二", "3", ""], ["三", "", "4"]]))
    assert all(found.cell_at(row, 1).role is CellRole.DATA for row in (1, 2, 3))  # type: ignore[union-attr]
    assert found.cell_at(1, 0).role is CellRole.ROW_HEADER  # type: ignore[union-attr]


def test_years_are_headers() -> None:
    found = roles(table([["指标", "2019", "2020", "2021"], ["人口", "12", "13", "14"]]))
    assert found["2019"] == found["2021"] == "column_header"
    assert found["12"] == "data"


def test_header_printed_again_on_the_next_page_is_no_data() -> None:
    rows = [["地区", "人口"], ["东", "1"], ["西", "2"], ["地区", "人口"], ["南", "3"]]
    (band,) = bands(assign_cell_roles(table(rows)))
    assert [row.row for row in band.rows] == [1, 2, 4]


def test_no_stub() -> None:
    found = assign_cell_roles(table([["复议", LEFT, "诉讼"], ["维持", "纠正", UP], ["", "2", "3"]]))
    assert {cell.role for cell in found.cells if cell.row == 2} == {CellRole.DATA}
    assert [leaf.path for leaf in bands(found)[0].columns] == [("复议", "维持"), ("复议", "纠正"), ("诉讼",)]


def test_words_only() -> None:
    found = roles(table([["姓名", "单位"], ["张三", "财政局"], ["李四", "教育局"]]))
    assert found["姓名"] == "column_header"
    assert found["财政局"] == "data"


def test_a_misread_number_does_not_move_the_stub() -> None:
    found = roles(table([["地区", "人口", "户数"], ["东", "l2", "4"], ["西", "X三", "5"], ["南", "6", "7"]]))
    assert found["X三"] == "data"


def test_a_row_of_column_numbers_is_a_header_and_counting_data_is_not() -> None:
    found = assign_cell_roles(table([["地区", "人口", "户数"], ["甲", "1", "2"], ["东", "1", "2"], ["西", "3", "4"]]))
    assert [cell.role.value for cell in found.cells if cell.col == 1] == [
        "column_header",
        "column_header",
        "data",
        "data",
    ]


def test_a_ruling_unseen_in_one_row_does_not_join_two_columns() -> None:
    rows = [["地区", "人口", "户数"], ["东", "11", "2"], ["西", "31 7", LEFT], ["南", "4", "5"]]
    (band,) = bands(assign_cell_roles(table(rows)))
    assert [leaf.path for leaf in band.columns] == [("人口",), ("户数",)]


def test_a_misread_number_in_the_only_row_is_no_row_label() -> None:
    for text in ("0417", "U", "日", "3|°"):
        found = assign_cell_roles(table([["维持", "纠正", "总计"], [text, "2", "3"]]))
        assert {cell.role for cell in found.cells if cell.row == 1} == {CellRole.DATA}
    found = assign_cell_roles(table([["性别", "人数"], ["男", "2"], ["女", "3"]]))
    assert found.cell_at(1, 0).role is CellRole.ROW_HEADER  # type: ignore[union-attr]
