"""What tracing finds on the way to rulings: pieces of lines, still with their pixels."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ocr_pipeline.clean.lines import Ruling
from ocr_pipeline.geometry import GrayImage, Mask


@dataclass(frozen=True)
class Piece:
    """A connected part of the traced mask: left, top, its pixels and which of them have ink, how thick it is (pixels);
    over, under: the shares of its length with strokes above and below; made_up: of several parts in one line."""

    x: int
    y: int
    part: npt.NDArray[np.bool_]
    ink: npt.NDArray[np.bool_]
    thickness: float
    over: float
    under: float
    made_up: bool = False

    @property
    def window(self) -> tuple[slice, slice]:
        """Rows and columns of the page."""
        height, width = self.part.shape
        return slice(self.y, self.y + height), slice(self.x, self.x + width)

    @property
    def length(self) -> int:
        """In pixels."""
        return self.part.shape[1]


@dataclass(frozen=True)
class Traced:
    """What looks like rulings of one direction: each with its piece. even: short pieces amid print that are
    drawn as rulings are. depth: by how many gray levels each pixel is darker than beside it; dark: see Rulings."""

    rulings: tuple[Ruling, ...]
    pieces: tuple[Piece, ...]
    even: tuple[Piece, ...]
    depth: GrayImage
    dark: Mask

    def only(self, keep: Sequence[bool]) -> Traced:
        """The same with those rulings alone that are to be kept, one truth value each; the very same if all are."""
        if all(keep):
            return self
        rulings, pieces = itertools.compress(self.rulings, keep), itertools.compress(self.pieces, keep)
        return replace(self, rulings=tuple(rulings), pieces=tuple(pieces))


def painted(pieces: Iterable[Piece], shape: tuple[int, ...]) -> Mask:
    """255 on the pixels of all pieces."""
    mask = np.zeros(shape, np.uint8)
    for piece in pieces:
        mask[piece.window][piece.part] = 255
    return mask


def as_one(line: list[Piece]) -> Piece:
    """Pieces of one level line, from left to right, as one."""
    left, right = line[0].x, max(piece.window[1].stop for piece in line)
    top, bottom = min(piece.y for piece in line), max(piece.window[0].stop for piece in line)
    part, ink = np.zeros((2, bottom - top, right - left), bool)
    for piece in line:
        rows, columns = piece.window
        window = slice(rows.start - top, rows.stop - top), slice(columns.start - left, columns.stop - left)
        part[window] |= piece.part
        ink[window] |= piece.ink
    widths = [piece.length for piece in line]
    thickness, over, under = (
        float(np.average(values, weights=widths))
        for values in zip(*((piece.thickness, piece.over, piece.under) for piece in line), strict=True)
    )
    return Piece(left, top, part, ink, thickness, over, under, made_up=True)
