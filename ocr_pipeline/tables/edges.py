"""Which sides of the grid's squares are ruled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from ocr_pipeline.clean.lines import Rulings
from ocr_pipeline.geometry import FloatArray, Mask
from ocr_pipeline.settings import TableSettings
from ocr_pipeline.tables.boundaries import Boundary, Frame

BoolGrid = npt.NDArray[np.bool_]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Edges:
    """How much of each square's side is ruled, 0 to 1, for a grid of r rows and c columns.

    rows: shape (r + 1, c), the side along row boundary i between column boundaries j and j + 1.
    columns: shape (r, c + 1), the side along column boundary j between row boundaries i and i + 1.
    corners: shape (r + 1, c + 1, 2), where the boundaries cross, (x, y) in upright pixels.
    row_ends, column_ends: how dark each side is next to its first and last corner, 0 to 1, shape of rows (columns)
    and 2.
    row_free, column_free: how much of each side has ink that stands free to either side, as rulings do and strokes of
    print do not, 0 to 1, shape of rows (columns).
    row_whole, column_whole: which sides with little that stands free are whole all the same, shape of rows (columns):
    see _unbroken, or a ruling that stands free in the next row (column) runs on there from corner to corner.
    """

    rows: FloatArray
    columns: FloatArray
    corners: FloatArray
    row_ends: FloatArray
    column_ends: FloatArray
    row_free: FloatArray
    column_free: FloatArray
    row_whole: BoolGrid
    column_whole: BoolGrid


@dataclass(frozen=True)
class _Covers:
    """The sides of one boundary, as in Edges."""

    cover: FloatArray
    ends: FloatArray
    free: FloatArray
    whole: BoolArray


@dataclass(frozen=True)
class Evidence:
    """What speaks for rulings in one direction: masks of the page, 255 for yes.

    sure: on or next to what was traced as a ruling; dark: dark like a ruling, print included; crossing: dark like a
    ruling of the other direction; ink: all ink.
    """

    sure: Mask
    dark: Mask
    crossing: Mask
    ink: Mask


def gather_evidence(rulings: Rulings, binary: Mask, em: float, settings: TableSettings) -> tuple[Evidence, Evidence]:
    """The evidence for row boundaries and for column boundaries."""
    hop = max(1, round(settings.follow_em * em))
    tall, wide = np.ones((2 * hop + 1, 1), np.uint8), np.ones((1, 2 * hop + 1), np.uint8)
    # Sure evidence is what was traced as a ruling; dark pixels without length count only where nearly all are dark.
    rows = Evidence(
        cv2.dilate(rulings.horizontal_mask, tall).astype(np.uint8, copy=False),
        cv2.dilate(rulings.horizontal_dark, np.ones((3, 1), np.uint8)).astype(np.uint8, copy=False),
        rulings.vertical_dark,
        binary,
    )
    columns = Evidence(
        cv2.dilate(rulings.vertical_mask, wide).astype(np.uint8, copy=False),
        cv2.dilate(rulings.vertical_dark, np.ones((1, 3), np.uint8)).astype(np.uint8, copy=False),
        rulings.horizontal_dark,
        binary,
    )
    return rows, columns


def measure_edges(frame: Frame, evidence: tuple[Evidence, Evidence], em: float, settings: TableSettings) -> Edges:
    """Look along every side for ruling ink. evidence: for the rows, for the columns."""
    corners = _corners(frame)
    levels = corners[..., 1].T
    vouched = _vouched(frame, levels, evidence[1], em, settings)
    rows, columns = [
        [
            _covers(
                boundary, stops, em, seen, settings, vouch, transposed=transposed, outline=i in (0, len(boundaries) - 1)
            )
            for i, (boundary, stops) in enumerate(zip(_evenly_thick(boundaries), crossings, strict=True))
        ]
        for boundaries, crossings, seen, vouch, transposed in (
            (frame.rows, corners[..., 0], evidence[0], None, False),
            (frame.columns, levels, evidence[1], vouched, True),
        )
    ]
    return Edges(
        rows=np.stack([side.cover for side in rows]),
        columns=np.stack([side.cover for side in columns], axis=1),
        corners=corners,
        row_ends=np.stack([side.ends for side in rows]),
        column_ends=np.stack([side.ends for side in columns], axis=1),
        row_free=np.stack([side.free for side in rows]),
        column_free=np.stack([side.free for side in columns], axis=1),
        row_whole=np.stack([side.whole for side in rows]),
        column_whole=np.stack([side.whole for side in columns], axis=1),
    )


def _evenly_thick(boundaries: Sequence[Boundary]) -> list[Boundary]:
    """The boundaries, none of the short ones thicker than the table's rulings usually are: what is may be a stroke, and
    other strokes beside it count as such from where a ruling would end."""
    totals = np.array([boundary.total for boundary in boundaries])
    long = totals >= 0.5 * totals.max()
    usual = float(np.median([b.thickness for b, known in zip(boundaries, long, strict=True) if known]))
    return [
        boundary if known else replace(boundary, thickness=min(boundary.thickness, usual))
        for boundary, known in zip(boundaries, long, strict=True)
    ]


def next_to(lines: BoolGrid) -> BoolGrid:
    """What has something true in the line before or behind, shape (lines, places)."""
    found = np.zeros_like(lines)
    found[1:] |= lines[:-1]
    found[:-1] |= lines[1:]
    return found


def share_along(shares: FloatArray | BoolGrid, lengths: FloatArray) -> FloatArray:
    """Of each boundary the share that its sides' own shares make up, weighed by their lengths in pixels; both of shape
    (..., sides)."""
    total: FloatArray = np.sum(shares * lengths, axis=-1) / np.maximum(np.sum(lengths, axis=-1), 1.0)
    return total


def hang_together(seen: BoolGrid, lengths: FloatArray, settings: TableSettings) -> BoolArray:
    """Of each boundary whether the sides that show ink are most of it or one stretch of several: dashes as wide as
    their cells stand here and there. seen: shape (boundaries, sides); lengths: of the sides, pixels, (..., sides)."""
    starts = seen.copy()
    starts[:, 1:] &= ~seen[:, :-1]
    one = (np.sum(starts, axis=1) == 1) & (np.sum(seen, axis=1) > 1)
    found: BoolArray = one | (share_along(seen, lengths) >= settings.chain_share)
    return found


def _corners(frame: Frame) -> FloatArray:
    middles = np.array([row.middle for row in frame.rows])
    x = np.stack([column.curve(middles) for column in frame.columns], axis=1)
    y = np.stack([row.curve(places) for row, places in zip(frame.rows, x, strict=True)])
    x = np.stack([column.curve(places) for column, places in zip(frame.columns, y.T, strict=True)], axis=1)
    return np.stack([x, y], axis=2)


@dataclass(frozen=True)
class _Sides:
    """The pixels along all sides of one boundary, laid end to end, corners left aside.

    rows, columns: where each pixel is; first, last: where each side's pixels begin and end (exclusive) among them.
    """

    rows: IntArray
    columns: IntArray
    first: IntArray
    last: IntArray

    def share(self, found: BoolArray) -> FloatArray:
        """The share of each side's pixels of which something is true; 0 for a side without pixels."""
        return _share(found, self.first, self.last)


