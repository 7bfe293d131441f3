"""Office seals and received-stamps as layers of ink, with their own truth.

A stamp lives in the print's frame: points, origin top left. Its angle is in degrees, positive
counter-clockwise.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from . import faces
from .draw import POINTS_PER_INCH
from .faces import Face, face_for, font
from .geometry import Points, apply, box_points, rotation

Layer = NDArray[np.float32]
MM = 72.0 / 25.4
# Ink at full strength, as reflectance of blue, green, red.
INKS = {"red": (0.22, 0.13, 0.82), "blue": (0.66, 0.30, 0.15), "violet": (0.58, 0.20, 0.42), "grey": (0.3, 0.3, 0.3)}
STRENGTHS = {"faint": 0.42, "normal": 0.78, "strong": 0.97}


@dataclass(frozen=True)
class Stamp:
    """A stamp on a page. `kind` is office, received or another; width and height in points; lines top to bottom.

    code: figures along the lower rim, heads to the middle. inner: a second, thin rim. second: how far off in points
    it was pressed a second time. cover: share of the ink that hides what it lies on (paste ink), 0 to 1. tint: its own
    reflectance in place of the usual one of its colour. spread: most degrees that the arc takes.
    """

    page: int
    kind: str
    shape: str
    colour: str
    x: float
    y: float
    width: float
    height: float
    angle: float
    arc: str
    lines: tuple[str, ...]
    strength: float
    star: bool
    face: Face
    code: str = ""
    inner: bool = False
    second: tuple[float, float] | None = None
    cover: float = 0.0
    tint: tuple[float, float, float] | None = None
    spread: float = 260.0

    @property
    def text(self) -> str:
        """What a reader would write down: the arc first, then the straight lines, then what stands at the foot."""
        return self.arc + "".join(self.lines) + self.code

    def corners(self) -> Points:
        """The stamp's own rectangle, clockwise from its top left, in points."""
        w, h = self.width / 2, self.height / 2
        box = (self.x - w, self.y - h, self.x + w, self.y + h)
        return apply(rotation(self.angle, self.x, self.y), box_points(box))

    def outline(self) -> Points:
        """A convex polygon along the stamp's rim, in points."""
        if self.shape in ("rectangle", "square"):
            return self.corners()
        turns = np.linspace(0, 2 * math.pi, 72, endpoint=False)
        rim = np.column_stack([self.x + self.width / 2 * np.cos(turns), self.y + self.height / 2 * np.sin(turns)])
        return apply(rotation(self.angle, self.x, self.y), rim)


def office_seal(page: int, x: float, y: float, office: str, rng: np.random.Generator, bottom: str = "") -> Stamp:
    """A round seal 40 to 45 mm across, star in the middle, the office's name along the arc."""
    size = float(rng.uniform(40, 45)) * MM
    return Stamp(
        page, "office", "round", "red", x, y, size, size, float(rng.uniform(-14, 14)), office,
        (bottom,) if bottom else (), float(rng.uniform(0.68, 0.9)), True,
        faces.SERIF_BOLD if rng.random() < 0.7 else faces.SANS_MEDIUM,
    )  # fmt: skip


def received_stamp(page: int, x: float, y: float, office: str, date: str, rng: np.random.Generator) -> Stamp:
    """收文章: office, 收文, date; rectangle or oval, red or blue."""
    shape = "rectangle" if rng.random() < 0.5 else "oval"
    width, height = (52.0, 27.0) if shape == "rectangle" else (58.0, 36.0)
    colour = "red" if rng.random() < 0.5 else "blue"
    return Stamp(
        page, "received", shape, colour, x, y, width * MM, height * MM, float(rng.uniform(-9, 9)), "",
        (office, "收文", date), float(rng.uniform(0.5, 0.75)), False, faces.SERIF_BOLD,
    )  # fmt: skip


def _star(pen: ImageDraw.ImageDraw, middle: float, y: float, radius: float) -> None:
    points = []
    for i in range(10):
        r = radius if i % 2 == 0 else radius * 0.382
        turn = -math.pi / 2 + i * math.pi / 5
        points.append((middle + r * math.cos(turn), y + r * math.sin(turn)))
    pen.polygon(points, fill=255)


