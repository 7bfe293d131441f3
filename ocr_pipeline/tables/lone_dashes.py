"""Short dashes that stand alone in cells, told from dirt by how they come alike in many cells of a table.

In small type a hyphen is four pixels by two, and a speck may be as large. But dashes are printed alike, at the same
height of their cells and at the same distance from a side of them (or in their middle); specks fall anywhere. Once some
of a table's dashes are known, what lies where they lie is one, too, however it was worn or smeared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ocr_pipeline.geometry import Box, FloatArray
from ocr_pipeline.settings import MarkSettings
from ocr_pipeline.tables.marks import PIXELS


@dataclass(frozen=True)
class LoneMark:
    """The only mark in a cell. box: its ink in the cell's picture, which is width by height pixels; flat: it has the
    shape of a dash."""

    box: Box
    width: int
    height: int
    flat: bool

    @property
    def look(self) -> tuple[float, float, float]:
        """Width, height, and how far below the middle of its cell it lies."""
        return self.box.width, self.box.height, (self.box.y0 + self.box.y1 - self.height) / 2

    @property
    def places(self) -> tuple[float, float, float]:
        """How far it lies from the left, the right and the middle of its cell."""
        left, right = self.box.x0, self.width - self.box.x1
        return left, right, (left - right) / 2


def repeated_dashes(marks: Sequence[LoneMark], em: float, settings: MarkSettings) -> list[int]:
    """Which of the marks that stand alone in a table's cells are short dashes: such as come alike in several cells, and
    those in line with them. em: height of the table's print, pixels."""
    slack = PIXELS + settings.alike_em * em
    known = _alike(marks, slack, settings)
    if not known:
        return []
    rest = [place for place in range(len(marks)) if place not in known]
    return sorted([*known, *_in_line(marks, known, rest, slack, settings)])


def _alike(marks: Sequence[LoneMark], slack: float, settings: MarkSettings) -> list[int]:
    """The flat marks that are alike in size and height, where they are most of all flat ones."""
    flat = [place for place, mark in enumerate(marks) if mark.flat]
    alike = [[i for i in flat if _near(marks[place].look, marks[i].look, slack)] for place in flat]
    best = max(alike, key=len, default=[])
    return best if len(best) >= max(settings.least_alike, settings.share_alike * len(flat)) else []


def _in_line(
    marks: Sequence[LoneMark], known: list[int], rest: list[int], slack: float, settings: MarkSettings
) -> list[int]:
    """Of the other marks those that are no longer than the known ones, and lie where these lie."""
    looks = np.median([marks[place].look for place in known], axis=0)
    places: FloatArray = np.array([marks[place].places for place in known])
    usual = np.median(places, axis=0)
    shares = np.mean(np.abs(places - usual) <= slack, axis=0)
    # In cells that are all as wide, each side is as good as the others.
    sides = shares >= max(float(shares.max()), settings.share_alike)
    return [
        place
        for place in rest
        if bool(np.any(sides & (np.abs(np.array(marks[place].places) - usual) <= slack)))
        and _near(marks[place].look, (float(looks[0]), float(looks[1]), float(looks[2])), slack)
    ]


def _near(one: tuple[float, ...], other: tuple[float, ...], slack: float) -> bool:
    return all(abs(a - b) <= slack for a, b in zip(one, other, strict=True))