def _share(found: BoolArray, first: IntArray, last: IntArray) -> FloatArray:
    total = np.zeros(len(found) + 1, np.int64)
    np.cumsum(found, out=total[1:])
    return (total[last] - total[first]) / np.maximum(last - first, 1)


def _walk(boundary: Boundary, stops: FloatArray, margin: float, shape: tuple[int, ...], *, transposed: bool) -> _Sides:
    """The pixels of a boundary's sides between its stops (crossings). margin: what is left aside next to a corner, at
    most a quarter of a side."""
    places: list[FloatArray] = []
    for start, end in zip(stops[:-1].tolist(), stops[1:].tolist(), strict=True):
        aside = min(margin, 0.25 * (end - start))
        places.append(np.arange(start + aside, end - aside + 0.5, dtype=np.float64))
    last = np.cumsum([len(place) for place in places])
    along = np.concatenate(places)
    across = boundary.curve(along)
    x, y = (across, along) if transposed else (along, across)
    columns = np.clip(np.rint(x).astype(np.int64), 0, shape[1] - 1)
    rows = np.clip(np.rint(y).astype(np.int64), 0, shape[0] - 1)
    return _Sides(rows, columns, np.concatenate([[0], last[:-1]]), last)


def _covers(
    boundary: Boundary,
    stops: FloatArray,
    em: float,
    evidence: Evidence,
    settings: TableSettings,
    vouched: BoolArray | None,
    *,
    transposed: bool,
    outline: bool,
) -> _Covers:
    """How well the sides of a boundary are ruled. stops: positions along it of the crossing boundaries; vouched: of
    columns, see _vouched."""
    if boundary.open:
        none = np.zeros(len(stops) - 1)
        return _Covers(none, np.zeros((len(stops) - 1, 2)), none, none > 0)
    sides = _walk(boundary, stops, settings.corner_em * em, evidence.sure.shape, transposed=transposed)
    seen = _looked_up(evidence.dark, boundary, sides, transposed=transposed)
    traced = sides.share(_looked_up(evidence.sure, boundary, sides, transposed=transposed))
    free = sides.share(seen & ~_flanked(evidence.ink, boundary, sides, em, settings, transposed=transposed))
    faint = sides.share(seen)
    end = max(2, round(settings.end_em * em))
    at_start = _share(seen, sides.first, np.minimum(sides.first + end, sides.last))
    at_end = _share(seen, np.maximum(sides.last - end, sides.first), sides.last)
    ends, darker = np.minimum(at_start, at_end), np.maximum(at_start, at_end)
    short = _short(boundary, stops, em, settings, outline=outline)
    # Strokes of print have a free stretch here and there; most of what lies on the side does not stand free.
    in_print = faint > settings.free_share * free
    # A ruling runs from corner to corner; strokes of print keep away from both.
    strokes = short & (darker < np.where(in_print, settings.edge_cover, settings.end_cover))
    lone = _lone(boundary, float(stops[-1] - stops[0]), em, settings)
    # Print keeps away from both corners: what reaches both without a gap is no row of strokes.
    reaches = (ends >= settings.through_cover) & (np.diff(stops) >= settings.through_em * em)
    through = reaches & (faint >= settings.through_cover)
    for closely, which in ((lone, ~through), (False, through)):
        if np.any(short & ~strokes & which):
            attached = _attached(boundary, sides, evidence, em, settings, lone=closely, transposed=transposed)
            strokes |= short & which & attached
    strokes &= ~reaches | (traced < settings.edge_cover) | lone
    # The feet of a long number make up a long ruling, too, but keep away from both corners, and stand free nowhere.
    feet = ~short & (darker < settings.end_cover) & (free < settings.lone_free)
    if np.any(feet):
        feet &= _attached(boundary, sides, evidence, em, settings, lone=True, transposed=transposed)
    strokes |= feet
    # A number that fills its cell reaches both corners, too, but next to no part of its feet stands free.
    strokes |= short & lone & (free < settings.lone_free)
    # A line of print whose strokes run together keeps away from both corners, too, and nothing of it stands free.
    strokes |= (free < settings.buried_free) & (darker < settings.end_cover)
    dark = np.minimum(ends, faint) >= settings.through_cover
    whole = dark & (strokes | (free < settings.stroke_free))
    if np.any(whole):
        unbroken = _unbroken(boundary, stops, evidence, settings, transposed=transposed)
        beside = next_to(unbroken[:, None])[:, 0]
        whole &= unbroken & (beside if vouched is None else beside | vouched)
    runs_on = _runs_on(through, traced, faint, free, ends, np.diff(stops) / em, settings)
    if np.any(runs_on & ~through):
        # A stroke in line with a ruling has the rest of its character on both sides.
        joined = _attached(boundary, sides, evidence, em, settings, lone=False, transposed=transposed)
        runs_on &= through | ~joined
    whole |= runs_on
    strokes &= ~whole
    ruled = _ruled_share(traced, faint, ends, settings)
    # Of pieces that make up no ruling together nothing is left then.
    covers: FloatArray = np.where(
        strokes, np.minimum(traced, faint) * np.where(lone | feet, 0.0, settings.print_cover), ruled
    )
    for side in range(len(stops) - 1) if boundary.dashed else ():
        if boundary.longest_over(float(stops[side]), float(stops[side + 1])):
            covers[side] = max(float(covers[side]), settings.edge_cover)
    in_print &= faint < settings.edge_cover
    free = np.where((strokes & lone) | feet, 0.0, np.where(in_print, settings.free_in_print * free, free))
    return _Covers(covers, np.where(strokes[:, None], 0.0, np.stack([at_start, at_end], axis=1)), free, whole)


