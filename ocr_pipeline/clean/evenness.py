"""How evenly a line is drawn: a ruling is one stroke of one thickness, a run of print many of all kinds.

Print that stands close above and below a ruling flanks it as a line of print flanks its own middle strokes. What tells
the two apart is the line itself: strokes that run together are thick here and thin there, and waver.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ocr_pipeline.geometry import FloatArray
from ocr_pipeline.settings import RulingSettings


def is_even(ink: npt.NDArray[np.bool_], em: float, settings: RulingSettings) -> bool:
    """Whether a level piece of a line is without gaps, of one thickness and straight, but for what little of print
    touches it. ink: its own pixels, shape (height, length); em: height of the print in pixels."""
    heights = np.count_nonzero(ink, axis=0)
    filled = heights > 0
    if np.mean(filled) < settings.even_filled:
        return False
    thick = heights[filled]
    if np.std(thick) > settings.even_thickness * np.mean(thick):
        return False
    columns, centre = own_course(ink, heights, bare_columns(heights, settings))
    return roughness(columns, centre, em) <= settings.even_rough_em * em


def is_ragged(ink: npt.NDArray[np.bool_], em: float, settings: RulingSettings) -> bool:
    """Whether a level piece of a line is of many thicknesses, has no course and no straight edge, as no ruling is
    however worn: where print stands against it, it does so on one side. ink, em: as above."""
    heights = np.count_nonzero(ink, axis=0)
    filled = heights > 0
    thick = heights[filled]
    if len(thick) < 2 or np.std(thick) < settings.ragged_thickness * np.mean(thick):
        return False
    columns, centre = own_course(ink, heights, bare_columns(heights, settings))
    if roughness(columns, centre, em) < settings.ragged_rough_em * em:
        return False
    if _is_core(thick, em, settings):
        return True
    edges = ink[:, filled].argmax(axis=0), ink[::-1, filled].argmax(axis=0)
    return max(_straightness(edge, em) for edge in edges) < settings.straight_edge


def _is_core(thick: npt.NDArray[np.intp], em: float, settings: RulingSettings) -> bool:
    """Whether a line is as thick as the core of a line of small letters nearly all over, whose feet stand straight, and
    of no usual thickness: a bold ruling with print against it has one where it is thin. thick: heights in pixels."""
    least, low, high = np.percentile(thick, [10, 25, 75])
    return bool(
        low >= settings.ragged_em * em and least <= settings.core_thin * low and high >= settings.core_thick * low
    )


def _straightness(edge: npt.NDArray[np.intp], em: float) -> float:
    """The share of an edge's places that lie within a pixel of its course, the running median over four ems."""
    window = min(len(edge), round(4 * em) | 1)
    course = np.median(np.lib.stride_tricks.sliding_window_view(edge, window), axis=1)
    along = np.pad(course, (window // 2, len(edge) - len(course) - window // 2), mode="edge")
    return float(np.mean(np.abs(edge - along) <= 1.0))


def bare_columns(heights: npt.NDArray[np.intp], settings: RulingSettings) -> npt.NDArray[np.bool_]:
    """Where a line has ink, and no more than it has mostly: nothing hangs on it there. heights: of its ink, column by
    column, somewhere above 0."""
    usual = float(np.median(heights[heights > 0]))
    return (heights > 0) & (heights <= settings.hung_on * usual + 1)


def own_columns(heights: npt.NDArray[np.intp], settings: RulingSettings) -> npt.NDArray[np.bool_]:
    """Where what is known to be a ruling has its own ink and nothing else, though print hang on most of it: neither
    that print nor, at its end, a crumb. heights: as above."""
    own = float(np.percentile(heights[heights > 0], settings.own_thickness))
    most = min(settings.own_most * own + 1, own + settings.own_more)
    return (heights >= settings.own_least * own) & (heights <= most)


def own_course(
    ink: npt.NDArray[np.bool_], heights: npt.NDArray[np.intp], at: npt.NDArray[np.bool_]
) -> tuple[FloatArray, FloatArray]:
    """The columns chosen, and the middle of the ink in each of them, pixels of the piece. heights: as above."""
    rows = np.arange(ink.shape[0], dtype=np.float64)
    middle: FloatArray = (rows @ ink.astype(np.float64))[at] / np.maximum(heights[at], 1)
    return np.flatnonzero(at).astype(np.float64), middle


def roughness(columns: FloatArray, centre: FloatArray, em: float) -> float:
    """Root mean square distance of a centre line from its own smooth course, in pixels: a straight line when it is
    short, the running mean over four ems when it is long and may bend with the paper. Infinite without a column."""
    if len(columns) == 0:
        return float("inf")
    window = round(4 * em) | 1
    if len(centre) > 2 * window:
        reach = window // 2
        mirrored = np.concatenate([centre[reach:0:-1], centre, centre[-2 : -reach - 2 : -1]])
        course = running_mean(mirrored, window)
        return float(np.sqrt(np.mean((centre - course) ** 2)))
    from_middle = columns - columns.mean()
    slope = np.dot(from_middle, centre) / max(float(np.dot(from_middle, from_middle)), 1e-9)
    return float(np.sqrt(np.mean((centre - centre.mean() - slope * from_middle) ** 2)))


def running_mean(values: FloatArray, window: int) -> FloatArray:
    """The means of all stretches of so many values."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    means: FloatArray = (sums[window:] - sums[:-window]) / window
    return means
