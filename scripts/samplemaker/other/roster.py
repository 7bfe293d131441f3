"""Lists of people and things: names, numbers of documents and telephones, dates, remarks."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..grid import Grid, GridCell
from . import figures
from .words import OFFICES, PLACES, POSTS, TEXTS, person, pick, some

Maker = Callable[[int, np.random.Generator], str]


def _id_number(row: int, rng: np.random.Generator) -> str:
    return figures.digits(17, rng) + pick("0123456789X", rng)


def _telephone(row: int, rng: np.random.Generator) -> str:
    if rng.random() < 0.3:
        return f"0{figures.digits(3, rng)}-{figures.digits(7, rng)}"
    return "1" + figures.digits(10, rng)


def _columns(rng: np.random.Generator) -> list[tuple[str, Maker]]:
    """Heads and makers of the columns of one list."""
    form = int(rng.integers(6))
    kind = figures.Column("money", 5, "", 0.1)
    some_of: list[tuple[str, Maker]] = [
        ("性别", lambda row, r: pick("男女", r)),
        ("出生年月", lambda row, r: figures.date(form, r)),
        ("身份证号码", _id_number),
        ("联系电话", _telephone),
        ("单位", lambda row, r: pick(PLACES, r) + pick(OFFICES, r)),
        ("职务", lambda row, r: pick(POSTS, r)),
        ("年龄", lambda row, r: str(int(r.integers(18, 88)))),
        ("补助金额（元）", lambda row, r: figures.shown(kind, figures.draw(kind, r))),
        ("银行账号", lambda row, r: figures.digits(19, r)),
        ("编号", lambda row, r: f"{pick('ABCDHKZ', r)}{figures.digits(2, r)}-{figures.digits(4, r)}"),
        ("备注", lambda row, r: "" if r.random() < 0.7 else pick(TEXTS[-4:], r)),
    ]
    chosen = sorted(int(i) for i in rng.permutation(len(some_of))[: int(rng.integers(3, 7))])
    first: list[tuple[str, Maker]] = [
        ("序号", lambda row, r: str(row + 1)), ("姓名", lambda row, r: person(r)),
    ]  # fmt: skip
    return first + [some_of[i] for i in chosen]


def roster(key: str, rows: int, rng: np.random.Generator) -> Grid:
    """A list of so many people, one header row."""
    columns = _columns(rng)
    cells = [GridCell(0, col, 1, 1, head, "header") for col, (head, _) in enumerate(columns)]
    for row in range(rows):
        for col, (head, make) in enumerate(columns):
            align = "left" if head in ("单位", "备注") else "center"
            cells.append(GridCell(row + 1, col, 1, 1, make(row, rng), "data", align=align))
    title = some(("人员花名册", "补助发放明细表", "参会人员名单", "党员基本信息表", "联系人一览表"), 1, rng)[0]
    return Grid(key, title, rows + 1, len(columns), tuple(cells), (1.0,) * len(columns), 1)
