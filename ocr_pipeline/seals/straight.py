"""Straight lines inside a stamp: a date, a number, the columns of a square seal."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from ocr_pipeline.geometry import Box, GrayImage, Mask, runs
from ocr_pipeline.seals.ring import Rim
from ocr_pipeline.settings import SealTextSettings

Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


def level(image: GrayImage, x: float, y: float, tilt: float, paper: int) -> GrayImage:
    """The picture turned about a point so that what runs down to the right by tilt degrees is level."""
    turn = cv2.getRotationMatrix2D((x, y), tilt, 1.0)
    size = (image.shape[1], image.shape[0])
    flags = cv2.INTER_CUBIC if paper else cv2.INTER_NEAREST
    return cv2.warpAffine(image, turn, size, flags=flags, borderMode=cv2.BORDER_CONSTANT, borderValue=(paper,)).astype(
        np.uint8
    )


def inner_lines(mask: Mask, rim: Rim, settings: SealTextSettings, first: float, *, alone: bool) -> list[Box]:
    """Boxes of the lines in the middle of a round or oval stamp, top to bottom, on its levelled mask.

    first: where lines may begin, as a share of the half height (-1 the rim's top, 0 the middle). A star is none.
    alone: there is no other lettering around them; otherwise a line ends where ink rises above or below it.
    """
    height, width = mask.shape
    left, right = max(0, int(rim.x - 0.3 * rim.a)), min(width, int(rim.x + 0.3 * rim.a) + 1)
    top, bottom = max(0, int(rim.y + first * rim.b)), min(height, int(rim.y + 0.85 * rim.b))
    ink = mask > 0
    reach = round(0.31 * rim.b * 1.1)
    if _has_star(ink, rim):
        ink = ink.copy()
        star = slice(max(0, int(rim.y) - reach), int(rim.y) + reach), slice(int(rim.x) - reach, int(rim.x) + reach)
        ink[star] = False
    rows = ink[top:bottom, left:right].mean(axis=1) > 0.04
    boxes = []
    for y0, y1 in runs(rows, max(1, round(0.03 * rim.b))):
        low = top + (y0 + y1) / 2 - rim.y > settings.low * rim.b
        if not low and settings.line_least * rim.b <= y1 - y0 <= settings.line_most * rim.b:
            band = ink[top + y0 : top + y1]
            if not alone:
                band = band & ~_rising(ink, top + y0, top + y1)
            line = _grown(band, int(rim.x), y1 - y0, settings)
            if line is not None and line[1] - line[0] >= 0.8 * (y1 - y0):
                boxes.append(Box(line[0], top + y0, line[1], top + y1))
    return boxes


def cut(gray: GrayImage, box: Box) -> GrayImage:
    """One line on white with margins."""
    soft = max(1, round(0.06 * box.height))
    y0, y1 = max(0, int(box.y0) - soft), min(gray.shape[0], int(box.y1) + soft)
    x0, x1 = max(0, int(box.x0) - soft), min(gray.shape[1], int(box.x1) + soft)
    pad_y, pad_x = round(0.1 * box.height) + 1, round(0.35 * box.height) + 1
    return cv2.copyMakeBorder(gray[y0:y1, x0:x1], pad_y, pad_y, pad_x, pad_x, cv2.BORDER_CONSTANT, value=255).astype(
        np.uint8
    )


def framed(gray: GrayImage, mask: Mask, corners: Floats) -> tuple[GrayImage, Mask] | None:
    """What is inside the frame of a rectangular stamp, levelled; None for hardly any ink.

    corners: of the frame on the picture, shape (4, 2).
    """
    if cv2.countNonZero(cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))) < 50:
        return None
    (x, y), (w, h), angle = cv2.minAreaRect(corners.astype(np.float32))
    if angle > 45:
        angle, w, h = angle - 90, h, w
    gray, mask = level(gray, x, y, angle, 255), level(mask, x, y, angle, 0)
    rows, columns = _inside(mask, y, h, axis=1), _inside(mask, x, w, axis=0)
    inner = gray[rows, columns], mask[rows, columns]
    return inner if min(inner[0].shape) >= 16 else None


def _inside(mask: Mask, middle: float, length: float, axis: int) -> slice:
    """The stretch between the two sides of the frame across one axis."""
    cover = (mask > 0).mean(axis=axis)
    first, last = int(max(0, middle - length / 2)), int(min(len(cover), middle + length / 2 + 1))
    depth = max(2, round(0.09 * length))
    thick = 0.5 * float(np.max(cover[first:last], initial=0.0))
    start = first + max(np.flatnonzero(cover[first : first + depth] > thick), default=0) + 2
    stop = last - depth + min(np.flatnonzero(cover[last - depth : last] > thick), default=depth) - 2
    return slice(start, max(start, stop))


def rows_of(mask: Mask, settings: SealTextSettings) -> list[Box]:
    """The lines of a rectangle's inside, top to bottom."""
    height = mask.shape[0]
    boxes = []
    ink: Flags = mask > 0
    cover: Floats = ink.mean(axis=1)
    found = runs(cover > 0.01, max(1, round(0.02 * height)))
    for y0, y1 in (part for run in found for part in _parted(cover, run, settings)):
        line = y1 - y0
        if line < 0.08 * height:
            continue
        # What the frame left at the sides stands apart and is narrow.
        parts = [run for run in runs(ink[y0:y1].max(axis=0), round(0.7 * line)) if run[1] - run[0] > 0.3 * line]
        if parts:
            parts = _centred(parts, line, mask.shape[1])
            boxes.append(Box(parts[0][0], y0, parts[-1][1], y1))
    return boxes


def _parted(cover: Floats, run: tuple[int, int], settings: SealTextSettings) -> list[tuple[int, int]]:
    """A run of inked rows, in two or more where a pen's stroke goes on from one line into the next: where hardly any
    ink is for some rows between lines of some height."""
    start, stop = run
    least, gap = round(settings.row_least * len(cover)), max(2, round(settings.row_gap * len(cover)))
    if stop - start < 2 * least + gap:
        return [run]
    # The most ink of the rows of a gap, by its middle.
    most = np.array([cover[row : row + gap].max() for row in range(start + least, stop - least - gap + 1)])
    at = start + least + int(np.argmin(most)) + gap // 2
    lines = (start, at), (at, stop)
    if most.min() >= settings.row_blank * min(float(np.percentile(cover[a:b], 80)) for a, b in lines):
        return [run]
    return [part for line in lines for part in _parted(cover, line, settings)]


def _centred(parts: list[tuple[int, int]], line: int, width: int) -> list[tuple[int, int]]:
    """The parts of a line, of a frame so wide, that are its lettering: where a word stands right in the middle, single
    characters far to its sides are print beneath. line: its height."""
    longest = max(parts, key=lambda part: part[1] - part[0])
    others = [part for part in parts if part != longest]
    word = longest[1] - longest[0] > 1.8 * line and abs(longest[0] + longest[1] - width) < line
    return [longest] if word and all(stop - start < 1.3 * line for start, stop in others) else parts


def columns_of(mask: Mask, settings: SealTextSettings) -> list[list[Box]]:
    """The characters of a seal set in columns, right to left and top to bottom; none where it is not set so.

    Characters stand on a raster, so the raster is looked for whose lines have the least ink on them: two to four
    columns, one to five characters each, filled from the right, the last column perhaps not to its end.
    """
    ink: Flags = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)) > 0
    ys, xs = _extent(ink.mean(axis=1)), _extent(ink.mean(axis=0))
    if ys is None or xs is None:
        return []
    best: tuple[float, int, int] | None = None
    for columns in (2, 3, 4):
        for rows in (1, 2, 3, 4, 5):
            wide, tall = (xs[1] - xs[0]) / columns, (ys[1] - ys[0]) / rows
            if not 0.6 < wide / tall < 1.7:
                continue
            crossed = (_crossed(ink, xs, columns, 0) + _crossed(ink, ys, rows, 1)) / 2
            # Every other line of a raster is one as bare: of two such the finer one parts characters.
            finer = best is not None and columns % best[1] == 0 and rows % best[2] == 0
            if best is None or crossed < best[0] + (settings.finer if finer else -0.02):
                best = crossed, columns, rows
    if best is None or best[0] > settings.crossed:
        return []
    edges = [np.linspace(*span, count + 1).round().astype(int) for span, count in ((xs, best[1]), (ys, best[2]))]
    found: list[list[Box]] = []
    for x0, x1 in reversed(list(pairwise(edges[0].tolist()))):
        boxes = [Box(x0, y0, x1, y1) for y0, y1 in pairwise(edges[1].tolist())]
        found.append([box for box in boxes if ink[int(box.y0) : int(box.y1), x0:x1].mean() > 0.06])
    return found if sum(map(len, found)) >= 2 else []


