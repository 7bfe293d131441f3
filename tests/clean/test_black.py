"""A page that is black all over is blank, and says so."""

from __future__ import annotations

import numpy as np
import pytest
from clean_pages import DPI, prose_page

from ocr_pipeline.analysis import analyse_page
from ocr_pipeline.assemble.document import assemble_document
from ocr_pipeline.document import Document, EngineInfo, PageStatus, SourceInfo
from ocr_pipeline.export.html import document_html
from ocr_pipeline.export.markdown import document_markdown
from ocr_pipeline.geometry import GrayImage
from ocr_pipeline.ocr.canned import CannedDetector
from ocr_pipeline.settings import Settings
from ocr_pipeline.stages import PageImage

SHAPE = prose_page().shape


def read(gray: GrayImage) -> Document:
    image = np.repeat(gray[:, :, None], 3, axis=2)
    settings = Settings()
    analysis = analyse_page(PageImage(0, image, DPI, False), CannedDetector({}), settings)
    return assemble_document(SourceInfo("a.png", "", 1), EngineInfo(), [analysis], {}, settings)


@pytest.mark.parametrize(("low", "high"), [(0, 1), (20, 30)])
def test_a_black_page_is_blank_and_says_so(low: int, high: int) -> None:
    document = read(np.random.default_rng(0).integers(low, high, SHAPE).astype(np.uint8))
    page = document.pages[0]
    assert (page.status, document.status) == (PageStatus.BLANK, "ok")
    assert page.message == "Page 1 is black all over. Scan it again."
    assert page.message in document_markdown(document)
    assert page.message in document_html(document)


@pytest.mark.parametrize("shade", [120, 255])
def test_bare_paper_is_blank_without_a_word(shade: int) -> None:
    page = read(np.full(SHAPE, shade, np.uint8)).pages[0]
    assert (page.status, page.message) == (PageStatus.BLANK, "")
