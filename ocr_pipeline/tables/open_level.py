"""Level lines on a page that still leans a little: heights as if the table's bars ran level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from ocr_pipeline.geometry import Box
from ocr_pipeline.tables.open_bars import Bar


@dataclass(frozen=True)
class Level:
    """The lean of a table's rows: at height top and at height bottom (y per x), shifted about x = middle. Pixels."""

    middle: float = 0.0
    top: float = 0.0
    bottom: float = 1.0
    lean_top: float = 0.0
    lean_bottom: float = 0.0

    @classmethod
    def along(cls, bars: Sequence[Bar]) -> Level:
        """From the first and the last of a table's bars."""
        if not bars:
            return cls()
        first, last = bars[0], bars[-1]
        middle = (first.start + first.end) / 2
        return cls(middle, first.middle, max(last.middle, first.middle + 1.0), first.slope, last.slope)

    @classmethod
    def through(cls, lines: Sequence[Sequence[Box]]) -> Level:
        """From the feet of boxes on printed lines, those of equal height (numbers) compared with each other: the lean
        of the upper and of the lower half of the lines."""
        leans = [(height, lean) for line in lines if (found := _lean(line)) is not None for height, lean in [found]]
        if len(leans) < 4:
            return cls()
        leans.sort()
        half = len(leans) // 2
        (top, lean_top), (bottom, lean_bottom) = (
            (median(y for y, _ in part), median(lean for _, lean in part)) for part in (leans[:half], leans[half:])
        )
        boxes = [box for line in lines for box in line]
        middle = (min(box.x0 for box in boxes) + max(box.x1 for box in boxes)) / 2
        return cls(middle, top, max(bottom, top + 1.0), lean_top, lean_bottom)

    def lean(self, y: float) -> float:
        share = min(max((y - self.top) / (self.bottom - self.top), 0.0), 1.0)
        return self.lean_top + share * (self.lean_bottom - self.lean_top)

    def flat(self, x: float, y: float) -> float:
        """The levelled height of a point of the page."""
        return y - self.lean(y) * (x - self.middle)

    def back(self, x: float, y: float) -> float:
        """The height on the page, at x, of a levelled height."""
        return y + self.lean(y) * (x - self.middle)

    def flat_box(self, box: Box) -> Box:
        """A box moved up or down to its levelled height."""
        dy = self.lean(box.centre[1]) * (box.centre[0] - self.middle)
        return Box(box.x0, box.y0 - dy, box.x1, box.y1 - dy)


def _lean(line: Sequence[Box]) -> tuple[float, float] | None:
    """The height of a line and its lean, from the two boxes furthest apart among those about equally high."""
    usual = median(box.height for box in line)
    alike = sorted((box for box in line if abs(box.height - usual) <= 0.1 * usual), key=lambda box: box.x0)
    if len(alike) < 2 or alike[-1].x0 - alike[0].x0 < 6 * usual:
        return None
    run = alike[-1].centre[0] - alike[0].centre[0]
    return (alike[0].y1 + alike[-1].y1) / 2, (alike[-1].y1 - alike[0].y1) / run
