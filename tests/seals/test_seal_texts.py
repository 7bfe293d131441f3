from __future__ import annotations

import numpy as np
import pytest

from ocr_pipeline.assemble.seals import SealText, seal_text
from ocr_pipeline.document import Alternative
from ocr_pipeline.geometry import Box, Quad
from ocr_pipeline.layout.remains import without_remains
from ocr_pipeline.seals.cut import CROSSED
from ocr_pipeline.settings import SealTextSettings
from ocr_pipeline.stages import CropAddress, CropKind, RawReading, SealRegion, TextLine


def text_of(readings: dict[CropAddress, RawReading]) -> SealText:
    return seal_text(readings, SealTextSettings())


def at(line: int, attempt: int = 0) -> CropAddress:
    return CropAddress(0, CropKind.SEAL, -1, 0, line, attempt)


def read(text: str, score: float = 0.99) -> RawReading:
    return RawReading(text, score, (score,) * len(text))


def test_the_ring_comes_before_the_lines_whatever_the_order_of_reading() -> None:
    found = text_of({at(30): read("2021"), at(0): read("★某县 人民政府·"), at(15): read("公章", 0.89)})
    assert found.text == "某县人民政府公章2021"
    assert 0.96 < found.score < 0.99


def test_what_reads_better_is_kept() -> None:
    ring = {at(0): read("口亍", 0.4), at(15): read("收文")}
    lines = {at(15, 1): read("某某办公室"), at(30, 1): read("收文"), at(45, 1): read("2021年1月2日")}
    assert text_of({**ring, **lines}).text == "某某办公室收文2021年1月2日"
    assert text_of({at(0): read("某县人民政府"), at(15, 1): read("人")}).text == "某县人民政府"


def test_faint_scraps_are_no_lines() -> None:
    assert text_of({at(0): read("某县人民政府"), at(15): read("兴", 0.3)}).text == "某县人民政府"
    assert text_of({at(15, 1): read("兴", 0.3)}).text == ""
    assert text_of({}).text == ""


def test_of_two_ways_as_long_the_surer_one_is_kept() -> None:
    assert text_of({at(0): read("岭山县", 0.93), at(15, 1): read("岐山县", 1.0)}).text == "岐山县"


def test_lone_strokes_and_scraps_of_figures_are_no_lines() -> None:
    assert text_of({at(0): read("某县教育局"), at(15): read("一一", 0.9)}).text == "某县教育局"
    assert text_of({at(0): read("某县教育局"), at(15): read("241", 0.69)}).text == "某县教育局"


def test_a_number_with_an_uncertain_character_is_worse_than_none() -> None:
    certain = RawReading("91410000", 0.99, (0.99,) * 8)
    uncertain = RawReading("91410000", 0.97, (0.99,) * 7 + (0.8,))

    assert text_of({at(0): read("某县教育局"), at(40): certain}).text == "某县教育局91410000"
    assert text_of({at(0): read("某县教育局"), at(40): uncertain}).text == "某县教育局"


def test_a_whole_word_in_doubt_is_a_line_where_traces_are_not() -> None:
    word = RawReading("附拜", 0.61, (0.99, 0.23), (Alternative("附件", 0.05),))
    trace = RawReading("兴拜", 0.61, (0.99, 0.23), (Alternative("兴件", 0.05),))

    assert text_of({at(30, 1): word}).text == "附件"
    assert text_of({at(30, 1): trace}).text == ""


def test_a_ruling_left_in_the_picture_is_no_character() -> None:
    found = text_of({at(0, CROSSED): read("某县教育/局一"), at(0): read("某县教育局")})

    assert found.text == "某县教育局"


SEAL = SealRegion(Quad.of_box(Box(100, 100, 300, 300)), "round", "red", 0.9, Box(100, 100, 300, 300))


def test_a_character_that_one_way_of_cutting_sees_on_a_line_is_a_trace_of_print() -> None:
    word = {at(31, 1): read("已归档"), at(31, 11): read("已归档")}

    assert text_of({**word, at(54, 11): read("能")}).text == "已归档"
    assert text_of({**word, at(54, 1): read("县"), at(54, 11): read("县")}).text == "已归档县"


def test_what_two_cuts_to_the_same_pixels_say_counts_once() -> None:
    cut_short, whole = read("任专用章", 0.8), read("信息公开专用章", 0.9)

    readings = {at(51, k): cut_short for k in (0, 1, 2)} | {at(51, 11): whole, at(51, 12): read(whole.text, 0.91)}
    assert text_of(readings).text == whole.text


