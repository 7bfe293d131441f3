"""Dates on stamps, read with a stroke of print or of the rim beside their narrow characters."""

from __future__ import annotations

import re
from collections.abc import Iterable

DATE = r"(19|20)\d\d年(1[0-2]|0?[1-9])月(3[01]|[12]\d|0?[1-9])日"
_NEARLY_DATES = tuple(
    re.compile(rf"((?:19|20)\d\d年)(1[0-2]|0?[1-9])[月日目曰]({day})(?:日.?|11?|[目曰白])")
    for day in ("[1-9]", "3[01]|[12]\\d|0[1-9]")
)
"""Dates with 日 at the end as it is read, narrow and with the rim beside it: one figure for the day, or two."""
_STROKES = "1lI|丨/"
"""What a stroke that is none of a date's is read as, and what is left of a narrow 月."""


def as_date(text: str) -> str | None:
    """The date that a text is: as it stands, with its last character read as another, with a stroke too many or one or
    two for 月, or with two such faults; None for none, or what may be two."""
    if re.fullmatch(DATE, text):
        return text
    changed = _without_a_stroke(text, 0) | _with_a_month(text)
    # Where 日 is in doubt a stroke too many stands beside it: one in the month is another figure as likely.
    twice = _without_a_stroke(text, text.find("月") + 1 or len(text)) | _with_a_month(text)
    fewest_first = _nearly([text]), {one for one in changed if re.fullmatch(DATE, one)}, _nearly(twice)
    found = next((dates for dates in fewest_first if dates), set())
    return next(iter(found)) if len(found) == 1 else None


def _nearly(texts: Iterable[str]) -> set[str]:
    matches = (match for text in texts for dates in _NEARLY_DATES if (match := dates.fullmatch(text)) is not None)
    return {f"{match[1]}{match[2]}月{match[3]}日" for match in matches}


def _without_a_stroke(text: str, first: int) -> set[str]:
    """The text without one of its strokes from a place on."""
    return {text[:i] + text[i + 1 :] for i, char in enumerate(text) if i >= first and char in _STROKES}


def _with_a_month(text: str) -> set[str]:
    """The text with 月 for one of its strokes or two, where it has none."""
    if "月" in text:
        return set()
    starts = [i for i, char in enumerate(text) if char in _STROKES]
    return {text[:i] + "月" + text[j + 1 :] for i in starts for j in (i, i + 1) if j in starts}
