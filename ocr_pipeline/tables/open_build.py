"""From a region of the page to the grid of an open table: columns, header, rows, cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from ocr_pipeline.geometry import Box, Point, Quad
from ocr_pipeline.settings import OpenTableSettings
from ocr_pipeline.stages import GridCell, TableGrid
from ocr_pipeline.tables.merge import Span
from ocr_pipeline.tables.open_bars import Bar
from ocr_pipeline.tables.open_columns import Columns, PrintedLine, columns_of, find_columns
from ocr_pipeline.tables.open_header import Header, SpanRule, header_of
from ocr_pipeline.tables.open_level import Level
from ocr_pipeline.tables.open_rows import LogicalRow, by_column, logical_rows, middle_of, parts, printed_lines
from ocr_pipeline.tables.open_spread import with_spread_labels, with_spread_words
from ocr_pipeline.tables.open_words import Word


@dataclass(frozen=True)
class Region:
    """A stretch of the page that may be an open table. All heights levelled (see Level).

    words: its print; sides: left and right edge of its bars or its print; top, bottom: the bars that close it, None
    where it is open; under_header: the bar beneath the header; cuts: bars below that; rules: short level rulings
    (x0, x1, y); ruled: positions of upright rulings; bars: what was ruled for it.
    """

    words: tuple[Word, ...]
    level: Level
    sides: tuple[float, float]
    top: float | None = None
    bottom: float | None = None
    under_header: float | None = None
    cuts: tuple[float, ...] = ()
    rules: tuple[tuple[float, float, float], ...] = ()
    ruled: tuple[float, ...] = ()
    bars: tuple[Bar, ...] = ()


@dataclass(frozen=True)
class Draft:
    """A region taken apart: columns, the words of header and body, their rows. em: height of its print."""

    region: Region
    em: float
    columns: Columns
    header: Header | None
    head: tuple[Word, ...]
    lines: tuple[PrintedLine, ...]
    rows: tuple[LogicalRow, ...]


def print_height(words: Sequence[Word]) -> float:
    """The height of a region's print in pixels: that of its tall words, which hold Chinese characters, while most of a
    table's may be numbers; boxes that hold more than a line do not count."""
    heights = sorted(word.box.height for word in words)
    if not heights:
        return 1.0
    return 1.06 * min(heights[(19 * (len(heights) - 1)) // 20], 1.45 * heights[len(heights) // 2])


def draft_of(region: Region, settings: OpenTableSettings) -> Draft | None:
    """The region's columns and rows; None where its print stands in no columns."""
    em = print_height(region.words)
    head, body = _parted(region, em)
    lines = printed_lines(body)
    several = [line for line in lines if len(line) > 1]
    if not several:
        return None
    head = with_spread_labels(head, printed_lines(head), several, em, settings)
    lines = printed_lines(with_spread_words(head, body, lines, em, settings))
    several = [line for line in lines if len(line) > 1]
    columns = find_columns(several, region.sides, region.ruled, em, settings, printed_lines(head))
    columns = _widened(columns, [w for line in lines if len(line) == 1 for w in line], region, em, settings)
    if head:
        columns = _with_header(columns, head, region, em, settings)
    columns = _supported(columns, lines, head, region, em, settings)
    if len(columns) < 2:
        return None
    header = _header(region, columns, head, em, settings) if head else None
    rows = _trimmed(_rows(region, lines, columns, em, settings), region, header is None, columns, em)
    if not rows:
        return None
    return Draft(region, em, columns, header, tuple(head), tuple(lines), tuple(rows))


def _parted(region: Region, em: float) -> tuple[list[Word], list[Word]]:
    """Header and body: parted by the bar under the header, or at the first line of numbers."""
    if region.under_header is not None:
        border = region.under_header
        head = [word for word in region.words if word.box.centre[1] < border]
        return head, [word for word in region.words if word.box.centre[1] >= border]
    lines = printed_lines(region.words)
    most = max((len(line) for line in lines), default=0)
    count = 0
    for number, line in enumerate(lines[:_HEADER_LINES]):
        behind = line[1:]
        # The ends of a few wrapped labels, (%), are built like numbers too, and so are short words between two lines.
        numbers = len(line) >= 0.4 * most and behind and 2 * sum(word.is_number(em) for word in behind) >= len(behind)
        if numbers and not _is_halfway(lines, number) and not _is_beside_label(lines, number):
            break
        count += 1
    else:
        count = 0
    while 0 < count < len(lines) and len(lines[count - 1]) == 1 and _is_nearer_below(lines, count - 1):
        # The first line of a wrapped label beside the first numbers.
        count -= 1
    if count > 1 and _is_first_title(lines, count - 1, em):
        count -= 1
    head = [word for line in lines[:count] for word in line]
    if count and not any(len(line) > 1 for line in lines[:count]):
        return [], list(region.words)
    return head, [word for line in lines[count:] for word in line]


def _is_first_title(lines: Sequence[PrintedLine], number: int, em: float) -> bool:
    """Whether a line of one word below the labels is the title of the first section: those of others stand alone in the
    same place further down, right of the column of labels."""
    if len(lines[number]) > 1:
        return False
    own, below = lines[number][0], lines[number + 1 :]
    stub = [line[0].box.x1 for line in below if len(line) > 1]
    if not stub or own.box.x0 < median(stub):
        return _is_title_of_labels(lines, number, em)
    alone = [line[0] for line in below if len(line) == 1 and not line[0].is_number(em)]
    return any(abs(word.box.centre[0] - own.box.centre[0]) < em for word in alone)


def _is_title_of_labels(lines: Sequence[PrintedLine], number: int, em: float) -> bool:
    """Whether a line of one word below the labels is the title of the first group of rows: it begins where others do
    that stand alone further down, left of the rows' labels, and as far below the line above as rows are apart."""
    own, below = lines[number][0], lines[number + 1 :]
    labels = [line[0].box.x0 for line in below if len(line) > 1]
    alone = [line[0] for line in below if len(line) == 1 and abs(line[0].box.x0 - own.box.x0) < _INDENT_EM * em]
    middles = [middle_of(line) for line in below if len(line) > 1]
    if not alone or len(middles) < _ROWS_TOLD or own.box.x0 > median(labels) - _INDENT_EM * em:
        return False
    away = own.box.centre[1] - middle_of(lines[number - 1])
    return away >= _ROW_LOW * median(b - a for a, b in pairwise(middles))


_INDENT_EM = 0.6
"""The labels of a group of rows begin so far right of its title at least."""

_ROW_LOW = 0.6
"""The lines of one label are closer than this share of the distance of rows."""


def _is_halfway(lines: Sequence[PrintedLine], number: int) -> bool:
    """Whether a printed line is of labels set in the middle between an upper and a lower line of labels: the next line
    is nearer than rows are, and no word of it stands below a word of this one."""
    middles = [middle_of(line) for line in lines if len(line) > 1]
    if len(middles) < _ROWS_TOLD or number + 1 >= len(lines) or len(lines[number + 1]) < 2:
        return False
    own, following = lines[number], lines[number + 1]
    away = middle_of(following) - middle_of(own)
    below = any(min(a.box.x1, b.box.x1) > max(a.box.x0, b.box.x0) for a in own for b in following)
    return not below and away < _HALFWAY * median(b - a for a, b in pairwise(middles))


def _is_beside_label(lines: Sequence[PrintedLine], number: int) -> bool:
    """Whether a printed line is one of two with a single label halfway between them, left of both: the label of a first
    column, as high as two lines of others'. A row's own label has the row's numbers beside it."""
    for middle in (number - 1, number + 1):
        if not 0 < middle < len(lines) - 1 or len(lines[middle]) > 1:
            continue
        upper, label, lower = (line[0].box for line in lines[middle - 1 : middle + 2])
        heights = [line[0].box.centre[1] for line in lines[middle + 1 :] if len(line) > 1]
        if len(heights) < _ROWS_TOLD or label.x1 >= min(upper.x0, lower.x0):
            continue
        if lower.centre[1] - upper.centre[1] < _ROW_HIGH * median(b - a for a, b in pairwise(heights)):
            return True
    return False


_ROW_HIGH = 1.3
"""Two lines of a header are no further apart than rows, but for so much."""

_HALFWAY = 0.75
"""Lines nearer than this share of the usual distance are no rows of their own."""

_ROWS_TOLD = 5
"""So many lines tell how far apart rows are."""


def _is_nearer_below(lines: Sequence[PrintedLine], number: int) -> bool:
    """Whether a printed line stands nearer to the next one than to the one before."""
    own = lines[number][0].box
    above = min(own.y0 - word.box.y1 for word in lines[number - 1]) if number else float("inf")
    return min(word.box.y0 - own.y1 for word in lines[number + 1]) < above


_HEADER_LINES = 8
"""Without a ruling beneath it a header is taken to have fewer lines than this."""


def _widened(
    columns: Columns, words: Sequence[Word], region: Region, em: float, settings: OpenTableSettings
) -> Columns:
    """The columns with the print of more words counted, where each clearly stands in one of them."""
    extents = list(columns.extents)
    crossed = [columns.edges[n] for n in columns.weak]
    for word in words:
        touched = [
            c for c, (x0, x1) in enumerate(extents) if min(word.box.x1, x1) - max(word.box.x0, x0) > -0.2 * em
        ]  # fmt: skip
        if len(touched) == 1:
            c = touched[0]
            extents[c] = (min(extents[c][0], word.box.x0), max(extents[c][1], word.box.x1))
    return columns_of(extents, region.sides, region.ruled, crossed, em, settings)


def _with_header(
    columns: Columns, head: Sequence[Word], region: Region, em: float, settings: OpenTableSettings
) -> Columns:
    """The columns with those that have a label but no print below; labels widen the columns they stand over.

    A label over a blank belongs to the column beside it that has none: words stand left, numbers right in their cells.
    """
    extents = list(columns.extents)
    crossed = [columns.edges[n] for n in columns.weak]
    labels = [word for word in head if not _stands_over(word, head, region, em, settings)]
    labelled = {c for c, extent in enumerate(extents) if any(_apart(word, extent) < 0 for word in labels)}
    free = [
        word for word in labels
        if word.line >= 0 and all(_apart(word, extent) >= settings.label_near_em * em for extent in columns.extents)
    ]  # fmt: skip
    while free:
        beside = [
            (_apart(word, extents[c]), n, c)
            for n, word in enumerate(free)
            for c in _neighbours(word, extents)
            if c not in labelled or (c >= len(columns) and _apart(word, extents[c]) < 0)
        ]
        near = min(beside, default=(settings.label_em * em, 0, -1))
        if near[0] >= settings.label_em * em:
            if free[0].box.width < settings.least_label_em * em:
                free.pop(0)
                continue
            extents.append((free[0].box.x0, free[0].box.x1))
            labelled.add(len(extents) - 1)
            free.pop(0)
            continue
        word = free.pop(near[1])
        extents[near[2]] = _around(word, extents[near[2]])
        labelled.add(near[2])
        free = [other for other in free if _apart(other, extents[near[2]]) >= 0]
    whole = columns_of(extents, region.sides, region.ruled, crossed, em, settings)
    return _widened(whole, labels, region, em, settings)


def _apart(word: Word, extent: tuple[float, float]) -> float:
    """The blank between a word and a column's print; negative where they overlap."""
    return max(word.box.x0 - extent[1], extent[0] - word.box.x1)


def _around(word: Word, extent: tuple[float, float]) -> tuple[float, float]:
    return min(extent[0], word.box.x0), max(extent[1], word.box.x1)


def _neighbours(word: Word, extents: Sequence[tuple[float, float]]) -> list[int]:
    """The columns next to a word, left and right of it."""
    left = [c for c, extent in enumerate(extents) if extent[0] < word.box.centre[0]]
    right = [c for c, extent in enumerate(extents) if extent[0] >= word.box.centre[0]]
    ends = [max(left, key=lambda c: extents[c][1])] if left else []
    return [*ends, min(right, key=lambda c: extents[c][0])] if right else ends


def _stands_over(word: Word, head: Sequence[Word], region: Region, em: float, settings: OpenTableSettings) -> bool:
    """Whether a label stands over others: above a short ruling, or well above lower labels to its left and right."""
    if any(x0 <= word.box.centre[0] <= x1 and word.box.centre[1] < y for x0, x1, y in region.rules):
        return True
    lower = [w for w in head if w.box.y0 >= word.box.y1 + settings.level_em * em]
    left = [w for w in lower if w.box.x0 < word.box.centre[0] and w.box.x1 > word.box.x0 - settings.label_em * em]
    right = [w for w in lower if w.box.x1 > word.box.centre[0] and w.box.x0 < word.box.x1 + settings.label_em * em]
    return any(a is not b for a in left for b in right)


def _supported(
    columns: Columns,
    lines: Sequence[PrintedLine],
    head: Sequence[Word],
    region: Region,
    em: float,
    settings: OpenTableSettings,
) -> Columns:
    """The columns without those that hold a single word and no label: a speck, or a piece torn off a neighbour."""
    counts = [0] * len(columns)
    for word in (word for line in lines for word in line):
        counts[columns.range_of(word.box.x0, word.box.x1, em)[0]] += 1
    for word in head:
        first, last = columns.range_of(word.box.x0, word.box.x1, em)
        counts[first] += 2 if first == last else 0
    keep = [c for c in range(len(columns)) if counts[c] >= 2 or len(lines) < 4]
    if len(keep) == len(columns):
        return columns
    crossed = [columns.edges[n] for n in columns.weak]
    return columns_of([columns.extents[c] for c in keep], region.sides, region.ruled, crossed, em, settings)


def _header(region: Region, columns: Columns, head: Sequence[Word], em: float, settings: OpenTableSettings) -> Header:
    top = region.top if region.top is not None else min(word.box.y0 for word in head) - 0.3 * em
    foot = max(word.box.y1 for word in head) + 0.3 * em
    foot = region.under_header if region.under_header is not None else foot
    rules = []
    for x0, x1, y in region.rules:
        cells = enumerate(pairwise(columns.edges))
        under = [c for c, (left, right) in cells if min(x1, right) - max(x0, left) > 0.5 * (right - left)]
        above = any(word.box.centre[1] < y for word in head)
        below = any(word.box.centre[1] > y for word in head)
        if under and above and below:
            rules.append(SpanRule(under[0], under[-1], y))
    return header_of(head, (top, foot), rules, columns, em, settings)


def _rows(
    region: Region, lines: Sequence[PrintedLine], columns: Columns, em: float, settings: OpenTableSettings
) -> list[LogicalRow]:
    """The body's rows, stretch by stretch between bars."""
    bounds = [float("-inf"), *region.cuts, float("inf")]
    stretches = [[line for line in lines if low <= middle_of(line) < high] for low, high in pairwise(bounds)]
    filled = [stretch for stretch in stretches if stretch]
    ruled = len(region.cuts) >= 2 and len(lines) <= 2.5 * len(filled)
    rows: list[LogicalRow] = []
    for stretch in filled:
        rows.extend(logical_rows(stretch, columns, em, settings, one_row=ruled))
    return rows


def _trimmed(rows: list[LogicalRow], region: Region, headless: bool, columns: Columns, em: float) -> list[LogicalRow]:
    """The rows without notes at an open end: rows that fill no more than one column, or run across all of them."""

    def is_note(row: LogicalRow) -> bool:
        filled = len(by_column(row.words, columns, em))
        words = 3 * sum(word.is_number(em) for word in row.words) <= len(row.words)
        return filled == 1 or is_section(row, columns, em) or (words and 2 * filled <= len(columns))

    while rows and region.bottom is None and is_note(rows[-1]):
        rows = rows[:-1]
    while rows and region.top is None and headless and is_note(rows[0]):
        rows = rows[1:]
    return rows


def grid_of(draft: Draft) -> TableGrid:
    """The table: boundaries on the bars where there are some, else midway between the rows' print."""
    header = draft.header
    depth = header.rows if header is not None else 0
    cells: list[tuple[Span, bool]] = []
    if header is not None:
        cells.extend((span, span in header.unsure) for span in header.cells)
    for number, row in enumerate(draft.rows):
        cells.extend(_cells_of(row, depth + number, draft))
    ys = _heights(draft)
    columns, level = draft.columns, draft.region.level
    corners = tuple(tuple((x, level.back(x, y)) for x in columns.edges) for y in ys)
    made = tuple(_grid_cell(span, doubt, columns, corners) for span, doubt in cells)
    # One cell always says that no ruling shows the columns; whoever looks at the table finds it there.
    if not any(cell.invented for cell in made):
        made = (replace(made[0], invented=("right",)), *made[1:])
    points = [point for line in corners for point in line]
    box = Box(
        min(x for x, _ in points), min(y for _, y in points), max(x for x, _ in points), max(y for _, y in points)
    )
    return TableGrid(
        box=box,
        xs=columns.edges,
        ys=tuple(sum(y for _, y in line) / len(line) for line in corners),
        cells=made,
        corners=corners,
        row_thickness=(0.0,) * len(ys),
        col_thickness=(0.0,) * len(columns.edges),
        ruled=False,
        open_top=draft.region.top is None,
        open_bottom=draft.region.bottom is None,
    )


def _heights(draft: Draft) -> list[float]:
    """The boundaries between rows, levelled."""
    region, rows, em = draft.region, draft.rows, draft.em
    first = rows[0].top
    ys: list[float] = []
    if draft.header is not None:
        top = min(word.box.y0 for word in draft.head)
        floor = max(word.box.y1 for word in draft.head)
        ys.append(region.top if region.top is not None else top - 0.3 * em)
        ys.extend(draft.header.inner)
        ys.append(region.under_header if region.under_header is not None else (floor + first) / 2)
    else:
        ys.append(region.top if region.top is not None else first - 0.3 * em)
    for upper, lower in pairwise(rows):
        between = [y for y in region.cuts if upper.bottom - 0.3 * em <= y <= lower.top + 0.3 * em]
        ys.append(between[0] if between else (upper.bottom + lower.top) / 2)
    ys.append(region.bottom if region.bottom is not None else rows[-1].bottom + 0.3 * em)
    # Nothing may turn the order round, however the print lies.
    for i in range(1, len(ys)):
        ys[i] = max(ys[i], ys[i - 1] + 1.0)
    return ys


def _cells_of(row: LogicalRow, number: int, draft: Draft) -> list[tuple[Span, bool]]:
    """A body row's cells, and whether each is in doubt: words over several columns are merged cells."""
    columns, em = draft.columns, draft.em
    spans = sorted({columns.range_of(word.box.x0, word.box.x1, em) for word in row.words})
    if is_section(row, columns, em):
        return [(Span(number, 0, 1, len(columns)), False)]
    merged: list[tuple[int, int]] = []
    for first, last in spans:
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], last))
        else:
            merged.append((first, last))
    cells: list[tuple[Span, bool]] = []
    column = 0
    for first, last in [*merged, (len(columns), len(columns))]:
        cells.extend((Span(number, c, 1, 1), False) for c in range(column, first))
        if first < len(columns):
            cells.append((Span(number, first, 1, last - first + 1), last > first))
        column = last + 1
    return cells


