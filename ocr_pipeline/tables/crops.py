"""Pictures for the recogniser, cut from cells and lines.

How a crop is cut decides how it reads (measured, see CHANGELOG.md): blank margins left and right or a 0 reads as O,
the scale of the print kept or a dash fills the picture, wide blanks narrowed because cost is width.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import cv2
import numpy as np

from ocr_pipeline.clean.scale import estimate_text_height
from ocr_pipeline.document import Flag
from ocr_pipeline.geometry import Box, GrayImage, Mask, runs
from ocr_pipeline.settings import CleanSettings, ReadingSettings
from ocr_pipeline.stages import CleanPage, Crop, CropAddress, CropKind, GridCell, TableGrid
from ocr_pipeline.tables.erase import UnruledPage
from ocr_pipeline.tables.lone_dashes import LoneMark, repeated_dashes
from ocr_pipeline.tables.marks import begins_with_minus, is_flat, only_mark
from ocr_pipeline.tables.printed import CellPrint, find_print
from ocr_pipeline.tables.slants import without_slant


@dataclass(frozen=True)
class TableCrops:
    """The crops of one table, and what is known of its cells from the picture alone: (cell number, flag)."""

    crops: tuple[Crop, ...]
    flags: tuple[tuple[int, Flag], ...]
    em: float


def cut_table(
    page: CleanPage,
    unruled: UnruledPage,
    grid: TableGrid,
    table: int,
    clean: CleanSettings,
    settings: ReadingSettings,
) -> TableCrops:
    """Crops for every printed line of every cell of a table. table: its number on the page."""
    em = table_em(page, unruled, grid, clean)
    crops: list[Crop] = []
    flags: list[tuple[int, Flag]] = []
    dashes: list[_Dash] = []
    by_design = _open_sides(grid)
    for number, cell in enumerate(grid.cells):
        window = _window(cell, page)
        if window is None:
            continue
        rows, columns = window
        erased = None if unruled.erased is None else unruled.erased[rows, columns]
        gray, binary = unruled.gray[rows, columns], unruled.binary[rows, columns]
        if cell.row == cell.col == 0:
            gray, binary = without_slant(gray, binary, em, settings)
        printed = find_print(gray, binary, em, settings, erased)
        origin = (columns.start, rows.start)
        address = CropAddress(page.index, CropKind.CELL, table, number)
        stamped = page.seal_mask is not None and _touched(page.seal_mask[rows, columns], printed)
        for crop in cut_cell(printed, origin, address, em, settings):
            sure = bool(crop.mark) and not stamped and _alone(crop.mark, printed, binary, em, settings)
            crops.append(crop if sure or not crop.mark else replace(crop, mark=""))
            if crop.mark == _DASH and not stamped:
                dashes.append(_Dash(printed, printed.lines[0], origin, address, read=True))
        if printed.dash is not None and not stamped:
            dashes.append(_Dash(printed, printed.dash, origin, address))
        crossed = page.strays is not None and _touched(page.strays[rows, columns], printed)
        if printed.blot or crossed:
            flags.append((number, Flag.UNREAD_INK))
        if stamped:
            flags.append((number, Flag.UNDER_SEAL))
        if len(set(cell.invented) - by_design) >= settings.invented_sides:
            flags.append((number, Flag.INVENTED_EDGE))
    crops = _with_dashes(crops, dashes, em, settings)
    return TableCrops(tuple(crops), tuple(flags), em)


def _open_sides(grid: TableGrid) -> set[str]:
    """The sides of a table, left and right, at which no cell has a ruling: it was set without one there, and ends where
    its other rulings end."""
    first = [cell for cell in grid.cells if cell.col == 0]
    last = [cell for cell in grid.cells if cell.col + cell.col_span == grid.cols]
    return {
        side
        for side, cells in (("left", first), ("right", last))
        if len(cells) >= _SEVERAL and all(side in cell.invented for cell in cells)
    }


_SEVERAL = 3


def _alone(mark: str, printed: CellPrint, ink: Mask, em: float, settings: ReadingSettings) -> bool:
    """Whether hardly any other ink stands beside the one line of a cell, and a flat mark in the cell's middle or in a
    line that is set at its top or foot: elsewhere it may be what is left of a ruling or of a character, as no slash is.
    ink: the cell's picture before dust was taken off."""
    (line,) = printed.lines
    off = abs(line.y0 + line.y1 - ink.shape[0]) / 2
    kept = np.count_nonzero(printed.binary) >= settings.marks.alone * np.count_nonzero(ink)
    in_middle = off <= settings.marks.off_middle * ink.shape[0]
    in_a_line = min(line.y0, ink.shape[0] - line.y1) >= settings.marks.off_edge_em * em
    return bool(kept and (mark == "/" or in_middle or in_a_line))


