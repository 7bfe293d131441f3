"""Table grids from rulings: rulings > groups > boundaries > edges > cells, each step pure and drawable.

The chain follows the classic lattice method (Nurminen, 2013; pdfplumber's table finder), with measured sides in the
place of intersections so that worn rulings do not open cells.
"""

from __future__ import annotations

import cv2
import numpy as np

from ocr_pipeline.clean.lines import Rulings
from ocr_pipeline.geometry import Box, FloatArray, Mask, Quad
from ocr_pipeline.settings import TableSettings
from ocr_pipeline.stages import GridCell, TableGrid
from ocr_pipeline.tables.boundaries import Boundary, Frame, find_frame
from ocr_pipeline.tables.chains import chain_rulings
from ocr_pipeline.tables.courses import led_on
from ocr_pipeline.tables.dashed import with_dashed
from ocr_pipeline.tables.doubles import merge_doubles
from ocr_pipeline.tables.edges import BoolGrid, Edges, Evidence, gather_evidence, measure_edges, share_along
from ocr_pipeline.tables.lost_lines import with_lost_lines
from ocr_pipeline.tables.merge import Span, merge_squares, ruled_sides
from ocr_pipeline.tables.parted import find_extents
from ocr_pipeline.tables.regions import group_rulings
from ocr_pipeline.tables.residue import with_edge, without_leaning, without_residue
from ocr_pipeline.tables.slivers import without_slivers
from ocr_pipeline.tables.stacks import join_stacks
from ocr_pipeline.tables.strokes import without_prolonging, without_strokes
from ocr_pipeline.tables.worn import worn_sides


def find_tables(
    rulings: Rulings, binary: Mask, em: float, settings: TableSettings, stamped: Mask | None = None
) -> tuple[TableGrid, ...]:
    """The ruled tables of an upright page, from top to bottom.

    binary: the page's ink (255), second evidence where rulings are worn; em: height of the print in pixels; stamped:
    255 where stamp ink was taken out, what it leaves is no ruling.
    """
    grids = []
    rulings, printed = without_leaning(rulings, binary, em, settings)
    if stamped is not None:
        ink = with_edge(stamped, em, settings)
        rulings = without_residue(rulings, ink, em, settings)
        printed = cv2.bitwise_and(printed, cv2.bitwise_not(ink)).astype(np.uint8, copy=False)
    rulings = chain_rulings(merge_doubles(rulings, em, settings), em, settings)
    groups = group_rulings(rulings, em, settings)
    if not groups:
        return ()
    evidence = gather_evidence(rulings, binary, em, settings)
    groups = with_lost_lines(groups, rulings, evidence, em, settings)
    groups = join_stacks(groups, rulings, binary, em, settings)
    for group in groups:
        frame = with_dashed(led_on(find_frame(group, em, settings)), printed, em, settings)
        grid = build_grid(frame, evidence, rulings, binary, em, settings)
        if grid is not None:
            grids.append(grid)
    return _without_lone_strips(_drop_frames(grids), binary, em)


def build_grid(
    frame: Frame,
    evidence: tuple[Evidence, Evidence],
    rulings: Rulings,
    binary: Mask,
    em: float,
    settings: TableSettings,
) -> TableGrid | None:
    """The grid of one table's boundaries; None when they enclose fewer than two cells."""
    trimmed = False
    while True:
        if len(frame.rows) < 2 or len(frame.columns) < 2:
            return None
        edges = measure_edges(frame, evidence, em, settings)
        slim = without_slivers(frame, edges, em, settings)
        slim = without_strokes(frame, edges, binary, em, settings) if slim is frame else slim
        if slim is not frame:
            frame = slim
            continue
        across, down = find_extents(edges.corners, binary, rulings, em, settings)
        ruled = ruled_sides(edges, em, settings)
        ruled = ruled[0], without_prolonging(frame, edges, ruled[1], binary, em, settings)
        odds = worn_sides(edges, across, down, ruled, em, settings)
        ruled = ruled[0] | (odds[0] > settings.worn_odds), ruled[1] | (odds[1] > settings.worn_odds)
        spans = merge_squares(ruled, odds)
        bounds = [_bounds(frame, edges, side, binary, em, settings) for side in (0, -1)]
        trimmed = trimmed or not all(bounds)
        kept = _needed(frame, edges, spans, bounds, settings)
        if len(kept.rows) == len(frame.rows) and len(kept.columns) == len(frame.columns):
            break
        frame = kept
    if not _is_table(edges, em, settings) or (len(spans) < 2 and not _is_strip(frame, edges, em, settings)):
        return None
    if len(frame.columns) == 2 and float(edges.columns.max()) < settings.edge_cover:
        return None  # lines of print between rulings, as 抄送 and 印发 at a document's end
    # What is left of a group of strokes may look ruled all over: then true rulings are asked for both ways.
    # The tops and the feet of a line of large print are two lines, too.
    least = settings.edge_cover if len(frame.rows) > 2 else settings.strip_outline
    doubtful = trimmed or not all(f.open or share >= least for f, share in _outline(frame, edges))
    if doubtful and not _truly_ruled(frame, em, settings):
        return None
    if _supported(frame, edges, spans, settings) < settings.least_supported:
        return None
    suspects = odds[0] > settings.suspect_odds, odds[1] > settings.suspect_odds
    return _table_grid(frame, edges, spans, suspects, settings)


