"""Two recognisers: a light one reads every crop, a heavier one reads again where the light one is unsure.

The light model costs a sixth of the heavy one. What it reads with certainty the heavy one reads alike (CHANGELOG.md
has the figures), so that most of the work can be saved; and where both have read, each is a second opinion on the
other. The thought is that of cascades of classifiers (Viola and Jones 2001), with a confident reading as the way out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ocr_pipeline.document import Alternative
from ocr_pipeline.geometry import GrayImage
from ocr_pipeline.settings import CascadeSettings
from ocr_pipeline.stages import RawReading, TimedRecogniser

_NUMBER = re.compile(r"(\d+|\d{1,3}(,\d{3})+)(\.\d+)?%?")
"""A number as it is printed; 1.234,5 and .5 are doubtful whatever the scores."""
_DIGITS = re.compile(r"[\d,.%]+")
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
        """One reading for each image, in the same order: the draft's where it is sure, else the final model's, which
        then has the draft's among its alternatives. ValueError for an image without pixels."""
        drafts = self._draft.read(images)
        unsure = [
            index
            for index, reading in enumerate(drafts)
            if not is_sure(reading, self._settings) or has_room(images[index], reading.text, self._settings)
        ]
        again = self._final.read([images[index] for index in unsure])
        readings = list(drafts)
        for index, reading in zip(unsure, again, strict=True):
            readings[index] = _with_opinion(reading, drafts[index])
        return readings


def cascade_name(draft: str, final: str) -> str:
    """What the document says has read."""
    return f"{final} after {draft}"


def is_sure(reading: RawReading, settings: CascadeSettings) -> bool:
    """Whether a draft can stand. Its least certain character decides, as one wrong character is a wrong cell.

    A blank between two digits or two Chinese characters of a short text can be a point or a comma that the light model
    did not see: never sure. Other blanks, and those of long lines, do not count.
    """
    text = _folded(reading.text)
    if not text or (len(text) <= settings.line_length and _LOST_MARK.search(reading.text)):
        return False
    if _NUMBER.fullmatch(text):
        wanted = settings.sure_number
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
    folded = _folded(text)
    if not folded or len(folded) > settings.line_length or not all("\u4e00" <= char <= "\u9fff" for char in folded):
        return False
    darkest, paper = int(image.min()), int(image.max())
    ink = image < paper - (paper - darkest) / 4  # thin strokes are half as dark as thick ones
    columns, rows = np.flatnonzero(ink.any(axis=0)), np.flatnonzero(ink.any(axis=1))
    if len(columns) == 0:
        return False
    width, height = columns[-1] - columns[0] + 1, rows[-1] - rows[0] + 1
    return bool(width > ((1 + settings.spacing) * len(folded) + settings.room) * height)


def _with_opinion(reading: RawReading, draft: RawReading) -> RawReading:
    """The final reading with the draft among its alternatives, where it differs and alternatives are kept at all."""
    if not reading.alternatives or not draft.text:
        return reading
    others = {_folded(reading.text)} | {_folded(other.text) for other in reading.alternatives}
    if _folded(draft.text) in others:
        return reading
    found = sorted((*reading.alternatives, Alternative(draft.text, draft.score)), key=lambda item: -item.score)
    return replace(reading, alternatives=tuple(found[: len(reading.alternatives)]))


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())
