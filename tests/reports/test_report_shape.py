"""Tables that do not have their form's shape: put right where the labels leave no doubt, else every number in doubt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from report_tables import LEFT, UP, cell, document, flagged, misread, table, text_at
from test_report_complete import LITIGATION, SECTIONS

from ocr_pipeline.document import CellRole, Flag, Table, TablePart
from ocr_pipeline.geometry import Box
from ocr_pipeline.reports.apply import apply_reports, apply_to_table
from ocr_pipeline.reports.loader import load_profiles
from ocr_pipeline.reports.regrid import Axis, with_line, without_line
from ocr_pipeline.settings import ReportSettings

SETTINGS = ReportSettings()
FORMS = load_profiles()
Place = tuple[int, int]


def worked(found: Table) -> Table:
    result = apply_to_table(found, SETTINGS, FORMS)
    assert apply_to_table(result, SETTINGS, FORMS) == result
    return result


def misfits(found: Table) -> dict[str, str]:
    return {check.rule: check.found for check in found.checks if check.expected == "as in the form"}


def numbers(found: Table) -> set[Place]:
    return {(c.row, c.col) for c in found.cells if c.role is CellRole.DATA and c.text}


def doubted(found: Table) -> set[Place]:
    return flagged(found, Flag.RULE_BROKEN) | flagged(found, Flag.INVENTED_EDGE)


def places(found: Table) -> dict[Place, str]:
    return {(c.row, c.col): c.text for c in found.cells}


def parted(found: Table, line: int, rows: dict[int, tuple[str, str]]) -> Table:
    """The table with one more column line, at which the cells of some rows are in two."""
    wide = with_line(found, Axis.COLS, line - 1)
    cells = []
    for c in wide.cells:
        if c.row in rows and c.col == line - 1 and c.col_span == 2:
            left, right = rows[c.row]
            cells += [cell(c.row, line - 1, left), cell(c.row, line, right)]
        else:
            cells.append(c)
    return replace(wide, cells=tuple(cells))


def lost_line(found: Table, col: int) -> Table:
    """The table with two columns in one, their labels and numbers run together."""
    cells = []
    for c in found.cells:
        if c.col == col + 1 and c.col_span == 1:
            continue
        beside = next((o for o in found.cells if o.row == c.row and o.col == col + 1 and c.col == col), None)
        if beside is not None:
            mixed = "".join(a + b for a, b in zip(c.text, beside.text, strict=True))
            c = replace(c, text=mixed, raw=mixed)
        elif c.col > col:
            c = replace(c, col=c.col - 1)
        elif c.col <= col < c.col + c.col_span:
            c = replace(c, col_span=c.col_span - 1)
        cells.append(c)
    return replace(found, cells=tuple(cells), cols=found.cols - 1)


def test_a_column_that_ran_together_with_its_neighbour_keeps_its_room() -> None:
    found = worked(lost_line(LITIGATION, 6))
    whole = places(LITIGATION)
    assert found.cols == 15
    assert {at: text for at, text in places(found).items() if at[1] not in (6, 7)} == {
        at: text for at, text in whole.items() if at[1] not in (6, 7)
    }
    assert (3, 6) in doubted(found)
    assert list(misfits(found).values()) == ["ran together with the one beside"]
    assert (3, 9) not in doubted(found)


def test_a_column_twice_as_wide_is_two_where_a_label_is_missing() -> None:
    """The ruling between two columns is worn away, and only the label of the second was read."""
    lost = lost_line(LITIGATION, 12)
    label = next(c for c in lost.cells if (c.row, c.col) == (2, 12))
    number = next(c for c in lost.cells if (c.row, c.col) == (3, 12))
    others = [c for c in lost.cells if c is not label and c is not number]
    label, number = (replace(c, text=t, raw=t) for c, t in ((label, "尚未审结"), (number, "3 |117")))
    wide = [replace(c, box=replace(c.box, x1=c.box.x1 + 100)) for c in (label, number)]
    found = worked(replace(lost, cells=(*others, *wide)))
    assert found.cols == 15
    assert doubted(found) >= {(2, 12), (3, 12)}
    assert not doubted(found) & {(3, col) for col in range(10)}
    alike = worked(replace(lost, cells=(*others, label, number)))
    assert alike.cols == 14
    assert (3, 12) in doubted(alike)


APPLICATIONS_HEAD: list[Sequence[str]] = [
    ["（本列数据的勾稽关系）", LEFT, LEFT, "申请人情况", *[LEFT] * 6],
    [UP, LEFT, LEFT, "自然人", "法人或其他组织", *[LEFT] * 4, "总计"],
    [UP, LEFT, LEFT, UP, "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", UP],
]


def applications() -> Table:
    block = next(t for form in FORMS for t in form.tables if t.key == "disclosure/applications").blocks[0]
    labels = [label for label in block.rows if label.id not in ("other_handling",)]
    rows: list[list[str]] = []
    above: tuple[str, ...] = ()
    for label in labels:
        path = label.path
        stub = [UP if above[: i + 1] == path[: i + 1] else text for i, text in enumerate(path)]
        rows.append([*stub, *[LEFT] * (3 - len(path)), *["0"] * 7])
        above = path if len(path) > 1 else ()
    return table([*APPLICATIONS_HEAD, *rows])


def test_a_made_table_of_applications_fits() -> None:
    found = worked(applications())
    assert found.profile == "disclosure/applications"
    assert misfits(found) == {}
    assert doubted(found) == set()


def test_a_line_that_parts_a_few_cells_is_taken_out() -> None:
    found = worked(parted(applications(), 5, {6: ("", "0"), 7: ("0", "")}))
    assert places(found) == places(applications())
    assert (found.rows, found.cols) == (applications().rows, 10)
    assert misfits(found) == {}


@pytest.mark.parametrize("cut", [0, 1, 2, 3])
def test_a_stroke_of_a_label_taken_for_a_ruling_is_taken_out(cut: int) -> None:
    wide = with_line(applications(), Axis.COLS, 1)
    label = next(c for c in wide.cells if c.col == 1 and c.col_span == 3)
    halves = [cell(label.row, 1, label.text[:cut]), cell(label.row, 2, label.text[cut:], col_span=2)]
    found = worked(replace(wide, cells=(*(c for c in wide.cells if c is not label), *halves)))
    assert places(found) == places(applications())
    assert misfits(found) == {}


def test_a_column_of_labels_that_the_form_does_not_have_puts_all_behind_in_doubt() -> None:
    """Two labels side by side are not taken for one, whatever the form says."""
    wide = with_line(applications(), Axis.COLS, 1)
    label = next(c for c in wide.cells if c.col == 1 and c.col_span == 3)
    halves = [cell(label.row, 1, "（七）总计"), cell(label.row, 2, label.text, col_span=2)]
    found = worked(replace(wide, cells=(*(c for c in wide.cells if c is not label), *halves)))
    assert found.cols == 11
    assert misfits(found) == {"column 3": "no column of the form; those behind it may be shifted"}
    assert doubted(found) >= numbers(found)


def test_ordinals_before_all_labels_are_the_offices_own() -> None:
    whole = applications()
    wide = with_line(whole, Axis.COLS, 0)
    cells = []
    for c in wide.cells:
        if c.col > 0 or c.row < 3:
            cells.append(c)
        else:
            cells.append(replace(c, col=1, col_span=c.col_span - 1))
    ordinals = [cell(row, 0, str(row - 2)) for row in range(3, whole.rows)]
    found = worked(replace(wide, cells=(*cells, *ordinals)))
    assert (found.profile, found.cols) == ("disclosure/applications", 11)
    assert misfits(found) == {}


def test_two_numbers_at_a_line_are_not_taken_for_one() -> None:
    found = worked(parted(applications(), 5, {6: ("1", "2")}))
    place = found.cell_at(6, 4)
    assert place is not None
    assert (place.value, place.raw) == (None, "1\n2")
    assert {Flag.UNPARSED_NUMBER, Flag.INVENTED_EDGE} <= set(place.flags)


def without_rows(found: Table, first: int, end: int) -> Table:
    kept = [c for c in found.cells if c.row + c.row_span <= first or c.row >= end]
    moved = [replace(c, row=c.row - (end - first)) if c.row >= end else c for c in kept]
    return replace(found, cells=tuple(moved), rows=found.rows - (end - first))


def test_a_column_too_many_in_one_band_puts_all_behind_it_in_doubt_in_every_band() -> None:
    """Columns are counted through the table, wherever in it one was read that is none."""
    rows = {2: ("规章", ""), 6: ("行政许可", "2"), 10: ("行政处罚", "2"), 11: ("行政强制", "1")}
    found = worked(parted(table(SECTIONS), 1, rows))
    assert misfits(found) == {"column 2": "no column of the form; those behind it may be shifted"}
    assert doubted(found) >= {place for place in numbers(found) if place[1] > 1}


def test_a_row_lost_puts_all_below_in_doubt() -> None:
    whole = table(SECTIONS)
    found = worked(without_rows(whole, 11, 12))  # 行政强制
    assert misfits(found) == {"row 行政强制": "not found; what is below may be shifted"}
    assert doubted(found) == {(c.row, c.col) for c in found.cells if c.row >= 11 and c.text}


def test_a_row_that_editions_divide_differently_is_missed_too() -> None:
    """（六）其他处理 stands in one row or in three: in none, it was lost, and its numbers with it."""
    whole = applications()
    first = next(c.row for c in whole.cells if c.text == "（六）其他处理")
    found = worked(without_rows(whole, first, first + 3))
    assert misfits(found) == {"row （六）其他处理": "not found; what is below may be shifted"}
    assert doubted(found) == {(c.row, c.col) for c in found.cells if c.row >= first and c.text}


@pytest.mark.parametrize(("doubtful", "all_of_them"), [(1, False), (4, False), (5, True)])
def test_in_a_damaged_table_no_number_is_believed_without_a_sum(doubtful: int, all_of_them: bool) -> None:
    whole = table(SECTIONS, score=0.9999)
    places_ = sorted(numbers(whole := worked(whole)))
    for place in places_[:doubtful]:
        whole = misread(whole, place, "8", 0.4, {})
    found = worked(whole)
    assert flagged(found, Flag.LOW_SCORE) == set(places_ if all_of_them else places_[:doubtful])


def test_a_row_in_two_puts_all_below_in_doubt() -> None:
    """A wrapped label taken for two, its numbers in one of the rows."""
    whole = applications()
    label = next(c for c in whole.cells if c.text.startswith("5.要求行政机关"))
    wide = with_line(whole, Axis.ROWS, label.row)
    row = [c for c in wide.cells if c.row == label.row and c.col >= label.col]
    uppers = [replace(c, row_span=1, text=c.text[:10] if c is row[0] else c.text) for c in row]
    lowers = [cell(c.row + 1, c.col, c.text[10:] if c is row[0] else "", col_span=c.col_span) for c in row]
    found = worked(replace(wide, cells=(*(c for c in wide.cells if c not in row), *uppers, *lowers)))
    assert list(misfits(found).values()) == ["no row of the form; what is below may be shifted"]
    assert doubted(found) >= {place for place in numbers(found) if place[0] > label.row}
    assert not doubted(found) & {place for place in numbers(found) if place[0] < label.row}


def test_a_header_deeper_than_the_forms_puts_all_below_in_doubt() -> None:
    """Labels printed downwards taken for rows of labels."""
    rows = [list(row) for row in APPLICATIONS_HEAD]
    torn = (
        [UP, LEFT, LEFT, UP, *(text[:1] for text in rows[-1][4:9]), UP],
        [UP, LEFT, LEFT, UP, *(text[1:] for text in rows[-1][4:9]), UP],
    )
    whole = applications()
    body = [replace(c, row=c.row + 1) for c in whole.cells if c.row >= 3]
    head = table([*rows[:2], *torn])
    found = worked(replace(whole, rows=whole.rows + 1, cells=(*head.cells, *body)))
    assert found.profile == whole.profile or found.profile == "disclosure/applications"
    assert doubted(found) >= numbers(found)


def test_a_header_cut_off_by_a_page_break_gets_its_rows_back() -> None:
    """Below the break the corner cell goes on, and the labels of the inner levels."""
    whole = applications()
    corner = whole.cells[0]
    cells = [replace(c, row=c.row - 1) for c in whole.cells if c.row >= 1]
    cut = replace(whole, cells=(replace(corner, row_span=2), *cells), rows=whole.rows - 1)
    cut = replace(cut, parts=(TablePart(1, Box(0, 0, 100, 100), (0, cut.rows - 1)),))
    found = worked(cut)
    assert found.rows == whole.rows
    assert found.parts[0].rows == (0, whole.rows - 1)
    assert {at: text for at, text in places(found).items() if at != (0, 3)} == {
        at: text for at, text in places(whole).items() if at != (0, 3)
    }
    # With a title above nothing was cut off: then the header is short, and all is in doubt.
    titled = worked(replace(cut, title="三、收到和处理政府信息公开申请情况"))
    assert titled.rows == cut.rows
    assert doubted(titled) >= numbers(titled)


def test_a_number_where_the_form_has_a_label() -> None:
    cells = tuple(replace(c, text="1", raw="1") if (c.row, c.col) == (1, 0) else c for c in LITIGATION.cells)
    found = worked(replace(LITIGATION, cells=cells))
    assert (1, 0) in flagged(found, Flag.RULE_BROKEN)


def test_a_torn_off_part_of_a_form_is_said() -> None:
    part = table([["项目", "自然人", "商业企业", "科研机构"], ["不明", "3", "4", "5"]])
    result = apply_reports(document(part), SETTINGS, FORMS)
    assert set(places(result.tables[0])) == flagged(result.tables[0], Flag.RULE_BROKEN)
    assert apply_reports(result, SETTINGS, FORMS) == result
    assert any("stands apart" in item.reason for item in result.review)


def test_cells_in_two_in_a_table_of_no_known_form() -> None:
    rows: list[Sequence[str]] = [["单位", "甲类", LEFT, "乙类"], *([name, "4", LEFT, "7"] for name in "东西南北中")]
    rows.insert(3, ["外", "1", "2", "8"])
    found = worked(table(rows))
    assert [(check.rule, check.found) for check in found.checks if not check.ok] == [
        ("column 3", "begins in 1 of 6 rows")
    ]
    assert flagged(found, Flag.RULE_BROKEN) == {(3, 1), (3, 2)}


def test_a_number_past_the_header() -> None:
    rows = [["单位", "甲类", "乙类", ""], *([name, "14", "27", "5"] for name in "东西南北")]
    assert flagged(worked(table(rows)), Flag.RULE_BROKEN) == {(row, 3) for row in range(1, 5)}


@pytest.mark.parametrize("axis", list(Axis))
def test_a_line_put_in_and_taken_out(axis: Axis) -> None:
    whole = replace(LITIGATION, parts=(TablePart(0, Box(0, 0, 9, 9), (0, 1)), TablePart(1, Box(0, 0, 9, 9), (2, 3))))
    wide = with_line(whole, axis, 2)
    back = without_line(wide, axis, 3)
    assert back == replace(whole, cells=tuple(sorted(whole.cells, key=lambda c: (c.row, c.col))))
    assert text_at(wide, 3, 4) if axis is Axis.COLS else text_at(wide, 4, 4)


def test_a_blank_row_between_header_and_numbers_moves_these() -> None:
    """Two header cells parted by a line that is none: the numbers are a row too low."""
    cells = []
    for c in LITIGATION.cells:
        last = c.row + c.row_span == 3
        if c.row == 3:
            c = replace(c, row=4)
        elif last and c.col >= 2:
            c = replace(c, row_span=c.row_span + 1)
        cells.append(c)
    cells += [cell(3, 0, ""), cell(3, 1, "")]
    found = worked(replace(LITIGATION, rows=5, cells=tuple(cells)))
    assert found.profile == "disclosure/litigation"
    assert doubted(found) >= {*((4, col) for col in range(15)), (3, 0), (2, 14)}
