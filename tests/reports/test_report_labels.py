"""Every value keeps its labels where one label in ten is misread and the columns stand in another order."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pytest

from ocr_pipeline.document import Cell, CellRole, Table
from ocr_pipeline.geometry import Box, Quad
from ocr_pipeline.reports.apply import apply_to_table, matched
from ocr_pipeline.reports.loader import load_profiles
from ocr_pipeline.reports.profile import Block, Label, TableProfile
from ocr_pipeline.settings import ReportSettings

SETTINGS = ReportSettings()
FORMS = load_profiles()
SEEDS = range(12)
MISREAD = 0.1


@dataclass(frozen=True)
class Printed:
    """A form's table as printed, and the labels of each of its data cells: (title and row labels, column labels)."""

    table: Table
    labels: dict[tuple[int, int], tuple[tuple[str, ...], tuple[str, ...]]]


def editions(profile: TableProfile) -> list[tuple[Block, ...]]:
    """The blocks that one edition of the form has, for each edition."""
    names = sorted({name for block in profile.blocks for name in block.editions}) or [""]
    return [tuple(b for b in profile.blocks if not b.editions or name in b.editions) for name in names]


CASES = [
    pytest.param(profile, blocks, id=f"{profile.key}-{number}")
    for form in FORMS
    for profile in form.tables
    for number, blocks in enumerate(editions(profile))
]


def shuffled(labels: Sequence[Label], rng: random.Random, level: int = 0) -> list[Label]:
    """The labels in another order, those of one group together."""
    groups: dict[str, list[Label]] = {}
    for label in labels:
        groups.setdefault(label.path[level] if level < len(label.path) else "", []).append(label)
    names = list(groups)
    rng.shuffle(names)
    return [
        label
        for name in names
        for label in (shuffled(groups[name], rng, level + 1) if len(groups[name]) > 1 else groups[name])
    ]


def printed(blocks: Sequence[Block], rng: random.Random) -> Printed:
    """The blocks one below the other, columns shuffled, numbers without a meaning."""
    stub = max((len(label.path) for block in blocks for label in block.rows), default=0)
    cols = stub + max(len(block.columns) for block in blocks)
    cells: list[Cell] = []
    labels: dict[tuple[int, int], tuple[tuple[str, ...], tuple[str, ...]]] = {}
    row = 0
    for block in blocks:
        if block.title:
            cells.append(_cell(row, 0, block.title, 1, cols))
            row += 1
        columns = shuffled(block.columns, rng)
        depth = max(len(label.path) for label in columns)
        if stub:
            cells.append(_cell(row, 0, "信息内容", depth, stub))
        cells += _headers([label.path for label in columns], row, stub, depth, cols)
        row += depth
        rows = [label for label in block.rows if label.id != "other_handling"] or [None]
        if block.rows:
            cells += _stubs([label.path for label in rows if label is not None], row, stub)
        title = (block.title,) if block.title else ()
        for label in rows:
            for i, column in enumerate(columns):
                last = i == len(columns) - 1
                cells.append(_cell(row, stub + i, str(rng.randrange(100)), 1, cols - stub - i if last else 1))
                labels[row, stub + i] = (*title, *(label.path if label else ())), column.path
            row += 1
    return Printed(Table("t1", "", None, row, cols, (), tuple(cells)), labels)


def _headers(paths: Sequence[tuple[str, ...]], top: int, left: int, depth: int, cols: int) -> list[Cell]:
    cells = []
    for level, i, end, last in _groups(paths, depth):
        width = cols - left - i if end == len(paths) else end - i
        cells.append(_cell(top + level, left + i, paths[i][level], depth - level if last else 1, width))
    return cells


def _stubs(paths: Sequence[tuple[str, ...]], top: int, stub: int) -> list[Cell]:
    cells = []
    for level, i, end, last in _groups(paths, stub):
        cells.append(_cell(top + i, level, paths[i][level], end - i, stub - level if last else 1))
    return cells


def _groups(paths: Sequence[tuple[str, ...]], depth: int) -> Iterator[tuple[int, int, int, bool]]:
    """For each label cell its level, the first path under it, the end of these, and whether it is the last level."""
    for level in range(depth):
        i = 0
        while i < len(paths):
            end, last = i + 1, level == len(paths[i]) - 1
            while end < len(paths) and level < len(paths[i]) - 1 and paths[end][: level + 1] == paths[i][: level + 1]:
                end += 1
            if level < len(paths[i]):
                yield level, i, end, last
            i = end


def _cell(row: int, col: int, text: str, height: int, width: int) -> Cell:
    box = Box(100 * col, 40 * row, 100 * (col + width), 40 * (row + height))
    return Cell(row, col, height, width, text, text, 0.99, CellRole.DATA, 0, box, Quad.of_box(box))


def misread(found: Printed, rng: random.Random) -> Table:
    """The table with another character in one label of ten."""
    places = [i for i, cell in enumerate(found.table.cells) if (cell.row, cell.col) not in found.labels]
    wrong = set(rng.sample(places, max(1, round(MISREAD * len(places)))))
    cells = [_misread(cell, rng) if i in wrong else cell for i, cell in enumerate(found.table.cells)]
    return replace(found.table, cells=tuple(cells))


def _misread(cell: Cell, rng: random.Random) -> Cell:
    at = rng.randrange(len(cell.text))
    text = cell.text[:at] + chr(rng.randrange(0x4E00, 0x9FA5)) + cell.text[at + 1 :]
    return replace(cell, text=text, raw=text)


@pytest.mark.parametrize(("profile", "blocks"), CASES)
@pytest.mark.parametrize("seed", SEEDS)
def test_misread_labels_and_columns_in_another_order(
    profile: TableProfile, blocks: tuple[Block, ...], seed: int
) -> None:
    rng = random.Random(f"{profile.key} {seed}")
    made = printed(blocks, rng)
    done = apply_to_table(misread(made, rng), SETTINGS, FORMS)
    _, match = matched(done, SETTINGS, FORMS)
    assert match is not None
    assert match.profile.key == profile.key
    told = {(c.row, c.col): match.paths(c) for c in done.cells if c.role is CellRole.DATA}
    assert told == made.labels
