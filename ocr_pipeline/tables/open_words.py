"""The words of a page outside its ruled tables: pieces of text lines that blanks hold apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from ocr_pipeline.components import labelled_parts
from ocr_pipeline.geometry import Box, Mask
from ocr_pipeline.settings import OpenTableSettings
from ocr_pipeline.stages import TextLine


@dataclass(frozen=True)
class Word:
    """A piece of print without wide blanks. box in upright pixels; line: the number of the text line it belongs to, -1
    for ink in which the detector saw no line; widest: its widest piece of ink without any blank, in pixels; blanks:
    where the blanks between its characters begin and end."""

    box: Box
    line: int
    widest: float
    blanks: tuple[tuple[float, float], ...] = ()
    tail: float = 0.0
    """Pixels by which nothing but a little ink, as that of commas, reaches below the rest."""

    def is_number(self, em: float) -> bool:
        """Whether it has the build of a number: lower than a Chinese character, or of narrow glyphs only."""
        height = self.box.height
        if self.box.width > 9 * em:
            return False
        if height < 0.45 * em:
            return self.box.width < 1.3 * em
        return height <= 0.84 * em or (height <= 0.9 * em and self.widest <= 0.62 * em)


_SPARSE = 0.3
"""Rows of pixels with less than this share of the ink that others have hold commas alone."""


def words_of(lines: Sequence[TextLine], binary: Mask, em: float, settings: OpenTableSettings) -> list[Word]:
    """Every text line cut at its wide blanks. binary: the page's ink (255); em: height of the page's print."""
    words: list[Word] = []
    for number, line in enumerate(lines):
        for box in _lines_in(line.quad.box, binary, em, settings):
            least = settings.least_word_em * min(em, max(1.08 * box.height, 0.5 * em))
            pieces = cut_word(box, number, binary, _apart(box, em, settings))
            words.extend(word for word in pieces if max(word.box.width, word.box.height) >= least)
    return _once(words)


def _lines_in(box: Box, binary: Mask, em: float, settings: OpenTableSettings) -> list[Box]:
    """A detected line as it is; one too high for a line cut at the blanks between the lines it holds."""
    inside = box.clipped(binary.shape[1], binary.shape[0])
    if inside.height <= settings.tall_em * em:
        return [box]
    x0, x1, y0, y1 = int(inside.x0), int(np.ceil(inside.x1)), int(inside.y0), int(np.ceil(inside.y1))
    inked = (binary[y0:y1, x0:x1] > 0).any(axis=1)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], inked, [False]]).astype(np.int8)))
    boxes: list[Box] = []
    for top, bottom in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        # The parts of a character (二) stand closer together than lines.
        if boxes and y0 + bottom - boxes[-1].y0 <= 1.1 * em and y0 + top - boxes[-1].y1 < 0.3 * em:
            boxes[-1] = Box(x0, boxes[-1].y0, x1, y0 + bottom)
        else:
            boxes.append(Box(x0, y0 + top, x1, y0 + bottom))
    return boxes


def _once(words: Sequence[Word]) -> list[Word]:
    """The words without those that another line's word holds already: detected lines may overlap."""
    ordered = sorted(words, key=lambda w: w.box.y0)
    held: set[int] = set()
    for i, upper in enumerate(ordered):
        for j in range(i + 1, len(ordered)):
            if ordered[j].box.y0 >= upper.box.y1:
                break
            common = upper.box.intersection(ordered[j].box)
            smaller = min((i, j), key=lambda n: ordered[n].box.area)
            if common > 0.7 * ordered[smaller].box.area:
                held.add(smaller)
    return [word for i, word in enumerate(ordered) if i not in held]


