"""How the sides of a frame look, and what lies around it: what tells a stamp's from cells and boxes of the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from ocr_pipeline.clean.seal_sides import Floats
from ocr_pipeline.geometry import GrayImage, Mask
from ocr_pipeline.settings import SealSettings

DARKER = 0.88
"""Share of the gray beside it that a side's stroke has at most."""
INK = 0.75
"""Share of the paper's gray that print beside a side has at most."""
BESIDE_EM = (0.25, 0.55)
"""From where to where beside a side print is looked for: outside of its own stroke, no further than the next blank
between characters."""


@dataclass(frozen=True)
class Side:
    """How a side looks. unbroken: the share of its length where it is darker than what is near; thin: where it is
    darker than on both hands; off: degrees clockwise by which its ink leans more than the side; at: pixels by which its
    ink lies outward of the side."""

    unbroken: float
    thin: float
    off: float
    at: float = 0.0

    @classmethod
    def of(cls, part: GrayImage, start: Floats, stop: Floats) -> Side:
        """The side from start to stop, corners in pixels of a uint8 picture with print some 12 pixels high."""
        length = float(np.hypot(*(stop - start)))
        along = (stop - start) / length
        outward = np.array([along[1], -along[0]])
        places = np.linspace(0.04, 0.96, max(8, int(length)))[:, None, None] * length * along
        # Half pixels, six to either side.
        points = start + places + np.arange(-6.0, 6.25, 0.5)[None, :, None] * outward
        gray = cv2.remap(part, points.astype(np.float32), None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        near = gray.astype(np.float32)
        most = DARKER * near.max(axis=1)
        best = cls(0.0, 0.0, 0.0)
        for middle in range(8, 17):
            core = near[:, middle - 2 : middle + 3].min(axis=1)
            hands = near[:, middle - 7 : middle - 4].max(axis=1), near[:, middle + 5 : middle + 8].max(axis=1)
            unbroken, thin = float(np.mean(core < most)), float(np.mean(core < 0.9 * np.minimum(*hands)))
            if unbroken + thin > best.unbroken + best.thin:
                best = cls(unbroken, thin, 0.0)
        darkest = 0.5 * (near[:, 6:19].argmin(axis=1) - 6)
        third = len(darkest) // 3
        rise = float(np.median(darkest[-third:]) - np.median(darkest[:third]))
        # Outward is up along the top, so ink that rises outward leans the other way.
        lean = -float(np.degrees(np.arctan(rise / (2 / 3 * length))))
        return replace(best, off=lean, at=float(np.median(darkest)))


def ends_beyond(part: GrayImage, corners: Floats, sides: Sequence[Side]) -> list[tuple[float, float]]:
    """How unbroken each side goes on beyond its start and its stop, 0 to 1, for a quarter of its length.

    corners: clockwise, pixels, shape (4, 2); the sides begin at them.
    """
    return [
        (_beyond(part, corners, sides[i], i, at_stop=False), _beyond(part, corners, sides[i], i, at_stop=True))
        for i in range(4)
    ]


def is_cell(ends: list[tuple[float, float]], share: float) -> bool:
    """Whether two opposite sides both go on beyond their ends."""
    # Sides run around the frame, so where one begins the opposite one ends.
    pairs = ((ends[i][k], ends[i + 2][1 - k]) for i in (0, 1) for k in (0, 1))
    return any(min(pair) > share for pair in pairs)


def is_closed(ends: list[tuple[float, float]], share: float) -> bool:
    """Whether hardly anything goes on beyond the corners: no two sides at one, and none at all but at one of them,
    where print may lie."""
    corners = [(ends[i - 1][1], ends[i][0]) for i in range(4)]
    open_ones = sum(max(pair) > share for pair in corners)
    return open_ones <= 1 and all(min(pair) <= 0.7 * share for pair in corners)


def lies_across(part: GrayImage, corners: Floats, sides: Sequence[Side], em: float, settings: SealSettings) -> bool:
    """Whether print, or rulings, lie across two opposite sides: what is drawn with the page keeps clear of it."""
    across = [_across(part, corners[i], corners[(i + 1) % 4], sides[i].at, em) for i in range(4)]
    return max(min(across[0], across[2]), min(across[1], across[3])) >= settings.frame_across_em


def _across(part: GrayImage, start: Floats, stop: Floats, at: float, em: float) -> float:
    """In how many em of a side there is ink on both hands of it."""
    paper = cv2.dilate(part, np.ones((2 * round(em) + 1, 2 * round(em) + 1), np.uint8))
    ink = cv2.compare(part, cv2.convertScaleAbs(paper, alpha=INK), cv2.CMP_LT)
    length = float(np.hypot(*(stop - start)))
    along = (stop - start) / length
    outward = np.array([along[1], -along[0]])
    places = np.linspace(0.08, 0.92, max(8, int(0.84 * length)))[:, None, None] * length * along + at * outward
    off = np.arange(BESIDE_EM[0] * em, BESIDE_EM[1] * em, 0.5)[None, :, None] * outward
    hands = [_has_ink(ink, start + places + off), _has_ink(ink, start + places - off)]
    return float(np.count_nonzero(hands[0] & hands[1])) / em


def _has_ink(ink: Mask, points: Floats) -> npt.NDArray[np.bool_]:
    """Whether there is ink on any point of a row or of those next to it. points: shape (rows, points of each, 2)."""
    seen = cv2.remap(ink, points.astype(np.float32), None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    rows = (seen.max(axis=1, keepdims=True) > 127).astype(np.uint8)
    return cv2.dilate(rows, np.ones((5, 1), np.uint8))[:, 0] > 0


def _beyond(part: GrayImage, corners: Floats, side: Side, number: int, *, at_stop: bool) -> float:
    """How unbroken a side goes on beyond an end for a quarter of its length, as its own ink leans."""
    start, stop = corners[number], corners[(number + 1) % 4]
    half, middle = (stop - start) / 2, (start + stop) / 2
    sin, cos = np.sin(np.deg2rad(side.off)), np.cos(np.deg2rad(side.off))
    half = np.array([half[0] * cos - half[1] * sin, half[0] * sin + half[1] * cos]) * (1 if at_stop else -1)
    further = Side.of(part, middle + 1.06 * half, middle + 1.5 * half)
    return min(further.unbroken, further.thin)
