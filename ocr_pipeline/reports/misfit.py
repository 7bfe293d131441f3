"""What of a table does not have its form's shape, and which numbers may for that stand in a wrong row or column.

The form says which rows and columns there are, in which order, and how many labels stand above and left of each. Where
the table has more or fewer, everything behind that place is in doubt; where the labels of two places stand in one cell,
only what stands there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ocr_pipeline.document import Cell, CellRole, Check, Flag, Table
from ocr_pipeline.reports.column_misfits import column_misfits
from ocr_pipeline.reports.labels import short
from ocr_pipeline.reports.match import TableMatch
from ocr_pipeline.reports.regrid import Axis
from ocr_pipeline.reports.reshape import merged_labels
from ocr_pipeline.reports.row_misfits import row_misfits, unknown_bands
from ocr_pipeline.reports.shape import Shape, said
from ocr_pipeline.reports.structure import Grid, Position
from ocr_pipeline.reports.values import Kind, parse


def misfits(table: Table, match: TableMatch) -> tuple[Check, ...]:
    """A broken check for everything that does not fit, with the cells whose place is in doubt for it."""
    form = Shape(table, Grid(table), match)
    return (
        *_numbers_for_labels(form),
        *_merged(form),
        *unknown_bands(form),
        *row_misfits(form),
        *column_misfits(form),
    )


def in_doubt(table: Table, checks: Iterable[Check]) -> Table:
    """The table with rule_broken on every cell that these checks name, and the reason in its note."""
    why: dict[Position, str] = {}
    for check in checks:
        for place in check.cells:
            why.setdefault(place, f"its place is in doubt: {check.rule}: {check.found}")
    return replace(table, cells=tuple(_doubted(cell, why.get((cell.row, cell.col))) for cell in table.cells))


def _doubted(cell: Cell, why: str | None) -> Cell:
    if why is None:
        return cell
    note = cell.note if cell.note and cell.note.endswith(why) else "; ".join(word for word in (cell.note, why) if word)
    return replace(cell.flagged(Flag.RULE_BROKEN), note=note)


def _merged(form: Shape) -> Iterator[Check]:
    """Two columns or rows in one: what stands there is in doubt."""
    for merged in merged_labels(form.match):
        rows, cols = [place.row for _, place in merged.band.rows], range(form.table.cols)
        cells = form.numbers(rows, [merged.place]) if merged.axis is Axis.COLS else form.numbers([merged.place], cols)
        yield said(f"{merged.axis.value} {short(merged.label.path[-1])}", cells, "ran together with the one beside")


def _numbers_for_labels(form: Shape) -> Iterator[Check]:
    """Numbers among the column labels of a form that has none there: read into a cell that a page break or a stamp
    spoilt."""
    printed = {text for band in form.match.bands for label in band.block.columns for text in label.path}
    for cell in form.table.cells:
        number = cell.role is CellRole.COLUMN_HEADER and parse(cell.text).kind is Kind.NUMBER
        if number and cell.text not in printed:
            yield said(f"label {cell.text}", [(cell.row, cell.col)], "a number")
