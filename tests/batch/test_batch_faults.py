"""Pages and files that fail, workers that hang, die and swell: the rest comes out whole."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from batch_engines import BREAK, DIE, HANG, STUMBLE, SWELL, RoughEngines, run, save_pages

from ocr_pipeline.batch.summary import Summary
from ocr_pipeline.document import DocumentStatus, PageStatus
from ocr_pipeline.errors import ExitCode
from ocr_pipeline.export import load_document


def run_rough(tmp_path: Path, widths: list[int], **batch: object) -> Summary:
    path = save_pages(tmp_path / "rough.tif", widths)
    return run([path], tmp_path / "out", RoughEngines(marks=tmp_path), **batch)


@pytest.mark.parametrize(
    ("width", "limits", "reason"),
    [
        (HANG, {"page_timeout": 4.0}, "took longer than it may.*--page-timeout"),
        (DIE, {}, "was ended by SIGKILL"),
        (SWELL, {"page_memory": 700}, "needed more memory than it may.*--page-memory"),
        (BREAK, {}, "unexpected RuntimeError: the detector broke"),
    ],
)
def test_a_bad_page_is_tried_twice_and_marked(
    tmp_path: Path, width: int, limits: dict[str, object], reason: str
) -> None:
    began = time.monotonic()
    summary = run_rough(tmp_path, [420, width, 420], **limits)
    assert time.monotonic() - began < 300
    assert (summary.partial, summary.failed_pages, summary.pages_read) == (1, 1, 2)
    assert summary.exit_code is ExitCode.PARTIAL
    assert summary.workers_lost == (0 if width == BREAK else 2)
    document = load_document(tmp_path / "out" / "rough" / "document.json")
    assert document.status is DocumentStatus.PARTIAL
    assert [page.status for page in document.pages] == [PageStatus.OK, PageStatus.FAILED, PageStatus.OK]
    assert [len(page.blocks) + len(document.tables) > 0 for page in document.pages]
    (told,) = summary.failures[0].reasons
    assert told.startswith(f"Page 2 of {tmp_path / 'rough.tif'}")
    assert re.search(reason, told)


def test_a_page_that_fails_once_is_read_by_a_fresh_worker(tmp_path: Path) -> None:
    summary = run_rough(tmp_path, [420, STUMBLE])
    assert (summary.done, summary.failed_pages, summary.pages_read) == (1, 0, 2)
    assert (tmp_path / "stumbled").exists()


def test_failed_pages_are_left_alone_until_asked_for(tmp_path: Path) -> None:
    run_rough(tmp_path, [420, BREAK])
    path, output = tmp_path / "rough.tif", tmp_path / "out"
    again = run([path], output, RoughEngines(marks=tmp_path))
    assert (again.partial, again.pages_read, again.exit_code) == (1, 0, ExitCode.PARTIAL)
    assert "the detector broke" in again.text()
    retried = run([path], output, RoughEngines(marks=tmp_path), retry_failed=True)
    assert (retried.partial, retried.pages_read, retried.failed_pages) == (1, 0, 1)


def test_retrying_what_failed_reads_that_page_alone(tmp_path: Path) -> None:
    path, output, engines = tmp_path / "rough.tif", tmp_path / "out", RoughEngines(marks=tmp_path)
    assert run_rough(tmp_path, [420, BREAK]).partial == 1
    (tmp_path / "mended").touch()
    assert run([path], output, engines).partial == 1
    retried = run([path], output, engines, retry_failed=True)
    assert (retried.done, retried.pages_read, retried.exit_code) == (1, 1, ExitCode.OK)
    assert load_document(output / "rough" / "document.json").status is DocumentStatus.OK


def test_a_file_none_of_whose_pages_can_be_read_has_no_results(tmp_path: Path) -> None:
    summary = run_rough(tmp_path, [BREAK])
    assert (summary.failed, summary.failed_pages) == (1, 1)
    assert not (tmp_path / "out" / "rough").exists()
    assert str(tmp_path / "rough.tif") in summary.failures[0].reasons[0]


def test_broken_files_are_named_and_the_others_come_out(filings: list[Path], tmp_path: Path) -> None:
    broken = make_broken(tmp_path, filings[0])
    good = [save_pages(tmp_path / f"good-{n}.tif", [420], n) for n in range(40)]
    summary = run([*good[:20], *broken, *good[20:]], tmp_path / "out", jobs=2)
    assert (summary.done, summary.failed) == (40, len(broken))
    told = {report.path: report for report in summary.failures}
    assert set(told) == set(broken)
    expected = {
        "locked.pdf": (ExitCode.ENCRYPTED, "qpdf --decrypt"),
        "empty.pdf": (ExitCode.INPUT_FILE, "is empty"),
        "cut.pdf": (ExitCode.INPUT_FILE, "scan it again"),
        "letter.pdf": (ExitCode.UNSUPPORTED, "Give a PDF, TIFF, JPEG or PNG file"),
        "bomb.png": (ExitCode.TOO_LARGE, "300 dpi or less"),
        "gone.pdf": (ExitCode.INPUT_FILE, "Check the name"),
    }
    for path, report in told.items():
        code, sentence = expected[path.name]
        assert report.exit_code == code, report
        assert str(path) in report.reasons[0]
        assert sentence in report.reasons[0]


def make_broken(folder: Path, good: Path) -> list[Path]:
    """Locked, empty, cut off, of another kind, with a picture far too large, and not there at all."""
    import struct
    import zlib

    import pymupdf

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    with pymupdf.open() as made:
        made.new_page()
        made.save(folder / "locked.pdf", encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="secret")
    (folder / "empty.pdf").write_bytes(b"")
    (folder / "cut.pdf").write_bytes(b"%PDF-1.7\n" + good.read_bytes()[9:200])
    (folder / "letter.pdf").write_text("Dear colleagues, the scan comes by post.")
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 90_000, 90_000, 8, 0, 0, 0, 0))
    bomb = b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(100_000))) + chunk(b"IEND", b"")
    (folder / "bomb.png").write_bytes(bomb)
    names = ("locked.pdf", "empty.pdf", "cut.pdf", "letter.pdf", "bomb.png", "gone.pdf")
    return [folder / name for name in names]
