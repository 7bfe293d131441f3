"""What stamps say everywhere, to decide between the recogniser's own readings of one piece of lettering.

A stamp over print loses strokes, and one character of a common word comes out as another that looks alike. Names are
never guessed: a reading is only replaced by one that the recogniser had in mind itself, and that is such a word, or
ends as stamps end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from ocr_pipeline.document import Alternative
from ocr_pipeline.stages import RawReading

_WORDS = (
    "急件|特急|加急|平急|特提|附件|附页|副本|正本|原件|复印件|作废|归档|已归档|存档|已存档|复印无效|复印有效|"
    "收文|发文|收讫|付讫|现金收讫|验讫|核对无误|与原件一致|绝密|机密|秘密|内部资料|受控|样本"
)
_OFFICE = "(政府|[局厅院所室会部处])"
_USUAL = re.compile(f"({_WORDS})|.{{2,}}专用章|.{{2,}}{_OFFICE}(之?印|公?章)?")
"""Whole words, and how names and uses end."""


def is_usual(text: str) -> bool:
    """Whether a text is a word of stamps, or ends as they end."""
    return _USUAL.fullmatch(text.strip()) is not None


def usual_reading(reading: RawReading, others: Iterable[RawReading]) -> RawReading:
    """The reading, or where it is no usual lettering of a stamp the likeliest candidate of it or of the other readings
    of the piece that is, and differs in one character. The score is then that candidate's."""
    text = reading.text.strip()
    if not text or is_usual(text):
        return reading
    candidates = [
        candidate
        for one in (reading, *others)
        for candidate in (Alternative(one.text, one.score), *one.alternatives)
        if _differs_once(candidate.text.strip(), text) and is_usual(candidate.text)
    ]
    if not candidates:
        return reading
    best = max(candidates, key=lambda candidate: candidate.score)
    found = best.text.strip()
    scores = tuple(
        score if here == there else best.score
        for here, there, score in zip(text, found, _scores(reading, text), strict=True)
    )
    return replace(reading, text=found, score=best.score, char_scores=scores, alternatives=())


def _differs_once(one: str, other: str) -> bool:
    return len(one) == len(other) and sum(a != b for a, b in zip(one, other, strict=True)) == 1


def _scores(reading: RawReading, text: str) -> tuple[float, ...]:
    """The score of each character of a reading's text without blanks around it."""
    if len(reading.char_scores) != len(reading.text):
        return (reading.score,) * len(text)
    start = reading.text.index(text)
    return reading.char_scores[start : start + len(text)]