def _is_strip(frame: Frame, edges: Edges, em: float, settings: TableSettings) -> bool:
    """Whether a single cell is as wide and low as a row of a table, and soundly ruled all round; one of its ends may be
    worn away where the top and the foot end together."""
    width, height = float(np.ptp(edges.corners[..., 0])), float(np.ptp(edges.corners[..., 1]))
    ends = [float(edges.columns[0, i]) for i in (0, -1) if not frame.columns[i].open]
    return bool(
        width >= settings.strip_width_em * em
        and height <= settings.strip_height_em * em
        and len(ends) > 0
        and min(*edges.rows[:, 0], *ends) >= settings.edge_cover
    )


def _without_lone_strips(grids: tuple[TableGrid, ...], binary: Mask, em: float) -> tuple[TableGrid, ...]:
    """The grids without single cells in the midst of a page: those are framed text. At its head or foot, with a running
    line at most beyond, such a cell is the row of a table that a page break cut off."""
    return tuple(grid for grid in grids if len(grid.cells) > 1 or _at_an_end(grid, binary, em))


def _at_an_end(grid: TableGrid, binary: Mask, em: float) -> bool:
    width = slice(max(0, int(grid.box.x0)), int(grid.box.x1))
    above, below = binary[: max(0, int(grid.box.y0 - 0.5 * em)), width], binary[int(grid.box.y1 + 0.5 * em) :, width]
    return min(_printed_height(above, em), _printed_height(below, em)) <= 1.5 * em


def _printed_height(ink: Mask, em: float) -> int:
    """Rows of pixels with print in them, specks left aside."""
    return int(np.count_nonzero(np.count_nonzero(ink, axis=1) > 0.25 * em))


def _supported(frame: Frame, edges: Edges, spans: tuple[Span, ...], settings: TableSettings) -> float:
    """The share of all cells' sides for which there is ruling ink; open sides of the table have no say."""
    found: list[FloatArray] = []
    rows, columns = np.maximum(edges.rows, edges.row_free), np.maximum(edges.columns, edges.column_free)
    for span in spans:
        bottom, right = span.row + span.row_span, span.col + span.col_span
        found += [rows[i, span.col : right] for i in (span.row, bottom) if not frame.rows[i].open]
        found += [columns[span.row : bottom, j] for j in (span.col, right) if not frame.columns[j].open]
    return float(np.mean(np.concatenate(found) >= settings.doubt_cover)) if found else 0.0


def _is_table(edges: Edges, em: float, settings: TableSettings) -> bool:
    """Whether the outline is large enough to be no strokes of large print: a wide one that is soundly ruled above and
    below may be a row of print that is smaller than the page's."""
    width = float(np.ptp(edges.corners[..., 0]))
    height = float(np.ptp(edges.corners[..., 1]))
    drawn = width >= settings.strip_width_em * em and bool(np.all(edges.rows[[0, -1]] >= settings.edge_cover))
    least = settings.sliver_em if drawn else settings.min_height_em
    return width >= settings.min_width_em * em and height >= least * em


def _bounds(frame: Frame, edges: Edges, side: int, binary: Mask, em: float, settings: TableSettings) -> bool:
    """Whether the top (0) or bottom (-1) boundary is well enough ruled to be no strokes of print near the table: over
    most of its length, or worn, but in pieces that make up a ruling together; an open one where rulings go on to it
    that stand free: the strokes of a title above a table, or the first characters of two lines below it, prolong its
    rulings, too. Nor does a bare frame go on: browsers draw it down to the end of a page that breaks a table."""
    if frame.rows[side].open:
        ruled = edges.columns[side] >= settings.doubt_cover
        if ruled.size > 2 and not np.any(ruled[1:-1]) and _is_blank(edges, side, binary, em, settings):
            return False
        return bool(np.any(ruled & (edges.column_free[side] >= settings.stroke_free)))
    width = float(np.ptp(edges.corners[side, :, 0]))
    ruled = _outline(frame, edges)[side][1]
    if ruled >= settings.edge_cover:
        return True
    least = max(0.5 * width, settings.free_length_em * em)
    whole = _longest(frame.rows[side]) >= settings.chain_piece_em * em
    seen = max(ruled, _along(edges.row_free[side], edges, side))
    return seen >= settings.worn_outline and whole and frame.rows[side].total >= least


