"""Rows of numbers in running text are a table that was not found, and the review says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from report_tables import document, table

from ocr_pipeline.document import Block, Line, Page, PageStatus, Role
from ocr_pipeline.geometry import Box, Quad
from ocr_pipeline.reports.review import build_review
from ocr_pipeline.reports.unfound import unfound_tables


def page(lines: Sequence[tuple[float, float, str]], skew: float = 0.0) -> Page:
    """A page with lines of text at x, y."""
    found = []
    for x, y, text in lines:
        box = Box(x, y, x + 20.0 * len(text), y + 20)
        found.append(Line(text, text, 0.99, box, Quad.of_box(box)))
    around = Box.around(line.box for line in found)
    block = Block(Role.PARAGRAPH, "", "", 0.99, around, Quad.of_box(around), (), tuple(found))
    return Page(0, 1000, 1400, 150.0, 0, skew, PageStatus.OK, (block,))


ROWS = [(f"{name}镇", "12,345", f"{number}.5", "-8%") for number, name in enumerate("东西南北中")]


def lines_of(rows: Sequence[Sequence[str]], lean: float = 0.0) -> list[tuple[float, float, str]]:
    return [
        (100 + 200 * col, 300 + 40 * row - lean * 200 * col, text)
        for row, texts in enumerate(rows)
        for col, text in enumerate(texts)
    ]


@pytest.mark.parametrize(("lean", "skew"), [(0.0, 0.0), (0.0524, 3.0)])
def test_rows_of_numbers_are_told_by_where_they_stand(lean: float, skew: float) -> None:
    (box,) = unfound_tables(page(lines_of(ROWS, lean), skew))
    assert box.y0 < 300 + 1
    assert box.y1 >= 300 + 40 * 4


@pytest.mark.parametrize(
    "rows",
    [
        ROWS[:3],
        [("2016年增长3.4%，", "比上年多12家")] * 8,
        [("第一章", "总则", "1"), ("第二章", "机构", "7")] * 4,
        [("电话", "5551234")] * 6,
    ],
)
def test_text_with_numbers_in_it_is_no_table(rows: list[tuple[str, ...]]) -> None:
    assert list(unfound_tables(page(lines_of(rows)))) == []


def test_the_review_says_so() -> None:
    whole = document(table([["项目", "数"], ["甲", "1"]]))
    (item,) = [i for i in build_review(replace(whole, pages=(page(lines_of(ROWS)),))) if i.kind == "page"]
    assert "no table was found" in item.reason
    assert item.box is not None and item.page == 0
