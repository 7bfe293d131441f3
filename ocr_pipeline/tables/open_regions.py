"""Where open tables may stand: between bars alike, above and below a single bar, between upright rulings, or where
lines of words stand in columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from ocr_pipeline.geometry import Box
from ocr_pipeline.settings import OpenTableSettings
from ocr_pipeline.tables.open_bars import Bar
from ocr_pipeline.tables.open_build import Region, print_height
from ocr_pipeline.tables.open_columns import PrintedLine
from ocr_pipeline.tables.open_level import Level
from ocr_pipeline.tables.open_rows import parts, printed_lines, side_by_side
from ocr_pipeline.tables.open_words import Word


@dataclass(frozen=True)
class _Strip:
    """What stands between two bars alike (None: the page's edge), levelled."""

    upper: Bar | None
    lower: Bar | None
    lines: tuple[PrintedLine, ...]

    def height(self, level: Level) -> float:
        """From bar to bar; endless at the page's edges."""
        if self.upper is None or self.lower is None:
            return float("inf")
        return _height(self.lower, level) - _height(self.upper, level)


def barred_regions(
    bars: Sequence[Bar], every: Sequence[Bar], words: Sequence[Word], em: float, settings: OpenTableSettings
) -> list[Region]:
    """The tables that bars alike rule off, from top to bottom. every: all level rulings, short ones too."""
    level = Level.along(bars)
    sides = _sides(bars, words, em)
    if sides is None:
        return []
    x0, x1 = sides
    inside = [
        replace(word, box=level.flat_box(word.box)) for word in words if x0 - em <= word.box.centre[0] <= x1 + em
    ]  # fmt: skip
    strips = _strips(bars, inside, level)
    regions: list[Region] = []
    number = 0
    while number < len(strips):
        end = number
        while end < len(strips) and _belongs(strips, number, end, level, (x0, x1), settings):
            end += 1
        region = None
        if end > number:
            region = _ruled_off(strips, number, end, level, (x0, x1), em, settings)
        elif strips[number].upper is not None and number > 0:
            region = _under_header(strips, number, level, (x0, x1), em, settings)
        if region is not None:
            regions.append(_with_rules(region, every, em))
        number = max(end, number + 1)
    return regions


def _sides(bars: Sequence[Bar], words: Sequence[Word], em: float) -> tuple[float, float] | None:
    """The bars' ends, moved out where a column of words stands beyond them: the ends of all bars may be worn away. None
    where more stands beside them than wear explains: the lines of a form, or strokes of print."""
    x0, x1 = min(bar.start for bar in bars), max(bar.end for bar in bars)
    top, foot = bars[0].middle - em, bars[-1].middle + (em if len(bars) > 1 else 8 * em)
    near = [word for word in words if top < word.box.centre[1] < foot]
    lines = [line for line in printed_lines(near) if sum(x0 <= word.box.centre[0] <= x1 for word in line) > 1]
    most = 0.25 * (x1 - x0)
    for beyond in (
        [word for line in lines for word in line if x0 - 8 * em < word.box.centre[0] < x0 - 0.2 * em],
        [word for line in lines for word in line if x1 + 0.2 * em < word.box.centre[0] < x1 + 8 * em],
    ):
        if 2 * len(beyond) <= len(lines):
            continue
        out = max(x0 - min(w.box.x0 for w in beyond), max(w.box.x1 for w in beyond) - x1)
        if out >= most:
            return None
        x0, x1 = min(x0, *(w.box.x0 for w in beyond)), max(x1, *(w.box.x1 for w in beyond))
    return x0, x1


def _strips(bars: Sequence[Bar], words: Sequence[Word], level: Level) -> list[_Strip]:
    heights = [level.flat((bar.start + bar.end) / 2, bar.middle) for bar in bars]
    bounds = [float("-inf"), *heights, float("inf")]
    ends: list[Bar | None] = [None, *bars, None]
    strips = []
    for i, (low, high) in enumerate(pairwise(bounds)):
        own = [word for word in words if low <= word.box.centre[1] < high]
        strips.append(_Strip(ends[i], ends[i + 1], tuple(printed_lines(own))))
    return strips


def _tabular(strip: _Strip, level: Level, sides: tuple[float, float], settings: OpenTableSettings) -> bool:
    """Whether a strip between bars holds rows of a table: words side by side on most of its lines, without the wide
    blank before the title of another table. Nothing at all stands between double bars."""
    if strip.upper is None or strip.lower is None:
        return False
    if not strip.lines:
        return True
    em = print_height([word for line in strip.lines for word in line])
    if len(_running_on(strip.lines, _height(strip.upper, level), sides, em, settings)) < len(strip.lines):
        return False
    if _holds_title(strip.lines):
        return False
    rows = side_by_side(strip.lines, em)
    counts = [parts(row.words, 0.8 * em) for row in rows]
    several = sum(count > 1 for count in counts)
    wide = [row.words[-1].box.x1 - row.words[0].box.x0 > 0.7 * (sides[1] - sides[0]) for row in rows]
    full = sum(count == 1 and long for count, long in zip(counts, wide, strict=True))
    if several and len(rows) <= _WRAPPED:
        # The lines of a wrapped label above and below a single row.
        narrow = [row.words[0].box.width < 0.45 * (sides[1] - sides[0]) for row in rows]
        return all(count > 1 or short for count, short in zip(counts, narrow, strict=True))
    # Nor do the lines of a wrapped label count that stand in the column of labels.
    others = [
        row
        for row, count in zip(rows, counts, strict=True)
        if count == 1 and not _is_in_stub(row.words[0], strip.lines, em)
    ]
    return several >= max(1, len(others)) and full <= 0.2 * len(rows)


def _holds_title(lines: Sequence[PrintedLine]) -> bool:
    """Whether a word larger than the print around it stands alone on a line with others below: the title of another
    table, whose header ends at the bar below. Labels are larger than figures, too; where they wrap, their lines begin
    at one place."""
    alone = [line[0] for line in lines if len(line) == 1]
    for line, _ in zip(lines, lines[2:], strict=False):
        wrapped = any(
            other is not line[0] and abs(other.box.x0 - line[0].box.x0) < _WRAPPED_AT * line[0].box.height
            for other in alone
        )
        if len(line) == 1 and _is_large(line, lines) and not wrapped:
            return True
    return False


def _is_large(line: PrintedLine, lines: Sequence[PrintedLine]) -> bool:
    """Whether a printed line is larger than most print of some lines."""
    usual = median(word.box.height for other in lines for word in other)
    return min(word.box.height for word in line) >= _TITLE_HIGH * usual


_WRAPPED_AT = 0.5
_TITLE_HIGH = 1.4
"""A title is at least so many times as high as the print of its table."""


def _belongs(
    strips: Sequence[_Strip],
    first: int,
    number: int,
    level: Level,
    sides: tuple[float, float],
    settings: OpenTableSettings,
) -> bool:
    """Whether a strip is part of the table that begins with the first one: rows, or the title of a section of it."""
    if _is_title_strip(strips, number, sides):
        return False
    if _tabular(strips[number], level, sides, settings) or _is_section(strips, first, number, level):
        return True
    behind = strips[number + 1 : number + 3]
    if number == first or not behind or not _tabular(behind[0], level, sides, settings):
        return False
    return _is_title_row(strips[number], (*strips[first:number], *behind), level)


def _is_title_strip(strips: Sequence[_Strip], number: int, sides: tuple[float, float]) -> bool:
    """Whether a strip holds nothing but the title of another table, its number a blank apart, and the note of a unit:
    the strip below has labels side by side and the next one begins with numbers."""
    lines = strips[number].lines
    if not 0 < len(lines) <= _TITLE_LINES or number + 2 >= len(strips):
        return False
    em = print_height([word for line in lines for word in line])
    for line in lines:
        whole = replace(line[0], box=Box.around(word.box for word in line))
        narrow = whole.box.width < _TITLE_WIDE * (sides[1] - sides[0])
        if parts(line, _TITLE_BLANK_EM * em) > 1 or not (narrow or _is_title(whole, sides, em)):
            return False
    head, body = (strips[n].lines for n in (number + 1, number + 2))
    own = print_height([word for line in (*head, *body) for word in line])
    labelled = any(len(line) > 1 for line in head) and not _begins_with_numbers(head, own)
    return labelled and _begins_with_numbers(body, own)


_TITLE_LINES = 3
"""A title has no more lines, the note of the unit among them,"""
_TITLE_BLANK_EM = 2.2
"""no blank as wide as this,"""
_TITLE_WIDE = 0.6
"""and is not as wide as this share of its table, as rows are."""


def _is_section(strips: Sequence[_Strip], first: int, number: int, level: Level) -> bool:
    """Whether a strip holds one line alone and is as high as the rows above it: a title inside a table."""
    if number - first < 3 or len(strips[number].lines) != 1:
        return False
    heights = [strip.height(level) for strip in strips[first + 1 : number] if strip.lines]
    return bool(heights) and strips[number].height(level) <= 1.3 * min(heights)


def _is_title_row(strip: _Strip, near: Sequence[_Strip], level: Level) -> bool:
    """Whether a strip between bars holds one word and is as high as the rows near it, ruled off one by one: the title
    of a section. The title of another table has more room around it than a row."""
    rows = [other.height(level) for other in near if len(other.lines) == 1 and len(other.lines[0]) > 1]
    if strip.upper is None or len(strip.lines) != 1 or len(strip.lines[0]) != 1 or len(rows) < _ROWS_NEAR:
        return False
    return strip.height(level) <= _AS_HIGH * min(rows)


_ROWS_NEAR = 2
"""So many rows ruled off one by one tell how high rows are."""

_AS_HIGH = 1.2
"""Rows of one line differ by no more than this."""


_WRAPPED = 4
"""Printed lines of a row whose label is wrapped, at most."""


def _ruled_off(
    strips: Sequence[_Strip],
    first: int,
    end: int,
    level: Level,
    sides: tuple[float, float],
    em: float,
    settings: OpenTableSettings,
) -> Region | None:
    """The table of the strips first to end - 1, which lie between bars; goes on below them where the last bar has the
    body of the table beneath."""
    inner = [strip for strip in strips[first:end] if strip.lines]
    if not inner:
        return None
    bars = [bar for strip in strips[first:end] for bar in (strip.upper, strip.lower) if bar is not None]
    bars = list(dict.fromkeys(bars))
    heights = [_height(bar, level) for bar in bars]
    words = [word for strip in inner for line in strip.lines for word in line]
    print_em = print_height(words)
    below: list[PrintedLine] = []
    if len(inner) == 1 and len(inner[0].lines) <= settings.header_lines and end < len(strips):
        below = _going_on(strips[end].lines, heights[-1], sides, print_em, settings)
    rows = [line for line in below if len(line) > 1]
    if len(rows) >= 2 or (rows and len(inner[0].lines) < 2):
        return Region(
            (*words, *(word for line in below for word in line)), level, sides, heights[0], None, heights[-1],
            bars=tuple(bars),
        )  # fmt: skip
    separators = _separators(heights[1:-1], words)
    section = strips[first - 1]
    if first > 1 and _begins_with_numbers(inner[0].lines, print_em) and _is_title_row(section, inner, level):
        header, border = section.upper, _height(section.upper, level) if section.upper is not None else 0.0
        above = _labels_above(strips[first - 2].lines, border, sides, print_em, settings)
        if header is not None and sum(len(line) for line in above) > 1:
            whole = (*(word for line in above for word in line), section.lines[0][0], *words)
            cuts = (heights[0], *separators)
            return Region(whole, level, sides, None, heights[-1], border, cuts, bars=(header, *bars))
    if first > 0 and _begins_with_numbers(inner[0].lines, print_em):
        above = _labels_above(strips[first - 1].lines, heights[0], sides, print_em, settings)
        if sum(len(line) for line in above) > 1:
            whole = (*(word for line in above for word in line), *words)
            return Region(whole, level, sides, None, heights[-1], heights[0], tuple(separators), bars=tuple(bars))
    under = separators[0] if separators else None
    return Region(
        tuple(words), level, sides, heights[0], heights[-1], under, tuple(separators[1:]), bars=tuple(bars)
    )  # fmt: skip


def _begins_with_numbers(lines: Sequence[PrintedLine], em: float) -> bool:
    """Whether the first line with words side by side is one of numbers after its first word."""
    several = [line for line in lines if len(line) > 1]
    return bool(several) and 2 * sum(word.is_number(em) for word in several[0][1:]) >= len(several[0]) - 1


def _separators(heights: Sequence[float], words: Sequence[Word]) -> list[float]:
    """Bars with print on both sides, one of each double bar."""
    kept: list[float] = []
    for y in heights:
        above = [word for word in words if word.box.centre[1] < y]
        below = [word for word in words if word.box.centre[1] >= y]
        since = [word for word in above if not kept or word.box.centre[1] >= kept[-1]]
        if since and below:
            kept.append(y)
    return kept


def _under_header(
    strips: Sequence[_Strip],
    number: int,
    level: Level,
    sides: tuple[float, float],
    em: float,
    settings: OpenTableSettings,
) -> Region | None:
    """A table whose only bar is the one beneath its header: labels close above, rows below."""
    bar = strips[number].upper
    if bar is None:
        return None
    border = _height(bar, level)
    near = [word for line in strips[number].lines[:6] for word in line]
    print_em = print_height(near) if near else em
    below = _going_on(strips[number].lines, border, sides, print_em, settings)
    if sum(len(line) > 1 for line in below) < settings.least_rows:
        return None
    above = _labels_above(strips[number - 1].lines, border, sides, print_em, settings)
    if not above:
        return None
    words = [word for line in (*above, *below) for word in line]
    return Region(tuple(words), level, sides, None, None, border, bars=(bar,))


def _labels_above(
    lines: Sequence[PrintedLine], border: float, sides: tuple[float, float], em: float, settings: OpenTableSettings
) -> list[PrintedLine]:
    """The lines of column labels close above a bar, from top to bottom; a title or a note above them left out."""
    above: list[PrintedLine] = []
    bottom = border
    for line in reversed(lines):
        foot, top = max(w.box.y1 for w in line), min(w.box.y0 for w in line)
        alone = is_alone(line) and len(above) > 0 and bottom - foot > 0.8 * em
        if bottom - foot > 1.3 * em or len(above) >= settings.header_lines or alone or is_running(line, em, settings):
            break
        above.append(line)
        bottom = min(bottom, top)
    while above and (
        (len(above[-1]) == 1 and bottom_gap(above) > 0.8 * em) or all(_is_title(w, sides, em) for w in above[-1])
    ):
        above.pop()
    return above[::-1] if any(len(line) > 1 for line in above) else []


def _is_title(word: Word, sides: tuple[float, float], em: float) -> bool:
    """Whether a word alone on its line stands in the middle of the table, as its title (labels over several columns are
    short), or at its right end, as the note of its unit."""
    off = abs(word.box.centre[0] - (sides[0] + sides[1]) / 2)
    centred = off < 0.08 * (sides[1] - sides[0]) and word.box.width > 5.5 * em
    return centred or (word.box.x1 > sides[1] - 1.2 * em and word.box.width > 3.5 * em)


def bottom_gap(above: Sequence[PrintedLine]) -> float:
    """The blank below the topmost of lines given from the bottom up."""
    if len(above) < 2:
        return 0.0
    return min(w.box.y0 for w in above[-2]) - max(w.box.y1 for w in above[-1])


def _going_on(
    lines: Sequence[PrintedLine], start: float, sides: tuple[float, float], em: float, settings: OpenTableSettings
) -> list[PrintedLine]:
    """The lines below a bar that may be rows, notes at their end dropped."""
    taken = _running_on(lines, start, sides, em, settings)
    while taken and len(taken[-1]) == 1:
        taken.pop()
    return taken


def _running_on(
    lines: Sequence[PrintedLine], start: float, sides: tuple[float, float], em: float, settings: OpenTableSettings
) -> list[PrintedLine]:
    """The lines below a bar up to a wide blank, a title or running text."""
    taken: list[PrintedLine] = []
    gaps: list[float] = []
    bottom = start
    for line in lines:
        top, foot = min(w.box.y0 for w in line), max(w.box.y1 for w in line)
        gap = top - bottom
        usual = median(gaps) if len(gaps) > 1 else settings.row_gap_em * em
        if gap > max(settings.row_gap_em * em, 2.0 * usual):
            break
        apart = gap > settings.title_gap * usual + 0.2 * em
        if len(line) == 1 and len(gaps) > 1 and apart and not _is_in_stub(line[0], taken, em):
            break
        if is_running(line, em, settings) or (len(line) == 1 and line[0].box.width > 0.55 * (sides[1] - sides[0])):
            break
        if taken and gap > 0:
            gaps.append(gap)
        taken.append(line)
        bottom = max(bottom, foot)
    return taken


def _is_in_stub(word: Word, above: Sequence[PrintedLine], em: float) -> bool:
    """Whether a word alone on its line begins where labels above it do that have others beside them: the first line of
    a label of several, and no title. above: printed lines, the word's own one or not."""
    return any(len(line) > 1 and abs(line[0].box.x0 - word.box.x0) <= em / 2 for line in above)


def is_alone(line: PrintedLine) -> bool:
    """Whether a printed line is one piece of print, whatever number of words it was seen as."""
    return parts(line, 0.8 * print_height(line)) == 1


def is_running(line: PrintedLine, em: float, settings: OpenTableSettings) -> bool:
    """Whether a printed line is one of running text: long, full of print, most of it in one piece."""
    width = line[-1].box.x1 - line[0].box.x0
    full = sum(word.box.width for word in line) > settings.prose_fill * width
    return (
        full and width > settings.prose_em * em and max(word.box.width for word in line) > 0.4 * settings.prose_em * em
    )


def _height(bar: Bar, level: Level) -> float:
    return level.flat((bar.start + bar.end) / 2, bar.middle)


def _with_rules(region: Region, every: Sequence[Bar], em: float) -> Region:
    """The region with the short rulings inside its header."""
    if region.under_header is None:
        return region
    top = region.top if region.top is not None else min(w.box.y0 for w in region.words)
    found, pieces = [], []
    for bar in every:
        if bar in region.bars:
            continue
        for piece in bar.pieces:
            y = region.level.flat((piece.start + piece.end) / 2, piece.middle)
            inside = region.sides[0] - em <= piece.start and piece.end <= region.sides[1] + em
            if (
                inside
                and top + 0.3 * em < y < region.under_header - 0.3 * em
                and not _in_print(piece.start, piece.end, y, region)
            ):
                found.append((piece.start, piece.end, y))
                pieces.append(Bar((piece,)))
    return replace(region, rules=tuple(found), bars=(*region.bars, *pieces))


def _in_print(x0: float, x1: float, y: float, region: Region) -> bool:
    """Whether a short ruling lies in the middle of words: a stroke of theirs."""
    return any(
        word.box.y0 + 1 < y < word.box.y1 - 1 and word.box.x0 - 2 < x1 and word.box.x1 + 2 > x0 for word in region.words
    )


def aligned_regions(words: Sequence[Word], em: float, settings: OpenTableSettings) -> list[Region]:
    """Runs of lines that hold several words each, no bar anywhere near."""
    runs: list[list[PrintedLine]] = []
    bottom = float("-inf")
    for line in printed_lines(words):
        own = print_height(line)
        gap = min(w.box.y0 for w in line) - bottom
        wide = is_running(line, own, settings)
        if wide or gap > settings.row_gap_em * max(own, 0.6 * em) or not runs:
            runs.append([])
        if not wide:
            runs[-1].append(line)
        bottom = max(w.box.y1 for w in line)
    regions = []
    for run in runs:
        while run and (_is_large(run[0], run) or (is_alone(run[0]) and not _is_group_label(run, settings))):
            run = run[1:]
        while run and is_alone(run[-1]):
            run = run[:-1]
        if sum(not is_alone(line) for line in run) >= settings.aligned_rows:
            inside = tuple(word for line in run for word in line)
            sides = (min(w.box.x0 for w in inside), max(w.box.x1 for w in inside))
            regions.append(Region(*_levelled(inside), sides))
    return regions


def columned_regions(
    upright: Sequence[Bar], short: Sequence[Bar], words: Sequence[Word], em: float, settings: OpenTableSettings
) -> list[Region]:
    """Stretches of lines between long upright rulings that no level ones join; short ones may go on with them."""
    groups: list[list[Bar]] = []
    for bar in sorted(upright, key=lambda b: b.start):
        for group in groups:
            if max(b.end for b in group) - bar.start > 0.5 * bar.length:
                group.append(bar)
                break
        else:
            groups.append([bar])
    regions = []
    for joined in _continued(groups, em):
        group = [*joined, *_short_ones(joined, short, em)]
        top, bottom = min(bar.start for bar in group), max(bar.end for bar in group)
        between = [word for word in words if top - 0.3 * em <= word.box.centre[1] <= bottom + 0.3 * em]
        inside = _untitled(between, settings)
        places = _places(group, em)
        if inside and len(places) >= 2:
            sides = (min(w.box.x0 for w in inside), max(w.box.x1 for w in inside))
            regions.append(Region(*_levelled(inside), sides, ruled=tuple(places), bars=tuple(group)))
    return regions


def _is_group_label(run: Sequence[PrintedLine], settings: OpenTableSettings) -> bool:
    """Whether a run of lines begins with a label over several columns, alone on its line close above others."""
    several = [line for line in run[: settings.header_lines] if not is_alone(line)]
    if sum(len(line) for line in several[:2]) < 4:
        return False
    em = print_height([word for line in several for word in line])
    sides = (min(line[0].box.x0 for line in several), max(line[-1].box.x1 for line in several))
    whole = replace(run[0][0], box=Box.around(word.box for word in run[0]))
    gap = min(word.box.y0 for word in several[0]) - whole.box.y1
    return gap <= 0.8 * em and sides[0] < whole.box.x0 and not _is_title(whole, sides, em)


def _levelled(words: Sequence[Word]) -> tuple[tuple[Word, ...], Level]:
    """Words at the heights they would have on a level page, by their own lines."""
    level = Level.through([[word.box for word in line] for line in printed_lines(words)])
    return tuple(replace(word, box=level.flat_box(word.box)) for word in words), level


def _untitled(words: Sequence[Word], settings: OpenTableSettings) -> tuple[Word, ...]:
    """Words without a title and the note of a unit in their first lines, which strokes of theirs may let in."""
    lines = printed_lines(words)
    if not lines:
        return ()
    em = print_height(words)
    # Only lines with several words show how wide the table is.
    wide = [word for line in lines if len(line) > 2 for word in line] or words
    sides = (min(word.box.x0 for word in wide), max(word.box.x1 for word in wide))
    while lines and (
        all(_is_title(word, sides, em) for word in lines[0])
        or (is_alone(lines[0]) and not _is_group_label(lines, settings))
    ):
        lines = lines[1:]
    return tuple(word for line in lines for word in line)


def _short_ones(group: Sequence[Bar], short: Sequence[Bar], em: float) -> list[Bar]:
    """The rulings of a single row at the same places, beyond a title above or below."""
    top, bottom = min(bar.start for bar in group), max(bar.end for bar in group)
    places = _places(group, em)
    found = [
        bar
        for bar in short
        if any(abs(bar.middle - x) < 0.5 * em for x in places)
        and (0 <= bar.start - bottom < _TITLE_ROW_EM * em or 0 <= top - bar.end < _TITLE_ROW_EM * em)
    ]
    return found if 2 * len(_places(found, em)) > len(places) else []


def _continued(groups: Sequence[list[Bar]], em: float) -> list[list[Bar]]:
    """Groups that go on at the same places below a title inside the table made one."""
    joined: list[list[Bar]] = []
    for group in groups:
        if joined and min(b.start for b in group) - max(b.end for b in joined[-1]) < _TITLE_ROW_EM * em:
            before, after = _places(joined[-1], em), _places(group, em)
            common = sum(any(abs(x - other) < 0.5 * em for other in before) for x in after)
            if common >= 0.8 * max(len(before), len(after)):
                joined[-1] = [*joined[-1], *group]
                continue
        joined.append(list(group))
    return joined


_TITLE_ROW_EM = 4.0
"""A row without upright rulings is lower than this."""


def _places(bars: Sequence[Bar], em: float) -> list[float]:
    """The positions of upright bars, those in one line once."""
    places: list[float] = []
    for bar in sorted(bars, key=lambda b: b.middle):
        if not places or bar.middle - places[-1] > 0.5 * em:
            places.append(bar.middle)
    return places
