"""Small figures along a stamp's rim at its foot: the number it is registered by."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from ocr_pipeline.geometry import GrayImage, runs
from ocr_pipeline.seals.ring import Ring
from ocr_pipeline.settings import SealTextSettings

Floats = npt.NDArray[np.float32]


def foot_figures(ring: Ring, low: npt.NDArray[np.bool_], settings: SealTextSettings) -> GrayImage | None:
    """A picture of the figures, upright on white with margins; None where there are none.

    low: the columns around the foot without taller lettering, (length,). The figures are told from the paper by
    themselves: they are fainter than the rim, and closer to it than the lettering around the top.
    """
    height = ring.bottom - ring.top
    order = np.roll(np.arange(len(ring.turns)), len(ring.turns) // 2)
    columns = order[low[order]]
    if len(columns) < height:
        return None
    # Only the rim: not the middle of the stamp, and not what reaches there.
    ink = 255.0 - ring.gray[: ring.top + round(settings.ring_outer * height)][:, columns].astype(np.float32)
    ink = ink[_inside_rim(ink) :]
    full = float(np.percentile(ink, settings.figures_ink)) if ink.size else 0.0
    if full < settings.figures_least:
        return None
    inked = ink > 0.5 * full
    rows = _rows(inked, settings)
    if rows is None:
        return None
    tall = rows[1] - rows[0]
    found = runs(inked[rows[0] : rows[1]].sum(axis=0) > 1, round(settings.figures_gap * tall))
    if not found:
        return None
    start, stop = max(found, key=lambda run: run[1] - run[0])
    if stop - start < settings.figures_wide * tall:
        return None
    soft = max(1, round(0.15 * tall))
    part = ink[max(0, rows[0] - soft) : rows[1] + soft, max(0, start - soft) : stop + soft]
    picture = (255.0 * (1.0 - np.clip(part / full, 0.0, 1.0))).astype(np.uint8)[::-1, ::-1]
    pad_y, pad_x = round(0.15 * tall) + 1, round(0.5 * tall) + 1
    return cv2.copyMakeBorder(picture, pad_y, pad_y, pad_x, pad_x, cv2.BORDER_CONSTANT, value=255).astype(np.uint8)


def _inside_rim(ink: Floats) -> int:
    """The first row inside the rim, ink nearly all along, and inside its soft edge: that may be as dark as figures."""
    along = np.median(ink, axis=1)
    rim = np.flatnonzero(along > 0.1 * max(float(along.max(initial=0.0)), 1.0))
    return int(rim[-1]) + 1 if len(rim) else 0


def _rows(inked: npt.NDArray[np.bool_], settings: SealTextSettings) -> tuple[int, int] | None:
    """The rows of the figures: a line some pixels high, and no mere edge of the rim."""
    cover = inked.mean(axis=1)
    found = runs(cover > 0.2 * float(cover.max(initial=0.0)), 0)
    lines = [run for run in found if run[1] - run[0] >= settings.figures_tall]
    return max(lines, key=lambda run: float(cover[run[0] : run[1]].sum())) if lines else None
