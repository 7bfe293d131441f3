"""Rules worked out, doubts narrowed down, readings mended: never a right number made wrong."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from report_tables import CROPS, LEFT, UP, document, flagged, misread, table, text_at
from test_report_profiles import CROPS_FORM

from ocr_pipeline.document import Alternative, CellRole, Flag, Table
from ocr_pipeline.reports.apply import apply_reports, apply_to_table
from ocr_pipeline.reports.loader import parse_profile
from ocr_pipeline.settings import ReportSettings

SETTINGS = ReportSettings()
PLAIN = table(
    [
        ["地区", "一季度", "二季度", "三季度", "合计"],
        ["东区", "12", "7", "30", "49"],
        ["西区", "5", "18", "2", "25"],
        ["南区", "41", "3", "16", "60"],
        ["北区", "9", "22", "8", "39"],
        ["合计", "67", "50", "56", "173"],
    ]
)


def worked(found: Table, *forms: object) -> Table:
    again = apply_to_table(found, SETTINGS, forms)  # type: ignore[arg-type]
    assert apply_to_table(again, SETTINGS, forms) == again  # type: ignore[arg-type]
    return again


def test_broken_row_and_column_point_at_one_cell() -> None:
    found = worked(misread(CROPS, (3, 4), "5,164", 0.9999, {}), CROPS_FORM)
    assert flagged(found, Flag.RULE_BROKEN) == {(3, 4)}
    broken = [check for check in found.checks if not check.ok]
    assert len(broken) == 2
    row = next(check for check in broken if check.rule.startswith("玉米"))
    assert row.rule == "玉米: 合计 = 夏收 + 秋收"
    assert (row.expected, row.found, row.cells) == ("5164", "5104", ((3, 5), (3, 3), (3, 4)))


def test_one_rule_alone_puts_all_its_cells_in_doubt() -> None:
    single = table([["甲类", "乙类", "合计"], ["4", "5", "8"]])
    form = _form(["甲类", "乙类", "合计"], "c2 = c0 + c1")
    assert flagged(worked(single, form), Flag.RULE_BROKEN) == {(1, 0), (1, 1), (1, 2)}


def _form(labels: list[str], formula: str) -> object:
    columns = ", ".join(f'{{ id = "c{i}", label = "{label}" }}' for i, label in enumerate(labels))
    return parse_profile(
        f'schema = "ocr-pipeline-profile/1"\nid = "x"\ntitle = "x"\n[[table]]\nid = "y"\ntitle = "y"\n'
        f'column = [{columns}]\nrule = [{{ along = "row", formula = "{formula}" }}]\n',
        "x.toml",
    )


def test_blank_adds_nothing_and_a_blank_side_claims_nothing() -> None:
    form = _form(["甲类", "乙类", "合计"], "c2 = c0 + c1")
    rows = [["甲类", "乙类", "合计"], ["4", "", "4"], ["", "", ""], ["", "", "3"], ["2", "2", "——"]]
    found = worked(table(rows), form)
    assert [check.ok for check in found.checks] == [True]


def test_nobody_adds_up_a_column_of_growth() -> None:
    """A form's rule for its columns holds where numbers can be added; in the column of growth it claims nothing."""
    form = parse_profile(
        'schema = "ocr-pipeline-profile/1"\nid = "x"\ntitle = "x"\n[[table]]\nid = "y"\ntitle = "y"\n'
        'column = [{ id = "n", label = "门诊人次" }, { id = "g", label = "同比增长（%）", holds = "decimal" }]\n'
        'row = [{ id = "a", label = "内科" }, { id = "b", label = "外科" }, { id = "t", label = "总计" }]\n'
        'rule = [{ along = "column", formula = "t = a + b" }]\n',
        "x.toml",
    )
    rows = [["科室", "门诊人次", "同比增长(%)"], ["内科", "12", "3.5"], ["外科", "30", "-1.2"], ["总计", "42", "2.1"]]
    found = worked(table(rows, score=0.9999), form)
    assert [(check.rule, check.ok) for check in found.checks] == [("门诊人次: 总计 = 内科 + 外科", True)]
    assert flagged(found, Flag.RULE_BROKEN) == set()


def test_unreadable_cell_is_reported_and_its_rule_open() -> None:
    found = worked(misread(CROPS, (3, 4), "51三4", 0.4, {}), CROPS_FORM)
    assert flagged(found, Flag.UNPARSED_NUMBER) == {(3, 4)}
    assert {check.found for check in found.checks if not check.ok} | {
        check.expected for check in found.checks if not check.ok
    } >= {"not readable"}
    assert flagged(found, Flag.RULE_BROKEN) == {(3, 4)}


def test_repair_takes_the_reading_that_obeys_the_rules() -> None:
    found = worked(misread(CROPS, (3, 4), "5,164", 0.9, {"5,184": 0.06, "5,104": 0.05}), CROPS_FORM)
    cell = found.cell_at(3, 4)
    assert cell is not None
    assert (cell.text, cell.raw, cell.value) == ("5,104", "5,164", 5104)
    assert cell.flags == (Flag.REPAIRED,)
    assert cell.note is not None
    assert "玉米: 合计 = 夏收 + 秋收" in cell.note
    assert all(check.ok for check in found.checks)


