"""Makes the pictures of README and docs from the samples: scripts/make_pictures.py (needs chromium and the weights).

Everything in them was really read: the page with what was found drawn over it, beside the table that came out.
"""

from __future__ import annotations

import base64
import io
import re
import shutil
import subprocess
import sys
import tempfile
from html import escape
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageChops

from ocr_pipeline import Document, Pipeline, Settings, Table
from ocr_pipeline.commands.drawing import (
    Scene,
    draw_cells,
    draw_grid,
    draw_lines,
    draw_order,
    draw_rulings,
    draw_seals,
    look_at,
)
from ocr_pipeline.export.style import PAGE_CSS
from ocr_pipeline.export.text import document_text
from ocr_pipeline.export.width import text_width
from ocr_pipeline.geometry import ColourImage
from ocr_pipeline.source import open_source

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
TABLE_PAGE, FILING = ROOT / "samples" / "table-page.jpg", ROOT / "samples" / "gangcha-office.pdf"
STAGE_WIDTH = 760
"""Pixels: two stage pictures side by side fill a page of docs."""

_LOOK = """body { background: #fff; margin: 0; padding: 16px; display: flex; gap: 20px; align-items: flex-start }
figure { margin: 0 } figure img { display: block; border: 1px solid #c9ced6 } .results { flex: 1 }
table { font-size: 12.5px; width: 100% } th, td { padding: 2px 5px } caption { margin: 0 0 6px }
pre { margin: 0; padding: 14px; background: #14171c; color: #e6e8eb; font: 14px/16px "DejaVu Sans Mono",
  "Liberation Mono", "Noto Sans Mono CJK SC", monospace }
pre b { color: #ff8a80 } pre i { display: inline-block; width: 8.5px; font-style: normal; text-align: center }
pre i.wide { width: 17px }"""


_COLOUR = re.compile(r"(\x1b\[[0-9;]*m)")


def main() -> None:
    """Read the samples and write every picture."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("scripts/make_pictures.py needs Chromium. On Debian: apt-get install chromium fonts-noto-cjk")
    PICTURES.mkdir(parents=True, exist_ok=True)
    settings = Settings()
    pipeline = Pipeline(settings)
    page, filing = pipeline.read(TABLE_PAGE), pipeline.read(FILING)
    scene = scenes_of(TABLE_PAGE, page, [0], settings)[0]
    first, title, middle, end = scenes_of(FILING, filing, [0, 2, 3, 4], settings)
    joined = next(table for table in filing.tables if {2, 3} <= {part.page for part in table.parts})

    photograph(chromium, beside([draw_cells(scene)], list(page.tables), 620), 1400, PICTURES / "page-and-table.png")
    photograph(
        chromium, beside([draw_cells(title), draw_cells(middle)], [joined], 430), 1400, PICTURES / "joined-table.png"
    )
    photograph(chromium, terminal(page), 720, PICTURES / "terminal.png")
    for name, image in (
        ("rulings", draw_rulings(title)),
        ("grid", draw_grid(title)),
        ("cells", draw_cells(title)),
        ("seals", draw_seals(end)),
        ("lines", draw_lines(end)),
        ("order", draw_order(first)),
    ):
        write_stage(image, PICTURES / f"stage-{name}.jpg")


def scenes_of(path: Path, document: Document, indices: list[int], settings: Settings) -> list[Scene]:
    """Some pages of a file, by 0-based index, with all that can be drawn on them."""
    with open_source(path, settings.source) as source:
        return [look_at(source.read_page(index), document.pages[index], document, settings) for index in indices]


def beside(images: list[ColourImage], tables: list[Table], width: int) -> str:
    """Page images, one below the other and `width` pixels wide, beside the tables that were read from them."""
    figures = "".join(f'<figure><img width="{width}" src="{data_url(image, 2 * width)}"></figure>' for image in images)
    results = "".join(table.to_html() for table in tables)
    return f'<div style="display: grid; gap: 10px">{figures}</div><div class="results">{results}</div>'


def terminal(document: Document) -> str:
    """What `ocr-pipeline page` prints on 80 columns; doubts bold."""
    command = f"$ ocr-pipeline page samples/{TABLE_PAGE.name}"
    lines = [command, *document_text(document, 80, colour=True).splitlines()[:36]]
    return f"<pre>{chr(10).join(map(_in_columns, lines))}</pre>"


def _in_columns(line: str) -> str:
    """A terminal's line as HTML, every character in its column whatever the typefaces."""
    pieces = []
    for piece in _COLOUR.split(line):
        if piece.startswith("\x1b"):
            pieces.append({"\x1b[0m": "</b>", "\x1b[1m": "<b style='color: #fff'>"}.get(piece, "<b>"))
        else:
            pieces += [f"<i{' class=wide' * (text_width(one) > 1)}>{escape(one)}</i>" for one in piece]
    return "".join(pieces)


def photograph(chromium: str, body: str, width: int, path: Path) -> None:
    """The HTML as Chromium shows it, cut to its content; a PNG file has 128 colours."""
    page = f'<!doctype html><meta charset="utf-8"><style>{PAGE_CSS}{_LOOK}</style><body>{body}'
    with tempfile.TemporaryDirectory() as scratch:
        source, shot = Path(scratch) / "page.html", Path(scratch) / "shot.png"
        source.write_text(page, encoding="utf-8")
        subprocess.run(
            [
                chromium, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-dev-shm-usage",
                f"--user-data-dir={scratch}/profile", f"--window-size={width},3000", f"--screenshot={shot}",
                source.as_uri(),
            ],
            check=True,
            capture_output=True,
        )  # fmt: skip
        with Image.open(shot) as taken:
            picture = taken.convert("RGB")
    white = Image.new("RGB", picture.size, "white")
    box = ImageChops.difference(picture, white).getbbox() or (0, 0, *picture.size)
    cut = picture.crop((0, 0, width, min(picture.height, box[3] + 16)))
    if path.suffix == ".jpg":
        cut.save(path, quality=78, optimize=True)
    else:
        cut.quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1000} kB")


def write_stage(image: ColourImage, path: Path) -> None:
    """A stage's picture, small enough for a page of documentation."""
    height = round(image.shape[0] * STAGE_WIDTH / image.shape[1])
    small = cv2.resize(image, (STAGE_WIDTH, height), interpolation=cv2.INTER_AREA)
    Image.fromarray(np.ascontiguousarray(small[:, :, ::-1])).save(path, quality=72, optimize=True)
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1000} kB")


def data_url(image: ColourImage, width: int) -> str:
    picture = Image.fromarray(np.ascontiguousarray(image[:, :, ::-1]))
    picture.thumbnail((width, 4 * width))
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=88)
    return "data:image/jpeg;base64," + base64.b64encode(stream.getvalue()).decode("ascii")


if __name__ == "__main__":
    main()
