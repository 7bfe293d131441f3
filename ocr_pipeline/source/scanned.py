"""Is a PDF page just one scanned image? Then its own pixels are better than any drawing of it.

Only a plain case is taken: one opaque image over the whole page with square pixels, upright or turned by quarter
turns, nothing printed after it but an invisible text layer, no annotation. And the pixels must look like the page
does when drawn small, which settles inverted, clipped, blended and hidden images without a rule for each.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import pymupdf

from ocr_pipeline.geometry import ColourImage

_EDGE_TOLERANCE = 0.005
"""How far, as a part of the page's side, the image's edge may lie from the page's: scanners round to whole points and
pixels, which is 4 points in A4's 842 at worst; a margin of 1 % is already another frame."""

_SQUARE_TOLERANCE = 0.01
"""How much the resolutions across and down may differ; fax scans (204 x 98) do, and have to be drawn square."""

_PROOF_SIDE = 300
"""Longest side in pixels of the small drawing used as proof: a line of print is 4 to 5 pixels high on A4."""

_PROOF_LIMIT = 48.0
"""Levels (of 255) by which a patch of 5 x 5 proof pixels may differ. Colour profiles and the two ways of reducing
stay below 20; a line of print or a seal that is only on one of them makes 60 and more."""


_DRAWN_NAME = re.compile(rb"/([^\s/<>\[\]()]+)\s+Do\b")
"""In a page's content: the image or form of that name is drawn here."""


@dataclass(frozen=True)
class PlacedImage:
    """An image on a page. width, height: its own pixels; dpi_x, dpi_y: its pixels per inch along its own axes;
    matrix: (a, b, c, d, e, f), its unit square (origin top left) to points of the page as displayed;
    masked: it has a mask or is one."""

    width: int
    height: int
    dpi_x: float
    dpi_y: float
    matrix: tuple[float, float, float, float, float, float]
    masked: bool

    @property
    def area(self) -> float:
        """Covered area in square points."""
        a, b, c, d, _, _ = self.matrix
        return abs(a * d - b * c)

    @property
    def dpi(self) -> float:
        return math.sqrt(self.dpi_x * self.dpi_y)


@dataclass(frozen=True)
class ScanPlacement:
    """The one image that is the page. turn: the signs and axes that take its pixels to the page as displayed, as the
    2 x 2 matrix (a, b, c, d) of -1, 0 and 1."""

    image: PlacedImage
    turn: tuple[int, int, int, int]


def placed_images(page: pymupdf.Page) -> list[PlacedImage]:
    """All images shown on the page, in the page's displayed (rotated, cropped) frame of points. None is decoded."""
    images = []
    for info in page.get_image_info():
        matrix = pymupdf.Matrix(info["transform"]) * page.rotation_matrix
        across, down = math.hypot(matrix.a, matrix.b), math.hypot(matrix.c, matrix.d)
        if across < 1e-6 or down < 1e-6 or not info["width"] or not info["height"]:
            continue
        images.append(
            PlacedImage(
                width=info["width"],
                height=info["height"],
                dpi_x=info["width"] * 72 / across,
                dpi_y=info["height"] * 72 / down,
                matrix=(matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f),
                masked=bool(info.get("has-mask")) or info.get("colorspace", 0) < 1,
            )
        )
    return images


def find_scan(page: pymupdf.Page, images: Sequence[PlacedImage]) -> ScanPlacement | None:
    """The image that is the whole page, None when the page is anything else."""
    if len(images) != 1 or not _only_the_image_shows(page):
        return None
    image = images[0]
    turn = _quarter_turn(image)
    if image.masked or turn is None or not _covers(page.rect, image):
        return None
    if abs(image.dpi_x / image.dpi_y - 1) > _SQUARE_TOLERANCE:
        return None
    return ScanPlacement(image, turn)


def read_scan(page: pymupdf.Page, scan: ScanPlacement) -> ColourImage | None:
    """The scan's pixels, turned as displayed, BGR; None when they are not what the page shows."""
    xref = _xref_of(page, scan.image)
    if xref is None:
        return None
    pixmap = pymupdf.Pixmap(page.parent, xref)
    size = (pixmap.width, pixmap.height)
    if pixmap.colorspace is None or pixmap.alpha or size != (scan.image.width, scan.image.height):
        return None
    pixels = _turned(pixmap_to_bgr(pixmap), scan.turn)
    return pixels if _looks_like(page, pixels) else None


def has_lost_image(page: pymupdf.Page, shown: Sequence[PlacedImage]) -> bool:
    """Whether the page draws an image, by name, of which nothing is among those shown."""
    drawn = _names_drawn(page)
    wanted = {(width, height) for _, _, width, height, _, _, _, name, *_ in page.get_images(full=True) if name in drawn}
    return bool(wanted - {(image.width, image.height) for image in shown})


