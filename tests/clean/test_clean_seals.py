from __future__ import annotations

import cv2
import numpy as np
import pytest
from clean_pages import DPI, prose_page, table_page
from helpers_drawing import BLUE, RED, VIOLET, cleaned, em_at, scanned, stamp, stamped, turned

from ocr_pipeline.clean.background import find_ink
from ocr_pipeline.clean.seal_shapes import Ellipse, rim_cover
from ocr_pipeline.clean.seal_sides import holds_lettering
from ocr_pipeline.clean.seals import split_seals
from ocr_pipeline.geometry import ColourImage, GrayImage, Mask
from ocr_pipeline.settings import CleanSettings, SealSettings

CENTRE, RADIUS = (500, 600), 95


def with_stamp(gray: GrayImage, ink: tuple[int, int, int]) -> ColourImage:
    return stamped(gray, stamp((gray.shape[1], gray.shape[0]), CENTRE, RADIUS, ink))


def ink_of(gray: GrayImage) -> Mask:
    return find_ink(gray, em_at(DPI), CleanSettings())


@pytest.mark.parametrize(
    ("draw", "blur"),
    [
        (prose_page, 0.0),
        (prose_page, 0.7),
        (prose_page, 1.0),
        (table_page, 0.0),
        (table_page, 0.7),
        (table_page, 1.0),
    ],
)
@pytest.mark.parametrize("ink", [RED, BLUE, VIOLET])
def test_print_under_a_stamp_survives_and_the_stamp_goes(draw, ink: tuple[int, int, int], blur: float) -> None:
    gray = draw()
    image = with_stamp(gray, ink)
    if blur:
        image = scanned(image, blur)
    plain = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    result, seals, removed = split_seals(image, em_at(DPI), SealSettings())
    assert [s.shape for s in seals] == ["round"]
    box = seals[0].box
    assert box.centre == pytest.approx(CENTRE, abs=4)
    assert box.width == pytest.approx(2 * RADIUS, abs=16)
    beneath = (gray == 0) & (removed > 0)
    assert np.count_nonzero(beneath) > 200
    assert np.mean(ink_of(result)[beneath] > 0) > 0.97
    away = removed == 0
    assert np.array_equal(result[away], plain[away])
    near_print = cv2.dilate((gray < 255).astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    stamp_only = (plain < 200) & ~near_print
    assert np.count_nonzero(stamp_only) > 1500
    assert np.all(removed[stamp_only] == 255)
    assert np.mean(result[stamp_only] > 190) > 0.99
    assert np.mean(ink_of(result)[stamp_only] > 0) < 0.05


@pytest.mark.parametrize(("ink", "most"), [(RED, 0.002), (BLUE, 0.01), (VIOLET, 0.04)])
def test_no_hairlines_stay_beside_the_print(ink: tuple[int, int, int], most: float) -> None:
    gray = table_page()
    _, data = cv2.imencode(".jpg", scanned(with_stamp(gray, ink), 0.8), [cv2.IMWRITE_JPEG_QUALITY, 75])
    result, _, removed = split_seals(cv2.imdecode(data, cv2.IMREAD_COLOR), em_at(DPI), SealSettings())
    away = cv2.dilate((gray < 255).astype(np.uint8), np.ones((9, 9), np.uint8)) == 0
    assert np.mean(result[(removed > 0) & away] < 230) < most


@pytest.mark.parametrize("ink", [RED, BLUE, VIOLET, (110, 30, 75)])
def test_dark_print_under_a_strong_stamp_stays_dark_where_its_colour_is_lost(ink: tuple[int, int, int]) -> None:
    gray = np.maximum(table_page(), 40)
    _, data = cv2.imencode(".jpg", scanned(with_stamp(gray, ink), 0.8), [cv2.IMWRITE_JPEG_QUALITY, 60])
    result, seals, removed = split_seals(cv2.imdecode(data, cv2.IMREAD_COLOR), em_at(DPI), SealSettings())
    beneath = (gray < 60) & (removed > 0)
    assert len(seals) == 1
    assert np.percentile(result[beneath], 75) < 163
    assert np.percentile(result[beneath], 90) < 205


def test_faint_print_under_a_faint_stamp_stays() -> None:
    gray = table_page()
    faint = cv2.addWeighted(with_stamp(gray, RED), 0.25, np.full((*gray.shape, 3), 255, np.uint8), 0.75, 0)
    image = scanned(faint.astype(np.uint8), 0.7)
    result, seals, removed = split_seals(image, em_at(DPI), SealSettings())
    beneath = (gray == 0) & (removed > 0)
    assert len(seals) == 1
    assert np.mean(result[beneath] < 240) > 0.98


def test_a_stamp_saved_as_jpeg_goes_too() -> None:
    gray = table_page()
    _, data = cv2.imencode(".jpg", with_stamp(gray, RED), [cv2.IMWRITE_JPEG_QUALITY, 75])
    page = cleaned(cv2.imdecode(data, cv2.IMREAD_COLOR), DPI)
    assert [s.colour for s in page.seals] == ["red"]
    assert np.mean(page.ink[gray == 0] < 128) > 0.98
    assert np.mean(page.ink[gray == 255] > 190) > 0.995


def test_two_stamps_are_two() -> None:
    gray = prose_page()
    size = (gray.shape[1], gray.shape[0])
    image = stamped(gray, stamp(size, (300, 400), 80, RED))
    image = (image * (stamp(size, (650, 900), 100, BLUE) / 255.0)).round().astype(np.uint8)
    _, seals, _ = split_seals(image, em_at(DPI), SealSettings())
    assert sorted(s.box.centre[0] for s in seals) == pytest.approx([300, 650], abs=4)


@pytest.mark.parametrize(
    ("colour", "inks"),
    [
        ("red", [(60, 50, 215), (40, 40, 180), (90, 60, 230)]),
        ("blue", [(255, 0, 0), (200, 60, 40), (190, 80, 30), (150, 60, 30)]),
        ("violet", [(128, 0, 128), (160, 40, 90), (130, 0, 75)]),
    ],
)
def test_the_ink_is_named(colour: str, inks: list[tuple[int, int, int]]) -> None:
    named = [split_seals(with_stamp(prose_page(), ink), em_at(DPI), SealSettings())[1][0].colour for ink in inks]
    assert named == [colour] * len(inks)


def test_a_stamp_on_a_crooked_page_is_told_in_source_pixels() -> None:
    gray = turned(prose_page(), 6.0)
    centre = (gray.shape[1] // 2, gray.shape[0] // 3)
    image = stamped(gray, stamp((gray.shape[1], gray.shape[0]), centre, RADIUS, RED))
    page = cleaned(image, DPI)
    assert page.skew == pytest.approx(6.0, abs=0.1)
    assert len(page.seals) == 1
    assert page.seals[0].quad.box.centre == pytest.approx(centre, abs=5)
    upright = page.transform.to_upright([centre])[0]
    assert page.seals[0].upright_box.contains((float(upright[0]), float(upright[1])))
    assert page.seal_mask is not None
    assert page.seal_mask.shape == page.ink.shape


def test_a_page_without_colour_is_its_gray_copy() -> None:
    gray = prose_page()
    result, seals, removed = split_seals(cv2.cvtColor(gray, cv2.COLOR_GRAY2BGR), em_at(DPI), SealSettings())
    assert np.array_equal(result, gray)
    assert seals == ()
    assert removed is None


def test_a_red_heading_is_no_stamp() -> None:
    gray = prose_page()
    image = cv2.cvtColor(gray, cv2.COLOR_GRAY2BGR)
    cv2.putText(image, "ANNUAL REPORT", (140, 90), cv2.FONT_HERSHEY_SIMPLEX, 2.2, RED, 7, cv2.LINE_AA)
    assert split_seals(image, em_at(DPI), SealSettings())[1] == ()


def test_a_red_rule_is_no_stamp() -> None:
    image = cv2.cvtColor(prose_page(), cv2.COLOR_GRAY2BGR)
    image[110:114, 120:860] = RED
    assert split_seals(image, em_at(DPI), SealSettings())[1] == ()


def test_yellowed_paper_is_no_stamp() -> None:
    image = (cv2.cvtColor(table_page(), cv2.COLOR_GRAY2BGR) * np.array([0.78, 0.9, 0.96])).astype(np.uint8)
    page = cleaned(image, DPI)
    assert page.seals == ()
    assert np.median(page.ink) >= 250


def found_in(image: ColourImage) -> list[tuple[str, str]]:
    return [(seal.shape, seal.colour) for seal in split_seals(image, em_at(DPI), SealSettings())[1]]


def box_stamp(image: ColourImage, x: int, y: int, w: int, h: int, ink: tuple[int, int, int]) -> None:
    """A rectangular stamp with two characters' worth of strokes, multiplied on."""
    layer = np.full(image.shape, 255, np.uint8)
    cv2.rectangle(layer, (x, y), (x + w, y + h), ink, 2)
    cv2.putText(layer, "RECEIVED", (x + w // 8, y + 2 * h // 3), cv2.FONT_HERSHEY_SIMPLEX, w / 200, ink, 2, cv2.LINE_AA)
    image[:] = (image.astype(np.uint16) * layer // 255).astype(np.uint8)


def test_a_stamp_across_shaded_rows_is_found_and_the_rows_are_none() -> None:
    gray = table_page()
    tinted = cv2.cvtColor(gray, cv2.COLOR_GRAY2BGR)
    for y in range(240, 900, 88):
        tinted[y : y + 44, 120:860] = (tinted[y : y + 44, 120:860] * np.array([0.95, 0.85, 0.75])).astype(np.uint8)
    assert found_in(tinted) == []
    stamped_on = (tinted * (stamp((gray.shape[1], gray.shape[0]), CENTRE, RADIUS, RED) / 255.0)).astype(np.uint8)
    assert found_in(stamped_on) == [("round", "red")]


def test_a_faint_stamp_on_a_column_shaded_in_its_hue_is_found_and_the_shading_stays() -> None:
    gray = prose_page()
    tinted = cv2.cvtColor(gray, cv2.COLOR_GRAY2BGR)
    tinted[:, 400:530] = (tinted[:, 400:530] * np.array([0.97, 0.8, 0.7])).astype(np.uint8)
    plain = scanned(tinted)
    assert found_in(plain) == []
    faint = stamp((gray.shape[1], gray.shape[0]), CENTRE, RADIUS, (220, 160, 120))
    image = scanned((tinted * (faint / 255.0)).astype(np.uint8))
    _, seals, removed = split_seals(image, em_at(DPI), SealSettings())
    assert [(seal.shape, seal.colour) for seal in seals] == [("round", "blue")]
    assert removed is not None
    bare = (tinted[:, :, 2] < 200) & (tinted[:, :, 2] > 140) & (cv2.erode(faint, np.ones((9, 9)))[:, :, 2] == 255)
    assert np.count_nonzero(bare) > 5000
    assert np.mean(removed[bare] > 0) < 0.02


def test_a_stamp_crossed_by_a_rule_of_its_colour_is_found() -> None:
    image = with_stamp(prose_page(), RED)
    image[628:631, 60:940] = RED
    assert found_in(image) == [("round", "red")]


def test_a_rectangular_stamp_on_rulings_of_its_colour_is_found_and_they_are_none() -> None:
    image = np.full((1200, 1000, 3), 255, np.uint8)
    for y in range(200, 1000, 60):
        image[y : y + 2, 80:920] = BLUE
    for x in range(80, 921, 140):
        image[200:982, x : x + 2] = BLUE
    assert found_in(image) == []
    box_stamp(image, 330, 425, 240, 100, BLUE)
    assert found_in(image) == [("square", "blue")]


@pytest.mark.parametrize("reach", [0.6, 0.85])
def test_two_stamps_of_one_colour_that_overlap_are_two(reach: float) -> None:
    gray = prose_page()
    size = (gray.shape[1], gray.shape[0])
    image = with_stamp(gray, RED)
    second = (CENTRE[0] + round(2 * RADIUS * reach), CENTRE[1] + 10)
    image = (image * (stamp(size, second, RADIUS, RED) / 255.0)).astype(np.uint8)
    _, seals, _ = split_seals(image, em_at(DPI), SealSettings())
    assert sorted(s.box.centre[0] for s in seals) == pytest.approx([CENTRE[0], second[0]], abs=6)


def test_a_stamp_cut_by_the_pages_edge_is_found() -> None:
    image = with_stamp(prose_page(), RED)
    cut = np.ascontiguousarray(image[:, : CENTRE[0] + RADIUS // 3])
    assert found_in(cut) == [("round", "red")]


def test_small_letters_close_to_a_clear_rim_make_a_stamp() -> None:
    image, radius = with_stamp(prose_page(), (255, 255, 255)), 150
    cv2.circle(image, CENTRE, radius, RED, 7, cv2.LINE_AA)
    assert found_in(image) == []
    for degrees in range(-130, 131, 13):
        turn = np.deg2rad(degrees)
        ends = [(CENTRE[0] + r * np.sin(turn), CENTRE[1] - r * np.cos(turn)) for r in (0.8 * radius, 0.9 * radius)]
        cv2.line(image, *(tuple(round(float(v)) for v in end) for end in ends), RED, 5, cv2.LINE_AA)
    assert found_in(image) == [("round", "red")]


def test_a_ring_drawn_around_print_is_no_stamp() -> None:
    image = cv2.cvtColor(prose_page(), cv2.COLOR_GRAY2BGR)
    cv2.ellipse(image, (500, 500), (70, 34), 5, 0, 360, RED, 3, cv2.LINE_AA)
    assert found_in(image) == []


def test_a_tick_in_a_ring_drawn_by_hand_is_no_lettering() -> None:
    image = cv2.cvtColor(prose_page(), cv2.COLOR_GRAY2BGR)
    cv2.ellipse(image, (500, 500), (90, 60), 5, 0, 360, RED, 3, cv2.LINE_AA)
    cv2.polylines(image, [np.array([(520, 495), (535, 530), (575, 470)])], False, RED, 4, cv2.LINE_AA)
    cv2.line(image, (300, 470), (520, 474), RED, 4, cv2.LINE_AA)
    assert found_in(image) == []


def test_a_rectangular_stamp_that_crosses_a_round_one_is_found() -> None:
    image = with_stamp(prose_page(), RED)
    box_stamp(image, CENTRE[0] - 250, CENTRE[1] + 40, 240, 110, RED)
    assert sorted(found_in(image)) == [("round", "red"), ("square", "red")]


def test_a_second_thin_rim_does_not_speak_against_the_first_and_dense_print_does() -> None:
    plate = np.zeros((140, 140), np.uint8)
    cv2.circle(plate, (70, 70), 55, 255, 2)
    cv2.circle(plate, (70, 70), 50, 255, 1)
    rim = Ellipse(70.0, 70.0, 55.0, 55.0, 0.0)

    twice = rim_cover(np.argwhere(plate)[:, ::-1].astype(np.float64), rim, plate.shape)
    filled = cv2.circle(plate.copy(), (70, 70), 55, 255, -1)
    dense = rim_cover(np.argwhere(filled)[:, ::-1].astype(np.float64), rim, plate.shape)

    assert twice > 0.95
    assert dense < 0.75


@pytest.mark.parametrize("angle", [0.0, -9.0])
def test_a_rectangular_stamp_cut_by_the_pages_edge_is_found(angle: float) -> None:
    image = cv2.cvtColor(prose_page(), cv2.COLOR_GRAY2BGR)
    layer = np.full(image.shape, 255, np.uint8)
    box_stamp(layer, 390, 560, 240, 120, RED)
    turn = cv2.getRotationMatrix2D((510, 620), angle, 1.0)
    layer = cv2.warpAffine(layer, turn, (layer.shape[1], layer.shape[0]), borderValue=(255, 255, 255))
    whole = (image.astype(np.uint16) * layer // 255).astype(np.uint8)
    cut = np.ascontiguousarray(whole[:, :560])
    assert found_in(cut) == [("square", "red")]


def test_nothing_of_a_turned_frame_stays_in_the_ink() -> None:
    gray = prose_page()
    layer = np.full((*gray.shape, 3), 255, np.uint8)
    cv2.rectangle(layer, (300, 500), (620, 660), BLUE, 5)
    cv2.putText(layer, "RECEIVED", (340, 600), cv2.FONT_HERSHEY_SIMPLEX, 1.5, BLUE, 4, cv2.LINE_AA)
    # Print that touches a stamp makes its outline be found on a small mask.
    cv2.line(layer, (200, 520), (700, 545), BLUE, 3)
    turn = cv2.getRotationMatrix2D((460, 580), -6.0, 1.0)
    layer = cv2.warpAffine(layer, turn, (gray.shape[1], gray.shape[0]), borderValue=(255, 255, 255))
    page = (cv2.cvtColor(gray, cv2.COLOR_GRAY2BGR).astype(np.uint16) * layer // 255).astype(np.uint8)
    image = scanned(page, 0.8)
    result, seals, _ = split_seals(image, em_at(DPI), SealSettings())
    assert [seal.shape for seal in seals] == ["square"]
    sides = np.zeros(gray.shape, np.uint8)
    cv2.polylines(sides, [np.array(seals[0].quad.points).round().astype(np.int32)], True, 255, 9)
    print_near = cv2.dilate((gray < 255).astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    there = (sides > 0) & ~print_near
    assert np.mean(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)[there] < 200) > 0.3
    assert np.mean(result[there] < 200) < 0.02


def test_filled_emblems_and_slices_are_no_stamps() -> None:
    image = cv2.cvtColor(prose_page(), cv2.COLOR_GRAY2BGR)
    cv2.circle(image, (200, 80), 50, BLUE, -1)
    cv2.putText(image, "A", (180, 100), cv2.FONT_HERSHEY_SIMPLEX, 2, (255, 255, 255), 6, cv2.LINE_AA)
    cv2.ellipse(image, (600, 1050), (90, 90), 0, 20, 200, RED, -1)
    cv2.ellipse(image, (600, 1050), (90, 90), 0, 200, 380, BLUE, -1)
    assert found_in(image) == []


def test_print_on_a_markers_stroke_is_no_stamp() -> None:
    gray = prose_page()
    image = cv2.cvtColor(gray, cv2.COLOR_GRAY2BGR)
    for y in range(240, 520, 70):
        image[y : y + 40, 150:700] = (image[y : y + 40, 150:700] * np.array([0.35, 0.95, 1.0])).astype(np.uint8)
    assert found_in(image) == []


def test_nothing_but_rulings_within_a_frame_is_no_lettering() -> None:
    strokes = np.zeros((400, 400), np.uint8)
    corners = np.array([(60, 40), (300, 45), (295, 345), (55, 340)], dtype=np.float64)
    strokes = cv2.polylines(strokes, [corners.astype(np.int32)], True, 255, 2).astype(np.uint8)
    cv2.line(strokes, (180, 42), (175, 342), 255, 2)
    cv2.line(strokes, (40, 130), (320, 136), 255, 3)
    assert not holds_lettering(strokes, corners, em_at(DPI), SealSettings())
    cv2.putText(strokes, "SEAL", (80, 240), cv2.FONT_HERSHEY_SIMPLEX, 2.4, 255, 8)
    assert holds_lettering(strokes, corners, em_at(DPI), SealSettings())
