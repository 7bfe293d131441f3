"""Rows that the form does not have, and rows of the form that are not there: what is below may be shifted."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from ocr_pipeline.document import CellRole, Check
from ocr_pipeline.reports.labels import short
from ocr_pipeline.reports.match import BandMatch, TableMatch
from ocr_pipeline.reports.profile import Label
from ocr_pipeline.reports.shape import LABELS, Shape, said
from ocr_pipeline.reports.structure import bands

_SHIFTED = "what is below may be shifted"


def row_misfits(form: Shape) -> Iterator[Check]:
    """Rows lost between two that were found; rows there that are none of the form's; headers deeper than the form's."""
    for step in _steps(form.match):
        gap = step.row - step.before - 1
        if gap < step.least:
            yield said(f"row {short(step.missing)}", form.from_row(step.before + 1), f"not found; {_SHIFTED}")
        elif gap > step.most and (row := _surplus(form, step)) is not None:
            yield said(f"row {row + 1}", form.from_row(row), f"no row of the form; {_SHIFTED}")
    for band in form.match.bands:
        if (row := _blank_row(form, band)) is not None:
            above = [(c.row, c.col) for c in form.table.cells if c.row < row < c.row + c.row_span]
            yield said(f"row {row + 1}", (*above, *form.from_row(row)), f"no row of the form; {_SHIFTED}")
        if (row := _too_deep(form, band)) is not None:
            yield said(f"header row {row + 1}", form.from_row(row), f"no row of the form; {_SHIFTED}")


def unknown_bands(form: Shape) -> Iterator[Check]:
    """Rows of numbers under a header that is none of the form's, and without a title."""
    known = {place.row for band in form.match.bands for _, place in band.rows}
    for band in bands(form.table):
        rows = [place.row for place in band.rows if place.row not in known]
        if len(rows) == len(band.rows) and not band.title and form.numbers(rows, range(form.table.cols)):
            yield said(f"rows {rows[0] + 1} to {rows[-1] + 1}", form.from_row(rows[0]), "no part of the form")


@dataclass(frozen=True)
class _Step:
    """From a row found (-1: the table's top) to the next one found: how many rows of the form lie between them, at
    least and at most, and the name of the first that is missing."""

    before: int
    row: int
    least: int
    most: int
    missing: str


def _steps(match: TableMatch) -> Iterator[_Step]:
    before, least, most, missing = -1, 0, 0, ""
    for band in match.bands:
        head = _depth(band) + bool(band.block.title)
        least, most, missing = least + head, most + head, missing or band.block.title or "of the header"
        rows = {label.id: place.row for label, place in band.rows if label is not None}
        for label in band.block.rows:
            if label.id not in rows:
                wanted = not label.optional or _stands_for_others(label, band.block.rows, rows)
                least, most, missing = least + wanted, most + 1, missing or label.path[-1]
            elif rows[label.id] > before:
                yield _Step(before, rows[label.id], least, most, missing or label.path[-1])
                before, least, most, missing = rows[label.id], 0, 0, ""
        if not band.block.rows:
            yield _Step(before, band.rows[0][1].row, least, most, missing)
            before, least, most, missing = band.rows[-1][1].row, 0, 0, ""


def _stands_for_others(label: Label, labels: Sequence[Label], found: Container[str]) -> bool:
    """Whether a row that was not found is divided into others in other editions, none of which was found either: one
    or the other stands in every filing."""
    parts = [other for other in labels if other is not label and other.path[: len(label.path)] == label.path]
    return bool(parts) and not any(other.id in found for other in parts)


def _depth(band: BandMatch) -> int:
    """How many rows of labels the form has above the band's columns."""
    return max((len(label.path) for label, _ in band.columns), default=0)


def _surplus(form: Shape, step: _Step) -> int | None:
    """The first row of a gap that no office has put in: it has no words of its own where labels stand, or a piece of a
    label that another row has the rest of, or hardly any numbers where all others are full."""
    for row in range(step.before + 1, step.row):
        first = next(iter(form.grid.row_cells(row, 0, form.table.cols - 1)), None)
        own = [c for c in form.table.cells if c.row == row and c.text.strip() and c.role in LABELS]
        if first is None or not own:
            return row
        if all(c.role is CellRole.ROW_HEADER for c in own) and (
            all(form.is_fragment(c.text) for c in own) or _mostly_blank(form, row)
        ):
            return row
    return None


def _mostly_blank(form: Shape, row: int) -> bool:
    """Whether a row has no numbers although the table is full of them."""
    data = [c for c in form.table.cells if c.role is CellRole.DATA]
    own = [c for c in data if c.row == row]
    filled = sum(bool(c.text.strip()) for c in own), sum(bool(c.text.strip()) for c in data)
    return 2 * filled[0] < len(own) and 2 * filled[1] > len(data)


def _blank_row(form: Shape, band: BandMatch) -> int | None:
    """The first row of a band without row labels in which only blank cells begin, where others hold numbers: a header
    cell parted by a line that is none."""
    if band.block.rows:
        return None
    filled = {cell.row for cell in form.table.cells if cell.text.strip()}
    parted = {row for cell in form.table.cells for row in range(cell.row + 1, cell.row + cell.row_span)}
    rows = [place.row for _, place in band.rows]
    return next((row for row in rows if row in parted - filled), None) if not filled.isdisjoint(rows) else None


def _too_deep(form: Shape, band: BandMatch) -> int | None:
    """The first header row of a band where it has more of them than the form."""
    end = row = band.rows[0][1].row
    while row > 0 and _is_header(form, row - 1):
        row -= 1
    return row if end - row > _depth(band) else None


def _is_header(form: Shape, row: int) -> bool:
    cells = form.grid.row_cells(row, 0, form.table.cols - 1)
    return bool(cells) and all(c.role in (CellRole.COLUMN_HEADER, CellRole.STUB_HEAD) for c in cells)
