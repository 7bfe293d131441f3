"""Which rulings belong to one table: those that meet, directly or through others."""

from __future__ import annotations

from dataclasses import dataclass

from ocr_pipeline.clean.lines import Ruling, Rulings
from ocr_pipeline.settings import TableSettings


@dataclass(frozen=True)
class RulingGroup:
    """The rulings of one table. At least one of each direction. proven: the ids of those that are known to be of it,
    whatever they meet."""

    horizontal: tuple[Ruling, ...]
    vertical: tuple[Ruling, ...]
    proven: frozenset[int] = frozenset()


def group_rulings(rulings: Rulings, em: float, settings: TableSettings) -> tuple[RulingGroup, ...]:
    """Connected groups of meeting rulings, from the top of the page to its foot."""
    horizontal, vertical = rulings.horizontal, rulings.vertical
    parent = list(range(len(horizontal) + len(vertical)))

    def find(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    reach = settings.join_em * em
    for i, row in enumerate(horizontal):
        for j, column in enumerate(vertical):
            if meets(row, column, reach):
                parent[find(i)] = find(len(horizontal) + j)
    for pieces, crossing, offset in ((horizontal, vertical, 0), (vertical, horizontal, len(horizontal))):
        for a, b in _in_one_line(pieces, crossing, em, settings):
            parent[find(offset + a)] = find(offset + b)
    groups: dict[int, tuple[list[Ruling], list[Ruling]]] = {}
    for i in range(len(parent)):
        rows, columns = groups.setdefault(find(i), ([], []))
        if i < len(horizontal):
            rows.append(horizontal[i])
        else:
            columns.append(vertical[i - len(horizontal)])
    whole = [RulingGroup(tuple(rows), tuple(columns)) for rows, columns in groups.values() if rows and columns]
    return tuple(sorted(whole, key=lambda g: min(r.middle for r in g.horizontal)))


def meets(row: Ruling, column: Ruling, reach: float) -> bool:
    """Whether a horizontal and a vertical ruling cross or come within reach pixels of it."""
    x = column.at(row.middle)
    if not row.start - reach <= x <= row.end + reach:
        return False
    y = row.at(min(max(x, row.start), row.end))
    return column.start - reach <= y <= column.end + reach


def _in_one_line(
    pieces: tuple[Ruling, ...], crossing: tuple[Ruling, ...], em: float, settings: TableSettings
) -> list[tuple[int, int]]:
    """Pairs of pieces that continue each other across a gap by wear: one that begins or ends at a long crossing ruling
    may be the blank between two tables, and strokes of a title between them would join them."""
    pairs: list[tuple[int, int]] = []
    long = [other for other in crossing if other.length >= settings.free_length_em * em]
    order = sorted(range(len(pieces)), key=lambda i: pieces[i].start)
    for position, i in enumerate(order):
        for j in order[position + 1 :]:
            gap = pieces[j].start - pieces[i].end
            if gap > settings.bridge_em * em:
                break
            if gap > -em and abs(pieces[j].across[0] - pieces[i].across[-1]) <= settings.snap_em * em:
                facing = (pieces[i].across[-1], pieces[i].end), (pieces[j].across[0], pieces[j].start)
                if gap <= settings.join_em * em or not any(_at_crossing(*end, long, em, settings) for end in facing):
                    pairs.append((i, j))
    return pairs


def _at_crossing(across: float, along: float, crossing: list[Ruling], em: float, settings: TableSettings) -> bool:
    """Whether a ruling's end lies at one of the rulings that run across it."""
    reach = settings.touch_em * em
    return any(
        other.start - reach <= across <= other.end + reach
        and abs(other.at(across) - along) <= reach + other.thickness / 2
        for other in crossing
    )
