"""Mishaps of paper and scanner that the three usual levels of damage do not hold, put on made clean scans.

    python scripts/make_samples.py filings --count 5 --seed 5001 --level clean -o clean
    python scripts/damage_scans.py clean -o damaged            a folder for each kind, truth beside each file
    ocr-pipeline run damaged/shine/*.pdf -o out && ocr-pipeline evaluate out damaged/shine

They were written after the pipeline and none of its thresholds was made for them, until CHANGELOG.md says so.
"""

from __future__ import annotations

import argparse
import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pymupdf

Image = npt.NDArray[np.uint8]
Dice = np.random.Generator
Matrix = npt.NDArray[np.float64]
DPI = 200
PAPER = (250, 250, 250)


@dataclass(frozen=True)
class Kind:
    """One mishap. quality: of the JPEG it is stored as, 0 for a PNG;
    scale: of its pixels to those of the source. Damage that moves things further than a turn by a degree does returns
    the homography from the source as well."""

    damage: Callable[[Image, Dice], Image | tuple[Image, Matrix]]
    quality: int = 92
    scale: float = 1.0


def turned(image: Image, dice: Dice, most: float = 1.0) -> Image:
    height, width = image.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), dice.uniform(-most, most), 1)
    return cv2.warpAffine(image, turn, (width, height), None, cv2.INTER_CUBIC, cv2.BORDER_CONSTANT, PAPER).astype(
        np.uint8
    )


def jpeg(image: Image, quality: int) -> Image:
    packed = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)


def smaller(image: Image, scale: float) -> Image:
    return cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA).astype(np.uint8)


def whole(values: npt.NDArray[Any]) -> Image:
    return np.clip(values, 0, 255).astype(np.uint8)


def moved(image: Image, dice: Dice) -> Image:
    """The sheet moved while the light passed: smeared over seven pixels in one direction."""
    kernel = np.zeros((7, 7), np.float32)
    kernel[3, :] = 1 / 7
    kernel = cv2.warpAffine(kernel, cv2.getRotationMatrix2D((3, 3), dice.uniform(0, 180), 1), (7, 7))
    return jpeg(turned(cv2.filter2D(image, -1, kernel).astype(np.uint8), dice), 70)


def fax(image: Image, dice: Dice) -> Image:
    """Black or white at 150 dpi, with the sensor's noise."""
    gray = cv2.cvtColor(smaller(turned(image, dice), 0.75), cv2.COLOR_BGR2GRAY)
    level = gray + dice.normal(0, 18, gray.shape)
    return cv2.cvtColor(((level > 150) * 255).astype(np.uint8), cv2.COLOR_GRAY2BGR).astype(np.uint8)


def faded(image: Image, dice: Dice) -> Image:
    """Toner near its end on gray, fibrous paper."""
    fibres = cv2.GaussianBlur(dice.normal(0, 1, image.shape[:2]).astype(np.float32), (0, 0), 3)
    pale = 185 + (image.astype(np.float32) - 255) * 0.35 + (fibres / fibres.std() * 5)[:, :, None]
    return jpeg(turned(whole(pale + dice.normal(0, 4, image.shape)), dice, 1.5), 75)


def streaked(image: Image, dice: Dice) -> Image:
    """Six lines down the whole scan: dirt on the glass of a feeder, dark or white."""
    image = turned(image, dice)
    for _ in range(6):
        left, width = int(dice.uniform(0, image.shape[1])), int(dice.integers(1, 4))
        level = int(dice.choice([40, 120, 190, 255]))
        part = image[:, left : left + width]
        part[:] = 255 if level == 255 else np.minimum(part, level)
    return jpeg(image, 75)


