from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from assembled import LEFT, WIDTH, Row, at, placed
from helpers_drawing import Tiling, tilings
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.assemble.columns import common_columns
from ocr_pipeline.assemble.stitch import Placed, Stitched, stitch_tables
from ocr_pipeline.document import Cell, Flag
from ocr_pipeline.settings import StitchSettings

SETTINGS = StitchSettings()
HEADER: list[Row] = [["项目", "本年", "上年"]]


def stitched(*parts: Placed) -> tuple[Stitched, ...]:
    result = stitch_tables(parts, SETTINGS)
    assert all(covered_once(table) for table in result)
    return result


def covered_once(table: Stitched) -> bool:
    count = np.zeros((table.rows, table.cols), int)
    for cell in table.cells:
        count[cell.row : cell.row + cell.row_span, cell.col : cell.col + cell.col_span] += 1
    return bool((count == 1).all())


def texts(table: Stitched) -> list[list[str]]:
    grid = [["-"] * table.cols for _ in range(table.rows)]
    for cell in table.cells:
        grid[cell.row][cell.col] = cell.text
    return grid


def find(table: Stitched, text: str) -> Cell:
    (cell,) = (c for c in table.cells if c.text == text)
    return cell


def test_two_parts_are_one_table_and_each_row_knows_its_page() -> None:
    (table,) = stitched(placed(0, [*HEADER, ["甲", "1", "2"]], title="一、情况"), placed(1, [["乙", "3", "4"]]))
    assert texts(table) == [["项目", "本年", "上年"], ["甲", "1", "2"], ["乙", "3", "4"]]
    assert [(part.page, part.rows) for part in table.parts] == [(0, (0, 1)), (1, (2, 2))]
    assert [cell.page for cell in table.cells] == [0] * 6 + [1] * 3
    assert table.title == "一、情况"


@pytest.mark.parametrize(
    "above",
    [
        ["续表"], ["续表1"], ["（续）"], ["表3 情况（续）"], ["情况(续表二)"], ["表3续"], ["接上表", "单位：万元"],
        ["续表 单位：万元"], ["续表", "填报日期：2018年11月4日"],
    ],
)  # fmt: skip
def test_a_caption_that_says_so_joins_two_parts(above: list[str]) -> None:
    rows: list[Row] = [["乙", "3", "4"]]
    (table,) = stitched(
        placed(0, [*HEADER, ["甲", "1", "2"]], title="情况"), placed(1, [*HEADER, *rows], title=above[0], above=above)
    )
    assert texts(table) == [["项目", "本年", "上年"], ["甲", "1", "2"], ["乙", "3", "4"]]
    assert table.title == "情况"


@pytest.mark.parametrize("above", [["表4 情况"], ["续表", "下面是另一个表。"], ["办理换证手续"], ["继续教育"]])
def test_other_texts_above_a_table_keep_it_apart(above: list[str]) -> None:
    assert (
        len(stitched(placed(0, [*HEADER, ["甲", "1", "2"]]), placed(1, [*HEADER, ["乙", "3", "4"]], above=above))) == 2
    )


def test_titles_printed_on_every_page_join_parts_with_the_same_header() -> None:
    titles = ["人员名单", "单位：人"]
    first = placed(0, [*HEADER, ["甲", "1", "2"]], title=titles[0], above=titles)
    again = placed(1, [*HEADER, ["乙", "3", "4"]], title=titles[0], above=titles)
    other = placed(1, [["科目", "男", "女"], ["乙", "3", "4"]], title=titles[0], above=titles)
    assert len(stitched(first, again)) == 1
    assert len(stitched(first, other)) == 2


def test_a_repeated_header_misread_in_one_label_is_dropped_but_a_section_is_kept() -> None:
    heads: list[Row] = [["项目", "本年", "上年", "增减", "比重"], ["甲", "1", "2", "3", "4"]]
    above: list[Row] = [*heads, ["工业", "5", "6", "7", "8"]]
    (table,) = stitched(placed(0, above), placed(1, [["项目", "木年", "上年", "增减", "比重"], *heads[1:], above[-1]]))
    assert texts(table) == [*above, above[-1]]
    section: list[Row] = [[("第二十条第（五）项", 1, 5)], *heads]
    (table,) = stitched(placed(0, [[("第二十条第（一）项", 1, 5)], *above]), placed(1, section))
    assert table.rows == 1 + len(above) + len(section)


