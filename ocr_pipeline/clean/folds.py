"""Folds of the sheet taken off its picture by dividing them out.

A fold lies in shade: it darkens paper and print alike, by so much at each distance from its crease, and runs straight
or nearly so from edge to edge, through both margins, where no ruling is. Divided by what it leaves of the light, the
print beneath comes back as it was, and nothing of the fold is left that could pass for a ruling.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from ocr_pipeline.clean.creases import find_creases, straightened
from ocr_pipeline.geometry import ColourImage, FloatArray, Mask
from ocr_pipeline.settings import FoldSettings


@dataclass(frozen=True, eq=False)
class Unfolded:
    """image: uint8, BGR, with its folds divided out, the very same where there were none. Masks, uint8, 255 where so,
    None without folds. core: where a fold was deepest, and may have left something; dark: where it was so dark that
    print beneath may be lost."""

    image: ColourImage
    core: Mask | None = None
    dark: Mask | None = None


def without_folds(image: ColourImage, em: float, settings: FoldSettings) -> Unfolded:
    """The picture with its folds divided out.

    image: uint8, BGR, a whole sheet; em: height of the print in pixels.
    """
    core: Mask | None = None
    for transposed in (False, True):
        for _ in range(_ROUNDS):
            seen = image.transpose(1, 0, 2) if transposed else image
            whole = min(seen.shape[:2]) >= settings.page_em * em
            creases = find_creases(seen[:, :, _GREEN], em, settings) if whole else []
            if not creases:
                break
            image = image.copy()
            if core is None:
                core, dark = np.zeros(image.shape[:2], np.uint8), np.zeros(image.shape[:2], np.uint8)
            for crease in creases:
                own = (image.transpose(1, 0, 2), core.T, dark.T) if transposed else (image, core, dark)
                _divide_out(*own, crease, em, settings)
    return Unfolded(image) if core is None else Unfolded(image, core, dark)


_ROUNDS = 2
"""Of two folds that lie close together, or cross at a small angle, the second is found when the first is gone."""
_GREEN = 1
_AROUND = 2
"""Pixels that a crease may lie beside its course."""


@dataclass(frozen=True, eq=False)
class _Shade:
    """What a fold takes of the light, straightened, at each distance from its crease, along it; both float32
    (2 reach + 1, width). left: the share that is left, 0 to 1; paper: gray level that the paper would have."""

    left: FloatArray
    paper: FloatArray


def _divide_out(
    image: ColourImage, core: Mask, dark: Mask, crease: FloatArray, em: float, settings: FoldSettings
) -> None:
    """Brighten a fold in place, and note where it was. image, core, dark: as in Unfolded; crease: its row in each
    column."""
    band = straightened(np.ascontiguousarray(image[:, :, _GREEN]), crease, round(settings.reach_em * em))
    shade = _shade(band, em, settings)
    if float(np.median(shade.left.min(axis=0))) <= 1 / settings.most_gain:
        return  # opaque: dust, or a ruled line; nothing of the print is left beneath
    reach = len(band) // 2
    top = max(0, int(np.floor(crease.min())) - reach)
    foot = min(len(image), int(np.ceil(crease.max())) + reach + 1)
    rows = (np.arange(top, foot)[:, None] - crease[None] + reach).astype(np.float32)
    columns = np.ascontiguousarray(np.broadcast_to(np.arange(image.shape[1], dtype=np.float32), rows.shape))
    left = cv2.remap(shade.left, columns, rows, cv2.INTER_LINEAR, borderValue=1.0)
    paper = cv2.remap(shade.paper, columns, rows, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    part = image[top:foot]
    gain = 1 / left
    # What is left of the fold where it was a little deeper or less deep than elsewhere is paper, too.
    level = part[:, :, _GREEN] * gain
    deep = (left <= 1 - (1 - left.min()) / 2).astype(np.uint8)
    deepest = cv2.dilate(deep, np.ones((2 * _AROUND + 1, 1), np.uint8)) > 0
    least = np.where(deepest, 1 - settings.rest_core, 1 - settings.rest)
    rest = ((left < 1) | deepest) & (level >= least * paper)
    gain = np.where(rest, gain * paper / np.maximum(level, 1), gain)
    np.copyto(part, np.minimum(np.rint(part * gain[:, :, None]), 255).astype(np.uint8))
    core[top:foot][deepest] = 255
    dark[top:foot][left <= settings.dark] = 255


def _shade(band: FloatArray, em: float, settings: FoldSettings) -> _Shade:
    """What a fold takes of the light. band: straightened, see straightened.

    The profile across is that of most of the fold; how deep it is, is taken from each part of it. A ruling may lie
    along the crease for most of its length: of all parts the bright ones count, and of each what the ruling leaves.
    """
    edge = max(2, len(band) // 4)
    window = max(8, round(settings.window_em * em / 2))
    starts = range(0, max(1, band.shape[1] - window + 1), window)
    levels = np.stack([np.quantile(band[:, a : a + window], settings.paper, axis=1) for a in starts], axis=1)
    # The sheet lies at another angle on either side. A line of print darkens most rows of a side, but not all.
    sides = [np.maximum(1.0, np.quantile(part, settings.paper, axis=0)) for part in (levels[:edge], levels[-edge:])]
    share = np.linspace(0, 1, len(band))[:, None]
    papers = sides[0][None] * (1 - share) + sides[1][None] * share
    taken = np.clip(1 - levels / papers, 0.0, 1.0)
    profile = np.quantile(taken, 1 - settings.bright, axis=1)
    profile[profile < _GRAIN] = 0.0
    core = profile >= max(_GRAIN, profile.max() / 4)
    deep = taken[core] / profile[core, None] if core.any() else np.ones((1, len(starts)))
    depths = np.clip(np.quantile(deep, 1 - settings.paper, axis=0), settings.least_depth, settings.most_depth)
    along, middles = np.arange(band.shape[1]), np.array(starts) + window / 2
    depth = np.interp(along, middles, depths)
    left = np.clip(1 - profile[:, None] * depth[None], 1 / settings.most_gain, 1.0)
    paper = np.stack([np.interp(along, middles, row) for row in papers])
    return _Shade(left.astype(np.float32), paper.astype(np.float32))


_GRAIN = 0.02
"""Of the paper's light: less than this is grain."""
