"""Sums that mend: second thoughts of the recogniser, numbers worked out under a stamp, the office's own errors kept."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report_tables import flagged, misread, table, text_at

from ocr_pipeline.document import Cell, CellRole, Flag, Table
from ocr_pipeline.reports.apply import apply_to_table
from ocr_pipeline.reports.loader import parse_profile
from ocr_pipeline.reports.profile import FormProfile
from ocr_pipeline.reports.second_thoughts import second_thoughts
from ocr_pipeline.reports.solve import _determined, _Row
from ocr_pipeline.settings import ReportSettings

SETTINGS = ReportSettings()
ROWS, COLS = 5, 5
Place = tuple[int, int]


def square(seed: int, *, zeros: float = 0.5) -> Table:
    """A table of numbers with totals at the right and below, many of them zero as in real filings."""
    chance = random.Random(seed)
    numbers = [[0 if chance.random() < zeros else chance.randint(1, 300) for _ in range(COLS)] for _ in range(ROWS)]
    numbers[0][0], numbers[1][1], numbers[2][2] = 17, 23, 31  # so that each sum is seen to hold
    head = ["单位", *(f"{name}类" for name in "甲乙丙丁戊"), "合计"]
    body = [[f"第{'一二三四五'[i]}科", *map(str, row), str(sum(row))] for i, row in enumerate(numbers)]
    columns = [sum(column) for column in zip(*numbers, strict=True)]
    return table([head, *body, ["合计", *map(str, columns), str(sum(columns))]], score=0.9995)


def _form() -> FormProfile:
    """The form that `square` fills in."""
    columns = ", ".join(f'{{ id = "c{i}", label = "{name}类" }}' for i, name in enumerate("甲乙丙丁戊"))
    rows = ", ".join(f'{{ id = "r{i}", label = "第{name}科" }}' for i, name in enumerate("一二三四五"))
    return parse_profile(
        'schema = "ocr-pipeline-profile/1"\nid = "x"\ntitle = "x"\n[[table]]\nid = "y"\ntitle = "y"\n'
        f'column = [{columns}, {{ id = "ct", label = "合计" }}]\nrow = [{rows}, {{ id = "rt", label = "合计" }}]\n'
        'rule = [{ along = "row", formula = "ct = c0 + c1 + c2 + c3 + c4" }, '
        '{ along = "column", formula = "rt = r0 + r1 + r2 + r3 + r4" }]\n',
        "x.toml",
    )


FORM = _form()


def worked(found: Table, *forms: FormProfile) -> Table:
    result = apply_to_table(found, SETTINGS, forms)
    assert apply_to_table(result, SETTINGS, forms) == result
    return result


def data(found: Table) -> dict[Place, Cell]:
    return {(cell.row, cell.col): cell for cell in found.cells if cell.role is CellRole.DATA}


def stamped(found: Table, at: Place, text: str, score: float) -> Table:
    """A cell under a stamp that was read as something else altogether."""
    found = misread(found, at, text, score, {"4": 0.01})
    return replace(found, cells=tuple(c.flagged(Flag.UNDER_SEAL) if (c.row, c.col) == at else c for c in found.cells))


def test_numbers_under_a_stamp_are_worked_out() -> None:
    truth = square(1)
    found = truth
    for place, text in {(2, 3): "欺", (2, 4): "PT?", (3, 4): "20", (4, 3): "482"}.items():
        found = stamped(found, place, text, 0.7)
    result = worked(found, FORM)
    assert [cell.text for cell in result.cells] == [cell.text for cell in truth.cells]
    assert flagged(result, Flag.REPAIRED) == {(2, 3), (2, 4), (3, 4), (4, 3)}
    assert all(check.ok for check in result.checks)
    note = data(result)[3, 4].note
    assert note is not None
    assert note.startswith("first read as '20'")


def test_a_stamp_over_a_rectangle_leaves_it_open() -> None:
    """Four unknown cells at the corners of a rectangle: other numbers would do as well."""
    found = square(2, zeros=0.0)
    for place in ((2, 3), (2, 4), (3, 3), (3, 4)):
        found = stamped(found, place, "欺", 0.3)
    result = worked(found, FORM)
    assert flagged(result, Flag.REPAIRED) == set()
    assert flagged(result, Flag.UNPARSED_NUMBER) == {(2, 3), (2, 4), (3, 3), (3, 4)}


def test_one_witness_is_not_enough() -> None:
    """A number that only one sum tells of is not filled in: that sum could be the wrong one."""
    rows = [["甲类", "乙类", "合计"], *[["4", "5", "9"], ["7", "1", "8"], ["30", "2", "32"], ["3", "2", "5"]]]
    found = worked(stamped(table(rows, score=0.9995), (3, 0), "欺", 0.3))
    assert text_at(found, 3, 0) == "欺"
    assert Flag.UNPARSED_NUMBER in data(found)[3, 0].flags


def test_a_blank_is_no_zero_but_may_hide_a_number() -> None:
    found = square(3)
    hidden = next(place for place, cell in data(worked(found)).items() if cell.value == 0)
    other = next(place for place, cell in data(worked(found)).items() if cell.value == 0 and place != hidden)
    with_blank = misread(found, other, "", 1.0, {})
    blank = worked(stamped(with_blank, hidden, "", 1.0), FORM)
    assert (data(blank)[hidden].value, data(blank)[other].value) == (None, None)
    # Where nothing else is blank, a stamp hides the zero that both sums leave room for.
    nought = data(worked(stamped(found, hidden, "", 1.0), FORM))[hidden]
    assert (nought.value, nought.flags) == (0, (Flag.REPAIRED,))
    lost = worked(stamped(found, (2, 2), "", 1.0), FORM)
    assert data(lost)[2, 2].value == 23


def test_print_on_two_lines_is_two_numbers() -> None:
    found = square(4)
    two = replace(
        found, cells=tuple(replace(c, text="14", raw="1\n4") if (c.row, c.col) == (2, 2) else c for c in found.cells)
    )
    cell = data(worked(two))[2, 2]
    assert cell.value is None
    assert Flag.UNPARSED_NUMBER in cell.flags


@pytest.mark.parametrize(("read", "other"), [("1T", "17.0"), ("1T", "17."), ("1T", "17"), ("1.T", "17.0")])
def test_a_number_read_again_bears_no_point_that_was_not_read(read: str, other: str) -> None:
    cell = data(misread(square(6), (1, 1), read, 0.4, {other: 0.3}))[1, 1]
    (thought,) = second_thoughts(cell, SETTINGS)
    assert (thought.text, thought.value) == ("17.0" if "." in read else "17", 17)


def test_two_errors_that_are_alike_bear_out_no_wrong_number() -> None:
    """Both sums around an unread number are out by the same amount; their own cross sums say so."""
    truth = square(6, zeros=1.0)
    found = stamped(truth, (1, 1), "欺", 0.3)
    for place, score in {(1, 2): 0.4, (2, 1): 0.2}.items():
        found = stamped(found, place, "6", score)
    result = worked(found, FORM)
    assert text_at(result, 1, 1) == "17"
    assert flagged(result, Flag.REPAIRED) == {(1, 1), (1, 2), (2, 1)}


def test_a_blank_total_under_a_stamp_is_what_its_row_says() -> None:
    """The total of a row of zeros was not seen: its row says that it is none, and that is the total row's second
    witness for the number above."""
    truth = square(7, zeros=1.0)
    found = stamped(truth, (4, 6), "", 0.0)
    for place in ((1, 1), (1, 6), (3, 6)):
        found = stamped(found, place, "欺", 0.3)
    result = worked(found, FORM)
    assert [text_at(result, *place) for place in ((1, 1), (1, 6), (3, 6))] == ["17", "17", "31"]


def test_what_is_left_of_a_sum_may_be_nothing() -> None:
    """Once the first number is known, the other two of the second sum add up to zero."""
    a, b, c = (1, 1), (1, 2), (1, 3)
    rows = [_Row({a: Fraction(1)}, Fraction(24)), _Row(dict.fromkeys((a, b, c), Fraction(1)), Fraction(24))]
    assert _determined(rows) == {a: 24, b: 0, c: 0}


@pytest.mark.parametrize(("raw", "right"), [("5\n31", True), ("5\n4", False)])
def test_under_a_stamp_one_of_two_lines_may_be_the_stamps(raw: str, right: bool) -> None:
    """Only what was read on one of the lines is taken for the number that the sums demand."""
    found = stamped(square(4), (3, 3), raw.replace("\n", ""), 0.5)
    cells = (replace(c, raw=raw) if (c.row, c.col) == (3, 3) else c for c in found.cells)
    cell = data(worked(replace(found, cells=tuple(cells)), FORM))[3, 3]
    assert (cell.text, Flag.REPAIRED in cell.flags) == (("31", True) if right else ("54", False))
    assert right or Flag.UNPARSED_NUMBER in cell.flags


@pytest.mark.parametrize("place", [(1, 1), (2, 6), (6, 2), (6, 6)])
def test_a_sum_the_office_got_wrong_stays_and_few_cells_are_doubted(place: Place) -> None:
    found = square(5)
    printed = str(int(text_at(found, *place)) + 10)
    result = worked(misread(found, place, printed, 0.9999, {}), FORM)
    assert text_at(result, *place) == printed
    assert flagged(result, Flag.REPAIRED) == set()
    assert place in {place for check in result.checks if not check.ok for place in check.cells}
    assert flagged(result, Flag.RULE_BROKEN) == {place}


def test_of_one_broken_sum_the_total_is_doubted_before_the_rest() -> None:
    rows = [["甲类", "乙类", "丙类", "合计"], *[["4", "5", "1", "10"], ["7", "1", "2", "10"], ["30", "2", "5", "37"]]]
    found = table([*rows, ["3", "2", "1", "7"], ["8", "4", "3", "15"]], score=0.9999)
    assert flagged(worked(found), Flag.RULE_BROKEN) == {(4, 3)}
    doubtful = worked(misread(found, (4, 1), "2", 0.8, {}))
    assert flagged(doubtful, Flag.RULE_BROKEN) == {(4, 1)}


@given(st.integers(0, 2**32), st.integers(0, 4), st.integers(0, 2))
@settings(max_examples=60)
def test_no_right_number_is_made_wrong(seed: int, errors: int, printed_wrong: int) -> None:
    """Whatever is misread, and whatever the office itself got wrong: what was read right stays."""
    chance = random.Random(seed)
    found = square(seed % 50)
    places = sorted(data(worked(found)))
    odd = chance.sample(places, printed_wrong)
    for place in odd:
        number = int(text_at(found, *place))
        found = misread(found, place, str(abs(number + chance.choice([-1, 1, 10]))), 0.9995, {})
    read = found
    wrong = chance.sample([place for place in places if place not in odd], errors)
    for place in wrong:
        kind = chance.choice(["unread", "other", "alternative"])
        text = "欺" if kind == "unread" else str(int(text_at(found, *place)) + chance.choice([3, 60]))
        others = {text_at(found, *place): 0.3} if kind == "alternative" else {"7": 0.05}
        read = misread(read, place, text, 0.5, others)
    result = data(worked(read, *chance.choice([(FORM,), ()])))
    for place in places:
        if place not in wrong:
            assert result[place].value == int(text_at(found, *place))
        elif result[place].value != int(text_at(found, *place)):
            assert result[place].flags
