"""The row and column boundaries of a table, as curves through its rulings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from ocr_pipeline.clean.lines import Ruling
from ocr_pipeline.geometry import FloatArray
from ocr_pipeline.settings import TableSettings
from ocr_pipeline.tables.regions import RulingGroup, meets


@dataclass(frozen=True)
class Boundary:
    """One row (or column) boundary: its position across (y of a row boundary) at positions along (x), in upright
    pixels, shape (n,). open: no ruling stands there, the table simply ends."""

    along: FloatArray
    across: FloatArray
    thickness: float
    open: bool = False
    pieces: tuple[tuple[float, float], ...] = ()
    """From where to where along it the rulings run that make it up."""
    spread: float = 0.0
    """How far to either side its rulings lie where it is a double one, 0 for a single one."""
    dashed: bool = False
    """Its pieces are rulings of which only dashes are left."""

    @cached_property
    def middle(self) -> float:
        return float(np.mean(self.across))

    @cached_property
    def total(self) -> float:
        """The length of all its rulings together."""
        return sum(end - start for start, end in self.pieces)

    @property
    def longest(self) -> float:
        """The length of its longest ruling, 0 for none."""
        return max((end - start for start, end in self.pieces), default=0.0)

    def at(self, position: float) -> float:
        return float(np.interp(position, self.along, self.across))

    def longest_over(self, start: float, end: float) -> float:
        """The length of the longest ruling that covers most of a stretch of the boundary, 0 for none."""
        most = 0.7 * (end - start)
        covering = [b - a for a, b in self.pieces if min(b, end) - max(a, start) >= most]
        return max(covering, default=0.0)

    def curve(self, positions: FloatArray) -> FloatArray:
        """The positions across at many positions along."""
        result: FloatArray = np.interp(positions, self.along, self.across)
        return result


@dataclass(frozen=True)
class Frame:
    """All boundaries of a table: rows from top to bottom, columns from left to right."""

    rows: tuple[Boundary, ...]
    columns: tuple[Boundary, ...]

    def only(self, rows: npt.NDArray[np.bool_], columns: npt.NDArray[np.bool_]) -> Frame:
        """The frame of some of its boundaries: those of which the flag is set, shape (rows,) and (columns,)."""
        return Frame(
            tuple(boundary for boundary, kept in zip(self.rows, rows, strict=True) if kept),
            tuple(boundary for boundary, kept in zip(self.columns, columns, strict=True) if kept),
        )


def find_frame(group: RulingGroup, em: float, settings: TableSettings) -> Frame:
    """Cluster a table's rulings to boundaries; where the frame has no ruling, close it at the rulings' ends."""
    horizontal = _tied(group.horizontal, group.vertical, group.proven, em, settings, rows=True)
    vertical = _tied(group.vertical, group.horizontal, group.proven, em, settings, rows=False)
    rows = _cluster(horizontal, em, settings)
    columns = _cluster(vertical, em, settings)
    columns = _close_frame(columns, horizontal, em, settings)
    rows = _close_frame(rows, vertical, em, settings)
    if any(boundary.open for boundary in (*rows, *columns)):
        rows, columns = _reached(rows, vertical, em, settings), _reached(columns, horizontal, em, settings)
    return Frame(tuple(rows), tuple(columns))


def _tied(
    pieces: Sequence[Ruling],
    crossing: Sequence[Ruling],
    proven: frozenset[int],
    em: float,
    settings: TableSettings,
    *,
    rows: bool,
) -> list[Ruling]:
    """The pieces that are tied to the table, each by itself or as one of several that hang from a ruling alike. proven:
    the ids of those that are of it."""
    reach = settings.join_em * em
    tied = [
        id(r) in proven
        or _anchored(r, crossing, reach, em, settings, rows=rows, goes_on=_goes_on(r, pieces, em, settings))
        for r in pieces
    ]
    long = _long(crossing, em, settings)
    hanging = [i for i, held in enumerate(tied) if not held and _hangs(pieces[i], long, em, settings)]
    # Where the ruling that a piece ended at is worn away over some columns, others still end there.
    sure = [piece for piece, held in zip(pieces, tied, strict=True) if held]
    for i in hanging:
        alike = [j for j in hanging if _ends_like(pieces[i], pieces[j], settings.touch_em * em)]
        tied[i] = (
            len(alike) >= settings.hanging_least
            # Of a level one as long as several strokes together one end may be worn off altogether: characters one
            # above the other have strokes in line, but none level that ends at a ruling.
            or (rows and pieces[i].length >= settings.chain_em * em)
            or _is_level(pieces[i], sure, long, em, settings)
            or _continues(pieces[i], sure, em, settings)
        )
    return [piece for piece, held in zip(pieces, tied, strict=True) if held]


def _long(rulings: Sequence[Ruling], em: float, settings: TableSettings) -> list[Ruling]:
    """The rulings longer than any stroke of print."""
    return [ruling for ruling in rulings if ruling.length >= settings.free_length_em * em]


def _hangs(piece: Ruling, long: Sequence[Ruling], em: float, settings: TableSettings) -> bool:
    """Whether a piece begins or ends at a long ruling that runs across."""
    return any(_is_at(end, piece.middle, long, em, settings) for end in (piece.start, piece.end))


def _is_at(end: float, middle: float, long: Sequence[Ruling], em: float, settings: TableSettings) -> bool:
    """Whether an end of a piece, at that place across, lies on one of some rulings that run across."""
    for other in long:
        slack = settings.touch_em * em + other.thickness / 2
        if other.start - slack <= middle <= other.end + slack and abs(other.at(middle) - end) <= slack:
            return True
    return False


def _is_level(
    piece: Ruling, sure: Sequence[Ruling], long: Sequence[Ruling], em: float, settings: TableSettings
) -> bool:
    """Whether a piece longer than strokes are, one end of which lies on a long ruling, begins (ends) at the other where
    several of those do that are tied to the table."""
    if piece.length < settings.stroke_em * em:
        return False
    slack = settings.touch_em * em
    starts = sum(abs(one.start - piece.start) <= slack for one in sure) >= settings.level_least
    ends = sum(abs(one.end - piece.end) <= slack for one in sure) >= settings.level_least
    at_start, at_end = (_is_at(end, piece.middle, long, em, settings) for end in (piece.start, piece.end))
    return (starts and at_end) or (ends and at_start)


def _continues(piece: Ruling, others: Sequence[Ruling], em: float, settings: TableSettings) -> bool:
    """Whether a piece longer than strokes are lies in line with others that are longer than it: rows of one cell
    between them part a table's columns in two."""
    if piece.length < settings.short_piece_em * em:
        return False
    return any(
        other.length > piece.length and abs(other.middle - piece.middle) <= settings.line_em * em for other in others
    )


