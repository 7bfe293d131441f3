"""Pictures on the page: photographs, charts, drawings. They are cut out, not read.

Print falls into parts of the size of characters; what hangs together over several lines is a picture. Rulings hang
together as well, but they are nothing else; and where most of a part is covered by lines of text it is text that ran
together. The thought is that of Leptonica's image masks (Bloomberg, 1991), by connected parts in place of thresholds of
halftone.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from ocr_pipeline.geometry import Box, Mask
from ocr_pipeline.settings import FigureSettings
from ocr_pipeline.stages import CleanPage, TextLine
from ocr_pipeline.tables.erase import UnruledPage

BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int32]


def find_figures(
    page: CleanPage, outside: UnruledPage, lines: Sequence[TextLine], settings: FigureSettings
) -> tuple[Box, ...]:
    """The boxes of a page's pictures from top to bottom, upright pixels.

    outside: the page without its tables; lines: all lines of text of the page.
    """
    em = page.text_height
    step = max(1, round(settings.grain_em * em))
    inked = _inked(page, outside, settings)
    small = _shrunk(inked, step)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(small, connectivity=8)
    sides = stats[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]]
    boxes = []
    for number in np.flatnonzero((sides * step >= settings.least_em * em).all(axis=1)).tolist():
        if number == 0:
            continue
        box, own = _part(inked, labels == number, stats[number, :4] * step, step)
        if _is_picture(own, box, page, lines, settings):
            boxes.append(box)
    return tuple(sorted(_merged(boxes), key=lambda box: (box.y0, box.x0)))


def _inked(page: CleanPage, outside: UnruledPage, settings: FigureSettings) -> Mask:
    """255 where there is ink or a tone darker than paper, outside tables and stamps."""
    toned = cv2.compare(outside.gray, settings.darkest_paper, cv2.CMP_LT)
    inked = cv2.bitwise_or(outside.binary, toned).astype(np.uint8, copy=False)
    for seal in page.seals:
        box = seal.upright_box.clipped(inked.shape[1], inked.shape[0])
        inked[int(box.y0) : int(box.y1) + 1, int(box.x0) : int(box.x1) + 1] = 0
    return inked


def _shrunk(inked: Mask, step: int) -> Mask:
    """The ink by squares of so many pixels: dots of a halftone hang together there, lines of print do not."""
    height, width = (side // step for side in inked.shape)
    whole = inked[: height * step, : width * step]
    shares = cv2.resize(whole, (width, height), interpolation=cv2.INTER_AREA)
    return cv2.compare(shares, 0, cv2.CMP_GT).astype(np.uint8, copy=False)


def _part(inked: Mask, squares: BoolArray, around: IntArray, step: int) -> tuple[Box, Mask]:
    """The box of a part of ink that hangs together and its own ink there. squares: where it is; around: x, y, width and
    height of the box in pixels."""
    x, y, width, height = around.tolist()
    window = inked[y : y + height, x : x + width]
    own = squares[y // step : (y + height) // step, x // step : (x + width) // step]
    own = own.repeat(step, axis=0).repeat(step, axis=1)[: window.shape[0], : window.shape[1]]
    return Box(x, y, x + window.shape[1], y + window.shape[0]), np.where(own, window, 0).astype(np.uint8, copy=False)


def _is_picture(own: Mask, box: Box, page: CleanPage, lines: Sequence[TextLine], settings: FigureSettings) -> bool:
    """Whether a part of ink that hangs together is a picture. own: its ink in its box."""
    if _at_the_edge(box, page, settings):
        return False
    window = slice(int(box.y0), int(box.y1)), slice(int(box.x0), int(box.x1))
    ruled = cv2.bitwise_or(page.rulings.horizontal_mask[window], page.rulings.vertical_mask[window])
    free = cv2.bitwise_and(own, cv2.bitwise_not(ruled))
    if np.count_nonzero(free) < max(settings.least_ink * box.area, settings.least_free * np.count_nonzero(own)):
        return False
    _, _, free_width, free_height = cv2.boundingRect(free)
    if min(free_width / box.width, free_height / box.height) < settings.least_extent:
        return False
    text = sum(line.quad.box.intersection(box) for line in lines)
    return text < settings.most_text * box.area


def _at_the_edge(box: Box, page: CleanPage, settings: FigureSettings) -> bool:
    """Whether a part of ink is the scanner's lid or the sheet's edge: it reaches the page's edge, or runs along near
    it. A code or an emblem in the corner is about as high as wide, and keeps away."""
    height, width = page.ink.shape
    near = min(box.x0, box.y0, width - box.x1, height - box.y1) / page.text_height
    strip = max(box.width, box.height) > settings.strip * min(box.width, box.height)
    return near < (settings.edge_em if strip else settings.touch_em)


def _merged(boxes: Sequence[Box]) -> list[Box]:
    """The boxes, those that overlap as one."""
    merged: list[Box] = []
    for box in boxes:
        while (other := next((b for b in merged if b.intersection(box) > 0), None)) is not None:
            merged.remove(other)
            box = box.union(other)
        merged.append(box)
    return merged
