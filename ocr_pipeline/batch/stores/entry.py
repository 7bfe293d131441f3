"""What a store tells of a file without sending it."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass

_CHECKSUMS = ("ETag", "etag", "md5Hash", "md5", "content_md5", "crc32c", "checksum", "generation", "version_id", "rev")
_TIMES = ("mtime", "LastModified", "last_modified", "Last-Modified", "modified", "updated", "timeModified", "modify",
    "created")  # fmt: skip
"""Keys of fsspec's file systems, the surest first; fsspec itself lays down only name, size and type."""
_MD5 = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Entry:
    """size: bytes, None where the store does not say; token: another one when the content is another, empty where the
    store tells neither checksum nor time; md5: hex, of the content, None where that is not told (an entity tag that
    looks like one need not be: S3 has others for encrypted and for large objects)."""

    size: int | None
    token: str
    md5: str | None


def entry(info: Mapping[str, object]) -> Entry:
    """From what fsspec's info() or find(detail=True) says of a file."""
    size = info.get("size")
    return Entry(int(size) if isinstance(size, int | float) else None, _token(info), _md5(info))


def _token(info: Mapping[str, object]) -> str:
    for key in _CHECKSUMS:
        if info.get(key):
            return f"{key}={info[key]!s}"
    for key in _TIMES:
        if info.get(key):
            return f"{key}={info[key]!s}"
    return ""


def _md5(info: Mapping[str, object]) -> str | None:
    values = [info.get(key) for key in ("ETag", "etag", "md5Hash", "md5", "content_md5")]
    # Azure's listing has it one level down.
    values.append(getattr(info.get("content_settings"), "content_md5", None))
    found = (as_md5(value) for value in values)
    return next((md5 for md5 in found if md5), None)


def as_md5(value: object) -> str | None:
    """Hex digits of a checksum written as hex, base64 or bytes; None where it is no MD5."""
    if isinstance(value, bytes | bytearray):
        return value.hex() if len(value) == 16 else None
    if not isinstance(value, str):
        return None
    text = value.strip('"')
    if _MD5.fullmatch(text.lower()):
        return text.lower()
    try:
        return as_md5(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError):
        return None
