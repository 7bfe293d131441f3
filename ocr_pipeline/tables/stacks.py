"""Tables in one piece where rows of a single cell run across them.

The rulings between two columns end at such a row, and where the table has no ruling at its sides, or one worn off at
both corners, nothing ties what is above to what is below. They are one table where all rulings begin and end alike, the
columns agree, and between them there is a row as high as the others with one line of print in its middle.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ocr_pipeline.clean.lines import Ruling, Rulings
from ocr_pipeline.geometry import FloatArray, Mask
from ocr_pipeline.settings import TableSettings
from ocr_pipeline.tables.regions import RulingGroup


@dataclass(frozen=True, eq=False)
class _Slice:
    """Rulings that may be a part of a table: one bar across it, or a group with columns.

    left, right, top, bottom: from where to where the horizontal rulings run; columns: where the vertical ones stand;
    reach: from where to where these run down; tallest: the height of the highest row between full rulings, where there
    is none of the one open on one side, 0 for none; all upright pixels. open: whether the horizontal rulings run on to
    either side of all vertical ones.
    """

    group: RulingGroup
    left: float
    right: float
    top: float
    bottom: float
    columns: FloatArray
    reach: tuple[float, float]
    tallest: float
    open: bool


def join_stacks(
    groups: tuple[RulingGroup, ...], rulings: Rulings, binary: Mask, em: float, settings: TableSettings
) -> tuple[RulingGroup, ...]:
    """The groups, those parts of one table joined that only rows of a single cell part. rulings: all of the page, for
    bars between two such rows and what is left of frames; binary: the page's ink (255); em: height of the print in
    pixels."""
    slices = [_slice(group, em, settings) for group in groups]
    wide = [part for part in slices if part.right - part.left >= settings.free_length_em * em]
    if not wide:
        return groups
    grouped = {id(ruling) for group in groups for ruling in group.horizontal}
    bars = [r for r in rulings.horizontal if id(r) not in grouped and r.length >= settings.free_length_em * em]
    parts = [*wide, *(_slice(RulingGroup((bar,), ()), em, settings) for bar in bars)]
    stacks: list[list[_Slice]] = []
    for part in sorted(parts, key=lambda part: part.top):
        above = next(
            (stack for stack in reversed(stacks) if _goes_on(stack, part, rulings, binary, em, settings)), None
        )
        if above is None:
            stacks.append([part])
        else:
            above.append(part)
    joined = [group for stack in stacks for group in _joined(stack, em, settings)]
    narrow = [part.group for part in slices if part not in wide]
    whole = [group for group in (*narrow, *joined) if group.vertical]
    return tuple(sorted(whole, key=lambda group: min(r.middle for r in group.horizontal)))


def _slice(group: RulingGroup, em: float, settings: TableSettings) -> _Slice:
    left, right = min(r.start for r in group.horizontal), max(r.end for r in group.horizontal)
    full = np.array(sorted(r.middle for r in group.horizontal if r.length >= 0.8 * (right - left)))
    levels = [r.middle for r in group.horizontal]
    columns = np.array(sorted(r.middle for r in group.vertical))
    ends = np.array([left, right]), np.array([columns.min(initial=np.inf), columns.max(initial=-np.inf)])
    first = min((r.start for r in group.vertical), default=np.inf)
    last = max((r.end for r in group.vertical), default=-np.inf)
    closed: list[float] = np.diff(full).tolist()
    # Without a ruling at its end a table's whole body may lie there, its rows parted by nothing but blanks.
    rows = closed or [min(levels) - first, last - max(levels)]
    return _Slice(
        group,
        left,
        right,
        min(levels),
        max(levels),
        columns,
        (first, last),
        max(0.0, *rows),
        bool(np.min(np.abs(ends[1] - ends[0])) > settings.open_em * em),
    )


def _goes_on(
    stack: list[_Slice], below: _Slice, rulings: Rulings, binary: Mask, em: float, settings: TableSettings
) -> bool:
    """Whether a part goes on under a stack, below a row of a single cell."""
    above = stack[-1]
    gap = below.top - above.bottom
    tallest = max(part.tallest for part in (*stack, below))
    if not (
        _alike(above, below, rulings.vertical, em, settings)
        and settings.min_height_em * em <= gap <= settings.stack_row * tallest
    ):
        return False
    if all(part.open for part in (*stack, below)):
        touch = settings.join_em * em
        ends = max(part.reach[1] for part in stack) <= above.bottom + touch
        tied = ends and below.reach[0] >= below.top - touch
    else:
        tied = _framed(above, below, rulings.vertical, em, settings)
    return tied and _agree(stack, below, em, settings) and _holds_a_line(above, below, binary, em, settings)


def _alike(above: _Slice, below: _Slice, vertical: Sequence[Ruling], em: float, settings: TableSettings) -> bool:
    """Whether the rulings of two parts begin and end alike. One end may be worn off where a ruling of the frame stands
    that turns at that level."""
    sides = (above.left, below.left, above.left > below.left), (above.right, below.right, above.right < below.right)
    return all(
        abs(one - other) <= settings.open_em * em
        or (
            abs(one - other) <= settings.bridge_em * em
            and _turns(vertical, other if worn_above else one, above.bottom if worn_above else below.top, em, settings)
        )
        for one, other, worn_above in sides
    )


def _turns(vertical: Sequence[Ruling], side: float, level: float, em: float, settings: TableSettings) -> bool:
    """Whether a vertical ruling at a table's side ends at a level."""
    return any(
        abs(ruling.middle - side) <= settings.snap_em * em
        and min(abs(ruling.start - level), abs(ruling.end - level)) <= settings.snap_em * em
        for ruling in vertical
    )


