"""Measures the geometry on made pages of all shapes: skew, straight pages, orientation, grids under worn rulings.

Nothing is read but for the orientation. Prints one row of a table a kind; --faults DIR keeps the pages that went wrong.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import cv2
import numpy as np
import typer

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ocr_pipeline.clean.page import clean_page
from ocr_pipeline.geometry import Box, Quad
from ocr_pipeline.settings import Settings
from ocr_pipeline.stages import CleanPage, PageImage, TableGrid
from ocr_pipeline.tables.grid import find_tables
from scripts.samplemaker import hard, varied
from scripts.samplemaker.curl import Curl, curled
from scripts.samplemaker.damage import LEVELS, OVERSAMPLE, page_map
from scripts.samplemaker.draw import pixel_size
from scripts.samplemaker.filing import Made, stream
from scripts.samplemaker.output import pixels_of
from scripts.samplemaker.scan import scan_page
from scripts.samplemaker.sheet import Sheet
from scripts.samplemaker.truth import build

Rng = np.random.Generator
Span = tuple[int, int, int, int]


class Kind(StrEnum):
    """What is measured."""

    skew = "skew"
    straight = "straight"
    orientation = "orientation"
    whole = "whole"
    missing05 = "missing05"
    missing15 = "missing15"
    missing30 = "missing30"
    dotted = "dotted"
    double = "double"
    frameless = "frameless"
    thin = "thin"
    thick = "thick"
    keystone = "keystone"
    curl = "curl"
    photo = "photo"
    bad = "bad"


@dataclass(frozen=True)
class GridScore:
    """tables of the truth, how many of them have exactly the truth's cells, false tables; found cells that are not in
    the truth, and how many of those carry no suspicion."""

    tables: int
    exact: int
    false: int
    wrong: int
    silent: int


def made_page(sheet: Sheet, level: str, dpi: int, key: tuple[int | str, ...], **geometry: Any) -> Made:
    """A scan of a one-page sheet with its truth; geometry: as page_map takes it, without any a straight page."""
    chosen = replace(LEVELS[level], dpi=dpi)
    size = pixel_size(sheet, dpi * OVERSAMPLE)
    placed = page_map(size, geometry.pop("angle", 0.0), **geometry)
    scan = scan_page(sheet, 0, (), chosen, stream(*key, "scan"), placed)
    return Made((scan,), build(sheet, (scan,), (), {"level": level, "dpi": dpi}, None))


def page_of(made: Made) -> PageImage:
    """The page as the source would give it, JPEG losses included."""
    scan = made.scans[0]
    return PageImage(0, pixels_of(scan), float(scan.dpi), False)


def any_sheet(rng: Rng) -> Sheet:
    """Six pages in ten with tables, the others running text."""
    return varied.varied_page(rng) if rng.random() < 0.6 else varied.prose_page(rng)


def any_scan(rng: Rng) -> tuple[str, int]:
    """Level and resolution."""
    level = str(rng.choice(["clean", "office", "office", "bad"]))
    return level, int(rng.choice([150, 200, 200, 300] if level != "bad" else [150, 200]))


def measure_skew(count: int, seed: int, first: int, straight: bool) -> str:
    """Errors of the angle in degrees over pages from -15 to 15, or how many straight pages were touched."""
    errors, touched = [], []
    for number in range(first, first + count):
        key = (seed, "straight" if straight else "skew", number)
        rng = stream(*key)
        sheet, (level, dpi) = any_sheet(rng), any_scan(rng)
        angle = 0.0 if straight else float(rng.uniform(-15, 15))
        shift = (float(rng.uniform(-4, 4)), float(rng.uniform(-4, 4)))
        made = made_page(sheet, level, dpi, key, angle=angle, expand=abs(angle) > 5, shift=shift)
        page = clean_page(page_of(made), Settings())
        errors.append(abs(page.skew - angle))
        touched.append(not page.transform.is_identity)
        if errors[-1] > 0.3 or (straight and touched[-1]):
            kind = "tables" if sheet.tables else "prose"
            print(f"  page {number}: {kind} {level} {dpi} dpi, angle {angle:.2f}, found {page.skew:.2f}, "
                  f"confidence {page.skew_confidence:.2f}")  # fmt: skip
    if straight:
        return f"{sum(touched)} of {count} touched"
    return f"mean error {np.mean(errors):.3f}, worst {max(errors):.2f} degrees"


def measure_orientation(count: int, seed: int, first: int) -> str:
    """How many pages are set upright, four ways each."""
    from ocr_pipeline.clean.orientation import find_orientation
    from ocr_pipeline.ocr.engine import load_orientation
    from ocr_pipeline.settings import EngineSettings

    model = load_orientation(EngineSettings(threads=1))
    right = 0
    for number in range(first, first + count):
        key = (seed, "orientation", number)
        rng = stream(*key)
        sheet, (level, dpi) = any_sheet(rng), any_scan(rng)
        turn = 90 * (number % 4)
        made = made_page(sheet, level, dpi, key, angle=float(rng.uniform(-3, 3)), orientation=turn)
        page = page_of(made)
        found = find_orientation(page.image, page.dpi, model, Settings())
        right += found == turn
        if found != turn:
            print(f"  page {number}: {'tables' if sheet.tables else 'prose'} {level} {dpi}, {turn} found as {found}")
    return f"{right} of {count}"


def worn(share: float) -> Callable[[Sheet, Rng], Sheet]:
    """Every ruling with this share of it left out."""
    return lambda sheet, rng: hard.with_rules(sheet, hard.missing(sheet.rules, share, rng))


def styled(style: str) -> Callable[[Sheet, Rng], Sheet]:
    """Rulings in another style."""
    return lambda sheet, rng: hard.with_rules(sheet, hard.restyle(sheet.rules, style, hard.any_pattern(rng)))


CHANGES: dict[Kind, Callable[[Sheet, Rng], Sheet]] = {
    Kind.missing05: worn(0.05),
    Kind.missing15: worn(0.15),
    Kind.missing30: worn(0.30),
    **{kind: styled(kind.value) for kind in (Kind.dotted, Kind.double, Kind.frameless, Kind.thin, Kind.thick)},
}


def grid_page(kind: Kind, key: tuple[int | str, ...]) -> Made:
    """A table page with one damage; angles and keystones of either sign."""
    rng = stream(*key)
    sheet = varied.varied_page(rng)
    sheet = CHANGES[kind](sheet, rng) if kind in CHANGES else sheet
    level = "bad" if kind is Kind.bad else "office"
    sign = rng.choice([-1.0, 1.0], 2)
    geometry: dict[str, Any] = {"angle": float(rng.uniform(-1, 1) * LEVELS[level].skew)}
    if kind is Kind.keystone:
        geometry["keystone"] = (0.03 * sign[0], 0.03 * float(rng.uniform(-1, 1)))
    if kind is Kind.photo:
        geometry["keystone"] = (0.02 * sign[0], 0.02 * float(rng.uniform(-1, 1)))
    made = made_page(sheet, level, LEVELS[level].dpi, key, **geometry)
    if kind in (Kind.curl, Kind.photo):
        spine = str(rng.choice(["none", "left", "right"]))
        made = curled(made, Curl(0.005 * float(sign[1]), spine, float(rng.uniform(0, 0.8))))
    return made


def spans_of(cells: list[dict[str, int]]) -> set[Span]:
    """The truth's cells."""
    return {(c["row"], c["col"], c["row_span"], c["col_span"]) for c in cells}


