"""Pages drawn for tests: paper, rulings, strokes that look like print, stamps. Nothing here is random unless a
generator is handed in."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont

from ocr_pipeline.analysis import analyse_page
from ocr_pipeline.clean.page import clean_page
from ocr_pipeline.geometry import Box, ColourImage, GrayImage, Quad
from ocr_pipeline.ocr.canned import CannedDetector
from ocr_pipeline.settings import Settings
from ocr_pipeline.stages import CleanPage, Crop, CropKind, PageAnalysis, PageImage, TableGrid

Span = tuple[int, int, int, int]
"""row, column, how many rows, how many columns"""

_CJK = (
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
)
_GLYPHS: dict[str, tuple[tuple[float, float, float, float], ...]] = {
    "二": ((0.1, 0.2, 0.9, 0.2), (0, 0.85, 1, 0.85)),
    "三": ((0.1, 0.08, 0.9, 0.08), (0.15, 0.5, 0.85, 0.5), (0, 0.92, 1, 0.92)),
    "工": ((0.1, 0.1, 0.9, 0.1), (0.5, 0.1, 0.5, 0.9), (0, 0.9, 1, 0.9)),
    "王": ((0.1, 0.08, 0.9, 0.08), (0.15, 0.5, 0.85, 0.5), (0.5, 0.08, 0.5, 0.92), (0, 0.92, 1, 0.92)),
    "口": ((0.15, 0.15, 0.85, 0.15), (0.15, 0.15, 0.15, 0.9), (0.85, 0.15, 0.85, 0.9), (0.15, 0.9, 0.85, 0.9)),
    "十": ((0, 0.45, 1, 0.45), (0.5, 0, 0.5, 1)),
    "川": ((0.15, 0.05, 0.05, 0.95), (0.5, 0.1, 0.5, 0.85), (0.9, 0, 0.9, 1)),
    "人": ((0.5, 0, 0.05, 1), (0.45, 0.35, 1, 1)),
    "大": ((0, 0.35, 1, 0.35), (0.5, 0, 0.05, 1), (0.5, 0.35, 1, 1)),
    "文": ((0, 0.25, 1, 0.25), (0.45, 0, 0.55, 0.2), (0.8, 0.3, 0.05, 1), (0.25, 0.4, 1, 1)),
}
"""Characters as strokes: x, y to x, y, each 0 to 1 within the character's ink."""
BARS = "二三工王"
"""Those whose level strokes look most like rulings."""
STROKES = "".join(_GLYPHS)


RED, BLUE, VIOLET = (60, 50, 215), (190, 80, 30), (160, 40, 100)
"""Stamp inks, blue green red."""


def em_at(dpi: float, points: float = 12.0) -> float:
    """The size in pixels of print of that many points."""
    return points / 72.0 * dpi


def sheet(dpi: float, width: float = 8.27, height: float = 11.69, level: int = 255) -> GrayImage:
    """Bare paper; width and height in inches."""
    return np.full((round(height * dpi), round(width * dpi)), level, np.uint8)


def bar(gray: GrayImage, x0: float, y0: float, x1: float, y1: float, level: int = 0) -> None:
    """A filled rectangle, ends rounded to pixels and exclusive."""
    gray[round(y0) : round(y1), round(x0) : round(x1)] = level


def rule(gray: GrayImage, start: tuple[float, float], end: tuple[float, float], thick: int = 2, level: int = 0) -> None:
    """An upright or level ruling from one point to the other, thick pixels wide around that line."""
    before = thick // 2
    x0, y0, x1, y1 = (round(v) - before for v in (*start, *end))
    gray[max(0, y0) : max(0, y1 + thick), max(0, x0) : max(0, x1 + thick)] = level


def character(gray: GrayImage, name: str, x: float, y: float, size: float, level: int = 0) -> None:
    """A character drawn with strokes in the square of that size at x, y."""
    thick = max(1, round(0.07 * size))
    ink = 0.88 * size - thick
    x, y = x + (size - ink) / 2, y + (size - ink) / 2
    for x0, y0, x1, y1 in _GLYPHS[name]:
        ends = [(round(x + u * ink), round(y + v * ink)) for u, v in ((x0, y0), (x1, y1))]
        if x0 == x1 or y0 == y1:
            rule(gray, ends[0], ends[1], thick, level)
        else:
            cv2.line(gray, ends[0], ends[1], level, thick, cv2.LINE_AA)


def text(gray: GrayImage, names: str, x: float, y: float, size: float, level: int = 0) -> None:
    """A line of those characters; any other sign leaves its square blank."""
    for i, name in enumerate(names):
        if name in _GLYPHS:
            character(gray, name, x + i * size, y, size, level)