FORM = ["农业", "工业", "建筑业", "批发和零售业", "住宿和餐饮业"]


def _filled(labels: list[str], number: int) -> list[Row]:
    return [*HEADER, *([text, str(number + i), str(i)] for i, text in enumerate(labels))]


def test_the_same_form_filed_again_is_a_table_of_its_own() -> None:
    titles = ["各行业情况", "单位：万元"]
    copies = [placed(i, _filled(FORM, 10 * i), title=titles[0], above=titles) for i in range(3)]
    assert [table.rows for table in stitched(*copies)] == [6, 6, 6]
    assert [table.rows for table in stitched(*(replace(c, title="", first=True) for c in copies))] == [6, 6, 6]


def test_groups_of_a_long_table_with_the_same_rows_are_no_copies_of_a_form() -> None:
    titles = ["各县人口"]

    def group(name: str) -> list[list[str]]:
        return [[name, "", ""], ["男", "1", "2"], ["女", "3", "4"], [f"其中{name}城镇", "5", "6"]]

    first = placed(0, [*HEADER, *group("刚察县"), *group("海晏县")], title=titles[0], above=titles)
    after = placed(1, [*HEADER, *group("祁连县"), *group("门源县")], title=titles[0], above=titles)
    (table,) = stitched(first, after)
    assert table.rows == 17


def test_a_row_that_counts_the_columns_is_dropped_though_one_number_was_misread() -> None:
    heads: list[Row] = [["项目", "本年", "上年", "增减", "比重", "位次"], ["甲", "1", "2", "3", "4", "5"]]
    again: list[Row] = [heads[0], ["甲", "1", "2", "8", "4", "5"], ["工业", "5", "6", "7", "8", "9"]]
    (table,) = stitched(placed(0, [*heads, ["农业", "1", "2", "3", "4", "6"]]), placed(1, again))
    assert table.rows == 4
    assert texts(table)[-1] == again[-1]


def test_a_table_over_four_pages() -> None:
    pages = [placed(0, HEADER), *(placed(i, [[f"行{i}", str(i), ""]]) for i in (1, 2, 3))]
    (table,) = stitched(*pages)
    assert table.rows == 4
    assert [part.rows for part in table.parts] == [(0, 0), (1, 1), (2, 2), (3, 3)]


@pytest.mark.parametrize("doubted", [False, True])
def test_a_label_that_was_hardly_read_says_nothing_of_a_repeated_header(doubted: bool) -> None:
    head: list[Row] = [["项目地区", "累计", "公办"]]
    after = placed(1, [*head, ["乙", "3", "4"]])
    before = placed(0, [["地有", *head[0][1:]], ["甲", "1", "2"]])
    flagged = tuple(c.flagged(Flag.LOW_SCORE) if doubted and c.text == "地有" else c for c in before.table.cells)
    (table,) = stitched(replace(before, table=replace(before.table, cells=flagged)), after)
    assert table.rows == (3 if doubted else 4)


def test_repeated_header_rows_are_dropped() -> None:
    head: list[Row] = [[("项目", 2, 1), ("件数", 1, 2)], ["本年", "上年"]]
    (table,) = stitched(placed(0, [*head, ["甲", "1", "2"]]), placed(1, [*head, ["乙", "3", "4"]]))
    assert [row[0] for row in texts(table)] == ["项目", "-", "甲", "乙"]
    assert table.parts[1].rows == (3, 3)
    assert find(table, "4").page == 1


TIERS: list[Row] = [[("项目", 2, 1), ("申请情况", 1, 3)], ["自然人", "法人或其他组织", "总计"]]


@pytest.mark.parametrize(
    "again",
    [
        [TIERS[0], ["自然人", "2法人或其他组织", "总计"]],
        [TIERS[0], ["自然人", "法八或兵他细织", "总计"]],
        [[("项目", 3, 1), ("申请情况", 1, 3)], ["", ("法人或其他组织", 2, 1), ("总计", 2, 1)], ["自然人"]],
    ],
    ids=["a crumb", "misread", "another grid"],
)
def test_a_header_of_tiers_is_known_by_its_labels(again: list[Row]) -> None:
    (table,) = stitched(placed(0, [*TIERS, ["甲", "1", "2", "3"]]), placed(1, [*again, ["乙", "4", "5", "6"]]))
    assert [row[0] for row in texts(table)] == ["项目", "-", "甲", "乙"]


