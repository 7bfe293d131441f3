"""What can be told of the review page without a browser."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from review_made import NASTY, office_report

from ocr_pipeline.document import Document, Page, PageStatus
from ocr_pipeline.errors import InputFileError, OutputError
from ocr_pipeline.review.page import review_html, write_review
from ocr_pipeline.review.pictures import page_jpeg, pictures_of


@pytest.fixture(scope="module")
def made() -> tuple[Document, list[bytes]]:
    document, images = office_report()
    return document, [page_jpeg(image) for image in images]


def test_the_page_is_one_file_that_asks_for_nothing(made: tuple[Document, list[bytes]]) -> None:
    html = review_html(made[0], made[1].__getitem__)
    without_pictures = re.sub(r'<script type="text/plain".*?</script>', "", html)
    assert "$" not in re.sub(r"<script>.*</script>", "", without_pictures, flags=re.S)
    addresses = set(re.findall(r"https?://[^\"'\s]*", without_pictures))
    assert addresses == {"http://www.w3.org/2000/svg"}
    without_data = re.sub(r'id="data">.*?</script>', "", without_pictures)
    assert not re.search(r"<(link|iframe|object|embed|base)\b|\ssrc=", without_data)
    assert "innerHTML" not in html and "insertAdjacentHTML" not in html and "eval(" not in html


def test_text_from_the_scan_stays_inside_the_data(made: tuple[Document, list[bytes]]) -> None:
    document = replace(made[0], source=replace(made[0].source, path="a/</script>\u2028<!--.pdf"))
    html = review_html(document, made[1].__getitem__)
    data = re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.S)
    assert data and not re.search("[<>&\u2028\u2029]", data[1])
    read = json.loads(data[1])
    assert NASTY in {cell["text"] for cell in read["tables"][0]["cells"]}
    assert read["name"] == "script>\u2028<!--.pdf"
    assert html.count("<script") == 4, "data, two pictures, script"


def test_the_pictures_come_out_as_they_went_in(tmp_path: Path, made: tuple[Document, list[bytes]]) -> None:
    write_review(made[0], made[1].__getitem__, tmp_path / "new" / "review.html")
    pictures = pictures_of(tmp_path / "new" / "review.html")
    assert [pictures(0), pictures(1)] == made[1]
    with pytest.raises(InputFileError, match="no picture of page 8"):
        pictures(7)
    with pytest.raises(InputFileError, match="cannot be read"):
        pictures_of(tmp_path / "none.html")
    (tmp_path / "x.html").write_text('<script type="text/plain" data-picture="0">PHNjcmlwdD4=</script>')
    with pytest.raises(InputFileError, match="not a JPEG"):
        pictures_of(tmp_path / "x.html")(0)


def test_a_page_without_an_image_is_shown_without(tmp_path: Path, made: tuple[Document, list[bytes]]) -> None:
    failed = Page(2, 0, 0, 0.0, 0, 0.0, PageStatus.FAILED, message="The page is damaged.")
    html = review_html(replace(made[0], pages=(*made[0].pages, failed)), made[1].__getitem__)
    assert "The page is damaged." in html and 'data-picture="2"' not in html


def test_what_is_no_jpeg_is_refused_and_a_bad_folder_told(tmp_path: Path, made: tuple[Document, list[bytes]]) -> None:
    with pytest.raises(ValueError, match="page 1 is not a JPEG"):
        review_html(made[0], lambda index: b"<svg onload=alert(1)>")
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="file"):
        write_review(made[0], made[1].__getitem__, tmp_path / "file" / "review.html")


def test_a_page_picture_is_made_small_and_keeps_its_shape() -> None:
    image = np.full((3508, 2480, 3), 250, np.uint8)
    small = cv2.imdecode(np.frombuffer(page_jpeg(image, longest=1000), np.uint8), cv2.IMREAD_COLOR)
    assert small is not None and small.shape == (1000, 707, 3)
    gray = cv2.imdecode(np.frombuffer(page_jpeg(image[:40, :60, 0]), np.uint8), cv2.IMREAD_UNCHANGED)
    assert gray is not None and gray.shape == (40, 60)
