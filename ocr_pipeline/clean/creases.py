"""Where folds run across the sheet: dark lines, straight or nearly so, through both margins, where no ruling is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
import numpy.typing as npt

from ocr_pipeline.geometry import FloatArray, GrayImage, runs
from ocr_pipeline.settings import FoldSettings

BoolArray = npt.NDArray[np.bool_]


def find_creases(gray: GrayImage, em: float, settings: FoldSettings) -> list[FloatArray]:
    """The row of each crease that runs from the left edge to the right one, in each column: float64 (width,).

    gray: a whole sheet; em: height of the print in pixels. What dust in a scanner draws hides rulings that run along
    it: that is told, and taken off, where the rulings are known.
    """
    width = gray.shape[1]
    near, far = round(settings.border_em * em), round(settings.edge_em * em)
    margins = (slice(near, far), slice(width - far, width - near))
    ends = [_ends(np.ascontiguousarray(gray[:, margin]), em, settings) for margin in margins]
    if not all(0 < len(rows) <= settings.most_lines for rows in ends):
        return []
    depth = _depth(np.ascontiguousarray(gray), em, settings)
    lines = _apart(_straight_lines(depth, ends, (near + far) / 2, em, settings), em, settings)
    courses = [_followed(depth, line, em, settings) for line in lines]
    return [course for course in courses if not _is_drawn_by_a_scanner(depth, course, em, settings)]


def _is_drawn_by_a_scanner(depth: GrayImage, course: FloatArray, em: float, settings: FoldSettings) -> bool:
    """Whether a line is as straight as a scanner's sensor, and thin."""
    if np.ptp(course) > settings.least_lean_em * em:
        return False
    across = np.median(straightened(depth, course, round(settings.widest_em * em)), axis=1)
    return bool(np.count_nonzero(across >= across.max() / 2) <= settings.thin_em * em)


