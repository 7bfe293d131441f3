"""Makes docs/gallery.md and its pictures: seven kinds of damage, from the page as scanned to the table as read.

    python scripts/make_gallery.py        (needs chromium and the weights)

Each page is made by the command its caption shows, read once with the settings everybody has, and compared with its
truth; nothing is chosen by its outcome but the seeds, which are all 7.
"""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from html import escape
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from make_pictures import PICTURES, ROOT, data_url, photograph, scenes_of

from ocr_pipeline import Pipeline, Settings
from ocr_pipeline.commands.drawing import Scene, draw_cells
from ocr_pipeline.evaluation import evaluate
from ocr_pipeline.evaluation.cells import CellScore
from ocr_pipeline.export import write_document

_SEED = 7
_WIDTH = 330
"""Pixels of each of the four panels."""


@dataclass(frozen=True)
class Damage:
    """One row of the gallery. maker: a sub-command of make_samples.py with its options; mishap: a kind of
    damage_scans.py that its page goes through then."""

    name: str
    title: str
    maker: str
    mishap: str = ""


DAMAGES = (
    Damage("seal", "A red seal pressed over the numbers", "seals --shape round --strength strong"),
    Damage("worn", "150 dpi, crooked, keystone, worn toner, specks", "table-page --level bad"),
    Damage("broken", "Rulings with one twentieth of their length missing", "rulings --missing 0.05"),
    Damage("turned", "Fed in sideways", "rotated --turn 90"),
    Damage("tilted", "Tilted by eleven degrees", "skew --angle 11"),
    Damage("photo", "Photographed on a desk, from aside", "table-page --level clean", mishap="photo"),
    Damage("three-line", "A three-line table", "open-tables --kind three-line"),
)


def main() -> None:
    """Make the pages, read them, draw them, write the page of documentation."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("scripts/make_gallery.py needs Chromium. On Debian: apt-get install chromium fonts-noto-cjk")
    settings = Settings()
    pipeline = Pipeline(settings)
    sections = []
    for damage in DAMAGES:
        with tempfile.TemporaryDirectory(prefix="gallery-") as name:
            commands = [f"scripts/make_samples.py {damage.maker} --seed {_SEED} --format png"]
            folder = Path(name)
            if damage.mishap:
                commands = [commands[0].replace("png", "pdf"), f"scripts/damage_scans.py DIR --kind {damage.mishap}"]
            for command in commands:
                words = [name if word == "DIR" else word for word in shlex.split(command)]
                subprocess.run([sys.executable, *words, "-o", name], check=True, cwd=ROOT, capture_output=True)
            page = _page_in(folder / damage.mishap)
            document = pipeline.read(page)
            (scene,) = scenes_of(page, document, [0], settings)
            write_document(document, folder / "read", ("json",))
            score = evaluate(folder / "read" / "document.json", page.with_suffix(".truth.json"))
            cells = sum((table.cells for table in score.tables), CellScore())
            picture = PICTURES / f"gallery-{damage.name}.jpg"
            photograph(chromium, _row(scene), 4 * _WIDTH + 80, picture)
        sections.append(
            f"## {damage.title}\n\n"
            f"`python {' -o DIR`, `python '.join(commands)} -o DIR`: {cells.exact} of {cells.true} cells exact.\n\n"
            f"![{damage.title}](pictures/{picture.name})\n"
        )
    text = _HEAD + "\n".join(sections)
    (ROOT / "docs" / "gallery.md").write_text(text, encoding="utf-8")


_HEAD = """# Gallery: seven kinds of damage

From left to right: the page as it was scanned; upright and even, the seal taken out; the cells that were found, drawn
on the page as it was scanned; the table that was read, places to check marked. Made by `scripts/make_gallery.py`,
which reads each page once and writes this page.

"""


def _page_in(folder: Path) -> Path:
    (page,) = [path for path in folder.iterdir() if path.suffix in (".png", ".pdf")]
    return page


def _row(scene: Scene) -> str:
    panels = [scene.image, scene.paper, draw_cells(scene)]
    figures = "".join(
        f'<figure><img width="{_WIDTH}" src="{data_url(panel, 2 * _WIDTH)}"></figure>' for panel in panels
    )
    tables = "".join(table.to_html() for table in scene.document.tables) or escape("no table")
    return f'{figures}<div class="results" style="zoom: 0.55">{tables}</div>'


if __name__ == "__main__":
    main()
