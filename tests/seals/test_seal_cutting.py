from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from helpers_drawing import bar, cleaned
from seal_pictures import (
    CENTRE,
    DPI,
    INK,
    LINE,
    OFFICE,
    as_mask,
    column_stamp,
    frame_of,
    paper,
    pressed,
    region,
    ring_stamp,
    upright,
)

from ocr_pipeline.clean.lines import Ruling, Rulings
from ocr_pipeline.geometry import Box, GrayImage
from ocr_pipeline.seals.cut import AS_LINES, AS_RING, AS_RING_ALONE, CLOSE, CROSSED, RING_LINE, cut_seals
from ocr_pipeline.seals.ink import StampInk, stamp_ink, stamp_patch
from ocr_pipeline.seals.ring import find_rim, star_turn, stretches, unroll, upper_lettering
from ocr_pipeline.seals.ruled import without_rulings
from ocr_pipeline.seals.straight import columns_of, framed, inner_lines, rows_of
from ocr_pipeline.settings import SealTextSettings

SETTINGS = SealTextSettings()


def test_ink_beside_a_stamp_does_not_pull_at_its_rim() -> None:
    plate = as_mask(ring_stamp(180, 120, "抚松县农业农村局"))
    before = find_rim(plate, "oval")
    cv2.rectangle(plate, (60, 285), (120, 305), 255, -1)

    rim = find_rim(plate, "oval")

    assert before is not None and rim is not None
    assert abs(rim.x - before.x) < 2.5 and abs(rim.y - before.y) < 2.5
    assert abs(rim.a - before.a) < 4 and abs(rim.b - before.b) < 4


def test_single_characters_far_beside_a_frames_word_are_print() -> None:
    inside = np.zeros((60, 300), np.uint8)
    for x in (100, 130, 160):
        cv2.rectangle(inside, (x, 15), (x + 24, 45), 255, -1)
    word = rows_of(inside, SETTINGS)
    cv2.rectangle(inside, (10, 15), (34, 45), 255, -1)

    assert rows_of(inside, SETTINGS) == word == [Box(100, 15, 185, 46)]


@pytest.mark.parametrize("mirrored", [False, True])
def test_print_that_goes_on_beside_a_line_is_none_of_it(mirrored: bool) -> None:
    mask = as_mask(ring_stamp(180, 120, OFFICE))
    middle = mask.shape[0] // 2
    rim = find_rim(mask, "oval")
    for x in (-54, -26, 2, 30):
        cv2.rectangle(mask, (middle + x, middle), (middle + x + 24, middle + 26), 255, -1)
    (alone,) = inner_lines(mask, rim, SETTINGS, SETTINGS.middle, alone=True)
    for x in (62, 82, 102):
        cv2.rectangle(mask, (middle + x, middle + 4), (middle + x + 14, middle + 22), 255, -1)

    (line,) = inner_lines(mask[:, ::-1] if mirrored else mask, rim, SETTINGS, SETTINGS.middle, alone=True)

    assert line.width == alone.width
    assert line.x0 == pytest.approx(alone.x0, abs=2)


def test_a_line_that_lost_a_character_stays_whole() -> None:
    mask = as_mask(ring_stamp(180, 120, OFFICE))
    middle = mask.shape[0] // 2
    rim = find_rim(mask, "oval")
    for x in (-26, 2, 30):
        cv2.rectangle(mask, (middle + x, middle), (middle + x + 24, middle + 26), 255, -1)

    (line,) = inner_lines(mask, rim, SETTINGS, SETTINGS.middle, alone=True)

    assert (line.x0, line.x1) == (middle - 26, middle + 55)


@pytest.mark.parametrize("mirrored", [False, True])
def test_a_line_goes_on_behind_the_blank_of_a_lost_character(mirrored: bool) -> None:
    mask = as_mask(ring_stamp(180, 120, OFFICE))
    middle = mask.shape[0] // 2
    rim = find_rim(mask, "oval")
    for x in (-68, -40, -12, 44):
        cv2.rectangle(mask, (middle + x, middle), (middle + x + 24, middle + 26), 255, -1)

    (line,) = inner_lines(mask[:, ::-1] if mirrored else mask, rim, SETTINGS, SETTINGS.middle, alone=True)

    assert line.width == 137


