"""What a stamp says: its lettering along the rim, then its straight lines."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from ocr_pipeline.document import Seal
from ocr_pipeline.recognition import Readings
from ocr_pipeline.stages import CropAddress, CropKind, PageAnalysis, RawReading

SURE = 0.8
"""A character read with this score counts for the way of cutting that it was read in."""
LEAST = 0.72
"""Straight lines that read worse than this are the points of a star, rim, or figures too small to read."""
FOOT, LEAST_FOOT = 90, 0.85
"""The small print at a stamp's foot counts only when it is read well."""
_LOOK_ALIKES = (
    (re.compile("[入大八](?=民政府)"), "人"),
    (re.compile("(?<=人民政)[存俯腑]"), "府"),
    (re.compile("^[救牧攸]文$"), "收文"),
)
"""What stamps say everywhere, where print beneath or thin strokes make another character of one that looks alike. Such
words are no word with the other character; names are never touched."""
SHORT_FIGURE = 3
"""Characters of a figure that stands in a cell, and not in a stamp."""
_STROKES = "一丨|lI"
"""What a ruling across a stamp is read as, where it is all of a line."""
_ORNAMENTS = "★☆*＊·•.,、。：；，-—_~'\"`:|()（） "
"""What specks and the ends of the rim are read as; brackets stay inside a text."""


@dataclass(frozen=True)
class SealText:
    """The text, and the mean score of its characters (0 where there are none)."""

    text: str
    score: float


def page_seals(page: PageAnalysis, readings: Readings) -> tuple[Seal, ...]:
    """The stamps of a page with their texts, boxes and quads in source pixels.

    score: how sure the text is; without a text how sure it is that there is a stamp.
    """
    width, height = page.transform.source_size
    by_seal: dict[int, dict[CropAddress, RawReading]] = defaultdict(dict)
    for crop in page.crops:
        reading = readings.get(crop.address) if crop.address.kind is CropKind.SEAL else None
        if reading is not None:
            by_seal[crop.address.item][crop.address] = reading
    texts = [seal_text(by_seal[number]) for number in range(len(page.seals))]
    return tuple(
        Seal(
            seal.quad.box.clipped(width, height),
            seal.quad,
            seal.shape,
            seal.colour,
            text.text,
            text.score if text.text else seal.score,
        )
        for seal, text in zip(page.seals, texts, strict=True)
    )


def seal_text(readings: dict[CropAddress, RawReading]) -> SealText:
    """The text of one stamp from the readings of its crops: that of the attempt with more sure characters."""
    attempts: dict[int, list[RawReading]] = defaultdict(list)
    for address in sorted(readings):
        reading = readings[address]
        if reading.score >= (LEAST_FOOT if address.line == FOOT else LEAST) or address.line == 0:
            attempts[address.attempt].append(reading)
    if not attempts:
        return SealText("", 0.0)
    chosen = max(sorted(attempts), key=lambda attempt: _sure(attempts[attempt]))
    kept = [reading for reading in attempts[chosen] if reading.text.strip(_ORNAMENTS + _STROKES)]
    if len(kept) > 1:
        kept = [reading for reading in kept if not _is_stray(reading)]
    scores = [score for reading in kept for score in reading.char_scores]
    return SealText("".join(_bare(reading) for reading in kept), sum(scores) / len(scores) if scores else 0.0)


def _is_stray(reading: RawReading) -> bool:
    """Whether a line is a short figure: that of a cell beneath; stamps have dates, and numbers of many figures."""
    text = "".join(reading.text.split()).strip(_ORNAMENTS)
    return len(text) <= SHORT_FIGURE and text.isascii()


def _bare(reading: RawReading) -> str:
    """The text without blanks, ornaments, and strokes at its ends that were hardly read as characters."""
    text, scores = reading.text, reading.char_scores
    if len(scores) == len(text):
        start, stop = 0, len(text)
        while stop - start > 1 and text[stop - 1] in _STROKES and scores[stop - 1] < SURE:
            stop -= 1
        while stop - start > 1 and text[start] in _STROKES and scores[start] < SURE:
            start += 1
        text = text[start:stop]
    bare = "".join(text.split()).strip(_ORNAMENTS)
    for alike, meant in _LOOK_ALIKES:
        bare = alike.sub(meant, bare)
    return bare


def _sure(readings: list[RawReading]) -> float:
    """Sure characters, each by its score, less the unsure ones."""
    return sum(score if score >= SURE else -1.0 for reading in readings for score in reading.char_scores)
