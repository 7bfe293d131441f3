"""A table of a known form given the form's own rows and columns, where its labels leave no doubt what they are.

A stamp's rim or a fold reads as a ruling and parts a few cells of a column that has one header: the line is taken out.
A ruling that is worn away makes one column of two, and their labels run together: a line is put in, so that the columns
behind keep their places; the cells that are two stay one and in doubt. Nothing is moved on the numbers' word.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median

from ocr_pipeline.document import CellRole, Table
from ocr_pipeline.reports.labels import bare, likeness
from ocr_pipeline.reports.match import BandMatch, TableMatch
from ocr_pipeline.reports.profile import FormProfile, Label
from ocr_pipeline.reports.regrid import FEW, Axis, parted_at, with_line, with_rows_above, without_line
from ocr_pipeline.reports.shape import LABELS, Shape
from ocr_pipeline.reports.structure import Band, Grid, Leaf, bands

_MOSTLY = 0.5


def reshaped(table: Table, match: TableMatch | None) -> Table:
    """The table (with roles) with one line less or more; the very same table where nothing is certain."""
    if match is None:
        return table
    form = Shape(table, Grid(table), match)
    for axis, line in (*_surplus_columns(table), *_surplus_label_columns(form), *_surplus_rows(table, match)):
        if (mended := without_line(table, axis, line)) is not None:
            return mended
    for merged in merged_labels(match):
        if not merged.both_places:
            return with_line(table, merged.axis, merged.place)
    for band in match.bands:
        for col in _double_columns(form, band):
            return with_line(table, Axis.COLS, col)
    return _with_whole_header(table, match.bands[0])


def _with_whole_header(table: Table, band: BandMatch) -> Table:
    """The table with the header rows that a page break kept apart, where the header goes on in the middle: it has no
    title, fewer rows than the form's, the corner cell beside all of them, and the outermost labels are missing."""
    first = band.rows[0]
    lost = max((len(label.path) for label, _ in band.columns), default=0) - first[1].row
    corner = Grid(table).at(0, 0)
    if table.title or band.block.title or lost < 1 or (band.block.rows and first[0] is not band.block.rows[0]):
        return table
    if corner is None or corner.role is not CellRole.STUB_HEAD or corner.row_span != first[1].row:
        return table
    pairs = [(label.path, leaf.path) for label, leaf in band.columns if len(label.path) > lost and leaf.path]
    inner = sum(likeness(path[lost], printed[0]) >= _MOSTLY for path, printed in pairs)
    return with_rows_above(table, lost, corner) if inner > _MOSTLY * len(band.columns) else table


def _surplus_columns(table: Table) -> Iterator[tuple[Axis, int]]:
    """Lines behind the row labels at which no column begins: a few cells are parted there, under one header."""
    leaves = {leaf.first for band in bands(table) for leaf in band.columns}
    labelled = {cell.col for cell in table.cells if cell.role in LABELS and cell.text.strip()}
    begun = {cell.col for cell in table.cells if cell.col > min(leaves, default=0)}
    yield from ((Axis.COLS, line) for line in sorted(begun - leaves - labelled))


def _surplus_label_columns(form: Shape) -> Iterator[tuple[Axis, int]]:
    """Lines between the columns of row labels that part labels of a few rows: a stroke of print, or of a pen, reads as
    a ruling there. Either they part them from nothing, or from a bracket; or the form has fewer columns of labels, and
    nowhere do both pieces make a label of it."""
    table = form.table
    first = min((leaf.first for band in bands(table) for leaf in band.columns), default=0)
    depth = max((len(label.path) for band in form.match.bands for label in band.block.rows), default=first)
    for line in range(1, first):
        pairs = parted_at(table, Axis.COLS, line)
        if not pairs or len(pairs) > FEW * table.rows:
            continue
        empty = not any(bare(before.text) and bare(behind.text) for before, behind in pairs)
        torn = not any(form.is_label(before.text) and form.is_label(behind.text) for before, behind in pairs)
        if empty or (torn and first > depth):
            yield Axis.COLS, line


def _surplus_rows(table: Table, match: TableMatch) -> Iterator[tuple[Axis, int]]:
    """Lines that part a few cells of a row that has one label; most go on through."""
    grid = Grid(table)
    for found in match.bands:
        for row in (place.row for _, place in found.rows):
            if found.block.rows and _goes_on(grid, found.band, row):
                yield Axis.ROWS, row


