"""Copies of one form filed one behind another: each begins with the same row labels, as no table that goes on does."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ocr_pipeline.assemble.agreement import likeness
from ocr_pipeline.assemble.tiers import label
from ocr_pipeline.document import Cell

_FEW = 4
"""Rows with words that must be alike at least: fewer may be by chance, as sections of a table that begin alike are."""
_ALIKE = 0.75
"""Two rows' words are the same where they have so much in common: of readings some characters are wrong."""
_SHARE = 0.8
"""So many of the rows must be alike, and differ from one another: 男 and 女 return in every group of a long table, but
not their group's name, and 无 may stand in every row."""
_SAME = 0.6
"""So many must be the very same: sections are numbered, and differ in a character."""


def begins_again(first: Sequence[Cell], after: Sequence[Cell], header: int, number: re.Pattern[str]) -> bool:
    """Whether what stands on another page is the same form once more and no more of its table.

    first, after: the cells of the table's first part and of that page's, rows counted from 0 each; header: how many
    rows at the head of the second repeat the first's; number: what the text of a number is.
    """
    pairs = [
        (one, other)
        for one, other in zip(_words(first, header, number), _words(after, header, number), strict=False)
        if one or other
    ]
    if len(pairs) < _FEW:
        return False
    alike = {one for one, other in pairs if likeness(one, other) >= _ALIKE}
    same = sum(one == other for one, other in pairs)
    return len(alike) >= _SHARE * len(pairs) and same >= _SAME * len(pairs)


def _words(cells: Sequence[Cell], header: int, number: re.Pattern[str]) -> list[str]:
    """The words that begin in each row below a header, "" where there are none."""
    rows = [""] * (max((c.row for c in cells), default=-1) + 1)
    for cell in sorted(cells, key=lambda c: (c.row, c.col)):
        text = label(cell)
        if text and not number.fullmatch(text):
            rows[cell.row] += text
    return rows[header:]
