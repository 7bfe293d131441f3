"""Ruled lines on an upright page, as curves.

A ruling is darker than what lies just beside it, across its whole length: a morphological closing across the line
(black top-hat) brings out dark strokes thinner than a ruling may be, whatever the tint beneath; the share of such
pixels along a short window tells a ruling, worn or not, from the strokes of print. Vertical rulings are found by the
same steps on the transposed page.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from ocr_pipeline.clean import packed
from ocr_pipeline.clean.background import above
from ocr_pipeline.clean.counting import counted_down
from ocr_pipeline.clean.crossings import tied_to_crossings
from ocr_pipeline.clean.dashes import DashedLines, find_dashes, with_dashes
from ocr_pipeline.clean.evenness import (
    bare_columns,
    is_even,
    is_ragged,
    own_columns,
    own_course,
    roughness,
    running_mean,
)
from ocr_pipeline.clean.faint import averaged_along, away_from_print, followed_further, hairline_depth
from ocr_pipeline.clean.in_line import in_line
from ocr_pipeline.clean.line_masks import transposed
from ocr_pipeline.clean.lines import Ruling, Rulings
from ocr_pipeline.clean.pieces import Piece, Traced, painted
from ocr_pipeline.clean.rungs import with_rungs
from ocr_pipeline.components import labelled_parts
from ocr_pipeline.geometry import FloatArray, GrayImage, Mask
from ocr_pipeline.settings import RulingSettings
from ocr_pipeline.threads import both


def find_rulings(page: GrayImage, em: float, settings: RulingSettings) -> Rulings:
    """The rulings of an upright page (skew below about half a degree). em: height of the print in pixels."""
    level, upright = both(lambda: _seen(page, em, settings), lambda: _seen(transposed(page), em, settings))
    # Fewer rulings run down a page than across it, so that there is time for dashes beside them.
    rows, (columns, marks) = both(
        lambda: _find_horizontal(level, em, settings),
        lambda: (_find_horizontal(upright, em, settings), _marks(level.dark, upright.dark, em, settings)),
    )
    rows, columns, pale = _printed_on_this_side(rows, columns, em, settings)
    rows, columns = _with_held(rows, columns, em, settings), _with_held(columns, rows, em, settings)
    usual = _usual_depth([*rows.rulings, *columns.rulings], em, settings)
    rows, columns = (_seen_beside(traced, settings.faintest * usual) for traced in (rows, columns))
    rows, columns = (
        tied_to_crossings(rows, columns.rulings, em, settings),
        tied_to_crossings(columns, rows.rulings, em, settings),
    )
    horizontal, rows_mask = _drawn_alike(rows, columns.rulings, em, settings)
    vertical, columns_mask = _drawn_alike(columns, rows.rulings, em, settings)
    if rows.dark is not level.dark or columns.dark is not upright.dark:
        marks = _marks(rows.dark, columns.dark, em, settings)
    found = Rulings(horizontal, vertical, rows_mask, transposed(columns_mask), rows.dark, marks.columns_dark, pale)
    return with_rungs(with_dashes(found, marks.dashes, em, settings), em, settings)


@dataclass(frozen=True)
class _Seen:
    """One direction of a page before anything is traced. page: with that direction level; depth, dark: see Traced."""

    page: GrayImage
    depth: GrayImage
    dark: Mask


@dataclass(frozen=True)
class _Marks:
    """What both directions show together. columns_dark: of the upright one, on the page as it stands; dashes: the
    lines of dashes of both."""

    columns_dark: Mask
    dashes: DashedLines


def _marks(rows_dark: Mask, columns_dark: Mask, em: float, settings: RulingSettings) -> _Marks:
    """columns_dark: of the transposed page."""
    columns_dark = transposed(columns_dark)
    ink = cv2.bitwise_or(rows_dark, columns_dark).astype(np.uint8, copy=False)
    return _Marks(columns_dark, find_dashes(ink, em, settings))


_Part = tuple[int, int, npt.NDArray[np.bool_]]
"""A connected part of a mask: left, top, its own pixels."""


def _seen(page: GrayImage, em: float, settings: RulingSettings) -> _Seen:
    depth = _depth(page, em, settings)
    return _Seen(page, depth, _dark(depth, settings.contrast, em, settings))


def _find_horizontal(seen: _Seen, em: float, settings: RulingSettings) -> Traced:
    traced = _traced(seen.dark, seen.depth, em, settings)
    hairline = hairline_depth(traced.rulings, em, settings)
    return _with_faint(traced, seen.page, hairline, em, settings) if hairline else traced


def _with_faint(traced: Traced, page: GrayImage, hairline: float, em: float, settings: RulingSettings) -> Traced:
    """What is traced with its hairlines followed where they are all but gone. hairline: how dark they are."""
    soft = _depth(averaged_along(page, em, settings), em, settings)
    faint = above(soft, settings.faint_contrast)
    grain = _grain(soft, em, settings)
    if grain is not None and grain.max() > settings.faint_contrast:
        faint &= cv2.compare(soft, grain, cv2.CMP_GT).astype(np.uint8, copy=False)
    faint = away_from_print(faint, traced.depth, hairline, em, settings)
    for piece, ruling in zip(traced.pieces, traced.rulings, strict=True):
        if ruling.depth <= settings.hairline_depth:
            faint[piece.window] |= np.where(piece.ink, np.uint8(255), np.uint8(0))
    dark = cv2.bitwise_or(traced.dark, faint).astype(np.uint8, copy=False)
    followed = _trace(_long_runs(faint, em, settings), dark, traced.depth, em, settings)
    old, new = followed_further(traced.pieces, followed.pieces, dark.shape, settings.faint_gain_em * em)
    drawn = painted(itertools.compress(followed.pieces, new), dark.shape)
    return Traced(
        (*itertools.compress(traced.rulings, old), *itertools.compress(followed.rulings, new)),
        (*itertools.compress(traced.pieces, old), *itertools.compress(followed.pieces, new)),
        traced.even,
        traced.depth,
        cv2.bitwise_or(traced.dark, cv2.bitwise_and(faint, drawn)).astype(np.uint8, copy=False),
    )


def _traced(dark: Mask, depth: GrayImage, em: float, settings: RulingSettings) -> Traced:
    """What looks like a ruling among all that is dark."""
    return _trace(_long_runs(dark, em, settings), dark, depth, em, settings)


def _dark(depth: GrayImage, least: float, em: float, settings: RulingSettings) -> Mask:
    """255 on all that is darker than beside it by more than so many gray levels, and by more than the grain of the
    paper there."""
    dark = above(depth, least)
    grain = _grain(depth, em, settings)
    if grain is not None and grain.max() > least:
        dark &= cv2.compare(depth, grain, cv2.CMP_GT).astype(np.uint8, copy=False)
    if settings.bilevel:
        gap = max(2, round(settings.gap_em * em))
        dark = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((1, gap + 1), np.uint8))
    return dark.astype(np.uint8, copy=False)


def _depth(page: GrayImage, em: float, settings: RulingSettings) -> GrayImage:
    """By how many gray levels the page is darker than what lies above and below within a ruling's thickness."""
    reach = max(3, int(2 * settings.max_thickness_em * em) | 1)
    return cv2.morphologyEx(page, cv2.MORPH_BLACKHAT, np.ones((reach, 1), np.uint8)).astype(np.uint8, copy=False)