def _is_blank(edges: Edges, side: int, binary: Mask, em: float, settings: TableSettings) -> bool:
    """Whether nothing is printed between the two topmost (0) or the two lowest (-1) boundaries."""
    upper, lower = edges.corners[:2] if side == 0 else edges.corners[-2:]
    room = settings.snap_em * em
    rows = slice(max(0, int(upper[:, 1].max() + room)), max(0, int(lower[:, 1].min() - room)))
    columns = slice(max(0, int(upper[0, 0] + room)), max(0, int(upper[-1, 0] - room)))
    # Specks may lie beside each other; no line of print is as low.
    return _printed_height(binary[rows, columns], em) < settings.snap_em * em


def _outline(frame: Frame, edges: Edges) -> list[tuple[Boundary, float]]:
    """The top and the bottom boundary, and how much of each is ruled."""
    return [(frame.rows[side], _along(edges.rows[side], edges, side)) for side in (0, -1)]


def _along(shares: FloatArray, edges: Edges, side: int) -> float:
    """The share of the whole top (0) or bottom (-1) boundary, from those of its sides."""
    return float(share_along(shares, np.diff(edges.corners[side, :, 0])))


def _truly_ruled(frame: Frame, em: float, settings: TableSettings) -> bool:
    """Whether there are rulings longer than any stroke: the first and the last one across, and one at least that runs
    down."""
    rows = [boundary for boundary in frame.rows if not boundary.open]
    level = min(_longest(boundary) for boundary in (rows[0], rows[-1])) if rows else 0.0
    upright = max(_longest(boundary) for boundary in frame.columns)
    return level >= settings.free_length_em * em and upright >= settings.chain_piece_em * em


def _longest(boundary: Boundary) -> float:
    return max((end - start for start, end in boundary.pieces), default=0.0)


def _needed(frame: Frame, edges: Edges, spans: tuple[Span, ...], bounds: list[bool], settings: TableSettings) -> Frame:
    """The frame without boundaries at which no cell begins or ends, and without outer ones nothing supports.

    bounds: whether the top and the bottom one are well enough ruled.
    """
    keep_rows: BoolGrid = np.zeros(len(frame.rows), bool)
    keep_columns: BoolGrid = np.zeros(len(frame.columns), bool)
    for span in spans:
        keep_rows[[span.row, span.row + span.row_span]] = True
        keep_columns[[span.col, span.col + span.col_span]] = True
    for side in (0, -1):
        if not bounds[side]:
            keep_rows[side] = False
        if not frame.columns[side].open and not np.any(edges.columns[:, side] >= settings.edge_cover):
            keep_columns[side] = False
    return frame.only(keep_rows, keep_columns)


def _table_grid(
    frame: Frame, edges: Edges, spans: tuple[Span, ...], suspects: tuple[BoolGrid, BoolGrid], settings: TableSettings
) -> TableGrid:
    """suspects: sides of which it is nearly as likely as not that they were ruled once."""
    corners = edges.corners
    cells = tuple(_cell(span, frame, edges, suspects, settings) for span in spans)
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


def _cell(
    span: Span, frame: Frame, edges: Edges, suspects: tuple[BoolGrid, BoolGrid], settings: TableSettings
) -> GridCell:
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
        _invented(span, edges, suspects, settings),
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


def _invented(
    span: Span, edges: Edges, suspects: tuple[BoolGrid, BoolGrid], settings: TableSettings
) -> tuple[str, ...]:
    """The sides of a cell for which there is hardly any ruling ink; inner where ink inside a merged cell may be what is
    left of a ruling that parted it."""
    bottom, right = span.row + span.row_span, span.col + span.col_span
    sides = {
        "top": edges.rows[span.row, span.col : right],
        "right": edges.columns[span.row : bottom, right],
        "bottom": edges.rows[bottom, span.col : right],
        "left": edges.columns[span.row : bottom, span.col],
    }
    found = [name for name, cover in sides.items() if min(cover.tolist()) < settings.doubt_cover]
    if span.row_span == span.col_span == 1:
        return tuple(found)
    inner = np.concatenate(
        [
            edges.rows[span.row + 1 : bottom, span.col : right].ravel(),
            edges.columns[span.row : bottom, span.col + 1 : right].ravel(),
        ]
    )
    suspected = np.any(suspects[0][span.row + 1 : bottom, span.col : right]) or np.any(
        suspects[1][span.row : bottom, span.col + 1 : right]
    )
    if inner.size and (suspected or float(inner.max()) >= settings.lost_cover):
        found.append("inner")
    return tuple(found)


def _drop_frames(grids: list[TableGrid]) -> tuple[TableGrid, ...]:
    """Tables without those that merely frame other tables: the border of a page, of a window on a screen."""
    kept = []
    for grid in grids:
        framed = [g for g in grids if g is not grid and _inside(g.box, grid.box)]
        if framed and len(grid.cells) <= max(2, sum(len(g.cells) for g in framed)):
            continue
        kept.append(grid)
    return tuple(kept)


def _inside(inner: Box, outer: Box) -> bool:
    return inner.area < outer.area and inner.intersection(outer) > 0.95 * inner.area