_DASH = "-"


@dataclass(frozen=True)
class _Dash:
    """A cell without print but for a part that may be a short dash. box: in the cell's picture, whose origin on the
    page is (x, y); read: it is cut to be read as any print."""

    printed: CellPrint
    box: Box
    origin: tuple[int, int]
    address: CropAddress
    read: bool = False


def _with_dashes(crops: list[Crop], dashes: list[_Dash], em: float, settings: ReadingSettings) -> list[Crop]:
    """The crops, with those of dashes that come alike in several cells of the table."""
    marks = [LoneMark(d.box, *_size(d.printed.gray), is_flat(d.box, em, settings.marks)) for d in dashes]
    found = [dashes[place] for place in repeated_dashes(marks, em, settings.marks)]
    told = {dash.address for dash in found if dash.read}
    crops = [replace(crop, mark=_DASH) if crop.address in told else crop for crop in crops]
    for dash in found:
        if not dash.read:
            whole = replace(dash.printed, lines=(dash.box,))
            image = line_picture(whole, dash.box, em, settings)
            crops.append(Crop(dash.address, image, _shifted(dash.box, dash.origin), mark=_DASH))
    return crops


def _size(gray: GrayImage) -> tuple[int, int]:
    """Width and height."""
    return gray.shape[1], gray.shape[0]


def cut_cell(
    printed: CellPrint, origin: tuple[int, int], address: CropAddress, em: float, settings: ReadingSettings
) -> Iterator[Crop]:
    """The crops of one cell: one for each printed line, or one for several short ones laid side by side.

    origin: (x, y) of the cell's picture in upright pixels.
    """
    lines = printed.lines
    if len(lines) >= 2 and all(line.width <= settings.short_line_em * em for line in lines):
        strips = [line_picture(printed, line, em, settings, sides=False) for line in lines]
        image = _side_by_side(
            strips, round(settings.glyph_gap_em * em), round(_side_margin(em, settings)), printed.paper
        )
        counts = tuple(max(1, round(line.width / em)) for line in lines)
        yield Crop(address, image, _shifted(Box.around(lines), origin), stacked=True, line_lengths=counts)
        return
    mark = only_mark(printed.binary, lines[0], em, settings.marks) if len(lines) == 1 else ""
    number = 0
    for line in lines:
        for part, box in enumerate(_parts(printed.binary, line, em, settings)):
            image = line_picture(printed, box, em, settings)
            before = "" if number == 0 else (" " if part else "\n")
            place = CropAddress(address.page, address.kind, address.table, address.item, number)
            spread = 1 + len(_gaps(printed.binary, box, _SPREAD_EM * em))
            signed = number == 0 and begins_with_minus(printed.binary, box, em, settings.marks)
            yield Crop(place, image, _shifted(box, origin), before=before, spread=spread, mark=mark, signed=signed)
            number += 1


def line_picture(
    printed: CellPrint, line: Box, em: float, settings: ReadingSettings, *, sides: bool = True
) -> GrayImage:
    """One line's ink on bare paper with the margins the recogniser wants; other lines' ink is left out.

    line: the ink's box in the cell's picture. The picture is at least as tall as the print's own scale asks for, so
    that a dash stays a dash.
    """
    x0, y0, x1, y1 = (int(v) for v in (line.x0, line.y0, line.x1, line.y1))
    height, width = printed.gray.shape
    tall = max((y1 - y0) * (1 + 2 * settings.margin_top), min(2.0 * (y1 - y0), settings.line_em * em), 1.15 * em)
    tall = max(tall, (y1 - y0) + 4)
    pad_y = round((tall - (y1 - y0)) / 2)
    pad_x = round(_side_margin(em, settings)) if sides else 1
    canvas = np.full((y1 - y0 + 2 * pad_y, x1 - x0 + 2 * pad_x), printed.paper, np.uint8)
    # Around the ink a little of the paper comes along, so that soft edges are not cut.
    soft = max(1, round(0.08 * em))
    top, bottom = max(0, y0 - soft), min(height, y1 + soft)
    left, right = max(0, x0 - min(soft, pad_x)), min(width, x1 + min(soft, pad_x))
    top, bottom = _clear_of_neighbours(printed.lines, line, top, bottom)
    patch = printed.gray[top:bottom, left:right]
    canvas[top - y0 + pad_y : bottom - y0 + pad_y, left - x0 + pad_x : right - x0 + pad_x] = patch
    return _squeeze(canvas, _gaps(printed.binary, line, round(settings.squeeze_em * em)), pad_x, em, settings)