def _grain(depth: GrayImage, em: float, settings: RulingSettings) -> GrayImage | None:
    """By how many gray levels grain makes the paper darker than beside it at most, around each pixel; None on a page
    without grain. Grain is weakest on white paper, where it is clipped, and in full in tints; print adds to the middle
    of the depths around it, but no more than so much is believed."""
    few = np.ascontiguousarray(depth[::_SPARSE, ::_SPARSE])
    usual = float(np.median(few))
    if usual <= 0:
        return None
    window = min(_LARGEST_MEDIAN, max(3, int(settings.grain_window_em * em / _SPARSE) | 1))
    # At the edge of a tint half of what lies around is white: the worse half decides.
    worst = cv2.dilate(cv2.medianBlur(few, window), np.ones((window, window), np.uint8))
    around = np.minimum(worst, settings.grain_tint * usual)
    grain = np.clip(settings.grain_depth * around, 0, 255).astype(np.uint8)
    height, width = depth.shape
    return cv2.resize(grain, (width, height), interpolation=cv2.INTER_NEAREST).astype(np.uint8, copy=False)


_SPARSE = 4
"""Of so many pixels in a row one is looked at for the grain around it."""
_LARGEST_MEDIAN = 255
"""Pixels that OpenCV's median of bytes takes at most."""


