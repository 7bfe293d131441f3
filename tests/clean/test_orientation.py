from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import cv2
import numpy as np
import pytest
from clean_pages import DPI, prose_page, table_page
from helpers_drawing import RED, as_page, cjk_face, em_at, printed, sheet, stamp, stamped
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.clean.orientation import QUARTERS, find_orientation, quarter_turn, turn_image
from ocr_pipeline.clean.page import clean_page
from ocr_pipeline.geometry import Box, ColourImage, GrayImage
from ocr_pipeline.settings import Settings
from ocr_pipeline.stages import CleanPage, RawReading

Votes = tuple[float, float, float, float]
UNSURE: Votes = (0.3, 0.2, 0.3, 0.2)


@dataclass
class Oracle:
    """Sees what it is told; reads well only where the print's usual stroke lies as on the page it knows."""

    votes: Votes
    upright: GrayImage | None = None
    reads: bool = True
    name: str = "oracle"
    looked: list[int] = field(default_factory=list)

    def look(self, images: Sequence[GrayImage]) -> list[Votes]:
        self.looked.append(len(images))
        return [self.votes] * len(images)

    def read(self, images: Sequence[GrayImage]) -> list[RawReading]:
        return [self._read(image) for image in images]

    def _read(self, image: GrayImage) -> RawReading:
        assert self.upright is not None
        inner = image[4:-4, 4:-4]
        fits = inner.shape[0] <= self.upright.shape[0] and inner.shape[1] <= self.upright.shape[1]
        known = fits and cv2.matchTemplate(self.upright, inner, cv2.TM_CCOEFF_NORMED).max() > 0.99
        return RawReading("字" * 8, 0.99, (0.99 if known else 0.4,) * 8)


def sure_of(degrees: int) -> Votes:
    votes = [0.02, 0.02, 0.02, 0.02]
    votes[degrees // 90] = 0.94
    return (votes[0], votes[1], votes[2], votes[3])


def in_colour(gray: GrayImage) -> ColourImage:
    return cv2.cvtColor(gray, cv2.COLOR_GRAY2BGR)


def lying(gray: GrayImage, degrees: int) -> ColourImage:
    """The page as it lies when it has to be turned clockwise by degrees."""
    return turn_image(in_colour(gray), (360 - degrees) % 360)


def cleaned_by(image: ColourImage, oracle: Oracle | None) -> CleanPage:
    return clean_page(as_page(image, DPI), Settings(), oracle)


def test_an_upright_page_costs_one_look_and_stays_as_it_is() -> None:
    image, oracle = in_colour(prose_page()), Oracle(sure_of(0))
    page = cleaned_by(image, oracle)
    assert oracle.looked == [1]
    assert page.orientation == 0
    assert page.transform.is_identity
    assert turn_image(image, 0) is image
    assert np.array_equal(page.ink, cleaned_by(image, None).ink)


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_turned_page_is_cleaned_as_if_it_had_never_lain_wrong(degrees: int) -> None:
    gray = table_page()
    straight = cleaned_by(in_colour(gray), None)
    page = cleaned_by(lying(gray, degrees), Oracle(sure_of(degrees), gray))
    assert page.orientation == degrees
    assert np.array_equal(page.ink, straight.ink)
    assert page.transform.source_size == lying(gray, degrees).shape[1::-1]


@pytest.mark.parametrize("degrees", QUARTERS)
def test_corners_go_clockwise_from_the_top_left_of_the_print(degrees: int) -> None:
    gray = sheet(DPI)
    gray[200:240, 300:420] = 0
    turn = quarter_turn(degrees, *lying(gray, degrees).shape[1::-1])
    quad = turn.quad_to_source(Box(300, 200, 420, 240))
    (x0, y0), (x1, y1) = quad.points[0], quad.points[2]
    rows, columns = (slice(round(min(a, b)), round(max(a, b))) for a, b in ((y0, y1), (x0, x1)))
    source = lying(gray, degrees)[:, :, 0]
    assert np.count_nonzero(source[rows, columns] == 0) == np.count_nonzero(source == 0) == 40 * 120
    top, left = np.subtract(quad.points[1], quad.points[0]), np.subtract(quad.points[3], quad.points[0])
    assert np.hypot(*top) == pytest.approx(120)
    assert top[0] * left[1] - top[1] * left[0] > 0
    assert turn.quad_to_upright(quad).points[0] == pytest.approx((300, 200))


@given(st.sampled_from(QUARTERS), st.integers(20, 300), st.integers(20, 300), st.data())
def test_boxes_come_back_exactly(degrees: int, width: int, height: int, data: st.DataObject) -> None:
    x0, y0 = data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, height - 1))
    box = Box(x0, y0, data.draw(st.integers(x0 + 1, width)), data.draw(st.integers(y0 + 1, height)))
    turn = quarter_turn(degrees, width, height)
    there = turn.quad_to_upright(box).box
    assert there.area == pytest.approx(box.area)
    assert there == there.clipped(*turn.upright_size)
    assert turn.quad_to_source(there).box == box


