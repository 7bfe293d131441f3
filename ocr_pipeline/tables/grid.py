"""Table grids from rulings: rulings > groups > boundaries > edges > cells, each step pure and drawable.

The chain follows the classic lattice method (Nurminen, 2013; pdfplumber's table finder), with measured sides in the
place of intersections so that worn rulings do not open cells.
"""

from __future__ import annotations

import numpy as np

from ocr_pipeline.clean.rulings import Rulings
from ocr_pipeline.geometry import Box, Mask, Quad
from ocr_pipeline.settings import TableSettings
from ocr_pipeline.stages import GridCell, TableGrid
from ocr_pipeline.tables.boundaries import Frame, find_frame
from ocr_pipeline.tables.edges import BoolGrid, Edges, Evidence, gather_evidence, measure_edges
from ocr_pipeline.tables.merge import Span, merge_squares
from ocr_pipeline.tables.parted import parted_sides
from ocr_pipeline.tables.regions import RulingGroup, group_rulings


def find_tables(rulings: Rulings, binary: Mask, em: float, settings: TableSettings) -> tuple[TableGrid, ...]:
    """The ruled tables of an upright page, from top to bottom.

    binary: the page's ink (255), second evidence where rulings are worn; em: height of the print in pixels.
    """
    grids = []
    groups = group_rulings(rulings, em, settings)
    if not groups:
        return ()
    evidence = gather_evidence(rulings, em, settings)
    for group in groups:
        grid = build_grid(group, evidence, rulings, binary, em, settings)
        if grid is not None:
            grids.append(grid)
    return _drop_frames(grids)


def build_grid(
    group: RulingGroup,
    evidence: tuple[Evidence, Evidence],
    rulings: Rulings,
    binary: Mask,
    em: float,
    settings: TableSettings,
) -> TableGrid | None:
    """The grid of one group of rulings; None when it encloses fewer than two cells."""
    frame = find_frame(group, em, settings)
    while True:
        if len(frame.rows) < 2 or len(frame.columns) < 2:
            return None
        edges = measure_edges(frame, evidence, em, settings)
        parted = parted_sides(edges.corners, binary, rulings, em, settings)
        spans = merge_squares(edges, parted, settings)
        kept = _needed(frame, edges, spans, settings)
        if len(kept.rows) == len(frame.rows) and len(kept.columns) == len(frame.columns):
            break
        frame = kept
    if len(spans) < 2 or not _is_table(frame, edges, em, settings):
        return None
    return _table_grid(frame, edges, spans, settings)


def _is_table(frame: Frame, edges: Edges, em: float, settings: TableSettings) -> bool:
    """Whether the outline is large enough and its top and bottom well enough ruled to be no strokes of large print."""
    width = float(np.ptp(edges.corners[..., 0]))
    height = float(np.ptp(edges.corners[..., 1]))
    if width < settings.min_width_em * em or height < settings.min_height_em * em:
        return False
    for side in (0, -1):
        lengths = np.diff(edges.corners[side, :, 0])
        ruled = float(np.dot(edges.rows[side], lengths) / max(float(lengths.sum()), 1.0))
        if not frame.rows[side].open and ruled < settings.edge_cover:
            return False
    return True


def _needed(frame: Frame, edges: Edges, spans: tuple[Span, ...], settings: TableSettings) -> Frame:
    """The frame without boundaries at which no cell begins or ends, and without outer ones nothing supports."""
    keep_rows: BoolGrid = np.zeros(len(frame.rows), bool)
    keep_columns: BoolGrid = np.zeros(len(frame.columns), bool)
    for span in spans:
        keep_rows[[span.row, span.row + span.row_span]] = True
        keep_columns[[span.col, span.col + span.col_span]] = True
    for side in (0, -1):
        if not frame.rows[side].open and not np.any(edges.rows[side] >= settings.edge_cover):
            keep_rows[side] = False
        if not frame.columns[side].open and not np.any(edges.columns[:, side] >= settings.edge_cover):
            keep_columns[side] = False
    return Frame(
        tuple(b for b, keep in zip(frame.rows, keep_rows, strict=True) if keep),
        tuple(b for b, keep in zip(frame.columns, keep_columns, strict=True) if keep),
    )