def _clear_of_neighbours(lines: tuple[Box, ...], line: Box, top: int, bottom: int) -> tuple[int, int]:
    """Rows of the patch that reach no other line's ink."""
    for other in lines:
        if other.y1 <= line.y0:
            top = max(top, int(other.y1))
        elif other.y0 >= line.y1:
            bottom = min(bottom, int(other.y0))
    return top, bottom


def _squeeze(
    canvas: GrayImage, gaps: list[tuple[int, int]], pad_x: int, em: float, settings: ReadingSettings
) -> GrayImage:
    """Narrow blanks wider than squeeze_em to that width. gaps: those; pad_x: where the ink begins in the picture."""
    if not gaps:
        return canvas
    limit = round(settings.squeeze_em * em)
    keep = np.ones(canvas.shape[1], bool)
    for start, end in gaps:
        middle = (start + end) // 2 + pad_x
        spare = end - start - limit
        keep[middle - spare // 2 : middle - spare // 2 + spare] = False
    return np.ascontiguousarray(canvas[:, keep])


def _parts(binary: Mask, line: Box, em: float, settings: ReadingSettings) -> list[Box]:
    """A line cut at blanks so wide that what stands on either side is read on its own."""
    x0, x1 = int(line.x0), int(line.x1)
    cuts = _gaps(binary, line, settings.apart_em * em)
    starts = [0, *(b for _, b in cuts)]
    ends = [*(a for a, _ in cuts), x1 - x0]
    return [Box(x0 + a, line.y0, x0 + b, line.y1) for a, b in zip(starts, ends, strict=True)]


_SPREAD_EM = 0.4
"""Groups of ink further apart are counted: a spread header has one for each character."""


def _gaps(binary: Mask, line: Box, width: float) -> list[tuple[int, int]]:
    """Where in a line's ink blanks wider than that begin and end (exclusive), in pixels from its left."""
    x0, y0, x1, y1 = (int(v) for v in (line.x0, line.y0, line.x1, line.y1))
    if x1 - x0 <= width:
        return []
    blank = np.asarray(~binary[y0:y1, x0:x1].any(axis=0))
    return [(start, end) for start, end in runs(blank) if end - start > width]


def _side_by_side(strips: list[GrayImage], gap: int, margin: int, paper: int) -> GrayImage:
    height = max(strip.shape[0] for strip in strips)
    columns: list[GrayImage] = [np.full((height, margin), paper, np.uint8)]
    for index, strip in enumerate(strips):
        if index:
            columns.append(np.full((height, gap), paper, np.uint8))
        above = (height - strip.shape[0]) // 2
        below = height - strip.shape[0] - above
        columns.append(cv2.copyMakeBorder(strip, above, below, 0, 0, cv2.BORDER_CONSTANT, value=paper))
    columns.append(np.full((height, margin), paper, np.uint8))
    return np.ascontiguousarray(np.hstack(columns))


def _side_margin(em: float, settings: ReadingSettings) -> float:
    return settings.margin_side * em


def _shifted(box: Box, origin: tuple[int, int]) -> Box:
    return Box(box.x0 + origin[0], box.y0 + origin[1], box.x1 + origin[0], box.y1 + origin[1])


def _window(cell: GridCell, page: CleanPage) -> tuple[slice, slice] | None:
    """The pixels of a cell, up to the middle of its rulings (which have been erased)."""
    height, width = page.ink.shape
    box = cell.quad.box.clipped(width, height)
    rows = slice(round(box.y0), round(box.y1))
    columns = slice(round(box.x0), round(box.x1))
    if rows.stop - rows.start < 3 or columns.stop - columns.start < 3:
        return None
    return rows, columns


def _touched(seal: Mask, printed: CellPrint) -> bool:
    """Whether stamp ink lies on or close to the print of a cell (or in a blank cell, anywhere)."""
    if not np.any(seal):
        return False
    if not printed.lines:
        return bool(np.count_nonzero(seal) > 0.01 * seal.size)
    for line in printed.lines:
        rows = slice(max(0, int(line.y0) - 2), int(line.y1) + 2)
        columns = slice(max(0, int(line.x0) - 2), int(line.x1) + 2)
        if np.any(seal[rows, columns]):
            return True
    return False


def table_em(page: CleanPage, unruled: UnruledPage, grid: TableGrid, clean: CleanSettings) -> float:
    """The height of a table's own print, which may differ from the page's."""
    height, width = page.ink.shape
    box = grid.box.clipped(width, height)
    part = unruled.binary[int(box.y0) : int(box.y1) + 1, int(box.x0) : int(box.x1) + 1]
    fallback_dpi = page.ruling_em * 72.0 / clean.default_em_points
    return estimate_text_height(np.ascontiguousarray(part), fallback_dpi, clean)