@pytest.mark.parametrize(
    "other",
    [
        [[("项目", 2, 1), ("收费情况", 1, 3)], ["行政许可", "行政处罚", "行政强制"]],
        [[("项目", 2, 1), ("申请情况", 1, 3)], ["7", "8", "15"]],
    ],
    ids=["other labels", "numbers"],
)
def test_other_tiers_are_no_header_printed_again(other: list[Row]) -> None:
    (table,) = stitched(placed(0, [*TIERS, ["甲", "1", "2", "3"]]), placed(1, [*other, ["乙", "4", "5", "6"]]))
    assert table.rows == 6


def test_a_repeated_row_of_units_is_dropped_with_the_header_above_it() -> None:
    head: list[Row] = [["项目", "本年", "上年", "增减"], ["计量单位", "公顷", "公顷", "%"]]
    (table,) = stitched(placed(0, [*head, ["甲", "1", "2", "3"]]), placed(1, [*head, ["乙", "3", "4", "5"]]))
    assert [row[0] for row in texts(table)] == ["项目", "计量单位", "甲", "乙"]


def test_a_repeated_header_is_known_by_its_words_not_by_the_width_of_its_signs() -> None:
    upper: list[Row] = [["项目", "增减（%）"], ["甲", "1"]]
    (table,) = stitched(placed(0, upper), placed(1, [["项目", "增减(%)"], ["乙", "3"]]))
    assert [row[0] for row in texts(table)] == ["项目", "甲", "乙"]


def test_a_repeated_header_is_known_though_one_of_its_cells_was_parted() -> None:
    head: list[Row] = [["项目", "本年", "上年", "增减", "计划", "完成", "人数", ("支出情况", 1, 2)]]
    parted: list[Row] = [["项目", "本年", "上年", "增减", "计划", "完成", "人数", "支出", "情况"]]
    upper, lower = placed(0, [*head, list("甲12345678")]), placed(1, [*parted, list("乙34567812")])
    (table,) = stitched(upper, lower)
    assert [row[0] for row in texts(table)] == ["项目", "甲", "乙"]


def test_a_repeated_header_is_known_though_a_speck_parted_a_cell_of_few() -> None:
    head: list[Row] = [["项目", "本年", "上年", "增减", "比重", ("农村", 1, 3)]]
    parted: list[Row] = [["项目", "本年", "上年", "增减", "比重", "9", ("农村", 1, 2)]]
    upper, lower = placed(0, [*head, list("甲1234567")]), placed(1, [*parted, list("乙3456781")])
    (table,) = stitched(upper, lower)
    assert [row[0] for row in texts(table)] == ["项目", "甲", "乙"]


def test_a_repeated_header_is_dropped_though_its_part_has_more_columns_of_labels() -> None:
    upper: list[Row] = [["项目", "本年", "上年"], ["甲", "1", "2"]]
    lower: list[Row] = [[("项目", 1, 2), "本年", "上年"], ["乙", "其中：丙", "3", "4"]]
    before = placed(0, upper, xs=(0, 0.4, 0.7, 1))
    (table,) = stitched(before, placed(1, lower, xs=(0, 0.2, 0.4, 0.7, 1)))
    assert texts(table) == [["项目", "-", "本年", "上年"], ["甲", "-", "1", "2"], ["乙", "其中：丙", "3", "4"]]


def test_a_data_row_that_repeats_too_is_kept() -> None:
    rows: list[Row] = [*HEADER, ["其他", "0", "0"]]
    (table,) = stitched(placed(0, rows), placed(1, [*rows, ["合计", "0", "0"]]))
    assert [row[0] for row in texts(table)] == ["项目", "其他", "其他", "合计"]


def test_a_table_without_header_loses_no_row() -> None:
    (table,) = stitched(placed(0, [["其他", "0"], ["计", "5"]]), placed(1, [["其他", "0"], ["计", "6"]]))
    assert [row[0] for row in texts(table)] == ["其他", "计", "其他", "计"]


