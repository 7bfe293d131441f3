import re
from dataclasses import replace

from export_samples import HOSTILE, block, cell, document_of, full_document, holes_table, hostile_table, table
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from ocr_pipeline.document import CellRole, Role
from ocr_pipeline.export.markdown import document_markdown, markdown_text

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
HARMLESS = {"paragraph_open", "paragraph_close", "inline", "text", "softbreak", "hardbreak", "text_special"}


def tokens(text):
    return [t for token in PARSER.parse(text) for t in [token, *(token.children or [])]]


def shown(text):
    return "".join(t.content for t in tokens(text) if t.type in ("text", "text_special", "code_inline", "html_inline"))


@given(st.text() | st.text(alphabet="ab1.*_`<>[]()!#|~&;\\-+=: \n\t/w@$:{}^", max_size=30))
def test_any_text_renders_as_itself(text):
    escaped = markdown_text(text)
    assert {t.type for t in tokens(escaped)} <= HARMLESS
    lines = [re.sub("[\x00-\x08\x0e-\x1b\x1f\x7f]", "", line).strip() for line in text.splitlines()]
    assert shown(escaped).replace(" ", "") == "".join(lines).replace(" ", "")


def test_document_holds_no_markup_of_the_scan():
    text = document_markdown(full_document())
    kinds = {t.type for t in tokens(text)}
    assert "link_open" not in kinds and "code_inline" not in kinds
    assert {t.content for t in tokens(text) if t.type == "html_inline"} == {"<br>"}
    blocks = [t.content for t in tokens(text) if t.type == "html_block"]
    assert blocks and all(html.startswith("<table") and html.rstrip().endswith("</table>") for html in blocks)
    assert "<img" not in text
    assert "1\\. 不是列表" in text


def test_roles_order_and_spans():
    text = document_markdown(full_document())
    assert "# 某县年度报告" in text
    marks = ["某县年度报告", "上文。", "第一行", "不是列表", "跨页表", "末段。", "空表"]
    places = [text.index(mark) for mark in marks]
    assert places == sorted(places)
    assert '<table data-table="t1"' in text and "— 1 —" not in text
    assert "*某县人民政府*" in text and "Page 3 could not be read" in text
    assert text.count("本年度情况") == 1


def test_pipe_table_keeps_pipes_lines_and_columns():
    text = document_markdown(document_of(hostile_table()))
    found = [t for t in PARSER.parse(text) if t.type == "inline"]
    texts = [shown_inline(t) for t in found]
    assert "a|b" in texts and HOSTILE in texts and "-12.5" in texts
    assert "第一行<br>第二行" in text
    assert "| -12.5 |" in text
    rows = [t for t in PARSER.parse(text) if t.type == "tr_open"]
    assert len(rows) == 5


def shown_inline(token):
    return "".join(t.content for t in token.children if t.type in ("text", "text_special"))


def test_head_row_and_holes():
    head = [cell(0, c, name, role=CellRole.COLUMN_HEADER) for c, name in enumerate("甲乙")]
    text = document_markdown(document_of(table("t1", [*head, cell(1, 1, "5")], 2, 2)))
    assert text == "| 甲 | 乙 |\n| --- | --- |\n|  | 5 |\n"
    assert 'class="hole"' in document_markdown(document_of(holes_table()))


def test_a_title_that_stands_as_a_heading_is_printed_once():
    for spans in (1, 2):  # a pipe table, and one in HTML
        cells = [cell(0, 0, "甲", cols=spans), *([cell(0, 1, "乙")] if spans == 1 else [])]
        one = table("t1", cells, 1, 2, title="二、情况")
        other = table("t2", cells, 1, 2, title="二、情况", y=600)
        document = document_of(one, other)
        heading = [block(Role.HEADING, "二、情况", 100), block(Role.NOTE, "单位：件", 150)]
        document = replace(document, pages=(replace(document.pages[0], blocks=tuple(heading)),))
        text = document_markdown(document)
        assert text.startswith("## 二、情况")
        # Of two tables below one heading the second says what it is.
        assert text.count("二、情况") == 2
