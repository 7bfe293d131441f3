"""Whether a table of a known form is all there: every section, row and column, and a cell of its own where they meet.

A row that fell out of the table, or two cells taken for one, is a number that is missing or stands in the wrong place;
no sum tells of it where the form has none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from ocr_pipeline.document import Cell, CellRole, Check, Document, Flag, Table
from ocr_pipeline.reports.labels import short
from ocr_pipeline.reports.match import BandMatch, TableMatch
from ocr_pipeline.reports.profile import FormProfile
from ocr_pipeline.reports.structure import Grid, Position

_THERE, _MISSING = "there", "not found"


def missing_parts(table: Table, match: TableMatch | None) -> tuple[Check, ...]:
    """A broken check for every section, row, column and cell of the form that is not there."""
    if match is None:
        return ()
    grid = Grid(table)
    checks = list(_missing_sections(match))
    for band in match.bands:
        checks += _missing_labels(band)
        checks += _missing_cells(grid, band)
    return tuple(checks)


def missing_tables(document: Document, profiles: Iterable[FormProfile]) -> tuple[str, ...]:
    """The titles of tables that are not there although the document, read as a whole, has most others of the form."""
    if len(document.pages) < document.source.pages:
        return ()
    found = {table.profile for table in document.tables}
    missing: list[str] = []
    for form in profiles:
        gone = [table.title for table in form.tables if table.key not in found]
        if 2 * len(gone) < len(form.tables):
            missing += gone
    return tuple(missing)


def flagged_merged(table: Table, missing: Iterable[Check]) -> Table:
    """The table with a flag on each cell that covers the place of another one of the form as well: missing_parts()
    names it."""
    merged = {check.cells[0] for check in missing if check.cells}
    return replace(
        table, cells=tuple(_flagged(cell) if (cell.row, cell.col) in merged else cell for cell in table.cells)
    )


def _flagged(cell: Cell) -> Cell:
    return cell.flagged(Flag.INVENTED_EDGE) if cell.text.strip() else cell


def _missing_sections(match: TableMatch) -> Iterator[Check]:
    """Sections of the edition that most of the table follows."""
    found = {band.block.title for band in match.bands}
    editions = Counter(edition for band in match.bands for edition in band.block.editions)
    edition = editions.most_common(1)[0][0] if editions else None
    for block in match.profile.blocks:
        if block.title and block.title not in found and (not block.editions or edition in block.editions):
            found.add(block.title)
            yield Check(f"section {short(block.title)}", False, (), _THERE, _MISSING)


def _missing_labels(band: BandMatch) -> Iterator[Check]:
    columns = {label.id for label, _ in band.columns}
    rows = {label.id for label, _ in band.rows if label is not None}
    where = f"{band.block.title}: " if band.block.title else ""
    for kind, labels, found in (("column", band.block.columns, columns), ("row", band.block.rows, rows)):
        for label in labels:
            if label.id not in found and not label.optional:
                yield Check(f"{where}{kind} {short(label.path[-1])}", False, (), _THERE, _MISSING)


def _missing_cells(grid: Grid, band: BandMatch) -> Iterator[Check]:
    """Where a known row and column meet and no cell begins. cells: the one that covers the place, if any does."""
    begun: set[Position] = set()
    for row_label, row in band.rows:
        for column_label, leaf in band.columns:
            data = grid.data(row.row, leaf)
            place = (data.row, data.col) if data is not None else None
            if place is not None and place not in begun and data is not None and data.role is CellRole.DATA:
                begun.add(place)
                continue
            name = row_label.path[-1] if row_label is not None else (row.path[-1] if row.path else f"row {row.row + 1}")
            over = data or grid.at(row.row, leaf.first)
            cells = ((over.row, over.col),) if over is not None else ()
            yield Check(f"{short(name)}, {short(column_label.path[-1])}: a cell", False, cells, _THERE, _MISSING)
