"""The angle by which a page was laid crooked on the glass.

Rulings and lines of text both put their ink into few rows when the page is straight: the angle at which the
projection of all ink is sharpest is the skew (Postl's criterion, US 4723297). Columns vote too, so that a table's
vertical rulings count.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from ocr_pipeline.geometry import FloatArray, Mask
from ocr_pipeline.settings import CleanSettings


@dataclass(frozen=True)
class SkewEstimate:
    """angle: degrees, positive where the print runs counter-clockwise (rises to the right); confidence 0 to 1."""

    angle: float
    confidence: float


def estimate_skew(binary: Mask, dpi: float, settings: CleanSettings) -> SkewEstimate:
    """The skew of a page from its ink mask (255 = ink). Angle 0 and confidence 0 where there is too little ink."""
    points = _sample_points(binary, dpi, settings)
    if points is None:
        return SkewEstimate(0.0, 0.0)
    x, y = points
    coarse = np.arange(-settings.max_skew, settings.max_skew + 1e-9, settings.coarse_step).astype(np.float64)
    # Spread over their pixels: few whole numbers would fall into whole bins at 0 degrees and look sharp there.
    spread = np.random.default_rng(0).uniform(-0.5, 0.5, (2, len(x))).astype(np.float32)
    spread_x, spread_y = x + spread[0], y + spread[1]
    # A third of the ink shows where the peak is; all of it, where exactly.
    few_x, few_y = spread_x[::3].copy(), spread_y[::3].copy()
    sharpness = np.array([_sharpness(few_x, few_y, float(a)) for a in coarse])
    best = float(coarse[int(np.argmax(sharpness))])
    step = settings.coarse_step
    for round_x, round_y in ((spread_x, spread_y), (x, y), (x, y)):
        step /= 4.0
        around: FloatArray = (best + step * np.arange(-4, 5)).astype(np.float64)
        values = np.array([_sharpness(round_x, round_y, float(a)) for a in around])
        best = _vertex(around, values)
    typical = float(np.median(sharpness))
    confidence = 1.0 - typical / max(float(sharpness.max()), 1e-9)
    return SkewEstimate(best, float(np.clip(confidence, 0.0, 1.0)))


def _vertex(angles: npt.NDArray[np.float64], values: npt.NDArray[np.float64]) -> float:
    """The top of the parabola through the best sample and its neighbours."""
    i = int(np.argmax(values))
    if i in (0, len(values) - 1):
        return float(angles[i])
    left, mid, right = values[i - 1 : i + 2]
    bend = left - 2 * mid + right
    shift = 0.5 * (left - right) / bend if bend < 0 else 0.0
    return float(angles[i] + np.clip(shift, -1, 1) * (angles[1] - angles[0]))


def _sample_points(
    binary: Mask, dpi: float, settings: CleanSettings
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]] | None:
    """Ink coordinates on a copy of about `skew_dpi`, centred, at most `skew_points` of them."""
    scale = min(1.0, settings.skew_dpi / dpi)
    size = (max(1, round(binary.shape[1] * scale)), max(1, round(binary.shape[0] * scale)))
    small = cv2.resize(binary, size, interpolation=cv2.INTER_AREA) if scale < 1 else binary
    # Edges of dark areas only: a photograph or a black scanner border has no say in its inside.
    inside = cv2.erode(small, np.ones((9, 9), np.uint8))
    edges = cv2.bitwise_and(
        cv2.threshold(small, 96, 255, cv2.THRESH_BINARY)[1], cv2.threshold(inside, 95, 255, cv2.THRESH_BINARY_INV)[1]
    )
    found = cv2.findNonZero(edges)
    if found is None or len(found) < settings.min_skew_points:
        return None
    xs, ys = found[:, 0, 0], found[:, 0, 1]
    if len(xs) > settings.skew_points:
        keep = np.linspace(0, len(xs) - 1, settings.skew_points).astype(np.int64)
        xs, ys = xs[keep], ys[keep]
    return (
        (xs - size[0] / 2).astype(np.float32),
        (ys - size[1] / 2).astype(np.float32),
    )


def _sharpness(x: npt.NDArray[np.float32], y: npt.NDArray[np.float32], angle: float) -> float:
    """How unevenly the ink falls into rows and columns when the page is turned back by angle."""
    radians = np.deg2rad(angle)
    cos, sin = np.float32(np.cos(radians)), np.float32(np.sin(radians))
    # In image coordinates (y down) print that rises to the right by `angle` has y = -tan(angle) x.
    return _unevenness(x * sin + y * cos) + _unevenness(x * cos - y * sin)


_PARTS = 8
"""Of a pixel: finer changes no angle, and counting whole numbers takes a third of the time of adding up shares."""
_MIDDLES = (np.arange(_PARTS, dtype=np.float32) + np.float32(0.5)) / np.float32(_PARTS)
_SHARES = np.stack([1 - _MIDDLES, _MIDDLES], axis=1)


def _unevenness(position: npt.NDArray[np.float32]) -> float:
    at = ((position - position.min()) * np.float32(_PARTS)).astype(np.int64)
    pixels = int(at.max()) // _PARTS + 1
    counts = np.bincount(at, minlength=pixels * _PARTS).reshape(pixels, _PARTS).astype(np.float32)
    # Linear splitting between neighbouring pixels keeps the criterion smooth in the angle: each point leaves to the
    # next one the part by which it lies beyond its own.
    own, passed_on = (counts @ _SHARES).T
    profile = np.append(own, np.float32(0))
    profile[1:] += passed_on
    steps = np.diff(profile)
    return float(np.dot(steps, steps) / len(position))
