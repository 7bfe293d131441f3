"""Rulings drawn as rows of dots or dashes.

A dash is a small part of the page's ink, thin across the line; a ruling is a row of them, alike and evenly spaced.
Where dashes stand close, blur closes the gaps and they are traced like any ruling; here those are found whose gaps are
open. Leaders in a table of contents look the same but run one way only: rulings are believed where they cross.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from ocr_pipeline.clean.line_masks import draw_ruling
from ocr_pipeline.clean.lines import Ruling, Rulings
from ocr_pipeline.components import measured_parts
from ocr_pipeline.geometry import FloatArray, Mask
from ocr_pipeline.settings import RulingSettings

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class _Dashes:
    """Small parts of the ink, thin across a direction, all of shape (n,) in pixels: where along the direction each
    begins and ends (exclusive), where its middle lies across and how thick it is; part: its number among all parts of
    the page."""

    start: FloatArray
    end: FloatArray
    across: FloatArray
    thickness: FloatArray
    part: IntArray

    def taken(self, which: IntArray | npt.NDArray[np.bool_]) -> _Dashes:
        return _Dashes(self.start[which], self.end[which], self.across[which], self.thickness[which], self.part[which])

    @property
    def length(self) -> FloatArray:
        return self.end - self.start


@dataclass(frozen=True)
class DashedLine:
    """Dashes in one line, from first to last; pitch: from the start of one to the start of the next, in pixels; step:
    the same between those found, a multiple where all others are lost."""

    dashes: _Dashes
    pitch: float
    step: float

    @property
    def dash(self) -> float:
        return float(np.median(self.dashes.length))

    @property
    def slim(self) -> bool:
        """Whether the dashes are lines, as no figure is."""
        return float(np.median(self.dashes.thickness)) <= _SLIM * self.dash


_SLIM = 0.45
"""Figures are half as wide as high, or wider."""


DashedLines = tuple[list[DashedLine], list[DashedLine]]
"""Level and upright ones."""


def find_dashes(ink: Mask, em: float, settings: RulingSettings) -> DashedLines:
    """The lines of dashes in the dark parts of a page, those of print among them. em: height of the print in pixels."""
    level, upright = _small_parts(ink, em, settings)
    return _dashed(level, upright, em, settings)


def with_dashes(rulings: Rulings, dashes: DashedLines, em: float, settings: RulingSettings) -> Rulings:
    """The same rulings with those drawn as dashes, each in the masks as if it were solid. dashes: what `find_dashes`
    sees where the rulings are dark."""
    rows, columns = dashes
    rows = [row for row in rows if row.slim or not _is_parted(row, rulings.vertical, columns, em)]
    columns = [row for row in columns if row.slim or not _is_parted(row, rulings.horizontal, rows, em)]
    if not columns:
        rows = [row for row in rows if _runs_between(row, rulings.vertical, em)]
    if not rows:
        columns = [row for row in columns if _runs_between(row, rulings.horizontal, em)]
    if not rows and not columns:
        return rulings
    ink = cv2.bitwise_or(rulings.horizontal_dark, rulings.vertical_dark).astype(np.uint8, copy=False)
    rows = [part for row in rows for part in _unbroken(row, ink, settings)]
    columns = [part for row in columns for part in _unbroken(row, ink.T, settings)]
    found = [[_ruling(row) for row in those] for those in (rows, columns)]
    drawn = [*rulings.horizontal, *found[0]], [*rulings.vertical, *found[1]]
    horizontal = [_prolonged(ruling, row.pitch, drawn[1], em) for ruling, row in zip(found[0], rows, strict=True)]
    vertical = [_prolonged(ruling, row.pitch, drawn[0], em) for ruling, row in zip(found[1], columns, strict=True)]
    return Rulings(
        _sorted((*rulings.horizontal, *horizontal)),
        _sorted((*rulings.vertical, *vertical)),
        _painted(rulings.horizontal_mask, horizontal, level=True),
        _painted(rulings.vertical_mask, vertical, level=False),
        _painted(rulings.horizontal_dark, horizontal, level=True),
        _painted(rulings.vertical_dark, vertical, level=False),
        rulings.pale,
    )


def _is_parted(row: DashedLine, across: Sequence[Ruling], dashed: Sequence[DashedLine], em: float) -> bool:
    """Whether a ruling of the other direction lies between most neighbours of a row as far apart as lines of small
    print: of strokes and figures one stands in each row of a table. across, dashed: the traced and the dashed rulings
    of that direction. em: height of the print in pixels."""
    if row.pitch < _LOW_ROW * em:
        return False
    dashes, level = row.dashes, float(np.median(row.dashes.across))
    neighbours = np.diff(dashes.start) <= 1.5 * row.pitch
    met = [ruling.at(level) for ruling in across if ruling.start <= level <= ruling.end]
    met += [float(np.median(o.dashes.across)) for o in dashed if o.dashes.start[0] <= level <= o.dashes.end[-1]]
    places = np.sort([place for place in met if dashes.start[0] <= place <= dashes.end[-1]])
    apart = np.diff(places)
    apart = apart[apart > 0.5 * row.pitch]  # a ruling may be traced twice
    if len(apart) == 0 or float(np.median(apart)) > 1.5 * row.pitch:
        return False
    ends, starts = dashes.end[:-1][neighbours], dashes.start[1:][neighbours]
    parted = [np.any((places >= end) & (places <= start)) for end, start in zip(ends, starts, strict=True)]
    return bool(parted) and float(np.mean(parted)) >= _PARTED


_LOW_ROW = 0.6
"""A table's print may be so much smaller than the page's, and its rows no higher than that."""

_PARTED = 0.5
"""Of the blanks between dashes fewer than so many lie on rulings of the other direction."""


def _runs_between(row: DashedLine, across: Sequence[Ruling], em: float) -> bool:
    """Whether dashes begin and end at rulings of the other direction, as leaders do not, and are no strokes of print.
    across: all rulings of that direction."""
    dashes, level = row.dashes, float(np.median(row.dashes.across))
    met = np.array([ruling.at(level) for ruling in across if ruling.start <= level <= ruling.end])
    held = all(np.any(np.abs(met - tip) <= 2 * row.pitch) for tip in (dashes.start[0], dashes.end[-1]))
    return held and not _is_parted(row, across, (), em)


def _small_parts(ink: Mask, em: float, settings: RulingSettings) -> tuple[_Dashes, _Dashes]:
    """The parts of the ink that may be dashes of a horizontal and of a vertical ruling; round dots may be of either."""
    x, y, width, height, area = measured_parts(ink).astype(np.float64).T
    solid = area >= np.maximum(settings.dash_solid * width * height, (settings.dash_least_em * em) ** 2)
    thin, long = settings.dash_thick_em * em, settings.dash_em * em
    level = np.flatnonzero(solid & (height <= np.maximum(thin, 2.0)) & (width <= long) & (width >= 0.7 * height))
    upright = np.flatnonzero(solid & (width <= np.maximum(thin, 2.0)) & (height <= long) & (height >= 0.7 * width))
    return (
        _Dashes(x[level], (x + width)[level], (y + height / 2 - 0.5)[level], height[level], level),
        _Dashes(y[upright], (y + height)[upright], (x + width / 2 - 0.5)[upright], width[upright], upright),
    )


def _dashed(level: _Dashes, upright: _Dashes, em: float, settings: RulingSettings) -> DashedLines:
    """The rows of dashes in both directions, each dash in the one in which its neighbours are closer: the dots of level
    rulings stand one below the other, too, as far apart as the table's rows are high, and strokes of print between them
    would make up rows of such."""
    rows, columns = _both_ways(level, upright, em, settings)
    if not rows or not columns:
        return rows, columns
    parts = 1 + int(max(level.part.max(), upright.part.max()))
    in_row, in_column = _closest(rows, parts), _closest(columns, parts)
    return _both_ways(
        level.taken(in_column[level.part] >= settings.dash_closer * in_row[level.part]),
        upright.taken(in_row[upright.part] >= settings.dash_closer * in_column[upright.part]),
        em,
        settings,
    )


def _closest(rows: list[DashedLine], parts: int) -> FloatArray:
    """For each of so many parts of the ink the smallest step of the rows it is in, infinite where it is in none."""
    step = np.full(parts, np.inf)
    for row in rows:
        np.minimum.at(step, row.dashes.part, row.step)
    return step


def _both_ways(level: _Dashes, upright: _Dashes, em: float, settings: RulingSettings) -> DashedLines:
    """The rows of dashes in both directions: long ones in their own right, and others with the same rhythm."""
    both = [
        [*_rows(those, em, settings), *_rows(_without_dots(those, em, settings), em, settings)]
        for those in (level, upright)
    ]
    sure = [row for row in (*both[0], *both[1]) if _is_sure(row, em, settings)]
    if not sure:
        return [], []
    rows, columns = [
        [row for row in (_in_rhythm(one, sure) for one in those) if row is not None and _is_even(row, em, settings)]
        for those in both
    ]
    return rows, columns


def _without_dots(dashes: _Dashes, em: float, settings: RulingSettings) -> _Dashes:
    """The dashes alone, where dots stand between them; none where there are no dots."""
    long = dashes.length > settings.dot_em * em
    return dashes.taken(np.flatnonzero(long)) if not long.all() else dashes.taken(np.zeros(0, np.int64))


def _is_fine(row: DashedLine, em: float, settings: RulingSettings) -> bool:
    """Whether a row is of dots so fine that dust may be, too."""
    return row.dash <= max(settings.fine_dot_em * em, _SPECK)


_SPECK = 2.5
"""Pixels up to which a speck is long at any resolution."""


def _is_sure(row: DashedLine, em: float, settings: RulingSettings) -> bool:
    """Whether a row is a ruling in its own right."""
    least = settings.dots_sure if _is_fine(row, em, settings) else settings.dashes_sure
    return len(row.dashes.start) >= least and _is_even(row, em, settings)


def _in_rhythm(row: DashedLine, sure: list[DashedLine]) -> DashedLine | None:
    """A row with the pitch of those that are sure, where its own is one of theirs or, with a dash lost at every
    crossing, a multiple of it; None where it is not."""
    pitches, dashes = np.array([one.pitch for one in sure]), np.array([one.dash for one in sure])
    alike = np.abs(dashes - row.dash) <= np.maximum(1.5, 0.25 * dashes)
    times = row.pitch / pitches
    off = np.where(alike & (times < 3.5), np.abs(times - np.rint(times)) + 0.01 * times, np.inf)
    best = int(np.argmin(off))
    if off[best] > 0.15:
        return None
    return replace(row, pitch=row.pitch / max(1.0, float(np.rint(times[best]))))


def _rows(dashes: _Dashes, em: float, settings: RulingSettings) -> list[DashedLine]:
    """Rows of neighbouring dashes."""
    following = _following(dashes, em, settings)
    first = np.ones(len(following), bool)
    first[following[following >= 0]] = False
    rows = []
    for start in np.flatnonzero(first & (following >= 0)).tolist():
        members = [start]
        while following[members[-1]] >= 0:
            members.append(int(following[members[-1]]))
        if len(members) >= settings.dashes_least:
            those = dashes.taken(np.array(members))
            steps = np.diff(those.start)
            # Where a dash is lost the step is twice as long, or more.
            pitch = float(np.median(steps[steps <= 1.4 * np.percentile(steps, 20)]))
            rows.append(DashedLine(those, pitch, pitch))
    return rows


def _following(dashes: _Dashes, em: float, settings: RulingSettings) -> IntArray:
    """The number of the dash that follows each in its line, -1 for none, shape (n,); none follows two."""
    following = np.full(len(dashes.start), -1, np.int64)
    taken = np.zeros(len(following), bool)
    band, gap = 2 * settings.dash_line_em * em, settings.dash_lost_em * em
    # Lines along the border of two bands lie in the middle of a band the second time.
    for shift in (0.0, 0.5):
        order = np.lexsort((dashes.start, np.floor(dashes.across / band + shift)))
        one, other = order[:-1], order[1:]
        away = dashes.start[other] - dashes.end[one]
        alike = np.abs(dashes.length[one] - dashes.length[other]) <= np.maximum(2.0, 0.5 * dashes.length[one])
        near = (away > 0) & (away <= gap) & (np.abs(dashes.across[one] - dashes.across[other]) <= band / 2)
        new = near & alike & (following[one] < 0) & ~taken[other]
        following[one[new]] = other[new]
        taken[other[new]] = True
    return following


def _is_even(row: DashedLine, em: float, settings: RulingSettings) -> bool:
    """Whether the dashes of a row are alike and evenly spaced, but for some that were lost."""
    if not 0 < row.pitch - row.dash <= settings.dash_gap_em * em:
        return False
    steps = np.diff(row.dashes.start) / row.pitch
    even = np.abs(steps - np.rint(steps)) <= np.maximum(0.2, 1.5 / row.pitch)
    alike = np.abs(row.dashes.length - row.dash) <= np.maximum(1.5, 0.25 * row.dash)
    # Specks of dust in a line have blanks of all lengths; where dots stand close most of these would pass as even.
    near = np.mean(np.abs(steps - 1) <= np.maximum(0.2, 1.5 / row.pitch))
    if _is_fine(row, em, settings) and (near < settings.dots_near or len(steps) < settings.dots_least):
        return False
    return bool(np.mean(even) >= settings.dashes_even and np.mean(alike) >= settings.dashes_even)


def _unbroken(row: DashedLine, ink: Mask, settings: RulingSettings) -> list[DashedLine]:
    """The parts of a row between blanks in which several dashes one after the other are lost: nobody drew them. Those
    that run into print or into dashes across are not lost: there is ink in their places. ink: the page's, turned so
    that the row is level."""
    steps = np.diff(row.dashes.start)
    wide = np.flatnonzero(steps > (settings.dashes_lost + 1.5) * row.pitch).tolist()
    breaks = [gap + 1 for gap in wide if _most_lost(row, gap, ink) > settings.dashes_lost]
    parts = np.split(np.arange(len(row.dashes.start)), breaks)
    return [replace(row, dashes=row.dashes.taken(part)) for part in parts if len(part) > 1]


def _most_lost(row: DashedLine, gap: int, ink: Mask) -> int:
    """Of how many dashes one after the other there is no ink, in the gap of a row behind its dash of this number."""
    dashes = row.dashes
    first, last = dashes.start[gap : gap + 2].tolist()
    starts = np.linspace(first, last, 1 + round((last - first) / row.pitch))[1:-1]
    y = round(float(np.mean(dashes.across[gap : gap + 2])))
    lost = longest = 0
    for start in np.rint(starts).astype(int).tolist():
        dark = ink[y, start : start + max(1, round(row.dash))]
        lost = 0 if np.mean(dark > 0) >= _SEEN else lost + 1
        longest = max(longest, lost)
    return longest


_SEEN = 0.7
"""A dash has ink along so much of its length, whatever it runs into."""


def _ruling(row: DashedLine) -> Ruling:
    dashes = row.dashes
    along = np.stack([dashes.start, dashes.end - 1.0], axis=1).ravel()
    along = np.maximum.accumulate(along + 1e-6 * np.arange(len(along)))
    across = np.repeat(dashes.across, 2)
    solidity = float(np.sum(dashes.length) / (dashes.end[-1] - dashes.start[0]))
    return Ruling(along, across, float(np.median(dashes.thickness)), solidity)


def _prolonged(ruling: Ruling, pitch: float, crossing: Sequence[Ruling], em: float) -> Ruling:
    """A dashed ruling up to the rulings that it would meet with a dash or two more, where it meets none at its end."""
    along, across = [*ruling.along.tolist()], [*ruling.across.tolist()]
    for at_end in (False, True):
        tip, level = (along[-1], across[-1]) if at_end else (along[0], across[0])
        places = [other.at(level) for other in crossing if other.start - 2 * pitch <= level <= other.end + 2 * pitch]
        beyond = [place - tip if at_end else tip - place for place in places]
        ahead = [away for away in beyond if -0.3 * em <= away <= 2 * pitch]
        if not ahead or min(ahead) <= 0.3 * em:
            continue
        if at_end:
            along, across = [*along, tip + min(ahead)], [*across, level]
        else:
            along, across = [tip - min(ahead), *along], [level, *across]
    return replace(ruling, along=np.array(along), across=np.array(across))


def _painted(mask: Mask, rulings: Sequence[Ruling], *, level: bool) -> Mask:
    painted = mask.copy()
    for ruling in rulings:
        draw_ruling(painted, ruling, max(1, round(ruling.thickness)), level=level)
    return painted


def _sorted(rulings: Sequence[Ruling]) -> tuple[Ruling, ...]:
    return tuple(sorted(rulings, key=lambda ruling: (ruling.middle, ruling.start)))
