"""Scans of a made-up print that a canned recogniser can read: n upright strokes are word n."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pymupdf
from helpers_drawing import bar, em_at, even, grid_lines, sheet

from ocr_pipeline.geometry import GrayImage
from ocr_pipeline.stages import RawReading

DPI = 150
EM = em_at(DPI)
WORDS = ("", "项目", "本年", "上年", "新收", "办结", "0", "12", "7", "一、总体情况", "结转")
TINY = "tiny"


def word(gray: GrayImage, name: str, x: float, y: float) -> None:
    for i in range(WORDS.index(name)):
        bar(gray, x + 0.3 * EM * i, y, x + 0.3 * EM * i + 3, y + 0.85 * EM)


def read_strokes(image: GrayImage) -> RawReading:
    """How many upright strokes a crop shows."""
    dark = (image < 128).any(axis=0)
    text = WORDS[int(np.count_nonzero(np.diff(dark.astype(np.int8)) == 1))]
    return RawReading(text, 0.98, (0.98,) * len(text))


def table(gray: GrayImage, top: float, rows: list[list[str]]) -> float:
    """A table with three columns; the position of its foot."""
    xs, ys = even(150, 7 * EM, len(rows[0])), even(top, 2 * EM, len(rows))
    grid_lines(gray, xs, ys)
    for r, row in enumerate(rows):
        for c, name in enumerate(row):
            word(gray, name, xs[c] + 1.2 * EM, ys[r] + 0.6 * EM)
    return ys[-1]


def write_pdf(path: Path, *pages: GrayImage | str) -> Path:
    """One scanned picture a page; TINY makes a page that is too small to be read."""
    document = pymupdf.open()
    for picture in pages:
        if isinstance(picture, str):
            document.new_page(width=3, height=3)
            continue
        height, width = picture.shape
        page = document.new_page(width=width * 72 / DPI, height=height * 72 / DPI)
        page.insert_image(page.rect, stream=cv2.imencode(".png", picture)[1].tobytes())
    document.save(path)
    document.close()
    return path


HEADER = ["项目", "本年", "上年"]


def first_page() -> GrayImage:
    gray = sheet(DPI)
    word(gray, "一、总体情况", 150, 1480 - 2 * EM)
    table(gray, 1480, [HEADER, ["新收", "12", "0"]])
    return gray


def second_page() -> GrayImage:
    gray = sheet(DPI)
    table(gray, 120, [["办结", "7", ""], ["结转", "0", "12"]])
    return gray
