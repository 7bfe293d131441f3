"""Charts: frames with level lines across, through which bars run. No table has print on both sides of a ruling and none
between."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ocr_pipeline.geometry import Box, Mask, runs
from ocr_pipeline.settings import TableSettings
from ocr_pipeline.stages import TableGrid


def apart_from_charts(
    grids: Sequence[TableGrid], binary: Mask, em: float, settings: TableSettings
) -> tuple[tuple[TableGrid, ...], tuple[Box, ...]]:
    """The grids without charts, and where these are: frames of a single column through several of whose inner
    boundaries bars run.

    binary: the page's ink (255); em: height of the print in pixels.
    """
    charts = [_is_chart(grid, binary, em, settings) for grid in grids]
    tables = tuple(grid for grid, chart in zip(grids, charts, strict=True) if not chart)
    return tables, tuple(grid.box for grid, chart in zip(grids, charts, strict=True) if chart)


def _is_chart(grid: TableGrid, binary: Mask, em: float, settings: TableSettings) -> bool:
    if grid.cols > 1:
        return False
    crossed = [
        _widest_bar(grid, line, binary, em, settings) >= settings.chart_bar_em * em for line in range(1, grid.rows)
    ]
    return sum(crossed) >= settings.chart_crossed * max(1, len(crossed))


def _widest_bar(grid: TableGrid, line: int, binary: Mask, em: float, settings: TableSettings) -> int:
    """How wide the widest ink is that goes on from above an inner boundary to below it, in pixels."""
    (x0, y0), (x1, y1) = grid.corners[line][0], grid.corners[line][-1]
    inset = settings.chart_away_em * em
    along = np.arange(x0 + inset, x1 - inset).astype(np.int64)
    middle = np.interp(along, (x0, x1), (y0, y1))
    away = grid.row_thickness[line] / 2 + inset
    height, width = binary.shape
    columns = np.clip(along, 0, width - 1)
    through = np.ones(len(along), bool)
    for side in (-away, away):
        through &= binary[np.clip(np.rint(middle + side).astype(np.int64), 0, height - 1), columns] > 0
    return max((end - start for start, end in runs(through)), default=0)
