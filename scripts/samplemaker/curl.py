"""Paper that does not lie flat: level rulings run as curves. The scan is bent when it is made, its truth with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from .filing import Made
from .scan import Scan

Lift = Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.float64]]


@dataclass(frozen=True)
class Curl:
    """How a page sags: depth as a share of its width; a spine at its left or right edge in place of a belly in its
    middle; less at the head of the page than at its foot by the share `fading`."""

    depth: float
    spine: str = "none"
    fading: float = 0.0

    def lift(self, width: int, height: int) -> Lift:
        """By how many pixels a point (x, y of the flat scan) comes to lie lower."""

        def lower(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
            u = x / width
            from_spine = u if self.spine == "left" else 1 - u
            course = 4 * u * (1 - u) if self.spine == "none" else np.exp(-from_spine / 0.3)
            moved: NDArray[np.float64] = self.depth * width * course * (1 - self.fading * (1 - y / height))
            return moved

        return lower


def curled(made: Made, curl: Curl) -> Made:
    """The same document with every page bent."""
    scans = tuple(_bent(scan, curl) for scan in made.scans)
    lifts = [curl.lift(scan.geometry.width, scan.geometry.height) for scan in made.scans]
    pages = [_moved(page, lifts[i]) for i, page in enumerate(made.truth["pages"])]
    tables = [_moved_table(table, lifts) for table in made.truth["tables"]]
    return Made(scans, {**made.truth, "pages": pages, "tables": tables})


def _bent(scan: Scan, curl: Curl) -> Scan:
    height, width = scan.image.shape[:2]
    x, y = np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)
    lower = curl.lift(width, height)
    # Where a pixel comes from: two rounds are plenty, the sag changes slowly down the page.
    origin = y - lower(x, y)
    origin = y - lower(x, origin)
    image = cv2.remap(
        scan.image,
        (x - 0.5).astype(np.float32),
        (origin - 0.5).astype(np.float32),
        cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return replace(scan, image=np.asarray(image, dtype=np.uint8))


def _moved_table(table: dict[str, Any], lifts: list[Lift]) -> dict[str, Any]:
    parts = [_moved(part, lifts[part["page"]]) for part in table["parts"]]
    cells = [_moved(cell, lifts[cell["page"]]) for cell in table["cells"]]
    return {**table, "parts": parts, "cells": cells}


def _moved(thing: Any, lower: Lift) -> Any:
    """A piece of truth with its quads and boxes where the bent paper carries them."""
    if isinstance(thing, list):
        return [_moved(item, lower) for item in thing]
    if not isinstance(thing, dict):
        return thing
    moved = {key: _moved(value, lower) for key, value in thing.items() if key not in ("quad", "box")}
    if "quad" in thing:
        corners = np.array(thing["quad"])
        corners[:, 1] += lower(corners[:, 0], corners[:, 1])
        low, high = corners.min(axis=0), corners.max(axis=0)
        moved["quad"] = corners.round(2).tolist()
        moved["box"] = [round(float(v), 2) for v in (*low, *high)]
    elif "box" in thing:
        moved["box"] = thing["box"]
    return moved
