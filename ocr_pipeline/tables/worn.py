"""Sides without ruling ink: worn away, or never drawn because a cell is merged there?

A merged cell's missing side begins and ends exactly where other rulings cross, and its print stands across it. Wear
begins and ends anywhere, its traces are all over the table, and print keeps to the squares. For every bare side the
odds of the two are added up (natural logarithms); where wear is the likelier, the side is ruled, and being bare it is
recorded as invented.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, fields, replace

import numpy as np

from ocr_pipeline.geometry import FloatArray
from ocr_pipeline.settings import TableSettings
from ocr_pipeline.tables.aligned import aligned_pairs
from ocr_pipeline.tables.edges import BoolGrid, Edges, next_to
from ocr_pipeline.tables.parted import Extents, print_size
from ocr_pipeline.tables.partition import parted_odds
from ocr_pipeline.tables.whole_cells import Squares, whole_cell_odds

# The weights of what speaks for and against a bare side come from logistic regression on 9,000 bare sides of made
# tables with 5, 15 and 30 % of their rulings missing and of filings, held near to what is likely of itself.

# By how many rulings go on in its line next to a side: one is seldom absent in the middle of a ruling.
_GOES_ON = np.array([0.8, 2.2, 4.1])
# How much seldomer it is at the end of its line: cells of several rows stand in the first columns, cells of several
# columns in the first rows.
_AT_LAST = 1.4
# What one absent side next to it in the cell's other direction adds: merged cells span several squares.
_ALONGSIDE = 1.0
# What its own ink says counts a little more, that of its ends less, as both speak of the same.
_INK, _ENDS = 1.1, 0.55
# A gap by wear ends at a corner by chance only; one by design always does, unless the ruling beyond is worn as well.
_CHANCE_FIT = 0.25
# A stub of ruling that enters a side from its corner: print stays away from there.
_STUB, _STUB_COVER = 2.5, 0.6
# What free ink on a side says (share of the side, odds), as found in 7,500 worn and absent sides of made filings
# with this wear.
_FREE, _FREE_ODDS = (0.12, 0.17, 0.25, 0.35, 0.5), (-0.5, 1.0, 2.1, 4.0, 6.0)
_USUAL_WEAR = 0.035
# In a sound table this many times less where it keeps away from both corners.
_AWAY = 4.0
# What whole cells say was learned of tables with much wear: it counts from the first of these shares worn on, all of it
# from the second.
_SAID_FROM = (0.035, 0.1)
# The odds of a side in whose line there is no ruling ink at all.
_UNSEEN = -3.0
# Of most lines in which any side is ruled so many of all are: then a line is not lost altogether.
_MOSTLY = 0.75
# Print in the middle of both squares; print in both and far apart; print in the middle of one, the other being blank;
# print that runs across the side; print in the middle of several squares between which nothing is ruled.
_BOTH_CENTRED, _APART, _ONE_CENTRED, _ACROSS, _IN_ALL = 3.0, 2.0, 1.2, -4.0, -1.0
# Two words or numbers, each in the middle of its square, whole and far from the other.
_TWO_WORDS = 8.0
# A gap so wide parts words whatever they are in the middle of.
_FAR_EM = 2.5
# Print is in the middle of its square within this share of it.
_CENTRED = 0.15
# Two lines are no higher than this, in em, and one stands so far within them at both ends; what it says of the side
# between them.
_TWO_LINES, _HALF_LINE, _UNLIKE = 2.8, 0.45, 8.0
# Print in the very middle of several squares and off the middle of its own.
_ONLY_IN_ALL = -4.0
# What the rest of the table says, by logistic regression on 8,000 bare sides of made tables and filings: a side is worn
# rather than absent the more of the sides before and behind it across the table are ruled (rows of one cell have none),
# in upright direction and the other; the more of its own line is ruled; all against the usual share.
_STRIP, _LINE, _USUAL_RULED = (7.0, 3.5), 2.2, 0.6
# A square that is blank where its column hardly ever is belongs to the print beside it: this times the logarithm of
# how often it is, against the usual share. Of two blank squares next to each other each counts less.
_ONE_BLANK, _BOTH_BLANK, _USUAL_BLANK = 0.65, 0.0, 0.3
# Print on both sides that stands where its own column's print does.
_ALIGNED = 4.0
# Labels span columns more often than numbers do; a column of labels has print this wide.
_LABELS, _LABEL_EM = (-1.2, -2.2), 2.5
# None spans the first of several columns of numbers and leaves the others parted.
_FIRST_OF_SEVERAL = 3.0


@dataclass(frozen=True)
class _Lines:
    """All sides of one direction: rows of sides in line with each other, shape (lines, sides), ends (lines, sides, 2),
    lengths in em; words: the odds by the print around them; unlike: between which print is set in other lines; blank:
    the squares between, without print, shape (lines - 1, sides); rate: how often the squares of their column are;
    upright: whether the sides part columns; labels: how many of the first columns hold labels."""

    cover: FloatArray
    free: FloatArray
    ends: FloatArray
    lengths: FloatArray
    words: FloatArray
    unlike: BoolGrid
    blank: BoolGrid
    rate: FloatArray
    extents: Extents
    em: float
    upright: bool
    labels: int = 0


def worn_sides(
    edges: Edges, across: Extents, down: Extents, ruled: tuple[BoolGrid, BoolGrid], em: float, settings: TableSettings
) -> tuple[FloatArray, FloatArray]:
    """The odds (logarithms) that each side is ruled and worn, for the rows and the columns; shapes as in Edges.

    ruled: what is known to be ruled.
    """
    size = print_size(down.last - down.first, em)
    rows, columns = _directions(edges, across, down, ruled, em, size if size < settings.small_print * em else em)
    wear = _wear((rows, columns), settings)
    # Of a worn table few squares are ruled all round: how often they are blank is told with those of worn rows.
    worn_rows = _settled(rows, ruled[0], wear) > settings.worn_odds
    rate = _blank_rate(rows.blank, (ruled[0] | worn_rows, ruled[1]))
    rows, columns = replace(rows, rate=rate), replace(columns, rate=rate.T)
    odds = _settled(rows, ruled[0], wear), _settled(columns, ruled[1].T, wear).T
    said = whole_cell_odds(_likely_squares(rows.blank, ruled, odds, settings), across, em)
    weight = float(np.interp(np.log(wear), np.log(_SAID_FROM), (0.0, 1.0)))
    return (
        odds[0] + weight * said[0] * _seen(rows, ruled[0]),
        odds[1] + weight * said[1] * _seen(columns, ruled[1].T).T,
    )


def _likely_squares(
    blank: BoolGrid, ruled: tuple[BoolGrid, BoolGrid], odds: tuple[FloatArray, FloatArray], settings: TableSettings
) -> Squares:
    """The squares with what parts them as likely as not."""
    rows, columns = (known | (likely > settings.worn_odds) for known, likely in zip(ruled, odds, strict=True))
    rows[[0, -1]] = columns[:, [0, -1]] = True
    return Squares(blank, rows, columns, ruled[1])


def _directions(
    edges: Edges, across: Extents, down: Extents, ruled: tuple[BoolGrid, BoolGrid], em: float, size: float
) -> tuple[_Lines, _Lines]:
    """The sides of the rows and, transposed, those of the columns. size: of the table's own print, in pixels."""
    spans = np.diff(edges.corners[..., 0], axis=1) / em, np.diff(edges.corners[..., 1], axis=0) / em
    blank = np.isnan(across.first)
    rate = _blank_rate(blank, ruled)
    alike, unlike = np.zeros(edges.rows.shape, bool), _in_other_lines(_turned(across), _turned(down), size)
    words = (
        _words(down, ruled[0], alike, size, level=False),
        _words(_turned(across), ruled[1].T, unlike, size, level=True),
    )
    rows = _Lines(
        edges.rows, edges.row_free, edges.row_ends, spans[0], words[0], alike, blank, rate, down, em, upright=False
    )
    column_ends = edges.column_ends.transpose(1, 0, 2)
    columns = _Lines(
        edges.columns.T,
        edges.column_free.T,
        column_ends,
        spans[1].T,
        words[1],
        unlike,
        blank.T,
        rate.T,
        _turned(across),
        em,
        upright=True,
        labels=_label_columns(across, em),
    )
    return rows, columns


