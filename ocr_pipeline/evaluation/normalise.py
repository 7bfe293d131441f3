"""The text rules of all comparisons, stated once.

Two texts are equal when they are equal after: Unicode compatibility folding (NFKC: full-width letters, digits and
punctuation become half-width), dropping every blank and invisible character, one straight form for double and one
for single quotes, one hyphen for every dash and minus. Nothing else is forgiven: `。` is not `.`, `O` is not `0`.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_DASHES = "‐‑‒–—―−﹘﹣－─━"
_DOUBLE_QUOTES = "“”„‟〝〞″＂"
_SINGLE_QUOTES = "‘’‚‛′＇`"
_FOLDS = str.maketrans(
    {**dict.fromkeys(_DASHES, "-"), **dict.fromkeys(_DOUBLE_QUOTES, '"'), **dict.fromkeys(_SINGLE_QUOTES, "'")}
)
_INVISIBLE = frozenset(("Cc", "Cf", "Zs", "Zl", "Zp"))
"""Unicode categories that print nothing: controls (line feeds among them), formats, blanks."""


@lru_cache(maxsize=65536)
def normalise(text: str) -> str:
    """The text as it is compared. Idempotent."""
    # Folding comes before NFKC too: NFKC turns a double prime into two single ones.
    folded = unicodedata.normalize("NFKC", text.translate(_FOLDS)).translate(_FOLDS)
    visible = "".join(ch for ch in folded if unicodedata.category(ch) not in _INVISIBLE)
    # Once more, because a dropped blank may have stood between a letter and its accent.
    return unicodedata.normalize("NFKC", visible).translate(_FOLDS)
