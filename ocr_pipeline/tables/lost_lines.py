"""Rulings of a table worn to pieces none of which meets another ruling, put back into their table.

A piece that ends where the toner is gone meets nothing, and is of no table by itself. Pieces in one line are a ruling
of the table between whose columns they lie where together they are long enough; beyond the outermost ruling only where
the columns go on up to them: between two tables nothing does.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ocr_pipeline.clean.lines import Ruling, Rulings
from ocr_pipeline.geometry import FloatArray
from ocr_pipeline.settings import TableSettings
from ocr_pipeline.tables.boundaries import Boundary, Frame, find_frame
from ocr_pipeline.tables.chains import joined
from ocr_pipeline.tables.corridors import find_corridor
from ocr_pipeline.tables.edges import Edges, Evidence, hang_together, measure_edges, share_along
from ocr_pipeline.tables.regions import RulingGroup
from ocr_pipeline.tables.stacks import holds_a_line


@dataclass(frozen=True, eq=False)
class _Line:
    """Pieces in one line, from first to last; place: where they lie across, as if the table were straight, in pixels:
    paper may bend."""

    pieces: tuple[Ruling, ...]
    place: float

    @property
    def ids(self) -> frozenset[int]:
        return frozenset(id(piece) for piece in self.pieces)


@dataclass(frozen=True)
class _Side:
    """A table looked at along its rows (level) or its columns: the boundaries that run along and those that run across,
    in the page's frame; foreign: the ids of pieces that are of other tables."""

    along: tuple[Boundary, ...]
    across: tuple[Boundary, ...]
    foreign: frozenset[int]
    level: bool

    @cached_property
    def drawn(self) -> tuple[float, float]:
        """From where to where the rulings along it run."""
        pieces = [piece for boundary in self.along for piece in boundary.pieces]
        return min((start for start, _ in pieces), default=np.inf), max((end for _, end in pieces), default=-np.inf)


@dataclass(frozen=True)
class _Page:
    """What is known of a page. rulings: all of it; evidence: for the rows, for the columns; em: height of the print in
    pixels."""

    rulings: Rulings
    evidence: tuple[Evidence, Evidence]
    em: float
    settings: TableSettings


def with_lost_lines(
    groups: tuple[RulingGroup, ...],
    rulings: Rulings,
    evidence: tuple[Evidence, Evidence],
    em: float,
    settings: TableSettings,
) -> tuple[RulingGroup, ...]:
    """The groups, each with its rulings that were worn to pieces; groups that turn out to be of one table are one.

    rulings: all of the page; evidence: for the rows, for the columns; em: height of the print in pixels.
    """
    page = _Page(rulings, evidence, em, settings)
    left, found = sorted(groups, key=lambda group: -len(group.horizontal) - len(group.vertical)), []
    taken = frozenset[int]()
    while left:
        group, left, known = left[0], left[1:], set[frozenset[int]]()
        while lines := _lost_lines(group, left, known, taken, page):
            new = [line.ids for line in (*lines[0], *lines[1])]
            known, used = known.union(new), frozenset[int]().union(*new)
            parts = [other for other in left if _shares(other, used)]
            left = [other for other in left if not _shares(other, used)]
            group = _united([group, *parts], lines, used)
        taken = taken.union(_ids(group), *known)
        found.append(group)
    return tuple(sorted(found, key=lambda group: min(r.middle for r in group.horizontal)))


def _ids(group: RulingGroup) -> frozenset[int]:
    return frozenset(id(ruling) for ruling in (*group.horizontal, *group.vertical))


def _shares(group: RulingGroup, used: frozenset[int]) -> bool:
    return not used.isdisjoint(_ids(group))


