"""Where tables stand among a page's texts."""

from __future__ import annotations

import pytest
from export_samples import block, table

from ocr_pipeline.document import (
    Block,
    Document,
    EngineInfo,
    Filing,
    Page,
    PageStatus,
    Role,
    SourceInfo,
    Table,
    TablePart,
)
from ocr_pipeline.export.flow import reading_flow
from ocr_pipeline.geometry import Box, Quad

SIZE = (2400, 1400)


def turned(box: Box, degrees: int) -> Box:
    """Where an upright box lies on a page that has to be turned clockwise by so much to stand upright."""
    width, height = SIZE
    return {
        0: box,
        90: Box(box.y0, width - box.x1, box.y1, width - box.x0),
        180: Box(width - box.x1, height - box.y1, width - box.x0, height - box.y0),
        270: Box(height - box.y1, box.x0, height - box.y0, box.x1),
    }[degrees]


def flow(blocks: list[tuple[str, Box]], tables: list[tuple[str, Box]], degrees: int = 0) -> list[str]:
    placed = []
    for text, upright in blocks:
        box = turned(upright, degrees)
        placed.append(Block(Role.PARAGRAPH, text, text, 0.97, box, Quad.of_box(box)))
    made = [Table(name, "", None, 1, 1, (TablePart(0, turned(box, degrees), (0, 0)),), (), ()) for name, box in tables]
    page = Page(0, *SIZE, 200.0, degrees, 0.0, PageStatus.OK, tuple(placed))
    document = Document(SourceInfo("a.png", "00" * 32, 1), EngineInfo(), Filing(), (page,), tuple(made))
    ((_, items),) = reading_flow(document)
    return [item.id if isinstance(item, Table) else item.text for item in items]


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_two_sheets_scanned_side_by_side_keep_their_tables(degrees: int) -> None:
    texts = [
        ("左题", Box(100, 100, 900, 140)),
        ("左页码", Box(500, 1300, 560, 1330)),
        ("右题", Box(1300, 80, 2100, 120)),
        ("右页码", Box(1700, 1300, 1760, 1330)),
    ]
    tables = [("左", Box(100, 165, 1100, 1200)), ("右", Box(1300, 162, 2300, 1200))]
    expected = ["左题", "左", "左页码", "右题", "右", "右页码"]
    assert flow(texts, tables, degrees) == expected
    assert flow(texts, tables[::-1], degrees) == expected


def test_a_short_note_below_a_table_comes_behind_it_though_it_ends_left_of_it() -> None:
    texts = [("题", Box(800, 100, 1600, 140)), ("注：无", Box(100, 700, 250, 730))]
    assert flow(texts, [("表", Box(600, 160, 1800, 650))]) == ["题", "表", "注：无"]


def test_a_table_in_the_right_column_comes_behind_the_whole_left_one() -> None:
    texts = [
        ("左上", Box(100, 100, 1100, 300)),
        ("左中", Box(100, 400, 1100, 700)),
        ("左下", Box(100, 800, 1100, 1200)),
        ("右上", Box(1300, 100, 2300, 300)),
        ("右下", Box(1300, 800, 2300, 1200)),
    ]
    assert flow(texts, [("表", Box(1300, 350, 2300, 750))]) == ["左上", "左中", "左下", "右上", "表", "右下"]


def test_a_table_between_paragraphs() -> None:
    first, second = block(Role.PARAGRAPH, "上", 100), block(Role.PARAGRAPH, "下", 900)
    page = Page(0, *SIZE, 200.0, 0, 0.0, PageStatus.OK, (first, second))
    document = Document(SourceInfo("a.png", "00" * 32, 1), EngineInfo(), Filing(), (page,), (table("t1", (), 1, 1),))
    ((_, items),) = reading_flow(document)
    assert [type(item) for item in items] == [Block, Table, Block]