def _runs_on(
    through: BoolArray,
    traced: FloatArray,
    faint: FloatArray,
    free: FloatArray,
    ends: FloatArray,
    heights: FloatArray,
    settings: TableSettings,
) -> BoolArray:
    """Where a ruling that is known by one side runs on along the next, print close beside it or not: from corner to
    corner where a part of it stands free, or was traced and is so long that print would keep away from the corners.
    through: which sides are dark from corner to corner; traced, faint, ends: as in _ruled_share; heights: in
    characters."""
    high = heights >= settings.runs_on_em
    free_one = next_to((through & (free >= settings.free_cover))[:, None])[:, 0]
    traced_one = next_to((through & high & (traced >= settings.edge_cover))[:, None])[:, 0]
    dark = (np.minimum(traced, faint) >= settings.runs_on_cover) & (ends >= settings.sound_end)
    return np.asarray(((through | (dark & high)) & free_one) | (through & high & traced_one))


def _unbroken(
    boundary: Boundary, stops: FloatArray, evidence: Evidence, settings: TableSettings, *, transposed: bool
) -> BoolArray:
    """Which sides are drawn without a gap from one crossing boundary to the next. Print may stand right beside such a
    ruling, all along it, as in cells without margins; strokes that are print themselves keep away from the rulings
    across, at least in one of two rows that follow each other or at one of several places in a row."""
    sides = _walk(boundary, stops, 0.0, evidence.sure.shape, transposed=transposed)
    drawn = sides.share(_looked_up(evidence.ink, boundary, sides, transposed=transposed))
    return np.asarray(drawn >= settings.unbroken_cover)