def _united(groups: list[RulingGroup], lines: tuple[list[_Line], list[_Line]], used: frozenset[int]) -> RulingGroup:
    """One group of several and of lines of loose pieces, level and upright. used: the ids of all of their pieces."""
    level = [r for group in groups for r in group.horizontal if id(r) not in used]
    upright = [r for group in groups for r in group.vertical if id(r) not in used]
    found = [[joined(line.pieces) for line in those] for those in lines]
    # Level ones are asked again whether they meet others: strokes of print are in line more often in that direction.
    proven = frozenset(id(ruling) for ruling in found[1]).union(*(group.proven for group in groups))
    return RulingGroup((*level, *found[0]), (*upright, *found[1]), proven)


def _lost_lines(
    group: RulingGroup,
    others: Sequence[RulingGroup],
    known: set[frozenset[int]],
    taken: frozenset[int],
    page: _Page,
) -> tuple[list[_Line], list[_Line]] | None:
    """The level and the upright lines of loose pieces that belong to a group's table; None where there are none but
    those known. others: groups that may be parts of it; taken: the ids of pieces of further ones."""
    frame = find_frame(group, page.em, page.settings)
    if min(len(frame.rows), len(frame.columns)) < 2 or len(frame.rows) + len(frame.columns) < 5:
        return None  # a frame may be around anything
    foreign = taken.union(*(_ids(other) for other in others if _stands_apart(other, frame, page)))
    sides = (
        _Side(frame.rows, frame.columns, foreign, level=True),
        _Side(frame.columns, frame.rows, foreign, level=False),
    )
    level, upright = ([line for line in _lines_of(side, page) if line.ids not in known] for side in sides)
    return (level, upright) if level or upright else None


def _stands_apart(group: RulingGroup, frame: Frame, page: _Page) -> bool:
    """Whether a group is another table than the one with a frame: both of its outermost columns are."""
    if min(len(group.horizontal), len(group.vertical)) < 2:
        return False
    reach = page.settings.snap_em * page.em
    columns = [column for column in find_frame(group, page.em, page.settings).columns if not column.open]
    if len(columns) < 2:
        return False
    return all(
        all(abs(outer.middle - column.at(outer.along[0])) > reach for column in frame.columns)
        for outer in (columns[0], columns[-1])
    )


def _lines_of(side: _Side, page: _Page) -> list[_Line]:
    """The lines of loose pieces that are rulings along a side: those within the table, and the next one beyond it."""
    every = page.rulings.horizontal if side.level else page.rulings.vertical
    loose = [piece for piece in every if _may_belong(piece, side, page)]
    foreign = [piece for piece in loose if id(piece) in side.foreign]
    own = [piece for piece in loose if id(piece) not in side.foreign]
    lines = [
        line for line in _in_lines(own, side, page) if _is_ruling(line, side, page) or _parts_print(line, side, page)
    ]
    reach = page.settings.snap_em * page.em
    first, last = side.along[0].middle - reach, side.along[-1].middle + reach
    before = max((line for line in lines if line.place < first), key=lambda line: line.place, default=None)
    behind = min((line for line in lines if line.place > last), key=lambda line: line.place, default=None)
    found = [line for line in lines if first <= line.place <= last]
    for line, outermost in ((before, side.along[0]), (behind, side.along[-1])):
        if line is None or any(_is_between(piece, line, outermost) for piece in foreign):
            continue
        if _is_tied(line, outermost, side, page):
            found.append(line)
    return found


def _is_between(piece: Ruling, line: _Line, outermost: Boundary) -> bool:
    return min(line.place, outermost.middle) < piece.middle < max(line.place, outermost.middle)