def _ends_like(one: Ruling, other: Ruling, slack: float) -> bool:
    return abs(one.start - other.start) <= slack and abs(one.end - other.end) <= slack


def _anchored(
    ruling: Ruling,
    crossing: Sequence[Ruling],
    reach: float,
    em: float,
    settings: TableSettings,
    *,
    rows: bool,
    goes_on: bool,
) -> bool:
    """Whether a piece is tied to the table: long, across another ruling, or from one ruling to the next. Strokes of
    print are neither: they keep a little away from the rulings around them."""
    if ruling.length >= settings.free_length_em * em:
        return True
    # Where corners are worn off, pieces in one line with this one vouch for it.
    touch = reach if goes_on else settings.touch_em * em
    # Of a piece longer than strokes are one end may be worn off.
    far = reach if ruling.length >= settings.stroke_em * em else touch
    # Where a corner is worn off, the ruling that it ended at stops short of it.
    level = settings.chain_gap_em * em if ruling.length >= settings.stroke_em * em else reach
    starts = ends = starts_near = ends_near = starts_level = ends_level = crosses = False
    for other in crossing:
        if other.length < settings.stroke_em * em:
            continue  # A stroke of a character holds nothing.
        where = other.at(ruling.middle)
        slack = touch + other.thickness / 2
        if not (meets(ruling, other, reach) if rows else meets(other, ruling, reach)):
            if other.start - level <= ruling.middle <= other.end + level:
                starts_level = starts_level or abs(where - ruling.start) <= slack
                ends_level = ends_level or abs(where - ruling.end) <= slack
            continue
        starts = starts or abs(where - ruling.start) <= slack
        ends = ends or abs(where - ruling.end) <= slack
        starts_near = starts_near or abs(where - ruling.start) <= far
        ends_near = ends_near or abs(where - ruling.end) <= far
        crosses = crosses or ruling.start + slack < where < ruling.end - slack
    # A figure one that runs into the ruling below it, and on into the next figure, ends in mid-cell at both ends.
    if crosses and (starts or ends or goes_on or ruling.length >= settings.chain_piece_em * em):
        return True
    return (starts and (ends_near or ends_level)) or (ends and (starts_near or starts_level))


