"""PDF pages: when the scan's own pixels are taken, and what is drawn otherwise."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import cv2
import numpy as np
import pymupdf
import pytest
from PIL import Image
from source_files import encoded, make_scan, only_page, pdf_with, pillow_bytes

from ocr_pipeline.errors import InputFileError, PipelineError, TooLargeError
from ocr_pipeline.geometry import ColourImage
from ocr_pipeline.settings import SourceSettings
from ocr_pipeline.source import SourceKind, open_source
from ocr_pipeline.stages import PageImage

SCAN = make_scan()
RGB = Image.fromarray(cv2.cvtColor(SCAN, cv2.COLOR_BGR2RGB))


def read(document: pymupdf.Document, folder: Path, **settings: float) -> PageImage:
    path = folder / "scan.pdf"
    document.save(path)
    return only_page(path, SourceSettings(**settings))


def alike(image: ColourImage, other: ColourImage, limit: float = 6.0) -> bool:
    """Whether two pictures show the same, at whatever resolution."""
    small = [cv2.blur(cv2.resize(item, (150, 200), interpolation=cv2.INTER_AREA), (3, 3)) for item in (image, other)]
    return float(cv2.absdiff(*small).mean()) < limit


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_scan_keeps_its_pixels_however_the_page_is_turned(tmp_path: Path, rotation: int) -> None:
    document = pdf_with(encoded(SCAN))
    document[0].set_rotation(rotation)
    page = read(document, tmp_path)
    assert np.array_equal(page.image, np.rot90(SCAN, -rotation // 90))
    assert page.dpi == pytest.approx(100, abs=0.1)
    assert not page.dpi_estimated


def test_an_image_turned_by_its_matrix_is_turned(tmp_path: Path) -> None:
    document = pymupdf.open()
    page = document.new_page(width=800 * 0.72, height=600 * 0.72)
    page.insert_image(page.rect, stream=encoded(SCAN), rotate=90, keep_proportion=False)
    shown = page.get_pixmap(dpi=100, colorspace=pymupdf.csRGB)
    expected = cv2.cvtColor(np.frombuffer(shown.samples, np.uint8).reshape(600, 800, 3), cv2.COLOR_RGB2BGR)
    result = read(document, tmp_path).image
    assert result.shape == (600, 800, 3)
    assert any(np.array_equal(result, np.rot90(SCAN, turns)) for turns in (1, 3))
    assert alike(result, expected)


def test_an_invisible_text_layer_is_no_reason_to_draw(tmp_path: Path) -> None:
    document = pdf_with(encoded(SCAN))
    document[0].insert_text((50, 200), "hidden words", render_mode=3)
    assert np.array_equal(read(document, tmp_path).image, SCAN)


@pytest.mark.parametrize(
    "data",
    [
        pillow_bytes(RGB.convert("L"), "PNG"),
        pillow_bytes(RGB.convert("1"), "PNG"),
        pillow_bytes(RGB.convert("1"), "TIFF", compression="group4"),
        pillow_bytes(RGB.convert("CMYK"), "JPEG"),
        pillow_bytes(RGB, "JPEG2000"),
        pillow_bytes(RGB.quantize(64), "PNG"),
        encoded(SCAN, ".jpg"),
    ],
    ids=["gray", "1-bit", "ccitt", "cmyk", "jpx", "indexed", "jpeg"],
)
def test_every_colour_space_comes_out_as_shown(tmp_path: Path, data: bytes) -> None:
    page = read(pdf_with(data), tmp_path)
    assert page.image.shape == (800, 600, 3)
    assert page.image.dtype == np.uint8
    assert page.dpi == pytest.approx(100, abs=0.1)
    assert alike(page.image, SCAN, 12)


def test_an_inverted_decode_array_is_honoured(tmp_path: Path) -> None:
    document = pdf_with(pillow_bytes(RGB.convert("L"), "PNG"))
    xref = document[0].get_images()[0][0]
    document.xref_set_key(xref, "Decode", "[1 0]")
    page = read(document, tmp_path)
    assert page.image[5, 5].max() < 10
    assert page.image[60, 60].min() > 245


def test_visible_print_over_the_scan_is_drawn(tmp_path: Path) -> None:
    document = pdf_with(encoded(SCAN))
    document[0].draw_rect(pymupdf.Rect(200, 20, 240, 60), fill=(0, 0, 0))
    page = read(document, tmp_path)
    assert page.dpi == 200
    assert page.image.shape == (1600, 1200, 3)
    assert page.image[110, 610].max() < 10


def test_an_annotation_over_the_scan_is_drawn(tmp_path: Path) -> None:
    document = pdf_with(encoded(SCAN))
    annotation = document[0].add_rect_annot(pymupdf.Rect(200, 20, 240, 60))
    annotation.set_colors(fill=(1, 0, 0))
    annotation.update()
    assert read(document, tmp_path).image[110, 610].tolist() == [0, 0, 255]


def test_what_lies_under_the_scan_does_not_matter(tmp_path: Path) -> None:
    document = pymupdf.open()
    page = document.new_page(width=432, height=576)
    page.draw_rect(page.rect, fill=(1, 1, 1))
    page.insert_image(page.rect, stream=encoded(SCAN))
    assert np.array_equal(read(document, tmp_path).image, SCAN)


def test_a_crop_box_is_honoured(tmp_path: Path) -> None:
    document = pdf_with(encoded(SCAN))
    document[0].set_cropbox(pymupdf.Rect(0, 0, 216, 288))
    page = read(document, tmp_path)
    assert page.image.shape == (800, 600, 3)
    assert page.dpi == 200
    assert alike(page.image, np.ascontiguousarray(SCAN[:400, :300]))


def test_a_media_box_off_the_origin_keeps_the_pixels(tmp_path: Path) -> None:
    document = pdf_with(encoded(SCAN))
    page = document[0]
    document.xref_set_key(page.xref, "MediaBox", "[100 50 532 626]")
    (contents,) = page.get_contents()
    document.update_stream(contents, b"q 1 0 0 1 100 50 cm " + document.xref_stream(contents) + b" Q")
    assert np.array_equal(read(document, tmp_path).image, SCAN)


def test_a_user_unit_makes_the_page_larger(tmp_path: Path) -> None:
    document = pdf_with(encoded(SCAN))
    document.xref_set_key(document[0].xref, "UserUnit", "1.5")
    page = read(document, tmp_path)
    assert np.array_equal(page.image, SCAN)
    assert page.dpi == pytest.approx(100 / 1.5, abs=0.1)


def test_two_images_are_drawn_at_the_larger_ones_resolution(tmp_path: Path) -> None:
    document = pymupdf.open()
    page = document.new_page(width=200, height=300)
    page.insert_image(pymupdf.Rect(0, 0, 200, 250), stream=encoded(make_scan(700, 875)))
    page.insert_image(pymupdf.Rect(0, 260, 20, 290), stream=encoded(make_scan(400, 600)))
    result = read(document, tmp_path)
    assert result.dpi == pytest.approx(252, abs=0.5)
    assert result.image.shape[:2] == (1050, 700)


def test_an_image_smaller_than_the_page_is_drawn_with_its_margin(tmp_path: Path) -> None:
    document = pymupdf.open()
    page = document.new_page(width=400, height=500)
    page.insert_image(pymupdf.Rect(50, 50, 250, 300), stream=encoded(SCAN), keep_proportion=False)
    result = read(document, tmp_path)
    assert 215 < result.dpi < 232
    assert result.image[:90].min() == 255


def test_unsquare_fax_pixels_are_drawn_square(tmp_path: Path) -> None:
    squeezed = cv2.resize(SCAN, (600, 400))
    result = read(pdf_with(encoded(squeezed)), tmp_path)
    assert result.image.shape == (1600, 1200, 3)
    assert alike(result.image, SCAN)


def test_a_masked_image_is_drawn(tmp_path: Path) -> None:
    alpha = RGB.convert("RGBA")
    alpha.putalpha(Image.new("L", RGB.size, 0))
    assert read(pdf_with(pillow_bytes(alpha, "PNG")), tmp_path).image.min() == 255


def test_a_clipped_image_is_drawn(tmp_path: Path) -> None:
    document = pdf_with(encoded(SCAN))
    (contents,) = document[0].get_contents()
    document.update_stream(contents, b"q 0 0 200 200 re W n " + document.xref_stream(contents) + b" Q")
    result = read(document, tmp_path)
    assert result.dpi == 200
    assert result.image[:800].min() == 255


def test_vector_pages_are_drawn_at_the_usual_resolution(tmp_path: Path) -> None:
    document = pymupdf.open()
    document.new_page(width=595, height=842).insert_text((72, 72), "words")
    result = read(document, tmp_path)
    assert (result.dpi, result.dpi_estimated) == (200, False)
    assert result.image.shape == (2339, 1653, 3)
    assert result.image.min() < 50


def test_the_resolution_of_a_drawing_has_a_ceiling(tmp_path: Path) -> None:
    document = pdf_with(encoded(SCAN), dpi=1000)
    document[0].insert_text((5, 20), "x")
    assert read(document, tmp_path).dpi == 300


def test_a_scan_placed_at_one_point_a_pixel_is_no_poster(tmp_path: Path) -> None:
    result = read(pdf_with(encoded(make_scan(1240, 1754)), dpi=72, size=(1240, 1754)), tmp_path)
    assert result.image.shape == (1754, 1240, 3)
    assert result.dpi_estimated
    assert result.dpi == pytest.approx(150, abs=1)


def test_print_over_such_a_scan_does_not_blow_it_up(tmp_path: Path) -> None:
    document = pdf_with(encoded(make_scan(1240, 1754)), dpi=72, size=(1240, 1754))
    document[0].insert_text((600, 40), "words")
    assert read(document, tmp_path).image.shape[0] < 3400  # an A3 page at 200 dpi, not 4900


def resident_megabytes() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="needs Linux's /proc")
def test_a_long_file_needs_no_more_memory_than_a_short_one(tmp_path: Path) -> None:
    path = tmp_path / "long.pdf"
    pdf_with(*(encoded(make_scan(1200 + n, 1600)) for n in range(40)), size=(1200, 1600)).save(path)
    with open_source(path, SourceSettings()) as source:
        assert (source.kind, source.page_count) == (SourceKind.PDF, 40)
        used = [resident_megabytes() for _ in source]
    # Each page decodes to 6 MB; MuPDF's store would have kept them all. The allocator keeps some for itself.
    assert used[-1] - used[4] < 130


def test_a_damaged_image_fails_its_page_alone(tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 255, (200, 100, 3)).astype(np.uint8)
    whole = encoded(noise, ".jpg")
    document = pdf_with(whole, whole[: len(whole) // 2], encoded(SCAN), size=(100, 200))
    path = tmp_path / "mixed.pdf"
    document.save(path)
    with open_source(path, SourceSettings()) as source:
        for _ in range(2):
            assert source.read_page(0).image.shape[2] == 3
            with pytest.raises(PipelineError, match="Page 2 of"):
                source.read_page(1)
            assert source.read_page(2).image.shape[2] == 3


def test_a_truncated_file_gives_the_pages_it_still_has(tmp_path: Path) -> None:
    noise = [np.random.default_rng(n).integers(0, 255, (200, 100, 3)).astype(np.uint8) for n in range(4)]
    data = pdf_with(*(encoded(item) for item in noise), size=(100, 200)).tobytes()
    path = tmp_path / "cut.pdf"
    path.write_bytes(data[: int(len(data) * 0.6)])
    with open_source(path, SourceSettings()) as source:
        assert source.page_count == 4
        for whole in (0, 1):
            assert np.array_equal(source.read_page(whole).image, noise[whole])
        for lost in (2, 3):
            with pytest.raises(PipelineError, match=f"Page {lost + 1} of"):
                source.read_page(lost)


@pytest.mark.parametrize("kind", ["jpx", "group 4", "raw"])
def test_a_cut_image_stream_does_not_pass_for_a_whole_page(tmp_path: Path, kind: str) -> None:
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 255, (200, 100, 3)).astype(np.uint8))
    data = {
        "jpx": pillow_bytes(noise, "JPEG2000"),
        "group 4": pillow_bytes(noise.convert("1"), "TIFF", compression="group4"),
        "raw": pillow_bytes(noise, "PNG"),
    }[kind]
    document = pdf_with(data, size=(100, 200))
    raw: bytes = document.xref_stream_raw(document[0].get_images()[0][0])
    whole: bytes = document.tobytes()
    assert raw in whole
    path = tmp_path / "cut.pdf"
    path.write_bytes(whole.replace(raw, raw[: len(raw) // 2]))
    with open_source(path, SourceSettings()) as source, pytest.raises(PipelineError, match=r"cut\.pdf"):
        source.read_page(0)


def test_a_lost_image_does_not_pass_for_a_blank_page(tmp_path: Path) -> None:
    document = pdf_with(encoded(SCAN))
    document.update_object(document[0].get_images()[0][0], "null")
    with pytest.raises(PipelineError, match=r"scan\.pdf"):
        read(document, tmp_path)


def test_a_blank_page_is_a_page(tmp_path: Path) -> None:
    document = pymupdf.open()
    document.new_page(width=200, height=300)
    assert read(document, tmp_path).image.min() == 255


def test_pages_that_share_their_resources_take_their_own_scans(tmp_path: Path) -> None:
    pictures = [np.full((300, 200), 255, np.uint8) for _ in range(3)]
    for number, picture in enumerate(pictures):
        picture[40 * number + 20 : 40 * number + 50, 30:150] = 0
    with pymupdf.open() as made:
        xrefs = []
        for picture in pictures:
            page = made.new_page(width=144, height=216)
            pixmap = pymupdf.Pixmap(pymupdf.csGRAY, 200, 300, picture.tobytes(), False)
            xrefs.append(page.insert_image(page.rect, pixmap=pixmap))
        names = " ".join(f"/Im{number} {xref} 0 R" for number, xref in enumerate(xrefs))
        for number, page in enumerate(made):
            made.xref_set_key(page.xref, "Resources", f"<</XObject<<{names}>>>>")
            made.update_stream(page.get_contents()[0], b"q 144 0 0 216 0 0 cm /Im%d Do Q" % number)
            made.xref_set_key(page.xref, "Contents", f"{page.get_contents()[0]} 0 R")
        made.save(tmp_path / "shared.pdf")
    with open_source(tmp_path / "shared.pdf", SourceSettings()) as source:
        for read, picture in zip(source, pictures, strict=True):
            assert (read.image == picture[:, :, None]).all()


def test_a_scan_that_cannot_be_shown_is_no_blank_page(tmp_path: Path) -> None:
    with pymupdf.open() as made:
        page = made.new_page(width=144, height=216)
        xref = page.insert_image(page.rect, pixmap=pymupdf.Pixmap(pymupdf.csGRAY, 200, 300, bytes(60000), False))
        made.xref_set_key(xref, "ColorSpace", "/DevkGray")
        made.save(tmp_path / "odd.pdf")
    with open_source(tmp_path / "odd.pdf", SourceSettings()) as source, pytest.raises(InputFileError, match="damaged"):
        source.read_page(0)


def test_a_picture_too_large_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    with pymupdf.open() as made:
        page = made.new_page(width=144, height=216)
        xref = page.insert_image(page.rect, pixmap=pymupdf.Pixmap(pymupdf.csGRAY, 200, 300, bytes(60000), False))
        made.xref_set_key(xref, "Width", "30000")
        made.xref_set_key(xref, "Height", "30000")
        made.save(tmp_path / "bomb.pdf")
    with open_source(tmp_path / "bomb.pdf", SourceSettings()) as source, pytest.raises(TooLargeError, match="30000"):
        source.read_page(0)


def test_a_page_longer_than_pictures_can_be_straightened_is_refused(tmp_path: Path) -> None:
    with pymupdf.open() as made:
        made.new_page(width=100, height=14400).insert_text((10, 20), "long")
        made.xref_set_key(made[0].xref, "UserUnit", "2")
        made.save(tmp_path / "long.pdf")
    with open_source(tmp_path / "long.pdf", SourceSettings()) as source, pytest.raises(TooLargeError, match="no side"):
        source.read_page(0)


@pytest.mark.skipif(sys.platform != "linux", reason="file names are bytes there only")
def test_a_name_that_is_not_text(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode("报告".encode("gb18030") + b"\xff.pdf")
    pdf_with(encoded(SCAN)).save(tmp_path / "plain.pdf")
    (tmp_path / "plain.pdf").rename(path)
    assert (only_page(path, SourceSettings()).image == SCAN).mean() > 0.5
    path.write_bytes(b"%PDF-1.7 cut off")
    with pytest.raises(InputFileError, match="damaged"):
        open_source(path, SourceSettings())
