"""Tables cut by page breaks put together again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from ocr_pipeline.assemble.captions import Captions
from ocr_pipeline.assemble.columns import columns_agree, columns_are_same, common_columns, rebased, within
from ocr_pipeline.assemble.copies import begins_again
from ocr_pipeline.assemble.cut_rows import is_cut_row, joined_row
from ocr_pipeline.assemble.headless import are_strays, begins_a_section, begins_with_figures, steps_of_one
from ocr_pipeline.assemble.own_header import has_its_own_header
from ocr_pipeline.assemble.tables import PageTable
from ocr_pipeline.assemble.tiers import label, repeated_tiers
from ocr_pipeline.document import Cell, CellPart, Flag, TablePart
from ocr_pipeline.layout.text import join_lines
from ocr_pipeline.settings import StitchSettings

_ENUMERATOR = re.compile(
    r"^[（(〔]?[一二三四五六七八九十百\d]{1,3}[)）〕、.．:：]|^第[一二三四五六七八九十百\d]+[条项章节]"
)


_NUMBER = re.compile(r"[\d.,%+\-−—…/]+")
_HEADER_LABEL = 12
"""Characters of a column label at most; longer texts on both sides of a page break are sentences of their own."""


@dataclass(frozen=True)
class Placed:
    """A table on its page with what stands around it. first, last: no running text stands above (below) it on its
    page, but for headers, footers and page numbers; captions, below: what stands above and below it, None where
    another table does."""

    table: PageTable
    first: bool
    last: bool
    title: str
    captions: Captions | None = None
    below: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Stitched:
    """A logical table: cells counted over all its parts."""

    rows: int
    cols: int
    cells: tuple[Cell, ...]
    parts: tuple[TablePart, ...]
    xs: tuple[float, ...]
    title: str
    page: int
    left: float
    right: float
    last: bool
    captions: Captions
    below: tuple[str, ...] | None


def stitch_tables(placed: Sequence[Placed], settings: StitchSettings) -> tuple[Stitched, ...]:
    """Join each table that ends a page with the one that begins the next, where their columns agree.

    placed: the tables of the document in reading order. A part that cannot be joined stays a table of its own.
    """
    result: list[Stitched] = []
    for item in placed:
        whole = _alone(item)
        if result and _may_continue(result[-1], item, whole, settings):
            parts = _laid_together(result[-1], whole, settings)
            if _columns_continue(*parts, settings) and not _is_another(*parts, item, settings):
                result[-1] = _join(*parts, settings)
                continue
        result.append(whole)
    return tuple(result)


def _alone(item: Placed) -> Stitched:
    table = item.table
    part = TablePart(table.page, table.box, (0, table.rows - 1))
    return Stitched(
        table.rows,
        table.cols,
        table.cells,
        (part,),
        table.xs,
        item.title,
        table.page,
        table.left,
        table.right,
        item.last,
        item.captions or Captions(),
        item.below,
    )


def _may_continue(before: Stitched, item: Placed, after: Stitched, settings: StitchSettings) -> bool:
    """Whether a table stands where the table that ended the page before would go on: at the head of the next page, or
    below a caption that says so, or below all captions again with all header rows; or that it can be nothing else."""
    if item.table.page != before.page + 1:
        return False
    return (
        (before.last and _is_in_place(before, item, after, settings))
        or _is_beside_strays(before, item, after, settings)
        or _is_headless(before, item, after, settings)
        or _is_headed_again(before, item, after, settings)
    )


def _is_in_place(before: Stitched, item: Placed, after: Stitched, settings: StitchSettings) -> bool:
    if item.first:
        return not item.title
    if item.captions is None:
        return False
    again = item.captions.repeat(before.captions) and _repeated_header(before, after, settings) > 0
    return item.captions.say_continued or again


def _is_headed_again(before: Stitched, item: Placed, after: Stitched, settings: StitchSettings) -> bool:
    """Whether the next page begins with the header of the table before, and what stands below that is no more than the
    end of a label that runs on past its cell (as browsers print cells over several rows)."""
    if not item.first or item.title or before.below is None or not are_strays(before.below, settings):
        return False
    return _repeated_header(before, after, settings) > 0


def _is_beside_strays(before: Stitched, item: Placed, after: Stitched, settings: StitchSettings) -> bool:
    """Whether the next page begins with the table, and below the one before stands nothing but strays: that one is no
    more than a table's head, or both have the very same columns."""
    if not item.first or item.title or before.below is None or not are_strays(before.below, settings):
        return False
    return _only_begins(before) or columns_are_same(before.xs, after.xs, settings)


