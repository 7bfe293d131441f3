"""The report data and the form's grids, without drawing anything."""

import pytest

from scripts.samplemaker import content, forms, invent
from scripts.samplemaker.filing import stream
from scripts.samplemaker.grid import Grid, GridCell, kind_of


@pytest.mark.parametrize("name", content.REPORT_NAMES)
def test_report_grids_tile(name: str) -> None:
    for grid in forms.tables_of(content.load(name)).values():
        owners = grid.owners()
        assert sum(c.row_span * c.col_span for c in grid.cells) == grid.rows * grid.cols
        assert len(owners) == grid.rows


@pytest.mark.parametrize("name", content.REPORT_NAMES)
def test_table_three_has_all_its_values(name: str) -> None:
    report = content.load(name)
    assert len(report.three.values) == (25 if report.three.split_other else 23)
    assert {len(row) for row in report.three.values} == {7}
    assert len(report.four) == 15


def test_gangcha_keeps_blanks_apart_from_zeros() -> None:
    report = content.load("gangcha")
    assert report.four[:5] == ("",) * 5
    cells = forms.table_four(report.four).cells
    assert [kind_of(c.text) for c in cells if c.row == 3][:6] == ["empty"] * 5 + ["number"]


def test_gangcha_total_header_stands_beside_the_applicants() -> None:
    grid = forms.tables_of(content.load("gangcha"))["three"]
    top = {c.text: (c.row_span, c.col_span) for c in grid.cells if c.row == 0}
    assert top["申请人情况"] == (1, 6)
    assert top["总计"] == (3, 1)


def test_overlap_and_hole_are_refused() -> None:
    twice = Grid("x", "", 1, 2, (GridCell(0, 0, 1, 2, ""), GridCell(0, 1, 1, 1, "")), (1, 1))
    with pytest.raises(ValueError, match="twice"):
        twice.owners()
    hole = Grid("x", "", 1, 2, (GridCell(0, 0, 1, 1, ""),), (1, 1))
    with pytest.raises(ValueError, match="not covered"):
        hole.owners()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "empty"),
        ("0", "number"),
        ("18.0857", "number"),
        ("其", "char"),
        ("18.085682万元", "text"),
        ("其他", "text"),
    ],
)
def test_kinds(text: str, kind: str) -> None:
    assert kind_of(text) == kind


def _sums_hold(report: content.Report) -> bool:
    rows = [[int(v) for v in row] for row in report.three.values]
    across = all(sum(row[:6]) == row[6] for row in rows)
    columns = list(zip(*rows, strict=True))
    down = all(sum(c[2:-2]) == c[-2] and c[0] + c[1] == c[-2] + c[-1] for c in columns)
    groups = [report.four[i : i + 5] for i in (0, 5, 10)]
    four = all(sum(map(int, g[:4])) == int(g[4]) for g in groups if all(g))
    return across and down and four


@pytest.mark.parametrize("number", range(25))
def test_invented_numbers_add_up_and_spoiled_ones_do_not(number: int) -> None:
    rng = stream(3, "filing", number)
    report = invent.invent("x", rng)
    assert _sums_hold(report)
    for grid in forms.tables_of(report).values():
        grid.owners()
    spoiled, breaks = invent.spoil(report, rng)
    assert breaks
    assert not _sums_hold(spoiled)
    grids = forms.tables_of(spoiled)
    for broken in breaks:
        cell = next(c for c in grids[broken.table].cells if (c.row, c.col) == (broken.row, broken.col))
        assert cell.text == broken.printed != broken.right
