from html.parser import HTMLParser

import pytest
from export_samples import (
    HOSTILE,
    cell,
    document_of,
    empty_table,
    full_document,
    holes_table,
    hostile_table,
    spans_table,
    table,
    two_page_table,
)
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.document import CellRole, Flag
from ocr_pipeline.export.html import document_html, html_text, table_html

KNOWN_TAGS = """html head meta title style body main section div h1 h2 h3 p aside dl dt dd
    table caption thead tbody tr th td br ul ol li b q"""


class Reader(HTMLParser):
    """Collects tags with their attributes, and the texts of table cells on their grid."""

    def __init__(self):
        super().__init__()
        self.tags, self.rows, self.texts, self.cell = [], [], [], None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tags.append((tag, attrs))
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.cell = {"tag": tag, "attrs": attrs, "text": ""}
            self.rows[-1].append(self.cell)
        if tag == "br" and self.cell:
            self.cell["text"] += "\n"

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.cell = None

    def handle_data(self, data):
        self.texts.append(data)
        if self.cell is not None:
            self.cell["text"] += data

    def grid(self):
        """Places as a browser computes them: {(row, col): text} of every position covered."""
        taken = {}
        for r, row in enumerate(self.rows):
            c = 0
            for item in row:
                while (r, c) in taken:
                    c += 1
                height, width = (int(item["attrs"].get(name, 1)) for name in ("rowspan", "colspan"))
                taken |= {(r + i, c + j): item["text"] for i in range(height) for j in range(width)}
        return taken


def read(text):
    reader = Reader()
    reader.feed(text)
    reader.close()
    return reader


@pytest.mark.parametrize("sample", [spans_table(), hostile_table(), holes_table(), two_page_table()])
def test_a_browser_puts_every_text_where_the_table_has_it(sample):
    grid = sample.to_grid()
    expected = {(r, c): "\n".join(grid[r][c].splitlines()) for r in range(sample.rows) for c in range(sample.cols)}
    assert read(table_html(sample)).grid() == expected


def test_heads_and_spans():
    html = table_html(spans_table())
    head, body = html.split("</thead>")
    assert '<th rowspan="2" data-page="0">事项</th>' in head
    assert '<th scope="colgroup" colspan="2" data-page="0">申请人情况</th>' in head
    assert '<th scope="rowgroup" rowspan="2" data-page="0">受理</th>' in body
    assert "<th" in head and head.count("<tr>") == 2
    assert 'data-flags="low_score"' in body and 'class="flagged"' in body
    assert body.count("data-flags") == 1


def test_pages_are_named():
    html = table_html(two_page_table())
    assert 'data-pages="0 1"' in html
    assert '<td data-page="1">39.7%</td>' in html


def test_a_head_cell_that_reaches_into_the_body_leaves_no_cut_head():
    cells = [cell(0, 0, "x", rows=2, role=CellRole.STUB_HEAD), cell(0, 1, "y", role=CellRole.COLUMN_HEADER)]
    html = table_html(table("t1", [*cells, cell(1, 1, "5")], 2, 2))
    assert "<thead>" not in html


def test_nothing_in_a_scan_becomes_a_tag():
    html = document_html(full_document())
    reader = read(html)
    known = set(KNOWN_TAGS.split())
    assert {tag for tag, _ in reader.tags} <= known
    assert not [name for _, attrs in reader.tags for name in attrs if name.startswith("on")]
    assert any(HOSTILE in text for text in reader.texts)
    assert "<script" not in html and 'src="' not in html and "default-src 'none'" in html


def test_hostile_title_and_reasons_stay_inside_their_attribute():
    bad = '"><script>x</script>'
    doubt = cell(0, 0, bad, flags=[Flag.LOW_SCORE], note=bad)
    html = document_html(document_of(table("t1", [doubt], 1, 1, title=bad)))
    assert "<script" not in html


def test_tables_stand_where_they_were_printed():
    html = document_html(full_document())
    order = ["政办〔2022〕5号", 'data-table="t1"', "上文。", 'data-table="t2"', "1. 不是列表", 'data-table="t5"']
    places = [html.index(mark, html.index("page-mark")) for mark in [*order, 'data-table="t4"', "末段。"]]
    assert places == sorted(places)
    assert html.count("本年度情况") == 1  # as the table's caption, not once more as a block
    assert "The page &lt;3&gt; is damaged." in html


def test_empty_table_and_empty_document():
    assert "<caption>空表</caption>" in table_html(empty_table())
    assert "</html>" in document_html(document_of())


@pytest.mark.parametrize(
    "cells", [[cell(0, 0, "a"), cell(0, 0, "b")], [cell(0, 0, "a", cols=2), cell(0, 1, "b")], [cell(1, 0, "a")]]
)
def test_overlapping_cells_are_refused_not_drawn_over_each_other(cells):
    with pytest.raises(ValueError, match="t1"):
        table_html(table("t1", cells, 1, 2))


@given(st.text())
def test_any_text_comes_back_as_text(text):
    reader = read(f"<p>{html_text(text)}</p>")
    assert {tag for tag, _ in reader.tags} <= {"p", "br"}
    shown = "".join(reader.texts)
    assert shown == "".join(
        char for line in text.splitlines() for char in line if char.isprintable() or char > "\x7f" or char == "\t"
    )


def test_what_to_look_at_is_counted_as_on_the_sheet():
    page = document_html(full_document())
    assert "<b>cell</b> t1 row 4, column 3, page 1:" in page, "row 3 and column 2 of document.json, C4 on the sheet"
