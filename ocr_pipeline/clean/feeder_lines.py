"""Lines that dust in a document feeder draws down a sheet, taken off its picture.

The sheet moves over the dust, so the line is straight along the scanner's own axis and runs into an edge of the picture
(from the other one, or from where the dust came), however crooked the print lies: set upright with the print it would
lean, and pass for a ruling or part one. Here it is one column of the picture (or a few) that is darker than those
beside it all the way, in the margin, too, where no ruling is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from ocr_pipeline.geometry import ColourImage, GrayImage, Mask, runs
from ocr_pipeline.settings import FeederLineSettings


@dataclass(frozen=True)
class _Line:
    """columns, rows: first and the one behind the last."""

    columns: tuple[int, int]
    rows: tuple[int, int]


def without_feeder_lines(
    image: ColourImage, em: float, settings: FeederLineSettings
) -> tuple[ColourImage, Mask | None]:
    """The picture without such lines, down its columns or along its rows, and 255 where they were; the very same
    picture and None where there are none, or where it shows no whole page with margins.

    image: uint8, BGR, as scanned; em: height of the print in pixels.
    """
    mask: Mask | None = None
    for transposed in (False, True):
        seen = image.transpose(1, 0, 2) if transposed else image
        page = em >= settings.least_em_pixels and seen.shape[0] >= settings.page_em * em
        if not page or not _may_be_any(seen, em, settings):
            continue
        gray = cv2.cvtColor(np.ascontiguousarray(seen), cv2.COLOR_BGR2GRAY).astype(np.uint8)
        lines = _lines(gray, em, settings)
        if lines:
            painted = _painted(seen, gray, lines, settings)
            image = np.ascontiguousarray(painted.transpose(1, 0, 2)) if transposed else painted
            mask = np.zeros(image.shape[:2], np.uint8) if mask is None else mask
            own = mask.T if transposed else mask
            for line in lines:
                own[slice(*line.rows), slice(*line.columns)] = 255
    return image, mask


_GREEN = 1


def _may_be_any(image: ColourImage, em: float, settings: FeederLineSettings) -> bool:
    """Whether some column is darker than those beside it all through a margin, where there is seldom anything."""
    near, far = round(settings.border_em * em), round(settings.edge_em * em)
    margins = (np.ascontiguousarray(image[rows, :, _GREEN]) for rows in (slice(near, far), slice(-far, -near)))
    return any(bool(_stands_out(_depth(margin, em, settings), settings).any()) for margin in margins)


def _stands_out(depth: GrayImage, settings: FeederLineSettings) -> npt.NDArray[np.bool_]:
    """Which columns are darker than those beside them, in the mean over all rows and in many of them, as no column of
    specks is. Grain makes every column a little darker than those beside it."""
    means, usual = depth.mean(axis=0), float(np.median(depth))
    shares = (depth > usual + settings.darker).mean(axis=0)
    often = shares >= settings.seen + float(np.median(shares))
    return np.asarray((means - np.median(means) >= settings.darker) & often)


def _depth(gray: GrayImage, em: float, settings: FeederLineSettings) -> GrayImage:
    """By how many gray levels each pixel is darker than what lies on both sides of it within a line's width."""
    reach = 2 * max(2, round(settings.widest_em * em)) + 1
    return cv2.morphologyEx(gray, cv2.MORPH_BLACKHAT, np.ones((1, reach), np.uint8)).astype(np.uint8, copy=False)


def _lines(gray: GrayImage, em: float, settings: FeederLineSettings) -> list[_Line]:
    """The lines of a page with margins: those that come from its top, then others that run to its foot."""
    depth = _depth(gray, em, settings)
    height, margin = len(gray), round(settings.edge_em * em)
    from_top = [] if _is_ruled(gray[:margin], settings) else _from_the_top(depth, em, settings)
    upside_down = [
        _Line(line.columns, (height - line.rows[1], height - line.rows[0]))
        for line in ([] if _is_ruled(gray[-margin:], settings) else _from_the_top(depth[::-1], em, settings))
    ]
    known = {x for line in from_top for x in range(*line.columns)}
    return [*from_top, *(line for line in upside_down if known.isdisjoint(range(*line.columns)))]


