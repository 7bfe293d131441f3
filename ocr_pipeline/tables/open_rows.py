"""Rows of an open table: words that stand side by side, and lines that a wrapped label makes one row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ocr_pipeline.settings import OpenTableSettings
from ocr_pipeline.tables.open_columns import Columns, PrintedLine
from ocr_pipeline.tables.open_words import Word


@dataclass(frozen=True)
class LogicalRow:
    """A row's words, from its first printed line to its last. joined: lines were taken together on the distance of
    their print alone."""

    words: tuple[Word, ...]
    joined: bool = False

    @property
    def top(self) -> float:
        return min(word.box.y0 for word in self.words)

    @property
    def bottom(self) -> float:
        return max(word.box.y1 for word in self.words)


def printed_lines(words: Sequence[Word], overlap: float = 0.5) -> list[PrintedLine]:
    """Words in printed lines, from top to bottom: each word follows the nearest one to its left at its height."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda w: w.box.x0):
        best: list[Word] | None = None
        for line in lines:
            if _beside(line[-1], word, overlap) and (best is None or line[-1].box.x1 > best[-1].box.x1):
                best = line
        if best is None:
            lines.append([word])
        else:
            best.append(word)
    return _at_one_height(lines)


def _at_one_height(chains: Sequence[Sequence[Word]]) -> list[PrintedLine]:
    """Chains of words as lines from top to bottom, those at the same height as one."""
    lines: list[list[Word]] = []
    for chain in sorted(chains, key=middle_of):
        height = min(_height(chain), _height(lines[-1])) if lines else 0.0
        if lines and middle_of(chain) - middle_of(lines[-1]) < 0.3 * height:
            lines[-1].extend(chain)
        else:
            lines.append(list(chain))
    return [tuple(sorted(line, key=lambda word: word.box.x0)) for line in lines]


def middle_of(words: Sequence[Word]) -> float:
    """The height at which a line of words stands, levelled."""
    return sum(word.box.centre[1] for word in words) / len(words)


def _height(words: Sequence[Word]) -> float:
    return median(word.box.height for word in words)


def parts(words: Sequence[Word], apart: float) -> int:
    """How many groups of words stand side by side, blanks wider than apart pixels between them."""
    count, end = 0, float("-inf")
    for word in sorted(words, key=lambda w: w.box.x0):
        count += word.box.x0 - end > apart
        end = max(end, word.box.x1)
    return count


def _beside(left: Word, right: Word, overlap: float) -> bool:
    if right.box.x0 < left.box.x1 - 0.5 * min(left.box.height, right.box.height):
        return False
    common = min(left.box.y1, right.box.y1) - max(left.box.y0, right.box.y0)
    if common >= overlap * min(left.box.height, right.box.height):
        return True
    # A dash, a point: at half the height of what stands beside it.
    low, high = sorted((left.box, right.box), key=lambda box: box.height)
    return low.height < 0.5 * high.height and high.y0 <= low.centre[1] <= high.y1


def logical_rows(
    lines: Sequence[PrintedLine], columns: Columns, em: float, settings: OpenTableSettings, *, one_row: bool = False
) -> list[LogicalRow]:
    """The printed lines between two rulings as rows.

    Lines that overlap are one row (a number set beside the middle of a wrapped label). Lines closer together than
    rows of this table usually are go together where one of them adds to cells of the other without a number of its own
    in the same column. one_row: the rulings part rows; nothing but a second line of numbers begins a new one.
    """
    rows = side_by_side(lines, em)
    limit = _wrap_limit(rows, columns, em, settings)
    while len(rows) > 1:
        gaps = [_gap(a, b, columns, em) for a, b in pairwise(rows)]
        able = [i for i in range(len(gaps)) if _one_row(rows[i], rows[i + 1], columns, em)]
        if not one_row:
            able = [i for i in able if gaps[i] <= limit]
        if not able:
            break
        nearest = min(able, key=lambda i: gaps[i])
        merged = LogicalRow((*rows[nearest].words, *rows[nearest + 1].words), joined=not one_row)
        rows[nearest : nearest + 2] = [merged]
    return rows


