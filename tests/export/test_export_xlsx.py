import io
import os
import subprocess
import sys
import zipfile
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from export_samples import HOSTILE, cell, document_of, full_document, hostile_table, spans_table, table
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.document import CellRole, Flag
from ocr_pipeline.export.numbers import plain_number
from ocr_pipeline.export.xlsx import sheet_name, write_xlsx, xlsx_bytes


def book_of(*tables):
    return openpyxl.load_workbook(io.BytesIO(xlsx_bytes(document_of(*tables))))


def as_shown(value, style):
    """What a spreadsheet displays for the few formats in use."""
    if ";" in style:
        style = style.split(";")[value < 0].lstrip("+-")
        sign = "-" if value < 0 else "+"
    else:
        sign = "-" if value < 0 else ""
    number = abs(Decimal(repr(value))) * (100 if style.endswith("%") else 1)
    places = len(style.rstrip("%").partition(".")[2])
    text = f"{number:,.{places}f}" if style.startswith("#,##0") else f"{number:.{places}f}"
    return sign + text + "%" * style.endswith("%")


@pytest.mark.parametrize(
    ("text", "value", "style"),
    [
        ("0", 0, "0"),
        ("1252", 1252, "0"),
        ("1,252", 1252, "#,##0"),
        ("1,252.50", 1252.5, "#,##0.00"),
        ("39.7%", 0.397, "0.0%"),
        ("100%", 1, "0%"),
        ("-12.50", -12.5, "0.00"),
        ("+3.5%", 0.035, "+0.0%;-0.0%"),
        ("0.0", 0, "0.0"),
        ("123456789012345", 123456789012345, "0"),
    ],
)
def test_plain_numbers(text, value, style):
    number = plain_number(text)
    assert (number.value, number.number_format) == (value, style)
    assert as_shown(number.value, number.number_format) == text


@pytest.mark.parametrize(
    "text",
    [
        "007",
        "1,25",
        "12,52",
        "0,123",
        "1234567890123456",
        "-0",
        "",
        " 5",
        "5 ",
        "5.",
        ".5",
        "１２",
        "1e5",
        "五",
        "=1",
        "1.2.3",
        "0.1234567890123456",
        "--5",
        "nan",
        "1_000",
        "5\n",
    ],
)
def test_texts_that_a_number_would_change_stay_texts(text):
    assert plain_number(text) is None


@given(st.from_regex(r"[-+]?[0-9]{1,3}(,?[0-9]{3}){0,4}(\.[0-9]{1,4})?%?", fullmatch=True))
def test_what_becomes_a_number_is_shown_as_printed(text):
    number = plain_number(text)
    if number is not None:
        assert as_shown(number.value, number.number_format) == text


def test_numbers_texts_and_formulas_in_the_sheet():
    texts = ["=1+1", "1,252", "39.7%", "007", "1234567890123456789", HOSTILE, "@x", ""]
    sheet = book_of(table("t1", [cell(n, 0, text) for n, text in enumerate(texts)], len(texts), 1))["t1"]
    values = [sheet.cell(n + 1, 1) for n in range(len(texts))]
    assert [c.data_type for c in values] == ["s", "n", "n", "s", "s", "s", "s", "n"]
    assert [c.value for c in values] == ["=1+1", 1252, 0.397, "007", "1234567890123456789", HOSTILE, "@x", None]
    assert [values[1].number_format, values[2].number_format] == ["#,##0", "0.0%"]
    assert values[0].quotePrefix and values[6].quotePrefix


def test_merges_fills_and_comments():
    sheet = book_of(spans_table()).worksheets[1]
    assert {str(area) for area in sheet.merged_cells.ranges} == {"A1:A2", "B1:C1", "A3:A4"}
    assert sheet["C3"].value is None and sheet["B3"].value == 0 and sheet["B4"].value is None
    assert sheet["C4"].value == 18
    assert "16 (0.30)" in sheet["C4"].comment.text and "thin print" in sheet["C4"].comment.text
    assert sheet["C4"].fill.fgColor.rgb == "FFFFE699" and sheet["B3"].fill.fill_type is None
    assert sheet["B1"].alignment.horizontal == "center" and sheet["B1"].alignment.wrap_text
    assert sheet.freeze_panes == "A3"
    assert sheet["C1"].border.right.style == "thin"


def test_sheets_of_the_whole_document():
    book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(full_document())))
    names = book.sheetnames
    assert names[0] == "Document" and names[-2:] == ["Checks", "Review"] and len(names) == 8
    assert [row[2].value for row in book["Checks"].iter_rows(min_row=2)] == ["broken", "ok"]
    assert book["Checks"]["F2"].value == "B3 C4"
    assert [c.value for c in book["Review"][2]][:6] == ["cell", 0.8, "thin print", 1, "t1", "C4"]
    about = {row[0].value: row[1].value for row in book["Document"].iter_rows()}
    assert about["Number"] == "政办〔2022〕5号" and about["SHA-256"] == "ab" * 32 and about["t5"] == "跨页表"


def test_sheet_names_are_safe_and_their_own():
    names = [sheet_name(t) for t in full_document().tables]
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\'") for name in names)
    assert names[1].startswith("t2 a b c")
    assert len({name.lower() for name in names}) == len(names)
    assert len(sheet_name(table("t1", [], 0, 0, title="𠮷" * 40)).encode("utf-16-le")) <= 62


