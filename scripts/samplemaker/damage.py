"""What paper, toner and scanner do to a page, at three levels, with the exact map of every point.

Frames: the drawing (pixels at OVERSAMPLE x the scan's dpi) and the scan (pixels at its dpi). Angles in
degrees, positive where the print runs counter-clockwise.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from . import geometry as plane
from .geometry import Matrix, box_points, rotation, scaling, translation

Image = NDArray[np.uint8]
# Drawing at twice the scan's resolution gives edges the soft steps a sensor gives them.
OVERSAMPLE = 2


@dataclass(frozen=True)
class Level:
    """One kind of scanner and paper. Lengths in pixels of the scan, amounts in grey levels (0..255).

    skew: largest angle in degrees. keystone: largest share an edge is shortened by. blur: least and largest
    Gaussian sigma. gutter: how often an edge is dark, 0..1. specks: mean number a page. wear, thin: how much
    toner is lost and strokes are thinned, 0..1. jpeg: quality. paper, ink: least and largest grey of each.
    """

    name: str
    dpi: int
    skew: float
    keystone: float
    blur: tuple[float, float]
    noise: float
    shading: float
    gutter: float
    specks: float
    wear: float
    thin: float
    jpeg: int
    paper: tuple[float, float]
    ink: tuple[float, float]


LEVELS = {
    "clean": Level(
        name="clean", dpi=200, skew=0.0, keystone=0.0, blur=(0.0, 0.0), noise=0.0, shading=0.0, gutter=0.0,
        specks=0.0, wear=0.0, thin=0.0, jpeg=92, paper=(255, 255), ink=(0, 0),
    ),
    "office": Level(
        name="office", dpi=200, skew=1.6, keystone=0.0, blur=(0.45, 0.7), noise=1.5, shading=8.0, gutter=0.4,
        specks=6.0, wear=0.0, thin=0.0, jpeg=75, paper=(240, 250), ink=(25, 50),
    ),
    "bad": Level(
        name="bad", dpi=150, skew=3.2, keystone=0.008, blur=(0.5, 0.75), noise=4.5, shading=20.0, gutter=0.6,
        specks=55.0, wear=0.5, thin=0.15, jpeg=55, paper=(224, 240), ink=(15, 45),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Geometry:
    """Where a page's points go: `matrix` carries drawing pixels to scan pixels (width x height)."""

    matrix: Matrix
    width: int
    height: int
    skew: float
    orientation: int = 0


def page_map(
    drawn: tuple[int, int],
    angle: float,
    keystone: tuple[float, float] = (0.0, 0.0),
    shift: tuple[float, float] = (0.0, 0.0),
    orientation: int = 0,
    oversample: float = OVERSAMPLE,
    expand: bool = False,
) -> Geometry:
    """Turn and tilt a drawn page (width, height) about its middle, then scale it down to the scan.

    `keystone` is the share by which the top and the left edge are shortened; `shift` is in scan pixels;
    `expand` enlarges the scan so that a page turned far keeps its corners.
    """
    width, height = drawn
    kx, ky = keystone
    dx, dy = abs(kx) * width / 2, abs(ky) * height / 2
    tilted = np.array(
        [
            [dx if kx > 0 else 0.0, dy if ky > 0 else 0.0],
            [width - (dx if kx > 0 else 0.0), dy if ky < 0 else 0.0],
            [width - (dx if kx < 0 else 0.0), height - (dy if ky < 0 else 0.0)],
            [dx if kx < 0 else 0.0, height - (dy if ky > 0 else 0.0)],
        ]
    )
    lens = plane.four_points(box_points((0, 0, width, height)), tilted)
    turned = rotation(angle, width / 2, height / 2) @ lens
    out_w, out_h = float(width), float(height)
    if expand:
        x0, y0, x1, y1 = plane.bounds(plane.apply(turned, box_points((0, 0, width, height))))
        out_w, out_h = x1 - x0, y1 - y0
        turned = translation(-x0, -y0) @ turned
    turned = plane.quarter_turns(orientation, out_w, out_h) @ turned
    if orientation % 180:
        out_w, out_h = out_h, out_w
    scan_w, scan_h = round(out_w / oversample), round(out_h / oversample)
    matrix = translation(*shift) @ scaling(1.0 / oversample) @ turned
    return Geometry(matrix, scan_w, scan_h, angle, orientation % 360)


def random_map(drawn: tuple[int, int], level: Level, rng: np.random.Generator) -> Geometry:
    """A map as the level's scanner makes them."""
    # Small angles are the common case; a page laid perfectly straight is not.
    angle = float(rng.uniform(0.25, 1.0) * level.skew * rng.choice([-1.0, 1.0]))
    kx, ky = (float(v) for v in rng.uniform(-1, 1, 2) * level.keystone)
    reach = 4.0 if level.skew else 0.0
    sx, sy = (float(v) for v in rng.uniform(-reach, reach, 2))
    return page_map(drawn, angle, (kx, ky), (sx, sy))