def _printed_on_this_side(
    rows: Traced, columns: Traced, em: float, settings: RulingSettings
) -> tuple[Traced, Traced, float]:
    """Both directions without what shines through from the back of the sheet, be it in line with a ruling; and how dark
    that may be, 0 where nothing does."""
    usual = _usual_depth([*rows.rulings, *columns.rulings], em, settings)
    height, width = rows.depth.shape
    behind = _sure_behind(_pale(columns.rulings, usual, height, settings), width, em, settings)
    apart = max((r.middle for r in behind), default=0.0) - min((r.middle for r in behind), default=0.0)
    if apart < settings.shine_seen_em * em or sum(r.length for r in behind) < settings.shine_seen_em * em:
        return rows, columns, 0.0
    least = max(settings.contrast, settings.shine_margin * max(r.depth for r in behind))
    rows, columns = (
        _traced(_dark(traced.depth, least, em, settings), traced.depth, em, settings) for traced in (rows, columns)
    )
    return rows, columns, settings.shine_depth * usual


def _seen_beside(traced: Traced, least: float) -> Traced:
    """What is traced without lines so pale that beside the page's rulings the eye takes them for none: a trace of the
    back of the sheet, the shadow of its edge. least: gray levels."""
    return traced.only([ruling.depth >= least for ruling in traced.rulings])


def _sure_behind(pale: Sequence[Ruling], extent: int, em: float, settings: RulingSettings) -> list[Ruling]:
    """Of pale and broad upright lines those that prove that the back shines through: neither strokes of print, which
    seldom stand one above another and stray from any line, nor the shadow along an edge of the sheet. extent: of the
    page across them."""
    least, edge, rough = (x * em for x in (settings.shine_length_em, settings.shine_edge_em, settings.shine_rough_em))
    return [r for r in pale if r.length >= least and r.roughness <= rough and edge <= r.middle <= extent - edge]


def _usual_depth(rulings: Sequence[Ruling], em: float, settings: RulingSettings) -> float:
    """How dark the page's own rulings are, told from the long ones; 0 where there is none."""
    long = sorted((r for r in rulings if r.length >= settings.sure_length_em * em), key=lambda r: r.depth)
    lengths = np.cumsum([r.length for r in long])
    return long[int(np.searchsorted(lengths, settings.shine_usual * lengths[-1]))].depth if long else 0.0


def _pale(own: Sequence[Ruling], usual: float, extent: int, settings: RulingSettings) -> list[Ruling]:
    """The rulings of one direction that may shine through from the back of the sheet: pale beside all rulings, and
    diffuse beside the dark ones of their direction.

    The breadth of the other direction says nothing, as a moved sheet smears but one. With no dark one there is none,
    nor is what runs through the whole page a matter of its back. extent: of the page along them, in pixels.
    """
    dark = [r.breadth for r in own if r.depth >= usual / 2]
    if not dark:
        return []
    through = settings.shine_through * extent
    broad = settings.shine_breadth * float(np.median(dark))
    return [r for r in own if r.depth < settings.shine_depth * usual and r.breadth > broad and r.length < through]


def _long_runs(dark: Mask, em: float, settings: RulingSettings) -> Mask:
    """The parts of the mask where most pixels of a window along the line are dark, long enough to be a ruling."""
    # A line that leans by a fraction of a pixel over the window hops between two rows: let it.
    thick = cv2.dilate(dark, np.ones((3, 1), np.uint8)) if em >= settings.hop_em_pixels else dark
    runs = np.zeros_like(dark)
    # Each row is on its own from here: a band of some is worked on in the cache of a core.
    for top in range(0, len(dark), _BAND):
        band = thick[top : top + _BAND].astype(np.uint8, copy=False)
        if cv2.countNonZero(band):
            # Long filters run several times faster down the columns of an image than along its rows.
            runs[top : top + _BAND] = transposed(_long_runs_down(transposed(band), em, settings))
    return runs


_BAND = 256
"""Rows of the page."""


