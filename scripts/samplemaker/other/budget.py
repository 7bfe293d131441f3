"""Budget tables: income on the left, spending on the right, in one grid."""

from __future__ import annotations

import numpy as np

from ..grid import Grid, GridCell
from . import figures
from .words import pick

INCOME = (
    "一、一般公共预算拨款收入", "二、政府性基金预算拨款收入", "三、国有资本经营预算拨款收入",
    "四、财政专户管理资金收入",
    "五、事业收入", "六、事业单位经营收入", "七、上级补助收入", "八、附属单位上缴收入", "九、其他收入",
)  # fmt: skip
SPENDING = (
    "一、一般公共服务支出", "二、外交支出", "三、国防支出", "四、公共安全支出", "五、教育支出", "六、科学技术支出",
    "七、文化旅游体育与传媒支出", "八、社会保障和就业支出", "九、卫生健康支出", "十、节能环保支出",
    "十一、城乡社区支出",
    "十二、农林水支出", "十三、交通运输支出", "十四、资源勘探工业信息等支出", "十五、商业服务业等支出",
    "十六、金融支出",
    "十七、自然资源海洋气象等支出", "十八、住房保障支出", "十九、粮油物资储备支出", "二十、其他支出",
)  # fmt: skip
AMOUNTS = (
    ("预算数",),
    ("上年预算数", "本年预算数"),
    ("年初预算", "全年预算", "决算数"),
    ("合计", "基本支出", "项目支出"),
)


def budget(key: str, rng: np.random.Generator) -> Grid:
    """部门收支总表: two halves with rows of their own, blanks where one is shorter, totals that agree."""
    amounts = AMOUNTS[int(rng.integers(len(AMOUNTS)))]
    lines = bool(rng.random() < 0.4)
    column = figures.Column(pick(("two", "money", "whole", "thousands"), rng), int(rng.integers(2, 7)), "", 0.35)
    nought = pick(("", "", "0.00", "-"), rng)
    half = 1 + lines + len(amounts)
    rows = int(rng.integers(9, len(SPENDING) + 1))
    cells = [GridCell(0, 0, 1, half, "收入", "header"), GridCell(0, half, 1, half, "支出", "header")]
    for start in (0, half):
        names = ["项目", *(["行次"] if lines else []), *amounts]
        cells += [GridCell(1, start + i, 1, 1, name, "header") for i, name in enumerate(names)]
    body = [_half(INCOME, rows, len(amounts), column, rng), _half(SPENDING, rows, len(amounts), column, rng)]
    ends = (("本年收入合计", "上年结转", "收入总计"), ("本年支出合计", "结转下年", "支出总计"))
    for side, (labels, values) in enumerate(body):
        labels += ends[side]
        sums = [figures.add(column, [row[i] for row in values], rng) for i in range(len(amounts))]
        rest = [figures.draw(column, rng) for _ in amounts]
        values += [sums, rest, [figures.add(column, [a, b], rng) for a, b in zip(sums, rest, strict=True)]]
        for row, (label, numbers) in enumerate(zip(labels, values, strict=True)):
            start, end = side * half, row >= rows
            centred = "center" if row in (rows, rows + 2) else ""
            cells.append(GridCell(2 + row, start, 1, 1, label, "stub", align=centred))
            if lines:
                number = str(row + 1 + side * (rows + 3))
                cells.append(GridCell(2 + row, start + 1, 1, 1, number, "data", align="center"))
            for i, value in enumerate(numbers):
                text = figures.shown(column, value) if value is not None else nought if label and not end else ""
                cells.append(GridCell(2 + row, start + 1 + lines + i, 1, 1, text))
    share = (3.0, *((0.6,) if lines else ()), *(1.2 for _ in amounts))
    return Grid(key, "部门收支预算总表", rows + 5, 2 * half, tuple(cells), share * 2, 2)


def _half(
    names: tuple[str, ...], rows: int, amounts: int, column: figures.Column, rng: np.random.Generator
) -> tuple[list[str], list[list[int | None]]]:
    """Labels and values of one half, blank rows below where there are no more items."""
    labels = [names[row] if row < len(names) else "" for row in range(rows)]
    values = [[figures.draw(column, rng) if label else None for _ in range(amounts)] for label in labels]
    return labels, values