def _vouched(frame: Frame, levels: FloatArray, evidence: Evidence, em: float, settings: TableSettings) -> BoolArray:
    """In which rows several columns that are drawn there alone are unbroken: each vouches for the others. levels: where
    the rows cross each column."""
    count = np.zeros(len(frame.rows) - 1, np.int64)
    for column, stops in zip(frame.columns[1:-1], levels[1:-1], strict=True):
        if not column.open and _lone(column, float(stops[-1] - stops[0]), em, settings):
            count += _unbroken(column, stops, evidence, settings, transposed=True)
    return np.asarray(count >= settings.unbroken_columns)


def _ruled_share(traced: FloatArray, faint: FloatArray, ends: FloatArray, settings: TableSettings) -> FloatArray:
    """How much of each side is ruled. traced: the share traced as a ruling; faint: that is dark; ends: how dark the
    lighter of its ends is."""
    # Sound at both corners and worn between: print would be the other way round.
    sound = (traced >= settings.doubt_cover) & (ends >= settings.sound_end)
    # Dark without length: print on the line covers up to half of a side, so only the excess counts.
    weak = np.maximum(0.0, (faint - settings.print_cover) / (1.0 - settings.print_cover))
    found: FloatArray = np.where(sound, np.maximum(traced, settings.edge_cover), np.maximum(traced, weak))
    return found


