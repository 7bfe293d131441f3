"""One form for readings that differ in nothing a reader would call a difference."""

from __future__ import annotations

import unicodedata


def folded(text: str) -> str:
    """The text after NFKC (full-width characters as half-width ones), without its blanks."""
    return "".join(unicodedata.normalize("NFKC", text).split())
