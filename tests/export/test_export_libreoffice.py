"""The workbook as LibreOffice takes it: merges, values, texts that look like formulas, comments, paper."""

import io
import shutil
import subprocess

import openpyxl
import pymupdf
import pytest
from export_samples import HOSTILE, cell, document_of, full_document, spans_table, table

from ocr_pipeline.document import CellRole
from ocr_pipeline.export.xlsx import sheet_name, write_xlsx

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("localc") is None, reason="LibreOffice Calc is not installed"),
]

ODD = ["=1+1", "+1", "-x", "@SUM(1)", "007", "1,252", "39.7%", "0.0", "-12.50", "", "12345678901234567", "3-4", "1/2"]


def converted(folder, *documents, to):
    """The documents' workbooks by LibreOffice as another format: the paths written."""
    sources = [folder / f"d{n}.xlsx" for n, _ in enumerate(documents)]
    for document, source in zip(documents, sources, strict=True):
        write_xlsx(document, source)
    made = folder / "made"
    command = ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", to]
    done = subprocess.run([*command, "--outdir", made, *sources], capture_output=True, timeout=500, check=True)
    assert made.is_dir(), done.stderr
    return sorted(made.iterdir())


def odd_document():
    return document_of(table("t1", [cell(n, 0, text) for n, text in enumerate(ODD)], len(ODD), 1))


@pytest.fixture(scope="module")
def as_xlsx(tmp_path_factory):
    made = converted(tmp_path_factory.mktemp("xlsx"), full_document(), odd_document(), to="xlsx")
    return [openpyxl.load_workbook(io.BytesIO(path.read_bytes())) for path in made]


def test_merges_are_those_of_the_document(as_xlsx):
    for part in full_document().tables:
        spans = {
            (c.row + 1, c.col + 1, c.row + c.row_span, c.col + c.col_span)
            for c in part.cells
            if c.row_span > 1 or c.col_span > 1
        }
        areas = as_xlsx[0][sheet_name(part)].merged_cells.ranges
        assert {(area.min_row, area.min_col, area.max_row, area.max_col) for area in areas} == spans


def test_values_and_texts_are_those_of_the_document(as_xlsx):
    sheet = as_xlsx[0][sheet_name(spans_table())]
    for part in spans_table().cells:
        value = sheet.cell(part.row + 1, part.col + 1).value
        assert value == (int(part.text) if part.text.isdigit() else part.text or None)
    assert sheet["C4"].fill.fgColor.rgb == "FFFFE699" and "16 (0.30)" in sheet["C4"].comment.text


def test_nothing_became_a_formula_or_another_number(as_xlsx):
    values = [as_xlsx[1]["t1"].cell(n + 1, 1) for n in range(len(ODD))]
    assert all(value.data_type != "f" for value in values)
    assert [value.value for value in values[:5]] == ["=1+1", 1, "-x", "@SUM(1)", "007"]
    assert [value.value for value in values[5:10]] == [1252, 0.397, 0, -12.5, None]
    assert [value.value for value in values[10:]] == ODD[10:]
    hostile = as_xlsx[0].worksheets[2]
    assert (hostile["A1"].value, hostile["B1"].value, hostile["A1"].data_type) == ("=1+1", HOSTILE, "s")


def test_links_change_no_value_and_lead_to_the_page(as_xlsx, tmp_path):
    (tmp_path / "review.html").touch()
    [path] = converted(tmp_path, full_document(), to="xlsx")
    linked = openpyxl.load_workbook(path)
    for part in full_document().tables:
        for row in linked[sheet_name(part)].iter_rows():
            assert [c.value for c in row] == [as_xlsx[0][sheet_name(part)][c.coordinate].value for c in row]
    link = linked["t5 跨页表"]["B3"].hyperlink
    # The address is relative: LibreOffice makes it one from where it stands now.
    assert f"{link.target}#{link.location or ''}".rstrip("#").endswith("review.html#t5-r3c2")


def test_what_is_displayed_is_what_was_printed(tmp_path):
    [pdf] = converted(tmp_path, odd_document(), to="pdf")
    shown = sorted(pymupdf.open(pdf)[1].get_text("words"), key=lambda word: word[1])
    assert [word[4] for word in shown][: len(ODD) - 1] == [text for text in ODD if text]


def test_on_paper_each_sheet_is_one_page_wide_and_no_heading_is_cut(tmp_path):
    long = "社会公益组织和法律服务机构及其他" * 3
    wide = [cell(0, c, f"{long}{c}", role=CellRole.COLUMN_HEADER) for c in range(0, 14)]
    over = cell(1, 0, f"{long}{long}末", cols=2, role=CellRole.COLUMN_HEADER)
    rest = [cell(1, c, "1,252") for c in range(2, 14)]
    [pdf] = converted(tmp_path, document_of(table("t1", [*wide, over, *rest], 2, 14)), to="pdf")
    pages = [page.get_text() for page in pymupdf.open(pdf)]
    assert len(pages) == 4  # document, table, checks, review
    solid = "".join(pages[1].split())
    assert all(solid.count(f"{c}") for c in range(14)) and "末" in solid
    assert solid.count(long) == 14 + 2 and solid.count("1,252") == 12