def digits(gray: GrayImage, number: str, x: float, y: float, size: float, level: int = 0) -> Box:
    """A number with digits 0.7 of that size high, its ink's upper left corner near x, y; the box of its ink."""
    scale = 0.7 * size / 21.0
    thick = max(1, round(0.07 * size))
    layer = np.full_like(gray, 255)
    cv2.putText(
        layer, number, (round(x), round(y + 0.7 * size)), cv2.FONT_HERSHEY_SIMPLEX, scale, 0, thick, cv2.LINE_AA
    )
    gray[:] = np.where(layer < 255, np.minimum(gray, np.maximum(layer, level)), gray)
    ys, xs = np.nonzero(layer < 200)
    return Box(float(xs.min()), float(ys.min()), float(xs.max() + 1), float(ys.max() + 1))


def prose(
    gray: GrayImage, area: Box, size: float, rng: np.random.Generator, leading: float = 1.6, names: str = STROKES
) -> None:
    """An area filled with lines of random characters, some lines short."""
    y = area.y0
    while y + size <= area.y1:
        count = int(area.width / size)
        if rng.random() < 0.2:
            count = max(2, int(count * rng.random()))
        text(gray, "".join(rng.choice(list(names), count)), area.x0, y, size)
        y += leading * size


def cjk_face(size: float) -> ImageFont.FreeTypeFont:
    """A Chinese typeface; the test is skipped where there is none."""
    for path in _CJK:
        if Path(path).exists():
            return ImageFont.truetype(path, round(size), index=2)
    if os.environ.get("CI"):
        pytest.fail("no Chinese typeface: apt-get install fonts-noto-cjk")
    pytest.skip("no Chinese typeface here (fonts-noto-cjk)")


def printed(gray: GrayImage, line: str, x: float, y: float, face: ImageFont.FreeTypeFont, level: int = 0) -> None:
    """A line set in a typeface, its square's upper left corner at x, y."""
    picture = Image.fromarray(gray)
    ImageDraw.Draw(picture).text((x, y), line, font=face, fill=level)
    gray[:] = np.asarray(picture)


def grid_lines(
    gray: GrayImage, xs: Sequence[float], ys: Sequence[float], spans: Sequence[Span] | None = None, thick: int = 2
) -> None:
    """The rulings around every cell; without spans one cell for each square."""
    for row, col, height, width in spans if spans is not None else plain(len(ys) - 1, len(xs) - 1):
        x0, x1, y0, y1 = xs[col], xs[col + width], ys[row], ys[row + height]
        for a, b in (((x0, y0), (x1, y0)), ((x0, y1), (x1, y1)), ((x0, y0), (x0, y1)), ((x1, y0), (x1, y1))):
            rule(gray, a, b, thick)


def plain(rows: int, cols: int) -> list[Span]:
    """One cell for each square."""
    return [(r, c, 1, 1) for r in range(rows) for c in range(cols)]


def even(start: float, step: float, count: int) -> list[float]:
    """count + 1 boundaries, equally far apart."""
    return [start + i * step for i in range(count + 1)]