def test_equal_rows_of_numbers_are_no_header() -> None:
    (table,) = stitched(placed(0, [["1", "2"], ["3", "4"]]), placed(1, [["1", "2"], ["5", "6"]]))
    assert table.rows == 4


def test_a_cut_label_is_one_cell() -> None:
    """The page break runs through a merged cell; each page shows a part of its text."""
    before = placed(
        0, [["一、收到", "", "1"], [("三、本年度办理", 2, 1), "（一）予以公开", "2"], ["（二）部分公开", "3"]]
    )
    after = placed(1, [[("结果", 2, 1), "（三）不予公开", "4"], ["（四）无法提供", "5"], ["四、结转", "", "6"]])
    (table,) = stitched(before, after)
    cell = find(table, "三、本年度办理结果")
    assert (cell.row, cell.row_span) == (1, 4)
    assert cell.raw == "三、本年度办理\n结果"
    assert (cell.page, [part.page for part in cell.continued]) == (0, [1])
    assert cell.continued[0].box == after.table.cells[0].box
    assert cell.score == pytest.approx(0.95)


@pytest.mark.parametrize(("upper", "lower"), [("三、本年度办理结果", ""), ("", "三、本年度办理结果")])
def test_a_cut_cell_with_its_text_on_one_page(upper: str, lower: str) -> None:
    before = placed(0, [["一、收到", "", "1"], [(upper, 2, 1), "（一）", "2"], ["（二）", "3"]])
    after = placed(1, [[(lower, 2, 1), "（三）", "4"], ["（四）", "5"], ["四、结转", "", "6"]])
    (table,) = stitched(before, after)
    cell = find(table, "三、本年度办理结果")
    assert (cell.row, cell.row_span) == (1, 4)
    assert len(cell.continued) == 1


def test_a_cut_cell_over_three_pages() -> None:
    (table,) = stitched(
        placed(0, [[("三、办理", 2, 1), "（一）", "1"], ["（二）", "2"]]),
        placed(1, [[("", 2, 1), "（三）", "3"], ["（四）", "4"]]),
        placed(2, [[("结果", 2, 1), "（五）", "5"], ["（六）", "6"], ["四、结转", "", "7"]]),
    )
    cell = find(table, "三、办理结果")
    assert cell.row_span == 6
    assert [part.page for part in cell.continued] == [1, 2]


def test_a_new_label_is_not_glued_to_the_one_before() -> None:
    before = placed(0, [[("一、甲", 2, 1), "（一）", "1"], ["（二）", "2"]])
    after = placed(1, [[("二、乙", 2, 1), "（一）", "3"], ["（二）", "4"]])
    (table,) = stitched(before, after)
    assert find(table, "一、甲").row_span == 2
    assert find(table, "二、乙").row_span == 2


def test_single_cells_are_never_glued() -> None:
    (table,) = stitched(placed(0, [*HEADER, ["甲", "1", ""]]), placed(1, [["", "3", "4"]]))
    assert table.rows == 3
    assert texts(table)[1:] == [["甲", "1", ""], ["", "3", "4"]]
    assert all(not cell.continued for cell in table.cells)


def test_a_header_cut_between_group_and_sublabels() -> None:
    before = placed(0, [["尚未", ("行政复议", 1, 2)]], xs=(0, 1 / 3, 2 / 3, 1))
    after = placed(1, [["审结", "维持", "纠正"], ["1", "2", "3"]])
    (table,) = stitched(before, after)
    cell = find(table, "尚未审结")
    assert (cell.row_span, cell.col_span) == (2, 1)
    assert texts(table)[2] == ["1", "2", "3"]


@pytest.mark.parametrize(("doubtful", "glued"), [(True, True), (False, False)])
def test_a_crumb_read_as_a_digit_keeps_no_header_cut(doubtful: bool, glued: bool) -> None:
    before = placed(0, [["尚未", "总计", ("行政复议", 1, 2)]], xs=(0, 1 / 4, 2 / 4, 3 / 4, 1))
    after = placed(1, [["审结", "4", "维持", "纠正"], ["1", "2", "3", "5"]])
    if doubtful:
        cells = tuple(cell.flagged(Flag.LOW_SCORE) if cell.text == "4" else cell for cell in after.table.cells)
        after = replace(after, table=replace(after.table, cells=cells))
    (table,) = stitched(before, after)
    assert ("尚未审结" in texts(table)[0]) == glued


