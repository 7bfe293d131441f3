"""Lines on a page that its printer did not rule: what shines through from the back, streaks of the scanner, folds.

A table's rulings come from one printer and end at the table. What shines through is pale and diffuse beside them; a
streak or a fold runs from one edge of the sheet to the other, past the table on both sides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from ocr_pipeline.clean.beneath import StreakedPage, rulings_beneath
from ocr_pipeline.clean.line_masks import draw_ruling, ink_on_both_sides
from ocr_pipeline.clean.lines import Ruling, Rulings
from ocr_pipeline.geometry import FloatArray, GrayImage, Mask, PageTransform
from ocr_pipeline.settings import RulingSettings


@dataclass(frozen=True)
class Cleared:
    """The page without strays: gray upright page, its rulings; both the very same where there were none. strays: 255
    where they were, None for none."""

    page: GrayImage
    rulings: Rulings
    strays: Mask | None


@dataclass(frozen=True)
class _Sheet:
    """The whole sheet as it lies: page: upright, gray; transform: from the sheet to it; em: the height of print."""

    page: GrayImage
    transform: PageTransform
    em: float
    settings: RulingSettings


@dataclass(frozen=True)
class _Course:
    """Pieces of one line across the page, numbered as in their list. start, end: along; at: across of both ends."""

    pieces: tuple[int, ...]
    start: float
    end: float
    at: tuple[float, float]


def without_strays(
    page: GrayImage, rulings: Rulings, transform: PageTransform, em: float, settings: RulingSettings
) -> Cleared:
    """The upright page with streaks and folds painted white, but for the print that crosses them, and no rulings there.

    transform: from the sheet (its whole image) to the upright page; em: the height of the print in pixels.
    """
    sheet = _Sheet(page, transform, em, settings)
    across = _across_the_sheet(rulings.horizontal, rulings.vertical, sheet, level=True)
    down = _across_the_sheet(rulings.vertical, rulings.horizontal, sheet, level=False)
    if not across and not down:
        return Cleared(page, rulings, None)
    level, upright = frozenset[int]().union(*across), frozenset[int]().union(*down)
    rows = _bands([rulings.horizontal[i] for i in level], page.shape, level=True)
    columns = _bands([rulings.vertical[i] for i in upright], page.shape, level=False)
    left = Rulings(
        tuple(r for i, r in enumerate(rulings.horizontal) if i not in level),
        tuple(r for i, r in enumerate(rulings.vertical) if i not in upright),
        _off(rulings.horizontal_mask, rows),
        _off(rulings.vertical_mask, columns),
        _off(rulings.horizontal_dark, rows),
        _off(rulings.vertical_dark, columns),
        rulings.pale,
    )
    left = _with_hidden(left, rulings, (across, down), sheet)
    gone = [*(rulings.horizontal[i] for i in level), *(rulings.vertical[i] for i in upright)]
    reach = max(_width(ruling) for ruling in gone) + 2
    level_of_print = 255 - settings.stray_print * max(ruling.depth for ruling in gone)
    painted = _painted(page, rows, columns, left, (reach, level_of_print), settings)
    return Cleared(painted, left, cv2.bitwise_or(rows, columns).astype(np.uint8))


def without_remains(rulings: Rulings, creases: Mask | None, settings: RulingSettings) -> Rulings:
    """The rulings without those that a fold left, taken off the page: along its crease, and pale beside the others.

    creases: uint8, 255 where folds were, in the rulings' frame; None for none.
    """
    if creases is None:
        return rulings
    every = (*rulings.horizontal, *rulings.vertical)
    depth = float(np.median([r.depth for r in every for _ in range(1 + int(r.length))])) if every else 0.0

    def left_by_a_fold(ruling: Ruling, *, level: bool) -> bool:
        along, across = (np.rint(v).astype(np.int64) for v in (ruling.along, ruling.across))
        rows, columns = (across, along) if level else (along, across)
        rows, columns = np.clip(rows, 0, creases.shape[0] - 1), np.clip(columns, 0, creases.shape[1] - 1)
        in_crease = np.mean(creases[rows, columns] > 0) >= settings.remains_share
        return bool(in_crease) and ruling.depth < settings.remains_depth * depth

    rows = [r for r in rulings.horizontal if left_by_a_fold(r, level=True)]
    columns = [r for r in rulings.vertical if left_by_a_fold(r, level=False)]
    if not rows and not columns:
        return rulings
    bands = _bands(rows, creases.shape, level=True), _bands(columns, creases.shape, level=False)
    return replace(
        rulings,
        horizontal=tuple(r for r in rulings.horizontal if not any(r is gone for gone in rows)),
        vertical=tuple(r for r in rulings.vertical if not any(r is gone for gone in columns)),
        horizontal_mask=_off(rulings.horizontal_mask, bands[0]),
        vertical_mask=_off(rulings.vertical_mask, bands[1]),
        horizontal_dark=_off(rulings.horizontal_dark, bands[0]),
        vertical_dark=_off(rulings.vertical_dark, bands[1]),
    )


def without_pale(page: GrayImage, pale: float, em: float, settings: RulingSettings) -> GrayImage:
    """The page without what shines through from its back, or a watermark: white wherever nothing darker is near.

    pale: by how many gray levels at most that is darker than the paper, 0 where there is none (Rulings.pale).
    """
    if pale <= 0:
        return page
    reach = 2 * round(settings.shine_near_em * em) + 1
    near = cv2.dilate(_darker_than(page, 255 - pale), np.ones((reach, reach), np.uint8))
    return cv2.bitwise_or(page, cv2.bitwise_not(near)).astype(np.uint8)


def _with_hidden(
    left: Rulings, every: Rulings, gone: tuple[list[tuple[int, ...]], list[tuple[int, ...]]], sheet: _Sheet
) -> Rulings:
    """What is left of all rulings, with those that strays ran along. gone: the numbers of each level and each upright
    stray's pieces."""
    em, settings, dark = sheet.em, sheet.settings, _print_level(sheet.settings)
    level = [[every.horizontal[i] for i in stray] for stray in gone[0]]
    upright = [[every.vertical[i] for i in stray] for stray in gone[1]]
    rows = rulings_beneath(StreakedPage(sheet.page.T, level, left.horizontal, left.vertical, dark, em, settings))
    columns = rulings_beneath(StreakedPage(sheet.page, upright, left.vertical, left.horizontal, dark, em, settings))
    if not rows and not columns:
        return left
    row_mask, column_mask = left.horizontal_mask.copy(), left.vertical_mask.copy()
    for mask, found, is_level in ((row_mask, rows, True), (column_mask, columns, False)):
        for ruling in found:
            draw_ruling(mask, ruling, max(1, round(ruling.thickness)), level=is_level)
    return replace(
        left,
        horizontal=(*left.horizontal, *rows),
        vertical=(*left.vertical, *columns),
        horizontal_mask=row_mask,
        vertical_mask=column_mask,
        horizontal_dark=cv2.bitwise_or(left.horizontal_dark, row_mask).astype(np.uint8),
        vertical_dark=cv2.bitwise_or(left.vertical_dark, column_mask).astype(np.uint8),
    )


