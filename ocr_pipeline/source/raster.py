"""TIFF, JPEG and PNG files as pages, decoded by Pillow.

Pillow rather than OpenCV, because it tells size and resolution from the header before it decodes, and refuses a
truncated picture; OpenCV returns one that is half gray without complaint, and numbers are lost in silence.
"""

from __future__ import annotations

import math
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from ocr_pipeline.errors import InputFileError, TooLargeError, UnsupportedError
from ocr_pipeline.geometry import ColourImage
from ocr_pipeline.source.base import Source
from ocr_pipeline.source.resolution import believable, estimated
from ocr_pipeline.source.sniff import SourceKind
from ocr_pipeline.stages import PageImage

if TYPE_CHECKING:
    from ocr_pipeline.settings import SourceSettings

_FORMATS = {SourceKind.TIFF: ("TIFF",), SourceKind.JPEG: ("JPEG", "MPO"), SourceKind.PNG: ("PNG",)}

_TAG_SUBFILE = 254
_THUMBNAIL_OR_MASK = 1 | 4
"""Bits of the TIFF tag NewSubfileType: a reduced copy of another page, or a transparency mask; not a page."""


class RasterSource(Source):
    """The pictures of one file. A file with a single picture is decoded on opening, once; a damaged one fails there."""

    def __init__(self, path: Path, kind: SourceKind, sha256: str, settings: SourceSettings) -> None:
        with _as_pipeline_errors(str(path)):
            self._file = Image.open(path, formats=_FORMATS[kind])
        self._ahead: PageImage | None = None
        try:
            with _as_pipeline_errors(str(path)):
                self._frames = _page_frames(self._file) if kind is SourceKind.TIFF else (0,)
            super().__init__(path, kind, sha256, len(self._frames), settings)
            if self.page_count == 1:
                self._ahead = self._decode(0)
        except BaseException:
            self._file.close()
            raise

    def read_page(self, index: int) -> PageImage:
        if not 0 <= index < self.page_count:
            raise IndexError(f"page index {index} of {self.page_count}")
        page, self._ahead = self._ahead, None
        return page if page is not None else self._decode(index)

    def close(self) -> None:
        self._ahead = None
        self._file.close()

    def _decode(self, index: int) -> PageImage:
        name = self._page_name(index)
        with _as_pipeline_errors(name), Image.open(self.path, formats=_FORMATS[self.kind]) as picture:
            # Opened anew for every page: Pillow keeps the pixels of the last one for as long as the file is open.
            picture.seek(self._frames[index])
            self._check_size(index, *picture.size)
            dpi = _stated_dpi(picture)
            ImageOps.exif_transpose(picture, in_place=True)
            image = _to_bgr(picture, name)
        height, width = image.shape[:2]
        stated = believable(*dpi, width, height) if dpi else None
        return PageImage(index, image, stated or estimated(width, height), stated is None)


@contextmanager
def _as_pipeline_errors(name: str) -> Iterator[None]:
    """Pillow's exceptions as ours; its warnings on odd metadata (and on sizes, checked here) are not for people."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except Image.DecompressionBombError as error:
        raise TooLargeError(f"{name} has too many pixels.") from error
    except UnidentifiedImageError as error:
        raise InputFileError(f"{name} is damaged: its header cannot be read.") from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise InputFileError(f"{name} is damaged: {str(error) or type(error).__name__}.") from error
    except (LookupError, TypeError, ArithmeticError, struct.error, AttributeError) as error:
        # Pillow's readers raise any of these, too, on damaged files; what they say is of no use to people.
        raise InputFileError(f"{name} is damaged: what it says of itself makes no sense.") from error


def _page_frames(picture: Image.Image) -> tuple[int, ...]:
    """The frames of a TIFF file that are pages, without thumbnails and masks."""
    count: int = getattr(picture, "n_frames", 1)
    pages = []
    for frame in range(count):
        picture.seek(frame)
        subfile = picture.tag_v2.get(_TAG_SUBFILE, 0)  # type: ignore[attr-defined]
        if not (isinstance(subfile, int) and subfile & _THUMBNAIL_OR_MASK):
            pages.append(frame)
    return tuple(pages) or tuple(range(count))


def _stated_dpi(picture: Image.Image) -> tuple[float, float] | None:
    """Dots per inch across and down from JFIF, EXIF, pHYs or TIFF tags; None when the file states none."""
    stated = picture.info.get("dpi")
    if not (isinstance(stated, tuple) and len(stated) == 2):
        return None
    try:
        across, down = (float(value) for value in stated)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    return (across, down) if math.isfinite(across) and math.isfinite(down) else None


def _to_bgr(picture: Image.Image, name: str) -> ColourImage:
    """Any picture as BGR uint8, shape (h, w, 3); what is transparent lies on white paper."""
    if picture.mode in ("1", "L"):
        return _gray_to_bgr(np.asarray(picture.convert("L")))
    if picture.mode.startswith("I;16"):
        return _gray_to_bgr((np.asarray(picture) >> 8).astype(np.uint8))
    if picture.mode in ("I", "F"):
        raise UnsupportedError(f"{name} has 32 bits a pixel, which is no scan.", "Save it with 8 bits a channel.")
    if picture.has_transparency_data:
        layer = picture.convert("RGBA")
        paper = Image.new("RGBA", layer.size, "white")
        paper.alpha_composite(layer)
        picture = paper
    return cv2.cvtColor(np.asarray(picture.convert("RGB")), cv2.COLOR_RGB2BGR).astype(np.uint8, copy=False)


def _gray_to_bgr(gray: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> ColourImage:
    return cv2.cvtColor(gray, cv2.COLOR_GRAY2BGR).astype(np.uint8, copy=False)
