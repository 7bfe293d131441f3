"""Single characters that stand alone in a cell of numbers: no recogniser can tell what they are by their shape alone.

A nought that type sets with a dot or a slash inside (to tell it from O) reads as 日 or θ, a plain one as O, and a dash
as long as a character as 一. The column can tell: where numbers stand above and below, no word of one character does.
"""

from __future__ import annotations

from collections.abc import Sequence

from ocr_pipeline.document import Alternative

_DOTTED = frozenset("日曰目囗回θΘøØ⊙◎")
_ROUND = frozenset("OoQDUοООο〇○口")
_LEVEL = frozenset("一ー")
_DASH = "—"


def like_nought(text: str) -> bool:
    """Whether a text is one character that a nought alone in its cell is read as."""
    stripped = text.strip()
    return stripped in _DOTTED or stripped in _ROUND


def dotted_nought(text: str, alternatives: Sequence[Alternative]) -> str | None:
    """The figure that a dotted or slashed nought is, by what else the recogniser had in mind; None for other texts.
    (日 has a dot, or a bar, where 8 has its waist.)"""
    if text.strip() not in _DOTTED:
        return None
    figures = [other for other in alternatives if other.text.strip() in _FIGURES]
    return max(figures, key=lambda other: other.score).text.strip() if figures else "0"


_FIGURES = frozenset("0123456789")


_MARKS = _LEVEL | frozenset("-–—―─－")


def of_lone_figures(texts: Sequence[str]) -> bool:
    """Whether a column of data holds nothing but dashes, or noughts that none is read as a number: what stands there
    can be no words."""
    filled = [text.strip() for text in texts if text.strip()]
    dashes = sum(set(text) <= _MARKS for text in filled)
    noughts = sum(text in _DOTTED for text in filled)
    return bool(filled) and dashes + noughts == len(filled) and noughts != 1


def dash_for(text: str) -> str | None:
    """The dashes that are meant by one or two characters 一 alone in a cell; None for other texts."""
    stripped = text.strip()
    return _DASH * len(stripped) if stripped and set(stripped) <= _LEVEL else None
