"""Comparing printed labels: blind to blanks, punctuation and numbering, tolerant of a misread character."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz import fuzz

from ocr_pipeline.folding import folded

_NUMBERING = re.compile(r"^(?:[(（]?[一二三四五六七八九十百]{1,3}[)）、.．,，]|[(（]?\d{1,2}[)）、.．](?!\d))")
_NOT_WORD = re.compile(r"[\W_]+")


@lru_cache(maxsize=8192)
def bare(text: str) -> str:
    """The label without blanks, punctuation, leading numbering and width differences.

    Where nothing but numbering is left (a column headed `（一）`), the numbering stays.
    """
    whole = folded(text)
    stripped = _NOT_WORD.sub("", _NUMBERING.sub("", whole))
    return (stripped or _NOT_WORD.sub("", whole)).casefold()


@lru_cache(maxsize=65536)
def likeness(first: str, second: str) -> float:
    """How alike two labels are, 0 to 1; 1 when they differ in blanks, punctuation or numbering only."""
    a, b = bare(first), bare(second)
    if a == b:
        return 1.0
    if not a or not b:
        return 0.0
    return float(fuzz.ratio(a, b)) / 100.0


_SHOWN = 16


def short(label: str) -> str:
    """The label for use in a sentence: its beginning, where it is long."""
    return label if len(label) <= _SHOWN else f"{label[:_SHOWN]}…"
