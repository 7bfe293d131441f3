"""Profile files, and tables matched to them."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from pathlib import Path

import pytest
from report_tables import CROPS, LEFT, UP, table
from typer.testing import CliRunner

from ocr_pipeline.document import CellRole, Table
from ocr_pipeline.errors import ProfileError
from ocr_pipeline.reports.apply import apply_to_table, matched
from ocr_pipeline.reports.command import profiles_app
from ocr_pipeline.reports.loader import load_profile, load_profiles, parse_profile
from ocr_pipeline.settings import ReportSettings

GUIDE = Path(__file__).parents[2] / "docs" / "profiles.md"
SETTINGS = ReportSettings()


def worked_example() -> str:
    """The profile that the guide builds up step by step."""
    steps = re.findall(r"```toml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    head, *rest = steps[:6]
    return "\n".join([head, rest[-1], *rest[:-1]])


CROPS_FORM = parse_profile(worked_example(), "crops.toml")


def test_the_guide_s_example_works() -> None:
    found = apply_to_table(CROPS, SETTINGS, [*load_profiles(), CROPS_FORM])
    assert found.profile == "crops/area-and-yield"
    assert len(found.checks) == 13
    assert all(check.ok for check in found.checks)
    assert not any(cell.flags for cell in found.cells)
    assert {cell.unit for cell in found.cells if cell.col == 2 and cell.role is CellRole.DATA} == {"公顷"}


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ('label = "二、油料"', 'lable = "二、油料"', ["unknown key 'lable'", "did you mean 'label'"]),
        ("yield = summer", "yield = sumer", ["'sumer'", "did you mean 'summer'"]),
        ('along = "column", formula = "all', 'along = "columns", formula = "all', ["'along' must be"]),
        ('holds = "decimal"', 'holds = "decimals"', ["'holds' must be one of"]),
        ('{ id = "maize"', '{ id = "wheat"', ["'wheat' is used twice"]),
        ("yield = summer + autumn", "yield summer + autumn", ["exactly one '='"]),
        ('title = "农作物播种面积和产量"\n', "", ["'title' is missing"]),
        ('"二、油料" = [', '"二、油枓" = [', ["no label reads", "did you mean '二、油料'"]),
        ("first = 2020", 'first = "2020"', ["must be a year"]),
        ('id = "crops"', 'id = "crops', ["line 2"]),
        ("tolerance = 0.1 },\n]", 'tolerance = "0.1" },\n]', ["'tolerance' must be a number"]),
    ],
)
def test_faults_are_told_with_their_line(before: str, after: str, words: list[str]) -> None:
    text = worked_example()
    assert before in text
    wrong = text.replace(before, after, 1)
    with pytest.raises(ProfileError) as caught:
        parse_profile(wrong, "mine.toml")
    message = str(caught.value)
    assert message.startswith("mine.toml: line ")
    assert all(word in message for word in words)
    number = int(re.match(r"mine.toml: line (\d+)", message)[1])  # type: ignore[index]
    if after:
        changed = [i for i, (a, b) in enumerate(zip(text.split("\n"), wrong.split("\n"), strict=True), 1) if a != b]
        assert number in changed, message
    else:
        assert wrong.split("\n")[number - 1] == "[[table]]"


def test_missing_file_and_binary_file(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match=r"none\.toml: cannot be read"):
        load_profile(tmp_path / "none.toml")
    (tmp_path / "x.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ProfileError, match="not UTF-8"):
        load_profiles([tmp_path])


def test_own_profile_replaces_a_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(worked_example().replace('"crops"', '"disclosure"'), encoding="utf-8")
    assert [form.source for form in load_profiles([tmp_path])] == [str(tmp_path / "mine.toml")]


def test_commands(tmp_path: Path) -> None:
    run = CliRunner().invoke
    file = tmp_path / "crops.toml"
    file.write_text(worked_example(), encoding="utf-8")
    assert "disclosure/applications" in run(profiles_app, ["list"]).output
    assert "9 labels, 3 rules" in run(profiles_app, ["check", str(file)]).output
    shown = run(profiles_app, ["show", "crops", "--profiles", str(file)]).output
    assert "产量（吨） > 合计" in shown
    assert isinstance(run(profiles_app, ["show", "nothing"]).exception, ProfileError)


ENDS = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
LITIGATION = table(
    [
        ["行政复议", LEFT, LEFT, LEFT, LEFT, "行政诉讼", *[LEFT] * 9],
        [
            "结果维持",
            "结果纠正",
            "其他结果",
            "尚未审结",
            "总计",
            "未经复议直接起诉",
            *[LEFT] * 4,
            "复议后起诉",
            *[LEFT] * 4,
        ],
        [UP, UP, UP, UP, UP, *ENDS * 2],
        ["1", "0", "0", "2", "3", "0", "0", "2", "0", "2", "3", "0", "0", "0", "3"],
    ]
)


def test_misread_labels_and_another_order() -> None:
    chance = random.Random(7)
    forms = load_profiles()
    for _ in range(25):
        order = [*chance.sample(range(5), 5), *chance.sample(range(5, 10), 5), *chance.sample(range(10, 15), 5)]
        cells = []
        labels = [c for c in LITIGATION.cells if c.row < 3]
        wrong = chance.sample(labels, len(labels) // 10)
        for cell in LITIGATION.cells:
            text = f"{cell.text[:-1]}田" if cell in wrong else cell.text
            cells.append(replace(cell, text=text, col=order.index(cell.col) if cell.col_span == 1 else cell.col))
        found, match = matched(replace(LITIGATION, cells=tuple(cells)), SETTINGS, forms)
        assert match is not None
        assert found.profile == "disclosure/litigation"
        for cell in found.cells:
            if cell.role is CellRole.DATA:
                label = match.bands[0].label_of_column(cell.col)
                assert label is match.profile.blocks[0].columns[order[cell.col]]


def test_both_editions_and_a_mixture() -> None:
    forms = load_profiles()

    def proactive(columns: list[str], more: list[list[str]]) -> Table:
        rows = [
            ["第二十条第（一）项", LEFT, LEFT, LEFT],
            ["信息内容", *columns],
            ["规章", "0", "0", "0"],
            ["行政规范性文件", "8", "0", "8"],
            *more,
        ]
        return table(rows)

    new = [
        ["第二十条第（五）项", LEFT, LEFT, LEFT],
        ["信息内容", "本年处理决定数量", LEFT, LEFT],
        ["行政许可", "7", LEFT, LEFT],
    ]
    old = [["第二十条第（五）项", LEFT, LEFT, LEFT], ["信息内容", "上一年项目数量", "本年增/减", "处理决定数量"]]
    old += [["行政许可", "1", "-1", "5"], ["其他对外管理服务事项", "0", "0", "0"]]
    first = ["本年新制作数量", "本年新公开数量", "对外公开总数量"]
    second = ["本年制发件数", "本年度废止件数", "现行有效件数"]
    for columns, more, editions in (
        (second, new, [("2021",), ("2021",)]),
        (first, old, [("2019",), ("2019",)]),
        (first, new, [("2019",), ("2021",)]),
    ):
        found, match = matched(proactive(columns, more), SETTINGS, forms)
        assert match is not None
        assert found.profile == "disclosure/proactive"
        assert [band.block.editions for band in match.bands] == editions


def test_unknown_form_loses_nothing() -> None:
    unknown = table([["品名", "单价", "数量"], ["苹果", "3.5", "12"], ["梨", "2", "——"]])
    found = apply_to_table(unknown, SETTINGS, load_profiles())
    assert found.profile is None
    assert [cell.text for cell in found.cells] == [cell.text for cell in unknown.cells]
    assert [cell.value for cell in found.cells if cell.role is CellRole.DATA] == [3.5, 12, 2, None]
