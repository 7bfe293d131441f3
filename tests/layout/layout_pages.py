"""Typesets small made-up pages into read lines, so that tests can say what is printed instead of coordinates."""

from __future__ import annotations

from dataclasses import dataclass, field

from ocr_pipeline.geometry import Box, Quad
from ocr_pipeline.layout.lines import LayoutPage, ReadLine
from ocr_pipeline.layout.text import clean_text, is_wide


def text_width(text: str, size: float) -> float:
    return sum(size if is_wide(ch) or ch in "“”‘’—…" else size * 0.5 for ch in text)


@dataclass
class Composer:
    """A page being set from top to bottom; em in pixels, the text area between left and right."""

    index: int = 0
    width: float = 1240
    height: float = 1754
    em: float = 30
    left: float = 160
    right: float = 1080
    y: float = 180
    pitch: float = 52
    lines: list[ReadLine] = field(default_factory=list)
    tables: list[Box] = field(default_factory=list)

    def put(self, text: str, x: float, y: float | None = None, size: float | None = None) -> ReadLine:
        size = size or self.em
        top = self.y if y is None else y
        box = Box(x, top, x + text_width(text, size), top + size)
        line = ReadLine(clean_text(text), text, 0.9, box, Quad.of_box(box), box)
        self.lines.append(line)
        return line

    def advance(self, size: float | None = None) -> None:
        self.y += self.pitch * (size or self.em) / self.em

    def centre(self, *texts: str, size: float | None = None) -> Composer:
        for text in texts:
            middle = (self.left + self.right) / 2
            self.put(text, middle - text_width(text, size or self.em) / 2, size=size)
            self.advance(size)
        return self

    def flush_right(self, text: str, gap: float = 0) -> Composer:
        self.put(text, self.right - gap * self.em - text_width(text, self.em))
        self.advance()
        return self

    def paragraph(self, text: str, indent: float = 2) -> Composer:
        x = self.left + indent * self.em
        line = ""
        for ch in text:
            if x + text_width(line + ch, self.em) > self.right + 0.1 and ch not in "，。、；：）":
                self.put(line, x)
                self.advance()
                x, line = self.left, ""
            line += ch
        self.put(line, x)
        self.advance()
        return self

    def table(self, height: float = 300, gap: float = 15) -> Composer:
        self.tables.append(Box(self.left, self.y, self.right, self.y + height))
        self.y += height + gap
        return self

    def foot(self, text: str, x: float | None = None) -> Composer:
        size = 0.8 * self.em
        middle = (self.left + self.right) / 2 - text_width(text, size) / 2
        self.put(text, middle if x is None else x, y=self.height - 130, size=size)
        return self

    def skip(self, lines: float = 1) -> Composer:
        self.y += lines * self.pitch
        return self

    def page(self) -> LayoutPage:
        return LayoutPage(
            self.index, self.width, self.height, self.em * 0.92, tuple(reversed(self.lines)), tuple(self.tables)
        )