def test_rows_of_an_empty_form_are_not_glued() -> None:
    before = placed(0, [["项目", "本年", "上年"], ["信函", ("", 1, 2)]])
    (table,) = stitched(before, placed(1, [["传真", "", ""]]))
    assert [row[0] for row in texts(table)] == ["项目", "信函", "传真"]


def test_a_title_row_and_its_header_on_the_next_page() -> None:
    """The first part is one cell over the whole width, the second has the columns."""
    (table,) = stitched(
        placed(0, [["第二十条第（一）项"]]), placed(1, [["信息内容", "制发", "废止", "现行"], ["规章", "0", "0", "0"]])
    )
    assert (table.rows, table.cols) == (3, 4)
    title = find(table, "第二十条第（一）项")
    assert (title.row, title.col, title.col_span) == (0, 0, 4)


def test_columns_of_both_parts_are_united() -> None:
    before = placed(0, [["甲", "乙", "丙"]], xs=(0, 0.25, 0.5, 1))
    after = placed(1, [["1", "2", "3", "4"]], xs=(0, 0.25, 0.5, 0.8, 1))
    (table,) = stitched(before, after)
    assert table.cols == 4
    assert find(table, "丙").col_span == 2
    assert [find(table, t).col for t in "1234"] == [0, 1, 2, 3]


def test_boundaries_a_little_off_are_the_same() -> None:
    before = placed(0, [["甲", "乙", "丙"]], xs=(0, 0.300, 0.600, 1))
    (table,) = stitched(
        before, placed(1, [["1", "2", "3"]], xs=(0, 0.306, 0.595, 1), left=LEFT + 9, width=WIDTH * 1.01)
    )
    assert table.cols == 3


@pytest.mark.parametrize(
    "after",
    [
        placed(1, [["1", "2", "3"]], xs=(0, 0.2, 0.5, 1)),
        placed(1, [["1", "2", "3"]], width=WIDTH * 0.8),
        placed(2, [["1", "2", "3"]]),
        placed(0, [["1", "2", "3"]]),
        placed(1, [["1", "2", "3"]], first=False),
        placed(1, [["1", "2", "3"]], title="二、另一表"),
    ],
    ids=["other columns", "other width", "a page between", "same page", "text above", "title above"],
)
def test_parts_that_do_not_match_stay_alone(after: Placed) -> None:
    before = placed(0, HEADER)
    first, second = stitched(before, after)
    assert (first.rows, second.rows) == (1, 1)
    assert second.parts[0].rows == (0, 0)


def test_text_below_the_first_part_prevents_the_join() -> None:
    assert len(stitched(at(placed(0, HEADER), last=False), placed(1, [["1", "2", "3"]]))) == 2


def test_only_the_last_table_of_a_page_goes_on() -> None:
    result = stitched(
        placed(0, HEADER, last=False), placed(0, [["甲", "乙"]], first=False), placed(1, [["1", "2"]], last=False)
    )
    assert [len(table.parts) for table in result] == [1, 2]


@st.composite
def halves(draw: st.DrawFn) -> tuple[Placed, Placed]:
    """Two random layouts on one set of columns."""
    upper, lower = draw(tilings(4, 5)), draw(tilings(4, 5))
    label = st.sampled_from(["", "甲", "一、乙", "丙丁", "5"])
    return tuple(_from(page, tiling, draw, label) for page, tiling in enumerate((upper, lower)))  # type: ignore[return-value]


def _from(page: int, tiling: Tiling, draw: st.DrawFn, label: st.SearchStrategy[str]) -> Placed:
    rows: list[list[tuple[str, int, int]]] = [[] for _ in range(tiling.rows)]
    for row, _, height, width in tiling.spans:
        rows[row].append((draw(label), height, width))
    return placed(page, rows)


