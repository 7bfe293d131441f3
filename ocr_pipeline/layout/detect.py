"""Lines of running text on the page: found by the detector outside the tables, fitted to the ink, cut out."""

from __future__ import annotations

import cv2
import numpy as np

from ocr_pipeline.clean.line_masks import draw_ruling
from ocr_pipeline.geometry import Box, GrayImage, Mask, Quad
from ocr_pipeline.layout.remains import without_remains
from ocr_pipeline.layout.unseen import as_ink, explain, rows_of, unseen_pieces
from ocr_pipeline.settings import ReadingSettings
from ocr_pipeline.stages import CleanPage, Crop, CropAddress, CropKind, TableGrid, TextDetector, TextLine
from ocr_pipeline.tables.crops import line_picture
from ocr_pipeline.tables.erase import UnruledPage
from ocr_pipeline.tables.printed import CellPrint


def find_lines(
    page: CleanPage, outside: UnruledPage, detector: TextDetector, settings: ReadingSettings
) -> tuple[TextLine, ...]:
    """The lines of running text, from top to bottom, as boxes around their ink (upright pixels).

    outside: the page without its tables. The detector sees only the parts of it that hold ink, at the scale at which
    characters are `detector_em` pixels high: that is all it needs, and its cost is the area.
    """
    gray, binary = outside.gray, outside.binary
    lines: list[TextLine] = []
    scale = min(1.0, settings.detector_em / page.text_height)
    for rows, columns in _windows(binary, page.text_height, settings):
        few = columns.stop - columns.start <= settings.detector_little * binary.shape[1]
        closer = min(1.0, scale * settings.detector_closer) if few and scale < 1 else scale
        for quad, score in detector.detect(np.ascontiguousarray(gray[rows, columns]), closer):
            lines.append(TextLine(Quad.of_box(_moved(quad.box, columns.start, rows.start)), score))
    fitted = [fit for line in lines if (fit := _fit_to_ink(line, binary, page.text_height)) is not None]
    fitted += _at_second_look(page, binary, fitted, detector, settings)
    fitted = without_remains(fitted, page.seals, gray, binary)
    return tuple(sorted(fitted, key=lambda line: (line.quad.box.y0, line.quad.box.x0)))


def _at_second_look(
    page: CleanPage, binary: Mask, lines: list[TextLine], detector: TextDetector, settings: ReadingSettings
) -> list[TextLine]:
    """Lines in print that the detector saw none in; none on most pages."""
    em, scale = page.text_height, min(1.0, settings.detector_em / page.text_height)
    pieces = unseen_pieces(binary, lines, [seal.upright_box for seal in page.seals], em, settings)
    found: list[TextLine] = []
    for rows in rows_of(pieces, em, binary.shape[0]):
        for quad, score in detector.detect(as_ink(binary[rows], em), scale):
            line = _fit_to_ink(TextLine(Quad.of_box(_moved(quad.box, 0, rows.start)), score), binary, em)
            if line is not None and not any(_covers(other.quad.box, line.quad.box) for other in lines):
                found.append(line)
    return found if explain(found, pieces, settings) else []


def _covers(one: Box, other: Box) -> bool:
    """Whether a box holds more than a third of another."""
    return one.intersection(other) > other.area / 3


def cut_lines(
    page: CleanPage, unruled: UnruledPage, lines: tuple[TextLine, ...], settings: ReadingSettings
) -> tuple[Crop, ...]:
    """A crop for each line; neighbouring lines' ink is left out."""
    boxes = [line.quad.box for line in lines]
    crops = []
    for number, box in enumerate(boxes):
        em = max(box.height, 0.6 * page.text_height)
        x0, y0 = max(0, int(box.x0 - em)), max(0, int(box.y0 - em))
        x1, y1 = min(page.ink.shape[1], int(box.x1 + em)), min(page.ink.shape[0], int(box.y1 + em))
        window = Box(x0, y0, x1, y1)
        near = [_moved(other, -x0, -y0) for i, other in enumerate(boxes) if i != number and other.intersection(window)]
        own = _moved(box, -x0, -y0)
        printed = CellPrint(unruled.gray[y0:y1, x0:x1], unruled.binary[y0:y1, x0:x1], (*near, own), 255)
        image = line_picture(printed, own, min(em, 1.1 * page.text_height), settings)
        crops.append(Crop(CropAddress(page.index, CropKind.LINE, -1, number), _narrowed(image, settings), box))
    return tuple(crops)


def _narrowed(image: GrayImage, settings: ReadingSettings) -> GrayImage:
    """A long line set closer: cost is width, and running text reads no worse for it (see CHANGELOG.md)."""
    height, width = image.shape
    if width <= settings.long_line * height:
        return image
    target = max(round(settings.long_line * height), round(settings.narrowed * width))
    return cv2.resize(image, (target, height), interpolation=cv2.INTER_AREA).astype(np.uint8)


