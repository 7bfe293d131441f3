"""One page of a document's truth, for readers that see single pages only."""

from __future__ import annotations

from dataclasses import replace

from ocr_pipeline.evaluation.records import UNREADABLE, CellRecord, DocumentRecord, PageRecord, PartRecord, TableRecord


def slice_page(document: DocumentRecord, page: PageRecord) -> DocumentRecord:
    """What stands on one page, as a document of that one page (index 0): the rows of each table that are printed there,
    numbered from 0, cells cut by a page break with the span and text they have on this page. Columns that no cell of
    these rows tells apart are one: nothing on the page shows more."""
    tables = (_slice_table(table, part) for table in document.tables for part in table.parts if part.page == page.index)
    return DocumentRecord(
        name=f"{document.name}-p{page.index + 1}", pages=(replace(page, index=0),), tables=tuple(tables)
    )


def _slice_table(table: TableRecord, part: PartRecord) -> TableRecord:
    first, last = part.rows
    cells = (_slice_cell(cell, part) for cell in table.cells if cell.row <= last and first < cell.row + cell.row_span)
    sliced = replace(
        table, rows=last - first + 1, cells=tuple(cells), parts=(PartRecord(0, (0, last - first), part.box),)
    )
    return _joined_columns(sliced)


def _joined_columns(table: TableRecord) -> TableRecord:
    edges = sorted({edge for cell in table.cells for edge in (cell.col, cell.col + cell.col_span)})
    number = {edge: position for position, edge in enumerate(edges)}
    cells = tuple(
        replace(cell, col=number[cell.col], col_span=number[cell.col + cell.col_span] - number[cell.col])
        for cell in table.cells
    )
    return replace(table, cols=max(0, len(edges) - 1), cells=cells)


def _slice_cell(cell: CellRecord, part: PartRecord) -> CellRecord:
    first, last = part.rows
    top = max(cell.row, first)
    bottom = min(cell.row + cell.row_span - 1, last)
    here = replace(cell, row=top - first, row_span=bottom - top + 1, page=0, parts=())
    if bottom - top + 1 == cell.row_span:
        return here
    piece = next((piece for piece in cell.parts if piece.page == part.page), None)
    if piece is None:
        # The truth does not say which of the cell's lines are on which page.
        return replace(here, text=UNREADABLE, box=None)
    return replace(here, text=piece.text, box=piece.box)
