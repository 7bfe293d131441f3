"""A varied set of stamped pages, and of coloured things that are no stamps, for measuring how stamps are found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

import cv2
import numpy as np
from PIL import Image as Picture
from PIL import ImageDraw

from . import damage, faces, pages
from .damage import LEVELS, OVERSAMPLE, Image
from .draw import POINTS_PER_INCH, draw_glyphs, draw_rules, page_glyphs, pixel_size
from .filing import Made, stream
from .invent import invent
from .scan import Scan, scanned
from .sheet import Sheet
from .stamps import MM, STRENGTHS, Stamp, press
from .style import choose
from .truth import build

Colour = tuple[int, int, int]
T = TypeVar("T")
# Blue, green, red reflectance of inks in use, several makes each.
TINTS: dict[str, tuple[tuple[float, float, float], ...]] = {
    "red": ((0.22, 0.13, 0.82), (0.30, 0.22, 0.92), (0.16, 0.12, 0.68), (0.12, 0.20, 0.88), (0.35, 0.15, 0.80)),
    "blue": ((0.66, 0.30, 0.15), (0.78, 0.42, 0.12), (0.55, 0.16, 0.10), (0.85, 0.50, 0.25)),
    "violet": ((0.58, 0.20, 0.42), (0.62, 0.15, 0.55), (0.50, 0.22, 0.38)),
    "grey": ((0.30, 0.30, 0.30), (0.45, 0.45, 0.45)),
}
COLOURS = ("red", "red", "red", "red", "blue", "violet")
LEVEL_NAMES = ("office", "office", "office", "bad", "clean")
DAMAGES = ("", "", "", "", "second", "edge", "pair", "grey")
DECOR = ("", "letterhead", "logo", "shading", "underlines", "marker", "chart", "framed", "red_text", "tinted_rules")
CAPTIONS = ("信息公开专用章", "业务专用章", "合同专用章", "财务专用章", "行政审批专用章")
FACES = (faces.SERIF_BOLD, faces.SERIF_BOLD, faces.SANS_MEDIUM, faces.SUNGTI, faces.UKAI)
PRESSED_TWICE = (0.5, 1.1)
"""How far apart in millimetres a stamp's two impressions lie."""


@dataclass(frozen=True)
class Placed:
    """A stamp and what was done to it."""

    stamp: Stamp
    damage: str


def page(number: int, seed: int) -> Made:
    """One page of the set: two in three carry stamps, two in three coloured things that are none."""
    rng = stream(seed, "seal-set", number)
    level = LEVEL_NAMES[number % len(LEVEL_NAMES)]
    wrong = DECOR[int(rng.integers(len(DECOR)))]
    harm = DAMAGES[int(rng.integers(len(DAMAGES)))]
    maker = (pages.table_page, pages.plain_page, pages.prose)[int(rng.integers(3))]
    sheet = maker(choose(rng), rng)
    stamped = number % 3 != 2
    if not stamped and not wrong:
        wrong = DECOR[1 + int(rng.integers(len(DECOR) - 1))]
    placed = _place(sheet, harm, rng) if stamped else ()
    stamps = tuple(one.stamp for one in placed)
    scan = _scan(sheet, stamps, level, wrong, harm == "grey", rng)
    source = {
        "maker": "seal-set", "level": level, "seed": seed, "number": number, "coloured": wrong,
        "seals": [_facts(one, level) for one in placed],
    }  # fmt: skip
    return Made((scan,), build(sheet, (scan,), stamps, source, None))


