"""Several readings of one piece of a stamp's lettering."""

from __future__ import annotations

import pytest

from ocr_pipeline.assemble.agreement import agreed
from ocr_pipeline.settings import SealTextSettings, SettingsError
from ocr_pipeline.stages import RawReading

SETTINGS = SealTextSettings()


def read(text: str, *scores: float) -> RawReading:
    each = tuple(scores) if len(scores) > 1 else (scores[0] if scores else 0.99,) * len(text)
    return RawReading(text, sum(each) / max(1, len(each)), each)


@pytest.mark.parametrize(
    ("readings", "text"),
    [
        ([read("某阳县", 0.6, 0.99, 0.99), read("泗阳县", 0.9, 0.99, 0.99)], "泗阳县"),
        # Two that are hardly sure outweigh one that is surer.
        ([read("四阳县", 0.9, 0.99, 0.99), read("泗阳县", 0.7, 0.9, 0.9), read("泗阳县", 0.7, 0.8, 0.9)], "泗阳县"),
        # A strange character is passed over by some,
        ([read("大县财政局"), read("大新县财政局", 0.99, 0.45, 0.99, 0.99, 0.99, 0.99)], "大新县财政局"),
        # and what is beside a piece is read with it by some.
        ([read("家财务专用章", 0.9, 0.99, 0.99, 0.99, 0.99, 0.99), read("财务专用章")], "财务专用章"),
        # That something stands there is one question, what it is another.
        (
            [
                read("平县财政局"),
                read("遂平县财政局", 0.7, 0.99, 0.99, 0.99, 0.99, 0.99),
                read("盛平县财政局", 0.5, 0.99, 0.99, 0.99, 0.99, 0.98),
            ],
            "遂平县财政局",
        ),
        ([read("某县财政局"), read("5月7日", 0.9)], "某县财政局"),
        ([read("")], ""),
        ([read("", 0.5), read("某县")], "某县"),
        # Nothing at all speaks against no reading, however unsure.
        ([read(""), read("某县财政局", 0.5)], "某县财政局"),
    ],
)
def test_each_character_is_the_one_that_most_speaks_for(readings: list[RawReading], text: str) -> None:
    for order in (readings, readings[::-1]):
        found = agreed(order, SETTINGS)
        assert found.text == text
        assert len(found.char_scores) == len(found.text)


def test_a_reading_alone_stands_as_it_is() -> None:
    alone = read("某县财政局", 0.3)
    assert agreed([alone], SETTINGS) is alone


def test_settings_out_of_order_are_refused() -> None:
    with pytest.raises(SettingsError, match="close_paper"):
        SealTextSettings(close_paper=0.2)
    with pytest.raises(SettingsError, match="places"):
        SealTextSettings(places=10.0)