def test_repair_of_an_unreadable_cell() -> None:
    found = worked(misread(CROPS, (3, 4), "51三4", 0.4, {"5,104": 0.3}), CROPS_FORM)
    assert text_at(found, 3, 4) == "5,104"
    assert flagged(found, Flag.UNPARSED_NUMBER) == set()


def test_a_damaged_zero_is_a_zero_where_the_sums_say_so() -> None:
    found = worked(misread(CROPS, (2, 4), "U", 0.98, {}), CROPS_FORM)
    cell = found.cell_at(2, 4)
    assert cell is not None
    assert (cell.text, cell.value, cell.raw, cell.flags) == ("0", 0, "U", (Flag.REPAIRED,))
    other = worked(misread(CROPS, (3, 4), "U", 0.98, {}), CROPS_FORM)
    assert text_at(other, 3, 4) == "U"
    assert Flag.UNPARSED_NUMBER in {flag for c in other.cells for flag in c.flags}


def test_a_certain_reading_is_never_altered() -> None:
    found = worked(misread(CROPS, (3, 4), "5,164", 0.9999, {"5,104": 0.00005}), CROPS_FORM)
    assert text_at(found, 3, 4) == "5,164"
    assert flagged(found, Flag.REPAIRED) == set()


def test_two_equally_good_repairs_are_none() -> None:
    form = _form(["甲类", "乙类", "合计"], "c2 = c0 + c1")
    rows = table([["甲类", "乙类", "合计"], ["3", "3", "14"]], score=0.6)
    doubtful = tuple(
        replace(c, alternatives=(Alternative("8", 0.3),)) if c.row == 1 and c.col < 2 else c for c in rows.cells
    )
    found = worked(replace(rows, cells=doubtful), form)
    assert [text_at(found, 1, col) for col in range(3)] == ["3", "3", "14"]
    one = worked(misread(rows, (1, 0), "3", 0.6, {"11": 0.3}), form)
    assert [text_at(one, 1, col) for col in range(3)] == ["11", "3", "14"]


def test_blank_is_not_filled_by_arithmetic() -> None:
    form = _form(["甲类", "乙类", "合计"], "c2 = c0 + c1")
    rows = table([["甲类", "乙类", "合计"], ["3", "", "14"]])
    assert text_at(worked(misread(rows, (1, 1), "", 0.3, {"11": 0.6}), form), 1, 1) == ""


def test_sums_of_an_unknown_table() -> None:
    found = worked(PLAIN)
    assert len(found.checks) == 9
    assert all(check.ok for check in found.checks)
    wrong = worked(misread(PLAIN, (3, 3), "19", 0.94, {"16": 0.05}))
    assert text_at(wrong, 3, 3) == "16"
    printed = worked(misread(PLAIN, (3, 3), "19", 1.0, {}))
    assert flagged(printed, Flag.RULE_BROKEN) == {(3, 3)}


def test_sums_without_labels_need_evidence() -> None:
    rows = [["地区", "甲", "乙", "丙"], ["东", "12", "7", "19"], ["西", "15", "18", "33"], ["南", "41", "3", "44"]]
    assert len(worked(table(rows)).checks) == 3
    chance = [["地区", "甲", "乙", "丙"], ["东", "12", "7", "19"], ["西", "15", "18", "31"], ["南", "41", "3", "90"]]
    assert worked(table(chance)).checks == ()


def test_zeros_prove_nothing() -> None:
    assert worked(table([["地区", "甲", "乙", "丙"], *[["东", "0", "0", "0"]] * 5])).checks == ()


def test_subtotals_and_of_which() -> None:
    rows = [
        ["项目", "收入", "支出", "结余"],
        ["城镇", "31", "20", "11"],
        ["乡村", "12", "2", "10"],
        ["小计", "43", "22", "21"],
        ["市区", "15", "4", "11"],
        ["郊区", "21", "6", "15"],
        ["小计", "36", "10", "26"],
        ["总计", "79", "32", "47"],
        ["其中：男", "50", "30", "20"],
        ["其中：女", "29", "2", "27"],
    ]
    found = worked(table(rows))
    broken = [check for check in found.checks if not check.ok]
    assert not broken
    rules = {check.rule for check in found.checks}
    assert {"收入: 小计 = 城镇 + 乡村", "收入: 小计 = 市区 + 郊区", "收入: 总计 = 其中：男 + 其中：女"} <= rules


