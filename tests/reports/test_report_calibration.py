"""Scores that mean something."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.reports import calibrate
from ocr_pipeline.reports.calibrate import Calibration, Curve, Reading, ReadingKind, expected_calibration_error, fit


def overconfident(count: int, seed: int) -> list[Reading]:
    """Readings whose chance of being right is the square of their score."""
    chance = random.Random(seed)
    scores = [chance.uniform(0.5, 1.0) for _ in range(count)]
    return [Reading("123", score, chance.random() < score * score) for score in scores]


def test_identity_until_fitted() -> None:
    assert Calibration().probability("12", 0.37) == pytest.approx(0.37)


def test_fit_makes_scores_honest_on_readings_not_seen() -> None:
    fitted = fit(overconfident(20_000, 1))
    unseen = overconfident(20_000, 2)
    after = [Reading(r.text, fitted.probability(r.text, r.score), r.right) for r in unseen]
    assert expected_calibration_error(unseen) > 0.1
    assert expected_calibration_error(after) < 0.02


def test_round_trip_and_shipped() -> None:
    fitted = fit(overconfident(500, 3))
    assert calibrate.from_json(calibrate.to_json(fitted)) == fitted
    assert 0 <= calibrate.calibrated("5", 0.9) <= 1


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60), st.floats(0, 1), st.floats(0, 1))
def test_the_map_rises(pairs: list[tuple[float, bool]], first: float, second: float) -> None:
    curve = calibrate.fit_curve([Reading("1", score, right) for score, right in pairs])
    low, high = sorted((first, second))
    assert 0 <= curve.at(low) <= curve.at(high) <= 1


def test_kinds() -> None:
    kinds = [calibrate.kind_of(text) for text in ("5", "1,252", "总计", "")]
    assert kinds == [ReadingKind.DIGIT, ReadingKind.NUMBER, ReadingKind.WORDS, ReadingKind.WORDS]


def test_refit_from_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, target = tmp_path / "r.csv", tmp_path / "c.json"
    lines = [f"{r.text},{r.score},{int(r.right)}" for r in overconfident(300, 4)]
    source.write_text("\n".join(["text,score,right", *lines]), encoding="utf-8")
    assert calibrate.main([str(source), str(target)]) == 0
    assert "300 readings" in capsys.readouterr().out
    assert calibrate.from_json(target.read_text(encoding="utf-8")).curves
    source.write_text("text,score\n1,x", encoding="utf-8")
    with pytest.raises(ValueError, match="line 2"):
        calibrate.main([str(source), str(target)])


def test_a_curve_must_rise() -> None:
    with pytest.raises(ValueError, match="rise"):
        Curve((0.0, 1.0), (0.9, 0.1))
