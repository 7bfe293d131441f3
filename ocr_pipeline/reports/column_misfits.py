"""Columns of a table that its form does not have, and columns of the form that are not there: those behind may be
shifted, in all rows of the table, as columns are counted through its bands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ocr_pipeline.document import CellRole, Check
from ocr_pipeline.reports.labels import short
from ocr_pipeline.reports.match import BandMatch
from ocr_pipeline.reports.regrid import FEW, Axis
from ocr_pipeline.reports.reshape import merged_labels
from ocr_pipeline.reports.shape import Shape, said
from ocr_pipeline.reports.structure import Leaf, bands

_SHIFTED = "those behind it may be shifted"
_NOT_FOUND, _NOT_OF_THE_FORM = f"not found; {_SHIFTED}", f"no column of the form; {_SHIFTED}"


def column_misfits(form: Shape) -> Iterator[Check]:
    """Columns lost between two that were found, columns there that are none of the form's, lines in a few rows."""
    for band in form.match.bands:
        yield from _gaps(form, band)
    yield from _stray_lines(form)


def _gaps(form: Shape, band: BandMatch) -> Iterator[Check]:
    depth = max((len(label.path) for label in band.block.rows), default=0)
    end, rows = depth, range(form.table.rows)
    if (col := _surplus_label_column(form, band, depth)) is not None:
        yield said(f"column {col + 1}", form.cells(rows, range(col, form.table.cols)), _NOT_OF_THE_FORM)
        end = min(leaf.first for leaf in band.band.columns)
    merged = {m.label.id for m in merged_labels(form.match) if m.band is band and m.axis is Axis.COLS}
    found = {label.id: leaf for label, leaf in band.columns}
    if [leaf.first for _, leaf in band.columns] != sorted(leaf.first for _, leaf in band.columns):
        yield from _in_another_order(form, band, merged)
        return
    missing = list[str]()
    for label in band.block.columns:
        if label.id not in found:
            missing += [label.path[-1]] if label.id not in merged and not label.optional else []
            continue
        leaf = found[label.id]
        gap = leaf.first - end
        if gap < len(missing) or gap < 0:
            name = short(missing[0] if missing else "of the row labels")
            yield said(f"column {name}", form.cells(rows, range(leaf.first, form.table.cols)), _NOT_FOUND)
        elif gap > len(missing) and (col := _surplus(form, band, end, leaf.first)) is not None:
            yield said(f"column {col + 1}", form.cells(rows, range(col, form.table.cols)), _NOT_OF_THE_FORM)
        end, missing = leaf.last + 1, []


def _in_another_order(form: Shape, band: BandMatch, merged: set[str]) -> Iterator[Check]:
    """An office may set columns in another order, all of them: where one is missing, or a column there is none of the
    form's, their order is no more than a misread label."""
    known = {leaf.first for _, leaf in band.columns}
    ids = {label.id for label, _ in band.columns}
    gone = [
        label for label in band.block.columns if label.id not in ids and label.id not in merged and not label.optional
    ]
    surplus = [leaf for leaf in band.band.columns if leaf.first not in known and _is_doubtful(form, band, leaf)]
    if gone or surplus:
        what = f"column {short(gone[0].path[-1]) if gone else surplus[0].first + 1}"
        first = min(leaf.first for leaf in band.band.columns)
        found = _NOT_FOUND if gone else _NOT_OF_THE_FORM
        yield said(what, form.cells(range(form.table.rows), range(first, form.table.cols)), found)


def _surplus(form: Shape, band: BandMatch, first: int, end: int) -> int | None:
    """A column between two others that no office has put in."""
    between = (leaf for leaf in band.band.columns if first <= leaf.first < end)
    return next((leaf.first for leaf in between if _is_doubtful(form, band, leaf)), None)


def _is_doubtful(form: Shape, band: BandMatch, leaf: Leaf) -> bool:
    """Whether a column bears no label, or a piece of one that stands beside it, or hardly holds a number."""
    label = leaf.path[-1] if leaf.path else ""
    if not label.strip() or form.is_fragment(label):
        return True
    cells = [form.grid.data(row.row, leaf) for _, row in band.rows]
    return 2 * sum(cell is not None and bool(cell.text.strip()) for cell in cells) < len(cells)


def _surplus_label_column(form: Shape, band: BandMatch, depth: int) -> int | None:
    """The column that begins in a few rows only among those of the row labels, where there are more of these than in
    the form. (One that begins in most rows is the office's own, of ordinals for instance.)"""
    first = min(leaf.first for leaf in band.band.columns)
    if not band.block.rows or first <= depth:
        return None
    rows = [place.row for _, place in band.rows]
    begun = Counter(cell.col for row in rows for cell in form.grid.row_cells(row, 1, first - 1))
    return next((col for col in range(1, first) if 0 < begun[col] <= max(1, FEW * len(rows))), None)


def _stray_lines(form: Shape) -> Iterator[Check]:
    """Columns begin somewhere where no column of numbers does: in a few rows only, or in rows of another table."""
    firsts = {leaf.first for band in bands(form.table) for leaf in band.columns}
    behind = min(firsts, default=form.table.cols)
    rows = {place.row for band in form.match.bands for _, place in band.rows}
    labels = {c.col for c in form.table.cells if c.row in rows and c.role is CellRole.ROW_HEADER}
    begun = {c.col for c in form.table.cells}
    for col in sorted(begun - firsts - (labels or set(range(behind)))):
        cells = form.cells(range(form.table.rows), range(max(0, col - 1), form.table.cols))
        yield said(f"column {col + 1}", cells, "begins in a few rows only; those behind it may be shifted")
