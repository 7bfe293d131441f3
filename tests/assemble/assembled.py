"""Parts of tables and pages made by hand for the assembly tests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ocr_pipeline.assemble.captions import Captions
from ocr_pipeline.assemble.stitch import Placed
from ocr_pipeline.assemble.tables import PageTable
from ocr_pipeline.document import Cell, CellRole
from ocr_pipeline.geometry import Box, PageTransform, Quad
from ocr_pipeline.stages import (
    Crop,
    CropAddress,
    CropKind,
    GridCell,
    PageAnalysis,
    RawReading,
    TableGrid,
    TextLine,
)

DPI = 100.0
EM = 20.0
LEFT, WIDTH = 100.0, 600.0
PAGE = (800, 1100)
NO_PICTURE = np.zeros((0, 0), np.uint8)


def crop(
    width: float = 100.0, *, before: str = "", stacked: Sequence[int] = (), spread: int = 1, line: int = 0
) -> Crop:
    """A crop with ink of that width."""
    return Crop(
        CropAddress(0, CropKind.CELL, 0, 0, line),
        NO_PICTURE,
        Box(0, 0, width, EM),
        before,
        stacked=bool(stacked),
        line_lengths=tuple(stacked),
        spread=spread,
    )


def reading(text: str, score: float = 0.99) -> RawReading:
    return RawReading(text, score, (score,) * len(text))


Row = Sequence[str | tuple[str, int, int]]
"""Texts, or (text, row span, column span)."""


def placed(
    page: int,
    rows: Sequence[Row],
    *,
    xs: Sequence[float] | None = None,
    first: bool = True,
    last: bool = True,
    title: str = "",
    left: float = LEFT,
    width: float = WIDTH,
    above: Sequence[str] | None = None,
    below: Sequence[str] | None = None,
) -> Placed:
    """A table on its page, texts above it and below. Spans as in HTML: a cell takes the next free place of its row."""
    count = max(_taken(rows))
    edges = tuple(xs) if xs is not None else tuple(i / count for i in range(count + 1))
    cells = tuple(_cell(page, place, edges, left, width) for place in _places(rows))
    box = Box(left, 100, left + width, 100 + 30 * len(rows))
    table = PageTable(
        page=page,
        number=0,
        rows=len(rows),
        cols=count,
        cells=cells,
        xs=edges,
        left=left / DPI,
        right=(left + width) / DPI,
        box=box,
        upright_box=box,
        ruled=True,
    )
    captions = Captions(tuple(above or ()))
    return Placed(
        table,
        first=first and not above,
        last=last and not below,
        title=title,
        captions=captions,
        below=tuple(below or ()) if last else None,
    )


def _places(rows: Sequence[Row]) -> list[tuple[int, int, int, int, str]]:
    taken: set[tuple[int, int]] = set()
    places = []
    for r, row in enumerate(rows):
        col = 0
        for item in row:
            text, height, width = (item, 1, 1) if isinstance(item, str) else item
            while (r, col) in taken:
                col += 1
            taken |= {(r + i, col + j) for i in range(height) for j in range(width)}
            places.append((r, col, height, width, text))
            col += width
    return places


def _taken(rows: Sequence[Row]) -> list[int]:
    return [col + width for _, col, _, width, _ in _places(rows)]


def _cell(
    page: int, place: tuple[int, int, int, int, str], xs: Sequence[float], left: float, table_width: float
) -> Cell:
    row, col, height, width, text = place
    x0, x1 = (left + xs[i] * table_width for i in (col, col + width))
    box = Box(x0, 100 + 30 * row, x1, 100 + 30 * (row + height))
    score = 0.95 if text else 1.0
    return Cell(row, col, height, width, text, text, score, CellRole.DATA, page, box, Quad.of_box(box))


def analysis(
    index: int,
    tables: Sequence[tuple[float, Sequence[Row]]] = (),
    lines: Sequence[tuple[float, str]] = (),
    *,
    transform: PageTransform | None = None,
) -> tuple[PageAnalysis, dict[CropAddress, RawReading]]:
    """A page and its readings. tables: (top, rows), 30 pixels a row; lines: (top, text)."""
    readings: dict[CropAddress, RawReading] = {}
    crops: list[Crop] = []
    grids = []
    for number, (top, rows) in enumerate(tables):
        grid = _grid(top, rows)
        grids.append(grid)
        for item, (cell, (*_, text)) in enumerate(zip(grid.cells, _places(rows), strict=True)):
            for line, part in enumerate(text.split("\n") if text else ()):
                address = CropAddress(index, CropKind.CELL, number, item, line)
                ink = Box(cell.box.x0 + 5, cell.box.y0 + 5, cell.box.x0 + 5 + EM * len(part), cell.box.y0 + 5 + EM)
                crops.append(Crop(address, NO_PICTURE, ink, before="\n" if line else ""))
                readings[address] = reading(part)
    found = []
    for number, (top, text) in enumerate(lines):
        box = Box(LEFT, top, LEFT + EM * len(text), top + EM)
        address = CropAddress(index, CropKind.LINE, -1, number)
        crops.append(Crop(address, NO_PICTURE, box))
        readings[address] = reading(text)
        found.append(TextLine(Quad.of_box(box), 1.0))
    page = PageAnalysis(
        index=index,
        transform=transform or PageTransform.identity(*PAGE),
        dpi=DPI,
        dpi_estimated=False,
        skew=0.0,
        skew_confidence=1.0,
        orientation=0,
        text_height=EM,
        blank=False,
        tables=tuple(grids),
        lines=tuple(found),
        seals=(),
        crops=tuple(crops),
    )
    return page, readings


def _grid(top: float, rows: Sequence[Row]) -> TableGrid:
    count = max(_taken(rows))
    xs = tuple(LEFT + WIDTH * i / count for i in range(count + 1))
    ys = tuple(top + 30.0 * i for i in range(len(rows) + 1))
    cells = []
    for row, col, height, width, _ in _places(rows):
        box = Box(xs[col], ys[row], xs[col + width], ys[row + height])
        cells.append(GridCell(row, col, height, width, box, Quad.of_box(box)))
    return TableGrid(Box(xs[0], ys[0], xs[-1], ys[-1]), xs, ys, tuple(cells))


def at(item: Placed, **changes: object) -> Placed:
    return replace(item, **changes)  # type: ignore[arg-type]
