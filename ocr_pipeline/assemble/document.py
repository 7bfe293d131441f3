"""The whole document from its pages' analyses and readings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ocr_pipeline.assemble.captions import Captions, bare, may_go_on
from ocr_pipeline.assemble.headings import with_headings_out
from ocr_pipeline.assemble.order import tables_in_order
from ocr_pipeline.assemble.page import layout_page
from ocr_pipeline.assemble.seal_names import printed_runs
from ocr_pipeline.assemble.seals import page_seals
from ocr_pipeline.assemble.stitch import Placed, Stitched, stitch_tables
from ocr_pipeline.assemble.tables import PageTable, assemble_tables
from ocr_pipeline.document import (
    Block,
    Document,
    EngineInfo,
    Figure,
    Filing,
    Flag,
    Page,
    PageStatus,
    Role,
    Seal,
    SourceInfo,
    Table,
)
from ocr_pipeline.geometry import Box, Quad
from ocr_pipeline.layout.lines import LayoutPage
from ocr_pipeline.layout.patterns import marker_level
from ocr_pipeline.layout.repeats import assign_document_roles
from ocr_pipeline.layout.roles import build_blocks
from ocr_pipeline.recognition import Readings
from ocr_pipeline.settings import Settings, StitchSettings
from ocr_pipeline.stages import PageAnalysis

_MARGINAL = frozenset({Role.HEADER, Role.FOOTER, Role.PAGE_NUMBER})


@dataclass(frozen=True)
class FailedPage:
    """A page that could not be read, and why."""

    index: int
    message: str


def assemble_document(
    source: SourceInfo,
    engine: EngineInfo,
    pages: Sequence[PageAnalysis | FailedPage],
    readings: Readings,
    settings: Settings,
) -> Document:
    """The document as read: pages with blocks, tables stitched over page breaks. Forms and checks come after."""
    good: list[PageAnalysis] = []
    for page in pages:
        if isinstance(page, PageAnalysis):
            analysis, readings = with_headings_out(page, readings)
            good.append(analysis)
    layouts = [layout_page(page, readings, settings.reading) for page in good]
    drafts = [(layout, build_blocks(layout, settings.layout)) for layout in layouts]
    blocks = assign_document_roles(drafts, settings.layout)
    by_page = {page.index: found for page, found in zip(good, blocks, strict=True)}
    printed = printed_runs(block for found in blocks for block in found)
    seals = {page.index: page_seals(page, readings, settings.seal_text, printed) for page in good}
    placed: list[Placed] = []
    for page, layout in zip(good, layouts, strict=True):
        tables = assemble_tables(page, readings, settings.reading)
        placed.extend(_place(page, layout, by_page[page.index], seals[page.index], tables, settings))
    logical = stitch_tables(placed, settings.stitch)
    return Document(
        source=source,
        engine=engine,
        filing=Filing(),
        pages=tuple(_page(page, by_page, seals) for page in pages),
        tables=tuple(_table(number, table) for number, table in enumerate(logical, start=1)),
    )


def _place(
    page: PageAnalysis,
    layout: LayoutPage,
    blocks: Sequence[Block],
    seals: Sequence[Seal],
    tables: Sequence[PageTable],
    settings: Settings,
) -> list[Placed]:
    """The page's tables in reading order, with their titles and whether text stands above or below them."""
    # A lone character is a speck or a remnant of a stamp more often than text; points and strokes alone are none.
    texts = [block for block in blocks if block.role not in _MARGINAL and _says_something(block, settings.stitch)]
    body = [(_upright(page, block), block) for block in texts if not _is_stamped(block, seals)]
    order = [tables[i] for i in tables_in_order([table.upright_box for table in tables])]
    result = []
    for i, table in enumerate(order):
        box = table.upright_box
        own = [(b, block) for b, block in body if not _is_remnant(b, block, box)]
        above = [block.text for b, block in own if b.centre[1] < box.y0]
        below = [block.text for b, block in body if b.centre[1] > box.y1]
        result.append(
            Placed(
                table,
                first=i == 0 and not above,
                last=i == len(order) - 1 and may_go_on(below),
                title=_title(box, own, page.text_height, settings),
                captions=Captions(tuple(above)) if i == 0 else None,
                below=tuple(below) if i == len(order) - 1 else None,
            )
        )
    return result


