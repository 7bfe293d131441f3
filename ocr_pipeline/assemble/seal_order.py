"""Which of two orders of a square seal's characters is the one they are meant in."""

from __future__ import annotations

import re

from ocr_pipeline.assemble.seal_places import place_at_start
from ocr_pipeline.assemble.seal_words import is_usual

_LAST = re.compile("(印|印章|印信|印鉴|章|钤记|图书)$")
"""How seals end, of offices as of persons,"""
_NEVER_FIRST = re.compile("^[印章之]")
"""and what no name begins with."""


def sense_of_order(text: str) -> int:
    """How much speaks for a text being in order: that it ends as seals or offices do, and begins as names do."""
    return (
        2 * bool(_LAST.search(text))
        - 2 * bool(_NEVER_FIRST.search(text))
        + is_usual(text)
        + (place_at_start(text) is not None)
    )
