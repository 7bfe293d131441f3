"""Marks told by their shape alone: colons and dots that were set as such, and cells that hold a dash, a slash or dots.

A recogniser that sees a single stroke has nothing to go by: a short dash reads as 一 or 1, a slash as 1, three dots as
nothing. Their length against the print around, their lean and their rhythm tell.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from ocr_pipeline.components import labelled_parts
from ocr_pipeline.geometry import Box, FloatArray, Mask
from ocr_pipeline.settings import MarkSettings

Parts = npt.NDArray[np.int32]
"""Connected parts of ink: rows of x, y, width, height, area."""
Flags = npt.NDArray[np.bool_]

PIXELS = 1.5
"""Small type leaves marks of two to four pixels; the scanner's grid makes so much difference."""
_MOST = 30
"""More small parts than this in one cell are grain."""


def set_marks(parts: Parts, small: Flags, em: float, settings: MarkSettings) -> tuple[Flags, Flags]:
    """Which small parts are the two points of a colon, and which are dots of a row of three or more.

    Dust falls anywhere; these are alike, and one above the other or in an even rhythm.
    """
    colons, dots = np.zeros(len(parts), bool), np.zeros(len(parts), bool)
    which = np.flatnonzero(small)
    if not 2 <= len(which) <= _MOST:
        return colons, dots
    small_parts = parts[which]
    alike = _alike(small_parts, em, settings)
    middles = small_parts[:, :2] + small_parts[:, 2:4] / 2
    steps = middles[None] - middles[:, None]
    colons[which] = (alike & _one_above_the_other(steps, em, settings)).any(axis=1)
    for run in _rows_of_dots(middles, steps, alike | _clipped(small_parts, em, settings), em, settings):
        dots[which[run]] = True
    return colons, dots


def _alike(parts: Parts, em: float, settings: MarkSettings) -> Flags:
    """Which two of the parts are of one size, shape (n, n)."""
    slack = PIXELS + settings.alike_em * em
    sides = parts[:, 2:4]
    alike: Flags = (np.abs(sides[None] - sides[:, None]) <= slack).all(axis=2)
    return alike


def _clipped(parts: Parts, em: float, settings: MarkSettings) -> Flags:
    """Which part (second index) may be one like another (first), cut off upright: beside the ruling that the last of a
    row of dots stands at. Shape (n, n)."""
    slack = PIXELS + settings.alike_em * em
    widths, heights = parts[:, 2], parts[:, 3]
    clipped: Flags = (np.abs(heights[None] - heights[:, None]) <= slack) & (widths[None] <= widths[:, None])
    return clipped


def _one_above_the_other(steps: FloatArray, em: float, settings: MarkSettings) -> Flags:
    """steps: from each part's middle to each other's, x and y, shape (n, n, 2)."""
    near, far = settings.colon_em
    across, along = np.abs(steps[..., 0]), np.abs(steps[..., 1])
    colons: Flags = (across <= settings.line_em * em + 0.5) & (near * em <= along) & (along <= far * em)
    return colons


def _rows_of_dots(
    middles: FloatArray, steps: FloatArray, alike: Flags, em: float, settings: MarkSettings
) -> list[list[int]]:
    """Runs of three and more dots in one line and an even rhythm."""
    near, far = settings.dots_em
    in_line = np.abs(steps[..., 1]) <= settings.line_em * em + 0.5
    begins = (near * em <= steps[..., 0]) & (steps[..., 0] <= far * em) & in_line
    slack = settings.line_em * em + 1.0
    found: list[list[int]] = []
    for first, second in np.argwhere(begins).tolist():
        run, step = [first, second], steps[first, second]
        while True:
            fits = alike[first] & (np.abs(middles - middles[run[-1]] - step) <= slack).all(axis=1)
            fits[run] = False
            if not fits.any():
                break
            run.append(int(np.argmax(fits)))
        if len(run) >= settings.least_dots:
            found.append(run)
    return found


