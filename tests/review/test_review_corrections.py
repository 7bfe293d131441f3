from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from review_made import MakeFiling, office_report

from ocr_pipeline.document import Cell, Document, Flag
from ocr_pipeline.errors import ExitCode, InputFileError
from ocr_pipeline.export import load_document
from ocr_pipeline.review.apply import apply_command
from ocr_pipeline.review.corrections import (
    BlockCorrection,
    CellCorrection,
    Corrections,
    CorrectionsError,
    apply_corrections,
    corrections_json,
    parse_corrections,
)


@pytest.fixture(scope="module")
def document() -> Document:
    return office_report()[0]


def cell_of(document: Document, row: int, col: int) -> Cell:
    cell = document.tables[0].cell_at(row, col)
    assert cell
    return cell


def test_the_file_comes_back_as_it_went(document: Document) -> None:
    made = Corrections(
        "ab" * 32, (CellCorrection("t1", 4, 2, "18", "15"),), (BlockCorrection(0, 1, "青政办\n〔2023〕", None),), True
    )
    assert parse_corrections(corrections_json(made)) == made


def test_a_correction_mends_text_flags_checks_and_review(document: Document) -> None:
    sha = document.source.sha256
    after = apply_corrections(document, Corrections(sha, (CellCorrection("t1", 4, 2, "18"),)))
    cell = cell_of(after, 4, 2)
    assert (cell.text, cell.raw, cell.flags, cell.value) == ("18", "15", (Flag.CORRECTED,), None)
    assert (cell.by_person, cell.note) == (True, None)
    assert [check.ok for check in after.tables[0].checks] == [True] * 11
    assert (after.tables[0].checks[2].found, after.tables[0].checks[2].expected) == ("25", "25")
    assert all(cell_of(after, 4, col).flags == () for col in (3, 4, 5))
    assert {item.kind for item in after.review} == {"block", "seal"}
    untouched = [cell for cell in after.tables[0].cells if cell.row != 4]
    assert untouched == [cell for cell in document.tables[0].cells if cell.row != 4]


def test_a_correction_can_break_a_check_and_the_others_of_its_cells_are_flagged(document: Document) -> None:
    after = apply_corrections(document, Corrections(document.source.sha256, (CellCorrection("t1", 5, 2, "9"),)))
    assert not after.tables[0].checks[3].ok
    assert cell_of(after, 5, 2).flags == (Flag.CORRECTED,)
    assert cell_of(after, 5, 5).flags == (Flag.RULE_BROKEN,)


def test_a_confirmed_reading_keeps_its_value(document: Document) -> None:
    after = apply_corrections(document, Corrections(document.source.sha256, (CellCorrection("t1", 2, 4, "6"),)))
    assert (cell_of(after, 2, 4).value, cell_of(after, 2, 4).flags) == (6.0, (Flag.CORRECTED,))


def test_a_block_and_its_only_line_are_corrected(document: Document) -> None:
    correction = BlockCorrection(0, 1, "青政办〔2023〕18号", "青政办〔2023〕17号")
    block = apply_corrections(document, Corrections(document.source.sha256, (), (correction,))).pages[0].blocks[1]
    assert (block.text, block.lines[0].text, block.raw) == (correction.text, correction.text, correction.raw)
    assert (block.flags, block.by_person) == ((Flag.CORRECTED,), True)


def test_a_doubt_that_the_program_settled_itself_is_not_taken_for_a_persons(document: Document) -> None:
    first = document.tables[0]
    cells = tuple(replace(c, flags=(Flag.CORRECTED,)) if (c.row, c.col) == (5, 2) else c for c in first.cells)
    item = replace(document.review[0], row=5, col=2, flags=(Flag.CORRECTED,))
    put_right = replace(document, tables=(replace(first, cells=cells), *document.tables[1:]), review=(item,))
    made = Corrections(document.source.sha256, (CellCorrection("t1", 4, 2, "18"),))
    assert apply_corrections(put_right, made).review == (item,)


def test_the_arithmetic_can_be_done_by_another(document: Document) -> None:
    def recheck(corrected: Document) -> Document:
        assert cell_of(corrected, 4, 2).text == "18"
        return replace(corrected, review=())

    after = apply_corrections(
        document, Corrections(document.source.sha256, (CellCorrection("t1", 4, 2, "18"),)), recheck
    )
    assert after.review == ()
    assert after.tables[0].checks == document.tables[0].checks


