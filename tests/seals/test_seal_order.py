from __future__ import annotations

import numpy as np
import pytest
from helpers_drawing import cleaned
from seal_pictures import DPI, column_stamp, paper, pressed
from test_seal_texts import at, read, text_of

from ocr_pipeline.assemble.seal_order import sense_of_order
from ocr_pipeline.seals.cut import AS_LINES, AS_ROWS, CLOSE, cut_seals
from ocr_pipeline.settings import SealTextSettings


@pytest.mark.parametrize(
    ("in_columns", "in_rows", "text"),
    [
        ("县局章泽政印临财之", "临泽县财政局之印章", "临泽县财政局之印章"),
        ("临泽县财政局之印章", "之财临印政泽章局县", "临泽县财政局之印章"),
        ("王某之印", "之王印某", "王某之印"),
        # Neither makes sense: seals are set in columns.
        ("甲乙丙丁", "丙甲丁乙", "甲乙丙丁"),
    ],
)
def test_a_square_seal_reads_in_the_order_that_makes_sense(in_columns: str, in_rows: str, text: str) -> None:
    assert text_of({at(1, AS_LINES): read(in_columns, 0.97), at(1, AS_ROWS): read(in_rows)}).text == text


def test_no_name_begins_as_seals_end() -> None:
    assert sense_of_order("某某之印") > sense_of_order("印之某某")


def test_a_square_seals_characters_are_cut_in_both_orders() -> None:
    image = pressed(paper(), column_stamp("甲乙丙丁", 2))
    crops = {crop.address.attempt: crop.image for crop in cut_seals(image, cleaned(image, DPI), SealTextSettings())}

    assert {AS_LINES, AS_ROWS, CLOSE + AS_LINES, CLOSE + AS_ROWS} <= set(crops)
    columns, rows = crops[AS_LINES], crops[AS_ROWS]
    # 甲 is the first of the columns and the second of the rows: right below the top, 丙 stands to its left.
    side = columns.shape[1] / 4.6
    first = columns[:, : round(1.3 * side)]
    second = rows[:, round(1.3 * side) : round(2.4 * side)]
    width = min(first.shape[1], second.shape[1])
    assert np.count_nonzero(first[:, -width:] < 128) == pytest.approx(np.count_nonzero(second < 128), rel=0.1)
