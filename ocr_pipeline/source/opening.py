"""Opens a file as what its bytes say it is, or says in one sentence why it cannot be read."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ocr_pipeline.errors import InputFileError, UnsupportedError
from ocr_pipeline.source.base import Source
from ocr_pipeline.source.file import input_error, require_file, require_name
from ocr_pipeline.source.selection import PageSelection
from ocr_pipeline.source.sniff import HEAD_BYTES, SourceKind, describe, sniff

if TYPE_CHECKING:
    from ocr_pipeline.settings import SourceSettings


@dataclass(frozen=True)
class _Found:
    kind: SourceKind
    sha256: str


def open_source(path: Path | str, settings: SourceSettings, pages: PageSelection | None = None) -> Source:
    """Open a PDF, TIFF, JPEG or PNG file; use the result as a context manager.

    pages: which pages `indices` and iteration cover; all when None.
    Raises InputFileError (missing, empty, damaged, no pages), EncryptedError, UnsupportedError, TooLargeError,
    and PageSelectionError for a page beyond the end. Single-picture files are decoded here, so that a damaged one
    fails at once; pages of longer files fail one by one in read_page.
    """
    require_name(path)
    path = Path(path)
    found = _inspect(path)
    source = _open(path, found, settings)
    if pages is not None:
        try:
            source.indices = pages.indices(source.page_count, str(path))
        except BaseException:
            source.close()
            raise
    return source


def _open(path: Path, found: _Found, settings: SourceSettings) -> Source:
    # Imported here: PyMuPDF takes half a second, and most runs need only one of the two.
    if found.kind is SourceKind.PDF:
        from ocr_pipeline.source.pdf import PdfSource

        return PdfSource(path, found.sha256, settings)
    from ocr_pipeline.source.raster import RasterSource

    return RasterSource(path, found.kind, found.sha256, settings)


def _inspect(path: Path) -> _Found:
    require_file(path)
    try:
        with path.open("rb") as stream:
            head = stream.read(HEAD_BYTES)
            stream.seek(0)
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    except (OSError, ValueError) as error:
        raise input_error(path, error) from error
    if not head:
        raise InputFileError(f"{path} is empty.")
    kind = sniff(head)
    if kind is None:
        raise UnsupportedError(f"{path} is {describe(head)}.")
    return _Found(kind, sha256)
