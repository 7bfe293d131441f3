"""Pages that hold no table but much that looks like one: two columns, lists, forms, letterheads, footers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .compose import _footer
from .flow import Flow
from .invent import COUNTIES, OFFICES, SENTENCES, _paragraph, invent
from .open_grids import LABELS
from .sheet import Block, Rule, Sheet
from .style import A4, Style
from .typeset import TextStyle, aligned

KINDS = ("prose-columns", "contents", "list", "form", "letter", "footnote")
FIELDS = (
    "单位名称", "填报人", "联系电话", "填报日期", "负责人", "统计人", "邮政编码", "通信地址", "申请人", "证件号码",
    "电子邮箱", "受理编号", "办理时限", "传真", "审核人", "所属年度",
)  # fmt: skip


def plain_text_page(kind: str, style: Style, rng: np.random.Generator) -> Sheet:
    """One page of the kind, no table on it."""
    maker = {
        "prose-columns": _prose_columns, "contents": _contents, "list": _list, "form": _form, "letter": _letter,
        "footnote": _footnote,
    }[kind]  # fmt: skip
    flow = Flow(replace(style, body_size=float(rng.choice([12.0, 14.0, 16.0])), pitch=float(rng.uniform(20, 28))))
    maker(flow, rng)
    flow.page = 0
    flow.blocks = [block for block in flow.blocks if block.page == 0]
    flow.rules = [rule for rule in flow.rules if rule.page == 0]
    flow.page_numbers(TextStyle(style.body, style.digits, 12.0))
    return flow.sheet(None)


def _look(flow: Flow, size: float | None = None) -> TextStyle:
    return TextStyle(flow.style.body, flow.style.digits, size or flow.style.body_size)


def _level(flow: Flow, y: float, width: float, left: float | None = None, right: float | None = None) -> None:
    x0, x1 = flow.left if left is None else left, flow.right if right is None else right
    flow.rules.append(Rule(0, x0, y, x1, y, width, "footer"))


def _fill(flow: Flow, look: TextStyle, rng: np.random.Generator) -> None:
    """Paragraphs to the foot of the column."""
    page = flow.page
    while flow.page == page and flow.y < flow.bottom - flow.style.pitch:
        flow.paragraph(_paragraph(SENTENCES, int(rng.integers(2, 6)), rng), "paragraph", look, 2 * look.size)
    flow.blocks = [block for block in flow.blocks if block.page == page]
    flow.page = page


def _prose_columns(flow: Flow, rng: np.random.Generator) -> None:
    left, right = flow.left, flow.right
    size = float(rng.choice([9.0, 10.5]))
    flow.style = replace(flow.style, pitch=size * float(rng.uniform(1.4, 1.8)))
    if rng.random() < 0.5:
        _level(flow, flow.top - 8.0, 0.75)
    if rng.random() < 0.3:
        _level(flow, flow.bottom + 8.0, 0.75)
    middle, gap = (left + right) / 2, float(rng.uniform(9, 14))
    if rng.random() < 0.3:
        flow.rules.append(Rule(0, middle, flow.top, middle, flow.bottom, 0.5, "column"))
    for x0, x1 in ((left, middle - gap), (middle + gap, right)):
        flow.left, flow.right, flow.y = x0, x1, flow.top
        _fill(flow, _look(flow, size), rng)
    flow.left, flow.right = left, right


def _contents(flow: Flow, rng: np.random.Generator) -> None:
    look = _look(flow)
    flow.centred(("目录",), "title", replace(look, size=20.0), 36.0)
    dots, number = bool(rng.random() < 0.6), 1
    for i in range(int(rng.integers(8, 20))):
        text = f"{i + 1}.{LABELS[int(rng.integers(len(LABELS)))]}"
        number += int(rng.integers(1, 5))
        if flow.y + flow.style.pitch > flow.bottom:
            break
        start = flow.left + (24.0 if rng.random() < 0.4 else 0.0)
        if dots:
            room = flow.right - start - look.size * (len(text) + 2)
            text += "." * int(room / (look.size * 0.32))
        lines = (
            aligned(text, look, start, flow.right, flow.y, flow.style.pitch, "left"),
            aligned(str(number), look, flow.left, flow.right, flow.y, flow.style.pitch, "right"),
        )
        flow.blocks.append(Block(0, "paragraph", lines))
        flow.y += flow.style.pitch


def _list(flow: Flow, rng: np.random.Generator) -> None:
    look = _look(flow)
    hang = float(rng.choice([0.0, 2.0])) * look.size
    flow.paragraph(_paragraph(SENTENCES, 2, rng), "paragraph", look, 2 * look.size)
    for i in range(int(rng.integers(6, 14))):
        if flow.y + 2 * flow.style.pitch > flow.bottom:
            break
        mark = aligned(f"（{i + 1}）", look, flow.left, flow.right, flow.y, flow.style.pitch, "left")
        text = LABELS[int(rng.integers(len(LABELS)))] + "；"
        item = aligned(text, look, flow.left + 3 * look.size + hang, flow.right, flow.y, flow.style.pitch, "left")
        flow.blocks.append(Block(0, "paragraph", (mark, item)))
        flow.y += flow.style.pitch


def _form(flow: Flow, rng: np.random.Generator) -> None:
    look = _look(flow, 12.0)
    flow.centred(("信息公开申请表",), "title", replace(look, size=20.0), 40.0)
    across = int(rng.integers(2, 4))
    underlined = bool(rng.random() < 0.5)
    width = (flow.right - flow.left) / across
    fields = [FIELDS[int(i)] for i in rng.permutation(len(FIELDS))]
    pitch = float(rng.uniform(22, 34))
    for row in range(int(rng.integers(3, 6))):
        lines = []
        for col in range(across):
            x = flow.left + col * width
            label = fields[(row * across + col) % len(fields)]
            digits = rng.random() < 0.5
            value = str(int(rng.integers(10**5, 10**8))) if digits else COUNTIES[int(rng.integers(len(COUNTIES)))]
            # Labels of one form column are spread to one width, as offices like it.
            lines.append(aligned(label + "：", look, x, x + width, flow.y, pitch, "left"))
            lines.append(aligned(value, look, x + 5.6 * look.size, x + width, flow.y, pitch, "left"))
            if underlined:
                y = flow.y + pitch / 2 + 0.62 * look.size
                _level(flow, y, 0.5, x + 5.2 * look.size, x + width - 8.0)
        flow.blocks.append(Block(0, "other", tuple(lines)))
        flow.y += pitch
    flow.skip(20.0)
    flow.paragraph(_paragraph(SENTENCES, 3, rng), "paragraph", look, 2 * look.size)
    flow.skip(30.0)
    for left, right in (("甲方（盖章）：", "乙方（盖章）："), ("代表签字：", "代表签字："), ("日期：", "日期：")):
        pair = (
            aligned(left, look, flow.left, flow.right, flow.y, pitch, "left"),
            aligned(right, look, A4[0] / 2 + 20.0, flow.right, flow.y, pitch, "left"),
        )
        flow.blocks.append(Block(0, "signature", pair))
        flow.y += pitch


def _letter(flow: Flow, rng: np.random.Generator) -> None:
    look = _look(flow)
    county = COUNTIES[int(rng.integers(len(COUNTIES)))]
    name = county + OFFICES[int(rng.integers(len(OFFICES)))] + "文件"
    flow.centred((name,), "header", TextStyle(flow.style.title, None, 26.0), 50.0)
    number = f"{county[0]}政办〔2022〕{int(rng.integers(1, 99))}号"
    signer = aligned("签发人：" + "王建国", look, flow.left, flow.right, flow.y, 24.0, "right")
    left = aligned(number, look, flow.left, flow.right, flow.y, 24.0, "left")
    flow.blocks.append(Block(0, "document_number", (left, signer)))
    flow.y += 28.0
    _level(flow, flow.y, float(rng.choice([1.5, 2.25])))
    if rng.random() < 0.4:
        _level(flow, flow.y + 3.0, 0.75)
    flow.y += 24.0
    for _ in range(3):
        flow.paragraph(_paragraph(SENTENCES, int(rng.integers(1, 3)), rng), "paragraph", look, 2 * look.size)
    report = replace(
        invent("letter", rng), copies="市政务公开办公室，县委办公室", printed_by=county, printed="2022-01-20"
    )
    flow.page = 0
    flow.y = min(flow.y, flow.bottom - 60.0)
    _footer(flow, report)


def _footnote(flow: Flow, rng: np.random.Generator) -> None:
    small = _look(flow, 9.0)
    head = aligned("统计工作年度报告", small, flow.left, flow.right, flow.top - 22.0, 14.0, "left")
    page = aligned("第12页", small, flow.left, flow.right, flow.top - 22.0, 14.0, "right")
    flow.blocks.append(Block(0, "header", (head, page)))
    _level(flow, flow.top - 6.0, 0.5)
    bottom = flow.bottom
    flow.bottom = bottom - 50.0
    _fill(flow, _look(flow), rng)
    flow.bottom = bottom
    _level(flow, bottom - 40.0, 0.5, flow.left, flow.left + 140.0)
    flow.y = bottom - 36.0
    for i in range(2):
        line = aligned(
            f"{i + 1} {LABELS[i]}数据来自各单位年度报表。", small, flow.left, flow.right, flow.y, 14.0, "left"
        )
        flow.blocks.append(Block(0, "note", (line,)))
        flow.y += 14.0
