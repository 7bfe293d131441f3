"""From text to placed glyphs: line breaking by Chinese rules, justification, centring.

Everything here is in the page frame of the print: points (1/72 inch), origin top left, y down.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from .faces import Face, advance, face_for, ink
from .geometry import Box, union

# A line must not begin with these, nor end with those.
_NOT_FIRST = set("，。、；：？！）》”’〕】％%,.;:)!?")
_NOT_LAST = set("（《“‘〔【(")
# Runs that word processors keep whole: numbers, Latin words, dash pairs.
_TOKEN = re.compile(r"[0-9A-Za-z.%/+-]+|——|.", re.DOTALL)
# Share of the em above the baseline; the same for all faces so that mixed lines sit level.
ASCENT = 0.86


@dataclass(frozen=True)
class TextStyle:
    """Face, digit face (None: the same), size in points, extra space between characters in ems."""

    face: Face
    digits: Face | None
    size: float
    tracking: float = 0.0
    lead_face: Face | None = None


@dataclass(frozen=True)
class Glyph:
    """One character on the page: pen x and baseline y in points."""

    char: str
    x: float
    baseline: float
    face: Face
    size: float

    def box(self) -> Box:
        """Ink box in points."""
        left, top, right, bottom = ink(self.face, self.char)
        return (
            self.x + left * self.size,
            self.baseline + top * self.size,
            self.x + right * self.size,
            self.baseline + bottom * self.size,
        )


@dataclass(frozen=True)
class Line:
    """One printed line; `text` is the joined form without typographic blanks."""

    text: str
    glyphs: tuple[Glyph, ...]

    def box(self) -> Box:
        """Ink box in points."""
        return union([glyph.box() for glyph in self.glyphs])


@dataclass(frozen=True)
class Word:
    """Characters that stay together, with the face of each."""

    chars: tuple[tuple[str, Face], ...]
    width: float


def _width(chars: Sequence[tuple[str, Face]], style: TextStyle) -> float:
    return sum(advance(face, char) + style.tracking for char, face in chars) * style.size


@lru_cache(maxsize=4096)
def words_of(text: str, style: TextStyle, lead: int = 0) -> tuple[Word, ...]:
    """Unbreakable pieces in order; the first `lead` characters are set in the lead face."""
    words: list[Word] = []
    position = 0
    for token in _TOKEN.findall(text):
        wanted = style.lead_face if style.lead_face is not None and position < lead else style.face
        chars = tuple((char, face_for(char, wanted, style.digits)) for char in token)
        position += len(token)
        words.append(Word(chars, _width(chars, style)))
    return tuple(words)


def break_words(words: Sequence[Word], width: float, indent: float = 0.0) -> list[list[Word]]:
    """Lines of words no wider than `width` points, the first shortened by `indent`."""
    lines: list[list[Word]] = []
    line: list[Word] = []
    room = width - indent
    for word in words:
        if line and word.width > room + 0.01:
            carried = [word]
            while len(line) > 1 and (carried[0].chars[0][0] in _NOT_FIRST or line[-1].chars[-1][0] in _NOT_LAST):
                carried.insert(0, line.pop())
            lines.append(line)
            # A blank at the break is swallowed, as word processors do.
            line = [w for w in carried if not w.chars[0][0].isspace()]
            room = width - sum(w.width for w in line)
        else:
            line.append(word)
            room -= word.width
    if line:
        lines.append(line)
    return lines


def place(
    chars: Sequence[tuple[str, Face]], style: TextStyle, x: float, top: float, pitch: float, gap: float = 0.0
) -> Line:
    """Set characters from x on, in a line box `pitch` points high; `gap` points are added after each."""
    baseline = top + (pitch - style.size) / 2 + ASCENT * style.size
    glyphs: list[Glyph] = []
    for char, face in chars:
        if not char.isspace():
            glyphs.append(Glyph(char, x, baseline, face, style.size))
        x += (advance(face, char) + style.tracking) * style.size + gap
    return Line("".join(char for char, _ in chars if not char.isspace()), tuple(glyphs))


def flat(words: Sequence[Word]) -> list[tuple[str, Face]]:
    """The characters of words, one after another."""
    return [pair for word in words for pair in word.chars]


def aligned(text: str, style: TextStyle, left: float, right: float, top: float, pitch: float, align: str) -> Line:
    """One line set left, centre or right between two edges."""
    words = words_of(text, style)
    slack = right - left - sum(word.width for word in words)
    start = {"left": left, "center": left + slack / 2, "right": left + slack}[align]
    return place(flat(words), style, start, top, pitch)


def moved(line: Line, dy: float) -> Line:
    """The same line dy points lower."""
    glyphs = tuple(Glyph(g.char, g.x, g.baseline + dy, g.face, g.size) for g in line.glyphs)
    return Line(line.text, glyphs)