def _may_belong(piece: Ruling, side: _Side, page: _Page) -> bool:
    """Whether a piece lies where others of the table do, and on no boundary along it that is sound."""
    middle, settings = (piece.start + piece.end) / 2, page.settings
    first, last, reach = side.across[0].at(piece.middle), side.across[-1].at(piece.middle), settings.join_em * page.em
    # An outermost ruling may be lost itself: the others run on to it.
    first, last = min(first, side.drawn[0]), max(last, side.drawn[1])
    if piece.start < first - reach or piece.end > last + reach:
        return False
    sound = [boundary for boundary in side.along if boundary.total >= 0.5 * (last - first)]
    # Most pieces lie on one of these: it is the first that is asked.
    nearest = sorted(sound, key=lambda boundary: abs(boundary.middle - piece.middle))
    return all(abs(boundary.at(middle) - piece.middle) >= reach for boundary in nearest)


def _place(piece: Ruling, side: _Side) -> float:
    middle = (piece.start + piece.end) / 2
    away = min((abs(boundary.at(middle) - piece.middle), i) for i, boundary in enumerate(side.along))
    nearest = side.along[away[1]]
    return piece.middle - (nearest.at(middle) - nearest.middle)


def _in_lines(pieces: Sequence[Ruling], side: _Side, page: _Page) -> list[_Line]:
    """The pieces by the lines they lie in."""
    lines: list[list[Ruling]] = []
    places: list[list[float]] = []
    for place, piece in sorted(((_place(piece, side), piece) for piece in pieces), key=lambda pair: pair[0]):
        if lines and place - places[-1][-1] <= page.settings.line_em * page.em:
            lines[-1].append(piece)
            places[-1].append(place)
        else:
            lines.append([piece])
            places.append([place])
    ordered = (tuple(sorted(line, key=lambda piece: piece.start)) for line in lines)
    return [_Line(line, float(np.mean(where))) for line, where in zip(ordered, places, strict=True)]


def _is_ruling(line: _Line, side: _Side, page: _Page) -> bool:
    """Whether pieces in one line are long enough together, and in several squares or up to a side of the table: lines
    to write on are in one and keep away from its sides."""
    drawn, reach = sum(piece.length for piece in line.pieces), page.settings.join_em * page.em
    longest = max(piece.length for piece in line.pieces)
    if drawn < page.settings.chain_em * page.em or longest < page.settings.chain_piece_em * page.em:
        return _is_in_short_pieces(line, side, page) or _stands_free(line, side, page)
    stops: FloatArray = np.array([boundary.at(line.pieces[0].middle) for boundary in side.across])
    first = max(0, int(np.searchsorted(stops, line.pieces[0].start + reach)) - 1)
    last = min(len(stops) - 1, int(np.searchsorted(stops, line.pieces[-1].end - reach)))
    squares = sum(_lies_between(line, start, end, reach) for start, end in itertools.pairwise(stops.tolist()))
    enough = drawn >= page.settings.chain_share * float(stops[last] - stops[first])
    held = squares > 1 or _touches(line, stops, page)
    if held == enough:
        return held
    free, ends = _along(line, side, page)
    if enough:
        return max(ends[0, 0], ends[-1, 1]) >= page.settings.sound_end
    return float(np.average(free[first:last], weights=np.diff(stops[first : last + 1]))) >= page.settings.free_cover


def _parts_print(line: _Line, side: _Side, page: _Page) -> bool:
    """Whether a piece longer than a stroke of print stands in a worn table where print keeps away from its line and
    stands on both sides of it, in several rows."""
    settings = page.settings
    if side.level or max(piece.length for piece in line.pieces) < settings.short_piece_em * page.em:
        return False
    reach = settings.sliver_em * page.em
    before = max((b for b in side.along if b.middle < line.place - reach), key=_middle, default=None)
    behind = min((b for b in side.along if b.middle > line.place + reach), key=_middle, default=None)
    if before is None or behind is None:
        return False
    if any(abs(boundary.middle - line.place) <= reach for boundary in side.along):
        return False
    free = sum(_free_length(piece, side, page) for piece in line.pieces)
    if free < settings.short_piece_em * page.em:
        return False
    ink = page.evidence[0].ink
    corridor = find_corridor(
        joined(line.pieces), (before, behind), side.across, ink, page.rulings, page.em, settings, level=side.level
    )
    long = free >= settings.chain_piece_em * page.em
    if corridor.beside < max(1 if long else settings.corridor_least, settings.corridor_share * corridor.crossed):
        return False
    edges = measure_edges(Frame(side.across, side.along), page.evidence, page.em, settings)
    ends = edges.row_ends[edges.rows >= settings.doubt_cover]
    return bool(len(ends) > 0 and np.mean(ends < settings.end_cover) >= settings.worn_corners)