def _char(image: Image.Image, char: str, face: Face, size: int, x: float, y: float, degrees: float) -> None:
    """Put a character with its middle on (x, y), turned clockwise by `degrees`."""
    tile = Image.new("L", (size * 2, size * 2), 0)
    ImageDraw.Draw(tile).text((size, size), char, font=font(face_for(char, face, None), size), fill=255, anchor="mm")
    turned = tile.rotate(-degrees, resample=Image.Resampling.BICUBIC)
    at = (round(x - size), round(y - size))
    image.paste(255, (*at, at[0] + turned.width, at[1] + turned.height), turned)


def _arc_text(image: Image.Image, stamp: Stamp, w: float, h: float, rim: float) -> None:
    """Characters along the upper rim, spread over an angle that suits their number."""
    count = len(stamp.arc)
    size = round(min(h * 0.155, w * 1.75 / max(count, 6)) * min(1.0, stamp.spread / 240.0))
    spread = min(stamp.spread, 24.0 * count + 20.0)
    rx, ry = w / 2 - rim - size * 0.72, h / 2 - rim - size * 0.72
    for i, char in enumerate(stamp.arc):
        turn = -spread / 2 + spread * (i / (count - 1) if count > 1 else 0.5)
        radians = math.radians(turn)
        x, y = rx * math.sin(radians), -ry * math.cos(radians)
        lean = math.degrees(math.atan2(x / rx**2, -y / ry**2))
        _char(image, char, stamp.face, size, image.width / 2 + x, image.height / 2 + y, lean)


def _code_text(image: Image.Image, stamp: Stamp, w: float, h: float, rim: float) -> None:
    """Figures along the lower rim, read from left to right, heads to the middle."""
    size = round(h * 0.055)
    rx, ry = w / 2 - rim - size * 0.75, h / 2 - rim - size * 0.75
    for i, char in enumerate(stamp.code):
        turn = math.radians(180 + 3.6 * ((len(stamp.code) - 1) / 2 - i))
        x, y = rx * math.sin(turn), -ry * math.cos(turn)
        lean = math.degrees(math.atan2(x / rx**2, -y / ry**2)) - 180
        _char(image, char, stamp.face, size, image.width / 2 + x, image.height / 2 + y, lean)


def _square_text(image: Image.Image, stamp: Stamp, w: float, h: float) -> None:
    """Characters in columns from right to left, as square seals have them."""
    text = "".join(stamp.lines)
    rows = max(2, math.ceil(math.sqrt(len(text))))
    cols = math.ceil(len(text) / rows)
    size = round(min(h * 0.84 / rows, w * 0.84 / cols) * 0.95)
    for i, char in enumerate(text):
        col, row = divmod(i, rows)
        x = image.width / 2 + w * 0.42 - (col + 0.5) * w * 0.84 / cols
        y = image.height / 2 - h * 0.42 + (row + 0.5) * h * 0.84 / rows
        _char(image, char, stamp.face, size, x, y, 0.0)


def _lines_text(image: Image.Image, stamp: Stamp, w: float, h: float) -> None:
    """Straight lines: below the star of a round seal, else in the middle."""
    pen = ImageDraw.Draw(image)
    below = bool(stamp.arc)
    count = len(stamp.lines)
    for i, text in enumerate(stamp.lines):
        room = w * (0.5 if below else 0.82)
        most = 0.12 if below else 0.2 if count > 1 else 0.4
        size = round(min(h * most, room / max(len(text), 2 if count == 1 else 4)))
        y = h * (0.27 - 0.07 * (count - 1) + 0.14 * i) if below else (i - (count - 1) / 2) * h * 0.27
        faces_by_char = [(c, face_for(c, stamp.face, None)) for c in text]
        total = sum(font(f, size).getlength(c) for c, f in faces_by_char)
        x = image.width / 2 - total / 2
        for char, face in faces_by_char:
            pen.text((x, image.height / 2 + y), char, font=font(face, size), fill=255, anchor="lm")
            x += font(face, size).getlength(char)


