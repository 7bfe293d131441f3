"""Measures how well tables without a full grid are found: made pages in, TEDS-Struct and false tables out.

No text is read: what is measured is the grid. The detector's model is fetched if it is not there.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ocr_pipeline.analysis import analyse_page
from ocr_pipeline.evaluation.records import CellRecord, TableRecord
from ocr_pipeline.evaluation.teds import teds
from ocr_pipeline.geometry import Box
from ocr_pipeline.ocr.engine import load_detector
from ocr_pipeline.settings import EngineSettings, Settings
from ocr_pipeline.stages import PageAnalysis, PageImage, TableGrid, TextDetector
from scripts.samplemaker import faces, makers
from scripts.samplemaker.filing import Made
from scripts.samplemaker.open_pages import FORMS
from scripts.samplemaker.output import pixels_of
from scripts.samplemaker.plain_pages import KINDS

SAME_PLACE = 0.3
"""A found table is the true one's if they overlap by this (intersection over union)."""


@dataclass(frozen=True)
class Scored:
    """A page's tables: the similarity of each true one (0 where it was missed), how many are exact, false tables."""

    teds: tuple[float, ...]
    exact: int
    false: int
    seconds: float


def page_image(made: Made) -> PageImage:
    """The page as a file would hold it, its damage by JPEG included."""
    scan = made.scans[0]
    return PageImage(0, pixels_of(scan), float(scan.dpi), False)


def found_record(grid: TableGrid) -> TableRecord:
    cells = sorted(grid.cells, key=lambda cell: (cell.row, cell.col))
    return TableRecord(
        "found", grid.rows, grid.cols, tuple(CellRecord(c.row, c.col, c.row_span, c.col_span, "") for c in cells)
    )


def true_record(table: dict[str, Any]) -> TableRecord:
    cells = sorted(table["cells"], key=lambda cell: (cell["row"], cell["col"]))
    return TableRecord(
        "true", table["rows"], table["cols"],
        tuple(CellRecord(c["row"], c["col"], c["row_span"], c["col_span"], "") for c in cells),
    )  # fmt: skip


def score(made: Made, detector: TextDetector, settings: Settings) -> Scored:
    """Find the tables of a made page and compare their structure with the truth."""
    image = page_image(made)
    start = time.perf_counter()
    analysis = analyse_page(image, detector, settings)
    seconds = time.perf_counter() - start
    left = list(analysis.tables)
    similar: list[float] = []
    exact = 0
    for table in made.truth["tables"]:
        grid = _taken(left, _upright(table, analysis))
        if grid is None:
            similar.append(0.0)
            continue
        found, true = found_record(grid), true_record(table)
        similar.append(teds(found, true, structure_only=True))
        exact += {cell.place for cell in found.cells} == {cell.place for cell in true.cells}
    return Scored(tuple(similar), exact, len(left), seconds)


def _upright(table: dict[str, Any], analysis: PageAnalysis) -> Box:
    return analysis.transform.quad_to_upright(Box(*table["parts"][0]["box"])).box


def _taken(grids: list[TableGrid], place: Box) -> TableGrid | None:
    """The grid that stands in a place, taken out of the list."""
    best = max(grids, key=lambda grid: grid.box.iou(place), default=None)
    if best is None or best.box.iou(place) < SAME_PLACE:
        return None
    grids.remove(best)
    return best


def _pages(levels: list[str], count: int, seed: int) -> Iterator[tuple[str, str, Made]]:
    for level in levels:
        for form in FORMS:
            for number in range(count):
                yield form, level, makers.open_table(form, level, seed, number)
        for kind in KINDS:
            for number in range(count):
                yield kind, level, makers.no_table(kind, level, seed, number)


def measure(
    count: Annotated[int, typer.Option(min=1, help="Pages of each kind at each level.")] = 5,
    seed: Annotated[int, typer.Option(help="Everything random follows from it.")] = 0,
    level: Annotated[list[str] | None, typer.Option(help="clean, office, bad; all three without it.")] = None,
    threads: Annotated[int, typer.Option(min=0, help="Threads of the detector.")] = 1,
) -> None:
    """Measure the structure of tables without a full grid, and tables found where there are none."""
    faces.require()
    settings = Settings()
    detector = load_detector(EngineSettings(threads=threads))
    scores: dict[tuple[str, str], list[Scored]] = {}
    for kind, name, made in _pages(level or ["clean", "office", "bad"], count, seed):
        scores.setdefault((kind, name), []).append(score(made, detector, settings))
    typer.echo(f"{'kind':<15}{'level':<8}{'pages':>6}{'tables':>8}{'TEDS-S':>9}{'exact':>8}{'false':>7}{'s/page':>8}")
    for (kind, name), pages in sorted(scores.items()):
        typer.echo(f"{kind:<15}{name:<8}{_figures(pages)}")
    typer.echo(f"{'all':<15}{'':<8}{_figures([page for pages in scores.values() for page in pages])}")


def _figures(pages: list[Scored]) -> str:
    similar = [value for page in pages for value in page.teds]
    mean = f"{sum(similar) / len(similar):.4f}" if similar else "-"
    exact = f"{sum(page.exact for page in pages) / len(similar):.3f}" if similar else "-"
    false = sum(page.false for page in pages)
    seconds = sum(page.seconds for page in pages) / len(pages)
    return f"{len(pages):>6}{len(similar):>8}{mean:>9}{exact:>8}{false:>7}{seconds:>8.2f}"


if __name__ == "__main__":
    typer.run(measure)