def _middle(boundary: Boundary) -> float:
    return boundary.middle


def _along(line: _Line, side: _Side, page: _Page) -> tuple[FloatArray, FloatArray]:
    """How much of each side along a line has ink that stands free, and how dark its ends are, as in Edges."""
    edges, own = _measured(line, side, page)
    if side.level:
        return edges.row_free[own], edges.row_ends[own]
    return edges.column_free[:, own], edges.column_ends[:, own]


def _stands_free(line: _Line, side: _Side, page: _Page) -> bool:
    """Whether pieces in one line are no longer than wide dashes, but with what ink there is between them make up much
    of several squares' sides and reach several of their corners."""
    if max(piece.length for piece in line.pieces) < page.settings.chain_stroke_em * page.em:
        return False
    # Measuring takes long, and most lines of such pieces are feet of numbers.
    if sum(_free_length(piece, side, page) for piece in line.pieces) < page.settings.chain_stroke_em * page.em:
        return False
    free, ends = _along(line, side, page)
    seen = free >= page.settings.lost_cover
    widths = np.diff([boundary.at(line.pieces[0].middle) for boundary in side.across])
    reached = np.count_nonzero((ends >= page.settings.sound_end) & seen[:, None])
    mean = share_along(free, widths * seen)
    together = hang_together(seen[None], widths, page.settings)[0]
    enough = mean >= page.settings.free_cover and reached >= page.settings.worn_ends
    return bool(seen.sum() > 1 and together and enough)