def _long_runs_down(thick: Mask, em: float, settings: RulingSettings) -> Mask:
    """The same down the columns of a mask of lines."""
    window = max(3, int(settings.smooth_em * em) | 1)
    # Shares are told apart in 255ths.
    full = counted_down(thick, window) > int(window * (int(255 * settings.share) + 0.5) / 255)
    # The share falls off over half a window at a line's end: grow back what was lost, only where there is ink.
    inked = packed.closed(packed.pack(thick), window // 2 | 1)
    long = packed.opened(packed.dilated(packed.pack(full), window) & inked, max(3, int(settings.min_length_em * em)))
    return packed.unpack(long, thick.shape[1])


def _trace(mask: Mask, dark: Mask, depth: GrayImage, em: float, settings: RulingSettings) -> Traced:
    """The centre lines of the mask's connected parts, those left out that are print."""
    reach = _reach(em, settings)
    dark_above, dark_below = _beside(dark, reach)
    found: list[Piece] = []
    doubtful: list[Piece] = []
    even: list[Piece] = []
    parts = list(_connected_parts(mask))
    while parts:
        x, y, part = parts.pop(0)
        height, width = part.shape
        if width < settings.min_length_em * em:
            continue
        # Tracing thickened the line by up to a pixel on either side; its own ink says how thick it is.
        ink = part & (dark[y : y + height, x : x + width] > 0)
        thickness = max(1.0, np.count_nonzero(ink) / width)
        if height > thickness + settings.tied_em * em and (tied := _tied(x, y, ink, em, settings)):
            parts[:0] = tied
            continue
        lean = settings.max_lean * width
        thickest = (
            settings.frame_thickness_em if _is_bar(part.shape, thickness, em, settings) else settings.max_thickness_em
        )
        if thickness > thickest * em or height > thickness * 2 + lean + 0.3 * em:
            parts[:0] = _without_slants(x, y, part, em, settings) or _bars_within(x, y, ink, em, settings)
            continue
        over, under = _flanks(part, x, y, dark_above, dark_below)
        short = width < settings.sure_length_em * em
        if not short and _is_print(over, under, short, settings):
            over, under = _dark_flanks(x, y, part, ink, depth, reach, settings)
        piece = Piece(x, y, part, ink, thickness, over, under)
        if not _is_print(over, under, short, settings) and not _is_run_together(piece, em, settings):
            found.append(piece)
            continue
        if width >= settings.even_em * em and is_even(ink, em, settings):
            if not short:
                found.append(piece)
                continue
            even.append(piece)
        elif not short and (through := _through(x, y, ink, em, settings)):
            parts[:0] = through
            continue
        if min(over, under) <= _most_flanked(piece, settings):
            doubtful.append(piece)
    doubles = _doubles(doubtful, dark, em, settings)
    known = {id(piece) for piece in doubles}
    found += doubles + in_line([piece for piece in doubtful if id(piece) not in known], em, settings)
    return Traced(_measured(found, depth, em, settings), tuple(found), tuple(even), depth, dark)


def _measured(pieces: Sequence[Piece], depth: GrayImage, em: float, settings: RulingSettings) -> tuple[Ruling, ...]:
    """Each piece as a ruling. depth: of the whole page, see _depth."""
    reach = _reach(em, settings)
    return tuple(_with_profile(_centre_line(piece, em, settings), piece, depth, reach) for piece in pieces)


def _reach(em: float, settings: RulingSettings) -> int:
    """How many rows beside a piece are looked at."""
    return max(2, round(settings.flank_em * em))


def _with_held(traced: Traced, across: Traced, em: float, settings: RulingSettings) -> Traced:
    """What is traced with those even pieces amid print that begin and end at a ruling of the other direction: print in
    a cell keeps off the rulings beside it, if by a pixel. across: what is traced of the other direction."""
    known = {id(piece) for piece in traced.pieces}
    held = [
        piece
        for piece in traced.even
        if id(piece) not in known
        and _is_held(piece.x, piece, across.rulings, em, settings)
        and _is_held(piece.window[1].stop, piece, across.rulings, em, settings)
    ]
    if not held:
        return traced
    rulings = _measured(held, traced.depth, em, settings)
    return replace(traced, rulings=(*traced.rulings, *rulings), pieces=(*traced.pieces, *held))


def _is_held(end: int, piece: Piece, across: Sequence[Ruling], em: float, settings: RulingSettings) -> bool:
    """Whether a piece's end lies on a ruling of the other direction. end: of the piece, in pixels along it."""
    at, near = piece.y + piece.part.shape[0] / 2, settings.even_near_em * em
    return any(r.start - near <= at <= r.end + near and abs(r.at(at) - end) <= r.thickness / 2 + near for r in across)


def _is_run_together(piece: Piece, em: float, settings: RulingSettings) -> bool:
    """Whether a piece is a line of print itself, all of which runs together in one part so that nothing of it is left
    beside: as thick as such a line's core, thick here and thin there, and without a course."""
    thick = settings.ragged_em * em <= piece.thickness <= settings.frame_thickness_em * em
    return thick and is_ragged(piece.ink, em, settings)


def _is_bar(shape: tuple[int, ...], thickness: float, em: float, settings: RulingSettings) -> bool:
    """Whether a part is as long as the side of a table and filled with ink, as no line of print is."""
    height, width = shape
    return width >= settings.frame_length_em * em and height <= 1.5 * thickness + 2


def _with_profile(ruling: Ruling, piece: Piece, depth: GrayImage, reach: int) -> Ruling:
    """The ruling with its depth and breadth. depth: of the whole page; reach: rows beside it that are looked at."""
    rows, columns = piece.window
    around = depth[max(0, rows.start - reach) : rows.stop + reach, columns]
    deep, breadth = _profile(around, piece.ink, depth[rows, columns])
    return replace(ruling, depth=deep, breadth=breadth)


def _profile(around: GrayImage, ink: npt.NDArray[np.bool_], core: GrayImage) -> tuple[float, float]:
    """A ruling's depth, and its breadth where it is at least half as dark: the middle over its columns, whatever
    crosses it. core: the depths in its box, ink: its own pixels there; around: the box with some rows on both sides."""
    deep = float(np.median((core * ink).max(axis=0)))
    # Depths are whole levels, and compared as such in a fifth of the time.
    half = around >= np.uint8(max(np.ceil(deep / 2), 1))
    return deep, float(np.median(half.sum(axis=0, dtype=np.uint16)))


def _drawn_alike(
    traced: Traced, others: Sequence[Ruling], em: float, settings: RulingSettings
) -> tuple[tuple[Ruling, ...], Mask]:
    """The rulings that are drawn like the sure ones, and the mask of their pixels. others: the other direction's."""
    alike = _like_the_sure_ones(traced, others, em, settings)
    kept = np.zeros_like(traced.dark)
    for ruling, piece, keep in zip(traced.rulings, traced.pieces, alike, strict=True):
        if keep:
            kept[piece.window][_own_pixels(ruling, piece, settings)] = 255
    return tuple(ruling for ruling, keep in zip(traced.rulings, alike, strict=True) if keep), kept


def _own_pixels(ruling: Ruling, piece: Piece, settings: RulingSettings) -> npt.NDArray[np.bool_]:
    """The pixels of a piece without print that hangs on it, as its own thickness and course tell of a line without
    gaps."""
    height, width = piece.part.shape
    reach = ruling.thickness / 2 + _BLURRED
    if ruling.spread or ruling.solidity < settings.unbroken or height <= 2 * reach:
        return piece.part
    centre = np.interp(piece.x + np.arange(width), ruling.along, ruling.across) - piece.y
    own: npt.NDArray[np.bool_] = piece.part & (np.abs(np.arange(height)[:, None] - centre) <= reach)
    # A streak that runs along has a course of its own.
    return own if np.mean((own & piece.ink).any(axis=0)) >= settings.unbroken else piece.part


_BLURRED = 1.0
"""Pixels by which tracing widens a line on either side."""


def _doubles(pieces: list[Piece], dark: Mask, em: float, settings: RulingSettings) -> list[Piece]:
    """Those of the pieces with strokes along one side for which these are the other line of a double ruling: two pieces
    that begin and end alike, near to each other, nothing but crossings in between, with little on their outer sides.
    """
    order, found = sorted(range(len(pieces)), key=lambda i: pieces[i].y), set()
    most = [_most_flanked(piece, settings) for piece in pieces]
    for position, i in enumerate(order):
        for j in order[position + 1 :]:
            if pieces[j].y - pieces[i].window[0].stop > settings.double_em * em:
                break
            if _are_double(pieces[i], pieces[j], min(most[i], most[j]), dark, em, settings):
                found |= {i, j}
    return [pieces[i] for i in sorted(found)]


def _are_double(upper: Piece, lower: Piece, most: float, dark: Mask, em: float, settings: RulingSettings) -> bool:
    """most: over how much of their length there may be print on their outer sides."""
    first, last = max(upper.x, lower.x), min(upper.window[1].stop, lower.window[1].stop)
    ends = max(upper.window[1].stop, lower.window[1].stop) - last, first - min(upper.x, lower.x)
    if max(ends) > settings.double_ends_em * em or max(upper.over, lower.under) > most:
        return False
    between = dark[upper.window[0].stop + 1 : lower.y - 1, first:last]
    return float(np.mean(np.any(between, axis=0))) <= settings.flanked_long if between.size else lower.y > upper.y


def _most_flanked(piece: Piece, settings: RulingSettings) -> float:
    """Over how much of its length a line of a double ruling may have print on its outer side: as much as other short
    pieces on one side where it is hardly broken, as strokes of a line of print are."""
    whole = np.count_nonzero(piece.ink.any(axis=0)) / piece.length >= 1 - settings.solidity_slack
    return settings.flanked_one if whole else settings.flanked_long


def _connected_parts(mask: Mask) -> Iterator[_Part]:
    """The connected parts of a mask from top to bottom: left, top, and their own pixels. Only the bands of rows that
    hold any are looked at."""
    filled: npt.NDArray[np.bool_] = np.any(mask, axis=1)
    # The search takes rows two by two; bands that begin on an even row come out in the order of the whole.
    pairs = np.pad(filled, (0, mask.shape[0] % 2)).reshape(-1, 2).any(axis=1)
    edges = 2 * np.flatnonzero(np.diff(np.concatenate([[False], pairs, [False]]).astype(np.int8)))
    for top, bottom in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        count, labels, stats, _ = labelled_parts(mask[top:bottom])
        for label, (x, y, width, height, _) in enumerate(stats[1:count].tolist(), 1):
            yield x, top + y, labels[y : y + height, x : x + width] == label


def _tied(x: int, y: int, ink: npt.NDArray[np.bool_], em: float, settings: RulingSettings) -> list[_Part]:
    """The rulings in a part that holds several, one below another: print of a low row touches both. Empty where there
    are no two that run beside each other."""
    pieces = [
        piece
        for piece in _level_parts(x, y, ink, settings.tied_run_em * em)
        if piece[2].shape[1] >= settings.min_length_em * em and piece[2].shape[0] < ink.shape[0]
    ]
    beside = settings.tied_beside_em * em
    for (left, top, one), (other_left, other_top, other) in itertools.combinations(pieces, 2):
        shared = min(left + one.shape[1], other_left + other.shape[1]) - max(left, other_left)
        if shared >= beside and (top + one.shape[0] <= other_top or other_top + other.shape[0] <= top):
            return pieces
    return []


def _through(x: int, y: int, ink: npt.NDArray[np.bool_], em: float, settings: RulingSettings) -> list[_Part]:
    """The ruling that runs through a part most of which is print: figures or first characters stand against it row
    after row. Empty where there is none."""
    pieces = _level_parts(x, y, ink, settings.tied_run_em * em)
    if sum(np.count_nonzero(piece) for _, _, piece in pieces) > settings.through_share * np.count_nonzero(ink):
        return []
    long = settings.through_length * ink.shape[1]
    return [piece for piece in pieces if piece[2].shape[1] >= long and piece[2].shape[0] < ink.shape[0]]


def _without_slants(x: int, y: int, part: npt.NDArray[np.bool_], em: float, settings: RulingSettings) -> list[_Part]:
    """The rulings in a part too high to be one: something runs across them at a slant. A line of print holds none as
    long as itself."""
    height, width = part.shape
    least = max(width / 2, settings.crossed_length_em * em)
    if width < least:
        return []
    pieces = _level_parts(x, y, part, settings.slant_em * em)
    return [piece for piece in pieces if piece[2].shape[0] < height and piece[2].shape[1] >= least]


def _bars_within(x: int, y: int, ink: npt.NDArray[np.bool_], em: float, settings: RulingSettings) -> list[_Part]:
    """The sides of thick frames in a part too thick to be one: a column of print stands against them. What is left of
    the print is in no place as long as a side."""
    return [
        (left, top, piece)
        for left, top, piece in _level_parts(x, y, ink, settings.slant_em * em)
        if piece.shape[0] < ink.shape[0]
        and _is_bar(piece.shape, np.count_nonzero(piece) / piece.shape[1], em, settings)
    ]


def _level_parts(x: int, y: int, mask: npt.NDArray[np.bool_], length: float) -> list[_Part]:
    """The connected parts of what a mask has of level runs so many pixels long. x, y: where the mask is."""
    long = np.ones((1, max(3, round(length))), np.uint8)
    level = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, long, borderType=cv2.BORDER_CONSTANT, borderValue=0)
    return [(x + dx, y + dy, piece) for dx, dy, piece in _connected_parts(level.astype(np.uint8))]


