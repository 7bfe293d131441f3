"""Lines that part print: on either side of a lost ruling stands print of its own, square after square.

A piece or two of a worn ruling say little by themselves. Where print keeps away from their line over the whole table
and stands on both sides of it in several squares, they are what is left of a ruling.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np

from ocr_pipeline.clean.lines import Ruling, Rulings
from ocr_pipeline.geometry import Mask
from ocr_pipeline.settings import TableSettings
from ocr_pipeline.tables.boundaries import Boundary
from ocr_pipeline.tables.edges import BoolArray


@dataclass(frozen=True)
class Corridor:
    """How print stands along a line that may part squares in two: in how many of them there is some on both sides, and
    in how many behind the first of these on the line itself: headers run across several columns."""

    beside: int
    crossed: int


def find_corridor(
    line: Ruling,
    neighbours: tuple[Boundary, Boundary],
    across: tuple[Boundary, ...],
    ink: Mask,
    rulings: Rulings,
    em: float,
    settings: TableSettings,
    *,
    level: bool,
) -> Corridor:
    """The print along a line between two boundaries, in the squares between those that run across.

    line: its pieces in one; ink: 255 for all ink of the page; em: height of the
    print in pixels; level: whether the line is one between rows.
    """
    (before, behind), place = neighbours, line.middle
    inset, aside = settings.touch_em * em, settings.corridor_em * em / 2
    beside = crossed = 0
    for start, end in itertools.pairwise(boundary.at(place) for boundary in across):
        middle = (start + end) / 2
        where = place + before.at(middle) - before.middle
        low, high = before.at(middle) + inset, behind.at(middle) - inset
        print_at = _profile((low, high), (start + inset, end - inset), ink, rulings, level=level)
        cut = where - low
        first, last = max(0, round(cut - aside)), max(0, round(cut + aside))
        if _width_at(print_at, cut) > settings.corridor_em * em:
            crossed += beside > 0
        elif all(
            np.count_nonzero(part) >= settings.corridor_print_em * em for part in (print_at[:first], print_at[last:])
        ):
            beside += 1
    return Corridor(beside, crossed)


def _width_at(found: BoolArray, place: float) -> int:
    """How wide the print is that stands at a place: what is left of a ruling there is narrow, too short to be traced as
    it may be."""
    blank = np.flatnonzero(~found)
    at = int(np.searchsorted(blank, place))
    first, last = blank[at - 1] if at else -1, blank[at] if at < len(blank) else len(found)
    return int(last - first - 1)


def _profile(
    across: tuple[float, float], along: tuple[float, float], ink: Mask, rulings: Rulings, *, level: bool
) -> BoolArray:
    """Of each place across a line whether there is print, rulings left aside, between two places along it."""
    window = slice(max(0, round(across[0])), round(across[1])), slice(max(0, round(along[0])), round(along[1]))
    window = window if level else window[::-1]
    ruled = rulings.horizontal_mask[window] | rulings.vertical_mask[window]
    found: BoolArray = np.count_nonzero(ink[window] > ruled, axis=1 if level else 0) > 1
    return found
