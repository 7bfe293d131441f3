"""Where a person looks at the page a row was read from: a file beside the workbook, if there is one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ocr_pipeline.document import Cell, CellRole, Table
from ocr_pipeline.export.numbers import plain_number
from ocr_pipeline.export.sheetlayout import lines_of

REVIEW, PICTURES, SEARCHABLE = "review.html", "draw", "searchable.pdf"
"""As commands.results names them."""


@dataclass(frozen=True, slots=True)
class Link:
    """A file beside the workbook, relative to it; location: the place within it; said: a few words about it."""

    target: str
    location: str | None
    said: str


PageLink = Callable[[int, str], Link | None]
"""Given a page's index and a place in the review page (page_place, cell_place)."""


def page_place(page: int) -> str:
    """The review page's name for a page (by its index)."""
    return f"page-{page + 1}"


def cell_place(table_id: str, row: int, col: int) -> str:
    """The review page's name for a cell."""
    return f"{table_id}-r{row + 1}c{col + 1}"


def no_link(page: int, place: str) -> None:
    """For a workbook that stands alone."""


def links_in(folder: Path) -> PageLink:
    """Links to what the folder holds at this moment: the review page, which shows the place itself, or else the
    page's picture or the searchable PDF. Nothing read from a scan gets into a link."""
    has_review, has_pdf = (folder / REVIEW).is_file(), (folder / SEARCHABLE).is_file()

    def link(page: int, place: str) -> Link | None:
        said = f"Page {page + 1} of the scan"
        picture = f"{PICTURES}/page-{page + 1:03}-cells.jpg"
        if has_review:
            return Link(REVIEW, place, said)
        if (folder / picture).is_file():
            return Link(picture, None, said)
        return Link(SEARCHABLE, f"page={page + 1}", said) if has_pdf else None

    return link


def linked_cells(table: Table, widths: Sequence[float]) -> list[Cell]:
    """For each row below the head the cell to carry its link: its label, or where that takes several lines a number.

    widths: of the sheet's columns, in characters. LibreOffice shows a linked text on one line only: one that needs
    more would be cut off, so a row that has nothing else goes without a link.
    """
    found: dict[int, Cell] = {}
    for cell in sorted(table.cells, key=lambda cell: (cell.row_span > 1, cell.role is CellRole.DATA, cell.col)):
        if cell.role not in _HEADS and _fits(cell, widths):
            found.setdefault(cell.row, cell)
    return [found[row] for row in sorted(found)]


_HEADS = (CellRole.COLUMN_HEADER, CellRole.STUB_HEAD)


def _fits(cell: Cell, widths: Sequence[float]) -> bool:
    width = sum(widths[cell.col : cell.col + cell.col_span])
    return plain_number(cell.text) is not None or (bool(cell.text) and lines_of(cell.text, width) == 1)
