"""Ruled lines on an upright page, as curves.

A ruling is darker than what lies just beside it, across its whole length: a morphological closing across the line
(black top-hat) brings out dark strokes thinner than a ruling may be, whatever the tint beneath; the share of such
pixels along a short window tells a ruling, worn or not, from the strokes of print. Vertical rulings are found by the
same steps on the transposed page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np
import numpy.typing as npt

from ocr_pipeline.geometry import FloatArray, GrayImage, Mask
from ocr_pipeline.settings import RulingSettings
from ocr_pipeline.threads import both


@dataclass(frozen=True)
class Ruling:
    """One piece of a ruled line. along: positions in line direction (x of a horizontal ruling, y of a vertical one),
    rising; across: the line's centre there; both in pixels of the page, shape (n,), n >= 2. thickness in pixels.
    solidity: the share of its length that has ink; roughness: root mean square distance of the ink's centre from a
    straight line, in pixels."""

    along: FloatArray
    across: FloatArray
    thickness: float
    solidity: float = 1.0
    roughness: float = 0.0

    @property
    def start(self) -> float:
        return float(self.along[0])

    @property
    def end(self) -> float:
        return float(self.along[-1])

    @property
    def length(self) -> float:
        return self.end - self.start

    @cached_property
    def middle(self) -> float:
        """The mean position across."""
        return float(np.mean(self.across))

    @cached_property
    def slope(self) -> float:
        """Across pixels per along pixel, by least squares."""
        centred = self.along - self.along.mean()
        return float(np.dot(centred, self.across) / max(float(np.dot(centred, centred)), 1e-9))

    def at(self, position: float) -> float:
        """The centre across at a position along; beyond the ends the line goes on with its overall slope."""
        if position < self.start:
            return float(self.across[0] + self.slope * (position - self.start))
        if position > self.end:
            return float(self.across[-1] + self.slope * (position - self.end))
        return float(np.interp(position, self.along, self.across))


@dataclass(frozen=True)
class Rulings:
    """All ruled lines of a page, and the masks (uint8, shape of the page) that say where the page is dark like one.

    horizontal_mask, vertical_mask: 255 on the pixels of the rulings. horizontal_dark, vertical_dark: 255 wherever the
    page is darker than beside it across that direction, print included: the weaker evidence for worn places.
    """

    horizontal: tuple[Ruling, ...]
    vertical: tuple[Ruling, ...]
    horizontal_mask: Mask
    vertical_mask: Mask
    horizontal_dark: Mask
    vertical_dark: Mask


def find_rulings(page: GrayImage, em: float, settings: RulingSettings) -> Rulings:
    """The rulings of an upright page (skew below about half a degree). em: height of the print in pixels."""
    rows, columns = both(
        lambda: _find_horizontal(page, em, settings), lambda: _find_horizontal(_transposed(page), em, settings)
    )
    horizontal, rows_mask = _drawn_alike(rows, _usual_thickness(columns.rulings, em, settings), em, settings)
    vertical, columns_mask = _drawn_alike(columns, _usual_thickness(rows.rulings, em, settings), em, settings)
    return Rulings(horizontal, vertical, rows_mask, _transposed(columns_mask), rows.dark, _transposed(columns.dark))


_Part = tuple[int, int, npt.NDArray[np.bool_]]
"""A connected part of a mask: left, top, its own pixels."""


@dataclass(frozen=True)
class _Traced:
    """What looks like rulings of one direction: each with its part of the mask. dark: see Rulings."""

    rulings: tuple[Ruling, ...]
    parts: tuple[_Part, ...]
    dark: Mask


def _find_horizontal(page: GrayImage, em: float, settings: RulingSettings) -> _Traced:
    dark = _thin_dark(page, em, settings)
    return _trace(_long_runs(dark, em, settings), dark, em, settings)


def _thin_dark(page: GrayImage, em: float, settings: RulingSettings) -> Mask:
    """255 where the page is darker than what lies above and below within a ruling's thickness."""
    reach = max(3, int(2 * settings.max_thickness_em * em) | 1)
    kernel = np.ones((reach, 1), np.uint8)
    top_hat = cv2.morphologyEx(page, cv2.MORPH_BLACKHAT, kernel)
    return cv2.threshold(top_hat, settings.contrast, 255, cv2.THRESH_BINARY)[1].astype(np.uint8)


