"""Bands of a text marker, taken off a page before stamps and print are looked for.

A marker's ink is pale and pure: its brightest channel is as bright as paper, print beneath stays black in all three.
"""

from __future__ import annotations

import cv2
import numpy as np

from ocr_pipeline.geometry import ColourImage, Mask
from ocr_pipeline.settings import MarkerSettings

_STEP = 4
"""Bands are looked for on every so many rows and columns: they are several characters long."""


def without_marker(image: ColourImage, em: float, settings: MarkerSettings) -> ColourImage:
    """The picture with the bands of markers, and pale tints as broad, as gray as their brightest channel.

    image: uint8, BGR; em: height of the print in pixels. The very same picture where there are none, and where the
    paper itself is coloured.
    """
    size = max(1, image.shape[1] // _STEP), max(1, image.shape[0] // _STEP)
    pale = _pale(cv2.resize(image, size, interpolation=cv2.INTER_NEAREST), settings)
    if not 0 < cv2.countNonZero(pale) <= settings.most_share * pale.size:
        return image
    bands = _bands(pale, em / _STEP, settings)
    if cv2.countNonZero(bands) == 0:
        return image
    full = cv2.resize(bands, (image.shape[1], image.shape[0]), interpolation=cv2.INTER_NEAREST) > 0
    # Colour is stored at half resolution: along a band's edge some of it is missing, and gray.
    light = np.minimum(image[full].max(axis=1, keepdims=True) * (255.0 / settings.paper), 255.0)
    cleared = image.copy()
    cleared[full] = np.rint(light).astype(np.uint8)
    return cleared


def _bands(pale: Mask, em: float, settings: MarkerSettings) -> Mask:
    """255 on bands: what is pale in one piece with a place as long and high as a band's, print and rulings filled."""
    long, high = (max(3, round(size * em)) for size in (settings.length_em, settings.height_em))
    # Bands follow the lines of print, and a page of such may lie on its side in the sheet.
    shares = [cv2.blur(pale, size) for size in ((long, high), (high, long))]
    certain = cv2.max(*shares) >= 255 * settings.share
    reach = 2 * round(settings.edge_em * em) + 1
    filled = cv2.morphologyEx(pale, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    count, labels = cv2.connectedComponents(filled, connectivity=8)
    band = np.zeros(count, np.uint8)
    band[np.unique(labels[certain])] = 255
    band[0] = 0
    return cv2.dilate(band[labels], np.ones((reach, reach), np.uint8)).astype(np.uint8)


def _pale(image: ColourImage, settings: MarkerSettings) -> Mask:
    """255 where a picture is bright and coloured."""
    blue, green, red = cv2.split(image)
    most = cv2.max(cv2.max(blue, green), red)
    chroma = cv2.subtract(most, cv2.min(cv2.min(blue, green), red))
    if cv2.minMaxLoc(chroma)[1] < settings.chroma:
        return np.zeros_like(blue, np.uint8)
    gray = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    pale = (chroma >= settings.chroma) & (most >= settings.brightest) & (gray >= settings.bright)
    return (pale * np.uint8(255)).astype(np.uint8)
