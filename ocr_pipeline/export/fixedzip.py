"""Zip containers whose bytes depend on nothing but what is in them."""

from __future__ import annotations

import io
from collections.abc import Mapping
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_STAMP = (1980, 1, 1, 0, 0, 0)
"""The earliest time a zip file can state."""


def restamped(content: bytes, replaced: Mapping[str, bytes]) -> bytes:
    """The same zip file with every entry's time fixed, and the named entries' contents replaced.

    Order and names of the entries stay. Raises KeyError for a replaced entry that the file has not.
    """
    stream = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as old, ZipFile(stream, "w") as new:
        for name in replaced:
            old.getinfo(name)
        for entry in old.infolist():
            fixed = ZipInfo(entry.filename, _STAMP)
            fixed.compress_type = ZIP_DEFLATED
            fixed.external_attr = 0o600 << 16
            fixed.create_system = 3  # or it would tell the machine that wrote it
            new.writestr(fixed, replaced[entry.filename] if entry.filename in replaced else old.read(entry))
    return stream.getvalue()
