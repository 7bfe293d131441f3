"""Small files of every kind, made on the spot."""

from __future__ import annotations

import io
from pathlib import Path

import cv2
import numpy as np
import pymupdf
from PIL import Image

from ocr_pipeline.geometry import ColourImage
from ocr_pipeline.settings import SourceSettings
from ocr_pipeline.source import open_source
from ocr_pipeline.stages import PageImage


def make_scan(width: int = 600, height: int = 800) -> ColourImage:
    """A page with a different mark in three corners, BGR."""
    image = np.full((height, width, 3), 255, np.uint8)
    image[20:100, 20:160] = 0
    image[20:100, -120:-20] = (0, 0, 255)
    image[-100:-20, 20:80] = (255, 0, 0)
    for row in range(160, height - 160, 40):
        cv2.putText(image, f"row {row} 0123456789", (60, row), cv2.FONT_HERSHEY_SIMPLEX, 1, (0, 0, 0), 2)
    return image


def encoded(image: ColourImage, extension: str = ".png") -> bytes:
    ok, data = cv2.imencode(extension, image)
    assert ok
    return data.tobytes()


def pillow_bytes(image: Image.Image, kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def pdf_with(*streams: bytes, dpi: float = 100.0, size: tuple[int, int] = (600, 800)) -> pymupdf.Document:
    """A PDF with one page-filling image on each page."""
    document = pymupdf.open()
    for stream in streams:
        page = document.new_page(width=size[0] * 72 / dpi, height=size[1] * 72 / dpi)
        page.insert_image(page.rect, stream=stream, keep_proportion=False)
    return document


def only_page(path: Path, settings: SourceSettings | None = None) -> PageImage:
    with open_source(path, settings or SourceSettings()) as source:
        (page,) = source
    return page
