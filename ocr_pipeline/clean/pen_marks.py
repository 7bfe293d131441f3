"""Marks that a coloured pen drew across a page: rings round numbers, lines under and through them.

They are thin strokes of one colour, longer than characters are high, that cross black print or go round it. A table's
own coloured rulings come in threes of one length.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from ocr_pipeline.clean.seal_colour import Ink
from ocr_pipeline.clean.seal_removal import take_out
from ocr_pipeline.geometry import Box, ColourImage, GrayImage, Mask
from ocr_pipeline.settings import PenSettings, SealSettings


@dataclass(frozen=True)
class PenMark:
    """box: the pixels of the page that hold it; mask: uint8, shape of the box, 255 where its ink is."""

    box: Box
    mask: Mask

    def of(self, picture: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
        """The part of a picture of the page that lies in the box."""
        y, x = int(self.box.y0), int(self.box.x0)
        return picture[y : y + self.mask.shape[0], x : x + self.mask.shape[1]]


@dataclass(frozen=True)
class _Sheet:
    """image: the page, BGR; ink: the strokes of one colour on it."""

    image: ColourImage
    ink: Mask


def without_pen_marks(
    image: ColourImage,
    gray: GrayImage,
    stamped: Mask | None,
    inks: Sequence[Ink],
    em: float,
    settings: tuple[PenSettings, SealSettings],
) -> tuple[GrayImage, Mask | None]:
    """The gray page with the marks of pens taken off the print, and where they were (None where there are none).

    image: BGR source of gray; stamped: 255 where stamps were taken out, which are no marks; inks: the colours on the
    page; em: height of the print in pixels. The very same gray page where there are no marks.
    """
    pen, seal = settings
    if not inks or _spread(image[::16, ::16]) > pen.paper:
        return gray, None
    marks = [mark for ink in inks for mark in _marks(image, ink, stamped, em, pen)]
    if not marks:
        return gray, None
    cleared, taken = gray.copy(), np.zeros(gray.shape, np.uint8)
    for mark in marks:
        take_out(image, cleared, taken, mark, em, seal)
    return cleared, taken


def _marks(image: ColourImage, ink: Ink, stamped: Mask | None, em: float, settings: PenSettings) -> list[PenMark]:
    own = ink.strokes if stamped is None else cv2.subtract(ink.strokes, stamped).astype(np.uint8)
    reach = 2 * max(1, round(settings.beside_em * em)) + 1
    joined = cv2.morphologyEx(own, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8)).astype(np.uint8)
    level, upright = (_runs(joined, settings.length_em * em, level=level) for level in (True, False))
    if _are_rulings(level, upright, em, settings):
        return []
    straight = cv2.bitwise_or(level, upright).astype(np.uint8)
    rest = cv2.subtract(joined, cv2.dilate(straight, np.ones((3, 3), np.uint8))).astype(np.uint8)
    lines = [line for part in (level, upright, rest) for line in _lines(_Sheet(image, joined), part, em, settings)]
    rings = _rings(image, joined, em, settings)
    return [*lines, *(ring for ring in rings if not _is_frame(ring, straight, settings))]


def _runs(ink: Mask, length: float, *, level: bool) -> Mask:
    """The parts of an ink that go on for so many pixels in one direction, as wide as they are."""
    size = max(3, round(length / 2))
    kernel = np.ones((1, size) if level else (size, 1), np.uint8)
    return cv2.morphologyEx(ink, cv2.MORPH_OPEN, kernel).astype(np.uint8)


def _are_rulings(level: Mask, upright: Mask, em: float, settings: PenSettings) -> bool:
    """Whether several long level or several long upright lines of the ink begin and end at the same places."""
    for lines, first, size in (
        (level, cv2.CC_STAT_LEFT, cv2.CC_STAT_WIDTH),
        (upright, cv2.CC_STAT_TOP, cv2.CC_STAT_HEIGHT),
    ):
        _, _, stats, _ = cv2.connectedComponentsWithStats(lines, connectivity=8)
        long = stats[1:][stats[1:, size] >= settings.ruling_em * em]
        ends = np.stack([long[:, first], long[:, first] + long[:, size]], axis=1)
        alike = np.abs(ends[:, None] - ends[None]).max(axis=2) <= settings.same_em * em
        if np.any(alike.sum(axis=1) >= settings.rulings):
            return True
    return False


def _parts(ink: Mask, least: float) -> Iterator[PenMark]:
    """The connected parts of an ink that are so long in one direction."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8, ltype=cv2.CV_32S)
    for number in range(1, len(stats)):
        x, y, width, height = (int(v) for v in stats[number, :4])
        if max(width, height) >= least:
            mask = (labels[y : y + height, x : x + width] == number) * np.uint8(255)
            yield PenMark(Box(float(x), float(y), float(x + width), float(y + height)), mask.astype(np.uint8))