@given(st.integers(0, 2**32), st.integers(1, 2))
@settings(max_examples=60)
def test_nothing_wrong_stays_silent_and_nothing_right_is_spoilt(seed: int, errors: int) -> None:
    chance = random.Random(seed)
    truth = {(c.row, c.col): c.text for c in CROPS.cells}
    places = [(r, c) for r in range(2, 7) for c in (3, 4, 5)]
    found = CROPS
    wrong = chance.sample(places, errors)
    for place in wrong:
        text = truth[place]
        digit = chance.choice([i for i, character in enumerate(text) if character.isdigit()])
        bad = text[:digit] + chance.choice([d for d in "1234567890" if d != text[digit]]) + text[digit + 1 :]
        score = chance.choice([0.5, 0.9, 0.99])
        found = misread(found, place, bad, score, {text: (1 - score) * chance.choice([0.0, 0.5]), "77": 0.001})
    for place in chance.sample([p for p in places if p not in wrong], 4):
        found = misread(found, place, truth[place], 0.97, {"1": 0.01, truth[place].replace("0", "8"): 0.01})
    result = worked(found, CROPS_FORM)
    for cell in result.cells:
        if cell.role is CellRole.DATA and cell.text != truth[cell.row, cell.col]:
            assert (cell.row, cell.col) in wrong
            assert cell.flags


def test_document_review_is_worst_first() -> None:
    sure = replace(CROPS, cells=tuple(replace(c, score=0.999) for c in CROPS.cells))
    bad = misread(sure, (3, 4), "5,164", 0.9999, {})
    bad = replace(bad, cells=tuple(c.flagged(Flag.UNREAD_INK) if (c.row, c.col) == (2, 2) else c for c in bad.cells))
    bad = replace(bad, cells=tuple(replace(c, score=0.3) if c.text in ("小麦", "96.2") else c for c in bad.cells))
    bad = replace(bad, cells=tuple(replace(c, text="小妻") if c.text == "小麦" else c for c in bad.cells))
    result = apply_reports(document(bad), SETTINGS, [CROPS_FORM])
    kinds = [(item.kind, item.text) for item in result.review]
    assert kinds[0] == ("cell", "1,204.5")
    assert [kind for kind, _ in kinds[1:3]] == ["check", "check"]
    assert [text for _, text in kinds[3:]] == ["5,164", "96.2", "小妻"]
    assert apply_reports(result, SETTINGS, [CROPS_FORM]) == result


def test_optional_rows_only_when_all_rows_are_known() -> None:
    """A sum must not leave out a row that is there but was read too badly to be known."""
    from ocr_pipeline.reports.loader import parse_profile

    form = parse_profile(
        'schema = "ocr-pipeline-profile/1"\nid = "x"\ntitle = "x"\n[[table]]\nid = "y"\ntitle = "y"\n'
        'column = [{ id = "n", label = "数量" }, { id = "m", label = "金额" }]\n'
        'row = [{ id = "a", label = "行政许可" }, { id = "b", label = "行政处罚" }, '
        '{ id = "c", label = "行政强制", optional = true }, { id = "d", label = "其他事项" }, '
        '{ id = "t", label = "总计" }]\n'
        'rule = [{ along = "column", formula = "t = a + b + c + d" }]\n',
        "x.toml",
    )
    head = ["项目", "数量", "金额"]
    rows = [head, ["行政许可", "1", "2"], ["行政处罚", "3", "4"], ["其他事项", "5", "6"], ["总计", "9", "12"]]
    assert [check.ok for check in worked(table(rows), form).checks] == [True, True]
    more = [*rows[:3], ["※※※※", "7", "8"], ["备注说明", "1", "1"], *rows[3:]]
    assert worked(table(more), form).checks == ()


def test_unused_spans() -> None:
    merged = table([["甲类", "乙类", "合计"], ["4", LEFT, "8"], ["1", "2", UP]])
    form = _form(["甲类", "乙类", "合计"], "c2 = c0 + c1")
    worked(merged, form)  # merged data cells must not crash a rule


def test_two_sums_that_come_out_take_the_doubt_away() -> None:
    found = worked(misread(CROPS, (3, 4), "5,104.", 0.6, {}), CROPS_FORM)
    assert (text_at(found, 3, 4), flagged(found, Flag.LOW_SCORE), flagged(found, Flag.CORRECTED)) == (
        "5,104",
        set(),
        set(),
    )
    alone = worked(misread(CROPS, (5, 2), "96.2", 0.6, {}), CROPS_FORM)
    assert flagged(alone, Flag.LOW_SCORE) == {(5, 2)}


def test_unreadable_cells_are_mended_one_after_the_other() -> None:
    """Each has one sum that can be worked out; the sum they share can be only when one of them is known."""
    found = misread(misread(CROPS, (2, 4), "n", 0.9, {}), (3, 4), "5l三4", 0.5, {"5,104": 0.2})
    found = worked(found, CROPS_FORM)
    assert (text_at(found, 2, 4), text_at(found, 3, 4)) == ("0", "5,104")


def test_repair_brings_no_unit_along() -> None:
    found = worked(misread(CROPS, (2, 4), "04", 0.7, {"0米": 0.2}), CROPS_FORM)
    assert text_at(found, 2, 4) == "0"
