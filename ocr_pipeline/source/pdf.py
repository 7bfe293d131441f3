"""PDF files as pages, through PyMuPDF: a scan's own pixels where a page is one scan, else a drawing of the page."""

from __future__ import annotations

import math
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pymupdf

from ocr_pipeline.errors import EncryptedError, InputFileError
from ocr_pipeline.geometry import ColourImage
from ocr_pipeline.source.base import Source
from ocr_pipeline.source.resolution import A3_LONG_INCHES, believable, estimated
from ocr_pipeline.source.scanned import (
    PlacedImage,
    ScanPlacement,
    find_scan,
    has_lost_image,
    pixmap_to_bgr,
    placed_images,
    read_scan,
)
from ocr_pipeline.source.sniff import SourceKind
from ocr_pipeline.stages import PageImage

if TYPE_CHECKING:
    from ocr_pipeline.settings import SourceSettings

_LOST_CONTENT = re.compile(
    r"content stream part|object is not a stream|no XObject subtype|cannot find XObject|premature end|truncated"
    r"|failed to decode|ignoring error during interpretation",
    re.IGNORECASE,
)
"""What MuPDF mutters when it goes on without a part of the page. A page that is half there must not pass for whole."""

_SYNTAX = "page may not be correct"
"""What it mutters on anything odd in a page's commands, most of it harmless; it matters where an image is gone."""

_POINTS_PER_INCH = 72.0


def open_pdf(path: Path) -> pymupdf.Document:
    """The file as a PDF, whatever its name: MuPDF takes names in UTF-8 only. Raises what PyMuPDF raises."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        # MuPDF holds the file open, so the other name may go at once.
        with tempfile.TemporaryDirectory(prefix="ocr-pipeline-") as folder:
            link = Path(folder) / "named.pdf"
            link.symlink_to(path.absolute())
            return pymupdf.open(link, filetype="pdf")
    return pymupdf.open(path, filetype="pdf")


class PdfSource(Source):
    """The pages of one PDF file."""

    def __init__(self, path: Path, sha256: str, settings: SourceSettings) -> None:
        # MuPDF prints its warnings on its own, on standard output among others; they are looked at here instead.
        pymupdf.TOOLS.mupdf_display_errors(False)
        pymupdf.TOOLS.mupdf_display_warnings(False)
        with _as_input_error(str(path)):
            self._document = open_pdf(path)
        try:
            if self._document.needs_pass:
                raise EncryptedError(f"{path} is encrypted and needs a password.")
            with _as_input_error(str(path)):
                page_count = self._document.page_count
            if page_count < 1:
                raise InputFileError(f"{path} has no pages that can be read.")
        except BaseException:
            self._document.close()
            raise
        super().__init__(path, SourceKind.PDF, sha256, page_count, settings)

    def read_page(self, index: int) -> PageImage:
        if not 0 <= index < self.page_count:
            raise IndexError(f"page index {index} of {self.page_count}")
        name = self._page_name(index)
        # MuPDF folds equal warnings into one line; a mark of our own makes those of this page new.
        pymupdf.mupdf.fz_warn(f"page {index + 1}")
        pymupdf.TOOLS.reset_mupdf_warnings()
        try:
            with _as_input_error(name):
                page = self._document.load_page(index)
                if _is_lost(page):
                    raise InputFileError(f"{name} is missing from the file.")
                result = self._read(index, page)
                complaints = pymupdf.TOOLS.mupdf_warnings()
                lost = _LOST_CONTENT.search(complaints) or (
                    _SYNTAX in complaints and has_lost_image(page, placed_images(page))
                )
        finally:
            page = None
            # Decoded images stay in MuPDF's store (256 MB) for other pages to use; scans share none.
            pymupdf.TOOLS.store_shrink(100)
        if lost:
            raise InputFileError(f"{name} is damaged: a part of it is missing.")
        return result

    def close(self) -> None:
        if not self._document.is_closed:
            self._document.close()
        pymupdf.TOOLS.store_shrink(100)

    def _read(self, index: int, page: pymupdf.Page) -> PageImage:
        rect = page.rect
        if not all(math.isfinite(v) and 0 < v < 1e6 for v in (rect.width, rect.height)):
            raise InputFileError(f"{self._page_name(index)} has no size.")
        images = placed_images(page)
        for image in images:
            self._check_pixels(index, image.width, image.height)
        scan = find_scan(page, images)
        if scan is not None:
            self._check_size(index, scan.image.width, scan.image.height)
            pixels = read_scan(page, scan)
            if pixels is not None:
                return _scan_page(index, pixels, scan)
        dpi = self._render_dpi(page, images)
        zoom = dpi / _POINTS_PER_INCH
        self._check_size(index, math.ceil(rect.width * zoom), math.ceil(rect.height * zoom))
        return PageImage(index, _draw(page, zoom), dpi, False)

    def _render_dpi(self, page: pymupdf.Page, images: Sequence[PlacedImage]) -> float:
        """The resolution of the largest image on the page, so that a scan is drawn nearly pixel for pixel."""
        largest = max(images, key=lambda image: image.area, default=None)
        own = largest.dpi if largest else 0.0
        floor, ceiling = self._settings.render_dpi, self._settings.max_dpi
        inches = max(page.rect.width, page.rect.height) / _POINTS_PER_INCH
        if largest and largest.area > page.rect.width * page.rect.height / 2 and inches > A3_LONG_INCHES * 1.05:
            # Paper larger than A3 under a scan is a scan placed at one point a pixel: its own resolution is enough.
            floor = min(floor, floor * A3_LONG_INCHES / inches)
        # Rounded, because 252.00001 makes a drawing of 701 pixels out of 700.
        return round(min(max(own, floor), ceiling), 2)


def _scan_page(index: int, pixels: ColourImage, scan: ScanPlacement) -> PageImage:
    height, width = pixels.shape[:2]
    stated = believable(scan.image.dpi, scan.image.dpi, width, height)
    return PageImage(index, pixels, stated or estimated(width, height), stated is None)


def _is_lost(page: pymupdf.Page) -> bool:
    """Whether the page or a part of its content is only mentioned in the file; MuPDF would show it blank."""
    document = page.parent
    objects = range(1, document.xref_length())
    if page.xref not in objects or document.xref_object(page.xref) == "null":
        return True
    return any(xref not in objects or not document.xref_is_stream(xref) for xref in page.get_contents())


def _draw(page: pymupdf.Page, zoom: float) -> ColourImage:
    """The page as it prints, CropBox, Rotate, UserUnit and annotations honoured, on white."""
    pixmap = page.get_pixmap(matrix=pymupdf.Matrix(zoom, zoom), colorspace=pymupdf.csRGB, alpha=False)
    return pixmap_to_bgr(pixmap)


@contextmanager
def _as_input_error(name: str) -> Iterator[None]:
    """MuPDF's and PyMuPDF's exceptions as a sentence that names the file."""
    try:
        yield
    except (pymupdf.mupdf.FzErrorBase, RuntimeError, ValueError, OSError) as error:
        raise InputFileError(f"{name} is damaged and cannot be read as a PDF.") from error
    except (TypeError, LookupError, AttributeError, AssertionError, SystemError) as error:
        # PyMuPDF trips over damaged files in ways of its own: exceptions it fails to make, names that are no text.
        if not _raised_in_pymupdf(error):
            raise
        raise InputFileError(f"{name} is damaged and cannot be read as a PDF.") from error


def _raised_in_pymupdf(error: Exception) -> bool:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace is not None and str(trace.tb_frame.f_globals.get("__name__")).partition(".")[0] == "pymupdf"
