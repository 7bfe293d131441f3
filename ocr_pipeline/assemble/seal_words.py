"""What stamps say everywhere, to decide between the recogniser's own readings of one piece of lettering.

A stamp over print loses strokes, and one character of a common word comes out as another that looks alike. Names are
never guessed: a reading is only replaced by one that the recogniser had in mind itself, and that is such a word, or
ends as stamps end. Of the kind of an office and of a use, which come from a short list, one character in four may be
one that the recogniser made nothing of.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ocr_pipeline.assemble.agreement import NO_OTHER, replaced, scores_carried
from ocr_pipeline.assemble.office_words import FOR_USE, HALLS, OFFICES, USES
from ocr_pipeline.assemble.seal_dates import DATE, as_date
from ocr_pipeline.document import Alternative
from ocr_pipeline.stages import RawReading

_WORDS = (
    "急件|特急|加急|平急|特提|附件|附页|副本|正本|原件|复印件|作废|归档|已归档|存档|已存档|复印无效|复印有效|"
    "收文|发文|收讫|付讫|现金收讫|验讫|核对无误|与原件一致|绝密|机密|秘密|内部资料|受控|样本"
)
_YEAR = re.compile(r"(19|20)\d\d年")
_OFFICE = "(政府|公司|中心|[小中大]学|[局厅院所室会部处站队馆社署校厂店])"
_SEAL = "(之?印章?|公?章)?"
_WHOLE = re.compile(f"({_WORDS})|{DATE}")
_USUAL = re.compile(f"({_WORDS})|{DATE}|.{{2,}}专用章|.{{2,}}{_OFFICE}{_SEAL}")
"""Whole words, and how names and uses end."""
_ENDS = re.compile(f"{_SEAL}$")
_OF_A_PROVINCE = re.compile("省|自治区")
_WRONG_IN = 3
"""One in so many characters of a word may be wrong, rounded;"""
_UNREAD = 0.6
"""one with a score below this may be another one that the recogniser did not think of,"""
_UNREAD_IN = 4
"""but only one in so many of a word's,"""
_UNREAD_SCORE = 0.3
"""and what is then its score."""
_CUT_SHORT = (FOR_USE[:2], FOR_USE[0] + FOR_USE[2])
"""What is left of 专用章 without a character, and is no other word: 用章 is one."""


def is_usual(text: str) -> bool:
    """Whether a text is a word of stamps, or ends as they end."""
    return _USUAL.fullmatch(text.strip()) is not None


def is_word(text: str) -> bool:
    """Whether a text is one of the whole words of stamps: 急件, 收文, a date, a use."""
    return _WHOLE.fullmatch(text.strip()) is not None or text.strip() in USES


def usual_reading(reading: RawReading, others: Iterable[RawReading]) -> RawReading:
    """The reading, or what is likelier where it is no usual lettering of a stamp: with the kind of office or the use
    that it comes nearest to, else the likeliest candidate of it or of the other readings of the piece that is a usual
    one and differs in one character. Replaced characters have their candidates' scores."""
    text = reading.text.strip()
    if not text or _ends_as_listed(text):
        return reading
    readings = (reading, *others)
    candidates = [
        Alternative(candidate.text.strip(), candidate.score)
        for one in readings
        for candidate in (Alternative(one.text, one.score), *one.alternatives)
    ]
    date = _likeliest_date(text, candidates)
    if date is not None:
        return replaced(reading, date, scores_carried(text, _scores(reading, text), date, _UNREAD_SCORE))
    own = _Read(text, _scores(reading, text))
    every = [_Read(said, _scores(one, said)) for one in readings if (said := one.text.strip())]
    listed = (
        _as_listed(own, candidates)
        or _as_use(every, candidates)
        or _with_one_more(own, candidates)
        or _as_use_by_its_beginning(every)
    )
    if listed is not None:
        return replaced(reading, listed.text, listed.scores)
    usual = [one for one in candidates if _differs_once(one.text, text) and is_usual(one.text)]
    if is_usual(text) or not usual:
        return reading
    best = max(usual, key=lambda candidate: candidate.score)
    each = zip(text.ljust(len(best.text), "\0"), best.text, (*_scores(reading, text), best.score), strict=False)
    scores = tuple(score if here == there else best.score for here, there, score in each)
    return replace(replaced(reading, best.text, scores), score=best.score)


@dataclass(frozen=True)
class _Read:
    """A text, the score of each of its characters, and how many of them the recogniser made nothing of."""

    text: str
    scores: tuple[float, ...]
    unread: int = 0

    @property
    def rank(self) -> tuple[int, float]:
        return -self.unread, sum(self.scores)


def _ends_as_listed(text: str) -> bool:
    """Whether a text ends with a kind of office, or is a use, perhaps after such a name."""
    bare = _ENDS.sub("", text)
    if any(one.endswith(word) for one in (text, bare) for word in _offices(text)):
        return True
    return any(text.endswith(use) and (text == use or is_usual(text.removesuffix(use))) for use in USES)


def _likeliest_date(text: str, candidates: Iterable[Alternative]) -> str | None:
    """The date that a text, or else all those candidates of it that can be one, are; None where it is one itself."""
    date = as_date(text)
    if date is None and _YEAR.match(text):
        dates = {found for one in candidates if (found := as_date(one.text)) is not None}
        date = next(iter(dates)) if len(dates) == 1 else None
    return date if date != text else None


