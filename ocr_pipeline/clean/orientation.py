"""Which way up a page lies: decided once for the whole page, before anything else is done with it.

One glance of a small model at the whole page settles the usual case, an upright page. Where it is not sure of that,
it looks at the quarters of the page as well; and before a page is turned, some of its lines are read both ways: print
that stands upside down or on its side does not read well. Lines inside tables are never turned on their own, which is
how a 6 becomes a 9.
"""

from __future__ import annotations

import cv2
import numpy as np

from ocr_pipeline.clean.background import find_ink
from ocr_pipeline.clean.grain import without_grain
from ocr_pipeline.clean.scale import estimate_text_height
from ocr_pipeline.geometry import ColourImage, FloatArray, GrayImage, Mask, PageTransform
from ocr_pipeline.settings import Settings
from ocr_pipeline.shrinking import shrunk
from ocr_pipeline.stages import OrientationModel

QUARTERS = (0, 90, 180, 270)
_CODES = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


def find_orientation(image: ColourImage, dpi: float, model: OrientationModel | None, settings: Settings) -> int:
    """The degrees clockwise (0, 90, 180 or 270) by which a page has to be turned to stand upright.

    image: BGR uint8 source page, shape (h, w, 3). 0 where nothing can be told: without a model, without print, or
    where no way of reading is clearly better than the page as it is.
    """
    if model is None:
        return 0
    limits = settings.orientation
    gray = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    small = _reduced(gray, limits.glance_side)
    glance = model.look([small])[0]
    if glance[0] >= limits.sure_glance:
        return 0
    looks = np.array([glance, *model.look(_parts(small))])
    votes = looks.mean(axis=0)
    if votes[0] >= limits.sure:
        return 0
    return _by_reading(gray, dpi, votes, model, settings)


def turn_image(image: ColourImage, degrees: int) -> ColourImage:
    """The image turned clockwise by 0, 90, 180 or 270 degrees; for 0 the very same."""
    return image if degrees == 0 else cv2.rotate(image, _CODES[degrees]).astype(np.uint8)


def quarter_turn(degrees: int, width: int, height: int) -> PageTransform:
    """The map that turns a page of that size clockwise by 0, 90, 180 or 270 degrees; boxes stay exact."""
    matrices = {
        0: ([[1, 0, 0], [0, 1, 0], [0, 0, 1]], (width, height)),
        90: ([[0, -1, height], [1, 0, 0], [0, 0, 1]], (height, width)),
        180: ([[-1, 0, width], [0, -1, height], [0, 0, 1]], (width, height)),
        270: ([[0, 1, 0], [-1, 0, width], [0, 0, 1]], (height, width)),
    }
    matrix, size = matrices[degrees]
    return PageTransform.of_array(matrix, (width, height), size)


def _by_reading(gray: GrayImage, dpi: float, votes: FloatArray, model: OrientationModel, settings: Settings) -> int:
    """The way of holding the page in which its print reads best; ties go to the page as it is.

    A model that does not read leaves it at the votes, if they are clear.
    """
    limits = settings.orientation
    gray, _ = without_grain(gray, settings.grain)
    best = int(np.argmax(votes))
    clear = votes[best] >= limits.sure
    if not model.reads:
        return QUARTERS[best] if clear else 0
    # Where the looks agree, only that turn is on trial; else all four.
    tried = [0, best] if clear else [k for k in range(4) if k == 0 or votes[k] >= limits.least_vote]
    read = {k: _legible(gray, k, dpi, model, settings) for k in tried}
    # A page of single digits has no words, whichever way it is held.
    in_words = max(words for words, _ in read.values()) >= limits.enough_in_words
    legible = {k: words if in_words else every for k, (words, every) in read.items()}
    winner = max(legible, key=lambda k: legible[k])
    needed = legible[0] + 1 if clear else legible[0] * limits.reads_better + limits.least_more
    return QUARTERS[winner] if legible[winner] >= needed else 0


def _legible(gray: GrayImage, turns: int, dpi: float, model: OrientationModel, settings: Settings) -> tuple[int, int]:
    """How many characters read surely when the page is turned clockwise by that many quarters: in words, and in all.

    Models read characters that stand alone lying on their side too, and the characters of lines that run from top to
    bottom all stand alone.
    """
    page = gray if turns == 0 else cv2.rotate(gray, _CODES[QUARTERS[turns]]).astype(np.uint8)
    crops = _line_crops(page, dpi, settings)
    if not crops:
        return 0, 0
    limits = settings.orientation
    read = [reading.char_scores for reading in model.read(crops)]
    sure = [sum(score >= limits.sure_character for score in scores) for scores in read]
    in_words = (count for count, scores in zip(sure, read, strict=True) if len(scores) >= limits.word)
    return sum(in_words), sum(sure)


def _line_crops(gray: GrayImage, dpi: float, settings: Settings) -> list[GrayImage]:
    """Pieces of print that look like lines or words running from left to right, the longest of the page."""
    limits = settings.orientation
    ink = find_ink(gray, settings.clean.default_em_points / 72 * dpi, settings.clean)
    em = estimate_text_height(ink, dpi, settings.clean)
    reach = max(3, round(limits.join_em * em))
    joined = cv2.morphologyEx(_characters(ink, em), cv2.MORPH_CLOSE, np.ones((1, reach), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8, ltype=cv2.CV_32S)
    boxes = []
    for x, y, width, height, area in stats[1:count].tolist():
        if 0.55 * em <= height <= 2.2 * em and area > 0.3 * em * height:
            boxes.append((min(width, limits.longest_em * em), x, y, height))
    boxes.sort(reverse=True)
    lengths = np.cumsum([width for width, *_ in boxes])
    chosen = boxes[: int(np.searchsorted(lengths, limits.print_em * em)) + 1]
    return [_crop(gray, x, y, round(width), height, round(0.3 * em)) for width, x, y, height in chosen]


def _crop(gray: GrayImage, x: int, y: int, width: int, height: int, margin: int) -> GrayImage:
    """A box and a margin around it, made at least as wide as high: recognisers lay high pictures on their side."""
    top, left = max(0, y - margin), max(0, x - margin)
    part = gray[top : y + height + margin, left : x + width + margin]
    side = max(margin, (part.shape[0] - part.shape[1] + 1) // 2)
    return cv2.copyMakeBorder(part, 0, 0, side, side, cv2.BORDER_REPLICATE).astype(np.uint8)


def _characters(ink: Mask, em: float) -> Mask:
    """The ink without its large connected parts: rulings, frames, stamps' rims; none of that is straight yet."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8, ltype=cv2.CV_32S)
    keep = stats[:count, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].max(axis=1) <= 2.2 * em
    keep[0] = False
    return (keep[labels] * np.uint8(255)).astype(np.uint8)


def _reduced(gray: GrayImage, side: int) -> GrayImage:
    scale = side / max(gray.shape)
    if scale >= 1:
        return gray
    size = (max(1, round(gray.shape[1] * scale)), max(1, round(gray.shape[0] * scale)))
    return shrunk(gray, size)


def _parts(small: GrayImage) -> list[GrayImage]:
    """Four squares of just under half the page's longer side, one in each corner."""
    height, width = small.shape
    side = round(0.45 * max(height, width))
    down = sorted({0, max(0, height - side)})
    across = sorted({0, max(0, width - side)})
    return [np.ascontiguousarray(small[y : y + side, x : x + side]) for y in down for x in across]