def _label_columns(across: Extents, em: float) -> int:
    """How many of the first columns hold labels: print that is usually wider than most numbers."""
    width = np.where(np.isnan(across.first), 0.0, across.last - across.first)
    filled = [column[column > 0] for column in width.T]
    wide = [len(column) > 0 and float(np.median(column)) >= _LABEL_EM * em for column in filled]
    return next((c for c, is_label in enumerate(wide) if not is_label), len(wide))


def _blank_rate(blank: BoolGrid, ruled: tuple[BoolGrid, BoolGrid]) -> FloatArray:
    """How often the squares of each one's column are blank, shape of blank: by those that are ruled all round."""
    rows, columns = ruled
    closed = rows[:-1] & rows[1:] & columns[:, :-1] & columns[:, 1:]
    seen, empty = np.count_nonzero(closed, axis=0), np.count_nonzero(blank & closed, axis=0)
    # Few squares say little of a column: the table's own share is added, for two squares.
    usual = (int(empty.sum()) + 1) / (int(seen.sum()) + 4)
    rate: FloatArray = np.broadcast_to((empty + 2 * usual) / (seen + 2), blank.shape)
    return rate


def _settled(lines: _Lines, ruled: BoolGrid, wear: float) -> FloatArray:
    """The odds where what was found to be ruled counts for the sides next to it; none for a line of which nothing at
    all is seen."""
    seen = _seen(lines, ruled)
    likely = ruled | ((_odds(lines, ruled, wear) > 0) & seen)
    odds = _odds(lines, likely, wear) + _rest(lines, likely, wear)
    base = odds - lines.words + _UNLIKE * lines.unlike
    said = parted_odds(lines.extents, ruled, base, lines.words <= _ACROSS, lines.em) - base
    # Where nothing is worn, print alone cannot make a side so.
    odds = base + np.where(said > 0, np.maximum(0.0, said - _soundness(wear)), said)
    result: FloatArray = np.where(seen, odds, np.minimum(odds, _UNSEEN))
    return result


