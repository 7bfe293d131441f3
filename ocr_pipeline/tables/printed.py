"""The printed lines inside one cell."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from ocr_pipeline.components import Labels, labelled_parts
from ocr_pipeline.geometry import Box, GrayImage, Mask, runs
from ocr_pipeline.settings import ReadingSettings
from ocr_pipeline.tables.marks import like_dash, set_marks
from ocr_pipeline.tables.slots import is_in_slot
from ocr_pipeline.tables.specks import ink_box, without_specks


@dataclass(frozen=True)
class CellPrint:
    """What stands in one cell, in pixels of the cell's own picture.

    gray: the picture, dark on light (turned round where the cell is printed light on dark); binary: 255 = ink, dust
    removed; lines: the boxes of the printed lines' ink from top to bottom; paper: gray level of the bare paper; blot:
    the only ink in the cell is a blot that is too small for any character; dash: the box of a part that may be a short
    dash, where there is no line.
    """

    gray: GrayImage
    binary: Mask
    lines: tuple[Box, ...]
    paper: int
    blot: bool = False
    dash: Box | None = None


def find_print(
    gray: GrayImage, binary: Mask, em: float, settings: ReadingSettings, erased: Mask | None = None
) -> CellPrint:
    """The printed lines of a cell's picture.

    em: the height of the table's print in pixels; erased: 255 where rulings were painted white.
    """
    gray, binary = _dark_on_light(gray, binary, erased, em)
    cleared = _without_dust(binary, em, settings, erased)
    clean = cleared.ink
    paper = _paper(gray, clean)
    width = clean.shape[1]
    bands = [Box(0, top, width, bottom) for top, bottom in _bands(clean, em)]
    boxes = [box for band in bands if (box := ink_box(clean, band)) is not None]
    # A line alone stays, whatever it is made of.
    found = tuple(_with_marks(boxes, _solid_ink(clean, em, settings), em) if len(boxes) > 1 else boxes)
    if cleared.characters and len(found) == 1:
        return CellPrint(gray, clean, found, paper)  # as in most cells
    gray, clean, lines = without_specks(gray, clean, found, em, paper, settings)
    return CellPrint(gray, clean, lines, paper, cleared.blots and not lines, None if lines else cleared.dash)


def _paper(gray: GrayImage, ink: Mask) -> int:
    """The usual gray level where there is no ink."""
    bare = cv2.bitwise_not(ink).astype(np.uint8, copy=False)
    count = cv2.countNonZero(bare)
    white = cv2.countNonZero(cv2.compare(gray, 255, cv2.CMP_EQ)) - (ink.size - count)
    # The paper of most cells is white for the most part: nothing needs to be put in order then.
    return 255 if count == 0 or 2 * white > count else int(_median(gray, bare))


def _dark_on_light(gray: GrayImage, binary: Mask, erased: Mask | None, em: float) -> tuple[GrayImage, Mask]:
    """Turn a cell round that is printed light on dark; lift one to white that lies in the shade."""
    if gray.size == 0 or 2 * _bright(gray) > gray.size or (usual := _median(gray)) > 150:
        return gray, binary
    tinted = gray.copy()
    if erased is not None:
        tinted[erased > 0] = usual
    if _prints_dark(tinted, em):
        return _lifted(tinted, em), binary
    inverted = cv2.bitwise_not(tinted)
    paper = _median(inverted)
    level, _ = cv2.threshold(inverted, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    if paper - level < 25:
        return inverted, np.zeros_like(binary)
    return inverted, ((inverted <= level) * np.uint8(255)).astype(np.uint8)


def _prints_dark(gray: GrayImage, em: float) -> bool:
    """Whether strokes are darker than what is around them: they are the fewer pixels and differ from it the more, which
    the third moment tells, in the shade and on a tint alike."""
    around = cv2.blur(gray, (max(3, round(1.6 * em) | 1),) * 2, borderType=cv2.BORDER_REPLICATE)
    away = np.subtract(gray, around, dtype=np.float32)
    return float(np.sum(away * away * away)) < 0


def _lifted(gray: GrayImage, em: float) -> GrayImage:
    """The picture on white paper: gray divided by what it is without its print."""
    wide = np.ones((max(3, round(em) | 1),) * 2, np.uint8)
    paper = cv2.GaussianBlur(cv2.morphologyEx(gray, cv2.MORPH_CLOSE, wide), (0, 0), max(1.0, em / 4))
    return cv2.divide(gray, paper, scale=255.0).astype(np.uint8)


def _bright(gray: GrayImage) -> int:
    return cv2.countNonZero(cv2.compare(gray, 150, cv2.CMP_GT))


def _median(gray: GrayImage, where: Mask | None = None) -> float:
    """The median gray level, of the pixels where the mask is not 0 if there is one."""
    counts = np.cumsum(cv2.calcHist([gray], [0], where, [256], [0, 256]).ravel().astype(np.int64))
    middle = np.searchsorted(counts, [(counts[-1] - 1) // 2, counts[-1] // 2], side="right")
    return float(middle[0] + middle[1]) / 2


@dataclass(frozen=True)
class _Cleared:
    """A cell's ink without dust. blots: whether large specks were among that, or all that is left of a character; dash:
    where there is nothing else, the part that may be a short dash; characters: whether each part is as large as one, no
    mark, speck or remains of a ruling."""

    ink: Mask
    blots: bool = False
    dash: Box | None = None
    characters: bool = False


def _without_dust(binary: Mask, em: float, settings: ReadingSettings, erased: Mask | None) -> _Cleared:
    """The ink without specks: parts too small for any mark, and small parts far from all print."""
    count, labels, stats, centres = labelled_parts(binary)
    if count <= 1:
        return _Cleared(binary)
    size = np.maximum(stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT])
    crumbs = _crumbs(stats[1:], binary.shape, em, settings)
    if size.min() >= max(settings.mark_em, settings.speck_em, settings.blob_em) * em and not crumbs.any():
        return _Cleared(binary, characters=True)
    solid = size >= settings.mark_em * em
    tiny = size < settings.speck_em * em
    colons, dots = set_marks(stats[1:], size < settings.blob_em * em, em, settings.marks)
    if solid.any():
        lonely = _far(~solid & ~tiny, centres[1:], stats[1:][solid], settings.lonely_em * em)
        reach = settings.marks.colon_reach_em * em
        lonely &= ~colons | _far(colons, centres[1:], stats[1:][solid], reach)
        for i in np.flatnonzero(lonely):
            lonely[i] = not is_in_slot(stats[1 + i], stats[1:][solid & ~crumbs], em)
    else:
        # Nothing but small marks: a dash is wide, a lone dot is dust.
        lonely = stats[1:, cv2.CC_STAT_WIDTH] < settings.mark_em * em
    blots = _blots(stats[1:], centres[1:], crumbs, binary.shape, em, settings)
    dropped = (tiny | lonely | blots | crumbs) & ~dots
    if not dropped.any():
        return _Cleared(binary)
    nothing = bool(dropped.all())
    dash = _lone_dash(stats[1:], crumbs, binary.shape[0], em, settings) if nothing else None
    told = bool(blots.any()) or (nothing and _are_remains(labels, np.where(crumbs, 0, size), erased, em, settings))
    return _Cleared(_parts_mask(labels, np.concatenate([[False], ~dropped])), told, dash)


def _are_remains(
    labels: Labels,
    size: npt.NDArray[np.int32],
    erased: Mask | None,
    em: float,
    settings: ReadingSettings,
) -> bool:
    """Whether parts of ink too small for print are what erasing a ruling left of a character beside it: they reach up
    to what was erased. size: of each part, 0 for those that have no say, in pixels."""
    large = np.concatenate([[False], size >= settings.remains_em * em])
    if erased is None or not large.any():
        return False
    beside = cv2.dilate(erased, np.ones((3, 3), np.uint8)) > 0
    return bool(np.any(large[labels[beside]]))


def _lone_dash(
    stats: npt.NDArray[np.int32], crumbs: npt.NDArray[np.bool_], height: int, em: float, settings: ReadingSettings
) -> Box | None:
    rest = stats[~crumbs]
    found = like_dash(rest, height / 2, em, settings.marks) if len(rest) else None
    if found is None:
        return None
    x, y, width, height = (int(v) for v in rest[found, :4])
    return Box(x, y, x + width, y + height)


def _blots(
    stats: npt.NDArray[np.int32],
    centres: npt.NDArray[np.float64],
    crumbs: npt.NDArray[np.bool_],
    shape: tuple[int, ...],
    em: float,
    settings: ReadingSettings,
) -> npt.NDArray[np.bool_]:
    """Which parts of ink are large specks: smaller than any character, no dash, and far from every character.

    Beside a side of the cell a small part alone may be what is left of print that touches the ruling.
    """
    width, height = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    size = np.maximum(width, height)
    blob = (size >= settings.mark_em * em) & (size < settings.blob_em * em) & (width < 2 * height) & ~crumbs
    characters = stats[(size >= settings.blob_em * em) & ~crumbs]
    if len(characters) == 0:
        return blob & _clear_of_sides(stats, shape, settings.crumb_em * em) & ~_in_pieces(stats, size, em, settings)
    return _far(blob, centres, characters, settings.lone_blob_em * em)


def _in_pieces(
    stats: npt.NDArray[np.int32], size: npt.NDArray[np.int32], em: float, settings: ReadingSettings
) -> npt.NDArray[np.bool_]:
    """Which parts are pieces of a worn character: as large as one together with the part next to them. Of a 7 whose bar
    came off it the bar alone would be a dash."""
    found = np.zeros(len(stats), bool)
    large = np.flatnonzero(size >= settings.mark_em * em)
    x0, y0 = stats[:, 0], stats[:, 1]
    x1, y1 = x0 + stats[:, 2], y0 + stats[:, 3]
    for i, j in itertools.combinations(large.tolist(), 2):
        gaps = max(x0[i], x0[j]) - min(x1[i], x1[j]), max(y0[i], y0[j]) - min(y1[i], y1[j])
        together = max(max(x1[i], x1[j]) - min(x0[i], x0[j]), max(y1[i], y1[j]) - min(y0[i], y0[j]))
        if max(gaps) <= settings.speck_em * em and together >= settings.blob_em * em:
            found[[i, j]] = True
    return found


def _far(
    which: npt.NDArray[np.bool_], centres: npt.NDArray[np.float64], boxes: npt.NDArray[np.int32], distance: float
) -> npt.NDArray[np.bool_]:
    """Of some parts of ink those that lie further than a distance from all boxes."""
    far = np.zeros(len(which), bool)
    for i in np.flatnonzero(which):
        far[i] = _gap(centres[i], boxes) > distance
    return far


def _clear_of_sides(stats: npt.NDArray[np.int32], shape: tuple[int, ...], margin: float) -> npt.NDArray[np.bool_]:
    x, y, width, height = (stats[:, i] for i in range(4))
    clear: npt.NDArray[np.bool_] = (
        (x > margin) & (y > margin) & (x + width < shape[1] - margin) & (y + height < shape[0] - margin)
    )
    return clear


def _parts_mask(labels: Labels, keep: npt.NDArray[np.bool_]) -> Mask:
    """255 on the connected parts to keep. keep: by label, 0 for the paper."""
    mask: Mask = np.where(keep, np.uint8(255), np.uint8(0)).take(labels)
    return mask


def _crumbs(
    stats: npt.NDArray[np.int32], shape: tuple[int, ...], em: float, settings: ReadingSettings
) -> npt.NDArray[np.bool_]:
    """Which parts of ink (rows of x, y, width, height, area) are remains of the rulings around the cell."""
    x, y, width, height = (stats[:, i] for i in range(4))
    zone, flat = settings.crumb_em * em, settings.crumb_flat_em * em
    by_row = ((y + height <= zone) | (y >= shape[0] - zone)) & (height <= flat)
    by_column = ((x + width <= zone) | (x >= shape[1] - zone)) & (width <= flat)
    crumbs: npt.NDArray[np.bool_] = by_row | by_column
    return crumbs


def _gap(point: npt.NDArray[np.float64], boxes: npt.NDArray[np.int32]) -> float:
    """The distance from a point to the nearest of some boxes (x, y, width, height, ...)."""
    dx = np.maximum(0, np.maximum(boxes[:, 0] - point[0], point[0] - boxes[:, 0] - boxes[:, 2]))
    dy = np.maximum(0, np.maximum(boxes[:, 1] - point[1], point[1] - boxes[:, 1] - boxes[:, 3]))
    return float(np.hypot(dx, dy).min())


def _bands(binary: Mask, em: float) -> list[tuple[int, int]]:
    """Rows of pixels that hold a printed line each: (top, bottom), bottom exclusive."""
    profile = np.count_nonzero(binary, axis=1)
    split = [piece for band in runs(profile > 0) for piece in _split_tall(band, profile, em)]
    return _join_flat(split, em)


def _split_tall(band: tuple[int, int], profile: npt.NDArray[np.int64], em: float) -> list[tuple[int, int]]:
    """Cut a band that holds several lines, run together by a skewed or touching stroke, at its emptiest rows."""
    top, bottom = band
    height = bottom - top
    if height <= 1.75 * em:
        return [band]
    pitch_count = max(2, round(height / (1.3 * em)))
    smooth = np.convolve(profile[top:bottom], np.ones(3) / 3, mode="same")
    best = top + height // 2
    lowest = np.inf
    for k in range(1, pitch_count):
        centre = height * k / pitch_count
        low, high = max(int(0.5 * em), int(centre - 0.4 * em)), min(height - int(0.5 * em), int(centre + 0.4 * em))
        if high <= low:
            continue
        at = low + int(np.argmin(smooth[low:high]))
        if smooth[at] < lowest:
            lowest, best = smooth[at], top + at
    if lowest > 0.35 * float(np.mean(smooth)):
        return [band]
    return [*_split_tall((top, best), profile, em), *_split_tall((best, bottom), profile, em)]


def _join_flat(bands: list[tuple[int, int]], em: float) -> list[tuple[int, int]]:
    """Join bands that are parts of one line (二, 三, a colon, an accent): together no taller than a character. Print is
    measured low where it is mostly figures; then the halves of 台 are told from two lines by what is blank between."""
    joined: list[tuple[int, int]] = []
    for band in bands:
        if joined:
            last = joined[-1]
            together = band[1] - last[0]
            flat = min(band[1] - band[0], last[1] - last[0]) < 0.5 * em
            close = together <= _TALLEST * em and band[0] - last[1] <= _WITHIN * em
            if close or (together <= 1.2 * em and (flat or together <= 1.02 * em)):
                joined[-1] = (last[0], band[1])
                continue
        joined.append(band)
    return joined


_TALLEST, _WITHIN = 1.4, 0.1
"""A character is so many times as high as figures at most; its halves lie closer (in ems) than lines do."""


def _solid_ink(binary: Mask, em: float, settings: ReadingSettings) -> Mask:
    """The ink without marks: parts as large as a digit, a character's stroke or a dash."""
    count, labels, stats, _ = labelled_parts(binary)
    if count <= 1:
        return binary
    size = np.maximum(stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT])
    solid = size >= settings.mark_em * em
    solid[0] = False
    return _parts_mask(labels, solid)


def _with_marks(boxes: list[Box], solid: Mask, em: float) -> list[Box]:
    """Lines with the marks that belong to them: a band of nothing but points or quotation marks is no line."""

    def is_marks(box: Box) -> bool:
        return not np.any(solid[int(box.y0) : int(box.y1), int(box.x0) : int(box.x1)])

    lines = [box for box in boxes if not is_marks(box)]
    if not lines:
        return boxes
    for marks in (box for box in boxes if is_marks(box)):
        nearest = min(range(len(lines)), key=lambda i: _apart(lines[i], marks))
        # Dust between lines is nearer to none than a line's own marks are.
        near = _apart(lines[nearest], marks) <= 0.3 * em
        if near and marks.width < 0.6 * em and marks.x0 < lines[nearest].x1 + 0.5 * em:
            lines[nearest] = lines[nearest].union(marks)
    return lines


def _apart(line: Box, mark: Box) -> float:
    return max(mark.y0 - line.y1, line.y0 - mark.y1, 0.0)