def _framed(above: _Slice, below: _Slice, vertical: Sequence[Ruling], em: float, settings: TableSettings) -> bool:
    """Whether pieces of a frame are left at either side between two parts, and nothing of a ruling between columns."""
    gap, side, inner = below.top - above.bottom, 0.0, 0.0
    left, right = min(above.left, below.left), max(above.right, below.right)
    for ruling in vertical:
        overlap = min(ruling.end, below.top) - max(ruling.start, above.bottom)
        if overlap <= 0 or not left - em <= ruling.middle <= right + em:
            continue
        if min(abs(ruling.middle - left), abs(ruling.middle - right)) <= settings.snap_em * em:
            side += overlap
        else:
            inner = max(inner, overlap)
    return side >= settings.stack_frame * gap and inner <= settings.join_em * em


def _agree(stack: list[_Slice], below: _Slice, em: float, settings: TableSettings) -> bool:
    """Whether the fewer columns of the two are among the others' by half at least; a bar has none to differ."""
    above = np.concatenate([part.columns for part in stack])
    if len(above) == 0 or len(below.columns) == 0:
        return True
    near = np.abs(above[:, None] - below.columns[None]) <= settings.double_em * em
    return bool(max(np.mean(near.any(axis=0)), np.mean(near.any(axis=1))) >= 0.5)


def _holds_a_line(above: _Slice, below: _Slice, binary: Mask, em: float, settings: TableSettings) -> bool:
    """Whether there is one line of print between two parts, as far from the one as from the other."""
    left, right = max(above.left, below.left), min(above.right, below.right)
    corners = np.array([[(x, y) for x in (left, right)] for y in (above.bottom, below.top)])
    return holds_a_line(corners, binary, em, settings)


def holds_a_line(corners: FloatArray, binary: Mask, em: float, settings: TableSettings) -> bool:
    """Whether there is one line of print between two rulings across a table, as far from the one as from the other.

    corners: points along the upper and the lower one, shape (2, n, 2), upright pixels; binary: the page's ink (255);
    em: height of the print in pixels.
    """
    inset = settings.join_em * em / 2
    left, right = round(corners[:, 0, 0].max() + inset), round(corners[:, -1, 0].min() - inset)
    height = float(corners[1, :, 1].mean() - corners[0, :, 1].mean())
    top, bottom = round(corners[0, :, 1].mean() + inset / 2), round(corners[1, :, 1].mean() - inset / 2)
    counts = np.count_nonzero(binary[top:bottom, left:right], axis=1)
    # A few specks in one row of pixels are no part of a line, however near they lie.
    rows = np.flatnonzero(counts > max(0.1 * em, settings.stack_specks * int(counts.max(initial=0))))
    # What is left of the rulings, and specks, are groups of their own.
    groups = np.split(rows, np.flatnonzero(np.diff(rows) > settings.touch_em * em) + 1)
    high = [group for group in groups if len(group) >= settings.touch_em * em]
    if not high or max((b[0] - a[-1] for a, b in itertools.pairwise(high)), default=0) > settings.dust_em * em:
        return False
    rows = np.concatenate(high)
    off = abs((rows[0] + rows[-1] + 1) / 2 - (bottom - top) / 2)
    return bool(np.ptp(rows) <= 1.5 * em and off <= settings.stack_centre * height)


def _joined(stack: list[_Slice], em: float, settings: TableSettings) -> list[RulingGroup]:
    """One group of a stack where it has rulings between columns; lines that frame print have strokes there at most."""
    parts = [part.group for part in stack]
    vertical = tuple(itertools.chain.from_iterable(group.vertical for group in parts))
    if max((ruling.length for ruling in vertical), default=0.0) < settings.chain_piece_em * em:
        return parts
    horizontal = tuple(itertools.chain.from_iterable(group.horizontal for group in parts))
    return [RulingGroup(horizontal, vertical, frozenset().union(*(group.proven for group in parts)))]
