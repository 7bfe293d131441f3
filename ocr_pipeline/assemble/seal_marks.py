"""What of a stamp's reading is lettering, and what specks, strokes, stars and the ends of the rim were read as."""

from __future__ import annotations

import re
from dataclasses import replace

from ocr_pipeline.settings import SealTextSettings
from ocr_pipeline.stages import RawReading

STROKES = "一丨|lI"
"""What a ruling across a stamp is read as, where it is all of a line."""
STARS = "★☆*＊"
"""What the star in a stamp's middle is read as."""
ORNAMENTS = STARS + "·•.,、。：；，-—_~'\"`:|/\\()（） "
"""What specks and the ends of the rim are read as; brackets around something stay."""
_HAN = "[\u4e00-\u9fff]"
_SPECKS = re.compile(f"(?<={_HAN})[,.，。、'`:：;；~_|]+(?={_HAN})")
"""Specks between the characters of a name: stamps have no stops,"""
_LABEL = re.compile(r"(?:[对办手字收核批]人|日期|时间|号|电话|单位|部门|签[字名])$")
"""but for the colon after what is to be filled in, by its end."""
_BRACKETS = {"(": ")", "（": "）"}
_NUMBERED = re.compile(r"章([(（])\d{1,2}$")
"""A stamp with its number in brackets, the second of them lost to the rim."""
_SHORTENED = re.compile(r"(CO|LTD|INC|CORP|BHD|PTE|PTY|PVT)\.$", re.IGNORECASE)
"""Words of companies' names that end in a stop, the blank before them often lost."""
_IN_BRACKETS = re.compile(r"\s*[(（]\d{1,2}[)）]$")
"""A stamp's number, which of several alike it is."""


def is_latin(text: str) -> bool:
    """Whether most of a text is Latin letters, a word of them at least."""
    letters = sum(char.isascii() and char.isalpha() for char in text)
    return letters >= 4 and 2 * letters > sum(not char.isspace() for char in text)


def only_lettering(reading: RawReading, settings: SealTextSettings) -> str:
    """The text without blanks, ornaments, specks, and strokes at its ends that were hardly read as characters."""
    text, scores = reading.text, reading.char_scores
    if len(scores) == len(text) and not is_latin(text):
        start, stop = 0, len(text)
        while stop - start > 1 and text[stop - 1] in STROKES and scores[stop - 1] < settings.sure:
            stop -= 1
        while stop - start > 1 and text[start] in STROKES and scores[start] < settings.sure:
            start += 1
        text = text[start:stop]
    bare = _stripped("".join(text.split()))
    if is_latin(text):
        return bare + "." if _SHORTENED.search(text.rstrip(ORNAMENTS) + text.rstrip()[-1:]) else bare
    return _SPECKS.sub(_colon_of_a_label, bare)


def with_closed_bracket(text: str) -> str:
    """The text with the second bracket around a stamp's number, where only the first was read: it ends the line."""
    opened = _NUMBERED.search(text)
    return text + _BRACKETS[opened[1]] if opened is not None else text


def parted_number(reading: RawReading) -> tuple[RawReading, RawReading | None]:
    """A reading without the number in brackets that it ends with, and that number; candidates lose theirs too."""
    found = _IN_BRACKETS.search(reading.text)
    if found is None or found.start() == 0 or len(reading.char_scores) != len(reading.text):
        return reading, None
    at, scores = found.start(), reading.char_scores
    others = tuple(replace(one, text=_IN_BRACKETS.sub("", one.text)) for one in reading.alternatives)
    parts = ((reading.text[:at], scores[:at], others), (reading.text[at:], scores[at:], ()))
    bare, number = (RawReading(text, sum(own) / len(own), own, also) for text, own, also in parts)
    return bare, number


def joined(one: RawReading, other: RawReading) -> RawReading:
    """Two readings as one, the other behind; of candidates nothing is known then."""
    scores = one.char_scores + other.char_scores
    return RawReading(one.text + other.text, sum(scores) / len(scores), scores)


def without_strokes(reading: RawReading) -> RawReading:
    """A reading of a picture with the page's rulings in it, without what they were read as."""
    if len(reading.char_scores) != len(reading.text) or is_latin(reading.text):
        return reading
    around = _around_something(reading.text)
    kept = [i for i, char in enumerate(reading.text) if i in around or char not in ORNAMENTS + STROKES]
    if len(kept) == len(reading.text):
        return reading
    scores = tuple(reading.char_scores[i] for i in kept)
    text = "".join(reading.text[i] for i in kept)
    return RawReading(text, sum(scores) / max(1, len(scores)), scores)


def figures_scores(reading: RawReading) -> tuple[float, ...]:
    """The scores of the characters of the words with figures in them, of all where they are not known one by one."""
    return _scores_within(reading, r"\S*\d\S*")


def characters_scores(reading: RawReading) -> tuple[float, ...]:
    """The scores of a reading's characters without those of the blanks between its words."""
    return _scores_within(reading, r"\S+")


def _scores_within(reading: RawReading, pattern: str) -> tuple[float, ...]:
    if len(reading.char_scores) != len(reading.text):
        return reading.char_scores
    words = (match.span() for match in re.finditer(pattern, reading.text))
    return tuple(score for start, stop in words for score in reading.char_scores[start:stop])


def _stripped(text: str) -> str:
    """The text without the ornaments at its ends; brackets that belong together stay."""
    around = _around_something(text)
    start, stop = 0, len(text)
    while stop > start and text[stop - 1] in ORNAMENTS and stop - 1 not in around:
        stop -= 1
    while start < stop and text[start] in ORNAMENTS and start not in around:
        start += 1
    return text[start:stop]


def _around_something(text: str) -> set[int]:
    """Where brackets stand that belong together, with more than ornaments between them."""
    found, opened = set[int](), list[int]()
    for at, char in enumerate(text):
        if char in _BRACKETS:
            opened.append(at)
        elif char in _BRACKETS.values() and opened:
            start = opened.pop()
            if text[start + 1 : at].strip(ORNAMENTS):
                found |= {start, at}
    return found


def _colon_of_a_label(specks: re.Match[str]) -> str:
    return specks[0] if specks[0] in ":：" and _LABEL.search(specks.string[: specks.start()]) else ""
