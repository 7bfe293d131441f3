"""The wording of document numbers, dates, page numbers and numbered items, also as misread."""

from __future__ import annotations

import pytest

from ocr_pipeline.layout.patterns import (
    MAKER_NOTE,
    PAGE_NUMBER,
    PERIOD_NOTE,
    PRINTED,
    TABLE_NUMBER,
    YEARBOOK_NUMBER,
    is_date,
    marker_level,
    parse_date,
    parse_document_number,
)


@pytest.mark.parametrize(
    "text",
    ["青政办〔2022〕5号", "青政办[2022]5号", "青政办【2022】5号", "青政办(2022)5号", "青政办{2022}5号",
     "青政办（2022〕5号", "青政办12022〕5号",
     "青政办〔2022〕第5号", "青政办〔2022〕5号 签发人：王某"],
)  # fmt: skip
def test_a_number_comes_out_in_its_normal_form(text: str) -> None:
    assert parse_document_number(text) == "青政办〔2022〕5号"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2023年第12号", "2023年第12号"),
        ("（第722号）", "第722号"),
        ("中华人民共和国国务院令第711号", "中华人民共和国国务院令第711号"),
        ("根据青政办〔2022〕5号文件精神", None),
        ("解放路第5号", None),
        ("2022年2月18日", None),
        ("青政办20225号", None),
    ],
)
def test_other_numbers(text: str, number: str | None) -> None:
    assert parse_document_number(text) == number


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2022年2月18日", "2022-02-18"),
        ("二〇二二年二月十八日", "2022-02-18"),
        ("二O二一年十二月三十一日", "2021-12-31"),
        ("二零二三年十月二十日", "2023-10-20"),
        ("某办公室2022年11月3日印发", "2022-11-03"),
        ("2022-02-18", "2022-02-18"),
        ("2022年2月30日", None),
        ("2022年2月", None),
        ("无", None),
    ],
)
def test_days(text: str, day: str | None) -> None:
    assert parse_date(text) == day


def test_what_is_nothing_but_a_date() -> None:
    assert is_date("（2022年1月20日）") and is_date("2022年1月") and is_date("二〇二二年一月")
    assert not is_date("截至2022年1月20日") and not is_date("2022年13月40日")


@pytest.mark.parametrize(
    "text",
    [
        "—3—",
        "一2一.'",
        "—4—、",
        "-12-",
        "一3一",
        "3",
        "9/20",
        "第2页",
        "第2页共8页",
        "第2页（共8页）",
        "数学试题第2页(共8页）",
        "·5·",
        "iv",
        "Page3of8",
    ],
)
def test_page_numbers(text: str) -> None:
    assert PAGE_NUMBER.fullmatch(text)


@pytest.mark.parametrize("text", ["3项", "—", "2021年", "一、", "12345", "第二页"])
def test_no_page_numbers(text: str) -> None:
    assert not PAGE_NUMBER.fullmatch(text)


def test_numbered_items() -> None:
    texts = ["一、总体情况", "（一）公开", "第三条 本办法", "1.其他", "（2）其他", "①其他"]
    assert [marker_level(text) for text in texts] == [0, 1, 2, 3, 4, 5]
    assert marker_level("1.5万元") is None and marker_level("一是加强领导") is None and marker_level("2021年") is None


def test_table_numbers() -> None:
    assert TABLE_NUMBER.match("表3-2主要指标") and TABLE_NUMBER.match("附表一 收入") and TABLE_NUMBER.match("续表1")
    assert not TABLE_NUMBER.match("表1所示的数据") and not TABLE_NUMBER.match("表彰大会")


def test_printed_lines() -> None:
    assert PRINTED.fullmatch("某办公室2022年2月18日印发") and PRINTED.fullmatch("（共印30份）")
    assert not PRINTED.fullmatch("由某办公室印发")


@pytest.mark.parametrize("text", ["6-29国民经济和社会发展主要指标", "13－21 医疗卫生机构床位", "1-3各县人口"])
def test_a_yearbooks_table_number(text: str) -> None:
    assert YEARBOOK_NUMBER.match(text)


@pytest.mark.parametrize("text", ["1-10月完成投资", "3-5个工作日内", "2022-5-6", "6-29", "12-18岁人口"])
def test_spans_of_time_and_number_are_no_table_numbers(text: str) -> None:
    assert not YEARBOOK_NUMBER.match(text)


@pytest.mark.parametrize("text", ["公开部门：甲局", "部门：甲局", "填报日期：5月", "单位名称（公章）：甲"])
def test_notes_of_who_made_a_table(text: str) -> None:
    assert MAKER_NOTE.match(text)


@pytest.mark.parametrize("text", ["2019年1-10月", "2022年度", "2021年", "2020年末", "2019年12月31日"])
def test_periods_below_a_title(text: str) -> None:
    assert PERIOD_NOTE.fullmatch(text)
    assert not PERIOD_NOTE.fullmatch(text + "收支情况")
