"""Profile files in: read, checked word by word, every fault told with its file and line."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path

from ocr_pipeline.errors import ProfileError
from ocr_pipeline.reports.lines import line_of
from ocr_pipeline.reports.profile import Along, Block, Edition, FormProfile, Label, Rule, TableProfile, parse_formula
from ocr_pipeline.reports.values import Holds

SCHEMA = "ocr-pipeline-profile/1"
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*$")
_FORM_ID = re.compile(r"[a-z0-9][a-z0-9-]*$")

_FORM_KEYS = ("schema", "id", "title", "edition", "wordings", "table")
_EDITION_KEYS = ("id", "first", "last")
_BLOCK_KEYS = ("title", "editions", "column", "row", "rule")
_TABLE_KEYS = ("id", "title", "editions", "column", "row", "rule", "block")
_LABEL_KEYS = ("id", "label", "optional", "holds", "unit")
_RULE_KEYS = ("along", "formula", "tolerance")


def load_profiles(extra: Iterable[Path] = ()) -> tuple[FormProfile, ...]:
    """The shipped profiles and the user's own: files, or folders of *.toml. A user's profile replaces a shipped one of
    the same id. Raises ProfileError."""
    own = [load_profile(file) for path in extra for file in _files(path)]
    ids = [form.id for form in own]
    doubled = next((form for form in own if ids.count(form.id) > 1), None)
    if doubled:
        raise ProfileError(f"{doubled.source}: the form id {doubled.id!r} is used by two of the profiles given.")
    return (*(form for form in shipped_profiles() if form.id not in ids), *own)


@lru_cache(maxsize=1)
def shipped_profiles() -> tuple[FormProfile, ...]:
    """The profiles that come with the package, by name."""
    folder = resources.files("ocr_pipeline.reports") / "profiles"
    files = sorted((item for item in folder.iterdir() if item.name.endswith(".toml")), key=lambda item: item.name)
    return tuple(parse_profile(item.read_text(encoding="utf-8"), item.name) for item in files)


def load_profile(path: Path) -> FormProfile:
    """One profile file. Raises ProfileError naming file and line."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ProfileError(
            f"{path}: cannot be read ({error.strerror}).", "Give the path of a profile file (docs/profiles.md)."
        ) from error
    except UnicodeDecodeError as error:
        raise ProfileError(f"{path}: is not UTF-8 text.", "Save the profile as UTF-8.") from error
    return parse_profile(text, str(path))


