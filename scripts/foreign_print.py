"""Tables of made filings typeset anew by a word processor (LibreOffice), printed and scanned, truth beside each file.

    python scripts/make_samples.py filings --count 12 --seed 8801 --level clean -o made
    python -m venv foreign && foreign/bin/pip install python-docx==1.2.0 pymupdf opencv-python-headless
    foreign/bin/python scripts/foreign_print.py made -o printed --seed 1 --level office
    ocr-pipeline run printed/*.pdf -o out && ocr-pipeline evaluate out printed

Rows go on on the next page, cells have any margins, frames are thick or double, type is small beside the text's: what
word processors do by themselves and our own maker of samples does not. It runs in an environment of its own, wants
`soffice` on the path, and uses nothing of ours but the texts. The truth has tables alone, without boxes.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pymupdf
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

Image = npt.NDArray[np.uint8]

CHINESE = ("AR PL UMing CN", "AR PL UKai CN", "Noto Serif CJK SC", "Noto Sans CJK SC", "WenQuanYi Zen Hei")
LATIN = ("Liberation Serif", "Liberation Sans", "DejaVu Serif", "")
LEFT, CENTRE, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
FIGURES = frozenset("0123456789.,%-+")
DPI = {"clean": 200, "office": 200, "bad": 150}
MOST_TURNED = {"clean": 0.0, "office": 1.6, "bad": 3.2}
QUALITY = {"clean": 95, "office": 75, "bad": 55}


@dataclass(frozen=True)
class Style:
    """How a table is set. size: points; outer, inner: rulings in eighths of a point; margin: left and right of the text
    in a cell, twentieths of a point; wrap: characters after which a label breaks; height: of a row at least, cm."""

    chinese: str
    latin: str
    size: float
    outer: int
    inner: int
    kind: str
    margin: int
    wrap: int
    height: float
    whole_rows: bool
    header_again: bool
    vertical: Any
    numbers: Any
    centred: bool
    leading: float
    bold_header: bool
    shade: str

    @classmethod
    def drawn(cls, dice: random.Random) -> Style:
        upright = WD_CELL_VERTICAL_ALIGNMENT
        return cls(
            chinese=dice.choice(CHINESE),
            latin=dice.choice(LATIN),
            size=dice.choice([8, 9, 9, 10, 10.5, 12]),
            outer=dice.choice([4, 4, 6, 12, 18]),
            inner=dice.choice([2, 4, 4, 6]),
            kind=dice.choice(["single", "single", "single", "double"]),
            margin=dice.choice([0, 28, 57, 108, 108]),
            wrap=dice.choice([3, 5, 8, 12]),
            height=dice.choice([0, 0, 0.5, 0.7, 0.9]),
            whole_rows=dice.random() < 0.3,
            header_again=dice.random() < 0.5,
            vertical=dice.choice([upright.CENTER, upright.CENTER, upright.TOP, upright.BOTTOM]),
            numbers=dice.choice([CENTRE, CENTRE, RIGHT]),
            centred=dice.random() < 0.4,
            leading=dice.choice([1.0, 1.0, 1.2]),
            bold_header=dice.random() < 0.4,
            shade=dice.choice(["", "", "", "D9D9D9", "EAF1DD", "DBE5F1"]),
        )


def element(name: str, **attributes: str) -> Any:
    made = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        made.set(qn(f"w:{key}"), value)
    return made


def write(paragraph: Any, text: str, chinese: str, latin: str, size: float, bold: bool) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.bold = Pt(size), bold
    fonts = run._element.get_or_add_rPr().get_or_add_rFonts()
    for key in ("ascii", "hAnsi", "eastAsia"):
        fonts.set(qn(f"w:{key}"), chinese if key == "eastAsia" else latin or chinese)


def set_table(document: Any, table: dict[str, Any], style: Style, width: float) -> None:
    """width: of the table, cm."""
    made = document.add_table(rows=table["rows"], cols=table["cols"])
    made.alignment, made.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    rule(made, style)
    headers = table.get("header_rows") or 0
    set_rows(made, column_widths(table, style, width), headers, style)
    for cell in table["cells"]:
        first = made.cell(cell["row"], cell["col"])
        last = made.cell(cell["row"] + cell["row_span"] - 1, cell["col"] + cell["col_span"] - 1)
        set_cell(first if first is last else first.merge(last), cell["text"], cell["row"] < headers, style)


def rule(made: Any, style: Style) -> None:
    borders, margins = element("tblBorders"), element("tblCellMar")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        inside = side.startswith("inside")
        kind, size = ("single", style.inner) if inside else (style.kind, style.outer)
        borders.append(element(side, val=kind, sz=str(size), space="0", color="000000"))
    for side in ("left", "right"):
        margins.append(element(side, w=str(style.margin), type="dxa"))
    made._tbl.tblPr.append(borders)
    made._tbl.tblPr.append(margins)


def column_widths(table: dict[str, Any], style: Style, width: float) -> list[float]:
    """By the longest text of the cells of one column, in cm."""
    need = [0.8] * table["cols"]
    for cell in table["cells"]:
        if cell["col_span"] == 1:
            length = len(cell["text"]) * (0.55 if FIGURES.issuperset(cell["text"]) else 1.0)
            need[cell["col"]] = max(need[cell["col"]], min(length, style.wrap))
    return [width * share / sum(need) for share in need]


def set_rows(made: Any, widths: list[float], headers: int, style: Style) -> None:
    for number, row in enumerate(made.rows):
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Cm(width)
        if style.height:
            row.height, row.height_rule = Cm(style.height), WD_ROW_HEIGHT_RULE.AT_LEAST
        if style.whole_rows:
            row._tr.get_or_add_trPr().append(element("cantSplit"))
        if style.header_again and number < headers:
            row._tr.get_or_add_trPr().append(element("tblHeader"))


def set_cell(cell: Any, text: str, header: bool, style: Style) -> None:
    paragraph, *more = cell.paragraphs
    for empty in more:
        empty._element.getparent().remove(empty._element)
    cell.vertical_alignment = style.vertical
    is_number = bool(text) and FIGURES.issuperset(text)
    paragraph.alignment = style.numbers if is_number else CENTRE if header or style.centred else LEFT
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.paragraph_format.line_spacing = style.leading
    write(paragraph, text, style.chinese, style.latin, style.size, header and style.bold_header)
    if header and style.shade:
        cell._tc.get_or_add_tcPr().append(element("shd", val="clear", color="auto", fill=style.shade))


def set_document(truth: dict[str, Any], dice: random.Random) -> Any:
    """The texts and tables of a truth file as a docx document."""
    document, style = Document(), Style.drawn(dice)
    section, level = document.sections[0], dice.random() < 0.15
    section.page_width, section.page_height = (Cm(29.7), Cm(21)) if level else (Cm(21), Cm(29.7))
    section.orientation = WD_ORIENT.LANDSCAPE if level else WD_ORIENT.PORTRAIT
    section.left_margin = section.right_margin = Cm(dice.uniform(1.8, 2.8))
    section.top_margin, section.bottom_margin = Cm(dice.uniform(2, 3.7)), Cm(dice.uniform(2, 3.5))
    width = (section.page_width - 2 * section.left_margin) / 360_000
    face, size = dice.choice(CHINESE), dice.choice([12, 14, 15, 16])
    left = list(truth["tables"])
    for block in (block for page in truth["pages"] for block in page["blocks"]):
        role, text = block["role"], block["text"]
        if role in ("page_number", "header", "footer"):
            continue
        paragraph = document.add_paragraph()
        titled = role in ("title", "table_title")
        paragraph.alignment = CENTRE if titled else RIGHT if role in ("signature", "date") else LEFT
        paragraph.paragraph_format.line_spacing = 1.4
        if role in ("heading", "paragraph"):
            paragraph.paragraph_format.first_line_indent = Pt(2 * size)
        larger = 4 if role == "title" else 0
        write(paragraph, text, face, style.latin, size + larger, bold=titled or role == "heading")
        if left and role in ("heading", "table_title") and left[0]["title"] and left[0]["title"] in text:
            set_table(document, left.pop(0), style, width)
            document.add_paragraph().paragraph_format.space_after = Pt(0)
    for table in left:
        set_table(document, table, style, width)
        document.add_paragraph()
    return document


def scanned(page: Image, level: str, dice: np.random.Generator) -> Image:
    """A page drawn at twice the scanner's resolution, gray, as it comes from the scanner."""
    height, width = page.shape
    if level == "clean":
        return cv2.resize(page, (width // 2, height // 2), interpolation=cv2.INTER_AREA).astype(np.uint8)
    worse = level == "bad"
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), dice.uniform(-1, 1) * MOST_TURNED[level], 0.5)
    turn[:, 2] -= width / 4, height / 4
    size = width // 2, height // 2
    image = cv2.warpAffine(page, turn, size, None, cv2.INTER_LINEAR, cv2.BORDER_CONSTANT, 255)
    image = cv2.GaussianBlur(image, (0, 0), dice.uniform(0.5, 1.0 if worse else 0.8))
    tone, (across, down) = dice.uniform(0.02, 0.25), dice.uniform(-0.06, 0.06, 2)
    y, x = np.mgrid[-0.5 : 0.5 : complex(size[1]), -0.5 : 0.5 : complex(size[0])]
    light = (image * (1 - tone) + tone * 60) * (1 + across * x + down * y)
    light += dice.normal(0, dice.uniform(2, 9 if worse else 5), light.shape)
    found = np.clip(light, 0, 255).astype(np.uint8)
    for _ in range(int(dice.integers(5, 120 if worse else 40))):
        place = int(dice.integers(0, size[0])), int(dice.integers(0, size[1]))
        cv2.circle(found, place, int(dice.integers(0, 3 if worse else 2)), int(dice.integers(20, 120)), -1)
    return found


