from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.clean.page import turn_back
from ocr_pipeline.geometry import Box, PageTransform, Quad

lengths = st.floats(-5000, 5000)
points = st.tuples(lengths, lengths)


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    (x0, x1), (y0, y1) = (sorted((draw(lengths), draw(lengths))) for _ in range(2))
    return Box(x0, y0, x1, y1)


@st.composite
def transforms(draw: st.DrawFn, size: tuple[int, int] = (1654, 2338)) -> PageTransform:
    """Turned, moved and stretched pages with a little perspective, as far as scans go."""
    turn = math.radians(draw(st.floats(-180, 180)))
    stretch = draw(st.floats(0.5, 2))
    cos, sin = math.cos(turn) * stretch, math.sin(turn) * stretch
    move = draw(points)
    lean = draw(st.tuples(st.floats(-3e-5, 3e-5), st.floats(-3e-5, 3e-5)))
    matrix = np.array([[cos, -sin, move[0]], [sin, cos, move[1]], [*lean, 1.0]])
    return PageTransform.of_array(matrix, size, size)


@given(transforms(), st.lists(st.tuples(st.floats(0, 1654), st.floats(0, 2338)), min_size=1, max_size=5))
def test_points_come_back(transform: PageTransform, there: list[tuple[float, float]]) -> None:
    assert np.allclose(transform.to_source(transform.to_upright(there)), there, atol=1e-4)


@st.composite
def bent(draw: st.DrawFn) -> PageTransform:
    """The same on bent paper, with a keystone taken out after that now and then."""
    transform = replace(draw(transforms()), bend=tuple(draw(st.lists(st.floats(-90, 90), min_size=2, max_size=9))))
    lean = draw(st.one_of(st.none(), st.tuples(st.floats(-3e-5, 3e-5), st.floats(-3e-5, 3e-5))))
    if lean is None:
        return transform
    keystone = PageTransform.of_array([[1, 0.01, 3], [0, 1, -2], [*lean, 1]], (1654, 2338), (1654, 2338))
    return transform.then(keystone)


@given(bent(), st.lists(st.tuples(st.floats(0, 1654), st.floats(0, 2338)), min_size=1, max_size=5))
def test_points_come_back_from_bent_paper(transform: PageTransform, there: list[tuple[float, float]]) -> None:
    assert not transform.is_identity
    assert np.allclose(transform.to_source(transform.to_upright(there)), there, atol=1e-3)


def test_bent_paper_is_set_level_by_its_own_columns() -> None:
    flat = PageTransform.identity(101, 200)
    arched = replace(flat, bend=(0.0, 10.0, 0.0))
    assert np.allclose(arched.to_upright([(0, 50), (25, 55), (50, 60), (75, 55), (100, 50)])[:, 1], 50)
    twice = arched.then(PageTransform.of_array([[1, 0, 5], [0, 1, 0], [0, 0, 1]], (101, 200), (101, 200)))
    assert np.allclose(twice.to_upright([(50, 60)]), [(55, 50)])
    with pytest.raises(ValueError, match="after a bend"):
        arched.then(arched)
    with pytest.raises(ValueError, match="two finite values"):
        replace(flat, bend=(1.0,))


@given(transforms(), transforms(), st.tuples(st.floats(0, 1654), st.floats(0, 2338)))
def test_then_is_one_after_the_other(first: PageTransform, second: PageTransform, there: tuple[float, float]) -> None:
    steps = second.to_upright(first.to_upright([there]))
    if np.abs(steps).max() < 1e5:
        assert np.allclose(first.then(second).to_upright([there]), steps, atol=1e-3)


@given(transforms(), st.tuples(st.floats(0, 800), st.floats(0, 1100), st.floats(1, 800), st.floats(1, 1100)))
def test_quads_come_back(transform: PageTransform, place: tuple[float, float, float, float]) -> None:
    box = Box(place[0], place[1], place[0] + place[2], place[1] + place[3])
    back = transform.quad_to_source(transform.quad_to_upright(box))
    assert np.allclose(back.points, Quad.of_box(box).points, atol=1e-3)


