"""Places that stamps name, to decide between the recogniser's own readings of one.

The first character of a county's name is rare, stands at the end of the arc where the rim comes near, and is read as
one that looks alike: 崇岚县 for 岢岚县. China's places are known; a name that is none gives way to one that is, if the
recogniser had it in mind and nothing but that character differs, or if there is no other place that it can be.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from math import prod
from pathlib import Path

from ocr_pipeline.assemble.agreement import NO_OTHER, likeness, replaced, scores_carried
from ocr_pipeline.assemble.office_words import kind_of_office
from ocr_pipeline.document import Alternative
from ocr_pipeline.stages import RawReading

_HEAD = re.compile(r".{1,14}?[县市区旗州]")
"""A text up to the end of the name of a place."""
_CLEARER = 2.0
"""Of two places that were in mind, one has to be so many times as likely."""
_ALIKE = 0.7
"""Twice the shared characters over all from which on a whole name is one of what was read: a third of it may be lost or
another."""
_INFERRED_SCORE = 0.3
"""Score of a character that the rest of a name leaves no choice for."""


@lru_cache(maxsize=1)
def places() -> frozenset[str]:
    """The names of China's provinces, prefectures, cities, counties and districts, in use or lately so."""
    lines = json.loads(Path(__file__).with_name("places.json").read_text(encoding="utf-8"))["names"]
    return frozenset(name for line in lines for name in line.split())


def with_known_place(reading: RawReading, others: Iterable[RawReading]) -> RawReading:
    """The reading, or where it begins with the name of no place that there is, with the one that it, or another
    reading of the piece, has among its candidates and that differs in one character, or has one more in front; else
    with the only place that an office's name can begin with, where one character of it is in doubt.

    That character's score is its candidate's.
    """
    others = tuple(others)
    text = reading.text
    if len(reading.char_scores) != len(text) or place_at_start(text) is not None:
        return reading
    head = _HEAD.match(text)
    doubts = _doubts(reading, others) if head is not None else reading.char_scores
    found: dict[str, float] = {}
    for one in (reading, *others):
        for candidate in _candidates(one):
            place = place_at_start(candidate.text)
            if place is None:
                continue
            # Where no character ends the name, it is the one that was read as another: 平远具.
            stop = head.end() if head is not None else len(place)
            if _is_near(place, text[:stop], doubts[:stop]):
                found[place] = max(found.get(place, 0.0), candidate.score)
    ranked = sorted(found.items(), key=lambda item: -item[1])
    if not ranked:
        # Where no character ends the name, it ends where the kind of the office begins.
        stop = head.end() if head is not None else len(text) - len(kind_of_office(text) or text)
        return _with_only_place(reading, others, stop)
    if len(ranked) > 1 and ranked[0][1] < _CLEARER * ranked[1][1]:
        return reading
    place, score = ranked[0]
    stop = head.end() if head is not None else len(place)
    own = reading.char_scores[:stop] if len(place) == stop else (0.0, *reading.char_scores[:stop])
    read = text[:stop].rjust(len(place), "\0")
    scores = tuple(had if here == there else score for had, here, there in zip(own, read, place, strict=True))
    scores += reading.char_scores[stop:]
    return replaced(reading, place + text[stop:], scores)


def _with_only_place(reading: RawReading, others: Iterable[RawReading], stop: int) -> RawReading:
    """The reading of an office's name with the only place that its first characters up to `stop` are but for one
    character: one that is not sure, that another reading of the piece has another one for, or that only others have."""
    text, scores = reading.text, reading.char_scores
    # Districts are not all known: 高新区 is one that an office has made.
    if kind_of_office(text) is None or stop == 0 or text[stop - 1] == "区":
        return reading
    rest = text[stop:]
    heads = {one.text.strip().removesuffix(rest) for one in others if one.text.strip().endswith(rest)}
    gaps = {(text[:i], text[i + 1 : stop]) for i in range(stop) if scores[i] < NO_OTHER}
    gaps |= {
        (text[:i], text[i + 1 : stop]) for one in heads if len(one) == stop for i in range(stop) if one[i] != text[i]
    }
    longer = [one for one in heads if len(one) == stop + 1]
    gaps |= {
        (one[:i], one[i + 1 :]) for one in longer for i in range(stop + 1) if one[:i] + one[i + 1 :] == text[:stop]
    }
    found = {
        (place, len(before), len(after))
        for place in places()
        for before, after in gaps
        if len(place) == len(before) + 1 + len(after) and place.startswith(before) and place.endswith(after)
    }
    if len(found) != 1:
        return reading
    place, before, after = next(iter(found))
    return replaced(reading, place + rest, (*scores[:before], _INFERRED_SCORE, *scores[stop - after :]))


def with_whole_name(reading: RawReading, others: Iterable[RawReading]) -> RawReading:
    """The reading, or where it begins with no place, the only whole name of a place's office that is alike, no shorter
    and among the candidates of the piece: what several cuts lost of a name, they are none the surer for."""
    text = reading.text
    if len(reading.char_scores) != len(text) or place_at_start(text) is not None:
        return reading
    found: dict[str, float] = {}
    for one in others:
        for candidate in (Alternative(one.text, one.score), *one.alternatives):
            name = candidate.text.strip()
            if len(name) >= len(text) and _is_whole_name(name) and likeness(name, text) >= _ALIKE:
                found[name] = max(found.get(name, 0.0), candidate.score)
    if len(found) != 1:
        return reading
    name, score = next(iter(found.items()))
    return replaced(reading, name, scores_carried(text, reading.char_scores, name, min(score, _INFERRED_SCORE)))


def _is_whole_name(text: str) -> bool:
    """Whether a text is a place's name and the kind of an office, and nothing else."""
    place = place_at_start(text)
    return place is not None and kind_of_office(text) == text[len(place) :]


def place_at_start(text: str) -> str | None:
    """The longest name of a place that a text begins with; a short name is no match for a longer unknown one."""
    ends = [found.end() for found in re.finditer("[省市县区旗州盟]", text)]
    return next((text[:end] for end in reversed(ends) if text[:end] in places()), None)


def _candidates(reading: RawReading) -> Iterator[Alternative]:
    """A reading and its alternatives, each with the score of the least sure character of the name that it begins
    with: an alternative's is as much less as the whole of it is less likely."""
    text = reading.text.strip()
    if not text or len(reading.char_scores) != len(text):
        return
    likely = max(prod(reading.char_scores), 1e-9)
    for other in (Alternative(text, likely), *reading.alternatives):
        head = _HEAD.match(text) or _HEAD.match(other.text.strip())
        if head is not None:
            least = min(reading.char_scores[: head.end()])
            yield Alternative(other.text.strip(), least * min(1.0, other.score / likely))


def _doubts(reading: RawReading, others: Iterable[RawReading]) -> tuple[float, ...]:
    """The least score that each character of a text has in the readings of it."""
    same = [one.char_scores for one in others if one.text == reading.text and len(one.char_scores) == len(one.text)]
    return tuple(min(scores) for scores in zip(reading.char_scores, *same, strict=True))


def _is_near(place: str, other: str, scores: Sequence[float]) -> bool:
    """Whether a place has one more character in front than what was read, or another one for one that is not sure."""
    if len(place) == len(other) + 1:
        return place[1:] == other
    if len(place) != len(other):
        return False
    wrong = [i for i, (here, there) in enumerate(zip(place, other, strict=True)) if here != there]
    return len(wrong) == 1 and scores[wrong[0]] < NO_OTHER