def _offices(text: str) -> frozenset[str]:
    return OFFICES | HALLS if _OF_A_PROVINCE.search(text) else OFFICES


def _as_listed(read: _Read, candidates: Sequence[Alternative]) -> _Read | None:
    """The text with the listed ending that is nearest to its own; None where none is near, or two are."""
    size, bare = len(read.text), len(_ENDS.sub("", read.text))
    places = [(word, at - len(word)) for word in _offices(read.text) for at in {bare, size}]
    places += [(use, 0) for use in USES if len(use) == size]
    return _best(
        one for word, start in places if start >= 0 and (one := _with_word(read, start, word, candidates)) is not None
    )


def _as_use(readings: Sequence[_Read], candidates: Sequence[Alternative]) -> _Read | None:
    """The use that is nearest to one of the readings, or to what they agree on (the first) with the character more in
    front of it that a candidate has."""
    agreed = readings[0]
    longer = [
        _Read(one.text, (one.score, *agreed.scores)) for one in candidates if one.text and one.text[1:] == agreed.text
    ]
    return _best(
        one
        for read in (*readings, *longer)
        for use in USES
        if len(use) == len(read.text)
        if (one := _with_word(read, 0, use, candidates)) is not None
    )


def _as_use_by_its_beginning(texts: Sequence[_Read]) -> _Read | None:
    """The use that one of the readings begins as, where what follows is what was read of 专用章: with its 用 or its 章
    in place and the others in doubt, or with one of these lost."""
    longest_first = sorted(USES, key=lambda use: (-len(use), use))
    return next((one for read in texts for use in longest_first if (one := _begun(read, use)) is not None), None)


def _begun(read: _Read, use: str) -> _Read | None:
    own = len(use) - len(FOR_USE)
    rest, scores = read.text[own:], read.scores[own:]
    if not read.text.startswith(use[:own]):
        return None
    if rest in _CUT_SHORT:
        return _Read(
            use, read.scores[:own] + tuple(scores[rest.index(c)] if c in rest else _UNREAD_SCORE for c in FOR_USE)
        )
    right = [here == there for here, there in zip(rest, FOR_USE, strict=False)]
    # 用 is all that stands between 专 and 章.
    between = right == [True, False, True]
    doubted = between or all(fits or score < NO_OTHER for fits, score in zip(right, scores, strict=False))
    if len(rest) != len(FOR_USE) or not any(right[1:]) or not doubted:
        return None
    return _Read(
        use,
        read.scores[:own] + tuple(s if fits else min(s, _UNREAD_SCORE) for fits, s in zip(right, scores, strict=True)),
    )


def _with_one_more(read: _Read, candidates: Sequence[Alternative]) -> _Read | None:
    """The text with a character more that a candidate has in it and that makes a listed ending of its own."""
    found = []
    for one in candidates:
        if len(one.text) != len(read.text) + 1 or not _ends_as_listed(one.text):
            continue
        at = next((i for i, (a, b) in enumerate(zip(one.text, read.text, strict=False)) if a != b), len(read.text))
        if one.text[at + 1 :] == read.text[at:]:
            score = min(one.score, _UNREAD_SCORE)
            found.append(_Read(one.text, (*read.scores[:at], score, *read.scores[at:])))
    return _best(found)


def _best(found: Iterable[_Read]) -> _Read | None:
    """The best one, None where two are as good."""
    best: dict[str, _Read] = {}
    for one in found:
        if one.text not in best or one.rank > best[one.text].rank:
            best[one.text] = one
    ranked = sorted(best.values(), key=lambda one: one.rank, reverse=True)
    return None if not ranked or (len(ranked) > 1 and ranked[0].rank == ranked[1].rank) else ranked[0]


def _with_word(read: _Read, start: int, word: str, candidates: Sequence[Alternative]) -> _Read | None:
    """The text with a word from `start` on, as far as candidates of its length allow it; None where they do not."""
    own = len(word.removesuffix(FOR_USE))
    changed, unread = list(read.scores), 0
    wrong = [i for i, char in enumerate(word, start) if read.text[i] != char]
    in_own = sum(i < start + own for i in wrong)
    # All uses end alike, so that what is wrong there says little against any of them.
    if in_own > (own + 1) // _WRONG_IN or len(wrong) - in_own > 1:
        return None
    for i in wrong:
        char = word[i - start]
        said = [one.score for one in candidates if len(one.text) == len(read.text) and one.text[i] == char]
        if said:
            changed[i] = max(said)
        elif read.scores[i] < _UNREAD:
            changed[i] = min(read.scores[i], _UNREAD_SCORE)
            unread += i < start + own
        else:
            return None
    if unread > own // _UNREAD_IN:
        return None
    return _Read(read.text[:start] + word + read.text[start + len(word) :], tuple(changed), unread)


def _differs_once(one: str, other: str) -> bool:
    """Whether one text has a single other character than the other, or one more at its end."""
    if len(one) == len(other) + 1:
        return one.startswith(other)
    return len(one) == len(other) and sum(a != b for a, b in zip(one, other, strict=True)) == 1


def _scores(reading: RawReading, text: str) -> tuple[float, ...]:
    """The score of each character of a reading's text without blanks around it."""
    if len(reading.char_scores) != len(reading.text):
        return (reading.score,) * len(text)
    start = reading.text.index(text)
    return reading.char_scores[start : start + len(text)]