def score_grids(made: Made, page: CleanPage, grids: tuple[TableGrid, ...]) -> GridScore:
    """Compare the cells of every table; tables are paired by place."""
    left = {i: page.transform.quad_to_source(Quad.of_box(grid.box)).box for i, grid in enumerate(grids)}
    exact = wrong = silent = 0
    for table in made.truth["tables"]:
        truth, box = spans_of(table["cells"]), Box(*table["parts"][0]["box"])
        best = max(left, key=lambda i: left[i].iou(box), default=None)
        if best is None or left[best].iou(box) < 0.3:
            wrong, silent = wrong + 1, silent + 1
            continue
        del left[best]
        cells = {(c.row, c.col, c.row_span, c.col_span): c.invented for c in grids[best].cells}
        exact += set(cells) == truth
        wrong += len(set(cells) - truth)
        silent += sum(not cells[span] for span in set(cells) - truth)
    return GridScore(len(made.truth["tables"]), exact, len(left), wrong, silent)


def measure_grids(kind: Kind, count: int, seed: int, first: int, faults: Path | None) -> str:
    """How many tables come out with exactly their cells."""
    scores = []
    settings = Settings()
    for number in range(first, first + count):
        made = grid_page(kind, (seed, kind.value, number))
        page = clean_page(page_of(made), settings)
        grids = find_tables(page.rulings, page.binary, page.ruling_em, settings.table, page.seal_mask)
        score = score_grids(made, page, grids)
        scores.append(score)
        if score.exact < score.tables or score.false:
            shapes = [(t["rows"], t["cols"], len(t["cells"])) for t in made.truth["tables"]]
            print(f"  page {number}: {score}, truth {shapes}, found {[(g.rows, g.cols, len(g.cells)) for g in grids]}")
            if faults is not None:
                faults.mkdir(parents=True, exist_ok=True)
                cv2.imwrite(str(faults / f"{kind.value}-{number}.png"), page.ink)
    tables, exact = sum(s.tables for s in scores), sum(s.exact for s in scores)
    wrong, silent = sum(s.wrong for s in scores), sum(s.silent for s in scores)
    return (
        f"{exact} of {tables} tables exact ({100 * exact / tables:.1f} %), {sum(s.false for s in scores)} false; "
        f"{wrong} wrong cells, {silent} of them without suspicion"
    )


def main(
    kind: Annotated[list[Kind] | None, typer.Option(help="One or several; all without it.")] = None,
    count: Annotated[int, typer.Option(min=1, help="Pages of each kind.")] = 100,
    seed: Annotated[int, typer.Option(help="Everything random follows from it.")] = 0,
    first: Annotated[int, typer.Option(help="Number of the first page, to go on where a run ended.")] = 0,
    faults: Annotated[Path | None, typer.Option(help="Folder for upright pictures of pages with a wrong grid.")] = None,
) -> None:
    """Measure the geometry on made pages."""
    cv2.setNumThreads(1)
    for one in kind or list(Kind):
        if one in (Kind.skew, Kind.straight):
            found = measure_skew(count, seed, first, one is Kind.straight)
        elif one is Kind.orientation:
            found = measure_orientation(count, seed, first)
        else:
            found = measure_grids(one, count, seed, first, faults)
        print(f"| {one.value} | {count} | {found} |", flush=True)


if __name__ == "__main__":
    typer.run(main)
