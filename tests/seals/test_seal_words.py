from __future__ import annotations

import pytest

from ocr_pipeline.assemble.seal_words import is_word, usual_reading
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
        ("洛县水泥制品厂", "洛县水泥制品厅", "洛县水泥制品厂"),
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


@pytest.mark.parametrize(
    ("also", "found"),
    [
        ("洛县人民政府办公室", "洛县人民政府办公室"),
        # No listed one, and one with another character beside it.
        ("洛县人民政府小公室", "洛县人民政府公室"),
        ("格县人民政府办公室", "洛县人民政府公室"),
    ],
)
def test_a_character_that_is_lacking_in_a_kind_of_office_is_put_in(also: str, found: str) -> None:
    reading = usual_reading(read("洛县人民政府公室", *[1.0] * 8, also=also), ())

    assert reading.text == found
    assert len(reading.char_scores) == len(found)
    assert (min(reading.char_scores) < 0.5) == (found == also)


@pytest.mark.parametrize(
    ("text", "scores", "also", "found"),
    [
        # Kinds of offices and uses, by what the recogniser had in mind,
        ("洛县自然資源局", {4: 0.6}, "洛县自然资源局", "洛县自然资源局"),
        ("于政审批专用章", {0: 0.5}, "行政审批专用章", "行政审批专用章"),
        ("格县农栏农村局印", {3: 0.6}, "格县农业农村局印", "格县农业农村局印"),
        # where that they are uses may be read less well,
        ("行政审扯专周章", {3: 0.7, 5: 0.4}, "行政审批委闻華", "行政审批专用章"),
        ("行政审扯专周華", {3: 0.7, 5: 0.4, 6: 0.4}, "行政审批委闻華", "行政审扯专周華"),
        # and a character in four by the rest of the word alone, where it was hardly read.
        ("洛县自然资源店", {6: 0.5}, "", "洛县自然资源局"),
        ("洛县自然资源店", {6: 0.9}, "", "洛县自然资源店"),
        ("某省自然资源店", {6: 0.5}, "", "某省自然资源店"),
        ("计律专用章", {0: 0.2, 1: 0.2}, "", "计律专用章"),
        # Of all readings one had the right one in mind.
        ("洛县交通运编局", {}, "洛县交通运输局", "洛县交通运输局"),
        ("洛县交通运编局", {}, "", "洛县交通运编局"),
        # A kind that is listed stays, as does one that is like none.
        ("洛县水务局", {2: 0.5}, "洛县税务局", "洛县水务局"),
        ("洛县种子站", {4: 0.5}, "洛县种子局", "洛县种子站"),
        ("2020年9月26", {7: 0.9}, "2020年9月26日", "2020年9月26日"),
    ],
)
def test_kinds_of_offices_and_uses_are_known(text: str, scores: dict[int, float], also: str, found: str) -> None:
    reading = usual_reading(read(text, *(scores.get(i, 0.9) for i in range(len(text))), also=also), ())

    assert reading.text == found
    assert len(reading.char_scores) == len(found)


def test_a_use_read_with_a_strange_first_character_is_more_than_one_without_it() -> None:
    shorter, longer = read("政审批专用章", *[0.9] * 6), read("一政审批专用章", 0.5, *[0.9] * 6)

    reading = usual_reading(shorter, [shorter, longer])

    assert reading.text == "行政审批专用章"
    assert reading.char_scores[0] < 0.5
    assert usual_reading(read("政审批专用章", *[0.9] * 6, also="导政审批专用章"), ()).text == "行政审批专用章"
    assert usual_reading(shorter, ()).text == "政审批专用章"


@pytest.mark.parametrize(
    ("text", "scores", "found"),
    [
        ("信息公开可用数", {4: 0.97, 6: 0.3}, "信息公开专用章"),
        ("财务专环章", {3: 0.3}, "财务专用章"),
        ("财务专章", {}, "财务专用章"),
        ("财务专因章", {}, "财务专用章"),
        # Other words that stand there, and uses that nobody has.
        ("财务用章", {}, "财务用章"),
        ("财务科公章", {}, "财务科公章"),
        ("信息公开专栏", {}, "信息公开专栏"),
        ("某某专章", {}, "某某专章"),
    ],
)
def test_a_use_is_known_by_its_beginning(text: str, scores: dict[int, float], found: str) -> None:
    reading = usual_reading(read(text, *(scores.get(i, 0.99) for i in range(len(text)))), ())

    assert reading.text == found
    assert len(reading.char_scores) == len(found)


def test_what_all_uses_end_with_says_little_against_one() -> None:
    reading = read("单息公开专用调", 0.5, 0.97, 0.72, 0.99, 0.6, 0.55, 0.5)

    assert usual_reading(reading, ()).text == "信息公开专用章"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2022年3月19日1", "2022年3月19日"),
        ("2021年3月2211", "2021年3月22日"),
        ("2022年1日181", "2022年1月18日"),
        ("2022年3月9目", "2022年3月9日"),
        # A stroke read as one figure more,
        ("12022年3月19日", "2022年3月19日"),
        ("2022年1月111日", "2022年1月11日"),
        ("2022年3月211日", "2022年3月21日"),
        ("2022年3月121日", "2022年3月121日"),
        ("2022年1月2€日", "2022年1月2€日"),
        # or beside a 日 that was read as strokes, or left of 月,
        ("2020年5月11911", "2020年5月19日"),
        ("2017年12120日", "2017年12月20日"),
        ("2017年121119日1", "2017年12月19日"),
        ("2017年11120日", "2017年11120日"),
        # the 1st or the 11th, a day that may have lost a figure, and what is no date.
        ("2022年3月111", "2022年3月111"),
        ("2022年3月26", "2022年3月26"),
        ("2022年13月9日1", "2022年13月9日1"),
        ("2022年3月9日", "2022年3月9日"),
    ],
)
def test_a_date_read_badly_is_known(text: str, found: str) -> None:
    reading = usual_reading(read(text, *[0.99] * len(text)), ())

    assert reading.text == found
    assert len(reading.char_scores) == len(found)


def test_a_date_among_the_candidates_is_the_date() -> None:
    def of(*others: str) -> str:
        return usual_reading(candidates_of("2017年129120日1", *others), ()).text

    assert of("2017年12120日1", "2017年1291") == "2017年12月20日"
    assert of("2017年1291") == "2017年129120日1"
    assert of("2017年11月20日", "2017年11月26日") == "2017年129120日1"


def candidates_of(text: str, *others: str) -> RawReading:
    return RawReading(text, 0.9, (0.9,) * len(text), tuple(Alternative(other, 0.1) for other in others))


def test_whole_words() -> None:
    assert is_word("收文") and is_word("2020年9月26日") and is_word("财务专用章")
    assert not is_word("2020年19月26日") and not is_word("某县财政局")