def crowded(number: int, strength: float, level: str, seed: int) -> Made:
    """A table page with stamps of one strength all over it, to measure how print beneath them is read."""
    rng = stream(seed, "crowded", number)
    maker = (pages.table_page, pages.plain_page)[number % 2]
    sheet = maker(choose(rng), rng)
    stamps = []
    for i in range(8):
        x, y = (0.28 + 0.44 * (i % 2)) * sheet.size[0], (0.16 + 0.2 * (i // 2)) * sheet.size[1]
        one = _stamp(x + float(rng.uniform(-20, 20)), y + float(rng.uniform(-15, 15)), rng)
        stamps.append(replace(one, strength=strength))
    placed = tuple(stamps)
    # The same damage whatever the strength.
    scan = _scan(sheet, placed, level, "", False, stream(seed, "crowded", number, "scan"))
    source = {"maker": "crowded", "level": level, "seed": seed, "strength": strength}
    return Made((scan,), build(sheet, (scan,), placed, source, None))


def _facts(one: Placed, level: str) -> dict[str, str | bool | float]:
    """What the truth file says of a stamp beside its place and text."""
    readable = one.damage in ("", "cover") and not (level == "bad" and one.stamp.strength < STRENGTHS["normal"])
    code = one.stamp.code
    return {"damage": one.damage, "strength": round(one.stamp.strength, 2), "readable": readable, "code": code}


def _place(sheet: Sheet, harm: str, rng: np.random.Generator) -> tuple[Placed, ...]:
    width, height = sheet.size
    first = _stamp(float(rng.uniform(0.2, 0.8) * width), float(rng.uniform(0.15, 0.85) * height), rng)
    if harm == "second":
        far, way = float(rng.uniform(*PRESSED_TWICE)) * MM, float(rng.uniform(0, 6.28))
        first = replace(first, second=(far * float(np.cos(way)), far * float(np.sin(way))))
    elif harm == "edge":
        # A part of the stamp lies beyond the paper's right or lower edge.
        off = float(rng.uniform(0.15, 0.5))
        if rng.random() < 0.6:
            first = replace(first, x=width + (off - 0.5) * first.width)
        else:
            first = replace(first, y=height + (off - 0.5) * first.height)
    elif harm == "grey":
        tint = TINTS["grey"][int(rng.integers(2))]
        first = replace(first, colour="grey", tint=tint, cover=0.0, strength=max(first.strength, 0.7))
    found = [Placed(first, harm)]
    if harm == "pair":
        way = float(rng.uniform(0, 6.28))
        reach = float(rng.uniform(0.55, 0.9)) * max(first.width, first.height)
        at = (first.x + reach * float(np.cos(way)), first.y + reach * float(np.sin(way)))
        found.append(Placed(_stamp(*at, rng), harm))
    elif harm in ("", "second") and rng.random() < 0.35:
        # A second one well away from the first.
        away = ((first.x + width / 2) % width, (first.y + height / 2) % height)
        if all(70 < v < size - 70 for v, size in zip(away, sheet.size, strict=True)):
            found.append(Placed(_stamp(*away, rng), ""))
    return tuple(found)


def _stamp(x: float, y: float, rng: np.random.Generator) -> Stamp:
    colour = COLOURS[int(rng.integers(len(COLOURS)))]
    tint = TINTS[colour][int(rng.integers(len(TINTS[colour])))]
    strength = tuple(STRENGTHS.values())[int(rng.integers(3))]
    face = FACES[int(rng.integers(len(FACES)))]
    office = invent(f"seal-{int(rng.integers(1 << 30))}", rng).issuer
    caption = CAPTIONS[int(rng.integers(len(CAPTIONS)))] if rng.random() < 0.4 else ""
    kind = ("round", "round", "round", "oval", "rectangle", "square", "urgent", "received")[int(rng.integers(8))]
    angle = float(rng.uniform(-16, 16))
    cover = float(rng.uniform(0.1, 0.35)) if rng.random() < 0.3 else 0.0
    code = "".join(str(v) for v in rng.integers(0, 10, 13)) if rng.random() < 0.35 else ""
    base = Stamp(
        0, kind, "round", colour, x, y, 42 * MM, 42 * MM, angle, "", (), strength, False, face, "", False, None, cover,
        tint,
    )  # fmt: skip
    if kind == "round":
        size = float(rng.uniform(36, 46)) * MM
        lines: tuple[str, ...] = (caption,) if caption else ()
        inner = bool(rng.random() < 0.2)
        # Straight lines and the figures at the foot leave the arc less room.
        spread = 215.0 if caption else 235.0 if code else 260.0
        return replace(
            base, width=size, height=size, arc=office, lines=lines, star=True, code=code, inner=inner, spread=spread
        )
    if kind == "oval":
        lines = ("91410000" + code[:10], caption) if code and caption else (caption,) if caption else ()
        return replace(
            base, shape="oval", width=45 * MM, height=30 * MM, arc=office, lines=lines, inner=bool(rng.random() < 0.3)
        )
    if kind == "square":
        size = float(rng.uniform(20, 26)) * MM
        return replace(base, shape="square", width=size, height=size, lines=(office[-8:] + "印",), face=faces.UKAI)
    if kind == "urgent":
        text = ("特急", "急件", "作废", "已归档", "附件", "复印无效")[int(rng.integers(6))]
        return replace(base, shape="rectangle", width=(9 + 9 * len(text)) * MM, height=14 * MM, lines=(text,))
    date = f"{int(rng.integers(2015, 2024))}年{int(rng.integers(1, 13))}月{int(rng.integers(1, 29))}日"
    if kind == "rectangle":
        return replace(base, shape="rectangle", width=52 * MM, height=27 * MM, lines=(office, "收文", date))
    return replace(base, shape="oval", width=58 * MM, height=36 * MM, lines=(office, "收文", date))


def _scan(
    sheet: Sheet, stamps: tuple[Stamp, ...], level_name: str, wrong: str, grey: bool, rng: np.random.Generator
) -> Scan:
    """Print, coloured things, stamps, copier, scanner."""
    level = LEVELS[level_name]
    ppi = float(level.dpi * OVERSAMPLE)
    size = pixel_size(sheet, ppi)
    glyphs = damage.wear_glyphs(draw_glyphs(page_glyphs(sheet, 0), size, ppi), level, rng)
    rules = damage.wear_rules(draw_rules([r for r in sheet.rules if r.page == 0], size, ppi), level, rng)
    paper, ink = float(rng.uniform(*level.paper)), float(rng.uniform(*level.ink))
    black = damage.tone(glyphs if wrong == "tinted_rules" else np.minimum(glyphs, rules), paper, ink)
    drawing: Image = np.asarray(cv2.cvtColor(black, cv2.COLOR_GRAY2BGR), dtype=np.uint8)
    if wrong == "tinted_rules":
        tint = _one_of(((60, 60, 190), (50, 80, 140), (170, 90, 40)), rng)
        _multiply(drawing, rules, tint)
    elif wrong:
        layer = Picture.new("RGB", size, (255, 255, 255))
        PAINTERS[wrong](ImageDraw.Draw(layer), sheet, ppi / POINTS_PER_INCH, rng)
        bgr = np.asarray(layer)[:, :, ::-1]
        drawing = (drawing.astype(np.uint16) * bgr // 255).astype(np.uint8)
    for stamp in stamps:
        press(drawing, stamp, ppi, rng)
    if grey:
        single = cv2.cvtColor(drawing, cv2.COLOR_BGR2GRAY)
        drawing = np.asarray(cv2.cvtColor(single, cv2.COLOR_GRAY2BGR), dtype=np.uint8)
    placed = damage.random_map(size, level, rng)
    return scanned(drawing, placed, round(paper), level, rng)


def _multiply(drawing: Image, layer: Image, tint: Colour) -> None:
    """Put dark parts of a layer on a drawing as ink of one colour, in place."""
    part = (255.0 - layer.astype(np.float32))[:, :, None] / 255.0
    colour = np.array(tint, np.float32) / 255.0
    drawing[:] = (drawing * (1.0 - part * (1.0 - colour))).astype(np.uint8)


def _one_of(options: tuple[T, ...], rng: np.random.Generator) -> T:
    return options[int(rng.integers(len(options)))]


REDS: tuple[Colour, ...] = ((210, 30, 40), (230, 20, 20), (190, 40, 30))
STRONG: tuple[Colour, ...] = (*REDS, (30, 80, 190), (20, 120, 200), (0, 140, 90), (240, 140, 20), (120, 50, 150))
PALE: tuple[Colour, ...] = ((210, 225, 245), (250, 220, 215), (225, 240, 215), (255, 240, 200), (180, 200, 235))


def _letterhead(pen: ImageDraw.ImageDraw, sheet: Sheet, scale: float, rng: np.random.Generator) -> None:
    """红头: the office's name in large red letters over a red line, mostly in the upper margin."""
    colour = _one_of(REDS, rng)
    office = invent("head", rng).issuer
    name = _one_of((office + "文件", office, office[:3] + "政务公开"), rng)
    middle, size = sheet.size[0] / 2, min(52.0, 470.0 / len(name))
    face = faces.font(_one_of((faces.SERIF_BOLD, faces.SANS_MEDIUM), rng), round(size * scale))
    pen.text((middle * scale, 52 * scale), name, font=face, fill=colour, anchor="mm")
    pen.rectangle((70 * scale, 84 * scale, (sheet.size[0] - 70) * scale, 86.5 * scale), fill=colour)
    if rng.random() < 0.4:
        star = faces.font(faces.ZENHEI, round(20 * scale))
        pen.text((middle * scale, 85 * scale), "★", font=star, fill=colour, anchor="mm")


def _logo(pen: ImageDraw.ImageDraw, sheet: Sheet, scale: float, rng: np.random.Generator) -> None:
    """A filled emblem in a corner, with a word beside it."""
    colour, other = _one_of(STRONG, rng), _one_of(STRONG, rng)
    side = float(rng.uniform(26, 62)) * scale
    x, y = float(rng.uniform(40, 90)) * scale, float(rng.uniform(24, 60)) * scale
    kind = int(rng.integers(5))
    if kind == 0:
        pen.ellipse((x, y, x + side, y + side), fill=colour)
        face = faces.font(faces.SANS_MEDIUM, round(side * 0.55))
        pen.text((x + side / 2, y + side / 2), "政", font=face, fill=(255, 255, 255), anchor="mm")
    elif kind == 1:
        pen.rounded_rectangle((x, y, x + side, y + side), side * 0.18, fill=colour)
        pen.ellipse((x + side * 0.25, y + side * 0.25, x + side * 0.75, y + side * 0.75), fill=(255, 255, 255))
    elif kind == 2:
        pen.polygon(((x, y + side), (x + side / 2, y), (x + side, y + side)), fill=colour)
        pen.polygon(((x + side / 2, y + side), (x + side, y), (x + 1.5 * side, y + side)), fill=other)
    elif kind == 3:
        for i in range(3):
            pen.rectangle(
                (x, y + i * side * 0.36, x + side * (1 - 0.2 * i), y + i * side * 0.36 + side * 0.24), fill=colour
            )
    else:
        pen.chord((x, y, x + side, y + side), 30, 330, fill=colour)
        pen.ellipse((x + side * 0.5, y + side * 0.1, x + side * 1.1, y + side * 0.7), fill=other)
    face = faces.font(faces.SANS_MEDIUM, round(side * 0.4))
    pen.text((x + side * 1.7, y + side / 2), "政务公开", font=face, fill=colour, anchor="lm")


def _shading(pen: ImageDraw.ImageDraw, sheet: Sheet, scale: float, rng: np.random.Generator) -> None:
    """Tinted rows and columns of the table, else a bar behind a heading."""
    tint = _one_of(PALE, rng)
    if not sheet.tables:
        pen.rectangle(
            (60 * scale, 60 * scale, (sheet.size[0] - 60) * scale, 120 * scale), fill=_one_of(PALE + STRONG, rng)
        )
        return
    for table in sheet.tables:
        left, right = table.edges[0] * scale, table.edges[-1] * scale
        for i, (_, top, bottom) in enumerate(table.rows):
            if i == 0 or (i % 2 == 0 and len(table.rows) > 6):
                pen.rectangle((left, top * scale, right, bottom * scale), fill=tint)
        top, bottom = table.rows[0][1], table.rows[-1][2]
        cell = table.rows[int(rng.integers(len(table.rows)))]
        second = table.edges[min(2, len(table.edges) - 1)] * scale
        pen.rectangle((left, cell[1] * scale, second, cell[2] * scale), fill=_one_of(PALE, rng))
        if rng.random() < 0.3:
            pen.rectangle((left, top * scale, table.edges[1] * scale, bottom * scale), fill=tint)


def _underlines(pen: ImageDraw.ImageDraw, sheet: Sheet, scale: float, rng: np.random.Generator) -> None:
    """Red and blue pen: lines under print, ticks, a number ringed by hand."""
    colour = _one_of(((205, 40, 50), (40, 60, 180), (220, 30, 30)), rng)
    width = max(2, round(1.4 * scale))
    for _ in range(int(rng.integers(3, 9))):
        x, y = float(rng.uniform(80, 380)), float(rng.uniform(100, 740))
        length = float(rng.uniform(40, 160))
        wave = [(x + t * length, y + float(rng.normal(0, 0.5))) for t in np.linspace(0, 1, 12)]
        pen.line([(a * scale, b * scale) for a, b in wave], fill=colour, width=width, joint="curve")
    for _ in range(int(rng.integers(1, 4))):
        x, y = float(rng.uniform(80, 480)), float(rng.uniform(100, 740))
        pen.line(
            [(x * scale, y * scale), ((x + 5) * scale, (y + 8) * scale), ((x + 20) * scale, (y - 10) * scale)],
            fill=colour,
            width=width,
        )
    x, y = float(rng.uniform(80, 480)), float(rng.uniform(100, 740))
    turns = np.linspace(0.3, 6.7, 40)
    ring = [(x + (22 + t) * np.cos(t), y + (9 + 0.3 * t) * np.sin(t)) for t in turns]
    pen.line([(float(a) * scale, float(b) * scale) for a, b in ring], fill=colour, width=width, joint="curve")


def _marker(pen: ImageDraw.ImageDraw, sheet: Sheet, scale: float, rng: np.random.Generator) -> None:
    """Print marked with a broad pen."""
    colour = _one_of(((255, 245, 90), (170, 255, 150), (255, 180, 210), (255, 200, 90)), rng)
    for _ in range(int(rng.integers(2, 7))):
        x, y = float(rng.uniform(80, 380)), float(rng.uniform(100, 740))
        pen.rectangle((x * scale, y * scale, (x + float(rng.uniform(40, 160))) * scale, (y + 13) * scale), fill=colour)


def _chart(pen: ImageDraw.ImageDraw, sheet: Sheet, scale: float, rng: np.random.Generator) -> None:
    """Bars or slices in colours, with axes, over the foot of the page."""
    x, y, side = float(rng.uniform(80, 360)) * scale, float(rng.uniform(560, 640)) * scale, 120.0 * scale
    pen.rectangle((x - 10 * scale, y - 10 * scale, x + side * 1.3, y + side * 1.1), fill=(255, 255, 255))
    colours = [_one_of(STRONG, rng) for _ in range(5)]
    kind = int(rng.integers(3))
    if kind == 0:
        for i, colour in enumerate(colours):
            top = y + side * float(rng.uniform(0.1, 0.8))
            pen.rectangle((x + i * side * 0.22, top, x + i * side * 0.22 + side * 0.14, y + side), fill=colour)
    elif kind == 1:
        turns = [0, *sorted(int(v) for v in rng.integers(20, 340, 4)), 360]
        for i, colour in enumerate(colours):
            pen.pieslice((x, y, x + side, y + side), turns[i], turns[i + 1], fill=colour)
    else:
        for colour in colours[:3]:
            points = [(x + i * side * 0.2, y + side * float(rng.uniform(0.1, 0.9))) for i in range(6)]
            pen.line(points, fill=colour, width=round(1.6 * scale))
    pen.line([(x, y), (x, y + side), (x + side * 1.2, y + side)], fill=(90, 90, 90), width=round(scale))


def _framed(pen: ImageDraw.ImageDraw, sheet: Sheet, scale: float, rng: np.random.Generator) -> None:
    """A coloured frame around a part of the page, wider than any stamp."""
    colour = _one_of(STRONG, rng)
    x, y = 66.0, float(rng.uniform(90, 600))
    w, h = sheet.size[0] - 132, float(rng.uniform(30, 140))
    pen.rectangle((x * scale, y * scale, (x + w) * scale, (y + h) * scale), outline=colour, width=round(1.5 * scale))


def _red_text(pen: ImageDraw.ImageDraw, sheet: Sheet, scale: float, rng: np.random.Generator) -> None:
    """Headings and a few lines of text in colour, as notices have them."""
    colour = _one_of(STRONG, rng)
    report = invent("text", rng)
    title = report.issuer + "关于印发通知"
    face = faces.font(_one_of(FACES, rng), round(float(rng.uniform(18, 26)) * scale))
    pen.text((sheet.size[0] / 2 * scale, 40 * scale), title[:20], font=face, fill=colour, anchor="mm")
    small = faces.font(_one_of(FACES, rng), round(13 * scale))
    for i in range(int(rng.integers(2, 6))):
        y = (760 + 14 * i) * scale
        pen.text((90 * scale, y), (title * 3)[i : i + 12 + 5 * i], font=small, fill=colour, anchor="lm")


PAINTERS: dict[str, Callable[[ImageDraw.ImageDraw, Sheet, float, np.random.Generator], None]] = {
    "letterhead": _letterhead, "logo": _logo, "shading": _shading, "underlines": _underlines, "marker": _marker,
    "chart": _chart, "framed": _framed, "red_text": _red_text,
}  # fmt: skip