def _xref_of(page: pymupdf.Page, image: PlacedImage) -> int | None:
    """The PDF object of the one image shown; None for an inline image, and where it cannot be told.

    By size and by name, not by content as PyMuPDF offers it: that decodes every image the page could show, and where
    all pages share their resources, those are all images of the file. Should the guess be wrong, the proof fails.
    """
    alike = {
        xref: name
        for xref, _, width, height, _, _, _, name, *_ in page.get_images(full=True)
        if (width, height) == (image.width, image.height)
    }
    if len(alike) > 1:
        drawn = _names_drawn(page)
        alike = {xref: name for xref, name in alike.items() if name in drawn}
    return next(iter(alike)) if len(alike) == 1 else None


def _names_drawn(page: pymupdf.Page) -> set[str]:
    return {name.decode("latin-1") for name in _DRAWN_NAME.findall(page.read_contents())}


def _only_the_image_shows(page: pymupdf.Page) -> bool:
    """Nothing lies over the image but text drawn in no colour (what lies under it does not show)."""
    if page.first_annot is not None or page.first_widget is not None:
        return False
    shown = [kind for kind, *_ in page.get_bboxlog() if kind != "ignore-text"]
    return bool(shown and shown[-1] == "fill-image")


def _quarter_turn(image: PlacedImage) -> tuple[int, int, int, int] | None:
    """The image's axes on the page in whole quarter turns (and mirrorings); None when it is tilted or sheared."""
    a, b, c, d, _, _ = image.matrix
    across, down = math.hypot(a, b), math.hypot(c, d)
    turn = (a / across, b / across, c / down, d / down)
    nearest = tuple(round(value) for value in turn)
    # One thousandth is a third of a pixel row over a page's width: straight to the eye and to the table finder.
    if any(abs(value - whole) > 1e-3 for value, whole in zip(turn, nearest, strict=True)):
        return None
    return nearest[0], nearest[1], nearest[2], nearest[3]


def _covers(page: pymupdf.Rect, image: PlacedImage) -> bool:
    a, b, c, d, e, f = image.matrix
    xs, ys = sorted((e, e + a + c)), sorted((f, f + b + d))
    dx, dy = page.width * _EDGE_TOLERANCE, page.height * _EDGE_TOLERANCE
    across = abs(xs[0] - page.x0) <= dx and abs(xs[1] - page.x1) <= dx
    down = abs(ys[0] - page.y0) <= dy and abs(ys[1] - page.y1) <= dy
    return bool(across and down)


def pixmap_to_bgr(pixmap: pymupdf.Pixmap) -> ColourImage:
    """Any pixmap without alpha as BGR uint8, shape (h, w, 3)."""
    if pixmap.colorspace.n not in (1, 3) or "Lab" in pixmap.colorspace.name:
        pixmap = pymupdf.Pixmap(pymupdf.csRGB, pixmap)
    depth = pixmap.n
    rows = np.frombuffer(pixmap.samples_mv, np.uint8).reshape(pixmap.height, pixmap.stride)
    if depth == 1:
        return cv2.cvtColor(rows[:, : pixmap.width], cv2.COLOR_GRAY2BGR).astype(np.uint8, copy=False)
    rgb = rows[:, : pixmap.width * 3].reshape(pixmap.height, pixmap.width, 3)
    return cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR).astype(np.uint8, copy=False)


def _turned(pixels: ColourImage, turn: tuple[int, int, int, int]) -> ColourImage:
    """Pixels moved by a quarter turn or mirroring: turn is where the image's x axis (a, b) and y axis (c, d) point."""
    a, b, c, d = turn
    if a == 0:  # the image's x axis runs down or up the page
        pixels = pixels.transpose(1, 0, 2)
        a, d = c, b
    if a < 0:
        pixels = pixels[:, ::-1]
    if d < 0:
        pixels = pixels[::-1]
    return np.ascontiguousarray(pixels)


def _looks_like(page: pymupdf.Page, pixels: ColourImage) -> bool:
    """Whether the page, drawn small, is the picture given."""
    zoom = _PROOF_SIDE / max(page.rect.width, page.rect.height)
    proof = pixmap_to_bgr(page.get_pixmap(matrix=pymupdf.Matrix(zoom, zoom), colorspace=pymupdf.csRGB, alpha=False))
    small = cv2.resize(pixels, (proof.shape[1], proof.shape[0]), interpolation=cv2.INTER_AREA)
    patches = (cv2.blur(proof, (5, 5)), cv2.blur(small, (5, 5)))
    return float(cv2.absdiff(*patches).max()) <= _PROOF_LIMIT