def _line_thickness(ruling: Ruling) -> float:
    """How thick a ruling's line is, in pixels; each of the two where it is a double one: of one page's double rulings
    some are traced as one and others as two."""
    return ruling.thickness - 2 * ruling.spread


def _like_the_sure_ones(traced: Traced, others: Sequence[Ruling], em: float, settings: RulingSettings) -> list[bool]:
    """Which rulings to keep: all long ones, and of the short ones those drawn like them.

    The rulings of a page come from one printer and suffered the same wear, so a short piece that is more broken,
    rougher or much thicker than the long ones is a row of strokes of print; and so is a rougher one along which more of
    print runs, be it long: the feet of a long number. With no long ruling all are kept.
    others: the other direction's rulings. The only long line down a page with a short table may be the edge of the
    paper, which is thin; the sides of a low table's frame are as thick as its top, with no print beside them.
    """
    rulings = traced.rulings
    sure = [r for r in rulings if r.length >= settings.sure_length_em * em]
    if not sure:
        return [True] * len(rulings)
    solidity = float(np.median([r.solidity for r in sure])) - settings.solidity_slack
    rough = settings.roughness_factor * float(np.percentile([r.roughness for r in sure], 40)) + settings.roughness_floor
    wavering = max(
        settings.rough_along_em * em, settings.roughness_factor * float(np.median([r.roughness for r in sure]))
    )
    across = [_line_thickness(r) for r in others if r.length >= settings.sure_length_em * em] or [0.0]
    own = [_line_thickness(r) for r in sure]
    thickness = 2.0 * max(float(np.percentile(own, 75)), float(np.median(across))) + 1.0
    frame = max(thickness, *own, *across)
    # The longest ones are beyond doubt; a dense line of blurred print can look like a ruling of middling length.
    long = max(settings.sure_length_em * em, 0.6 * max(r.length for r in sure))
    firm = float(np.percentile([r.solidity for r in sure if r.length >= long], 10)) - settings.solidity_along
    return [
        r.length >= long
        or piece.made_up
        or _holds_end(r, others, em, settings)
        or (
            (r.solidity >= solidity and r.roughness <= rough * _slack(r, piece, em, settings))
            and (
                _line_thickness(r) <= thickness
                or (_line_thickness(r) <= frame and _is_bare_stroke(piece, em, settings))
            )
            and (
                max(piece.over, piece.under) <= settings.strokes_along
                or (r.roughness <= wavering and r.solidity >= firm)
            )
        )
        for r, piece in zip(rulings, traced.pieces, strict=True)
    ]


