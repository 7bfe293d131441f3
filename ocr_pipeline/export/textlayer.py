"""Where each reading of a page goes as invisible text: pieces of one line each, in source pixels.

Readers of PDF search each line by itself. A word that a narrow cell prints a character or two at a time, one below the
other, is therefore laid as one line that runs down the cell: it is found whole, and each character where it stands.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from ocr_pipeline.document import Block, Cell, Document, Table
from ocr_pipeline.export.clearing import clear_part, is_tilted
from ocr_pipeline.export.flow import reading_flow
from ocr_pipeline.export.glyphless import ASCENT, text_length
from ocr_pipeline.geometry import Box, Point, Quad

_CELL_MARGIN = 0.25
"""Blank at a cell's left and right, in line heights. Readers join two texts closer than about 0.15 to one word, and
then the numbers of neighbouring cells would be one number."""
_MAX_MARGIN = 0.15
"""But no more than this part of the cell's width."""
_CELL_FILL = 0.9
"""How much of a cell's height its lines take together."""
_NARROWEST_PRINT = 2.0
"""A line is at most this many times as high as its characters are wide; narrower type is not printed."""
_TALLEST = 1.5
"""A line is at most this many times as high as the page's usual one: a word in a cell over ten rows is not ten rows
high, and readers sort text by its height."""

_STACKED = 2
"""Characters in a line, at most, of a word that stands upright in a narrow cell."""

_SMALL = 0.4
"""Where lines would be smaller than this part of their size on paper, they are set as one line."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One line of text. start, end: its baseline from the first to past the last character; height: its line height;
    all in source pixels. parted: another text may follow close by on the same line, as in a table."""

    text: str
    start: Point
    end: Point
    height: float
    parted: bool


@dataclass(frozen=True, slots=True)
class _Place:
    """Lines to be set one below the other in a quad."""

    lines: tuple[str, ...]
    quad: Quad
    fill: float
    margin: float


def text_pieces(document: Document) -> dict[int, list[Piece]]:
    """For each page index the lines of text on it, in reading order."""
    places: dict[int, list[_Place]] = {page.index: [] for page in document.pages}
    boxes: dict[int, list[Box]] = defaultdict(list)
    for table in document.tables:
        for cell in table.cells:
            boxes[cell.page].append(cell.box)
    for page, items in reading_flow(document, repeated_titles=True):
        for item in items:
            if isinstance(item, Table):
                for cell in item.cells:
                    places.setdefault(cell.page, []).extend(_cell_places(cell, boxes[cell.page]))
            elif page is not None:
                places[page.index].extend(_block_places(item, boxes[page.index]))
    return {index: list(_pieces(found)) for index, found in places.items() if found}


def printed_lines(text: str, raw: str) -> tuple[str, ...]:
    """The cleaned text cut into lines where the raw reading has them, whole when the two do not match by count."""
    lengths = [count for count in (_solid(line) for line in raw.split("\n")) if count]
    if len(lengths) < 2 or sum(lengths) != _solid(text):
        return tuple(line for line in [_one_line(text)] if line)
    lines, start = [], 0
    for length in lengths:
        end = start
        while length:
            length -= not text[end].isspace()
            end += 1
        lines.append(_one_line(text[start:end]))
        start = end
    return tuple(lines)


def _solid(text: str) -> int:
    return sum(not char.isspace() for char in text)


def _one_line(text: str) -> str:
    kept = (char for char in text if char.isspace() or unicodedata.category(char) not in ("Cc", "Cs"))
    return " ".join("".join(kept).split())


def _cell_places(cell: Cell, boxes: Sequence[Box]) -> Iterator[_Place]:
    lines = printed_lines(cell.text, cell.raw)
    if lines:
        near = [other for other in boxes if other is not cell.box and other.intersection(cell.box)]
        yield _cleared(_Place(lines, cell.quad, _CELL_FILL, _CELL_MARGIN), cell.text, near)


def _block_places(block: Block, boxes: Sequence[Box]) -> Iterator[_Place]:
    for line in block.lines or (block,):
        lines = printed_lines(line.text, line.raw)
        if lines:
            near = [other for other in boxes if other.intersection(line.box)]
            yield _cleared(_Place(lines, line.quad, 1.0, 0.0), line.text, near)


def _cleared(place: _Place, text: str, near: Sequence[Box]) -> _Place:
    """The place as it is; on a crooked page level, and clear of the boxes near it if any part is. Where there is
    hardly room for lines the text is set as one."""
    if not near or not is_tilted(place.quad):
        return place
    several = _level(place, near)
    together = _level(replace(place, lines=(_one_line(text),)), near)
    if several is None or together is None:
        return place
    return together if _line_height(several) < _SMALL * _line_height(place) < _line_height(together) else several


def _level(place: _Place, near: Sequence[Box]) -> _Place | None:
    longest = max(text_length(line) for line in place.lines)
    part = clear_part(place.quad, near, len(place.lines), longest, _line_height(place))
    return None if part is None else replace(place, quad=part)


def _pieces(places: Iterable[_Place]) -> Iterator[Piece]:
    found = list(places)
    usual = median(_line_height(place) for place in found)
    for place in found:
        laid = _downwards(place) if _is_stacked(place.lines) else place
        yield from _set_lines(laid, min(_line_height(laid), _TALLEST * usual))


def _line_height(place: _Place) -> float:
    even = place.fill * _height(place.quad) / len(place.lines)
    longest = max(text_length(line) for line in place.lines)
    return min(even, _NARROWEST_PRINT * _width(place.quad) / longest)


def _downwards(place: _Place) -> _Place:
    """A stacked word as one line from the upper edge to the lower."""
    upper_left, upper_right, lower_right, lower_left = place.quad.points
    turned = Quad((upper_right, lower_right, lower_left, upper_left))
    return replace(place, lines=("".join(place.lines),), quad=turned)


def _is_stacked(lines: Sequence[str]) -> bool:
    """Whether lines are a word set upright: of one or two characters of full width each. (Numbers one below the other
    are two.)"""
    return len(lines) > 1 and all(text_length(line) == len(line) <= _STACKED for line in lines)


def _set_lines(place: _Place, line_height: float) -> Iterator[Piece]:
    width, height = max(_width(place.quad), 0.1), max(_height(place.quad), 0.1)
    line_height = max(line_height, 0.1)
    inset = min(place.margin * line_height / width, _MAX_MARGIN)
    top = (height - line_height * len(place.lines)) / 2
    for number, line in enumerate(place.lines):
        down = (top + line_height * (number + ASCENT / 1000)) / height
        start, end = place.quad.at(inset, down), place.quad.at(1 - inset, down)
        yield Piece(line, start, end, line_height, parted=place.margin > 0)


def _width(quad: Quad) -> float:
    return _distance(quad.at(0, 0.5), quad.at(1, 0.5))


def _height(quad: Quad) -> float:
    return _distance(quad.at(0.5, 0), quad.at(0.5, 1))


def _distance(first: Point, second: Point) -> float:
    return float(((first[0] - second[0]) ** 2 + (first[1] - second[1]) ** 2) ** 0.5)
