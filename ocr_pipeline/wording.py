"""Words for the program's own sentences."""

from __future__ import annotations

import unicodedata

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Categories of characters that steer a terminal, turn the writing direction, end a line or stand for stray bytes."""


def counted(number: int, noun: str) -> str:
    """`1 page`, `2 pages`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def at_cell(row: int, col: int) -> str:
    """A cell's place (0-based) as people count it: from 1, as spreadsheets do."""
    return f"row {row + 1}, column {col + 1}"


def shown(name: object) -> str:
    """A name, or a sentence with names in it, fit for a terminal: one line, what steers a terminal spelt out.

    File names may hold anything but a slash and a NUL, and a line break in one would forge a line of ours. Chinese
    and every other script stay as they are.
    """
    return "".join(_escaped(char) if unicodedata.category(char) in _UNSEEN else char for char in str(name))


def shown_lines(text: str) -> str:
    """The same of a text of several lines, such as a traceback."""
    return "\n".join("\t".join(map(shown, line.split("\t"))) for line in text.split("\n"))


def _escaped(char: str) -> str:
    if "\udc80" <= char <= "\udcff":  # a byte of a name that is no text
        return f"\\x{ord(char) - 0xDC00:02x}"
    return char.encode("unicode_escape").decode("ascii")
