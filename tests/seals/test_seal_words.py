from __future__ import annotations

import pytest

from ocr_pipeline.assemble.seal_words import usual_reading
from ocr_pipeline.document import Alternative
from ocr_pipeline.stages import RawReading


def read(text: str, *scores: float, also: str = "") -> RawReading:
    alternatives = (Alternative(also, 0.2),) if also else ()
    return RawReading(text, sum(scores) / len(scores), scores, alternatives)


@pytest.mark.parametrize(
    ("text", "also", "found"),
    [
        ("急伴", "急件", "急件"),
        ("洛县财政局作", "洛县财政局印", "洛县财政局印"),
        ("洛县人民政用", "洛县人民政府", "洛县人民政府"),
        # Not in the recogniser's mind, more than one character apart, and names, which are no words.
        ("急伴", "急性", "急伴"),
        ("总伴", "急件", "总伴"),
        ("洛县财政局", "格县财政局", "洛县财政局"),
    ],
)
def test_only_what_the_recogniser_had_in_mind_becomes_a_usual_word(text: str, also: str, found: str) -> None:
    reading = usual_reading(read(text, *[0.9] * len(text), also=also), ())

    assert reading.text == found
    assert len(reading.char_scores) == len(found)


def test_another_reading_of_the_piece_is_a_candidate() -> None:
    reading = usual_reading(read("急伴", 1.0, 0.88), [read("急件", 0.98, 0.68)])

    assert reading.text == "急件"
    assert reading.char_scores == (1.0, pytest.approx(0.83))
