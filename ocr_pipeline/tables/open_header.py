"""The header of an open table: column labels, and labels over several columns with or without a ruling beneath."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median

from ocr_pipeline.settings import OpenTableSettings
from ocr_pipeline.tables.merge import Span
from ocr_pipeline.tables.open_columns import Columns
from ocr_pipeline.tables.open_words import Word


@dataclass(frozen=True)
class Header:
    """Rows of the header: their inner boundaries (levelled y, from top to bottom) and the cells, which tile it. unsure:
    the cells that span columns because of where their label stands alone."""

    inner: tuple[float, ...]
    cells: tuple[Span, ...]
    unsure: frozenset[Span]

    @property
    def rows(self) -> int:
        return len(self.inner) + 1


@dataclass(frozen=True)
class SpanRule:
    """A short ruling under a label that stands over several columns: first and last column, height."""

    first: int
    last: int
    y: float


def header_of(
    words: Sequence[Word],
    heights: tuple[float, float],
    rules: Sequence[SpanRule],
    columns: Columns,
    em: float,
    settings: OpenTableSettings,
) -> Header:
    """The header's rows and cells. heights: its top and foot, levelled; rules: the short rulings inside it."""
    levels: list[list[SpanRule]] = []
    for rule in sorted(rules, key=lambda r: r.y):
        if levels and rule.y - levels[-1][-1].y < 0.8 * em:
            levels[-1].append(rule)
        else:
            levels.append([rule])
    if len(levels) > 1:
        return _ruled_header(columns, levels)
    stacks = _stacks(words, columns, em)
    if levels:
        return _shared_header(words, heights, levels[0], stacks, columns, em)
    return _plain_header(words, heights, stacks, columns, em, settings)


def _ruled_header(columns: Columns, levels: list[list[SpanRule]]) -> Header:
    """The header of three rows and more, parted by its rulings alone."""
    cells: list[Span] = []
    _fill(levels, 0, 0, len(columns) - 1, cells)
    inner = tuple(sum(rule.y for rule in level) / len(level) for level in levels)
    return Header(inner, tuple(sorted(cells, key=lambda s: (s.row, s.col))), frozenset())


def _fill(levels: list[list[SpanRule]], level: int, first: int, last: int, cells: list[Span]) -> None:
    """Cells of the columns first to last from a level of rulings down."""
    column = first
    while column <= last:
        depth, rule = _next_rule(levels, level, column, last)
        if rule is None:
            cells.append(Span(level, column, len(levels) + 1 - level, 1))
            column += 1
            continue
        end = min(rule.last, last)
        cells.append(Span(level, column, depth - level + 1, end - column + 1))
        _fill(levels, depth + 1, column, end, cells)
        column = end + 1


def _next_rule(levels: list[list[SpanRule]], level: int, column: int, last: int) -> tuple[int, SpanRule | None]:
    """The first ruling below that begins at a column."""
    for depth in range(level, len(levels)):
        for rule in levels[depth]:
            if rule.first <= column <= rule.last and column <= last:
                return depth, rule
    return level, None


def _shared_header(
    words: Sequence[Word],
    heights: tuple[float, float],
    rules: Sequence[SpanRule],
    stacks: dict[int, list[Word]],
    columns: Columns,
    em: float,
) -> Header:
    """A header of two rows with rulings under the upper labels. Rulings of neighbouring labels may touch, and worn ones
    come in pieces: which columns each label stands over follows from the labels."""
    y = sum(rule.y for rule in rules) / len(rules)
    ruled = {c for rule in rules for c in range(rule.first, rule.last + 1)}
    below = set(ruled)
    for column, stack in stacks.items():
        own = [word for word in stack if word.box.centre[1] > y]
        if len(own) == len(stack) and _is_below(own, y - 0.2 * em, heights, em):
            below.add(column)
    uppers = _labels(
        [w for w in words if w.box.centre[1] < y and set(_range(w, columns, em)) & below and w.box.y1 < y + 0.3 * em],
        em,
    )
    groups = _groups(uppers, below, columns, em, _breaks(rules))
    return _two_rows(groups, y, len(columns), unsure=False)


