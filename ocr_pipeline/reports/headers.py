"""Which cells of a table are headers, row labels, section titles, data: from spans and from what the cells hold.

A table is read as *bands*: an optional full-width section row, header rows, data rows. A header begins a band; it ends
at the first row that holds numbers, or labels followed by blanks only. Leading columns that hold labels in most data
rows are the stub. Nothing here knows a particular form.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from ocr_pipeline.document import Cell, CellRole, Table
from ocr_pipeline.reports.labels import bare, likeness
from ocr_pipeline.reports.values import Kind, fold, mostly_digits, numeric_looking, parse, several_numbers, year_looking

_REPEATED_HEADER = 0.8
"""Rows whose texts are this much like the band's first header row are that header printed again on a new page."""
_MOSTLY = 0.5
_FEW_ROWS = 2
"""With so few data rows one misread number in the first column would pass for a column of labels."""
_LETTER = re.compile(r"[^\W\d_]")
_CHARACTER = re.compile(r"(?![口日回曰囗目])[\u3400-\u9fff]")
"""A Chinese character that no damaged zero or eight is read as."""
_COLUMN_LETTERS = frozenset("甲乙丙丁") | {"栏次", "列次", "序号", "行次"}
"""What stands beside column numbers in a header row of them."""


class _Class(Enum):
    BLANK = auto()
    NUMBER = auto()
    TEXT = auto()


class _RowKind(Enum):
    SECTION = auto()
    HEADER = auto()
    DATA = auto()


@dataclass(frozen=True)
class _Row:
    """The cells anchored in one row, left to right, and what they hold."""

    cells: tuple[Cell, ...]
    classes: tuple[_Class, ...]

    @property
    def filled(self) -> int:
        return sum(1 for item in self.classes if item is not _Class.BLANK)

    @property
    def numbers(self) -> int:
        return sum(1 for item in self.classes if item is _Class.NUMBER)

    @property
    def leading_labels(self) -> int:
        """How many cells stand before the first that is no label."""
        return next((i for i, item in enumerate(self.classes) if item is not _Class.TEXT), len(self.classes))


def assign_cell_roles(table: Table) -> Table:
    """The same table with the role of every cell set, whatever roles it came with."""
    rows = _rows_of(table)
    kinds = _row_kinds(table, rows)
    stub = _stub_columns(table, rows, kinds)
    cells = tuple(_with_role(cell, _role(cell, kinds[cell.row], stub)) for cell in table.cells)
    return replace(table, cells=cells)


def _with_role(cell: Cell, role: CellRole) -> Cell:
    return cell if cell.role is role else replace(cell, role=role)


def _role(cell: Cell, kind: _RowKind, stub: int) -> CellRole:
    if kind is _RowKind.SECTION:
        return CellRole.SECTION
    if kind is _RowKind.HEADER:
        return CellRole.STUB_HEAD if cell.col + cell.col_span <= stub else CellRole.COLUMN_HEADER
    return CellRole.ROW_HEADER if cell.col < stub else CellRole.DATA


def _class_of(cell: Cell) -> _Class:
    parsed = parse(cell.text)
    if parsed.kind is Kind.BLANK:
        return _Class.BLANK
    if parsed.kind in (Kind.NUMBER, Kind.MARK) or numeric_looking(cell.text) or several_numbers(cell.text):
        return _Class.NUMBER
    if mostly_digits(cell.text):
        return _Class.NUMBER
    return _Class.TEXT


def _rows_of(table: Table) -> list[_Row]:
    anchored: list[list[Cell]] = [[] for _ in range(table.rows)]
    for cell in sorted(table.cells, key=lambda item: (item.row, item.col)):
        anchored[cell.row].append(cell)
    return [_Row(tuple(cells), tuple(_class_of(cell) for cell in cells)) for cells in anchored]


def _is_section(row: _Row, table: Table) -> bool:
    only = row.cells[0] if len(row.cells) == 1 else None
    return only is not None and table.cols > 1 and only.col_span == table.cols and row.classes[0] is _Class.TEXT


def _is_numbered_or_years(row: _Row, first: bool) -> bool:
    """A header row of years or of column numbers (甲, 乙, 1, 2, 3 …), which holds numbers and is no data.

    Only the first row of a header may have labels beside the years."""
    labels = [bare(cell.text) for cell, kind in zip(row.cells, row.classes, strict=True) if kind is _Class.TEXT]
    numbering = all(label in _COLUMN_LETTERS for label in labels)
    if not numbering and not first:
        return False
    texts = [fold(cell.text) for cell, kind in zip(row.cells, row.classes, strict=True) if kind is _Class.NUMBER]
    if len(texts) < 2:
        return False
    start = int(texts[0]) if texts[0] in ("0", "1") else None
    counting = start is not None and texts == [str(start + i) for i in range(len(texts))]
    return (counting and numbering) or (all(year_looking(text) for text in texts) and len(set(texts)) == len(texts))


def _looks_like_data(row: _Row) -> bool:
    """Numbers in half of the filled cells that follow the labels, or labels followed by blanks only."""
    rest = row.classes[row.leading_labels :]
    if not rest:
        return False
    filled = [kind for kind in rest if kind is not _Class.BLANK]
    return not filled or sum(1 for kind in filled if kind is _Class.NUMBER) >= _MOSTLY * len(filled)


