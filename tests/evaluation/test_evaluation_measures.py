"""Measures on hand-made cases with known values."""

import pytest
from evaluation_samples import cell_box, document, grid, table
from hypothesis import given, settings
from hypothesis import strategies as st

from ocr_pipeline.evaluation.adjacency import relations, score_adjacency, weighted_f1
from ocr_pipeline.evaluation.cells import Kind, kinds_of, score_cells
from ocr_pipeline.evaluation.document_scores import evaluate_records, score_table
from ocr_pipeline.evaluation.normalise import normalise
from ocr_pipeline.evaluation.records import UNREADABLE, CellRecord, is_number
from ocr_pipeline.evaluation.silent import SilentScore, score_silent
from ocr_pipeline.evaluation.text import TextScore, infix_distance, score_lines, score_ordered


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("１２，３４０．５０％", "12,340.50%"),
        ("结 果\n维　持", "结果维持"),
        ("“热点”", '"热点"'),
        ("2017—2018", "2017-2018"),
        ("（三）", "(三)"),
        ("−5", "-5"),
    ],
)
def test_texts_that_are_equal(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(("one", "other"), [("一", "-"), ("O", "0"), ("。", "."), ("1.5", "15"), ("、", ",")])
def test_texts_that_differ(one: str, other: str) -> None:
    assert normalise(one) != normalise(other)


@given(st.text())
def test_normalise_is_idempotent(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@pytest.mark.parametrize("text", ["0", "-12", "3,400.50", "15%", "１２", "1 234"])
def test_numbers(text: str) -> None:
    assert is_number(text)


@pytest.mark.parametrize("text", ["", "—", "第1项", "1.2.3", "一", "2022年"])
def test_not_numbers(text: str) -> None:
    assert not is_number(text)


def test_kinds_of_cells() -> None:
    assert kinds_of(CellRecord(0, 0, 1, 1, "0", under_seal=True)) == (Kind.NUMBER, Kind.ONE_CHARACTER, Kind.UNDER_SEAL)
    assert kinds_of(CellRecord(0, 0, 1, 1, " ")) == (Kind.EMPTY,)


def test_cell_counts() -> None:
    true = grid([("a", "1"), ("b", "")]).cells
    read = grid([("a", "b"), ("x", "")]).cells
    score = score_cells(read, true)
    assert (score.exact, score.placed, score.texts, score.true_texts, score.predicted_texts) == (2, 4, 2, 3, 3)
    assert score.exact_share == 0.5
    assert score.text_f1 == pytest.approx(2 / 3)


def test_a_text_read_twice_counts_once() -> None:
    assert score_cells(grid([("a", "a")]).cells, grid([("a", "b")]).cells).texts == 1


def test_silent_errors_count_unflagged_numbers_only() -> None:
    true = grid([("a", "1", "2", ""), ("3", "b", "4", "5")]).cells
    read = (
        CellRecord(0, 0, 1, 1, "x"),
        CellRecord(0, 1, 1, 1, "7"),
        CellRecord(0, 2, 1, 1, "8", flags=("low_score",)),
        CellRecord(0, 3, 1, 1, "0"),
        CellRecord(1, 0, 1, 1, "3"),
        CellRecord(1, 1, 1, 1, "6"),
        CellRecord(1, 2, 1, 2, "4"),
        CellRecord(2, 0, 1, 1, "9"),
    )
    score = score_silent(read, true)
    assert score == SilentScore(numbers=5, wrong=3, lost=1, invented=1, flagged=1)
    assert score.silent == 5


def test_a_number_inside_a_larger_cell_is_silent_unless_that_cell_bears_a_flag() -> None:
    true = grid([("1", "2")]).cells
    plain, flagged = CellRecord(0, 0, 1, 2, "12"), CellRecord(0, 0, 1, 2, "12", flags=("invented_edge",))
    assert score_silent((plain,), true) == SilentScore(numbers=2, wrong=1, lost=1)
    assert score_silent((flagged,), true) == SilentScore(numbers=2, flagged=2)


def test_relations_skip_blanks_and_follow_spans() -> None:
    cells = [
        CellRecord(0, 0, 1, 3, "title"),
        CellRecord(1, 0, 1, 1, "a"),
        CellRecord(1, 2, 1, 1, "c"),
    ]
    assert relations(cells) == {(0, 1, False), (0, 2, False), (1, 2, True)}


def test_adjacency_counts_by_hand() -> None:
    true = grid([("a", "b"), ("c", "d")]).cells
    read = [cell for cell in true if cell.text != "d"]
    scores = score_adjacency(read, true)
    assert scores is not None
    # Four relations are true; without d two are left, both right.
    assert [(s.hits, s.true, s.predicted) for s in scores] == [(2, 4, 2)] * 4
    assert weighted_f1(scores) == pytest.approx(2 * 2 / 6)


def test_adjacency_depends_on_the_threshold() -> None:
    true = grid([("a", "b")]).cells
    box = cell_box(0, 0)
    # A box a quarter shorter: IoU 0.75 passes at 0.6 and 0.7 only.
    short = CellRecord(0, 0, 1, 1, "a", 0, type(box)(box.x0, box.y0, box.x0 + box.width * 0.75, box.y1))
    scores = score_adjacency((short, true[1]), true)
    assert scores is not None
    assert [s.f1 for s in scores] == [1.0, 1.0, 0.0, 0.0]
    assert weighted_f1(scores) == pytest.approx(1.3 / 3.0)


def test_adjacency_needs_boxes() -> None:
    assert score_adjacency((), (CellRecord(0, 0, 1, 1, "a"),)) is None


def test_cer_by_hand() -> None:
    assert score_ordered(["现将情况"], ["现将有关情况", "如下"]) == TextScore(4, 8)
    assert score_lines(["如下", "现将有美情况"], ["现将有关情况", "如下"]) == TextScore(1, 8)
    assert TextScore(0, 0).cer is None


@settings(max_examples=200)
@given(st.text(alphabet="ab一", max_size=8), st.text(alphabet="ab一c", max_size=12))
def test_infix_distance_is_the_best_stretch(pattern: str, text: str) -> None:
    from rapidfuzz.distance import Levenshtein

    stretches = [text[i:j] for i in range(len(text) + 1) for j in range(i, len(text) + 1)]
    assert infix_distance(pattern, text) == min(Levenshtein.distance(pattern, part) for part in stretches)


def test_infix_distance_of_long_patterns() -> None:
    line = "依据《中华人民共和国政府信息公开条例》规定和有关通知要求，现将我县政府信息公开工作年度情况报告如下" * 3
    assert infix_distance(line, f"一二三{line[:50]}X{line[51:]}四五六") == 1


def test_unreadable_cells_are_left_out() -> None:
    true = grid([("a", UNREADABLE), ("1", "b")])
    score = score_table(grid([("a", "anything"), ("1", "b")]), true)
    assert (score.teds, score.cells.exact_share, score.cells.exact_f1) == (1.0, 1.0, 1.0)
    assert score.faults == ()


def test_faults_name_the_cell() -> None:
    true = table()
    wrong = grid([("年度情况", "", "", ""), *[[c.text for c in true.cells if c.row == row] for row in range(1, 5)]])
    faults = score_table(wrong, true).faults
    assert [(f.row, f.col, f.expected, f.found) for f in faults] == [(0, 0, "年度情况", "年度情况")]


def test_evaluation_is_deterministic() -> None:
    assert evaluate_records(document(), document()) == evaluate_records(document(), document())