def test_a_line_goes_on_to_a_number_behind_a_wide_bracket_rather_than_losing_characters() -> None:
    mask = as_mask(ring_stamp(180, 120, OFFICE))
    middle = mask.shape[0] // 2
    rim = find_rim(mask, "oval")
    for x in (-82, -54, -26, 2, 58, 66, 76):
        cv2.rectangle(mask, (middle + x, middle), (middle + x + (4 if x > 50 else 22), middle + 26), 255, -1)

    (line,) = inner_lines(mask, rim, SETTINGS, SETTINGS.middle, alone=True)

    assert (line.x0, line.x1) == (middle - 82, middle + 81)


def test_a_pens_stroke_across_a_gap_does_not_join_two_lines() -> None:
    inside = np.zeros((120, 300), np.uint8)
    for x, y in [(60, 10), (90, 10), (120, 10), (150, 10), (90, 60), (120, 60)]:
        cv2.rectangle(inside, (x, y), (x + 24, y + 30), 255, -1)
    apart = rows_of(inside, SETTINGS)
    cv2.line(inside, (130, 20), (118, 80), 255, 3)

    joined = rows_of(inside, SETTINGS)

    assert len(apart) == 2
    assert [(box.x0, box.x1) for box in joined] == [(box.x0, box.x1) for box in apart]
    assert [box.y0 for box in joined] == pytest.approx([box.y0 for box in apart], abs=20)


def test_large_characters_of_two_parts_are_one_line() -> None:
    inside = np.zeros((120, 300), np.uint8)
    for x in (80, 160):
        cv2.rectangle(inside, (x, 30), (x + 60, 56), 255, -1)
        cv2.rectangle(inside, (x, 60), (x + 60, 90), 255, -1)
        cv2.rectangle(inside, (x + 30, 56), (x + 33, 60), 255, -1)

    assert len(rows_of(inside, SETTINGS)) == 1


def test_specks_at_a_frames_edges_are_no_lines() -> None:
    inside = np.zeros((120, 300), np.uint8)
    inside[0, 50:80] = inside[-1, 50:80] = 255

    assert rows_of(inside, SETTINGS) == []


@pytest.mark.parametrize("tilt", [-12.0, 0.0, 9.0])
def test_the_rim_of_an_oval_stamp_is_found_with_its_tilt(tilt: float) -> None:
    plate = ring_stamp(180, 120, OFFICE, tilt=tilt)
    rim = find_rim(as_mask(plate), "oval")
    assert rim is not None
    assert (rim.x, rim.y) == pytest.approx((200, 200), abs=2)
    assert (rim.a, rim.b) == pytest.approx((180, 120), abs=3)
    assert rim.tilt == pytest.approx(tilt, abs=1)
    assert rim.points(np.array([0.0]), 0.0)[0] == pytest.approx(
        (rim.x + rim.b * np.sin(np.deg2rad(tilt)), rim.y - rim.b * np.cos(np.deg2rad(tilt))), abs=1
    )


@pytest.mark.parametrize("tilt", [-14.0, 0.0, 14.0])
def test_the_ring_unrolls_into_one_stretch_around_the_top(tilt: float) -> None:
    plate = ring_stamp(160, 160, OFFICE, star=True, tilt=tilt)
    rim = find_rim(as_mask(plate), "round")
    assert rim is not None
    ring = unroll((255 - plate).astype(np.uint8), as_mask(plate), rim)
    assert ring is not None
    # Lettering of 0.28 of the radius, whose middle lies 0.28 of it inside the rim.
    assert ring.bottom - ring.top == pytest.approx(0.28 * 160, rel=0.25)
    (stretch,) = stretches(ring, SETTINGS)
    first, last = np.degrees(ring.turns[[stretch.start, stretch.stop - 1]])
    assert (first + last) / 2 == pytest.approx(tilt, abs=4)
    assert last - first == pytest.approx(220 + 18, abs=12)


def test_a_bare_ring_has_no_lettering() -> None:
    plate = ring_stamp(160, 160, "  ", star=True)
    rim = find_rim(as_mask(plate), "round")
    assert rim is not None
    ring = unroll((255 - plate).astype(np.uint8), as_mask(plate), rim)
    assert ring is None or stretches(ring, SETTINGS) == []


