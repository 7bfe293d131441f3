from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.document import Cell, CellRole, Check, Table
from ocr_pipeline.geometry import Box, Quad
from ocr_pipeline.review.formula import number, recheck_after, recheck_table, signs_of


def table_of(rows: list[list[str]], checks: list[Check]) -> Table:
    box = Box(0, 0, 10, 10)
    cells = tuple(
        Cell(r, c, 1, 1, text, text, 1.0, CellRole.DATA, 0, box, Quad.of_box(box))
        for r, row in enumerate(rows)
        for c, text in enumerate(row)
    )
    return Table("t1", "", None, len(rows), len(rows[0]), (), cells, tuple(checks))


def check_of(row: int, width: int, found: str, expected: str, ok: bool, rule: str = "rule") -> Check:
    return Check(rule, ok, tuple((row, col) for col in range(width)), expected, found)


def with_text(table: Table, row: int, col: int, text: str) -> Table:
    cells = tuple(replace(cell, text=text) if (cell.row, cell.col) == (row, col) else cell for cell in table.cells)
    return replace(table, cells=cells)


@pytest.mark.parametrize(
    ("text", "value"),
    [("12", 12), ("1,234.50", Decimal("1234.50")), ("１２", 12), ("-3", -3), ("", 0), ("—", 0), ("/", 0), ("5%", 5),
     ("十二", None), ("1.2.3", None), ("12件", None), ("NaN", None), ("1e5", None)],
)  # fmt: skip
def test_a_number_is_what_forms_print(text: str, value: Decimal | None) -> None:
    assert number(text) == value


def test_the_side_of_each_cell_follows_from_the_recorded_sums() -> None:
    table = table_of([["1", "2", "3", "7"]], [check_of(0, 4, found="6", expected="7", ok=False)])
    assert signs_of(table) == ((1, 1, 1, -1),)
    table = table_of([["5", "4", "6", "3"]], [check_of(0, 4, found="9", expected="9", ok=True)])
    assert signs_of(table) == ((1, 1, -1, -1),)
    table = table_of([["9", "4", "6", "2"]], [check_of(0, 4, found="12", expected="9", ok=False)])
    assert signs_of(table) == ((-1, 1, 1, 1),)
    table = table_of([["9", "4", "6", "3"]], [check_of(0, 4, found="13", expected="9", ok=False)])
    assert signs_of(table) == (None,), "9 = 4 + 6 + 3 or 9 + 4 = 6 + 3: both add up to what was recorded"


def test_zeros_are_settled_by_other_rows_of_the_rule_or_not_at_all() -> None:
    zeros = check_of(0, 4, "0", "0", True)
    assert signs_of(table_of([["0", "", "-", "0"]], [zeros])) == (None,)
    rows = [["0", "0", "0", "0"], ["1", "2", "3", "6"]]
    assert signs_of(table_of(rows, [zeros, check_of(1, 4, "6", "6", True)])) == ((1, 1, 1, -1),) * 2
    other = check_of(1, 4, "6", "6", True, rule="another")
    assert signs_of(table_of(rows, [zeros, other]))[0] is None


def test_a_row_that_could_not_be_added_up_takes_the_sides_of_its_peers() -> None:
    rows = [["1", "x", "3", "6"], ["1", "2", "3", "6"]]
    table = table_of(rows, [check_of(0, 4, "not readable", "6", False), check_of(1, 4, "6", "6", True)])
    mended = recheck_after(table, with_text(table, 0, 1, "2"))
    assert [check.ok for check in mended.checks] == [True, True]


@pytest.mark.parametrize(
    "check",
    [check_of(0, 3, "3", "4", True), check_of(0, 3, "5", "9", False), check_of(0, 3, "about 3", "3", True)],
    ids=["tolerance", "other arithmetic", "words"],
)
def test_a_check_of_another_kind_has_no_formula_and_stays_as_recorded(check: Check) -> None:
    table = table_of([["1", "2", "4"]], [check])
    assert signs_of(table) == (None,)
    assert recheck_table(with_text(table, 0, 0, "8")).checks == (check,)


numbers = st.lists(st.integers(0, 500), min_size=2, max_size=6)


@given(numbers, st.integers(0, 5), st.integers(1, 50))
def test_mending_the_broken_cell_mends_the_check(parts: list[int], at: int, error: int) -> None:
    total = sum(parts)
    read = list(parts)
    read[at % len(parts)] += error
    row = [str(value) for value in [*read, total]]
    table = table_of([row], [check_of(0, len(row), str(sum(read)), str(total), False)])
    after = recheck_after(table, with_text(table, 0, at % len(parts), str(parts[at % len(parts)])))
    if signs_of(table)[0] is None:  # two ways to cut fit by accident: then nothing may be claimed
        assert after.checks == table.checks
    else:
        assert after.checks[0].ok
