"""Parts of tables that go on from the page before although something stands between: they begin with figures, or as
sections of the part before begin.

What stands there is what a stamp says that was not known as one, a mark of the archive, a folio, a note in pen: short,
and neither a heading nor a caption. A table of its own begins with the words of its header.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from ocr_pipeline.assemble.captions import bare
from ocr_pipeline.document import Cell
from ocr_pipeline.layout import patterns
from ocr_pipeline.settings import StitchSettings

_FIGURE = re.compile(r"[^\u4e00-\u9fff]*\d[^\u4e00-\u9fff]*")
"""However much of it was read right: what a stamp says runs through it."""
_YEAR = re.compile(r"(?:19|20)\d\d")


def are_strays(texts: Sequence[str], settings: StitchSettings) -> bool:
    """Whether texts beside a table may stand there by chance: few, short, and nothing that announces or explains."""
    return len(texts) <= settings.stray_texts and all(_is_stray(bare(text), settings) for text in texts)


def _is_stray(text: str, settings: StitchSettings) -> bool:
    announces = (patterns.TABLE_NUMBER, patterns.UNIT_NOTE, patterns.MAKER_NOTE, patterns.FOOT_NOTE)
    return (
        len(text) <= settings.stray_length
        and patterns.marker_level(text) is None
        and not any(pattern.match(text) for pattern in announces)
        and (len(text) <= settings.stray_note or not any(mark in text for mark in patterns.SENTENCE_MARKS))
    )


def begins_with_figures(cells: Sequence[Cell], cols: int, settings: StitchSettings) -> bool:
    """Whether the first row of a part is one of figures behind its labels, and no header that counts or names years."""
    row = sorted((cell for cell in cells if cell.row == 0), key=lambda cell: cell.col)
    figures = [cell for cell in row if _FIGURE.fullmatch(cell.text)]
    if len(figures) < max(_LEAST, settings.figures_share * cols):
        return False
    if any(cell.col > figures[0].col for cell in row if cell.text and cell not in figures):
        return False
    texts = [cell.text for cell in figures]
    return not (all(_YEAR.fullmatch(text) for text in texts) or steps_of_one(texts) == len(texts) - 1)


_LEAST = 2


def steps_of_one(texts: Sequence[str]) -> int:
    """How many figures are one more than the one before, as those that number columns are."""
    numbers = [int(text) if text.isdecimal() else -1 for text in texts]
    return sum(after - before == 1 for before, after in pairwise(numbers))


def begins_a_section(before: Sequence[Cell], after: Sequence[Cell]) -> bool:
    """Whether the first row of a part is worded like a row further down in the part before, numbers aside: 第（五）项
    after 第（一）项, or the heads of columns that each section has again."""
    first = _wording(after, 0)
    if len(first) < _WORDED or _FIGURE.fullmatch(first):
        return False
    rows = {cell.row for cell in before} - {0}
    return any(_wording(before, row) == first for row in rows) or (
        bool(_NUMERALS.search(_label(after, 0))) and _wording(before, 0) == first
    )


_WORDED = 3
"""Characters of a row's label at least, for two to be alike in more than chance."""
_NUMERALS = re.compile(r"[一二三四五六七八九十百\d]+")


def _wording(cells: Sequence[Cell], row: int) -> str:
    """The first label of a row without its numbers."""
    return _NUMERALS.sub("", _label(cells, row))


def _label(cells: Sequence[Cell], row: int) -> str:
    own = sorted((cell for cell in cells if cell.row == row and cell.text), key=lambda cell: cell.col)
    return bare(own[0].text) if own and own[0].col == 0 else ""