@given(halves())
def test_joined_tables_cover_each_position_once(parts: tuple[Placed, Placed]) -> None:
    result = stitched(*parts)
    given_texts = sorted(ch for part in parts for cell in part.table.cells for ch in cell.text)
    kept = sorted(ch for table in result for cell in table.cells for ch in cell.text)
    if sum(table.rows for table in result) == sum(part.table.rows for part in parts):
        assert kept == given_texts
    for table in result:
        begun = [0, *(part.rows[1] + 1 for part in table.parts[:-1])]
        shared = [first - part.rows[0] for first, part in zip(begun, table.parts, strict=True)]
        assert shared[0] == 0 and set(shared) <= {0, 1}  # a row that a page break cuts is on both pages
        assert table.parts[-1].rows[1] == table.rows - 1


FIVE: list[Row] = [["一", "1", "2", "3", "6"], ["二", "4", "5", "6", "15"]]
FIVE_XS = (0.0, 0.3, 0.5, 0.65, 0.8, 1.0)


@pytest.mark.parametrize("shift", [0.0, -20.0, 25.0])
@pytest.mark.parametrize("lost", ["right", "left"])
def test_a_part_that_lost_columns_at_a_side_joins_with_holes(lost: str, shift: float) -> None:
    """The outermost ruling of a worn header was not found, nor the column beside it."""
    kept = slice(0, 4) if lost == "right" else slice(1, 5)
    begin, end = FIVE_XS[kept.start], FIVE_XS[kept.stop]
    width = end - begin
    head = placed(
        0,
        [["项目", "甲", "乙", "丙", "计"][kept]],
        xs=[(x - begin) / width for x in FIVE_XS[kept.start : kept.stop + 1]],
        left=100.0 + begin * WIDTH + shift,
        width=width * WIDTH,
        title="三、情况",
    )
    (table,) = stitched_with_holes(head, placed(1, FIVE, xs=FIVE_XS))
    assert (table.rows, table.cols, table.title) == (3, 5, "三、情况")
    assert [find(table, text).col for text in "甲乙丙"] == [1, 2, 3]
    assert [(find(table, "15").row, find(table, "15").col)] == [(2, 4)]
    assert not any(c.row == 0 and c.col == (4 if lost == "right" else 0) for c in table.cells)
    # The other way round: what lost a column goes on below.
    below = at(head, table=replace(head.table, page=1), title="")
    assert len(stitched_with_holes(placed(0, FIVE, xs=FIVE_XS), below)) == 1


def test_a_narrow_table_whose_columns_are_others_stays_apart() -> None:
    narrow = placed(0, [["项目", "甲", "乙"]], xs=(0.0, 0.4, 0.7, 1.0), left=100.0, width=0.8 * WIDTH)
    assert len(stitched(narrow, placed(1, FIVE, xs=FIVE_XS))) == 2
    one_column = placed(0, [["项目"]], left=100.0, width=0.3 * WIDTH)
    assert len(stitched(one_column, placed(1, FIVE, xs=FIVE_XS))) == 2


def stitched_with_holes(*parts: Placed) -> tuple[Stitched, ...]:
    return stitch_tables(parts, SETTINGS)


_BOUNDARIES = st.lists(
    st.builds(lambda n, off: n / 5 + off, st.integers(1, 4), st.sampled_from([0, 0.001, 0.002, 0.004, 0.008, 0.016])),
    max_size=9,
    unique=True,
).map(lambda xs: (0.0, *sorted(xs), 1.0))


@given(_BOUNDARIES, _BOUNDARIES)
def test_common_columns_keep_the_order_of_both_parts(a: tuple[float, ...], b: tuple[float, ...]) -> None:
    """Also where a ruling stands close beside another: columns without width would cover one another."""
    xs, of_a, of_b = common_columns(a, b, StitchSettings())
    assert list(xs) == sorted(xs)
    for places in (of_a, of_b):
        assert all(first < second for first, second in pairwise(places))
        assert places[-1] < len(xs)


STAMP = ["县政务公开办公室", "收文"]
UPPER: list[Row] = [["项目", "本年", "上年", "合计"], ["甲", "1", "2", "3"]]
LOWER: list[Row] = [["乙", "3", "4", "7"], ["丙", "5", "6", "11"]]


@pytest.mark.parametrize(("above", "below"), [(STAMP, []), ([], ["存档"]), (STAMP, ["存档", "共2页"])])
def test_what_stamps_say_does_not_part_a_table_that_goes_on_with_figures(above: list[str], below: list[str]) -> None:
    (table,) = stitched(placed(0, UPPER, title="一、情况", below=below), placed(1, LOWER, above=above, title="收文"))
    assert [row[0] for row in texts(table)] == ["项目", "甲", "乙", "丙"]
    assert [(part.page, part.rows) for part in table.parts] == [(0, (0, 1)), (1, (2, 3))]
    assert table.title == "一、情况"