def _lines(sheet: _Sheet, ink: Mask, em: float, settings: PenSettings) -> list[PenMark]:
    """Straight strokes with black print on both sides, and no more of their colour to speak of."""
    found = []
    for part in _parts(ink, settings.length_em * em / _SQUARE):
        sides = sorted(cv2.minAreaRect(cv2.findNonZero(part.mask))[1])
        thin = sides[0] <= settings.pen_em * em and sides[1] >= settings.length_em * em
        if thin and _is_pure(sheet.image, part, settings) and _is_drawn_across(sheet, part, em, settings):
            found.append(part)
    return found


_SQUARE = 1.5
"""The diagonal of a square is less than so many times its side."""


def _rings(image: ColourImage, ink: Mask, em: float, settings: PenSettings) -> list[PenMark]:
    """Strokes that go round black print, but for a gap."""
    found = []
    reach = 2 * round(settings.gap_em * em / 2) + 1
    for part in _parts(ink, settings.length_em * em):
        closed = cv2.copyMakeBorder(part.mask, reach, reach, reach, reach, cv2.BORDER_CONSTANT, value=0)
        closed = cv2.morphologyEx(closed, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
        outside = closed.copy()
        cv2.floodFill(outside, None, (0, 0), 255)
        hole = cv2.bitwise_not(outside)[reach:-reach, reach:-reach]
        if np.count_nonzero(hole) < settings.hole * hole.size:
            continue
        inside = np.count_nonzero(cv2.bitwise_and(hole, _black(part.of(image), settings)))
        if inside >= settings.inside * em * em and _is_pure(image, part, settings):
            found.append(part)
    return found


def _is_frame(ring: PenMark, straight: Mask, settings: PenSettings) -> bool:
    """Whether a ring is the frame of a table or a box. straight: the ink's level and upright parts."""
    return bool(
        np.count_nonzero(cv2.bitwise_and(ring.of(straight), ring.mask)) > settings.frame * np.count_nonzero(ring.mask)
    )


def _spread(pixels: npt.NDArray[np.uint8]) -> float:
    """By how much the brightest channel of a pixel is brighter than the darkest, in the middle. pixels: (..., 3)."""
    return float(np.median(pixels.max(axis=-1).astype(np.int16) - pixels.min(axis=-1)))


def _is_pure(image: ColourImage, mark: PenMark, settings: PenSettings) -> bool:
    """Whether a stroke is of a colour and not the edge of something black on paper that has one."""
    return _spread(mark.of(image)[mark.mask > 0]) >= settings.pure


def _black(image: ColourImage, settings: PenSettings) -> Mask:
    """255 on print: dark, and next to no colour. The edges of a coloured stroke may pass for it."""
    most, least = image.max(axis=2), image.min(axis=2)
    gray = cv2.subtract(most, least) <= settings.grayish
    return (((most <= settings.black) & gray) * np.uint8(255)).astype(np.uint8)


def _is_drawn_across(sheet: _Sheet, mark: PenMark, em: float, settings: PenSettings) -> bool:
    """Whether black print comes near a stroke in several places, the stroke's own edges left out, and hardly any of its
    colour does: the strokes of coloured characters have others beside them."""
    reach = max(2, round(settings.beside_em * em))
    y, x = int(mark.box.y0), int(mark.box.x0)
    height, width = mark.mask.shape
    top, left = min(y, 2 * reach), min(x, 2 * reach)
    room = np.s_[y - top : y + height + 2 * reach, x - left : x + width + 2 * reach]
    whole = np.zeros(sheet.ink[room].shape, np.uint8)
    whole[top : top + height, left : left + width] = mark.mask
    inner, outer = (cv2.dilate(whole, np.ones((2 * off + 1, 2 * off + 1), np.uint8)) for off in (reach, 2 * reach))
    beside = cv2.subtract(outer, inner)
    if np.count_nonzero(cv2.bitwise_and(beside, sheet.ink[room])) > settings.beside * np.count_nonzero(beside):
        return False
    near = cv2.bitwise_and(beside, _black(sheet.image[room], settings))
    _, _, stats, _ = cv2.connectedComponentsWithStats(near, connectivity=8)
    return int(np.count_nonzero(stats[1:, cv2.CC_STAT_AREA] >= _LEAST_PIXELS)) >= settings.crossings


_LEAST_PIXELS = 3
"""Fewer black pixels beside a stroke are no print."""
