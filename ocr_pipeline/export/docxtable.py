"""A table of the report as a table of a Word document, its merged cells merged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import median

from docx.document import Document as WordDocument
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Pt
from docx.table import Table as WordTable
from docx.table import _Cell, _Row
from docx.text.run import Run

from ocr_pipeline.document import Cell, CellRole, Table
from ocr_pipeline.export.docxstyle import TEXT_WIDTH
from ocr_pipeline.export.grid import head_rows, owner_grid

_HEAD_FILL, _DOUBT_FILL = "F3F5F8", "FFE699"
_SIZES = ((8, 10.5), (12, 9.0), (16, 7.5))
"""Up to so many columns, type of so many points."""
_SMALLEST = 6.5
_NARROWEST = 0.35
"""A column has at least this part of an even share of the width."""

Mark = Callable[[Run, Cell], None]


def add_table(word: WordDocument, table: Table, clean: Callable[[str], str], mark: Mark) -> None:
    """Append the table. clean: the text as XML can hold it; mark: called for each cell in doubt with its run.

    Raises ValueError when cells overlap.
    """
    owner_grid(table)
    made = word.add_table(table.rows, table.cols, style="Table Grid")
    made.alignment, made.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    rows = list(made.rows)
    # All positions are taken down before any are merged: afterwards they are found by long searches only.
    places = [row.cells for row in rows]
    _set_widths(made, places, _column_widths(table))
    size = next((points for most, points in _SIZES if table.cols <= most), _SMALLEST)
    for cell in table.cells:
        place = places[cell.row][cell.col]
        if cell.row_span > 1 or cell.col_span > 1:
            place = place.merge(places[cell.row + cell.row_span - 1][cell.col + cell.col_span - 1])
        _fill(place, cell, clean(cell.text), size, mark)
    for number, row in enumerate(rows):
        _set_row(row, repeated=number < head_rows(table))


def _fill(place: _Cell, cell: Cell, text: str, size: float, mark: Mark) -> None:
    header = cell.role is not CellRole.DATA
    paragraph = place.paragraphs[0]
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(1.5)
    paragraph.paragraph_format.line_spacing = 1.0
    left = cell.role is CellRole.ROW_HEADER and cell.row_span == 1
    paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT if left else WD_ALIGN_PARAGRAPH.CENTER
    place.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    run = paragraph.add_run(text)
    run.font.size, run.font.bold = Pt(size), header
    if cell.flags:
        _shade(place, _DOUBT_FILL)
        mark(run, cell)
    elif header:
        _shade(place, _HEAD_FILL)


def _shade(place: _Cell, colour: str) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        shade.set(qn(f"w:{name}"), value)
    properties = place._tc.get_or_add_tcPr()
    aligned = properties.find(qn("w:vAlign"))
    # The format prescribes the order of the properties.
    properties.append(shade) if aligned is None else aligned.addprevious(shade)


def _set_row(row: _Row, repeated: bool) -> None:
    """Rows are not cut by a page's end; those of the head stand on each page."""
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if repeated:
        properties.append(OxmlElement("w:tblHeader"))


# --- widths ------------------------------------------------------------------------------------------------------


def _set_widths(made: WordTable, places: Sequence[Sequence[_Cell]], shares: Sequence[float]) -> None:
    widths = [Emu(round(TEXT_WIDTH * share)) for share in shares]
    for column, width in zip(made.columns, widths, strict=True):
        column.width = width
    for row in places:
        for place, width in zip(row, widths, strict=True):
            place.width = width


def _column_widths(table: Table) -> list[float]:
    """The columns' shares of the table's width, as printed; together 1."""
    printed: list[list[float]] = [[] for _ in range(table.cols)]
    for cell in sorted(table.cells, key=lambda cell: cell.col_span):
        for col in range(cell.col, cell.col + cell.col_span):
            if cell.col_span == 1 or not printed[col]:
                printed[col].append(_printed_width(cell) / cell.col_span)
    widths = [median(found) if found else 0.0 for found in printed]
    even = sum(widths) / len(widths) or 1.0
    widths = [max(width, _NARROWEST * even) for width in widths]
    return [width / sum(widths) for width in widths]


def _printed_width(cell: Cell) -> float:
    (x0, y0), (x1, y1), _, _ = cell.quad.points
    return float(((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5)
