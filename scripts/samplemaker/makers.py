"""The makers behind the commands, other than the five reports: what each puts on paper and how it is scanned."""

from __future__ import annotations

from dataclasses import asdict, replace

import numpy as np

from . import faces, hard, open_pages, pages, plain_pages
from .damage import LEVELS, OVERSAMPLE, page_map
from .draw import pixel_size
from .filing import Made, make, scanned, stream
from .invent import invent, spoil
from .other.pages import document
from .sheet import Sheet
from .stamps import MM, STRENGTHS, Stamp
from .style import choose


def filing(number: int, level: str, seed: int, inconsistent: bool) -> Made:
    """One invented filing; the number and the seed decide everything about it."""
    rng = stream(seed, "filing", number)
    report = invent(f"filing-{number:03d}", rng)
    source = {"maker": "filings", "inconsistent": inconsistent, "broken": []}
    if inconsistent:
        report, broken = spoil(report, rng)
        source["broken"] = [asdict(b) for b in broken]
    return make(report, level, seed, source)


def single(kind: str, level: str, seed: int) -> Made:
    """digits, prose or table-page."""
    rng = stream(seed, kind)
    maker = {"digits": pages.digits, "prose": pages.prose, "table-page": pages.table_page}[kind]
    sheet = maker(choose(rng), rng)
    return scanned(sheet, (), level, (seed, kind), {"maker": kind, "level": level, "seed": seed})


def rulings(missing: float, style: str, keystone: float, level: str, seed: int) -> Made:
    """A table page with other rulings, seen under a keystone."""
    rng = stream(seed, "rulings")
    chosen = choose(rng)
    sheet = pages.table_page(chosen, rng)
    rules = hard.restyle(sheet.rules, style)
    if missing > 0:
        rules = hard.missing(rules, missing, rng)
    size = pixel_size(sheet, LEVELS[level].dpi * OVERSAMPLE)
    sign = rng.choice([-1.0, 1.0], 3)
    geometry = None
    if keystone > 0:
        angle = float(sign[2] * rng.uniform(0.2, 1.0) * LEVELS[level].skew)
        geometry = page_map(size, angle, (float(sign[0]) * keystone, float(sign[1]) * keystone / 2))
    source = {
        "maker": "rulings", "missing": missing, "style": style, "keystone": keystone, "level": level, "seed": seed,
    }  # fmt: skip
    ink = 95 if style == "thin" else 0
    made = hard.with_rules(sheet, rules)
    return scanned(made, (), level, (seed, "rulings", style), source, None, (geometry,), ink)


def turned(orientation: int, angle: float | None, level: str, seed: int) -> Made:
    """A table page fed in turned by quarter turns (counter-clockwise) and, if given, by a free angle."""
    rng = stream(seed, "turned")
    sheet = pages.table_page(choose(rng), rng)
    reach = LEVELS[level].skew
    free = angle if angle is not None else float(rng.uniform(-reach, reach))
    size = pixel_size(sheet, LEVELS[level].dpi * OVERSAMPLE)
    # A few degrees go into the page's own margins; more would cut corners off.
    geometry = page_map(size, free, orientation=orientation, expand=abs(free) > 5.0)
    maker = "rotated" if angle is None else "skew"
    source = {"maker": maker, "orientation": orientation, "angle": free, "level": level, "seed": seed}
    return scanned(sheet, (), level, (seed, "turned", orientation), source, None, (geometry,))


def open_table(form: str, level: str, seed: int, number: int = 0) -> Made:
    """A page with one or two tables that lack rulings on purpose; number and seed decide everything about it."""
    rng = stream(seed, "open", form, number)
    source = {"maker": "open-tables", "form": form, "level": level, "seed": seed, "number": number}
    if form == "open-sides":
        sheet = pages.plain_page(choose(rng), rng)
        sheet = hard.with_rules(sheet, hard.open_up(sheet.rules, form))
    else:
        sheet = open_pages.open_page(form, choose(rng), rng)
    return scanned(sheet, (), level, (seed, "open", form, number), source)


def no_table(kind: str, level: str, seed: int, number: int = 0) -> Made:
    """A page without a table that looks a little like one."""
    rng = stream(seed, "no-table", kind, number)
    sheet = plain_pages.plain_text_page(kind, choose(rng), rng)
    source = {"maker": "no-tables", "kind": kind, "level": level, "seed": seed, "number": number}
    return scanned(sheet, (), level, (seed, "no-table", kind, number), source)


def other(kind: str, level: str, seed: int, number: int = 0) -> Made:
    """A document with tables of other forms than the report's; number and seed decide everything about it."""
    rng = stream(seed, "other", kind, number)
    sheet, fed = document(kind, rng)
    geometries = []
    if fed:
        size = pixel_size(sheet, LEVELS[level].dpi * OVERSAMPLE)
        reach = LEVELS[level].skew
        geometries = [page_map(size, float(rng.uniform(-reach, reach)), orientation=fed) for _ in range(sheet.pages)]
    source = {"maker": "statistics", "kind": kind, "fed": fed, "level": level, "seed": seed, "number": number}
    return scanned(sheet, (), level, (seed, "other", kind, number), source, None, geometries)


def _seal(sheet: Sheet, shape: str, strength: str, rng: np.random.Generator) -> Stamp:
    table = sheet.tables[0]
    spot = table.rows[int(rng.integers(8, 22))]
    x = float(rng.uniform(sheet.size[0] * 0.35, sheet.size[0] * 0.8))
    office = invent("seal", rng).issuer
    width, height = {"round": (42.0, 42.0), "oval": (45.0, 30.0), "square": (24.0, 24.0)}[shape]
    square = shape == "square"
    return Stamp(
        0, "office", shape, "red", x, spot[1], width * MM, height * MM, float(rng.uniform(-14, 14)),
        "" if square else office, (office[-9:] + "印",) if square else ("信息公开专用章",) if shape == "oval" else (),
        STRENGTHS[strength], shape == "round", faces.SERIF_BOLD,
    )  # fmt: skip


def sealed(shape: str, strength: str, level: str, seed: int) -> Made:
    """A table page with one seal over its print."""
    rng = stream(seed, "sealed")
    sheet = pages.table_page(choose(rng), rng)
    stamp = _seal(sheet, shape, strength, stream(seed, "sealed", shape))
    if shape == "square":
        stamp = replace(stamp, face=faces.UKAI)
    source = {"maker": "seals", "shape": shape, "strength": strength, "level": level, "seed": seed}
    return scanned(sheet, (stamp,), level, (seed, "sealed", shape, strength), source)
