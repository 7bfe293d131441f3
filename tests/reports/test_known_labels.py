"""Labels of a known form: stray marks are left out, and the form's wording settles what is doubted of a label."""

from __future__ import annotations

from dataclasses import replace

import pytest
from report_tables import LEFT, table

from ocr_pipeline.document import Cell, Flag, Table
from ocr_pipeline.reports.apply import apply_to_table
from ocr_pipeline.reports.known_labels import _with_numbering, _without_piece
from ocr_pipeline.reports.loader import load_profiles
from ocr_pipeline.settings import ReportSettings

FORM = frozenset(("(六)其他处理", "四、结转下年度继续办理", "3.其他", "(三)不予公开"))
TITLE, HEADER, ROW, NUMBER = (0, 0), (1, 1), (2, 0), (2, 1)


def read(at: tuple[int, int], text: str, *flags: Flag, score: float = 1.0) -> Cell:
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
        replace(cell, text=text, raw=text, flags=flags, score=score) if (cell.row, cell.col) == at else cell
        for cell in found.cells
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
        (TITLE, "第二十条第（一项"),  # nothing is added but behind an ordinal
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


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("(六其他处理", "(六)其他处理"),
        ("四结转下年度继续办理", "四、结转下年度继续办理"),
        ("3:其他", "3.其他"),
        ("3、其他", "3、其他"),  # an office may have set another mark
        ("(白)不予公开", "(白)不予公开"),
        ("四结转下年度继续", "四结转下年度继续"),
    ],
)
def test_the_mark_behind_an_ordinal_is_put_in(text: str, wanted: str) -> None:
    assert (_with_numbering(text, FORM) or text) == wanted


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        ("3.其\n他 门", "3.其他"),
        ("(六)其 他\n处理 i", "(六)其他处理"),
        ("(六)其他处理门", None),  # what stands close may belong there
        ("(六)其他处理 情况说明", None),
    ],
)
def test_what_stands_apart_is_left_out(raw: str, wanted: str | None) -> None:
    assert _without_piece(raw, FORM) == wanted


def test_only_what_is_hardly_to_be_read_is_left_out() -> None:
    assert read(HEADER, "本年制发件数 1").text == "本年制发件数 1"
    assert read(HEADER, "本年制发件数 1", score=0.3).text == "本年制发件数"