def parse_profile(text: str, source: str) -> FormProfile:
    """A profile from its text; source is named in errors. Raises ProfileError naming source and line."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(f"{source}: {_decode_message(error, text)}") from error
    return _form(_Node(data, (), text, source))


def _decode_message(error: tomllib.TOMLDecodeError, text: str) -> str:
    match = re.match(r"(.*) \(at line (\d+), column (\d+)\)$", str(error))
    if match:
        return f"line {match[2]}, column {match[3]}: {match[1]}."
    return f"line {len(text.splitlines())}: {error}."


def _files(path: Path) -> Sequence[Path]:
    if not path.is_dir():
        return (path,)
    files = sorted(path.glob("*.toml"))
    if not files:
        raise ProfileError(f"{path}: the folder holds no profile (*.toml).", "Give a folder with profile files.")
    return files


@dataclass(frozen=True)
class _Node:
    """A TOML table with its place in the file; reads typed values and refuses what should not be there."""

    data: Mapping[str, object]
    place: tuple[str | int, ...]
    text: str
    source: str

    def fail(self, sentence: str, *at: str | int) -> ProfileError:
        line = line_of(self.text, (*self.place, *at))
        return ProfileError(f"{self.source}: line {line}: {sentence}")

    def only(self, known: Sequence[str], what: str) -> None:
        for key in self.data:
            if key not in known:
                close = difflib.get_close_matches(key, known, 1, 0.5)
                hint = f"did you mean {close[0]!r}?" if close else f"known are {', '.join(known)}."
                raise self.fail(f"unknown key {key!r} in {what}; {hint}", key)

    def string(self, key: str, default: str | None = None) -> str:
        value = self.data.get(key, default)
        if value is None:
            raise self.fail(f"{key!r} is missing.")
        if not isinstance(value, str) or not value.strip():
            if default is not None and value == default:
                return default
            raise self.fail(f"{key!r} must be a text that is not empty.", key)
        return value

    def number(self, key: str, default: float) -> float:
        value = self.data.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            raise self.fail(f"{key!r} must be a number, zero or more.", key)
        return float(value)

    def year(self, key: str) -> int | None:
        value = self.data.get(key)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
            raise self.fail(f"{key!r} must be a year.", key)
        return value

    def boolean(self, key: str) -> bool:
        value = self.data.get(key, False)
        if not isinstance(value, bool):
            raise self.fail(f"{key!r} must be true or false.", key)
        return value

    def strings(self, key: str) -> tuple[str, ...]:
        value = self.data.get(key, [])
        items = [value] if isinstance(value, str) else value
        if not isinstance(items, list) or not all(isinstance(item, str) and item.strip() for item in items):
            raise self.fail(f"{key!r} must be a text or a list of texts.", key)
        return tuple(items)

    def nodes(self, key: str) -> tuple[_Node, ...]:
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.fail(f"{key!r} must be a list of tables, each in braces.", key)
        return tuple(_Node(item, (*self.place, key, i), self.text, self.source) for i, item in enumerate(value))


def _form(node: _Node) -> FormProfile:
    node.only(_FORM_KEYS, "the profile")
    if node.string("schema") != SCHEMA:
        raise node.fail(f"the schema must be {SCHEMA!r}.", "schema")
    form_id = node.string("id")
    if not _FORM_ID.match(form_id):
        raise node.fail("'id' may hold small letters, digits and hyphens only.", "id")
    editions = tuple(_edition(item) for item in node.nodes("edition"))
    tables = tuple(_table(item, form_id, editions) for item in node.nodes("table"))
    if not tables:
        raise node.fail("a form needs at least one [[table]].")
    _refuse_doubles([(item, item.string("id")) for item in node.nodes("table")])
    return FormProfile(form_id, node.string("title"), editions, tables, _wordings(node, tables), node.source)


def _edition(node: _Node) -> Edition:
    node.only(_EDITION_KEYS, "an edition")
    first, last = node.year("first"), node.year("last")
    if first is None:
        raise node.fail("an edition needs its 'first' year.")
    if last is not None and last < first:
        raise node.fail("the edition ends before it begins.", "last")
    return Edition(node.string("id"), first, last)


def _wordings(node: _Node, tables: Iterable[TableProfile]) -> tuple[tuple[str, str], ...]:
    value = node.data.get("wordings", {})
    if not isinstance(value, dict):
        raise node.fail('\'wordings\' must be a table: "label" = ["other wording", …].', "wordings")
    inner = _Node(value, ("wordings",), node.text, node.source)
    known = {text for table in tables for block in table.blocks for text in _texts(block)}
    for label in value:
        if label not in known:
            close = difflib.get_close_matches(label, sorted(known), 1, 0.5)
            raise inner.fail(f"no label reads {label!r}{f'; did you mean {close[0]!r}?' if close else '.'}", label)
    return tuple((label, other) for label in value for other in inner.strings(label))


def _texts(block: Block) -> Iterable[str]:
    yield block.title
    for label in block.columns + block.rows:
        yield from label.path


def _table(node: _Node, form_id: str, editions: Sequence[Edition]) -> TableProfile:
    node.only(_TABLE_KEYS, "a table")
    table_id = node.string("id")
    if not _FORM_ID.match(table_id):
        raise node.fail("'id' may hold small letters, digits and hyphens only.", "id")
    nodes = node.nodes("block")
    if nodes and any(key in node.data for key in ("column", "row", "rule")):
        raise node.fail("a table holds either blocks, or columns, rows and rules itself; not both.")
    for item in nodes:
        item.only(_BLOCK_KEYS, "a block")
    blocks = tuple(_block(item, item.string("title", ""), editions) for item in nodes or (node,) if item.data)
    return TableProfile(f"{form_id}/{table_id}", node.string("title"), blocks)


def _block(node: _Node, title: str, editions: Sequence[Edition]) -> Block:
    columns = tuple(_label(item, "a column", True) for item in node.nodes("column"))
    rows = tuple(_label(item, "a row", False) for item in node.nodes("row"))
    if not columns:
        raise node.fail("'column' is missing: a table needs its columns.")
    for key in ("column", "row"):
        _refuse_doubles([(item, item.string("id")) for item in node.nodes(key)])
    known = [edition.id for edition in editions]
    for name in node.strings("editions"):
        if name not in known:
            raise node.fail(f"no edition has the id {name!r}.", "editions")
    rules = tuple(_rule(item, columns, rows) for item in node.nodes("rule"))
    return Block(title if "block" in node.place else "", columns, rows, rules, node.strings("editions"))


def _label(node: _Node, what: str, column: bool) -> Label:
    node.only(_LABEL_KEYS, what)
    name = node.string("id")
    if not _IDENTIFIER.match(name):
        raise node.fail(f"the id {name!r} must be letters, digits and underscores, a letter first.", "id")
    path = node.strings("label")
    if not path:
        raise node.fail(f"{what} needs its 'label'.")
    default = Holds.COUNT if column else Holds.ANY
    holds = node.string("holds", default.value)
    if holds not in {item.value for item in Holds}:
        raise node.fail(f"'holds' must be one of {', '.join(Holds)}, not {holds!r}.", "holds")
    unit = node.string("unit") if "unit" in node.data else None
    return Label(name, path, node.boolean("optional"), Holds(holds), unit)


def _rule(node: _Node, columns: Sequence[Label], rows: Sequence[Label]) -> Rule:
    node.only(_RULE_KEYS, "a rule")
    along = node.string("along")
    if along not in {item.value for item in Along}:
        raise node.fail("'along' must be 'row' (the rule names columns) or 'column' (it names rows).", "along")
    printed = node.string("formula")
    try:
        left, right = parse_formula(printed)
    except ValueError as error:
        raise node.fail(f"{error}.", "formula") from error
    rule = Rule(Along(along), printed, left, right, node.number("tolerance", 0.0))
    known = [label.id for label in (columns if rule.along is Along.ROW else rows)]
    for name in rule.names:
        if name not in known:
            close = difflib.get_close_matches(name, known, 1, 0.5)
            kind = "column" if rule.along is Along.ROW else "row"
            hint = f"; did you mean {close[0]!r}?" if close else "."
            raise node.fail(f"the rule names {name!r}, but no {kind} has that id{hint}", "formula")
    return rule


def _refuse_doubles(named: Sequence[tuple[_Node, str]]) -> None:
    seen: set[str] = set()
    for node, name in named:
        if name in seen:
            raise node.fail(f"the id {name!r} is used twice.", "id")
        seen.add(name)
