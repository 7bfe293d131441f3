"""Paper that arches or curls: lines of print sag alike all down the page, and are set level by one curve.

Rulings that run across a page on bent paper are straight lines plus one curve in common, whatever slope perspective
gives each. The curve is found by least squares with every ruling's own line taken out first (Frisch and Waugh), and the
page is shifted by it column by column, which can be undone exactly.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ocr_pipeline.clean.lines import Ruling, Rulings, cross
from ocr_pipeline.geometry import FloatArray
from ocr_pipeline.settings import BendSettings

KNOTS = 65
"""Places across the page at which a curve is kept, so that two can be added up; between them it is straight."""
_DEGREES = (2, 3, 4, 5)
"""Powers of the curve: an arch is of the second, a curl at one edge needs the others."""


def find_bend(rulings: Rulings, size: tuple[int, int], em: float, settings: BendSettings) -> tuple[float, ...]:
    """By how many pixels lines of print lie too low, at places evenly spread across it; empty where all is level.

    rulings: as traced on the page, skew and keystone taken out; size: (width, height) of the page; em: height of the
    print in pixels.
    """
    width = size[0]
    long = [r for r in rulings.horizontal if r.length >= settings.least_length * width]
    # The shadow along the sheet's edge crosses nothing.
    crossed = [r for r in long if any(cross(r, column, em) for column in rulings.vertical)]
    if len(crossed) < settings.least_rulings:
        return ()
    powers, places = _fitted(crossed, width, settings)
    left, right = min(r.start for r in crossed), max(r.end for r in crossed)
    inside = np.linspace(left, right, KNOTS)
    curve = _basis(inside, width) @ powers
    line = np.polyfit(inside, curve, 1)
    level = curve - np.polyval(line, inside)
    before, after = places
    if np.ptp(level) < settings.least_em * em or after > settings.most_left * before:
        return ()
    knots = np.linspace(0.0, width - 1.0, KNOTS)
    # Beyond the rulings the paper goes on as it bends where they end.
    ends = np.interp(knots, inside, level)
    steep = (level[1] - level[0]) / (inside[1] - inside[0]), (level[-1] - level[-2]) / (inside[-1] - inside[-2])
    ends += np.where(knots < left, steep[0] * (knots - left), 0.0) + np.where(
        knots > right, steep[1] * (knots - right), 0.0
    )
    return tuple(float(value) for value in ends)


def _fitted(rulings: Sequence[Ruling], width: int, settings: BendSettings) -> tuple[FloatArray, tuple[float, float]]:
    """The curve's coefficients, and how far (root mean square, pixels) rulings are off straight lines before and after
    it is taken out. One that follows another course, a stroke under a title, is left out."""
    kept = list(rulings)
    while True:
        parts = [_without_line(ruling, width) for ruling in kept]
        basis, off = np.concatenate([b for b, _ in parts]), np.concatenate([o for _, o in parts])
        powers = np.linalg.lstsq(basis, off, rcond=None)[0]
        left = np.array([float(np.sqrt(np.mean((o - b @ powers) ** 2))) for b, o in parts])
        usual = max(float(np.median(left)), 0.5)
        stay = left <= settings.most_off * usual
        if stay.all() or np.count_nonzero(stay) < settings.least_rulings:
            before = float(np.sqrt(np.mean(off**2)))
            return np.asarray(powers), (before, float(np.sqrt(np.mean((off - basis @ powers) ** 2))))
        kept = [ruling for ruling, stays in zip(kept, stay.tolist(), strict=True) if stays]


def _without_line(ruling: Ruling, width: int) -> tuple[FloatArray, FloatArray]:
    """The curve's basis along a ruling, shape (n, degrees), and the ruling's course, without their straight parts."""
    along = np.linspace(ruling.start, ruling.end, KNOTS)
    course = np.interp(along, ruling.along, ruling.across)
    straight = np.stack([np.ones(KNOTS), along], axis=1)
    both = np.column_stack([_basis(along, width), course])
    both -= straight @ np.linalg.lstsq(straight, both, rcond=None)[0]
    return both[:, :-1], both[:, -1]


def _basis(x: FloatArray, width: int) -> FloatArray:
    share = 2.0 * x / width - 1.0
    result: FloatArray = np.stack([share**degree for degree in _DEGREES], axis=-1)
    return result