def straightened(image: GrayImage, course: FloatArray, reach: int) -> FloatArray:
    """What lies up to so many rows above and below a course: float32 (2 reach + 1, width)."""
    away = np.arange(-reach, reach + 1, dtype=np.float32)[:, None]
    rows = (course.astype(np.float32)[None] + away).astype(np.float32)
    columns = np.ascontiguousarray(np.broadcast_to(np.arange(len(course), dtype=np.float32), rows.shape))
    band = cv2.remap(image, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return band.astype(np.float32)


def _straight_lines(
    depth: GrayImage, ends: list[list[float]], margin: float, em: float, settings: FoldSettings
) -> list[tuple[float, FloatArray]]:
    """The lines from an end in the left margin to one in the right that are dark nearly all along: that share, and
    their rows. margin: how far from the edges the ends are."""
    height, width = depth.shape
    wide = cv2.dilate(depth, np.ones((2 * _OFF + 1, 1), np.uint8)).astype(np.uint8, copy=False)
    border, foot = settings.border_em * em, height - 1 - settings.border_em * em
    found = []
    for left in ends[0]:
        for right in ends[1]:
            slope = (right - left) / max(1.0, width - 1 - 2 * margin)
            is_edge = max(left, right) <= border or min(left, right) >= foot
            if is_edge or abs(slope) > settings.most_lean:
                continue
            line: FloatArray = left + slope * (np.arange(width) - margin)
            seen = _seen(wide, line, settings)
            if np.mean(seen) >= settings.seen and _longest(~seen) <= settings.gap_em * em:
                found.append((float(np.mean(seen)), line))
    return found


_OFF = 2
"""Pixels by which a crease may leave its straight course."""


def _depth(gray: GrayImage, em: float, settings: FoldSettings) -> GrayImage:
    """By how many gray levels each pixel is darker than what lies above and below it within a fold's width, and than
    grain makes most pixels."""
    along = 2 * round(settings.smooth_em * em) + 1
    reach = 2 * max(3, round(settings.widest_em * em)) + 1
    depth = cv2.morphologyEx(cv2.blur(gray, (along, 1)), cv2.MORPH_BLACKHAT, np.ones((reach, 1), np.uint8))
    return cv2.subtract(depth, float(np.median(depth[::4]))).astype(np.uint8, copy=False)


def _ends(margin: GrayImage, em: float, settings: FoldSettings) -> list[float]:
    """The rows at which lines run all through a margin."""
    depth = cv2.dilate(_depth(margin, em, settings), np.ones((3, 1), np.uint8))
    through = (depth >= settings.darker).mean(axis=1) >= settings.margin_seen
    means = depth.mean(axis=1)
    found = []
    for first, last in runs(through):
        # Two that lie close together are one run with two peaks.
        crests = runs(means[first:last] >= _CREST * means[first:last].max())
        found += [first + (start + end - 1) / 2 for start, end in crests if last - first <= 4 * settings.widest_em * em]
    return found


_CREST = 0.7


def _seen(wide: GrayImage, line: FloatArray, settings: FoldSettings) -> BoolArray:
    rows = np.clip(np.rint(line).astype(np.int64), 0, len(wide) - 1)
    return np.asarray(wide[rows, np.arange(len(rows))] >= settings.darker)


def _longest(flags: BoolArray) -> int:
    return max((last - first for first, last in runs(flags)), default=0)


def _apart(found: Sequence[tuple[float, FloatArray]], em: float, settings: FoldSettings) -> Iterator[FloatArray]:
    """The lines seen best, each end of one line only."""
    kept: list[FloatArray] = []
    for _, line in sorted(found, key=lambda item: -item[0]):
        if all(min(abs(line[0] - other[0]), abs(line[-1] - other[-1])) > settings.widest_em * em for other in kept):
            kept.append(line)
            yield line


def _followed(depth: GrayImage, line: FloatArray, em: float, settings: FoldSettings) -> FloatArray:
    """The line's course: of all that bend once or twice between its ends, a little, the one most of which is as dark as
    the fold in the margins. What is darker, a ruling or print along it, counts for no more."""
    reach = max(2, round(settings.follow_em * em))
    band = cv2.blur(straightened(depth, line, reach + _OFF), (1, 3))
    margin = round(settings.edge_em * em)
    fold = max(float(np.median(part.max(axis=0))) for part in (band[:, :margin], band[:, -margin:]))
    seen = np.minimum(band, fold)[:, :: max(1, round(em / 8))]
    share = np.linspace(0, 1, seen.shape[1])
    shapes = np.stack([1 - share, share, 4 * share * (1 - share), np.sin(2 * np.pi * share)])
    whole, half = np.arange(-reach, reach + 1.0), np.arange(-(reach // 2), reach // 2 + 1.0)
    fine = np.arange(-1, 1.25, 0.25)
    best = _best(seen, shapes, np.zeros(4), (np.zeros(1), np.zeros(1), whole, half))
    best = _best(seen, shapes, best, (np.arange(-_OFF, _OFF + 0.5, 0.5),) * 2 + (np.zeros(1),) * 2)
    best = _best(seen, shapes, best, (np.zeros(1), np.zeros(1), fine, fine))
    best = _best(seen, shapes, best, (fine, fine, np.zeros(1), np.zeros(1)))
    along = np.linspace(0, 1, len(line))
    course = line + best @ np.stack([1 - along, along, 4 * along * (1 - along), np.sin(2 * np.pi * along)])
    return course + _wavering(np.minimum(straightened(depth, course, _OFF + 1), fold), em, settings)


def _wavering(seen: FloatArray, em: float, settings: FoldSettings) -> FloatArray:
    """By how many rows a fold lies off its course, along it: part by part where it is darkest, in the median of some.
    seen: straightened, see straightened, no darker than the fold."""
    window = max(8, round(settings.window_em * em / 3))
    rows = np.arange(len(seen)) - len(seen) // 2
    places, away = [], []
    for start in range(0, max(1, seen.shape[1] - window + 1), window):
        part = cv2.blur(seen[:, start : start + window].mean(axis=1)[:, None], (1, 3)).ravel()
        places.append(start + (window - 1) / 2)
        weight = np.where(part >= part.max() * _TOP, part, 0.0)
        away.append(float(np.average(rows, weights=weight)) if weight.any() else 0.0)
    padded = np.pad(np.array(away), _BESIDE, mode="edge")
    middle = np.median(np.lib.stride_tricks.sliding_window_view(padded, 2 * _BESIDE + 1), axis=1)
    off: FloatArray = np.interp(np.arange(seen.shape[1]), places, middle)
    return off


_BESIDE, _TOP = 2, 0.8


def _best(seen: FloatArray, shapes: FloatArray, at: FloatArray, steps: Sequence[npt.ArrayLike]) -> FloatArray:
    """Of all sums of shapes near one the darkest. seen: straightened; at: how much of each; steps: to be tried."""
    tried = at + np.stack(np.meshgrid(*steps, indexing="ij"), axis=-1).reshape(-1, len(shapes))
    rows = np.clip(tried @ shapes + len(seen) // 2, 0, len(seen) - 1.001)
    upper = rows.astype(np.int64)
    columns, part = np.arange(seen.shape[1])[None], rows - upper
    dark = seen[upper, columns] * (1 - part) + seen[upper + 1, columns] * part
    best: FloatArray = tried[int(np.argmax(dark.sum(axis=1)))]
    return best
