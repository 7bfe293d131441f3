"""Names of places that there are, among the recogniser's candidates."""

from __future__ import annotations

import pytest

from ocr_pipeline.assemble.seal_places import places, with_known_place
from ocr_pipeline.document import Alternative
from ocr_pipeline.stages import RawReading


def read(text: str, first: float = 0.6, **also: float) -> RawReading:
    scores = (first, *[0.99] * (len(text) - 1))
    others = tuple(Alternative(other, score) for other, score in also.items())
    return RawReading(text, sum(scores) / len(scores), scores, others)


@pytest.mark.parametrize(
    ("reading", "found"),
    [
        (read("崇岚县财政局", 岢岚县财政局=0.02), "岢岚县财政局"),
        # A sequence of other mistakes elsewhere says the name all the same,
        (read("登迈县财政局", 澄迈县財政局=0.1), "澄迈县财政局"),
        # as does one with a character more in front.
        (read("兰县财政局", 0.96, 依兰县财政局=0.1), "依兰县财政局"),
        # and one whose last character was another one.
        (
            RawReading("平远具教育局", 0.9, (0.9, 0.9, 0.7, 0.9, 0.9, 0.9), (Alternative("平远县教育局", 0.1),)),
            "平远县教育局",
        ),
        (
            RawReading("平远具教育局", 0.9, (0.9, 0.9, 0.7, 0.9, 0.9, 0.9), (Alternative("平城县教育局", 0.1),)),
            "平远具教育局",
        ),
        # Places stay, as do names of none that the recogniser had in mind, and characters that are sure.
        (read("洛南县财政局", 洛宁县财政局=0.3), "洛南县财政局"),
        (read("石南县财政局", 土南县财政局=0.3), "石南县财政局"),
        (read("崇岚县财政局", 0.99, 岢岚县财政局=0.02), "崇岚县财政局"),
        (read("高新区财政局", 0.6), "高新区财政局"),
        # Of two places as likely it is neither.
        (read("四阳县财政局", 泗阳县财政局=0.2, 沭阳县财政局=0.15), "四阳县财政局"),
        (read("洛宇县财政局", 0.99), "洛宇县财政局"),
        (read("财务专用章"), "财务专用章"),
    ],
)
def test_a_name_of_no_place_gives_way_to_one_that_was_in_mind(reading: RawReading, found: str) -> None:
    said = with_known_place(reading, ())

    assert said.text == found
    assert len(said.char_scores) == len(found)
    assert (said is reading) == (found == reading.text)


def test_another_reading_of_the_piece_names_it() -> None:
    said = with_known_place(read("莆岚县财政局", 0.4), [read("岢岚县财政局", 0.31)])

    assert said.text == "岢岚县财政局"
    assert said.score < 0.98


def test_readings_and_their_alternatives_are_weighed_alike() -> None:
    # 岐 is as likely as 巫, though the one is of a reading and the other among another's alternatives.
    first = read("峻山县财政局", 0.3, 岐山县财政局=0.2)

    assert with_known_place(first, [read("巫山县财政局", 0.27)]).text == "峻山县财政局"
    assert with_known_place(first, [read("巫山县财政局", 0.09)]).text == "岐山县财政局"


def test_the_list_holds_places_of_all_ranks() -> None:
    assert {"青川县", "麻城市", "忠县", "武侯区", "鄂托克旗", "河南省"} <= places()
    assert not any(" " in name or len(name) < 2 for name in places())


@pytest.mark.parametrize(
    ("reading", "others", "found"),
    [
        # One county alone ends in 岚县, or is 磐安县 but for a character,
        (read("崇岚县财政局", 0.5), (), "岢岚县财政局"),
        # also where the readings say different things, each for sure,
        (read("奇岚县财政局", 0.99), ("可岚县财政局",), "岢岚县财政局"),
        # or one has a character that the others passed over.
        (read("岐县财政局", 0.99), ("岐小县财政局",), "岐山县财政局"),
        (read("岐县财政局", 0.99), ("岐县财政局",), "岐县财政局"),
        # What all read alike and for sure stands, as does what may be two places, a district, and what is no office.
        (read("奇岚县财政局", 0.99), ("奇岚县财政局",), "奇岚县财政局"),
        (read("鑫川县财政局", 0.4), ("禽川县财政局",), "鑫川县财政局"),
        (read("高新区财政局", 0.4), ("白新区财政局",), "高新区财政局"),
        (read("崇岚县种子站", 0.5), (), "崇岚县种子站"),
    ],
)
def test_a_name_that_only_one_place_can_be_is_that_place(
    reading: RawReading, others: tuple[str, ...], found: str
) -> None:
    said = with_known_place(reading, [read(other, 0.99) for other in others])

    assert said.text == found
    assert len(said.char_scores) == len(found)
    assert (min(said.char_scores) < 0.4) == (found != reading.text)
