from __future__ import annotations

from dataclasses import replace

import pytest
from assembled import EM, NO_PICTURE, PAGE, analysis, reading

from ocr_pipeline.assemble.document import FailedPage, assemble_document
from ocr_pipeline.clean.page import turn_back
from ocr_pipeline.document import Document, DocumentStatus, EngineInfo, PageStatus, Role, SourceInfo
from ocr_pipeline.geometry import Box, Quad
from ocr_pipeline.seals.cut import RING_LINE
from ocr_pipeline.settings import Settings
from ocr_pipeline.stages import Crop, CropAddress, CropKind, SealRegion

HEADER = ["项目", "本年", "上年"]


def assembled(*pages) -> Document:
    readings = {}
    analyses = []
    for page in pages:
        if isinstance(page, FailedPage):
            analyses.append(page)
        else:
            analyses.append(page[0])
            readings.update(page[1])
    source = SourceInfo("report.pdf", "0" * 64, len(pages))
    return assemble_document(source, EngineInfo(), analyses, readings, Settings())


def rows(document: Document, table: int = 0) -> list[list[str]]:
    return document.tables[table].to_grid(fill_spans=False)


def test_a_table_over_the_page_break_with_page_numbers_between() -> None:
    document = assembled(
        analysis(0, [(800, [HEADER, ["甲", "1", "2"]])], [(700, "二、主动公开情况"), (1060, "—1—")]),
        analysis(1, [(90, [["乙", "3", "4"]])], [(1060, "—2—")]),
    )
    assert rows(document) == [HEADER, ["甲", "1", "2"], ["乙", "3", "4"]]
    assert [part.page for part in document.tables[0].parts] == [0, 1]
    assert [b.role for p in document.pages for b in p.blocks if "—" in b.text] == [Role.PAGE_NUMBER] * 2


@pytest.mark.parametrize("speck", ["N", "•.", "*、"])
def test_specks_between_do_not(speck: str) -> None:
    """A remnant of a stamp above the table: neither its title nor text that parts it from the page before."""
    document = assembled(
        analysis(0, [(800, [HEADER, ["甲", "1", "2"]])]),
        analysis(1, [(190, [["乙", "3", "4"]])], [(150, speck)]),
    )
    assert rows(document) == [HEADER, ["甲", "1", "2"], ["乙", "3", "4"]]


@pytest.mark.parametrize(
    ("right", "score", "text", "tables"),
    [
        (320, 0.6, "县政务公社办", 1),
        (320, 0.99, "县政务公社办", 2),
        (0, 0.6, "县政务公社办", 2),
        (320, 0.6, "三、收到情况", 2),
        (0, 0.4, "县政务公社办", 1),  # so badly nothing that is printed is read, but grain is
    ],
)
def test_what_a_copied_stamp_beside_the_middle_reads_as_is_no_title(
    right: float, score: float, text: str, tables: int
) -> None:
    page, readings = analysis(1, [(190, [["乙", "3", "4"]])], [(150, text)])
    (address,) = (crop.address for crop in page.crops if crop.address.kind is CropKind.LINE)
    moved = tuple(replace(c, box=_shifted(c.box, right)) if c.address == address else c for c in page.crops)
    page = replace(page, crops=moved)
    readings[address] = replace(readings[address], score=score)
    document = assembled(analysis(0, [(800, [HEADER, ["甲", "1", "2"]])]), (page, readings))
    assert len(document.tables) == tables


