"""Mutated scans through a batch: the parent must not crash, and nothing may hang beyond its limit.

    python scripts/fuzz_inputs.py --count 10000 --keep finds
    python scripts/fuzz_inputs.py samples --count 500 --seconds 3600

Files of the folder given, or small drawn ones in every coding that PDF, TIFF, JPEG and PNG know, are mutated (bits
turned, pieces cut out, doubled, swapped between files, numbers in PDF dictionaries made huge) and read with canned
readings: it is the opening of files and the analysis that is tried. --keep saves each file that cost a worker, hung,
or raised what nobody foresaw.
"""

from __future__ import annotations

import argparse
import io
import random
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from soak import draw_page

from ocr_pipeline.batch.engines import CannedEngines
from ocr_pipeline.batch.run import run_batch
from ocr_pipeline.batch.summary import Summary
from ocr_pipeline.settings import EngineSettings, Settings

SUFFIXES = (".pdf", ".tif", ".jpg", ".png")
_NUMBER = re.compile(rb"(?<=[ /\[])[0-9]{1,6}(?=[ /\]\r\n>])")
_ODD_NUMBERS = (b"0", b"-1", b"65536", b"4294967295", b"99999999999999999999", b"1e308")
_SLICE = 200
"""Files in one batch: so many that starting its workers is a small part of it."""
_FIND = re.compile(r"unexpected|the process that read it")
"""In the reason of a failure: it was not refused by name."""


# --- files to begin with ----------------------------------------------------------------------------------------------


def draw_originals(folder: Path) -> list[Path]:
    """A small scan of a table in each coding that scanners and programs write."""
    from PIL import Image

    folder.mkdir(parents=True)
    gray = Image.fromarray(draw_page(123456789))
    colour, black = Image.merge("RGB", (gray, gray.rotate(180), gray)), gray.convert("1")
    dpi = (100, 100)
    gray.save(folder / "gray.png", dpi=dpi)
    black.save(folder / "black.png", dpi=dpi)
    colour.quantize(16).save(folder / "palette.png", dpi=dpi)
    colour.convert("RGBA").save(folder / "alpha.png", dpi=dpi)
    gray.convert("I;16").save(folder / "deep.png")
    gray.save(folder / "gray.jpg", dpi=dpi)
    colour.save(folder / "colour.jpg", dpi=dpi, progressive=True, exif=_turned_exif())
    colour.convert("CMYK").save(folder / "cmyk.jpg", dpi=dpi)
    for coding in ("tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg"):
        colour.save(folder / f"{coding}.tif", dpi=dpi, compression=coding, save_all=True, append_images=[colour])
    for coding in ("group3", "group4"):
        black.save(folder / f"{coding}.tif", dpi=dpi, compression=coding, save_all=True, append_images=[black])
    for name, picture in (("jpeg", colour), ("fax", black)):
        picture.save(folder / f"{name}.pdf", resolution=100.0, save_all=True, append_images=[picture.rotate(180)])
    _save_pdfs(gray, folder)
    return sorted(folder.iterdir())


def _turned_exif() -> bytes:
    from PIL import Image

    exif = Image.Exif()
    exif[0x0112] = 6
    return exif.tobytes()


def _save_pdfs(gray: object, folder: Path) -> None:
    """A JPEG 2000 scan; text, pictures and rotation mixed; the same with its objects packed into streams."""
    import pymupdf
    from PIL import Image

    assert isinstance(gray, Image.Image)
    packed, plain = io.BytesIO(), io.BytesIO()
    gray.save(packed, "JPEG2000")
    gray.save(plain, "PNG")
    with pymupdf.open() as made:
        page = made.new_page(width=302, height=216)
        page.insert_image(page.rect, stream=packed.getvalue())
        made.save(folder / "jpeg2000.pdf")
    with pymupdf.open() as made:
        for turn in (0, 90):
            page = made.new_page(width=302, height=216)
            page.insert_image(page.rect * pymupdf.Matrix(0.5, 0.5), stream=plain.getvalue())
            page.insert_text((20, 180), "typed below", fontsize=11)
            page.draw_rect(pymupdf.Rect(160, 20, 280, 100))
            page.set_rotation(turn)
        made.save(folder / "mixed.pdf")
        made.save(folder / "packed.pdf", deflate=True, use_objstms=1)


# --- mutations --------------------------------------------------------------------------------------------------------


def mutate(data: bytes, others: Sequence[bytes], dice: random.Random) -> bytes:
    """The file with one to eight things wrong in it."""
    changed = bytearray(data)
    for _ in range(dice.randint(1, 8)):
        dice.choice((_turn_bits, _cut, _double, _splice, _odd_number, _truncate))(changed, others, dice)
    return bytes(changed)


def _turn_bits(data: bytearray, others: Sequence[bytes], dice: random.Random) -> None:
    for _ in range(dice.randint(1, 40)):
        if data:
            data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)