def dusty(image: Image, dice: Dice) -> Image:
    """A sheet fed crooked over five grains of dust: thin lines of any colour, some from the middle on, some dashed."""
    image = turned(image, dice, 3.0)
    height, width = image.shape[:2]
    for _ in range(5):
        left, thick = int(dice.uniform(0.02, 0.98) * width), int(dice.integers(1, 4))
        rows = np.arange(height)
        come = int(dice.choice([0, 0, 1]) * dice.uniform(0.2, 0.7) * height)
        rows = rows[come:] if dice.random() < 0.5 else rows[: height - come]
        if dice.random() < 0.3:
            rows = rows[(rows // int(dice.integers(20, 45))) % 2 == 0]
        ink = np.array(dice.choice([(40, 40, 40), (120, 120, 120), (215, 215, 215), (200, 60, 200), (70, 180, 60)]))
        image[rows, left : left + thick] = np.minimum(image[rows, left : left + thick], ink)
    return jpeg(whole(image + dice.normal(0, 3, image.shape)), 75)


def watermarked(image: Image, dice: Dice) -> Image:
    """Large pale letters at a slant all over the sheet, beneath the print."""
    height, width = image.shape[:2]
    mark, size = np.full((2 * height, 2 * width), 255, np.uint8), dice.uniform(2.2, 3.4)
    level, step = int(dice.uniform(175, 205)), dice.uniform(160, 260)
    for number, y in enumerate(np.arange(0, 2 * height, step)):
        line = "INTERNAL   ONLY   " * 6
        place = (int(-150 * (number % 3)), int(y))
        cv2.putText(mark, line, place, cv2.FONT_HERSHEY_SIMPLEX, size, level, int(4 * size), cv2.LINE_AA)
    turn = cv2.getRotationMatrix2D((width, height), dice.uniform(20, 45), 1)
    turn[:, 2] -= (width / 2, height / 2)
    laid = cv2.warpAffine(mark, turn, (width, height), None, cv2.INTER_LINEAR, cv2.BORDER_CONSTANT, (255,))
    return jpeg(turned(np.minimum(image, laid[:, :, None]).astype(np.uint8), dice), 75)


def folded(image: Image, dice: Dice) -> Image:
    """Two folds across the sheet, each a dark line in a broad shadow."""
    image = turned(image, dice)
    height, width = image.shape[:2]
    rows, light = np.arange(height)[:, None], np.ones((height, width), np.float32)
    for _ in range(2):
        at, slope = dice.uniform(0.2, 0.8) * height, dice.uniform(-0.03, 0.03)
        away = np.abs(rows - at - slope * np.arange(width)[None])
        light -= 0.45 * np.exp(-((away / 2.5) ** 2)) + 0.12 * np.exp(-((away / 60) ** 2))
    return jpeg(whole(image * light[:, :, None]), 70)


def creased(image: Image, dice: Dice) -> Image:
    """Folded for an envelope: creases across and sometimes down the sheet, a little bent, now deeper, now less deep,
    dark on one side and bright on the other, with toner broken off along them."""
    image = turned(image, dice)
    for upright in [False] * int(dice.integers(1, 3)) + [True] * int(dice.integers(0, 2)):
        seen = image.transpose(1, 0, 2) if upright else image
        seen = _creased_across(seen, dice)
        image = np.ascontiguousarray(seen.transpose(1, 0, 2) if upright else seen)
    return jpeg(image, 70)


def _creased_across(image: Image, dice: Dice) -> Image:
    height, width = image.shape[:2]
    x = np.arange(width)
    at = (
        dice.uniform(0.15, 0.85) * height
        + dice.uniform(-0.02, 0.02) * x
        + dice.uniform(-4, 4) * np.sin(np.pi * x / width)
    )
    away = np.arange(height)[:, None] - at[None]
    depth = np.interp(x, np.linspace(0, width, 12), dice.uniform(0.5, 1.3, 12)) * dice.uniform(0.2, 0.5)
    core = depth * np.exp(-((away / dice.uniform(1.5, 4)) ** 2))
    shade = 0.3 * depth * np.exp(-np.abs(away) / 40) * (away > 0)
    ridge = 0.06 * np.exp(-(((away + 8) / 4) ** 2))
    broken = np.interp(x, np.linspace(0, width, 60), dice.uniform(0, 1, 60)) < 0.25
    bare = np.exp(-((away / 1.2) ** 2)) * broken[None]
    print_left = image + (250.0 - image) * bare[:, :, None]
    return whole(print_left * (1 - core - shade + ridge)[:, :, None])


def wavy(image: Image, dice: Dice) -> Image:
    """Damp paper: rulings in long waves."""
    height, width = image.shape[:2]
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    phase = np.float32(dice.uniform(0, 6))
    across, down = x + 2 * np.sin(y / 400 + phase), y + 5 * np.sin(x / 500 + phase)
    return jpeg(cv2.remap(image, across, down, cv2.INTER_CUBIC, borderValue=(255, 255, 255)).astype(np.uint8), 75)


def bowed(image: Image, dice: Dice) -> Image:
    """A sheet that arches, photographed: lines of print bend by 3 % of the width, one edge nearer to the lens."""
    height, width = image.shape[:2]
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    share = x / width - 0.5
    bend = np.float32(0.12 * width * dice.choice([-1, 1])) * (share**2 - 0.25)
    nearer = np.float32(dice.uniform(-0.012, 0.012)) * share * (y - height / 2)
    bent = cv2.remap(image, x, y + bend + nearer, cv2.INTER_CUBIC, borderValue=(255, 255, 255))
    return jpeg(whole(bent * (1 - 0.25 * share**2)[:, :, None]), 75)


def curled(image: Image, dice: Dice) -> Image:
    """A page of a bound volume: near the spine lines of print climb by 5 % of the width, narrow and in shadow."""
    height, width = image.shape[:2]
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    near = np.exp(-x / np.float32(0.22 * width))
    across, down = x + 0.02 * width * near, y + np.float32(0.05 * width * dice.choice([-1, 1])) * near
    bent = cv2.remap(image, across, down, cv2.INTER_CUBIC, borderValue=(255, 255, 255))
    return jpeg(whole(bent * (1 - 0.3 * near**2)[:, :, None]), 75)


def photo(image: Image, dice: Dice) -> tuple[Image, Matrix]:
    """A sheet on a desk, taken from aside with a telephone: its corners up to 6 % of its width from their places."""
    height, width = image.shape[:2]
    high, wide = int(1.12 * height), int(1.12 * width)
    grain = cv2.GaussianBlur(dice.normal(0, 60, (high, wide)).astype(np.float32), (0, 0), 2)
    desk = np.array((60, 85, 110), np.float32) + grain[:, :, None]
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    moved_to = corners + ((wide - width) / 2, (high - height) / 2) + dice.uniform(-0.06, 0.06, (4, 2)) * width
    matrix = cv2.getPerspectiveTransform(corners, moved_to.astype(np.float32))
    sheet = cv2.warpPerspective(image, matrix, (wide, high), flags=cv2.INTER_CUBIC)
    there = cv2.warpPerspective(np.ones((height, width), np.float32), matrix, (wide, high))[:, :, None]
    turn = dice.uniform(0, 2 * np.pi)
    x, y = np.meshgrid(np.linspace(-0.5, 0.5, wide), np.linspace(-0.5, 0.5, high))
    light = 0.85 + 0.25 * (np.cos(turn) * x + np.sin(turn) * y)[:, :, None]
    seen = (sheet * there + desk * (1 - there)) * light + dice.normal(0, 3, (high, wide, 1))
    return jpeg(cv2.GaussianBlur(whole(seen), (0, 0), 0.8).astype(np.uint8), 80), np.asarray(matrix, np.float64)


def shine(image: Image, dice: Dice) -> Image:
    """Thin paper printed on both sides: its own mirror image, pale and diffuse, behind heavy print."""
    behind = cv2.GaussianBlur(cv2.flip(image, 1), (0, 0), 2.0)
    heavy = cv2.erode(image.astype(np.float32) - (255 - behind.astype(np.float32)) * 0.22, np.ones((2, 2)))
    return jpeg(turned(whole(heavy), dice), 70)


def packed(image: Image, dice: Dice) -> Image:
    """150 dpi at JPEG quality 28."""
    return jpeg(turned(smaller(image, 0.75), dice, 2.0), 28)


def coarse(image: Image, dice: Dice) -> Image:
    """110 dpi."""
    return jpeg(turned(smaller(image, 0.55), dice), 80)


def grainy(image: Image, dice: Dice) -> Image:
    """The grain of a sensor in bad light: a noise of 30 gray levels."""
    soft = cv2.GaussianBlur(turned(image, dice), (0, 0), 0.9).astype(np.float64)
    return jpeg(whole(soft + dice.normal(0, 30, (*image.shape[:2], 1))), 75)


def peppered(image: Image, dice: Dice) -> Image:
    """One pixel of a hundred black, one white."""
    spotted, chance = turned(image, dice), dice.random(image.shape[:2])
    spotted[chance < 0.01], spotted[chance > 0.99] = 0, 255
    return jpeg(spotted, 75)


def levelled(image: Image, dice: Dice) -> Image:
    """Black or white by each pixel's surroundings, as scanners do to save light and dark paper alike; flecked."""
    soft = cv2.GaussianBlur(turned(image, dice), (0, 0), 0.8).astype(np.float64) + dice.normal(
        0, 8, (*image.shape[:2], 1)
    )
    gray = cv2.cvtColor(whole(soft), cv2.COLOR_BGR2GRAY)
    level = cv2.adaptiveThreshold(gray, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, 31, 12)
    flipped = np.where(dice.random(level.shape) < 0.002, 255 - level, level)
    return cv2.cvtColor(flipped.astype(np.uint8), cv2.COLOR_GRAY2BGR).astype(np.uint8)


def marked(image: Image, dice: Dice) -> Image:
    """Six bands of a text marker, each of one of four colours."""
    height, width = image.shape[:2]
    bands = image.astype(np.float64)
    for _ in range(6):
        y, x = int(dice.uniform(0.1, 0.85) * height), int(dice.uniform(0.1, 0.4) * width)
        colour = dice.choice([(120, 250, 250), (200, 150, 250), (140, 240, 150), (250, 200, 120)])
        bands[y : y + int(dice.uniform(28, 44)), x : x + int(dice.uniform(200, 900))] *= colour / 255
    return jpeg(whole(bands + dice.normal(0, 3, (height, width, 1))), 75)


def ringed(image: Image, dice: Dice) -> Image:
    """A reviewer's red or blue pen: rings, and lines along rows and down columns."""
    height, width = image.shape[:2]
    drawn, colour = image.copy(), [(30, 30, 200), (180, 50, 20)][int(dice.integers(2))]
    for _ in range(6):
        centre = int(dice.uniform(0.2, 0.85) * width), int(dice.uniform(0.15, 0.8) * height)
        axes = int(dice.uniform(25, 60)), int(dice.uniform(18, 30))
        cv2.ellipse(drawn, centre, axes, dice.uniform(-20, 20), 10, 365, colour, 3, cv2.LINE_AA)
    for level in (True, False) * 2:
        start = np.array([dice.uniform(0.15, 0.6) * width, dice.uniform(0.15, 0.6) * height])
        along, off = dice.uniform(150, 400), dice.normal(0, 6)
        end = start + ((along, off) if level else (off, along))
        cv2.line(drawn, tuple(start.astype(int).tolist()), tuple(end.astype(int).tolist()), colour, 3, cv2.LINE_AA)
    return jpeg(whole(np.minimum(drawn, image) + dice.normal(0, 3, (height, width, 1))), 75)


def rolled(image: Image, dice: Dice) -> Image:
    """Dirty rollers: soft stripes of all depths along the sheet, from edge to edge."""
    width = image.shape[1]
    stripes = cv2.GaussianBlur(dice.uniform(-1, 1, (1, width)), (0, 0), 4)
    stripes = np.clip(stripes / stripes.std() * 0.12, 0, 0.5)
    return jpeg(whole(turned(image, dice) * (1 - stripes[:, :, None]) + dice.normal(0, 3, (*image.shape[:2], 1))), 75)


def negative(image: Image, dice: Dice) -> Image:
    """A copy from microfilm: white on dark gray."""
    return jpeg(whole(245 - 0.85 * turned(image, dice) + dice.normal(0, 5, (*image.shape[:2], 1))), 75)


def doubled(image: Image, dice: Dice) -> Image:
    """A ghost of the page beside itself, a fifth as dark."""
    shift = np.array([[1, 0, dice.uniform(5, 12)], [0, 1, dice.uniform(-8, 8)]])
    ghost = cv2.warpAffine(
        image, shift, image.shape[1::-1], None, cv2.INTER_LINEAR, cv2.BORDER_CONSTANT, (255, 255, 255)
    )
    return jpeg(whole(image - 0.22 * (255.0 - ghost)), 75)


KINDS = {
    "moved": Kind(moved),
    "fax": Kind(fax, quality=0, scale=0.75),
    "faded": Kind(faded),
    "streaks": Kind(streaked),
    "folds": Kind(folded),
    "creased": Kind(creased),
    "wavy": Kind(wavy),
    "bowed": Kind(bowed),
    "curled": Kind(curled),
    "photo": Kind(photo),
    "shine": Kind(shine),
    "packed": Kind(packed, scale=0.75),
    "coarse": Kind(coarse, scale=0.55),
    "grainy": Kind(grainy),
    "peppered": Kind(peppered),
    "levelled": Kind(levelled, quality=0),
    "marked": Kind(marked),
    "ringed": Kind(ringed),
    "rolled": Kind(rolled),
    "negative": Kind(negative),
    "doubled": Kind(doubled),
    "dusty": Kind(dusty),
    "watermarked": Kind(watermarked),
}


def damage(source: Path, name: str, folder: Path) -> None:
    """One file and its truth with one mishap; the same file and kind always come out the same."""
    kind, dice = KINDS[name], np.random.default_rng(zlib.crc32(f"{name} {source.stem}".encode()))
    folder.mkdir(parents=True, exist_ok=True)
    maps: list[Matrix] = []
    with pymupdf.open(source) as opened, pymupdf.open() as made:
        for page in opened:
            drawn = page.get_pixmap(dpi=DPI)
            pixels = np.frombuffer(drawn.samples, np.uint8).reshape(drawn.h, drawn.w, drawn.n)[:, :, 2::-1]
            done = kind.damage(np.ascontiguousarray(pixels), dice)
            image, matrix = done if isinstance(done, tuple) else (done, np.diag([kind.scale, kind.scale, 1.0]))
            maps.append(matrix)
            points = [side * 72 / (DPI * kind.scale) for side in image.shape[1::-1]]
            options = [cv2.IMWRITE_JPEG_QUALITY, kind.quality] if kind.quality else []
            stream = cv2.imencode(".jpg" if kind.quality else ".png", image, options)[1].tobytes()
            sheet = made.new_page(width=points[0], height=points[1])
            sheet.insert_image(sheet.rect, stream=stream)
        made.save(folder / source.name)
    truth = json.loads(source.with_suffix(".truth.json").read_text(encoding="utf-8"))
    moved_too = json.dumps(_led(truth, maps), ensure_ascii=False)
    (folder / f"{source.stem}.truth.json").write_text(moved_too, encoding="utf-8")


def _led(value: Any, maps: list[Matrix], page: int = 0) -> Any:
    """The truth with its boxes and quads where the damage leads them. maps: of each page, from the source."""
    if isinstance(value, list):
        return [_led(item, maps, page) for item in value]
    if not isinstance(value, dict):
        return value
    page = value.get("page", value["index"] if "blocks" in value else page)
    led = {key: _led(item, maps, page) for key, item in value.items()}
    if "quad" in value:
        led["quad"] = _through(maps[page], value["quad"]).round(2).tolist()
    if "box" in value:
        x0, y0, x1, y1 = value["box"]
        corners = _through(maps[page], value.get("quad", [(x0, y0), (x1, y0), (x1, y1), (x0, y1)])).round(2)
        led["box"] = [*corners.min(axis=0).tolist(), *corners.max(axis=0).tolist()]
    return led


def _through(matrix: Matrix, points: Any) -> Matrix:
    flat = np.array(points, np.float64)
    led = np.hstack([flat, np.ones((len(flat), 1))]) @ matrix.T
    return np.asarray(led[:, :2] / led[:, 2:])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("inputs", type=Path, help="folder of made clean PDFs with their truth")
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--kind", choices=sorted(KINDS), action="append", help="only these kinds")
    options = parser.parse_args()
    for name in options.kind or KINDS:
        for source in sorted(options.inputs.glob("*.pdf")):
            damage(source, name, options.output / name)
        print(options.output / name)


if __name__ == "__main__":
    main()
