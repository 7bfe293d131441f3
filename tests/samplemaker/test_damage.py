"""The damage's map is exact: a dot drawn before is found where the map says, within a pixel."""

import cv2
import numpy as np
import pytest

from scripts.samplemaker.damage import LEVELS, OVERSAMPLE, Geometry, page_map, random_map, warp
from scripts.samplemaker.geometry import apply, skew_at

SIZE = (1000, 1400)
SPOTS = np.array([[150.0, 180.0], [850.0, 210.0], [500.0, 700.0], [160.0, 1230.0], [830.0, 1210.0]])


def _found(geometry: Geometry) -> float:
    """Largest distance between a dot found in the scan and where the map puts it, in scan pixels."""
    worst = 0.0
    for spot in SPOTS:
        drawing = np.full((SIZE[1], SIZE[0]), 255, dtype=np.uint8)
        # A disc whose middle is the spot in coordinates where pixel i spans i..i+1.
        cv2.circle(drawing, (int((spot[0] - 0.5) * 16), int((spot[1] - 0.5) * 16)), 10 * 16, 0, -1, cv2.LINE_AA, 4)
        ink = 255.0 - warp(drawing, geometry, 255).astype(np.float64)
        rows, cols = np.indices(ink.shape)
        middle = np.array([(ink * (cols + 0.5)).sum(), (ink * (rows + 0.5)).sum()]) / ink.sum()
        worst = max(worst, float(np.hypot(*(middle - apply(geometry.matrix, spot[None])[0]))))
    return worst


@pytest.mark.parametrize("level", ["clean", "office", "bad"])
@pytest.mark.parametrize("seed", [0, 1])
def test_points_are_carried(level: str, seed: int) -> None:
    assert _found(random_map(SIZE, LEVELS[level], np.random.default_rng(seed))) < 0.3


@pytest.mark.parametrize("orientation", [0, 90, 180, 270])
def test_points_are_carried_through_quarter_turns(orientation: int) -> None:
    geometry = page_map(SIZE, 2.0, (0.03, -0.01), orientation=orientation)
    assert (geometry.width > geometry.height) == (orientation in (90, 270))
    assert _found(geometry) < 0.3


def test_wide_angles_keep_the_corners() -> None:
    geometry = page_map(SIZE, -33.0, expand=True)
    corners = apply(geometry.matrix, np.array([[0.0, 0.0], [SIZE[0], 0.0], [SIZE[0], SIZE[1]], [0.0, SIZE[1]]]))
    assert corners.min() > -1.0
    assert (corners < [geometry.width + 1, geometry.height + 1]).all()
    assert _found(geometry) < 0.3


@pytest.mark.parametrize("angle", [-3.0, 0.0, 1.5])
def test_skew_is_positive_counter_clockwise(angle: float) -> None:
    geometry = page_map(SIZE, angle)
    assert skew_at(geometry.matrix, SIZE[0] / 2, SIZE[1] / 2) == pytest.approx(angle, abs=1e-6)
    left, right = apply(geometry.matrix, np.array([[100.0, 700.0], [900.0, 700.0]]))
    # Counter-clockwise print climbs to the right: y shrinks.
    assert np.sign(left[1] - right[1]) == np.sign(angle)
    assert geometry.width == SIZE[0] // OVERSAMPLE
