"""Every rule worked out, and the cells that a broken rule puts in doubt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ocr_pipeline.document import Cell, CellRole, Check, Flag, Table
from ocr_pipeline.reports.candidates import Item
from ocr_pipeline.reports.equations import AT_LEAST, NOT_READABLE, Equation, figures_of, work_out_all
from ocr_pipeline.reports.infer import inferred_equations
from ocr_pipeline.reports.labels import short
from ocr_pipeline.reports.match import BandMatch, TableMatch
from ocr_pipeline.reports.profile import Along, Label, Rule
from ocr_pipeline.reports.structure import Grid, LabelledRow, Leaf, Position
from ocr_pipeline.reports.suspects import suspects, suspects_of_bounds
from ocr_pipeline.settings import ReportSettings

_SHOWN_TERMS = 8
"""Longer sums are shortened in the sentence; the check lists all cells anyway."""


def equations_of(table: Table, match: TableMatch | None, settings: ReportSettings) -> tuple[Equation, ...]:
    """The rules of a table with roles and values: the profile's, or those found in a table of no known form."""
    if match is not None:
        return profile_equations(table, match)
    return inferred_equations(table, settings) if settings.infer_rules else ()


def checked(table: Table, equations: Iterable[Equation], settings: ReportSettings) -> Table:
    """The table with all checks, and with rule_broken on exactly the cells that broken rules put in doubt; never on a
    person's, which leaves the blame to the others of the rule."""
    outcomes = work_out_all(equations, figures_of(table))
    data = {(cell.row, cell.col): cell for cell in table.cells if cell.role is CellRole.DATA}
    sums = [outcome for outcome in outcomes if not outcome.equation.at_least]
    doubtful = suspects(sums, data, settings.certain_score) | suspects_of_bounds(outcomes, data, settings.certain_score)
    cells = []
    for cell in table.cells:
        bare = replace(cell, flags=tuple(flag for flag in cell.flags if flag is not Flag.RULE_BROKEN))
        cells.append(bare.flagged(Flag.RULE_BROKEN) if (cell.row, cell.col) in doubtful else bare)
    return replace(table, cells=tuple(cells), checks=tuple(outcome.check() for outcome in outcomes))


@dataclass(frozen=True)
class Vouchers:
    """The cells that one sum at least confirms and none contradicts, and those that two or more do: for these to be
    wrong all the same, at least four cells in two rows and columns would have to be wrong by the same amount."""

    one: frozenset[Position]
    two: frozenset[Position]


def vouchers_of(checks: Iterable[Check]) -> Vouchers:
    """What the sums that come out say for the cells they name."""
    obeyed, broken = Counter[Position](), set[Position]()
    for check in checks:
        if not check.ok:
            broken.update(check.cells)
        elif not check.expected.startswith(AT_LEAST):
            obeyed.update(check.cells)
    one = frozenset(obeyed) - broken
    return Vouchers(one, frozenset(position for position in one if obeyed[position] >= 2))


def profile_equations(table: Table, match: TableMatch) -> tuple[Equation, ...]:
    """The profile's rules, one equation for each row or column they hold in."""
    grid = Grid(table)
    found = (_equation(rule, line) for rule, line in _lines(grid, match))
    return tuple(equation for equation in found if equation is not None and _one_unit(grid, equation))


def open_checks(table: Table, match: TableMatch | None) -> tuple[Check, ...]:
    """A broken check for each rule that cannot be worked out because a part of the form was not found."""
    lines = _lines(Grid(table), match) if match is not None else ()
    return tuple(
        Check(f"{line.where}: {_in_words(rule, line)}", False, cells, NOT_READABLE, NOT_READABLE)
        for rule, line in lines
        if any(name in line.missing for name in rule.names)
        and (cells := tuple(dict.fromkeys(line.places[name] for name in rule.names if name in line.places)))
    )


def _lines(grid: Grid, match: TableMatch) -> Iterator[tuple[Rule, _Line]]:
    """Every rule with every row or column it holds in: none down a column of shares, rates or growth, which nobody
    adds up."""
    for band in match.bands:
        for rule in band.block.rules:
            if rule.along is Along.ROW:
                yield from ((rule, _row_line(grid, band, row)) for _, row in band.rows)
            else:
                adding = (leaf for leaf in band.band.columns if Item(leaf.path).adds)
                yield from ((rule, _column_line(grid, band, leaf)) for leaf in adding)


@dataclass(frozen=True)
class _Line:
    """A row or column that a rule is worked out in: where its named cells are, names it may do without, and names that
    must be there and are not."""

    where: str
    places: Mapping[str, Position]
    words: Mapping[str, str]
    absent: frozenset[str]
    missing: frozenset[str]


def _row_line(grid: Grid, band: BandMatch, row: LabelledRow) -> _Line:
    cells = {label.id: grid.data(row.row, leaf) for label, leaf in band.columns}
    where = row.path[-1] if row.path else f"row {row.row + 1}"
    return _line(where, cells, band.block.columns, band.all_columns_known)


def _column_line(grid: Grid, band: BandMatch, leaf: Leaf) -> _Line:
    cells = {label.id: grid.data(row.row, leaf) for label, row in band.rows if label is not None}
    where = leaf.path[-1] if leaf.path else f"column {leaf.first + 1}"
    return _line(where, cells, band.block.rows, band.all_rows_known)


def _line(where: str, cells: Mapping[str, Cell | None], labels: Sequence[Label], all_known: bool) -> _Line:
    """An optional label may be absent only where every label in the table was recognised: else it may stand there
    misread, and a sum without it would be wrong."""
    absent = frozenset(label.id for label in labels if label.optional and all_known and label.id not in cells)
    places = {name: (cell.row, cell.col) for name, cell in cells.items() if cell is not None}
    missing = frozenset(label.id for label in labels if not label.optional and label.id not in cells)
    return _Line(where, places, {label.id: label.path[-1] for label in labels}, absent, missing)


def _equation(rule: Rule, line: _Line) -> Equation | None:
    """The rule in one line; None where a cell that it needs is not there, or one merged cell serves two terms."""
    named = [[(sign, name) for sign, name in side if name not in line.absent] for side in (rule.left, rule.right)]
    if not all(named) or any(name not in line.places for side in named for _, name in side):
        return None
    left, right = (tuple((sign, line.places[name]) for sign, name in side) for side in named)
    positions = [position for _, position in left + right]
    if len(set(positions)) < len(positions):
        return None
    return Equation(f"{line.where}: {_in_words(rule, line)}", left, right, Decimal(str(rule.tolerance)))


def _in_words(rule: Rule, line: _Line) -> str:
    sides = [
        [(sign, line.words[name]) for sign, name in side if name not in line.absent] for side in (rule.left, rule.right)
    ]
    return " = ".join(_sum_in_words(side) for side in sides)


def _sum_in_words(terms: Sequence[tuple[int, str]]) -> str:
    shown = terms if len(terms) <= _SHOWN_TERMS else [*terms[: _SHOWN_TERMS - 2], (1, "…"), terms[-1]]
    words = "".join(f" {'-' if sign < 0 else '+'} {short(word)}" for sign, word in shown)
    return words[3:] if shown[0][0] > 0 else words[1:]


def _one_unit(grid: Grid, equation: Equation) -> bool:
    """Sums over cells of different units say nothing."""
    cells = [grid.at(*position) for position in equation.positions]
    return len({cell.unit for cell in cells if cell is not None and cell.unit is not None}) <= 1
