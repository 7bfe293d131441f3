"""Two recognisers: a light one reads every crop, a heavier one reads again where the light one is unsure.

The light model costs a sixth of the heavy one. What it reads with certainty the heavy one reads alike (CHANGELOG.md
has the figures), so that most of the work can be saved; and where both have read, each is a second opinion on the
other: where they differ on a number, neither is believed. The thought is that of cascades of classifiers (Viola and
Jones 2001), with a confident reading as the way out.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace

import cv2

from ocr_pipeline.document import Alternative
from ocr_pipeline.folding import folded
from ocr_pipeline.geometry import GrayImage
from ocr_pipeline.settings import CascadeSettings
from ocr_pipeline.stages import RawReading, TimedRecogniser

_NUMBER = re.compile(r"(\d+|\d{1,3}(,\d{3})+)(\.\d+)?%?")
"""A number as it is printed; 1.234,5 and .5 are doubtful whatever the scores."""
_DIGITS = re.compile(r"[\d,.%]+")
_NOUGHTS = str.maketrans("OoQ〇○。", "000000")
_LOST_MARK = re.compile(r"\d\s+\d|[\u4e00-\u9fff]\s+[\u4e00-\u9fff]")


class CascadeRecogniser:
    """Implements stages.Recogniser. One instance belongs to the thread that made its two recognisers."""

    def __init__(self, draft: TimedRecogniser, final: TimedRecogniser, settings: CascadeSettings) -> None:
        """The draft reads everything, the final one what the draft is unsure of."""
        self._draft = draft
        self._final = final
        self._settings = settings

    @property
    def name(self) -> str:
        return cascade_name(self._draft.name, self._final.name)

    @property
    def forward_seconds(self) -> float:
        """Seconds spent inside both models so far."""
        return self._draft.forward_seconds + self._final.forward_seconds

    @property
    def forward_calls(self) -> int:
        """Batches given to both models so far."""
        return self._draft.forward_calls + self._final.forward_calls

    def read(self, images: Sequence[GrayImage]) -> list[RawReading]:
        """One reading for each image, in the same order: the draft's where it is sure, else what the two together
        say. ValueError for an image without pixels."""
        drafts = self._draft.read(images)
        unsure = [
            index
            for index, reading in enumerate(drafts)
            if not is_sure(reading, self._settings)
            or has_room(images[index], reading.text, self._settings)
            or is_two_digits(images[index], reading.text, self._settings)
        ]
        again = self._final.read([images[index] for index in unsure])
        readings = list(drafts)
        for index, reading in zip(unsure, again, strict=True):
            readings[index] = weighed(reading, drafts[index], self._settings)
            if is_two_digits(images[index], readings[index].text, self._settings):
                readings[index] = _doubted(readings[index])
        return readings


def cascade_name(draft: str, final: str) -> str:
    """What the document says has read."""
    return f"{final} after {draft}"


def is_sure(reading: RawReading, settings: CascadeSettings) -> bool:
    """Whether a draft can stand. Its least certain character decides, as one wrong character is a wrong cell.

    A blank between two digits or two Chinese characters of a short text can be a point or a comma that the light model
    did not see: never sure. Other blanks, and those of long lines, do not count.
    """
    text = folded(reading.text)
    if not text or (len(text) <= settings.line_length and _LOST_MARK.search(reading.text)):
        return False
    if _NUMBER.fullmatch(text):
        wanted = settings.sure_number if len(text) == 1 else settings.sure_numbers
    elif _DIGITS.fullmatch(text):
        return False
    elif len(text) > settings.line_length:
        wanted = settings.sure_line
    else:
        wanted = settings.sure_label
    scores = zip(reading.text, reading.char_scores, strict=False)
    return all(score >= wanted for character, score in scores if not character.isspace())


def has_room(image: GrayImage, text: str, settings: CascadeSettings) -> bool:
    """Whether a short Chinese text has fewer characters than its ink is long: a mark between two of them may have been
    passed over. image: gray, dark on light; characters are as wide as they are high."""
    plain = folded(text)
    if not plain or len(plain) > settings.line_length or not all("\u4e00" <= char <= "\u9fff" for char in plain):
        return False
    darkest, paper = int(image.min()), int(image.max())
    width, height = _extent(image, paper - (paper - darkest) / 4)  # thin strokes are half as dark as thick ones
    return bool(width > ((1 + settings.spacing) * len(plain) + settings.room) * height)


def is_two_digits(image: GrayImage, text: str, settings: CascadeSettings) -> bool:
    """Whether ink that is read as one digit is wider than any: of two alike that touch (44), a recogniser that runs
    equal neighbours together sees one. image: gray, dark on light."""
    if len(plain := folded(text)) != 1 or not plain.isdecimal():
        return False
    width, height = _extent(image, (int(image.min()) + int(image.max())) / 2)
    return bool(height >= _READABLE and width > settings.widest_digit * height)


def _extent(image: GrayImage, level: float) -> tuple[int, int]:
    """Width and height of what is darker than level, 0 where nothing is."""
    _, ink = cv2.threshold(image, math.ceil(level) - 1, 255, cv2.THRESH_BINARY_INV)
    _, _, width, height = cv2.boundingRect(ink)
    return width, height


_READABLE = 6
"""Pixels; lower ink is no digit."""
_DOUBTED = 0.5


def _doubted(reading: RawReading) -> RawReading:
    return replace(reading, score=min(reading.score, _DOUBTED))


def weighed(final: RawReading, draft: RawReading, settings: CascadeSettings) -> RawReading:
    """The final reading, or a number of the draft's where that is surer than what the final one makes of it in doubt;
    with the other among its alternatives.

    Where they differ and one is a number, both voices weigh alike: the score is the mean of what each gives the text.
    """
    doubted = final.score < settings.sure_number and _NUMBER.fullmatch(folded(draft.text))
    chosen, other = (draft, final) if doubted and draft.score > final.score else (final, draft)
    if _differ_in_a_number(chosen, other):
        share = sum(item.score for item in other.alternatives if _alike(item.text, chosen.text))
        chosen = replace(chosen, score=(chosen.score + share) / 2)
    return _with_opinion(chosen, other)


def _differ_in_a_number(one: RawReading, other: RawReading) -> bool:
    """Whether one says a number and the other something else; a blank says nothing, and O is a nought to the models."""
    texts = [folded(reading.text) for reading in (one, other)]
    if not all(texts) or len({text.translate(_NOUGHTS) for text in texts}) == 1:
        return False
    return any(_NUMBER.fullmatch(text) for text in texts)


def _alike(one: str, other: str) -> bool:
    return folded(one).translate(_NOUGHTS) == folded(other).translate(_NOUGHTS)


def _with_opinion(reading: RawReading, other: RawReading) -> RawReading:
    """The reading with the other one among its alternatives, where they differ and alternatives are kept at all."""
    if not reading.alternatives or not other.text:
        return reading
    others = {folded(reading.text)} | {folded(item.text) for item in reading.alternatives}
    if folded(other.text) in others:
        return reading
    found = sorted((*reading.alternatives, Alternative(other.text, other.score)), key=lambda item: -item.score)
    return replace(reading, alternatives=tuple(found[: len(reading.alternatives)]))