def test_control_characters_and_long_texts_do_not_stop_the_writing():
    doubt = cell(0, 0, "a\x00\x1b[31mb\ud800", flags=[Flag.RULE_BROKEN], note="\x07")
    sheet = book_of(table("t1", [doubt, cell(0, 1, "长" * 40_000)], 1, 2))["t1"]
    assert sheet["A1"].value == "a[31mb\ufffd"
    assert len(sheet["B1"].value) == 32_767


def test_no_tables_still_make_a_workbook(tmp_path):
    write_xlsx(document_of(), tmp_path / "x.xlsx")
    assert openpyxl.load_workbook(tmp_path / "x.xlsx").sheetnames == ["Document", "Checks", "Review"]


def test_hostile_sheet_has_no_formula():
    for row in book_of(hostile_table()).worksheets[1].iter_rows():
        assert all(c.data_type != "f" for c in row)


def test_the_same_document_makes_the_same_bytes_whenever_and_wherever_it_is_written():
    code = "from export_samples import full_document as f; from ocr_pipeline.export.xlsx import xlsx_bytes as x; "
    code += "import sys; sys.stdout.buffer.write(x(f()))"
    first = xlsx_bytes(full_document())
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    elsewhere = {"PYTHONHASHSEED": "7", "TZ": "Asia/Shanghai", "PYTHONPATH": f"{Path(__file__).parent}"}
    done = subprocess.run([sys.executable, "-c", code], env=os.environ | elsewhere, capture_output=True, check=True)
    assert done.stdout == first
    assert openpyxl.load_workbook(io.BytesIO(first)).properties.modified.year == 2000


def links_of(sheet):
    """The address behind each linked cell."""
    return {
        cell.coordinate: "#".join(filter(None, [cell.hyperlink.target, cell.hyperlink.location]))
        for row in sheet.iter_rows()
        for cell in row
        if cell.hyperlink
    }


def test_a_workbook_that_stands_alone_has_no_links(tmp_path):
    write_xlsx(full_document(), tmp_path / "t.xlsx")
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    assert all(links_of(sheet) == {} for sheet in book)


@pytest.mark.parametrize(
    ("beside", "first", "second"),
    [
        (["review.html", "searchable.pdf"], "review.html#t5-r2c2", "review.html#t5-r3c2"),
        (["searchable.pdf"], "searchable.pdf#page=1", "searchable.pdf#page=2"),
        (["draw/page-002-cells.jpg"], None, "draw/page-002-cells.jpg"),
    ],
)
def test_rows_link_to_their_page_in_what_lies_beside(tmp_path, beside, first, second):
    (tmp_path / "draw").mkdir()
    for name in beside:
        (tmp_path / name).touch()
    write_xlsx(full_document(), tmp_path / "t.xlsx")
    book, alone = openpyxl.load_workbook(tmp_path / "t.xlsx"), book_of(*full_document().tables)
    sheet = book["t5 跨页表"]
    assert (links_of(sheet).get("B2"), links_of(sheet).get("B3")) == (first, second)
    for part in full_document().tables:
        values = [[cell.value for cell in row] for row in alone[sheet_name(part)].iter_rows()]
        assert [[cell.value for cell in row] for row in book[sheet_name(part)].iter_rows()] == values
    targets = {link.partition("#")[0] for sheet in book for link in links_of(sheet).values()}
    assert targets <= set(beside)


def test_the_label_carries_the_link_or_a_number_where_the_label_takes_two_lines(tmp_path):
    (tmp_path / "review.html").touch()
    label, long = CellRole.ROW_HEADER, "申请人无正当理由逾期不补正行政机关不再处理其政府信息公开申请"
    cells = [cell(0, 0, "事项", role=CellRole.STUB_HEAD), cell(0, 1, "数", role=CellRole.COLUMN_HEADER)]
    cells += [cell(1, 0, "受理", role=label), cell(1, 1, "3"), cell(2, 0, long, role=label), cell(2, 1, "4")]
    cells += [cell(3, 0, long, role=label), cell(3, 1, "")]
    write_xlsx(document_of(table("t1", cells, 4, 2)), tmp_path / "t.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx")["t1"]
    assert links_of(sheet) == {"A2": "review.html#t1-r2c1", "B3": "review.html#t1-r3c2"}
    assert sheet["B3"].value == 4 and sheet["A2"].hyperlink.tooltip == "Page 1 of the scan"


def test_the_list_of_doubts_links_to_the_places(tmp_path):
    (tmp_path / "review.html").touch()
    write_xlsx(full_document(), tmp_path / "t.xlsx")
    links = links_of(openpyxl.load_workbook(tmp_path / "t.xlsx")["Review"])
    assert links == {"D2": "review.html#t1-r4c3", "D3": "review.html#page-3"}


def test_links_know_the_files_by_the_names_they_are_written_under():
    from ocr_pipeline.commands import results
    from ocr_pipeline.export import links

    assert (links.REVIEW, links.PICTURES, links.SEARCHABLE) == (results.REVIEW, results.DRAW, results.SEARCHABLE)
