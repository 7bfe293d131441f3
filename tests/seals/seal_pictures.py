"""Stamps drawn with a typeface, as red ink on white paper."""

from __future__ import annotations

import math

import cv2
import numpy as np
import numpy.typing as npt
from helpers_drawing import cjk_face, sheet
from PIL import Image, ImageDraw, ImageFont

from ocr_pipeline.geometry import Box, ColourImage, GrayImage, Mask, PageTransform, Quad
from ocr_pipeline.stages import SealRegion

INK = (50, 40, 205)
CENTRE = (400, 420)
OFFICE, LINE = "某县人民政府办公室", "信息公开专用章"
DPI = 200.0


def tile(name: str, face: ImageFont.FreeTypeFont, degrees: float) -> Image.Image:
    """A character turned clockwise, white on black."""
    side = round(2 * face.size)
    picture = Image.new("L", (side, side), 0)
    ImageDraw.Draw(picture).text((side / 2, side / 2), name, font=face, fill=255, anchor="mm")
    return picture.rotate(-degrees, resample=Image.Resampling.BICUBIC)


def ring_stamp(a: int, b: int, office: str, line: str = "", *, star: bool = False, tilt: float = 0.0) -> GrayImage:
    """The plate of an oval stamp (half axes a, b), 255 where it prints, turned clockwise by tilt; side 2a + 40."""
    side = 2 * a + 40
    plate = Image.new("L", (side, side), 0)
    pen = ImageDraw.Draw(plate)
    middle = side / 2
    pen.ellipse((middle - a, middle - b, middle + a, middle + b), outline=255, width=max(3, b // 18))
    size = round(0.28 * b)
    face = cjk_face(size)
    for i, name in enumerate(office):
        turn = math.radians(-110 + 220 * i / (len(office) - 1))
        rx, ry = a - 0.08 * b - 0.72 * size, b - 0.08 * b - 0.72 * size
        x, y = rx * math.sin(turn), -ry * math.cos(turn)
        mark = tile(name, face, math.degrees(math.atan2(x / rx**2, -y / ry**2)))
        plate.paste(255, (round(middle + x - mark.width / 2), round(middle + y - mark.height / 2)), mark)
    if star:
        corners = [(0.3 * b if i % 2 == 0 else 0.12 * b, -math.pi / 2 + i * math.pi / 5) for i in range(10)]
        pen.polygon([(middle + r * math.cos(t), middle + r * math.sin(t)) for r, t in corners], fill=255)
    if line:
        small = cjk_face(0.2 * b)
        pen.text((middle, middle + 0.55 * b), line, font=small, fill=255, anchor="mm")
    return np.asarray(plate.rotate(-tilt, resample=Image.Resampling.BICUBIC)).astype(np.uint8)


def column_stamp(names: str, rows: int, side: int = 260) -> GrayImage:
    """The plate of a square seal set in columns from right to left."""
    plate = Image.new("L", (side + 20, side + 20), 0)
    pen = ImageDraw.Draw(plate)
    pen.rectangle((10, 10, side + 10, side + 10), outline=255, width=7)
    columns = math.ceil(len(names) / rows)
    face = cjk_face(0.66 * side / max(rows, columns))
    for i, name in enumerate(names):
        column, row = divmod(i, rows)
        x = 10 + side * (0.93 - 0.86 * (column + 0.5) / columns)
        pen.text((x, 10 + side * (0.07 + 0.86 * (row + 0.5) / rows)), name, font=face, fill=255, anchor="mm")
    return np.asarray(plate).astype(np.uint8)


def pressed(paper: GrayImage, plate: GrayImage, centre: tuple[int, int] = CENTRE) -> ColourImage:
    """The paper with the stamp's transparent ink on it, a little soft as scanners see it."""
    page = cv2.cvtColor(paper, cv2.COLOR_GRAY2BGR).astype(np.float32)
    x, y = centre[0] - plate.shape[1] // 2, centre[1] - plate.shape[0] // 2
    part = page[y : y + plate.shape[0], x : x + plate.shape[1]]
    part *= 1.0 - 0.85 * (plate[:, :, None] / 255.0) * (1.0 - np.array(INK) / 255.0)
    return cv2.GaussianBlur(page, (0, 0), 0.7).astype(np.uint8)


def region(plate: GrayImage, shape: str, centre: tuple[int, int] = CENTRE) -> SealRegion:
    """Where that stamp lies on an upright page."""
    ys, xs = np.nonzero(plate > 127)
    x, y = centre[0] - plate.shape[1] // 2, centre[1] - plate.shape[0] // 2
    x0, x1, y0, y1 = x + int(xs.min()), x + int(xs.max()) + 1, y + int(ys.min()), y + int(ys.max()) + 1
    quad = Quad.of_box(Box(x0, y0, x1, y1))
    return SealRegion(quad, shape, "red", 0.9, quad.box)


def paper() -> GrayImage:
    return sheet(100.0)


def upright(image: ColourImage) -> PageTransform:
    return PageTransform.identity(image.shape[1], image.shape[0])


def as_mask(plate: GrayImage) -> Mask:
    return ((plate > 127) * np.uint8(255)).astype(np.uint8)


def frame_of(plate: GrayImage) -> npt.NDArray[np.float64]:
    """The corners of a level frame on its plate, shape (4, 2)."""
    ys, xs = np.nonzero(plate > 127)
    x0, y0, x1, y1 = xs.min(), ys.min(), xs.max() + 1, ys.max() + 1
    return np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], dtype=np.float64)