def _goes_on(grid: Grid, band: Band, row: int) -> bool:
    """Whether a row has no label of its own and most of its cells, but not all, began above."""
    label = grid.at(row, band.columns[0].first - 1)
    if label is None or label.role is not CellRole.ROW_HEADER or label.row == row:
        return False
    cells = [cell for leaf in band.columns if (cell := grid.at(row, leaf.first)) is not None]
    return len(cells) > sum(cell.row < row for cell in cells) > _MOSTLY * len(cells)


_MANY_COLUMNS = 4
_EVEN = 1.35
"""Columns of which the widest is no more than this wider than the narrowest are meant to be alike;"""
_DOUBLE = (1.7, 2.3)
"""one so many times as wide as these are is two."""


def _double_columns(form: Shape, band: BandMatch) -> Iterator[int]:
    """Columns twice as wide as all others, which are alike, beside the place of a label that was not found: the ruling
    between is worn away, and only one of the two labels was read, if any."""
    leaf_of = {label.id: leaf for label, leaf in band.columns}
    widths = {leaf: width for leaf in band.band.columns if (width := _width(form, band, leaf)) is not None}
    labels = band.block.columns
    for number, label in enumerate(labels):
        if label.id in leaf_of or label.optional:
            continue
        beside = (
            leaf_of.get(other.id) for other in (*labels[max(0, number - 1) : number], *labels[number + 1 : number + 2])
        )
        for leaf in (leaf for leaf in beside if leaf is not None and leaf in widths):
            others = [width for other, width in widths.items() if other is not leaf]
            if len(others) < _MANY_COLUMNS or max(others) > _EVEN * min(others):
                continue
            if _DOUBLE[0] <= widths[leaf] / median(others) <= _DOUBLE[1]:
                yield leaf.first


def _width(form: Shape, band: BandMatch, leaf: Leaf) -> float | None:
    """The width of a column's cell in the band's first row, in pixels; None where it is no cell of one column."""
    cell = form.grid.at(band.rows[0][1].row, leaf.first)
    return cell.box.width if cell is not None and leaf.first == leaf.last and cell.col_span == 1 else None


@dataclass(frozen=True)
class Merged:
    """Two labels of the form that stand in one cell. label: the one that was not found; place: the row or column of
    both; both_places: whether the cell already takes the room of two."""

    band: BandMatch
    axis: Axis
    label: Label
    place: int
    both_places: bool


def merged_labels(match: TableMatch) -> tuple[Merged, ...]:
    """Every label that is missing because it ran together with its neighbour's."""
    return tuple(merged for band in match.bands for axis in Axis for merged in _merged(match.form, band, axis))


def _merged(form: FormProfile, band: BandMatch, axis: Axis) -> Iterator[Merged]:
    labels = band.block.columns if axis is Axis.COLS else band.block.rows
    texts = _texts(band, axis)
    used: set[int] = set()
    for number, label in enumerate(labels):
        if label.id in texts or label.optional:
            continue
        for beside in (*labels[max(0, number - 1) : number], *labels[number + 1 : number + 2]):
            text, first, last = texts.get(beside.id, ("", 0, 0))
            if text and first not in used and _ran_together(text, label, beside, form):
                used.add(first)
                yield Merged(band, axis, label, first, last > first)
                break


def _texts(band: BandMatch, axis: Axis) -> dict[str, tuple[str, int, int]]:
    """For each label found what is printed there, and the first and last row or column it takes."""
    if axis is Axis.COLS:
        return {label.id: (leaf.path[-1] if leaf.path else "", leaf.first, leaf.last) for label, leaf in band.columns}
    doubled = {(row.row, row.path) for label, row in band.rows if label is None}
    return {
        label.id: (row.path[-1] if row.path else "", row.row, row.row + ((row.row + 1, row.path) in doubled))
        for label, row in band.rows
        if label is not None
    }


_ALIKE = 0.8
"""So much of two labels' characters in one cell, in any order, and more than of one of them."""


def _ran_together(text: str, label: Label, beside: Label, form: FormProfile) -> bool:
    one = max(_common(text, word) for which in (label, beside) for word in form.wordings_of(which.path[-1]))
    both = max(
        _common(text, first + second)
        for first in form.wordings_of(label.path[-1])
        for second in form.wordings_of(beside.path[-1])
    )
    return both >= _ALIKE and both > one


def _common(text: str, other: str) -> float:
    """How many characters two texts share, whatever their order, 0 to 1."""
    first, second = Counter(bare(text)), Counter(bare(other))
    return 2 * (first & second).total() / max(1, first.total() + second.total())