@pytest.mark.parametrize(("below", "parts"), [(["公开"], 1), (["公开", "注：按年末数计算。"], 2)])
def test_a_label_that_runs_on_past_its_cell_does_not_part_a_table(below: list[str], parts: int) -> None:
    again: list[Row] = [UPPER[0], ["乙", "x", "y", "z"]]
    tables = stitched(placed(0, UPPER, title="一、情况", below=below), placed(1, again))
    assert len(tables) == parts
    assert tables[0].rows == (3 if parts == 1 else 2)


NOTES = ["转办公室", "与上年数不符？"]
SECTIONS: list[Row] = [[("第二十条第（一）项", 1, 4)], ["信息内容", "本年", "上年", "合计"], ["规章", "1", "2", "3"]]


@pytest.mark.parametrize("first", ["第二十条第（五）项", "信息内容"])
@pytest.mark.parametrize(("above", "below"), [([], NOTES), (NOTES, []), (NOTES, NOTES)])
def test_notes_in_pen_part_no_table_that_goes_on_with_a_section(above: list[str], below: list[str], first: str) -> None:
    head: Row = [(first, 1, 4)] if first.startswith("第") else [first, "上年", "增减", "合计"]
    lower: list[Row] = [head, ["行政许可", "4", "5", "9"]]
    (table,) = stitched(placed(0, SECTIONS, title="二、情况", below=below), placed(1, lower, above=above))
    assert table.rows == 5 and table.title == "二、情况"


@pytest.mark.parametrize(
    ("above", "below", "lower"),
    [
        (["表2 办理情况"], [], SECTIONS),
        ([], ["单位负责人已经审核，情况属实，同意上报。"], LOWER),
        (NOTES, [], [["指标", "一季度", "二季度", "合计"], ["甲", "1", "2", "3"]]),
    ],
)
def test_what_is_another_table_stays_one_beside_notes(above: list[str], below: list[str], lower: list[Row]) -> None:
    assert len(stitched(placed(0, SECTIONS, title="二、情况", below=below), placed(1, lower, above=above))) == 2


def test_a_head_alone_goes_on_overleaf_whatever_was_written_below_it() -> None:
    head: list[Row] = [["项目", ("申请人情况", 1, 3)]]
    rest: list[Row] = [["", "自然人", "法人", "总计"], ["新收", "1", "2", "3"]]
    xs = (0.0, 0.4, 0.6, 0.8, 1.0)
    upper = placed(0, head, xs=xs, title="三、情况", below=["附件见后"])
    (table,) = stitched(upper, placed(1, rest, xs=xs))
    assert table.rows == 3


@pytest.mark.parametrize(("off", "parts"), [(0.0, 1), (0.012, 2)])
def test_photographs_at_two_scales_show_one_table_where_all_columns_agree(off: float, parts: int) -> None:
    xs = (0.0, 0.31, 0.55, 0.76, 1.0)
    lower = placed(1, LOWER, xs=(0.0, 0.31 + off, 0.55, 0.76, 1.0), width=1.06 * WIDTH)
    assert len(stitched(placed(0, UPPER, xs=xs), lower)) == parts
    assert len(stitched(placed(0, UPPER, xs=xs), placed(1, LOWER, xs=xs, width=1.2 * WIDTH))) == 2


def test_a_stamp_may_run_through_some_of_the_figures() -> None:
    begun: list[Row] = [["乙", "3J", "-1F", "7日"], ["丙", "5", "6", "11"]]
    assert len(stitched(placed(0, UPPER), placed(1, begun, above=STAMP))) == 2
    begun[0] = ["乙", "3J", "-1F", "7"]
    assert len(stitched(placed(0, UPPER), placed(1, begun, above=STAMP))) == 1


