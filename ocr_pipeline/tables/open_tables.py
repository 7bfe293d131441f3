"""Tables without a full grid: three-line tables, rulings under the header alone, columns by alignment.

Rows and columns come from the words of the page (the detector's lines, cut at wide blanks) and from the rulings there
are. Ruled tables are found first and left alone; a page with hardly any words side by side is left at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from ocr_pipeline.clean.line_masks import draw_ruling
from ocr_pipeline.document import Flag
from ocr_pipeline.geometry import Box, Mask
from ocr_pipeline.settings import OpenTableSettings, Settings
from ocr_pipeline.stages import CleanPage, Crop, TableGrid, TextLine
from ocr_pipeline.tables.crops import cut_table
from ocr_pipeline.tables.erase import UnruledPage
from ocr_pipeline.tables.open_bars import Bar, alike, bars_of, outside, without_print
from ocr_pipeline.tables.open_build import Draft, Region, draft_of, grid_of
from ocr_pipeline.tables.open_proof import is_table
from ocr_pipeline.tables.open_regions import aligned_regions, barred_regions, columned_regions
from ocr_pipeline.tables.open_rows import printed_lines
from ocr_pipeline.tables.open_words import Word, torn_apart, unseen_words, words_of


@dataclass(frozen=True)
class OpenTable:
    """An open table's grid (ruled is False) and the rulings that belong to it."""

    grid: TableGrid
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class OpenTables:
    """What open tables make of a page: all its tables, their crops and flags (table, cell, flag), the lines left."""

    grids: tuple[TableGrid, ...]
    crops: tuple[Crop, ...]
    flags: tuple[tuple[int, int, Flag], ...]
    lines: tuple[TextLine, ...]


def take_open_tables(
    page: CleanPage,
    unruled: UnruledPage,
    grids: tuple[TableGrid, ...],
    charts: Sequence[Box],
    lines: tuple[TextLine, ...],
    settings: Settings,
) -> OpenTables:
    """Find the page's open tables, cut their cells, and take their lines out of the running text.

    unruled: the page without the rulings of its ruled tables; grids: those tables, which keep their numbers; charts:
    where there are none.
    """
    found = find_open_tables(page, unruled, grids, charts, lines, settings.open)
    if not found:
        return OpenTables(grids, (), (), lines)
    bare = without_bars(unruled, [bar for table in found for bar in table.bars], page.ruling_em)
    crops: list[Crop] = []
    flags: list[tuple[int, int, Flag]] = []
    for number, table in enumerate(found, start=len(grids)):
        cut = cut_table(page, bare, table.grid, number, settings.clean, settings.reading)
        crops.extend(cut.crops)
        flags.extend((number, cell, flag) for cell, flag in cut.flags)
    boxes = [table.grid.box for table in found]
    left = tuple(line for line in lines if not any(box.contains(line.quad.box.centre) for box in boxes))
    return OpenTables((*grids, *(table.grid for table in found)), tuple(crops), tuple(flags), left)


def find_open_tables(
    page: CleanPage,
    unruled: UnruledPage,
    grids: Sequence[TableGrid],
    charts: Sequence[Box],
    lines: Sequence[TextLine],
    settings: OpenTableSettings,
) -> tuple[OpenTable, ...]:
    """The open tables of an upright page, from top to bottom; none where charts are."""
    words = words_of(lines, unruled.binary, page.text_height, settings)
    if not _worth_a_look(words, settings):
        return ()
    em = page.ruling_em
    boxes = [*(grid.box for grid in grids), *charts]
    level = bars_of(outside(page.rulings.horizontal, boxes, em, upright=False), em, settings)
    level = without_print(level, [word.box for word in words], settings)
    taken: list[OpenTable] = []

    def consider(regions: Sequence[Region]) -> None:
        for region in regions:
            table = _table(region, unruled, boxes, em, settings)
            if table is not None:
                taken.append(table)
                boxes.append(table.grid.box)

    for group in alike(level, em, settings):
        consider(barred_regions(group, level, _free(words, boxes), em, settings))
    upright = bars_of(outside(page.rulings.vertical, boxes, em, upright=True), em, settings, upright=True)
    short = [bar for bar in upright if bar.length < settings.upright_em * em]
    upright = [bar for bar in upright if bar.length >= settings.upright_em * em]
    if len(upright) >= settings.least_rows:
        # The detector took pieces of these rulings for print.
        bare = without_bars(unruled, upright, em)
        words = words_of(lines, bare.binary, page.text_height, settings)
        consider(columned_regions(upright, short, _free(words, boxes), em, settings))
    consider(aligned_regions(_free(words, boxes), em, settings))
    return tuple(sorted(taken, key=lambda table: (table.grid.box.y0, table.grid.box.x0)))


