from __future__ import annotations

import numpy as np
import pytest
from ocr_samples import written

from ocr_pipeline.geometry import Box, GrayImage
from ocr_pipeline.ocr.detector import PaddleDetector, detection_model
from ocr_pipeline.settings import EngineSettings
from ocr_pipeline.stages import blank_gray


def test_the_detector_follows_the_recogniser_unless_set() -> None:
    assert detection_model(EngineSettings(model="tiny")) == "PP-OCRv6_tiny_det"
    assert detection_model(EngineSettings(model="PP-OCRv6_tiny_rec")) == "PP-OCRv6_tiny_det"
    assert detection_model(EngineSettings(model="PP-OCRv5_server_rec")) == "PP-OCRv6_small_det"
    assert detection_model(EngineSettings(model="small", detector="tiny")) == "PP-OCRv6_tiny_det"
    assert detection_model(EngineSettings(detector="PP-OCRv5_server_det")) == "PP-OCRv5_server_det"


@pytest.fixture(scope="module")
def detector(real_models: None) -> PaddleDetector:
    return PaddleDetector(EngineSettings())


def page_with(text: str, left: int, top: int) -> tuple[GrayImage, Box]:
    """A page of no convenient size with one line on it, and the line's ink box."""
    page = blank_gray(411, 733)
    line = written(text)
    height, width = line.shape
    page[top : top + height, left : left + width] = line
    ys, xs = np.nonzero(page < 128)
    return page, Box(float(xs.min()), float(ys.min()), float(xs.max() + 1), float(ys.max() + 1))


@pytest.mark.models
@pytest.mark.parametrize("scale", [1.0, 0.6, 1.7])
def test_a_line_is_found_in_the_pixels_of_the_image_given(detector: PaddleDetector, scale: float) -> None:
    page, ink = page_with("SUM OF 12345 AND 678", 90, 250)
    found = detector.detect(page, scale)
    assert len(found) == 1
    quad, score = found[0]
    assert 0.4 < score <= 1
    assert quad.box.iou(ink) > 0.55
    top_left, top_right, bottom_right, bottom_left = quad.points
    assert top_left[0] < top_right[0] and top_right[1] < bottom_right[1] and bottom_left[0] < bottom_right[0]


@pytest.mark.models
@pytest.mark.parametrize("shape", [(600, 400), (33, 31), (5, 900), (1, 1)])
def test_white_paper_holds_no_text(detector: PaddleDetector, shape: tuple[int, int]) -> None:
    assert detector.detect(blank_gray(*shape)) == []


@pytest.mark.models
def test_quads_stay_inside_the_image(detector: PaddleDetector) -> None:
    page, _ = page_with("EDGE TO EDGE", 0, 380 - written("EDGE TO EDGE").shape[0] + 31)
    tight = page[:, : int(np.nonzero(page < 128)[1].max()) + 2]
    found = detector.detect(tight, 1.3)
    assert found
    for quad, _ in found:
        assert quad.box.x0 >= 0 and quad.box.y0 >= 0
        assert quad.box.x1 <= tight.shape[1] and quad.box.y1 <= tight.shape[0]


@pytest.mark.models
def test_what_cannot_be_detected_is_refused(detector: PaddleDetector) -> None:
    with pytest.raises(ValueError, match="pixels"):
        detector.detect(np.zeros((0, 4), dtype=np.uint8))
    with pytest.raises(ValueError, match="scale"):
        detector.detect(blank_gray(10, 10), 0)
