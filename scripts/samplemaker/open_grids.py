"""Invented statistical tables for pages without a full grid: labels, groups of columns, numbers of every make."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .grid import Grid, GridCell
from .invent import COUNTIES

LABELS = (
    "地区生产总值", "第一产业", "第二产业", "第三产业", "粮食", "油料", "棉花", "肉类总产量", "工业", "建筑业",
    "批发和零售业", "住宿和餐饮业", "交通运输、仓储和邮政业", "金融业", "房地产业", "水利、环境和公共设施管理业",
    "信息传输、软件和信息技术服务业", "租赁和商务服务业", "科学研究和技术服务业", "教育", "卫生和社会工作",
    "文化、体育和娱乐业", "公共管理、社会保障和社会组织", "一般公共预算收入", "税收收入", "非税收入",
    "一般公共服务支出", "公共安全支出", "社会保障和就业支出", "节能环保支出", "城乡社区支出", "农林水支出",
    "居民消费价格指数", "社会消费品零售总额", "固定资产投资（不含农户）", "年末常住人口", "城镇居民人均可支配收入",
    "农村居民人均可支配收入", "居民服务、修理和其他服务业", "电力、热力、燃气及水生产和供应业", "其他",
)  # fmt: skip
LEAVES = (
    "件数", "金额", "比重（%）", "同比增长（%）", "上年同期", "本年累计", "户数", "人数", "面积", "产量", "余额",
    "2019年", "2020年", "2021年", "2022年", "年初数", "年末数", "合计", "完成率（%）", "位次",
)  # fmt: skip
GROUPS = ("总量", "城镇", "农村", "本年实际", "上年同期", "国有企业", "民营企业", "全市", "收入情况", "支出情况")
UNITS = ("万元", "亿元", "公顷", "吨", "人", "件", "%", "个")
ALIGNMENTS = ("right", "center", "decimal")


@dataclass(frozen=True)
class OpenGrid:
    """A grid with the alignment of each column and the groups of its header: (first, last) columns."""

    grid: Grid
    aligns: tuple[str, ...]
    groups: tuple[tuple[int, int], ...]
    sections: tuple[int, ...]


def _pick(pool: tuple[str, ...], count: int, rng: np.random.Generator) -> list[str]:
    order = [int(i) for i in rng.permutation(len(pool))]
    return [pool[order[i % len(pool)]] for i in range(count)]


def number(kind: str, size: int, rng: np.random.Generator) -> str:
    """A number as one column prints them: whole, thousands (with commas), decimal, percent (with a sign at times)."""
    value = float(rng.uniform(0.0, 1.0)) * 10.0 ** int(rng.integers(1, size + 1))
    if kind == "whole":
        return str(int(value))
    if kind == "thousands":
        return f"{int(value * 10):,}"
    if kind == "percent":
        return f"{float(rng.uniform(-20, 60)):.1f}"
    return f"{value:.2f}"


def _groups(cols: int, first: int, rng: np.random.Generator) -> tuple[tuple[int, int], ...]:
    """Runs of two to four columns under one label, some columns left alone."""
    groups: list[tuple[int, int]] = []
    col = first
    while col + 1 < cols:
        width = int(rng.integers(2, 5))
        if rng.random() < 0.25 or col + width > cols:
            col += 1
            continue
        groups.append((col, col + width - 1))
        col += width
    return tuple(groups)


def _header(cols: int, groups: tuple[tuple[int, int], ...], units: bool, rng: np.random.Generator) -> list[GridCell]:
    depth = 2 if groups else 1
    leaves = _pick(LEAVES, cols, rng)
    leaves[0] = ("项目", "指标", "地区", "行业", "指标名称")[int(rng.integers(5))]
    if units:
        leaves[1] = "单位"
    names = _pick(GROUPS, len(groups), rng)
    cells = [GridCell(0, a, 1, b - a + 1, name, "header") for (a, b), name in zip(groups, names, strict=True)]
    grouped = {col for a, b in groups for col in range(a, b + 1)}
    for col, text in enumerate(leaves):
        top = 1 if col in grouped else 0
        cells.append(GridCell(top, col, depth - top, 1, text, "header"))
    return cells


def open_grid(rows: int, cols: int, rng: np.random.Generator, key: str = "open") -> OpenGrid:
    """A table of so many body rows and columns; numbers, a column of units at times, blanks, section rows."""
    units = bool(cols >= 4 and rng.random() < 0.35)
    first = 2 if units else 1
    groups = _groups(cols, first, rng) if cols >= 4 and rng.random() < 0.5 else ()
    cells = _header(cols, groups, units, rng)
    depth = 2 if groups else 1
    places = rng.random() < 0.3
    labels = _pick(COUNTIES if places else LABELS, rows, rng)
    kinds = [("whole", "thousands", "decimal", "percent")[int(rng.integers(4))] for _ in range(cols)]
    sizes = [int(rng.integers(1, 5 if cols > 8 else 7)) for _ in range(cols)]
    sparse = int(rng.integers(first, cols)) if rng.random() < 0.2 else -1
    sections = tuple(r for r in range(1, rows - 1) if r % 9 == 5) if rng.random() < 0.15 else ()
    for r in range(rows):
        row = depth + r
        if r in sections:
            title = f"{'一二三四五'[r // 9]}、{LABELS[int(rng.integers(len(LABELS)))]}情况"
            cells.append(GridCell(row, 0, 1, cols, title, "stub"))
            continue
        cells.append(GridCell(row, 0, 1, 1, "合计" if r == rows - 1 else labels[r], "stub"))
        if units:
            cells.append(GridCell(row, 1, 1, 1, UNITS[int(rng.integers(len(UNITS)))], "unit"))
        for col in range(first, cols):
            blank = rng.random() < (0.7 if col == sparse else 0.05)
            text = "" if blank else "—" if rng.random() < 0.02 else number(kinds[col], sizes[col], rng)
            cells.append(GridCell(row, col, 1, 1, text))
    # Columns as wide as their numbers need, the stub wide enough for most labels or narrow enough to wrap them.
    stub = float(rng.uniform(1.3, 3.0)) if not places else 1.2
    widths = (stub, *((0.7,) if units else ()), *(0.8 + 0.08 * sizes[col] for col in range(first, cols)))
    shared = ALIGNMENTS[int(rng.integers(3))]
    aligns = ("left", *(("center",) if units else ()), *(shared for _ in range(first, cols)))
    grid = Grid(key, "", depth + rows, cols, tuple(cells), widths, depth)
    grid.owners()
    return OpenGrid(grid, aligns, groups, tuple(depth + r for r in sections))
