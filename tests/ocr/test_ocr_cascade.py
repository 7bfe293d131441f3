"""A light recogniser before a heavy one: who reads what, and what comes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.document import Alternative
from ocr_pipeline.geometry import GrayImage
from ocr_pipeline.ocr.cascade import CascadeRecogniser, has_room, is_sure, is_two_digits
from ocr_pipeline.ocr.engine import draft_model, recogniser_name
from ocr_pipeline.settings import CascadeSettings, EngineSettings, SettingsError
from ocr_pipeline.stages import RawReading

SETTINGS = CascadeSettings(sure_number=0.9, sure_label=0.97, sure_line=0.8, line_length=12)


@dataclass
class ListReader:
    """Reads a picture by the number its first pixel holds."""

    name: str
    readings: list[RawReading]
    forward_seconds: float = 0.0
    forward_calls: int = 0
    asked: list[int] = field(default_factory=list)

    def read(self, images: Sequence[GrayImage]) -> list[RawReading]:
        numbers = [int(image[0, 0]) for image in images]
        self.asked += numbers
        self.forward_calls += 1 if numbers else 0
        self.forward_seconds += 0.5 * len(numbers)
        return [self.readings[number] for number in numbers]


@dataclass
class Always(ListReader):
    """Reads the same whatever it is shown."""

    def __init__(self, said: RawReading) -> None:
        super().__init__("same", [said])

    def read(self, images: Sequence[GrayImage]) -> list[RawReading]:
        return self.readings * len(images)


def reading(text: str, *scores: float, others: tuple[Alternative, ...] = ()) -> RawReading:
    every = scores if len(scores) == len(text) else scores * len(text)
    return RawReading(text, sum(every) / len(every) if every else 0.0, every, others)


def pictures(count: int) -> list[GrayImage]:
    return [np.full((48, 64), number, dtype=np.uint8) for number in range(count)]


def cascade(drafts: list[RawReading], finals: list[RawReading]) -> tuple[CascadeRecogniser, ListReader]:
    final = ListReader("heavy", finals)
    return CascadeRecogniser(ListReader("light", drafts), final, SETTINGS), final


def test_only_what_the_draft_is_unsure_of_is_read_again_and_the_order_stays() -> None:
    drafts = [reading("17", 0.995), reading("办理", 0.95), reading("纠正", 0.98), reading("8", 0.6)]
    finals = [reading(text, 0.99) for text in ("no", "力理", "no", "3")]
    reader, final = cascade(drafts, finals)
    assert [item.text for item in reader.read(pictures(4))] == ["17", "力理", "纠正", "3"]
    assert final.asked == [1, 3]


def test_nothing_goes_to_the_heavy_model_when_all_is_sure() -> None:
    reader, final = cascade([reading("0", 0.99)], [reading("6", 0.99)])
    assert reader.read(pictures(1))[0].text == "0"
    assert final.forward_calls == 0
    assert reader.read([]) == []


@pytest.mark.parametrize(
    ("draft", "sure"),
    [
        (reading("4", 0.91), True),
        (reading("4", 0.89), False),
        (reading("1204", 0.99, 0.99, 0.991, 0.99), True),
        (reading("1204", 0.99, 0.99, 0.98, 0.99), False),
        (reading("40.66", 0.995), True),
        (reading("４０", 0.995), True),
        (reading(".0", 0.99), False),
        (reading("1,204.50", 0.991), True),
        (reading("545.184,036.20", 0.999), False),
        (reading("12,04", 0.999), False),
        (reading("O", 0.96), False),
        (reading("总计", 0.96), False),
        (reading("总计", 0.98), True),
        (reading("行政机关主动公开政府信息数量", 0.85), True),
        (reading("行政机关主动公开政府信息数量", *[0.99] * 13, 0.7), False),
        (reading("8505 7925", 0.99), False),
        (reading("三 本", 0.99), False),
        (reading("2. 重复申请", 0.99, 0.99, 0.5, *[0.99] * 4), True),
        (reading("2. 行政机关主动公开政府信息", *[0.99] * 2, 0.5, *[0.99] * 12), True),
        (RawReading("", 0.0), False),
        (reading(" ", 0.99), False),
    ],
)
def test_the_least_certain_character_decides_by_what_is_read(draft: RawReading, sure: bool) -> None:
    assert is_sure(draft, SETTINGS) is sure


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8), st.floats(0, 1))
def test_a_surer_draft_is_never_read_again_where_a_less_sure_one_stood(scores: list[float], more: float) -> None:
    text = "7" * len(scores)
    surer = [max(score, more) for score in scores]
    assert not is_sure(reading(text, *scores), SETTINGS) or is_sure(reading(text, *surer), SETTINGS)


def test_an_unsure_draft_becomes_an_alternative_of_the_final_reading() -> None:
    finals = [reading("3", 0.7, others=(Alternative("8", 0.2), Alternative("5", 0.01)))]
    reader, _ = cascade([reading("6", 0.6)], finals)
    got = reader.read(pictures(1))[0]
    assert [other.text for other in got.alternatives] == ["6", "8"]
    reader, _ = cascade([reading("８", 0.6)], finals)
    assert reader.read(pictures(1))[0].alternatives == finals[0].alternatives


def both(draft: RawReading, final: RawReading) -> RawReading:
    return cascade([draft], [final])[0].read(pictures(1))[0]


def test_a_number_of_the_draft_stands_where_the_heavy_model_is_less_sure_of_something_else() -> None:
    got = both(reading("6", 0.8), reading("目", 0.3, others=(Alternative("自", 0.2),)))
    assert got.text == "6"
    assert both(reading("6", 0.8), reading("8", 0.95)).text == "8"
    assert both(reading("办理", 0.8), reading("力理", 0.3)).text == "力理"


def test_a_number_that_the_two_read_differently_is_not_believed() -> None:
    clear, doubted = reading("230", 0.97), reading("239", 0.99)
    assert both(clear, doubted).score < 0.6
    assert both(reading("5", 0.7), reading("一", 0.97)).score < 0.6
    assert both(reading("O", 0.7), reading("0", 0.99)).score == 0.99
    assert both(RawReading("", 0.0), reading("7", 0.99)).score == 0.99
    assert both(reading("办", 0.7), reading("力", 0.99)).score == 0.99


def test_time_and_batches_of_both_models_are_counted() -> None:
    reader, _ = cascade([reading("1", 0.5), reading("2", 0.99)], [reading("7", 0.9)] * 2)
    reader.read(pictures(2))
    assert (reader.forward_seconds, reader.forward_calls, reader.name) == (1.5, 2, "heavy after light")


def test_auto_puts_tiny_before_small_and_nothing_before_another_model() -> None:
    assert draft_model(EngineSettings()) == "PP-OCRv6_tiny_rec"
    assert recogniser_name(EngineSettings()) == "PP-OCRv6_small_rec after PP-OCRv6_tiny_rec"
    assert draft_model(EngineSettings(model="tiny")) is None
    assert draft_model(EngineSettings(draft="none")) is None
    assert draft_model(EngineSettings(draft="small")) is None
    assert recogniser_name(EngineSettings(model="tiny")) == "PP-OCRv6_tiny_rec"


def test_a_folder_of_ones_own_without_the_light_model_is_read_by_the_heavy_one_alone(tmp_path: Path) -> None:
    settings = EngineSettings(models_dir=str(tmp_path))
    assert draft_model(settings) is None
    (tmp_path / "PP-OCRv6_tiny_rec").mkdir()
    assert draft_model(settings) == "PP-OCRv6_tiny_rec"


def test_scores_out_of_range_are_refused() -> None:
    with pytest.raises(SettingsError):
        replace(SETTINGS, sure_number=1.2)


def test_a_text_with_room_for_one_more_character_is_read_again() -> None:
    """Two squares and a small mark between them, read as two characters."""
    close, apart = np.full((40, 130), 255, np.uint8), np.full((40, 130), 255, np.uint8)
    for image, second in ((close, 54), (apart, 80)):
        image[6:34, 20:48] = 0
        image[6:34, second : second + 28] = 0
    apart[28:34, 52:58] = 0
    assert has_room(apart, "三本", SETTINGS)
    assert not has_room(close, "三本", SETTINGS)
    assert not has_room(apart, "三、本", SETTINGS)
    assert not has_room(apart, "88", SETTINGS)
    assert not has_room(np.full((40, 60), 255, np.uint8), "三本", SETTINGS)


@pytest.mark.parametrize(("width", "text", "doubted"), [(13, "4", True), (9, "4", False), (13, "44", False)])
def test_a_digit_wider_than_any_is_doubted(width: int, text: str, doubted: bool) -> None:
    """44 that touch, of which both read one 4."""
    image = np.full((24, 40), 250, np.uint8)
    image[6:18, 10 : 10 + width] = 20
    assert is_two_digits(image, text, SETTINGS) is doubted
    both = CascadeRecogniser(Always(reading(text, 0.995)), Always(reading(text, 0.995)), SETTINGS)
    assert (both.read([image])[0].score < 0.9) is doubted
