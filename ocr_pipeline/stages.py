"""What passes between the stages: immutable, picklable, each in a named frame.

The waist of the pipeline is here: *analysis* of a page ends in a PageAnalysis, whose crops carry an address each;
*recognition* turns crop images into RawReadings and knows nothing of tables; *assembly* puts readings back by address.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import numpy as np

from ocr_pipeline.clean.lines import Rulings
from ocr_pipeline.document import Alternative, Flag
from ocr_pipeline.geometry import Box, ColourImage, GrayImage, Mask, PageTransform, Point, Quad


@dataclass(frozen=True)
class PageImage:
    """One page as it came from the file. index: 0-based in the file; image: BGR uint8, shape (h, w, 3);
    dpi: dots per inch of the image, stated by the file or estimated from the paper size."""

    index: int
    image: ColourImage
    dpi: float
    dpi_estimated: bool


@dataclass(frozen=True, slots=True)
class SealRegion:
    """A stamp found on the page. quad in source pixels; mask in the upright frame cropped to upright_box."""

    quad: Quad
    shape: str
    colour: str
    score: float
    upright_box: Box


@dataclass(frozen=True)
class CleanPage:
    """A page made ready for reading.

    ink: gray uint8 in the upright frame, paper evened to white, seals taken out; for a page that was straight and is
        read as it is, sampled 1:1 from the source.
    binary: uint8 mask in the upright frame, 255 where there is ink.
    seal_mask: uint8 mask in the upright frame, 255 where a seal was taken out; None where there was none.
    rulings: the ruled lines, upright frame; ruling_em: the print size they are measured in, upright pixels.
    transform: source frame to upright frame.
    skew: degrees removed (positive where the print ran counter-clockwise), skew_confidence 0 to 1.
    orientation: degrees clockwise by which the source was turned first (0, 90, 180, 270).
    text_height: the usual height of a printed character in upright pixels, the page's own scale.
    strays: uint8 mask in the upright frame, 255 where streaks and folds were taken off; None where there were none.
    """

    index: int
    ink: GrayImage
    binary: Mask
    seal_mask: Mask | None
    transform: PageTransform
    dpi: float
    dpi_estimated: bool
    skew: float
    skew_confidence: float
    orientation: int
    text_height: float
    ruling_em: float
    rulings: Rulings
    seals: tuple[SealRegion, ...]
    blank: bool
    strays: Mask | None = None


@dataclass(frozen=True, slots=True)
class GridCell:
    """A ruled cell: logical position and span, and its inner box (between the rulings) in upright pixels.

    invented: names of the sides (top, right, bottom, left) that no ruling ink supports; inner where a ruling inside
    may have been lost."""

    row: int
    col: int
    row_span: int
    col_span: int
    box: Box
    quad: Quad
    invented: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableGrid:
    """A table's geometry on one page, upright pixels. xs and ys are the positions of the column and row boundaries
    (cols + 1 and rows + 1 of them); corners[i][j] is where row boundary i and column boundary j cross;
    row_thickness and col_thickness are the rulings' thicknesses; open_top/open_bottom say that the frame is missing
    there."""

    box: Box
    xs: tuple[float, ...]
    ys: tuple[float, ...]
    cells: tuple[GridCell, ...]
    corners: tuple[tuple[Point, ...], ...] = ()
    row_thickness: tuple[float, ...] = ()
    col_thickness: tuple[float, ...] = ()
    ruled: bool = True
    open_top: bool = False
    open_bottom: bool = False

    @property
    def rows(self) -> int:
        return len(self.ys) - 1

    @property
    def cols(self) -> int:
        return len(self.xs) - 1


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of running text found on the page, quad in upright pixels."""

    quad: Quad
    score: float


class CropKind(StrEnum):
    CELL = "cell"
    LINE = "line"
    SEAL = "seal"


@dataclass(frozen=True, slots=True, order=True)
class CropAddress:
    """Where a reading belongs. item: cell number in its table, line number or seal number on the page;
    line: the printed line within the cell; attempt: 0 for the first reading, 1 and on for readings again."""

    page: int
    kind: CropKind
    table: int
    item: int
    line: int = 0
    attempt: int = 0


@dataclass(frozen=True, slots=True)
class Crop:
    """A picture of one line of text to be read, gray uint8 with blank margin, and what it was cut from.

    box: the ink, upright pixels; before: what stands between the crop before it in the same cell and this one ("" for
    the first, a line feed for a new printed line, a blank for the same line after a wide gap); stacked: short lines
    one below the other were laid side by side, line_lengths characters each; spread: how many groups of ink stand
    apart by half a character and more; mark: the mark that it is by its shape alone, whatever is read; signed: a flat
    mark stands before the rest, as a minus does.
    """

    address: CropAddress
    image: GrayImage
    box: Box
    before: str = ""
    stacked: bool = False
    line_lengths: tuple[int, ...] = ()
    spread: int = 1
    mark: str = ""
    signed: bool = False


@dataclass(frozen=True, slots=True)
class RawReading:
    """What the recogniser says of one crop: the best text, its score (0 to 1), the score of each character, and for
    short texts the next best readings."""

    text: str
    score: float
    char_scores: tuple[float, ...] = ()
    alternatives: tuple[Alternative, ...] = ()


@dataclass(frozen=True)
class PageAnalysis:
    """All that is known of a page before anything on it was read."""

    index: int
    transform: PageTransform
    dpi: float
    dpi_estimated: bool
    skew: float
    skew_confidence: float
    orientation: int
    text_height: float
    blank: bool
    tables: tuple[TableGrid, ...]
    lines: tuple[TextLine, ...]
    seals: tuple[SealRegion, ...]
    crops: tuple[Crop, ...]
    cell_flags: tuple[tuple[int, int, Flag], ...] = ()
    """(table, cell, flag) known from the image alone, such as under_seal."""
    figures: tuple[Box, ...] = ()
    """Pictures, upright pixels."""
    black: bool = False
    """Blank because it is black all over."""


class Recogniser(Protocol):
    """Reads pictures of text lines. One instance belongs to one process and one thread."""

    @property
    def name(self) -> str: ...

    def read(self, images: Sequence[GrayImage]) -> list[RawReading]:
        """One reading for each image (gray uint8, any size, dark print on white), in the same order."""
        ...


class TimedRecogniser(Recogniser, Protocol):
    """A recogniser that counts the time it spends inside its model."""

    @property
    def forward_seconds(self) -> float: ...

    @property
    def forward_calls(self) -> int: ...


class TextDetector(Protocol):
    """Finds lines of text in a picture."""

    @property
    def name(self) -> str: ...

    def detect(self, image: GrayImage, scale: float = 1.0) -> list[tuple[Quad, float]]:
        """Quads in pixels of the image given, each with a score; the image is resized by scale for the model."""
        ...


class OrientationModel(Protocol):
    """Tells which way up a page lies."""

    @property
    def name(self) -> str: ...

    @property
    def reads(self) -> bool:
        """Whether read() can be asked."""
        ...

    def look(self, images: Sequence[GrayImage]) -> list[tuple[float, float, float, float]]:
        """For each image (gray uint8, any size) how likely it has to be turned clockwise by 0, 90, 180 and 270 degrees
        to stand upright; the four add up to 1."""
        ...

    def read(self, images: Sequence[GrayImage]) -> list[RawReading]:
        """One reading for each picture of a line, as Recogniser.read."""
        ...


def blank_gray(height: int, width: int) -> GrayImage:
    """White paper of that size."""
    return np.full((height, width), 255, dtype=np.uint8)