def _from_the_top(depth: GrayImage, em: float, settings: FeederLineSettings) -> list[_Line]:
    """The lines that begin at the upper edge, each as far down as it goes."""
    borders = np.linspace(0, len(depth), settings.bands + 1).astype(int)
    dark = np.stack([_stands_out(depth[top:foot], settings) for top, foot in pairwise(borders)])
    # A table's ruling below a speck in the margin has a blank between.
    start = depth[round(settings.border_em * em) : borders[1]]
    inked = start > np.median(start) + settings.darker
    begins = dark[0] & inked[: round(settings.start_em * em)].any(axis=0)
    begins &= _longest_blank(inked) <= settings.gap_em * em
    # Rulings of a table with hardly a margin begin near the edge, too; but none runs down the whole page.
    at_once = inked[: max(3, round(settings.start_part_em * em))].any(axis=0)
    # One band may be hidden: by print as dark as the line, by a stain.
    held = dark | np.vstack([dark[1:], dark[-2:-1]])
    count = np.where(begins, np.cumprod(held, axis=0).sum(axis=0), 0)
    widest = max(settings.widest_pixels, settings.widest_em * em)
    found = []
    through = count >= settings.bands - 1
    for first, end in runs(through | (at_once & (count >= settings.least_bands))):
        at_border = first < _FRINGE or end > depth.shape[1] - _FRINGE
        if at_border or end - first > widest:
            continue
        last = 1 + int(np.flatnonzero(dark[: count[first:end].max(), first:end].any(axis=1))[-1])
        if last < settings.bands and dark[last, max(0, first - _BESIDE) : end + _BESIDE].any():
            continue  # it goes on beside itself: a line that leans
        foot = len(depth) if last == settings.bands else _end(depth[:, first:end], int(borders[last]), em, settings)
        found.append(_Line((first, end), (0, foot)))
    # Many are rows of print, or rulings of a table that fills the picture.
    dust = 0 < len(found) <= settings.most_lines
    return found if dust and _has_margin(depth, found, em, settings) else []


def _longest_blank(dark: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """How many rows follow each other at most that are not dark, for each column."""
    rows = np.arange(1, len(dark) + 1)[:, None]
    last = np.maximum.accumulate(np.where(dark, rows, 0), axis=0)
    return np.asarray((rows - last).max(axis=0), np.int64)


def _is_ruled(margin: GrayImage, settings: FeederLineSettings) -> bool:
    """Whether something runs across a margin: a table's frame, where a picture shows a table and nothing else."""
    thin = np.ones((2 * _THICKEST + 1, 1), np.uint8)
    dark = cv2.morphologyEx(margin, cv2.MORPH_BLACKHAT, thin) >= settings.ink
    return bool(dark.mean(axis=1).max(initial=0.0) >= settings.across)


_THICKEST = 6
"""Pixels of a frame, half a millimetre at 300 dpi."""


def _end(own: GrayImage, sure: int, em: float, settings: FeederLineSettings) -> int:
    """The row behind the last of a line that is sure down to a row. own: its columns."""
    window = max(3, round(em))
    while sure < len(own) and own[sure : sure + window].max(axis=1).mean() >= settings.darker:
        sure += window
    return min(sure, len(own))


def _has_margin(depth: GrayImage, lines: Sequence[_Line], em: float, settings: FeederLineSettings) -> bool:
    """Whether next to the edge that the lines come from there is nothing but them: the picture shows a page, not an
    open table."""
    margin = depth[: max(2, round(settings.margin_em * em))] >= settings.ink
    for line in lines:
        margin[:, max(0, line.columns[0] - _FRINGE) : line.columns[1] + _FRINGE] = False
    return bool(np.mean(margin) <= settings.margin_ink)


_BESIDE = 6
"""Pixels to either side that a line may have moved by from one part of the page to the next."""
_FRINGE = 2
"""Pixels on either side of a line that blur and JPEG darken with it."""


def _painted(image: ColourImage, gray: GrayImage, lines: Sequence[_Line], settings: FeederLineSettings) -> ColourImage:
    """The picture with each line painted from what lies on both sides of it, but for print darker than the line."""
    painted = image.copy()
    width = image.shape[1]
    for line in lines:
        (first, end), rows = line.columns, slice(*line.rows)
        left, right = max(0, first - _FRINGE), min(width - 1, end + _FRINGE - 1)
        share = np.linspace(0, 1, right - left + 1)[None, :, None]
        beside = image[rows, left : left + 1] * (1 - share) + image[rows, right : right + 1] * share
        level = float(np.median(gray[rows, first:end]))
        ink = gray[rows, left : right + 1] < level - settings.print_darker
        painted[rows, left : right + 1] = np.where(ink[..., None], image[rows, left : right + 1], np.rint(beside))
    return painted