def test_the_stamps_ink_comes_without_the_print() -> None:
    page, plate = paper(), ring_stamp(160, 160, OFFICE, star=True)
    for x in range(250, 560, 23):
        bar(page, x, 260, x + 6, 580)
    image, seal = pressed(page, plate), region(plate, "round")
    ink = stamp_ink(stamp_patch(image, upright(image), seal, SETTINGS), seal, SETTINGS)
    assert ink is not None
    back = np.array([[1 / ink.scale, 0, ink.box.x0], [0, 1 / ink.scale, ink.box.y0], [0, 0, 1]])
    there = cv2.warpPerspective(ink.gray, back, (page.shape[1], page.shape[0]), borderValue=(255,))
    stamp = np.zeros_like(page)
    stamp[CENTRE[1] - 180 : CENTRE[1] + 180, CENTRE[0] - 180 : CENTRE[0] + 180] = plate
    inside, far = cv2.erode(stamp, np.ones((3, 3))) > 200, cv2.dilate(stamp, np.ones((9, 9))) == 0
    assert np.median(there[inside & (page == 255)]) < 60
    assert np.mean(there[far & (page == 0)] > 170) > 0.97
    assert np.mean(there[far & (page == 255)] > 170) > 0.99


def test_print_on_paper_of_the_stamps_colour_is_none_of_its_ink() -> None:
    page, plate = paper(), ring_stamp(160, 160, OFFICE)
    for x in range(330, 480, 11):
        bar(page, x, 380, x + 4, 460)
    tint = np.array((0.84, 0.86, 0.98), np.float32)
    _, stored = cv2.imencode(".jpg", (pressed(page, plate) * tint).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, 60])
    image = cv2.imdecode(stored, cv2.IMREAD_COLOR).astype(np.uint8)
    seal = region(plate, "round")

    for close in (False, True):
        ink = stamp_ink(stamp_patch(image, upright(image), seal, SETTINGS), seal, SETTINGS, close=close)
        assert ink is not None
        left, top, scale = ink.box.x0, ink.box.y0, ink.scale
        rows = slice(round((380 - top) * scale), round((460 - top) * scale))
        columns = slice(round((330 - left) * scale), round((480 - left) * scale))
        assert np.mean(ink.mask[rows, columns] > 0) < 0.01


def test_thin_strokes_keep_their_ink_where_the_picture_lost_their_colour() -> None:
    page, plate = paper(), ring_stamp(160, 160, "  ")
    strokes = [(x, y) for x in range(110, 260, 16) for y in (120, 220)]
    for x, y in strokes:
        bar(plate, x, y, x + 1, y + 40, level=255)
    for x in range(330, 480, 11):
        bar(page, x, 405, x + 5, 435)
    faint = cv2.addWeighted(pressed(page, plate), 0.6, cv2.cvtColor(page, cv2.COLOR_GRAY2BGR), 0.4, 0)
    _, stored = cv2.imencode(".jpg", faint, [cv2.IMWRITE_JPEG_QUALITY, 30])
    image, seal = cv2.imdecode(stored, cv2.IMREAD_COLOR).astype(np.uint8), region(plate, "round")
    ink = stamp_ink(stamp_patch(image, upright(image), seal, SETTINGS), seal, SETTINGS)
    assert ink is not None

    def there(x0: float, y0: float, x1: float, y1: float) -> npt.NDArray[np.bool_]:
        (left, top), (right, bottom) = (
            (round((x - ink.box.x0) * ink.scale), round((y - ink.box.y0) * ink.scale)) for x, y in ((x0, y0), (x1, y1))
        )
        return ink.mask[top:bottom, left:right] > 0

    left, top = CENTRE[0] - plate.shape[1] // 2, CENTRE[1] - plate.shape[0] // 2
    found = [there(left + x - 1, top + y + 4, left + x + 2, top + y + 36).any(axis=1).mean() for x, y in strokes]
    assert np.mean(found) > 0.95
    assert there(330, 407, 480, 433).mean() < 0.02


def test_a_second_thin_rim_is_no_lettering() -> None:
    plate = ring_stamp(160, 160, OFFICE, star=True)
    thin = plate.copy()
    cv2.circle(thin, (180, 180), 138, 255, 2)
    rim = find_rim(as_mask(thin), "round")
    assert rim is not None
    plain = unroll((255 - plate).astype(np.uint8), as_mask(plate), rim)
    ring = unroll((255 - thin).astype(np.uint8), as_mask(thin), rim)
    assert ring is not None and plain is not None
    assert ring.top >= plain.top - 3
    stretch = upper_lettering(ring, stretches(ring, SETTINGS), SETTINGS)
    assert stretch is not None
    first, last = np.degrees(ring.turns[[stretch.start, stretch.stop - 1]])
    assert (first + last) / 2 == pytest.approx(0, abs=5)


