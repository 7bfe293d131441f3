"""What of a table does not have its form's shape, and which numbers may for that stand in a wrong row or column.

The form says which rows and columns there are, in which order, and how many labels stand above and left of each. Where
the table has more or fewer, everything behind that place is in doubt; where the labels of two places stand in one cell,
only what stands there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from ocr_pipeline.document import Cell, CellRole, Check, Flag, Table
from ocr_pipeline.reports.labels import short
from ocr_pipeline.reports.match import BandMatch, TableMatch
from ocr_pipeline.reports.regrid import Axis
from ocr_pipeline.reports.reshape import merged_labels
from ocr_pipeline.reports.structure import Band, Grid, Position, bands
from ocr_pipeline.reports.values import Kind, parse

_AS_IN_THE_FORM = "as in the form"
_LABELS = (CellRole.ROW_HEADER, CellRole.COLUMN_HEADER, CellRole.STUB_HEAD, CellRole.SECTION)


def misfits(table: Table, match: TableMatch) -> tuple[Check, ...]:
    """A broken check for everything that does not fit, with the numbers whose place is in doubt for it."""
    form = _Shape(table, Grid(table), match)
    checks = [*_numbers_for_labels(form), *_merged(form), *_unknown_bands(form), *_row_gaps(form), *_stray_lines(form)]
    for band in match.bands:
        checks += _column_gaps(form, band)
    return tuple(checks)


@dataclass(frozen=True)
class _Shape:
    """A table and the form's table it is."""

    table: Table
    grid: Grid
    match: TableMatch

    def numbers(self, rows: Iterable[int], cols: Iterable[int]) -> tuple[Position, ...]:
        """The data cells that begin in these rows and columns, blank ones aside."""
        wanted_rows, wanted_cols = set(rows), set(cols)
        found = (cell for cell in self.table.cells if cell.role is CellRole.DATA and cell.text.strip())
        return tuple((c.row, c.col) for c in found if c.row in wanted_rows and c.col in wanted_cols)

    def from_row(self, row: int) -> tuple[Position, ...]:
        return self.numbers(range(row, self.table.rows), range(self.table.cols))


def in_doubt(table: Table, checks: Iterable[Check]) -> Table:
    """The table with rule_broken on every number that these checks name, and the reason in its note."""
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


def _check(what: str, cells: Iterable[Position], found: str) -> Check:
    return Check(what, False, tuple(cells), _AS_IN_THE_FORM, found)


def _merged(form: _Shape) -> Iterator[Check]:
    """Two columns or rows in one: what stands there is in doubt."""
    for merged in merged_labels(form.match):
        rows, cols = [place.row for _, place in merged.band.rows], range(form.table.cols)
        cells = form.numbers(rows, [merged.place]) if merged.axis is Axis.COLS else form.numbers([merged.place], cols)
        yield _check(f"{merged.axis.value} {short(merged.label.path[-1])}", cells, "ran together with the one beside")


def _numbers_for_labels(form: _Shape) -> Iterator[Check]:
    """Numbers among the column labels of a form that has none there: read into a cell that a page break or a stamp
    spoilt."""
    printed = {text for band in form.match.bands for label in band.block.columns for text in label.path}
    for cell in form.table.cells:
        number = cell.role is CellRole.COLUMN_HEADER and parse(cell.text).kind is Kind.NUMBER
        if number and cell.text not in printed:
            yield _check(f"label {cell.text}", [(cell.row, cell.col)], "a number")


# --- Rows: how far apart those found are, and how far they are in the form ---


@dataclass(frozen=True)
class _Step:
    """From a row found (-1: the table's top) to the next one found: how many rows of the form lie between them, at
    least and at most, and the name of the first that is missing."""

    before: int
    row: int
    least: int
    most: int
    missing: str


def _row_gaps(form: _Shape) -> Iterator[Check]:
    """Rows lost between two that were found, or rows there that are none of the form's and bear no label."""
    for step in _steps(form.match):
        gap = step.row - step.before - 1
        if gap < step.least:
            yield _check(
                f"row {short(step.missing)}", form.from_row(step.row), "not found; what is below may be shifted"
            )
        elif gap > step.most and (row := _unlabelled(form, step)) is not None:
            yield _check(f"row {row + 1}", form.from_row(row), "no row of the form; what is below may be shifted")