def line(y: int, x: int = 120) -> TextLine:
    return TextLine(Quad.of_box(Box(x, y, x + 150, y + 20)), 0.9)


@pytest.mark.parametrize(("level", "stays"), [(20, True), (90, True), (200, False), (235, False)])
def test_faint_lines_inside_a_stamp_are_what_it_left(level: int, stays: bool) -> None:
    gray = np.full((500, 500), 255, np.uint8)
    ys = (140, 340, 380)
    for y, shade in zip(ys, (level, 30, 30), strict=True):
        gray[y : y + 20 : 2, 120:270] = shade
    binary = ((gray < 250) * np.uint8(255)).astype(np.uint8)
    lines = [line(y) for y in ys]
    kept = without_remains(lines, (SEAL,), gray, binary)
    assert kept == (lines if stays else lines[1:])
    assert without_remains(lines, (), gray, binary) == lines
    assert without_remains(lines[:1], (SEAL,), gray, binary) == lines[:1]


def test_a_faint_line_that_only_touches_a_stamp_stays() -> None:
    gray = np.full((500, 500), 255, np.uint8)
    gray[140:160:2, 220:370] = 220
    gray[400:420:2, 120:270] = 30
    binary = ((gray < 250) * np.uint8(255)).astype(np.uint8)
    lines = [line(140, 220), line(400)]
    assert without_remains(lines, (SEAL,), gray, binary) == lines


def test_a_cells_figure_beneath_is_no_line_of_the_stamp() -> None:
    assert text_of({at(0): read("某县财政局"), at(15): read("17")}).text == "某县财政局"
    assert text_of({at(0): read("某县财政局"), at(15): read("2021.5.7")}).text == "某县财政局2021.5.7"
    assert text_of({at(15, 1): read("17")}).text == "17"


def test_a_stroke_at_the_end_that_was_hardly_read_goes() -> None:
    reading = RawReading("某县人民政府一", 0.95, (0.99,) * 6 + (0.6,))
    assert text_of({at(0): reading}).text == "某县人民政府"
    assert text_of({at(0): read("某县中心小学之一")}).text == "某县中心小学之一"


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("某县入民政府", "某县人民政府"),
        ("某县大民政府", "某县人民政府"),
        ("某县人民政存", "某县人民政府"),
        ("救文", "收文"),
        ("发文", "发文"),
        ("某县人民政协", "某县人民政协"),
        ("大民乡", "大民乡"),
        ("某具人民政府", "某县人民政府"),
        ("某县人民政府力公至", "某县人民政府办公室"),
        ("某县小公室", "某县小公室"),
        ("某具财政局", "某县财政局"),
        ("家具市场管理处", "家具市场管理处"),
        # Specks between characters,
        ("某县人民,政,府", "某县人民政府"),
        ("某县(某乡)教育局", "某县(某乡)教育局"),
    ],
)
def test_what_every_stamp_says_is_put_right_and_no_name(said: str, meant: str) -> None:
    assert text_of({at(0): read(said)}).text == meant


def test_what_is_put_right_stays_as_read_beside_it() -> None:
    said = text_of({at(-1): read("某具人民政府")})
    assert (said.text, said.raw) == ("某县人民政府", "某具人民政府")


def test_a_straight_line_is_not_read_again_along_the_rim() -> None:
    ring = {at(0, 4): read("平远县教育局", 0.9), at(90, 4): read("2019年2月9日", 0.95)}
    lines = {at(17, 1): read("平远县教育局", 0.95), at(33, 1): read("收文"), at(48, 1): read("2019年2月9日")}
    assert text_of({**ring, **lines}).text == "平远县教育局收文2019年2月9日"


def test_one_line_cut_in_two_ways_counts_once() -> None:
    ring = {at(0): read("某县财政局"), at(47): read("合同专用章", 0.9), at(53, 3): read("合同专用草", 0.85)}
    assert text_of(ring).text == "某县财政局合同专用章"
    assert text_of({**ring, at(40): read("914100")}).text == "某县财政局914100合同专用章"


def test_what_a_stamp_is_for_ends_in_zhang() -> None:
    assert text_of({at(0): read("某县财政局"), at(47): read("合同专用意")}).text == "某县财政局合同专用章"
    assert text_of({at(0): read("某县专用意见")}).text == "某县专用意见"
