"""Specks of dirt told from points and commas by the room that print gives to them.

A point or comma is set with an advance of its own: beside it the characters stand apart. A speck falls anywhere:
into the narrow blank between two characters, above or below the line, before its first or after its last character,
or among digits away from the base line and without room of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from ocr_pipeline.components import Labels, labelled_parts
from ocr_pipeline.geometry import Box, GrayImage, Mask, runs
from ocr_pipeline.settings import ReadingSettings
from ocr_pipeline.tables.slots import is_in_slot

_ROOM_OF_A_POINT = 0.3
"""The blank between two digits that a point stands in, in ems; without one it is 0.05 to 0.15."""

_REACH_OF_A_MARK = 0.6
"""A mark's ink begins within this of the character it follows, in ems: a comma 0.15 to 0.3, a middle dot 0.45."""

_PALE_INK = 0.2
"""A worn stroke is darker than the paper by this share of what print is."""


@dataclass(frozen=True)
class _Parts:
    """The connected parts of a line's ink: stats rows of x, y, width, height, area; solid: no mere marks; gray: the
    line's picture, on paper of that gray."""

    gray: GrayImage
    paper: int
    labels: Labels
    stats: npt.NDArray[np.int32]
    solid: npt.NDArray[np.bool_]


def without_specks(
    gray: GrayImage, binary: Mask, lines: tuple[Box, ...], em: float, paper: int, settings: ReadingSettings
) -> tuple[GrayImage, Mask, tuple[Box, ...]]:
    """The cell's picture, ink and lines without specks; unchanged (the same arrays) where there are none."""
    lines = _real_lines(lines, binary, em)
    found = [speck for line in lines for speck in _specks(gray, binary, line, em, paper, settings)]
    if not found:
        return gray, binary, lines
    specks = np.zeros_like(binary)
    for window, speck in found:
        specks[window][speck] = 255
    around = cv2.dilate(specks, np.ones((3, 3), np.uint8)) & ~(binary & ~specks)
    cleaned = gray.copy()
    cleaned[around > 0] = paper
    rest = cv2.bitwise_and(binary, cv2.bitwise_not(specks))
    return cleaned, rest, tuple(box for line in lines if (box := ink_box(rest, line)) is not None)


def _real_lines(lines: tuple[Box, ...], binary: Mask, em: float) -> tuple[Box, ...]:
    """Lines as tall as print; where there is one, flat or tiny bands beside it are dirt or crumbs of rulings."""
    tall = [line for line in lines if line.height >= 0.5 * em and line.width >= 0.2 * em]
    if not tall or len(tall) == len(lines):
        return lines
    return tuple(tall)


_Window = tuple[slice, slice]


def _specks(
    gray: GrayImage, binary: Mask, line: Box, em: float, paper: int, settings: ReadingSettings
) -> Iterator[tuple[_Window, npt.NDArray[np.bool_]]]:
    """The specks of a line: the line's rows and columns in the cell, and the speck's pixels there."""
    x0, y0, x1, y1 = (int(v) for v in (line.x0, line.y0, line.x1, line.y1))
    window = binary[y0:y1, x0:x1]
    count, labels, stats, _ = labelled_parts(window)
    if count <= 2:
        return
    size = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    solid = size >= settings.mark_em * em
    solid[0] = False
    if not solid.any() or (solid[1:].all() and size[1:].min() >= settings.blob_em * em):
        return
    parts = _without_blobs(_Parts(gray[y0:y1, x0:x1], paper, labels, stats, solid), em, settings)
    profile = _profile(parts)
    digits = _only_digits(parts, profile, em)
    top, bottom = _extent(parts)
    for i in range(1, count):
        if not parts.solid[i] and _is_speck(parts, i, profile, (top, bottom), digits, em):
            yield (slice(y0, y1), slice(x0, x1)), labels == i


