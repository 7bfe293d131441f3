"""The pictures of a document, cut out of its pages."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from pathlib import Path

from ocr_pipeline.document import Document
from ocr_pipeline.export.atomic import make_folder, remove_stale, write_atomic
from ocr_pipeline.geometry import Box, ColourImage

FIGURES = "figures"
_FILE = re.compile(r"p[1-9][0-9]*-[1-9][0-9]*\.png")


def write_figures(document: Document, page_image: Callable[[int], ColourImage], folder: Path | str) -> list[Path]:
    """Write each picture of the document into folder/figures, as it is in the source page, and remove those that an
    earlier run left there. Returns the paths written.

    page_image: the source image of the page with that index, BGR; asked for once for each page with pictures. Raises
    OutputError naming the path that cannot be written, ValueError for a file name that is none of ours.
    """
    folder, written = Path(folder), list[Path]()
    for page in document.pages:
        if not page.figures:
            continue
        image = page_image(page.index)
        make_folder(folder / FIGURES)
        for figure in page.figures:
            place, _, name = figure.file.rpartition("/")
            if place != FIGURES or not _FILE.fullmatch(name):
                raise ValueError(f"a picture is written to {FIGURES}/p1-1.png and the like, not to {figure.file!r}")
            written.append(write_atomic(folder / FIGURES / name, _png(image, figure.box)))
    remove_stale(folder / FIGURES, _FILE, keep=written)
    return written


def _png(image: ColourImage, box: Box) -> bytes:
    import cv2

    height, width = image.shape[:2]
    part = box.clipped(width, height)
    cut = image[int(part.y0) : math.ceil(part.y1), int(part.x0) : math.ceil(part.x1)]
    done, encoded = cv2.imencode(".png", cut)
    if not done:
        raise ValueError(f"a picture of shape {cut.shape} cannot be encoded")
    return encoded.tobytes()
