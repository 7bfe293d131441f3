"""Makes the scan of a whole filing: style, pages, stamps, damage, truth."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from .compose import compose, random_targets
from .content import Report
from .damage import LEVELS, Geometry
from .scan import Scan, scan_page
from .sheet import Sheet
from .stamps import Stamp, office_seal, received_stamp
from .style import Style, choose
from .truth import Json, build

# With seed 0 a report is cut where its original was; other seeds cut it elsewhere.
ORIGINAL_SEED = 0


@dataclass(frozen=True)
class Made:
    """A made document."""

    scans: tuple[Scan, ...]
    truth: Json


def stream(*parts: int | str) -> np.random.Generator:
    """A random stream that depends on all the parts and on nothing else."""
    return np.random.default_rng([p if isinstance(p, int) else zlib.crc32(p.encode()) for p in parts])


def filing_truth(report: Report) -> Json:
    """The `filing` object of the contract."""
    return {
        "number": report.number,
        "title": "".join(report.title),
        "issuer": report.issuer,
        "date": report.date,
        "recipient": report.recipient,
        "copies": report.copies,
        "printed": report.printed,
    }


def choose_stamps(report: Report, sheet: Sheet, rng: np.random.Generator) -> tuple[Stamp, ...]:
    """The office's seal, and mostly a received-stamp over part of a table."""
    stamps: list[Stamp] = []
    if sheet.seal_spot is not None:
        page, x, y = sheet.seal_spot
        bottom = "信息公开专用章" if rng.random() < 0.25 else ""
        jitter = rng.uniform(-8, 8, 2)
        stamps.append(office_seal(page, x + float(jitter[0]), y + float(jitter[1]), report.seal, rng, bottom))
    if rng.random() < 0.65:
        table = sheet.tables[1]
        page, top, _ = table.rows[len(table.rows) // 2]
        x = float(rng.uniform(sheet.size[0] * 0.55, sheet.size[0] * 0.8))
        year = report.year + 1
        date = f"{year}年{int(rng.integers(1, 4))}月{int(rng.integers(1, 29))}日"
        office = report.recipient or "县政务公开办公室"
        stamps.append(received_stamp(page, x, top + float(rng.uniform(-40, 40)), office, date, rng))
    return tuple(stamps)


def make(
    report: Report, level_name: str, seed: int, source: Json, style: Style | None = None, jpeg: int | None = None
) -> Made:
    """Typeset, stamp and scan a report; layout and stamps depend on report and seed, not on the level."""
    rng = stream(seed, report.name)
    chosen = style if style is not None else choose(rng)
    targets = report.breaks if seed == ORIGINAL_SEED and report.breaks else random_targets(rng)
    sheet = compose(report, chosen, targets, rng)
    stamps = choose_stamps(report, sheet, stream(seed, report.name, "stamps"))
    facts = {**source, "report": report.name, "level": level_name, "seed": seed, "year": report.year}
    made = scanned(sheet, stamps, level_name, (seed, report.name), facts, filing_truth(report))
    if jpeg is None:
        return made
    made.truth["source"]["jpeg"] = jpeg
    return Made(tuple(replace(scan, jpeg_quality=jpeg) for scan in made.scans), made.truth)


def scanned(
    sheet: Sheet,
    stamps: tuple[Stamp, ...],
    level_name: str,
    key: tuple[int | str, ...],
    source: Json,
    filing: Json | None = None,
    geometries: Sequence[Geometry | None] = (),
    rule_ink: int = 0,
) -> Made:
    """Scan a sheet; `key` names the random streams, `geometries` may fix the maps of the first pages."""
    level = LEVELS[level_name]
    given = list(geometries) + [None] * sheet.pages
    scans = tuple(
        scan_page(sheet, page, stamps, level, stream(*key, level_name, page), given[page], rule_ink)
        for page in range(sheet.pages)
    )
    return Made(scans, build(sheet, scans, stamps, source, filing))
