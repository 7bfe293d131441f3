"""Sums that cells have to obey: the common form of profile rules and of rules found in a table itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from ocr_pipeline.document import Cell, CellRole, Check, Table
from ocr_pipeline.reports.structure import Position
from ocr_pipeline.reports.values import Kind, parse

AT_LEAST = "at least "
"""How the expected sum of a bound begins, in words."""
NOT_READABLE = "not readable"


@dataclass(frozen=True)
class Equation:
    """left = right, both sums of signed cells; rule is the readable sentence. at_least: left may be more than right."""

    rule: str
    left: tuple[tuple[int, Position], ...]
    right: tuple[tuple[int, Position], ...]
    tolerance: Decimal = Decimal(0)
    at_least: bool = False

    @property
    def positions(self) -> tuple[Position, ...]:
        return tuple(position for _, position in self.left + self.right)

    def coefficient(self, position: Position) -> int:
        """The weight of a cell in left minus right."""
        left = sum(sign for sign, place in self.left if place == position)
        return left - sum(sign for sign, place in self.right if place == position)


@dataclass(frozen=True)
class Figure:
    """What a cell adds to a sum: a number; nothing, where it is blank or dashed; unknown, where it cannot be read."""

    number: Decimal | None
    readable: bool


Figures = Mapping[Position, Figure]


@dataclass(frozen=True)
class Outcome:
    """An equation worked out. residual: left minus right, None where a cell cannot be read."""

    equation: Equation
    found: Decimal | None
    expected: Decimal | None

    @property
    def residual(self) -> Decimal | None:
        return None if self.found is None or self.expected is None else self.found - self.expected

    @property
    def ok(self) -> bool:
        if self.residual is None:
            return False
        return self.residual >= -self.equation.tolerance and (
            self.equation.at_least or self.residual <= self.equation.tolerance
        )

    def check(self) -> Check:
        expected = _printed(self.expected)
        if self.equation.at_least and self.expected is not None:
            expected = f"{AT_LEAST}{expected}"
        return Check(self.equation.rule, self.ok, self.equation.positions, expected, _printed(self.found))


def _printed(number: Decimal | None) -> str:
    return NOT_READABLE if number is None else f"{number:f}"


def figures_of(table: Table) -> dict[Position, Figure]:
    """The figures of a table's data cells, values having been set."""
    return {(cell.row, cell.col): figure_of(cell) for cell in table.cells if cell.role is CellRole.DATA}


def figure_of(cell: Cell) -> Figure:
    if cell.value is not None:
        return Figure(Decimal(str(cell.value)), True)
    return Figure(None, parse(cell.text).kind in (Kind.BLANK, Kind.MARK))


def work_out(equation: Equation, figures: Figures) -> Outcome | None:
    """The equation with these figures. A blank adds nothing; None where a whole side is blank: nothing is claimed."""
    sides = [[(sign, figures[place]) for sign, place in side] for side in (equation.left, equation.right)]
    if any(all(figure.readable and figure.number is None for _, figure in side) for side in sides):
        return None
    return Outcome(equation, *(_sum(side) for side in sides))


def _sum(side: Iterable[tuple[int, Figure]]) -> Decimal | None:
    total = Decimal(0)
    for sign, figure in side:
        if not figure.readable:
            return None
        total += sign * (figure.number or Decimal(0))
    return total


def work_out_all(equations: Iterable[Equation], figures: Figures) -> tuple[Outcome, ...]:
    """Every equation that claims anything."""
    outcomes = (work_out(equation, figures) for equation in equations)
    return tuple(outcome for outcome in outcomes if outcome is not None)


def decimals_of(number: Decimal) -> int:
    """Digits behind the point."""
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
