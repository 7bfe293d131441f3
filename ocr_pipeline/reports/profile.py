"""What a known form looks like: its tables, label trees, units and rules. Built by `loader` from a profile file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from ocr_pipeline.reports.values import Holds


class Along(StrEnum):
    """ROW: the rule names columns and holds in each row; COLUMN: it names rows and holds in each column."""

    ROW = "row"
    COLUMN = "column"


@dataclass(frozen=True)
class Edition:
    """A version of the form and the years (inclusive) it was in use; last is None while it still is."""

    id: str
    first: int
    last: int | None


@dataclass(frozen=True)
class Label:
    """A column or row of the form: its identifier and its labels from the outermost in."""

    id: str
    path: tuple[str, ...]
    optional: bool = False
    holds: Holds = Holds.ANY
    unit: str | None = None


@dataclass(frozen=True)
class Rule:
    """`left` equals `right`, both sums of signed identifiers; printed is the formula as the profile has it."""

    along: Along
    printed: str
    left: tuple[tuple[int, str], ...]
    right: tuple[tuple[int, str], ...]
    tolerance: float = 0.0

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for _, name in self.left + self.right)


@dataclass(frozen=True)
class Block:
    """Rows under one header. A block without rows takes data rows whatever their labels."""

    title: str
    columns: tuple[Label, ...]
    rows: tuple[Label, ...] = ()
    rules: tuple[Rule, ...] = ()
    editions: tuple[str, ...] = ()

    def column(self, name: str) -> Label:
        return next(label for label in self.columns if label.id == name)

    def row(self, name: str) -> Label:
        return next(label for label in self.rows if label.id == name)


@dataclass(frozen=True)
class TableProfile:
    """One table of a form. key is `form/table`, what Table.profile holds."""

    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class FormProfile:
    """A known form. wordings: (label, another wording of it) pairs; source: the file it came from."""

    id: str
    title: str
    editions: tuple[Edition, ...]
    tables: tuple[TableProfile, ...]
    wordings: tuple[tuple[str, str], ...]
    source: str

    def wordings_of(self, label: str) -> tuple[str, ...]:
        """The label and every other accepted wording of it."""
        return (label, *(other for known, other in self.wordings if known == label))

    def edition_of(self, year: int) -> str | None:
        """The edition in use that year."""
        for edition in self.editions:
            if edition.first <= year and (edition.last is None or year <= edition.last):
                return edition.id
        return None


_TERM = re.compile(r"\s*([+-]?)\s*([A-Za-z_][A-Za-z0-9_]*)")


def parse_formula(formula: str) -> tuple[tuple[tuple[int, str], ...], tuple[tuple[int, str], ...]]:
    """`total = a + b - c` as signed names of both sides. ValueError with a plain reason when it is no formula."""
    sides = formula.split("=")
    if len(sides) != 2:
        raise ValueError(f"the rule {formula!r} needs exactly one '='")
    left, right = (_parse_side(side, formula) for side in sides)
    names = [name for _, name in left + right]
    doubled = next((name for name in names if names.count(name) > 1), None)
    if doubled:
        raise ValueError(f"the rule {formula!r} names {doubled!r} twice")
    return left, right


def _parse_side(side: str, formula: str) -> tuple[tuple[int, str], ...]:
    terms: list[tuple[int, str]] = []
    place = 0
    text = side.rstrip()
    while place < len(text):
        match = _TERM.match(text, place)
        if match is None or (terms and not match[1]):
            raise ValueError(f"the rule {formula!r} cannot be read near {text[place:].strip()!r}")
        terms.append((-1 if match[1] == "-" else 1, match[2]))
        place = match.end()
    if not terms:
        raise ValueError(f"the rule {formula!r} has an empty side")
    return tuple(terms)
