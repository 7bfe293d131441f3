"""Sums of forms nobody described: yearbooks, budgets, invoices; and none where there are none."""

from __future__ import annotations

import random

from report_tables import LEFT, UP, flagged, misread, table

from ocr_pipeline.document import CellRole, Flag, Table
from ocr_pipeline.reports.apply import apply_to_table
from ocr_pipeline.settings import ReportSettings

SETTINGS = ReportSettings()


def worked(found: Table) -> Table:
    result = apply_to_table(found, SETTINGS, [])
    assert apply_to_table(result, SETTINGS, []) == result
    return result


def broken(found: Table) -> list[str]:
    return [check.rule for check in found.checks if not check.ok]


YEARBOOK = [
    ["地区", "总人口（万人）", "地区生产总值（亿元）", "第一产业", "第二产业", "第三产业", "人均（元）", "增长（%）"],
    ["全县", "12.60", "151.30", "30.10", "60.70", "60.50", "23040", "6.1"],
    ["东乡", "4.10", "50.20", "10.10", "20.00", "20.10", "22400", "5.2"],
    ["西乡", "3.20", "41.00", "8.00", "16.50", "16.50", "21800", "-1.3"],
    ["南乡", "2.90", "33.10", "7.00", "13.10", "13.00", "20100", "8.4"],
    ["北乡", "2.40", "27.00", "5.00", "11.10", "10.90", "19900", "3.3"],
]
BUDGET = [
    ["项目", "上年决算数", "本年预算数", "预算数为决算数的%"],
    ["一、一般公共服务支出", "1,200", "1,350", "112.5"],
    ["行政运行", "700", "800", "114.3"],
    ["机关服务", "300", "350", "116.7"],
    ["其他支出", "200", "200", "100.0"],
    ["二、教育支出", "2,000", "2,100", "105.0"],
    ["小学教育", "1,500", "1,550", "103.3"],
    ["初中教育", "500", "550", "110.0"],
    ["支出合计", "3,200", "3,450", "107.8"],
    ["结转下年", "40", "10", ""],
    ["支出总计", "3,240", "3,460", "106.8"],
]


def test_yearbook() -> None:
    found = worked(table(YEARBOOK))
    rules = {check.rule for check in found.checks}
    assert broken(found) == []
    assert "东乡: 地区生产总值（亿元） = 第一产业 + 第二产业 + 第三产业" in rules
    assert "第一产业: 全县 = 东乡 + 西乡 + 南乡 + 北乡" in rules
    assert not any(rule.startswith(("人均", "增长")) for rule in rules)
    wrong = worked(misread(table(YEARBOOK), (3, 4), "76.50", 0.9999, {}))
    assert flagged(wrong, Flag.RULE_BROKEN) == {(3, 4)}


def test_budget_by_its_outline() -> None:
    found = worked(table(BUDGET))
    rules = {check.rule for check in found.checks}
    assert broken(found) == []
    assert "上年决算数: 一、一般公共服务支出 = 行政运行 + 机关服务 + 其他支出" in rules
    assert "本年预算数: 支出合计 = 一、一般公共服务支出 + 二、教育支出" in rules
    assert "本年预算数: 支出总计 = 支出合计 + 结转下年" in rules
    assert not any(rule.startswith("预算数为") for rule in rules)


def test_outline_of_which_only_some_is_listed_is_no_sum() -> None:
    rows = [["项目", "数量", "金额"]]
    for i, name in enumerate(("一、农业", "二、林业", "三、渔业")):
        rows += [[name, str(100 + i), str(900 + 7 * i)], ["育种", "13", "40"], ["推广", str(20 + i), "55"]]
    assert worked(table(rows)).checks == ()


def test_a_part_is_at_most_the_whole() -> None:
    rows = [["项目", "数量", "金额（万元）"]]
    for i, name in enumerate(("一、新开工", "二、续建", "三、竣工", "四、停建")):
        rows += [[name, str(100 + i), f"{900 + 7 * i}.50"], ["其中：市重点", str(20 + i), "55.00"]]
    found = worked(table(rows, score=0.9999))
    assert len(found.checks) == 8
    assert broken(found) == []
    wrong = worked(misread(table(rows, score=0.9999), (4, 1), "210", 0.9, {"21": 0.05}))
    assert broken(wrong) == ["数量: 二、续建 ≥ 其中：市重点"]
    assert flagged(wrong, Flag.RULE_BROKEN) == {(4, 1)}
    check = next(check for check in wrong.checks if not check.ok)
    assert (check.expected, check.found) == ("at least 210", "101")


def test_invoice() -> None:
    rows = [
        ["货物名称", "规格", "单位", "数量", "单价", "金额", "税率", "税额"],
        ["复印纸", "A4", "箱", "10", "158.00", "1580.00", "13%", "205.40"],
        ["打印机", "", "台", "2", "999.50", "1999.00", "13%", "259.87"],
        ["维修费", "", "项", "1", "300.00", "300.00", "13%", "39.00"],
        ["合计", "", "", "", "", "¥3879.00", "", "¥504.27"],
    ]
    found = worked(table(rows))
    assert broken(found) == []
    assert [cell.value for cell in found.cells if cell.row == 4 and cell.text] == [None, 3879.0, 504.27]


def test_columns_of_words_are_not_unread_numbers() -> None:
    rows = [
        ["资产", "期末余额", "负债", "期末余额"],
        *[[f"资产{i}", f"{i}10.00", f"负债{i}", f"{i}20.00"] for i in range(1, 5)],
        ["资产总计", "1040.00", "负债总计", "1080.00"],
    ]
    found = worked(table(rows))
    assert broken(found) == []
    assert not any(cell.flags for cell in found.cells if cell.role is CellRole.DATA)


def test_no_alarm_where_nothing_adds_up() -> None:
    chance = random.Random(7)
    alarms = 0
    for _ in range(40):
        columns, rows = chance.randint(3, 8), chance.randint(3, 14)
        top = chance.choice([9, 99, 9999])
        head = ["单位", *(f"{'甲乙丙丁戊己庚辛'[i]}类" for i in range(columns))]
        body = [[f"第{i}科", *(str(chance.randint(0, top)) for _ in range(columns))] for i in range(rows)]
        alarms += len(broken(worked(table([head, *body]))))
    assert alarms == 0


def test_headers_of_two_rows() -> None:
    rows = [
        ["乡镇", "户数", "人口", LEFT, LEFT, "其中：60岁以上"],
        [UP, UP, "合计", "男", "女", UP],
        *[[f"第{i}乡", str(90 + i), str(300 + 3 * i), str(150 + i), str(150 + 2 * i), str(40 + i)] for i in range(6)],
    ]
    found = worked(table(rows))
    assert broken(found) == []
    assert "第1乡: 合计 = 男 + 女" in {check.rule for check in found.checks}