def _without_blobs(parts: _Parts, em: float, settings: ReadingSettings) -> _Parts:
    """The parts where among figures, which are all as tall, a lower one that stands apart from them counts as a mark
    at most, unless it is flat as a dash is. Near them it may be a minus, or what is left of a figure."""
    width, height = parts.stats[:, cv2.CC_STAT_WIDTH], parts.stats[:, cv2.CC_STAT_HEIGHT]
    blobs = parts.solid & (np.maximum(width, height) < settings.blob_em * em) & (width < 2 * height)
    figures = replace(parts, solid=parts.solid & ~blobs)
    if not blobs.any() or not figures.solid.any():
        return parts
    boxes = parts.stats[figures.solid]
    near = np.zeros_like(blobs)
    for i in np.flatnonzero(blobs):
        near[i] = _blank_between(parts.stats[i], boxes) <= settings.lonely_em * em
    figures = replace(figures, solid=figures.solid | near)
    return figures if _only_digits(figures, _profile(figures), em) else parts


def _blank_between(part: npt.NDArray[np.int32], boxes: npt.NDArray[np.int32]) -> float:
    """The blank along the line from a part to the nearest of some boxes."""
    gaps = np.maximum(boxes[:, 0] - part[0] - part[2], part[0] - boxes[:, 0] - boxes[:, 2])
    return float(np.maximum(gaps, 0).min())


def _profile(parts: _Parts) -> npt.NDArray[np.bool_]:
    """Which columns of the line solid parts reach over."""
    profile = np.zeros(parts.labels.shape[1], bool)
    for i in np.flatnonzero(parts.solid):
        profile[parts.stats[i, 0] : parts.stats[i, 0] + parts.stats[i, 2]] = True
    return profile


def _extent(parts: _Parts) -> tuple[int, int]:
    solid = parts.stats[parts.solid]
    return int(solid[:, 1].min()), int((solid[:, 1] + solid[:, 3]).max())


def _base_line(parts: _Parts) -> float:
    """Where most solid parts end: a speck that clings to one of them lowers the whole line's end."""
    solid = parts.stats[parts.solid]
    return float(np.median(solid[:, 1] + solid[:, 3]))