def _free_length(piece: Ruling, side: _Side, page: _Page) -> float:
    """How much of a piece has no ink next to it on either side, in pixels."""
    ink, reach = page.evidence[0].ink, piece.thickness / 2 + page.settings.free_em * page.em
    away = np.rint(np.arange(piece.thickness / 2 + 2, reach + 1)).astype(np.int64)[:, None]
    along = np.arange(piece.start, piece.end + 0.5)
    steps = np.concatenate([away, -away]) + np.rint(np.interp(along, piece.along, piece.across)).astype(np.int64)
    places = np.broadcast_to(np.rint(along).astype(np.int64), steps.shape)
    y, x = (steps, places) if side.level else (places, steps)
    beside = np.any(ink[np.clip(y, 0, ink.shape[0] - 1), np.clip(x, 0, ink.shape[1] - 1)], axis=0)
    window = np.ones(2 * max(1, round(page.settings.free_em * page.em)) + 1)
    near = np.convolve(beside, window)[len(window) // 2 :][: len(along)] > 0
    return float(np.count_nonzero(~near))


def _is_in_short_pieces(line: _Line, side: _Side, page: _Page) -> bool:
    """Whether pieces in one line are a ruling worn to pieces each as short as a low table's rows are high: in several
    squares, much of the way from one ruling across to another, and each across such a ruling or up to it. Strokes of
    print and dashes keep away from rulings, and none is as long as the longest."""
    settings, touch = page.settings, page.settings.touch_em * page.em
    stops = [boundary.at(line.pieces[0].middle) for boundary in side.across]
    long = [piece for piece in line.pieces if piece.length >= settings.short_piece_em * page.em]
    held = [piece for piece in long if any(piece.start - touch <= stop <= piece.end + touch for stop in stops)]
    if len(held) < 2 or max(piece.length for piece in held) < settings.chain_stroke_em * page.em:
        return False
    reach = settings.join_em * page.em
    squares = [(a, b) for a, b in itertools.pairwise(stops) if _lies_between(line, a, b, reach)]
    if len(squares) < 2:
        return False
    return sum(piece.length for piece in held) >= settings.chain_share * (squares[-1][1] - squares[0][0])


def _touches(line: _Line, stops: FloatArray, page: _Page) -> bool:
    """Whether a line begins or ends at the first or the last of the rulings that run across, at stops along it."""
    reach = page.settings.touch_em * page.em
    return bool(abs(line.pieces[0].start - stops[0]) <= reach or abs(line.pieces[-1].end - stops[-1]) <= reach)


def _lies_between(line: _Line, start: float, end: float, least: float) -> bool:
    """Whether more than so many pixels of a line's pieces lie between two places along it."""
    return any(min(piece.end, end) - max(piece.start, start) >= least for piece in line.pieces)


def _is_tied(line: _Line, outermost: Boundary, side: _Side, page: _Page) -> bool:
    """Whether rulings go on from a table's outermost boundary to a line beyond it: one to a line as far from it as rows
    are high, or to an upright one that is as long as the table is high, or two; or, where the table is worn, whether
    there is one more row of print between the two."""
    settings = page.settings
    edges, _ = _measured(line, side, page)
    free, ends = (
        (edges.column_free[0], edges.column_ends[0]) if side.level else (edges.row_free[:, 0], edges.row_ends[:, 0])
    )
    # Print between two tables keeps away from their rulings.
    tied = (free >= settings.tied_free) & np.any(ends >= settings.end_cover, axis=1)
    heights = np.diff([boundary.middle for boundary in side.along])
    away = abs(line.place - outermost.middle) / float(np.median(heights))
    if np.any(tied) and (away <= settings.tied_height or (not side.level and _spans(line, side, page))):
        return True
    count, at_both = np.count_nonzero(tied), bool(np.all(np.any(ends[tied] >= settings.end_cover, axis=0)))
    if count > 1 and (at_both or count >= settings.tied_most):
        return True
    return side.level and abs(away - 1) <= settings.next_row and _is_next_row(line, outermost, edges, page)


def _spans(line: _Line, side: _Side, page: _Page) -> bool:
    """Whether a line begins and ends where the table does."""
    first, last = (boundary.at(line.place) for boundary in (side.across[0], side.across[-1]))
    reach = page.settings.join_em * page.em
    return abs(line.pieces[0].start - first) <= reach and abs(line.pieces[-1].end - last) <= reach


def _is_next_row(line: _Line, outermost: Boundary, edges: Edges, page: _Page) -> bool:
    """Whether a worn table's outermost boundary and a line as far from it as its rows are high have one line of print
    between them, in the middle: the rulings of a row of one cell may be gone at both sides. edges: of the two."""
    settings = page.settings
    if np.mean(edges.row_ends < settings.end_cover) < settings.worn_corners:
        return False
    width = float(np.ptp(edges.corners[0, :, 0]))
    if line.pieces[-1].end - line.pieces[0].start < settings.next_length * width:
        return False
    return holds_a_line(edges.corners, page.evidence[0].ink, page.em, settings)


def _measured(line: _Line, side: _Side, page: _Page) -> tuple[Edges, int]:
    """The sides along a line and between it and the outermost boundary next to it; and whether it is the first (0) or
    the second (1) of the two."""
    whole = joined(line.pieces)
    drawn = Boundary(whole.along, whole.across, whole.thickness, pieces=((whole.start, whole.end),))
    other = min((side.along[0], side.along[-1]), key=lambda boundary: abs(line.place - boundary.middle))
    order = (drawn, other) if line.place < other.middle else (other, drawn)
    frame = Frame(order, side.across) if side.level else Frame(side.across, order)
    return measure_edges(frame, page.evidence, page.em, page.settings), 0 if order[0] is drawn else 1
