"""Tables that were cut off along a side, and those that were set open there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ocr_pipeline.geometry import Box, Mask, Quad
from ocr_pipeline.settings import TableSettings
from ocr_pipeline.stages import GridCell, TableGrid
from ocr_pipeline.tables.torn import cut_off

EM = 20.0
SETTINGS = TableSettings()


def table(left: float, cols: int, rows: int = 6, *, bare: str = "", top: float = 100.0) -> TableGrid:
    """A grid of squares 80 by 40 pixels; bare: the side along which no cell has a ruling."""
    xs, ys = [left + 80 * i for i in range(cols + 1)], [top + 40 * i for i in range(rows + 1)]
    cells = []
    for r in range(rows):
        for c in range(cols):
            box = Box(xs[c], ys[r], xs[c + 1], ys[r + 1])
            outermost = (bare == "left" and c == 0) or (bare == "right" and c == cols - 1)
            cells.append(GridCell(r, c, 1, 1, box, Quad.of_box(box), (bare,) if outermost else ()))
    corners = tuple(tuple((x, y) for x in xs) for y in ys)
    return TableGrid(Box(xs[0], ys[0], xs[-1], ys[-1]), tuple(xs), tuple(ys), tuple(cells), corners)


def page(*printed: tuple[float, int]) -> Mask:
    """Ink: at each x a figure in so many of the rows."""
    ink: Mask = np.zeros((600, 1000), np.uint8)
    for x, rows in printed:
        for row in range(rows):
            top = 112 + 40 * row
            ink[top : top + 16, int(x) : int(x) + 10 : 2] = 255
            ink[top : top + 2, int(x) : int(x) + 10] = 255
    return ink


@pytest.mark.parametrize(("side", "beyond"), [("left", 250.0), ("right", 660.0)])
def test_print_beyond_a_bare_side_means_that_the_table_goes_on(side: str, beyond: float) -> None:
    grid = table(300, 4, bare=side)
    assert cut_off([grid], page((350, 6), (beyond, 6)), EM, SETTINGS) == {0}
    assert cut_off([grid], page((350, 6), (beyond, 3)), EM, SETTINGS) == frozenset()
    assert cut_off([table(300, 4)], page((350, 6), (beyond, 6)), EM, SETTINGS) == frozenset()


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_table_set_open_at_a_side_is_whole(side: str) -> None:
    ink = page((350, 6))
    assert cut_off([table(300, 4, bare=side)], ink, EM, SETTINGS) == frozenset()
    # The edge of the sheet is no print.
    ink[:, 270:273] = ink[:, 640:643] = 255
    assert cut_off([table(300, 4, bare=side)], ink, EM, SETTINGS) == frozenset()


def test_halves_side_by_side_with_their_rows_in_line_are_both_in_doubt() -> None:
    halves = [table(100, 3, bare="right"), table(420, 4)]
    assert cut_off(halves, page(), EM, SETTINGS) == {0, 1}
    assert cut_off([halves[0], table(420, 4, top=115.0)], page(), EM, SETTINGS) == frozenset()
    assert cut_off([table(100, 3), halves[1]], page(), EM, SETTINGS) == frozenset()
    far = table(100 + 3 * 80 + SETTINGS.torn_gap_em * EM + 5, 3)
    assert cut_off([halves[0], far], page(), EM, SETTINGS) == frozenset()


def test_tables_without_side_rulings_may_stand_side_by_side_with_rows_in_line() -> None:
    both = [open_at_both_sides(100, 3), open_at_both_sides(420, 4)]
    assert cut_off(both, page(), EM, SETTINGS) == frozenset()


def open_at_both_sides(left: float, cols: int) -> TableGrid:
    one, other = table(left, cols, bare="left"), table(left, cols, bare="right")
    cells = tuple(a if a.invented else b for a, b in zip(one.cells, other.cells, strict=True))
    return replace(one, cells=cells)


def test_tables_of_their_own_beside_a_bare_side_are_no_print_beyond_it() -> None:
    """Two tables without side rulings stand near each other, their rows out of step."""
    neighbours = [table(100, 3, bare="right"), table(360, 4, bare="left", top=115.0)]
    assert cut_off(neighbours, page((290, 6), (380, 6)), EM, SETTINGS) == frozenset()
