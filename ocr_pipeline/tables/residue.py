"""What a stamp leaves behind is no ruling: the rim of a rectangular one looks like one once its ink is taken out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import compress

import cv2
import numpy as np

from ocr_pipeline.clean.line_masks import draw_ruling
from ocr_pipeline.clean.lines import Ruling, Rulings
from ocr_pipeline.geometry import Mask
from ocr_pipeline.settings import TableSettings
from ocr_pipeline.tables.chains import goes_on
from ocr_pipeline.tables.edges import IntArray
from ocr_pipeline.tables.regions import meets


def with_edge(stamped: Mask, em: float, settings: TableSettings) -> Mask:
    """Stamp ink (255) and what is beside it: what is left of it stands at its edge. em: height of print in pixels."""
    reach = 2 * max(1, round(settings.follow_em * em)) + 1
    return cv2.dilate(stamped, np.ones((reach, reach), np.uint8)).astype(np.uint8, copy=False)


def without_residue(rulings: Rulings, ink: Mask, em: float, settings: TableSettings) -> Rulings:
    """The rulings without pieces that lie along stamp ink and continue no ruling beside the stamp.

    ink: stamp ink with_edge, upright pixels. The pixels of what is dropped are no evidence any more either.
    """
    turned = ink.T
    rows = _is_residue(rulings.horizontal, ink, em, settings)
    columns = _is_residue(rulings.vertical, turned, em, settings)
    return _without(rulings, rows, columns, em) if any(rows) or any(columns) else rulings


def without_leaning(rulings: Rulings, ink: Mask, em: float, settings: TableSettings) -> tuple[Rulings, Mask]:
    """The rulings without short ones that lean away from the long one next to them, sides of stamps that a copier made
    black or strokes of pens, and the ink without them; both the very same where there are none. ink: uint8, 255."""
    reach = settings.touch_em * em
    across = [r for r in rulings.horizontal if any(meets(r, column, reach) for column in rulings.vertical)]
    down = [c for c in rulings.vertical if any(meets(row, c, reach) for row in rulings.horizontal)]
    rows = _is_leaning(rulings.horizontal, across, em, settings)
    columns = _is_leaning(rulings.vertical, down, em, settings)
    if not any(rows) and not any(columns):
        return rulings, ink
    left = ink.copy()
    for own, dropped, level in ((rulings.horizontal, rows, True), (rulings.vertical, columns, False)):
        for ruling in compress(own, dropped):
            band = np.zeros_like(ink)
            draw_ruling(band, ruling, round(ruling.thickness) + 2, level=level)
            left[band > 0] = 0
    return _without(rulings, rows, columns, em), left


def _is_leaning(rulings: Sequence[Ruling], meeting: Sequence[Ruling], em: float, settings: TableSettings) -> list[bool]:
    """meeting: those of them that meet others; what meets none, as the paper's edge, says nothing of a table's lean."""
    long = [ruling for ruling in meeting if ruling.length >= settings.straight_em * em]
    return [
        settings.leaning_em * em <= ruling.length < settings.straight_em * em
        and any(_apart_in_slope(ruling, other) > settings.leaning for other in _next(ruling, long))
        for ruling in rulings
    ]


def _apart_in_slope(ruling: Ruling, other: Ruling) -> float:
    """How much a ruling leans away from another one, both from where that runs beside it and from its whole course: a
    short stretch of a worn line says little."""
    return min(abs(ruling.slope - slope) for slope in (_slope_beside(ruling, other), other.slope))


def _next(ruling: Ruling, long: Sequence[Ruling]) -> list[Ruling]:
    """The long ruling next to one that runs beside it, if there is any."""
    beside = [other for other in long if _overlap(ruling, other)[1] - _overlap(ruling, other)[0] > ruling.length / 3]
    return [min(beside, key=lambda other: abs(other.middle - ruling.middle))] if beside else []


def _overlap(ruling: Ruling, other: Ruling) -> tuple[float, float]:
    return max(ruling.start, other.start), min(ruling.end, other.end)


def _slope_beside(ruling: Ruling, other: Ruling) -> float:
    """How another ruling leans where it runs beside one."""
    start, end = _overlap(ruling, other)
    first, last = np.interp((start, end), other.along, other.across)
    return float(last - first) / (end - start)


def _kept(rulings: tuple[Ruling, ...], dropped: Sequence[bool]) -> tuple[Ruling, ...]:
    return tuple(ruling for ruling, drop in zip(rulings, dropped, strict=True) if not drop)


def _without(rulings: Rulings, rows: Sequence[bool], columns: Sequence[bool], em: float) -> Rulings:
    """The rulings and their pixels without those marked. em: height of print in pixels."""
    return replace(
        rulings,
        horizontal=_kept(rulings.horizontal, rows),
        vertical=_kept(rulings.vertical, columns),
        horizontal_mask=_wiped(rulings.horizontal_mask, rulings.horizontal, rows, em),
        vertical_mask=np.ascontiguousarray(_wiped(rulings.vertical_mask.T, rulings.vertical, columns, em).T),
    )


def _is_residue(rulings: Sequence[Ruling], ink: Mask, em: float, settings: TableSettings) -> list[bool]:
    """Which rulings lie on stamp ink, turned so that they are horizontal, with none beside it in their line."""
    shares = [_stamped_share(ruling, ink) for ruling in rulings]
    clear = [ruling for ruling, share in zip(rulings, shares, strict=True) if share < 0.5]
    return [
        share > settings.residue_share and not any(_in_line(ruling, other, em, settings) for other in clear)
        for ruling, share in zip(rulings, shares, strict=True)
    ]


def _stamped_share(ruling: Ruling, ink: Mask) -> float:
    rows, columns = _pixels(ruling, ink.shape)
    return float(np.mean(ink[rows, columns] > 0))


def _pixels(ruling: Ruling, shape: tuple[int, ...]) -> tuple[IntArray, IntArray]:
    along = np.arange(ruling.start, ruling.end + 1)
    across = np.interp(along, ruling.along, ruling.across)
    return (
        np.clip(np.rint(across), 0, shape[0] - 1).astype(np.int64),
        np.clip(np.rint(along), 0, shape[1] - 1).astype(np.int64),
    )


def _in_line(one: Ruling, other: Ruling, em: float, settings: TableSettings) -> bool:
    """Whether another ruling goes on, before or behind, where this one ends."""
    pairs = (one, other), (other, one)
    return any(goes_on(before, after, settings.residue_gap_em, em, settings) for before, after in pairs)


def _wiped(mask: Mask, rulings: Sequence[Ruling], dropped: Sequence[bool], em: float) -> Mask:
    """The mask without the pixels of what is dropped."""
    result = mask.copy()
    reach = max(1, round(0.1 * em))
    for ruling, drop in zip(rulings, dropped, strict=True):
        if drop:
            rows, columns = _pixels(ruling, mask.shape)
            for away in range(-reach, reach + 1):
                result[np.clip(rows + away, 0, mask.shape[0] - 1), columns] = 0
    return result