def _seen(lines: _Lines, ruled: BoolGrid) -> BoolGrid:
    """In which lines there is ruling ink at all, shape (lines, 1): where the others are mostly ruled, what little there
    is on one of which no side is known is specks and strokes."""
    known = ruled.any(axis=1)
    share = np.mean(ruled, axis=1)[known]
    least = _FREE[3] if len(share) and np.median(share) >= _MOSTLY else _FREE[0]
    return (known | np.any(lines.free >= least, axis=1))[:, None]


def _rest(lines: _Lines, ruled: BoolGrid, wear: float) -> FloatArray:
    """What the rest of the table says of each side: other sides of its own line, those of other lines across the table
    from it, and how usual blank squares are."""
    inner = ruled[1:-1]
    share = float(np.mean(inner)) if inner.size else 0.0
    counted = inner.sum(axis=0) - np.where(_within(ruled), ruled, False)
    strip = (counted + 2 * share) / (len(inner) - _within(ruled) + 2)
    line = (ruled.sum(axis=1, keepdims=True) - ruled + 2 * share) / (ruled.shape[1] + 1)
    odds: FloatArray = _STRIP[0 if lines.upright else 1] * (strip - _USUAL_RULED) + _LINE * (line - _USUAL_RULED)
    odds[1:-1] += _blanks(lines)
    if lines.upright:
        odds[1:-1] += _ALIGNED * aligned_pairs(lines.extents, lines.em)
        odds[1 : max(1, lines.labels - 1) + 1] += _LABELS[1 if lines.labels > 1 else 0]
        if 0 < lines.labels < len(odds) - 2:
            odds[lines.labels] += np.where(ruled[lines.labels + 1 : -1].any(axis=0), _FIRST_OF_SEVERAL, 0.0)
    # Where nothing is worn the rest of the table cannot make a side so.
    odds = np.where(odds > 0, np.maximum(0.0, odds - _soundness(wear)), odds)
    # Nothing but its own ink speaks for a ruling through print.
    through = (lines.words <= _ACROSS) & np.all(lines.ends < _STUB_COVER, axis=2)
    return np.where(through, np.minimum(odds, 0.0), odds)


def _soundness(wear: float) -> float:
    """How much less likely a side is worn in part than in a table with the usual wear (logarithm)."""
    return max(0.0, float(np.log(_USUAL_WEAR / wear)))


def _within(ruled: BoolGrid) -> BoolGrid:
    """Which lines are not the table's outline."""
    within = np.zeros((len(ruled), 1), bool)
    within[1:-1] = True
    return within


