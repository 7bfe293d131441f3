"""What a clean reading looks like: the one place of the project where blanks are dropped or kept.

A scan has no blanks, only distances; recognisers turn them into blanks as they please. Chinese print needs none, Latin
words and numbers do. Nothing here drops or changes a printed character, except that full-width letters and digits
become the usual ones.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_FULL_WIDTH = {
    code: code - 0xFEE0
    for first, last in ((0xFF10, 0xFF19), (0xFF21, 0xFF3A), (0xFF41, 0xFF5A))
    for code in range(first, last + 1)
}
# Zero-width characters are blanks too: they only ever say where a line might break.
_BLANKS = re.compile(r"[\s\u200b\u200c\u200d\u2060\ufeff]+")
# Two ems wide with their pair in Chinese, set close in Latin text too.
_ALWAYS = frozenset("—…")
# Printed full width in Chinese, narrow in Latin text: they follow the text they stand in.
_EITHER = frozenset("“”‘’–·×±°→←↑↓■□▲△●○★☆◆◇√")
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|0|[1-9]\d*)(?:\.\d+)?%?")
_NUMBER_TAIL = re.compile(r"[+-]?\d[\d,.]*$")
_NUMBER_HEAD = re.compile(r"^[,.]?\d[\d,.]*%?")


def is_cjk(ch: str) -> bool:
    """Whether a character is a Chinese one (an ideograph or 〇, 々; no punctuation)."""
    code = ord(ch)
    return (
        0x4E00 <= code <= 0x9FFF
        or 0x3400 <= code <= 0x4DBF
        or 0xF900 <= code <= 0xFAFF
        or 0x20000 <= code <= 0x323AF
        or ch in "〇々〆"
    )


def is_wide(ch: str) -> bool:
    """Whether a character is set in a full square: Chinese, its punctuation, ①. Not Korean, which has blanks."""
    code = ord(ch)
    if 0x1100 <= code <= 0x11FF or 0x3130 <= code <= 0x318F or 0xAC00 <= code <= 0xD7AF:
        return False
    return unicodedata.east_asian_width(ch) in "WF" or 0x2460 <= code <= 0x24FF or ch in _ALWAYS


def clean_text(raw: str) -> str:
    """The reading as it should stand: blanks only between Latin words and numbers, one each.

    A blank goes where either neighbour is a full-width character; between two half-width ones it stays, so that two
    numbers never become one. Full-width letters and digits are folded, punctuation stays as printed. Idempotent.
    """
    text = raw.translate(_FULL_WIDTH)
    chinese = any(is_cjk(ch) for ch in text)

    def wide(ch: str) -> bool:
        return is_wide(ch) or (chinese and ch in _EITHER)

    parts = [part for part in _BLANKS.split(text) if part]
    cleaned = parts[0] if parts else ""
    for part in parts[1:]:
        cleaned += part if wide(cleaned[-1]) or wide(part[0]) else " " + part
    return cleaned


def join_lines(lines: Sequence[str], *, filled: bool = False) -> str:
    """The printed lines of one paragraph or cell as one cleaned text.

    Chinese is joined with nothing, Latin words with a blank, after a hyphen with nothing (the hyphen is kept, it was
    printed). Two numbers that meet at a line's end stay two, with a blank between, unless the pieces can only be one
    number: the break stands at a point or comma (`18.` + `085`), or a piece is no number by itself and both together
    are (`13,236,4` + `52`, `120` + `000`). filled says that each line but the last runs to the right edge of its cell,
    so that the edge, and not the writer, broke it: then pieces that make one number are joined when the second is no
    longer than the first.
    """
    joined = ""
    for line in lines:
        piece = clean_text(line)
        if not piece:
            continue
        joined = f"{joined}{_between(joined, piece, filled)}{piece}" if joined else piece
    return clean_text(joined)


def _between(before: str, after: str, filled: bool) -> str:
    """What to put between two lines: nothing or a blank. (A blank beside a full-width character goes later.)"""
    if before[-1] == "-" and len(before) > 1 and before[-2].isalnum() and after[0].isalnum():
        return ""
    tail, head = _NUMBER_TAIL.search(before), _NUMBER_HEAD.match(after)
    if tail and head and _one_number(tail.group(), head.group(), filled):
        return ""
    return " "


def _one_number(tail: str, head: str, filled: bool) -> bool:
    if not _NUMBER.fullmatch(tail + head):
        return False
    if tail[-1] in ".," or head[0] in ".,":
        return True
    both_whole = _NUMBER.fullmatch(tail) and _NUMBER.fullmatch(head)
    return not both_whole or (filled and len(head) <= len(tail))
