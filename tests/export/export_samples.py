"""Hand-made documents for the writers' tests."""

from __future__ import annotations

from ocr_pipeline.document import (
    Alternative,
    Block,
    Cell,
    CellPart,
    CellRole,
    Check,
    Document,
    EngineInfo,
    Filing,
    Flag,
    Page,
    PageStatus,
    ReviewItem,
    Role,
    Seal,
    SourceInfo,
    Table,
    TablePart,
)
from ocr_pipeline.geometry import Box, Quad

WIDTH, HEIGHT = 1000, 1400
HOSTILE = "<img src=x onerror=alert(1)>|**b** [l](http://x.y) `c`"


def cell(row, col, text, *, rows=1, cols=1, role=CellRole.DATA, page=0, flags=(), box=None, raw=None, **more):
    box = box or Box(100 + 120 * col, 200 + 50 * row, 100 + 120 * (col + cols), 200 + 50 * (row + rows))
    raw = text if raw is None else raw
    return Cell(row, col, rows, cols, text, raw, 0.98, role, page, box, Quad.of_box(box), tuple(flags), **more)


def block(role, text, y, *, x=100, height=30):
    box = Box(x, y, x + 600, y + height)
    return Block(role, text, text, 0.97, box, Quad.of_box(box))


def table(name, cells, rows, cols, *, title="", page=0, y=200, checks=()):
    parts = (TablePart(page, Box(100, y, 900, y + 300), (0, rows - 1)),) if rows else ()
    return Table(name, title, None, rows, cols, parts, tuple(cells), tuple(checks))


def spans_table():
    """Two header rows, a stub head over two rows, a section over two rows, blanks beside zeros, a doubt."""
    head = CellRole.COLUMN_HEADER
    cells = [
        cell(0, 0, "事项", rows=2, role=CellRole.STUB_HEAD),
        cell(0, 1, "申请人情况", cols=2, role=head),
        cell(1, 1, "自然人", role=head),
        cell(1, 2, "商业企业", role=head, raw="商业\n企业"),
        cell(2, 0, "受理", rows=2, role=CellRole.ROW_HEADER),
        cell(2, 1, "0"),
        cell(2, 2, ""),
        cell(3, 1, ""),
        cell(3, 2, "18", flags=[Flag.LOW_SCORE], alternatives=(Alternative("16", 0.3),), note="thin print"),
    ]
    checks = (Check("row sum", False, ((2, 1), (3, 2)), "18", "16"), Check("column sum", True, (), "0", "0"))
    return table("t1", cells, 4, 3, title="本年度情况", checks=checks)


def hostile_table():
    texts = ["=1+1", HOSTILE, "a|b", "第一行\n\n第二行", "-12.5", "@x", "\tx", "007"]
    cells = [cell(n // 2, n % 2, text) for n, text in enumerate(texts)]
    return table("t2", cells, 4, 2, title="a/b:[c]?*\\" + "很长的表名" * 10, y=700)


def empty_table():
    return table("t3", [], 0, 0, title="空表")


def holes_table():
    cells = [cell(0, 0, "a"), cell(0, 2, "c"), cell(1, 1, "e"), cell(2, 0, "g", cols=2)]
    return table("t4", cells, 3, 3, page=1, y=100)


def two_page_table():
    first, second = Box(100, 1200, 900, 1350), Box(100, 60, 900, 200)
    part = CellPart(1, second, Quad.of_box(second))
    cells = [
        cell(0, 0, "项", role=CellRole.COLUMN_HEADER, box=Box(100, 1200, 500, 1250)),
        cell(0, 1, "数", role=CellRole.COLUMN_HEADER, box=Box(500, 1200, 900, 1250)),
        cell(1, 0, "办理结果", rows=2, role=CellRole.ROW_HEADER, box=Box(100, 1250, 500, 1350), continued=(part,)),
        cell(1, 1, "1,252", box=Box(500, 1250, 900, 1350)),
        cell(2, 1, "39.7%", page=1, box=Box(500, 60, 900, 200), value=39.7, unit="%"),
    ]
    parts = (TablePart(0, first, (0, 1)), TablePart(1, second, (2, 2)))
    return Table("t5", "跨页表", "annual", 3, 2, parts, tuple(cells), ())


def full_document():
    seal_box = Box(600, 1000, 800, 1200)
    first = Page(
        0,
        WIDTH,
        HEIGHT,
        200.0,
        0,
        -0.75,
        PageStatus.OK,
        blocks=(
            block(Role.DOCUMENT_NUMBER, "政办〔2022〕5号", 20),
            block(Role.TITLE, "某县年度报告", 60),
            block(Role.TABLE_TITLE, "本年度情况", 160),
            block(Role.PARAGRAPH, "上文。", 600),
            block(Role.HEADING, "二、" + HOSTILE, 650),
            block(Role.PARAGRAPH, "1. 不是列表", 1100),
            block(Role.PAGE_NUMBER, "— 1 —", 1380),
        ),
        seals=(Seal(seal_box, Quad.of_box(seal_box), "round", "red", "某县人民政府", 0.8),),
        dpi_estimated=True,
        skew_confidence=0.9,
    )
    second = Page(1, WIDTH, HEIGHT, 200.0, 0, 0.0, PageStatus.OK, blocks=(block(Role.PARAGRAPH, "末段。", 500),))
    third = Page(2, WIDTH, HEIGHT, 200.0, 0, 0.0, PageStatus.FAILED, message="The page <3> is damaged.")
    review = (
        ReviewItem("cell", 0.8, "thin print", 0, Box(1, 2, 3, 4), "t1", 3, 2, "18", (Flag.LOW_SCORE,)),
        ReviewItem("page", 0.5, "The page is damaged.", 2),
    )
    return Document(
        SourceInfo("scan.pdf", "ab" * 32, 3),
        EngineInfo({"recognition": "small"}, {"ocr_pipeline": "0.1.0"}, {"engine": {"threshold": 0.00001234}}),
        Filing("政办〔2022〕5号", "某县年度报告", "某县", "2022-01-20", agrees=True),
        (first, second, third),
        (spans_table(), hostile_table(), empty_table(), holes_table(), two_page_table()),
        review,
    )


def document_of(*tables):
    page = Page(0, WIDTH, HEIGHT, 200.0, 0, 0.0, PageStatus.OK)
    return Document(SourceInfo("a.png", "00" * 32, 1), EngineInfo(), Filing(), (page,), tuple(tables))
