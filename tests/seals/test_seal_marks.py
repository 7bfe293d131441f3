from __future__ import annotations

import pytest
from test_seal_texts import at, read, text_of

from ocr_pipeline.assemble.seal_marks import only_lettering, parted_number, with_closed_bracket, without_strokes
from ocr_pipeline.document import Alternative
from ocr_pipeline.seals.cut import CROSSED, FOOT_LINE
from ocr_pipeline.settings import SealTextSettings
from ocr_pipeline.stages import RawReading

SETTINGS = SealTextSettings()


@pytest.mark.parametrize(
    ("said", "lettering"),
    [
        ("·某县财政局。", "某县财政局"),
        ("审批专用章(2)", "审批专用章(2)"),
        ("审批专用章（2）.", "审批专用章（2）"),
        ("某县财政局(", "某县财政局"),
        ("某县财政局(.)", "某县财政局"),
        ("某县人民法|院", "某县人民法院"),
        ("核对人:王某", "核对人:王某"),
        ("某县:财政局", "某县财政局"),
        ("某县人:民政府", "某县人民政府"),
        ("收文日期:", "收文日期"),
        ("SOME TRADING CO., LTD.", "SOMETRADINGCO.,LTD."),
        ("SOME IMPORT & EXPORTCO.", "SOMEIMPORT&EXPORTCO."),
        ("RECEIVED.", "RECEIVED"),
    ],
)
def test_stops_and_brackets_stay_where_stamps_have_them(said: str, lettering: str) -> None:
    assert only_lettering(read(said), SETTINGS) == lettering


def test_a_stamps_number_has_both_its_brackets() -> None:
    assert with_closed_bracket("审批专用章(2") == "审批专用章(2)"
    assert with_closed_bracket("审批专用章（12") == "审批专用章（12）"
    assert with_closed_bracket("某县(某乡") == "某县(某乡"
    said = text_of({at(0): read("某县财政局"), at(47): read("审批专用章(2")})
    assert (said.text, said.raw) == ("某县财政局审批专用章(2)", "某县财政局审批专用章(2")


def test_words_before_a_number_in_brackets_are_known_as_without_it() -> None:
    unsure = RawReading("含同专用章(3)", 0.9, (0.6, *(0.99,) * 7), (Alternative("合同专用章(3)", 0.4),))
    assert text_of({at(0): read("某县财政局"), at(47): unsure}).text == "某县财政局合同专用章(3)"
    assert text_of({at(0): read("某县财政局"), at(47): read("审批专用意（2）")}).text == "某县财政局审批专用章（2）"

    bare, number = parted_number(unsure)
    assert number is not None and (bare.text, number.text) == ("含同专用章", "(3)")
    assert [one.text for one in bare.alternatives] == ["合同专用章"]
    assert parted_number(read("(3)")) == (read("(3)"), None)


def test_strokes_of_latin_letters_are_no_ruling() -> None:
    assert without_strokes(read("SOME LIMITED")).text == "SOME LIMITED"
    assert text_of({at(0, CROSSED): read("某县教育/局一")}).text == "某县教育局"


def test_a_latin_line_stays_with_an_unsure_letter_but_not_with_an_unsure_figure() -> None:
    rows = {at(10, 1): read("RECEIVED")}
    letter = RawReading("NORTH STAR LTD", 0.96, (0.99,) * 13 + (0.6,))
    blank = RawReading("23 JAN 2019", 0.97, (0.99, 0.99, 0.69) + (0.99,) * 8)
    figure = RawReading("23 JAN 2019", 0.96, (0.99,) * 10 + (0.6,))

    assert text_of({**rows, at(40, 1): letter}).text == "RECEIVEDNORTHSTARLTD"
    assert text_of({**rows, at(40, 1): blank}).text == "RECEIVED23JAN2019"
    assert text_of({**rows, at(40, 1): figure}).text == "RECEIVED"


def test_a_number_at_the_foot_counts_when_all_cuts_read_it() -> None:
    ring = {at(0): read("某县财政局")}
    one, spaced = read("1234567890123"), RawReading("123 4567890123", 0.5, (0.99,) * 14)
    other = RawReading("1234567890128", 0.5, (0.9,) * 13)

    assert text_of({**ring, at(FOOT_LINE): one, at(FOOT_LINE, 10): spaced}).text == "某县财政局1234567890123"
    assert text_of({**ring, at(FOOT_LINE): one, at(FOOT_LINE, 10): other}).text == "某县财政局"
