"""The page pictures inside a review page: making them small, and taking them out again."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from pathlib import Path

from ocr_pipeline.errors import InputFileError
from ocr_pipeline.geometry import ColourImage

PagePictures = Callable[[int], bytes]
"""The JPEG of the page with that index. It shows the whole source page; its size is free, since the page and its boxes
are laid out in source pixels and the picture is stretched over them."""

_PICTURE = re.compile(rb'<script type="text/plain" data-picture="(\d{1,6})">([A-Za-z0-9+/=]*)</script>')


def page_jpeg(image: ColourImage, longest: int = 2200, quality: int = 60) -> bytes:
    """A page image (BGR or gray, source frame) as a JPEG of at most `longest` pixels a side.

    2200 pixels keep 10-point print of an A4 page at 19 pixels: easy to read, at 150 to 400 kB a page."""
    import cv2

    height, width = image.shape[:2]
    scale = min(1.0, longest / max(height, width))
    small = image
    if scale < 1:
        size = max(1, round(width * scale)), max(1, round(height * scale))
        small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    ok, encoded = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not ok:
        raise ValueError(f"page image of shape {image.shape} cannot be encoded")
    return encoded.tobytes()


def picture_script(index: int, jpeg: bytes) -> str:
    """The HTML that carries one picture: inert text, decoded when the page comes into view."""
    if not jpeg.startswith(b"\xff\xd8\xff"):
        raise ValueError(f"the picture of page {index + 1} is not a JPEG")
    return f'<script type="text/plain" data-picture="{index}">{base64.b64encode(jpeg).decode("ascii")}</script>'


def pictures_of(review_page: Path) -> PagePictures:
    """The pictures of a review page written before. InputFileError when it is missing, is no review page, or (raised by
    the function returned) lacks a page."""
    try:
        text = review_page.read_bytes()
    except OSError as error:
        raise InputFileError(f"{review_page} cannot be read: {error.strerror}.", "Process the scan again.") from error
    found = {int(match[1]): match[2] for match in _PICTURE.finditer(text)}

    def picture(index: int) -> bytes:
        try:
            jpeg = base64.b64decode(found[index], validate=True)
        except (KeyError, binascii.Error) as error:
            raise InputFileError(
                f"{review_page} holds no picture of page {index + 1}.", "Process the scan again."
            ) from error
        if not jpeg.startswith(b"\xff\xd8\xff"):
            raise InputFileError(
                f"{review_page}: the picture of page {index + 1} is not a JPEG.", "Process the scan again."
            )
        return jpeg

    return picture