def warp(drawing: Image, geometry: Geometry, lid: int) -> Image:
    """Carry a drawing into the scan; what lies outside the paper shows the scanner's lid.

    Pixel centres sit at half-integers in both frames, while OpenCV counts from centres; hence the halves.
    """
    half = translation(0.5, 0.5)
    back = translation(-0.5, -0.5)
    # Twice as fine first, then averaged: plain sampling at the scan's own pitch would lose thin rulings.
    fine = scaling(OVERSAMPLE) @ geometry.matrix
    size = (geometry.width * OVERSAMPLE, geometry.height * OVERSAMPLE)
    large = cv2.warpPerspective(
        drawing, back @ fine @ half, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT,
        borderValue=(lid, lid, lid),
    )  # fmt: skip
    small = cv2.resize(large, (geometry.width, geometry.height), interpolation=cv2.INTER_AREA)
    return np.asarray(small, dtype=np.uint8)


def _field(height: int, width: int, cells: int, rng: np.random.Generator) -> NDArray[np.float32]:
    small = rng.standard_normal((max(2, cells * height // max(width, 1)), max(2, cells))).astype(np.float32)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC), dtype=np.float32)


def wear_glyphs(layer: Image, level: Level, rng: np.random.Generator) -> Image:
    """Thin strokes and starve patches of toner in a drawing (white 255)."""
    if level.wear == 0.0:
        return layer
    height, width = layer.shape
    thinned = cv2.dilate(layer, np.ones((3, 3), np.uint8))
    mixed = cv2.addWeighted(layer, 1.0 - level.thin, thinned, level.thin, 0)
    patches = np.clip(_field(height, width, 14, rng) * 0.16 + 0.04, 0.0, 0.34)
    grain = (_field(height, width, width // 5, rng) > 2.05) * 0.5
    fade = np.clip(patches + grain.astype(np.float32), 0.0, 0.75) * level.wear * 1.4
    worn = mixed + (255.0 - mixed) * np.clip(fade, 0, 0.8)
    return np.asarray(np.clip(worn, 0, 255), dtype=np.uint8)


def wear_rules(layer: Image, level: Level, rng: np.random.Generator) -> Image:
    """Break and fade rulings in a drawing (white 255)."""
    if level.wear == 0.0:
        return layer
    height, width = layer.shape
    slow = _field(height, width, 22, rng)
    quick = _field(height, width, width // 12, rng)
    gone = np.clip((slow * 0.75 + quick * 0.75 - 1.35) * 2.2, 0.0, 1.0) * min(1.0, level.wear * 1.7)
    pale = np.clip(0.18 + 0.12 * slow, 0.0, 0.45) * level.wear
    return np.clip(layer + (255.0 - layer) * np.clip(gone + pale, 0, 1), 0, 255).astype(np.uint8)


def tone(drawing: Image, paper: float, ink: float) -> Image:
    """Bring black and white of a drawing to the grey levels of toner and paper."""
    table = np.linspace(ink, paper, 256).round().astype(np.uint8)
    return np.asarray(cv2.LUT(drawing, table), dtype=np.uint8)


def _specks(scan: Image, per_page: float, dpi: int, rng: np.random.Generator) -> None:
    """Dust and toner spots, in place. `per_page` counts those of an A4 page at any resolution."""
    height, width = scan.shape[:2]
    for _ in range(int(rng.poisson(per_page))):
        x, y = int(rng.integers(width)), int(rng.integers(height))
        size = float(rng.gamma(1.6, 0.55)) * dpi / 200.0 + 0.4
        axes = (max(1, round(size)), max(1, round(size * float(rng.uniform(0.5, 1.0)))))
        shade = int(rng.integers(40, 150))
        cv2.ellipse(scan, (x, y), axes, float(rng.uniform(0, 180)), 0, 360, (shade,) * 3, -1, cv2.LINE_AA)


def scan_noise(scan: Image, level: Level, rng: np.random.Generator) -> Image:
    """Everything a scanner adds after the geometry: specks, blur, uneven light, a gutter, sensor noise."""
    if level.name == "clean":
        return scan
    height, width = scan.shape[:2]
    _specks(scan, level.specks, level.dpi, rng)
    blurred = cv2.GaussianBlur(scan, (0, 0), float(rng.uniform(*level.blur)))
    light = _field(height, width, 3, rng) * (level.shading / 2)
    if rng.random() < level.gutter:
        reach = float(rng.uniform(0.02, 0.06)) * width
        depth = float(rng.uniform(1.5, 4.0)) * level.shading
        ramp = np.exp(-np.arange(width, dtype=np.float32) / reach) * depth
        light = light - (ramp if rng.random() < 0.5 else ramp[::-1])[None, :]
    light = light + rng.standard_normal((height, width)).astype(np.float32) * level.noise
    gain = 1.0 + light / 245.0
    if scan.ndim == 3:
        gain = gain[:, :, None]
    return np.asarray(np.clip(blurred.astype(np.float32) * gain, 0, 255), dtype=np.uint8)


def jpeg(scan: Image, quality: int) -> bytes:
    """The scan as a JPEG file."""
    done, data = cv2.imencode(".jpg", scan, [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_OPTIMIZE, 1])
    if not done:
        raise RuntimeError("the JPEG encoder refused the page")
    return bytes(data)
