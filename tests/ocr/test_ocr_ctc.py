from __future__ import annotations

import itertools
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocr_pipeline.ocr.ctc import BLANK, Twins, best_paths, n_best
from ocr_pipeline.ocr.predictor import FloatBatch


def collapse(path: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(klass for klass, _ in itertools.groupby(path) if klass != BLANK)


def all_readings(probabilities: FloatBatch) -> dict[tuple[int, ...], float]:
    """Every reading with the sum over all its alignments, the slow and sure way."""
    steps, classes = probabilities.shape
    sums: dict[tuple[int, ...], float] = defaultdict(float)
    for path in itertools.product(range(classes), repeat=steps):
        sums[collapse(path)] += float(np.prod([probabilities[step, klass] for step, klass in enumerate(path)]))
    return sums


def random_output(seed: int, steps: int, classes: int) -> FloatBatch:
    raw = np.random.default_rng(seed).random((steps, classes)) ** 3
    return (raw / raw.sum(axis=1, keepdims=True)).astype(np.float32)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 5), st.integers(2, 4))
def test_n_best_is_exact_where_nothing_is_pruned(seed: int, steps: int, classes: int) -> None:
    output = random_output(seed, steps, classes)
    expected = all_readings(output)
    found = n_best(output, 10_000, beam=10_000, per_step=classes, floor=0.0, least=0.0)
    assert {reading for reading, _ in found} == {reading for reading, score in expected.items() if score > 0}
    for reading, score in found:
        assert score == pytest.approx(expected[reading], rel=1e-4)
    scores = [score for _, score in found]
    assert scores == sorted(scores, reverse=True)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000))
def test_pruning_loses_little(seed: int) -> None:
    output = random_output(seed, 6, 4) ** 3
    output /= output.sum(axis=1, keepdims=True)
    expected = all_readings(output)
    (reading, score), *_ = n_best(output, 3)
    assert score <= expected[reading] * 1.0001
    assert score >= 0.8 * max(expected.values())


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 5), st.integers(1, 12))
def test_best_paths_collapse_the_argmax(seed: int, count: int, steps: int) -> None:
    batch = np.stack([random_output(seed + row, steps, 4) for row in range(count)])
    for decoded, output in zip(best_paths(batch), batch, strict=True):
        assert decoded.classes == collapse(tuple(output.argmax(axis=1).tolist()))
        assert len(decoded.scores) == len(decoded.classes)
        assert all(0 < score <= 1 for score in decoded.scores)


def test_repeats_need_a_blank_between_and_score_by_their_best_step() -> None:
    steps = [[0.1, 0.9, 0], [0.3, 0.7, 0], [0.6, 0.4, 0], [0.2, 0.8, 0], [0.1, 0.2, 0.7]]
    (decoded,) = best_paths(np.array([steps], dtype=np.float32))
    assert decoded.classes == (1, 1, 2)
    assert decoded.scores == pytest.approx((0.9, 0.8, 0.7))


def test_a_run_does_not_reach_into_the_next_crop() -> None:
    batch = np.array([[[0, 1.0]], [[0, 1.0]]], dtype=np.float32)
    assert [decoded.classes for decoded in best_paths(batch)] == [(1,), (1,)]


def test_nothing_to_decode() -> None:
    assert best_paths(np.zeros((0, 5, 3), dtype=np.float32)) == []
    assert [decoded.classes for decoded in best_paths(np.zeros((2, 0, 3), dtype=np.float32))] == [(), ()]


def test_the_two_widths_of_a_character_are_one_character() -> None:
    characters = ("blank", "(", "（", "一", "5", "²", "2")
    twins = Twins.among(characters)
    assert [(characters[a], characters[b]) for a, b in zip(twins.narrow, twins.wide, strict=True)] == [("(", "（")]
    steps = np.array([[[0, 0.5, 0.4, 0.1, 0, 0, 0], [0, 0.3, 0.6, 0.1, 0, 0, 0], [0, 0, 0, 1, 0, 0, 0]]], np.float32)
    wider = twins.join(steps)
    assert wider.tolist() == [[[False], [True], [False]]]
    (decoded,) = best_paths(steps)
    assert decoded.classes == (1, 3)
    assert decoded.scores == pytest.approx((0.9, 1.0))
    assert decoded.steps == (0, 2)
