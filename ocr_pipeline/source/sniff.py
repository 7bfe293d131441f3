"""What a file is, by its first bytes; its name is not asked."""

from __future__ import annotations

from enum import StrEnum


class SourceKind(StrEnum):
    """The kinds of file that can be read."""

    PDF = "pdf"
    TIFF = "tiff"
    JPEG = "jpeg"
    PNG = "png"


HEAD_BYTES = 1024
"""How much of the file is looked at; PDF readers accept the header anywhere in the first kilobyte."""

_READABLE = (
    (b"\xff\xd8\xff", SourceKind.JPEG),
    (b"\x89PNG\r\n\x1a\n", SourceKind.PNG),
    (b"II*\0", SourceKind.TIFF),
    (b"MM\0*", SourceKind.TIFF),
    (b"II+\0", SourceKind.TIFF),
    (b"MM\0+", SourceKind.TIFF),
)

_OTHERS = (
    (b"GIF8", "a GIF picture"),
    (b"BM", "a BMP picture"),
    (b"AT&T", "a DjVu document"),
    (b"\0\0\0\x0cjP", "a JPEG 2000 picture"),
    (b"PK\x03\x04", "a ZIP archive or an Office document"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"{\\rtf", "an RTF document"),
    (b"%!PS", "a PostScript file"),
    (b"<", "an HTML or XML file"),
)


def sniff(head: bytes) -> SourceKind | None:
    """The kind of file whose first bytes (HEAD_BYTES of them are enough) are these; None when it is no kind we read."""
    for magic, kind in _READABLE:
        if head.startswith(magic):
            return kind
    return SourceKind.PDF if b"%PDF-" in head[:HEAD_BYTES] else None


def describe(head: bytes) -> str:
    """A plain word for a file that cannot be read."""
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "a WEBP picture"
    if head[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypavif"):
        return "a HEIC or AVIF picture"
    for magic, name in _OTHERS:
        if head.startswith(magic):
            return name
    return "a file of an unknown kind" if b"\0" in head else "plain text"
