"""What a person said of a cell outlives every rule."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace

import pytest
from report_tables import CROPS, document, flagged, misread
from test_report_hostile import numbers, spoilt
from test_report_shape import applications

from ocr_pipeline.document import Alternative, Cell, CellRole, Document, Flag, Table
from ocr_pipeline.reports.apply import apply_reports
from ocr_pipeline.reports.loader import load_profiles
from ocr_pipeline.review.corrections import CellCorrection, Corrections, apply_corrections
from ocr_pipeline.settings import ReportSettings

SETTINGS, FORMS = ReportSettings(), load_profiles()
Place = tuple[int, int]
GRAIN_TOTAL, GRAIN, OTHER_GRAIN = (4, 5), (2, 5), (3, 5)
"""Three cells of the crops' last column, of which the first is the sum of the others."""


def reported(document: Document) -> Document:
    return apply_reports(document, SETTINGS, FORMS)


def corrected(document: Document, texts: Mapping[Place, str]) -> Document:
    """The document with a person's texts in its first table, as `apply` puts them in."""
    cells = tuple(CellCorrection("t1", *place, text) for place, text in texts.items())
    return apply_corrections(document, Corrections(document.source.sha256, cells), reported)


def cell_at(document: Document, place: Place) -> Cell:
    cell = document.tables[0].cell_at(*place)
    assert cell is not None
    return cell


def said(document: Document) -> dict[Place, tuple[str, tuple[Flag, ...], str | None]]:
    return {(c.row, c.col): (c.text, c.flags, c.note) for t in document.tables for c in t.cells if c.by_person}


def test_a_confirmed_number_in_a_broken_sum_is_not_doubted() -> None:
    broken = reported(document(misread(CROPS, GRAIN_TOTAL, "11,123", 0.97, {})))
    assert Flag.RULE_BROKEN in cell_at(broken, GRAIN_TOTAL).flags
    after = corrected(broken, {GRAIN_TOTAL: "11,123"})
    assert said(after) == {GRAIN_TOTAL: ("11,123", (Flag.CORRECTED,), None)}
    assert cell_at(after, GRAIN_TOTAL).value == 11123
    assert any(not check.ok for check in after.tables[0].checks)
    assert flagged(after.tables[0], Flag.RULE_BROKEN), "others of the sum are in doubt for it"
    assert not any((item.kind, item.row, item.col) == ("cell", *GRAIN_TOTAL) for item in after.review)


@pytest.mark.parametrize("text", ["", "=1+1<b>", "11,125", "l1,124", "11.124", "欺", "79|0"])
def test_a_persons_text_is_never_repaired_nor_put_right(text: str) -> None:
    read = reported(document(misread(CROPS, GRAIN_TOTAL, "11,123", 0.4, {"11,124": 0.3})))
    assert Flag.REPAIRED in cell_at(read, GRAIN_TOTAL).flags, "a reading would be"
    after = corrected(read, {GRAIN_TOTAL: text})
    assert said(after) == {GRAIN_TOTAL: (text, (Flag.CORRECTED,), None)}


def test_the_same_corrections_twice_are_the_same_document() -> None:
    texts = {GRAIN_TOTAL: "11,125", GRAIN: "6020", (2, 1): "春小麦"}
    once = corrected(reported(document(CROPS)), texts)
    assert corrected(once, texts) == once
    assert reported(once) == replace(once, review=reported(once).review)


def test_corrections_stay_through_later_ones() -> None:
    once = corrected(reported(document(CROPS)), {GRAIN_TOTAL: "11,125"})
    after = corrected(once, {OTHER_GRAIN: "5,104"})
    assert said(after) == {
        GRAIN_TOTAL: ("11,125", (Flag.CORRECTED,), None),
        OTHER_GRAIN: ("5,104", (Flag.CORRECTED,), None),
    }


def test_what_the_program_put_right_itself_stays_to_be_looked_at() -> None:
    oil = (5, 0)
    cells = (cell.flagged(Flag.CORRECTED) if (cell.row, cell.col) == oil else cell for cell in CROPS.cells)
    read = reported(document(replace(CROPS, cells=tuple(cells))))
    after = corrected(read, {GRAIN: "6,020"})
    assert ("cell", *oil) in {(item.kind, item.row, item.col) for item in after.review}


_ENTRIES = ("", "0", "7", "12.5", "-3", "—", "O", "=1+1<b>", "一、本年新收", "3 4", "12件", "99,999")


@pytest.mark.parametrize("seed", range(12))
def test_whatever_stands_in_a_table_a_persons_cells_come_back_as_they_were(seed: int) -> None:
    chance = random.Random(seed)
    table, entries = _spoilt_table(chance), dict[Place, str]()
    for cell in chance.sample(table.cells, 6):
        entries[cell.row, cell.col] = chance.choice((*_ENTRIES, cell.text))
    after = corrected(document(table) if seed % 2 else reported(document(table)), entries)
    assert said(after) == {place: (text, (Flag.CORRECTED,), None) for place, text in entries.items()}
    assert corrected(after, entries) == after


def _spoilt_table(chance: random.Random) -> Table:
    """A filled form some numbers of which were misread, the right ones in mind."""
    table, found = applications(), numbers(chance)

    def filled(cell: Cell) -> Cell:
        number = found.get((cell.row, cell.col))
        if number is None:
            return cell
        text = str(number)
        if chance.random() > 0.1:
            return replace(cell, text=text, raw=text, role=CellRole.DATA)
        wrong = spoilt(text, chance)
        return replace(cell, text=wrong, raw=wrong, score=0.6, alternatives=(Alternative(text, 0.3),))

    return replace(table, id="t1", cells=tuple(map(filled, table.cells)))
