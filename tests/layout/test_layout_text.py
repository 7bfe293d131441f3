"""Blanks: which go, which stay, and what happens at a line's end."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.layout.text import clean_text, is_cjk, is_wide, join_lines

PRINT = st.text(
    alphabet=st.sampled_from(
        "总计维持项、。：“”—（）()《》〔〕①ⅡabXYｂＺ０９0123456789.,-+%/ \u3000\t\n\u00a0\u200b가나é"
    ),
    max_size=40,
)


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("总 计", "总计"),
        ("结 果 维 持", "结果维持"),
        ("总\u3000计\u200b", "总计"),
        ("2021 年度", "2021年度"),
        ("PS、CAD 软件", "PS、CAD软件"),
        ("18.085682 万元", "18.085682万元"),
        ("NNBM 8124-200 N", "NNBM 8124-200 N"),
        ("1 252", "1 252"),
        ("1   252", "1 252"),
        ("( 单位: 万元 )", "(单位:万元)"),
        ("（ 一 ） 予以 公开", "（一）予以公开"),
        ("２０２１年Ａ类", "2021年A类"),
        ("the “Act” of 2007", "the “Act” of 2007"),
        ("推进 “互联网 +” 行动", "推进“互联网+”行动"),
        ("— 3 —", "—3—"),
        ("行政 가 나", "行政가 나"),
        ("  ", ""),
        ("", ""),
    ],
)
def test_blanks_go_beside_chinese_only(raw: str, cleaned: str) -> None:
    assert clean_text(raw) == cleaned


@given(PRINT)
def test_cleaning_twice_changes_nothing(raw: str) -> None:
    assert clean_text(clean_text(raw)) == clean_text(raw)


def _ink(text: str) -> str:
    folded = text.translate(str.maketrans("ｂＺ０９", "bZ09"))
    return re.sub(r"[\s\u200b]+", "", folded)


@given(PRINT)
def test_cleaning_drops_no_printed_character(raw: str) -> None:
    assert _ink(clean_text(raw)) == _ink(raw)


@given(st.lists(PRINT, max_size=5), st.booleans())
def test_joining_drops_no_printed_character(lines: list[str], filled: bool) -> None:
    assert _ink(join_lines(lines, filled=filled)) == _ink("".join(lines))


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=4))
def test_cleaning_never_joins_numbers(numbers: list[int]) -> None:
    printed = "\u3000 ".join(map(str, numbers))
    assert clean_text(printed).split(" ") == [str(number) for number in numbers]


@given(st.integers(1, 999_999), st.integers(1, 999_999))
def test_two_whole_numbers_on_two_lines_stay_two(first: int, second: int) -> None:
    assert join_lines([str(first), str(second)]) == f"{first} {second}"


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (["未经复议直", "接起诉"], "未经复议直接起诉"),
        (["其中：", "", "12"], "其中：12"),
        (["截至2021", "年底"], "截至2021年底"),
        (["annual", "report"], "annual report"),
        (["IPv6-", "ready"], "IPv6-ready"),
        (["NNBM 8124-", "200 N"], "NNBM 8124-200 N"),
        (["18.", "085682"], "18.085682"),
        (["18", ".085682"], "18.085682"),
        (["13,236,4", "52"], "13,236,452"),
        (["1,234,", "567"], "1,234,567"),
        (["1200", "000"], "1200000"),
        (["12", "3,456"], "12 3,456"),
        (["5", "-3"], "5 -3"),
        (["1.5", "2.5"], "1.5 2.5"),
        ([], ""),
    ],
)
def test_lines_are_joined_as_printed(lines: list[str], joined: str) -> None:
    assert join_lines(lines) == joined


def test_a_number_broken_by_the_cells_edge_is_joined() -> None:
    assert join_lines(["123456", "78"], filled=True) == "12345678"
    assert join_lines(["12", "345678"], filled=True) == "12 345678", "the first line was not filled"


def test_character_classes() -> None:
    assert is_cjk("一") and is_cjk("〇") and not is_cjk("，") and not is_cjk("A")
    assert is_wide("，") and is_wide("①") and not is_wide("가") and not is_wide("1")