def _widths(profile: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """How many columns each stretch of print takes."""
    return np.array([end - start for start, end in runs(profile)], np.int64)


def _only_digits(parts: _Parts, profile: npt.NDArray[np.bool_], em: float) -> bool:
    """Whether all that is solid on the line is as low as digits are, and as narrow, or equally tall on one base line
    (two digits that touch are as wide as a Chinese character)."""
    widths = _widths(profile)
    top, bottom = _extent(parts)
    even = len(widths) > 1 and _like_digits(parts.stats[parts.solid], em, touching=True)
    return bool(bottom - top <= 0.85 * em and (even or widths.max() <= 0.62 * em))


def _like_high_digits(parts: _Parts, profile: npt.NDArray[np.bool_], em: float) -> bool:
    """Whether all that is solid on the line may be digits that are as high as what is taken for the print's height, as
    it comes out where a table holds figures for the most part."""
    top, bottom = _extent(parts)
    shares = _widths(profile) / (bottom - top)
    square = (shares > _DIGIT_WIDTH) & (shares < 2 * _DIGIT_PITCH)
    even = _like_digits(parts.stats[parts.solid], em, touching=True)
    return bool(even and bottom - top <= _TALLEST_EVEN * em and not square.any())


_TALLEST_EVEN = 1.05
"""Such digits are so high at most, in ems;"""
_DIGIT_WIDTH, _DIGIT_PITCH = 0.85, 0.62
"""a digit's width and the least width of each of those that touch, in heights of digits: a Chinese character, which is
as wide as high, lies between one and two."""


def _is_speck(
    parts: _Parts,
    number: int,
    profile: npt.NDArray[np.bool_],
    extent: tuple[int, int],
    digits: bool,
    em: float,
) -> bool:
    x, y, width, height, _ = (int(v) for v in parts.stats[number])
    middle = min(len(profile) - 1, x + width // 2)
    left, right = profile[:middle], profile[middle + 1 :]
    between = left.any() and right.any() and not profile[middle]
    if digits and not between:
        return not _hangs_on(parts, number) and not _is_sign(parts, number, profile, extent, em)
    if profile[middle] or (not digits and _paired(parts, number, em)):
        return False
    blank_from = int(np.flatnonzero(left)[-1]) + 1 if left.any() else 0
    blank_to = middle + 1 + int(np.flatnonzero(right)[0]) if right.any() else len(profile)
    on_base = y + height >= _base_line(parts) - 0.14 * em
    if digits:
        return not on_base and blank_to - blank_from < _ROOM_OF_A_POINT * em
    # In a table of figures alone these are as high as what is taken for the print's height.
    if between and on_base and _like_digits(parts.stats[parts.solid], em, touching=True):
        return False
    if _belongs(x, width, profile, blank_from, blank_to, em):
        return False
    above, below = ((edge - extent[0]) / (extent[1] - extent[0]) for edge in (y, y + height))
    if not left.any():
        # What stands before a first character is large (a bracket, a dash) or high (a quotation mark).
        low = below > 0.45 and _tall_from(parts, blank_to, em)
        return low and not (_like_high_digits(parts, profile, em) and _is_sign(parts, number, profile, extent, em))
    apart = x - blank_from > _REACH_OF_A_MARK * em
    if not right.any():
        # What follows a last character stands close to it, on the base line (a comma) or high (a quotation mark).
        return ((apart and below > 0.45) or (above > 0.3 and below < 0.7)) and _tall_to(parts, blank_from, em)
    room = blank_to - blank_from
    # An opening quotation mark stands close to the character it comes before, and high.
    apart = apart and blank_to - x - width > 0.3 * em and below > 0.45
    apart = apart and not is_in_slot(parts.stats[number], parts.stats[parts.solid], em)
    return (apart or room < 0.42 * em) and _tall_from(parts, blank_to, em) and _tall_to(parts, blank_from, em)


def _hangs_on(parts: _Parts, number: int) -> bool:
    """Whether a mark is the end of a worn stroke, as of the bar of a 4: paler than the print, and joined to it by ink
    too pale to count. A speck is as dark as print, or stands on bare paper."""
    own = parts.gray[parts.labels == number]
    print_level = float(np.median(parts.gray[parts.solid[parts.labels]]))
    if np.median(own) < print_level:
        return False
    pale = parts.gray < parts.paper - _PALE_INK * (parts.paper - print_level)
    _, joined = cv2.connectedComponents(pale.astype(np.uint8), connectivity=8)
    mine = set(np.unique(joined[parts.labels == number]).tolist()) - {0}
    return bool(mine & set(np.unique(joined[parts.solid[parts.labels]]).tolist()))


def _belongs(x: int, width: int, profile: npt.NDArray[np.bool_], blank_from: int, blank_to: int, em: float) -> bool:
    """Whether a mark can be a dot of the character beside it (办, 心): with it that is no wider than an em."""
    left_start = _run_from(profile[::-1], len(profile) - blank_from) if blank_from else 0
    right_end = _run_from(profile, blank_to) if blank_to < len(profile) else len(profile)
    own_left = blank_from > 0 and x + width - (len(profile) - left_start) <= em
    own_right = blank_to < len(profile) and right_end - x <= em
    return own_left or own_right


def _run_from(profile: npt.NDArray[np.bool_], start: int) -> int:
    """Where the ink that begins at a column ends."""
    blank = np.flatnonzero(~profile[start:])
    return start + int(blank[0]) if len(blank) else len(profile)


_SIGN_LENGTH, _SIGN_RATIO, _SIGN_REACH = 0.14, 1.5, 0.5
"""A minus before figures is so long in ems, so many times as long as high, and stands this near to the first;"""
_PLUS = 0.2
"""a plus is so large in ems both ways;"""
_SIGN_LEVEL = 0.25, 0.8
"""its middle is between these shares of their height."""
_SQUAT_RATIO, _SQUAT_LEVEL, _SQUAT_REACH = 1.33, (0.4, 0.72), 0.35
"""A blurred minus is so many times as long as high, each less a pixel, and stands more exactly where a minus does:
specks are as squat."""


def _is_sign(parts: _Parts, number: int, profile: npt.NDArray[np.bool_], extent: tuple[int, int], em: float) -> bool:
    """Whether a mark before the first of some figures is a sign, half way up and near: a flat one, or as large as a
    plus of small type."""
    x, y, width, height, _ = (int(v) for v in parts.stats[number])
    signlike = width >= max(_SIGN_LENGTH * em, _SIGN_RATIO * height) or min(width, height) >= _PLUS * em
    level = (y + height / 2 - extent[0]) / max(1, extent[1] - extent[0])
    gap = int(np.argmax(profile)) - x - width
    if signlike:
        return _SIGN_LEVEL[0] <= level <= _SIGN_LEVEL[1] and 0 <= gap <= _SIGN_REACH * em
    # Of four pixels by three the blur of the print is one each way; in type so small that the least minus is no longer
    # than two, blur leaves a square of it.
    ratio = _SQUAT_RATIO if _SIGN_LENGTH * em > 2 else 1.0
    squat = width >= _SIGN_LENGTH * em and width - 1 >= ratio * (height - 1)
    return squat and _SQUAT_LEVEL[0] <= level <= _SQUAT_LEVEL[1] and 0 <= gap <= _SQUAT_REACH * em


def _paired(parts: _Parts, number: int, em: float) -> bool:
    """Whether another mark stands near a mark, as in a colon, a semicolon or a quotation mark."""
    stats = parts.stats
    middles = stats[:, :2] + stats[:, 2:4] / 2
    near = (np.hypot(*(middles - middles[number]).T) < 0.6 * em) & ~parts.solid
    near[[0, number]] = False
    return bool(near.any())


def _tall_from(parts: _Parts, start: int, em: float) -> bool:
    """Whether a Chinese character, taller than digits, begins at a column."""
    stats = parts.stats[parts.solid]
    return _like_chinese(stats[(stats[:, 0] >= start) & (stats[:, 0] < start + 0.9 * em)], em)


def _tall_to(parts: _Parts, end: int, em: float) -> bool:
    """Whether a Chinese character ends at a column."""
    stats = parts.stats[parts.solid]
    ends = stats[:, 0] + stats[:, 2]
    return _like_chinese(stats[(ends > end - 0.9 * em) & (ends <= end)], em)


def _like_chinese(stats: npt.NDArray[np.int32], em: float) -> bool:
    """Whether some parts of ink together are as tall and as wide as a Chinese character."""
    if len(stats) == 0 or _like_digits(stats, em):
        return False
    height = (stats[:, 1] + stats[:, 3]).max() - stats[:, 1].min()
    width = (stats[:, 0] + stats[:, 2]).max() - stats[:, 0].min()
    return bool(height >= 0.78 * em and width >= 0.62 * em)


def _like_digits(stats: npt.NDArray[np.int32], em: float, *, touching: bool = False) -> bool:
    """Whether some parts of ink are narrow (unless digits may touch), and equally tall on one base line."""
    narrow = touching or stats[:, 2].max() <= 0.62 * em
    tops, bottoms = stats[:, 1], stats[:, 1] + stats[:, 3]
    return bool(narrow and np.ptp(tops) <= 0.12 * em and np.ptp(bottoms) <= 0.12 * em)


def ink_box(binary: Mask, line: Box) -> Box | None:
    """The box around the ink inside a box of a mask, None for no ink."""
    x0, y0, x1, y1 = (int(v) for v in (line.x0, line.y0, line.x1, line.y1))
    x, y, width, height = cv2.boundingRect(binary[y0:y1, x0:x1])
    if width == 0:
        return None
    return Box(x0 + x, y0 + y, x0 + x + width, y0 + y + height)
