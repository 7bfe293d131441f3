"""Every kind of bad file is one sentence that names it, with its own exit code."""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pymupdf
import pytest
from PIL import Image
from source_files import encoded, make_scan, pdf_with, pillow_bytes

from ocr_pipeline.errors import ExitCode, PipelineError
from ocr_pipeline.settings import SourceSettings
from ocr_pipeline.source import PageSelection, open_source

NOISE = np.random.default_rng(0).integers(0, 255, (300, 200, 3)).astype(np.uint8)


def huge_png(side: int) -> bytes:
    """A PNG whose header promises side x side pixels and whose data is empty."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def half(data: bytes) -> bytes:
    return data[: len(data) // 2]


def encrypted(user: str) -> bytes:
    data: bytes = pdf_with(encoded(make_scan())).tobytes(
        encryption=pymupdf.PDF_ENCRYPT_AES_256, owner_pw="owner", user_pw=user
    )
    return data


NO_PAGES = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n"
)

BAD: dict[str, tuple[Callable[[], bytes], ExitCode]] = {
    "empty": (lambda: b"", ExitCode.INPUT_FILE),
    "text": (lambda: "本年度\n".encode(), ExitCode.UNSUPPORTED),
    "gif": (lambda: pillow_bytes(Image.new("L", (50, 50)), "GIF"), ExitCode.UNSUPPORTED),
    "webp": (lambda: pillow_bytes(Image.new("RGB", (50, 50)), "WEBP"), ExitCode.UNSUPPORTED),
    "bmp": (lambda: pillow_bytes(Image.new("L", (50, 50)), "BMP"), ExitCode.UNSUPPORTED),
    "float tiff": (lambda: pillow_bytes(Image.new("F", (50, 50)), "TIFF"), ExitCode.UNSUPPORTED),
    "html": (lambda: b"<!doctype html><p>", ExitCode.UNSUPPORTED),
    "encrypted": (lambda: encrypted("secret"), ExitCode.ENCRYPTED),
    "pdf header only": (lambda: b"%PDF-1.7\n" + bytes(range(200)), ExitCode.INPUT_FILE),
    "pdf without pages": (lambda: NO_PAGES, ExitCode.INPUT_FILE),
    "one pixel": (lambda: pillow_bytes(Image.new("L", (1, 1)), "PNG"), ExitCode.INPUT_FILE),
    "thin line": (lambda: pillow_bytes(Image.new("L", (4000, 3)), "JPEG"), ExitCode.INPUT_FILE),
    "huge": (lambda: huge_png(30_000), ExitCode.TOO_LARGE),
    "large": (lambda: huge_png(11_000), ExitCode.TOO_LARGE),
    "half a jpeg": (lambda: half(encoded(NOISE, ".jpg")), ExitCode.INPUT_FILE),
    "jpeg without its end": (lambda: encoded(NOISE, ".jpg")[:-100], ExitCode.INPUT_FILE),
    "half a png": (lambda: half(encoded(NOISE)), ExitCode.INPUT_FILE),
    "png header only": (lambda: encoded(NOISE)[:20], ExitCode.INPUT_FILE),
    "half a tiff": (lambda: half(pillow_bytes(Image.fromarray(NOISE), "TIFF")), ExitCode.INPUT_FILE),
    "tiff without its directory": (
        lambda: half(pillow_bytes(Image.fromarray(NOISE), "TIFF", compression="tiff_lzw")),
        ExitCode.INPUT_FILE,
    ),
    "tiff header only": (lambda: b"II*\0\x08\0\0\0", ExitCode.INPUT_FILE),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_is_refused_by_name(tmp_path: Path, case: str) -> None:
    make, code = BAD[case]
    path = tmp_path / "report.pdf"
    path.write_bytes(make())
    with pytest.raises(PipelineError) as caught:
        open_source(path, SourceSettings())
    assert caught.value.exit_code == code
    assert str(path) in caught.value.message
    assert caught.value.remedy
    assert "\n" not in str(caught.value)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(PipelineError, match="no file") as caught:
        open_source(tmp_path / "absent.pdf", SourceSettings())
    assert caught.value.exit_code == ExitCode.INPUT_FILE


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(PipelineError, match="is a folder") as caught:
        open_source(tmp_path, SourceSettings())
    assert caught.value.exit_code == ExitCode.INPUT_FILE


def test_a_name_no_system_allows() -> None:
    with pytest.raises(PipelineError):
        open_source(Path("a\0b"), SourceSettings())


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "secret.png"
    path.write_bytes(encoded(NOISE))
    path.chmod(0)
    if os.access(path, os.R_OK):  # the superuser may read anything

        def refuse(*args: object, **options: object) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(PipelineError, match="may not be read") as caught:
        open_source(path, SourceSettings())
    assert caught.value.exit_code == ExitCode.INPUT_FILE


def test_an_owner_password_alone_does_not_hinder_reading(tmp_path: Path) -> None:
    path = tmp_path / "owner.pdf"
    path.write_bytes(encrypted(""))
    with open_source(path, SourceSettings()) as source:
        assert np.array_equal(source.read_page(0).image, make_scan())


def test_a_huge_picture_is_refused_before_memory_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "huge.png"
    path.write_bytes(huge_png(13_000))
    # With the address space of now and 100 MB more, 169 million pixels could not be decoded.
    resource = pytest.importorskip("resource")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(PipelineError) as caught:
        open_source(path, SourceSettings())
    assert caught.value.exit_code == ExitCode.TOO_LARGE
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000


def test_a_page_too_large_to_draw_fails_alone(tmp_path: Path) -> None:
    document = pdf_with(encoded(make_scan()))
    document.new_page(width=14_000, height=14_000).insert_text((20, 20), "x")
    poster = document.new_page(width=400, height=500)
    poster.insert_image(poster.rect, stream=encoded(make_scan(4000, 5000)))
    path = tmp_path / "poster.pdf"
    document.save(path)
    with open_source(path, SourceSettings(max_pixels=5_000_000)) as source:
        assert source.read_page(0).image.shape == (800, 600, 3)
        for index in (1, 2):
            with pytest.raises(PipelineError, match=f"Page {index + 1} of") as caught:
                source.read_page(index)
            assert caught.value.exit_code == ExitCode.TOO_LARGE


def test_a_page_beyond_the_end_is_an_argument_error(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(pdf_with(encoded(make_scan())).tobytes())
    with pytest.raises(PipelineError, match="has 1 page") as caught:
        open_source(path, SourceSettings(), PageSelection.parse("2"))
    assert caught.value.exit_code == ExitCode.BAD_ARGUMENTS
