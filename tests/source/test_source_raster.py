"""Pictures as pages: pixels, orientation, resolution, pages of a TIFF."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from source_files import encoded, make_scan, only_page, pillow_bytes

from ocr_pipeline.errors import InputFileError
from ocr_pipeline.settings import SourceSettings
from ocr_pipeline.source import PageSelection, SourceKind, open_source

SCAN = make_scan()
RGB = Image.fromarray(cv2.cvtColor(SCAN, cv2.COLOR_BGR2RGB))
GRAY = RGB.convert("L")


def written(folder: Path, data: bytes, name: str = "scan") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def test_a_colour_png_keeps_every_pixel(tmp_path: Path) -> None:
    page = only_page(written(tmp_path, encoded(SCAN)))
    assert page.image.dtype == np.uint8
    assert np.array_equal(page.image, SCAN)


def test_a_jpeg_is_read_whatever_its_name(tmp_path: Path) -> None:
    path = written(tmp_path, encoded(SCAN, ".jpg"), "report.pdf")
    with open_source(path, SourceSettings()) as source:
        assert source.kind is SourceKind.JPEG
        assert source.page_count == 1
        page = source.read_page(0)
        again = source.read_page(0)
    assert np.abs(page.image.astype(int) - SCAN).mean() < 3
    assert np.array_equal(page.image, again.image)


@pytest.mark.parametrize(
    "data",
    [
        pillow_bytes(GRAY, "PNG"),
        pillow_bytes(Image.fromarray(np.asarray(GRAY).astype(np.uint16) * 257), "PNG"),
        pillow_bytes(Image.fromarray(np.asarray(GRAY).astype(np.uint16) * 257), "TIFF"),
        pillow_bytes(GRAY, "TIFF", compression="tiff_lzw"),
        pillow_bytes(GRAY.convert("LA"), "PNG"),
        pillow_bytes(GRAY.convert("P"), "PNG"),
    ],
    ids=["gray", "gray 16 png", "gray 16 tiff", "gray lzw tiff", "gray alpha", "palette"],
)
def test_every_kind_of_gray_is_the_same_gray(tmp_path: Path, data: bytes) -> None:
    page = only_page(written(tmp_path, data))
    assert np.array_equal(page.image, cv2.cvtColor(np.asarray(GRAY), cv2.COLOR_GRAY2BGR))


@pytest.mark.parametrize(
    "data",
    [
        encoded(SCAN.astype(np.uint16) * 257),
        pillow_bytes(RGB.convert("RGBA"), "PNG"),
        pillow_bytes(RGB.quantize(255), "PNG"),
        pillow_bytes(RGB.convert("RGBA"), "TIFF"),
        pillow_bytes(RGB.convert("CMYK"), "TIFF"),
    ],
    ids=["16 bit", "alpha", "palette", "alpha tiff", "cmyk tiff"],
)
def test_every_kind_of_colour_is_the_same_colour(tmp_path: Path, data: bytes) -> None:
    page = only_page(written(tmp_path, data))
    assert np.abs(page.image.astype(int) - SCAN).max() <= 8


@pytest.mark.parametrize("compression", [None, "group4", "tiff_lzw"])
def test_black_and_white_is_black_on_white(tmp_path: Path, compression: str | None) -> None:
    page = only_page(written(tmp_path, pillow_bytes(GRAY.convert("1"), "TIFF", compression=compression)))
    assert set(np.unique(page.image)) == {0, 255}
    assert page.image[5, 5].tolist() == [255, 255, 255]
    assert page.image[50, 50].tolist() == [0, 0, 0]


def test_what_is_transparent_lies_on_white_paper(tmp_path: Path) -> None:
    clear = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    assert only_page(written(tmp_path, pillow_bytes(clear, "PNG"))).image.min() == 255


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_exif_orientation_turns_the_page(tmp_path: Path, kind: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    lying = Image.fromarray(np.rot90(np.asarray(RGB)))
    page = only_page(written(tmp_path, pillow_bytes(lying, kind, exif=exif)))
    assert page.image.shape == SCAN.shape
    assert np.abs(page.image.astype(int) - SCAN).mean() < 3


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_the_stated_resolution_is_taken(tmp_path: Path, kind: str) -> None:
    page = only_page(written(tmp_path, pillow_bytes(RGB, kind, dpi=(200, 200))))
    assert page.dpi == pytest.approx(200, abs=0.5)
    assert not page.dpi_estimated


@pytest.mark.parametrize("dpi", [None, (1, 1), (5000, 5000)])
def test_a_silent_or_absurd_resolution_is_estimated_as_a4(tmp_path: Path, dpi: tuple[int, int] | None) -> None:
    options = {} if dpi is None else {"dpi": dpi}
    page = only_page(written(tmp_path, pillow_bytes(Image.new("L", (1654, 2339), 255), "PNG", **options)))
    assert page.dpi_estimated
    assert page.dpi == pytest.approx(200, abs=1)


def test_a_screen_resolution_is_no_paper_larger_than_a3(tmp_path: Path) -> None:
    page = only_page(written(tmp_path, pillow_bytes(Image.new("L", (1654, 2339), 255), "JPEG", dpi=(72, 72))))
    assert page.dpi_estimated
    small = only_page(written(tmp_path, pillow_bytes(Image.new("L", (595, 842), 255), "JPEG", dpi=(72, 72))))
    assert (small.dpi, small.dpi_estimated) == (72, False)


def tiff_of(*shades: int) -> bytes:
    pages = [Image.new("L", (50 + shade, 60), shade) for shade in shades]
    return pillow_bytes(pages[0], "TIFF", save_all=True, append_images=pages[1:], dpi=(150, 150))


def test_a_tiff_has_its_pages_in_order(tmp_path: Path) -> None:
    path = written(tmp_path, tiff_of(10, 20, 30, 40))
    with open_source(path, SourceSettings()) as source:
        assert (source.kind, source.page_count) == (SourceKind.TIFF, 4)
        assert [(page.index, page.image.shape[1], page.image.max()) for page in source] == [
            (0, 60, 10),
            (1, 70, 20),
            (2, 80, 30),
            (3, 90, 40),
        ]
        assert source.read_page(1).image.max() == 20
        with pytest.raises(IndexError):
            source.read_page(4)


def test_only_selected_pages_are_iterated(tmp_path: Path) -> None:
    with open_source(
        written(tmp_path, tiff_of(10, 20, 30, 40)), SourceSettings(), PageSelection.parse("2,4")
    ) as source:
        assert (source.page_count, source.indices, len(source)) == (4, (1, 3), 2)
        assert [page.index for page in source] == [1, 3]


def test_thumbnails_in_a_tiff_are_no_pages(tmp_path: Path) -> None:
    thumbnail = Image.new("L", (30, 40), 9)
    thumbnail.encoderinfo = {"tiffinfo": {254: 1}}
    data = pillow_bytes(GRAY, "TIFF", save_all=True, append_images=[thumbnail, GRAY])
    with open_source(written(tmp_path, data), SourceSettings()) as source:
        assert [page.image.shape[1] for page in source] == [600, 600]


def test_a_damaged_page_of_a_tiff_fails_alone(tmp_path: Path) -> None:
    noise = [Image.fromarray(np.random.default_rng(n).integers(0, 255, (60, 80), np.uint8)) for n in range(3)]
    data = bytearray(
        pillow_bytes(noise[0], "TIFF", save_all=True, append_images=noise[1:], compression="tiff_adobe_deflate")
    )
    with Image.open(written(tmp_path, bytes(data))) as picture:
        picture.seek(1)
        offset = picture.tag_v2[273][0]
    data[offset : offset + 400] = bytes(400)
    with open_source(written(tmp_path, bytes(data)), SourceSettings()) as source:
        assert source.read_page(0).image.shape == (60, 80, 3)
        with pytest.raises(InputFileError, match="Page 2 of"):
            source.read_page(1)
        assert source.read_page(2).image.shape == (60, 80, 3)