def cut_word(box: Box, line: int, binary: Mask, apart: float) -> list[Word]:
    """The ink inside a box as words, cut at every blank wider than apart pixels."""
    inside = box.clipped(binary.shape[1], binary.shape[0])
    x0, x1 = int(inside.x0), int(np.ceil(inside.x1))
    y0, y1 = int(inside.y0), int(np.ceil(inside.y1))
    part = binary[y0:y1, x0:x1] > 0
    inked = part.any(axis=0)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], inked, [False]]).astype(np.int8)))
    if len(edges) == 0:
        return []
    starts, ends = edges[::2], edges[1::2]
    breaks = np.flatnonzero(starts[1:] - ends[:-1] > apart)
    words = []
    for first, last in zip([0, *(breaks + 1)], [*breaks, len(starts) - 1], strict=True):
        a, b = int(starts[first]), int(ends[last])
        inked_rows = np.count_nonzero(part[:, a:b], axis=1)
        rows = np.flatnonzero(inked_rows)
        full = np.flatnonzero(inked_rows >= _SPARSE * np.median(inked_rows[rows]))
        widest = float((ends[first : last + 1] - starts[first : last + 1]).max())
        inner = zip(ends[first:last].tolist(), starts[first + 1 : last + 1].tolist(), strict=True)
        blanks = tuple((float(x0 + low), float(x0 + high)) for low, high in inner)
        box = Box(x0 + a, y0 + int(rows[0]), x0 + b, y0 + int(rows[-1]) + 1)
        words.append(Word(box, line, widest, blanks, float(rows[-1] - full[-1])))
    return words


def torn_apart(word: Word, places: Sequence[float], binary: Mask, em: float, apart: float) -> list[Word]:
    """A word that runs across boundaries between columns cut at the blanks there, which must be wider than apart
    pixels: the detector saw two cells as one line. Boxes in pixels of the page."""
    pieces = cut_word(word.box, word.line, binary, apart)
    joined: list[Word] = []
    for piece in pieces:
        if joined and not any(
            joined[-1].box.x1 - 0.5 * em <= place <= piece.box.x0 + 0.5 * em for place in places
        ):  # fmt: skip
            last = joined[-1]
            blanks = (*last.blanks, (last.box.x1, piece.box.x0), *piece.blanks)
            whole = last.box.union(piece.box)
            joined[-1] = replace(last, box=whole, widest=max(last.widest, piece.widest), blanks=blanks)
        else:
            joined.append(piece)
    return joined


def unseen_words(
    region: Box, known: Iterable[Word], binary: Mask, em: float, settings: OpenTableSettings
) -> list[Word]:
    """Ink of a region, large enough for a digit or a dash, in which the detector saw no line. Rulings must be gone."""
    inside = region.clipped(binary.shape[1], binary.shape[0])
    x0, y0, x1, y1 = (int(v) for v in (inside.x0, inside.y0, inside.x1, inside.y1))
    part = binary[y0:y1, x0:x1].copy()
    for word in known:
        # A line's box may have lost the top or the foot of its characters.
        box = word.box.expanded(0.1 * em, 0.3 * em)
        part[max(0, int(box.y0) - y0) : max(0, int(box.y1) - y0 + 1),
             max(0, int(box.x0) - x0) : max(0, int(box.x1) - x0 + 1)] = 0  # fmt: skip
    part = _without_grain(part, em, settings)
    if not part.any():
        return []
    reach = max(1, round(settings.letter_gap_em * em))
    joined = cv2.dilate(part, np.ones((1, reach), np.uint8))
    count, _, stats, _ = labelled_parts(joined)
    words = []
    for x, y, width, height, _ in stats[1:count].tolist():
        digit = 0.45 * em <= height <= 1.3 * em and width - reach <= 4 * em
        dash = 0.4 * em <= width - reach <= 2.5 * em and 0.05 * em <= height < 0.45 * em
        inked = cv2.countNonZero(part[y : y + height, x : x + width]) >= settings.least_ink_em2 * em * em
        if inked and (digit or dash):
            for word in cut_word(Box(x, y, x + width, y + height), -1, part, settings.word_gap_em * em):
                moved = Box(word.box.x0 + x0, word.box.y0 + y0, word.box.x1 + x0, word.box.y1 + y0)
                words.append(replace(word, box=moved, blanks=()))
    return words


def _without_grain(ink: Mask, em: float, settings: OpenTableSettings) -> Mask:
    """The ink without parts smaller than any point: the paper's grain, which would run together to dashes."""
    count, labels, stats, _ = labelled_parts(ink)
    kept = stats[:, cv2.CC_STAT_AREA] >= settings.grain_em2 * em * em
    kept[0] = False
    return np.where(kept, np.uint8(255), np.uint8(0)).take(labels) if count > 1 else ink


def _apart(box: Box, em: float, settings: OpenTableSettings) -> float:
    """The blank that parts words on a line, by the line's own height: a table's print is often smaller."""
    own = min(max(1.08 * box.height, 0.5 * em), 1.2 * em)
    return settings.word_gap_em * own