def _row_kinds(table: Table, rows: Sequence[_Row]) -> list[_RowKind]:
    kinds: list[_RowKind] = []
    in_header, header_until, first_header = True, 0, None
    for number, row in enumerate(rows):
        if _is_section(row, table):
            kinds.append(_RowKind.SECTION)
            in_header, header_until = True, 0
            continue
        begins = in_header and (number == 0 or kinds[-1] is _RowKind.SECTION)
        if begins and _begins_with_header(row, first_header is None):
            header_until = number + _header_depth(row)
            first_header = row
        elif in_header and (number >= header_until or _only_numbers(row)) and (begins or _ends_header(row)):
            in_header = False
        elif not in_header and first_header is not None and (_repeats(row, first_header) or _heads(rows, number)):
            in_header, header_until = True, number + _header_depth(row)
            if len(row.cells) < len(rows[number + 1].cells if number + 1 < len(rows) else ()):
                kinds.append(_RowKind.SECTION)  # a title over the columns below, torn apart
                continue
        kinds.append(_RowKind.HEADER if in_header else _RowKind.DATA)
    return kinds if _RowKind.DATA in kinds else _keep_some_data(kinds)


def _begins_with_header(row: _Row, first: bool) -> bool:
    if not row.filled or not row.classes:
        return first and bool(row.classes)
    if _is_numbered_or_years(row, True):
        return True
    if first:
        return row.numbers < max(1, _MOSTLY * row.filled)
    return not _looks_like_data(row)


def _header_depth(row: _Row) -> int:
    """Rows that the header covers for sure: a top left cell that spans rows spans the header, also where the rest of
    its first row was lost."""
    corner = row.cells[0]
    if corner.col > 0:
        return 1
    alone = len(row.cells) == 1
    return corner.row_span if alone or any(cell.row_span < corner.row_span for cell in row.cells) else 1


def _ends_header(row: _Row) -> bool:
    return bool(row.cells) and _looks_like_data(row) and not _is_numbered_or_years(row, False)


_LONGEST_HEADER = 4


def _heads(rows: Sequence[_Row], number: int) -> bool:
    """Whether two rows or more of nothing but labels follow a row of numbers here, and numbers follow them: the title
    of a section, torn apart, and its header."""
    depth = 1 if _is_title_only(rows[number]) else 0
    while number + depth < len(rows) and _is_labels_only(rows[number + depth]):
        depth += 1
    after = rows[number + depth] if number + depth < len(rows) else None
    return 2 <= depth <= _LONGEST_HEADER and rows[number - 1].numbers > 0 and after is not None and after.numbers > 0


def _is_title_only(row: _Row) -> bool:
    """Whether the only words of a row stand behind a blank first cell: a title, its cell torn from its own left end."""
    return row.filled == 1 and len(row.classes) > 1 and row.classes[1] is _Class.TEXT


def _is_labels_only(row: _Row) -> bool:
    return len(row.cells) > 1 and all(kind is _Class.TEXT for kind in row.classes)


def _only_numbers(row: _Row) -> bool:
    """Whether a row is data even beside a header cell that is too long, for want of a ruling below it."""
    return row.numbers == len(row.cells) > 1


def _repeats(row: _Row, header: _Row) -> bool:
    if len(row.cells) != len(header.cells) or not row.filled or row.numbers:
        return False
    pairs = zip(row.cells, header.cells, strict=True)
    alike = [likeness(a.text, b.text) for a, b in pairs if (a.text or b.text) and a.col == b.col]
    return len(alike) > 1 and sum(alike) / len(alike) >= _REPEATED_HEADER


def _keep_some_data(kinds: list[_RowKind]) -> list[_RowKind]:
    """A table of words only: its first row is the header, the rest data."""
    first = next((i for i, kind in enumerate(kinds) if kind is _RowKind.HEADER), len(kinds))
    return [kind if kind is _RowKind.SECTION or i == first else _RowKind.DATA for i, kind in enumerate(kinds)]


def _stub_columns(table: Table, rows: Sequence[_Row], kinds: Sequence[_RowKind]) -> int:
    """How many leading columns hold row labels: the usual place of the first cell that is no label."""
    firsts: Counter[int] = Counter()
    many = sum(1 for kind in kinds if kind is _RowKind.DATA) > _FEW_ROWS
    for row, kind in zip(rows, kinds, strict=True):
        if kind is not _RowKind.DATA or not row.cells:
            continue
        place = _after_ordinal(row) if many else _sure_labels(row)
        if place < len(row.cells):
            firsts[row.cells[place].col] += 1
    if not firsts:
        return 0
    usual = max(firsts, key=lambda column: (firsts[column], -column))
    return min(usual, table.cols - 1)


def _sure_labels(row: _Row) -> int:
    """How many leading cells are words beyond doubt: two letters or a Chinese character, as no misread number."""
    for place, cell in enumerate(row.cells[: row.leading_labels]):
        letters = _LETTER.findall(cell.text)
        if not letters or (len(letters) == 1 and not _CHARACTER.match(letters[0])):
            return place
    return row.leading_labels


def _after_ordinal(row: _Row) -> int:
    """The place of the first cell that is no label, counting `1 | wheat | …` as two labels."""
    place = row.leading_labels
    if place == 0 and len(row.classes) > 2 and row.cells[0].col == 0 and row.classes[1] is _Class.TEXT:
        return next((i for i, kind in enumerate(row.classes) if i > 0 and kind is not _Class.TEXT), len(row.classes))
    return place
