"""Pictures of a document: where they stand in the reading order, and cut out of their pages."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from export_samples import block, document_of, full_document

from ocr_pipeline.document import Figure, Role
from ocr_pipeline.export import document_from_dict, document_to_dict
from ocr_pipeline.export.figures import write_figures
from ocr_pipeline.export.html import document_html
from ocr_pipeline.export.markdown import document_markdown
from ocr_pipeline.geometry import Box, Quad


def figure(number, box, page=1):
    return Figure(box, Quad.of_box(box), f"figures/p{page}-{number}.png")


def with_figures(document, *figures):
    first, *others = document.pages
    return replace(document, pages=(replace(first, figures=figures), *others))


def names(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


IMAGE = np.random.default_rng(0).integers(0, 255, (400, 300, 3)).astype(np.uint8)
UPPER, LOWER = Box(20, 30, 120, 90), Box(10.4, 200, 80.6, 399)


def test_pictures_are_cut_out_as_they_are(tmp_path):
    document = with_figures(document_of(), figure(1, UPPER), figure(2, LOWER))
    written = write_figures(document, lambda index: IMAGE, tmp_path)
    assert names(tmp_path) == ["figures/p1-1.png", "figures/p1-2.png"]
    upper, lower = (cv2.imread(str(path)) for path in written)
    assert (upper == IMAGE[30:90, 20:120]).all()
    assert (lower == IMAGE[200:399, 10:81]).all()


def test_pictures_of_an_earlier_run_go_and_other_files_stay(tmp_path):
    write_figures(with_figures(document_of(), figure(1, UPPER), figure(2, LOWER)), lambda index: IMAGE, tmp_path)
    (tmp_path / "figures" / "plan.png").write_bytes(b"mine")
    write_figures(with_figures(document_of(), figure(1, LOWER)), lambda index: IMAGE, tmp_path)
    assert names(tmp_path) == ["figures/p1-1.png", "figures/plan.png"]


@pytest.mark.parametrize("file", ["../p1-1.png", "figures/../x.png", "figures/p1-1.png/x", "p1-1.png", "/p1-1.png"])
def test_a_pictures_name_never_becomes_another_path(tmp_path, file):
    document = with_figures(document_of(), replace(figure(1, UPPER), file=file))
    with pytest.raises(ValueError, match="p1-1"):
        write_figures(document, lambda index: IMAGE, tmp_path / "out")
    assert names(tmp_path) == []


def test_pictures_stand_in_reading_order():
    document = document_of()
    blocks = tuple(block(Role.PARAGRAPH, text, y) for text, y in (("上文", 100), ("下文", 300)))
    document = replace(document, pages=(replace(document.pages[0], blocks=blocks),))
    document = with_figures(document, figure(1, Box(50, 150, 300, 280)))
    assert document_markdown(document) == "上文\n\n![](figures/p1-1.png)\n\n下文\n"
    html = document_html(document)
    assert html.index("上文") < html.index('<a href="figures/p1-1.png">') < html.index("下文")


def test_pictures_are_in_the_contract():
    document = with_figures(full_document(), figure(1, UPPER))
    assert document_from_dict(document_to_dict(document)) == document
