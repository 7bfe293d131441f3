"""Single pages for one purpose each: digits, prose, one big table, a plain statistical table."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .content import load
from .flow import Flow
from .forms import table_three, table_two
from .grid import Grid, GridCell
from .invent import consistent_three, invent
from .sheet import Sheet
from .style import Style
from .typeset import TextStyle

DIGIT_ROWS, DIGIT_COLS = 25, 20


def digits(style: Style, rng: np.random.Generator) -> Sheet:
    """A ruled page of 500 one-digit cells, each digit 50 times, shuffled."""
    values = rng.permutation(np.repeat(np.arange(10), DIGIT_ROWS * DIGIT_COLS // 10))
    cells = tuple(GridCell(i // DIGIT_COLS, i % DIGIT_COLS, 1, 1, str(int(value))) for i, value in enumerate(values))
    grid = Grid("digits", "", DIGIT_ROWS, DIGIT_COLS, cells, (1.0,) * DIGIT_COLS)
    # The small size is for crowded forms; this page has room for the common one.
    flow = Flow(replace(style, small_size=style.table_size))
    flow.table(grid, (flow.bottom - flow.top) / DIGIT_ROWS - 0.1, "natural")
    return flow.sheet(None)


def prose(style: Style, rng: np.random.Generator) -> Sheet:
    """One page of running text under a heading, cut off at the foot."""
    flow = Flow(style)
    body = TextStyle(style.body, style.digits, style.body_size)
    head = TextStyle(style.head, style.digits, style.body_size)
    texts = [item.text for name in ("luoshan", "ningling") for item in load(name).body if item.kind == "p"]
    texts = [text for text in texts if len(text) > 60]
    flow.heading("一、总体情况", "heading", head, 2 * style.body_size)
    for i in rng.permutation(len(texts)):
        if flow.page == 0:
            flow.paragraph(texts[int(i)], "paragraph", body, 2 * style.body_size)
    flow.page = 0
    flow.blocks = [block for block in flow.blocks if block.page == 0]
    flow.page_numbers(TextStyle(style.body, style.digits, 14.0))
    return flow.sheet(None)


def _titled(flow: Flow, text: str) -> None:
    style = flow.style
    look = TextStyle(style.head, style.digits, style.body_size)
    flow.heading(text, "table_title", look, 0.0)
    flow.skip(4.0)


def table_page(style: Style, rng: np.random.Generator) -> Sheet:
    """Table three, complete, on one page, with numbers that add up."""
    report = invent("table-page", rng)
    values = consistent_three(True, int(rng.integers(2, 5)), rng)
    grid = table_three(replace(report.three, split_other=True, values=values), report.parens)
    # Small enough margins and rows to hold 28 rows whatever the style.
    roomy = replace(style, margins=(style.margins[0], 70.0, style.margins[2], 70.0))
    minimum = 21.0
    while True:
        flow = Flow(roomy)
        _titled(flow, "三、" + grid.title)
        flow.table(grid, minimum, style.header_mode)
        if flow.page == 0:
            break
        minimum -= 1.0
        roomy = replace(roomy, table_size=max(8.5, roomy.table_size - 0.25))
    flow.page_numbers(TextStyle(style.body, style.digits, 14.0))
    return flow.sheet(None)


def plain_grid(rows: int, rng: np.random.Generator) -> Grid:
    """A table of indicators over years: one header row, numbers with decimals and blanks."""
    header = ("指标", "单位", "2019年", "2020年", "2021年", "比上年增长（%）")
    names = (
        "地区生产总值", "第一产业", "第二产业", "第三产业", "一般公共预算收入",
        "一般公共预算支出", "粮食产量", "常住人口", "城镇居民人均可支配收入", "农村居民人均可支配收入",
        "社会消费品零售总额", "固定资产投资", "主动公开信息", "行政许可事项", "依申请公开件数",
        "政策解读稿件", "网民留言办理", "业务培训", "政务新媒体账号", "在线办结率",
    )  # fmt: skip
    units = ("万元", "亿元", "吨", "人", "件", "条", "次", "个")
    cells = [GridCell(0, i, 1, 1, text, "header") for i, text in enumerate(header)]
    for row in range(1, rows + 1):
        cells.append(GridCell(row, 0, 1, 1, names[(row - 1) % len(names)], "stub"))
        cells.append(GridCell(row, 1, 1, 1, units[int(rng.integers(len(units)))], "header"))
        for col in range(2, 6):
            size = 10 ** int(rng.integers(1, 6))
            number = float(rng.uniform(0, size))
            text = f"{number:.1f}" if col == 5 or rng.random() < 0.3 else str(int(number))
            cells.append(GridCell(row, col, 1, 1, "" if rng.random() < 0.06 else text))
    return Grid("plain", "主要指标完成情况", rows + 1, 6, tuple(cells), (2.4, 0.8, 1.0, 1.0, 1.0, 1.3), 1)


def plain_page(style: Style, rng: np.random.Generator) -> Sheet:
    """A plain statistical table and table two on one page."""
    flow = Flow(style)
    _titled(flow, "主要指标完成情况")
    flow.table(plain_grid(int(rng.integers(8, 13)), rng), 21.0, "natural")
    flow.skip(18.0)
    _titled(flow, "主动公开政府信息情况")
    report = invent("plain", rng)
    # Open tables rule off what they take for the header: the first title and its header row.
    second = replace(table_two(report.sections, report.parens), header_rows=2)
    flow.table(second, 15.0, "natural")
    sheet = flow.sheet(None)
    return sheet if sheet.pages == 1 else plain_page(replace(style, body_size=13.0, table_size=9.0, pitch=20.0), rng)
