import copy
import json

import pytest
from export_samples import full_document
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from ocr_pipeline.document import (
    Alternative,
    Block,
    Cell,
    CellPart,
    CellRole,
    Check,
    Document,
    EngineInfo,
    Filing,
    Flag,
    Line,
    Page,
    PageStatus,
    ReviewItem,
    Role,
    Seal,
    SourceInfo,
    Table,
    TablePart,
)
from ocr_pipeline.errors import InputFileError
from ocr_pipeline.export import document_from_dict, document_json, document_to_dict, load_document, schema
from ocr_pipeline.geometry import Box, Quad

VALIDATOR = Draft202012Validator(schema())

coordinates = st.floats(-50, 5000, allow_nan=False)
boxes = st.tuples(coordinates, coordinates, coordinates, coordinates).map(
    lambda v: Box(min(v[0], v[2]), min(v[1], v[3]), max(v[0], v[2]), max(v[1], v[3]))
)
quads = st.tuples(*[st.tuples(coordinates, coordinates)] * 4).map(Quad)
scores = st.floats(0, 1)
texts = st.text(max_size=8)
small = st.integers(0, 9)
spans = st.integers(1, 5)


flags = st.lists(st.sampled_from(Flag), max_size=2, unique=True).map(tuple)
place = {"box": boxes, "quad": quads}
reading = {"text": texts, "raw": texts, "score": scores}


def some(strategy):
    return st.lists(strategy, max_size=2).map(tuple)


cells = st.builds(
    Cell,
    row=small,
    col=small,
    row_span=spans,
    col_span=spans,
    page=small,
    role=st.sampled_from(CellRole),
    flags=flags,
    alternatives=some(st.builds(Alternative, text=texts, score=scores)),
    continued=some(st.builds(CellPart, page=small, **place)),
    value=st.none() | st.integers() | st.floats(-1e12, 1e12),
    unit=st.none() | texts,
    note=st.none() | texts,
    **reading,
    **place,
)
pairs = st.tuples(small, small)
checks = st.builds(Check, rule=texts, ok=st.booleans(), cells=some(pairs), expected=texts, found=texts)
tables = st.builds(
    Table,
    id=st.just("t1"),
    title=texts,
    profile=st.none() | texts,
    rows=small,
    cols=small,
    parts=some(st.builds(TablePart, page=small, box=boxes, rows=pairs)),
    cells=some(cells),
    checks=some(checks),
)
lines = st.builds(Line, flags=flags, **reading, **place)
blocks = st.builds(Block, role=st.sampled_from(Role), flags=flags, lines=some(lines), **reading, **place)
seals = st.builds(Seal, shape=texts, colour=texts, text=texts, score=scores, **place)
sizes = st.integers(0, 9000)
pages = st.builds(
    Page,
    index=small,
    width=sizes,
    height=sizes,
    dpi=st.floats(50, 600),
    orientation=st.sampled_from([0, 90, 180, 270]),
    skew=st.floats(-45, 45),
    status=st.sampled_from(PageStatus),
    blocks=some(blocks),
    seals=some(seals),
    dpi_estimated=st.booleans(),
    skew_confidence=scores,
    message=texts,
)
names = st.dictionaries(texts, texts, max_size=2)
items = st.builds(
    ReviewItem,
    kind=texts,
    severity=scores,
    reason=texts,
    page=small,
    box=st.none() | boxes,
    table=st.none() | texts,
    row=st.none() | small,
    col=st.none() | small,
    text=texts,
    flags=flags,
)
documents = st.builds(
    Document,
    source=st.builds(SourceInfo, path=texts, sha256=texts, pages=small),
    engine=st.builds(
        EngineInfo,
        models=names,
        versions=names,
        settings=st.dictionaries(texts, st.floats(-1, 1) | st.booleans() | texts, max_size=2),
    ),
    filing=st.builds(Filing, number=st.none() | texts, date=st.none() | texts, agrees=st.none() | st.booleans()),
    pages=some(pages),
    tables=st.lists(tables, max_size=1).map(tuple),
    review=some(items),
)


@given(documents)
@settings(max_examples=60, deadline=None)
def test_round_trip_is_exact_up_to_the_rounding(document):
    written = json.loads(document_json(document))
    read = document_from_dict(written)
    assert document_to_dict(read) == written
    assert document_from_dict(document_to_dict(read)) == read  # once rounded, nothing changes any more
    for ours, theirs in zip(document.pages, read.pages, strict=True):
        assert abs(ours.skew - theirs.skew) <= 0.00005 + 1e-9
    for ours, theirs in zip(document.tables, read.tables, strict=True):
        for one, other in zip(ours.cells, theirs.cells, strict=True):
            assert (one.text, one.value, one.flags) == (other.text, other.value, other.flags)
            assert abs(one.box.x0 - other.box.x0) <= 0.05 + 1e-9
            assert abs(one.score - other.score) <= 0.00005 + 1e-9


@given(documents)
@settings(max_examples=30, deadline=None)
def test_every_document_obeys_the_published_schema(document):
    VALIDATOR.validate(json.loads(document_json(document)))


def test_hand_made_document_round_trips_and_obeys():
    document = full_document()
    assert document_from_dict(document_to_dict(document)) == document
    VALIDATOR.validate(document_to_dict(document))


def test_schema_itself_is_valid_and_names_every_field_written():
    Draft202012Validator.check_schema(schema())
    assert undescribed(document_to_dict(full_document()), schema(), schema()["$defs"]) == []


