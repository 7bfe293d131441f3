"""What a ruled line of a page is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ocr_pipeline.geometry import FloatArray, Mask


@dataclass(frozen=True)
class Ruling:
    """One piece of a ruled line. along: positions in line direction (x of a horizontal ruling, y of a vertical one),
    rising; across: the line's centre there; both in pixels of the page, shape (n,), n >= 2. thickness in pixels.
    solidity: the share of its length that has ink; roughness: root mean square distance of the ink's centre from a
    straight line, in pixels; spread: how far from the centre the two lines of a double ruling lie, in pixels, and its
    thickness is that of both and the blank between them; 0 for a single ruling. depth: gray levels by which it is
    darker than the paper beside it; breadth: its thickness where it is at least half as dark, in pixels."""

    along: FloatArray
    across: FloatArray
    thickness: float
    solidity: float = 1.0
    roughness: float = 0.0
    spread: float = 0.0
    depth: float = 255.0
    breadth: float = 0.0

    @cached_property
    def start(self) -> float:
        return float(self.along[0])

    @cached_property
    def end(self) -> float:
        return float(self.along[-1])

    @property
    def length(self) -> float:
        return self.end - self.start

    @cached_property
    def middle(self) -> float:
        """The mean position across."""
        return float(np.mean(self.across))

    @cached_property
    def slope(self) -> float:
        """Across pixels per along pixel, by least squares."""
        centred = self.along - self.along.mean()
        return float(np.dot(centred, self.across) / max(float(np.dot(centred, centred)), 1e-9))

    def at(self, position: float) -> float:
        """The centre across at a position along; beyond the ends the line goes on with its overall slope."""
        if position < self.start:
            return float(self.across[0] + self.slope * (position - self.start))
        if position > self.end:
            return float(self.across[-1] + self.slope * (position - self.end))
        return float(np.interp(position, self.along, self.across))


@dataclass(frozen=True)
class Rulings:
    """All ruled lines of a page, and the masks (uint8, shape of the page) that say where the page is dark like one.

    horizontal_mask, vertical_mask: 255 on the pixels of the rulings. horizontal_dark, vertical_dark: 255 wherever the
    page is darker than beside it across that direction, print included: the weaker evidence for worn places. pale: what
    is no darker than this many gray levels shines through from the back of the sheet; 0 where nothing does.
    """

    horizontal: tuple[Ruling, ...]
    vertical: tuple[Ruling, ...]
    horizontal_mask: Mask
    vertical_mask: Mask
    horizontal_dark: Mask
    vertical_dark: Mask
    pale: float = 0.0


def cross(row: Ruling, column: Ruling, em: float) -> bool:
    """Whether a horizontal and a vertical ruling cross, or all but touch."""
    across = row.start - em <= column.middle <= row.end + em
    return across and column.start - em <= row.middle <= column.end + em
