"""The searchable PDF of a committed scan, read with the real models: 200 cells drawn by lot, by two readers."""

import random
import shutil
from pathlib import Path

import pymupdf
import pytest
from test_export_pdf import images_of, inside, mupdf_words, poppler_words

from ocr_pipeline.export.pdf import write_searchable_pdf
from ocr_pipeline.pipeline import Pipeline

SCAN = Path(__file__).parents[2] / "samples" / "gangcha-office.pdf"
CELLS = 200

pytestmark = [
    pytest.mark.models,
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not installed"),
]


@pytest.fixture(scope="module")
def searchable(tmp_path_factory):
    """The document and the PDF made of it."""
    pipeline = Pipeline()
    document = pipeline.read(SCAN)
    pipeline.close()
    path = tmp_path_factory.mktemp("searchable") / "o.pdf"
    write_searchable_pdf(document, SCAN, path)
    return document, path


def solid(text):
    return "".join(text.split())


def reading_order(quad, words):
    """Words by printed line, then along it: lines closer than 3 points are one."""
    (x0, y0), (x1, y1), _, _ = quad.points
    length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
    along = ((x1 - x0) / length, (y1 - y0) / length)

    def across(word):
        return (word[0].y0 + word[0].y1) / 2 * along[0] - (word[0].x0 + word[0].x1) / 2 * along[1]

    lines = []
    for word in sorted(words, key=across):
        if not lines or across(word) - across(lines[-1][-1]) > 3:
            lines.append([])
        lines[-1].append(word)
    return [word for line in lines for word in sorted(line, key=lambda w: w[0].x0 * along[0] + w[0].y0 * along[1])]


def test_each_cells_box_holds_its_text(searchable):
    document, path = searchable
    cells = [cell for table in document.tables for cell in table.cells if cell.text]
    drawn = random.Random(1).sample(cells, CELLS)
    pages, pdf, poppler = {page.index: page for page in document.pages}, pymupdf.open(path), poppler_words(path)
    wrong = {"PyMuPDF": [], "poppler": []}
    for cell in drawn:
        shown, read = pdf[cell.page], pages[cell.page]
        x, y = shown.rect.width / read.width, shown.rect.height / read.height
        box = pymupdf.Rect(cell.box.x0 * x, cell.box.y0 * y, cell.box.x1 * x, cell.box.y1 * y)
        within = [(place, text) for place, text in poppler[cell.page] if inside(box, place)]
        found = {
            "PyMuPDF": mupdf_words(shown, box),
            "poppler": "".join(text for _, text in reading_order(cell.quad, within)),
        }
        for reader, text in found.items():
            if solid(text) != solid(cell.text):
                wrong[reader].append((cell.text, text))
    assert all(len(misses) <= 0.01 * CELLS for misses in wrong.values()), wrong


def test_the_page_pictures_are_the_scans(searchable):
    _, path = searchable
    assert images_of(path) == images_of(SCAN)
    for before, after in zip(pymupdf.open(SCAN), pymupdf.open(path), strict=True):
        assert before.get_pixmap(dpi=150).samples == after.get_pixmap(dpi=150).samples