def _is_headless(before: Stitched, item: Placed, after: Stitched, settings: StitchSettings) -> bool:
    """Whether the table on the next page has the columns of the one before and no header of its own, and nothing to
    speak of stands between."""
    if item.captions is None or before.below is None or len(before.xs) != len(after.xs):
        return False
    if not (are_strays(before.below, settings) and are_strays(item.captions.texts, settings)):
        return False
    figures = begins_with_figures(after.cells, after.cols, settings)
    return (figures and not begins_with_figures(before.cells, before.cols, settings)) or (
        columns_are_same(before.xs, after.xs, settings) and begins_a_section(before.cells, after.cells)
    )


def _columns_continue(before: Stitched, after: Stitched, settings: StitchSettings) -> bool:
    width_before, width = before.right - before.left, after.right - after.left
    same = columns_are_same(before.xs, after.xs, settings)
    tolerance = settings.width_of_photographs if same else settings.width_tolerance
    if abs(width_before - width) > tolerance * max(width_before, width):
        return False
    return columns_agree(before.xs, after.xs, settings) or _has_same_header(before, after)


def _is_another(before: Stitched, after: Stitched, item: Placed, settings: StitchSettings) -> bool:
    """Whether the second part is no more of the table but the same form once more, filled in by somebody else, or a
    table with another header."""
    last = before.parts[0].rows[1]
    first = [cell for cell in before.cells if cell.row <= last]
    header = _repeated_header(before, after, settings)
    if begins_again(first, after.cells, header, _NUMBER):
        return True
    if header or (item.captions is not None and item.captions.say_continued):
        return False
    _, upper, lower = _shared_columns(before, after, settings)
    return has_its_own_header(_recount(before.cells, upper, 0), _recount(after.cells, lower, 0), _NUMBER)


def _laid_together(before: Stitched, after: Stitched, settings: StitchSettings) -> tuple[Stitched, Stitched]:
    """Both parts; one that lost columns at a side is given the whole width, the lost columns being holes in it."""
    upper, lower = (before.left, before.right, before.xs), (after.left, after.right, after.xs)
    if whole := within(upper, lower, 1 if _only_begins(before) else _WITNESSES, settings):
        return _widened(before, whole), after
    if whole := within(lower, upper, _WITNESSES, settings):
        return before, _widened(after, whole)
    return before, after


_WITNESSES = 2
"""Boundaries that must agree beside the side that two parts are laid together at: one could agree by chance."""
_FIRST_ROWS = 2


def _only_begins(part: Stitched) -> bool:
    """Whether a part is the head of a table and no more: it has a title, a row or two, and no number."""
    numbers = any(_NUMBER.fullmatch(cell.text) for cell in part.cells if cell.text)
    return bool(part.title) and part.rows <= _FIRST_ROWS and not numbers


def _widened(part: Stitched, sides: tuple[float, float]) -> Stitched:
    xs = rebased(part.xs, (part.left, part.right), sides)
    return replace(part, xs=xs, left=sides[0], right=sides[1])


def _join(before: Stitched, after: Stitched, settings: StitchSettings) -> Stitched:
    """Both parts on their common columns, the cells that the page break cut made whole."""
    xs, upper_columns, lower_columns = _shared_columns(before, after, settings)
    upper = _recount(before.cells, upper_columns, 0)
    lower = _recount(after.cells, lower_columns, before.rows)
    skip = _repeated_header(before, after, settings)
    if skip:
        lower = [replace(c, row=c.row - skip) for c in lower if c.row >= before.rows + skip]
    cut = is_cut_row(upper, lower, before.rows, _NUMBER, _ENUMERATOR)
    cells = joined_row(upper, lower, before.rows, _NUMBER, _healed) if cut else _heal(upper, lower, before.rows)
    rows = before.rows + after.rows - skip - cut
    part = after.parts[0]
    moved = TablePart(part.page, part.box, (before.rows - cut, rows - 1))
    return Stitched(
        rows,
        len(xs) - 1,
        tuple(sorted(cells, key=lambda c: (c.row, c.col))),
        (*before.parts, moved),
        xs,
        before.title,
        after.page,
        after.left,
        after.right,
        after.last,
        before.captions,
        after.below,
    )


def _recount(cells: Sequence[Cell], columns: Sequence[int], offset: int) -> list[Cell]:
    """Cells with their columns counted anew (columns: new index of each old boundary), rows moved down by offset."""
    moved = []
    for cell in cells:
        col, end = columns[cell.col], columns[cell.col + cell.col_span]
        moved.append(replace(cell, row=cell.row + offset, col=col, col_span=max(1, end - col)))
    return moved