def _across_the_sheet(
    own: Sequence[Ruling], others: Sequence[Ruling], sheet: _Sheet, *, level: bool
) -> list[tuple[int, ...]]:
    """The numbers of the rulings that run from edge to edge of the sheet, line by line: of a page with margins, else
    only where few do and others stop short, as a picture may show an open table and nothing else."""
    courses = _courses(own, sheet.em, sheet.settings)
    whole = [course for course in courses if _from_edge_to_edge(course, sheet, level=level)]
    inside = [other for other in others if not _at_border(other, sheet, level=not level)] if whole else []
    strays = [course for course in whole if _past_all(course, inside, sheet.em, sheet.settings)]
    if not strays:
        return []
    few = len(whole) <= sheet.settings.stray_share * len(courses)
    if not few and not _has_margins(sheet, own, level=level):
        return []
    return [course.pieces for course in strays]


def _courses(rulings: Sequence[Ruling], em: float, settings: RulingSettings) -> list[_Course]:
    """The long rulings, each with the pieces that lie on its line, the longest first."""
    left = sorted(range(len(rulings)), key=lambda i: -rulings[i].length)
    courses = []
    while left and rulings[left[0]].length >= settings.stray_piece_em * em:
        seed = rulings[left[0]]
        on_line = _on_line(rulings, left, settings.stray_off_em * em)
        start, end = min(rulings[i].start for i in on_line), max(rulings[i].end for i in on_line)
        if sum(rulings[i].length for i in on_line) < settings.stray_seen * (end - start):
            on_line, start, end = [left[0]], seed.start, seed.end
        courses.append(_Course(tuple(on_line), start, end, (_straight(seed, start), _straight(seed, end))))
        left = [i for i in left if i not in on_line]
    return courses


def _on_line(rulings: Sequence[Ruling], numbers: Sequence[int], off: float) -> list[int]:
    """Of some rulings those on the course of the first, one behind the other: what lies beside one is another line."""
    chosen = [numbers[0]]
    for i in numbers[1:]:
        piece = rulings[i]
        on_course = abs(piece.middle - _straight(rulings[numbers[0]], (piece.start + piece.end) / 2)) <= off
        if on_course and all(piece.end <= rulings[k].start or piece.start >= rulings[k].end for k in chosen):
            chosen.append(i)
    return chosen


