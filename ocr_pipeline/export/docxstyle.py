"""How the Word document looks: A4, the usual faces of Chinese offices, a style for each role of a block."""

from __future__ import annotations

from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

from ocr_pipeline.document import Role

SONG, HEI = "SimSun", "SimHei"
"""Asked for by name; where they are missing, every program takes its own Chinese face."""
PAPER_WIDTH, PAPER_HEIGHT, MARGIN = Mm(210), Mm(297), Mm(20)
TEXT_WIDTH = PAPER_WIDTH - 2 * MARGIN
_SMALL, _TEXT = 10.5, 12
_DIM = RGBColor(0x6B, 0x72, 0x80)

STYLES: dict[Role, str] = {
    Role.TITLE: "Title",
    Role.HEADING: "Heading 1",
    Role.TABLE_TITLE: "Caption",
    Role.DOCUMENT_NUMBER: "Document Number",
    Role.PARAGRAPH: "Body Text",
    Role.SIGNATURE: "Signed",
    Role.DATE: "Signed",
    Role.NOTE: "Small Print",
    Role.COPIES: "Small Print",
    Role.PRINTED: "Small Print",
    Role.HEADER: "Small Print",
    Role.FOOTER: "Small Print",
}
"""The others are Normal."""
SEAL = "Seal"


def set_styles(word: WordDocument) -> None:
    """Set the page and the styles used."""
    section = word.sections[0]
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = PAPER_WIDTH, PAPER_HEIGHT
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = MARGIN
    _set(word, "Normal", size=_TEXT)
    _set(word, "Title", size=18, face=HEI, align=WD_ALIGN_PARAGRAPH.CENTER, before=12, after=12)
    _set(word, "Heading 1", size=14, face=HEI, before=10, after=4)
    _set(word, "Caption", size=_TEXT, face=HEI, align=WD_ALIGN_PARAGRAPH.CENTER, before=8, after=4, with_next=True)
    _set(word, "Body Text", size=_TEXT, indent=2 * _TEXT)
    _set(word, "Document Number", size=_TEXT, align=WD_ALIGN_PARAGRAPH.CENTER)
    _set(word, "Signed", size=_TEXT, align=WD_ALIGN_PARAGRAPH.RIGHT)
    _set(word, "Small Print", size=_SMALL, colour=_DIM)
    _set(word, SEAL, size=_SMALL, align=WD_ALIGN_PARAGRAPH.RIGHT, colour=RGBColor(0xB9, 0x1C, 0x1C))


def _set(
    word: WordDocument,
    name: str,
    *,
    size: float,
    face: str = SONG,
    align: WD_ALIGN_PARAGRAPH | None = None,
    before: float = 0,
    after: float = 4,
    indent: float = 0,
    with_next: bool = False,
    colour: RGBColor | None = None,
) -> None:
    style = _style(word, name)
    style.font.size, style.font.name = Pt(size), "Times New Roman"
    style.font.bold, style.font.italic = face == HEI, False
    style.font.color.rgb = colour or RGBColor(0, 0, 0)
    properties = style.element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)  # a theme's face would win
    fonts.set(qn("w:eastAsia"), face)
    paragraph = style.paragraph_format
    paragraph.alignment, paragraph.keep_with_next = align, with_next or name == "Heading 1"
    paragraph.space_before, paragraph.space_after = Pt(before), Pt(after)
    paragraph.line_spacing = 1.3
    paragraph.first_line_indent = Pt(indent)
    for border in style.element.findall(f"{qn('w:pPr')}/{qn('w:pBdr')}"):
        border.getparent().remove(border)


def _style(word: WordDocument, name: str) -> ParagraphStyle:
    if name in [style.name for style in word.styles]:
        found = word.styles[name]
    else:
        from docx.enum.style import WD_STYLE_TYPE

        found = word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        found.base_style = word.styles["Normal"]
    assert isinstance(found, ParagraphStyle)
    return found
