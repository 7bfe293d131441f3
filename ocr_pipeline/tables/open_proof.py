"""Whether what stands in columns is a table: the fewer rulings speak for it, the more its print has to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from ocr_pipeline.settings import OpenTableSettings
from ocr_pipeline.tables.open_build import Draft
from ocr_pipeline.tables.open_rows import by_column
from ocr_pipeline.tables.open_words import Word


@dataclass(frozen=True)
class Evidence:
    """What a draft's rows show.

    columns; rows, and several: those with words in two columns or more; filled: the share of filled cells in these;
    numbers: columns of numbers; together: no other columns but the last stand among or behind them; prose: columns of
    running text; labelled: columns that have a label; bars; upright: rulings between columns."""

    columns: int
    rows: int
    several: int
    filled: float
    numbers: int
    together: bool
    prose: int
    labelled: int
    bars: int
    upright: int


def is_table(draft: Draft, settings: OpenTableSettings) -> bool:
    """Whether the draft is a table."""
    return proves(evidence_of(draft, settings), settings)


def proves(seen: Evidence, settings: OpenTableSettings) -> bool:
    """Whether the evidence is enough for the rulings there are."""
    if seen.several < settings.least_rows or 2 * seen.several < seen.rows or 2 * seen.prose >= seen.columns:
        return False
    if seen.bars >= 2:
        if seen.columns == 2:
            return seen.several >= 3 and seen.numbers >= 1 and seen.filled >= 0.8
        words_only = seen.several >= 3 and seen.bars >= 3 and not seen.prose
        return seen.filled >= 0.3 and (seen.numbers >= 1 or words_only)
    if seen.bars == 1:
        labelled = seen.labelled >= 0.6 * seen.columns
        return seen.columns >= 3 and seen.several >= 3 and seen.numbers >= 1 and labelled and seen.filled >= 0.4
    if seen.upright >= 2:
        return seen.several >= 3 and seen.numbers >= 1 and seen.filled >= 0.4
    # The labels and values of a form alternate; a table's numbers stand together.
    enough = seen.several >= settings.aligned_rows and seen.columns >= 3 and seen.together and not seen.prose
    return enough and seen.numbers >= max(2, (seen.columns - 1) / 2) and seen.filled >= 0.6


def evidence_of(draft: Draft, settings: OpenTableSettings) -> Evidence:
    """Counted on the body's rows."""
    columns, em = draft.columns, draft.em
    rows = [by_column(row.words, columns, em) for row in draft.rows]
    several = [row for row in rows if len(row) > 1]
    prose = 0
    numeric_columns: list[int] = []
    mixed: list[int] = []
    for column in range(len(columns)):
        words = [word for row in rows for word in row.get(column, [])]
        numeric = sum(word.is_number(em) for word in words)
        if words and (numeric >= settings.number_share * len(words) or _are_figures(words, em)):
            numeric_columns.append(column)
        elif 2 * numeric >= len(words) > 0:
            mixed.append(column)
        prose += _is_prose(column, draft, settings)
    labels = {c for word in draft.head for c in range(*_stop(columns.range_of(word.box.x0, word.box.x1, em)))}
    region = draft.region
    level = [bar for bar in region.bars if not bar.upright and bar.length >= settings.bar_length_em * em]
    spans = {(rule[0], rule[1]) for rule in region.rules}
    bars = [bar for bar in level if (bar.start, bar.end) not in spans]
    return Evidence(
        columns=len(columns),
        rows=len(rows),
        several=len(several),
        filled=sum(len(row) for row in several) / max(1, len(several) * len(columns)),
        numbers=len(numeric_columns),
        together=_together(numeric_columns, mixed, len(columns)),
        prose=prose,
        labelled=len(labels),
        bars=len(bars),
        upright=len(region.ruled),
    )


def _are_figures(words: list[Word], em: float) -> bool:
    """Whether a column's words end in one line and begin in none, all of one height but for commas, lower than Chinese
    characters: in the print of a page without these figures are so, where letters with and without ascenders are
    not."""
    tall = [word for word in words if word.box.height >= 0.45 * em]
    if len(tall) < _ENOUGH_FIGURES:
        return False
    heights = [word.box.height - word.tail for word in tall]
    high = _share_near(heights, _ONE_HEIGHT * median(heights)) >= _MOST
    ends, starts = (
        _share_near(places, 0.25 * em) for places in zip(*((w.box.x1, w.box.x0) for w in tall), strict=True)
    )
    return high and median(heights) <= _FIGURES_HIGH * em and ends >= _MOST > starts


def _share_near(values: Sequence[float], within: float) -> float:
    """The share of values that lie near their middle one."""
    usual = median(values)
    return sum(abs(value - usual) <= within for value in values) / len(values)


_ENOUGH_FIGURES, _ONE_HEIGHT, _FIGURES_HIGH = 4, 0.1, 0.9
"""So many words tell; their heights differ by no more than this share, and are no more than this of an em,"""
_MOST = 0.8
"""in so many of them."""


def _together(numbers: list[int], mixed: list[int], count: int) -> bool:
    """Whether from the first column of numbers on all are such, half of them at least (<0.05), but for the last
    (remarks)."""
    return bool(numbers) and all(c in numbers or c in mixed for c in range(numbers[0], count - 1))


def _stop(span: tuple[int, int]) -> tuple[int, int]:
    return span[0], span[1] + 1


def _is_prose(column: int, draft: Draft, settings: OpenTableSettings) -> bool:
    """Whether a column's lines run from side to side, one close below the other."""
    x0, x1 = draft.columns.extents[column]
    if x1 - x0 < settings.prose_width_em * draft.em:
        return False
    found = [
        word
        for line in draft.lines
        for word in line
        if draft.columns.range_of(word.box.x0, word.box.x1, draft.em) == (column, column)
    ]
    if len(found) < 3 or median(word.box.width for word in found) < settings.prose_fill * (x1 - x0):
        return False
    return all(not word.is_number(draft.em) for word in found) or len(found) > 3