def test_specks_between_rim_and_lettering_do_not_make_it_taller() -> None:
    plate = ring_stamp(160, 160, "  ", star=True)
    for degrees in range(-120, 121, 10):
        turn = np.deg2rad(degrees)
        at = [(180 + r * np.sin(turn), 180 - r * np.cos(turn)) for r in (144, 130, 112)]
        (x, y), *ends = [(round(float(a)), round(float(b))) for a, b in at]
        cv2.circle(plate, (x, y), 1, 255, -1)
        cv2.line(plate, *ends, 255, 6)
    rim = find_rim(as_mask(plate), "round")
    assert rim is not None
    ring = unroll((255 - plate).astype(np.uint8), as_mask(plate), rim)

    assert ring is not None
    assert ring.top >= 160 - 135 and ring.bottom - ring.top < 36


def test_specks_at_the_foot_do_not_join_the_lettering() -> None:
    plate = ring_stamp(160, 160, OFFICE, star=True)
    cv2.circle(plate, (180 - 40, 180 + 108), 5, 255, -1)
    rim = find_rim(as_mask(plate), "round")
    assert rim is not None
    ring = unroll((255 - plate).astype(np.uint8), as_mask(plate), rim)
    assert ring is not None
    stretch = upper_lettering(ring, stretches(ring, SETTINGS), SETTINGS)
    assert stretch is not None
    first, last = np.degrees(ring.turns[[stretch.start, stretch.stop - 1]])
    assert last - first == pytest.approx(238, abs=14)


def test_a_stamps_ink_is_that_of_its_own_colour_and_outline() -> None:
    page, plate = paper(), ring_stamp(160, 160, OFFICE, star=True)
    image, seal = pressed(page, plate), region(plate, "round")
    alone = stamp_ink(stamp_patch(image, upright(image), seal, SETTINGS), seal, SETTINGS)
    image[400:560, 230:262] = (200, 120, 20)
    image[585:600, 250:560] = INK
    beside = stamp_ink(stamp_patch(image, upright(image), seal, SETTINGS), seal, SETTINGS)
    assert alone is not None and beside is not None
    assert np.mean(np.abs(alone.gray.astype(int) - beside.gray.astype(int)) > 60) < 0.03


def test_gray_paper_has_no_stamp_ink() -> None:
    image, seal = cv2.cvtColor(paper(), cv2.COLOR_GRAY2BGR), region(ring_stamp(160, 160, OFFICE), "round")
    assert stamp_ink(stamp_patch(image, upright(image), seal, SETTINGS), seal, SETTINGS) is None


def test_a_square_seal_is_read_in_columns_from_the_right() -> None:
    plate = column_stamp("某某县人民政府", 3)
    inside = framed((255 - plate).astype(np.uint8), as_mask(plate), frame_of(plate))
    assert inside is not None
    columns = columns_of(inside[1], SETTINGS)
    assert [len(column) for column in columns] == [3, 3, 1]
    assert columns[0][0].x0 > columns[1][0].x0 > columns[2][0].x0
    assert [box.y0 for box in columns[0]] == sorted(box.y0 for box in columns[0])


def test_every_other_line_of_a_raster_is_none_of_its_own() -> None:
    mask = np.zeros((240, 240), np.uint8)
    for x in range(10, 240, 80):
        for y in range(10, 240, 60):
            cv2.rectangle(mask, (x, y), (x + 58, y + 32), 255, 6)
            cv2.line(mask, (x, y), (x + 58, y + 32), 255, 6)
    assert [len(column) for column in columns_of(mask, SETTINGS)] == [4, 4, 4]


def test_a_raster_of_characters_is_found_under_scattered_ink() -> None:
    plate = column_stamp("某某县人民政府办", 3).copy()
    random = np.random.default_rng(0)
    for x, y in random.integers(20, 260, (150, 2)).tolist():
        plate[y : y + 2, x : x + 2] = 255
    inside = framed((255 - plate).astype(np.uint8), as_mask(plate), frame_of(plate))
    assert inside is not None
    assert [len(column) for column in columns_of(inside[1], SETTINGS)] == [3, 3, 2]


def test_what_a_frame_left_at_an_edge_is_no_row_of_characters() -> None:
    plate = column_stamp("某某县人民政府办", 3)
    inside = framed((255 - plate).astype(np.uint8), as_mask(plate), frame_of(plate))
    assert inside is not None
    mask = np.pad(inside[1], 24)
    mask[:6, 30:-90] = mask[60:-30, :6] = 255
    assert [len(column) for column in columns_of(mask, SETTINGS)] == [3, 3, 2]


