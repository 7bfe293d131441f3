"""What speaks against the shape of a table of no known form: cells that its other rows do not have, numbers past its
header; and tables that look like a torn-off part of a known form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ocr_pipeline.document import CellRole, Check, Table
from ocr_pipeline.reports.labels import likeness, short
from ocr_pipeline.reports.misfit import in_doubt
from ocr_pipeline.reports.profile import FormProfile, TableProfile
from ocr_pipeline.reports.regrid import FEW
from ocr_pipeline.reports.run_together import run_together
from ocr_pipeline.reports.shaky import shaky
from ocr_pipeline.reports.structure import Band, Grid, Position, bands
from ocr_pipeline.reports.values import Kind, parse

_ENOUGH_ROWS = 4
_AS_ABOVE = "as in the other rows"


def loose_ends(table: Table) -> tuple[Check, ...]:
    """A broken check for every oddity in the shape of a table of no known form, with the numbers it puts in doubt."""
    grid = Grid(table)
    found = (check for band in bands(table) for check in (*_parted(grid, table, band), *_past_header(grid, band)))
    return (*(check for check in found if check.cells), *shaky(table), *run_together(table))


def _parted(grid: Grid, table: Table, band: Band) -> Iterator[Check]:
    """Cells in two where nearly all rows have one."""
    rows = [place.row for place in band.rows]
    if len(rows) < _ENOUGH_ROWS:
        return
    columns = {col: leaf for leaf in band.columns for col in range(leaf.first + 1, leaf.last + 1)}
    begun = Counter(c.col for c in table.cells if c.row in rows and c.role is CellRole.DATA and c.col in columns)
    for col, count in sorted(begun.items()):
        if count <= FEW * len(rows):
            at = {c.row for c in table.cells if c.row in rows and c.col == col}
            cells = [c for row in at for c in grid.row_cells(row, columns[col].first, columns[col].last)]
            places = tuple((c.row, c.col) for c in cells if parse(c.text).kind is Kind.NUMBER)
            yield Check(f"column {col + 1}", False, places, _AS_ABOVE, f"begins in {count} of {len(rows)} rows")


def _past_header(grid: Grid, band: Band) -> Iterator[Check]:
    """Numbers in the last column, where all columns but this one have a label."""
    if len(band.columns) < 3 or band.columns[-1].path or not all(leaf.path for leaf in band.columns[:-1]):
        return
    last = band.columns[-1]
    cells = [cell for place in band.rows if (cell := grid.data(place.row, last)) is not None]
    places = tuple((c.row, c.col) for c in cells if parse(c.text).kind is Kind.NUMBER)
    yield Check(f"column {last.first + 1}", False, places, "a label above it", "none")


# --- Parts of known forms ---

_SAME_LABEL = 0.8
_TWO = 2


def with_parts_said(tables: Sequence[Table], forms: Sequence[FormProfile]) -> tuple[Table, ...]:
    """The tables, all cells in doubt in those of no known form that are a part of one by their title or labels."""
    return tuple(table if table.profile else _said(table, forms) for table in tables)


def _said(table: Table, forms: Sequence[FormProfile]) -> Table:
    whole = next((part for form in forms for part in form.tables if _is_part(table, part, form)), None)
    if whole is None or not any(parse(c.text).kind is Kind.NUMBER for c in table.cells):
        return table
    places: list[Position] = [(c.row, c.col) for c in table.cells]  # labels may stand where numbers should
    rule = f"table {short(whole.title)}"
    check = Check(rule, False, tuple(places), "whole", "a part of it stands apart, its place is not known")
    others = tuple(known for known in table.checks if known.rule != rule)
    return replace(in_doubt(table, [check]), checks=(*others, check))


def _is_part(table: Table, whole: TableProfile, form: FormProfile) -> bool:
    if table.title and likeness(table.title, whole.title) >= _SAME_LABEL:
        return True
    words = [c.text for c in table.cells if parse(c.text).kind is Kind.TEXT]
    labels = {
        wording
        for block in whole.blocks
        for label in (*block.columns, *block.rows)
        for text in label.path
        for wording in form.wordings_of(text)
    }
    known = sum(any(likeness(word, label) >= _SAME_LABEL for label in labels) for word in words)
    return known >= _TWO and 2 * known >= len(words)