def _cut(data: bytearray, others: Sequence[bytes], dice: random.Random) -> None:
    start = dice.randrange(len(data) + 1)
    del data[start : start + _length(data, dice)]


def _double(data: bytearray, others: Sequence[bytes], dice: random.Random) -> None:
    start = dice.randrange(len(data) + 1)
    data[start:start] = data[start : start + _length(data, dice)]


def _splice(data: bytearray, others: Sequence[bytes], dice: random.Random) -> None:
    other = dice.choice(others)
    start, there = dice.randrange(len(data) + 1), dice.randrange(len(other))
    length = _length(data, dice)
    data[start : start + length] = other[there : there + length]


def _odd_number(data: bytearray, others: Sequence[bytes], dice: random.Random) -> None:
    found = list(_NUMBER.finditer(data))
    if found:
        start, end = dice.choice(found).span()
        data[start:end] = dice.choice(_ODD_NUMBERS)


def _truncate(data: bytearray, others: Sequence[bytes], dice: random.Random) -> None:
    if dice.random() < 0.2:
        del data[dice.randrange(len(data) + 1) :]


def _length(data: bytearray, dice: random.Random) -> int:
    """Of a piece: mostly short, so that most of a small file is still what it was and gets past the first look."""
    return dice.randint(1, max(1, min(5000, len(data) // 4) if dice.random() < 0.3 else 12))


@dataclass
class Outcome:
    """What came of the mutated files. reasons: how often each kind of failure, names and numbers taken out."""

    files: int
    done: int
    partial: int
    failed: int
    workers_lost: int
    reasons: Counter[str]


def fuzz(
    originals: Sequence[Path],
    folder: Path,
    count: int,
    seconds: float,
    seed: int,
    page_timeout: float,
    keep: Path | None = None,
) -> Outcome:
    """Mutate and read until the count or the time is reached. Whatever a batch raises is a find and is raised.

    keep: where files go that cost a worker or raised something unforeseen.
    """
    dice = random.Random(seed)
    contents = [path.read_bytes() for path in originals]
    outcome = Outcome(0, 0, 0, 0, 0, Counter())
    settings = Settings(engine=EngineSettings(model="tiny"))
    settings = replace(settings, batch=replace(settings.batch, jobs=2, page_timeout=page_timeout, page_memory=2048))
    until = time.monotonic() + seconds
    while outcome.files < count and time.monotonic() < until:
        place = folder / f"slice-{outcome.files}"
        (place / "in").mkdir(parents=True)
        paths = []
        for number in range(min(_SLICE, count - outcome.files)):
            which = dice.randrange(len(originals))
            path = place / "in" / f"{number}{originals[which].suffix}"
            path.write_bytes(mutate(contents[which], contents, dice))
            paths.append(path)
        summary = run_batch(paths, place / "out", settings, ("json",), engines=CannedEngines())
        if summary.files != len(paths):
            raise RuntimeError(f"{len(paths)} files went in, {summary.files} are accounted for")
        _count(outcome, summary)
        if keep is not None:
            _keep(summary, keep)
        shutil.rmtree(place)
    return outcome


def _keep(summary: Summary, folder: Path) -> None:
    for report in summary.failures:
        if any(_FIND.search(reason) for reason in report.reasons):
            folder.mkdir(parents=True, exist_ok=True)
            name = f"{report.path.parents[1].name}-{report.path.name}"
            shutil.copy(report.path, folder / name)
            (folder / f"{name}.txt").write_text("\n".join(report.reasons))


def _count(outcome: Outcome, summary: Summary) -> None:
    outcome.files += summary.files
    outcome.done += summary.done
    outcome.partial += summary.partial
    outcome.failed += summary.failed
    outcome.workers_lost += summary.workers_lost
    for report in summary.failures:
        for reason in report.reasons:
            outcome.reasons[re.sub(r"[0-9]+", "N", reason.replace(str(report.path), "FILE"))] += 1


def _files_in(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.suffix in SUFFIXES)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("inputs", type=Path, nargs="?", help="folder of good files; drawn ones if absent")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=3600.0)
    parser.add_argument("--page-timeout", type=float, default=30.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, metavar="DIR", help="save the files that were not simply refused")
    options = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="fuzz-") as name:
        folder = Path(name)
        originals = _files_in(options.inputs) if options.inputs else draw_originals(folder / "originals")
        if not originals:
            sys.exit(f"no scans in {options.inputs}")
        limits = (options.count, options.seconds, options.seed, options.page_timeout)
        found = fuzz(originals, folder, *limits, keep=options.keep)
    print(
        f"{found.files} files in {time.monotonic() - began:.0f} s: {found.done} done, {found.partial} partial, ", end=""
    )
    print(f"{found.failed} failed, {found.workers_lost} workers lost")
    for reason, times in found.reasons.most_common(40):
        print(f"{times:6}  {reason}")


if __name__ == "__main__":
    main()
