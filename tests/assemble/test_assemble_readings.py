from __future__ import annotations

from dataclasses import replace

import pytest
from assembled import analysis, crop, reading

from ocr_pipeline.assemble.cells import join_readings, without_marks_between, without_stray_marks
from ocr_pipeline.assemble.tables import assemble_tables
from ocr_pipeline.document import Alternative, Flag
from ocr_pipeline.settings import ReadingSettings
from ocr_pipeline.stages import RawReading


def joined(*parts: tuple[object, str], width: float = 200.0):
    return join_readings([(c, reading(text)) for c, text in parts], width)  # type: ignore[misc]


def test_no_ink_is_a_blank_and_sure() -> None:
    result = join_readings([], 100)
    assert (result.text, result.raw, result.score, result.complete) == ("", "", 1.0, True)


def test_one_line() -> None:
    result = joined((crop(), "总计"))
    assert (result.text, result.raw) == ("总计", "总计")


def test_a_spread_header_is_one_word_and_raw_shows_it_as_printed() -> None:
    result = joined((crop(spread=4), "结果维持"))
    assert result.text == "结果维持"
    assert result.raw == "结 果 维 持"


def test_blanks_of_the_recogniser_in_a_spread_header_go() -> None:
    result = joined((crop(spread=4), "结 果维 持"))
    assert result.text == "结果维持"
    assert result.raw == "结 果 维 持"


def test_latin_letters_are_never_spread() -> None:
    assert joined((crop(spread=4), "2021")).raw == "2021"
    assert joined((crop(spread=2), "AB")).raw == "AB"


def test_a_stacked_header_is_one_word_and_raw_has_its_lines() -> None:
    result = joined((crop(stacked=(1, 1, 1, 1)), "尚未审结"))
    assert result.text == "尚未审结"
    assert result.raw == "尚\n未\n审\n结"


def test_a_stack_of_uneven_lines() -> None:
    result = joined((crop(stacked=(2, 2, 1)), "其他情形等"))
    assert (result.text, result.raw) == ("其他情形等", "其他\n情形\n等")


def test_a_stack_read_with_another_length_keeps_its_reading() -> None:
    result = joined((crop(stacked=(1, 1, 1)), "尚未审结"))
    assert (result.text, result.raw) == ("尚未审结", "尚未审结")


def test_printed_lines_are_joined_without_blanks_and_kept_in_raw() -> None:
    result = joined((crop(190), "不属于本机"), (crop(100, before="\n", line=1), "关公开"))
    assert result.text == "不属于本机关公开"
    assert result.raw == "不属于本机\n关公开"


@pytest.mark.parametrize(
    ("lines", "width", "text"),
    [
        (("商业", "企业"), 60, "商业企业"),
        (("12", "34"), 60, "12 34"),
        (("13,236,4", "52"), 195, "13,236,452"),
        (("General", "office"), 100, "General office"),
        (("18.", "085"), 60, "18.085"),
    ],
)
def test_two_lines(lines: tuple[str, str], width: float, text: str) -> None:
    assert joined((crop(width), lines[0]), (crop(width, before="\n", line=1), lines[1])).text == text


def test_numbers_apart_on_one_line_stay_two() -> None:
    result = joined((crop(), "12"), (crop(before=" ", line=1), "7"))
    assert (result.text, result.raw) == ("12 7", "12 7")


def test_characters_apart_on_one_line_are_one_word() -> None:
    assert joined((crop(), "备"), (crop(before=" ", line=1), "注")).text == "备注"


def test_the_worst_part_decides_the_score() -> None:
    parts = [(crop(), reading("甲", 0.99)), (crop(before="\n", line=1), reading("乙", 0.4))]
    result = join_readings(parts, 100)
    assert result.score == 0.4
    assert result.complete


def test_ink_that_was_not_read_is_told() -> None:
    result = join_readings([(crop(), reading("甲")), (crop(before="\n", line=1), RawReading("", 0.0))], 100)
    assert not result.complete
    assert result.score == 0.0
    assert result.text == "甲"


def test_alternatives_are_those_of_a_single_reading() -> None:
    other = RawReading("6", 0.6, (0.6,), (Alternative("8", 0.3),))
    assert join_readings([(crop(), other)], 100).alternatives == (Alternative("8", 0.3),)
    assert join_readings([(crop(), other), (crop(before="\n", line=1), other)], 100).alternatives == ()


def table_of(rows, **scores: float):
    page, readings = analysis(0, [(100, rows)])
    for address, found in readings.items():
        if found.text in scores:
            readings[address] = RawReading(found.text, scores[found.text])
    return assemble_tables(page, readings, ReadingSettings())[0]


def texts(table) -> list[str]:
    return [cell.text for cell in table.cells]


def test_blanks_stay_blank_beside_zeros() -> None:
    table = table_of([["项目", "本年", "上年"], ["收到", "0", ""], ["办结", "", "0"]])
    assert texts(table) == ["项目", "本年", "上年", "收到", "0", "", "办结", "", "0"]
    blank = table.cells[5]
    assert (blank.raw, blank.score, blank.flags) == ("", 1.0, ())