def scan(source: Path, target: Path, level: str, dice: np.random.Generator) -> None:
    made = pymupdf.open()
    for page in pymupdf.open(source):
        drawn = page.get_pixmap(dpi=2 * DPI[level], colorspace=pymupdf.csGRAY)
        image = scanned(np.frombuffer(drawn.samples, np.uint8).reshape(drawn.h, drawn.w), level, dice)
        packed = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, QUALITY[level]])[1].tobytes()
        new = made.new_page(width=page.rect.width, height=page.rect.height)
        new.insert_image(new.rect, stream=packed)
    made.save(target)


def tables_alone(truth: dict[str, Any], name: str) -> dict[str, Any]:
    """The truth without what another typesetter changes: pages and boxes."""
    kept = ("row", "col", "row_span", "col_span", "text", "kind", "role", "page")
    tables = [
        {
            **table,
            "parts": [{"page": 0, "rows": [0, table["rows"] - 1]}],
            "cells": [{key: cell[key] for key in kept if key in cell} for cell in table["cells"]],
        }
        for table in truth["tables"]
    ]
    return {**truth, "source": {"files": [f"{name}.pdf"]}, "filing": None, "pages": [], "tables": tables}


Typeset = Callable[[dict[str, Any], Path, random.Random], None]
"""Prints the texts and tables of a truth file to a PDF of that path."""


