"""Paper so bent that no ruling can be traced: how far lines of print climb from one strip of the page to the next.

In narrow upright strips lines of print are level, however much the paper arches; laid beside each other, each strip's
rows of ink fit the next one's a little higher or lower. The shifts add up to the paper's course. It is believed where
rows of ink stand out clearly better once the page is set level by it, which is the criterion skew is told by.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from ocr_pipeline.clean.bend import KNOTS
from ocr_pipeline.geometry import FloatArray, Mask
from ocr_pipeline.settings import BendSettings
from ocr_pipeline.shrinking import shrunk

_Picture = npt.NDArray[np.float32]


def find_arch(ink: Mask, em: float, settings: BendSettings) -> tuple[float, ...]:
    """By how many pixels lines of print lie too low, at places evenly spread across the page, their slant included;
    empty where they are straight, nearly so, or there are too few.

    ink: 255 = ink, skew of a few degrees left in; em: height of the print in pixels.
    """
    scale = min(1.0, settings.arch_print / em)
    size = max(1, round(ink.shape[1] * scale)), max(1, round(ink.shape[0] * scale))
    small = shrunk(ink, size).astype(np.float32)
    strips = settings.arch_strips
    most = round(settings.arch_steepest * size[0] / strips)
    shifts, weights = _shifts(_strips(small, strips), most)
    if np.count_nonzero(weights) < strips // 2:
        return ()
    curve = _summed(shifts, weights)
    if np.ptp(curve - _slant(curve)) < settings.arch_em * em * scale:
        return ()
    # Strips that are set level once fit each other; of print that merely looks alike there is as much left as before.
    shifts, weights = _shifts(_strips(_levelled(small, curve), strips), most)
    if np.mean(np.abs(shifts[weights > 0]) <= _LEVEL) < settings.arch_agree:
        return ()
    curve = curve + _summed(shifts, weights)
    straight = max(_unevenness(small, np.zeros(KNOTS)), _unevenness(small, _slant(curve)))
    if _unevenness(small, curve) < settings.arch_clearer * straight:
        return ()
    return tuple(float(value) for value in (curve - curve.mean()) / scale)


_LEVEL = 0.5
"""Rows of the copy by which neighbouring strips may still differ."""


def _strips(small: _Picture, count: int) -> FloatArray:
    """How much ink the rows of each strip hold, shape (count, rows)."""
    edges = np.linspace(0, small.shape[1], count + 1).astype(np.int64)[:-1]
    return np.asarray(np.add.reduceat(small, edges, axis=1).T, dtype=np.float64)


def _slant(curve: FloatArray) -> FloatArray:
    """The straight line through a curve."""
    knots = np.arange(KNOTS)
    line: FloatArray = np.polyval(np.polyfit(knots, curve, 1), knots)
    return line


def _shifts(profiles: FloatArray, most: int) -> tuple[FloatArray, FloatArray]:
    """By how many rows each strip's ink lies lower than that of the strip before, and how surely: the correlation of
    the two, 0 where it is weak or best at the end of what is looked at."""
    found, weights = np.zeros(len(profiles) - 1), np.zeros(len(profiles) - 1)
    centred = profiles - profiles.mean(axis=1, keepdims=True)
    norm = np.sqrt((centred**2).sum(axis=1))
    if profiles.shape[1] <= 2 * most:
        return found, weights
    inner = slice(most, profiles.shape[1] - most)
    for i in range(len(found)):
        if norm[i] == 0 or norm[i + 1] == 0:
            continue
        windows = np.lib.stride_tricks.sliding_window_view(centred[i + 1], profiles.shape[1] - 2 * most)
        values = windows @ centred[i, inner] / (norm[i] * norm[i + 1])
        best = int(values.argmax())
        if 0 < best < len(values) - 1 and values[best] > _LEAST_ALIKE:
            before, top, after = values[best - 1 : best + 2]
            found[i] = best - most + 0.5 * (before - after) / min(before - 2 * top + after, -1e-9)
            weights[i] = float(values[best])
    return found, weights


_LEAST_ALIKE = 0.3
"""Correlation of two strips of which the next is the same lines' continuation; of blank and print it is below 0.1."""


def _summed(shifts: FloatArray, weights: FloatArray) -> FloatArray:
    """The course that climbs from strip to strip by so many rows, at KNOTS places. A strip that departs from those
    around it is another column of print, or a picture."""
    places = np.arange(1, len(shifts) + 1) / (len(shifts) + 1)
    around = np.array([np.median(shifts[max(0, i - 2) : i + 3]) for i in range(len(shifts))])
    keep = (weights > 0) & (np.abs(shifts - around) <= 1.5)
    if np.count_nonzero(keep) < 3:
        return np.zeros(KNOTS)
    steps = np.interp(np.linspace(0, 1, KNOTS), places[keep], shifts[keep])
    steps = np.convolve(np.pad(steps, 2, mode="edge"), np.full(5, 0.2), mode="valid")
    climb = np.cumsum((steps[1:] + steps[:-1]) / 2) * (len(shifts) + 1) / (KNOTS - 1)
    result: FloatArray = np.concatenate([[0.0], climb])
    return result


def _levelled(small: _Picture, curve: FloatArray) -> _Picture:
    """The copy with each column shifted up by a curve."""
    height, width = small.shape
    up = np.interp(np.arange(width), np.linspace(0, width - 1, KNOTS), curve)
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    level: _Picture = cv2.remap(small, x, (y + up).astype(np.float32), cv2.INTER_LINEAR).astype(np.float32, copy=False)
    return level


def _unevenness(small: _Picture, curve: FloatArray) -> float:
    """How unevenly ink falls into rows once each column is shifted up by a curve (see clean/skew.py)."""
    steps = np.diff(_levelled(small, curve).sum(axis=1, dtype=np.float64))
    return float(np.dot(steps, steps))
