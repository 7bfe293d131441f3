"""Vertical rulings of a single low row: strokes from one ruling to the next, shorter than any ruling is traced.

Where a row of a table is divided unlike the rows above and below it, or is the only one before a page break, its
vertical rulings are as long as the row is high. In small print that is hardly more than a character; but print keeps
away from the rulings above and below it, and these strokes run from one to the other without a gap.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from ocr_pipeline.clean.line_masks import draw_ruling, widened
from ocr_pipeline.clean.lines import Ruling, Rulings
from ocr_pipeline.geometry import FloatArray, Mask, runs
from ocr_pipeline.settings import RulingSettings

_BoolGrid = npt.NDArray[np.bool_]


def with_rungs(rulings: Rulings, em: float, settings: RulingSettings) -> Rulings:
    """The same rulings with the vertical ones of single low rows; the very same where there are none. em: height of
    the print in pixels."""
    found = [
        rung
        for upper, lower in _low_rows(rulings, em, settings)
        for rung in _rungs(upper, lower, rulings, em, settings)
    ]
    if not found:
        return rulings
    mask = rulings.vertical_mask.copy()
    for rung in found:
        draw_ruling(mask, rung, max(1, round(rung.thickness)), level=False)
    vertical = sorted((*rulings.vertical, *found), key=lambda ruling: (ruling.middle, ruling.start))
    return replace(rulings, vertical=tuple(vertical), vertical_mask=mask)


def _low_rows(rulings: Rulings, em: float, settings: RulingSettings) -> Iterator[tuple[Ruling, Ruling]]:
    """Each pair of long horizontal rulings, one below the other, that are no further apart than a short stroke is
    long."""
    long = sorted(
        (r for r in rulings.horizontal if r.length >= settings.rung_rail_em * em), key=lambda ruling: ruling.middle
    )
    for i, upper in enumerate(long):
        for lower in long[i + 1 :]:
            gap = lower.middle - upper.middle
            if gap > settings.rung_most_em * em:
                break
            if gap >= settings.rung_least_em * em and _overlap(upper, lower) >= settings.rung_rail_em * em:
                yield upper, lower
                break


def _overlap(one: Ruling, other: Ruling) -> float:
    return min(one.end, other.end) - max(one.start, other.start)


def _rungs(upper: Ruling, lower: Ruling, rulings: Rulings, em: float, settings: RulingSettings) -> list[Ruling]:
    """The vertical rulings between two horizontal ones that were not traced; one alone may be anything."""
    near = round(settings.rung_near_em * em)
    left, right = max(upper.start, lower.start) + near, min(upper.end, lower.end) - near
    x: FloatArray = np.arange(np.ceil(left), right)
    tops, bottoms = np.interp(x, upper.along, upper.across), np.interp(x, lower.along, lower.across)
    dark = _between(rulings.vertical_dark, x, tops + upper.thickness / 2 + 1, bottoms - lower.thickness / 2 - 1)
    traced: npt.NDArray[np.bool_] = np.any(_between(rulings.vertical_mask, x, tops, bottoms), axis=0)
    # Each may lean by a pixel.
    through = (widened(dark).mean(axis=0) >= settings.rung_cover) & dark.any(axis=0)
    found = []
    for first, end in runs(through):
        if end - first - 2 > settings.max_thickness_em * em or traced[max(0, first - near) : end + near].any():
            continue
        if _stands_free(dark, first, end, em, settings):
            place = int(first + end - 1) // 2
            found.append(
                Ruling(
                    np.array([tops[place], bottoms[place]]), np.array([x[place], x[place]]), max(1.0, end - first - 2.0)
                )
            )
    return found if len(found) > 1 else []


def _between(mask: Mask, x: FloatArray, tops: FloatArray, bottoms: FloatArray) -> _BoolGrid:
    """What a mask shows between two curves, shape (rows, places): rows of pixels, as many as the curves lie apart."""
    rows = max(2, round(float(np.median(bottoms - tops))))
    y = tops + np.linspace(0, 1, rows)[:, None] * (bottoms - tops)
    places = np.clip(np.rint(y).astype(np.int64), 0, mask.shape[0] - 1)
    return np.asarray(mask[places, np.rint(x).astype(np.int64)] > 0)


def _stands_free(dark: _BoolGrid, first: int, end: int, em: float, settings: RulingSettings) -> bool:
    """Whether on one side at least next to no print is near a stroke."""
    reach = max(2, round(settings.rung_free_em * em))
    sides = dark[:, max(0, first - reach) : max(0, first - 1)], dark[:, end + 1 : end + reach]
    return any(float(np.mean(side.any(axis=1))) <= settings.rung_beside for side in sides if side.shape[1])