def work_through(description: str | None, kind: str, typeset: Typeset) -> None:
    """Print and scan all documents of the folder that the command line names; kind: what their names end with."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("inputs", type=Path, help="folder of made truth files")
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--level", choices=sorted(DPI), default="office")
    chosen = parser.parse_args()
    prints = chosen.output / "print"
    prints.mkdir(parents=True, exist_ok=True)
    for path in sorted(chosen.inputs.glob("*.truth.json")):
        truth, name = json.loads(path.read_text("utf-8")), f"{path.name.split('.')[0]}-{kind}"
        typeset(truth, prints / f"{name}.pdf", random.Random(f"{chosen.seed}-{path.name}"))
        dice = np.random.default_rng([chosen.seed, zlib.crc32(path.name.encode())])
        scan(prints / f"{name}.pdf", chosen.output / f"{name}.pdf", chosen.level, dice)
        target = chosen.output / f"{name}.truth.json"
        target.write_text(json.dumps(tables_alone(truth, name), ensure_ascii=False, indent=1), "utf-8")
        print(name)


def by_word_processor(truth: dict[str, Any], target: Path, dice: random.Random) -> None:
    text = target.with_suffix(".docx")
    set_document(truth, dice).save(text)
    print_by_office(text)


def print_by_office(source: Path) -> None:
    """To a PDF beside it."""
    command = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(source.parent), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)


if __name__ == "__main__":
    work_through(__doc__, "printed", by_word_processor)
