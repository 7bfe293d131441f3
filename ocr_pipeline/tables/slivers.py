"""Boundaries that are strokes of print: they part rows too low for any print, or run through a single low cell.

A dash as wide as its cell, or the feet of a long number, is as long as a ruling is in that column, and stands as free.
But a ruling there would leave rows lower than the print in them, and of other cells it parts none or few.
"""

from __future__ import annotations

import numpy as np

from ocr_pipeline.geometry import FloatArray
from ocr_pipeline.settings import TableSettings
from ocr_pipeline.tables.boundaries import Boundary, Frame
from ocr_pipeline.tables.edges import BoolGrid, Edges, hang_together, share_along
from ocr_pipeline.tables.merge import ruled_sides


def without_slivers(frame: Frame, edges: Edges, em: float, settings: TableSettings) -> Frame:
    """The frame without such boundaries; the very same where there is none. em: height of the print in pixels."""
    levels = edges.corners[..., 1].mean(axis=1)
    widths = np.diff(edges.corners[..., 0], axis=1)
    shares = share_along(edges.rows >= settings.edge_cover, widths)
    worn = share_along(edges.row_free, widths) >= settings.chain_share
    rows = _parting_slivers(levels, shares, worn, em, settings) & ~_worn_across(edges, widths, settings)
    rows &= ~_long_and_free(frame.rows, edges, widths, em, settings)
    ruled = ruled_sides(edges, em, settings)[1]
    heights = np.diff(edges.corners[..., 1], axis=0)
    lengths = np.sum(heights * ruled, axis=0)
    lone = (lengths > 0) & (lengths < settings.through_em * em) & (len(frame.rows) > settings.sliver_rows)
    lone[[0, -1]] = False
    rows |= _outer_of_two(frame.rows, frame.columns, levels, em, settings)
    lone |= _outer_of_two(frame.columns, frame.rows, edges.corners[..., 0].mean(axis=0), em, settings)
    if not rows.any() and not lone.any():
        return frame
    return frame.only(~rows, ~lone)


def _long_and_free(
    rows: tuple[Boundary, ...], edges: Edges, widths: FloatArray, em: float, settings: TableSettings
) -> BoolGrid:
    """Which boundaries are longer than any stroke, and much of what they are made of stands free: rulings that end at
    merged cells, worn as they may be. widths: of the sides along them, pixels."""
    long = np.array([row.longest >= settings.free_length_em * em for row in rows])
    drawn = np.array([row.total for row in rows])
    found: BoolGrid = long & (np.sum(edges.row_free * widths, axis=1) >= settings.chain_share * drawn)
    return found


def _outer_of_two(
    boundaries: tuple[Boundary, ...],
    crossing: tuple[Boundary, ...],
    places: FloatArray,
    em: float,
    settings: TableSettings,
) -> BoolGrid:
    """Which outermost boundaries are the outer line of a double frame: the next one is drawn as far without a break,
    which strokes of print seldom are, and far nearer than rows (columns) are to each other; and the rulings within end
    at it, where those of a table go on to its frame past print. crossing: those; places: where the boundaries lie."""
    gone: BoolGrid = np.zeros(len(places), bool)
    if len(places) < _FRAMED:
        return gone
    room = min(settings.sliver_em * em, settings.outer_gap * float(np.median(np.diff(places))))
    for outer, inner in ((0, 1), (-1, -2)):
        ends = [end for piece in boundaries[outer].pieces for end in piece]
        far = max(ends) - min(ends) if ends else 0.0
        near = abs(places[inner] - places[outer]) <= room
        drawn = near and boundaries[inner].longest >= settings.outer_share * far > 0
        gone[outer] = drawn and not _go_on(crossing[1:-1], (places[outer] + places[inner]) / 2, first=outer == 0)
    return gone


def _go_on(crossing: tuple[Boundary, ...], place: float, *, first: bool) -> bool:
    """Whether most of the rulings across reach a place near their first or last ends."""
    reaching = [
        any(start <= place if first else end >= place for start, end in ruled.pieces)
        for ruled in crossing
        if ruled.pieces
    ]
    return sum(reaching) > len(reaching) / 2


_FRAMED = 6
"""A double frame around two rows or columns at least has so many boundaries."""


def _worn_across(edges: Edges, widths: FloatArray, settings: TableSettings) -> BoolGrid:
    """Which boundaries of rows are worn rulings: no side of them may be whole, yet much of them is there, over all of
    the table or one stretch of it, and some of it runs across a ruling or up to several, as no print does. Dashes as
    wide as their cells reach rulings, too, but stand here and there."""
    drawn = share_along(edges.row_free, widths) >= settings.chain_share
    dark = edges.row_ends >= settings.end_cover
    crosses: BoolGrid = np.any(dark[:, :-1, 1] & dark[:, 1:, 0], axis=1)
    seen = edges.row_free >= settings.lost_cover
    free = share_along(edges.row_free, widths * seen) >= settings.free_cover
    reached = np.sum((edges.row_ends >= settings.sound_end) & seen[..., None], axis=(1, 2)) >= settings.worn_ends
    return (drawn & crosses) | (free & reached & hang_together(seen, widths, settings))


def _parting_slivers(
    levels: FloatArray, shares: FloatArray, worn: BoolGrid, em: float, settings: TableSettings
) -> BoolGrid:
    """Which inner boundaries of rows are ruled in few cells and leave a row lower than print beside them, or are ruled
    nowhere for certain and leave one that is low for the table. levels: where they lie; shares: how much of each is
    ruled; worn: which are rulings all the same, in pieces."""
    gone: BoolGrid = np.zeros(len(levels), bool)
    whole = levels[(shares >= settings.edge_cover) | worn]
    if len(whole) < 2:
        return gone
    usual = float(np.median(np.diff(whole)))
    gaps, together = np.minimum(np.diff(levels)[:-1], np.diff(levels)[1:]), levels[2:] - levels[:-2]
    few, none = shares[1:-1] < settings.sliver_share, shares[1:-1] == 0
    # Of many whole rows the usual height is known.
    split = (together < settings.sliver_whole * usual) & (len(whole) > settings.sliver_rows)
    no_room = (gaps < settings.sliver_em * em) | split
    gone[1:-1] = (gaps < settings.sliver_row * usual) & (none | (few & no_room))
    return gone & ~_beside_weaker(gone, shares)


def _beside_weaker(gone: BoolGrid, shares: FloatArray) -> BoolGrid:
    """Which boundaries are next to one that is ruled less and goes as well: without that there may be room for them."""
    weaker: BoolGrid = np.zeros(len(gone), bool)
    weaker[1:] |= gone[:-1] & (shares[:-1] < shares[1:])
    weaker[:-1] |= gone[1:] & (shares[1:] < shares[:-1])
    return weaker