def _blanks(lines: _Lines) -> FloatArray:
    """What blank squares before and after say of the sides between them, shape (lines - 2, sides)."""
    rare = np.where(lines.blank, np.log(lines.rate / _USUAL_BLANK), 0.0)
    both = lines.blank[:-1] & lines.blank[1:]
    odds: FloatArray = np.where(both, _BOTH_BLANK, _ONE_BLANK) * (rare[:-1] + rare[1:])
    return odds


def _turned(extents: Extents) -> Extents:
    return Extents(*(getattr(extents, field.name).T for field in fields(Extents)))


def _words(extents: Extents, ruled: BoolGrid, unlike: BoolGrid, em: float, *, level: bool) -> FloatArray:
    """What the print in the squares before and after says of each side, shape (lines, sides) as ruled.

    extents: of shape (lines - 1, sides); unlike: between which print is set in other lines; level: whether the sides
    are upright, print on both sides is on one line.
    """
    off = extents.off_centre()
    blank = np.isnan(off)
    centred = ~blank & (np.nan_to_num(off, nan=1.0) <= _CENTRED)
    odds = np.zeros((off.shape[0] + 1, off.shape[1]))
    both = centred[:-1] & centred[1:]
    one = (centred[:-1] & blank[1:]) | (blank[:-1] & centred[1:])
    with np.errstate(invalid="ignore"):
        gap = extents.first[1:] - extents.last[:-1]
        # A line that fills a merged cell stands in the middle of every square.
        long = np.minimum((extents.last - extents.first)[1:], (extents.last - extents.first)[:-1]) >= 3 * em
        # Print that runs on beyond where it is looked for runs into the side.
        cut = (extents.last >= extents.until)[:-1] | (extents.first <= extents.since)[1:]
        through, near = (gap <= 0.45 * em) | ((gap <= 0.9 * em) & (long | cut)), gap <= 0.6 * em
    if level:
        # Long numbers in narrow columns come as near to each other, but seldom to the very side both.
        touch = 0.1 * em
        through &= (extents.last >= extents.until - touch)[:-1] & (extents.first <= extents.since + touch)[1:] | ~both
    through &= ~unlike[1:-1]
    apart = np.where(near, _ACROSS, np.where(blank[:-1] | blank[1:], 0.0, _APART))
    apart = np.where(both, _BOTH_CENTRED, np.where(one, _ONE_CENTRED, apart))
    parted = np.zeros_like(both)
    if level:
        # A single character on either side may be one spread label; numbers and longer words are not.
        wide = (extents.last - extents.first) / em
        words = (wide < 0.75) | (wide > 1.3)
        with np.errstate(invalid="ignore"):
            two = (words[:-1] | words[1:]) & (gap >= 1.2 * em)
            # In a narrower gap may be a character that the side cuts in two.
            parted = two & (gap >= _FAR_EM * em)
        apart = np.where(both & ~cut & two, _TWO_WORDS, apart)
    # Print that runs on beyond another bare side of its square is no word in the middle of it.
    running = next_to(through & ~ruled[1:-1])
    odds[1:-1] = np.where(through, _ACROSS, np.where(running, np.minimum(apart, 0.0), apart))
    _in_all(extents, off, ruled, odds, parted)
    return odds


def _in_other_lines(across: Extents, down: Extents, em: float) -> BoolGrid:
    """Between which squares, one behind the other along the first axis, one line of print stands beside two, at half
    their height, each in the middle of its square: no text runs on so. Shape (lines, sides)."""
    centred = np.nan_to_num(across.off_centre(), nan=1.0) <= _CENTRED
    found = np.zeros((len(centred) + 1, centred.shape[1]), bool)
    with np.errstate(invalid="ignore"):
        above, below = down.first[1:] - down.first[:-1], down.last[:-1] - down.last[1:]
        inside = np.minimum(above, below) >= _HALF_LINE * em
        around = np.maximum(above, below) <= -_HALF_LINE * em
        height = np.fmax(down.last[:-1] - down.first[:-1], down.last[1:] - down.first[1:])
        found[1:-1] = centred[:-1] & centred[1:] & (inside | around) & (height <= _TWO_LINES * em)
    return found