def _breaks(rules: Sequence[SpanRule]) -> frozenset[int]:
    """The columns before which a ruling ends and the next begins."""
    ends = {rule.last + 1 for rule in rules}
    return frozenset(ends & {rule.first for rule in rules})


def _range(word: Word, columns: Columns, em: float) -> range:
    first, last = columns.range_of(word.box.x0, word.box.x1, em)
    return range(first, last + 1)


def _labels(words: Sequence[Word], em: float) -> list[Word]:
    """Words one below the other as one label, and pieces of one line that something parted."""
    labels: list[Word] = []
    for word in sorted(words, key=lambda w: w.box.x0):
        gap = word.box.x0 - labels[-1].box.x1 if labels else 0.0
        if labels and (gap < -0.2 * em or (word.line == labels[-1].line and gap < 0.6 * em)):
            last = labels[-1]
            labels[-1] = replace(last, box=last.box.union(word.box))
        else:
            labels.append(word)
    return labels


def _two_rows(groups: Sequence[tuple[int, int]], border: float, count: int, *, unsure: bool) -> Header:
    """Upper labels over their columns, labels of single columns as high as both rows."""
    if not groups:
        return Header((), tuple(Span(0, c, 1, 1) for c in range(count)), frozenset())
    cells: list[Span] = []
    grouped: set[int] = set()
    for first, last in groups:
        cells.append(Span(0, first, 1, last - first + 1))
        cells.extend(Span(1, c, 1, 1) for c in range(first, last + 1))
        grouped.update(range(first, last + 1))
    cells.extend(Span(0, c, 2, 1) for c in range(count) if c not in grouped)
    spans = frozenset(cell for cell in cells if cell.col_span > 1) if unsure else frozenset()
    return Header((border,), tuple(sorted(cells, key=lambda s: (s.row, s.col))), spans)


def _plain_header(
    words: Sequence[Word],
    heights: tuple[float, float],
    stacks: dict[int, list[Word]],
    columns: Columns,
    em: float,
    settings: OpenTableSettings,
) -> Header:
    """The header without rulings inside: one row, or two where labels stand over several columns' own labels."""
    flat = Header((), tuple(Span(0, c, 1, 1) for c in range(len(columns))), frozenset())
    uppers = _uppers(words, stacks, columns, em, settings)
    if not uppers:
        return _spanned(words, columns, em) or flat
    floor = median([word.box.y1 for word in uppers])
    below = set()
    for column, stack in stacks.items():
        own = [word for word in stack if word not in uppers]
        if own and _is_below(own, floor, heights, em):
            below.add(column)
    groups = _groups(_labels(uppers, em), below, columns, em, frozenset())
    grouped = {c for first, last in groups for c in range(first, last + 1)}
    tops = [w.box.y0 for c in grouped for w in stacks.get(c, []) if w not in uppers and w.box.y0 >= floor - 0.1 * em]
    border = (floor + min(tops)) / 2 if tops else floor + 0.2 * em
    return _two_rows(groups, border, len(columns), unsure=True)


def _is_below(words: Sequence[Word], floor: float, heights: tuple[float, float], em: float) -> bool:
    """Whether a column's label stands beneath upper labels (which end at floor), and not in the middle of the whole
    header's height."""
    top, foot = heights
    if min(word.box.y0 for word in words) < floor - 0.1 * em:
        return False
    middle = (min(word.box.y0 for word in words) + max(word.box.y1 for word in words)) / 2
    return abs(middle - (floor + 0.25 * em + foot) / 2) <= abs(middle - (top + foot) / 2)


def _stacks(words: Sequence[Word], columns: Columns, em: float) -> dict[int, list[Word]]:
    """The words of each column from top to bottom; words over several columns in none."""
    stacks: dict[int, list[Word]] = {}
    for word in sorted(words, key=lambda w: w.box.y0):
        first, last = columns.range_of(word.box.x0, word.box.x1, em)
        if first == last:
            stacks.setdefault(first, []).append(word)
    return stacks


