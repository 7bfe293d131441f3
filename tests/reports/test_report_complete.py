"""A known form with something missing, and headers and sections that a scan tore apart."""

from __future__ import annotations

from dataclasses import replace

from report_tables import CROPS, LEFT, UP, document, flagged, table, text_at
from test_report_profiles import CROPS_FORM

from ocr_pipeline.document import CellRole, Flag, Table
from ocr_pipeline.reports.apply import apply_reports, apply_to_table, matched
from ocr_pipeline.reports.loader import load_profiles
from ocr_pipeline.settings import ReportSettings

SETTINGS = ReportSettings()
FORMS = [*load_profiles(), CROPS_FORM]
SECTIONS = [
    ["第二十条第（一）项", LEFT, LEFT, LEFT],
    ["信息内容", "本年新制作数量", "本年新公开数量", "对外公开总数量"],
    ["规章", "1", "2", "3"],
    ["规范性文件", "5", "6", "7"],
    ["第二十条第（五）项", LEFT, LEFT, LEFT],
    ["信息内容", "上一年项目数量", "本年增/减", "处理决定数量"],
    ["行政许可", "11", "0", "12"],
    ["其他对外管理服务事项", "13", "-1", "14"],
    ["第二十条第（六）项", LEFT, LEFT, LEFT],
    ["信息内容", "上一年项目数量", "本年增/减", "处理决定数量"],
    ["行政处罚", "21", "0", "22"],
    ["行政强制", "23", "0", "24"],
    ["第二十条第（八）项", LEFT, LEFT, LEFT],
    ["信息内容", "上一年项目数量", "本年增/减", LEFT],
    ["行政事业性收费", "31", "0", LEFT],
    ["第二十条第（九）项", LEFT, LEFT, LEFT],
    ["信息内容", "采购项目数量", "采购总金额", LEFT],
    ["政府集中采购", "41", "42.5万元", LEFT],
]


def worked(found: Table) -> Table:
    result = apply_to_table(found, SETTINGS, FORMS)
    assert apply_to_table(result, SETTINGS, FORMS) == result
    return result


def missing(found: Table) -> set[str]:
    return {check.rule for check in found.checks if check.expected == "there"}


def test_a_form_that_is_all_there() -> None:
    for rows in (table(SECTIONS), CROPS):
        assert missing(worked(rows)) == set()


def test_a_row_a_section_and_a_table_that_are_not_there() -> None:
    assert missing(worked(table([*SECTIONS[:3], *SECTIONS[4:]]))) == {"第二十条第（一）项: row 规范性文件"}
    assert missing(worked(table(SECTIONS[:12]))) == {"section 第二十条第（八）项", "section 第二十条第（九）项"}
    whole = document(table(SECTIONS), replace(LITIGATION, id="t2"))
    reasons = [item.reason for item in apply_reports(whole, SETTINGS, FORMS).review]
    assert any("收到和处理政府信息公开申请情况" in reason for reason in reasons)


LITIGATION = table(
    [
        ["行政复议", *[LEFT] * 4, "行政诉讼", *[LEFT] * 9],
        [
            *["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"],
            "未经复议直接起诉",
            *[LEFT] * 4,
            "复议后起诉",
            *[LEFT] * 4,
        ],
        [*[UP] * 5, *["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"] * 2],
        ["1", "0", "2", "0", "3", *["0"] * 3, "14", "14", "6", "0", "0", "5", "11"],
    ]
)


def test_two_cells_taken_for_one_are_flagged_and_their_sum_is_open() -> None:
    cells = [c for c in LITIGATION.cells if (c.row, c.col) != (3, 9)]
    merged = [replace(c, col_span=2, text="1414", raw="1414") if (c.row, c.col) == (3, 8) else c for c in cells]
    found = worked(replace(LITIGATION, cells=tuple(merged)))
    assert found.profile == "disclosure/litigation"
    assert (3, 8) in flagged(found, Flag.INVENTED_EDGE)
    assert missing(found) == {"row 4, 总计: a cell"}
    assert sum(1 for check in found.checks if check.ok) == 2


def test_two_columns_taken_for_one_leave_their_sum_open() -> None:
    """Both labels ran together: the column is not found, and the sum it belongs to is reported."""
    cells = [c for c in LITIGATION.cells if (c.row, c.col) not in ((1, 2), (3, 2))]
    joined = {(1, 1): "结其果他纠结正果", (3, 1): "02"}
    cells = [
        replace(c, col_span=2, text=joined[c.row, c.col], raw="") if (c.row, c.col) in joined else c for c in cells
    ]
    found = worked(replace(LITIGATION, cells=tuple(cells)))
    assert found.profile == "disclosure/litigation"
    broken = [check for check in found.checks if check.found == "not readable"]
    assert broken
    assert (3, 4) in broken[0].cells


def test_a_section_title_torn_apart() -> None:
    torn = [["第二十条第", LEFT, "（六）项", LEFT] if i == 8 else row for i, row in enumerate(SECTIONS)]
    found, match = matched(table(torn), SETTINGS, FORMS)
    assert match is not None
    assert [band.block.title for band in match.bands] == [f"第二十条第（{n}）项" for n in "一五六八九"]
    assert found.cells[-1].role is CellRole.DATA


def test_a_header_that_runs_into_the_first_row_of_numbers() -> None:
    rows = [
        ["单位", "甲类", "乙类", "合计"],
        [UP, "4", "5", "9"],
        ["东乡", "7", "1", "8"],
        ["西乡", "30", "2", "32"],
        ["南乡", "2", "2", "4"],
    ]
    found = worked(table(rows))
    assert {cell.role for cell in found.cells if cell.row == 1} == {CellRole.DATA}
    assert text_at(found, 0, 0) == "单位"


def test_misread_neighbours_are_told_by_those_around_them() -> None:
    """Two labels side by side that nobody can read, between labels that are read."""
    unread = {(2, 6): "口口", (2, 7): "※※"}
    cells = tuple(replace(c, text=unread.get((c.row, c.col), c.text)) for c in LITIGATION.cells)
    found, match = matched(replace(LITIGATION, cells=cells), SETTINGS, FORMS)
    assert match is not None
    assert [match.bands[0].leaf(name) is not None for name in ("direct_corrected", "direct_other")] == [True, True]
    assert worked(found).checks[1].ok
