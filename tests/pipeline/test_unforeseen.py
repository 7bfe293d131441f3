"""A page that fails for a reason nobody foresaw is marked; the others come out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pymupdf
import pytest

from ocr_pipeline.document import PageStatus
from ocr_pipeline.errors import PageError
from ocr_pipeline.geometry import GrayImage, Quad
from ocr_pipeline.ocr.canned import CannedRecogniser
from ocr_pipeline.pipeline import Pipeline
from ocr_pipeline.stages import RawReading


class FailingDetector:
    """Breaks on its first page only, or on all."""

    name = "failing"

    def __init__(self, failures: int) -> None:
        self.left = failures

    def detect(self, image: GrayImage, scale: float = 1.0) -> list[tuple[Quad, float]]:
        if self.left:
            self.left -= 1
            raise ValueError("no such thing")
        return []


def two_pages(path: Path) -> Path:
    with pymupdf.open() as pdf:
        for _ in range(2):
            page = pdf.new_page()
            page.insert_text((72, 100), "some text to look at", fontsize=14)
        pdf.save(path)
    return path


def pipeline(failures: int) -> Pipeline:
    reader = CannedRecogniser(lambda image: RawReading("x" if np.any(image < 128) else "", 1.0))
    return Pipeline(recogniser=reader, detector=FailingDetector(failures))


def test_the_other_page_comes_out(tmp_path: Path) -> None:
    document = pipeline(1).read(two_pages(tmp_path / "scan.pdf"))
    assert [page.status for page in document.pages] == [PageStatus.FAILED, PageStatus.OK]
    assert "page 1" in document.pages[0].message
    assert "ValueError: no such thing" in document.pages[0].message
    assert document.status == "partial"


def test_all_pages_failing_raises_and_keeps_the_cause(tmp_path: Path) -> None:
    with pytest.raises(PageError, match=r"scan\.pdf: page 1") as caught:
        pipeline(2).read(two_pages(tmp_path / "scan.pdf"))
    assert isinstance(caught.value.__cause__, ValueError)