def _uppers(
    words: Sequence[Word], stacks: dict[int, list[Word]], columns: Columns, em: float, settings: OpenTableSettings
) -> list[Word]:
    """Labels over several columns: they reach into two, or stand well above a label of the column they are in the
    middle of."""
    found = []
    for word in words:
        first, last = columns.range_of(word.box.x0, word.box.x1, em)
        below = [w for c in range(first, last + 1) for w in stacks.get(c, []) if w.box.y0 >= word.box.y1 - 0.1 * em]
        if not below:
            continue
        apart = min(w.box.y0 for w in below) - word.box.y1
        if first < last or apart >= settings.level_em * em:
            found.append(word)
    if not found:
        return []
    # One level of them: the lowest lines of wrapped labels count with it.
    top = min(word.box.y0 for word in found)
    return [word for word in found if word.box.y0 < top + 0.7 * em]


def _groups(
    uppers: Sequence[Word], below: set[int], columns: Columns, em: float, breaks: frozenset[int]
) -> list[tuple[int, int]]:
    """Which columns each label stands over: runs of columns with a label of their own beneath, shared out so that each
    upper label stands in the middle of its own."""
    groups: list[tuple[int, int]] = []
    run: list[int] = []
    for column in [*sorted(below), -1]:
        if run and column != run[-1] + 1:
            groups.extend(_share(run, uppers, columns, em, breaks))
            run = []
        run.append(column)
    return [group for group in groups if group[1] > group[0]]


def _share(
    run: Sequence[int], uppers: Sequence[Word], columns: Columns, em: float, breaks: frozenset[int]
) -> list[tuple[int, int]]:
    left, right = columns.edges[run[0]], columns.edges[run[-1] + 1]
    inside = sorted((w for w in uppers if left <= w.box.centre[0] <= right), key=lambda w: w.box.x0)
    best: dict[tuple[int, int], tuple[float, list[tuple[int, int]]]] = {}

    def cheapest(word: int, start: int) -> tuple[float, list[tuple[int, int]]]:
        """The least cost of placing the words from `word` on over the columns from `start` on."""
        if word == len(inside):
            return _ALONE * (len(run) - start), []
        if (word, start) not in best:
            options: list[tuple[float, list[tuple[int, int]]]] = [(1e9, [])]
            for a in range(start, len(run)):
                for b in range(a, len(run)):
                    cost = _ALONE * (a - start) + _off_centre(inside[word], run[a], run[b], columns, em)
                    cost += _BROKEN * sum(run[c] in breaks for c in range(a + 1, b + 1))
                    rest, groups = cheapest(word + 1, b + 1)
                    options.append((cost + rest, [(run[a], run[b]), *groups]))
            best[word, start] = min(options, key=lambda option: option[0])
        return best[word, start]

    cost, groups = cheapest(0, 0)
    return groups if cost < 1e8 else []


_ALONE = 0.8
"""What leaving a column out of the labels above costs, in ems that a label stands off the middle of its columns."""


_BROKEN = 0.4
"""What a label over two pieces of ruling costs: worn rulings come in pieces, too."""


def _off_centre(word: Word, first: int, last: int, columns: Columns, em: float) -> float:
    """How far a label stands from the middle of columns, in em: of their cells or of their print, the nearer one."""
    middle = word.box.centre[0]
    cells = abs((columns.edges[first] + columns.edges[last + 1]) / 2 - middle)
    ink = abs((columns.extents[first][0] + columns.extents[last][1]) / 2 - middle)
    over = max(0.0, columns.edges[first] - word.box.x0, word.box.x1 - columns.edges[last + 1])
    return (min(cells, ink) + 2 * over) / em


def _spanned(words: Sequence[Word], columns: Columns, em: float) -> Header | None:
    """A header of one row in which labels reach over several columns that have none of their own."""
    spans: list[tuple[int, int]] = []
    for word in words:
        span = columns.range_of(word.box.x0, word.box.x1, em)
        if span[0] < span[1]:
            spans.append(span)
    if not spans:
        return None
    cells: list[Span] = []
    column = 0
    while column < len(columns):
        end = max((last for first, last in spans if first <= column <= last), default=column)
        cells.append(Span(0, column, 1, end - column + 1))
        column = end + 1
    return Header((), tuple(cells), frozenset(cell for cell in cells if cell.col_span > 1))