def test_every_piece_of_a_stamp_has_an_address_of_its_own() -> None:
    plate = ring_stamp(220, 150, OFFICE, LINE)
    image = pressed(paper(), plate)
    crops = cut_seals(image, cleaned(image, DPI), SETTINGS)
    addresses = [crop.address for crop in crops]
    assert len(set(addresses)) == len(addresses)
    pieces = {(a.attempt, a.line) for a in addresses}
    assert {(AS_RING, RING_LINE), (CLOSE + AS_RING, RING_LINE)} <= pieces
    # The line's middle is 0.55 of the half height below the stamp's.
    for attempt in (AS_RING, AS_LINES, CLOSE + AS_RING):
        assert any(way == attempt and abs(line - 1 - 1.55 * SETTINGS.places) <= 2 for way, line in pieces)
    for crop in crops:
        assert crop.image.shape[1] > crop.image.shape[0] / 2
        assert crop.box.iou(Box(180, 270, 620, 570)) > 0.8


@pytest.mark.models
@pytest.mark.parametrize(
    ("plate", "text"),
    [
        (lambda: ring_stamp(165, 165, OFFICE, star=True, tilt=11), OFFICE),
        (lambda: ring_stamp(220, 150, OFFICE, LINE, tilt=-7), OFFICE + LINE),
        (lambda: column_stamp("某县人民政府印", 3), "某县人民政府印"),
    ],
)
def test_a_stamp_over_rulings_is_read(plate, text: str) -> None:
    from ocr_pipeline.assemble.seals import seal_text
    from ocr_pipeline.ocr.engine import load_recogniser
    from ocr_pipeline.settings import EngineSettings

    page = paper()
    for y in range(260, 600, 70):
        bar(page, 100, y, 700, y + 2)
    image = pressed(page, plate())
    crops = cut_seals(image, cleaned(image, DPI), SETTINGS)
    readings = load_recogniser(EngineSettings(threads=1)).read([crop.image for crop in crops])
    assert seal_text({crop.address: read for crop, read in zip(crops, readings, strict=True)}, SETTINGS).text == text


@pytest.mark.parametrize("tilt", [-25.0, -8.0, 0.0, 14.0, 30.0])
def test_a_star_tells_how_a_stamp_is_turned(tilt: float) -> None:
    plate = ring_stamp(160, 160, OFFICE, LINE, star=True, tilt=tilt)
    rim = find_rim(as_mask(plate), "round")
    assert rim is not None
    assert star_turn(as_mask(plate), rim, SETTINGS) == pytest.approx(tilt, abs=1.5)


def test_a_middle_without_a_star_tells_no_turn() -> None:
    plate = ring_stamp(160, 160, OFFICE, LINE)
    cv2.putText(plate, "2021.5.7", (110, 190), cv2.FONT_HERSHEY_SIMPLEX, 1.0, (255,), 4)
    rim = find_rim(as_mask(plate), "round")
    assert rim is not None
    assert star_turn(as_mask(plate), rim, SETTINGS) is None


def ruled(*pieces: tuple[float, float, float]) -> Rulings:
    """Level rulings (from, to, at y), 3 pixels thick."""
    mask = np.zeros((1, 1), np.uint8)
    lines = [Ruling(np.array([x0, x1]), np.array([y, y]), 3.0) for x0, x1, y in pieces]
    return Rulings(tuple(lines), (), mask, mask, mask, mask)


def inked(plate: GrayImage) -> StampInk:
    box = Box(0, 0, plate.shape[1], plate.shape[0])
    return StampInk((255 - plate).astype(np.uint8), as_mask(plate), box, 1.0)


@pytest.mark.parametrize(
    "pieces",
    [
        [(-300, 700, 180)],
        [(-300, 12, 180), (340, 700, 180)],
        # Lost at the rim, further out than its ends are looked for.
        [(-300, -60, 180), (40, 310, 180), (420, 700, 180)],
    ],
)
def test_a_ruling_of_the_stamps_colour_is_taken_out(pieces: list[tuple[float, float, float]]) -> None:
    plate = ring_stamp(160, 160, OFFICE)
    over = plate.copy()
    cv2.line(over, (0, 180), (360, 180), 255, 3)
    bare = without_rulings(inked(over), ruled(*pieces), SETTINGS)
    left, known = bare.mask > 0, plate > 127
    assert np.count_nonzero(left[178:183] & ~known[178:183]) < 0.2 * 3 * 360
    # Strokes that it crosses stay.
    assert np.count_nonzero(left & known) > 0.97 * np.count_nonzero(known)