def _holds_end(ruling: Ruling, others: Sequence[Ruling], em: float, settings: RulingSettings) -> bool:
    """Whether a long ruling of the other direction ends on a piece that goes on to another one on either side: the
    labels of two columns stand under it, however close print comes to it. others: the other direction's rulings."""
    near = settings.held_near_em * em
    met = [
        other
        for other in others
        if other.length >= settings.sure_length_em * em
        and ruling.start - near <= other.at(ruling.middle) <= ruling.end + near
        and other.start - near <= ruling.middle <= other.end + near
    ]
    places = [other.at(ruling.middle) for other in met]
    ended = [
        place
        for other, place in zip(met, places, strict=True)
        if min(abs(end - ruling.at(place)) for end in (other.start, other.end)) <= near
    ]
    return any(min(places) + em < place < max(places) - em for place in ended)


def _is_bare_stroke(piece: Piece, em: float, settings: RulingSettings) -> bool:
    """Whether a piece is one stroke with little of print beside it."""
    return max(piece.over, piece.under) <= settings.flanked_long and is_even(piece.ink, em, settings)


def _slack(ruling: Ruling, piece: Piece, em: float, settings: RulingSettings) -> float:
    """How many times rougher than usual a piece may be: a long one with little print beside it wavers where the frame
    that it ends at is thick or worn."""
    free = max(piece.over, piece.under) <= settings.flanked_long
    return settings.rough_slack if free and ruling.length >= settings.rough_length_em * em else 1.0


