"""What the layout stage works on: read lines of text, page by page."""

from __future__ import annotations

from dataclasses import dataclass

from ocr_pipeline.document import Flag
from ocr_pipeline.geometry import Box, Quad


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line of running text with its reading. text is cleaned (`text.clean_text`), raw as the recogniser gave it,
    score 0 to 1; box in upright pixels, quad_source and box_source in source pixels."""

    text: str
    raw: str
    score: float
    box: Box
    quad_source: Quad
    box_source: Box
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True, slots=True)
class LayoutPage:
    """A page's lines, in any order. index: 0-based; width, height: of the upright frame in pixels; text_height: usual
    height of a printed character in upright pixels; obstacles: the boxes of its tables, upright pixels; first_columns:
    how many columns the topmost of them has."""

    index: int
    width: float
    height: float
    text_height: float
    lines: tuple[ReadLine, ...]
    obstacles: tuple[Box, ...] = ()
    first_columns: int = 0
