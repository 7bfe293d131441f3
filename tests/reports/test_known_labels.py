"""Labels of a known form: stray marks are left out, and the form's wording settles what is doubted of a label."""

from __future__ import annotations

from dataclasses import replace

import pytest
from report_tables import LEFT, table

from ocr_pipeline.document import Cell, Flag, Table
from ocr_pipeline.reports.apply import apply_to_table
from ocr_pipeline.reports.loader import load_profiles
from ocr_pipeline.settings import ReportSettings

TITLE, HEADER, ROW, NUMBER = (0, 0), (1, 1), (2, 0), (2, 1)


def read(at: tuple[int, int], text: str, *flags: Flag) -> Cell:
    """One cell of a known form after the reports' work, read as that text with those flags."""
    found = table(
        [
            ["第二十条第（一）项", LEFT, LEFT, LEFT],
            ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"],
            ["规章", "0", "0", "3"],
            ["行政规范性文件", "14", "2", "61"],
        ]
    )
    cells = tuple(
        replace(cell, text=text, raw=text, flags=flags) if (cell.row, cell.col) == at else cell for cell in found.cells
    )
    worked = _worked(replace(found, cells=cells))
    assert worked.profile is not None
    cell = worked.cell_at(*at)
    assert cell is not None
    assert cell.raw == text
    return cell


def _worked(found: Table) -> Table:
    result = apply_to_table(found, ReportSettings(), load_profiles())
    assert apply_to_table(result, ReportSettings(), load_profiles()) == result
    return result


@pytest.mark.parametrize(
    ("at", "text", "wanted"),
    [
        (TITLE, "第二十条第.(一)项", "第二十条第(一)项"),
        (TITLE, "·第二十条第（一）项-", "第二十条第（一）项"),
        (HEADER, "本年制发件数。", "本年制发件数"),
        (HEADER, "本年度制发件数。", "本年度制发件数"),  # another accepted wording
        (ROW, "规 章", "规 章"),
    ],
)
def test_marks_that_the_form_has_not_are_left_out(at: tuple[int, int], text: str, wanted: str) -> None:
    assert read(at, text).text == wanted


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (TITLE, "第二卡条第（一）项"),  # a misread character is not put right
        (TITLE, "第二十条第（一项"),  # nothing is added
        (HEADER, "本年制发件数1"),  # a digit is no mark
        (ROW, ".规.章."),
        (HEADER, "本年，制发件数"),  # an office may have set a comma
    ],
)
def test_nothing_else_is_changed(at: tuple[int, int], text: str) -> None:
    assert read(at, text).text == text


def test_the_forms_wording_settles_doubts_of_a_label() -> None:
    doubts = Flag.UNDER_SEAL, Flag.INVENTED_EDGE
    cell = read(HEADER, "本年制发件数", *doubts)
    assert (cell.flags, cell.note) == ((), "under a seal; a border not seen; the form has this label")
    assert set(read(HEADER, "本年制发件薮", *doubts).flags) >= set(doubts)
    assert set(read(NUMBER, "0", *doubts).flags) >= set(doubts)
    assert read(HEADER, "本年制发件数", Flag.UNREAD_INK).flags == (Flag.UNREAD_INK,)