def _extent(cover: npt.NDArray[np.floating]) -> tuple[int, int] | None:
    """From the first to the last row with more than scattered ink; what the frame left along the edges is narrow."""
    edge = 0.1 * len(cover)
    inked = runs(np.convolve(cover, np.ones(5) / 5, mode="same") > 0.03, 0)
    kept = [
        (start, stop)
        for start, stop in inked
        if stop - start > 0.5 * edge or (stop > edge and start < len(cover) - edge)
    ]
    return (kept[0][0], kept[-1][1]) if kept else None


def _crossed(ink: Flags, span: tuple[int, int], count: int, axis: int) -> float:
    """How much ink lies on the lines that part a span into count, beside the usual; 0 for a single part."""
    if count == 1:
        return 0.25
    cover = ink.mean(axis=axis)
    usual = float(cover[span[0] : span[1]].mean())
    pitch = (span[1] - span[0]) / count
    reach = max(1, round(0.06 * pitch))
    at = [span[0] + pitch * i for i in range(1, count)]
    return float(np.mean([cover[round(v) - reach : round(v) + reach + 1].mean() for v in at])) / max(usual, 1e-6)


def side_by_side(gray: GrayImage, characters: list[Box]) -> GrayImage:
    """Characters laid out as one line."""
    side = round(max(max(box.width, box.height) for box in characters))
    tiles = []
    for box in characters:
        part = gray[int(box.y0) : int(box.y1), int(box.x0) : int(box.x1)]
        tall, wide = max(0, side - part.shape[0]), max(0, side - part.shape[1])
        gap = round(0.06 * side)
        tiles.append(
            cv2.copyMakeBorder(
                part,
                tall // 2,
                tall - tall // 2,
                wide // 2 + gap,
                wide - wide // 2 + gap,
                cv2.BORDER_CONSTANT,
                value=255,
            )
        )
    joined = np.hstack(tiles)
    pad_y, pad_x = round(0.12 * side), round(0.3 * side)
    return cv2.copyMakeBorder(joined, pad_y, pad_y, pad_x, pad_x, cv2.BORDER_CONSTANT, value=255).astype(np.uint8)