def _table_grid(frame: Frame, edges: Edges, spans: tuple[Span, ...], settings: TableSettings) -> TableGrid:
    corners = edges.corners
    cells = tuple(_cell(span, frame, edges, settings) for span in spans)
    box = Box(
        float(corners[..., 0].min()),
        float(corners[..., 1].min()),
        float(corners[..., 0].max()),
        float(corners[..., 1].max()),
    )
    return TableGrid(
        box=box,
        xs=tuple(float(v) for v in corners[..., 0].mean(axis=0)),
        ys=tuple(float(v) for v in corners[..., 1].mean(axis=1)),
        cells=cells,
        corners=tuple(tuple((float(x), float(y)) for x, y in row) for row in corners),
        row_thickness=tuple(b.thickness for b in frame.rows),
        col_thickness=tuple(b.thickness for b in frame.columns),
        open_top=frame.rows[0].open,
        open_bottom=frame.rows[-1].open,
    )


def _cell(span: Span, frame: Frame, edges: Edges, settings: TableSettings) -> GridCell:
    bottom, right = span.row + span.row_span, span.col + span.col_span
    quad = Quad.of_array(
        [
            edges.corners[span.row, span.col],
            edges.corners[span.row, right],
            edges.corners[bottom, right],
            edges.corners[bottom, span.col],
        ]
    )
    return GridCell(
        span.row,
        span.col,
        span.row_span,
        span.col_span,
        _inner_box(span, frame, edges),
        quad,
        _invented(span, edges, settings),
    )


def _inner_box(span: Span, frame: Frame, edges: Edges) -> Box:
    """The box between the rulings: the boundaries' extreme positions along the cell, less half their thickness."""
    bottom, right = span.row + span.row_span, span.col + span.col_span
    left_half, right_half = frame.columns[span.col].thickness / 2, frame.columns[right].thickness / 2
    top_half, bottom_half = frame.rows[span.row].thickness / 2, frame.rows[bottom].thickness / 2
    block = edges.corners[span.row : bottom + 1, span.col : right + 1]
    x0 = float(block[:, 0, 0].max()) + left_half
    x1 = float(block[:, -1, 0].min()) - right_half
    y0 = float(block[0, :, 1].max()) + top_half
    y1 = float(block[-1, :, 1].min()) - bottom_half
    return Box(x0, y0, max(x0, x1), max(y0, y1))


def _invented(span: Span, edges: Edges, settings: TableSettings) -> tuple[str, ...]:
    """The sides of a cell for which there is hardly any ruling ink; inner where ink inside a merged cell may be what is
    left of a ruling that parted it."""
    bottom, right = span.row + span.row_span, span.col + span.col_span
    sides = {
        "top": edges.rows[span.row, span.col : right],
        "right": edges.columns[span.row : bottom, right],
        "bottom": edges.rows[bottom, span.col : right],
        "left": edges.columns[span.row : bottom, span.col],
    }
    found = [name for name, cover in sides.items() if float(np.min(cover)) < settings.doubt_cover]
    inner = np.concatenate(
        [
            edges.rows[span.row + 1 : bottom, span.col : right].ravel(),
            edges.columns[span.row : bottom, span.col + 1 : right].ravel(),
        ]
    )
    if inner.size and float(inner.max()) >= settings.lost_cover:
        found.append("inner")
    return tuple(found)


def _drop_frames(grids: list[TableGrid]) -> tuple[TableGrid, ...]:
    """Tables without those that merely frame other tables."""
    kept = []
    for grid in grids:
        framed = [g for g in grids if g is not grid and _inside(g.box, grid.box)]
        if framed and len(grid.cells) <= 2:
            continue
        kept.append(grid)
    return tuple(kept)


def _inside(inner: Box, outer: Box) -> bool:
    return inner.area < outer.area and inner.intersection(outer) > 0.95 * inner.area