def _shared_columns(
    before: Stitched, after: Stitched, settings: StitchSettings
) -> tuple[tuple[float, ...], list[int], list[int]]:
    """The columns of both parts together, see common_columns. Under the same header columns are the same wherever their
    boundaries lie: without rulings those are between what happens to stand on each page."""
    if _has_same_header(before, after):
        places = list(range(before.cols + 1))
        return before.xs, places, places
    return common_columns(before.xs, after.xs, settings)


def _has_same_header(before: Stitched, after: Stitched) -> bool:
    return before.cols == after.cols and _header_rows(before.cells, after.cells) > 0


def _repeated_header(before: Stitched, after: Stitched, settings: StitchSettings) -> int:
    """How many rows at the head of the second part merely repeat the first part's header, both on their common columns:
    below it one part may have more columns of labels than the other."""
    _, upper_columns, lower_columns = _shared_columns(before, after, settings)
    return _header_rows(_recount(before.cells, upper_columns, 0), _recount(after.cells, lower_columns, 0))


def _header_rows(above: Sequence[Cell], below: Sequence[Cell]) -> int:
    """How many rows at the head of one part are the same at the head of the other; never all of them."""
    rows = [max(c.row + c.row_span for c in cells) for cells in (above, below)]
    depth = 0
    for row in range(min(rows[0], rows[1] - 1)):
        if not _same_row([c for c in above if c.row == row], [c for c in below if c.row == row]):
            break
        depth = row + 1
    # Rows of blanks and numbers alone may be alike by chance: a header has words.
    words = any(not re.fullmatch(r"[\d.,%\-—/\s]*", c.text) for c in below if c.row < depth)
    crosses = any(c.row < depth < c.row + c.row_span for c in below)
    return max(depth if words and not crosses else 0, repeated_tiers(above, below, _NUMBER))


def _counts(numbers: Sequence[str]) -> bool:
    """Whether numbers count columns: nearly all are one more than the one before."""
    return len(numbers) > _FEW and steps_of_one(numbers) >= _ALIKE * (len(numbers) - 1)


_ALIKE = 0.6
"""Of the labels of a header row so many are read alike on both pages at least;"""
_FEW = 3
"""of so few labels all."""
_SHARED = 0.75
"""Of the cells of a header row so many are the same on both pages at least, of the page that has fewer."""
_HEADS_NUMBERS = frozenset(("甲", "栏次", "列次", "行次"))
"""What stands before numbers that count columns, of which one may be misread."""
_UNIT_SIGNS = frozenset("%％‰")


def _same_row(upper: Sequence[Cell], lower: Sequence[Cell]) -> bool:
    """Whether two rows are the same row of a header printed twice: the same cells but for some that were parted on one
    page alone, and most labels, or all of a few, read alike. Numbers must all be alike and differ among themselves, as
    those that count columns do."""
    above, below = ({(c.col, c.row_span, c.col_span): label(c) for c in cells} for cells in (upper, lower))
    shared = above.keys() & below.keys()
    # A cell that a speck parted on one page is two there.
    enough = max(_FEW + 1, _SHARED * min(len(above), len(below)))
    if len(shared) < max(len(above), len(below)) and len(shared) < enough:
        return False
    places = [place for place in sorted(shared) if above[place] or below[place]]
    # A label hardly read says nothing, if two others can be held against each other.
    hardly = [c for c in (*upper, *lower) if Flag.LOW_SCORE in c.flags and not _NUMBER.fullmatch(c.text)]
    doubted = {(c.col, c.row_span, c.col_span) for c in hardly}
    certain = [place for place in places if place not in doubted]
    texts = [(above[place], below[place]) for place in (certain if len(certain) > 1 else places)]
    alike = sum(a == b for a, b in texts)
    if any(a == b and len(a) >= _LONG for a, b in texts):
        # Sections are numbered, and differ in a character, too; but they stand alone in their rows.
        alike = sum(_read_alike(a, b) for a, b in texts)
    # A percent sign alone is the unit of a column.
    numbers = [a for a, b in texts if any(_NUMBER.fullmatch(text) and text not in _UNIT_SIGNS for text in (a, b))]
    counted = bool(texts) and texts[0][0] == texts[0][1] and texts[0][0] in _HEADS_NUMBERS
    if numbers and (_counts(numbers) or counted):
        return alike >= _ALIKE * len(texts)
    if numbers:
        return alike == len(texts) and len(numbers) > 1 and len(set(numbers)) == len(numbers)
    return bool(texts) and alike >= (_ALIKE * len(texts) if len(texts) > _FEW else len(texts))


