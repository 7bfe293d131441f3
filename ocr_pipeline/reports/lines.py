"""Where in a TOML file a value stands: tomllib does not say, and a person who has to mend it wants the line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

Place = Sequence[str | int]
"""Keys and array indices from the root: ("table", 1, "column", 3, "label")."""

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")


def line_of(text: str, place: Place) -> int:
    """The 1-based line of a place in a TOML text; that of the nearest thing around it that can be found."""
    lines = text.splitlines()
    start, end, rest = _section(lines, list(place))
    if not rest:
        return start + 1
    key = str(rest[0])
    at = _find_key(lines, key, start, end)
    if at is None:
        at = _find_word(lines, key, start, end)
        return (at if at is not None else start) + 1
    if len(rest) > 1 and isinstance(rest[1], int):
        at = _find_item(lines, at, end, rest[1])
        for key in (str(part) for part in rest[2:]):
            at = next((i for i in range(at, min(end, at + 8)) if _names(lines[i], key)), at)
    return at + 1


def _section(lines: list[str], place: list[str | int]) -> tuple[int, int, list[str | int]]:
    """The [[header]] lines that a place lies under: first line, line after the last, and what is left of the place."""
    best = (0, next((i for i, line in enumerate(lines) if _HEADER.match(line)), len(lines)), place)
    counts: Counter[str] = Counter()
    for number, line in enumerate(lines):
        match = _HEADER.match(line)
        if match is None:
            continue
        names = [name.strip() for name in match[2].split(".")]
        path = _counted(names, match[1] == "[[", counts)
        if path == place[: len(path)]:
            end = next((i for i in range(number + 1, len(lines)) if _HEADER.match(lines[i])), len(lines))
            best = (number, end, place[len(path) :])
    return best


def _counted(names: list[str], array: bool, counts: Counter[str]) -> list[str | int]:
    """A header's names with the index of each array of tables on the way; counts is kept up to date."""
    path: list[str | int] = []
    for depth, name in enumerate(names):
        key = repr([*path, name])
        path.append(name)
        last = depth == len(names) - 1
        if last and array:
            counts[key] += 1
        if counts[key]:
            path.append(counts[key] - 1)
    return path


def _find_key(lines: list[str], key: str, start: int, end: int) -> int | None:
    pattern = re.compile(rf"""^\s*["']?{re.escape(key)}["']?\s*=""")
    return next((i for i in range(start, end) if pattern.match(lines[i])), None)


def _names(line: str, word: str) -> bool:
    return re.search(rf"(?<![\w]){re.escape(word)}(?![\w])", line) is not None


def _find_word(lines: list[str], word: str, start: int, end: int) -> int | None:
    return next((i for i in range(start, end) if _names(lines[i], word)), None)


def _find_item(lines: list[str], at: int, end: int, index: int) -> int:
    """The line where the item of that index begins in an array of inline tables or strings."""
    seen = -1
    for number in range(at, end):
        items = lines[number].count("{") or (0 if number == at else int(bool(lines[number].strip(" ,]\t"))))
        seen += items
        if seen >= index:
            return number
    return at
