import csv
import io

import pytest
from export_samples import cell, empty_table, holes_table, hostile_table, spans_table, table
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.export.csv import neutral, table_csv, table_csv_bytes


def test_spans_blanks_and_zeros():
    assert table_csv(spans_table()) == "事项,申请人情况,\r\n,自然人,商业企业\r\n受理,0,\r\n,,18\r\n"
    assert table_csv(holes_table()) == "a,,c\r\n,e,\r\ng,,\r\n"
    assert table_csv(empty_table()) == ""


def test_hostile_texts():
    rows = list(csv.reader(io.StringIO(table_csv(hostile_table()), newline="")))
    assert rows[0][0] == "'=1+1"
    assert rows[1] == ["a|b", "第一行\n\n第二行"]
    assert rows[2] == ["-12.5", "'@x"]
    assert rows[3] == ["'\tx", "007"]


def test_written_for_excel():
    assert table_csv_bytes(spans_table()).startswith(b"\xef\xbb\xbf\xe4\xba\x8b")


@pytest.mark.parametrize("text", ["-12.5", "-1,252", "+3.5%", "-", "－", "0", "", "a=b", "(-5)"])
def test_harmless_texts_stay(text):
    assert neutral(text) == text


@pytest.mark.parametrize(
    "text", ["=1", "+cmd", "-1+1", "@SUM(A1)", "\t=1", "\r=1", " =1", "-2-3", "＝1+1", "--1", "\n=1"]
)
def test_formulas_are_neutralised(text):
    assert neutral(text) == "'" + text


@given(st.text())
def test_a_text_comes_back_whole_but_for_the_apostrophe(text):
    back = next(csv.reader(io.StringIO(table_csv(table("t1", [cell(0, 0, text), cell(0, 1, "x")], 1, 2)), newline="")))
    assert back[0] in (text, "'" + text)
    assert back[0][:1] not in tuple("=@\t\r")
