"""Numbers as columns of statistics print them; sums are taken on whole numbers of the smallest place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .words import pick

# What stands where there is nothing to report.
BLANKS = ("", "", "", "-", "—", "——", "…", "/", "0")
# Places behind the point of each kind, and whether values of rows may be added up.
PLACES = {"whole": 0, "thousands": 0, "one": 1, "two": 2, "money": 2, "percent": 1, "share": 2, "change": 1}
ADDITIVE = frozenset(("whole", "thousands", "one", "two", "money"))
KINDS = ("whole", "whole", "thousands", "one", "two", "money", "percent", "share", "change", "signed")


@dataclass(frozen=True)
class Column:
    """How one column prints: kind, digits before the point at most, what a blank looks like and how often it comes."""

    kind: str
    digits: int
    blank: str
    sparse: float

    @property
    def additive(self) -> bool:
        return self.kind in ADDITIVE


def any_column(kinds: tuple[str, ...], blank: str, crowded: bool, rng: np.random.Generator) -> Column:
    """A column of one of the kinds, narrower in crowded tables."""
    digits = int(rng.integers(1, 5 if crowded else 8))
    sparse = float(rng.choice([0.0, 0.05, 0.15, 0.5], p=[0.4, 0.3, 0.2, 0.1]))
    return Column(pick(kinds, rng), digits, blank, sparse)


def draw(column: Column, rng: np.random.Generator) -> int | None:
    """A value in units of the last place; None for nothing to report."""
    if rng.random() < column.sparse:
        return None
    places = PLACES.get(column.kind, 1)
    if column.kind in ("percent", "share"):
        return int(rng.integers(0, 100 * 10**places + 1))
    if column.kind in ("change", "signed"):
        return int(rng.integers(-400, 900))
    size = int(rng.integers(1, column.digits + 1))
    return int(rng.integers(0, 10 ** (size + places)))


def add(column: Column, values: list[int | None], rng: np.random.Generator) -> int | None:
    """The value of a row that sums up others; of shares and changes a value of its own."""
    if not column.additive:
        return draw(column, rng)
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def shown(column: Column, value: int | None) -> str:
    """As it is printed."""
    if value is None:
        return column.blank
    places = PLACES.get(column.kind, 1)
    number = f"{value / 10**places:.{places}f}" if places else str(value)
    if column.kind in ("thousands", "money"):
        whole, _, behind = number.partition(".")
        number = f"{int(whole):,}" + (f".{behind}" if behind else "")
    if column.kind == "percent":
        return number + "%"
    if column.kind == "signed" and value > 0:
        return "+" + number
    return number


def date(form: int, rng: np.random.Generator) -> str:
    """A day or a month in one of the forms that lists use."""
    year, month, day = int(rng.integers(1958, 2024)), int(rng.integers(1, 13)), int(rng.integers(1, 29))
    return (
        f"{year}-{month:02d}-{day:02d}", f"{year}.{month:02d}", f"{year}年{month}月", f"{year}/{month}/{day}",
        f"{year}{month:02d}{day:02d}", f"{year}.{month}.{day}",
    )[form % 6]  # fmt: skip


def digits(count: int, rng: np.random.Generator) -> str:
    """A number of so many digits that does not begin with a nought."""
    return str(int(rng.integers(1, 10))) + "".join(str(int(d)) for d in rng.integers(0, 10, count - 1))
