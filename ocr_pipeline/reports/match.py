"""Which known table a table is, by its labels: misread labels, other wordings and another order of columns allowed.

Every band of the table is compared with every block of a profile's table. Labels are paired best first; a label too
damaged to be recognised is paired with the only place left between its neighbours.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ocr_pipeline.document import Cell, Table
from ocr_pipeline.reports.labels import likeness
from ocr_pipeline.reports.profile import Block, FormProfile, Label, TableProfile
from ocr_pipeline.reports.structure import Band, LabelledRow, Leaf, bands
from ocr_pipeline.settings import ReportSettings

_LEAF_WEIGHT = 0.7
"""The innermost label tells columns apart; those above it decide between equal ones (the four 总计 of one table)."""
_COLUMN_WEIGHT, _ROW_WEIGHT, _TITLE_WEIGHT = 0.5, 0.4, 0.1
_TABLE_TITLE_BONUS = 0.05
"""The heading above a table breaks ties only: offices number and word it freely."""


@dataclass(frozen=True)
class BandMatch:
    """A band read as a block: which label stands in which column and row. A row without a Label is one the block has
    no label for (all rows, where the block names none)."""

    block: Block
    band: Band
    columns: tuple[tuple[Label, Leaf], ...]
    rows: tuple[tuple[Label | None, LabelledRow], ...]
    score: float

    def leaf(self, name: str) -> Leaf | None:
        """The table's column of that identifier."""
        return next((leaf for label, leaf in self.columns if label.id == name), None)

    def row(self, name: str) -> LabelledRow | None:
        """The table's row of that identifier."""
        return next((row for label, row in self.rows if label is not None and label.id == name), None)

    def label_of_column(self, col: int) -> Label | None:
        return next((label for label, leaf in self.columns if leaf.first <= col <= leaf.last), None)

    def label_of_row(self, row: int) -> Label | None:
        return next((label for label, place in self.rows if place.row == row), None)

    @property
    def all_columns_known(self) -> bool:
        return len(self.columns) == len(self.band.columns)

    @property
    def all_rows_known(self) -> bool:
        return all(label is not None for label, _ in self.rows)


@dataclass(frozen=True)
class TableMatch:
    """A table read as a profile's table."""

    form: FormProfile
    profile: TableProfile
    bands: tuple[BandMatch, ...]
    score: float

    def band_of(self, row: int) -> BandMatch | None:
        """The band that holds a data row."""
        return next((match for match in self.bands if any(place.row == row for _, place in match.rows)), None)

    def paths(self, cell: Cell) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
        """A data cell's row and column labels as the profile words them, the section first; None outside the match."""
        match = self.band_of(cell.row)
        if match is None:
            return None
        row, column = match.label_of_row(cell.row), match.label_of_column(cell.col)
        printed_row = next(place.path for _, place in match.rows if place.row == cell.row)
        title = (match.block.title,) if match.block.title else ()
        row_path = (*title, *(row.path if row else printed_row))
        if column is None:
            leaf = next((leaf for leaf in match.band.columns if leaf.first <= cell.col <= leaf.last), None)
            return row_path, leaf.path if leaf else ()
        return row_path, column.path


def match_table(table: Table, forms: Iterable[FormProfile], settings: ReportSettings) -> TableMatch | None:
    """The known table that this table (with cell roles) is, None where no profile fits well enough."""
    found = bands(table)
    if not found:
        return None
    best: TableMatch | None = None
    for form in forms:
        for profile in form.tables:
            match = _as_profile(table, found, form, profile, settings)
            if match.score >= settings.match_score and (best is None or match.score > best.score):
                best = match
    return best


def _as_profile(
    table: Table, found: Sequence[Band], form: FormProfile, profile: TableProfile, settings: ReportSettings
) -> TableMatch:
    pairs = [(_as_block(band, block, form, settings), i, j) for i, band in enumerate(found)
             for j, block in enumerate(profile.blocks)]  # fmt: skip
    pairs.sort(key=lambda item: -item[0].score)
    taken_bands, taken_blocks, matches = set[int](), set[int](), dict[int, BandMatch]()
    for match, i, j in pairs:
        if match.score >= settings.match_score and i not in taken_bands and j not in taken_blocks:
            taken_bands.add(i)
            taken_blocks.add(j)
            matches[i] = match
    sizes = [len(band.rows) * len(band.columns) for band in found]
    score = sum(sizes[i] * match.score for i, match in matches.items()) / max(1, sum(sizes))
    bonus = _TABLE_TITLE_BONUS * likeness(profile.title, table.title) if table.title else 0.0
    return TableMatch(form, profile, tuple(matches[i] for i in sorted(matches)), score + bonus)


