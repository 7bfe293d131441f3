"""What a report says: the data of a filing, and reading it from its TOML file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REPORTS = Path(__file__).parent / "reports"
REPORT_NAMES = ("gangcha", "huojia", "luoshan", "ningling", "xunyang")


@dataclass(frozen=True)
class BodyItem:
    """One paragraph (kind p), heading (h1, h2) or table (kind table, text two|three|four)."""

    kind: str
    text: str


@dataclass(frozen=True)
class Section:
    """One part of table two: its full-width title, its header row, its value rows."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class TableThree:
    """Table three: the wordings that differ between counties, and 7 values a row, top to bottom."""

    society: str
    total: str
    law: str
    split_other: bool
    values: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Report:
    """A whole filing. Dates are ISO; None where the filing has no such thing."""

    name: str
    year: int
    title: tuple[str, ...]
    issuer: str
    seal: str
    parens: str
    body: tuple[BodyItem, ...]
    sections: tuple[Section, ...]
    three: TableThree
    four: tuple[str, ...]
    breaks: tuple[tuple[str, int], ...] = ()
    number: str | None = None
    recipient: str | None = None
    date: str | None = None
    signature: str | None = None
    copies: str | None = None
    printed_by: str | None = None
    printed: str | None = None


def _rows(raw: list[list[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(row) for row in raw)


def load(name: str) -> Report:
    """Read one of the reports shipped beside this module."""
    raw: dict[str, Any] = tomllib.loads((REPORTS / f"{name}.toml").read_text(encoding="utf-8"))
    three = dict(raw.pop("three"))
    three["values"] = _rows(three["values"])
    sections = tuple(Section(s["title"], tuple(s["header"]), _rows(s["rows"])) for s in raw.pop("sections"))
    body = tuple(BodyItem(b["kind"], b["text"]) for b in raw.pop("body"))
    breaks = tuple((b["table"], int(b["row"])) for b in raw.pop("breaks", []))
    raw["title"] = tuple(raw["title"])
    raw["four"] = tuple(raw["four"])
    return Report(body=body, sections=sections, three=TableThree(**three), breaks=breaks, **raw)


def chinese_date(iso: str) -> str:
    """2022-02-18 as an office prints it: 2022年2月18日."""
    year, month, day = iso.split("-")
    return f"{int(year)}年{int(month)}月{int(day)}日"