def only_mark(binary: Mask, line: Box, em: float, settings: MarkSettings) -> str:
    """The mark that all the ink of a line is, told by its shape alone; "" where it is none or may be a character.

    binary: 255 = ink; line: the ink's box in it. A dash as long as a character may be 一: the reading says.
    """
    x0, y0, x1, y1 = (int(v) for v in (line.x0, line.y0, line.x1, line.y1))
    width, height = x1 - x0, y1 - y0
    rough = width >= settings.rough_ratio * height and height <= settings.rough_em * em
    if height <= settings.flat_em * em or rough:
        return _flat_mark(binary[y0:y1, x0:x1], em, settings)
    if width <= settings.slash_width_em * em and height >= settings.slash_height_em * em:
        return "/" if _leans(binary[y0:y1, x0:x1], em, settings) else ""
    return ""


def _flat_mark(ink: Mask, em: float, settings: MarkSettings) -> str:
    count, _, stats, _ = labelled_parts(ink)
    parts, width = stats[1:], ink.shape[1]
    _, dots = set_marks(parts, np.ones(count - 1, bool), em, settings)
    if dots.all() and count > settings.least_dots:
        return "…" * max(1, round((count - 1) / 3))
    solid = float(np.mean(ink.any(axis=0))) >= settings.solid
    if not solid or width < settings.dash_ratio * ink.shape[0]:
        return ""
    if width <= settings.short_dash_em * em:
        return "-"
    return "——" if width >= settings.long_dash_em * em else "—"


def _leans(ink: Mask, em: float, settings: MarkSettings) -> bool:
    """Whether the ink is one straight stroke that leans to the right as a slash does: no foot, no flag."""
    y, x = np.nonzero(ink)
    if len(y) < 4:
        return False
    # The line of least squares through the ink, and how far it lies to both sides of that line.
    down, across = y - y.mean(), x - x.mean()
    spread = float(np.dot(down, down))
    slope = float(np.dot(down, across)) / spread if spread else 0.0
    aside = float(np.sqrt(12.0 * max(0.0, float(np.dot(across, across)) - slope * slope * spread) / len(y)))
    if -slope < settings.slash_lean or aside > settings.slash_stroke_em * em + 1.0:
        return False
    return bool(np.count_nonzero(ink.any(axis=1)) >= settings.solid * ink.shape[0])


def begins_with_minus(binary: Mask, line: Box, em: float, settings: MarkSettings) -> bool:
    """Whether a line of ink begins with a flat mark at half its height, near to what follows."""
    x0, y0, x1, y1 = (int(v) for v in (line.x0, line.y0, line.x1, line.y1))
    first = binary[y0:y1, x0:x1]
    empty = np.flatnonzero(~first.any(axis=0))
    if len(empty) == 0 or not settings.least_dash_em * em <= empty[0] <= settings.short_dash_em * em:
        return False
    _, y, width, height = cv2.boundingRect(np.ascontiguousarray(first[:, : empty[0]]))
    level = (y + height / 2) / (y1 - y0)
    return bool(width >= settings.dash_ratio * height and settings.minus_level[0] <= level <= settings.minus_level[1])


def like_dash(parts: Parts, middle: float, em: float, settings: MarkSettings) -> int | None:
    """The part that may be a short dash, where all ink of a cell is too small for print: the longest that has the shape
    of one, else, as dashes smear, the one next to the middle of the cell's height. middle: that, pixels."""
    width, height = parts[:, 2], parts[:, 3]
    low = (height <= settings.flat_em * em) & (width >= settings.least_dash_em * em)
    flat = low & (width >= settings.dash_ratio * height)
    if flat.any():
        return int(np.argmax(np.where(flat, width, 0)))
    off = np.abs(parts[:, 1] + height / 2 - middle)
    return int(np.argmin(np.where(low, off, np.inf))) if low.any() else None


def is_flat(box: Box, em: float, settings: MarkSettings) -> bool:
    """Whether ink has the shape of a dash."""
    long = box.width >= settings.least_dash_em * em and box.width >= settings.dash_ratio * box.height
    return long and box.height <= settings.flat_em * em