def mask(stamp: Stamp, ppi: float) -> Layer:
    """The stamp's plate without ink flaws, upright: 1 where it prints; a margin surrounds it."""
    scale = ppi / POINTS_PER_INCH
    w, h = stamp.width * scale, stamp.height * scale
    side = math.ceil(math.hypot(w, h)) + 8
    image = Image.new("L", (side, side), 0)
    pen = ImageDraw.Draw(image)
    rim = max(2.0, min(w, h) * (0.028 if stamp.kind == "office" else 0.022))
    outer = (side / 2 - w / 2, side / 2 - h / 2, side / 2 + w / 2, side / 2 + h / 2)
    if stamp.shape in ("rectangle", "square"):
        pen.rectangle(outer, outline=255, width=round(rim))
    else:
        pen.ellipse(outer, outline=255, width=round(rim))
    if stamp.star:
        _star(pen, side / 2, side / 2, min(w, h) * 0.155)
    if stamp.inner:
        gap = 2.2 * rim
        within = (outer[0] + gap, outer[1] + gap, outer[2] - gap, outer[3] - gap)
        draw = pen.rectangle if stamp.shape in ("rectangle", "square") else pen.ellipse
        draw(within, outline=255, width=max(1, round(0.4 * rim)))
        rim += gap
    if stamp.arc:
        _arc_text(image, stamp, w, h, rim)
    if stamp.code:
        _code_text(image, stamp, w, h, rim)
    if stamp.shape == "square":
        _square_text(image, stamp, w, h)
    else:
        _lines_text(image, stamp, w, h)
    return np.asarray(image, dtype=np.float32) / 255.0


def _field(size: int, cells: int, rng: np.random.Generator) -> Layer:
    """Smooth noise about 0 with unit spread, size x size."""
    small = rng.standard_normal((cells, cells)).astype(np.float32)
    return np.asarray(cv2.resize(small, (size, size), interpolation=cv2.INTER_CUBIC), dtype=np.float32)


def inked(plate: Layer, strength: float, rng: np.random.Generator) -> Layer:
    """Ink coverage 0..1 of a plate: uneven pressure over the stamp, grain and starved spots in strokes."""
    size = plate.shape[0]
    pressure = 1.0 + 0.16 * _field(size, 4, rng)
    grain = 1.0 + 0.10 * _field(size, max(8, size // 4), rng)
    starved = _field(size, max(8, size // 14), rng) > 1.75
    worn = np.where(starved, 0.45, 1.0).astype(np.float32)
    worn = cv2.GaussianBlur(worn, (0, 0), max(0.6, size / 500))
    soft = cv2.GaussianBlur(plate, (0, 0), max(0.6, size / 700))
    ink = soft * strength * pressure * grain * worn
    return np.asarray(np.clip(ink, 0.0, 1.0), dtype=np.float32)


def press(paper: NDArray[np.uint8], stamp: Stamp, ppi: float, rng: np.random.Generator) -> None:
    """Press a stamp into a BGR drawing at `ppi` pixels an inch, in place."""
    _press_once(paper, stamp, ppi, rng)
    if stamp.second is not None:
        dx, dy = stamp.second
        again = replace(stamp, x=stamp.x + dx, y=stamp.y + dy, strength=0.6 * stamp.strength, second=None)
        _press_once(paper, again, ppi, rng)


def _press_once(paper: NDArray[np.uint8], stamp: Stamp, ppi: float, rng: np.random.Generator) -> None:
    ink = inked(mask(stamp, ppi), stamp.strength, rng)
    side = ink.shape[0]
    turn = cv2.getRotationMatrix2D(((side - 1) / 2, (side - 1) / 2), stamp.angle, 1.0)
    ink = np.asarray(cv2.warpAffine(ink, turn, (side, side), flags=cv2.INTER_LINEAR), dtype=np.float32)
    scale = ppi / POINTS_PER_INCH
    left, top = round(stamp.x * scale - side / 2), round(stamp.y * scale - side / 2)
    height, width = paper.shape[:2]
    x0, y0, x1, y1 = max(left, 0), max(top, 0), min(left + side, width), min(top + side, height)
    if x0 >= x1 or y0 >= y1:
        return
    part = ink[y0 - top : y1 - top, x0 - left : x1 - left, None]
    colour = np.array(stamp.tint or INKS[stamp.colour], dtype=np.float32)
    under = paper[y0:y1, x0:x1].astype(np.float32)
    through = under * (1.0 - part * (1.0 - colour))
    hidden = stamp.cover * part
    paper[y0:y1, x0:x1] = np.clip(through * (1.0 - hidden) + 255.0 * colour * hidden, 0, 255).astype(np.uint8)


def touches(outline: Points, quad: Points) -> bool:
    """Whether a stamp's outline and a convex quad share any area."""
    area, _ = cv2.intersectConvexConvex(outline.astype(np.float32), quad.astype(np.float32))
    return bool(area > 0.5)