def test_lettering_under_rulings_of_its_colour_is_read_with_them_and_without() -> None:
    page, plate = paper(), ring_stamp(160, 160, OFFICE)
    clear, over = pressed(page, plate), pressed(page, plate)
    over[CENTRE[1] - 1 : CENTRE[1] + 2] = INK
    across = ruled((0, over.shape[1], CENTRE[1]))
    without, crossed = (
        {crop.address.attempt: crop for crop in cut_seals(one, replace(cleaned(clear, DPI), rulings=rulings), SETTINGS)}
        for one, rulings in ((clear, ruled()), (over, across))
    )

    assert {attempt + CROSSED for attempt in without} | set(without) == set(crossed)
    assert crossed[AS_RING_ALONE + CROSSED].image.mean() < crossed[AS_RING_ALONE].image.mean()


def test_a_band_as_thick_as_a_tinted_row_is_no_ruling() -> None:
    plate = ring_stamp(160, 160, OFFICE, star=True)
    row = replace(ruled((-300, 700, 100)).horizontal[0], thickness=40.0)
    rulings = replace(ruled(), horizontal=(row,))

    assert np.array_equal(without_rulings(inked(plate), rulings, SETTINGS).gray, 255 - plate)


def test_rulings_that_were_told_from_the_ink_take_nothing_of_it() -> None:
    plate = ring_stamp(160, 160, OFFICE, star=True)
    bare = without_rulings(inked(plate), ruled((-300, 700, 180), (-300, 700, 70)), SETTINGS)
    assert np.array_equal(bare.gray, 255 - plate)


def test_a_stamp_across_the_edge_of_a_coloured_area_keeps_its_ink() -> None:
    page, plate = paper(), ring_stamp(160, 160, OFFICE, star=True)
    white, seal = pressed(page, plate), region(plate, "round")
    tint = np.ones(white.shape, np.float32)
    tint[:, CENTRE[0] + 60 : CENTRE[0] + 110] = (0.55, 0.75, 0.35)
    image = (white * tint).astype(np.uint8)
    plain, coloured = (
        stamp_ink(stamp_patch(one, upright(one), seal, SETTINGS), seal, SETTINGS, close=True) for one in (white, image)
    )
    assert plain is not None and coloured is not None
    assert np.mean((plain.mask > 0) != (coloured.mask > 0)) < 0.02


def test_white_rows_between_tinted_ones_are_no_ink() -> None:
    plate = ring_stamp(180, 120, "抚松县农业农村局")
    faint = (0.35 * plate).astype(np.uint8)
    tint = np.ones((*paper().shape, 3), np.float32)
    for row in range(0, tint.shape[0], 90):
        tint[row : row + 54] = (0.9, 0.78, 0.7)
    image = (pressed(paper(), faint) * tint).astype(np.uint8)
    seal = region(plate, "oval")

    ink = stamp_ink(stamp_patch(image, upright(image), seal, SETTINGS), seal, SETTINGS)

    assert ink is not None
    rim = find_rim(ink.mask, "oval")
    assert rim is not None
    assert (rim.a, rim.b) == pytest.approx((180 * ink.scale, 120 * ink.scale), rel=0.04)
    assert (ink.mask > 0).mean() < 0.25


def test_the_stamps_colour_is_taken_from_its_rim() -> None:
    page, plate = paper(), ring_stamp(160, 160, OFFICE, star=True)
    faint = cv2.addWeighted(pressed(page, plate), 0.4, cv2.cvtColor(page, cv2.COLOR_GRAY2BGR), 0.6, 0).astype(np.uint8)
    seal = region(plate, "round")
    alone = stamp_ink(stamp_patch(faint, upright(faint), seal, SETTINGS), seal, SETTINGS, close=True)
    faint[380:470, 360:420] = INK
    beside = stamp_ink(stamp_patch(faint, upright(faint), seal, SETTINGS), seal, SETTINGS, close=True)
    assert alone is not None and beside is not None
    away = np.ones(alone.mask.shape, np.bool_)
    x, y = ((350 - alone.box.x0) * alone.scale, (370 - alone.box.y0) * alone.scale)
    away[round(y) : round(y + 110 * alone.scale), round(x) : round(x + 80 * alone.scale)] = False
    assert np.mean((alone.mask > 0)[away] != (beside.mask > 0)[away]) < 0.02
