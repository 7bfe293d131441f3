"""The page images that truths and predictions speak of, found beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from ocr_pipeline.evaluation.loading import load_prediction
from ocr_pipeline.evaluation.pairing import Pair
from ocr_pipeline.geometry import ColourImage

ENDINGS = (".pdf", ".png", ".jpg", ".jpeg", ".tif", ".tiff")


@dataclass(frozen=True)
class ScanFile:
    """A document's scan; widths: (page index, width in pixels) of its pages' source frames, where known."""

    document: str
    path: Path
    widths: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class PageImages:
    """Page images by document and page index."""

    scans: tuple[ScanFile, ...]

    def page(self, document: str, index: int) -> ColourImage | None:
        """A page in its source frame; None where the scan is not at hand or has no such page."""
        scan = next((scan for scan in self.scans if scan.document == document), None)
        return None if scan is None else _read_page(scan.path, index, dict(scan.widths).get(index, 0))


def find_scan(stem: str, places: Sequence[Path], named: str = "") -> Path | None:
    """The scan called STEM.pdf (.png, .jpg, .tif ...) in one of the folders, else the file named."""
    options = [place / f"{stem}{ending}" for place in places for ending in ENDINGS]
    if named:
        options.append(Path(named))
    return next((option for option in options if option.is_file()), None)


def images_of(pairs: Sequence[Pair]) -> PageImages:
    """The scans of the pairs that can be found: beside the truth, above it, or where the prediction says it was."""
    scans = []
    for pair in pairs:
        prediction = load_prediction(pair.predicted)
        path = find_scan(pair.stem, (pair.truth.parent, pair.truth.parent.parent), prediction.source)
        if path is not None:
            scans.append(ScanFile(pair.stem, path, tuple((page.index, page.width) for page in prediction.pages)))
    return PageImages(tuple(scans))


@lru_cache(maxsize=4)
def _read_page(path: Path, index: int, width: int) -> ColourImage | None:
    """One page as a colour image; a PDF's drawn at the width given (200 dpi where 0)."""
    if path.suffix.lower() == ".pdf":
        return _draw_pdf_page(path, index, width)
    import cv2

    # imdecode, because imread cannot open paths with characters outside the system's code page.
    pages = cv2.imdecodemulti(np.fromfile(path, dtype=np.uint8), cv2.IMREAD_COLOR)[1]
    return np.asarray(pages[index], dtype=np.uint8) if index < len(pages) else None


def _draw_pdf_page(path: Path, index: int, width: int) -> ColourImage | None:
    import pymupdf

    with pymupdf.open(path) as document:
        if index >= len(document):
            return None
        page = document[index]
        zoom = width / page.rect.width if width else 200 / 72
        drawn = page.get_pixmap(matrix=pymupdf.Matrix(zoom, zoom), colorspace=pymupdf.csRGB, alpha=False)
        pixels = np.frombuffer(drawn.samples, dtype=np.uint8).reshape(drawn.height, drawn.width, 3)
        return np.ascontiguousarray(pixels[:, :, ::-1])
