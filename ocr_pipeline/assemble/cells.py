"""The reading of a cell from the readings of its crops."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ocr_pipeline.document import Alternative
from ocr_pipeline.layout.text import clean_text, is_cjk, join_lines
from ocr_pipeline.stages import Crop, RawReading


@dataclass(frozen=True)
class JoinedReading:
    """text cleaned, raw as printed, score the worst of the parts (1 for no ink at all), complete: no ink was left
    without a reading, a minus before figures neither; several: a number stands far behind other print of its line, as
    where the ruling between two cells was not found."""

    text: str
    raw: str
    score: float
    alternatives: tuple[Alternative, ...]
    complete: bool
    several: bool = False


def join_readings(parts: Sequence[tuple[Crop, RawReading]], cell_width: float) -> JoinedReading:
    """The crops of one cell in order, with their readings, as one text. cell_width in upright pixels."""
    if not parts:
        return JoinedReading("", "", 1.0, (), True)
    mark = parts[0][0].mark
    # A dash as long as a character may be 一, a shorter or a longer one is none.
    if len(parts) == 1 and mark and (mark != "—" or parts[0][1].text.strip() != "一"):
        return JoinedReading(mark, mark, 1.0, (), True)
    raw = "".join(crop.before + as_printed(crop, reading.text) for crop, reading in parts)
    filled = all(crop.box.width >= 0.85 * cell_width for crop, _ in parts[:-1])
    text = join_lines(raw.split("\n"), filled=filled)
    if len(parts) == 1 and parts[0][0].stacked:
        text = clean_text(parts[0][1].text)
    apart = len(parts) == 1 and (parts[0][0].stacked or parts[0][0].spread >= 2)
    text = without_marks_between(text) if apart else without_stray_marks(text)
    score = min(reading.score if reading.text.strip() else 0.0 for _, reading in parts)
    alternatives = parts[0][1].alternatives if len(parts) == 1 else ()
    complete = all(reading.text.strip() for _, reading in parts) and not (parts[0][0].signed and text[:1].isdigit())
    return JoinedReading(text, raw, score, alternatives, complete, _are_several(parts))


_NUMBER = re.compile(r"[+\-−－]?[\d.,]*\d[%％‰]?")
_ASKS = ":：(（"
"""What a form prints before a blank that is to be filled in."""


def _are_several(parts: Sequence[tuple[Crop, RawReading]]) -> bool:
    """Whether somewhere in a cell a number follows other print after a blank so wide that both were read apart."""
    texts = [clean_text(reading.text) for _, reading in parts]
    return any(
        crop.before == " " and before and before[-1] not in _ASKS and _NUMBER.fullmatch(text)
        for before, text, (crop, _) in zip(texts, texts[1:], parts[1:], strict=False)
    )


_SPECKS = "·•●∙⋅`'´*^~|°º"
_STRAY_ENDS = _SPECKS + ".,"
_DIRT_BEFORE_NUMBERING = re.compile(rf"[{re.escape(_SPECKS)}]\d{{1,2}}[.．、](?=[\u4e00-\u9fff])")
_DIRT_AFTER_MARK = re.compile(r"(?<=[\u4e00-\u9fff][、；：)）])[.,·•`´'](?=[\u4e00-\u9fff])")
"""A western mark between a Chinese mark and a character."""
_STRAY_APART = frozenset(_STRAY_ENDS + "，．¨")
_LONGEST_APART = 8
"""Characters of a label that is set apart; a longer text is running text, with marks of its own."""
_STRAY_INSIDE = "`´^~|¦"
"""Never printed between two Chinese characters."""


def without_marks_between(text: str) -> str:
    """A label whose characters stand apart (one a line, or spread over the cell) without the marks among them: print
    that is set apart has none, specks between it are read as one. Other texts lose stray marks at their ends only."""
    letters = [char for char in text if char not in _STRAY_APART]
    if 2 <= len(letters) <= _LONGEST_APART and all(is_cjk(char) for char in letters):
        return "".join(letters)
    return without_stray_marks(text)


def without_stray_marks(text: str) -> str:
    """A label without the marks that specks at its very beginning or end, or between characters, read as.

    Chinese is closed by 。 and opened by brackets or quotation marks; a western point, comma or accent beside its
    first or last character is dirt, and so is 、 behind its last. Numbers and Latin words are left alone.
    """
    if len(text) >= 3 and text[-1] in _STRAY_ENDS + "、" and is_cjk(text[-2]):
        text = text[:-1]
    if len(text) >= 3 and text[0] in _STRAY_ENDS and is_cjk(text[1]):
        text = text[1:]
    if _DIRT_BEFORE_NUMBERING.match(text):
        text = text[1:]
    text = _DIRT_AFTER_MARK.sub("", text)
    return "".join(char for place, char in enumerate(text) if not _stray_inside(text, place))


def _stray_inside(text: str, place: int) -> bool:
    inside = 0 < place < len(text) - 1 and text[place] in _STRAY_INSIDE
    return inside and is_cjk(text[place - 1]) and is_cjk(text[place + 1])


def as_printed(crop: Crop, text: str) -> str:
    """The reading with the line breaks and wide blanks of the print put back where they are known."""
    letters = text.replace(" ", "")
    if crop.stacked and sum(crop.line_lengths) == len(letters):
        lines, start = [], 0
        for length in crop.line_lengths:
            lines.append(letters[start : start + length])
            start += length
        return "\n".join(lines)
    if crop.spread >= 2 and crop.spread == len(letters) and all(is_cjk(ch) for ch in letters):
        return " ".join(letters)
    return text