def side_by_side(lines: Sequence[PrintedLine], em: float) -> list[LogicalRow]:
    """Printed lines, those that overlap as one: the lines of a wrapped label with the numbers beside its middle."""
    return _overlapping([LogicalRow(line) for line in lines], em)


def _overlapping(rows: Sequence[LogicalRow], em: float) -> list[LogicalRow]:
    result: list[LogicalRow] = []
    for row in rows:
        common = min(row.bottom, result[-1].bottom) - max(row.top, result[-1].top) if result else 0.0
        if result and common > min(0.12 * em, 0.5 * (row.bottom - row.top)):
            result[-1] = LogicalRow((*result[-1].words, *row.words), result[-1].joined)
        else:
            result.append(row)
    return result


_NARROW = 4
"""One in so many blanks between rows is narrower than the narrow ones."""


def _gap(upper: LogicalRow, lower: LogicalRow, columns: Columns, em: float) -> float:
    """The blank between the print of two rows, in the columns where both have some; else between the rows."""
    above, below = by_column(upper.words, columns, em), by_column(lower.words, columns, em)
    shared = above.keys() & below.keys()
    if not shared:
        return lower.top - upper.bottom
    return min(min(w.box.y0 for w in below[c]) - max(w.box.y1 for w in above[c]) for c in shared)


def by_column(words: Sequence[Word], columns: Columns, em: float) -> dict[int, list[Word]]:
    """Words by the first column they stand in."""
    found: dict[int, list[Word]] = {}
    for word in words:
        found.setdefault(columns.range_of(word.box.x0, word.box.x1, em)[0], []).append(word)
    return found


def _one_row(upper: LogicalRow, lower: LogicalRow, columns: Columns, em: float) -> bool:
    """Whether two rows may be the lines of one: no column has a number in both, one fills only columns of the other."""
    above, below = by_column(upper.words, columns, em), by_column(lower.words, columns, em)
    shared = above.keys() & below.keys()
    if above.keys() == below.keys() == {0} and len(columns) > 1:
        # The lines of a title: what stands alone in the column of labels is none of their numbers, however low.
        return abs(min(w.box.x0 for w in above[0]) - min(w.box.x0 for w in below[0])) <= 0.5 * em
    for column in shared:
        if any(w.is_number(em) for w in above[column]) and any(w.is_number(em) for w in below[column]):
            return False
    if not (above.keys() <= below.keys() or below.keys() <= above.keys()):
        return False
    # Two rows filled alike are two rows.
    return len(shared) < max(len(above), len(below)) or (len(shared) == 1 and not _numbers(upper, lower, em))


def _numbers(upper: LogicalRow, lower: LogicalRow, em: float) -> bool:
    return any(word.is_number(em) for word in (*upper.words, *lower.words))


def _wrap_limit(rows: Sequence[LogicalRow], columns: Columns, em: float, settings: OpenTableSettings) -> float:
    """The blank up to which lines are taken for one row: clearly less than between rows that cannot be one."""
    sure = [(a, b) for a, b in pairwise(rows) if not _one_row(a, b, columns, em)]
    if not sure:
        return settings.wrap_sure_em * em
    # Groups of rows are set apart by more; titles of sections stand as close to rows as these to each other.
    gaps = [_gap(a, b, columns, em) for a, b in sure]
    full = sorted(
        gap for gap, pair in zip(gaps, sure, strict=True) if all(len(by_column(r.words, columns, em)) > 1 for r in pair)
    )
    # A speck, a leaning line make single ones too narrow.
    narrow = full[len(full) // _NARROW] if full else float("inf")
    usual = min(settings.wrap_share * median(gaps), settings.wrap_closest * narrow)
    return min(max(usual, 0.0), settings.wrap_em * em)
