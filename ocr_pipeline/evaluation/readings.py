"""The fair readings of a truth.

Rows without a ruling between them may be read apart or joined; a table labelled as two parts may be read as two
tables or as one. Each such choice is a reading; a prediction is held against the one it comes closest to.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise

from ocr_pipeline.evaluation.records import UNREADABLE, CellRecord, PartRecord, TableRecord
from ocr_pipeline.geometry import Box


@dataclass(frozen=True)
class Reading:
    """One way to read a group of tables that belong together."""

    name: str
    tables: tuple[TableRecord, ...]


def groups(tables: Sequence[TableRecord]) -> tuple[tuple[TableRecord, ...], ...]:
    """Tables that continue each other, together; each other table alone."""
    found: list[list[TableRecord]] = []
    for table in tables:
        if table.continues_previous and found:
            found[-1].append(table)
        else:
            found.append([table])
    return tuple(tuple(group) for group in found)


def readings(group: Sequence[TableRecord]) -> tuple[Reading, ...]:
    """All fair readings of a group, the labelled one first."""
    variants = [Reading("as labelled", tuple(group))]
    if any(table.unruled_row_groups for table in group):
        variants.append(Reading("unruled rows joined", tuple(join_unruled_rows(table) for table in group)))
    if len({table.cols for table in group}) == 1 and len(group) > 1:
        variants += [Reading(_also(v.name, "parts stacked"), (stack(v.tables),)) for v in tuple(variants)]
        if any(_cut_inside_row(after) for _, after in pairwise(group)):
            cut = [v for v in variants if len(v.tables) > 1]
            variants += [Reading(_also(v.name, "cut row mended"), (stack(v.tables, mend=True),)) for v in cut]
    return tuple(variants)


def _also(name: str, more: str) -> str:
    return more if name == "as labelled" else f"{name}, {more}"


def join_unruled_rows(table: TableRecord) -> TableRecord:
    """The table as its rulings alone show it: the rows of each unruled group are one row."""
    starts = [row for row in range(table.rows) if not any(a < row <= b for a, b in table.unruled_row_groups)]
    return _regroup(table, starts)


def stack(parts: Sequence[TableRecord], *, mend: bool = False) -> TableRecord:
    """Parts of equal width as one table, rows one after the other.

    mend: a part whose first row has no text in its first cell begins inside a row that the page break cut; that row
    is joined to the one above.
    """
    cells: list[CellRecord] = []
    places: list[PartRecord] = []
    seams: list[int] = []
    offset = 0
    for number, part in enumerate(parts):
        if number and mend and _cut_inside_row(part):
            seams.append(offset)
        cells.extend(replace(cell, row=cell.row + offset) for cell in part.cells)
        places.extend(replace(p, rows=(p.rows[0] + offset, p.rows[1] + offset)) for p in part.parts)
        offset += part.rows
    whole = replace(
        parts[0], rows=offset, cells=tuple(cells), parts=tuple(places), unruled_row_groups=(), continues_previous=False
    )
    return _regroup(whole, [row for row in range(offset) if row not in seams]) if seams else whole


def _cut_inside_row(part: TableRecord) -> bool:
    first = [cell for cell in part.cells if cell.row == 0]
    return bool(first) and min(first, key=lambda cell: cell.col).norm == "" and any(cell.norm for cell in first)


def _regroup(table: TableRecord, starts: Sequence[int]) -> TableRecord:
    """The table with rows joined: each new row begins at one of the old rows in starts (sorted, 0 first)."""
    new_row = [sum(start <= row for start in starts) - 1 for row in range(table.rows)]
    moved = []
    for cell in table.cells:
        last = new_row[min(cell.row + cell.row_span, table.rows) - 1]
        top = new_row[cell.row]
        moved.append((cell.row, replace(cell, row=top, row_span=last - top + 1)))
    parts = tuple(replace(p, rows=(new_row[p.rows[0]], new_row[p.rows[1]])) for p in table.parts)
    cells = tuple(_join(cluster) for cluster in _clusters(moved))
    return replace(table, rows=len(starts), cells=cells, parts=parts, unruled_row_groups=())


def _clusters(cells: Iterable[tuple[int, CellRecord]]) -> list[list[tuple[int, CellRecord]]]:
    """Cells whose places overlap, together."""
    found: list[list[tuple[int, CellRecord]]] = []
    for item in cells:
        touching = [cluster for cluster in found if any(_overlap(item[1], other) for _, other in cluster)]
        found = [cluster for cluster in found if cluster not in touching]
        found.append([*chain.from_iterable(touching), item])
    return found


def _overlap(one: CellRecord, other: CellRecord) -> bool:
    return (
        one.row < other.row + other.row_span
        and other.row < one.row + one.row_span
        and one.col < other.col + other.col_span
        and other.col < one.col + one.col_span
    )


def _join(cluster: list[tuple[int, CellRecord]]) -> CellRecord:
    if len(cluster) == 1:
        return cluster[0][1]
    cells = [cell for _, cell in sorted(cluster, key=lambda item: (item[0], item[1].col))]
    row, col = min(c.row for c in cells), min(c.col for c in cells)
    boxes = [c.box for c in cells if c.box is not None and c.page == cells[0].page]
    return replace(
        cells[0],
        row=row,
        col=col,
        row_span=max(c.row + c.row_span for c in cells) - row,
        col_span=max(c.col + c.col_span for c in cells) - col,
        text=UNREADABLE if any(c.skipped for c in cells) else "".join(c.text for c in cells),
        box=Box.around(boxes) if boxes else None,
        under_seal=any(c.under_seal for c in cells),
    )
