"""A heading that became a row of the table it stands over."""

from __future__ import annotations

from dataclasses import replace

from assembled import Row, analysis

from ocr_pipeline.assemble.document import assemble_document
from ocr_pipeline.assemble.headings import with_headings_out
from ocr_pipeline.document import Document, EngineInfo, Role, SourceInfo
from ocr_pipeline.recognition import Readings
from ocr_pipeline.settings import Settings
from ocr_pipeline.stages import PageAnalysis

ABOVE: list[Row] = [[("名称", 1, 2), ("件数", 1, 3)], [("规章", 1, 2), ("12", 1, 3)]]
BELOW: list[Row] = [["项目", ("甲", 1, 2), ("乙", 1, 2)], ["合计", ("3", 1, 2), ("4", 1, 2)]]


def page(
    heading: str, *, invented: tuple[str, ...] = ("right",), below: list[Row] = BELOW
) -> tuple[PageAnalysis, Readings]:
    """Two tables and a heading between them, in one frame; after them a line of text."""
    found, readings = analysis(0, [(100.0, [*ABOVE, [(heading, 1, 5)], *below])], [(400.0, "说明一句。")])
    grid = found.tables[0]
    cells = tuple(replace(c, invented=invented) if c.row == 2 else c for c in grid.cells)
    return replace(found, tables=(replace(grid, cells=cells),)), readings


def read(found: PageAnalysis, readings: Readings) -> Document:
    source = SourceInfo("x.pdf", "0" * 64, 1)
    return assemble_document(source, EngineInfo(), [found], readings, Settings())


def test_the_tables_come_apart_and_the_heading_is_text() -> None:
    document = read(*page("三、收到申请情况"))
    assert [[[c.text for c in t.cells], t.rows, t.cols] for t in document.tables] == [
        [["名称", "件数", "规章", "12"], 2, 2],
        [["项目", "甲", "乙", "合计", "3", "4"], 2, 3],
    ]
    assert [t.title for t in document.tables] == ["", "三、收到申请情况"]
    assert next((b.role, b.text) for b in document.pages[0].blocks) == (Role.HEADING, "三、收到申请情况")
    assert document.tables[1].cells[0].box.y0 == 190.0


def test_a_section_of_one_table_stays() -> None:
    """Printed at all sides, or the columns go on below it, or numbered otherwise: a row of the table."""
    for found, readings in (
        page("三、收到申请情况", invented=()),
        page("三、收到申请情况", below=ABOVE),
        page("第二十条第（五）项"),
    ):
        assert with_headings_out(found, readings) == (found, readings)
        assert len(read(found, readings).tables) == 1