def _says_something(block: Block, settings: StitchSettings) -> bool:
    text = block.text.strip()
    return block.score >= settings.legible and len(text) > 1 and any(character.isalnum() for character in text)


def _is_stamped(block: Block, seals: Sequence[Seal]) -> bool:
    """Whether a text is what is left of a stamp's ink: it lies within the stamp, and is a piece of what that says, or
    read in doubt and without a number of its own."""
    within = [seal for seal in seals if block.box.intersection(seal.box) >= _INSIDE * block.box.area]
    return any(bare(block.text) in seal.text for seal in within) or (bool(within) and _is_doubted(block))


_INSIDE = 0.8
"""Of its box so much lies within the stamp's at least: remains are read with some of the paper around them."""


def _is_remnant(box: Box, block: Block, table: Box) -> bool:
    """Whether a text above a table is what a stamp left rather than a title: read in doubt, without a number of its
    own, and no title's place, as it begins in the table's right half."""
    return _is_doubted(block) and box.centre[1] < table.y0 and box.x0 > table.centre[0]


def _is_doubted(block: Block) -> bool:
    return Flag.LOW_SCORE in block.flags and marker_level(block.text) is None


def _title(table: Box, body: Sequence[tuple[Box, Block]], em: float, settings: Settings) -> str:
    """The text of the heading or title right above a table, or above the notes of its unit and maker, if there is
    one."""
    top = table.y0
    above = [item for item in body if item[0].centre[1] < top and item[0].x0 < table.x1 and table.x0 < item[0].x1]
    for box, block in sorted(above, key=lambda item: -item[0].y1):
        if top - box.y1 > settings.stitch.title_gap_em * em:
            return ""
        if block.role in (Role.TABLE_TITLE, Role.HEADING, Role.TITLE):
            return block.text
        if block.role is not Role.NOTE:
            return ""
        top = min(top, box.y0)
    return ""


def _upright(page: PageAnalysis, block: Block) -> Box:
    return page.transform.quad_to_upright(block.quad).box


def _page(
    page: PageAnalysis | FailedPage,
    blocks: Mapping[int, tuple[Block, ...]],
    seals: Mapping[int, tuple[Seal, ...]],
) -> Page:
    if isinstance(page, FailedPage):
        return Page(page.index, 0, 0, 0.0, 0, 0.0, PageStatus.FAILED, message=page.message)
    width, height = page.transform.source_size
    return Page(
        index=page.index,
        width=width,
        height=height,
        dpi=page.dpi,
        orientation=page.orientation,
        skew=page.skew,
        status=PageStatus.BLANK if page.blank else PageStatus.OK,
        blocks=blocks.get(page.index, ()),
        seals=seals.get(page.index, ()),
        dpi_estimated=page.dpi_estimated,
        skew_confidence=page.skew_confidence,
        figures=tuple(_figure(page, number, box) for number, box in enumerate(page.figures, start=1)),
        message=f"Page {page.index + 1} is black all over. Scan it again." if page.black else "",
    )


def _figure(page: PageAnalysis, number: int, box: Box) -> Figure:
    """number: from 1, of the pictures of the page."""
    quad = page.transform.quad_to_source(Quad.of_box(box))
    return Figure(quad.box.clipped(*page.transform.source_size), quad, f"figures/p{page.index + 1}-{number}.png")


def _table(number: int, table: Stitched) -> Table:
    return Table(f"t{number}", table.title, None, table.rows, table.cols, table.parts, table.cells)
