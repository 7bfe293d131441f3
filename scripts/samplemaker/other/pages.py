"""Documents of other forms: one to three pages with tables, captions, notes and running text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from ..flow import Flow
from ..grid import Grid
from ..sheet import Block, Sheet
from ..style import choose as office_style
from ..typeset import TextStyle, aligned
from . import look as looks
from .budget import budget
from .fit import Fitted, fit
from .look import Look
from .mixed import mixed
from .roster import roster
from .setting import set_table
from .survey import survey
from .words import CAPTION_UNITS, NOTES, OFFICES, PLACES, pick, sentences
from .yearbook import yearbook

KINDS = ("yearbook", "wide", "long", "pair", "beside", "budget", "roster", "survey", "mixed")
GUTTER = 16.0
Draw = Callable[[float], Grid]


def document(kind: str, rng: np.random.Generator) -> tuple[Sheet, int]:
    """The sheet of one document and the quarter turns (degrees) it is fed in by."""
    wide = kind in ("wide", "beside") or (kind in ("roster", "budget", "yearbook") and rng.random() < 0.3)
    look = looks.choose(wide, rng)
    flow = _flow(look, rng)
    if rng.random() < 0.4 and kind != "survey":
        text = TextStyle(look.body, look.digits, look.text_size)
        flow.paragraph(sentences(int(rng.integers(1, 4)), rng), "paragraph", text, 2 * look.text_size)
        flow.skip(8.0)
    if kind == "beside":
        _beside(flow, look, rng)
    else:
        for number in range(2 if kind == "pair" else 1):
            _one(flow, look, _maker(kind, f"{kind}-{number}", rng), kind, rng)
    if rng.random() < 0.3:
        flow.skip(6.0)
        text = TextStyle(look.body, look.digits, look.text_size)
        flow.paragraph(sentences(int(rng.integers(1, 3)), rng), "paragraph", text, 2 * look.text_size)
    if rng.random() < 0.7:
        flow.page_numbers(TextStyle(look.body, look.digits, 10.5))
    return flow.sheet(None), look.fed


def _flow(look: Look, rng: np.random.Generator) -> Flow:
    style = replace(
        office_style(rng), body=look.body, digits=look.digits, margins=look.margins, body_size=look.text_size,
        pitch=look.text_size * 1.6,
    )  # fmt: skip
    return Flow(style, look.page)


def _maker(kind: str, key: str, rng: np.random.Generator) -> Draw:
    """Draws grids of a kind; the argument, 1 at first, shrinks while they do not fit."""
    if kind == "budget":
        return lambda share: budget(key, rng)
    if kind == "roster":
        rows = int(rng.integers(12, 70))
        return lambda share: roster(key, rows, rng)
    if kind == "survey":
        return lambda share: survey(key, rng)
    if kind == "mixed":
        rows, cols = int(rng.integers(10, 45)), int(rng.integers(3, 11))
        return lambda share: mixed(key, rows, max(1, round(cols * share)), rng)
    rows, cols = {
        "yearbook": (int(rng.integers(8, 26)), int(rng.integers(3, 12))),
        "wide": (int(rng.integers(8, 22)), int(rng.integers(10, 21))),
        "long": (int(rng.integers(40, 85)), int(rng.integers(4, 10))),
        "pair": (int(rng.integers(4, 11)), int(rng.integers(2, 9))),
        "beside": (int(rng.integers(6, 18)), int(rng.integers(2, 5))),
    }[kind]
    return lambda share: yearbook(key, rows, max(1, round(cols * share)), rng)


def _drawn(make: Draw, look: Look, left: float, right: float, rng: np.random.Generator) -> tuple[Grid, Fitted]:
    """A grid that fits between two edges; fewer columns are tried while it does not."""
    share = 1.0
    while True:
        grid = make(share)
        stretch = rng.dirichlet(np.full(grid.cols, 8.0))
        fitted = fit(grid, look, left, right, stretch)
        if fitted is not None:
            return grid, fitted
        share *= 0.93


def _one(flow: Flow, look: Look, make: Draw, kind: str, rng: np.random.Generator) -> None:
    """One table over the whole width, with its caption and notes."""
    grid, fitted = _drawn(make, look, flow.left, flow.right, rng)
    number = f"表{len(flow.tables) + 1}"
    flow.need(90.0)
    _title(flow, f"{number} {grid.title}" if rng.random() < 0.5 else grid.title, look, flow.left, flow.right)
    _unit_line(flow, look, fitted, kind, rng)
    again = pick(("", "", "续表", f"{number}（续）", f"{grid.title}（续）"), rng)
    set_table(flow, grid, fitted, look, again, bool(rng.random() < 0.5))
    if rng.random() < 0.3:
        _small(flow, pick(NOTES, rng), look, fitted, "left")
    flow.y += 14.0


def _beside(flow: Flow, look: Look, rng: np.random.Generator) -> None:
    """Two tables side by side, each with its own columns and rows."""
    middle = (flow.left + flow.right) / 2
    top, lowest = flow.y, flow.y
    for number, (left, right) in enumerate(((flow.left, middle - GUTTER), (middle + GUTTER, flow.right))):
        flow.y = top
        while True:
            grid, fitted = _drawn(_maker("beside", f"beside-{number}", rng), look, left, right, rng)
            trial = Flow(flow.style, look.page)
            trial.y = top + look.size * 2.2
            set_table(trial, grid, fitted, look, "", False)
            if trial.page == 0:
                break
        _title(flow, grid.title, look, left, right)
        set_table(flow, grid, fitted, look, "", False)
        lowest = max(lowest, flow.y)
    flow.y = lowest


def _title(flow: Flow, text: str, look: Look, left: float, right: float) -> None:
    size = look.size + 2.0
    line = aligned(text, TextStyle(look.title, None, size), left, right, flow.y, size * 1.5, "center")
    flow.blocks.append(Block(flow.page, "table_title", (line,)))
    flow.y += size * 1.5


def _unit_line(flow: Flow, look: Look, fitted: Fitted, kind: str, rng: np.random.Generator) -> None:
    """What stands between title and table: unit at the right, office at the left, neither."""
    style = TextStyle(look.body, look.digits, fitted.size)
    texts = []
    if kind not in ("roster", "survey") and rng.random() < 0.6:
        texts.append((pick(CAPTION_UNITS, rng), "right"))
    if rng.random() < 0.3:
        texts.append((f"填报单位：{pick(PLACES, rng)}{pick(OFFICES, rng)}", "left"))
    pitch = fitted.size * 1.6
    for text, align in texts:
        line = aligned(text, style, fitted.edges[0], fitted.edges[-1], flow.y, pitch, align)
        flow.blocks.append(Block(flow.page, "note", (line,)))
    flow.y += pitch if texts else 0.0
    flow.y += 2.5


def _small(flow: Flow, text: str, look: Look, fitted: Fitted, align: str) -> None:
    style = TextStyle(look.body, look.digits, fitted.size)
    pitch = fitted.size * 1.5
    flow.need(pitch * 2)
    flow.y += 2.0
    words = text.split("；")
    for part in words:
        line = aligned(part, style, fitted.edges[0], fitted.edges[-1], flow.y, pitch, align)
        flow.blocks.append(Block(flow.page, "note", (line,)))
        flow.y += pitch