def _has_star(ink: Flags, rim: Rim) -> bool:
    """Whether the middle is filled."""
    reach = max(2, round(0.09 * rim.b))
    middle = ink[int(rim.y) - reach : int(rim.y) + reach, int(rim.x) - reach : int(rim.x) + reach]
    return bool(middle.size and middle.mean() > 0.8)


def _rising(ink: Flags, y0: int, y1: int) -> Flags:
    """Columns with ink right above or below rows y0 to y1, and half a character around them, shape (1, width)."""
    reach = max(2, round(0.35 * (y1 - y0)))
    edges = np.vstack([ink[max(0, y0 - reach) : max(0, y0 - 1)], ink[y1 + 1 : y1 + reach]])
    beside = (edges.mean(axis=0) > 0.25).astype(np.uint8)[None]
    opened = cv2.morphologyEx(beside, cv2.MORPH_OPEN, np.ones((1, 2), np.uint8))
    return cv2.dilate(opened, np.ones((1, reach), np.uint8)) > 0


def _grown(band: Flags, middle: int, height: int, settings: SealTextSettings) -> tuple[int, int] | None:
    """Columns of the line through the stamp's middle: on to either side until a wide blank."""
    cover: Floats = band.mean(axis=0)
    parts = runs(cover > 0.04, max(1, round(settings.line_gap * height)))
    found = [(a, b) for a, b in parts if a - height <= middle <= b + height]
    if not found:
        return None
    line = max(found, key=lambda run: run[1] - run[0])
    if abs(line[0] + line[1] - 2 * middle) <= settings.line_lopsided * height:
        return line
    return _gone_on(parts, line, middle, height, settings) or _trimmed(cover, line, middle, height, settings) or line


def _gone_on(
    parts: list[tuple[int, int]], line: tuple[int, int], middle: int, height: int, settings: SealTextSettings
) -> tuple[int, int] | None:
    """A lopsided line with what stands behind a wider blank on its shorter side, a number in wide brackets or what the
    print took a character from, if that ends as far from the middle as the other side: stamps' lines are centred. None
    where nothing does."""
    far, near = settings.line_lost * height, height / 2
    if middle - line[0] > line[1] - middle:
        stops = [b for a, b in parts if line[1] < a < line[1] + far and abs(line[0] + b - 2 * middle) <= near]
        return (line[0], stops[0]) if stops else None
    starts = [a for a, b in parts if line[0] - far < b < line[0] and abs(a + line[1] - 2 * middle) <= near]
    return (starts[-1], line[1]) if starts else None


def _trimmed(
    cover: Floats, line: tuple[int, int], middle: int, height: int, settings: SealTextSettings
) -> tuple[int, int] | None:
    """A lopsided line without what goes on beyond its shorter side, print beneath; None where it does not end there."""
    ink = cover[line[0] : line[1]] > settings.line_thin
    parts = [(line[0] + a, line[0] + b) for a, b in runs(ink, round(settings.line_blank * height))]
    left = middle - line[0] > line[1] - middle
    ends = [(start, line[1]) if left else (line[0], stop) for start, stop in parts]
    centred = [
        end for end in ends if abs(end[0] + end[1] - 2 * middle) <= height / 2 and end[1] - end[0] > 1.5 * height
    ]
    return min(centred, key=lambda end: abs(end[0] + end[1] - 2 * middle)) if centred else None
