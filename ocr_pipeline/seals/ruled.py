"""Rulings of the page in the picture of a stamp's ink: out with them.

Rulings printed in the stamp's own colour are ink like its own, and black ones leave traces where they cross it. The
page knows them, if only beside the stamp: they are followed into it as long as there is a thin stroke.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from ocr_pipeline.clean.lines import Ruling, Rulings
from ocr_pipeline.geometry import Box, GrayImage, Mask
from ocr_pipeline.seals.ink import StampInk
from ocr_pipeline.settings import SealTextSettings


def without_rulings(ink: StampInk, rulings: Rulings, settings: SealTextSettings) -> StampInk:
    """The stamp's ink without the page's rulings of its colour. What crosses a ruling stays whole."""
    gray, mask = ink.gray.copy(), ink.mask.copy()
    box, turned = ink.box, Box(ink.box.y0, ink.box.x0, ink.box.y1, ink.box.x1)
    for ruling in _through(rulings.horizontal, box, settings):
        _take_out(gray, mask, _At(ruling, ink.scale, box.x0, box.y0), settings)
    for ruling in _through(rulings.vertical, turned, settings):
        _take_out(gray.T, mask.T, _At(ruling, ink.scale, box.y0, box.x0), settings)
    return replace(ink, gray=gray, mask=mask)


@dataclass(frozen=True)
class _At:
    """A ruling in a picture that shows the page enlarged by scale from a place along and across it on."""

    ruling: Ruling
    scale: float
    along: float
    across: float

    @property
    def ends(self) -> tuple[float, float]:
        """Where it begins and ends, in pixels of the picture along it."""
        return (self.ruling.start - self.along) * self.scale, (self.ruling.end - self.along) * self.scale

    def middles(self, count: int) -> npt.NDArray[np.int64]:
        """Its centre across for each of so many pixels along it; it goes on beyond its ends with its slope."""
        far = 4 * self.ruling.length
        first, last = self.ruling.start - far, self.ruling.end + far
        along = np.concatenate([[first], self.ruling.along, [last]])
        across = np.concatenate([[self.ruling.at(first)], self.ruling.across, [self.ruling.at(last)]])
        places = np.interp(np.arange(count) / self.scale + self.along, along, across)
        return ((places - self.across) * self.scale).round().astype(np.int64)


def _through(rulings: Iterable[Ruling], box: Box, settings: SealTextSettings) -> list[Ruling]:
    """The rulings that run into a box from outside or end close to it. box: x along them, y across."""
    near = settings.ruling_near * min(box.width, box.height)
    return [
        ruling
        for ruling in _joined(rulings, box, near, settings)
        if ruling.end > box.x0 - near
        and ruling.start < box.x1 + near
        and (ruling.start < box.x0 - near or ruling.end > box.x1 + near)
        and ruling.length >= settings.ruling_length * max(box.width, box.height)
        and ruling.thickness + 2 * ruling.spread <= settings.ruling_thick * min(box.width, box.height)
        and box.y0 < ruling.at((box.x0 + box.x1) / 2) < box.y1
    ]


def _joined(rulings: Iterable[Ruling], box: Box, near: float, settings: SealTextSettings) -> list[Ruling]:
    """Rulings, with those that go on behind the stamp as one."""
    joined: list[Ruling] = []
    for ruling in sorted(rulings, key=lambda one: one.start):
        before = [
            i
            for i, one in enumerate(joined)
            if max(one.end, box.x0 - near) < min(ruling.start, box.x1 + near)
            and ruling.start - one.end < box.width
            and _goes_on(one, ruling, settings.ruling_slack)
        ]
        if before:
            first = joined.pop(before[0])
            along, across = np.append(first.along, ruling.along), np.append(first.across, ruling.across)
            ruling = replace(ruling, along=along, across=across)
        joined.append(ruling)
    return joined


def _goes_on(one: Ruling, other: Ruling, slack: float) -> bool:
    """Whether the second of two rulings lies where the first leads, or the other way round."""
    reach = 2 * slack + 0.01 * (other.start - one.end)
    ahead, back = one.at(other.start) - other.across[0], other.at(one.end) - one.across[-1]
    return bool(min(abs(ahead), abs(back)) < reach)


def _take_out(gray: GrayImage, mask: Mask, at: _At, settings: SealTextSettings) -> None:
    """White along one ruling, in place, where it is of the stamp's ink; gray, mask: (across, along)."""
    height, width = mask.shape
    columns = np.arange(width)
    reach = round((at.ruling.thickness / 2 + at.ruling.spread + settings.ruling_slack) * at.scale)
    rows = np.clip(at.middles(width)[None] + np.arange(-2 * reach, 2 * reach + 1)[:, None], 0, height - 1)
    dark = gray[rows, columns[None]] < 200
    inked = dark[reach : 3 * reach + 1].any(axis=0)
    places = np.flatnonzero(inked & (columns >= at.ends[0]) & (columns <= at.ends[1]))
    if len(places) < max(2.0, settings.ruling_near * width):
        return
    if len(places) < settings.ruling_own * (places[-1] - places[0]):
        return
    # A column whose ink goes on above and below the ruling is a stroke that crosses it.
    crossed = dark[: reach + 1].mean(axis=0) + dark[3 * reach :].mean(axis=0) > 0.5
    out = np.flatnonzero(_followed(inked, at, settings.ruling_gap * min(gray.shape)) & ~crossed)
    gray[rows[reach : 3 * reach + 1, out], out[None]] = 255
    mask[rows[reach : 3 * reach + 1, out], out[None]] = 0


def _followed(inked: npt.NDArray[np.bool_], at: _At, gap: float) -> npt.NDArray[np.bool_]:
    """Where the ruling is known to be, and on from there as long as there is ink."""
    width = len(inked)
    first, last = round(at.ends[0]), round(at.ends[1])
    there = np.zeros(width, np.bool_)
    there[max(0, first) : max(0, last + 1)] = True
    for places in (range(max(0, last + 1), width), range(min(width, first) - 1, -1, -1)):
        lost = 0
        for place in places:
            lost = 0 if inked[place] else lost + 1
            if lost > gap:
                break
            there[place] = True
    return there