def _beside(dark: Mask, reach: int) -> tuple[Mask, Mask]:
    """255 where there is a dark pixel within so many rows above, and below, each place."""
    column = np.ones((reach, 1), np.uint8)
    over, under = (cv2.dilate(dark, column, anchor=(0, row)) for row in (reach - 1, 0))
    return over.astype(np.uint8, copy=False), under.astype(np.uint8, copy=False)


def _flanks(part: npt.NDArray[np.bool_], x: int, y: int, dark_above: Mask, dark_below: Mask) -> tuple[float, float]:
    """The shares of a piece's length with a dark pixel above and below it: see _beside."""
    # A connected part has a pixel in every column of its box.
    columns = np.arange(x, x + part.shape[1])
    top = part.argmax(axis=0) + (y - 2)
    bottom = y + part.shape[0] + 1 - part[::-1].argmax(axis=0)
    over = int(np.count_nonzero(dark_above[np.maximum(top, 0), columns])) / len(columns)
    under = int(np.count_nonzero(dark_below[np.minimum(bottom, dark_below.shape[0] - 1), columns])) / len(columns)
    return over, under


def _dark_flanks(
    x: int,
    y: int,
    part: npt.NDArray[np.bool_],
    ink: npt.NDArray[np.bool_],
    depth: GrayImage,
    reach: int,
    settings: RulingSettings,
) -> tuple[float, float]:
    """The flanks of a piece, as _flanks has them, told by what is nearly as dark as the piece: strokes of one line of
    print are, a pattern over the whole page (of screened paper, of copies of copies) is paler than rulings."""
    height, width = part.shape
    top, bottom = max(0, y - 2 * reach), min(depth.shape[0], y + height + 2 * reach)
    window = depth[top:bottom, x : x + width]
    own = float(np.median(depth[y : y + height, x : x + width][ink]))
    level = max(settings.contrast, settings.flank_depth * own)
    return _flanks(part, 0, y - top, *_beside(above(window, level), reach))


