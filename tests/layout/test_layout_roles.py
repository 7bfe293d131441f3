"""Blocks and roles of whole small pages, of several kinds of paper."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from layout_pages import Composer, text_width

from ocr_pipeline.document import Block, Flag, Role
from ocr_pipeline.geometry import Box, Quad
from ocr_pipeline.layout.blocks import around_quads
from ocr_pipeline.layout.lines import LayoutPage
from ocr_pipeline.layout.repeats import assign_document_roles
from ocr_pipeline.layout.roles import build_blocks
from ocr_pipeline.settings import LayoutSettings

SETTINGS = LayoutSettings()
LONG = "为贯彻落实安全生产工作的要求，进一步压实责任，防范化解重大风险，现就有关事项通知如下，请结合实际认真抓好落实。"
OTHER = "各单位要在2023年6月30日前完成自查，形成清单并于次月5日前报送，联系电话01234567，逾期不报的予以通报。"


def blocks(composer: Composer) -> tuple[Block, ...]:
    return build_blocks(composer.page(), SETTINGS)


def roles(composer: Composer) -> list[tuple[str, str]]:
    return [(block.role.value, block.text) for block in blocks(composer)]


def test_an_official_letter_from_head_to_foot() -> None:
    page = Composer().centre("青山市应急管理局文件", size=60).skip().centre("青应急〔2023〕17号").skip()
    page.centre("青山市应急管理局", "关于做好汛期安全工作的", "通知", size=42).skip()
    page.paragraph("各县（区）应急管理局，市直有关单位：", 0).paragraph(LONG).paragraph("一、提高认识").paragraph(
        "（一）压实责任。" + OTHER
    )
    page.skip().flush_right("青山市应急管理局", 3).flush_right("2023年6月1日", 4).foot("— 1 —")
    assert roles(page) == [
        ("header", "青山市应急管理局文件"),
        ("document_number", "青应急〔2023〕17号"),
        ("title", "青山市应急管理局关于做好汛期安全工作的通知"),
        ("recipient", "各县（区）应急管理局，市直有关单位："),
        ("paragraph", LONG),
        ("heading", "一、提高认识"),
        ("paragraph", "（一）压实责任。" + OTHER),
        ("signature", "青山市应急管理局"),
        ("date", "2023年6月1日"),
        ("page_number", "—1—"),
    ]


def test_a_number_under_the_title() -> None:
    page = Composer().centre("关于推进数据共享的通知", size=42).centre("青政发〔2021〕3号").skip()
    page.paragraph("各部门：", 0).paragraph(LONG)
    assert [role for role, _ in roles(page)] == ["title", "document_number", "recipient", "paragraph"]


def test_copies_and_printing_at_the_end_are_text() -> None:
    page = Composer(index=1).paragraph(LONG, 0).skip(10)
    page.paragraph(
        "抄送：市委办公室，市人大常委会办公室，市政协办公室，市监察委员会，市法院，市检察院，市委各部门。", 0
    )
    page.put("青山市应急管理局办公室", 190)
    page.put("2023年6月1日印发", 800)
    page.advance()
    assert roles(page)[1:] == [
        ("copies", "抄送：市委办公室，市人大常委会办公室，市政协办公室，市监察委员会，市法院，市检察院，市委各部门。"),
        ("printed", "青山市应急管理局办公室2023年6月1日印发"),
    ]


def test_titles_and_notes_beside_tables() -> None:
    page = Composer(index=3).paragraph(LONG).centre("表3-2 主要经济指标").flush_right("单位：万元").table()
    page.paragraph("注：数据来自年报。", 0).paragraph(LONG).centre("分行业收入").table().paragraph(
        "说明：不含罚没。", 0
    )
    assert [role for role, _ in roles(page)] == [
        "paragraph", "table_title", "note", "note", "paragraph", "table_title", "note",
    ]  # fmt: skip


def test_a_numbered_heading_above_a_table_stays_a_heading() -> None:
    page = Composer(index=1).paragraph(LONG, 0).paragraph("二、主动公开情况").table().paragraph("三、其他").table()
    assert [role for role, _ in roles(page)] == ["paragraph", "heading", "heading"]


def test_a_table_of_unit_and_date_lines() -> None:
    page = Composer().centre("资产负债表", size=44)
    for text, x in (("编制单位：青山水务有限公司", 160), ("2022年12月31日", 600), ("单位：元", 960)):
        page.put(text, x)
    page.advance()
    page.table(900).foot("3 / 12")
    found = roles(page)
    assert found[0] == ("title", "资产负债表")
    assert ("note", "单位：元") in found and found[-1] == ("page_number", "3 / 12")


def test_an_exam_page_in_two_columns() -> None:
    page = Composer(em=24, pitch=38).centre("学业水平考试模拟卷（二）", size=36).skip()
    top, expected = page.y, []
    for left, right, side in ((100, 590, "甲"), (650, 1140, "乙")):
        page.left, page.right, page.y = left, right, top
        for number in range(1, 5):
            question = f"{number}．{side}校抽取一百名学生进行测试，统计结果如下表所示，求平均成绩的估计值是多少"
            page.paragraph(question, 0)
            for i, answer in enumerate(("A．10", "B．20", "C．30", "D．40")):
                page.put(answer, left + 120 * i)
            page.advance()
            expected += [question, "A．10 B．20 C．30 D．40"]
        page.table(120)
    assert [block.text for block in blocks(page)][1:] == expected


def test_paragraphs_are_cut_at_the_indent_and_joined_over_full_lines() -> None:
    page = Composer(index=1).paragraph(LONG, 0).paragraph(OTHER).paragraph("无。").paragraph(LONG + OTHER)
    assert [block.text for block in blocks(page)] == [LONG, OTHER, "无。", LONG + OTHER]


def test_a_line_that_ends_early_for_a_long_number_goes_on() -> None:
    page = Composer(index=1).paragraph(LONG, 0)
    room = page.right - page.left
    page.put("本年度共收入人民币合计金额为", page.left + 2 * page.em)
    short = (room - 2 * page.em) / page.em
    page.lines.pop()
    page.put("款" * int(short - 4), page.left + 2 * page.em)
    page.advance()
    page.put("13236452.85元，同比增长。", page.left)
    page.advance()
    page.paragraph(OTHER)
    texts = [block.text for block in blocks(page)]
    assert len(texts) == 3 and texts[1].endswith("款13236452.85元，同比增长。")


def test_items_of_a_list_stay_apart() -> None:
    page = Composer(index=1).paragraph(LONG, 0)
    items = ["1.教育支出；", "2.卫生支出；", "- 其他支出", "- 预备费"]
    for item in items:
        page.paragraph(item)
    assert [block.text for block in blocks(page)][1:] == ["1.教育支出；", "2.卫生支出；", "-其他支出", "-预备费"]


def test_a_signature_alone_on_the_last_page() -> None:
    page = Composer(index=2).flush_right("青山县人民政府办公室", 2).flush_right("二〇二二年二月十八日", 3).foot("—3—")
    assert [role for role, _ in roles(page)] == ["signature", "date", "page_number"]


def test_a_number_in_the_text_is_no_page_number() -> None:
    page = Composer(index=1).paragraph(LONG).centre("12").paragraph(LONG)
    assert [role for role, _ in roles(page)] == ["paragraph", "paragraph", "paragraph"]


def test_empty_pages_and_pages_of_tables_only() -> None:
    assert build_blocks(LayoutPage(0, 100, 100, 10, ()), SETTINGS) == ()
    assert build_blocks(LayoutPage(0, 100, 100, 0, (), (Box(10, 10, 90, 90),)), SETTINGS) == ()


def test_a_block_sums_up_its_lines() -> None:
    page = Composer(index=1).paragraph(LONG, 0).page()
    worst = replace(page.lines[0], score=0.3, flags=(Flag.LOW_SCORE, Flag.UNDER_SEAL))
    block = build_blocks(replace(page, lines=(worst, *page.lines[1:])), SETTINGS)[0]
    assert block.score == pytest.approx((0.9 * (len(page.lines) - 1) + 0.3) / len(page.lines))
    assert block.flags == (Flag.LOW_SCORE, Flag.UNDER_SEAL)
    assert block.raw == "\n".join(line.raw for line in block.lines)
    assert block.box == Box.around(line.box_source for line in page.lines)


def test_the_scale_of_the_scan_does_not_matter() -> None:
    def scaled(factor: float) -> list[tuple[str, str]]:
        page = Composer(em=30 * factor, width=1240 * factor, height=1754 * factor, left=160 * factor)
        page.right, page.y, page.pitch = 1080 * factor, 180 * factor, 52 * factor
        page.centre("关于年度工作的报告", size=42 * factor).skip().paragraph("市政府：", 0).paragraph(LONG)
        page.paragraph("一、情况").table(300 * factor).flush_right("某局", 2).flush_right("2022年2月18日", 1)
        return roles(page)

    assert scaled(0.4) == scaled(1) == scaled(2.5)


@given(st.randoms(use_true_random=False))
def test_every_line_is_in_exactly_one_block_in_any_order(random: object) -> None:
    page = Composer().centre("关于年度工作的报告", size=42).paragraph(LONG).table().paragraph(OTHER).foot("1").page()
    lines = list(page.lines)
    random.shuffle(lines)  # type: ignore[attr-defined]
    found = build_blocks(replace(page, lines=tuple(lines)), SETTINGS)
    assert found == build_blocks(page, SETTINGS)
    assert Counter(line.raw for block in found for line in block.lines) == Counter(line.raw for line in lines)


def document(*composers: Composer) -> list[list[tuple[str, str]]]:
    pages = [composer.page() for composer in composers]
    settled = assign_document_roles([(page, build_blocks(page, SETTINGS)) for page in pages], SETTINGS)
    return [[(block.role.value, block.text) for block in found] for found in settled]


def with_head(index: int, text: str) -> Composer:
    page = Composer(index=index)
    page.put(text, 160, y=90)
    return page.paragraph(LONG, 0).foot(str(index + 1))


def test_running_heads_are_found_by_repetition() -> None:
    found = document(*(with_head(i, f"青山市统计年鉴 第{i + 1}章") for i in range(3)))
    assert all(page[0][0] == "header" and page[1][0] == "paragraph" for page in found)


def above_tables(text: str, columns: list[int]) -> list[list[tuple[str, str]]]:
    """Pages with a text at their head right above a table of so many columns; 0: above a paragraph."""
    pages = []
    for index, count in enumerate(columns):
        page = Composer(index=index, y=150)
        page.centre(text)
        page = (page.table() if count else page.skip()).paragraph(LONG, 0).foot(str(index + 1))
        pages.append(replace(page.page(), first_columns=count))
    settled = assign_document_roles([(page, build_blocks(page, SETTINGS)) for page in pages], SETTINGS)
    return [[(block.role.value, block.text) for block in found] for found in settled]


@pytest.mark.parametrize("columns", [[4, 10], [4, 10, 10], [10, 0, 10]])
@pytest.mark.parametrize("text", ["青山县自然资源局", "青山县统计年鉴"])
def test_a_running_head_above_tables_of_other_columns_is_no_title_of_theirs(columns: list[int], text: str) -> None:
    assert all(page[0] == ("header", text) for page in above_tables(text, columns))


def test_the_title_on_every_page_of_a_long_table_stays_its_title() -> None:
    assert all(page[0][0] == "table_title" for page in above_tables("各乡镇人口情况", [6, 6, 6]))


def test_the_title_on_every_copy_of_a_form_is_no_running_head() -> None:
    assert all(page[0][0] == "heading" for page in above_tables("三、收到和处理申请情况", [10, 10]))
    assert all(page[0][0] == "header" for page in above_tables("三、收到和处理申请情况", [10, 0, 10]))


def test_a_title_over_the_middle_of_its_table_need_not_be_in_the_middle_of_the_page() -> None:
    page = Composer().paragraph(LONG, 0).skip()
    page.put("各乡镇人口情况", 400)
    page.advance()
    page.put("单位：人", 600)
    page.advance()
    middle = 400 + text_width("各乡镇人口情况", page.em) / 2
    page.tables.append(Box(middle - 250, page.y, middle + 250, page.y + 300))
    roles = {block.text: block.role for block in blocks(page)}
    assert roles["各乡镇人口情况"] is Role.TABLE_TITLE
    page.tables[0] = Box(middle - 100, page.y, middle + 550, page.y + 300)
    roles = {block.text: block.role for block in blocks(page)}
    assert roles["各乡镇人口情况"] is Role.PARAGRAPH


def test_a_sentence_at_the_head_is_no_title_however_it_fills_its_lines() -> None:
    page = Composer().centre("全年各项指标总体平稳，主要产品产量增长，收支良好。", size=33).paragraph(LONG)
    assert blocks(page)[0].role is not Role.TITLE
    page = Composer().centre("关于报送全年各项指标情况的报告", size=33).paragraph(LONG)
    assert blocks(page)[0].role is Role.TITLE


def test_a_misread_page_number_is_known_by_its_place() -> None:
    pages = [Composer(index=i).paragraph(LONG, 0) for i in range(3)]
    found = document(pages[0].foot("— 1 —"), pages[1].foot("士己厂"), pages[2].foot("⊥3一"))
    assert [page[-1] for page in found] == [("page_number", text) for text in ("—1—", "士己厂", "⊥3一")]


def test_what_stands_at_the_edge_of_one_page_only_is_text() -> None:
    found = document(with_head(0, "工业生产平稳增长态势良好"), with_head(1, "农民收入比上年增加较多"))
    assert all(page[0][0] != "header" for page in found)


def test_only_the_first_title_is_the_documents() -> None:
    first = Composer().centre("关于年度工作的报告", size=42).paragraph(LONG)
    second = Composer(index=1).centre("第二章 收支情况", size=42).paragraph(LONG)
    found = document(first, second)
    assert found[0][0][0] == "title" and found[1][0] == ("heading", "第二章收支情况")


def test_the_role_of_a_figure_caption() -> None:
    page = Composer(index=1).paragraph(LONG, 0).skip(5).centre("图1 增长趋势").paragraph(LONG)
    assert blocks(page)[1].role is Role.FIGURE


def test_a_tilted_quad_holds_all_quads() -> None:
    line = Quad(((0, 0), (100, 10), (99, 20), (-1, 10)))
    below = Quad(((-3, 30), (97, 40), (96, 50), (-4, 40)))
    quad = around_quads([line, below])
    top, side = quad.points[1], quad.points[3]
    assert quad.points[0] == pytest.approx((0, 0), abs=0.8)
    assert top[1] - quad.points[0][1] == pytest.approx(10, abs=1.5) and side[0] == pytest.approx(-4, abs=0.8)
    assert around_quads([line]) == line
    with pytest.raises(ValueError, match="no quads"):
        around_quads([])
