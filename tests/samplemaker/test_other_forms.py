"""Other forms: their grids tile, their sums hold, long ones print their header again and keep it out of the truth."""

import numpy as np
import pytest

from scripts.samplemaker import makers
from scripts.samplemaker.filing import stream
from scripts.samplemaker.other import pages
from scripts.samplemaker.sheet import Sheet

pytestmark = pytest.mark.usefixtures("typefaces")


@pytest.mark.parametrize("kind", pages.KINDS)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_cells_tile_and_hold_their_print(kind: str, seed: int) -> None:
    sheet, _ = pages.document(kind, stream(seed, "other", kind))
    for table in sheet.tables:
        table.grid.owners()
        shown: dict[int, str] = {}
        for piece in table.pieces:
            shown[piece.cell] = shown.get(piece.cell, "") + "".join(line.text for line in piece.lines)
            for line in piece.lines:
                x0, y0, x1, y1 = line.box()
                inside = piece.box[0] - 0.5 <= x0 and x1 <= piece.box[2] + 0.5
                assert inside and piece.box[1] - 1 <= y0 and y1 <= piece.box[3] + 1, line.text
        for index, cell in enumerate(table.grid.cells):
            assert shown[index] == cell.text.replace(" ", "")


def _long(repeated: bool) -> Sheet:
    for seed in range(40):
        sheet, _ = pages.document("long", stream(seed, "other", "long"))
        if sheet.pages > 1 and bool(sheet.tables[0].repeats) == repeated:
            return sheet
    raise AssertionError("no such sheet")


def test_a_long_table_prints_its_header_again() -> None:
    table = _long(True).tables[0]
    heads = [cell for cell in table.grid.cells if cell.row < table.grid.header_rows]
    assert len(table.repeats) % len(heads) == 0
    assert {piece.page for piece in table.repeats} == {row[0] for row in table.rows} - {0}
    assert not _long(False).tables[0].repeats


def test_budget_totals_agree() -> None:
    sheet, _ = pages.document("budget", np.random.default_rng(4))
    grid = sheet.tables[0].grid
    texts = {(cell.row, cell.col): cell.text for cell in grid.cells}
    half, amounts = grid.cols // 2, [c for c in range(1, grid.cols // 2) if texts[1, c] != "行次"]
    for start in (0, half):
        for col in amounts:
            column = [texts[row, start + col].replace(",", "") for row in range(2, grid.rows)]
            numbers = [float(text) if text not in ("", "-") else 0.0 for text in column]
            assert sum(numbers[:-3]) == pytest.approx(numbers[-3])
            assert numbers[-3] + numbers[-2] == pytest.approx(numbers[-1])


def test_a_sheet_fed_sideways_is_told_by_its_truth() -> None:
    made = next(m for m in (makers.other("wide", "clean", seed) for seed in range(20)) if m.truth["source"]["fed"])
    page = made.truth["pages"][0]
    assert page["orientation"] == made.truth["source"]["fed"]
    assert page["height"] > page["width"]
