from __future__ import annotations

import importlib.util
import pickle

import pytest

from ocr_pipeline.errors import EngineError
from ocr_pipeline.geometry import Box, GrayImage, Quad
from ocr_pipeline.ocr import predictor
from ocr_pipeline.ocr.canned import CannedDetector, CannedRecogniser, crop_key
from ocr_pipeline.ocr.engine import engine_versions
from ocr_pipeline.settings import EngineSettings, SettingsError
from ocr_pipeline.stages import RawReading, Recogniser, TextDetector, blank_gray


def test_a_gpu_without_cuda_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    onnxruntime = pytest.importorskip("onnxruntime")
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: ["CPUExecutionProvider"])
    with pytest.raises(EngineError, match="onnxruntime-gpu"):
        predictor.check_engine(EngineSettings(device="gpu:0"))


def test_paddle_that_is_not_installed_says_which_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(EngineError, match=r"paddlepaddle==3\.2\.2.*crash"):
        predictor.check_engine(EngineSettings(engine="paddle"))


def test_versions_name_the_engine() -> None:
    versions = engine_versions()
    assert versions["paddleocr"].startswith("3.") and "onnxruntime" in versions


@pytest.mark.parametrize("wrong", [{"batch_columns": 8}, {"batch_crops": 0}, {"alternatives_score": 1.5}])
def test_settings_out_of_range_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(SettingsError):
        EngineSettings(**wrong)  # type: ignore[arg-type]


def width_as_text(image: GrayImage) -> str:
    return str(image.shape[1])


def test_canned_readings_by_content_and_by_function() -> None:
    one, other = blank_gray(10, 20), blank_gray(20, 10)
    full = RawReading("8", 0.5, (0.5,))
    by_content: Recogniser = CannedRecogniser({crop_key(one): "12", crop_key(other): full})
    assert by_content.read([other, one]) == [full, RawReading("12", 1.0, (1.0, 1.0))]
    by_function = pickle.loads(pickle.dumps(CannedRecogniser(width_as_text)))
    assert [reading.text for reading in by_function.read([one, other])] == ["20", "10"]


def test_an_unknown_crop_is_an_error_unless_a_default_is_given() -> None:
    with pytest.raises(KeyError, match="no canned reading"):
        CannedRecogniser({}).read([blank_gray(3, 3)])
    assert CannedRecogniser({}, default="").read([blank_gray(3, 3)]) == [RawReading("", 0.0)]


def test_canned_detector() -> None:
    page = blank_gray(30, 30)
    found = (Quad.of_box(Box(1, 2, 3, 4)), 0.9)
    detector: TextDetector = pickle.loads(pickle.dumps(CannedDetector({crop_key(page): [found]})))
    assert detector.detect(page) == [found]
    assert detector.detect(blank_gray(5, 5)) == []