def _as_block(band: Band, block: Block, form: FormProfile, settings: ReportSettings) -> BandMatch:
    columns = _paired(block.columns, [leaf.path for leaf in band.columns], form, settings)
    column_score = _share(columns, block.columns, len(band.columns))
    parts = [(_COLUMN_WEIGHT, column_score)]
    rows: tuple[tuple[Label | None, LabelledRow], ...] = tuple((None, row) for row in band.rows)
    if block.rows:
        found = _paired(block.rows, [row.path for row in band.rows], form, settings)
        parts.append((_ROW_WEIGHT, _share(found, block.rows, len(band.rows))))
        labels = {place: label for label, place, _ in found}
        rows = tuple((labels.get(i), row) for i, row in enumerate(band.rows))
    if block.title:
        parts.append((_TITLE_WEIGHT, max(likeness(text, band.title) for text in form.wordings_of(block.title))))
    score = sum(weight * part for weight, part in parts) / sum(weight for weight, _ in parts)
    placed = tuple((label, band.columns[place]) for label, place, _ in columns)
    return BandMatch(block, band, placed, rows, score)


_Pair = tuple[Label, int, float]
"""A label, the place (index of the table's column or row) it was found at, and how alike they are."""


def _share(pairs: Sequence[_Pair], labels: Sequence[Label], places: int) -> float:
    """How much of both sides is paired, 0 to 1; optional labels that are absent do not count."""
    paired = {label.id for label, _, _ in pairs}
    wanted = sum(1 for label in labels if not label.optional or label.id in paired)
    return 2 * sum(score for _, _, score in pairs) / max(1, wanted + places)


def _paired(
    labels: Sequence[Label], paths: Sequence[tuple[str, ...]], form: FormProfile, settings: ReportSettings
) -> list[_Pair]:
    scored: list[tuple[float, float, int, int]] = []
    for i, label in enumerate(labels):
        for j, path in enumerate(paths):
            leaf, score = _path_likeness(label, path, form)
            if leaf >= settings.label_score and score >= settings.label_score:
                out_of_place = abs(i / max(1, len(labels) - 1) - j / max(1, len(paths) - 1))
                scored.append((-score, out_of_place, i, j))
    place_of: dict[int, tuple[int, float]] = {}
    taken: set[int] = set()
    for negative, _, i, j in sorted(scored):
        if i not in place_of and j not in taken:
            place_of[i] = (j, -negative)
            taken.add(j)
    _pair_by_elimination(labels, paths, place_of, taken)
    return [(labels[i], j, score) for i, (j, score) in sorted(place_of.items())]


def _path_likeness(label: Label, path: Sequence[str], form: FormProfile) -> tuple[float, float]:
    """How alike the innermost labels are, and how alike the whole paths."""
    if not path:
        return 0.0, 0.0
    leaf = max(likeness(text, path[-1]) for text in form.wordings_of(label.path[-1]))
    above, printed = "".join(label.path[:-1]), "".join(path[:-1])
    outer = likeness(above, printed) if above or printed else 1.0
    return leaf, _LEAF_WEIGHT * leaf + (1 - _LEAF_WEIGHT) * outer


_ELIMINATED_SCORE = 0.5
_MANY = 4
"""With fewer labels than this, all but one paired is no evidence for the last; and of so many labels one may be missing
beside its neighbour."""


def _pair_by_elimination(
    labels: Sequence[Label], paths: Sequence[Sequence[str]], place_of: dict[int, tuple[int, float]], taken: set[int]
) -> None:
    """Pair the last label left over, of all or of one group, with the last place left over there, and labels with the
    unread places between the same neighbours, where there are as many of both."""
    unpaired, free = (
        [i for i in range(len(labels)) if i not in place_of],
        [j for j in range(len(paths)) if j not in taken],
    )
    if len(unpaired) == len(free) == 1 and len(labels) >= _MANY:
        place_of[unpaired[0]] = (free[0], _ELIMINATED_SCORE)
        return
    for i in unpaired:
        beside = [other for other in unpaired if labels[other].path[:-1] == labels[i].path[:-1]]
        places = [j for j in free if _in_group(labels[i], paths[j], labels)]
        if labels[i].path[:-1] and len(beside) == len(places) == 1 and places[0] not in taken:
            place_of[i] = (places[0], _ELIMINATED_SCORE)
            taken.add(places[0])
    for run in _runs([i for i in unpaired if i not in place_of]):
        before = place_of[run[0] - 1][0] if run[0] else -1
        after = place_of[run[-1] + 1][0] if run[-1] + 1 < len(labels) else len(paths)
        between = list(range(before + 1, after))
        if (
            len(between) != len(run)
            or not taken.isdisjoint(between)
            or (len(run) > 1 and len(run) * _MANY > len(labels))
        ):
            continue
        pairs = list(zip(run, between, strict=True))
        if all(_in_group(labels[i], paths[j], labels) for i, j in pairs):
            place_of.update({i: (j, _ELIMINATED_SCORE) for i, j in pairs})
            taken.update(between)


_SAME_GROUP = 0.6


def _in_group(label: Label, path: Sequence[str], labels: Sequence[Label]) -> bool:
    """Whether a place stands under the labels that a label stands under, or cannot be told to stand under others."""
    printed = "".join(path[:-1])
    groups = {"".join(other.path[:-1]) for other in labels}
    own = likeness("".join(label.path[:-1]), printed)
    return own == (best := max(likeness(group, printed) for group in groups)) or best < _SAME_GROUP


def _runs(numbers: Sequence[int]) -> list[list[int]]:
    """Numbers that follow each other, together."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs
