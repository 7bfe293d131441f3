"""The document as JSON by the published contract, and back.

The mapping follows the dataclasses of document.py field by field, so that a field added there is a field added here;
schema.json beside this file is the published description. Boxes and quads are rounded to a tenth of a pixel, every
other measured number to four places; `value` and the engine's settings stay as they are.
"""

from __future__ import annotations

import json
import math
import re
import types
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

from ocr_pipeline.document import SCHEMA, Document
from ocr_pipeline.errors import InputFileError
from ocr_pipeline.geometry import Box, Quad

PIXEL_PLACES = 1
SCORE_PLACES = 4
EXACT_FIELDS = frozenset({"value", "settings"})
TABLE_ID = re.compile(r"t[1-9][0-9]*")
"""Table ids become file names, so that nothing else is let in."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_REMEDY = "Give a document.json written by ocr-pipeline."


def document_to_dict(document: Document) -> dict[str, Any]:
    """The document as plain values (dict, list, str, int, float, bool, None) by the output contract."""
    body = _encode_dataclass(document)
    head = {"schema": body.pop("schema"), "status": document.status.value}
    return {**head, **body}


def document_json(document: Document) -> str:
    """The document as JSON text, keys in the contract's order, two blanks of indentation, a line feed at the end.

    Raises ValueError for a number that is not finite.
    """
    return json.dumps(document_to_dict(document), ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def document_from_dict(data: object) -> Document:
    """The document that document_to_dict described. Fields that are not known are passed over.

    Raises InputFileError when the data does not describe a document of this version.
    """
    try:
        return _decode_document(data)
    except _DamagedError as error:
        raise InputFileError(f"This is not a document of {SCHEMA}: {error}.", _REMEDY) from error


def load_document(path: str | Path) -> Document:
    """Read a document.json. Raises InputFileError naming the file when it cannot be read or is something else."""
    try:
        data = json.loads(Path(path).read_bytes().decode("utf-8-sig"))
        return _decode_document(data)
    except OSError as error:
        raise InputFileError(f"{path} cannot be read: {error.strerror or error}.", _REMEDY) from error
    except _DamagedError as error:
        raise InputFileError(f"{path} is not a document of {SCHEMA}: {error}.", _REMEDY) from error
    except (ValueError, RecursionError) as error:
        raise InputFileError(f"{path} is not JSON text: {error}.", _REMEDY) from error


def well_formed(text: str) -> str:
    """The text with halves of surrogate pairs (file names that are not UTF-8 hold them) replaced, fit for UTF-8."""
    return _SURROGATE.sub("\ufffd", text)


# --- writing -----------------------------------------------------------------------------------------------------


def _encode_dataclass(item: Any) -> dict[str, Any]:
    return {f.name: _encode(getattr(item, f.name), exact=f.name in EXACT_FIELDS) for f in fields(item)}


def _encode(value: Any, *, exact: bool) -> Any:
    if isinstance(value, Box):
        return [_rounded(v, PIXEL_PLACES) for v in (value.x0, value.y0, value.x1, value.y1)]
    if isinstance(value, Quad):
        return [[_rounded(x, PIXEL_PLACES), _rounded(y, PIXEL_PLACES)] for x, y in value.points]
    if is_dataclass(value):
        return _encode_dataclass(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return well_formed(value)
    if isinstance(value, float) and not exact:
        return _rounded(value, SCORE_PLACES)
    if isinstance(value, tuple | list):
        return [_encode(item, exact=exact) for item in value]
    if isinstance(value, dict):
        return {well_formed(str(key)): _encode(item, exact=exact) for key, item in value.items()}
    return value


def _rounded(value: float, places: int) -> float:
    return round(float(value), places) + 0.0  # adding zero turns -0.0 into 0.0


# --- reading -----------------------------------------------------------------------------------------------------


class _DamagedError(Exception):
    """What is wrong, and where."""

    def __init__(self, where: str, what: str) -> None:
        super().__init__(f"{where or 'the whole'} {what}")


def _decode_document(data: object) -> Document:
    if not isinstance(data, dict):
        raise _DamagedError("", "is not an object")
    if data.get("schema") != SCHEMA:
        raise _DamagedError("schema", f"is {data.get('schema')!r}")
    document: Document = _decode_dataclass(Document, data, "")
    ids = [table.id for table in document.tables]
    for number, name in enumerate(ids):
        if not TABLE_ID.fullmatch(name) or name in ids[:number]:
            raise _DamagedError(f"tables[{number}].id", "is not a table number of its own (t1, t2, ...)")
    return document


def _decode_dataclass(kind: Any, value: object, where: str) -> Any:
    if not isinstance(value, dict):
        raise _DamagedError(where, "is not an object")
    hints = get_type_hints(kind)
    arguments: dict[str, Any] = {}
    for item in fields(kind):
        place = f"{where}.{item.name}".lstrip(".")
        if item.name in value:
            arguments[item.name] = _decode(hints[item.name], value[item.name], place)
        elif not _has_default(item):
            raise _DamagedError(place, "is missing")
    try:
        return kind(**arguments)
    except ValueError as error:
        raise _DamagedError(where, f"is impossible ({error})") from error


def _has_default(item: Field[Any]) -> bool:
    return item.default is not MISSING or item.default_factory is not MISSING


def _decode(kind: Any, value: Any, where: str) -> Any:
    origin = get_origin(kind)
    if origin in (types.UnionType, Union):
        return _decode_union(get_args(kind), value, where)
    if origin is tuple:
        return _decode_tuple(get_args(kind), value, where)
    if origin is dict:
        return _decode_mapping(get_args(kind)[1], value, where)
    if kind is Box:
        return _decode_box(value, where)
    if kind is Quad:
        corners = [_decode_numbers(corner, 2, where) for corner in _decode_list(value, 4, where)]
        return Quad.of_array(corners)
    if is_dataclass(kind):
        return _decode_dataclass(kind, value, where)
    return _decode_scalar(kind, value, where)


def _decode_union(kinds: tuple[Any, ...], value: Any, where: str) -> Any:
    if value is None and type(None) in kinds:
        return None
    if isinstance(value, int) and not isinstance(value, bool) and int in kinds:
        return value
    first = next(kind for kind in kinds if kind is not type(None))
    return _decode(first, value, where)


def _decode_tuple(kinds: tuple[Any, ...], value: Any, where: str) -> tuple[Any, ...]:
    open_ended = len(kinds) == 2 and kinds[1] is Ellipsis
    items = _decode_list(value, None if open_ended else len(kinds), where)
    each = [kinds[0]] * len(items) if open_ended else list(kinds)
    return tuple(_decode(kind, item, f"{where}[{n}]") for n, (kind, item) in enumerate(zip(each, items, strict=True)))


def _decode_list(value: Any, length: int | None, where: str) -> list[Any]:
    if not isinstance(value, list) or (length is not None and len(value) != length):
        raise _DamagedError(where, "is not a list" + (f" of {length}" if length is not None else ""))
    return value


def _decode_mapping(kind: Any, value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise _DamagedError(where, "is not an object")
    return {key: item if kind is object else _decode(kind, item, f"{where}.{key}") for key, item in value.items()}


def _decode_numbers(value: Any, length: int, where: str) -> list[float]:
    return [_decode_scalar(float, item, where) for item in _decode_list(value, length, where)]


def _decode_box(value: Any, where: str) -> Box:
    try:
        return Box(*_decode_numbers(value, 4, where))
    except ValueError as error:
        raise _DamagedError(where, f"is impossible ({error})") from error


def _decode_scalar(kind: Any, value: Any, where: str) -> Any:
    if kind is float and isinstance(value, int | float) and not isinstance(value, bool):
        if not -1e300 < value < 1e300 or not math.isfinite(value):
            raise _DamagedError(where, "is not a finite number")
        return float(value)
    if issubclass(kind, Enum):
        try:
            return kind(value)
        except ValueError:
            raise _DamagedError(where, f"is {value!r}, which is none of its words") from None
    if type(value) is not kind:
        raise _DamagedError(where, f"is not of the type {kind.__name__}")
    return value
