"""Writes made documents: a scan PDF or page images, and the truth beside them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pymupdf

from .damage import Image, jpeg
from .scan import Scan
from .truth import Json, dumps

FORMATS = ("pdf", "png", "jpg", "tiff")


def _pdf(path: Path, scans: Sequence[Scan]) -> None:
    document = pymupdf.open()
    for scan in scans:
        width = scan.geometry.width * 72.0 / scan.dpi
        height = scan.geometry.height * 72.0 / scan.dpi
        page = document.new_page(width=width, height=height)
        page.insert_image(page.rect, stream=jpeg(scan.image, scan.jpeg_quality))
    # No new id and no dates: the same seed must give the same bytes.
    document.save(path, garbage=0, deflate=False, no_new_id=True)
    document.close()


def pixels_of(scan: Scan, mode: int = cv2.IMREAD_COLOR) -> Image:
    """The page as a file would hold it, the losses of the scanner's JPEG included; mode: as cv2.imdecode takes it."""
    data = np.frombuffer(jpeg(scan.image, scan.jpeg_quality), np.uint8)
    return np.asarray(cv2.imdecode(data, mode), np.uint8)


def _image(path: Path, scan: Scan) -> None:
    # Lossless formats still go through the scanner's JPEG: damage is part of the sample, not of the format.
    if path.suffix == ".jpg":
        path.write_bytes(jpeg(scan.image, scan.jpeg_quality))
        return
    options: list[int] = []
    if path.suffix == ".tiff":
        options = [cv2.IMWRITE_TIFF_XDPI, scan.dpi, cv2.IMWRITE_TIFF_YDPI, scan.dpi]
    done, encoded = cv2.imencode(path.suffix, pixels_of(scan, cv2.IMREAD_UNCHANGED), options)
    if not done:
        raise RuntimeError(f"cannot encode {path.name}")
    path.write_bytes(bytes(encoded))


def write(folder: Path, stem: str, scans: Sequence[Scan], truth: Json, form: str = "pdf") -> list[Path]:
    """Write the document and its truth; several page images are numbered -p1, -p2, ..."""
    folder.mkdir(parents=True, exist_ok=True)
    if form == "pdf":
        paths = [folder / f"{stem}.pdf"]
        _pdf(paths[0], scans)
    else:
        names = [stem] if len(scans) == 1 else [f"{stem}-p{i + 1}" for i in range(len(scans))]
        paths = [folder / f"{name}.{form}" for name in names]
        for path, scan in zip(paths, scans, strict=True):
            _image(path, scan)
    truth["source"]["files"] = [path.name for path in paths]
    (folder / f"{stem}.truth.json").write_text(dumps(truth), encoding="utf-8")
    return paths
