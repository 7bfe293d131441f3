"""Makes the scan of a whole filing: style, pages, stamps, damage, truth."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np

from .compose import compose, random_targets
from .content import Report, chinese_date
from .damage import LEVELS
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
    """The office's seal, and half of the time a received-stamp over part of a table."""
    stamps: list[Stamp] = []
    if sheet.seal_spot is not None:
        page, x, y = sheet.seal_spot
        bottom = "信息公开专用章" if rng.random() < 0.25 else ""
        jitter = rng.uniform(-8, 8, 2)
        stamps.append(office_seal(page, x + float(jitter[0]), y + float(jitter[1]), report.seal, rng, bottom))
    if rng.random() < 0.5:
        table = sheet.tables[1]
        page, top, _ = table.rows[len(table.rows) // 2]
        x = float(rng.uniform(sheet.size[0] * 0.55, sheet.size[0] * 0.8))
        year = report.year + 1
        date = f"{year}年{int(rng.integers(1, 4))}月{int(rng.integers(1, 29))}日"
        office = report.recipient or "县政务公开办公室"
        stamps.append(received_stamp(page, x, top + float(rng.uniform(-40, 40)), office, date, rng))
    return tuple(stamps)


def make(report: Report, level_name: str, seed: int, source: Json, style: Style | None = None) -> Made:
    """Typeset, stamp and scan a report; layout and stamps depend on report and seed, not on the level."""
    level = LEVELS[level_name]
    rng = stream(seed, report.name)
    chosen = style if style is not None else choose(rng)
    targets = report.breaks if seed == ORIGINAL_SEED and report.breaks else random_targets(rng)
    sheet = compose(report, chosen, targets, rng)
    stamps = choose_stamps(report, sheet, stream(seed, report.name, "stamps"))
    scans = tuple(
        scan_page(sheet, page, stamps, level, stream(seed, report.name, level_name, page))
        for page in range(sheet.pages)
    )
    facts = {**source, "report": report.name, "level": level_name, "seed": seed, "year": report.year}
    return Made(scans, build(sheet, scans, stamps, facts, filing_truth(report)))


__all__ = ["Made", "chinese_date", "filing_truth", "make", "stream"]