@pytest.mark.parametrize(
    ("corrections", "words"),
    [
        (Corrections("cd" * 32), "another scan"),
        (
            Corrections("ab" * 32, (CellCorrection("t1", 99, 0, "1"),)),
            r"row 100, column 1 \(counted from 1\)",
        ),
        (Corrections("ab" * 32, (CellCorrection("t9", 0, 0, "1"),)), "'t9'"),
        (Corrections("ab" * 32, (CellCorrection("t1", 0, 1, "covered"),)), "no cell at row 1, column 2"),
        (Corrections("ab" * 32, (CellCorrection("t1", 4, 2, "18", "13"),)), "another reading.*row 5, column 3"),
        (Corrections("ab" * 32, (), (BlockCorrection(0, 77, "x"),)), "no block 78 on page 1"),
    ],
)
def test_corrections_that_do_not_fit_are_refused(document: Document, corrections: Corrections, words: str) -> None:
    with pytest.raises(CorrectionsError, match=words) as caught:
        apply_corrections(document, corrections)
    assert caught.value.exit_code is ExitCode.INPUT_FILE


GOOD = {"schema": "ocr-pipeline-corrections/1", "source": {"sha256": "ab"}, "corrections": []}


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "{", "{}", json.dumps({**GOOD, "schema": "ocr-pipeline-corrections/9"}),
        json.dumps({**GOOD, "source": 3}),
        json.dumps({**GOOD, "corrections": {}}), json.dumps({**GOOD, "corrections": [7]}),
        json.dumps({**GOOD, "done": "yes"}),
        json.dumps({**GOOD, "corrections": [{"table": "t1", "row": -1, "col": 0, "text": ""}]}),
        json.dumps({**GOOD, "corrections": [{"table": "t1", "row": True, "col": 0, "text": ""}]}),
        json.dumps({**GOOD, "corrections": [{"table": 1, "row": 0, "col": 0, "text": ""}]}),
        json.dumps({**GOOD, "corrections": [{"table": "t1", "row": 0, "col": 0, "text": 5}]}),
        json.dumps({**GOOD, "corrections": [{"table": "t1", "row": 0, "col": 0, "text": "\ud800"}]}),
        json.dumps({**GOOD, "corrections": [{"page": 0, "block": 0, "text": "x" * 30_000}]}),
        "[" * 100_000, b"\xff\xfe\x00",
    ],
)  # fmt: skip
def test_a_damaged_file_is_one_clear_error(text: str | bytes) -> None:
    with pytest.raises(CorrectionsError, match="the-file"):
        parse_corrections(text, "the-file")


def test_apply_writes_every_export_again(tmp_path: Path, filing: MakeFiling) -> None:
    document = filing(tmp_path / "doc")
    file = tmp_path / "corrections.json"
    made = Corrections(document.source.sha256, (CellCorrection("t1", 4, 2, "1818"),))
    file.write_text(corrections_json(made), encoding="utf-8")
    before = {path: path.read_bytes() for path in (tmp_path / "doc").rglob("*.*")}
    corrected = apply_command(file, tmp_path / "doc")
    loaded = load_document(tmp_path / "doc" / "document.json")
    assert [table.to_grid() for table in loaded.tables] == [table.to_grid() for table in corrected.tables]
    assert cell_of(loaded, 4, 2).flags == (Flag.CORRECTED,)
    unchanged = {path.name for path, content in before.items() if path.read_bytes() == content}
    assert unchanged == {"t2.csv"}
    for name in ("document.md", "document.html", "tables/t1.csv"):
        assert "1818" in (tmp_path / "doc" / name).read_text(encoding="utf-8-sig")


def test_apply_writes_nothing_when_something_does_not_fit(tmp_path: Path, filing: MakeFiling) -> None:
    document = filing(tmp_path / "doc")
    before = {path: path.read_bytes() for path in (tmp_path / "doc").rglob("*.*")}
    file = tmp_path / "corrections.json"
    file.write_text(corrections_json(Corrections(document.source.sha256, (CellCorrection("t1", 50, 2, "1"),))))
    with pytest.raises(CorrectionsError):
        apply_command(file, tmp_path / "doc")
    with pytest.raises(CorrectionsError, match="cannot be read"):
        apply_command(tmp_path / "none.json", tmp_path / "doc")
    with pytest.raises(InputFileError, match=r"document\.json"):
        apply_command(file, tmp_path)
    assert {path: path.read_bytes() for path in (tmp_path / "doc").rglob("*.*")} == before
