"""Damage of another maker's program (augraphy) on made clean scans: a folder for each kind, truth beside each file.

    python scripts/make_samples.py filings --count 3 --seed 7801 --level clean -o clean
    python -m venv foreign && foreign/bin/pip install augraphy==8.2.6 pymupdf
    foreign/bin/python scripts/foreign_damage.py clean -o foreign-damage [--kind shadow]
    ocr-pipeline run foreign-damage/shadow/*.pdf -o out && ocr-pipeline evaluate out foreign-damage/shadow

It runs in an environment of its own, as augraphy wants another OpenCV, and uses nothing of ours: what it does to a page
was thought of by people who never saw this tool. Folds leave the truth's boxes where they were.
"""

from __future__ import annotations

import argparse
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import augraphy
import cv2
import numpy as np
import pymupdf

DPI = 200
JPEG_QUALITY = 80

KINDS: dict[str, Callable[[], list[Any]]] = {
    "bad-copy": lambda: [
        augraphy.BadPhotoCopy(
            noise_iteration=(1, 2),
            noise_size=(1, 2),
            noise_sparsity=(0.3, 0.6),
            noise_concentration=(0.1, 0.4),
            p=1,
        )
    ],
    "bleed-through": lambda: [augraphy.BleedThrough(intensity_range=(0.1, 0.3), alpha=0.2, offsets=(10, 20), p=1)],
    "coloured-paper": lambda: [augraphy.ColorPaper(p=1)],
    "dither": lambda: [augraphy.Dithering(dither="floyd", p=1)],
    "dot-matrix": lambda: [
        augraphy.DotMatrix(
            dot_matrix_shape="circle", dot_matrix_dot_width_range=(2, 2), dot_matrix_dot_height_range=(2, 2), p=1
        )
    ],
    "fold": lambda: [
        augraphy.Folding(fold_count=2, fold_noise=0.0, gradient_width=(0.1, 0.2), gradient_height=(0.01, 0.02), p=1)
    ],
    "gamma": lambda: [augraphy.Gamma(gamma_range=(0.5, 1.8), p=1)],
    "ink-bleed": lambda: [augraphy.InkBleed(intensity_range=(0.4, 0.7), kernel_size=(5, 5), severity=(0.3, 0.5), p=1)],
    "jpeg": lambda: [augraphy.Jpeg(quality_range=(25, 45), p=1)],
    "letterpress": lambda: [augraphy.Letterpress(p=1)],
    "light": lambda: [augraphy.LightingGradient(p=1)],
    "low-ink": lambda: [augraphy.LowInkRandomLines(count_range=(5, 10), use_consistent_lines=False, p=1)],
    "moire": lambda: [augraphy.Moire(p=1)],
    "mottle": lambda: [augraphy.InkMottling(p=1)],
    "noise": lambda: [augraphy.NoiseTexturize(p=1), augraphy.SubtleNoise(subtle_range=25, p=1)],
    "rollers": lambda: [augraphy.DirtyRollers(line_width_range=(8, 12), p=1)],
    "shadow": lambda: [augraphy.ShadowCast(p=1)],
    "stains": lambda: [augraphy.Stains(p=1)],
    "watermark": lambda: [augraphy.WaterMark(p=1)],
}


def damage(source: Path, kind: str, folder: Path, seed: int) -> None:
    """One file and its truth with one kind of damage; the same seed always gives the same."""
    random.seed(seed)
    np.random.seed(seed)  # augraphy draws from both
    pages = pymupdf.open()
    for page in pymupdf.open(source):
        pixels = page.get_pixmap(dpi=DPI, alpha=False)
        rgb = np.frombuffer(pixels.samples, np.uint8).reshape(pixels.h, pixels.w, pixels.n)
        image = np.ascontiguousarray(rgb[..., 2::-1])
        for effect in KINDS[kind]():
            image = effect(image)
        if image.ndim == 2:
            image = cv2.cvtColor(image, cv2.COLOR_GRAY2BGR)
        coded = cv2.imencode(".jpg", image[..., :3].astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])[1]
        height, width = image.shape[:2]
        sheet = pages.new_page(width=width * 72 / DPI, height=height * 72 / DPI)
        sheet.insert_image(sheet.rect, stream=coded.tobytes())
    folder.mkdir(parents=True, exist_ok=True)
    pages.save(folder / source.name)
    shutil.copy(source.with_suffix(".truth.json"), folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("inputs", type=Path, help="folder of made clean PDFs with their truth")
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--kind", choices=sorted(KINDS), action="append", help="all without it")
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    for kind in chosen.kind or sorted(KINDS):
        for number, source in enumerate(sorted(chosen.inputs.glob("*.pdf"))):
            damage(source, kind, chosen.output / kind, chosen.seed + 1000 * number)
        print(kind, flush=True)


if __name__ == "__main__":
    main()
