"""Rulings drawn as rows of dots or dashes.

A dash is a small part of the page's ink, thin across the line; a ruling is a row of them, alike and evenly spaced.
Where dashes stand close, blur closes the gaps and they are traced like any ruling; here those are found whose gaps are
open. Leaders in a table of contents look the same but run one way only: rulings are believed where they cross.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

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
    begins and ends (exclusive), where its middle lies across and how thick it is."""

    start: FloatArray
    end: FloatArray
    across: FloatArray
    thickness: FloatArray

    def taken(self, which: IntArray) -> _Dashes:
        return _Dashes(self.start[which], self.end[which], self.across[which], self.thickness[which])

    @property
    def length(self) -> FloatArray:
        return self.end - self.start


@dataclass(frozen=True)
class DashedLine:
    """Dashes in one line, from first to last; pitch: from the start of one to the start of the next, in pixels."""

    dashes: _Dashes
    pitch: float

    @property
    def dash(self) -> float:
        return float(np.median(self.dashes.length))


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
    if not columns:
        rows = [row for row in rows if _runs_between(row, rulings.vertical)]
    if not rows:
        columns = [row for row in columns if _runs_between(row, rulings.horizontal)]
    if not rows and not columns:
        return rulings
    rows, columns = ([part for row in those for part in _unbroken(row, settings)] for those in (rows, columns))
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


def _runs_between(row: DashedLine, across: Sequence[Ruling]) -> bool:
    """Whether dashes begin and end at rulings of the other direction, as leaders do not, and go on across these: of
    strokes of print one stands in each row. across: all rulings of that direction."""
    dashes, level = row.dashes, float(np.median(row.dashes.across))
    met = np.array([ruling.at(level) for ruling in across if ruling.start <= level <= ruling.end])
    if any(not np.any(np.abs(met - tip) <= 2 * row.pitch) for tip in (dashes.start[0], dashes.end[-1])):
        return False
    parted = [np.any((met >= end) & (met <= start)) for end, start in zip(dashes.end, dashes.start[1:], strict=False)]
    return float(np.mean(parted)) < _PARTED


_PARTED = 0.5
"""Of the blanks between dashes fewer than so many lie on rulings of the other direction."""


def _small_parts(ink: Mask, em: float, settings: RulingSettings) -> tuple[_Dashes, _Dashes]:
    """The parts of the ink that may be dashes of a horizontal and of a vertical ruling; round dots may be of either."""
    x, y, width, height, area = measured_parts(ink).astype(np.float64).T
    solid = area >= np.maximum(settings.dash_solid * width * height, (settings.dash_least_em * em) ** 2)
    thin, long = settings.dash_thick_em * em, settings.dash_em * em
    level = np.flatnonzero(solid & (height <= np.maximum(thin, 2.0)) & (width <= long) & (width >= 0.7 * height))
    upright = np.flatnonzero(solid & (width <= np.maximum(thin, 2.0)) & (height <= long) & (height >= 0.7 * width))
    return (
        _Dashes(x[level], (x + width)[level], (y + height / 2 - 0.5)[level], height[level]),
        _Dashes(y[upright], (y + height)[upright], (x + width / 2 - 0.5)[upright], width[upright]),
    )


def _dashed(level: _Dashes, upright: _Dashes, em: float, settings: RulingSettings) -> DashedLines:
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
            rows.append(DashedLine(those, float(np.median(steps[steps <= 1.4 * np.percentile(steps, 20)]))))
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


def _unbroken(row: DashedLine, settings: RulingSettings) -> list[DashedLine]:
    """The parts of a row between blanks in which several dashes one after the other are lost: nobody drew them."""
    breaks = np.flatnonzero(np.diff(row.dashes.start) > (settings.dashes_lost + 1.5) * row.pitch) + 1
    parts = np.split(np.arange(len(row.dashes.start)), breaks)
    return [DashedLine(row.dashes.taken(part), row.pitch) for part in parts if len(part) > 1]


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
