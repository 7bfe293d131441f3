"""A font without shapes to be seen, for text that is found and copied but never seen.

It is embedded (readers ask for missing fonts), has a number of its own for each character used and says which
character that is, so that any text, rare characters included, is found again; it weighs a few hundred bytes.
"""

from __future__ import annotations

import struct
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pymupdf

ASCENT, DESCENT = 800, -200
"""In thousandths of the font size; together they are one, so that a line is as high as its font size."""
_LOW, _HIGH = 0, 600
"""The extent of the glyphs: not the whole line, or MuPDF would find it in a rectangle that touches its edge."""
_FULL, _HALF = 1000, 500
_GLYPHS = {_FULL: 1, _HALF: 2}
"""The numbers of the two glyphs by their widths; 0 is kept for `missing`, which some readers skip."""


class GlyphlessFont:
    """Collects the characters used; written into a PDF once, when all are known."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}

    def encode(self, text: str) -> str:
        """The text as a PDF hexadecimal string, brackets included."""
        return "<" + "".join(f"{self._codes.setdefault(char, len(self._codes) + 1):04x}" for char in text) + ">"

    def write(self, pdf: pymupdf.Document) -> int:
        """Write the font's objects into an open PDF; the object number of the font."""
        file = _stream(pdf, _truetype(), f"/Length1 {len(_truetype())}")
        descriptor = _new(
            pdf,
            f"<</Type/FontDescriptor/FontName/GlyphLess/Flags 4/FontBBox[0 {DESCENT} {_FULL} {ASCENT}]/ItalicAngle 0"
            f"/Ascent {ASCENT}/Descent {DESCENT}/CapHeight {ASCENT}/StemV 80/FontFile2 {file} 0 R>>",
        )
        glyph_of = [0, *(_GLYPHS[_advance(char)] for char in self._codes)]
        glyphs = _stream(pdf, struct.pack(f">{len(glyph_of)}H", *glyph_of))
        widths = " ".join(f"{code}[{_advance(char)}]" for char, code in self._codes.items())
        descendant = _new(
            pdf,
            "<</Type/Font/Subtype/CIDFontType2/BaseFont/GlyphLess"
            "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>"
            f"/FontDescriptor {descriptor} 0 R/CIDToGIDMap {glyphs} 0 R/DW {_FULL}/W[{widths}]>>",
        )
        unicode_map = _stream(pdf, self._unicode_map().encode("ascii"))
        return _new(
            pdf,
            "<</Type/Font/Subtype/Type0/BaseFont/GlyphLess/Encoding/Identity-H"
            f"/DescendantFonts[{descendant} 0 R]/ToUnicode {unicode_map} 0 R>>",
        )

    def _unicode_map(self) -> str:
        pairs = [f"<{code:04x}> <{char.encode('utf-16-be').hex()}>" for char, code in self._codes.items()]
        # The format allows a hundred entries in a section.
        sections = [pairs[n : n + 100] for n in range(0, len(pairs), 100)]
        body = "\n".join(f"{len(part)} beginbfchar\n" + "\n".join(part) + "\nendbfchar" for part in sections)
        return (
            "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
            "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n"
            "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
            f"1 begincodespacerange\n<0000> <ffff>\nendcodespacerange\n{body}\n"
            "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
        )


def text_length(text: str) -> float:
    """The text's length in font sizes."""
    return sum(_advance(char) for char in text) / 1000


def _advance(char: str) -> int:
    return _FULL if unicodedata.east_asian_width(char) in "WFA" else _HALF


def _new(pdf: pymupdf.Document, text: str) -> int:
    xref: int = pdf.get_new_xref()
    pdf.update_object(xref, text)
    return xref


def _stream(pdf: pymupdf.Document, content: bytes, entries: str = "") -> int:
    xref = _new(pdf, f"<<{entries}>>")
    pdf.update_stream(xref, content)
    return xref


def _truetype() -> bytes:
    """A TrueType file with the fewest tables that a PDF font needs: `missing`, and the glyphs by their widths."""
    glyphs = [_line_across(width) for width in _GLYPHS]
    ends = [0, 0, *(sum(map(len, glyphs[:count])) for count in (1, 2))]
    tables = {
        b"glyf": b"".join(glyphs),
        b"head": struct.pack(
            ">IIIIHHQQhhhhHHhhh",
            0x10000,
            0x10000,
            0,
            0x5F0F3CF5,
            0,
            1000,
            0,
            0,
            0,
            DESCENT,
            _FULL,
            ASCENT,
            0,
            8,
            2,
            0,
            0,
        ),
        b"hhea": struct.pack(">IhhhHhhhhhhhhhhhH", 0x10000, ASCENT, DESCENT, 0, _FULL, 0, 0, _FULL, 1, *[0] * 7, 3),
        b"hmtx": struct.pack(">HhHhHh", _FULL, 0, _FULL, 0, _HALF, 0),
        b"loca": struct.pack(">4H", *(end // 2 for end in ends)),
        b"maxp": struct.pack(">IH13H", 0x10000, 3, 2, 1, *[0] * 11),
    }
    offset = 12 + 16 * len(tables)
    directory = struct.pack(">IHHHH", 0x10000, len(tables), 64, 2, len(tables) * 16 - 64)
    body = b""
    for tag, content in tables.items():
        padded = content + bytes(-len(content) % 4)
        checksum = sum(struct.unpack(f">{len(padded) // 4}I", padded)) & 0xFFFFFFFF
        directory += tag + struct.pack(">III", checksum, offset + len(body), len(content))
        body += padded
    return directory + body


def _line_across(width: int) -> bytes:
    """A glyph of one line from corner to corner of its character: nothing to see, but PDFium (Chrome) passes over text
    whose glyphs have no extent."""
    corners = struct.pack(">BB4h", 1, 1, 0, width, _LOW, _HIGH - _LOW)  # both on the curve; x and y by steps
    glyph = struct.pack(">hhhhhHH", 1, 0, _LOW, width, _HIGH, 1, 0) + corners
    return glyph + bytes(-len(glyph) % 4)