def _goes_on(ruling: Ruling, pieces: Sequence[Ruling], em: float, settings: TableSettings) -> bool:
    """Whether other pieces continue a ruling in its own line, so that together they are as long as a ruling is."""
    in_line = [
        other
        for other in pieces
        if other is not ruling
        and abs(other.middle - ruling.middle) <= settings.line_em * em
        and max(other.start - ruling.end, ruling.start - other.end) <= 2 * settings.join_em * em
    ]
    return bool(in_line) and ruling.length + sum(other.length for other in in_line) >= settings.chain_em * em


def _beside(one: Ruling, other: Ruling) -> bool:
    """Whether two rulings run beside each other, as the lines of a double one do, rather than one after the other, as
    the sides of two columns that nearly begin at one place."""
    overlap = min(one.end, other.end) - max(one.start, other.start)
    return overlap >= 0.5 * min(one.length, other.length)


def _cluster(pieces: Sequence[Ruling], em: float, settings: TableSettings) -> list[Boundary]:
    """Pieces whose positions across lie near their cluster's weighted mean become one boundary; long ones may be the
    two lines of a double ruling, further apart."""
    clusters: list[list[Ruling]] = []
    mean, weight = 0.0, 0.0
    for piece in sorted(pieces, key=lambda r: r.middle):
        near = clusters[-1] if clusters else []
        long = [other for other in near if min(piece.length, other.length) >= settings.free_length_em * em]
        double = any(_beside(piece, other) for other in long)
        if near and piece.middle - mean <= (settings.double_em if double else settings.snap_em) * em:
            clusters[-1].append(piece)
        else:
            clusters.append([piece])
            mean, weight = 0.0, 0.0
        mean = (mean * weight + piece.middle * piece.length) / (weight + piece.length)
        weight += piece.length
    return [_boundary(cluster) for cluster in clusters]


def _boundary(pieces: Sequence[Ruling]) -> Boundary:
    along = np.concatenate([r.along for r in pieces])
    across = np.concatenate([r.across for r in pieces])
    order = np.argsort(along, kind="stable")
    along, across = along[order], across[order]
    # Pieces side by side (double rulings) share positions: average them.
    along, index = np.unique(along, return_inverse=True)
    sums = np.bincount(index, weights=across)
    total = sum(r.length for r in pieces)
    thickness = sum(r.thickness * r.length for r in pieces) / total if total > 0 else pieces[0].thickness
    reach = tuple((r.start, r.end) for r in pieces)
    return Boundary(along, sums / np.bincount(index), float(thickness), pieces=reach, spread=_spread(pieces))


def _spread(pieces: Sequence[Ruling]) -> float:
    """Half the distance of rulings that run side by side, in pixels."""
    widest = max(piece.spread for piece in pieces)
    for i, one in enumerate(pieces):
        for other in pieces[i + 1 :]:
            if _beside(one, other):
                middle = (max(one.start, other.start) + min(one.end, other.end)) / 2
                widest = max(widest, abs(one.at(middle) - other.at(middle)) / 2)
    return widest


