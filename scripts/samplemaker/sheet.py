"""What the typesetter hands to the drawer: pages of lines, rulings and cells, in points of the print."""

from __future__ import annotations

from dataclasses import dataclass

from .geometry import Box
from .grid import Grid
from .typeset import Line


@dataclass(frozen=True)
class Rule:
    """A straight ruling. Width in points.

    Roles: outer, header (under the header rows) and inner are level; side and column upright; footer
    rules off the 抄送 lines; diagonal slants through a header cell.
    """

    page: int
    x0: float
    y0: float
    x1: float
    y1: float
    width: float
    role: str


@dataclass(frozen=True)
class Block:
    """One paragraph, or the part of it on one page (`continued` for all parts but the first)."""

    page: int
    role: str
    lines: tuple[Line, ...]
    continued: bool = False

    @property
    def text(self) -> str:
        """The joined text of the lines."""
        return "".join(line.text for line in self.lines)


@dataclass(frozen=True)
class Piece:
    """The part of a table cell on one page: the box its rulings enclose (their middles) and its lines."""

    cell: int
    page: int
    box: Box
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class PrintedTable:
    """A grid with the place of each row: (page, top, bottom). repeats: header cells printed again after a page break,
    which the truth holds once."""

    id: str
    grid: Grid
    rows: tuple[tuple[int, float, float], ...]
    edges: tuple[float, ...]
    pieces: tuple[Piece, ...]
    repeats: tuple[Piece, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """A typeset document. `seal_spot` is (page, x, y) of the middle of the office seal."""

    pages: int
    size: tuple[float, float]
    blocks: tuple[Block, ...]
    rules: tuple[Rule, ...]
    tables: tuple[PrintedTable, ...]
    seal_spot: tuple[int, float, float] | None