def _straight(ruling: Ruling, position: float) -> float:
    """Across a ruling's straight course at a position along."""
    return ruling.middle + ruling.slope * (position - (ruling.start + ruling.end) / 2)


def _from_edge_to_edge(course: _Course, sheet: _Sheet, *, level: bool) -> bool:
    ends: FloatArray = np.array([(course.start, course.at[0]), (course.end, course.at[1])])
    first, last = sheet.transform.to_source(ends if level else ends[:, ::-1])[:, 0 if level else 1].tolist()
    reach = sheet.settings.stray_edge_em * sheet.em
    return bool(first <= reach and last >= sheet.transform.source_size[0 if level else 1] - reach)


def _at_border(ruling: Ruling, sheet: _Sheet, *, level: bool) -> bool:
    """Whether a line lies right along an edge of the picture: where the sheet ends, nobody rules a table."""
    ends: FloatArray = np.array([(ruling.start, ruling.across[0]), (ruling.end, ruling.across[-1])])
    first, last = sheet.transform.to_source(ends if level else ends[:, ::-1])[:, 1 if level else 0].tolist()
    reach, size = sheet.settings.stray_border_em * sheet.em, sheet.transform.source_size[1 if level else 0]
    return max(first, last) <= reach or min(first, last) >= size - reach


def _has_margins(sheet: _Sheet, own: Sequence[Ruling], *, level: bool) -> bool:
    """Whether next to the two edges that the lines run to there is nothing but those lines."""
    bare = _off(_darker_than(sheet.page, _print_level(sheet.settings)), _bands(own, sheet.page.shape, level=level))
    reach = round(sheet.settings.stray_edge_em * sheet.em)
    bare = bare if level else bare.T
    return bool(
        np.count_nonzero(bare[:, :reach]) + np.count_nonzero(bare[:, -reach:])
        <= sheet.settings.stray_margin_ink * 2 * reach * bare.shape[0]
    )


def _past_all(course: _Course, others: Sequence[Ruling], em: float, settings: RulingSettings) -> bool:
    """Whether the line goes on past the outermost of the rulings that meet it, on both sides."""
    over = settings.stray_past_em * em
    span = course.end - course.start
    meeting = []
    for other in others:
        across = other.middle
        share = (across - course.start) / max(span, 1.0)
        at = course.at[0] + share * (course.at[1] - course.at[0])
        # The dashes around a page's number are as long as short rulings.
        if other.length >= settings.stray_met_em * em and other.start - em <= at <= other.end + em:
            meeting.append(across)
    return not meeting or (min(meeting) - course.start >= over and course.end - max(meeting) >= over)


def _bands(rulings: Sequence[Ruling], shape: tuple[int, ...], *, level: bool) -> Mask:
    """255 along rulings, a little wider than they are."""
    mask = np.zeros(shape[:2], np.uint8)
    for ruling in rulings:
        draw_ruling(mask, ruling, _width(ruling), level=level)
    return mask


def _width(ruling: Ruling) -> int:
    """Of the band that holds a ruling with its soft edges, in pixels."""
    return max(3, round(ruling.thickness + 3))


def _off(mask: Mask, band: Mask) -> Mask:
    return cv2.bitwise_and(mask, cv2.bitwise_not(band)).astype(np.uint8)


def _painted(
    page: GrayImage, rows: Mask, columns: Mask, left: Rulings, limits: tuple[int, float], settings: RulingSettings
) -> GrayImage:
    """The page with the bands white, but for rulings and print that cross them: dark on both sides, or darker than the
    line. limits: within how many pixels, and below which gray level."""
    reach, level_of_print = limits
    bands = cv2.bitwise_or(rows, columns).astype(np.uint8)
    apart = _off(_darker_than(page, _print_level(settings)), bands)
    crossing = cv2.bitwise_or(
        cv2.bitwise_and(rows, ink_on_both_sides(apart, reach, vertical=True)),
        cv2.bitwise_and(columns, ink_on_both_sides(apart, reach, vertical=False)),
    )
    if level_of_print > 0:
        crossing = cv2.bitwise_or(crossing, _darker_than(page, level_of_print))
    kept = cv2.bitwise_or(crossing, cv2.bitwise_or(left.horizontal_mask, left.vertical_mask))
    return cv2.inpaint(page, _off(bands, kept.astype(np.uint8)), settings.stray_inpaint, cv2.INPAINT_TELEA).astype(
        np.uint8
    )


def _darker_than(page: GrayImage, level: float) -> Mask:
    return cv2.threshold(page, level, 255, cv2.THRESH_BINARY_INV)[1].astype(np.uint8, copy=False)


def _print_level(settings: RulingSettings) -> float:
    """Below this gray level there is ink for certain: several times what sets the palest ruling apart."""
    return 255 - 4 * settings.contrast
