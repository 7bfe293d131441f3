"""Typesets a whole report and looks for the spacing that breaks its tables where wanted."""

from __future__ import annotations

import re

import numpy as np

from .content import Report, chinese_date
from .flow import Flow
from .forms import tables_of
from .sheet import Block, Rule, Sheet
from .style import Style, reheighted, respaced
from .typeset import TextStyle, aligned

_RUN_IN = re.compile(r"^(（[一二三四五六七八九十]）[^。]{2,18}。|[一二三四五]是[^。；]{4,22}。)")
# Layouts tried before the best is taken; one takes ten milliseconds or so.
ATTEMPTS = 300


def typeset(report: Report, style: Style) -> Sheet:
    """Set a report with one style."""
    flow = Flow(style)
    size = style.body_size
    body = TextStyle(style.body, style.digits, size, lead_face=style.kai)
    head = TextStyle(style.head, style.digits, size)
    kai = TextStyle(style.kai, style.digits, size)
    if report.number is not None:
        flow.single(report.number, "document_number", body, flow.left, flow.right, "center")
        flow.skip(style.pitch * 0.8)
    title = TextStyle(style.title, None, style.title_size)
    flow.centred(report.title, "title", title, style.title_size * 1.5)
    flow.skip(style.pitch * 0.7)
    if report.recipient is not None:
        flow.paragraph(report.recipient + "：", "recipient", body, 0.0)
    grids = tables_of(report)
    minimum = dict(zip(("two", "three", "four"), style.min_row, strict=True))
    for item in report.body:
        if item.kind == "h1":
            flow.heading(item.text, "heading", head, 2 * size)
        elif item.kind == "h2":
            flow.heading(item.text, "heading", kai, 2 * size)
        elif item.kind == "table":
            flow.skip(4.0)
            flow.table(grids[item.text], minimum[item.text], style.header_mode)
            flow.skip(8.0)
        else:
            match = _RUN_IN.match(item.text)
            flow.paragraph(item.text, "paragraph", body, 2 * size, match.end() if match else 0)
    spot = _signature(flow, report, body)
    if report.copies is not None:
        _footer(flow, report)
    flow.page_numbers(TextStyle(style.body, style.digits, 14.0))
    return flow.sheet(spot)


def _signature(flow: Flow, report: Report, look: TextStyle) -> tuple[int, float, float]:
    """Office and date at the right, the seal's middle between them; without them, below the last line."""
    if report.signature is None or report.date is None:
        x = flow.right - 90.0
        return flow.page, x, min(flow.y + 20.0, flow.bottom - 30.0)
    flow.need(4.5 * flow.style.pitch)
    flow.skip(flow.style.pitch * 1.5)
    right = flow.right - 2 * look.size
    office = flow.single(report.signature, "signature", look, flow.left, right, "right")
    x0, _, x1, _ = office.box()
    date = chinese_date(report.date)
    line = flow.single(date, "date", look, x0, x1, "center")
    return flow.page, (x0 + x1) / 2, line.box()[1] - 4.0


def _footer(flow: Flow, report: Report) -> None:
    """抄送 and 印发 between three rulings at the foot of the last page."""
    style = flow.style
    look = TextStyle(style.body, style.digits, 14.0)
    pitch = 24.0
    top = flow.bottom - 2 * pitch - 4.0
    if flow.y > top:
        flow.new_page()
    for i, width in ((0, 1.0), (1, 0.5), (2, 1.0)):
        y = top + i * pitch
        flow.rules.append(Rule(flow.page, flow.left, y, flow.right, y, width, "footer"))
    left, right = flow.left + 14.0, flow.right - 14.0
    copies = aligned(f"抄送：{report.copies}。", look, left, right, top, pitch, "left")
    flow.blocks.append(Block(flow.page, "copies", (copies,)))
    if report.printed is not None and report.printed_by is not None:
        by = aligned(report.printed_by, look, left, right, top + pitch, pitch, "left")
        date = chinese_date(report.printed) + "印发"
        on = aligned(date, look, left, right, top + pitch, pitch, "right")
        flow.blocks.append(Block(flow.page, "printed", (by, on)))


def breaks_of(sheet: Sheet) -> set[tuple[str, int]]:
    """(table key, row) after which a page break falls."""
    found: set[tuple[str, int]] = set()
    for table in sheet.tables:
        for row in range(len(table.rows) - 1):
            if table.rows[row][0] != table.rows[row + 1][0]:
                found.add((table.grid.key, row))
    return found


def random_targets(rng: np.random.Generator) -> tuple[tuple[str, int], ...]:
    """Places where a table may be cut: title from header, header from header, inside the merged cell."""
    choices = (("two", 4), ("two", 7), ("three", 0), ("three", 1), ("three", 5), ("three", 12), ("four", 1))
    picked = rng.choice(len(choices), size=2, replace=False)
    return tuple(choices[int(i)] for i in picked)


def compose(report: Report, style: Style, targets: tuple[tuple[str, int], ...], rng: np.random.Generator) -> Sheet:
    """The layout, among a number of spacings, that is cut at the most of the wanted places."""
    best, best_style = typeset(report, style), style
    best_hits = len(breaks_of(best) & set(targets))
    for attempt in range(ATTEMPTS):
        if best_hits == len(targets):
            break
        # Every other try keeps the pages that hit best so far and changes the tables' rows alone.
        other = reheighted(best_style, rng) if attempt % 2 else respaced(style, rng)
        sheet = typeset(report, other)
        hits = len(breaks_of(sheet) & set(targets))
        if hits > best_hits:
            best, best_style, best_hits = sheet, other, hits
    return best