@given(st.floats(-16, 16), st.integers(50, 3000), st.integers(50, 3000))
def test_turned_page_keeps_every_corner(angle: float, width: int, height: int) -> None:
    transform = turn_back(angle, width, height)
    assert transform.source_size == (width, height)
    corners = transform.to_upright([(0, 0), (width - 1, 0), (width - 1, height - 1), (0, height - 1)])
    assert corners.min() >= -0.51
    assert corners[:, 0].max() <= transform.upright_size[0] - 0.49
    assert corners[:, 1].max() <= transform.upright_size[1] - 0.49


@pytest.mark.parametrize("angle", [-15.0, -0.3, 0.2, 4.0, 15.0])
def test_turn_back_sets_rising_print_level(angle: float) -> None:
    """Print that runs counter-clockwise by a positive angle rises to the right: y falls as x grows."""
    end = (500 + 400 * math.cos(math.radians(angle)), 500 - 400 * math.sin(math.radians(angle)))
    (x0, y0), (x1, y1) = turn_back(angle, 1000, 1000).to_upright([(500, 500), end])
    assert y1 - y0 == pytest.approx(0, abs=1e-6)
    assert x1 - x0 == pytest.approx(400)


def test_identity() -> None:
    assert PageTransform.identity(10, 20).is_identity
    assert not turn_back(0.1, 100, 100).is_identity
    assert not PageTransform.of_array(np.eye(3), (10, 20), (20, 10)).is_identity


def test_transforms_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="invertible"):
        PageTransform((1.0, 0, 0, 2.0, 0, 0, 0, 0, 1.0), (10, 10), (10, 10))
    with pytest.raises(ValueError, match="do not meet"):
        PageTransform.identity(10, 20).then(PageTransform.identity(20, 10))


@given(boxes(), boxes())
def test_intersection_and_union(a: Box, b: Box) -> None:
    assert a.intersection(b) == b.intersection(a)
    assert a.intersection(b) <= min(a.area, b.area)
    assert 0 <= a.iou(b) <= 1 + 1e-9
    whole = a.union(b)
    assert whole == Box.around([b, a])
    assert (whole.x0, whole.y1) == (min(a.x0, b.x0), max(a.y1, b.y1))


@given(boxes())
def test_a_box_agrees_with_itself(box: Box) -> None:
    assert box.iou(box) == pytest.approx(1 if box.area > 0 else 0)
    assert Quad.of_box(box).box == box
    if box.width > 1e-6 and box.height > 1e-6:
        assert box.contains(box.centre)


@given(boxes(), st.integers(1, 3000), st.integers(1, 3000))
def test_clipped_lies_in_the_page(box: Box, width: int, height: int) -> None:
    clipped = box.clipped(width, height)
    assert 0 <= clipped.x0 <= clipped.x1 <= width
    assert 0 <= clipped.y0 <= clipped.y1 <= height
    assert clipped.area == pytest.approx(box.intersection(Box(0, 0, width, height)))


def test_box_ends_are_exclusive() -> None:
    box = Box(0, 0, 10, 10)
    assert box.contains((0, 0))
    assert not box.contains((10, 5))
    assert box.intersection(Box(10, 0, 20, 10)) == 0
    assert box.expanded(2, 3) == Box(-2, -3, 12, 13)


@pytest.mark.parametrize("numbers", [(5, 0, 1, 1), (0, 5, 1, 1), (math.nan, 0, 1, 1), (0, 0, math.inf, 1)])
def test_impossible_boxes_are_refused(numbers: tuple[float, float, float, float]) -> None:
    with pytest.raises(ValueError):
        Box(*numbers)


def test_impossible_quads_are_refused() -> None:
    with pytest.raises(ValueError):
        Quad(((0, 0), (1, 0), (1, math.nan), (0, 1)))
    with pytest.raises(ValueError):
        Box.around([])
