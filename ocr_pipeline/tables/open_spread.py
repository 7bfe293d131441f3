"""Words of an open table whose characters are set wide: 姓　名 over one column, not 姓 and 名 over two."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from ocr_pipeline.geometry import Box
from ocr_pipeline.settings import OpenTableSettings
from ocr_pipeline.tables.open_columns import PrintedLine
from ocr_pipeline.tables.open_words import Word

_Run = Sequence[Word]
"""Characters side by side, from left to right."""


def with_spread_labels(
    head: Sequence[Word],
    lines: Sequence[PrintedLine],
    body: Sequence[PrintedLine],
    em: float,
    settings: OpenTableSettings,
) -> list[Word]:
    """The header's words with the characters of each spread label as one word. lines: the header's printed lines, body:
    those below, whose words tell whether each character stands over a column of its own (男 and 女)."""
    below = [word for line in body for word in line]

    def is_label(run: _Run, line: PrintedLine) -> bool:
        if _is_filled(run, below, em, settings):
            return True
        return _stands_apart(run, line, em, settings) and not _own_columns(run, body, em, settings)

    return _joined(head, lines, is_label, em, settings)


def with_spread_words(
    head: Sequence[Word], body: Sequence[Word], lines: Sequence[PrintedLine], em: float, settings: OpenTableSettings
) -> list[Word]:
    """The body's words with the characters of each spread one as one word, where a label or another row's word fills
    the same place, or stands across the blanks between them. head: the header's words, lines: the body's lines."""

    def is_word(run: _Run, line: PrintedLine) -> bool:
        others = [*head, *(word for other in lines if other is not line for word in other)]
        if _is_filled(run, others, em, settings):
            return True
        return _stands_apart(run, line, em, settings) and all(
            _is_bridged(a, b, others, em, settings) for a, b in pairwise(run)
        )

    return _joined(body, lines, is_word, em, settings)


def _joined(
    words: Sequence[Word],
    lines: Sequence[PrintedLine],
    is_one: Callable[[_Run, PrintedLine], bool],
    em: float,
    settings: OpenTableSettings,
) -> list[Word]:
    """The words with those runs of each line as one word that are one."""
    whole: dict[int, Word] = {}
    gone: set[int] = set()
    for line in lines:
        for run in _runs(line, em, settings):
            if gone.isdisjoint(map(id, run)) and id(run[0]) not in whole and is_one(run, line):
                whole[id(run[0])] = _as_one(run)
                gone |= {id(word) for word in run[1:]}
    return [whole.get(id(word), word) for word in words if id(word) not in gone]


def _runs(line: PrintedLine, em: float, settings: OpenTableSettings) -> Iterator[_Run]:
    """All runs of two and more characters of a line without wide blanks, the longest first."""
    for length in range(min(len(line), settings.most_characters), 1, -1):
        for first in range(len(line) - length + 1):
            run = line[first : first + length]
            near = all(_blank(a, b) <= settings.spread_em * em for a, b in pairwise(run))
            if near and all(_is_character(word, em, settings) for word in run):
                yield run


def _is_filled(run: _Run, others: Sequence[Word], em: float, settings: OpenTableSettings) -> bool:
    """Whether another word begins and ends where a run does."""
    near = settings.filled_em * em
    return any(
        abs(word.box.x0 - run[0].box.x0) <= near and abs(word.box.x1 - run[-1].box.x1) <= near for word in others
    )


def _stands_apart(run: _Run, line: PrintedLine, em: float, settings: OpenTableSettings) -> bool:
    """Whether the blanks inside a run are alike, and narrower than those to the words beside it."""
    inner = [_blank(a, b) for a, b in pairwise(run)]
    first, last = line.index(run[0]), line.index(run[-1])
    before = _blank(line[first - 1], run[0]) if first else float("inf")
    behind = _blank(run[-1], line[last + 1]) if last + 1 < len(line) else float("inf")
    return max(inner) - min(inner) <= settings.spread_alike_em * em and max(inner) < min(before, behind)


def _is_bridged(left: Word, right: Word, others: Sequence[Word], em: float, settings: OpenTableSettings) -> bool:
    """Whether some word, no title over many columns, stands across the blank between two."""
    middle = (left.box.x1 + right.box.x0) / 2
    return any(
        word.box.x0 < middle - settings.torn_em * em
        and word.box.x1 > middle + settings.torn_em * em
        and word.box.width <= settings.bridge_em * em
        for word in others
    )


def _own_columns(run: _Run, body: Sequence[PrintedLine], em: float, settings: OpenTableSettings) -> bool:
    """Whether the characters of a run stand over columns of their own: below, words stand side by side there, neither
    characters spread in the same way nor pieces of what runs on beyond."""
    x0, x1 = run[0].box.x0, run[-1].box.x1
    apart = sum(_is_parted([w for w in line if w.box.x1 > x0 and w.box.x0 < x1], run, em, settings) for line in body)
    return apart > settings.spread_apart * len(body)


def _is_parted(words: Sequence[Word], run: _Run, em: float, settings: OpenTableSettings) -> bool:
    """Whether a line has a word under each character of a run, and more than single characters."""
    if len(words) < len(run) or all(_is_character(word, em, settings) for word in words):
        return False
    edges = [(a.box.x1 + b.box.x0) / 2 for a, b in pairwise(run)]
    bounds = [float("-inf"), *edges, float("inf")]
    return all(any(low <= word.box.centre[0] < high for word in words) for low, high in pairwise(bounds))


def _is_character(word: Word, em: float, settings: OpenTableSettings) -> bool:
    """Whether a word is one Chinese character: as large as the print, and as wide as high or as high as no figure."""
    width, height = word.box.width, word.box.height
    square = settings.square <= width / max(height, 1.0) <= 1 / settings.square
    return (square or not word.is_number(em)) and settings.least_character_em * em <= max(
        width, height
    ) <= settings.character_em * em


def _blank(left: Word, right: Word) -> float:
    return right.box.x0 - left.box.x1


def _as_one(run: _Run) -> Word:
    box = Box.around([word.box for word in run])
    blanks = tuple((a.box.x1, b.box.x0) for a, b in pairwise(run))
    return replace(run[0], box=box, widest=max(word.widest for word in run), blanks=blanks)
