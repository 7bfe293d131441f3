"""Whether what a stamp was read as may be wrong, so that a person should look.

A stamp's text goes by no rule that would tell a wrong one, and its recogniser is sure of strokes that print or wear
made another character of. What tells is how the cuts of a piece agree, and what of a stamp is not there to be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ocr_pipeline.geometry import Box
from ocr_pipeline.settings import SealTextSettings
from ocr_pipeline.stages import RawReading

_UNSPOKEN = re.compile(r"[\W_]+")
"""Blanks and stops, which cuts of one piece rarely have alike."""
_NUMBER = 8
"""Figures from which on lettering at the foot is the number that a stamp is registered by: they have thirteen."""


def is_doubted(settled: RawReading, readings: Sequence[RawReading], settings: SealTextSettings) -> bool:
    """Whether a character of a piece was hardly read, or most of its readings are of another text than it was settled
    as."""
    spoken = [score for char, score in _with_scores(settled) if not _UNSPOKEN.match(char)]
    if min(spoken, default=0.0) < settings.doubtful:
        return True
    text = _UNSPOKEN.sub("", settled.text)
    others = sum(_UNSPOKEN.sub("", one.text) != text for one in readings)
    return others > settings.doubtful_share * len(readings)


def lacks_number(text: str, at_foot: Iterable[str]) -> bool:
    """Whether figures stand at a stamp's foot and none of their readings was sure enough to be in its text."""
    numbers = [figures for one in at_foot if len(figures := re.sub(r"\D", "", one)) >= _NUMBER]
    return bool(numbers) and not any(number in text for number in numbers)


def is_cut_off(box: Box, size: tuple[int, int], settings: SealTextSettings) -> bool:
    """Whether a stamp ends where the page of a size (width, height) does, with what lettering it has beyond. box: in
    source pixels."""
    near = settings.page_edge * max(box.width, box.height)
    return box.x0 < near or box.y0 < near or box.x1 > size[0] - near or box.y1 > size[1] - near


def _with_scores(reading: RawReading) -> list[tuple[str, float]]:
    if len(reading.char_scores) != len(reading.text):
        return [(char, reading.score) for char in reading.text]
    return list(zip(reading.text, reading.char_scores, strict=True))