def is_section(row: LogicalRow, columns: Columns, em: float) -> bool:
    """Whether a row is one title over all columns: its words alone in the row, over more than one column or in the
    middle of the table."""
    words = sorted(row.words, key=lambda w: w.box.x0)
    if 2 * sum(word.box.width for word in words if word.is_number(em)) > sum(word.box.width for word in words):
        return False
    if parts(words, _ONE_TITLE_EM * em) > 1:
        return False
    x0, x1 = words[0].box.x0, max(word.box.x1 for word in words)
    first, _ = columns.range_of(x0, x1, em)
    middle = (columns.edges[0] + columns.edges[-1]) / 2
    if first > 0:
        return abs((x0 + x1) / 2 - middle) < 1.2 * em
    ranges = [columns.range_of(word.box.x0, word.box.x1, em) for word in words]
    return any(start < end for start, end in ranges)


_ONE_TITLE_EM = 2.0
"""Blanks inside a title, spread letters included, are narrower than this."""


def _grid_cell(span: Span, doubt: bool, columns: Columns, corners: tuple[tuple[Point, ...], ...]) -> GridCell:
    bottom, right = span.row + span.row_span, span.col + span.col_span
    quad = Quad(
        (corners[span.row][span.col], corners[span.row][right], corners[bottom][right], corners[bottom][span.col])
    )
    sides = {"left": span.col in columns.weak, "right": right in columns.weak, "inner": doubt}
    return GridCell(
        span.row, span.col, span.row_span, span.col_span, quad.box, quad, tuple(n for n, on in sides.items() if on)
    )