def undescribed(value, rule, defs, path=""):
    if "$ref" in rule:
        rule = defs[rule["$ref"].rsplit("/", 1)[1]]
    if isinstance(value, list) and "items" in rule and rule["items"]:
        return [name for n, item in enumerate(value) for name in undescribed(item, rule["items"], defs, f"{path}[{n}]")]
    if not isinstance(value, dict) or "properties" not in rule:
        return []
    missing = [f"{path}.{key}" for key in value if key not in rule["properties"]]
    known = [key for key in value if key in rule["properties"]]
    return missing + [
        name for key in known for name in undescribed(value[key], rule["properties"][key], defs, f"{path}.{key}")
    ]


def test_contract_names_and_shapes():
    data = document_to_dict(full_document())
    assert list(data) == ["schema", "status", "source", "engine", "filing", "pages", "tables", "review"]
    first = data["tables"][0]["cells"][1]
    assert first["box"] == [220.0, 200.0, 460.0, 250.0]
    assert first["quad"] == [[220.0, 200.0], [460.0, 200.0], [460.0, 250.0], [220.0, 250.0]]
    assert data["tables"][0]["checks"][0]["cells"] == [[2, 1], [3, 2]]
    assert data["tables"][4]["parts"][0]["rows"] == [0, 1]
    assert data["status"] == "partial"
    assert data["engine"]["settings"] == {"engine": {"threshold": 0.00001234}}
    assert data["filing"]["recipient"] is None


def test_text_is_utf8_not_escapes():
    assert "某县年度报告" in document_json(full_document())


def test_a_number_that_is_not_finite_is_refused():
    document = full_document()
    object.__setattr__(document.tables[0].cells[0], "score", float("nan"))
    with pytest.raises(ValueError):
        document_json(document)


def test_half_a_surrogate_pair_in_a_file_name_does_not_stop_the_writing():
    document = full_document()
    object.__setattr__(document.source, "path", "scan\udcff.pdf")
    assert "scan\ufffd.pdf" in document_json(document).encode("utf-8").decode("utf-8")


DAMAGES = [
    ("schema", "ocr-pipeline/2"),
    ("source", None),
    ("source.pages", "3"),
    ("source.pages", True),
    ("pages", {}),
    ("pages.0.status", "fine"),
    ("pages.0.width", 10.5),
    ("tables.0.id", "../../etc/passwd"),
    ("tables.0.id", "t01"),
    ("tables.0.cells.0.box", [1, 2, 3]),
    ("tables.0.cells.0.box", [1, 2, 3, "4"]),
    ("tables.0.cells.0.quad", [[0, 0]] * 3),
    ("tables.0.cells.0.row", -1),
    ("tables.0.cells.0.row_span", 0),
    ("tables.0.cells.0.flags", ["odd"]),
    ("tables.0.cells.0.text", None),
    ("tables.0.cells.0.value", "5"),
    ("tables.0.checks.0.cells", [[1]]),
    ("tables.0.parts.0.rows", [0]),
    ("filing.number", 5),
]


@pytest.mark.parametrize(("path", "value"), DAMAGES)
def test_damage_is_refused_by_reader_and_schema(path, value):
    data = document_to_dict(full_document())
    *way, last = path.split(".")
    target = data
    for step in way:
        target = target[int(step) if isinstance(target, list) else step]
    target[last] = value
    with pytest.raises(InputFileError):
        document_from_dict(data)
    assert not VALIDATOR.is_valid(data)


@pytest.mark.parametrize("name", ["schema", "source", "pages", "tables", "filing"])
def test_a_missing_part_is_refused(name):
    data = document_to_dict(full_document())
    del data[name]
    with pytest.raises(InputFileError):
        document_from_dict(data)
    assert not VALIDATOR.is_valid(data)


def test_boxes_turned_inside_out_and_numbers_without_end_are_refused():
    for bad in ([3, 0, 1, 1], [0, 0, float("inf"), 1], [0, 0, 10**400, 1]):
        data = document_to_dict(full_document())
        data["tables"][0]["cells"][0]["box"] = bad
        with pytest.raises(InputFileError):
            document_from_dict(data)


def test_two_tables_of_one_id_are_refused():
    data = document_to_dict(full_document())
    data["tables"][1]["id"] = "t1"
    with pytest.raises(InputFileError, match=r"tables\[1\]\.id"):
        document_from_dict(data)


def test_unknown_fields_are_passed_over_and_later_fields_may_lack():
    data = document_to_dict(full_document())
    expected = document_from_dict(copy.deepcopy(data))
    data["novelty"] = data["pages"][0]["novelty"] = 1
    del data["tables"][0]["cells"][0]["continued"]
    assert document_from_dict(data) == expected


@pytest.mark.parametrize("content", [b"", b"not json", b"[]", b"{}", b"\xff\xfe", b"[" * 100_000, b"PK\x03\x04"])
def test_a_file_that_is_no_document_is_named(tmp_path, content):
    path = tmp_path / "document.json"
    path.write_bytes(content)
    with pytest.raises(InputFileError, match=r"document\.json"):
        load_document(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputFileError, match="nothing"):
        load_document(tmp_path / "nothing.json")


def test_load_reads_what_was_written(tmp_path):
    path = tmp_path / "d.json"
    path.write_text(document_json(full_document()), encoding="utf-8")
    assert load_document(path) == full_document()
    assert load_document(path).pages[2].status is PageStatus.FAILED