def _flanked(
    ink: Mask, boundary: Boundary, sides: _Sides, em: float, settings: TableSettings, *, transposed: bool
) -> BoolArray:
    """Where along a boundary there is ink beside it, before or behind."""
    first, last = boundary.thickness / 2 + 2, settings.free_em * em + boundary.spread + 1
    away = np.rint(np.arange(first, max(last, first + 1))).astype(np.int64)[:, None]
    steps = np.concatenate([away, -away])
    if transposed:
        seen = ink[sides.rows, np.clip(sides.columns + steps, 0, ink.shape[1] - 1)]
    else:
        seen = ink[np.clip(sides.rows + steps, 0, ink.shape[0] - 1), sides.columns]
    found = np.any(seen, axis=0)
    near = max(1, round(settings.free_em * em / 2))
    # The stretch may be shorter than the window.
    return np.asarray(np.convolve(found, np.ones(2 * near + 1))[near : near + len(found)] > 0)


def _looked_up(mask: Mask, boundary: Boundary, sides: _Sides, *, transposed: bool) -> BoolArray:
    """Where a mask is set along a boundary; along either of its rulings where it is a double one."""
    found: BoolArray = mask[sides.rows, sides.columns] > 0
    spread = round(boundary.spread)
    for away in (-spread, spread) if spread >= 1 else ():
        rows = np.clip(sides.rows + (0 if transposed else away), 0, mask.shape[0] - 1)
        columns = np.clip(sides.columns + (away if transposed else 0), 0, mask.shape[1] - 1)
        found = found | (mask[rows, columns] > 0)
    return found


def _short(boundary: Boundary, stops: FloatArray, em: float, settings: TableSettings, *, outline: bool) -> BoolArray:
    """Which sides are so short that strokes of print could make them up."""
    short: BoolArray = np.diff(stops) < settings.free_length_em * em
    if outline:
        # There a stretch of a long ruling is beyond doubt; within, strokes may prolong a ruling into a cell.
        for side in np.flatnonzero(short):
            start, end = float(stops[side]), float(stops[side + 1])
            long = max(settings.free_length_em * em, 1.5 * (end - start))
            short[side] = boundary.longest_over(start, end) < long
    return short


def _lone(boundary: Boundary, extent: float, em: float, settings: TableSettings) -> bool:
    """Whether all pieces of a boundary together are shorter than a ruling is in a table of that extent (pixels)."""
    return boundary.total < max(settings.chain_em * em, settings.lone_share * extent)


def _attached(
    boundary: Boundary,
    sides: _Sides,
    evidence: Evidence,
    em: float,
    settings: TableSettings,
    *,
    lone: bool,
    transposed: bool,
) -> BoolArray:
    """Whether strokes run across each side just beside it, either way: strokes of characters are joined to others,
    rulings stand free but for the print of tight cells, and that comes near from one side at a time. Pieces that make
    up no ruling together are strokes already when they are joined on one side: the feet of a number."""
    beside = evidence.ink if lone else evidence.crossing
    steps = max(2, round(settings.attached_em * em))
    offsets: FloatArray = boundary.thickness / 2 + 2 + np.arange(steps, dtype=np.float64)
    joined = []
    for sign in (-1, 1):
        away = np.rint(sign * offsets).astype(np.int64)[:, None]
        x = np.clip(sides.columns + (away if transposed else 0), 0, beside.shape[1] - 1)
        y = np.clip(sides.rows + (0 if transposed else away), 0, beside.shape[0] - 1)
        joined.append(sides.share(np.any(beside[y, x], axis=0)) > settings.attached_share)
    return joined[0] | joined[1] if lone else joined[0] & joined[1]
