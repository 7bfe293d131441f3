"""The filing data of made-up documents."""

from __future__ import annotations

from dataclasses import replace

from ocr_pipeline.document import Block, Filing, Flag, Page, PageStatus, Role, Seal
from ocr_pipeline.geometry import Box, Quad
from ocr_pipeline.reports.filing import find_filing

BOX = Box(0, 0, 10, 10)
QUAD = Quad.of_box(BOX)


def page(index: int, *blocks: tuple[Role, str], seals: tuple[str, ...] = ()) -> Page:
    return Page(
        index,
        100,
        100,
        200.0,
        0,
        0.0,
        PageStatus.OK,
        tuple(Block(role, text, text, 0.9, BOX, QUAD) for role, text in blocks),
        tuple(Seal(BOX, QUAD, "round", "red", text, 0.8) for text in seals),
    )


def test_a_complete_document() -> None:
    first = page(
        0,
        (Role.DOCUMENT_NUMBER, "青政办[2022]5号"),
        (Role.TITLE, "青山县人民政府办公室关于上报2021年度"),
        (Role.TITLE, "工作的报告"),
        (Role.RECIPIENT, "市政务中心："),
        (Role.PARAGRAPH, "截至2021年12月31日无。"),
    )
    last = page(
        1,
        (Role.SIGNATURE, "青山县人民政府办公室"),
        (Role.DATE, "2022年2月18日"),
        (Role.COPIES, "抄送：档。"),
        (Role.PRINTED, "青山县人民政府办公室2022年2月20日印发"),
        seals=("青山县人民政府办公室",),
    )
    assert find_filing([first, last]) == Filing(
        number="青政办〔2022〕5号",
        title="青山县人民政府办公室关于上报2021年度工作的报告",
        issuer="青山县人民政府办公室",
        date="2022-02-18",
        recipient="市政务中心",
        copies="档",
        printed="青山县人民政府办公室2022年2月20日印发",
        seal="青山县人民政府办公室",
        agrees=True,
    )


def test_a_document_that_says_nothing() -> None:
    assert find_filing([page(0, (Role.PARAGRAPH, "无。"))]) == Filing()
    assert find_filing([]) == Filing()


def test_the_issuer_from_the_title() -> None:
    for title, issuer in (
        ("青山县水利局2021年政府信息公开工作年度报告", "青山县水利局"),
        ("教育部办公厅关于印发办法的通知", "教育部办公厅"),
        ("关于做好工作的通知", None),
        ("青山县2021年财政收支报告", None),
        ("年度报告", None),
    ):
        assert find_filing([page(0, (Role.TITLE, title))]).issuer == issuer


def test_the_issuer_from_the_letterhead() -> None:
    found = find_filing([page(0, (Role.HEADER, "青山县水利局文件"), (Role.TITLE, "关于防汛的通知"))])
    assert found.issuer == "青山县水利局"


def test_the_date_of_printing_when_nobody_signed() -> None:
    assert find_filing([page(0, (Role.PRINTED, "某办公室2022年2月20日印发"))]).date == "2022-02-20"


def test_the_day_beside_the_signature_counts() -> None:
    blocks = [
        (Role.DATE, "2021年1月1日"),
        (Role.SIGNATURE, "某局"),
        (Role.DATE, "2022年2月3日"),
        (Role.DATE, "2020年1月1日"),
    ]
    assert find_filing([page(0, *blocks)]).date == "2022-02-03"


def test_a_signature_and_its_date_on_one_row() -> None:
    found = find_filing([page(0, (Role.SIGNATURE, "青山县水利局2022年2月18日"))])
    assert (found.issuer, found.date) == ("青山县水利局", "2022-02-18")


def agrees(signature: str, *seals: str, title: str = "关于工作的报告") -> bool | None:
    return find_filing([page(0, (Role.TITLE, title), (Role.SIGNATURE, signature), seals=seals)]).agrees


def test_what_the_print_decided_in_a_seals_reading_does_not_speak_for_it() -> None:
    found = page(0, (Role.SIGNATURE, "青山县水利局"))
    stamp = Seal(BOX, QUAD, "round", "red", "青山县水利局", 0.8, "某河市财政局", (Flag.REPAIRED,))

    assert find_filing([replace(found, seals=(stamp,))]).agrees is False


def test_whether_signature_and_seal_agree() -> None:
    assert agrees("青山县水利局", "青山县水利局") is True
    assert agrees("水利局", "青山县水利局★") is True
    assert agrees("青山县人民政府办公室", "青山县人民攻府办公空") is True
    assert agrees("青山县水利局", "青山县水利局信息公开专用章4101230001234") is True
    assert agrees("青山县水利局", "绿河市财政局") is False
    # One character misread is no other office; another place, or another kind of office, is.
    assert agrees("泾源县交通运输局", "径源县交通运输局") is True
    assert agrees("泾源县交通运输局", "彭阳县交通运输局") is False
    assert agrees("泾源县自然资源和规划局", "泾源县自然资源局") is False
    assert agrees("青山县水利局", "青山县水利局", title="绿河市财政局关于工作的报告") is False


def test_nothing_is_said_when_one_is_absent() -> None:
    assert agrees("青山县水利局") is None
    assert find_filing([page(0, seals=("青山县水利局",))]).agrees is None


def test_several_offices_and_seals() -> None:
    signed = page(
        0,
        (Role.SIGNATURE, "青山县水利局"),
        (Role.SIGNATURE, "青山县财政局"),
        seals=("青山县水利局", "青山县财政局", "青山县财政局"),
    )
    found = find_filing([signed])
    assert found.issuer == "青山县水利局、青山县财政局"
    assert found.seal == "青山县水利局；青山县财政局"
    assert found.agrees is True
