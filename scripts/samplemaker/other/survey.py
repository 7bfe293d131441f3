"""Questionnaires and registration forms: labels and entries in pairs, boxes to tick, tall cells of several lines."""

from __future__ import annotations

import numpy as np

from ..grid import Grid, GridCell, compact
from . import figures
from .words import OFFICES, PLACES, TEXTS, person, pick, some

QUESTIONS = (
    "是否建立内部控制制度", "是否按期报送统计报表", "是否设置专职统计人员", "是否通过年度检查", "是否纳入一体化平台",
    "近三年有无行政处罚", "是否享受税收优惠政策", "办公场所性质", "资金来源", "信息公开方式",
)  # fmt: skip
CHOICES = (
    ("是", "否"),
    ("有", "无"),
    ("自有", "租赁", "借用"),
    ("财政拨款", "自筹", "其他"),
    ("网站", "公开栏", "新媒体"),
)
TALL = ("主要职责", "工作完成情况", "存在问题", "审核意见", "主管部门意见", "项目概况")
COLS = 6


def _ticks(rng: np.random.Generator) -> str:
    options = CHOICES[int(rng.integers(len(CHOICES)))]
    chosen = int(rng.integers(len(options)))
    tick = pick(("√", "■"), rng)
    return " ".join((tick if i == chosen else "□") + name for i, name in enumerate(options))


def _entries(rng: np.random.Generator) -> list[tuple[str, str]]:
    office = pick(PLACES, rng) + pick(OFFICES, rng)
    found = [
        ("单位名称", office),
        ("统一社会信用代码", "12" + figures.digits(14, rng) + pick("ABCDEFGHXY", rng) + figures.digits(1, rng)),
        ("法定代表人", person(rng)),
        ("联系电话", "1" + figures.digits(10, rng)),
        ("成立日期", figures.date(int(rng.integers(6)), rng)),
        ("从业人员（人）", str(int(rng.integers(3, 900)))),
        ("注册资金（万元）", f"{int(rng.integers(1, 99999)) / 100:.2f}"),
        ("电子邮箱", pick(("tjz", "bgs", "office", "xxgk"), rng) + figures.digits(3, rng) + "@163.com"),
        ("邮政编码", figures.digits(6, rng)),
        ("填表人", person(rng)),
        ("负责人", person(rng)),
        ("填报日期", figures.date(int(rng.integers(6)), rng)),
        ("行政区划代码", figures.digits(12, rng)),
    ]
    order = rng.permutation(len(found))[: 2 * int(rng.integers(3, 6))]
    return [found[int(i)] for i in sorted(int(i) for i in order)]


def survey(key: str, rng: np.random.Generator) -> Grid:
    """A form of six columns; every boundary parts cells somewhere."""
    cells: list[GridCell] = []
    row = 0
    pairs = _entries(rng)
    for left, right in zip(pairs[::2], pairs[1::2], strict=True):
        cells += [GridCell(row, 0, 1, 1, left[0], "stub", align="center"), GridCell(row, 1, 1, 2, left[1])]
        cells += [GridCell(row, 3, 1, 1, right[0], "stub", align="center"), GridCell(row, 4, 1, 2, right[1])]
        row += 1
    questions = some(QUESTIONS, int(rng.integers(3, 7)), rng)
    if rng.random() < 0.6:
        cells.append(GridCell(row, 0, 1, COLS, "基本情况调查", "stub", align="center"))
        row += 1
    for number, text in enumerate(questions):
        cells.append(GridCell(row, 0, 1, 3, f"{number + 1}.{text}", "stub", align="left"))
        cells.append(GridCell(row, 3, 1, 3, _ticks(rng), "data", align=pick(("left", "center"), rng)))
        row += 1
    row = _amounts(cells, row, rng)
    stacked = rng.random() < 0.5
    for label in some(TALL, int(rng.integers(1, 4)), rng):
        text = "".join(some(TEXTS[:5], int(rng.integers(1, 4)), rng))
        cells.append(GridCell(row, 0, 1, 1, label, "stub", align="center", setting="stacked" if stacked else "level"))
        cells.append(GridCell(row, 1, 1, COLS - 1, text, "stub", align="left"))
        row += 1
    return compact(Grid(key, "基本情况登记表", row, COLS, tuple(cells), (1.1, 1.0, 1.0, 1.1, 1.0, 1.0), 0))


def _amounts(cells: list[GridCell], row: int, rng: np.random.Generator) -> int:
    """A small table inside the form: a label over its rows, names and numbers."""
    count = int(rng.integers(2, 5))
    column = figures.Column(pick(("whole", "two", "money"), rng), 5, "", 0.2)
    label = pick(("经费情况", "人员情况", "资产情况"), rng)
    cells.append(GridCell(row, 0, count + 1, 1, label, "stub", align="center", setting="stacked"))
    heads = some(("上年数", "本年数", "增减数", "预算数", "决算数"), 3, rng)
    cells += [GridCell(row, 1, 1, 2, "项目", "header")]
    cells += [GridCell(row, 3 + i, 1, 1, head, "header") for i, head in enumerate(heads)]
    for i, name in enumerate(some(("办公费", "人员经费", "会议费", "培训费", "维修费", "公务接待费"), count, rng)):
        cells.append(GridCell(row + 1 + i, 1, 1, 2, name, "stub"))
        for col in range(3):
            cells.append(GridCell(row + 1 + i, 3 + col, 1, 1, figures.shown(column, figures.draw(column, rng))))
    return row + count + 1