def _is_print(over: float, under: float, short: bool, settings: RulingSettings) -> bool:
    """Whether strokes flank a piece so densely that it is a run of strokes in a line of print itself."""
    if not short:
        return min(over, under) > settings.flanked_long
    return over + under > settings.flanked_both or max(over, under) > settings.flanked_one


def _centre_line(piece: Piece, em: float, settings: RulingSettings) -> Ruling:
    """The middle of a piece's ink column by column, smoothed over half an em, sampled about every em. Where print hangs
    on a line that has no gap, neither the middle nor the thickness is the line's own."""
    ink = piece.ink
    heights = np.count_nonzero(ink, axis=0)
    filled = heights > 0
    if np.count_nonzero(filled) < 2:
        filled = np.ones(ink.shape[1], bool)
        heights = np.maximum(heights, 1)
    solidity = float(np.mean(filled))
    thickness, bare, own = piece.thickness, filled, filled
    if solidity >= settings.unbroken:
        bare = _if_many(bare_columns(heights, settings), filled, settings)
        own = _if_many(own_columns(heights, settings), bare, settings)
    columns, centre = own_course(ink, heights, bare)
    rough = roughness(columns, centre, em)
    if own is not bare:
        columns, centre = own_course(ink, heights, own)
        thickness = max(1.0, float(np.mean(heights[own])))
    window = int(min(len(centre), max(1, em * 0.5))) | 1
    if window > 1 and len(centre) >= window:
        ends = np.full(window // 2, centre[0]), np.full(window // 2, centre[-1])
        centre = running_mean(np.concatenate([ends[0], centre, ends[1]]), window)[: len(columns)]
    samples = np.unique(np.linspace(0, len(columns) - 1, max(2, round(len(columns) / em) + 1)).astype(np.int64))
    spread = _spread(ink, columns, centre)
    if spread:
        thickness = piece.thickness / 2 + 2 * spread
    return Ruling(columns[samples] + piece.x, centre[samples] + piece.y, thickness, solidity, rough, spread)


def _if_many(
    chosen: npt.NDArray[np.bool_], otherwise: npt.NDArray[np.bool_], settings: RulingSettings
) -> npt.NDArray[np.bool_]:
    """The columns chosen where they are enough of a line to speak for all of it."""
    return chosen if np.mean(chosen) >= settings.bare else otherwise


def _spread(ink: npt.NDArray[np.bool_], columns: FloatArray, centre: FloatArray) -> float:
    """How far from the centre line the ink lies, in pixels, where tracing took the two lines of a double ruling for
    one: there is none on the centre line itself then. 0 for a single line."""
    places = columns.astype(np.int64)
    if np.count_nonzero(ink[np.rint(centre).astype(np.int64), places]) >= 0.5 * len(places):
        return 0.0
    rows, at = np.nonzero(ink)
    return float(np.mean(np.abs(rows - np.interp(at, columns, centre)))) if len(rows) else 0.0
