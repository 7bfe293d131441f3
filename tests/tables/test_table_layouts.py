"""Drawn layouts come back exactly."""

from __future__ import annotations

import numpy as np
import pytest
from helpers_drawing import (
    STROKES,
    Tiling,
    analysed,
    covered_once,
    digits,
    em_at,
    grid_lines,
    layout_of,
    sheet,
    text,
    tilings,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ocr_pipeline.geometry import GrayImage
from ocr_pipeline.stages import TableGrid

relaxed = settings(
    max_examples=40, derandomize=True, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def found(gray: GrayImage, em: float) -> tuple[TableGrid, ...]:
    """The tables of a page whose few characters, of 12 points, are em pixels high."""
    return analysed(gray, em * 6).tables


@st.composite
def drawings(draw: st.DrawFn, dpi: int) -> tuple[GrayImage, Tiling, list[int], list[int], float]:
    """A page with one table of known layout, its cells filled with print of a known size."""
    tiling = draw(tilings())
    em = em_at(dpi, draw(st.sampled_from([9.0, 10.5, 12.0])))
    xs, ys = [1.5 * em], [2.0 * em]
    for _ in range(tiling.cols):
        xs.append(xs[-1] + em * draw(st.sampled_from([2.2, 3.0, 4.7, 8.0])))
    for _ in range(tiling.rows):
        ys.append(ys[-1] + em * draw(st.sampled_from([1.9, 2.4, 3.6, 6.0])))
    # Outlines no larger than a large character are no tables.
    xs[-1], ys[-1] = max(xs[-1], xs[0] + 9 * em), max(ys[-1], ys[0] + 2.4 * em)
    gray = sheet(72, (xs[-1] + 2 * em) / 72, (ys[-1] + 2 * em) / 72)
    thick = max(1, round(em * draw(st.sampled_from([0.04, 0.09, 0.15]))))
    columns, rows = [round(x) for x in xs], [round(y) for y in ys]
    grid_lines(gray, columns, rows, tiling.spans, thick)
    rng = np.random.default_rng(draw(st.integers(0, 1000)))
    for span in tiling.spans:
        fill(gray, span, columns, rows, em, rng)
    return gray, tiling.drawn, columns, rows, em


def fill(
    gray: GrayImage,
    span: tuple[int, int, int, int],
    xs: list[int],
    ys: list[int],
    em: float,
    rng: np.random.Generator,
) -> None:
    """Blank, a number, or lines of characters, kept as far from the rulings as print keeps."""
    row, col, height, width = span
    x0, x1, y0, y1 = xs[col], xs[col + width], ys[row], ys[row + height]
    kind = rng.choice(["blank", "number", "line", "lines"])
    if kind == "number":
        digits(gray, str(rng.integers(0, 10)), (x0 + x1) / 2 - 0.25 * em, (y0 + y1) / 2 - 0.35 * em, em)
    elif kind in ("line", "lines"):
        count = max(1, int((x1 - x0) / em - 0.7))
        lines = max(1, int((y1 - y0) / em / 1.3 - 0.3)) if kind == "lines" else 1
        top = (y0 + y1) / 2 - em * (1.3 * lines - 0.3) / 2
        for line in range(lines):
            names = "".join(rng.choice(list(STROKES), rng.integers(1, count + 1)))
            text(gray, names, (x0 + x1 - len(names) * em) / 2, top + 1.3 * em * line, em)


def check(drawing: tuple[GrayImage, Tiling, list[int], list[int], float]) -> None:
    gray, truth, xs, ys, em = drawing
    grids = found(gray, em)
    assert [layout_of(grid) for grid in grids] == [truth]
    (grid,) = grids
    assert covered_once(grid)
    assert max(min(abs(x - v) for v in xs) for x in grid.xs) <= 0.1 * em + 1
    assert max(min(abs(y - v) for v in ys) for y in grid.ys) <= 0.1 * em + 1
    # "inner" is a suspicion: the print of a merged cell may lie where a ruling would.
    assert not any(set(cell.invented) - {"inner"} for cell in grid.cells)


@relaxed
@given(drawings(dpi=200))
def test_layouts_come_back(drawing) -> None:
    check(drawing)


@pytest.mark.parametrize("dpi", [100, 150, 300, 400])
@settings(relaxed, max_examples=12)
@given(st.data())
def test_layouts_come_back_at_every_resolution(dpi: int, data: st.DataObject) -> None:
    check(data.draw(drawings(dpi=dpi)))


@relaxed
@given(tilings(), st.integers(0, 2**32 - 1))
def test_any_wear_leaves_a_grid_that_tiles(tiling: Tiling, seed: int) -> None:
    """Whatever is wiped off the rulings, the cells cover each position once."""
    em, rng = em_at(150), np.random.default_rng(seed)
    gray = sheet(150, 6, 5)
    xs, ys = [60 + 110 * i for i in range(tiling.cols + 1)], [60 + 90 * i for i in range(tiling.rows + 1)]
    grid_lines(gray, xs, ys, tiling.spans)
    for _ in range(int(rng.integers(1, 12))):
        y, x = rng.integers(0, gray.shape[0] - 60), rng.integers(0, gray.shape[1] - 60)
        gray[y : y + rng.integers(5, 120), x : x + rng.integers(5, 120)] = 255
    for grid in found(gray, em):
        assert covered_once(grid)
        assert list(grid.xs) == sorted(grid.xs)
        assert list(grid.ys) == sorted(grid.ys)
        assert len(grid.cells) >= 1
