"""A page's running text from its readings."""

from __future__ import annotations

from ocr_pipeline.document import Flag
from ocr_pipeline.layout.lines import LayoutPage, ReadLine
from ocr_pipeline.layout.text import clean_text
from ocr_pipeline.recognition import Readings
from ocr_pipeline.settings import ReadingSettings
from ocr_pipeline.stages import CropKind, PageAnalysis


def layout_page(analysis: PageAnalysis, readings: Readings, settings: ReadingSettings) -> LayoutPage:
    """The page's lines with their readings, and its tables as obstacles."""
    width, height = analysis.transform.upright_size
    topmost = min(analysis.tables, key=lambda grid: grid.box.y0, default=None)
    return LayoutPage(
        index=analysis.index,
        width=float(width),
        height=float(height),
        text_height=analysis.text_height,
        lines=tuple(_read_lines(analysis, readings, settings)),
        obstacles=tuple(grid.box for grid in analysis.tables),
        first_columns=topmost.cols if topmost else 0,
    )


def _read_lines(analysis: PageAnalysis, readings: Readings, settings: ReadingSettings) -> list[ReadLine]:
    lines = []
    for crop in analysis.crops:
        if crop.address.kind is not CropKind.LINE:
            continue
        reading = readings[crop.address]
        if not reading.text.strip():
            continue
        quad = analysis.transform.quad_to_source(crop.box)
        flags = (Flag.LOW_SCORE,) if reading.score < settings.low_score else ()
        lines.append(
            ReadLine(
                text=clean_text(reading.text),
                raw=reading.text,
                score=reading.score,
                box=crop.box,
                quad_source=quad,
                box_source=quad.box.clipped(*analysis.transform.source_size),
                flags=flags,
            )
        )
    return lines
