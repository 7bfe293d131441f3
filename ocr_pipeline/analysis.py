"""Analysis: a page image in, crops with addresses out. The left half of the pipeline; runs in any process."""

from __future__ import annotations

from ocr_pipeline.allocation import give_back_before_the_peak
from ocr_pipeline.clean.black import is_black
from ocr_pipeline.clean.page import clean_page
from ocr_pipeline.document import Flag
from ocr_pipeline.geometry import Box
from ocr_pipeline.layout.detect import cut_lines, find_lines, without_tables
from ocr_pipeline.layout.figures import find_figures
from ocr_pipeline.seals.cut import cut_seals
from ocr_pipeline.settings import Settings
from ocr_pipeline.stages import (
    CleanPage,
    Crop,
    OrientationModel,
    PageAnalysis,
    PageImage,
    TableGrid,
    TextDetector,
    TextLine,
)
from ocr_pipeline.tables.charts import apart_from_charts
from ocr_pipeline.tables.crops import cut_table, table_em
from ocr_pipeline.tables.erase import UnruledPage, erase_rulings
from ocr_pipeline.tables.grid import find_tables
from ocr_pipeline.tables.open_split import split_rows
from ocr_pipeline.tables.open_tables import take_open_tables
from ocr_pipeline.tables.torn import cut_off


def analyse_page(
    page: PageImage, detector: TextDetector, settings: Settings, *, orientation: OrientationModel | None = None
) -> PageAnalysis:
    """Clean one page, find its tables and its lines of text, and cut everything that is to be read.

    orientation: tells which way up the page lies; without it the page is taken to stand upright.
    """
    clean = clean_page(page, settings, orientation)
    grids: tuple[TableGrid, ...] = ()
    charts: tuple[Box, ...] = ()
    if not clean.blank:
        ruled = find_tables(clean.rulings, clean.binary, clean.ruling_em, settings.table, clean.seal_mask)
        grids, charts = apart_from_charts(ruled, clean.binary, clean.ruling_em, settings.table)
    crops: list[Crop] = []
    flags: list[tuple[int, int, Flag]] = []
    lines: tuple[TextLine, ...] = ()
    figures: tuple[Box, ...] = ()
    if not clean.blank:
        unruled = erase_rulings(clean, grids, settings.reading)
        grids = tuple(_with_rows(grid, clean, unruled, settings) for grid in grids)
        flags.extend(
            (number, cell, Flag.INVENTED_EDGE)
            for number in cut_off(grids, clean.binary, clean.ruling_em, settings.table)
            for cell in range(len(grids[number].cells))
        )
        for number, grid in enumerate(grids):
            cut = cut_table(clean, unruled, grid, number, settings.clean, settings.reading)
            crops.extend(cut.crops)
            flags.extend((number, cell, flag) for cell, flag in cut.flags)
        give_back_before_the_peak()
        outside = without_tables(clean, unruled, grids)
        lines = find_lines(clean, outside, detector, settings.reading)
        figures = find_figures(clean, outside, lines, settings.figures)
        opened = take_open_tables(clean, unruled, grids, charts, lines, settings)
        grids, lines = opened.grids, opened.lines
        crops.extend(opened.crops)
        flags.extend(opened.flags)
        crops.extend(cut_lines(clean, unruled, lines, settings.reading))
    crops.extend(cut_seals(page.image, clean, settings.seal_text))
    black = not crops and is_black(page.image, settings.negative)
    return PageAnalysis(
        index=page.index,
        transform=clean.transform,
        dpi=clean.dpi,
        dpi_estimated=clean.dpi_estimated,
        skew=clean.skew,
        skew_confidence=clean.skew_confidence,
        orientation=clean.orientation,
        text_height=clean.text_height,
        blank=clean.blank or black,
        tables=grids,
        lines=lines,
        figures=figures,
        seals=clean.seals,
        crops=tuple(crops),
        cell_flags=tuple(flags),
        black=black,
    )


def _with_rows(grid: TableGrid, page: CleanPage, unruled: UnruledPage, settings: Settings) -> TableGrid:
    """The grid with rows parted that no ruling parts, measured by its own print where that is clearly smaller than the
    page's."""
    own = table_em(page, unruled, grid, settings.clean)
    em = own if own < settings.open.small_print * page.ruling_em else page.ruling_em
    return split_rows(grid, unruled, em, settings.reading, settings.open)
