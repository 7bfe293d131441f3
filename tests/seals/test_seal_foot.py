"""Figures at a stamp's foot, and a second ring of lettering."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest
from helpers_drawing import cjk_face
from PIL import Image
from seal_pictures import OFFICE, as_mask, ring_stamp, tile

from ocr_pipeline.geometry import Box, GrayImage
from ocr_pipeline.seals.foot import foot_figures
from ocr_pipeline.seals.ink import StampInk
from ocr_pipeline.seals.inner import inner_picture, inner_ring
from ocr_pipeline.seals.ring import find_rim, low_at_foot, stretches, unroll, upper_lettering
from ocr_pipeline.settings import SealTextSettings

SETTINGS = SealTextSettings()
R = 160
NUMBER = "1234567890123"


def around(plate: GrayImage, text: str, radius: float, size: float, turns: tuple[float, float], *, foot: bool) -> None:
    """Draws characters on a plate, spread from one turn to the other (degrees clockwise from the top)."""
    picture, middle = Image.fromarray(plate), plate.shape[0] / 2
    for i, name in enumerate(text):
        turn = turns[0] + (turns[1] - turns[0]) * i / (len(text) - 1)
        mark = tile(name, cjk_face(size), turn + 180 * foot)
        x = middle + radius * math.sin(math.radians(turn)) - mark.width / 2
        y = middle - radius * math.cos(math.radians(turn)) - mark.height / 2
        picture.paste(255, (round(x), round(y)), mark)
    plate[:] = np.asarray(picture)


def numbered(strength: float = 1.0) -> GrayImage:
    plate = ring_stamp(R, R, OFFICE, star=True)
    figures = np.zeros_like(plate)
    around(figures, NUMBER, R - 24, 18, (216, 144), foot=True)
    return np.maximum(plate, (strength * figures).astype(np.uint8))


def inked(plate: GrayImage) -> StampInk:
    box = Box(0, 0, plate.shape[1], plate.shape[0])
    return StampInk((255 - plate).astype(np.uint8), as_mask(plate), box, 1.0)


def unrolled(plate: GrayImage):
    rim = find_rim(as_mask(plate), "round")
    assert rim is not None
    ring = unroll((255 - plate).astype(np.uint8), as_mask(plate), rim)
    assert ring is not None
    return ring


@pytest.mark.parametrize("strength", [1.0, 0.35])
def test_figures_at_the_foot_are_cut_out_whole_however_faint(strength: float) -> None:
    ring = unrolled(numbered(strength))
    picture = foot_figures(ring, low_at_foot(ring, SETTINGS), SETTINGS)

    assert picture is not None
    ink = (picture < 128).astype(np.uint8)
    count = cv2.connectedComponents(cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((5, 1), np.uint8)))[0] - 1
    assert count == len(NUMBER)
    # Upright: the 1 comes first and is the narrowest, nothing of the rim is left at the edges.
    assert picture[0].min() == picture[-1].min() == 255
    assert 12 <= np.ptp(np.flatnonzero(ink.any(axis=1))) <= 22


def test_a_bare_foot_has_no_figures() -> None:
    ring = unrolled(ring_stamp(R, R, OFFICE, star=True))
    assert foot_figures(ring, low_at_foot(ring, SETTINGS), SETTINGS) is None


def test_figures_close_to_the_lettering_are_none_of_it() -> None:
    plate = ring_stamp(R, R, OFFICE, star=True)
    alone = unrolled(plate)
    around(plate, NUMBER, R - 24, 18, (228, 132), foot=True)
    ring = unrolled(plate)
    before, after = (upper_lettering(one, stretches(one, SETTINGS), SETTINGS) for one in (alone, ring))

    assert before is not None and after is not None
    assert after.stop - after.start == pytest.approx(before.stop - before.start, abs=12)


def test_a_tall_word_far_around_is_no_lettering_at_the_foot() -> None:
    plate = ring_stamp(R, R, "  ", star=True)
    around(plate, "ABCDEFGHIJKLMNOP", R - 40, 44, (-130, 80), foot=False)
    around(plate, "LTD", R - 40, 44, (112, 140), foot=False)
    ring = unrolled(plate)
    found = upper_lettering(ring, stretches(ring, SETTINGS), SETTINGS)

    assert found is not None
    assert np.degrees(ring.turns[(found.stop - 1) % len(ring.turns)]) == pytest.approx(146, abs=8)


@pytest.mark.parametrize("stop", [True, False])
def test_a_full_stop_at_the_end_belongs_to_the_lettering(stop: bool) -> None:
    plate = ring_stamp(R, R, "  ", star=True)
    around(plate, "ABCDEFGHIJKLMNOP", R - 40, 44, (-130, 80), foot=False)
    radians = np.deg2rad(91 if stop else 110)
    x, y = R + 20 + (R - 56) * np.sin(radians), R + 20 - (R - 56) * np.cos(radians)
    cv2.circle(plate, (round(x), round(y)), 4, 255, -1)
    ring = unrolled(plate)
    found = upper_lettering(ring, stretches(ring, SETTINGS), SETTINGS)

    assert found is not None
    last = np.degrees(ring.turns[(found.stop - 1) % len(ring.turns)])
    assert last == pytest.approx(92.5 if stop else 84, abs=2.5)


@pytest.mark.parametrize("turns", [(-75.0, 75.0), (-45.0, 45.0)])
def test_a_second_ring_is_found_inside_the_first(turns: tuple[float, float]) -> None:
    plate = ring_stamp(R, R, OFFICE)
    around(plate, "某某服务中心", 0.43 * R, 0.17 * R, turns, foot=False)
    rim = find_rim(as_mask(plate), "round")
    assert rim is not None
    found = inner_ring(inked(plate), rim, SETTINGS)

    assert found is not None
    ring, stretch = found
    first, last = np.degrees(ring.turns[[stretch.start, stretch.stop - 1]])
    assert (first, last) == pytest.approx((turns[0] - 10, turns[1] + 10), abs=10)
    assert (ring.top + ring.bottom) / 2 == pytest.approx(0.57 * R, abs=0.05 * R)
    assert inner_picture(ring, stretch).shape[0] == pytest.approx(0.17 * R, rel=0.5)


@pytest.mark.parametrize("star", [False, True])
def test_a_single_ring_has_no_second_one(star: bool) -> None:
    plate = ring_stamp(R, R, OFFICE, "合同专用章", star=star)
    rim = find_rim(as_mask(plate), "round")
    assert rim is not None
    assert inner_ring(inked(plate), rim, SETTINGS) is None