@pytest.mark.parametrize("degrees", QUARTERS)
def test_reading_decides_where_looks_do_not(degrees: int) -> None:
    gray = prose_page()
    oracle = Oracle(UNSURE, gray)
    assert find_orientation(lying(gray, degrees), DPI, oracle, Settings()) == degrees
    assert oracle.looked == [1, 4]


@pytest.mark.parametrize("votes", [UNSURE, sure_of(90), sure_of(180)])
def test_a_page_that_reads_well_as_it_lies_stays(votes: Votes) -> None:
    gray = prose_page()
    assert find_orientation(in_colour(gray), DPI, Oracle(votes, gray), Settings()) == 0


@pytest.mark.parametrize("votes", [UNSURE, sure_of(180)])
def test_a_page_without_print_stays(votes: Votes) -> None:
    assert find_orientation(in_colour(sheet(DPI)), DPI, Oracle(votes, sheet(DPI)), Settings()) == 0


def test_a_model_that_cannot_read_turns_only_when_it_is_sure() -> None:
    image = lying(prose_page(), 180)
    assert find_orientation(image, DPI, Oracle(sure_of(180), reads=False), Settings()) == 180
    assert find_orientation(image, DPI, Oracle(UNSURE, reads=False), Settings()) == 0
    assert find_orientation(image, DPI, None, Settings()) == 0


def test_a_stamp_on_a_turned_page_is_placed_in_the_source() -> None:
    gray = table_page()
    size = (gray.shape[1], gray.shape[0])
    image = turn_image(stamped(gray, stamp(size, (500, 600), 95, RED)), 270)
    oracle = Oracle(sure_of(90), gray)
    page = cleaned_by(image, replace(oracle, reads=False))
    (seal,) = page.seals
    assert seal.upright_box.centre == pytest.approx((500, 600), abs=5)
    assert seal.quad.box.centre == pytest.approx((600, size[0] - 500), abs=5)
    assert page.transform.quad_to_upright(seal.quad).points[0] == pytest.approx((405, 505), abs=12)


@pytest.mark.models
@pytest.mark.parametrize("grain", [0.0, 60.0])
@pytest.mark.parametrize("degrees", QUARTERS)
def test_the_real_model_sets_a_printed_page_upright(degrees: int, grain: float) -> None:
    from ocr_pipeline.ocr.engine import load_orientation
    from ocr_pipeline.settings import EngineSettings

    dpi = 150.0
    gray, face = sheet(dpi), cjk_face(em_at(dpi))
    for row in range(14):
        printed(gray, "本报告所列数据的统计期限自年初起至年底止", 150, 200 + 40 * row, face)
    noise = np.random.default_rng(5).normal(0, grain, gray.shape)
    noisy = np.clip(cv2.GaussianBlur(gray, (0, 0), 0.9) + noise, 0, 255).astype(np.uint8) if grain else gray
    model = load_orientation(EngineSettings(threads=1))
    assert find_orientation(lying(noisy, degrees), dpi, model, Settings()) == degrees
