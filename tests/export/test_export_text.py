import re

import pytest
from export_samples import cell, document_of, full_document, holes_table, spans_table, table
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from ocr_pipeline.document import CellRole, Flag
from ocr_pipeline.export.text import document_text, table_text
from ocr_pipeline.export.width import printable, wrap

ANSI = re.compile("\x1b\\[[0-9;]*m")


def test_spans_as_printed():
    assert table_text(spans_table(), 80, False) == "\n".join(
        [
            "┌────┬───────────────┐",
            "│事项│  申请人情况   │",
            "│    ├──────┬────────┤",
            "│    │自然人│商业企业│",
            "├────┼──────┼────────┤",
            "│受理│     0│        │",
            "│    ├──────┼────────┤",
            "│    │      │     18?│",
            "└────┴──────┴────────┘",
        ]
    )


@pytest.mark.parametrize("width", [30, 40, 80, 120])
@pytest.mark.parametrize("colour", [False, True])
def test_no_line_is_wider_than_asked(width, colour):
    text = document_text(full_document(), width, colour)
    assert max(cell_len(ANSI.sub("", line)) for line in text.splitlines()) <= width
    assert ("\x1b" in text) == colour


def test_many_columns_still_fit():
    wide = table("t1", [cell(0, c, "数据" + str(c)) for c in range(60)], 1, 60)
    text = document_text(document_of(wide), 80, False)
    assert max(map(cell_len, text.splitlines())) <= 80
    assert "59" in text


def test_numbers_stay_whole_when_words_can_break():
    cells = [cell(0, 0, "很长的说明文字" * 8), cell(0, 1, "1,234,567"), cell(0, 2, "39.7%")]
    text = table_text(table("t1", cells, 1, 3), 40, False)
    assert "1,234,567" in text and "39.7%" in text


def test_doubts_are_marked_with_a_legend():
    text = document_text(full_document(), 80, False)
    assert "18?" in text and "? = doubtful reading (1 of " in text
    assert "?" not in document_text(document_of(holes_table()), 80, False)


def test_holes_keep_the_columns():
    lines = table_text(holes_table(), 80, False).splitlines()
    assert lines[1].index("a") < lines[3].index("e") < lines[1].index("c")


def test_a_scan_cannot_drive_the_terminal():
    evil = cell(0, 0, "\x1b[2Jx\u202ey\rz\x07", flags=[Flag.LOW_SCORE])
    text = document_text(document_of(table("t1", [evil], 1, 1, title="\x1b]0;t\x07")), 80, False)
    assert "\x1b" not in text and "\u202e" not in text and "\r" not in text and "\x07" not in text


@given(st.text(max_size=40), st.integers(2, 20))
def test_wrapped_lines_fit_and_lose_nothing(text, width):
    lines = wrap(printable(text), width)
    assert all(cell_len(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == printable(text).replace(" ", "")


@given(st.integers(1, 4), st.integers(1, 4), st.data())
@settings(deadline=None, max_examples=60)
def test_every_drawing_is_a_rectangle(rows, cols, data):
    free = {(r, c) for r in range(rows) for c in range(cols)}
    cells = []
    while free:
        r, c = min(free)
        height, width = data.draw(st.integers(1, rows - r)), data.draw(st.integers(1, cols - c))
        area = {(r + i, c + j) for i in range(height) for j in range(width)}
        area = area if area <= free else {(r, c)}
        height, width = (height, width) if len(area) == height * width else (1, 1)
        free -= area
        if data.draw(st.integers(0, 4)):
            cells.append(cell(r, c, data.draw(st.text("中a1 ", max_size=12)), rows=height, cols=width))
    sizes = {cell_len(line) for line in table_text(table("t1", cells, rows, cols), 40, False).splitlines()}
    assert len(sizes) == 1 and sizes.pop() <= 40


def test_numbers_stand_right_words_and_names_of_rows_left_headings_in_the_middle():
    wide = [cell(0, c, "一二三四五六", role=CellRole.COLUMN_HEADER) for c in range(4)]
    row = [cell(1, 0, "名", role=CellRole.ROW_HEADER), cell(1, 1, "1,252"), cell(1, 2, "2009-2012"), cell(1, 3, "词")]
    last = cell(2, 0, "末", cols=4, role=CellRole.SECTION)
    lines = table_text(table("t1", [*wide, *row, last], 3, 4), 80, colour=False).splitlines()
    assert lines[3] == "│名          │       1,252│2009-2012   │词          │"
    assert lines[5].index("末") == 25
