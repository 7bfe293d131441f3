import io
import re
import shutil
import subprocess
import zipfile

import docx
import pymupdf
import pytest
from docx.oxml.ns import qn
from export_samples import HOSTILE, block, cell, document_of, full_document, hostile_table, spans_table, table

from ocr_pipeline.document import Document, EngineInfo, Filing, Flag, Page, PageStatus, Role, SourceInfo, Table
from ocr_pipeline.export import write_document
from ocr_pipeline.export.docx import docx_bytes
from ocr_pipeline.export.flow import reading_flow


def word_of(document):
    return docx.Document(io.BytesIO(docx_bytes(document)))


def page_of(*blocks, **more):
    page = Page(0, 1000, 1400, 200.0, 0, 0.0, PageStatus.OK, tuple(blocks), **more)
    return Document(SourceInfo("a.png", "00" * 32, 1), EngineInfo(), Filing(), (page,), ())


def spans_of(made):
    """Row, column, row span, column span and text of each cell, as the file has them."""
    found, open_above = [], {}
    for r, row in enumerate(made._tbl.tr_lst):
        at = 0
        for tc in row.tc_lst:
            if tc.vMerge == "continue":
                found[open_above[at]][2] += 1
            else:
                open_above[at] = len(found)
                found.append([r, at, 1, tc.grid_span, "\n".join(p.text for p in tc.p_lst)])
            at += tc.grid_span
        assert at == len(made.columns)
    return {tuple(one) for one in found}


def test_merges_and_texts_are_those_of_the_document():
    document = full_document()
    made = word_of(document).tables
    drawn = [item for _, items in reading_flow(document) for item in items if isinstance(item, Table) and item.rows]
    assert len(made) == len(drawn)
    for word, part in zip(made, drawn, strict=True):
        expected = {(c.row, c.col, c.row_span, c.col_span, "\n".join(c.text.splitlines())) for c in part.cells}
        holes = {one for one in spans_of(word) if one not in expected}
        assert spans_of(word) >= expected and all(one[2:] == (1, 1, "") for one in holes)


def test_head_rows_stand_on_every_page_and_no_row_is_cut():
    rows = word_of(document_of(spans_table())).tables[0]._tbl.tr_lst
    assert [row.trPr.find(qn("w:tblHeader")) is not None for row in rows] == [True, True, False, False]
    assert all(row.trPr.find(qn("w:cantSplit")) is not None for row in rows)


def test_paragraphs_have_the_styles_of_their_roles_in_reading_order():
    word = word_of(full_document())
    texts = [(p.style.name, p.text) for p in word.paragraphs if p.text]
    assert texts[:3] == [
        ("Document Number", "政办〔2022〕5号"),
        ("Title", "某县年度报告"),
        ("Caption", "本年度情况"),
    ]
    assert ("Heading 1", "二、" + HOSTILE) in texts and ("Body Text", "1. 不是列表") in texts
    assert ("Seal", "〔某县人民政府〕") in texts
    assert not [text for _, text in texts if "— 1 —" in text], "page numbers are left out"
    assert [text for _, text in texts if "could not be read" in text] == [
        "Page 3 could not be read. The page <3> is damaged."
    ]


def test_a_title_that_stands_above_the_table_as_a_heading_is_not_repeated():
    page = Page(0, 1000, 1400, 200.0, 0, 0.0, PageStatus.OK, (block(Role.HEADING, "本年度情况", 100),))
    document = Document(SourceInfo("a", "0" * 64, 1), EngineInfo(), Filing(), (page,), (spans_table(),))
    assert [p.text for p in word_of(document).paragraphs if p.text] == ["本年度情况"]


def test_doubts_are_marked_and_explained():
    flagged = block(Role.PARAGRAPH, "存疑", 100)
    object.__setattr__(flagged, "flags", (Flag.LOW_SCORE,))
    empty = cell(0, 0, "", flags=[Flag.UNREAD_INK])
    word = word_of(page_of(flagged))
    assert word.paragraphs[0].runs[0].font.highlight_color is not None
    assert [comment.text for comment in word.comments] == ["read with little certainty\nscore 0.97"]
    word = word_of(document_of(spans_table(), table("t2", [empty, cell(0, 1, "1")], 1, 2)))
    texts = [comment.text for comment in word.comments]
    assert len(texts) == 2 and "or: 16 (0.30)" in texts[0] and "ink that was not read" in texts[1]
    shades = [tc.tcPr.find(qn("w:shd")) for tc in word.tables[1]._tbl.tr_lst[0].tc_lst]
    assert [shade is not None and shade.get(qn("w:fill")) for shade in shades] == ["FFE699", False]


def test_texts_stay_texts():
    odd = '={ HYPERLINK "http://x.y" }\x00\x0b\ud800<w:r/>&amp;'
    content = docx_bytes(document_of(hostile_table(), table("t9", [cell(0, 0, odd)], 1, 1, title=odd, y=1200)))
    with zipfile.ZipFile(io.BytesIO(content)) as made:
        body = made.read("word/document.xml").decode()
        rest = "".join(made.read(name).decode() for name in made.namelist() if name.endswith((".xml", ".rels")))
    assert not re.findall(r"<w:(fldSimple|fldChar|instrText|hyperlink)", body)
    assert "External" not in rest
    last = docx.Document(io.BytesIO(content)).tables[-1].cell(0, 0).text
    assert "".join(last.split()) == '={HYPERLINK"http://x.y"}\ufffd<w:r/>&amp;'


def test_the_same_document_makes_the_same_bytes():
    content = docx_bytes(full_document())
    assert content == docx_bytes(full_document())
    with zipfile.ZipFile(io.BytesIO(content)) as made:
        assert {entry.date_time for entry in made.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert "python-docx" not in made.read("docProps/core.xml").decode()


def test_columns_are_as_wide_as_printed_and_fill_the_page():
    made = word_of(full_document()).tables[-1]
    widths = [column.width for column in made.columns]
    assert widths[0] == widths[1] and abs(sum(widths) - 170 * 36000) < 1000


def test_it_is_written_on_demand_only(tmp_path):
    write_document(full_document(), tmp_path)
    assert not (tmp_path / "document.docx").exists()
    assert write_document(full_document(), tmp_path, ["docx"]) == [tmp_path / "document.docx"]


def test_apply_writes_it_again_where_it_is(tmp_path):
    from ocr_pipeline.commands.apply import _plain_again

    _plain_again(full_document(), tmp_path)
    assert not (tmp_path / "document.docx").exists()
    (tmp_path / "document.docx").write_bytes(b"old")
    _plain_again(full_document(), tmp_path)
    assert (tmp_path / "document.docx").read_bytes() == docx_bytes(full_document())


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_shows_all_of_it(tmp_path):
    write_document(full_document(), tmp_path, ["docx"])
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "pdf"]
    done = subprocess.run(
        [*command, "--outdir", tmp_path, tmp_path / "document.docx"], capture_output=True, timeout=500, check=True
    )
    if b"could not be loaded" in done.stderr:
        pytest.skip("LibreOffice Writer is not installed")
    shown = "".join("".join(page.get_text().split()) for page in pymupdf.open(tmp_path / "document.pdf"))
    wanted = [cell.text for part in full_document().tables for cell in part.cells]
    wanted += [block.text for page in full_document().pages for block in page.blocks if block.role != Role.PAGE_NUMBER]
    assert [text for text in wanted if "".join(text.split()) not in shown] == []