def _long_runs(dark: Mask, em: float, settings: RulingSettings) -> Mask:
    """The parts of the mask where most pixels of a window along the line are dark, long enough to be a ruling."""
    # A line that leans by a fraction of a pixel over the window hops between two rows: let it.
    thick = cv2.dilate(dark, np.ones((3, 1), np.uint8)) if em >= settings.hop_em_pixels else dark
    window = max(3, int(settings.smooth_em * em) | 1)
    # Long filters run several times faster down the columns of an image than along its rows: work on its transpose.
    thick = cv2.transpose(thick)
    share = cv2.blur(thick, (1, window), borderType=cv2.BORDER_CONSTANT)
    full = cv2.threshold(share, 255 * settings.share, 255, cv2.THRESH_BINARY)[1]
    # The share falls off over half a window at a line's end: grow back what was lost, only where there is ink.
    grown = cv2.dilate(full, np.ones((window, 1), np.uint8))
    runs = cv2.bitwise_and(grown, cv2.morphologyEx(thick, cv2.MORPH_CLOSE, np.ones((window // 2 | 1, 1), np.uint8)))
    shortest = max(3, int(settings.min_length_em * em))
    return _transposed(cv2.morphologyEx(runs, cv2.MORPH_OPEN, np.ones((shortest, 1), np.uint8)).astype(np.uint8))


def _transposed(image: GrayImage) -> GrayImage:
    return cv2.transpose(image).astype(np.uint8, copy=False)


def _trace(mask: Mask, dark: Mask, em: float, settings: RulingSettings) -> _Traced:
    """The centre lines of the mask's connected parts, those left out that are print."""
    reach = max(2, round(settings.flank_em * em))
    above = cv2.dilate(dark, np.ones((reach, 1), np.uint8), anchor=(0, reach - 1))
    below = cv2.dilate(dark, np.ones((reach, 1), np.uint8), anchor=(0, 0))
    found: list[tuple[Ruling, _Part]] = []
    parts = list(_connected_parts(mask))
    while parts:
        x, y, part = parts.pop(0)
        height, width = part.shape
        if width < settings.min_length_em * em:
            continue
        # Tracing thickened the line by up to a pixel on either side; its own ink says how thick it is.
        ink = part & (dark[y : y + height, x : x + width] > 0)
        thickness = max(1.0, np.count_nonzero(ink) / width)
        lean = settings.max_lean * width
        if thickness > settings.max_thickness_em * em or height > thickness * 2 + lean + 0.3 * em:
            parts[:0] = _without_slants(x, y, part, em, settings)
            continue
        if _is_print(part, x, y, above, below, width < settings.sure_length_em * em, settings):
            continue
        found.append((_centre_line(ink, x, y, thickness, em), (x, y, part)))
    return _Traced(tuple(ruling for ruling, _ in found), tuple(part for _, part in found), dark)


def _drawn_alike(
    traced: _Traced, thickness: float, em: float, settings: RulingSettings
) -> tuple[tuple[Ruling, ...], Mask]:
    """The rulings that are drawn like the sure ones, and the mask of their pixels. thickness: the other direction's
    usual one."""
    alike = _like_the_sure_ones(traced.rulings, thickness, em, settings)
    kept = np.zeros_like(traced.dark)
    for (x, y, part), keep in zip(traced.parts, alike, strict=True):
        if keep:
            kept[y : y + part.shape[0], x : x + part.shape[1]][part] = 255
    return tuple(ruling for ruling, keep in zip(traced.rulings, alike, strict=True) if keep), kept


def _connected_parts(mask: Mask) -> Iterator[_Part]:
    """The connected parts of a mask from top to bottom: left, top, and their own pixels. Only the bands of rows that
    hold any are looked at."""
    filled: npt.NDArray[np.bool_] = np.any(mask, axis=1)
    # The search takes rows two by two; bands that begin on an even row come out in the order of the whole.
    pairs = np.pad(filled, (0, mask.shape[0] % 2)).reshape(-1, 2).any(axis=1)
    edges = 2 * np.flatnonzero(np.diff(np.concatenate([[False], pairs, [False]]).astype(np.int8)))
    for top, bottom in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        count, labels, stats, _ = cv2.connectedComponentsWithStats(mask[top:bottom], connectivity=8, ltype=cv2.CV_32S)
        for label, (x, y, width, height, _) in enumerate(stats[1:count].tolist(), 1):
            yield x, top + y, labels[y : y + height, x : x + width] == label


def _without_slants(x: int, y: int, part: npt.NDArray[np.bool_], em: float, settings: RulingSettings) -> list[_Part]:
    """The rulings in a part too high to be one: something runs across them at a slant. A line of print holds none as
    long as itself."""
    height, width = part.shape
    least = max(width / 2, settings.crossed_length_em * em)
    if width < least:
        return []
    long = np.ones((1, max(3, round(settings.slant_em * em))), np.uint8)
    level = cv2.morphologyEx(part.astype(np.uint8), cv2.MORPH_OPEN, long, borderType=cv2.BORDER_CONSTANT, borderValue=0)
    pieces = [(x + dx, y + dy, piece) for dx, dy, piece in _connected_parts(level.astype(np.uint8))]
    return [piece for piece in pieces if piece[2].shape[0] < height and piece[2].shape[1] >= least]


def _usual_thickness(rulings: Sequence[Ruling], em: float, settings: RulingSettings) -> float:
    """How thick the long rulings of a direction are, in pixels; 0 where there is none."""
    sure = [r.thickness for r in rulings if r.length >= settings.sure_length_em * em]
    return float(np.median(sure)) if sure else 0.0


def _like_the_sure_ones(
    rulings: Sequence[Ruling], other_thickness: float, em: float, settings: RulingSettings
) -> list[bool]:
    """Which rulings to keep: all long ones, and of the short ones those drawn like them.

    The rulings of a page come from one printer and suffered the same wear, so a short piece that is more broken,
    rougher or much thicker than the long ones is a row of strokes of print. With no long ruling all are kept.
    other_thickness: that of the other direction's long rulings; the only long line down a page with a short table may
    be the edge of the paper, which is thin.
    """
    sure = [r for r in rulings if r.length >= settings.sure_length_em * em]
    if not sure:
        return [True] * len(rulings)
    solidity = float(np.median([r.solidity for r in sure])) - settings.solidity_slack
    roughness = (
        settings.roughness_factor * float(np.percentile([r.roughness for r in sure], 40)) + settings.roughness_floor
    )
    usual = max(float(np.percentile([r.thickness for r in sure], 75)), other_thickness)
    thickness = 2.0 * usual + 1.0
    # The longest ones are beyond doubt; a dense line of blurred print can look like a ruling of middling length.
    long = max(settings.sure_length_em * em, 0.6 * max(r.length for r in sure))
    return [
        r.length >= long or (r.solidity >= solidity and r.roughness <= roughness and r.thickness <= thickness)
        for r in rulings
    ]


def _is_print(
    part: npt.NDArray[np.bool_], x: int, y: int, above: Mask, below: Mask, short: bool, settings: RulingSettings
) -> bool:
    """Whether strokes flank the piece so densely that it is a run of strokes in a line of print itself.

    above and below: 255 where there is a dark pixel within flank_em above (below) that place."""
    # A connected part has a pixel in every column of its box.
    columns = np.arange(x, x + part.shape[1])
    top = part.argmax(axis=0) + (y - 2)
    bottom = y + part.shape[0] + 1 - part[::-1].argmax(axis=0)
    over = int(np.count_nonzero(above[np.maximum(top, 0), columns])) / len(columns)
    under = int(np.count_nonzero(below[np.minimum(bottom, below.shape[0] - 1), columns])) / len(columns)
    if not short:
        return min(over, under) > settings.flanked_long
    return over + under > settings.flanked_both or max(over, under) > settings.flanked_one


def _centre_line(ink: npt.NDArray[np.bool_], x: int, y: int, thickness: float, em: float) -> Ruling:
    """The middle of a piece's ink column by column, smoothed over half an em, sampled about every em."""
    heights = np.count_nonzero(ink, axis=0)
    filled = heights > 0
    if np.count_nonzero(filled) < 2:
        filled = np.ones(ink.shape[1], bool)
        heights = np.maximum(heights, 1)
    rows = np.arange(ink.shape[0], dtype=np.float64)
    columns = np.flatnonzero(filled).astype(np.float64)
    centre = (rows @ ink.astype(np.float64))[filled] / heights[filled]
    roughness = _roughness(columns, centre, em)
    window = int(min(len(centre), max(1, em * 0.5))) | 1
    if window > 1 and len(centre) >= window:
        padded = np.pad(centre, window // 2, mode="edge")
        centre = np.convolve(padded, np.ones(window) / window, mode="valid")[: len(columns)]
    samples = np.unique(np.linspace(0, len(columns) - 1, max(2, round(len(columns) / em) + 1)).astype(np.int64))
    solidity = float(np.mean(filled))
    return Ruling(columns[samples] + x, centre[samples] + y, thickness, solidity, roughness)


def _roughness(columns: FloatArray, centre: FloatArray, em: float) -> float:
    """Root mean square distance of a centre line from its own smooth course: a straight line when it is short, the
    running mean over four ems when it is long and may bend with the paper."""
    window = round(4 * em) | 1
    if len(centre) > 2 * window:
        course = np.convolve(np.pad(centre, window // 2, mode="reflect"), np.ones(window) / window, mode="valid")
        return float(np.sqrt(np.mean((centre - course) ** 2)))
    from_middle = columns - columns.mean()
    slope = np.dot(from_middle, centre) / max(float(np.dot(from_middle, from_middle)), 1e-9)
    return float(np.sqrt(np.mean((centre - centre.mean() - slope * from_middle) ** 2)))
