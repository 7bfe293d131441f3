"""Documents made by hand, with drawn page pictures, for the tests of the review page."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from ocr_pipeline.document import (
    Alternative,
    Block,
    Cell,
    CellRole,
    Check,
    Document,
    EngineInfo,
    Filing,
    Flag,
    Line,
    Page,
    PageStatus,
    ReviewItem,
    Role,
    Seal,
    SourceInfo,
    Table,
    TablePart,
)
from ocr_pipeline.export import write_document
from ocr_pipeline.geometry import Box, ColourImage, PageTransform, Quad
from ocr_pipeline.review.page import write_review
from ocr_pipeline.review.pictures import page_jpeg

MakeFiling = Callable[[Path], Document]

WIDTH, HEIGHT = 1240, 1754
NASTY = '<img src=x onerror="window.hacked=1"></script><script>window.hacked=2</script>'
_FONT = Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc")


@dataclass
class Sheet:
    """A page being drawn: texts and rulings upright, then turned by the skew."""

    index: int
    skew: float = 0.0
    image: Image.Image = field(default_factory=lambda: Image.new("RGB", (WIDTH, HEIGHT), (252, 251, 248)))

    @property
    def transform(self) -> PageTransform:
        angle = math.radians(self.skew)
        c, s = math.cos(angle), math.sin(angle)
        x, y = WIDTH / 2, HEIGHT / 2
        matrix = (c, -s, x - c * x + s * y, s, c, y - s * x - c * y, 0.0, 0.0, 1.0)
        return PageTransform(matrix, (WIDTH, HEIGHT), (WIDTH, HEIGHT))

    def text(self, box: Box, text: str, size: int = 24, centre: bool = True) -> None:
        draw = ImageDraw.Draw(self.image)
        font = ImageFont.truetype(str(_FONT), size, index=2) if _FONT.exists() else ImageFont.load_default(size)
        left, top, right, bottom = draw.multiline_textbbox((0, 0), text, font=font)
        x = (box.x0 + box.x1 - right - left) / 2 if centre else box.x0
        draw.multiline_text(
            (x, (box.y0 + box.y1 - bottom - top) / 2), text, font=font, fill=(25, 25, 30), align="center"
        )

    def frame(self, box: Box) -> None:
        ImageDraw.Draw(self.image).rectangle((box.x0, box.y0, box.x1, box.y1), outline=(30, 30, 35), width=2)

    def seal(self, box: Box) -> None:
        draw = ImageDraw.Draw(self.image, "RGBA")
        draw.ellipse((box.x0, box.y0, box.x1, box.y1), outline=(205, 30, 30, 190), width=8)
        self.text(box, "★", 90)

    def quad(self, box: Box) -> Quad:
        return self.transform.quad_to_source(box)

    def picture(self) -> ColourImage:
        upright = cv2.cvtColor(np.asarray(self.image), cv2.COLOR_RGB2BGR)
        inverse = np.linalg.inv(self.transform.array)
        return cv2.warpPerspective(upright, inverse, (WIDTH, HEIGHT), borderValue=(240, 240, 240))

    def block(
        self, role: Role, box: Box, text: str, size: int = 24, score: float = 0.99, flags: tuple[Flag, ...] = ()
    ) -> Block:
        self.text(box, text, size)
        quad = self.quad(box)
        line = Line(text, text, score, quad.box, quad, flags)
        return Block(role, text, text, score, quad.box, quad, flags, (line,))

    def cell(
        self,
        row: int,
        col: int,
        box: Box,
        text: str,
        *,
        drawn: str | None = None,
        raw: str | None = None,
        span: tuple[int, int] = (1, 1),
        score: float = 0.985,
        role: CellRole = CellRole.DATA,
        flags: tuple[Flag, ...] = (),
        others: tuple[Alternative, ...] = (),
        note: str | None = None,
    ) -> Cell:
        self.frame(box)
        self.text(box, (text if drawn is None else drawn)[:24], 22)
        quad = self.quad(box)
        value = float(text) if text.isdigit() else None
        return Cell(row, col, span[0], span[1], text, text if raw is None else raw, score, role, self.index, quad.box,
                    quad, flags, others, (), value, None, note)  # fmt: skip


@cache
def office_report() -> tuple[Document, list[ColourImage]]:
    """Two crooked pages: a title, a table that runs over both (a sum broken by a misread 6, a blank, a nasty text),
    a small second table whose checks are all zeros, and a seal."""
    first, second = Sheet(0, 1.1), Sheet(1, -0.7)
    blocks = (
        first.block(Role.TITLE, Box(220, 110, 1020, 190), "青河县政务公开工作年度报告", 44),
        first.block(Role.DOCUMENT_NUMBER, Box(420, 210, 820, 260), "青政办〔2023〕17号", 26, 0.71, (Flag.LOW_SCORE,)),
        first.block(Role.PARAGRAPH, Box(140, 300, 1100, 360), "本年度共收到信息公开申请四十六件，均已按期答复。", 27),
        first.block(Role.TABLE_TITLE, Box(340, 410, 900, 460), "收到和处理信息公开申请情况", 30),
    )
    table = _main_table(first, second)
    small = _zero_table(second)
    stamp = Box(760, 1180, 1020, 1440)
    second.seal(stamp)
    signature = second.block(Role.SIGNATURE, Box(700, 1270, 1080, 1310), "青河县人民政府办公室", 28)
    number = second.block(Role.PAGE_NUMBER, Box(590, 1650, 650, 1690), "2", 22)
    seal = Seal(second.quad(stamp).box, second.quad(stamp), "round", "red", "青河县人民政府", 0.42)
    pages = (
        Page(0, WIDTH, HEIGHT, 150, 0, -1.1, PageStatus.OK, blocks),
        Page(1, WIDTH, HEIGHT, 150, 0, 0.7, PageStatus.OK, (signature, number), (seal,)),
    )
    broken = next(cell for cell in table.cells if cell.text == "15")
    review = (
        ReviewItem("cell", 0.95, "sum does not hold", 0, broken.box, "t1", broken.row, broken.col, "15", broken.flags),
        ReviewItem("block", 0.3, "unsure reading", 0, blocks[1].box, text=blocks[1].text, flags=blocks[1].flags),
        ReviewItem("check", 0.9, table.checks[0].rule, 0, table="t1", row=3, col=5, text=table.checks[0].rule),
        ReviewItem("seal", 0.5, "the seal is hard to read", 1, seal.box, text=seal.text),
    )
    filing = Filing("青政办〔2023〕17号", "青河县政务公开工作年度报告", "青河县人民政府办公室", "2023-01-20")
    source = SourceInfo("scans/qinghe-2022.pdf", "ab" * 32, 2)
    engine = EngineInfo({"recognition": "canned"}, {"ocr-pipeline": "0.1.0"}, {})
    return Document(source, engine, filing, pages, (table, small), review), [first.picture(), second.picture()]


_XS = (120, 330, 520, 660, 800, 940, 1110)
_HEADS = ("自然人", "商业企业", "科研机构", "总计")


def _main_table(first: Sheet, second: Sheet) -> Table:
    def box(row: int, col: int, rows: int = 1, cols: int = 1) -> Box:
        top = 490 + 74 * row if row < 9 else 120 + 74 * (row - 9)
        return Box(_XS[col], top, _XS[col + cols], top + 74 * rows)

    cells = [
        first.cell(0, 0, box(0, 0, 2, 2), "（本列数据的勾稽关系）", drawn="项目", span=(2, 2), role=CellRole.STUB_HEAD),
        first.cell(
            0,
            2,
            box(0, 2, 1, 4),
            "申 请 人 情 况".replace(" ", ""),
            raw="申 请 人 情 况",
            span=(1, 4),
            role=CellRole.COLUMN_HEADER,
        ),
    ]
    cells += [
        first.cell(1, 2 + n, box(1, 2 + n), head, raw=" ".join(head), role=CellRole.COLUMN_HEADER)
        for n, head in enumerate(_HEADS)
    ]
    rows = [
        ("一、本年新收", None, ("31", "9", "6", "46")),
        ("二、上年结转", None, ("2", "0", "0", "2")),
        ("三、本年度办理结果", "（一）予以公开", ("18", "4", "3", "25")),
        (None, "（二）部分公开", ("6", "1", "0", "7")),
        (None, "（三）不予公开", ("4", "2", "1", "7")),
        (None, NASTY, ("0", "0", "0", "0")),
        (None, "（五）不予处理", ("3", "", "1", "4")),
        (None, "（六）其他处理", ("1", "2", "0", "3")),
        (None, "（七）总计", ("32", "9", "5", "46")),
        ("四、结转下年度", None, ("1", "0", "1", "2")),
    ]
    checks = []
    for number, (head, label, values) in enumerate(rows):
        row = number + 2
        sheet = first if row < 9 else second
        if head is not None:
            span = (7, 1) if label else (1, 2)
            drawn_rows = 5 if label else 1
            cells.append(
                sheet.cell(row, 0, box(row, 0, drawn_rows, span[1]), head, span=span, role=CellRole.ROW_HEADER)
            )
        if label is not None:
            shown = "（四）无法提供" if label == NASTY else label
            cells.append(sheet.cell(row, 1, box(row, 1), label, drawn=shown, role=CellRole.ROW_HEADER))
        read = [_misread(row, col, text) for col, text in enumerate(values)]
        for col, (text, printed) in enumerate(zip(read, values, strict=True)):
            cells.append(_value(sheet, row, col + 2, box(row, col + 2), text, printed))
        numbers = [int(text or 0) for text in read]
        places = tuple((row, col) for col in range(2, 6))
        found, expected = numbers[3], sum(numbers[:3])
        checks.append(
            Check("自然人加商业企业加科研机构，等于总计", found == expected, places, str(expected), str(found))
        )
    checks.append(Check("结转件数应与上年报告相符", True, ((3, 5),), "2 (2021)", "2"))
    parts = (
        TablePart(0, first.quad(box(0, 0, 9, 6)).box, (0, 8)),
        TablePart(1, second.quad(box(9, 0, 3, 6)).box, (9, 11)),
    )
    cells.append(second.cell(12, 0, Box(120, 342, 1110, 400), "注：以上为全年数据", span=(1, 6), role=CellRole.SECTION))
    return Table("t1", "收到和处理信息公开申请情况", "foi-2021", 13, 6, parts, tuple(cells), tuple(checks))


def _misread(row: int, col: int, printed: str) -> str:
    """What the engine makes of a value: 18 becomes 15, which breaks its row."""
    return "15" if (row, col) == (4, 0) else printed


def _value(sheet: Sheet, row: int, col: int, box: Box, text: str, printed: str) -> Cell:
    if row == 4:
        others = (Alternative("18", 0.41), Alternative("16", 0.08)) if text != printed else ()
        score = 0.52 if text != printed else 0.97
        flags = (Flag.LOW_SCORE, Flag.RULE_BROKEN) if text != printed else (Flag.RULE_BROKEN,)
        return sheet.cell(row, col, box, text, drawn=printed, score=score, flags=flags, others=others)
    if (row, col) == (2, 4):
        return sheet.cell(row, col, box, text, score=0.66, flags=(Flag.LOW_SCORE,), others=(Alternative("8", 0.21),))
    if (row, col) == (11, 2):
        return sheet.cell(row, col, box, text, score=0.88, flags=(Flag.UNDER_SEAL,))
    return sheet.cell(row, col, box, text)


def _zero_table(sheet: Sheet) -> Table:
    cells = [
        sheet.cell(0, col, Box(240 + 190 * col, 560, 430 + 190 * col, 620), head, role=CellRole.COLUMN_HEADER)
        for col, head in enumerate(("甲", "乙", "丙", "合计"))
    ]
    cells += [sheet.cell(1, col, Box(240 + 190 * col, 620, 430 + 190 * col, 680), "0") for col in range(4)]
    check = Check("甲加乙等于丙加合计", True, tuple((1, col) for col in range(4)), "0", "0")
    part = TablePart(1, sheet.quad(Box(240, 560, 1000, 680)).box, (0, 1))
    return Table("t2", "行政复议情况", None, 2, 4, (part,), tuple(cells), (check,))


@cache
def long_report(pages: int = 30, rows: int = 20, cols: int = 5) -> tuple[Document, list[ColourImage]]:
    """One table a page, pages x rows x cols cells in all, every 29th of them in doubt, one check a row."""
    sheets = [Sheet(index, 0.4) for index in range(pages)]
    tables = tuple(_number_table(sheet, rows, cols) for sheet in sheets)
    found = tuple(
        Page(sheet.index, WIDTH, HEIGHT, 150, 0, -0.4, PageStatus.OK,
             (sheet.block(Role.HEADING, Box(140, 60, 900, 120), f"第{sheet.index + 1}部分 统计数据", 30),))
        for sheet in sheets
    )  # fmt: skip
    noise = np.random.default_rng(5).normal(0, 9, (HEIGHT, WIDTH, 1))  # JPEGs of the weight of real scans
    pictures = [np.clip(sheet.picture() + noise, 0, 255).astype(np.uint8) for sheet in sheets]
    source = SourceInfo("long.pdf", "cd" * 32, pages)
    return Document(source, EngineInfo(), Filing(title="三十页的统计年报"), found, tables), pictures


def _number_table(sheet: Sheet, rows: int, cols: int) -> Table:
    width, height = 960 / cols, 1500 / rows
    cells, checks = [], []
    for row in range(rows):
        values = [(sheet.index * 7 + row * 3 + col * 11) % 90 for col in range(cols - 1)]
        for col, value in enumerate([*values, sum(values)]):
            box = Box(140 + width * col, 150 + height * row, 140 + width * (col + 1), 150 + height * (row + 1))
            doubt = (row * cols + col) % 29 == 7
            flags = (Flag.LOW_SCORE,) if doubt else ()
            cells.append(sheet.cell(row, col, box, str(value), score=0.7 if doubt else 0.99, flags=flags))
        checks.append(
            Check(
                "各列之和等于合计", True, tuple((row, col) for col in range(cols)), str(sum(values)), str(sum(values))
            )
        )
    part = TablePart(sheet.index, sheet.quad(Box(140, 150, 1100, 1650)).box, (0, rows - 1))
    return Table(f"t{sheet.index + 1}", f"表{sheet.index + 1}", None, rows, cols, (part,), tuple(cells), tuple(checks))


def make_filing(folder: Path, which: Callable[[], tuple[Document, list[ColourImage]]] = office_report) -> Document:
    """A processed filing in a folder, as `ocr-pipeline run` leaves it."""
    document = which()[0]
    write_document(document, folder)
    write_review(document, _jpegs(which).__getitem__, folder / "review.html")
    return document


@cache
def _jpegs(which: Callable[[], tuple[Document, list[ColourImage]]]) -> list[bytes]:
    return [page_jpeg(image) for image in which()[1]]