def _in_all(extents: Extents, off_centre: FloatArray, ruled: BoolGrid, words: FloatArray, parted: BoolGrid) -> None:
    """Set words where print stands in the middle of several squares without a ruling between them. off_centre: the
    extents' own; parted: between which squares the print is two words: a label at the left of its cell and a number at
    the right of the next are as far from the middle as each other."""
    for along in range(ruled.shape[1]):
        closed = ruled[:, along].copy()
        closed[[0, -1]] = True
        stops = np.flatnonzero(closed)
        for a, b in itertools.pairwise(stops.tolist()):
            if b - a < 2 or parted[a : b - 1, along].any() or np.all(np.isnan(extents.first[a:b, along])):
                continue
            low, high = extents.low[a, along], extents.high[b - 1, along]
            first, last = np.nanmin(extents.first[a:b, along]), np.nanmax(extents.last[a:b, along])
            off = abs((first + last) - (low + high)) / 2 / (high - low)
            own = np.nanmin(off_centre[a:b, along])
            if off <= 0.04 and own >= 0.12:
                words[a + 1 : b, along] = np.minimum(words[a + 1 : b, along], _ONLY_IN_ALL)
            elif off <= 0.1 and b - a > 2:
                words[a + 1 : b, along] = np.minimum(words[a + 1 : b, along], _IN_ALL)


def _wear(directions: tuple[_Lines, _Lines], settings: TableSettings) -> float:
    """The share of ruling that is worn away, by the ends of sides that are surely ruled."""
    bare = [(lines.ends[(lines.cover >= 0.45) & (lines.lengths > 1.0)] < 0.4).ravel() for lines in directions]
    every = np.concatenate(bare)
    # One worn end more than were seen: nothing is known to be perfect.
    return float(np.clip((np.count_nonzero(every) + 0.1) / (every.size + 20.0), 0.004, 0.45))


def _odds(lines: _Lines, ruled: BoolGrid, wear: float) -> FloatArray:
    """The odds for every side of a direction."""
    cover = lines.cover
    bare = np.log(min(0.5, 1.4 * wear) / 0.9) - lines.lengths * (1 - lines.free) / (0.8 + 5 * wear)
    some = lines.free / _FREE[0]
    # A stroke of print that stands free keeps away from both corners.
    away = np.all(lines.ends == 0, axis=2)
    known = np.interp(lines.free, _FREE, _FREE_ODDS) - _soundness(wear) * np.where(away, _AWAY, 1.0)
    ink = np.where(some < 1, bare + some * (known - bare), known)
    before, after = np.zeros_like(ruled), np.zeros_like(ruled)
    before[:, 1:], after[:, :-1] = ruled[:, :-1], ruled[:, 1:]
    odds: FloatArray = _INK * ink + _GOES_ON[before.astype(int) + after.astype(int)] + lines.words
    # Beyond the last side of a line there is none to go on.
    odds[:, -1] += np.where(before[:, -1], _AT_LAST, 0.0)
    odds += _ENDS * _end_odds(lines.ends[..., 0], before, _shifted(lines.ends[..., 1], 1), wear)
    odds += _ENDS * _end_odds(lines.ends[..., 1], after, _shifted(lines.ends[..., 0], -1), wear)
    open_sides = ~ruled & (cover < 0.1)
    for line in range(1, cover.shape[0] - 1):
        beside = (open_sides[line - 1] & (line > 1)).astype(float) + (open_sides[line + 1] & (line < len(cover) - 2))
        odds[line] -= _ALONGSIDE * beside
    return odds


def _shifted(ends: FloatArray, by: int) -> FloatArray:
    """The ends of the neighbouring sides in line, seen from each side."""
    result = np.zeros_like(ends)
    if by > 0:
        result[:, 1:] = ends[:, :-1]
    else:
        result[:, :-1] = ends[:, 1:]
    return result


def _end_odds(own: FloatArray, goes_on: BoolGrid, beyond: FloatArray, wear: float) -> FloatArray:
    """What one end of each side says. own: how dark the side is there; beyond: how dark its ruled neighbour is."""
    stub = own >= _STUB_COVER
    fits = goes_on & ~stub & (beyond >= _STUB_COVER)
    runs_over = goes_on & ~stub & (beyond < 0.35)
    return (
        np.where(stub, _STUB, 0.0)
        + np.where(fits, np.log(_CHANCE_FIT / (1 - wear)), 0.0)
        + np.where(runs_over, np.log((1 - _CHANCE_FIT) / wear), 0.0)
    )
