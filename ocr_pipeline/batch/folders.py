"""The name of the folder that a file's results go to."""

from __future__ import annotations

import re
from collections.abc import Callable

_RESERVED = frozenset({".ocr-pipeline", "summary.json", "", ".", ".."})
_LONGEST = 200
"""Bytes of a name; file systems allow 255, and a suffix may follow."""
_NO_TEXT = re.compile("[\ud800-\udfff]+")
"""What stands for bytes that are not UTF-8 in names from the system."""


def folder_name(stem: str, sha256: str, is_taken: Callable[[str], bool]) -> str:
    """The file's stem; where that is taken, with the first digits of its content's hash, then numbered.

    Bytes of the name that are no text become underscores, so that what reports name the folder is its name.
    is_taken: asked with the case-folded name, since some file systems don't tell a from A.
    """
    text = _NO_TEXT.sub("_", stem)
    base = text if text.casefold() not in _RESERVED else f"_{text.lstrip('.')}"
    while len(base.encode()) > _LONGEST:
        base = base[:-1]
    if not is_taken(base.casefold()):
        return base
    base = f"{base}-{sha256[:8]}"
    name, number = base, 2
    while is_taken(name.casefold()):
        name, number = f"{base}-{number}", number + 1
    return name
