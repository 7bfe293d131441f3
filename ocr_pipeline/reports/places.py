"""How many places the numbers of a column have, and the numbers that do not fit: their point was not read, or as
another mark."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ocr_pipeline.document import Cell, Flag
from ocr_pipeline.reports.values import fold, half_width, parse

_NUMBER = re.compile(r"\(?[+-]?[\d,]+(?:\.(\d+))?[%‰]?\)?", re.ASCII)
_OTHER_MARK = re.compile(r"(\(?[+-]?\d[\d,]*)\s?[:;·•。'’\-,、.~\s]\s?(\d+)([%‰]?\)?)", re.ASCII)
_MANY, _NEARLY_ALL = 6, 0.8
"""So many numbers, and so many of all that are not nought, have equally many places. (An office that leaves last
noughts out prints nine in ten alike.)"""


def usual_places(texts: Sequence[str]) -> int:
    """How many places nearly all numbers of a column have; 0 where these are whole, or differ."""
    places = [len(match[1]) if match[1] else 0 for text in texts if (match := _filled(text)) is not None]
    if not places:
        return 0
    usual = max(set(places), key=places.count)
    # What has another mark in the point's place has its places, too.
    lost = sum((match := _lost(text)) is not None and len(match[2]) == usual for text in texts)
    enough = len(places) + lost >= _MANY and places.count(usual) + lost >= _NEARLY_ALL * (len(places) + lost)
    return usual if enough else 0


def points_missed(texts: Sequence[str]) -> list[bool]:
    """Which whole numbers of a column may have lost their point: nearly all others have equally many places, and this
    one is long enough to hold as many and a figure before them."""
    usual = usual_places(texts)
    matches = [_filled(text) if usual else None for text in texts]
    return [match is not None and not match[1] and sum(map(str.isdigit, match[0])) > usual for match in matches]


def with_usual_places(column: Sequence[Cell]) -> list[Cell]:
    """The cells of a column, those that are no numbers for another mark in the place of the point put right where that
    leaves as many places as the others have."""
    usual = usual_places([cell.text for cell in column])
    return [_put_right(cell, usual) if usual and cell.value is None else cell for cell in column]


def _put_right(cell: Cell, usual: int) -> Cell:
    match = _lost(cell.text)
    if Flag.UNPARSED_NUMBER not in cell.flags or match is None or len(match[2]) != usual:
        return cell
    text = f"{match[1]}.{match[2]}{match[3]}"
    parsed = parse(text)
    if parsed.value is None:
        return cell
    note = f"read as {cell.text!r} in a column of numbers with {usual} places"
    flags = tuple(flag for flag in cell.flags if flag is not Flag.UNPARSED_NUMBER)
    return replace(cell, text=text, value=parsed.value, note=note, flags=flags).flagged(Flag.CORRECTED)


def _filled(text: str) -> re.Match[str] | None:
    """A number that is not nought."""
    match = _NUMBER.fullmatch(fold(text)) if _lost(text) is None else None
    return match if match is not None and match[0].strip("+-0.,%‰()") else None


def _lost(text: str) -> re.Match[str] | None:
    """A text that is no number, and would be one with a point for its mark."""
    half = half_width(text).strip()
    match = _OTHER_MARK.fullmatch(half)
    return match if match is not None and parse(text).value is None else None
