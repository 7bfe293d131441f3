"""How wide a text is on a terminal: a Chinese character takes two columns."""

from __future__ import annotations

import re
import unicodedata

from rich.cells import cell_len

_PIECES = re.compile(r"[!-~]+|.")
_UNPRINTABLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def text_width(text: str) -> int:
    """Columns a text of one line takes on a terminal."""
    return cell_len(text)


def printable(text: str) -> str:
    """One line without control characters: a scan's text must not move the cursor or turn the writing direction."""
    return "".join(" " if char.isspace() else char for char in text if char.isspace() or _shows(char))


def wrap(text: str, width: int) -> list[str]:
    """The text in lines of at most that many columns (at least 2, the width of one character); numbers and words
    stay whole where they fit."""
    lines, line = [], ""
    for piece in _fitting_pieces(text, width):
        if line and text_width(line + piece) > width:
            lines.append(line.rstrip())
            line = ""
        line += piece if line or not piece.isspace() else ""
    return [*lines, line.rstrip()] if line or not lines else lines


def _fitting_pieces(text: str, width: int) -> list[str]:
    pieces: list[str] = []
    for piece in _PIECES.findall(text):
        pieces += [piece] if text_width(piece) <= width else list(piece)
    return pieces


def _shows(char: str) -> bool:
    return unicodedata.category(char) not in _UNPRINTABLE
