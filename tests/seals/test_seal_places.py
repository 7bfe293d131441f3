"""Names of places that there are, among the recogniser's candidates."""

from __future__ import annotations

import pytest

from ocr_pipeline.assemble.seal_places import places, with_known_place, with_whole_name
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
            RawReading("某远具教育局", 0.9, (0.9, 0.9, 0.7, 0.9, 0.9, 0.9), (Alternative("平城县教育局", 0.1),)),
            "某远具教育局",
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


def test_a_character_that_another_reading_of_the_name_doubts_is_in_doubt() -> None:
    sure, unsure = read("晋格县财政局", 0.99), read("晋格县财政局", 0.6, 普格县财政局=0.2)

    assert with_known_place(sure, [unsure]).text == "普格县财政局"
    assert with_known_place(sure, [read("某格县财政局", 0.6, 普格县财政局=0.2)]).text == "晋格县财政局"
    # Where nothing ends the name of a place, the sure character may be another office's.
    assert (
        with_known_place(read("安化教育局"), [RawReading("安化教育局", 0.9, (0.9, 0.9, 0.6, 0.9, 0.9))]).text
        == "安化教育局"
    )


def test_what_stands_before_an_office_ends_the_name_of_a_place() -> None:
    doubted = RawReading("磐安云教育局", 0.9, (0.99, 0.96, 0.6, 0.99, 0.99, 0.99))
    passed_over = read("剑阁教育局", 0.99)

    assert with_known_place(doubted, [doubted]).text == "磐安县教育局"
    assert with_known_place(passed_over, [read("剑阁云教育局", 0.99)]).text == "剑阁县教育局"
    assert with_known_place(passed_over, [passed_over]).text == "剑阁教育局"


def test_the_only_whole_name_in_mind_is_the_name() -> None:
    cut_short = read("威民政府办公室", 0.6)
    whole = read("威信县认民政府办公室", 0.6, 威信县人民政府办公室=0.05)

    named = with_whole_name(cut_short, [cut_short, whole])

    assert named.text == "威信县人民政府办公室"
    assert len(named.char_scores) == len(named.text)
    assert named.char_scores[0] == 0.6 and max(named.char_scores[1:4]) <= 0.3


@pytest.mark.parametrize(
    ("said", "others"),
    [
        # More was read than an office's name, a place is there already, and two names that it may be.
        ("税务总局威信县税务局", ["威信县税务局"]),
        ("威信县民政局", ["威信县财政局"]),
        ("阳县人民政府", ["泗阳县人民政府", "沭阳县人民政府"]),
        ("业务专用章", ["威信县人民政府"]),
    ],
)
def test_what_may_be_another_name_stays(said: str, others: list[str]) -> None:
    reading = read(said)

    assert with_whole_name(reading, [reading, *map(read, others)]) is reading


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