@pytest.mark.parametrize(
    ("text", "score", "tables"),
    [("公室", 0.95, 1), ("公窒", 0.6, 1), ("公窒", 0.95, 2), ("四、行政复议", 0.6, 2)],
)
def test_what_a_stamp_left_above_a_table_does_not_part_it_from_the_page_before(
    text: str, score: float, tables: int
) -> None:
    page, readings = analysis(1, [(190, [["乙", "3", "4"]])], [(150, text)])
    (line,) = (crop.address for crop in page.crops if crop.address.kind is CropKind.LINE)
    readings[line] = replace(readings[line], score=score)
    lettering = CropAddress(1, CropKind.SEAL, -1, 0, RING_LINE)
    readings[lettering] = reading("某某县人民政府办公室")
    stamp = Box(90, 120, 400, 300)
    page = replace(
        page,
        crops=(*page.crops, Crop(lettering, NO_PICTURE, stamp)),
        seals=(SealRegion(Quad.of_box(stamp), "square", "blue", 0.95, stamp),),
    )
    document = assembled(analysis(0, [(800, [HEADER, ["甲", "1", "2"]])]), (page, readings))
    assert document.pages[1].seals[0].text == "某某县人民政府办公室"
    assert len(document.tables) == tables


def _shifted(box: Box, right: float) -> Box:
    return Box(box.x0 + right, box.y0, box.x1 + right, box.y1)


def test_a_heading_between_prevents_the_join() -> None:
    document = assembled(
        analysis(0, [(800, [HEADER, ["甲", "1", "2"]])]),
        analysis(1, [(190, [["乙", "3", "4"]])], [(150, "三、收到和处理政府信息公开申请情况")]),
    )
    assert len(document.tables) == 2
    assert document.tables[1].title == "三、收到和处理政府信息公开申请情况"
    assert [table.id for table in document.tables] == ["t1", "t2"]


def test_text_below_the_table_prevents_the_join() -> None:
    document = assembled(
        analysis(0, [(700, [HEADER])], [(900, "以上数据截至本年十二月三十一日，由本机关统计。")]),
        analysis(1, [(90, [["乙", "3", "4"]])]),
    )
    assert len(document.tables) == 2


def test_a_title_belongs_to_the_table_right_below_it() -> None:
    document = assembled(
        analysis(
            0, [(160, [HEADER]), (500, [["甲", "乙"]])], [(120, "一、总体情况"), (460, "二、主动公开政府信息情况")]
        )
    )
    assert [table.title for table in document.tables] == ["一、总体情况", "二、主动公开政府信息情况"]


@pytest.mark.parametrize(("between", "title"), [("单位：人", "二、主动公开政府信息情况"), ("另附说明如下", "")])
def test_the_note_of_its_unit_stands_between_a_title_and_its_table(between: str, title: str) -> None:
    document = assembled(analysis(0, [(160, [["甲", "乙"]])], [(80, "二、主动公开政府信息情况"), (122, between)]))
    assert [table.title for table in document.tables] == [title]


def test_tables_are_counted_in_reading_order() -> None:
    page, readings = analysis(0, [(600, [["丙", "丁"]]), (100, [HEADER])])
    document = assembled((page, readings))
    assert [table.cols for table in document.tables] == [3, 2]


def test_a_failed_page_is_marked_and_breaks_the_table() -> None:
    document = assembled(
        analysis(0, [(800, [HEADER])]), FailedPage(1, "Page 2 is damaged."), analysis(2, [(90, [["甲", "1", "2"]])])
    )
    assert document.status is DocumentStatus.PARTIAL
    assert [page.status for page in document.pages] == [PageStatus.OK, PageStatus.FAILED, PageStatus.OK]
    assert document.pages[1].message == "Page 2 is damaged."
    assert [page.index for page in document.pages] == [0, 1, 2]
    assert len(document.tables) == 2


def test_boxes_are_in_source_pixels() -> None:
    transform = turn_back(5.0, *PAGE)
    document = assembled(analysis(0, [(300, [HEADER])], [(200, "一、总体情况")], transform=transform))
    cell = document.tables[0].cells[0]
    back = transform.quad_to_upright(cell.quad)
    assert (back.box.x0, back.box.y0) == pytest.approx((100, 300))
    assert cell.quad.points[0][1] > cell.quad.points[1][1], "print that runs counter-clockwise rises to the right"
    block = document.pages[0].blocks[0]
    assert transform.quad_to_upright(block.quad).box.height == pytest.approx(EM, abs=0.5)


def test_lines_without_reading_leave_no_block() -> None:
    assert assembled(analysis(0, [], [(200, " ")])).pages[0].blocks == ()
