"""Columns of ordinals, of dates, of numbers with their share: a text that has a mark more than the others bears
a speck, one that breaks their pattern was misread.

Such columns are no numbers to add up, so that nothing else looks at them: `.52` among 51 and 53, `.1975年10月` and
`2007年月` among dates, `3.32 (76 3%)`. Where a text is put right, or cannot be, it says so.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ocr_pipeline.document import Cell, CellRole, Flag, Table
from ocr_pipeline.reports.structure import Position
from ocr_pipeline.reports.values import fold, half_width

_YEAR, _MONTH, _DAY = r"(?:19|20)\d\d", r"(?:0?[1-9]|1[0-2])", r"(?:0?[1-9]|[12]\d|3[01])"
_PATTERNS = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        r"[1-9]\d{0,3}",
        rf"{_YEAR}([-./]){_MONTH}\1{_DAY}",
        rf"{_YEAR}[-./]{_MONTH}",
        rf"{_YEAR}年{_MONTH}月{_DAY}日",
        rf"{_YEAR}年{_MONTH}月",
        rf"{_YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])?",
        r"[+-]?[\d,]*\d(?:\.\d+)?\([+-]?\d{1,3}\.\d+%\)",
    )
)
"""Ordinals, the forms of dates, and numbers with a share in brackets."""
_SPECKS = re.compile(r"^[-.,:;'`·•~^*_°。、\"“”‘’]+|[-.,:;'`·•~^*_°。、\"“”‘’]+$")
_POINT_LOST = re.compile(r"(?<=\d)(?:\s|,(?=\d{1,2}(?!\d)))(?=\d)", re.ASCII)
_ENOUGH, _MOST = 5, 0.8
"""So many texts of a column, and so many of all that are not blank, make a pattern."""
_BODY = (CellRole.ROW_HEADER, CellRole.DATA)
_PUT_RIGHT = "read as {!r}, with a mark that the other texts of its column do not have, or without theirs"
_BROKEN = "nearly all texts of its column are of one form, and this is not"


def with_patterns(table: Table) -> Table:
    """The table (with cell roles) with specks taken off the ordinals and dates of its columns, and those that break
    their column's pattern in doubt."""
    columns: dict[int, list[Cell]] = defaultdict(list)
    for cell in table.cells:
        if cell.role in _BODY and cell.text.strip() and cell.value is None:
            columns[cell.col].append(cell)
    changed: dict[Position, Cell] = {}
    for cells in columns.values():
        if (pattern := _pattern_of([fold(cell.text) for cell in cells])) is not None:
            changed.update({(cell.row, cell.col): cell for cell in _put_right(cells, pattern)})
    if not changed:
        return table
    return replace(table, cells=tuple(changed.get((cell.row, cell.col), cell) for cell in table.cells))


def _pattern_of(texts: Sequence[str]) -> re.Pattern[str] | None:
    for pattern in _PATTERNS:
        matching = sum(pattern.fullmatch(text) is not None for text in texts)
        if _ENOUGH <= matching < len(texts) and matching >= _MOST * len(texts):
            return pattern
    return None


def _put_right(cells: Sequence[Cell], pattern: re.Pattern[str]) -> Iterator[Cell]:
    """The cells that had to be changed."""
    for cell in cells:
        text = fold(cell.text)
        if pattern.fullmatch(text) is not None:
            continue
        bare = fold(_POINT_LOST.sub(".", _SPECKS.sub("", half_width(cell.text).strip())))
        if pattern.fullmatch(bare) is not None:
            yield replace(cell, text=bare, note=_PUT_RIGHT.format(cell.text)).flagged(Flag.CORRECTED)
        elif any(map(str.isdigit, text)) and Flag.UNPARSED_NUMBER not in cell.flags:
            yield replace(cell, note=cell.note or _BROKEN).flagged(Flag.UNPARSED_NUMBER)
