"""Small tables for the tests, written as texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ocr_pipeline.document import (
    Alternative,
    Cell,
    CellRole,
    Document,
    EngineInfo,
    Filing,
    Flag,
    Page,
    PageStatus,
    SourceInfo,
    Table,
)
from ocr_pipeline.geometry import Box, Quad

LEFT, UP = "<", "^"
"""In a drawn grid: this position belongs to the cell on its left, or above it."""


def table(rows: Sequence[Sequence[str]], title: str = "", score: float = 0.99) -> Table:
    """A table from a drawn grid."""
    cells = []
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if text in (LEFT, UP):
                continue
            cols = 1
            while c + cols < len(row) and row[c + cols] == LEFT:
                cols += 1
            height = 1
            while r + height < len(rows) and rows[r + height][c] == UP:
                height += 1
            cells.append(cell(r, c, text, row_span=height, col_span=cols, score=score))
    return Table("t1", title, None, len(rows), len(rows[0]), (), tuple(cells))


def cell(row: int, col: int, text: str, *, row_span: int = 1, col_span: int = 1, score: float = 0.99) -> Cell:
    box = Box(100 * col, 40 * row, 100 * (col + col_span), 40 * (row + row_span))
    return Cell(row, col, row_span, col_span, text, text, score, CellRole.DATA, 0, box, Quad.of_box(box))


def misread(found: Table, at: tuple[int, int], text: str, score: float, others: Mapping[str, float]) -> Table:
    """The table with one cell read as something else, and what else the recogniser had in mind."""
    alternatives = tuple(Alternative(other, share) for other, share in others.items())
    return replace(
        found,
        cells=tuple(
            replace(c, text=text, raw=text, score=score, alternatives=alternatives) if (c.row, c.col) == at else c
            for c in found.cells
        ),
    )


def text_at(found: Table, row: int, col: int) -> str:
    place = found.cell_at(row, col)
    assert place is not None
    return place.text


def flagged(found: Table, flag: Flag) -> set[tuple[int, int]]:
    return {(c.row, c.col) for c in found.cells if flag in c.flags}


def document(*tables: Table, title: str = "某县2021年政府信息公开工作年度报告", path: str = "scan.pdf") -> Document:
    page = Page(0, 1000, 1400, 200.0, 0, 0.0, PageStatus.OK)
    filing = Filing(number="某政办〔2022〕5号", title=title, issuer="某县人民政府办公室")
    return Document(SourceInfo(path, "0" * 64, 1), EngineInfo(), filing, (page,), tuple(tables))


CROPS = table(
    [
        ["作物", LEFT, "播种面积（公顷）", "产量（吨）", LEFT, LEFT],
        [UP, LEFT, UP, "夏收", "秋收", "合计"],
        ["一、粮食作物", "小麦", "1,204.5", "6,020", "0", "6,020"],
        [UP, "玉米", "880.0", "0", "5,104", "5,104"],
        [UP, "小计", "2,084.5", "6,020", "5,104", "11,124"],
        ["二、油料", LEFT, "96.2", "210", "33", "243"],
        ["总计", LEFT, "2,180.7", "6,230", "5,137", "11,367"],
    ],
    "农作物播种面积和产量",
)
"""The worked example of docs/profiles.md."""
