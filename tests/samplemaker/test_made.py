"""Made documents: the same seed gives the same bytes, truth lies where the ink is."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from scripts.samplemaker import compose, content, makers, output
from scripts.samplemaker.filing import Made, filing_truth, stream
from scripts.samplemaker.flow import share_lines
from scripts.samplemaker.style import choose

pytestmark = pytest.mark.usefixtures("typefaces")


@pytest.fixture(scope="module")
def page() -> Made:
    return makers.single("table-page", "office", 5)


def _grey(made: Made, index: int = 0) -> np.ndarray:
    image = made.scans[index].image
    return image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)


def _upright(quad: list[list[float]]) -> tuple[int, int, int, int]:
    xs, ys = zip(*quad, strict=True)
    return round(min(xs)), round(min(ys)), round(max(xs)), round(max(ys))


def test_truth_grid_tiles(page: Made) -> None:
    for table in page.truth["tables"]:
        seen = np.zeros((table["rows"], table["cols"]), dtype=int)
        for cell in table["cells"]:
            seen[cell["row"] : cell["row"] + cell["row_span"], cell["col"] : cell["col"] + cell["col_span"]] += 1
        assert (seen == 1).all()


def test_ink_lies_inside_the_truth(page: Made) -> None:
    """Every line of a cell holds ink, and just outside a number there is none."""
    grey = _grey(page)
    for cell in page.truth["tables"][0]["cells"]:
        for line in cell["lines"]:
            x0, y0, x1, y1 = _upright(line["quad"])
            assert grey[y0:y1, x0:x1].min() < 170, cell["text"]
        if cell["kind"] == "number":
            x0, y0, x1, y1 = _upright(cell["lines"][0]["quad"])
            assert grey[y0:y1, x0 - 6 : x0 - 3].min() > 120, cell["text"]


def test_rulings_run_along_the_cell_quads(page: Made) -> None:
    grey = _grey(page)
    for cell in page.truth["tables"][0]["cells"]:
        quad = np.array(cell["quad"])
        middle = (quad[0] + quad[1]) / 2
        x, y = round(middle[0]), round(middle[1])
        assert grey[y - 2 : y + 3, x].min() < 190, cell["text"]


def test_same_seed_same_bytes(page: Made, tmp_path: Path) -> None:
    again = makers.single("table-page", "office", 5)
    first = output.write(tmp_path / "a", "x", page.scans, page.truth)
    second = output.write(tmp_path / "b", "x", again.scans, again.truth)
    assert first[0].read_bytes() == second[0].read_bytes()
    assert (tmp_path / "a/x.truth.json").read_bytes() == (tmp_path / "b/x.truth.json").read_bytes()
    assert json.loads((tmp_path / "a/x.truth.json").read_text(encoding="utf-8"))["schema"] == "ocr-pipeline-truth/1"


@pytest.mark.parametrize("form", ["png", "jpg", "tiff"])
def test_page_images(page: Made, tmp_path: Path, form: str) -> None:
    path = output.write(tmp_path, "x", page.scans, page.truth, form)[0]
    image = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    assert image.shape == (page.truth["pages"][0]["height"], page.truth["pages"][0]["width"])


@pytest.mark.parametrize("name", content.REPORT_NAMES)
def test_reports_are_cut_where_the_originals_were(name: str) -> None:
    report = content.load(name)
    rng = stream(0, name)
    sheet = compose.compose(report, choose(rng), report.breaks, rng)
    assert set(report.breaks) <= compose.breaks_of(sheet)
    printed = "".join(block.text for block in sheet.blocks)
    for item in report.body:
        if item.kind != "table":
            assert item.text.replace(" ", "") in printed
    for table in sheet.tables:
        shown: dict[int, str] = {}
        for piece in table.pieces:
            shown[piece.cell] = shown.get(piece.cell, "") + "".join(line.text for line in piece.lines)
        for index, cell in enumerate(table.grid.cells):
            assert shown[index] == cell.text


def test_filing_facts() -> None:
    facts = filing_truth(content.load("gangcha"))
    assert facts["number"] == "刚政办〔2022〕5号"
    assert facts["date"] == facts["printed"] == "2022-02-18"
    assert facts["copies"] == "档"
    assert filing_truth(content.load("luoshan"))["number"] is None


def test_a_cut_cell_runs_on_or_stays_whole() -> None:
    lines = [((), 10.0)] * 4
    boxes = [(0.0, 0.0, 10.0, 26.0), (0.0, 0.0, 10.0, 200.0)]
    assert [len(share) for share in share_lines(lines, boxes, split=True)] == [2, 2]
    assert [len(share) for share in share_lines(lines, boxes, split=False)] == [0, 4]


def test_seals_mark_what_lies_under_them() -> None:
    made = makers.sealed("round", "normal", "office", 2)
    seal = made.truth["pages"][0]["seals"][0]
    x0, y0, x1, y1 = seal["box"]
    cells = made.truth["tables"][0]["cells"]
    under = [c for c in cells if c["under_seal"]]
    assert under
    assert len(under) < len(cells) / 2
    for cell in under:
        a0, b0, a1, b1 = cell["box"]
        assert a0 < x1 and a1 > x0 and b0 < y1 and b1 > y0
    image = made.scans[0].image.astype(int)
    part = image[round(y0) : round(y1), round(x0) : round(x1)]
    assert ((part[:, :, 2] - part[:, :, 1]) > 60).mean() > 0.05