def stamp(size: tuple[int, int], centre: tuple[int, int], radius: int, ink: tuple[int, int, int]) -> ColourImage:
    """A round stamp with a rim, a star and a bar on white paper; size as (width, height)."""
    picture = np.full((size[1], size[0], 3), 255, np.uint8)
    cv2.circle(picture, centre, radius, ink, max(2, radius // 14), cv2.LINE_AA)
    turns = np.deg2rad(-90 + 144 * np.arange(5))
    star = np.stack([centre[0] + 0.3 * radius * np.cos(turns), centre[1] + 0.3 * radius * np.sin(turns)], axis=1)
    cv2.fillPoly(picture, [star.round().astype(np.int32)], ink, cv2.LINE_AA)
    for turn in np.deg2rad(np.arange(-210, 31, 30)):
        x, y = round(centre[0] + 0.72 * radius * np.cos(turn)), round(centre[1] + 0.72 * radius * np.sin(turn))
        half = radius // 12
        cv2.rectangle(picture, (x - half, y - half), (x + half, y + half), ink, 2)
    return picture


def stamped(gray: GrayImage, stamps: ColourImage) -> ColourImage:
    """Ink on ink: each lets through what it lets through."""
    colour = cv2.cvtColor(gray, cv2.COLOR_GRAY2BGR).astype(np.float32)
    return (colour * stamps.astype(np.float32) / 255).round().astype(np.uint8)


def scanned(image: ColourImage, blur: float = 0.7, grain: float = 2.0) -> ColourImage:
    """What a scanner makes of a drawing: softer by blur pixels, with grain of so many gray levels."""
    soft = cv2.GaussianBlur(image, (0, 0), blur).astype(np.float64)
    noise = np.random.default_rng(0).normal(0, grain, image.shape)
    return np.clip(soft + noise, 0, 255).round().astype(np.uint8)


@dataclass(frozen=True)
class Tiling:
    """A table's layout: cells that cover rows x cols squares once each."""

    rows: int
    cols: int
    spans: tuple[Span, ...]

    @property
    def drawn(self) -> Tiling:
        """The layout as rulings can show it: boundaries along which no cell ends are not there."""
        rows = sorted({v for r, _, h, _ in self.spans for v in (r, r + h)})
        cols = sorted({v for _, c, _, w in self.spans for v in (c, c + w)})
        spans = tuple(
            sorted(
                (rows.index(r), cols.index(c), rows.index(r + h) - rows.index(r), cols.index(c + w) - cols.index(c))
                for r, c, h, w in self.spans
            )
        )
        return Tiling(len(rows) - 1, len(cols) - 1, spans)


@st.composite
def tilings(draw: st.DrawFn, rows: int = 6, cols: int = 6) -> Tiling:
    """Random tilings of at most rows x cols squares by rectangles, at least two."""
    n, m = draw(st.integers(1, rows)), draw(st.integers(1, cols))
    if n * m < 2:
        m = 2
    free = np.ones((n, m), bool)
    spans: list[Span] = []
    for r, c in np.ndindex(n, m):
        if not free[r, c]:
            continue
        most = int(np.argmin(np.append(free[r, c:], False)))
        width = draw(st.sampled_from([w for w in (1, 1, 1, 2, 3, 4, 6) if w <= most]))
        deep = 1
        while r + deep < n and free[r + deep, c : c + width].all():
            deep += 1
        height = draw(st.sampled_from([h for h in (1, 1, 1, 2, 3, 4) if h <= deep]))
        if (height, width) == (n, m):
            height, width = (1, width) if n > 1 else (height, 1)
        free[r : r + height, c : c + width] = False
        spans.append((r, c, height, width))
    return Tiling(n, m, tuple(spans))


def layout_of(grid: TableGrid) -> Tiling:
    """The layout of a found table."""
    spans = sorted((c.row, c.col, c.row_span, c.col_span) for c in grid.cells)
    return Tiling(grid.rows, grid.cols, tuple(spans))


def covered_once(grid: TableGrid) -> bool:
    """Whether the cells cover every position of the grid once."""
    count = np.zeros((grid.rows, grid.cols), int)
    for c in grid.cells:
        count[c.row : c.row + c.row_span, c.col : c.col + c.col_span] += 1
    return bool((count == 1).all())


def turned(gray: GrayImage, angle: float, paper: int = 255) -> GrayImage:
    """The page laid crooked so that its print runs counter-clockwise by angle degrees; nothing is cut off."""
    height, width = gray.shape
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), angle, 1.0)
    cos, sin = abs(matrix[0, 0]), abs(matrix[0, 1])
    size = (int(np.ceil(width * cos + height * sin)), int(np.ceil(width * sin + height * cos)))
    matrix[:, 2] += ((size[0] - width) / 2, (size[1] - height) / 2)
    return cv2.warpAffine(gray, matrix, size, flags=cv2.INTER_CUBIC, borderValue=paper).astype(np.uint8)


def as_page(image: GrayImage | ColourImage, dpi: float, index: int = 0) -> PageImage:
    """A page image as the source gives it."""
    colour = image if image.ndim == 3 else cv2.cvtColor(image, cv2.COLOR_GRAY2BGR)
    return PageImage(index, colour.astype(np.uint8), dpi, False)


def cleaned(image: GrayImage | ColourImage, dpi: float) -> CleanPage:
    """The page through the cleaning stage, with usual settings."""
    return clean_page(as_page(image, dpi), Settings())


def ink_rows(image: GrayImage, scale: float = 1.0) -> list[tuple[Quad, float]]:
    """A detector for clear drawings: each stretch of rows with ink is one line."""
    found = []
    rows = (image < 128).any(axis=1)
    # Strokes of one character stand apart by less than half of it.
    reach = max(3, round(7 / scale) | 1)
    closed = cv2.morphologyEx(rows.astype(np.uint8)[:, None], cv2.MORPH_CLOSE, np.ones((reach, 1), np.uint8))[:, 0]
    edges = np.flatnonzero(np.diff(np.concatenate([[0], closed, [0]]).astype(np.int8)))
    for top, bottom in zip(edges[::2], edges[1::2], strict=True):
        columns = np.flatnonzero((image[top:bottom] < 128).any(axis=0))
        if len(columns):
            found.append((Quad.of_box(Box(float(columns[0]), float(top), float(columns[-1] + 1), float(bottom))), 1.0))
    return found


ROWS_DETECTOR = CannedDetector(ink_rows)
BLIND_DETECTOR = CannedDetector({})


def analysed(image: GrayImage | ColourImage, dpi: float, settings: Settings | None = None) -> PageAnalysis:
    """The page through cleaning, table finding and cutting; running text is not looked for."""
    return analyse_page(as_page(image, dpi), BLIND_DETECTOR, settings or Settings())


def cell_crops(page: PageAnalysis, row: int, col: int, table: int = 0) -> list[Crop]:
    """The crops of the cell that begins at a position, in reading order."""
    (number,) = (i for i, c in enumerate(page.tables[table].cells) if (c.row, c.col) == (row, col))
    own = [
        c
        for c in page.crops
        if c.address.kind is CropKind.CELL and (c.address.table, c.address.item) == (table, number)
    ]
    return sorted(own, key=lambda crop: crop.address)
