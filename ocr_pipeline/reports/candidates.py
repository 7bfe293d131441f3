"""Sums that a table of no known form may have, by its labels and by place: which item may be the sum of which others.

Items are the columns of a table, or its rows. What cannot be added (shares, rates, prices) is no part of any.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from ocr_pipeline.reports.labels import bare

_TOTAL = re.compile(r"合计|总计|小计|共计|总数|总额|总量|^计$|^全[省市县区州国镇乡]$")
_OF_WHICH = re.compile(r"^其中")
_NOT_ADDED = re.compile(
    r"[%％‰]|[率比]$|比重|占比|增长|增速|增幅|增减|同比|环比|人均|户均|平均|单价|指数|行次|序号|栏次|排名|位次|年份|税率"
)
_LEVELS = (
    re.compile(r"^[一二三四五六七八九十]{1,3}[、.．]"),
    re.compile(r"^[(（][一二三四五六七八九十]{1,3}[)）]"),
    re.compile(r"^\d{1,2}[、.．](?!\d)"),
    re.compile(r"^[(（]\d{1,2}[)）]"),
)
_LONGEST_RUN = 6


class Why(Enum):
    """What speaks for a sum: the total's label, 其中 before its parts, numbering, or its place; and for a bound."""

    LABEL = auto()
    OF_WHICH = auto()
    OUTLINE = auto()
    PLACE = auto()
    BOUND = auto()

    @property
    def pooled(self) -> bool:
        """Whether all candidates of the kind stand or fall together: each for itself has too few lines."""
        return self in (Why.OUTLINE, Why.BOUND)


@dataclass(frozen=True)
class Item:
    """A column, or a row: its labels."""

    path: tuple[str, ...]

    @property
    def label(self) -> str:
        return self.path[-1] if self.path else ""

    @property
    def is_total(self) -> bool:
        return _TOTAL.search(bare(self.label)) is not None

    @property
    def is_of_which(self) -> bool:
        return any(_OF_WHICH.search(bare(label)) for label in self.path)

    @property
    def adds(self) -> bool:
        """Whether its numbers can be added to others at all."""
        return not any(_NOT_ADDED.search(label) for label in self.path[-1:])

    @property
    def level(self) -> int:
        """How deep in an outline its numbering puts it: 一、 is 0, （一） 1, and what has no numbering the deepest."""
        text = "".join(self.label.split())
        return next((depth for depth, pattern in enumerate(_LEVELS) if pattern.match(text)), len(_LEVELS))


@dataclass(frozen=True)
class Candidate:
    """items[total] may be the sum of items[parts]; for a bound, at least that."""

    total: int
    parts: tuple[int, ...]
    why: Why

    @property
    def labelled(self) -> bool:
        return self.why is not Why.PLACE


def candidates(items: Sequence[Item]) -> Iterator[Candidate]:
    """What may be the sum of what."""
    adding = [i for i, item in enumerate(items) if item.adds]
    plain = [i for i in adding if not items[i].is_total and not items[i].is_of_which]
    totals = [i for i in adding if items[i].is_total]
    for total in totals:
        for parts in _parts_of(total, items, plain, totals):
            if len(parts) >= 2:
                yield Candidate(total, tuple(parts), Why.LABEL)
    yield from _outline(items, adding)
    yield from _of_which(items, adding)
    yield from _by_place(adding)


def _parts_of(total: int, items: Sequence[Item], plain: list[int], totals: list[int]) -> Iterator[list[int]]:
    """Which items a total may be the sum of: those beside it under one label, the run before or after it, those of
    the highest level, all; the totals; what stands between it and the total before, and that total."""
    above = items[total].path[:-1]
    yield [i for i in plain if items[i].path[:-1] == above]
    yield [i for i in plain if items[i].path[: len(above)] == above]
    before = max((i for i in totals if i < total), default=-1)
    after = min((i for i in totals if i > total), default=len(items))
    yield [i for i in plain if before < i < total]
    yield [i for i in plain if total < i < after]
    yield plain
    yield [i for i in totals if i != total]
    highest = min((items[i].level for i in plain), default=0)
    yield [i for i in plain if items[i].level == highest]
    if before >= 0:
        yield [before, *(i for i in plain if before < i < total)]


def _outline(items: Sequence[Item], adding: Sequence[int]) -> Iterator[Candidate]:
    """A numbered item and the items of the next level below it."""
    for place, i in enumerate(adding):
        below: list[int] = []
        for j in adding[place + 1 :]:
            if items[j].level <= items[i].level or items[j].is_total or items[j].is_of_which:
                break
            below.append(j)
        nearest = min((items[j].level for j in below), default=0)
        parts = tuple(j for j in below if items[j].level == nearest)
        if len(parts) >= 2 and not items[i].is_total:
            yield Candidate(i, parts, Why.OUTLINE)


def _of_which(items: Sequence[Item], adding: Sequence[int]) -> Iterator[Candidate]:
    """`其中` parts that follow what they are parts of: together all of it, or each at most that."""
    start = None
    for i, item in enumerate([*items, Item(())]):
        if item.is_of_which and start is None:
            start = i
        elif not item.is_of_which and start is not None:
            whole = start - 1
            parts = tuple(j for j in range(start, i) if j in adding)
            if whole in adding and len(parts) >= 2:
                yield Candidate(whole, parts, Why.OF_WHICH)
            if not _OF_WHICH.search(bare(items[start].label)):  # 其中 over several columns: of what, says their total
                whole = max((j for j in adding if j < start and items[j].is_total), default=-1)
            if whole in adding:
                yield from (Candidate(whole, (part,), Why.BOUND) for part in parts)
            start = None


def _by_place(adding: Sequence[int]) -> Iterator[Candidate]:
    """The first or last item as the sum of all others, or of a run of those beside it; any as that of a run."""
    if len(adding) < 3:
        return
    yield Candidate(adding[-1], tuple(adding[:-1]), Why.PLACE)
    yield Candidate(adding[0], tuple(adding[1:]), Why.PLACE)
    for place, i in enumerate(adding):
        for length in range(2, _LONGEST_RUN + 1):
            if place + length < len(adding):
                yield Candidate(i, tuple(adding[place + 1 : place + 1 + length]), Why.PLACE)
            if place >= length:
                yield Candidate(i, tuple(adding[place - length : place]), Why.PLACE)