def _steps(match: TableMatch) -> Iterator[_Step]:
    before, least, most, missing = -1, 0, 0, ""
    for band in match.bands:
        depth = max((len(label.path) for label, _ in band.columns), default=0)
        head = depth + bool(band.block.title)
        least, most, missing = least + head, most + head, missing or band.block.title or "of the header"
        rows = {label.id: place.row for label, place in band.rows if label is not None}
        for label in band.block.rows:
            if label.id not in rows:
                least, most, missing = least + (not label.optional), most + 1, missing or label.path[-1]
            elif rows[label.id] > before:
                yield _Step(before, rows[label.id], least, most, missing or label.path[-1])
                before, least, most, missing = rows[label.id], 0, 0, ""
        if not band.block.rows:
            yield _Step(before, band.rows[0][1].row, least, most, missing)
            before, least, most, missing = band.rows[-1][1].row, 0, 0, ""


def _unlabelled(form: _Shape, step: _Step) -> int | None:
    """The first row of a gap that has no words of its own where labels stand."""
    for row in range(step.before + 1, step.row):
        first = next(iter(form.grid.row_cells(row, 0, form.table.cols - 1)), None)
        if first is None or not any(c.row == row and c.text.strip() and c.role in _LABELS for c in form.table.cells):
            return row
    return None


# --- Columns ---


def _column_gaps(form: _Shape, band: BandMatch) -> Iterator[Check]:
    """Columns lost between two that were found, or columns there that are none of the form's and bear no label."""
    merged = {m.label.id for m in merged_labels(form.match) if m.band is band and m.axis is Axis.COLS}
    rows = [place.row for _, place in band.rows]
    found = {label.id: leaf for label, leaf in band.columns}
    end, missing = max((len(label.path) for label in band.block.rows), default=0), list[str]()
    in_order = [leaf.first for _, leaf in band.columns] == sorted(leaf.first for _, leaf in band.columns)
    for label in band.block.columns if in_order else ():
        if label.id not in found:
            missing += [label.path[-1]] if label.id not in merged and not label.optional else []
            continue
        leaf = found[label.id]
        gap = leaf.first - end
        if gap < len(missing) or gap < 0:
            cells = form.numbers(rows, range(leaf.first, form.table.cols))
            name = short(missing[0] if missing else "of the row labels")
            yield _check(f"column {name}", cells, "not found; those behind it may be shifted")
        elif gap > len(missing) and (col := _nameless(band.band, end, leaf.first)) is not None:
            cells = form.numbers(rows, range(col, form.table.cols))
            yield _check(f"column {col + 1}", cells, "no column of the form; those behind it may be shifted")
        end, missing = leaf.last + 1, []


def _nameless(band: Band, first: int, end: int) -> int | None:
    """A column between two others that bears no label."""
    between = (leaf for leaf in band.columns if first <= leaf.first < end)
    return next((leaf.first for leaf in between if not (leaf.path and leaf.path[-1].strip())), None)


def _stray_lines(form: _Shape) -> Iterator[Check]:
    """Columns begin somewhere where no column of numbers does: in a few rows only, or in rows of another table."""
    firsts = {leaf.first for band in bands(form.table) for leaf in band.columns}
    behind = min(firsts, default=form.table.cols)
    rows = {place.row for band in form.match.bands for _, place in band.rows}
    labels = {c.col for c in form.table.cells if c.row in rows and c.role is CellRole.ROW_HEADER}
    begun = {c.col for c in form.table.cells}
    for col in sorted(begun - firsts - (labels or set(range(behind)))):
        cells = form.numbers(range(form.table.rows), range(max(0, col - 1), form.table.cols))
        yield _check(f"column {col + 1}", cells, "begins in a few rows only; those behind it may be shifted")


def _unknown_bands(form: _Shape) -> Iterator[Check]:
    """Rows of numbers under a header that is none of the form's, and without a title."""
    known = {place.row for band in form.match.bands for _, place in band.rows}
    for band in bands(form.table):
        rows = [place.row for place in band.rows if place.row not in known]
        if len(rows) == len(band.rows) and not band.title and form.numbers(rows, range(form.table.cols)):
            yield _check(f"rows {rows[0] + 1} to {rows[-1] + 1}", form.from_row(rows[0]), "no part of the form")