def _close_frame(
    boundaries: list[Boundary], crossing: Sequence[Ruling], em: float, settings: TableSettings
) -> list[Boundary]:
    """Add an open boundary where several crossing rulings run on beyond the outermost one and end together."""
    long = _long(crossing, em, settings) or _of_one_row(boundaries, crossing, em, settings)
    for side in (0, 1):
        ends = np.array([r.start if side == 0 else r.end for r in long])
        if len(ends) < 2 or _turns(boundaries, long, side, em, settings):
            continue
        order = np.sort(ends) if side == 0 else -np.sort(-ends)
        # The outermost but one: rulings of merged cells end further in, a stray one may run further out, of many some.
        for limit in order[1 : 2 + len(ends) // _STRAY].tolist():
            position = _end_together(boundaries, long, ends, limit, side, em, settings)
            if position is not None:
                span = np.array([min(r.middle for r in crossing), max(r.middle for r in crossing)])
                boundary = Boundary(span, np.full(2, position), 0.0, open=True)
                boundaries = [boundary, *boundaries] if side == 0 else [*boundaries, boundary]
                break
    return boundaries


_STRAY = 10
"""One in so many rulings may run out of a table, as what shines through from the back of the sheet does."""


def _end_together(
    boundaries: Sequence[Boundary],
    long: Sequence[Ruling],
    ends: FloatArray,
    limit: float,
    side: int,
    em: float,
    settings: TableSettings,
) -> float | None:
    """Where crossing rulings end together near a limit beyond the outermost boundary; None where too few do. ends: of
    the long ones, on that side."""
    together = ends[np.abs(ends - limit) <= settings.snap_em * 2 * em]
    outer = boundaries[0 if side == 0 else -1] if boundaries else None
    # Of little length, the feet of a number in an open row, say, it may be no ruling, but is not the frame either.
    stroke = outer is not None and outer.total < settings.free_length_em * em
    room = (settings.snap_em if stroke else settings.open_em) * em
    beyond = outer is None or (outer.middle - limit if side == 0 else limit - outer.middle) > room
    # Those between cells of several rows are few, but the first and the last one are among them.
    first, last = (ends[i] for i in (np.argmin([r.middle for r in long]), np.argmax([r.middle for r in long])))
    framed = max(abs(first - limit), abs(last - limit)) <= settings.snap_em * 2 * em
    least = max(2, settings.open_share * len(ends))
    least = min(least, settings.open_framed) if framed else least
    return float(np.median(together)) if beyond and len(together) >= least else None


def _of_one_row(
    boundaries: Sequence[Boundary], crossing: Sequence[Ruling], em: float, settings: TableSettings
) -> Sequence[Ruling]:
    """The crossing rulings, however short, that hang from a single one and end alike, one of them at its end: the first
    row of a table that a page break cut off below it, or the last."""
    if len(boundaries) != 1 or len(crossing) < settings.hanging_least:
        return ()
    only, slack = boundaries[0], 2 * settings.snap_em * em
    for foot in (True, False):
        hanging = [r for r in crossing if abs((r.start if foot else r.end) - only.at(r.middle)) <= slack]
        if len(hanging) < settings.hanging_least:
            continue
        ends = [r.end if foot else r.start for r in hanging]
        middles = [r.middle for r in hanging]
        corners = min(middles) - only.along[0], max(middles) - only.along[-1]
        if np.ptp(ends) <= slack and min(map(abs, corners)) <= slack:
            return hanging
    return ()


def _turns(
    boundaries: Sequence[Boundary], long: Sequence[Ruling], side: int, em: float, settings: TableSettings
) -> bool:
    """Whether the frame turns at the first (side 0) or last boundary: the outermost of the long rulings across it end
    there. What runs on beyond it in line with others are strokes of a title."""
    if not boundaries or len(long) < 2:
        return False
    boundary, ordered = boundaries[0 if side == 0 else -1], sorted(long, key=lambda r: r.middle)
    corners = [(r.start if side == 0 else r.end) - boundary.at(r.middle) for r in (ordered[0], ordered[-1])]
    return all(abs(away) <= settings.snap_em * em for away in corners)


def _reached(
    boundaries: list[Boundary], crossing: Sequence[Ruling], em: float, settings: TableSettings
) -> list[Boundary]:
    """Add an open boundary where a single ruling runs on beyond the outermost one: enough in a table that has no frame
    on other sides either, whose first row may have but two cells. It runs on for a row, unless several do and end
    alike: a stroke of a title right above a table may stand in line with a ruling, and is shorter."""
    if not boundaries:
        return boundaries
    pitch = float(np.median(np.diff([boundary.middle for boundary in boundaries]))) if len(boundaries) > 1 else 0.0
    first, last, slack = boundaries[0], boundaries[-1], settings.touch_em * em
    tied = [
        r
        for r in crossing
        if r.length >= settings.chain_piece_em * em
        or sum(_ends_like(r, other, slack) for other in crossing) >= settings.hanging_least
        or _continues(r, crossing, em, settings)
    ]
    before = min((r.start for r in tied if r.end >= first.at(r.middle) - settings.join_em * em), default=np.inf)
    after = max((r.end for r in tied if r.start <= last.at(r.middle) + settings.join_em * em), default=-np.inf)
    span = np.array([min((r.middle for r in crossing), default=0.0), max((r.middle for r in crossing), default=1.0)])
    long = _long(crossing, em, settings)
    rooms = [
        settings.open_em * em
        if np.count_nonzero(np.abs(ends - limit) <= slack) >= settings.hanging_least
        else max(settings.open_em * em, settings.open_row * pitch)
        for ends, limit in ((np.array([r.start for r in tied]), before), (np.array([r.end for r in tied]), after))
    ]
    if not first.open and first.middle - before > rooms[0] and not _turns(boundaries, long, 0, em, settings):
        boundaries = [Boundary(span, np.full(2, before), 0.0, open=True), *boundaries]
    if not last.open and after - last.middle > rooms[1] and not _turns(boundaries, long, 1, em, settings):
        boundaries = [*boundaries, Boundary(span, np.full(2, after), 0.0, open=True)]
    return boundaries