def _read_alike(one: str, other: str) -> bool:
    """Whether two readings are of one label: of a longer one a character may be misread."""
    if min(len(one), len(other)) < _LONG or any(_NUMBER.fullmatch(text) for text in (one, other)):
        return one == other
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= _READ_ALIKE


_LONG, _READ_ALIKE = 4, 0.75


def _heal(upper: Sequence[Cell], lower: Sequence[Cell], seam: int) -> list[Cell]:
    """Join the merged cells that the page break at row seam cut in two."""
    heads = {(c.col, c.col_span): c for c in lower if c.row == seam}
    tails = [c for c in upper if c.row + c.row_span == seam]
    whole: list[Cell] = [c for c in upper if c not in tails]
    healed: set[tuple[int, int]] = set()
    for tail in tails:
        head = heads.get((tail.col, tail.col_span))
        if head is not None and _one_cell(tail, head, upper, lower, seam):
            whole.append(_healed(tail, head))
            healed.add((tail.col, tail.col_span))
        else:
            whole.append(tail)
    whole.extend(c for c in lower if not (c.row == seam and (c.col, c.col_span) in healed))
    return whole


def _one_cell(tail: Cell, head: Cell, upper: Sequence[Cell], lower: Sequence[Cell], seam: int) -> bool:
    """Whether two cells that meet at a page break are the halves of one.

    One of them must span rows (a cell of a single row is not cut), other cells must stand to their right, and the
    second must not begin with a label of its own: it is blank, or goes on where the first, numbered like its
    neighbours, breaks off.
    """
    if tail.row_span == 1 and head.row_span == 1:
        return _in_cut_header(tail, head, upper, lower, seam)
    right_of = tail.col + tail.col_span
    if not any(c.col >= right_of for c in (*upper, *lower)) and not _in_cut_header(tail, head, upper, lower, seam):
        return False
    if _NUMBER.fullmatch(tail.text) or _NUMBER.fullmatch(head.text):
        return False
    if _stacked(tail, head):
        return True
    if not head.text or not tail.text:
        return bool(head.text or tail.text) or (tail.row_span > 1 and head.row_span > 1)
    if _ENUMERATOR.match(head.text):
        return False
    beside = [c.text for c in (*upper, *lower) if c.col == tail.col and c.col_span == tail.col_span and c is not head]
    numbered = sum(bool(_ENUMERATOR.match(text)) for text in beside if text)
    return bool(_ENUMERATOR.match(tail.text)) or numbered > len([t for t in beside if t]) / 2


def _stacked(tail: Cell, head: Cell) -> bool:
    """Whether two cells hold one word set one character a line: all their lines are single characters, three at
    least."""
    lines = [line for cell in (tail, head) for line in cell.raw.split("\n")]
    return len(lines) > 2 and bool(tail.raw and head.raw) and all(len(line.strip()) == 1 for line in lines)


def _is_number(cell: Cell) -> bool:
    """Whether a cell holds a number for certain; crumbs of the ruling at the break read as doubtful digits."""
    return bool(_NUMBER.fullmatch(cell.text)) and Flag.LOW_SCORE not in cell.flags


def _in_cut_header(tail: Cell, head: Cell, upper: Sequence[Cell], lower: Sequence[Cell], seam: int) -> bool:
    """Whether two single-row cells are the halves of a header cell that spans the rows on both sides of the break.

    That is so where the rows that meet are a group label and its sublabels: somewhere a cell above the break is
    divided into several below it, and neither row holds a number.
    """
    above = [c for c in upper if c.row + c.row_span == seam]
    below = [c for c in lower if c.row == seam]
    if any(_is_number(c) for c in (*above, *below)) or not (tail.text or head.text):
        return False
    if _ENUMERATOR.match(head.text):
        return False
    divided = any(
        sum(group.col <= c.col and c.col + c.col_span <= group.col + group.col_span for c in below if c.text) >= 2
        for group in above
        if group.col_span >= 2 and group.text
    )
    return divided and len(tail.text) + len(head.text) <= _HEADER_LABEL


def _healed(tail: Cell, head: Cell) -> Cell:
    raw = "\n".join(part for part in (tail.raw, head.raw) if part)
    inked = [c.score for c in (tail, head) if c.raw]
    return replace(
        tail,
        row_span=tail.row_span + head.row_span,
        text=join_lines([tail.text, head.text]),
        raw=raw,
        score=min(inked) if inked else 1.0,
        flags=tuple(dict.fromkeys((*tail.flags, *head.flags))),
        alternatives=tail.alternatives if not head.raw else (head.alternatives if not tail.raw else ()),
        continued=(*tail.continued, CellPart(head.page, head.box, head.quad)),
    )