def without_tables(page: CleanPage, unruled: UnruledPage, grids: tuple[TableGrid, ...]) -> UnruledPage:
    """The page with its tables painted white, and its ink without long rulings (under headers, above footers)."""
    long = cv2.dilate(page.rulings.horizontal_mask, np.ones((3, 3), np.uint8))
    keep = np.zeros_like(long)
    for ruling in page.rulings.horizontal:
        if ruling.length >= 6 * page.text_height:
            draw_ruling(keep, ruling, max(3, round(2 * ruling.thickness + 3)), level=True)
    lone = cv2.bitwise_and(long, keep)
    gray = cv2.bitwise_or(unruled.gray, lone).astype(np.uint8, copy=False)
    binary = cv2.bitwise_and(unruled.binary, cv2.bitwise_not(lone)).astype(np.uint8, copy=False)
    for grid in grids:
        box = grid.box.expanded(0.15 * page.text_height).clipped(gray.shape[1], gray.shape[0])
        rows, columns = slice(int(box.y0), int(box.y1) + 1), slice(int(box.x0), int(box.x1) + 1)
        gray[rows, columns] = 255
        binary[rows, columns] = 0
    return UnruledPage(gray, binary)


def _windows(binary: Mask, em: float, settings: ReadingSettings) -> list[tuple[slice, slice]]:
    """Rows and columns of the parts of a page that hold ink. Stretches of rows closer than three ems are one; each is
    grown by an em, and as wide as the page unless its ink takes up much less than that."""
    grain = max(1, round(em / 16))
    solid = cv2.morphologyEx(binary, cv2.MORPH_OPEN, np.ones((grain, grain), np.uint8))
    rows = np.flatnonzero(solid.max(axis=1))  # ten times as fast as cv2.reduce along rows
    if len(rows) == 0:
        return []
    ends = np.flatnonzero(np.diff(rows) > 3 * em)
    bands = zip(rows[[0, *(ends + 1)]].tolist(), rows[[*ends, -1]].tolist(), strict=True)
    return [
        (_grown(first, last, round(em), binary.shape[0]), _columns(solid[first : last + 1], em, settings))
        for first, last in bands
    ]


def _columns(solid: Mask, em: float, settings: ReadingSettings) -> slice:
    """The columns of a stretch of rows that the detector is to see."""
    inked, width = np.flatnonzero(solid.max(axis=0)), solid.shape[1]
    columns = _grown(int(inked[0]), int(inked[-1]), round(settings.detector_margin_em * em), width)
    return columns if columns.stop - columns.start <= settings.detector_narrow * width else slice(0, width)


def _grown(first: int, last: int, margin: int, end: int) -> slice:
    return slice(max(0, first - margin), min(end, last + margin + 1))


def _fit_to_ink(line: TextLine, binary: Mask, em: float) -> TextLine | None:
    """The line's box drawn around the ink it means: rows of the band through its middle, columns to the last stroke."""
    box = line.quad.box.clipped(binary.shape[1], binary.shape[0])
    height = box.height
    if height < 2 or box.width < 2:
        return None
    x0, x1 = int(box.x0), int(np.ceil(box.x1))
    reach = round(0.25 * height)
    top, bottom = max(0, int(box.y0) - reach), min(binary.shape[0], int(np.ceil(box.y1)) + reach)
    rows = np.flatnonzero(np.any(binary[top:bottom, x0:x1] > 0, axis=1))
    inked = np.isin(np.arange(bottom - top), rows)
    low, high = int(box.y0 + 0.2 * height) - top, int(box.y1 - 0.2 * height) - top
    core = np.flatnonzero(inked[low : high + 1])
    if len(core) == 0:
        return None
    first, last = low + int(core[0]), low + int(core[-1])
    while first > 0 and inked[first - 1]:
        first -= 1
    while last + 1 < len(inked) and inked[last + 1]:
        last += 1
    y0, y1 = top + first, top + last + 1
    side = round(0.5 * min(height, 1.2 * em))
    left, right = max(0, x0 - side), min(binary.shape[1], x1 + side)
    columns = np.flatnonzero((binary[y0:y1, left:right] > 0).any(axis=0))
    if len(columns) == 0:
        return None
    return TextLine(Quad.of_box(Box(left + int(columns[0]), y0, left + int(columns[-1]) + 1, y1)), line.score)


def _moved(box: Box, dx: float, dy: float) -> Box:
    return Box(box.x0 + dx, box.y0 + dy, box.x1 + dx, box.y1 + dy)