@pytest.mark.parametrize(
    ("above", "lower"),
    [
        (["二、支出情况"], LOWER),
        (["单位：万元"], LOWER),
        (["表2 支出情况"], LOWER),
        (["以上各项均按年末数填报，不含下属单位数据；与上年口径相同。"], LOWER),
        (["一段", "又一段", "再一段", "第四段", "第五段"], LOWER),
        (STAMP, [["项目", "本年", "上年", "合计"], *LOWER]),
        (STAMP, [["指标", "2019", "2020", "2021"], *LOWER]),
        (STAMP, [["栏次", "1", "2", "3"], *LOWER]),
        (STAMP, [["乙", "-", "-", "-"], *LOWER]),
        (STAMP, [["乙", "3", "4", "好"], *LOWER]),
        (STAMP, [["乙", "3", "4"], ["丙", "5", "6"]]),
    ],
)
def test_a_heading_a_caption_or_a_header_begins_a_table_of_its_own(above: list[str], lower: list[Row]) -> None:
    assert len(stitched(placed(0, UPPER), placed(1, lower, above=above))) == 2


def test_a_table_below_another_one_on_the_next_page_is_its_own() -> None:
    second = replace(placed(1, LOWER, above=STAMP), captions=None)
    assert len(stitched(placed(0, UPPER), second)) == 2


def test_repeated_numbers_of_columns_are_dropped_though_one_is_misread() -> None:
    head: list[Row] = [["项目", "本年", "上年", "增减"]]
    upper, lower = [*head, ["甲", "1", "2.", "3"], list("东567")], [*head, ["甲", "1", "2", "3"], list("西345")]
    (table,) = stitched(placed(0, upper), placed(1, lower))
    assert [row[0] for row in texts(table)] == ["项目", "甲", "东", "西"]


def test_a_row_with_a_signed_number_below_a_page_break_is_a_row_of_its_own() -> None:
    upper: list[Row] = [["科目", "计划", "增长"], ["一、农业", "95", "+7.2"], ["二、就业", "54", "+64.4"]]
    lower: list[Row] = [["石桥乡", "", "+76.2"], ["高庙镇", "53", "+88.3"], ["合计", "149", "-1.0"]]
    (table,) = stitched(placed(0, upper), placed(1, lower))
    assert [row[0] for row in texts(table)] == ["科目", "一、农业", "二、就业", "石桥乡", "高庙镇", "合计"]


STORES: list[Row] = [["序号", "物资名称", "单位", "数量"], ["1", "帐篷", "顶", "623"], ["2", "应急灯", "个", "242"]]
DUTY: list[Row] = [
    ["序号", "值班领导", "电话", "天数"],
    ["1", "邓海燕", "0259-2149", "5"],
    ["2", "陈建国", "0537-67", "5"],
]


def test_a_table_with_another_header_is_another_table() -> None:
    assert [len(table.parts) for table in stitched(placed(0, STORES), placed(1, DUTY))] == [1, 1]
    assert len(stitched(placed(0, STORES), placed(1, DUTY, above=["续表"], title="续表"))) == 1, "unless it says so"
    assert len(stitched(placed(0, STORES), placed(1, DUTY[1:]))) == 1
    misread: list[Row] = [["序号", "物资名你", "单位", "数呈"], *DUTY[1:]]
    assert len(stitched(placed(0, STORES), placed(1, misread))) == 1


def test_sections_with_heads_of_their_own_stay_in_one_table() -> None:
    titled: list[Row] = [*STORES, [("第二部分", 1, 4)]]
    assert len(stitched(placed(0, titled), placed(1, DUTY))) == 1, "its title is on the page before"
    sections: list[Row] = [*STORES, ["序号", "车辆", "牌号", "座位"], ["1", "客车", "甲", "22"]]
    assert len(stitched(placed(0, sections), placed(1, DUTY))) == 1, "it has such rows in its midst"


def test_columns_under_the_same_header_are_the_same_wherever_their_boundaries_lie() -> None:
    head: list[Row] = [["指标", "单位", "2015年", "2016年"]]
    first = placed(0, [*head, ["人口", "万人", "52.24", "57.86"]], xs=(0, 0.3, 0.42, 0.7, 1))
    again = placed(1, [*head, ["收入", "元", "27480", "24205"]], xs=(0, 0.42, 0.52, 0.72, 1))
    (table,) = stitched(first, again)
    assert texts(table) == [*map(list, head), ["人口", "万人", "52.24", "57.86"], ["收入", "元", "27480", "24205"]]
