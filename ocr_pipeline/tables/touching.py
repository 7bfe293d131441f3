"""Print that touches a ruling, told from the ruling by how that looks where it stands free.

Where cells have no margins a figure stands a hair beside the ruling, and the blur of scanners makes one of both. A
ruling is even along its course: what is darker beside print than above and below it is the print's own.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from ocr_pipeline.clean.line_masks import transposed
from ocr_pipeline.components import labelled_parts
from ocr_pipeline.geometry import GrayImage, Mask, runs
from ocr_pipeline.settings import ReadingSettings
from ocr_pipeline.threads import both

_Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class TouchingPrint:
    """Print on what is erased of rulings. gray: the print without the ruling, on white; mask: 255 where its ink is;
    soft: 255 where its ink and the blur around it are. All of one shape (h, w), uint8."""

    gray: GrayImage
    mask: Mask
    soft: Mask


def touching_print(
    ink: GrayImage, print_only: Mask, rows: Mask, columns: Mask, em: float, settings: ReadingSettings
) -> TouchingPrint | None:
    """The print on the bands of rulings that goes on beside them; None where nothing stands next to one.

    ink: dark on light, shape (h, w); print_only: the ink (255) off all bands; rows, columns: the bands (255) along
    horizontal and vertical rulings, in which all is to be erased; em: height of the print in pixels.
    """
    found = TouchingPrint(np.full_like(ink, 255), np.zeros_like(ink), np.zeros_like(ink))
    page = _Page(ink, print_only, columns, rows)
    # Side by side: none writes where the bands of both cross.
    upright, level = both(
        lambda: _add_beside_columns(found, page, em, settings),
        lambda: _add_beside_columns(_turned(found), page.turned(), em, settings),
    )
    return found if upright or level else None


@dataclass(frozen=True)
class _Page:
    """ink, print_only: as above; bands: of the rulings looked at, upright here; across: of the others."""

    ink: GrayImage
    print_only: Mask
    bands: Mask
    across: Mask

    def turned(self) -> _Page:
        """With the other rulings upright."""
        return _Page(*(transposed(image) for image in (self.ink, self.print_only, self.across, self.bands)))


def _turned(found: TouchingPrint) -> TouchingPrint:
    """The same pixels, rows for columns: what is written there is written to all."""
    return TouchingPrint(found.gray.T, found.mask.T, found.soft.T)


def _add_beside_columns(found: TouchingPrint, page: _Page, em: float, settings: ReadingSettings) -> bool:
    """Write down the print on the bands of the upright rulings; whether there is any."""
    reach = max(1, round(settings.touching_reach_em * em))
    beside = cv2.dilate(page.bands, np.ones((1, 2 * reach + 1), np.uint8))
    near = cv2.bitwise_and(beside, page.print_only)
    if not near.any():
        return False
    joined = cv2.dilate(near, np.ones((2 * reach + 1, 1), np.uint8))
    count, _, stats, _ = labelled_parts(joined)
    boxes = ((x, y, w, h) for x, y, w, h, _ in stats[1:count].tolist())
    shares = [(box, _share_near(box, page.print_only, em, settings)) for box in boxes]
    places = [_place(box, page.bands, share, em, settings) for box, share in shares if share >= settings.touching_edge]
    added = [_add(found, place, page, em, settings) for place in places if place is not None]
    return any(added)


def _share_near(box: tuple[int, int, int, int], print_only: Mask, em: float, settings: ReadingSettings) -> float:
    """How much print there is at a place, in squares of its height. box: left, top, width, height."""
    x, y, width, height = box
    around = round(settings.touching_reach_em * em)
    near = print_only[max(0, y - around) : y + height + around, max(0, x - around) : x + width + around]
    return cv2.countNonZero(near) / (em * em)


@dataclass(frozen=True)
class _Place:
    """A place where print stands beside the band of a ruling, in pixels. top, bottom: of the print; left, right: of the
    band; little: whether the print may be a fleck."""

    top: int
    bottom: int
    left: int
    right: int
    little: bool


def _place(
    box: tuple[int, int, int, int], bands: Mask, share: float, em: float, settings: ReadingSettings
) -> _Place | None:
    """The place around print next to a band; None where no single ruling runs. box: left, top, width, height; share:
    see _share_near."""
    x, y, width, height = box
    most = round(settings.touching_band_em * em)
    first = max(0, x - most)
    dark: _Bools = np.any(bands[y : y + height, first : x + width + most], axis=0)
    every = [(first + start, first + stop) for start, stop in runs(dark)]
    left, right = min(every, key=lambda run: max(run[0] - x - width, x - run[1]))
    return _Place(y, y + height, left, right, share < settings.touching_print) if right - left <= most else None


def _add(found: TouchingPrint, place: _Place, page: _Page, em: float, settings: ReadingSettings) -> bool:
    """Write down the print on the band at a place; whether there is any."""
    around, beside = round(settings.touching_free_em * em), max(2, round(settings.touching_reach_em * em))
    window = (
        slice(max(0, place.top - around), min(page.ink.shape[0], place.bottom + around)),
        slice(max(0, place.left - beside), min(page.ink.shape[1], place.right + beside)),
    )
    band, printed, other = (mask[window] > 0 for mask in (page.bands, page.print_only, page.across))
    dark = 255.0 - page.ink[window]
    free = band.any(axis=1) & ~printed.any(axis=1) & ~other.any(axis=1)
    if np.count_nonzero(free) < settings.touching_least_em * em or not printed.any():
        return False
    usual = np.median(dark[free], axis=0)
    varied = np.percentile(np.abs(dark[free] - usual), 100 * settings.touching_usual, axis=0)
    own = dark - usual
    stroke = settings.touching_depth * float(np.median(dark[printed]))
    least = np.maximum(stroke, settings.touching_varied * varied)
    kept = _joined((own > least) & band & ~other, (dark > stroke) & ~band & ~other, em, settings)
    if not kept.any() or (place.little and np.ptp(np.flatnonzero(kept.any(axis=1))) + 1 < settings.blob_em * em):
        return False
    wide = cv2.dilate(kept.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    soft: _Bools = wide & band & ~other
    level = np.clip(255.0 - own, 0, 255).astype(np.uint8)
    found.gray[window][soft] = np.minimum(found.gray[window], level)[soft]
    found.mask[window][kept] = 255
    found.soft[window][soft] = 255
    return True


def _joined(ink: _Bools, printed: _Bools, em: float, settings: ReadingSettings) -> _Bools:
    """Of ink on a band that which is joined to print beside it, or all but, as the parts of a character are, and no
    longer than one: a ruling darker than elsewhere is."""
    dark = cv2.dilate((ink | printed).astype(np.uint8), np.ones((3, 3), np.uint8))
    _, labels = cv2.connectedComponents(dark, connectivity=8)
    tied = np.isin(labels, np.unique(labels[printed])) & ink
    count, own, stats, _ = labelled_parts(tied.astype(np.uint8))
    short = np.zeros(count, bool)
    short[1:] = stats[1:count, cv2.CC_STAT_HEIGHT] <= settings.touching_em * em
    kept: _Bools = short[own]
    return kept