def test_readings_stay_in_their_cells() -> None:
    rows = [[("甲", 2, 1), ("乙", 1, 2)], ["", "丙"], ["1", "2", "3"]]
    table = table_of(rows)
    assert {(c.row, c.col, c.row_span, c.col_span): c.text for c in table.cells} == {
        (0, 0, 2, 1): "甲",
        (0, 1, 1, 2): "乙",
        (1, 1, 1, 1): "",
        (1, 2, 1, 1): "丙",
        (2, 0, 1, 1): "1",
        (2, 1, 1, 1): "2",
        (2, 2, 1, 1): "3",
    }


def test_doubtful_readings_are_flagged() -> None:
    table = table_of([["甲", "7"], ["乙", "8"]], **{"7": 0.5})
    assert [cell.flags for cell in table.cells] == [(), (Flag.LOW_SCORE,), (), ()]


def test_ink_without_reading_is_flagged() -> None:
    page, readings = analysis(0, [(100, [["甲", "7"], ["乙", "8"]])])
    address = next(a for a, r in readings.items() if r.text == "7")
    readings[address] = RawReading("", 0.0)
    table = assemble_tables(page, readings, ReadingSettings())[0]
    assert Flag.UNREAD_INK in table.cells[1].flags
    assert table.cells[1].text == ""


@pytest.mark.parametrize("letter", ["O", "〇", "o"])
def test_a_round_letter_among_numbers_is_a_nought(letter: str) -> None:
    rows = [["项目", "本年", "上年"], ["收到", letter, "12"], ["办结", "3", "0"], ["结转", "4", "5"]]
    table = table_of(rows)
    assert texts(table)[4] == "0"
    assert table.cells[4].raw == letter


def test_a_dash_among_numbers_is_no_character() -> None:
    rows = [
        ["项目", "本年", "上年"],
        ["收到", "一", "12"],
        ["办结", "一", "0"],
        ["结转", "4", "5.1"],
        ["合计", "4", "17"],
    ]
    table = table_of(rows)
    assert texts(table)[4] == texts(table)[7] == "—"
    assert table.cells[4].raw == "一"


QUARTERS = [["季度", "一", "二", "三"], ["Q1", "11", "12", "13"], ["Q2", "14", "15", "16"], ["Q3", "17", "18", "19"]]
BLOOD = [["血型", "男", "女", "计"], ["O", "11", "12", "23"], ["A", "14", "15", "29"], ["B", "17", "18", "35"]]


@pytest.mark.parametrize(
    "rows",
    [
        QUARTERS,
        BLOOD,
        [["O", "A", "B"], ["O", "B", "A"]],
    ],
)
def test_letters_that_are_labels_stay_letters(rows: list[list[str]]) -> None:
    assert texts(table_of(rows)) == [text for row in rows for text in row]


@pytest.mark.parametrize(
    ("read", "text"),
    [
        ("法律服`务机构", "法律服务机构"),
        ("果|他", "果他"),
        ("`", "`"),
        ("A|B", "A|B"),
        ("阿·里", "阿·里"),
        ("", ""),
        ("•3.要求提供", "3.要求提供"),
        ("二、.上年结转", "二、上年结转"),
        ("(四).无法", "(四)无法"),
        ("·12", "·12"),
    ],
)
def test_marks_never_printed_between_characters_are_dirt(read: str, text: str) -> None:
    assert without_stray_marks(read) == text


@pytest.mark.parametrize(
    ("read", "text"),
    [
        ("总,计", "总计"),
        ("尚·未审结", "尚未审结"),
        ("·结果纠正", "结果纠正"),
        ("1,252", "1,252"),
        ("买买提·艾力", "买买提艾力"),
        ("行政复议、诉讼", "行政复议、诉讼"),
        ("A.B", "A.B"),
    ],
)
def test_labels_set_apart_have_no_marks_between(read: str, text: str) -> None:
    assert without_marks_between(read) == text


def test_a_long_text_keeps_its_marks() -> None:
    text = "本机关受理，并由主管部门答复"
    assert without_marks_between(text) == text


@pytest.mark.parametrize(("mark", "found"), [("——", "——"), ("—", "一"), ("-", "-")])
def test_a_dash_that_is_not_as_long_as_a_character_is_no_word_whatever_is_read(mark: str, found: str) -> None:
    assert joined((replace(crop(), mark=mark), "一")).text == found


@pytest.mark.parametrize(
    ("texts", "several"),
    [
        (("行政许可", "12"), True),
        (("6", "0"), True),
        (("-3.5%", "1,204"), True),
        (("合", "计"), False),
        (("经办人：", "12"), False),
        (("12", "件"), False),
    ],
)
def test_a_number_far_behind_other_print_of_its_line_is_doubted(texts: tuple[str, str], several: bool) -> None:
    parts = [(crop(), reading(texts[0])), (replace(crop(), before=" "), reading(texts[1]))]
    assert join_readings(parts, 200.0).several is several
    below = [parts[0], (replace(crop(), before="\n"), reading(texts[1]))]
    assert not join_readings(below, 200.0).several


def test_a_cell_that_may_lack_an_edge_says_so() -> None:
    page, readings = analysis(0, [(100, [["行政许可\n12", "7"]])])
    apart = tuple(replace(c, before=" ") if c.before else c for c in page.crops)
    table = assemble_tables(replace(page, crops=apart), readings, ReadingSettings())[0]
    assert [cell.flags for cell in table.cells] == [(Flag.INVENTED_EDGE,), ()]
    below = assemble_tables(page, readings, ReadingSettings())[0]
    assert [cell.flags for cell in below.cells] == [(), ()]