def _worth_a_look(words: Sequence[Word], settings: OpenTableSettings) -> bool:
    """Whether at least two lines of the page have words side by side."""
    return sum(len(line) > 1 for line in printed_lines(words)) >= settings.least_rows


def _free(words: Sequence[Word], boxes: Sequence[Box]) -> list[Word]:
    return [word for word in words if not any(box.contains(word.box.centre) for box in boxes)]


def _table(
    region: Region, unruled: UnruledPage, boxes: Sequence[Box], em: float, settings: OpenTableSettings
) -> OpenTable | None:
    draft = draft_of(region, settings)
    if draft is None or not is_table(draft, settings):
        return None
    draft = _seen_again(draft, unruled, em, settings)
    grid = grid_of(draft)
    if any(grid.box.intersection(box) > 0.02 * min(grid.box.area, box.area) for box in boxes):
        return None
    return OpenTable(grid, region.bars)


def _seen_again(draft: Draft, unruled: UnruledPage, em: float, settings: OpenTableSettings) -> Draft:
    """The draft once more, on the page without its bars: words torn apart where they run across columns, and the ink in
    which the detector saw no line."""
    region = draft.region
    binary = without_bars(unruled, region.bars, em).binary
    lifted = [replace(word, box=_lifted(word.box, region)) for word in region.words]
    alone = {line[0] for line in draft.lines if len(line) == 1}
    known: list[Word] = []
    for word, place in zip(region.words, lifted, strict=True):
        first, last = draft.columns.range_of(word.box.x0, word.box.x1, draft.em)
        if first == last or word in alone:
            known.append(place)
        else:
            edges = draft.columns.edges[first + 1 : last + 1]
            known.extend(torn_apart(place, edges, binary, draft.em, settings.torn_em * draft.em))
    x0, x1 = draft.columns.edges[0], draft.columns.edges[-1]
    y0, y1 = draft.rows[0].top - 0.3 * draft.em, draft.rows[-1].bottom + 0.1 * draft.em
    fresh = unseen_words(Box(x0, y0, x1, y1), known, binary, draft.em, settings)
    if not fresh and len(known) == len(lifted):
        return draft
    levelled = [replace(word, box=region.level.flat_box(word.box)) for word in (*known, *fresh)]
    kept = tuple(word for word in levelled if word.line >= 0 or _fits(word, draft))
    return draft_of(replace(region, words=kept), settings) or draft


def _fits(word: Word, draft: Draft) -> bool:
    """Whether ink the detector took for no print may be some: beside the middle of a row, a dash in no other place; no
    crumb of a bar."""
    middle, em = word.box.centre[1], draft.em
    if any(row.top < middle < row.bottom for row in draft.rows):
        return True
    region = draft.region
    bars = [y for y in (region.top, region.under_header, *region.cuts, region.bottom) if y is not None]
    return word.box.height > 0.45 * em and all(abs(middle - y) > 0.5 * word.box.height + 0.1 * em for y in bars)


def _lifted(box: Box, region: Region) -> Box:
    """A levelled box back at its height on the page."""
    dy = region.level.back(box.centre[0], box.centre[1]) - box.centre[1]
    return Box(box.x0, box.y0 + dy, box.x1, box.y1 + dy)


def without_bars(unruled: UnruledPage, bars: Sequence[Bar], em: float) -> UnruledPage:
    """The page with some rulings painted white, the crumbs along them too."""
    if not bars:
        return unruled
    mask: Mask = np.zeros(unruled.binary.shape, np.uint8)
    for bar in bars:
        for piece in bar.pieces:
            thickness = max(3, round(piece.thickness + _CRUMBS_EM * em + 2))
            draw_ruling(mask, piece, thickness, level=not bar.upright)
    gray, binary = unruled.gray.copy(), unruled.binary.copy()
    gray[mask > 0] = 255
    binary[mask > 0] = 0
    erased = mask if unruled.erased is None else cv2.bitwise_or(mask, unruled.erased)
    return UnruledPage(gray, binary, np.asarray(erased, np.uint8))


_CRUMBS_EM = 0.16
"""Crumbs of a worn ruling lie within this of it."""
