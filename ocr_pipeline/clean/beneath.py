"""Rulings along which a streak of the scanner runs: traced as one line with it, they would be taken off with it.

A streak is upright on the sheet, a ruling on the page: on a page scanned a little crooked they cross at so small an
angle that one hides part of the other, and the tracer follows now this, now that. What of the ruling shows beside the
streak lies at one place across the page, row of the table by row.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ocr_pipeline.clean.line_masks import widened
from ocr_pipeline.clean.lines import Ruling
from ocr_pipeline.geometry import FloatArray, GrayImage, runs
from ocr_pipeline.settings import RulingSettings

BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class StreakedPage:
    """A page with upright streaks (transpose it for level ones).

    gray: upright page; streaks: the pieces of each; beside: the other upright rulings; across: the level ones; dark:
    below this gray level there is ink; em: height of the print in pixels.
    """

    gray: GrayImage
    streaks: Sequence[Sequence[Ruling]]
    beside: Sequence[Ruling]
    across: Sequence[Ruling]
    dark: float
    em: float
    settings: RulingSettings


def rulings_beneath(page: StreakedPage) -> tuple[Ruling, ...]:
    """The rulings that show beside streaks, where rulings of the same direction show that there is a table."""
    table = np.zeros(len(page.gray), bool)
    for ruling in page.beside:
        if ruling.length >= page.settings.beneath_table_em * page.em:
            table[max(0, round(ruling.start)) : round(ruling.end) + 1] = True
    courses = [_course(streak, table) for streak in page.streaks] if table.any() else []
    known = [course for course in courses if course is not None]
    return tuple(ruling for course in known for ruling in _beneath(course, known, table, page))


def _course(streak: Sequence[Ruling], table: BoolArray) -> FloatArray | None:
    """Where a streak lies across in every row of the page: straight on from what of it lies outside the tables."""
    along = np.concatenate([piece.along for piece in streak])
    across = np.concatenate([piece.across for piece in streak])
    outside = ~table[np.clip(np.rint(along).astype(np.int64), 0, len(table) - 1)]
    if np.count_nonzero(outside) < 4 or np.ptp(along[outside]) < 0.25 * len(table):
        return None
    slope, offset = np.polyfit(along[outside], across[outside], 1)
    line: FloatArray = offset + slope * np.arange(len(table))
    return line


def _beneath(
    course: FloatArray, courses: Sequence[FloatArray], table: BoolArray, page: StreakedPage
) -> Iterator[Ruling]:
    """The rulings along one streak. courses: of all."""
    reach, inside = page.settings.beneath_em * page.em, course[table]
    left, right = max(0, int(inside.min() - reach)), min(page.gray.shape[1], int(inside.max() + reach) + 1)
    if not 3 <= right - left <= page.settings.beneath_most_em * page.em:
        return  # a fold, or a page so crooked that nothing runs along a ruling
    ink = page.gray[:, left:right] < page.dark
    # Rulings are not quite straight: what is dark next to a place counts for it.
    wide = widened(ink)
    shown = np.ones(ink.shape, bool)
    places = np.arange(left, right)[None]
    for other in courses:
        half = _width(page.gray, other, ~table, page.dark) / 2 + 2
        shown &= np.abs(places - other[:, None]) > half
    for first, last in runs(table):
        seen = np.count_nonzero(shown[first:last], axis=0)
        cover = np.count_nonzero(wide[first:last] & shown[first:last], axis=0) / np.maximum(seen, 1)
        # A ruling may not run through all rows.
        likely = (cover >= page.settings.beneath_cover / 2) & (seen >= page.settings.beneath_seen * (last - first))
        for start, end in runs(likely):
            best = start + int(np.argmax(cover[start:end]))
            place = left + float(np.mean(start + np.flatnonzero(cover[start:end] >= cover[best] - 0.05)))
            thick = max(1.0, end - start - 2.0)
            stops = _stops(place, first, last, page)
            whole = _whole(place, stops, page)
            for a, b in _drawn(wide[:, best], shown[:, best], stops, whole, page.settings):
                yield Ruling(np.array([a, b], np.float64), np.full(2, place), thick, breadth=thick)


def _width(gray: GrayImage, course: FloatArray, rows: BoolArray, dark: float) -> float:
    """How wide a streak is in some rows, in pixels."""
    known = np.flatnonzero(rows & (course >= 0) & (course < gray.shape[1]))
    if not len(known):
        return 1.0
    around = np.rint(course[known]).astype(np.int64)[:, None] + np.arange(-6, 7)[None]
    seen = gray[known[:, None], np.clip(around, 0, gray.shape[1] - 1)] < dark
    return float(np.median(np.count_nonzero(seen, axis=1)))


def _stops(place: float, first: int, last: int, page: StreakedPage) -> list[int]:
    """Where rulings of the other direction cross a place, from the table's first row of pixels to its last."""
    room = page.settings.min_length_em * page.em
    met = {round(ruling.at(place)) for ruling in page.across if ruling.start - room <= place <= ruling.end + room}
    stops = [first]
    for stop in sorted(met):
        if stop - stops[-1] >= room and last - stop >= room:
            stops.append(stop)
    return [*stops, last]


def _whole(place: float, stops: list[int], page: StreakedPage) -> list[bool]:
    """Which rows between stops are parted by other rulings on either side of a place, where there are any but the
    outermost: rows of one cell, and headings of all columns, are not."""
    lines = [r for r in page.beside if r.start < stops[-1] and r.end > stops[0]]
    slack = page.settings.min_length_em * page.em
    sides = [
        [r for r in lines if abs(r.middle - place) > slack and (r.middle > place) is after] for after in (False, True)
    ]
    for side in sides:
        outermost = max((abs(r.middle - place) for r in side), default=0.0)
        inner = [r for r in side if abs(r.middle - place) < outermost - slack]
        side[:] = inner or side
    return [
        all(not side or any(r.start <= (a + b) / 2 <= r.end for r in side) for side in sides)
        for a, b in itertools.pairwise(stops)
    ]


def _drawn(
    ink: BoolArray, shown: BoolArray, stops: list[int], whole: list[bool], settings: RulingSettings
) -> Iterator[tuple[int, int]]:
    """From where to where there is a ruling: through rows of the table where it shows, and those before, between and
    behind that the streak hides if their other cells are parted. ink, shown: along it."""
    start, end, sure = stops[0], stops[0], False
    for (a, b), parted in zip(itertools.pairwise(stops), whole, strict=True):
        seen = int(np.count_nonzero(shown[a:b]))
        if seen >= settings.beneath_seen * (b - a):
            goes_on = bool(np.count_nonzero(ink[a:b] & shown[a:b]) >= settings.beneath_cover * seen)
            sure = sure or goes_on
        else:
            goes_on = parted
        if goes_on:
            end = b
            continue
        if sure and end > start:
            yield start, end
        start, end, sure = b, b, False
    if sure and end > start:
        yield start, end
